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
    Pieces { text, at: 0, found: Vec::new(), given: 0 }
}

struct Pieces<'t> {
    text: &'t str,
    at: usize,
    /// Pieces of the last stretch that was read by all rules.
    found: Vec<Piece>,
    given: usize,
}

/// What a character is where no address, no tag and no reference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Space,
    /// A mark that is a piece by itself whatever stands beside it.
    Break,
    /// Ends a sentence or a part of one, unless it stands within a number or an abbreviation.
    Stop,
    Hyphen,
    Apostrophe,
    /// A mark around words that parts none.
    Emphasis,
    /// All that needs a closer look.
    Other,
}

/// The classes of ASCII; any other byte needs a closer look.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            _ if is_space(byte) => Class::Space,
            b'(' | b')' | b'[' | b'{' | b'}' | b'"' | b'!' | b'?' | b'=' | b'|' | b'$' | b'>' => Class::Break,
            b'.' | b',' | b';' | b':' => Class::Stop,
            b'-' => Class::Hyphen,
            b'\'' => Class::Apostrophe,
            b'*' | b'`' | b'#' => Class::Emphasis,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Whether a byte is white space of ASCII, in the sense of Unicode.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

impl Class {
    fn is_alphanumeric(self) -> bool {
        matches!(self, Class::Letter | Class::Digit)
    }

    /// Whether words end here and nothing of what is before matters any more.
    fn is_border(self) -> bool {
        matches!(self, Class::Space | Class::Break)
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    /// Most words stand between white space and simple marks, where the rules come down to the characters beside
    /// them. In any other place the rest of the stretch up to white space is read by all rules.
    #[inline(always)]
    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.found.get(self.given) {
                self.given += 1;
                return Some(piece.clone());
            }
            while is_space(*self.text.as_bytes().get(self.at)?) {
                self.at += 1;
            }
            let start = self.at;
            match self.ascii_class(start) {
                Class::Letter | Class::Digit => {
                    let end = ascii_alphanumeric_end(self.text.as_bytes(), start);
                    if self.is_plain_end(end) {
                        self.at = end;
                        return Some(Piece::Word(start..end));
                    }
                }
                Class::Break | Class::Stop if self.ascii_class(start + 1) == Class::Space => {
                    self.at += 1;
                    return Some(Piece::Break);
                }
                Class::Apostrophe | Class::Emphasis if self.parts_nothing(start + 1) => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if let Some(piece) = self.simple_piece() {
                return Some(piece);
            }
            self.read_stretch()?;
        }
    }
}

impl Pieces<'_> {
    /// The class of an ASCII character; the end of the text is like white space.
    #[inline]
    fn ascii_class(&self, at: usize) -> Class {
        self.text.as_bytes().get(at).map_or(Class::Space, |&byte| CLASSES[usize::from(byte)])
    }

    /// Whether ASCII letters and digits that end here are a word, in the places where most words stand.
    #[inline]
    fn is_plain_end(&self, end: usize) -> bool {
        match self.ascii_class(end) {
            Class::Space | Class::Break => true,
            // An address may begin with "www.".
            Class::Stop => {
                self.ascii_class(end + 1) == Class::Space
                    && !self.text.as_bytes()[end - 1].eq_ignore_ascii_case(&b'w')
            }
            _ => false,
        }
    }

    /// The piece that begins here, if the characters beside it tell what it is.
    #[inline(never)]
    fn simple_piece(&mut self) -> Option<Piece> {
        let start = self.at;
        let (class, length) = self.class(start);
        let (end, piece) = match class {
            Class::Letter | Class::Digit => {
                let end = self.simple_word(start)?;
                (end, Piece::Word(start..end))
            }
            // Right behind a word, which was simple together with the one that follows.
            Class::Hyphen if !is_start(self.text, start) => (start + length, Piece::Hyphen),
            // What stands behind may belong to the mark, like an accent.
            Class::Break if self.class(start + length).0 != Class::Other => (start + length, Piece::Break),
            Class::Stop if self.after_stops(start).is_border() => (start + length, Piece::Break),
            Class::Hyphen if self.class(start + length).0 == Class::Space => (start + length, Piece::Break),
            _ => return None,
        };
        self.at = end;
        Some(piece)
    }

    /// The class of the character at a place, and its bytes.
    #[inline]
    fn class(&self, at: usize) -> (Class, usize) {
        match self.ascii_class(at) {
            Class::Other => self.class_beyond_ascii(at),
            class => (class, 1),
        }
    }

    fn class_beyond_ascii(&self, at: usize) -> (Class, usize) {
        let rest = &self.text.as_bytes()[at..];
        let length = letter_beyond_ascii(rest);
        match rest {
            _ if length > 0 => (Class::Letter, length),
            // The right single quotation mark.
            [0xe2, 0x80, 0x99, ..] => (Class::Apostrophe, 3),
            // Dashes, double quotation marks and the ellipsis.
            [0xe2, 0x80, 0x93 | 0x94 | 0x9c..=0x9e | 0xa6, ..] => (Class::Break, 3),
            _ => (Class::Other, 1),
        }
    }

    /// Whether an apostrophe or emphasis that ends here leaves no trace.
    fn parts_nothing(&self, end: usize) -> bool {
        let (after, _) = self.class(end);
        after.is_border() || after.is_alphanumeric()
    }

    /// What comes after a few stops, the first of which is here.
    #[inline]
    fn after_stops(&self, at: usize) -> Class {
        const MOST: usize = 3;
        let mut after = (at + 1..=at + MOST).map(|at| self.class(at).0);
        after.find(|&class| class != Class::Stop).unwrap_or(Class::Stop)
    }

    /// Where the word ends that begins here, if it is part of nothing else; also with others behind hyphens.
    fn simple_word(&self, start: usize) -> Option<usize> {
        const HYPHENS: usize = 2;
        let end = self.word_end(start);
        let mut last = end;
        for _ in 0..HYPHENS {
            if self.class(last).0 == Class::Hyphen && self.class(last + 1).0.is_alphanumeric() {
                last = self.word_end(last + 1);
            }
        }
        let is_simple = match self.class(last) {
            (Class::Space | Class::Break, _) => true,
            (Class::Apostrophe | Class::Emphasis, length) => self.parts_nothing(last + length),
            (Class::Stop, _) => self.after_stops(last).is_border() && !self.is_www(last),
            _ => false,
        };
        is_simple.then_some(end)
    }

    /// Where letters and digits end that begin here, with the marks that rules WB6, WB7, WB11 and WB12 of UAX #29 have
    /// within words.
    #[inline]
    fn word_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = alphanumeric_end(bytes, start);
        loop {
            let (class, length) = self.class(end);
            if !matches!(class, Class::Apostrophe | Class::Stop) {
                return end;
            }
            let before = if bytes[end - 1].is_ascii_digit() { Class::Digit } else { Class::Letter };
            let is_within = self.class(end + length).0 == before
                && match bytes[end] {
                    b':' => before == Class::Letter,
                    b',' | b';' => before == Class::Digit,
                    b'.' => !self.is_www(end),
                    _ => true,
                };
            if !is_within {
                return end;
            }
            end = alphanumeric_end(bytes, end + length);
        }
    }

    /// Whether "www" ends here, after which a web address may come.
    fn is_www(&self, end: usize) -> bool {
        let last = self.text.as_bytes()[..end].last_chunk::<3>();
        last.is_some_and(|last| last.eq_ignore_ascii_case(b"www"))
    }

    /// Reads the rest of a stretch without white space by all rules. White space ends words. (UAX #29 would let a
    /// word reach across U+202F, the narrow no-break space.)
    #[cold]
    fn read_stretch(&mut self) -> Option<()> {
        self.found.clear();
        self.given = 0;
        let start = self.at + self.text[self.at..].find(|c: char| !c.is_whitespace())?;
        let bytes = &self.text.as_bytes()[start..];
        // Most stretches are ASCII.
        let end = bytes.iter().position(|&byte| is_space(byte) || !byte.is_ascii());
        let mut end = end.map_or(self.text.len(), |length| start + length);
        if self.class(end).0 != Class::Space {
            let rest = &self.text[end..];
            end = rest.find(char::is_whitespace).map_or(self.text.len(), |length| end + length);
        }
        self.read(start..end);
        Some(())
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

/// Where letters and digits end that begin at `start`, eight bytes at a time: those of ASCII, Latin-1 and Latin
/// Extended-A.
#[inline]
fn alphanumeric_end(bytes: &[u8], start: usize) -> usize {
    let mut end = ascii_alphanumeric_end(bytes, start);
    loop {
        let length = bytes.get(end..).map_or(0, letter_beyond_ascii);
        if length == 0 {
            return end;
        }
        end = ascii_alphanumeric_end(bytes, end + length);
    }
}

#[inline]
fn ascii_alphanumeric_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while let Some(eight) = bytes[end..].first_chunk() {
        let others = not_alphanumeric(u64::from_le_bytes(*eight));
        if others != 0 {
            return end + others.trailing_zeros() as usize / 8;
        }
        end += 8;
    }
    let is_other = |byte: &u8| !byte.is_ascii_alphanumeric();
    bytes[end..].iter().position(is_other).map_or(bytes.len(), |length| end + length)
}

/// Bytes of the letter of Latin-1 or Latin Extended-A at the beginning of a text; 0 where none begins.
fn letter_beyond_ascii(bytes: &[u8]) -> usize {
    match bytes {
        // The signs of multiplication and division.
        [0xc3, 0x97 | 0xb7, ..] => 0,
        [0xc3..=0xc5, ..] => 2,
        _ => 0,
    }
}

/// The highest bit of each of eight bytes that is no ASCII letter or digit.
#[inline]
fn not_alphanumeric(bytes: u64) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = EACH << 7;
    let ascii = bytes & !HIGHEST;
    // Bytes from `first` on get their highest bit, and none runs over into the next.
    let from = |bytes: u64, first: u8| bytes + EACH * u64::from(0x80 - first);
    let small = ascii | (EACH * 0x20);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(ascii, b'0') & !from(ascii, b'9' + 1);
    (bytes | !(letters | digits)) & HIGHEST
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
                let start = head[..at].trim_end_matches(is_mail).len();
                let host = rest[1..].find(|c: char| !is_mail(c)).unwrap_or(rest.len() - 1);
                if start < at && rest[1..1 + host].contains('.') {
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

    #[test]
    fn letters_and_digits_end_where_they_do_byte_by_byte() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                let mut bytes = *b"aZ09mQ5zAaZ09mQ5zAaZ0";
                bytes[place] = byte;
                let expected = if byte.is_ascii_alphanumeric() { bytes.len() } else { place };
                assert_eq!(ascii_alphanumeric_end(&bytes, 0), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn letters_beyond_ascii_are_letters() {
        for c in ('\u{80}'..'\u{250}').filter(|c| letter_beyond_ascii(c.to_string().as_bytes()) > 0) {
            let text = format!("a{c}7{c}");
            assert_eq!(text.unicode_words().collect::<Vec<_>>(), [&text]);
            assert!(c.is_alphabetic());
        }
        let letters = ('\u{80}'..'\u{250}').filter(|c| letter_beyond_ascii(c.to_string().as_bytes()) > 0);
        assert_eq!(letters.count(), 0x180 - 0xc0 - 2);
    }

    /// The same rules without a fast path.
    fn slowly(text: &str) -> Vec<Piece> {
        let mut all = Vec::new();
        let mut pieces = Pieces { text, at: 0, found: Vec::new(), given: 0 };
        while pieces.read_stretch().is_some() {
            all.append(&mut pieces.found);
        }
        all
    }

    #[test]
    fn the_fast_path_finds_the_same() {
        let alphabet = [
            "a", "w", "www.", "http://", "7", "_", "'", ".", ":", ",", "-", "--", "*", "!", "/", "@", "<b>",
            ">", "(", "\"", "#", "$", "]", "&", "&amp;", "abcdefgh", "1.2", "É", "ß", "÷", "\u{301}", "“",
            "”", "„", "–", "—", "…", "x@b.c", "](x)", " ", " ", "\n", "\u{b}", "\u{1f}", "\u{85}", "\u{a0}",
            "\u{202f}", "é", "’", "\u{2010}", "Ab",
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
        assert_eq!(found("write (“jo@b.example”) or „me@b.example“"), ["write", "or"]);
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
