//! Names and other short texts of many documents, in one place.

use crate::varint;

/// Lists of short texts, each list found by its place. A text costs its bytes and one or a few more.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    /// Texts one after the other, each after its length.
    bytes: Vec<u8>,
}

impl Labels {
    /// Adds a list and gives its place.
    pub(super) fn add<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> u64 {
        let place = self.bytes.len() as u64;
        for text in texts {
            varint::write(text.len() as u64, &mut self.bytes);
            self.bytes.extend_from_slice(text.as_bytes());
        }
        place
    }

    /// The texts from a place on: those of its list, and of the lists after it.
    pub(super) fn at(&self, place: u64) -> impl Iterator<Item = &str> {
        let mut rest = self.bytes.get(place as usize..).unwrap_or_default();
        std::iter::from_fn(move || {
            let length = varint::read(&mut rest)?;
            let (text, others) = rest.split_at_checked(length as usize)?;
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
