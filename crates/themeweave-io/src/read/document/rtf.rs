//! Rich text (.rtf: versions 1.0 to 1.9).
//!
//! Tracked changes are read as accepted. Footnotes and text boxes follow the paragraph that they
//! belong to; headers, footers, pictures and comments are left out. No group is read by recursion.

mod charset;
mod lexer;

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::sync::Arc;

use encoding_rs::WINDOWS_1252;

use crate::read::document::draft::Draft;
use crate::read::document::rtf::charset::Charset;
use crate::read::document::rtf::lexer::{Lexer, Token};
use crate::read::document::{Contents, left_out};
use crate::read::error::ReadError;
use crate::read::leaf::LeafKind;

/// Most groups around each other.
const DEPTH: usize = 1000;

/// Reads rich text.
pub(super) fn read(name: &Arc<str>, source: &mut dyn Read) -> Result<Contents, ReadError> {
    let mut lexer = Lexer::new(BufReader::new(source));
    let mut reader = Reader::default();
    while let Some(token) = lexer.next()? {
        reader.take(token)?;
        if reader.groups.is_empty() {
            break;
        }
    }
    if !reader.groups.is_empty() {
        return Err(ReadError::general(format!("byte {}: the file is cut off", lexer.at()))
            .with_hint("open it in the program it is from and save it anew"));
    }
    let diagnostic = left_out(name, &[(reader.comments, "comment", "")]);
    Ok((reader.draft.finish(name)?.into_iter().collect(), diagnostic.into_iter().collect()))
}

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Destination {
    #[default]
    Body,
    /// A footnote or text box, which ends with its group.
    Aside,
    Fonts,
    Styles,
    Nowhere,
}

/// What holds up to the end of a group.
#[derive(Debug, Clone, Default)]
struct Group {
    destination: Destination,
    charset: Charset,
    is_bold: bool,
    is_hidden: bool,
    is_deleted: bool,
    /// How many characters after one in Unicode stand for the same.
    substitutes: usize,
    paragraph: Paragraph,
}

/// What holds up to the next paragraph that says otherwise.
#[derive(Debug, Clone, Default)]
struct Paragraph {
    /// Level of a heading from 1; 0 for text.
    heading: Option<u8>,
    style: i32,
    is_item: bool,
    depth: u8,
    is_in_table: bool,
}

/// A text as far as it has been read.
#[derive(Default)]
struct Reader {
    groups: Vec<Group>,
    draft: Draft,
    /// Bytes that are not yet decoded, for some characters have several.
    bytes: Vec<u8>,
    /// Characters still to be passed over.
    skip: usize,
    /// The first half of a character beyond U+FFFF.
    high_surrogate: Option<u16>,
    /// The next word says where its group goes and may be unknown.
    is_starred: bool,
    code_page: Charset,
    fonts: HashMap<i32, Charset>,
    font: i32,
    /// Headings by the numbers of their styles.
    headings: HashMap<i32, u8>,
    style: i32,
    style_name: String,
    style_heading: Option<u8>,
    /// The paragraph began with the number or bullet of an item.
    is_listed: bool,
    in_row: bool,
    is_table_head: bool,
    comments: usize,
}

impl Reader {
    fn take(&mut self, token: Token) -> Result<(), ReadError> {
        if !matches!(token, Token::Byte(_)) {
            self.decode();
        }
        let is_starred = std::mem::take(&mut self.is_starred);
        match token {
            Token::Open => {
                if self.groups.len() == DEPTH {
                    return Err(ReadError::general("groups are nested more than 1,000 deep"));
                }
                self.skip = 0;
                let mut group = self
                    .groups
                    .last()
                    .cloned()
                    .unwrap_or_else(|| Group { substitutes: 1, ..Group::default() });
                if group.destination == Destination::Aside {
                    group.destination = Destination::Body;
                }
                self.groups.push(group);
            }
            Token::Close => {
                self.skip = 0;
                if self.groups.pop().is_some_and(|group| group.destination == Destination::Aside) {
                    self.draft.end()?;
                }
            }
            Token::Byte(_) if self.skip > 0 => self.skip -= 1,
            Token::Byte(byte) => self.bytes.push(byte),
            Token::Symbol(b'*') => self.is_starred = true,
            Token::Symbol(symbol) => {
                if self.skip > 0 {
                    self.skip -= 1;
                    return Ok(());
                }
                match symbol {
                    b'~' => self.push("\u{a0}"),
                    b'_' => self.push("-"),
                    b'\n' | b'\r' => self.end_paragraph()?,
                    _ => {}
                }
            }
            Token::Word(word, number) => self.take_word(&word, number, is_starred)?,
        }
        Ok(())
    }

    fn take_word(&mut self, word: &str, number: Option<i32>, is_starred: bool) -> Result<(), ReadError> {
        if word == "u" {
            self.take_unicode(number.unwrap_or(0));
            return Ok(());
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        let Some(group) = self.groups.last_mut() else { return Ok(()) };
        let is_on = number != Some(0);
        match word {
            "fonttbl" => group.destination = Destination::Fonts,
            "stylesheet" => group.destination = Destination::Styles,
            "footnote" | "shptxt"
                if matches!(group.destination, Destination::Body | Destination::Nowhere) =>
            {
                group.destination = Destination::Aside;
                group.paragraph = Paragraph::default();
                self.draft.begin(LeafKind::Paragraph);
            }
            "annotation" => {
                self.comments += 1;
                group.destination = Destination::Nowhere;
            }
            "listtext" | "pntext" => {
                self.is_listed = true;
                group.destination = Destination::Nowhere;
            }
            "colortbl" | "info" | "pict" | "objdata" | "header" | "headerl" | "headerr" | "headerf"
            | "footer" | "footerl" | "footerr" | "footerf" | "fldinst" | "ftnsep" | "ftnsepc" | "aftnsep"
            | "aftnsepc" | "xe" | "tc" | "listtable" | "listoverridetable" | "filetbl" | "revtbl" | "pn"
            | "nonshppict" | "shprslt" | "sn" | "sv" => group.destination = Destination::Nowhere,
            _ if is_starred => group.destination = Destination::Nowhere,
            "ansicpg" => self.code_page = Charset::of_code_page(number.unwrap_or(0)),
            "mac" => self.code_page = Charset::of_code_page(10_000),
            "uc" => group.substitutes = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
            "f" => {
                self.font = number.unwrap_or(0);
                group.charset = self.fonts.get(&self.font).copied().unwrap_or(self.code_page);
            }
            "fcharset" => {
                let charset = Charset::of_font(number.unwrap_or(0)).unwrap_or(self.code_page);
                self.fonts.insert(self.font, charset);
            }
            "s" => {
                self.style = number.unwrap_or(0);
                group.paragraph.style = self.style;
            }
            "outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok()).filter(|level| *level < 9);
                group.paragraph.heading = Some(level.map_or(0, |level| level + 1));
                self.style_heading = group.paragraph.heading;
            }
            "plain" => {
                (group.is_bold, group.is_hidden, group.is_deleted) = (false, false, false);
                group.charset = self.code_page;
            }
            "b" => group.is_bold = is_on,
            "v" => group.is_hidden = is_on,
            "deleted" => group.is_deleted = is_on,
            "pard" => group.paragraph = Paragraph::default(),
            "intbl" => group.paragraph.is_in_table = true,
            "ls" => group.paragraph.is_item = is_on,
            "ilvl" => group.paragraph.depth = number.and_then(|depth| u8::try_from(depth).ok()).unwrap_or(0),
            "trowd" => self.is_table_head = false,
            "trhdr" => self.is_table_head = true,
            _ => self.take_text_word(word)?,
        }
        Ok(())
    }

    /// Takes in a word that stands for text or ends some.
    fn take_text_word(&mut self, word: &str) -> Result<(), ReadError> {
        match word {
            "par" | "sect" | "nestcell" => return self.end_paragraph(),
            "cell" => return self.end_cell(),
            "row" => return self.end_row(),
            "line" if self.is_read() => self.draft.break_line(),
            "tab" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            _ => {}
        }
        Ok(())
    }

    /// Takes in a unit of UTF-16, which is written as a signed number.
    fn take_unicode(&mut self, number: i32) {
        let unit = number as u16;
        let characters = match self.high_surrogate.take() {
            Some(high) if (0xDC00..0xE000).contains(&unit) => String::from_utf16_lossy(&[high, unit]),
            _ if (0xD800..0xDC00).contains(&unit) => {
                self.high_surrogate = Some(unit);
                String::new()
            }
            _ => String::from_utf16_lossy(&[unit]),
        };
        self.push(&characters);
        self.skip = self.groups.last().map_or(1, |group| group.substitutes);
    }

    /// Whether text at this place is to be read.
    fn is_read(&self) -> bool {
        self.groups.last().is_some_and(|group| {
            matches!(group.destination, Destination::Body | Destination::Aside)
                && !group.is_hidden
                && !group.is_deleted
        })
    }

    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let charset = self.groups.last().map_or(Charset::Encoding(WINDOWS_1252), |group| group.charset);
        let words = charset.decode(&self.bytes);
        self.bytes.clear();
        self.push(&words);
    }

    fn push(&mut self, words: &str) {
        let Some(group) = self.groups.last() else { return };
        match group.destination {
            Destination::Styles => self.push_style_name(words),
            Destination::Body | Destination::Aside if self.is_read() && !words.is_empty() => {
                let is_bold = group.is_bold;
                if !self.draft.is_open() {
                    self.begin_paragraph();
                }
                self.draft.push(words, is_bold);
            }
            _ => {}
        }
    }

    /// Takes in a part of the name of a style, which ends with `;`.
    fn push_style_name(&mut self, words: &str) {
        for c in words.chars() {
            if c != ';' {
                self.style_name.push(c);
                continue;
            }
            let name = std::mem::take(&mut self.style_name).trim().to_lowercase();
            let by_name = match name.strip_prefix("heading ") {
                Some(level) => level.parse().ok(),
                None => (name == "title").then_some(1),
            };
            if let Some(level) = self.style_heading.take().filter(|level| *level > 0).or(by_name) {
                self.headings.insert(self.style, level);
            }
        }
    }

    fn begin_paragraph(&mut self) {
        let is_in_table = self.groups.last().is_some_and(|group| group.paragraph.is_in_table);
        if is_in_table && !self.in_row {
            self.in_row = true;
            self.draft.begin_row();
            self.draft.begin_cell();
        } else if !is_in_table && std::mem::take(&mut self.in_row) {
            self.draft.end_row();
        }
        self.draft.begin(LeafKind::Paragraph);
    }

    fn end_paragraph(&mut self) -> Result<(), ReadError> {
        let Some(group) = self.groups.last() else { return Ok(()) };
        match group.destination {
            Destination::Body if !group.is_deleted => {}
            Destination::Aside => {
                self.draft.end()?;
                self.draft.begin(LeafKind::Paragraph);
                return Ok(());
            }
            _ => return Ok(()),
        }
        let Paragraph { heading, style, is_item, depth, .. } = group.paragraph;
        let is_item = std::mem::take(&mut self.is_listed) || is_item;
        self.draft.set_kind(match heading.or(self.headings.get(&style).copied()) {
            Some(level @ 1..) => LeafKind::Heading(level),
            _ if is_item => LeafKind::Item(depth),
            _ => LeafKind::Paragraph,
        });
        self.draft.end()
    }

    fn end_cell(&mut self) -> Result<(), ReadError> {
        self.end_paragraph()?;
        if !self.in_row {
            self.in_row = true;
            self.draft.begin_row();
        }
        self.draft.begin_cell();
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        self.end_paragraph()?;
        if std::mem::take(&mut self.in_row) {
            if self.is_table_head { self.draft.drop_row() } else { self.draft.end_row() }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::read::document::tests::{read_bytes, shown};

    fn check(rtf: &str, expected: &[&str]) {
        let (documents, _) = read_bytes(format!("{{\\rtf1\\ansi {rtf}}}").as_bytes()).unwrap();
        assert_eq!(shown(&documents), expected, "{rtf}");
    }

    #[test]
    fn characters_of_all_kinds() {
        check(
            r"caf\'e9 \u8364? \u-10179?\u-8693? \lquote x\rquote\~y\_z",
            &["p café € \u{1f60b} ‘x’\u{a0}y-z"],
        );
        check(r"\uc2\u8364 ab{\uc0\u8364}c", &["p €€c"]);
        check(r"{\fonttbl{\f0\fcharset204 A;}{\f1\fcharset128 B;}}\f0\'e4\'e0 \f1\'83\'6f", &["p да バ"]);
        check(r"\{a\}\\", &["p {a}\\"]);
    }

    #[test]
    fn paragraphs_headings_and_items() {
        check(
            r"{\stylesheet{\s1 heading 2;}{\s2\outlinelevel0 Own;}}\pard\s1 Two\par\pard\s2 One\par\pard text\line on\par",
            &["#2 Two", "#1 One", "p text\non"],
        );
        check(
            r"\pard{\listtext\'b7\tab}\ls1\ilvl1 item\par{\pntext 1.}other\par \pard plain\par",
            &["1 item", "1 other", "p plain"],
        );
        check(r"{\pard \outlinelevel0 \b Fares\par}{\pard end\par}", &["#1 Fares", "p end"]);
    }

    #[test]
    fn what_is_not_text_is_left_out() {
        check(
            r"{\info{\title no}}{\header no\par}{\*\unknown no}{\pict 0a0b}a{\v hidden}{\deleted gone}b{\field{\*\fldinst HYPERLINK}{\fldrslt link}}\par",
            &["p ablink"],
        );
        check(r"text{\footnote the note} goes on\par end", &["p text goes on", "p the note", "p end"]);
    }

    #[test]
    fn rows_of_tables() {
        check(
            r"\trowd\trhdr\intbl who\cell what\cell\row\trowd\pard\intbl Ann\cell trams\cell\row\pard after\par",
            &["t Ann | trams", "p after"],
        );
    }

    #[test]
    fn hostile_files_are_refused() {
        for (rtf, reason) in [
            (r"{\rtf1 ".to_owned() + &"{".repeat(500_000), "1,000 deep"),
            (r"{\rtf1 text".to_owned(), "cut off"),
            (r"{\rtf1\bin4294967295 x}".to_owned(), "cut off"),
        ] {
            let error = read_bytes(rtf.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
