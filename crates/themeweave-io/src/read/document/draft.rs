//! A document while it is put together from its paragraphs.

use std::ops::Range;
use std::sync::Arc;

use themeweave::{Block, Document};

use crate::read::error::ReadError;
use crate::read::leaf::{self, Leaf, LeafKind};
use crate::read::transcript;

/// Most paragraphs of a document.
const PARAGRAPHS: usize = 1_000_000;

/// Most characters of the mark of a footnote.
const MARK: usize = 4;

/// What stands between the cells of a row.
pub(super) const CELL: &str = " | ";

/// Text with one paragraph or row a line, and what each of them is.
#[derive(Default)]
pub(super) struct Draft {
    text: String,
    leaves: Vec<Leaf>,
    /// Paragraphs that have begun: the last one stands in a text box or note of the one before.
    open: Vec<Paragraph>,
    /// Number of rows around this place.
    rows: usize,
    row: Row,
    /// Breaks between pages so far.
    page_breaks: u32,
    /// Line of the source, where it is told.
    line: Option<u32>,
}

/// The outermost row around this place.
#[derive(Default)]
struct Row {
    /// Length of the text and number of leaves before it.
    text: usize,
    leaves: usize,
    /// Leaves before its last cell.
    cell: usize,
    /// There is a cell that holds more than one paragraph.
    is_mixed: bool,
}

struct Paragraph {
    kind: LeafKind,
    text: String,
    bold: Option<Range<usize>>,
    anchor: Option<Range<usize>>,
    page: u32,
    line: Option<u32>,
    /// It goes on with the paragraph before it.
    continues: bool,
    /// What stands in text boxes and notes of it.
    held: Vec<Paragraph>,
}

impl Paragraph {
    /// Takes away what stands from this length on.
    fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        for range in [&mut self.bold, &mut self.anchor] {
            *range = range.take().filter(|range| range.start < length);
            if let Some(range) = range {
                range.end = range.end.min(length);
            }
        }
    }
}

impl Draft {
    /// Begins a paragraph or item.
    pub(super) fn begin(&mut self, kind: LeafKind) {
        let (page, line) = (self.page_breaks, self.line);
        let (text, held) = (String::new(), Vec::new());
        self.open.push(Paragraph {
            kind,
            text,
            bold: None,
            anchor: None,
            page,
            line,
            continues: false,
            held,
        });
    }

    /// Whether a paragraph is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Says what the open paragraph is.
    pub(super) fn set_kind(&mut self, kind: LeafKind) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.kind = kind;
        }
    }

    /// Adds words to the open paragraph, if any. Line ends within them are blanks, and other control
    /// characters are left out.
    pub(super) fn push(&mut self, words: &str, is_bold: bool) {
        let (page, line) = (self.page_breaks, self.line);
        let Some(paragraph) = self.open.last_mut() else { return };
        let is_first = paragraph.text.trim().is_empty();
        if is_first {
            (paragraph.page, paragraph.line) = (page, line);
        }
        let start = paragraph.text.len();
        let characters = words.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c });
        paragraph.text.extend(characters.filter(|&c| c == '\t' || !c.is_control() && c != '\u{ad}'));
        let (text, end) = (&paragraph.text, paragraph.text.len());
        match &mut paragraph.bold {
            Some(bold)
                if is_bold && text.get(bold.end..start).is_some_and(|between| between.trim().is_empty()) =>
            {
                bold.end = end;
            }
            none @ None if is_bold && is_first => *none = Some(start..end),
            _ => {}
        }
    }

    /// Adds words in which any white space stands for one blank.
    pub(super) fn push_flowing(&mut self, words: &str, is_bold: bool) {
        let Some(paragraph) = self.open.last_mut() else { return };
        let is_white = |c: char| c.is_ascii_whitespace();
        let mut after_blank = paragraph.text.is_empty() || paragraph.text.ends_with([' ', '\n']);
        let mut flowing = String::with_capacity(words.len());
        for c in words.chars() {
            if !is_white(c) {
                flowing.push(c);
            } else if !after_blank {
                flowing.push(' ');
            }
            after_blank = is_white(c);
        }
        self.push(&flowing, is_bold);
    }

    /// Begins a line within the open paragraph.
    pub(super) fn break_line(&mut self) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push('\n');
        }
    }

    /// Length of the open paragraph in bytes.
    pub(super) fn length(&self) -> usize {
        self.open.last().map_or(0, |paragraph| paragraph.text.len())
    }

    /// Says that the open paragraph has a link to a place in the document from this length on. The
    /// mark of a footnote is such a link, and is left out.
    pub(super) fn set_anchor(&mut self, start: usize) {
        let Some(paragraph) = self.open.last_mut() else { return };
        let Some(words) = paragraph.text.get(start..) else { return };
        if words.chars().count() <= MARK && !words.contains(char::is_alphabetic) {
            paragraph.truncate(start);
        } else {
            paragraph.anchor.get_or_insert(start..paragraph.text.len());
        }
    }

    /// Whether the open paragraph ends with such a character.
    pub(super) fn ends_with(&self, fits: impl Fn(char) -> bool) -> bool {
        self.open.last().is_some_and(|paragraph| paragraph.text.trim_end().ends_with(fits))
    }

    /// The last word of the open paragraph.
    pub(super) fn last_word(&self) -> &str {
        self.open
            .last()
            .and_then(|paragraph| paragraph.text.split_whitespace().next_back())
            .unwrap_or_default()
    }

    /// Takes the last character of the open paragraph away.
    pub(super) fn drop_last(&mut self) {
        if let Some(paragraph) = self.open.last_mut()
            && let Some((start, _)) = paragraph.text.char_indices().next_back()
        {
            paragraph.truncate(start);
        }
    }

    /// Ends the open paragraph, which goes on with what follows on the next page.
    pub(super) fn continue_on_page(&mut self) -> Result<(), ReadError> {
        let kind = self.open.last().map_or(LeafKind::Paragraph, |paragraph| paragraph.kind);
        self.end()?;
        self.begin(kind);
        self.open.iter_mut().for_each(|paragraph| paragraph.continues = true);
        Ok(())
    }

    /// Ends the open paragraph, if any.
    pub(super) fn end(&mut self) -> Result<(), ReadError> {
        let Some(mut paragraph) = self.open.pop() else { return Ok(()) };
        if let Some(around) = self.open.last_mut() {
            let held = std::mem::take(&mut paragraph.held);
            around.held.push(paragraph);
            around.held.extend(held);
            return Ok(());
        }
        let held = std::mem::take(&mut paragraph.held);
        self.append(&paragraph)?;
        held.iter().try_for_each(|held| self.append(held))
    }

    fn append(&mut self, paragraph: &Paragraph) -> Result<(), ReadError> {
        if paragraph.text.trim().is_empty() {
            return Ok(());
        }
        if self.leaves.len() == PARAGRAPHS {
            return Err(ReadError::general(
                "this document has more than 1,000,000 paragraphs, the most that are read",
            )
            .with_hint("split it"));
        }
        let begins_cell = self.rows > 0 && self.leaves.len() == self.row.cell;
        if self.rows > 0 {
            self.row.is_mixed |= !begins_cell || paragraph.kind != LeafKind::Paragraph;
        }
        if !self.text.is_empty() {
            let begins_row = self.leaves.len() == self.row.leaves;
            self.text.push_str(if begins_cell && !begins_row { CELL } else { "\n" });
        }
        let start = self.text.len();
        self.text.push_str(paragraph.text.trim_end());
        let end = self.text.len();
        let within = |range: &Range<usize>| (start + range.start).min(end)..(start + range.end).min(end);
        let mut leaf = Leaf::new(paragraph.kind);
        leaf.extend_by_lines(&self.text, start..end);
        leaf.bold = paragraph.bold.as_ref().map(|bold| leaf::trimmed(&self.text, within(bold)));
        leaf.anchor = paragraph.anchor.as_ref().map(|anchor| leaf::trimmed(&self.text, within(anchor)));
        leaf.page = Some(paragraph.page.saturating_add(1));
        leaf.line = paragraph.line;
        leaf.continues = paragraph.continues;
        self.leaves.push(leaf);
        Ok(())
    }

    /// Begins a row of a table. Rows within rows are paragraphs of the outermost.
    pub(super) fn begin_row(&mut self) {
        if self.rows == 0 {
            let (text, leaves) = (self.text.len(), self.leaves.len());
            self.row = Row { text, leaves, cell: leaves, is_mixed: false };
        } else {
            self.row.is_mixed = true;
        }
        self.rows += 1;
    }

    /// Begins a cell of a row.
    pub(super) fn begin_cell(&mut self) {
        if self.rows == 1 {
            self.row.cell = self.leaves.len();
        }
    }

    /// Ends a row: a note of its own where no cell holds more than one paragraph, else its paragraphs.
    pub(super) fn end_row(&mut self) {
        self.rows = self.rows.saturating_sub(1);
        let Row { leaves: first, is_mixed, .. } = self.row;
        if self.rows > 0 || is_mixed || self.leaves.len() < first + 2 {
            return;
        }
        let (start, page, line) =
            (self.leaves[first].span().start, self.leaves[first].page, self.leaves[first].line);
        self.leaves.truncate(first);
        let mut leaf = Leaf { page, line, has_text: true, ..Leaf::new(LeafKind::TableRow) };
        leaf.extend(start..self.text.len());
        self.leaves.push(leaf);
    }

    /// Ends a row that is not to be read, such as the head of a table.
    pub(super) fn drop_row(&mut self) {
        if self.rows == 1 {
            self.text.truncate(self.row.text);
            self.leaves.truncate(self.row.leaves);
        }
        self.rows = self.rows.saturating_sub(1);
    }

    /// Says that a page ends here.
    pub(super) fn break_page(&mut self) {
        self.page_breaks = self.page_breaks.saturating_add(1);
    }

    /// Says in which line of the source what follows stands.
    pub(super) fn set_line(&mut self, line: u32) {
        self.line = Some(line);
    }

    /// The turns of a transcript, such as Teams saves as a document.
    fn turns(&self) -> Vec<Block> {
        let page = |block: &Block| {
            let next = self.leaves.partition_point(|leaf| leaf.span().start <= block.span.start);
            self.leaves.get(next.saturating_sub(1)).and_then(|leaf| leaf.page)
        };
        let turns = transcript::turns(&self.text).into_iter();
        turns.map(|block| Block { page: page(&block), ..block }).collect()
    }

    /// The document; `None` where there is no text. Pages have numbers where the source breaks them.
    pub(super) fn finish(mut self, name: &Arc<str>) -> Result<Option<Document>, ReadError> {
        while self.is_open() {
            self.end()?;
        }
        if self.page_breaks == 0 {
            self.leaves.iter_mut().for_each(|leaf| leaf.page = None);
        }
        let blocks = match transcript::is_transcript(&self.text) {
            true => self.turns(),
            false => leaf::blocks(&self.text, &self.leaves),
        };
        let document = Document { source: Arc::clone(name), blocks, ..Document::new(&**name, self.text) };
        Ok((!document.blocks.is_empty()).then_some(document))
    }
}
