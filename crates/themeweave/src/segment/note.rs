//! Notes as they were written: blocks with their section, their speaker and the bullet they hang below.

use std::num::NonZeroU32;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::corpus::{Block, BlockKind, DocumentRef};
use crate::segment::left_out::{LeftOut, NotCounted};
use crate::segment::speaker::Speakers;
use crate::segment::{furniture, trim};

/// A note as it was written, before it is cut further.
#[derive(Default)]
pub(super) struct Note {
    pub(super) span: Range<usize>,
    pub(super) section: Option<NonZeroU32>,
    pub(super) speaker: Option<NonZeroU32>,
    /// Number of the note of the bullet above, among the notes of the document.
    pub(super) parent: Option<usize>,
    pub(super) is_back_channel: bool,
}

/// Takes note of a stretch of a document that is not counted.
pub(super) type Skip<'a> = dyn FnMut(Range<usize>, NotCounted) + 'a;

/// Finds the notes of one document after the other.
pub(super) struct NoteReader<'s> {
    found: &'s Speakers,
    pub(super) sections: Names,
    pub(super) speakers: Names,
    pub(super) left_out: LeftOut,
}

impl<'s> NoteReader<'s> {
    pub(super) fn new(found: &'s Speakers) -> NoteReader<'s> {
        NoteReader {
            found,
            sections: Names::default(),
            speakers: Names::default(),
            left_out: LeftOut::default(),
        }
    }

    /// The notes of a document, in reading order; `skip` is told what is none.
    pub(super) fn notes(&mut self, document: DocumentRef<'_>, text: &str, skip: &mut Skip<'_>) -> Vec<Note> {
        if !document.blocks().is_empty() {
            return self.notes_of_blocks(document, text, skip);
        }
        let speaker = document.speaker().and_then(|name| self.speakers.number(name));
        let span = trim(text, 0..text.len());
        if span.is_empty() { Vec::new() } else { vec![Note { span, speaker, ..Note::default() }] }
    }

    fn notes_of_blocks(&mut self, document: DocumentRef<'_>, whole: &str, skip: &mut Skip<'_>) -> Vec<Note> {
        let mut list: Vec<Note> = Vec::new();
        let is_script = self.found.is_script(document, whole);
        let mut headings: Vec<(u8, String)> = Vec::new();
        let mut section = None;
        let mut turn = None;
        let mut items: Vec<(u8, usize)> = Vec::new();
        // What kind of block the last lead-in ("Personas:") stands above; it holds for these only.
        let mut led = None;
        self.left_out.seen_here.clear();
        for blocks in document.notes() {
            let (Block { span, kind, speaker, .. }, last) = (&blocks[0], &blocks[blocks.len() - 1]);
            let named = speaker.as_deref().or(document.speaker());
            let span = trim(whole, span.start..last.span.end);
            let text = &whole[span.clone()];
            let is_item = matches!(kind, BlockKind::Item { .. });
            match *kind {
                BlockKind::Navigation => {
                    self.left_out.navigation += 1;
                    skip(span, NotCounted::Navigation);
                    continue;
                }
                BlockKind::Heading { level } => {
                    headings.retain(|(above, _)| *above < level);
                    headings.push((level, plain_heading(text)));
                    section = self.section(&headings);
                    turn = None;
                    led = None;
                    items.clear();
                    skip(span, NotCounted::Heading);
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
            if furniture::is_furniture(text, is_item || named.is_some()) {
                self.left_out.furniture.add(text);
                skip(span, NotCounted::Furniture);
                continue;
            }
            let (speaker, start) = match (named, self.found.speaker(text)) {
                (Some(name), _) => {
                    turn = self.speakers.number(name);
                    (turn, span.start)
                }
                (None, Some((name, length))) => {
                    turn = self.speakers.number(&without_emphasis(name));
                    (turn, span.start + length)
                }
                (None, None) if is_script && !is_item => (turn, span.start),
                (None, None) => (None, span.start),
            };
            skip(span.start..start, NotCounted::SpeakerName);
            let span = trim(whole, start..span.end);
            if span.is_empty() {
                continue;
            }
            if self.left_out.is_repeat(&whole[span.clone()], is_item, section, speaker) {
                self.left_out.repeats.add(&whole[span.clone()]);
                skip(span, NotCounted::Repeat);
                continue;
            }
            let parent = items.last().map(|&(_, note)| note);
            if let BlockKind::Item { depth } = *kind {
                items.push((depth, list.len()));
            }
            list.push(Note { span, section, speaker, parent, is_back_channel: false });
        }
        list
    }

    fn section(&mut self, headings: &[(u8, String)]) -> Option<NonZeroU32> {
        let path: Vec<&str> =
            headings.iter().map(|(_, text)| text.as_str()).filter(|t| !t.is_empty()).collect();
        if path.is_empty() { None } else { self.sections.number(&path.join(" > ")) }
    }
}

/// Heading level from which a heading is the lead-in of one list.
const LEAD_IN: u8 = 8;

/// Names numbered from 1 in order of appearance.
#[derive(Default)]
pub(super) struct Names {
    pub(super) names: Vec<String>,
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

/// A heading without emphasis marks and the closing colon.
fn plain_heading(text: &str) -> String {
    without_emphasis(text).trim_end_matches(':').trim_end().to_owned()
}

/// A line without emphasis marks and doubled blanks.
fn without_emphasis(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.trim_matches(['*', '_', '`']));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
