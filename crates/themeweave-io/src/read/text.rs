//! Bytes of any encoding become UTF-8 text with LF line ends, in one pass.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::rc::Rc;
use std::str::{FromStr, Utf8Error};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter};

use crate::read::error::{ReadError, Trouble};

/// Most bytes of a text that is read as a whole.
const LIMIT: u64 = u32::MAX as u64;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// The name of a text encoding, such as `utf-8`, `windows-1252` or `shift_jis`.
///
/// ```
/// use themeweave_io::TextEncoding;
/// let encoding: TextEncoding = "latin1".parse()?;
/// assert_eq!(encoding.to_string(), "windows-1252");
/// assert!("klingon".parse::<TextEncoding>().is_err());
/// # Ok::<(), themeweave_io::UnknownEncoding>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl FromStr for TextEncoding {
    type Err = UnknownEncoding;

    fn from_str(label: &str) -> Result<Self, Self::Err> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self).ok_or(UnknownEncoding)
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name().to_ascii_lowercase())
    }
}

/// No encoding has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownEncoding;

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no encoding has this name; known are utf-8, utf-16le, windows-1252, iso-8859-2, shift_jis and the other labels of the WHATWG Encoding Standard")
    }
}

impl std::error::Error for UnknownEncoding {}

/// Which encoding the bytes of a source are in, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decoding {
    encoding: &'static Encoding,
    pub(crate) origin: Origin,
    /// Length of the byte order mark in bytes.
    mark: usize,
}

/// How an encoding is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The caller said so.
    Given,
    /// A byte order mark says so.
    Mark,
    /// Nothing speaks against UTF-8 so far.
    Assumed,
    /// Every other byte is zero: UTF-16 without a mark.
    Zeros,
    /// A mark or nearly all characters beyond ASCII say UTF-8; what does not fit is replaced.
    Mended,
    /// Guessed from the bytes beyond ASCII.
    Guessed,
}

impl Decoding {
    /// The encoding that the caller asks for. A byte order mark of the same encoding is dropped.
    pub(crate) fn given(encoding: TextEncoding, head: &[u8]) -> Self {
        let mark = Encoding::for_bom(head).filter(|(marked, _)| *marked == encoding.0);
        Self { encoding: encoding.0, origin: Origin::Given, mark: mark.map_or(0, |(_, length)| length) }
    }

    /// The encoding that the first bytes of a source show; `complete` when there are no others.
    pub(crate) fn detect(head: &[u8], complete: bool) -> Self {
        if let Some((encoding, mark)) = Encoding::for_bom(head) {
            return Self { encoding, origin: Origin::Mark, mark };
        }
        if let Some(encoding) = utf16_by_zeros(head) {
            return Self { encoding, origin: Origin::Zeros, mark: 0 };
        }
        match std::str::from_utf8(head) {
            Err(error) if complete || error.error_len().is_some() => {
                let mut guess = Guess::new();
                guess.feed(head);
                guess.finish()
            }
            _ => Self { encoding: UTF_8, origin: Origin::Assumed, mark: 0 },
        }
    }

    /// The most plausible encoding of a source that turned out not to be UTF-8.
    pub(crate) fn guess(source: &mut dyn Read) -> io::Result<Self> {
        let mut guess = Guess::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match source.read(&mut chunk) {
                Ok(0) => return Ok(guess.finish()),
                Ok(read) => guess.feed(&chunk[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The same encoding, with what does not fit it replaced instead of refused.
    pub(crate) fn mended(self) -> Self {
        Self { origin: Origin::Mended, ..self }
    }

    /// Name of the encoding in lower case.
    pub(crate) fn name(&self) -> String {
        TextEncoding(self.encoding).to_string()
    }

    /// The same for a stretch from within the source.
    pub(crate) fn within(self) -> Self {
        Self { mark: 0, ..self }
    }

    /// Length of the byte order mark.
    pub(crate) fn mark(&self) -> u64 {
        self.mark as u64
    }

    /// Whether bytes pass as they are and must prove to be UTF-8.
    pub(crate) fn is_strict_utf8(&self) -> bool {
        self.encoding == UTF_8 && self.origin != Origin::Mended
    }
}

/// UTF-16 without a mark: in Western text every other byte is zero, and only every other.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = &head[..head.len().min(4096) & !1];
    let (mut first, mut second) = (0, 0);
    for pair in pairs.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    // A handful of bytes proves nothing.
    let (many, few) = ((pairs.len() / 8).max(3), pairs.len() / 100);
    if second > many && first <= few {
        Some(UTF_16LE)
    } else if first > many && second <= few {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Gathers what speaks for one encoding or another.
struct Guess {
    detector: EncodingDetector,
    proper: u64,
    broken: u64,
}

impl Guess {
    fn new() -> Self {
        Self { detector: EncodingDetector::new(Iso2022JpDetection::Allow), proper: 0, broken: 0 }
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.detector.feed(bytes, false);
        for chunk in bytes.utf8_chunks() {
            self.proper += characters_beyond_ascii(chunk.valid().as_bytes());
            self.broken += u64::from(!chunk.invalid().is_empty());
        }
    }

    fn finish(mut self) -> Decoding {
        self.detector.feed(&[], true);
        // A text in a legacy encoding hardly ever looks like UTF-8 by chance, let alone nine times
        // out of ten: this is UTF-8 with scars.
        let (encoding, origin) = if self.proper >= self.broken.saturating_mul(10) {
            (UTF_8, Origin::Mended)
        } else {
            (self.detector.guess(None, Utf8Detection::Deny), Origin::Guessed)
        };
        Decoding { encoding, origin, mark: 0 }
    }
}

/// Number of characters beyond ASCII in UTF-8 bytes.
fn characters_beyond_ascii(utf8: &[u8]) -> u64 {
    utf8.iter().filter(|&&byte| byte >= 0xC0).count() as u64
}

/// What decoding changed, for the reader of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DecodingReport {
    /// Characters beyond ASCII. Counted only where bytes do not pass as they are.
    pub(crate) beyond_ascii: u64,
    /// U+FFFD in the text. Counted only where bytes do not pass as they are.
    pub(crate) replaced: u64,
    /// Line of the first of them.
    pub(crate) first_replaced_line: Option<u64>,
}

/// Where the bytes of a text stand in its source, whose bytes pass as they are but for CR LF, of which LF is left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offsets(Rc<RefCell<Dropped>>);

#[derive(Debug, Default)]
struct Dropped {
    /// How many bytes of the source are not in the text before what was asked for last.
    before: u64,
    /// How much text there is before each LF of a CR LF after it.
    ends: VecDeque<u64>,
}

impl Offsets {
    /// Where in the source a byte of the text stands that was read, none of which is asked for after a later one.
    pub(super) fn of(&self, place: u64) -> u64 {
        let Dropped { before, ends } = &mut *self.0.borrow_mut();
        while ends.front().is_some_and(|&end| end < place) {
            ends.pop_front();
            *before += 1;
        }
        place + *before
    }
}

/// Reads text: UTF-8 with LF line ends and without a byte order mark, whatever the source holds.
///
/// Bytes that are meant to be UTF-8 pass as they are; who takes them up checks them. A NUL is an
/// error, for it only occurs in files that are not text.
pub(crate) struct TextReader<R> {
    source: R,
    /// Bytes that were read.
    bytes: u64,
    decoder: Option<Decoder>,
    /// The source is UTF-16, where a byte may be zero.
    wide: bool,
    mark: usize,
    raw: Vec<u8>,
    text: Vec<u8>,
    position: usize,
    /// The last byte that was read is a CR, of which the next one tells whether an LF belongs to it.
    after_cr: bool,
    at_end: bool,
    /// Length of the text before `text`.
    passed: u64,
    offsets: Option<Offsets>,
    /// Line that the next text belongs to. Counted only where bytes do not pass as they are.
    line: u64,
    report: DecodingReport,
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(source: R, decoding: &Decoding) -> Self {
        let decoder =
            (!decoding.is_strict_utf8()).then(|| decoding.encoding.new_decoder_without_bom_handling());
        Self {
            source,
            bytes: 0,
            decoder,
            wide: [UTF_16LE, UTF_16BE].contains(&decoding.encoding),
            mark: decoding.mark,
            raw: vec![0; CHUNK],
            text: Vec::with_capacity(CHUNK),
            position: 0,
            after_cr: false,
            at_end: false,
            passed: 0,
            offsets: None,
            line: 1,
            report: DecodingReport::default(),
        }
    }

    /// What decoding changed in the text so far.
    pub(crate) fn finish(self) -> DecodingReport {
        self.report
    }

    /// Tells from now on where the text stands in the source. Whoever is told should ask as it goes on, for what was not
    /// asked for is kept.
    pub(super) fn tell(&mut self, offsets: &Offsets) {
        self.offsets = Some(offsets.clone());
    }

    /// Replaces `self.text` by the next stretch of text. It is empty at the end only.
    fn fill(&mut self) -> io::Result<()> {
        self.passed += self.text.len() as u64;
        self.text.clear();
        self.position = 0;
        while self.text.is_empty() && !self.at_end {
            let read = match self.source.read(&mut self.raw) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            };
            self.at_end = read == 0;
            let before = self.bytes;
            self.bytes += read as u64;
            let mark = self.mark.min(read);
            self.mark -= mark;
            if std::mem::take(&mut self.after_cr) {
                self.text.push(b'\r');
            }
            self.decode(mark, read);
            self.refuse_nul(before, read)?;
            self.normalize_line_ends();
            if self.decoder.is_some() {
                self.line += newlines(&self.text);
            }
        }
        Ok(())
    }

    /// Appends `raw[start..end]` to `text`, decoded.
    fn decode(&mut self, start: usize, end: usize) {
        let mut bytes = &self.raw[start..end];
        let Some(decoder) = &mut self.decoder else {
            self.text.extend_from_slice(bytes);
            return;
        };
        let mut written = self.text.len();
        loop {
            let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(CHUNK).max(16);
            self.text.resize(written + room, 0);
            let (result, taken, made, _) =
                decoder.decode_to_utf8(bytes, &mut self.text[written..], self.at_end);
            written += made;
            bytes = &bytes[taken..];
            if matches!(result, CoderResult::InputEmpty) {
                break;
            }
        }
        self.text.truncate(written);
        self.report.beyond_ascii += characters_beyond_ascii(&self.text);
        let replacements = self.text.windows(3).enumerate().filter(|(_, three)| three == b"\xEF\xBF\xBD");
        for (at, _) in replacements {
            self.report.replaced += 1;
            if self.report.first_replaced_line.is_none() {
                self.report.first_replaced_line = Some(self.line + newlines(&self.text[..at]));
            }
        }
    }

    /// NULs mark a binary file, but in UTF-16 they only do so when they stand for a character.
    fn refuse_nul(&self, before: u64, read: usize) -> io::Result<()> {
        let place = if self.wide {
            memchr(0, &self.text)
                .map(|at| format!("NUL character in line {}", self.line + newlines(&self.text[..at])))
        } else {
            memchr(0, &self.raw[..read]).map(|at| format!("NUL byte at offset {}", before + at as u64))
        };
        match place {
            None => Ok(()),
            Some(place) => Err(io::Error::new(
                ErrorKind::InvalidData,
                format!(
                    "this is a binary file, not text ({place}); save it as UTF-8 text, or name its encoding"
                ),
            )),
        }
    }

    /// Makes every CR, LF and CRLF one LF. A CR at the end waits for what follows.
    fn normalize_line_ends(&mut self) {
        if !self.at_end && self.text.last() == Some(&b'\r') {
            self.text.pop();
            self.after_cr = true;
        }
        let mut dropped = self.offsets.as_ref().map(|offsets| offsets.0.borrow_mut());
        let (mut kept, mut next) = (0, 0);
        while next < self.text.len() {
            let waiting = &self.text[next..];
            let line = memchr(b'\r', waiting).unwrap_or(waiting.len());
            let end = match waiting[line..] {
                [] => 0,
                [_, b'\n', ..] => {
                    if let Some(dropped) = &mut dropped {
                        dropped.ends.push_back(self.passed + (kept + line) as u64);
                    }
                    2
                }
                [..] => 1,
            };
            self.text.copy_within(next..next + line, kept);
            kept += line;
            if end > 0 {
                self.text[kept] = b'\n';
                kept += 1;
            }
            next += line + end;
        }
        self.text.truncate(kept);
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position == self.text.len() {
            self.fill()?;
        }
        let waiting = &self.text[self.position..];
        let taken = waiting.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&waiting[..taken]);
        self.position += taken;
        Ok(taken)
    }
}

/// Reads the whole of a text.
pub(crate) fn read_whole(name: &str, text: &mut dyn Read) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    text.take(LIMIT).read_to_end(&mut bytes).map_err(|error| ReadError::io(name, &error))?;
    if bytes.len() as u64 == LIMIT {
        return Err(ReadError::in_file(name, "this text has 4 GiB or more").with_hint("split it").into());
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error(), 1))
}

/// Where a text that begins in `line` of the source is not UTF-8.
pub(super) fn not_utf8(text: &[u8], error: Utf8Error, line: u64) -> Trouble {
    let before = &text[..error.valid_up_to()];
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    Trouble::NotUtf8 { line: line + newlines(before), column: (before.len() - start) as u64 + 1 }
}

/// Number of line feeds.
pub(super) fn newlines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives `step` bytes at a time.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.1.min(buffer.len());
            (&mut self.0).take(step as u64).read(&mut buffer[..step])
        }
    }

    fn decode_in_steps(
        bytes: &[u8],
        decoding: &Decoding,
        step: usize,
    ) -> io::Result<(String, DecodingReport)> {
        let mut reader = TextReader::new(Drip(bytes, step), decoding);
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        Ok((text, reader.finish()))
    }

    /// Decodes in steps of every size, which must make no difference.
    fn decode(bytes: &[u8]) -> (String, Origin, DecodingReport) {
        let decoding = Decoding::detect(bytes, true);
        let (text, report) = decode_in_steps(bytes, &decoding, CHUNK).unwrap();
        for step in 1..8 {
            assert_eq!(decode_in_steps(bytes, &decoding, step).unwrap(), (text.clone(), report));
        }
        (text, decoding.origin, report)
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn every_line_end_becomes_one_line_feed() {
        for number in 0..3_usize.pow(7) {
            let digit = |at: u32| b"a\r\n"[number / 3_usize.pow(at) % 3];
            let bytes: Vec<u8> = (0..7).map(digit).collect();
            let text = String::from_utf8(bytes).unwrap();
            let found = decode(text.as_bytes()).0;
            assert_eq!(found, text.replace("\r\n", "\n").replace('\r', "\n"), "{text:?}");
        }
    }

    #[test]
    fn bytes_of_the_text_are_found_in_the_source() {
        for number in 0..3_usize.pow(7) {
            let digit = |at: u32| b"a\r\n"[number / 3_usize.pow(at) % 3];
            let source: Vec<u8> = (0..7).map(digit).collect();
            let is_dropped =
                |at: &usize| at.checked_sub(1).is_some_and(|cr| source[cr..].starts_with(b"\r\n"));
            let kept: Vec<u64> = (0..7).filter(|at| !is_dropped(at)).map(|at| at as u64).collect();
            for step in 1..8 {
                let decoding = Decoding::detect(&source, true);
                let mut reader = TextReader::new(Drip(&source, step), &decoding);
                let offsets = Offsets::default();
                reader.tell(&offsets);
                let mut byte = [0];
                for (place, offset) in (0..).zip(&kept) {
                    assert_eq!(reader.read(&mut byte).unwrap(), 1);
                    assert_eq!(offsets.of(place), *offset, "{source:?}");
                }
                assert_eq!((reader.read(&mut byte).unwrap(), offsets.of(kept.len() as u64)), (0, 7));
            }
        }
    }

    #[test]
    fn line_ends_and_marks_vanish() {
        for (bytes, expected) in [
            (&b""[..], ""),
            (b"a\r\nb\rc\nd", "a\nb\nc\nd"),
            (b"\r\r\n\n\r", "\n\n\n\n"),
            (b"\xEF\xBB\xBFa\r\n", "a\n"),
            (b"\xEF\xBB\xBF", ""),
            ("é\r\n—".as_bytes(), "é\n—"),
        ] {
            assert_eq!(decode(bytes).0, expected, "{bytes:?}");
        }
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let text = "Name,Note\r\nAnna,we never have the budget – 👍\r\n".repeat(5);
        let expected = text.replace('\r', "");
        for little in [true, false] {
            let (found, origin, _) = decode(&utf16(&format!("\u{feff}{text}"), little));
            assert_eq!((found.as_str(), origin), (expected.as_str(), Origin::Mark));
            let (found, origin, _) = decode(&utf16(&text, little));
            assert_eq!((found.as_str(), origin), (expected.as_str(), Origin::Zeros));
        }
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        for (label, text) in [
            ("windows-1252", "Die Fahrkarten für den Bus sind viel zu teuer, und wir hören davon häufig."),
            ("windows-1251", "Билеты на автобус слишком дороги, и мы часто слышим об этом от жителей."),
            ("shift_jis", "バスの切符は高すぎると、私たちはよく耳にします。"),
        ] {
            let (bytes, _, _) = label.parse::<TextEncoding>().unwrap().0.encode(text);
            let (found, origin, report) = decode(&bytes);
            assert_eq!((found.as_str(), origin), (text, Origin::Guessed), "{label}");
            let beyond = text.chars().filter(|c| !c.is_ascii()).count() as u64;
            assert_eq!((report.beyond_ascii, report.replaced), (beyond, 0), "{label}");
        }
    }

    #[test]
    fn utf8_with_scars_stays_utf8() {
        let mut bytes = "“Für uns”\n".repeat(10).into_bytes();
        bytes.extend(b"caf\xE9\n");
        let (text, origin, report) = decode(&bytes);
        assert_eq!(origin, Origin::Mended);
        assert!(text.ends_with("“Für uns”\ncaf\u{fffd}\n"));
        assert_eq!((report.replaced, report.first_replaced_line), (1, Some(11)));
    }

    #[test]
    fn a_head_that_ends_inside_a_character_is_utf8() {
        let head = &"aé".as_bytes()[..2];
        assert_eq!(Decoding::detect(head, false).origin, Origin::Assumed);
        assert_eq!(Decoding::detect(head, true).origin, Origin::Guessed);
    }

    #[test]
    fn a_given_encoding_is_obeyed() {
        let latin = "latin1".parse().unwrap();
        let decoding = Decoding::given(latin, b"caf\xE9");
        assert_eq!(decode_in_steps(b"caf\xE9", &decoding, 1).unwrap().0, "café");
        let utf8 = "utf-8".parse().unwrap();
        let decoding = Decoding::given(utf8, b"\xEF\xBB\xBFa");
        assert_eq!(decode_in_steps(b"\xEF\xBB\xBFa", &decoding, 2).unwrap().0, "a");
        assert!(decode_in_steps(b"caf\xE9", &Decoding::given(utf8, b""), 9).is_err());
    }

    #[test]
    fn binary_files_are_refused() {
        let message =
            |bytes: &[u8]| decode_in_steps(bytes, &Decoding::detect(bytes, true), 5).unwrap_err().to_string();
        assert!(message(b"PK\x03\x04some\x00thing else").contains("offset 8"));
        assert!(message(&utf16("\u{feff}ab\ncd\0", true)).contains("line 2"));
        // UTF-32 begins with the mark of UTF-16.
        assert!(message(b"\xFF\xFE\0\0a\0\0\0").contains("binary"));
    }

    #[test]
    fn names_of_encodings() {
        assert_eq!("UTF8".parse::<TextEncoding>().unwrap().to_string(), "utf-8");
        for label in ["", "klingon", "iso-2022-kr", "utf-8\0"] {
            assert_eq!(label.parse::<TextEncoding>(), Err(UnknownEncoding), "{label}");
        }
    }
}
