//! Segments in the making: the notes of one document after the other, cut.

use std::num::NonZeroU32;
use std::ops::Range;

use crate::corpus::{Corpus, DocumentRef};
use crate::diagnostic::{Diagnostic, count};
use crate::error::Result;
use crate::segment::back_channel::is_back_channel;
use crate::segment::cut::{Position, cut};
use crate::segment::filter::SpeakerFilter;
use crate::segment::note::{Note, NoteReader};
use crate::segment::prompt::Prompts;
use crate::segment::speaker::Speakers;
use crate::segment::{Segment, Segments, Unit};

/// Fewer notes than this are few.
const FEW: usize = 30;

/// Segments in the making.
pub(super) struct Draft<'s> {
    reader: NoteReader<'s>,
    filter: &'s SpeakerFilter,
    unit: Unit,
    list: Vec<Segment>,
    /// Notes that were kept, and the words of the first few.
    notes: usize,
    words: usize,
    /// Notes of speakers that were not asked for.
    left_out: usize,
    back_channel: usize,
    prompts: Prompts,
}

impl<'s> Draft<'s> {
    pub(super) fn new(speakers: &'s Speakers, filter: &'s SpeakerFilter, unit: Unit) -> Draft<'s> {
        Draft {
            reader: NoteReader::new(speakers),
            filter,
            unit,
            list: Vec::new(),
            notes: 0,
            words: 0,
            left_out: 0,
            back_channel: 0,
            prompts: Prompts::default(),
        }
    }

    /// Cuts all documents.
    pub(super) fn read(mut self, corpus: &Corpus) -> Result<Draft<'s>> {
        for found in corpus.texts() {
            let (document, text) = found?;
            self.add(document, &text);
        }
        Ok(self)
    }

    /// Whether there are so few notes, with more than 60 words on average, that sentences say more.
    pub(super) fn are_few_and_long(&self) -> bool {
        const LONG: usize = 60;
        self.notes < FEW && self.words > LONG * self.notes
    }

    pub(super) fn finish(self) -> (Segments, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let speakers = self.reader.speakers.names;
        self.reader.left_out.report(&mut diagnostics);
        self.filter.report(self.left_out, &speakers, &mut diagnostics);
        if self.back_channel > 0 {
            let message = format!(
                "{} in which somebody only shows that they listen (“Mm-hmm.”, “Yeah.”); their words are not counted",
                count(self.back_channel, "turn")
            );
            diagnostics.push(Diagnostic::new("back-channel", message));
        }
        diagnostics.extend(self.prompts.diagnostic(&speakers));
        let sections = self.reader.sections.names;
        (Segments { list: self.list, sections, speakers, unit: self.unit }, diagnostics)
    }

    /// Cuts a document.
    fn add(&mut self, document: DocumentRef<'_>, text: &str) {
        let index = document.index() as u32;
        let mut notes = self.reader.notes(document, text);
        self.keep_speakers(&mut notes);
        for note in &mut notes {
            let words = &text[note.span.clone()];
            if let Some(speaker) = note.speaker {
                note.is_back_channel = is_back_channel(words);
                self.back_channel += usize::from(note.is_back_channel);
                self.prompts.add(words, speaker.get());
            }
            if self.notes < FEW {
                self.words += words.split_whitespace().count();
            }
            self.notes += 1;
        }
        let mut position = Position::new(document, text);
        if self.unit == Unit::Document {
            if let (Some(first), Some(last)) = (notes.first(), notes.last()) {
                let span = first.span.start..last.span.end;
                self.push(index, span, &Note::default(), None, &mut position);
            }
            return;
        }
        let mut first_of_note = vec![None; notes.len()];
        for (number, note) in notes.iter().enumerate() {
            let parent = note.parent.and_then(|above| first_of_note[above]);
            for span in cut(text, note.span.clone(), self.unit) {
                first_of_note[number].get_or_insert(self.list.len());
                self.push(index, span, note, parent, &mut position);
            }
        }
    }

    /// Leaves out the notes of a document that others say than the filter asks for.
    fn keep_speakers(&mut self, notes: &mut Vec<Note>) {
        if *self.filter == SpeakerFilter::default() {
            return;
        }
        let names = &self.reader.speakers.names;
        let name = |id: NonZeroU32| names.get(id.get() as usize - 1).map(String::as_str);
        let is_kept = |note: &Note| self.filter.keeps(note.speaker.and_then(name));
        // Where the note of a bullet goes, when those before it go.
        let mut places = Vec::with_capacity(notes.len());
        let mut kept = 0;
        for note in notes.iter() {
            let is_kept = is_kept(note);
            places.push(is_kept.then_some(kept));
            kept += usize::from(is_kept);
        }
        self.left_out += notes.len() - kept;
        notes.retain(is_kept);
        for note in notes {
            note.parent = note.parent.and_then(|parent| places[parent]);
        }
    }

    fn push(
        &mut self,
        document: u32,
        span: Range<usize>,
        note: &Note,
        parent: Option<usize>,
        position: &mut Position<'_>,
    ) {
        let line = position.advance_to_line(span.start);
        let char_start = position.chars;
        position.advance(span.end);
        self.list.push(Segment {
            document,
            span: span.start as u32..span.end as u32,
            chars: char_start..position.chars,
            line,
            section: note.section,
            speaker: note.speaker,
            parent: parent.and_then(|id| NonZeroU32::new(id as u32 + 1)),
            is_back_channel: note.is_back_channel,
        });
    }
}
