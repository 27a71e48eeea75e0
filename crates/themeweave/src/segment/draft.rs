//! Segments in the making: the notes of one document after the other, cut.

use std::num::NonZeroU32;

use rayon::prelude::*;

use crate::corpus::{Corpus, DocumentRef};
use crate::diagnostic::{Diagnostic, count};
use crate::error::Result;
use crate::segment::back_channel::is_back_channel;
use crate::segment::cut::{Position, cut};
use crate::segment::filter::SpeakerFilter;
use crate::segment::left_out::NotCounted;
use crate::segment::note::{Note, NoteReader, Skip};
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

    /// Cuts all documents: their notes are found one after the other, and cut side by side.
    pub(super) fn read(mut self, corpus: &Corpus) -> Result<Draft<'s>> {
        for run in corpus.runs() {
            let texts = corpus.texts_of(run.clone())?;
            let documents = run.filter_map(|index| corpus.document(index)).zip(&texts);
            let notes: Vec<(DocumentRef<'_>, &str, Vec<Note>)> = documents
                .map(|(document, text)| (document, &**text, self.notes(document, text, &mut |_, _| ())))
                .collect();
            let unit = self.unit;
            let cut = notes
                .par_iter()
                .flat_map_iter(|(document, text, notes)| cut_notes(*document, text, notes, unit));
            self.append(cut.collect());
        }
        Ok(self)
    }

    /// Shows `see` all stretches that are not counted as if they were segments, with their texts.
    pub(super) fn each_uncounted(
        mut self,
        corpus: &Corpus,
        mut see: impl FnMut(NotCounted, &Segment, &str),
    ) -> Result<()> {
        for run in corpus.runs() {
            let texts = corpus.texts_of(run.clone())?;
            for (document, text) in run.filter_map(|index| corpus.document(index)).zip(&texts) {
                let mut skipped = Vec::new();
                self.notes(document, text, &mut |span, why| skipped.push((span, why)));
                skipped.sort_by_key(|(span, _)| span.start);
                let mut position = Position::new(document, text);
                for (span, why) in skipped {
                    let place = position.segment(span.clone(), &Note::default(), None);
                    see(why, &place, &text[span]);
                }
            }
        }
        Ok(())
    }

    /// Whether there are so few notes, with more than 60 words on average, that sentences say more.
    pub(super) fn are_few_and_long(&self) -> bool {
        const LONG: usize = 60;
        self.notes < FEW && self.words > LONG * self.notes
    }

    pub(super) fn finish(mut self) -> (Segments, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let speakers = std::mem::take(&mut self.reader.speakers.names);
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
        let speakers = keep_heard(&mut self.list, speakers);
        (Segments { list: self.list, sections, speakers, unit: self.unit }, diagnostics)
    }

    /// The notes of a document that are kept; `skip` is told what is not counted.
    fn notes(&mut self, document: DocumentRef<'_>, text: &str, skip: &mut Skip<'_>) -> Vec<Note> {
        let mut notes = self.reader.notes(document, text, skip);
        self.keep_speakers(&mut notes, skip);
        for note in &mut notes {
            let words = &text[note.span.clone()];
            if let Some(speaker) = note.speaker {
                note.is_back_channel = is_back_channel(words);
                if note.is_back_channel {
                    self.back_channel += 1;
                    skip(note.span.clone(), NotCounted::BackChannel);
                }
                self.prompts.add(words, speaker.get());
            }
            if self.notes < FEW {
                self.words += words.split_whitespace().count();
            }
            self.notes += 1;
        }
        notes
    }

    /// Adds the segments of further documents, whose parents are numbered within each document.
    fn append(&mut self, segments: Vec<Segment>) {
        self.list.reserve(segments.len());
        let mut first = self.list.len() as u32;
        for mut segment in segments {
            if self.list.last().is_some_and(|last| last.document != segment.document) {
                first = self.list.len() as u32;
            }
            segment.parent = segment.parent.and_then(|own| own.checked_add(first));
            self.list.push(segment);
        }
    }

    /// Leaves out the notes of a document that others say than the filter asks for.
    fn keep_speakers(&mut self, notes: &mut Vec<Note>, skip: &mut Skip<'_>) {
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
            if !is_kept {
                skip(note.span.clone(), NotCounted::SpeakerLeftOut);
            }
            places.push(is_kept.then_some(kept));
            kept += usize::from(is_kept);
        }
        self.left_out += notes.len() - kept;
        notes.retain(is_kept);
        for note in notes {
            note.parent = note.parent.and_then(|parent| places[parent]);
        }
    }
}

/// The names of speakers who say a segment, by which these are numbered anew; others were left out.
fn keep_heard(list: &mut [Segment], names: Vec<String>) -> Vec<String> {
    let mut is_heard = vec![false; names.len()];
    let index = |id: NonZeroU32| id.get() as usize - 1;
    list.iter().filter_map(|segment| segment.speaker).for_each(|id| is_heard[index(id)] = true);
    let mut heard = 0;
    let number = is_heard.iter().map(|&is_heard| {
        heard += u32::from(is_heard);
        NonZeroU32::new(heard).filter(|_| is_heard)
    });
    let number: Vec<Option<NonZeroU32>> = number.collect();
    list.iter_mut().for_each(|segment| segment.speaker = segment.speaker.and_then(|id| number[index(id)]));
    names.into_iter().zip(is_heard).filter(|(_, is_heard)| *is_heard).map(|(name, _)| name).collect()
}

/// The segments of a document's notes, with the number of a parent within the document.
fn cut_notes(document: DocumentRef<'_>, text: &str, notes: &[Note], unit: Unit) -> Vec<Segment> {
    let mut position = Position::new(document, text);
    if unit == Unit::Document {
        let whole = notes.first().zip(notes.last()).map(|(first, last)| first.span.start..last.span.end);
        return whole.map(|span| position.segment(span, &Note::default(), None)).into_iter().collect();
    }
    let mut segments = Vec::with_capacity(notes.len());
    let mut first_of_note = vec![None; notes.len()];
    for (number, note) in notes.iter().enumerate() {
        let parent = note.parent.and_then(|above| first_of_note[above]);
        for span in cut(text, note.span.clone(), unit) {
            first_of_note[number].get_or_insert(segments.len());
            segments.push(position.segment(span, note, parent));
        }
    }
    segments
}
