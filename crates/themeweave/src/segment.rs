//! Documents cut into segments: the stretches of text in which terms count as occurring together.
//!
//! A bullet, a turn, a paragraph or the row of a table is what its writer meant as one note, so that
//! is the default. Headings give the section of the segments below them, `Name: text` the speaker.
//! Page furniture and exact repeats are left out here, each with a diagnostic.

mod furniture;
mod speaker;

use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::{Block, BlockKind, Corpus, Document};
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::segment::speaker::Speakers;

/// What counts as one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unit {
    /// [`Unit::Note`], unless there are fewer than 30 notes with more than 60 words on average:
    /// then [`Unit::Sentence`].
    #[default]
    Auto,
    /// A bullet, a turn, a paragraph, or the row of a table: a note as it was written.
    Note,
    /// A sentence of a note (UAX #29).
    Sentence,
    /// A note, cut at its blank lines.
    Paragraph,
    /// A whole document.
    Document,
    /// Stretches of this many words of a note, the rest joined to the last stretch where it is
    /// shorter than half of one.
    Words(NonZeroU32),
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unit::Auto => f.write_str("auto"),
            Unit::Note => f.write_str("note"),
            Unit::Sentence => f.write_str("sentence"),
            Unit::Paragraph => f.write_str("paragraph"),
            Unit::Document => f.write_str("document"),
            Unit::Words(n) => write!(f, "words:{n}"),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Unit {
    type Err = Error;

    /// Reads `auto`, `note`, `sentence`, `paragraph`, `document` or `words:N` with N ≥ 1.
    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || {
            Error::options(format!(
                "no unit “{text}”; known are auto, note, sentence, paragraph, document and words:N, such as words:40"
            ))
        };
        match text {
            "auto" => Ok(Unit::Auto),
            "note" => Ok(Unit::Note),
            "sentence" => Ok(Unit::Sentence),
            "paragraph" => Ok(Unit::Paragraph),
            "document" => Ok(Unit::Document),
            _ => {
                text.strip_prefix("words:").and_then(|n| n.parse().ok()).map(Unit::Words).ok_or_else(unknown)
            }
        }
    }
}

/// A stretch of a document in which terms count as occurring together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    document: u32,
    span: Range<u32>,
    chars: Range<u32>,
    line: u32,
    section: Option<NonZeroU32>,
    speaker: Option<NonZeroU32>,
    parent: Option<NonZeroU32>,
}

impl Segment {
    /// Index of the document in [`Corpus::documents`].
    pub fn document(&self) -> usize {
        self.document as usize
    }

    /// Bytes of [`Document::text`].
    pub fn span(&self) -> Range<usize> {
        self.span.start as usize..self.span.end as usize
    }

    /// The same span in Unicode code points of [`Document::text`], from 0, end exclusive.
    pub fn chars(&self) -> Range<u32> {
        self.chars.clone()
    }

    /// Line of the source file in which the segment begins, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Index of the bullet that this one hangs below.
    pub fn parent(&self) -> Option<usize> {
        self.parent.map(|id| id.get() as usize - 1)
    }
}

/// All segments of a corpus in reading order, with the names of their sections and speakers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segments {
    list: Vec<Segment>,
    sections: Vec<String>,
    speakers: Vec<String>,
    unit: Unit,
}

impl Segments {
    /// Cuts a corpus into segments and says what was left out. Linear in the length of the text.
    ///
    /// ```
    /// use themeweave::{Corpus, Segments, Unit};
    /// let corpus = Corpus::from_notes(["Travel costs too much.", "The bus is late. It is dirty."])?;
    /// let (segments, _) = Segments::from_corpus(&corpus, Unit::Sentence);
    /// assert_eq!(segments.len(), 3);
    /// assert_eq!(segments.text(&corpus, 2), "It is dirty.");
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_corpus(corpus: &Corpus, unit: Unit) -> (Segments, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let notes = Notes::read(corpus, &mut diagnostics);
        let unit = match unit {
            Unit::Auto => notes.natural_unit(corpus),
            chosen => chosen,
        };
        let mut segments = Segments {
            list: Vec::new(),
            sections: notes.sections.names,
            speakers: notes.speakers.names,
            unit,
        };
        let mut first_of_note = vec![None; notes.list.len()];
        let mut position = Position::default();
        let mut merged_to = None;
        for (n, note) in notes.list.iter().enumerate() {
            let document = &corpus.documents()[note.document as usize];
            if unit == Unit::Document {
                if merged_to == Some(note.document) {
                    continue;
                }
                merged_to = Some(note.document);
                let last = notes.list[n..].iter().take_while(|other| other.document == note.document).last();
                let end = last.map_or(note.span.end, |other| other.span.end);
                segments.push(
                    document,
                    note.document,
                    note.span.start..end,
                    Note::default(),
                    None,
                    &mut position,
                );
                continue;
            }
            let parent = note.parent.and_then(|id| first_of_note[id]);
            for span in cut(&document.text, note.span.clone(), unit) {
                first_of_note[n].get_or_insert(segments.list.len());
                let context = Note { section: note.section, speaker: note.speaker, ..Note::default() };
                segments.push(document, note.document, span, context, parent, &mut position);
            }
        }
        (segments, diagnostics)
    }

    fn push(
        &mut self,
        document: &Document,
        index: u32,
        span: Range<usize>,
        context: Note,
        parent: Option<usize>,
        position: &mut Position,
    ) {
        position.advance(document, index, span.start);
        let (line, char_start) = (document.first_line.saturating_add(position.lines), position.chars);
        position.advance(document, index, span.end);
        self.list.push(Segment {
            document: index,
            span: span.start as u32..span.end as u32,
            chars: char_start..position.chars,
            line,
            section: context.section,
            speaker: context.speaker,
            parent: parent.and_then(|id| NonZeroU32::new(id as u32 + 1)),
        });
    }

    /// The segments, in reading order.
    pub fn list(&self) -> &[Segment] {
        &self.list
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The unit by which the corpus was cut; never [`Unit::Auto`] after [`Segments::from_corpus`].
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The text of segment `index`, exactly as it stands in its document; empty when there is no
    /// such segment or the corpus is another one.
    pub fn text<'c>(&self, corpus: &'c Corpus, index: usize) -> &'c str {
        let Some(segment) = self.list.get(index) else { return "" };
        corpus.documents().get(segment.document()).and_then(|d| d.text.get(segment.span())).unwrap_or("")
    }

    /// The headings above a segment, outermost first, joined by ` > `.
    pub fn section(&self, segment: &Segment) -> Option<&str> {
        segment.section.and_then(|id| self.sections.get(id.get() as usize - 1)).map(String::as_str)
    }

    /// Who says the segment.
    pub fn speaker(&self, segment: &Segment) -> Option<&str> {
        segment.speaker.and_then(|id| self.speakers.get(id.get() as usize - 1)).map(String::as_str)
    }

    /// All speakers, in order of appearance.
    pub fn speakers(&self) -> &[String] {
        &self.speakers
    }
}

/// Names numbered from 1 in order of appearance.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    index: FxHashMap<String, NonZeroU32>,
}

impl Names {
    fn number(&mut self, name: &str) -> Option<NonZeroU32> {
        if let Some(&known) = self.index.get(name) {
            return Some(known);
        }
        let id = NonZeroU32::new(u32::try_from(self.names.len() + 1).ok()?)?;
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), id);
        Some(id)
    }
}

/// A note as it was written, before it is cut further.
#[derive(Default)]
struct Note {
    document: u32,
    span: Range<usize>,
    section: Option<NonZeroU32>,
    speaker: Option<NonZeroU32>,
    /// Index of the note of the bullet above.
    parent: Option<usize>,
}

struct Notes {
    list: Vec<Note>,
    sections: Names,
    speakers: Names,
}

impl Notes {
    fn read(corpus: &Corpus, diagnostics: &mut Vec<Diagnostic>) -> Notes {
        let found = Speakers::find(corpus);
        let mut notes = Notes { list: Vec::new(), sections: Names::default(), speakers: Names::default() };
        let mut left_out = LeftOut::default();
        for (d, document) in corpus.documents().iter().enumerate() {
            if document.blocks.is_empty() {
                let speaker = document.speaker.as_deref().and_then(|name| notes.speakers.number(name));
                let span = trim(&document.text, 0..document.text.len());
                if !span.is_empty() {
                    notes.list.push(Note { document: d as u32, span, speaker, ..Note::default() });
                }
            } else {
                notes.read_blocks(d as u32, document, &found, &mut left_out);
            }
        }
        left_out.report(diagnostics);
        notes
    }

    fn read_blocks(&mut self, d: u32, document: &Document, found: &Speakers, left_out: &mut LeftOut) {
        let is_script = found.is_script(document);
        let mut headings: Vec<(u8, String)> = Vec::new();
        let mut section = None;
        let mut turn = None;
        let mut items: Vec<(u8, usize)> = Vec::new();
        // What kind of block the last lead-in ("Personas:") stands above; it holds for these only.
        let mut led = None;
        left_out.seen_here.clear();
        for Block { span, kind } in &document.blocks {
            let span = trim(&document.text, span.clone());
            let text = &document.text[span.clone()];
            let is_item = matches!(kind, BlockKind::Item { .. });
            match *kind {
                BlockKind::Navigation => {
                    left_out.navigation += 1;
                    continue;
                }
                BlockKind::Heading { level } => {
                    headings.retain(|(above, _)| *above < level);
                    headings.push((level, plain_heading(text)));
                    section = self.section(&headings);
                    turn = None;
                    led = None;
                    items.clear();
                    continue;
                }
                BlockKind::Item { depth } => items.retain(|(above, _)| *above < depth),
                _ => items.clear(),
            }
            let is_other_kind =
                *led.get_or_insert(std::mem::discriminant(kind)) != std::mem::discriminant(kind);
            if is_other_kind && headings.pop_if(|(level, _)| *level >= LEAD_IN).is_some() {
                section = self.section(&headings);
            }
            if furniture::is_furniture(text, is_item) {
                left_out.furniture.push(text.to_owned());
                continue;
            }
            let (speaker, start) = match found.speaker(text) {
                Some((name, length)) => {
                    turn = self.speakers.number(&without_emphasis(name));
                    (turn, span.start + length)
                }
                None if is_script => (turn, span.start),
                None => (None, span.start),
            };
            let span = trim(&document.text, start..span.end);
            if span.is_empty() {
                continue;
            }
            if left_out.is_repeat(&document.text[span.clone()], is_item, section, speaker) {
                left_out.repeats.push(document.text[span].to_owned());
                continue;
            }
            let parent = items.last().map(|&(_, note)| note);
            if let BlockKind::Item { depth } = *kind {
                items.push((depth, self.list.len()));
            }
            self.list.push(Note { document: d, span, section, speaker, parent });
        }
    }

    fn section(&mut self, headings: &[(u8, String)]) -> Option<NonZeroU32> {
        let path: Vec<&str> =
            headings.iter().map(|(_, text)| text.as_str()).filter(|t| !t.is_empty()).collect();
        if path.is_empty() { None } else { self.sections.number(&path.join(" > ")) }
    }

    /// Notes as they are; sentences where there are few notes and they are long.
    fn natural_unit(&self, corpus: &Corpus) -> Unit {
        const FEW: usize = 30;
        const LONG: usize = 60;
        if self.list.len() >= FEW {
            return Unit::Note;
        }
        let words: usize = self
            .list
            .iter()
            .map(|note| {
                corpus.documents()[note.document as usize].text[note.span.clone()].split_whitespace().count()
            })
            .sum();
        if words > LONG * self.list.len() { Unit::Sentence } else { Unit::Note }
    }
}

/// Heading level from which a heading is the lead-in of one list.
const LEAD_IN: u8 = 8;

/// What was not counted, to be told.
#[derive(Default)]
struct LeftOut {
    navigation: usize,
    furniture: Vec<String>,
    repeats: Vec<String>,
    /// The last text and its speaker.
    last: (String, Option<NonZeroU32>),
    /// Texts of the present document without a speaker, with their sections.
    seen_here: FxHashSet<(String, Option<NonZeroU32>)>,
    /// Paragraphs of all documents, with `0` for each number.
    seen: FxHashSet<String>,
}

impl LeftOut {
    /// Whether this text of at least four words stood before: in the same section of the document (a
    /// caption twice), or, for a paragraph, in another document but for its numbers (a head of the
    /// page). Shorter texts ("Yes, exactly.") are repeated for good reasons, and so are bullets in
    /// other sections and documents, and turns unless one follows the same at once.
    fn is_repeat(
        &mut self,
        text: &str,
        is_item: bool,
        section: Option<NonZeroU32>,
        speaker: Option<NonZeroU32>,
    ) -> bool {
        const WORDS: usize = 4;
        let words: Vec<&str> = text.split_whitespace().collect();
        let plain = words.join(" ");
        let follows_itself = speaker.is_some() && self.last == (plain.clone(), speaker);
        self.last = (plain.clone(), speaker);
        if words.len() < WORDS || speaker.is_some() {
            return words.len() >= WORDS && follows_itself;
        }
        let is_head = !is_item && !self.seen.insert(without_numbers(&plain));
        !self.seen_here.insert((plain, section)) || is_head
    }

    fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        if self.navigation > 0 {
            let message = format!("{} of a table of contents left out", count(self.navigation, "line"));
            diagnostics.push(Diagnostic::new("navigation", message));
        }
        if !self.furniture.is_empty() {
            let message = format!(
                "{} of page furniture left out: {}",
                count(self.furniture.len(), "piece"),
                excerpts(&self.furniture)
            );
            diagnostics.push(Diagnostic::new("page-furniture", message));
        }
        if !self.repeats.is_empty() {
            let message = format!(
                "{} of a note counted once: {}",
                count(self.repeats.len(), "exact repeat"),
                excerpts(&self.repeats)
            );
            diagnostics.push(Diagnostic::new("repeats", message));
        }
    }
}

/// A text with `0` in place of each number.
fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_numeric() {
            true if plain.ends_with('0') => {}
            true => plain.push('0'),
            false => plain.push(c),
        }
    }
    plain
}

/// A number with its noun, in the plural where it is due.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The beginnings of the first few texts, in quotes.
fn excerpts(texts: &[String]) -> String {
    const SHOWN: usize = 4;
    const CHARS: usize = 40;
    let mut shown: Vec<String> = texts
        .iter()
        .take(SHOWN)
        .map(|text| {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match line.char_indices().nth(CHARS) {
                Some((end, _)) => format!("“{}…”", &line[..end]),
                None => format!("“{line}”"),
            }
        })
        .collect();
    if texts.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// A heading without emphasis marks and the closing colon.
fn plain_heading(text: &str) -> String {
    without_emphasis(text).trim_end_matches(':').trim_end().to_owned()
}

/// A line without emphasis marks and doubled blanks.
fn without_emphasis(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.trim_matches(['*', '_', '`']));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The span without the white space at its ends.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let inner = &text[span.clone()];
    let start = span.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

/// The spans of one note's segments.
fn cut(text: &str, span: Range<usize>, unit: Unit) -> Vec<Range<usize>> {
    let note = &text[span.clone()];
    let place = |piece: Range<usize>| trim(text, span.start + piece.start..span.start + piece.end);
    let has_word = |piece: &Range<usize>| text[piece.clone()].chars().any(char::is_alphanumeric);
    match unit {
        Unit::Auto | Unit::Note | Unit::Document => vec![span],
        Unit::Sentence => note
            .split_sentence_bound_indices()
            .map(|(at, sentence)| place(at..at + sentence.len()))
            .filter(has_word)
            .collect(),
        Unit::Paragraph => {
            let mut pieces = Vec::new();
            let (mut start, mut at) = (0, 0);
            for line in note.split_inclusive('\n') {
                if line.trim().is_empty() {
                    pieces.push(place(start..at));
                    start = at + line.len();
                }
                at += line.len();
            }
            pieces.push(place(start..at));
            pieces.into_iter().filter(has_word).collect()
        }
        Unit::Words(n) => {
            let size = n.get() as usize;
            let words: Vec<Range<usize>> =
                note.unicode_word_indices().map(|(at, word)| at..at + word.len()).collect();
            let mut chunks: Vec<&[Range<usize>]> = words.chunks(size).collect();
            if chunks.len() > 1 && chunks.last().is_some_and(|last| last.len() * 2 < size) {
                chunks.pop();
            }
            let starts: Vec<usize> =
                chunks.iter().filter_map(|chunk| chunk.first()).map(|word| word.start).collect();
            let ends = starts.iter().skip(1).copied().chain([note.len()]);
            starts.iter().zip(ends).map(|(&start, end)| place(start..end)).filter(has_word).collect()
        }
    }
}

/// Lines and code points up to a byte of a document; moves forward only, so that a whole corpus
/// costs one pass.
#[derive(Default)]
struct Position {
    document: u32,
    byte: usize,
    chars: u32,
    lines: u32,
}

impl Position {
    fn advance(&mut self, document: &Document, index: u32, to: usize) {
        if self.document != index || to < self.byte {
            *self = Position { document: index, ..Position::default() };
        }
        let passed = &document.text[self.byte..to];
        self.chars += passed.chars().count() as u32;
        self.lines += passed.bytes().filter(|&b| b == b'\n').count() as u32;
        self.byte = to;
    }
}
