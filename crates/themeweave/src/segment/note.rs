//! Notes as they were written: blocks with their section, their speaker and the bullet they hang below.

use std::num::NonZeroU32;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::corpus::{Block, BlockKind, Corpus, Document};
use crate::diagnostic::{Diagnostic, count};
use crate::segment::back_channel::is_back_channel;
use crate::segment::filter::SpeakerFilter;
use crate::segment::left_out::LeftOut;
use crate::segment::speaker::Speakers;
use crate::segment::{Unit, furniture, prompt, trim};

/// A note as it was written, before it is cut further.
#[derive(Default)]
pub(super) struct Note {
    pub(super) document: u32,
    pub(super) span: Range<usize>,
    pub(super) section: Option<NonZeroU32>,
    pub(super) speaker: Option<NonZeroU32>,
    /// Index of the note of the bullet above.
    pub(super) parent: Option<usize>,
    pub(super) is_back_channel: bool,
}

/// All notes of a corpus in reading order.
pub(super) struct Notes {
    pub(super) list: Vec<Note>,
    pub(super) sections: Names,
    pub(super) speakers: Names,
}

impl Notes {
    pub(super) fn read(corpus: &Corpus, filter: &SpeakerFilter, diagnostics: &mut Vec<Diagnostic>) -> Notes {
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
        notes.keep_speakers(filter, diagnostics);
        notes.mark_back_channel(corpus, diagnostics);
        diagnostics.extend(prompt::prompts(corpus, &notes));
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
        for blocks in document.notes() {
            let (Block { span, kind, speaker, .. }, last) = (&blocks[0], &blocks[blocks.len() - 1]);
            let named = speaker.as_deref().or(document.speaker.as_deref());
            let span = trim(&document.text, span.start..last.span.end);
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
            if furniture::is_furniture(text, is_item || named.is_some()) {
                left_out.furniture.push(text.to_owned());
                continue;
            }
            let (speaker, start) = match (named, found.speaker(text)) {
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
            self.list.push(Note { document: d, span, section, speaker, parent, is_back_channel: false });
        }
    }

    /// Leaves out what others say than the filter asks for.
    fn keep_speakers(&mut self, filter: &SpeakerFilter, diagnostics: &mut Vec<Diagnostic>) {
        if *filter == SpeakerFilter::default() {
            return;
        }
        let names = &self.speakers.names;
        let keeps: Vec<bool> = names.iter().map(|name| filter.keeps(Some(name))).collect();
        let keeps_nobody = filter.keeps(None);
        let is_kept = |note: &Note| note.speaker.map_or(keeps_nobody, |id| keeps[id.get() as usize - 1]);
        // Where the note of a bullet goes, when those before it go.
        let mut places = Vec::with_capacity(self.list.len());
        let mut kept = 0;
        for note in &self.list {
            places.push(is_kept(note).then_some(kept));
            kept += usize::from(is_kept(note));
        }
        let all = self.list.len();
        self.list.retain(is_kept);
        for note in &mut self.list {
            note.parent = note.parent.and_then(|parent| places[parent]);
        }
        filter.report(all - self.list.len(), &self.speakers.names, diagnostics);
    }

    /// Marks the turns in which somebody only shows that they listen.
    fn mark_back_channel(&mut self, corpus: &Corpus, diagnostics: &mut Vec<Diagnostic>) {
        let mut marked = 0;
        for note in self.list.iter_mut().filter(|note| note.speaker.is_some()) {
            let text = &corpus.documents()[note.document as usize].text[note.span.clone()];
            note.is_back_channel = is_back_channel(text);
            marked += usize::from(note.is_back_channel);
        }
        if marked > 0 {
            let message = format!(
                "{} in which somebody only shows that they listen (“Mm-hmm.”, “Yeah.”); their words are not counted",
                count(marked, "turn")
            );
            diagnostics.push(Diagnostic::new("back-channel", message));
        }
    }

    fn section(&mut self, headings: &[(u8, String)]) -> Option<NonZeroU32> {
        let path: Vec<&str> =
            headings.iter().map(|(_, text)| text.as_str()).filter(|t| !t.is_empty()).collect();
        if path.is_empty() { None } else { self.sections.number(&path.join(" > ")) }
    }

    /// Notes as they are; sentences where there are few notes and they are long.
    pub(super) fn natural_unit(&self, corpus: &Corpus) -> Unit {
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
