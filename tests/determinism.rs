//! The same corpus and options give the same result to the last bit: twice, and on any number of
//! threads.

use themeweave::{Corpus, Options, Rng, analyze};

use crate::support::{analyzed, data, read_path};

/// Everything that an analysis says, floats with all their digits.
#[track_caller]
fn told(corpus: &Corpus, options: &Options, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| format!("{:?}", analyze(corpus, options, &mut ()).unwrap()))
}

#[track_caller]
fn check(corpus: &Corpus, options: &Options) {
    let first = told(corpus, options, 1);
    for threads in [1, 2, 4, 7] {
        let again = told(corpus, options, threads);
        assert!(first == again, "{threads} threads give another result than one");
    }
}

/// Notes of four subjects with words of their own and words of all.
pub(crate) fn generated(notes: usize, seed: u64) -> Corpus {
    const SUBJECTS: [&[&str]; 4] = [
        &["bus", "timetable", "stop", "driver", "ticket", "delay", "route", "fare", "tram", "depot"],
        &[
            "garden",
            "volunteer",
            "planting",
            "tools",
            "allotment",
            "compost",
            "seed",
            "harvest",
            "bench",
            "shed",
        ],
        &["library", "book", "shelf", "reading", "loan", "desk", "story", "author", "catalogue", "page"],
        &[
            "clinic",
            "nurse",
            "appointment",
            "waiting list",
            "letter",
            "doctor",
            "prescription",
            "ward",
            "bed",
            "rota",
        ],
    ];
    const COMMON: [&str; 12] = [
        "people", "money", "council", "week", "meeting", "plan", "town", "idea", "problem", "help", "place",
        "cost",
    ];
    let mut rng = Rng::new(seed);
    let mut texts = Vec::with_capacity(notes);
    for _ in 0..notes {
        let subject = SUBJECTS[rng.below(4)];
        let words: Vec<&str> = (0..4 + rng.below(8))
            .map(|_| if rng.below(4) == 0 { COMMON[rng.below(12)] } else { subject[rng.below(10)] })
            .collect();
        texts.push(words.join(" "));
    }
    Corpus::from_notes(texts).unwrap()
}

#[test]
fn few_segments() {
    for name in ["symposium-notes.md", "consultation-answers.csv", "focus-group-transcript.txt"] {
        check(&read_path(data(name)).corpus, &Options::default());
    }
}

#[test]
fn many_segments() {
    let corpus = generated(1_500, 3);
    check(&corpus, &Options::default());
    let analysis = analyzed(&corpus, &Options::default());
    assert!((3..=8).contains(&analysis.themes.len()), "{} themes of 4 subjects", analysis.themes.len());
}

#[test]
fn every_option_that_is_chosen() {
    let corpus = read_path(data("symposium-notes.md")).corpus;
    for themes in [None, Some(3)] {
        for association in themeweave::AssociationMeasure::ALL {
            let options = Options { themes, association, resolution: 2.0, seed: 9, ..Options::default() };
            assert_eq!(told(&corpus, &options, 1), told(&corpus, &options, 3));
        }
    }
}
