//! What is analyzed: documents, each with its text, its structure and its attributes.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::error::{Error, Result};

/// One source of text: a file, or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name that is unique in the corpus: the path of a file, or the id of a row.
    pub name: String,
    /// Name of the file or stream that the document came from, for people to find the place.
    pub source: Arc<str>,
    /// Line of `source`, counted from 1, in which `text` begins.
    pub first_line: u32,
    /// The text as read, with LF line ends.
    pub text: String,
    /// The structure of the text in reading order. Empty where the whole text is one note.
    pub blocks: Vec<Block>,
    /// Who speaks throughout, where one person does (a column of a table).
    pub speaker: Option<String>,
    /// Further columns of the row, in the order of the table.
    pub attributes: Vec<Attribute>,
}

/// A named value that belongs to a document, such as the session or the date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Name of the column.
    pub name: Arc<str>,
    /// The value as read.
    pub value: String,
}

/// A stretch of a document that stands by itself on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Bytes of [`Document::text`] without the markers around them (`#`, `-`, `1.`).
    pub span: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
    /// Who speaks, where the source says so. It goes before a name found in the text.
    pub speaker: Option<Arc<str>>,
    /// When it was said.
    pub time: Option<TimeSpan>,
    /// Page of the source on which it begins, from 1.
    pub page: Option<u32>,
    /// Line of [`Document::source`] in which it begins, from 1, where that is not `first_line` and
    /// the line ends of the text before it (a caption, between whose lines stand times).
    pub line: Option<u32>,
    /// Whether it goes on with the note of the block before it: the next caption of a turn, the rest
    /// of a paragraph on the next page. Both are one note, and each has its own time, page and line.
    pub continues: bool,
}

/// From when to when something was said, in milliseconds from the beginning of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// When it begins.
    pub start: u32,
    /// When it ends, where the source says so.
    pub end: Option<u32>,
}

/// What a [`Block`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading; level 1 is the highest.
    Heading {
        /// 1 for the highest.
        level: u8,
    },
    /// A paragraph outside lists.
    Paragraph,
    /// A bullet or numbered item; depth 0 is the outermost list.
    Item {
        /// Number of lists around the item's own.
        depth: u8,
    },
    /// One line that is to be kept as it stands, such as a line of a log.
    Verbatim,
    /// The row of a table inside a document.
    TableRow,
    /// Part of a table of contents or other navigation, which is not counted.
    Navigation,
}

impl Document {
    /// A document that is one note, from a name and a text.
    ///
    /// ```
    /// let note = themeweave::Document::new("table 3", "Travel costs keep people away.");
    /// assert_eq!(note.first_line, 1);
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            source: name.as_str().into(),
            name,
            first_line: 1,
            text: text.into(),
            blocks: Vec::new(),
            speaker: None,
            attributes: Vec::new(),
        }
    }

    /// When a span of the text was said: from the beginning of its first block with a time to the end
    /// of its last. Logarithmic in the number of blocks, and linear in that of the span.
    ///
    /// ```
    /// use themeweave::{Block, BlockKind, Document, TimeSpan};
    /// let cue = |span, start, end| Block {
    ///     time: Some(TimeSpan { start, end: Some(end) }),
    ///     ..Block::new(span, BlockKind::Paragraph)
    /// };
    /// let mut talk = Document::new("talk", "The bus is late.");
    /// talk.blocks = vec![cue(0..7, 500, 1200), cue(8..16, 1200, 2000)];
    /// assert_eq!(talk.time(4..16), Some(TimeSpan { start: 500, end: Some(2000) }));
    /// assert_eq!(talk.time(8..11), Some(TimeSpan { start: 1200, end: Some(2000) }));
    /// ```
    pub fn time(&self, span: Range<usize>) -> Option<TimeSpan> {
        let first = self.blocks.partition_point(|block| block.span.end <= span.start);
        let blocks = self.blocks[first..].iter().take_while(|block| block.span.start < span.end);
        blocks.filter_map(|block| block.time).reduce(|all, next| TimeSpan { end: next.end, ..all })
    }

    /// The page of the source on which byte `at` of the text stands, from 1, where its block says it.
    pub fn page(&self, at: usize) -> Option<u32> {
        self.block_at(at).and_then(|block| block.page)
    }

    /// The line of the source in which byte `at` of the text stands, where its block has a line.
    pub(crate) fn line_by_block(&self, at: usize) -> Option<u32> {
        let block = self.block_at(at)?;
        let line = block.line?;
        let lines = self.text.get(block.span.start..at)?.matches('\n').count();
        Some(line.saturating_add(lines as u32))
    }

    pub(crate) fn block_at(&self, at: usize) -> Option<&Block> {
        let index = self.blocks.partition_point(|block| block.span.end <= at);
        self.blocks.get(index).filter(|block| block.span.contains(&at))
    }

    /// The blocks by notes: each with those that continue it.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &[Block]> {
        self.blocks.chunk_by(|_, next| next.continues)
    }
}

impl Block {
    /// A block of which no more is known than where it stands and what it is.
    ///
    /// ```
    /// use themeweave::{Block, BlockKind};
    /// let turn = Block { speaker: Some("Ann".into()), ..Block::new(0..12, BlockKind::Paragraph) };
    /// assert_eq!(turn.page, None);
    /// ```
    pub fn new(span: Range<usize>, kind: BlockKind) -> Self {
        Self { span, kind, speaker: None, time: None, page: None, line: None, continues: false }
    }
}

/// Documents in a fixed order, with unique names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    documents: Vec<Document>,
}

impl Corpus {
    /// A corpus of these documents, in this order.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) when two documents have one name or a block
    /// does not lie within its text, after the block before it; [`ErrorKind::Limit`](crate::ErrorKind::Limit) when a text has
    /// 4 GiB or more, or there are more than 2³² − 1 documents.
    pub fn new(documents: Vec<Document>) -> Result<Self> {
        if u32::try_from(documents.len()).is_err() {
            return Err(Error::limit("a corpus holds at most 4,294,967,295 documents"));
        }
        let mut names = FxHashSet::default();
        for document in &documents {
            if u32::try_from(document.text.len()).is_err() {
                return Err(Error::limit(format!(
                    "{}: a document holds at most 4 GiB of text",
                    document.name
                )));
            }
            if !names.insert(document.name.as_str()) {
                return Err(Error::input(format!(
                    "{}: two documents have this name; names must differ",
                    document.name
                )));
            }
            let mut end = 0;
            for block in &document.blocks {
                let is_in_order = block.span.start >= end;
                end = block.span.end;
                if document.text.get(block.span.clone()).is_none() || !is_in_order {
                    return Err(Error::input(format!(
                        "{}: a block does not lie within the text after the block before it",
                        document.name
                    )));
                }
            }
        }
        Ok(Self { documents })
    }

    /// A corpus of notes in memory, one document a note, named by their numbers from 1.
    ///
    /// # Errors
    /// As [`Corpus::new`].
    ///
    /// ```
    /// let corpus = themeweave::Corpus::from_notes(["Travel costs too much.", "The bus is late."])?;
    /// assert_eq!(corpus.documents()[1].name, "2");
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_notes<T: Into<String>>(notes: impl IntoIterator<Item = T>) -> Result<Self> {
        Self::new((1..).zip(notes).map(|(i, note)| Document::new(i.to_string(), note)).collect())
    }

    /// The documents, in order.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }
}
