//! Texts that are read again: few times from beginning to end, however many themes there are, and never one here and
//! one there.

use std::sync::{Arc, Mutex};

use themeweave::{
    Corpus, CorpusBuilder, Document, Language, Options, Result, Rng, TextStore, analyze, explain,
};
use themeweave_io::{OutputFolder, ReadCorpus, ReadOptions, RefiOptions, Run, WriteOptions, write_all};

use crate::support::check_laws;

/// Texts by their numbers, and how often somebody began to read them.
#[derive(Debug, Default)]
struct Shelf {
    texts: Vec<String>,
    /// Times that a reading did not go on where the last one ended, and that end.
    begun: Mutex<(usize, Option<u64>)>,
}

impl Shelf {
    /// The times since this was asked last.
    fn begun(&self) -> usize {
        std::mem::take(&mut self.begun.lock().unwrap().0)
    }
}

impl TextStore for Shelf {
    fn read(&self, places: &[u64]) -> Result<Vec<String>> {
        assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
        let (begun, last) = &mut *self.begun.lock().unwrap();
        *begun += usize::from(last.is_none_or(|last| places[0] <= last));
        *last = places.last().copied();
        Ok(places.iter().map(|&place| self.texts[place as usize].clone()).collect())
    }
}

/// Notes on so many subjects, among which words of others stand now and then, and some are negated; some say the
/// same.
fn notes(subjects: usize) -> Vec<String> {
    let mut rng = Rng::new(7);
    let mut note = |i: usize| {
        let subject = i % subjects;
        let mut word = |of: usize| format!("w{of}x{}", rng.below(30));
        let mut words: Vec<String> = (0..8).map(|_| word(subject)).collect();
        match i / subjects % 8 {
            0 => words.push(word((subject + 1) % subjects)),
            1 => words.insert(3, "not".to_owned()),
            2 => words = (0..9).map(|at| format!("w{subject}x{at}")).collect(),
            _ => {}
        }
        words.join(" ")
    };
    (0..40 * subjects).map(&mut note).collect()
}

/// The same notes in memory and on a shelf.
fn corpora(notes: Vec<String>) -> (Corpus, Corpus, Arc<Shelf>) {
    let mut builder = CorpusBuilder::default();
    for (place, note) in notes.iter().enumerate() {
        builder.push_stored(Document::new((place + 1).to_string(), note), place as u64).unwrap();
    }
    let held = Corpus::from_notes(notes.clone()).unwrap();
    let shelf = Arc::new(Shelf { texts: notes, ..Shelf::default() });
    let stored = builder.finish(Some(Arc::clone(&shelf) as Arc<dyn TextStore>)).unwrap();
    (held, stored, shelf)
}

#[test]
fn texts_are_read_as_often_for_many_themes_as_for_few() {
    for (subjects, levels) in [(4, 1), (30, 1), (4, 2), (30, 2)] {
        let (held, stored, shelf) = corpora(notes(subjects));
        let options = Options {
            language: Some(Language::English),
            themes: Some(subjects as u32),
            resamples: Some(0),
            levels,
            ..Options::default()
        };
        let analysis = analyze(&stored, &options, &mut ()).unwrap();
        // For segments and for words; to see what is worth showing, and for what is shown; and once more, for many say
        // the same.
        let begun = shelf.begun();
        assert!(begun <= 5, "{subjects} {levels}: {begun}");
        assert_eq!(analysis.themes, analyze(&held, &options, &mut ()).unwrap().themes);
        assert_eq!(analysis.themes.len(), subjects);
        let shown = |theme: &themeweave::Theme| theme.quotes.len() + theme.counter_evidence.len();
        assert!(analysis.themes.iter().map(shown).sum::<usize>() > 5 * subjects);
        check_laws(&held, &analysis);

        let read = ReadCorpus { corpus: stored, ..ReadCorpus::default() };
        let read_options = ReadOptions::default();
        let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
        for (refi, most) in [(None, 3), (Some(RefiOptions::default()), 7)] {
            let parent = tempfile::tempdir().unwrap();
            let mut folder = OutputFolder::create(parent.path().join("out"), false).unwrap();
            write_all(&mut folder, &run, &WriteOptions { refi, ..WriteOptions::default() }).unwrap();
            // For segments.csv, and for quotes and links of the report; for the texts of a project, twice for what tells
            // it from others, and for what is said of them.
            let begun = shelf.begun();
            assert!(begun <= most, "{subjects} {levels}: {begun}");
        }

        let found = explain(&read.corpus, &options, &analysis, "w1x1").unwrap();
        let begun = shelf.begun();
        assert!(begun <= 2, "{subjects} {levels}: {begun}");
        assert_eq!(found, explain(&held, &options, &analysis, "w1x1").unwrap());
        assert_eq!(found.places.len(), 3);
    }
}
