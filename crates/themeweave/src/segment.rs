//! Documents cut into segments: the stretches of text in which terms count as occurring together.
//!
//! A bullet, a turn, a paragraph or the row of a table is what its writer meant as one note, so that
//! is the default. Headings give the section of the segments below them, `Name: text` the speaker.
//! Page furniture and exact repeats are left out here, each with a diagnostic.

mod back_channel;
mod cut;
mod draft;
mod filter;
mod furniture;
mod left_out;
mod note;
mod prompt;
mod sentence;
mod speaker;

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::corpus::Corpus;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::segment::draft::Draft;
pub use crate::segment::filter::SpeakerFilter;
pub use crate::segment::left_out::NotCounted;
pub(crate) use crate::segment::sentence::sentences;
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
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Unit {
    type Err = Error;

    /// Reads `auto`, `note`, `sentence`, `paragraph`, `document` or `words:N` with N ≥ 1.
    fn from_str(text: &str) -> Result<Self> {
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
    is_back_channel: bool,
}

impl Segment {
    /// Number of the document in the corpus, from 0.
    pub fn document(&self) -> usize {
        self.document as usize
    }

    /// Bytes of [`Document::text`](crate::Document::text).
    pub fn span(&self) -> Range<usize> {
        self.span.start as usize..self.span.end as usize
    }

    /// The same span in Unicode code points of [`Document::text`](crate::Document::text), from 0, end exclusive.
    pub fn chars(&self) -> Range<u32> {
        self.chars.clone()
    }

    /// Line of the source file in which the segment begins, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Whether this is the turn of somebody who only shows that they listen ("Mm-hmm."); its words are not
    /// counted.
    pub fn is_back_channel(&self) -> bool {
        self.is_back_channel
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
    /// # Errors
    /// Those of the [`TextStore`](crate::TextStore), where texts are in one.
    ///
    /// ```
    /// use themeweave::{Corpus, Segments, Unit};
    /// let corpus = Corpus::from_notes(["Travel costs too much.", "The bus is late. It is dirty."])?;
    /// let (segments, _) = Segments::from_corpus(&corpus, Unit::Sentence)?;
    /// assert_eq!(segments.len(), 3);
    /// assert_eq!(segments.text(&corpus, 2)?, "It is dirty.");
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_corpus(corpus: &Corpus, unit: Unit) -> Result<(Segments, Vec<Diagnostic>)> {
        Self::of_speakers(corpus, unit, &SpeakerFilter::default())
    }

    /// The same of what some speakers say. With [`Unit::Document`] that is all from the first of their
    /// notes to the last.
    ///
    /// # Errors
    /// As [`from_corpus`](Self::from_corpus).
    pub fn of_speakers(
        corpus: &Corpus,
        unit: Unit,
        filter: &SpeakerFilter,
    ) -> Result<(Segments, Vec<Diagnostic>)> {
        let speakers = Speakers::find(corpus)?;
        let cut = |unit| Draft::new(&speakers, filter, unit).read(corpus);
        let draft = match unit {
            Unit::Auto => {
                let notes = cut(Unit::Note)?;
                if notes.are_few_and_long() { cut(Unit::Sentence)? } else { notes }
            }
            chosen => cut(chosen)?,
        };
        Ok(draft.finish())
    }

    /// Shows `see` all stretches of a corpus whose words are in none of these segments, or in one that is not
    /// counted, as if they were segments, with their texts.
    pub(crate) fn each_uncounted(
        &self,
        corpus: &Corpus,
        filter: &SpeakerFilter,
        see: impl FnMut(NotCounted, &Segment, &str),
    ) -> Result<()> {
        Draft::new(&Speakers::find(corpus)?, filter, self.unit).each_uncounted(corpus, see)
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
    ///
    /// # Errors
    /// Those of the [`TextStore`](crate::TextStore), where the text is in one.
    pub fn text<'c>(&self, corpus: &'c Corpus, index: usize) -> Result<Cow<'c, str>> {
        let segment = self.list.get(index);
        let document = segment.and_then(|segment| Some((corpus.document(segment.document())?, segment)));
        document.map_or(Ok(Cow::Borrowed("")), |(document, segment)| document.passage(segment.span()))
    }

    /// Shows `see` the texts of some segments with their numbers, each segment once and in order. Texts in a store are
    /// read in one go, with about 8 MiB in memory at a time, where [`text`](Self::text) would seek each anew.
    ///
    /// # Errors
    /// Those of the [`TextStore`](crate::TextStore), where texts are in one.
    ///
    /// ```
    /// use themeweave::{Corpus, Segments, Unit};
    /// let corpus = Corpus::from_notes(["The bus is late. It is dirty."])?;
    /// let (segments, _) = Segments::from_corpus(&corpus, Unit::Sentence)?;
    /// let mut seen = Vec::new();
    /// segments.each_text(&corpus, vec![1, 0, 1], |index, text| seen.push(format!("{index} {text}")))?;
    /// assert_eq!(seen, ["0 The bus is late.", "1 It is dirty."]);
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn each_text(
        &self,
        corpus: &Corpus,
        segments: Vec<usize>,
        mut see: impl FnMut(usize, &str),
    ) -> Result<()> {
        self.runs_of_texts(corpus, segments, |run| run.iter().for_each(|&(segment, text)| see(segment, text)))
    }

    /// What `map` makes of the texts of segments for each who asks for one, side by side: `asked` are numbers of
    /// segments and of those who ask. In the order of segments, read as by [`each_text`](Self::each_text).
    pub(crate) fn map_texts<T: Send>(
        &self,
        corpus: &Corpus,
        mut asked: Vec<(usize, usize)>,
        map: impl Fn(usize, &str, usize) -> T + Sync,
    ) -> Result<Vec<(usize, usize, T)>> {
        asked.sort_unstable();
        asked.dedup();
        let map = &map;
        let mut made = Vec::new();
        self.runs_of_texts(corpus, asked.iter().map(|one| one.0).collect(), |run| {
            made.par_extend(run.par_iter().flat_map_iter(|&(segment, text)| {
                let first = asked.partition_point(|one| one.0 < segment);
                let who = asked[first..].iter().take_while(move |one| one.0 == segment).map(|one| one.1);
                who.map(move |who| (segment, who, map(segment, text, who)))
            }));
        })?;
        Ok(made)
    }

    /// Shows `see` the same texts, as many at once as are in memory.
    fn runs_of_texts(
        &self,
        corpus: &Corpus,
        mut segments: Vec<usize>,
        mut see: impl FnMut(&[(usize, &str)]),
    ) -> Result<()> {
        let document = |segment: usize| self.list[segment].document();
        segments.retain(|&segment| segment < self.len() && document(segment) < corpus.len());
        segments.sort_unstable();
        segments.dedup();
        let of_documents: Vec<&[usize]> = segments.chunk_by(|a, b| document(*a) == document(*b)).collect();
        let document = |at: usize| document(of_documents[at][0]);
        for run in corpus.runs_of(of_documents.len(), document) {
            let texts = corpus.texts_of(run.clone().map(document))?;
            let of_documents = of_documents[run].iter().zip(&texts).flat_map(|(own, text)| {
                let part =
                    |&segment: &usize| (segment, text.get(self.list[segment].span()).unwrap_or_default());
                own.iter().map(part)
            });
            let run: Vec<(usize, &str)> = of_documents.collect();
            see(&run);
        }
        Ok(())
    }

    /// The headings above a segment, outermost first, joined by ` > `.
    pub fn section(&self, segment: &Segment) -> Option<&str> {
        segment.section.and_then(|id| self.sections.get(id.get() as usize - 1)).map(String::as_str)
    }

    /// Who says the segment.
    pub fn speaker(&self, segment: &Segment) -> Option<&str> {
        segment.speaker.and_then(|id| self.speakers.get(id.get() as usize - 1)).map(String::as_str)
    }

    /// All who say a segment, in order of appearance.
    pub fn speakers(&self) -> &[String] {
        &self.speakers
    }
}

/// The span without the white space at its ends.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let inner = &text[span.clone()];
    let start = span.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}
