//! What stands on a page, whatever the format: leaves with their lines become blocks.
//!
//! A [`Leaf`] is what holds no other: a paragraph, an item, a row of a table. [`lines::cut`] parts
//! those whose lines are notes of their own.

mod html;
pub(super) mod lines;

use std::ops::Range;

use themeweave::{Block, BlockKind};

use crate::read::text::newlines;

/// Level of a paragraph that is bold throughout and stands for a heading.
const BOLD_LEVEL: u8 = 7;

/// Level of a line that leads in a list or a log.
const LEAD_IN_LEVEL: u8 = 8;

/// Most words of a bold paragraph that stands for a heading.
const BOLD_WORDS: usize = 12;

/// The blocks of these leaves of `text`, ascending and apart, each with a letter or digit in it.
pub(super) fn blocks(text: &str, leaves: &[Leaf]) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(leaves.len());
    for (i, leaf) in leaves.iter().enumerate() {
        leaf.add_blocks(text, leaves.get(i + 1), &mut blocks);
    }
    // Readers give leaves in the order of the text. Should one ever not, nothing is counted twice.
    let mut end = 0;
    blocks.retain(|block| {
        let apart = block.span.start >= end;
        end = end.max(block.span.end);
        apart
    });
    blocks
}

/// What a [`Leaf`] is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    Heading(u8),
    Paragraph,
    Item(u8),
    /// Lines between code fences.
    Log,
    Html,
    TableRow,
    Navigation,
}

/// A stretch of a page that holds no other: a paragraph, the text of an item, a row of a table.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) kind: LeafKind,
    /// Its lines without the marks around them.
    pub(super) lines: Vec<Range<usize>>,
    /// There is text that is to be read, not only marks and pictures.
    pub(super) has_text: bool,
    /// A stretch in bold type.
    pub(super) bold: Option<Range<usize>>,
    /// A link to a place on the same page.
    pub(super) anchor: Option<Range<usize>>,
    /// Page of the source on which it begins.
    pub(super) page: Option<u32>,
    /// Line of the source in which it begins, where the text does not tell.
    pub(super) line: Option<u32>,
    /// It goes on with the leaf before it.
    pub(super) continues: bool,
}

impl Leaf {
    pub(super) fn new(kind: LeafKind) -> Self {
        let (page, line) = (None, None);
        Self {
            kind,
            lines: Vec::new(),
            has_text: false,
            bold: None,
            anchor: None,
            page,
            line,
            continues: false,
        }
    }

    /// From the beginning of the first line to the end of the last.
    pub(super) fn span(&self) -> Range<usize> {
        match (self.lines.first(), self.lines.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Takes `range` into the last line.
    pub(super) fn extend(&mut self, range: Range<usize>) {
        match self.lines.last_mut() {
            Some(line) => line.end = line.end.max(range.end),
            None => self.lines.push(range),
        }
    }

    /// Adds the lines of `text` within `range`, without blanks around them.
    pub(super) fn extend_by_lines(&mut self, text: &str, range: Range<usize>) {
        let mut start = range.start;
        for line in text[range].split_inclusive('\n') {
            self.lines.push(trimmed(text, start..start + line.len()));
            start += line.len();
        }
        self.has_text = true;
    }

    /// Whether this leaf is what a line before it may lead in.
    fn can_be_led_in(&self) -> bool {
        matches!(self.kind, LeafKind::Item(_) | LeafKind::Log)
    }

    fn add_blocks(&self, text: &str, next: Option<&Leaf>, blocks: &mut Vec<Block>) {
        let start = self.span().start;
        let mut add = |kind: BlockKind, span: Range<usize>| {
            let span = trimmed(text, span);
            if text[span.clone()].contains(char::is_alphanumeric) {
                let before = || newlines(&text.as_bytes()[start..span.start]) as u32;
                let line = self.line.map(|line| line.saturating_add(before()));
                let continues = self.continues && span.start == start;
                blocks.push(Block { page: self.page, line, continues, ..Block::new(span, kind) });
            }
        };
        let span = self.span();
        if !self.has_text || is_picture(&text[span.clone()]) {
            return;
        }
        if self.anchor.as_ref() == Some(&span) {
            return add(BlockKind::Navigation, span);
        }
        let after = next.filter(|next| next.can_be_led_in()).map(|next| {
            // Blank lines between the two.
            let between = text.get(span.end..next.span().start).unwrap_or_default();
            newlines(between.as_bytes()) > 1
        });
        match self.kind {
            LeafKind::Heading(level) => add(BlockKind::Heading { level }, heading_words(text, span)),
            LeafKind::Paragraph if self.is_bold_heading(text) => {
                add(BlockKind::Heading { level: BOLD_LEVEL }, heading_words(text, span));
            }
            LeafKind::Paragraph | LeafKind::Item(_) => {
                let depth = match self.kind {
                    LeafKind::Item(depth) => Some(depth),
                    _ => None,
                };
                for piece in lines::cut(text, &self.lines, depth, after) {
                    match piece.kind {
                        BlockKind::Heading { .. } => add(piece.kind, heading_words(text, piece.span)),
                        kind => add(kind, piece.span),
                    }
                }
            }
            LeafKind::Log => self.lines.iter().for_each(|line| add(BlockKind::Verbatim, line.clone())),
            LeafKind::Html => {
                let kind = if html::is_navigation(&text[span.clone()]) {
                    BlockKind::Navigation
                } else {
                    BlockKind::Paragraph
                };
                for stretch in html::stretches(&text[span.clone()]) {
                    add(kind, span.start + stretch.start..span.start + stretch.end);
                }
            }
            LeafKind::TableRow => add(BlockKind::TableRow, span),
            LeafKind::Navigation => add(BlockKind::Navigation, span),
        }
    }

    /// Whether this is one short line in bold type, with or without a colon behind it.
    fn is_bold_heading(&self, text: &str) -> bool {
        let span = self.span();
        self.bold.as_ref().is_some_and(|bold| {
            self.lines.len() == 1
                && bold.start == span.start
                && matches!(text[bold.end..span.end].trim(), "" | ":")
                && text[span].split_whitespace().count() <= BOLD_WORDS
        })
    }
}

/// Whether a line was meant to be a picture, whatever Markdown makes of it.
fn is_picture(line: &str) -> bool {
    line.starts_with("![") && line.ends_with(')') && !line.contains('\n')
}

/// `span` without white space at its ends.
pub(super) fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    trimmed_of(text, span, |_| false)
}

/// `span` of a heading without the marks of bold or slanted type and the colon.
fn heading_words(text: &str, span: Range<usize>) -> Range<usize> {
    trimmed_of(text, span, |c| matches!(c, '*' | '_' | ':' | '：'))
}

fn trimmed_of(text: &str, span: Range<usize>, also: impl Fn(char) -> bool) -> Range<usize> {
    let unwanted = |c: char| c.is_whitespace() || also(c);
    let kept = text[span.clone()].trim_end_matches(unwanted);
    let end = span.start + kept.len();
    end - kept.trim_start_matches(unwanted).len()..end
}
