//! Names and other short texts of many documents, in one place.

/// Lists of short texts, each list found by its place. A text costs its bytes and one or a few more.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    /// Texts one after the other, each after its length: seven bits a byte, the lowest first, with the
    /// highest bit set in all bytes of a length but the last (LEB128).
    bytes: Vec<u8>,
}

impl Labels {
    /// Adds a list and gives its place.
    pub(super) fn add<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> u64 {
        let place = self.bytes.len() as u64;
        for text in texts {
            let mut length = text.len();
            while length >= 1 << 7 {
                self.bytes.push(length as u8 | 1 << 7);
                length >>= 7;
            }
            self.bytes.push(length as u8);
            self.bytes.extend_from_slice(text.as_bytes());
        }
        place
    }

    /// The texts from a place on: those of its list, and of the lists after it.
    pub(super) fn at(&self, place: u64) -> impl Iterator<Item = &str> {
        let mut rest = self.bytes.get(place as usize..).unwrap_or_default();
        std::iter::from_fn(move || {
            let mut length = 0;
            for shift in (0..usize::BITS).step_by(7) {
                let (&byte, others) = rest.split_first()?;
                rest = others;
                length |= usize::from(byte & 0x7F) << shift;
                if byte < 1 << 7 {
                    break;
                }
            }
            let (text, others) = rest.split_at_checked(length)?;
            rest = others;
            std::str::from_utf8(text).ok()
        })
    }

    /// Takes out all lists from a place on.
    pub(super) fn truncate(&mut self, place: u64) {
        self.bytes.truncate(place as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_from_their_places() {
        let long = "é".repeat(10_000);
        let mut labels = Labels::default();
        let first = labels.add(["", "a", &long]);
        let second = labels.add(["b"]);
        assert_eq!(labels.at(first).take(3).collect::<Vec<_>>(), ["", "a", &long]);
        assert_eq!(labels.at(second).next(), Some("b"));
        labels.truncate(second);
        assert_eq!(labels.at(second).next(), None);
    }
}
