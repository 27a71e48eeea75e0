//! Text cut into words by UAX #29, without addresses, tags and other marks that are not language.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// A word, or what stands between two words where it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Bytes of a word.
    Word(Range<usize>),
    /// A hyphen right between two words.
    Hyphen,
    /// Punctuation other than a hyphen, emphasis or an apostrophe.
    Break,
}

/// The words of a text with their bytes, in order: words of UAX #29 as
/// [`unicode_words`](UnicodeSegmentation::unicode_words) finds them, but not those within web and
/// mail addresses, HTML tags and character references, and targets of Markdown links.
///
/// ```
/// let text = "See [the *bus* plan](https://example.org/plan?id=7) &amp; write to me@example.org";
/// let found: Vec<&str> = themeweave::words(text).map(|span| &text[span]).collect();
/// assert_eq!(found, ["See", "the", "bus", "plan", "write", "to"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    pieces(text).filter_map(|piece| match piece {
        Piece::Word(range) => Some(range),
        Piece::Hyphen | Piece::Break => None,
    })
}

/// The words of a text and the marks between them.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece> + '_ {
    let mut pieces = Pieces { text, at: 0, found: Vec::new(), given: 0 };
    std::iter::from_fn(move || pieces.next())
}

struct Pieces<'t> {
    text: &'t str,
    at: usize,
    /// Pieces of the present chunk.
    found: Vec<Piece>,
    given: usize,
}

/// What a byte says about the stretch that it stands in.
const SPACE: u8 = 1;
const HIGH: u8 = 1 << 1;
/// The letter that web addresses without a scheme begin with.
const W: u8 = 1 << 2;
const DOT: u8 = 1 << 3;
/// A mark that addresses, tags, references or targets of links have.
const NOISE: u8 = 1 << 4;
/// Any other mark.
const MARK: u8 = 1 << 5;

/// The class of each byte; 0 for letters and digits.
const CLASSES: [u8; 256] = {
    let mut classes = [HIGH; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'w' | b'W' => W,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => 0,
            b'\t'..=b'\r' | b' ' => SPACE,
            b'.' => DOT,
            b'/' | b'@' | b'&' | b'<' | b']' => NOISE,
            _ => MARK,
        };
        byte += 1;
    }
    classes
};

/// A stretch without white space.
enum Chunk {
    /// ASCII letters and digits only.
    Word(Range<usize>),
    /// ASCII, and nothing in it that an address, a tag or a reference has.
    Ascii(Range<usize>),
    Other(Range<usize>),
}

impl Pieces<'_> {
    fn next(&mut self) -> Option<Piece> {
        while self.given == self.found.len() {
            self.found.clear();
            self.given = 0;
            match self.chunk()? {
                Chunk::Word(word) => return Some(Piece::Word(word)),
                Chunk::Ascii(chunk) => self.plain(chunk),
                Chunk::Other(chunk) => self.read(chunk),
            }
        }
        self.given += 1;
        Some(self.found[self.given - 1].clone())
    }

    /// The next stretch without white space, at which words end. (UAX #29 would let a word reach across
    /// U+202F, the narrow no-break space.)
    fn chunk(&mut self) -> Option<Chunk> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        while CLASSES[usize::from(*bytes.get(start)?)] == SPACE {
            start += 1;
        }
        let mut end = start;
        let mut seen = 0;
        while let Some(&byte) = bytes.get(end) {
            let class = CLASSES[usize::from(byte)];
            seen |= class;
            if class & (SPACE | HIGH) != 0 {
                break;
            }
            end += 1;
        }
        if seen & HIGH != 0 {
            let rest = &self.text[start..];
            start += rest.find(|c: char| !c.is_whitespace())?;
            let rest = &self.text[start..];
            end = rest.find(char::is_whitespace).map_or(self.text.len(), |length| start + length);
            self.at = end;
            return Some(Chunk::Other(start..end));
        }
        self.at = end;
        Some(if seen & (MARK | DOT | NOISE) == 0 {
            Chunk::Word(start..end)
        } else if seen & NOISE == 0 && seen & (W | DOT) != W | DOT {
            Chunk::Ascii(start..end)
        } else {
            Chunk::Other(start..end)
        })
    }

    fn read(&mut self, chunk: Range<usize>) {
        let mut at = chunk.start;
        while at < chunk.end {
            let Some(noise) = noise(&self.text[at..], chunk.end - at) else { break };
            self.plain(at..at + noise.start);
            self.found.push(Piece::Break);
            at += noise.end;
        }
        if at < chunk.end {
            self.plain(at..chunk.end);
        }
        // A tag may end beyond the chunk.
        self.at = at.max(chunk.end);
    }

    /// Reads a chunk that is language through and through.
    fn plain(&mut self, chunk: Range<usize>) {
        let text = &self.text[chunk.clone()];
        if text.is_ascii() {
            let mut at = 0;
            while at < text.len() {
                let start = chunk.start + at;
                let length = ascii_word(&text.as_bytes()[at..]);
                if length > 0 && text.as_bytes()[at] != b'_' {
                    self.found.push(Piece::Word(start..start + length));
                } else {
                    self.piece(start, &text[at..at + length.max(1)]);
                }
                at += length.max(1);
            }
        } else {
            for (at, piece) in text.split_word_bound_indices() {
                self.piece(chunk.start + at, piece);
            }
        }
        // A hyphen joins only when a word follows at once.
        if self.found.last() == Some(&Piece::Hyphen) {
            self.found.pop();
            self.found.push(Piece::Break);
        }
    }

    fn piece(&mut self, at: usize, piece: &str) {
        if piece.chars().any(char::is_alphanumeric) {
            self.found.push(Piece::Word(at..at + piece.len()));
            return;
        }
        let mark = match piece {
            "-" | "\u{2010}" | "\u{2011}" if matches!(self.found.last(), Some(Piece::Word(_))) => {
                Piece::Hyphen
            }
            "*" | "**" | "_" | "`" | "#" | "'" | "’" => return,
            _ => Piece::Break,
        };
        if self.found.last() == Some(&Piece::Hyphen) {
            self.found.pop();
            self.found.push(Piece::Break);
        } else {
            self.found.push(mark);
        }
    }
}

/// Length of the word of UAX #29 at the beginning of ASCII text; 0 where none begins. Rules WB5 to
/// WB13b come down to: letters, digits and `_` hold together; `.` and `'` between two letters or two
/// digits, `:` between two letters, `,` and `;` between two digits do as well.
fn ascii_word(text: &[u8]) -> usize {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut end = 0;
    while let Some(&byte) = text.get(end) {
        if is_word(byte) {
            end += 1;
            continue;
        }
        let (Some(&before), Some(&after)) = (end.checked_sub(1).and_then(|i| text.get(i)), text.get(end + 1))
        else {
            break;
        };
        let letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        let digits = before.is_ascii_digit() && after.is_ascii_digit();
        let joins = match byte {
            b'.' | b'\'' => letters || digits,
            b':' => letters,
            b',' | b';' => digits,
            _ => false,
        };
        if !joins {
            break;
        }
        end += 1;
    }
    end
}

/// The first stretch that is not language, for a text whose first `chunk` bytes have no white space:
/// a web or mail address, a tag, a character reference, the target of a link.
fn noise(text: &str, chunk: usize) -> Option<Range<usize>> {
    let head = &text[..chunk];
    for (at, byte) in head.bytes().enumerate() {
        if !matches!(byte, b'h' | b'H' | b'f' | b'F' | b'w' | b'W' | b']' | b'&' | b'<' | b'@') {
            continue;
        }
        let rest = &head[at..];
        let length = match byte {
            b'h' | b'H' | b'f' | b'F' if is_start(head, at) => {
                address(rest, &["http://", "https://", "ftp://"])
            }
            b'w' | b'W' if is_start(head, at) => address(rest, &["www."]),
            b']' if rest.starts_with("](") => rest.find(')').map(|close| close + 1).or(Some(rest.len())),
            b'&' => reference(rest),
            b'<' => tag(&text[at..]),
            b'@' => {
                let start = head[..at].rfind(|c: char| !is_mail(c)).map_or(0, |i| i + 1);
                let host = rest[1..].find(|c: char| !is_mail(c)).unwrap_or(rest.len() - 1);
                let is_address =
                    start < at && rest[1..1 + host].contains('.') && head.is_char_boundary(start);
                if is_address {
                    return Some(start..at + 1 + host);
                }
                None
            }
            _ => None,
        };
        if let Some(length) = length {
            return Some(at..at + length);
        }
    }
    None
}

/// Whether a word may begin at `at`.
fn is_start(text: &str, at: usize) -> bool {
    !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
}

/// Length of the web address at the beginning of a text without white space.
fn address(text: &str, schemes: &[&str]) -> Option<usize> {
    let has = |scheme: &&str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    schemes.iter().find(|scheme| has(scheme))?;
    Some(text.find(['<', '>', '"', '”', '“', ')', ']']).unwrap_or(text.len()))
}

/// Length of the character reference (`&amp;`, `&#8211;`) at the beginning of a text.
fn reference(text: &str) -> Option<usize> {
    const LONGEST: usize = 10;
    let name = text[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#')?;
    (name > 1 && name <= LONGEST && text[1 + name..].starts_with(';')).then_some(name + 2)
}

/// Length of the HTML tag or comment at the beginning of a text.
fn tag(text: &str) -> Option<usize> {
    const LONGEST: usize = 400;
    if text.starts_with("<!--") {
        return text.as_bytes().windows(3).take(LONGEST).position(|end| end == b"-->").map(|at| at + 3);
    }
    let name = text[1..].trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    text.bytes().take(LONGEST).position(|b| b == b'>').map(|end| end + 1)
}

fn is_mail(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        words(text).map(|span| &text[span]).collect()
    }

    #[test]
    fn ascii_words_are_the_words_of_unicode_segmentation() {
        let alphabet = ["a", "Zb", "7", "42", "_", "'", ".", ":", ",", ";", "-", "!", " ", "\n", "é", "’"];
        let mut rng = crate::rng::Rng::new(1);
        for _ in 0..20_000 {
            let length = rng.below(12);
            let text: String = (0..length).map(|_| alphabet[rng.below(alphabet.len())]).collect();
            assert_eq!(found(&text), text.unicode_words().collect::<Vec<_>>(), "{text:?}");
        }
    }

    /// The same rules without a fast path.
    fn slowly(text: &str) -> Vec<Piece> {
        let mut all = Vec::new();
        let mut pieces = Pieces { text, at: 0, found: Vec::new(), given: 0 };
        while let Some(start) = text[pieces.at..].find(|c: char| !c.is_whitespace()) {
            let start = pieces.at + start;
            let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
            pieces.read(start..end);
            all.append(&mut pieces.found);
        }
        all
    }

    #[test]
    fn the_fast_path_finds_the_same() {
        let alphabet = [
            "a", "w", "www.", "http://", "7", "_", "'", ".", ":", ",", "-", "--", "*", "!", "/", "@", "<b>",
            "&amp;", "](x)", " ", " ", "\n", "\u{b}", "\u{1f}", "\u{85}", "\u{a0}", "\u{202f}", "é", "’",
            "\u{2010}", "Ab",
        ];
        let mut rng = crate::rng::Rng::new(3);
        for _ in 0..100_000 {
            let text: String = (0..rng.below(12)).map(|_| alphabet[rng.below(alphabet.len())]).collect();
            assert_eq!(pieces(&text).collect::<Vec<_>>(), slowly(&text), "{text:?}");
        }
    }

    #[test]
    fn addresses_tags_and_references_are_no_words() {
        assert_eq!(found("(https://a.example/x_y?z) then www.b.example/q,"), ["then"]);
        assert_eq!(found("mail jo.smith@b.example now"), ["mail", "now"]);
        assert_eq!(found("<a href=\"x y\">link</a> A&amp;B &#x2013; 1 < 2"), ["link", "A", "B", "1", "2"]);
        assert_eq!(found("[title](#anchor-name) and [x](y.md)."), ["title", "and", "x"]);
        assert_eq!(found("AT&T; @home https at"), ["AT", "T", "home", "https", "at"]);
    }

    #[test]
    fn marks_between_words_are_kept() {
        let text = "long-term care, really - no";
        let shape: Vec<char> = pieces(text)
            .map(|piece| match piece {
                Piece::Word(_) => 'w',
                Piece::Hyphen => '-',
                Piece::Break => '|',
            })
            .collect();
        assert_eq!(shape.iter().collect::<String>(), "w-ww|w|w");
    }

    #[test]
    fn nothing_panics_or_loses_its_place_on_odd_text() {
        let alphabet = [
            "<",
            ">",
            "&",
            ";",
            "#",
            "@",
            "[",
            "](",
            ")",
            "http://",
            "www.",
            "a",
            "é",
            "\u{301}",
            "👩‍👧",
            " ",
            ".",
        ];
        let mut rng = crate::rng::Rng::new(2);
        for _ in 0..20_000 {
            let text: String = (0..rng.below(14)).map(|_| alphabet[rng.below(alphabet.len())]).collect();
            let mut end = 0;
            for span in words(&text) {
                assert!(span.start >= end && !text[span.clone()].is_empty());
                end = span.end;
            }
        }
    }
}
