//! What is analyzed: documents, each with its text, its structure and its attributes.

mod builder;
mod labels;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use crate::corpus::builder::CorpusBuilder;
use crate::corpus::labels::Labels;
use crate::error::{Error, Result};

/// One source of text, to be put into a [`Corpus`]: a file, or a row of a table.
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
///
/// Many documents take little memory: about 25 bytes each besides their names and attributes, and their
/// texts may stay where they are, in a [`TextStore`].
#[derive(Clone, Default)]
pub struct Corpus {
    records: Vec<Record>,
    labels: Labels,
    sources: Vec<Arc<str>>,
    /// Lists of the names of attributes, each of which many documents have.
    columns: Vec<Vec<Arc<str>>>,
    /// What runs of documents have in common.
    origins: Vec<Origin>,
    /// The blocks of all documents, one after the other.
    blocks: Vec<Block>,
    /// The documents with blocks, and the number of the first block of each.
    structured: Vec<(u32, u32)>,
    /// The texts in memory, one after the other.
    held: String,
    store: Option<Arc<dyn TextStore>>,
}

/// What is known of a document besides its text.
#[derive(Debug, Clone)]
struct Record {
    /// Place of its name, its speaker and the values of its attributes in `labels`.
    labels: u64,
    /// Where its text begins in `held`; or its place in the store, with [`STORED`].
    text: u64,
    text_length: u32,
    first_line: u32,
}

/// What a document and those after it have in common.
#[derive(Debug, Clone, Copy)]
struct Origin {
    /// Number of the first of them.
    first: u32,
    /// Numbers in `sources` and `columns`.
    source: u32,
    columns: u32,
}

/// Marks a place in the store.
const STORED: u64 = 1 << 63;

/// Where texts are that do not stay in memory, such as the files that they come from.
pub trait TextStore: fmt::Debug + Send + Sync {
    /// The texts at some places, in the same order. Places are what
    /// [`CorpusBuilder::push_stored`] was told; those of documents side by side ascend.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) where a text cannot be read or is not what it was.
    fn read(&self, places: &[u64]) -> Result<Vec<String>>;
}

impl Corpus {
    /// A corpus of these documents, in this order.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) when two documents have one name or a block
    /// does not lie within its text, after the block before it; [`ErrorKind::Limit`](crate::ErrorKind::Limit) when a text has
    /// 4 GiB or more, or there are more than 2³² − 1 documents or blocks.
    pub fn new(documents: Vec<Document>) -> Result<Self> {
        let mut builder = CorpusBuilder::default();
        for document in documents {
            builder.push(document)?;
        }
        builder.finish(None)
    }

    /// A corpus of notes in memory, one document a note, named by their numbers from 1.
    ///
    /// # Errors
    /// As [`Corpus::new`].
    ///
    /// ```
    /// let corpus = themeweave::Corpus::from_notes(["Travel costs too much.", "The bus is late."])?;
    /// assert_eq!(corpus.document(1).map(|document| document.name()), Some("2"));
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_notes<T: Into<String>>(notes: impl IntoIterator<Item = T>) -> Result<Self> {
        Self::new((1..).zip(notes).map(|(i, note)| Document::new(i.to_string(), note)).collect())
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The documents, in order.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = DocumentRef<'_>> {
        (0..self.len()).map(|index| DocumentRef { corpus: self, index })
    }

    /// A document by its number, from 0.
    pub fn document(&self, index: usize) -> Option<DocumentRef<'_>> {
        (index < self.len()).then_some(DocumentRef { corpus: self, index })
    }

    /// All documents with their texts, in order. Of texts in a store, a few are in memory at a time.
    ///
    /// ```
    /// use themeweave::{Corpus, Error};
    /// let mut bytes = 0;
    /// for found in Corpus::from_notes(["Travel costs too much.", "The bus is late."])?.texts() {
    ///     let (_, text) = found?;
    ///     bytes += text.len();
    /// }
    /// assert_eq!(bytes, 38);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = Result<(DocumentRef<'_>, Cow<'_, str>)>> {
        self.runs().flat_map(|run| {
            let texts = match self.texts_of(run.clone()) {
                Ok(texts) => texts.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            };
            let documents = run.map(|index| DocumentRef { corpus: self, index });
            documents.zip(texts).map(|(document, text)| Ok((document, text?)))
        })
    }

    /// Whether all texts are in memory.
    pub(crate) fn is_held(&self) -> bool {
        self.records.iter().all(|record| record.place().is_none())
    }

    /// Runs of documents with about 8 MiB of text each, so that no more than that need be in memory. Their
    /// bounds depend on the text alone.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.runs_of(self.len(), |index| index)
    }

    /// The same of so many documents, whose numbers `document` tells.
    pub(crate) fn runs_of(
        &self,
        count: usize,
        document: impl Fn(usize) -> usize,
    ) -> impl Iterator<Item = Range<usize>> {
        const BYTES: u64 = 8 << 20;
        let mut first = 0;
        std::iter::from_fn(move || {
            let mut bytes = 0;
            let long = (first..count).position(|at| {
                bytes += u64::from(self.records[document(at)].text_length);
                bytes >= BYTES
            });
            let run = first..long.map_or(count, |at| first + at + 1);
            first = run.end;
            (!run.is_empty()).then_some(run)
        })
    }

    /// The texts of documents whose numbers ascend.
    pub(crate) fn texts_of(
        &self,
        documents: impl Iterator<Item = usize> + Clone,
    ) -> Result<Vec<Cow<'_, str>>> {
        let places: Vec<u64> = documents.clone().filter_map(|index| self.records[index].place()).collect();
        let mut stored = self.read(&places)?.into_iter();
        documents
            .map(|index| match &self.records[index] {
                record if record.place().is_none() => Ok(Cow::Borrowed(self.held(record))),
                _ => self.checked(index, stored.next().unwrap_or_default()).map(Cow::Owned),
            })
            .collect()
    }

    /// Texts of the store.
    fn read(&self, places: &[u64]) -> Result<Vec<String>> {
        match &self.store {
            Some(store) if !places.is_empty() => store.read(places),
            _ => Ok(Vec::new()),
        }
    }

    /// A text that is in memory.
    fn held(&self, record: &Record) -> &str {
        let start = record.text as usize;
        self.held.get(start..start + record.text_length as usize).unwrap_or_default()
    }

    /// A text of the store, if it is as long as it was.
    fn checked(&self, index: usize, text: String) -> Result<String> {
        if text.len() == self.records[index].text_length as usize {
            return Ok(text);
        }
        let name = DocumentRef { corpus: self, index }.name();
        Err(Error::input(format!("{name}: the text is no longer what was read at first; run it again")))
    }
}

impl Record {
    /// The place in the store.
    fn place(&self) -> Option<u64> {
        (self.text & STORED != 0).then_some(self.text & !STORED)
    }
}

/// Corpora are equal when their documents are, wherever their texts are.
impl PartialEq for Corpus {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.documents().zip(other.documents()).all(|(a, b)| {
                a.name() == b.name()
                    && a.source() == b.source()
                    && a.first_line() == b.first_line()
                    && a.speaker() == b.speaker()
                    && a.attributes().eq(b.attributes())
                    && a.blocks() == b.blocks()
                    && a.text().is_ok_and(|text| b.text().is_ok_and(|other| text == other))
            })
    }
}

impl fmt::Debug for Corpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.documents()).finish()
    }
}

/// A document of a [`Corpus`].
#[derive(Clone, Copy)]
pub struct DocumentRef<'c> {
    corpus: &'c Corpus,
    index: usize,
}

impl<'c> DocumentRef<'c> {
    /// Its number in the corpus, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    fn record(&self) -> &'c Record {
        &self.corpus.records[self.index]
    }

    fn origin(&self) -> Origin {
        let origins = &self.corpus.origins;
        origins[origins.partition_point(|origin| origin.first as usize <= self.index) - 1]
    }

    fn columns(&self) -> &'c [Arc<str>] {
        &self.corpus.columns[self.origin().columns as usize]
    }

    /// As [`Document::name`].
    pub fn name(&self) -> &'c str {
        self.corpus.labels.at(self.record().labels).next().unwrap_or_default()
    }

    /// As [`Document::source`].
    pub fn source(&self) -> &'c Arc<str> {
        &self.corpus.sources[self.origin().source as usize]
    }

    /// As [`Document::first_line`].
    pub fn first_line(&self) -> u32 {
        self.record().first_line
    }

    /// As [`Document::speaker`].
    pub fn speaker(&self) -> Option<&'c str> {
        self.corpus.labels.at(self.record().labels).nth(1).filter(|name| !name.is_empty())
    }

    /// Names and values of its attributes, in the order of the table.
    pub fn attributes(&self) -> impl Iterator<Item = (&'c str, &'c str)> + use<'c> {
        let names = self.columns().iter();
        names.map(|name| &**name).zip(self.corpus.labels.at(self.record().labels).skip(2))
    }

    /// As [`Document::blocks`].
    pub fn blocks(&self) -> &'c [Block] {
        let Corpus { structured, blocks, .. } = self.corpus;
        let Ok(at) = structured.binary_search_by_key(&self.index, |&(index, _)| index as usize) else {
            return &[];
        };
        let end = structured.get(at + 1).map_or(blocks.len(), |&(_, next)| next as usize);
        &blocks[structured[at].1 as usize..end]
    }

    /// Length of the text in bytes.
    pub fn text_len(&self) -> usize {
        self.record().text_length as usize
    }

    /// The text, borrowed where it is in memory.
    ///
    /// # Errors
    /// Those of the [`TextStore`], where the text is in one.
    pub fn text(&self) -> Result<Cow<'c, str>> {
        match self.record().place() {
            None => Ok(Cow::Borrowed(self.corpus.held(self.record()))),
            Some(place) => {
                let text = self.corpus.read(&[place])?.pop().unwrap_or_default();
                self.corpus.checked(self.index, text).map(Cow::Owned)
            }
        }
    }

    /// The same document by itself.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn to_document(&self) -> Result<Document> {
        let attributes = self.columns().iter().cloned().zip(self.attributes());
        Ok(Document {
            name: self.name().to_owned(),
            source: Arc::clone(self.source()),
            first_line: self.first_line(),
            text: self.text()?.into_owned(),
            blocks: self.blocks().to_vec(),
            speaker: self.speaker().map(str::to_owned),
            attributes: attributes
                .map(|(name, (_, value))| Attribute { name, value: value.to_owned() })
                .collect(),
        })
    }

    /// Some bytes of the text; empty where it has no such bytes.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn passage(&self, span: Range<usize>) -> Result<Cow<'c, str>> {
        Ok(match self.text()? {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(span).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(span).unwrap_or_default().to_owned()),
        })
    }

    /// When a span of the text was said: from the beginning of its first block with a time to the end
    /// of its last. Logarithmic in the number of blocks, and linear in that of the span.
    ///
    /// ```
    /// use themeweave::{Block, BlockKind, Corpus, Document, TimeSpan};
    /// let cue = |span, start, end| Block {
    ///     time: Some(TimeSpan { start, end: Some(end) }),
    ///     ..Block::new(span, BlockKind::Paragraph)
    /// };
    /// let blocks = vec![cue(0..7, 500, 1200), cue(8..16, 1200, 2000)];
    /// let corpus = Corpus::new(vec![Document { blocks, ..Document::new("talk", "The bus is late.") }])?;
    /// let talk = corpus.document(0).unwrap();
    /// assert_eq!(talk.time(4..16), Some(TimeSpan { start: 500, end: Some(2000) }));
    /// assert_eq!(talk.time(8..11), Some(TimeSpan { start: 1200, end: Some(2000) }));
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn time(&self, span: Range<usize>) -> Option<TimeSpan> {
        let blocks = self.blocks();
        let first = blocks.partition_point(|block| block.span.end <= span.start);
        let blocks = blocks[first..].iter().take_while(|block| block.span.start < span.end);
        blocks.filter_map(|block| block.time).reduce(|all, next| TimeSpan { end: next.end, ..all })
    }

    /// The page of the source on which byte `at` of the text stands, from 1, where its block says it.
    pub fn page(&self, at: usize) -> Option<u32> {
        self.block_at(at).and_then(|block| block.page)
    }

    pub(crate) fn block_at(&self, at: usize) -> Option<&'c Block> {
        let blocks = self.blocks();
        let index = blocks.partition_point(|block| block.span.end <= at);
        blocks.get(index).filter(|block| block.span.contains(&at))
    }

    /// The blocks by notes: each with those that continue it.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &'c [Block]> + use<'c> {
        self.blocks().chunk_by(|_, next| next.continues)
    }
}

impl fmt::Debug for DocumentRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentRef")
            .field("name", &self.name())
            .field("source", self.source())
            .field("first_line", &self.first_line())
            .field("speaker", &self.speaker())
            .field("attributes", &self.attributes().collect::<Vec<_>>())
            .field("blocks", &self.blocks())
            .field("text", &self.text())
            .finish()
    }
}
