//! Web pages (.html, .htm, and the chapters of .epub).
//!
//! Pages are often not well-formed, so their tags are taken one by one as they come, by the rules of
//! the HTML standard for tokens. No tree is built: what counts is where a block begins and ends, and
//! how many lists are around it. Scripts, styles, forms and what is marked as deleted are left out.

use std::sync::Arc;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use themeweave::Document;

use crate::read::document::draft::Draft;
use crate::read::error::ReadError;
use crate::read::leaf::LeafKind;
use crate::read::text::{TextEncoding, newlines};

/// Elements whose tags end a paragraph. All others stand within a sentence.
const BLOCKS: [&[u8]; 50] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"caption",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"header",
    b"hgroup",
    b"hr",
    b"html",
    b"legend",
    b"li",
    b"main",
    b"menu",
    b"nav",
    b"ol",
    b"option",
    b"p",
    b"pre",
    b"search",
    b"section",
    b"summary",
    b"table",
    b"tbody",
    b"td",
    b"tfoot",
    b"th",
    b"thead",
    b"tr",
    b"ul",
];

/// Elements whose content is not to be read.
const UNREAD: [&[u8]; 15] = [
    b"audio",
    b"canvas",
    b"del",
    b"iframe",
    b"math",
    b"noscript",
    b"object",
    b"rp",
    b"rt",
    b"script",
    b"select",
    b"style",
    b"svg",
    b"template",
    b"video",
];

/// Elements that hold text only, which is not to be read either.
const UNREAD_TEXT: [&[u8]; 2] = [b"title", b"textarea"];

/// Bytes at the beginning of a page within which it names its encoding.
const PROLOGUE: usize = 1024;

/// The encoding that a page says it is in.
pub(in crate::read) fn encoding(head: &[u8]) -> Option<TextEncoding> {
    const MARK: &str = "charset=";
    let prologue = String::from_utf8_lossy(&head[..head.len().min(PROLOGUE)]).to_ascii_lowercase();
    let label = prologue[prologue.find(MARK)? + MARK.len()..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'));
    label[..end.unwrap_or(label.len())].parse().ok()
}

/// Whether bytes begin as web pages do.
pub(in crate::read) fn seems_to_be_one(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|start| head.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// Reads a web page. Blocks have the lines of its source.
pub(in crate::read) fn read(name: &Arc<str>, html: &str) -> Result<Option<Document>, ReadError> {
    let mut lines = Lines { html, at: 0, line: 1 };
    let mut page = Page::default();
    page.read(html, |draft, at| draft.set_line(lines.number(at)))?;
    page.finish(name)
}

/// Counts the lines of a page.
struct Lines<'h> {
    html: &'h str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the byte at this place. Places come in ascending order.
    fn number(&mut self, at: usize) -> u32 {
        let passed = self.html.as_bytes().get(self.at..at).unwrap_or_default();
        self.line = self.line.saturating_add(newlines(passed) as u32);
        self.at = self.at.max(at);
        self.line
    }
}

/// One or several pages as far as they have been read.
#[derive(Default)]
pub(super) struct Page {
    draft: Draft,
    /// Name of the element that is being passed over, and how many of its name are open.
    unread: Option<(Vec<u8>, usize)>,
    /// Level of the heading around this place.
    heading: Option<u8>,
    lists: usize,
    navigations: usize,
    bold: usize,
    in_preformatted: bool,
    in_table_head: bool,
    /// Tables around this place: the row that is open in each.
    tables: Vec<Option<Row>>,
    /// The name of the tag that is being read, if it begins an element.
    tag: Vec<u8>,
    attribute_is_href: bool,
    /// Length of the paragraph before a link to a place on the page.
    anchor: Option<usize>,
}

#[derive(Default)]
struct Row {
    heads: usize,
    cells: usize,
}

impl Page {
    /// Takes in a page. `place` is told where each stretch of text stands.
    pub(super) fn read(
        &mut self,
        html: &str,
        mut place: impl FnMut(&mut Draft, usize),
    ) -> Result<(), ReadError> {
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
            if let CallbackEvent::String { .. } = event {
                place(&mut self.draft, span.start);
            }
            self.take(event).err()
        });
        emitter.naively_switch_states(true);
        // The emitter gives nothing but the first error.
        match Tokenizer::new_with_emitter(html, emitter).next() {
            Some(Ok(error)) => Err(error),
            Some(Err(never)) => match never {},
            None => self.close(),
        }
    }

    /// The document of what has been read.
    pub(super) fn finish(self, name: &Arc<str>) -> Result<Option<Document>, ReadError> {
        self.draft.finish(name)
    }

    fn take(&mut self, event: CallbackEvent<'_>) -> Result<(), ReadError> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = name.to_vec();
                self.start(name)
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute_is_href = name == b"href";
                Ok(())
            }
            CallbackEvent::AttributeValue { value } => {
                if self.attribute_is_href && self.tag == b"a" && value.starts_with(b"#") {
                    self.anchor = Some(self.draft.length());
                }
                Ok(())
            }
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => {
                self.text(&String::from_utf8_lossy(value));
                Ok(())
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                // As in `<svg/>`; browsers ignore it for elements of HTML.
                if self_closing && self.unread.as_ref().is_some_and(|(name, _)| *name == self.tag) {
                    self.pass_end();
                }
                Ok(())
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => Ok(()),
        }
    }

    fn start(&mut self, name: &[u8]) -> Result<(), ReadError> {
        if let Some((unread, open)) = &mut self.unread {
            *open += usize::from(unread == name);
            return Ok(());
        }
        if UNREAD.contains(&name) || UNREAD_TEXT.contains(&name) {
            self.unread = Some((name.to_vec(), 1));
            return Ok(());
        }
        let goes_on = matches!(name, b"p" | b"div") && self.lists > 0 && self.draft.is_open();
        if goes_on || name == b"br" {
            self.draft.break_line();
            return Ok(());
        }
        if BLOCKS.contains(&name) {
            self.close()?;
        }
        match name {
            [b'h', level @ b'1'..=b'6'] => self.heading = Some(level - b'0'),
            b"ul" | b"ol" | b"menu" | b"dir" => self.lists += 1,
            b"nav" => self.navigations += 1,
            b"b" | b"strong" => self.bold += 1,
            b"pre" => self.in_preformatted = true,
            b"table" => self.tables.push(None),
            b"thead" => self.in_table_head = true,
            b"tbody" | b"tfoot" => self.end_row(),
            b"tr" => {
                self.end_row();
                if let Some(row) = self.tables.last_mut() {
                    *row = Some(Row::default());
                    self.draft.begin_row();
                }
            }
            b"td" | b"th" => {
                if let Some(Some(row)) = self.tables.last_mut() {
                    row.heads += usize::from(name == b"th");
                    row.cells += 1;
                    self.draft.begin_cell();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), ReadError> {
        if let Some((unread, _)) = &self.unread {
            if unread == name {
                self.pass_end();
            }
            return Ok(());
        }
        if matches!(name, b"p" | b"div") && self.lists > 0 {
            self.draft.break_line();
            return Ok(());
        }
        if BLOCKS.contains(&name) {
            self.close()?;
        }
        match name {
            [b'h', b'1'..=b'6'] => self.heading = None,
            b"ul" | b"ol" | b"menu" | b"dir" => self.lists = self.lists.saturating_sub(1),
            b"nav" => self.navigations = self.navigations.saturating_sub(1),
            b"b" | b"strong" => self.bold = self.bold.saturating_sub(1),
            b"pre" => self.in_preformatted = false,
            b"thead" => {
                self.end_row();
                self.in_table_head = false;
            }
            b"tr" => self.end_row(),
            b"table" => {
                self.end_row();
                self.tables.pop();
                self.in_table_head = false;
            }
            b"a" => {
                if let Some(start) = self.anchor.take() {
                    self.draft.set_anchor(start);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn pass_end(&mut self) {
        if let Some((_, open)) = &mut self.unread {
            *open -= 1;
            if *open == 0 {
                self.unread = None;
            }
        }
    }

    fn end_row(&mut self) {
        let Some(row) = self.tables.last_mut().and_then(Option::take) else { return };
        if self.in_table_head || row.heads > 0 && row.heads == row.cells {
            self.draft.drop_row();
        } else {
            self.draft.end_row();
        }
    }

    fn text(&mut self, words: &str) {
        if self.unread.is_some() {
            return;
        }
        if !self.draft.is_open() {
            if words.trim().is_empty() {
                return;
            }
            self.draft.begin(self.kind());
        }
        if !self.in_preformatted {
            self.draft.push_flowing(words, self.bold > 0);
            return;
        }
        for (i, line) in words.split('\n').enumerate() {
            if i > 0 {
                self.draft.break_line();
            }
            self.draft.push(line, false);
        }
    }

    /// What text at this place is.
    fn kind(&self) -> LeafKind {
        if self.navigations > 0 {
            LeafKind::Navigation
        } else if let Some(level) = self.heading {
            LeafKind::Heading(level)
        } else if self.in_preformatted {
            LeafKind::Log
        } else if let Some(depth) = self.lists.checked_sub(1) {
            LeafKind::Item(u8::try_from(depth).unwrap_or(u8::MAX))
        } else {
            LeafKind::Paragraph
        }
    }

    fn close(&mut self) -> Result<(), ReadError> {
        self.anchor = None;
        self.draft.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::document::tests::shown;

    fn check(html: &str, expected: &[&str]) {
        assert_eq!(shown(&read(&"x".into(), html).unwrap()), expected, "{html}");
    }

    #[test]
    fn blocks_end_where_tags_say_so() {
        check(
            "<!DOCTYPE html><title>no</title><h2>Fares &amp; <i>times</i></h2><p>one\n  two<p>three<div>four",
            &["#2 Fares & times", "p one two", "p three", "p four"],
        );
        check("<p>Dear all<br>The bus is late.</p>", &["p Dear all", "p The bus is late."]);
        check("<b>Bold line:</b><ul><li>a</ul>", &["#7 Bold line", "0 a"]);
        check("<pre>one\n  two</pre>", &["v one", "v two"]);
        check("a &lt;b&gt; &nbsp;c", &["p a <b> \u{a0}c"]);
    }

    #[test]
    fn items_are_notes_at_their_depth() {
        check(
            "<ul><li><p>one</p><p>goes on</p><ul><li>nested</li></ul>after<li>two</ul>",
            &["0 one\n\ngoes on", "1 nested", "0 after", "0 two"],
        );
    }

    #[test]
    fn rows_without_their_heads() {
        check(
            "<table><tr><th>who<th>what<tr><th>Ann<td>trams<tr><td>Ben<td><p>a<p>b</table>end",
            &["t Ann | trams", "p Ben", "p a", "p b", "p end"],
        );
        check("<table><thead><tr><td>x<td>y</thead><tr><td>1x<td>2y</table>", &["t 1x | 2y"]);
    }

    #[test]
    fn what_is_not_text_is_left_out() {
        check(
            "<style>p {}</style><script>if (a < b) '</p>'</script><p>kept <del>gone</del><svg><text>no</text></svg>\
             <noscript>no</noscript><textarea><p>no</textarea>",
            &["p kept"],
        );
        check("<nav><a href='/'>Home</a></nav><p>text", &["n Home", "p text"]);
        check("<a href='#one'>One</a><p>text<a href='#fn1'><sup>[1]</sup></a>", &["n One", "p text"]);
    }

    #[test]
    fn bold_type_ends_before_the_mark_of_a_footnote() {
        check("<p><b>c<a href='#n'>1</a></b>\u{201c}c", &["p c\u{201c}c"]);
        check("<p><b>a<a href='#n'><sup>1</sup></a></b>\u{201c}c", &["p a\u{201c}c"]);
        check("<p><b>a<a href='#n'>1</a>\u{201c}\u{201c}\u{201c}", &["#7 a\u{201c}\u{201c}\u{201c}"]);
    }

    #[test]
    fn a_link_may_reach_over_paragraphs() {
        check("<p>five <a href='#x'>s<p>\u{e9}\u{e9}\u{e9}</a>", &["p five s", "p \u{e9}\u{e9}\u{e9}"]);
        check("<p>\u{e9}\u{e9}<a href='#x'><div>1</a>", &["p \u{e9}\u{e9}", "p 1"]);
    }

    #[test]
    fn lines_are_those_of_the_source() {
        let document = read(&"x".into(), "<p>one</p>\n\n<p>two\nthree</p><p>\nfour").unwrap().unwrap();
        assert_eq!(
            document.blocks.iter().map(|block| block.line).collect::<Vec<_>>(),
            [Some(1), Some(3), Some(4)]
        );
    }

    #[test]
    fn encodings_are_found() {
        let found = |html: &str| encoding(html.as_bytes()).map(|encoding| encoding.to_string());
        assert_eq!(found("<meta charset=\"ISO-8859-1\">").as_deref(), Some("windows-1252"));
        assert_eq!(found("<META content='text/html; CHARSET=shift_jis'>").as_deref(), Some("shift_jis"));
        assert_eq!(found("<meta charset=klingon>"), None);
        assert!(seems_to_be_one(b"\n <!DOCTYPE HTML>") && !seems_to_be_one(b"<p>"));
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let attributes: String = (0..200_000).map(|i| format!(" a{i}=1")).collect();
        for html in [
            "<div>".repeat(300_000) + "x",
            "<table><tr><td>".repeat(100_000),
            "<svg>".repeat(100_000),
            "<b><ul><li>".repeat(100_000),
            format!("<p{attributes}>x</p>"),
            "<!--".repeat(100_000),
            "&".repeat(200_000),
            "<".repeat(200_000),
        ] {
            let _ = read(&"x".into(), &html);
        }
    }
}
