//! The order of documents and the capitals of words change no count of a term or a pair.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use themeweave::{Analysis, Corpus, Language, Options, analyze};

/// Everything that is counted, by text.
fn counts(analysis: &Analysis) -> BTreeMap<(String, String), (u64, u32)> {
    let terms = analysis.vocabulary.terms();
    let text = |term: u32| terms[term as usize].text.clone();
    let single =
        terms.iter().map(|term| ((term.text.clone(), String::new()), (term.frequency, term.segments)));
    let pairs = analysis.cooccurrence.pairs().map(|(a, b, count)| {
        let (a, b) = (text(a).min(text(b)), text(a).max(text(b)));
        ((a, b), (0, count))
    });
    single.chain(pairs).collect()
}

/// A note of words that make phrases, compounds and word forms.
fn any_note() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "bus",
        "buses",
        "Bus",
        "late",
        "lately",
        "social",
        "care",
        "carer",
        "carers",
        "caring",
        "mental",
        "health",
        "of",
        "the",
        "leadership",
        "erosion",
        "well-being",
        "wellbeing",
        "e-mail",
        "E-mail",
        "email",
        "step-free",
        "step",
        "free",
        "NHS",
        "nhs",
        "local",
        "authority",
        "authorities",
        "not",
        "10",
        "park",
        "parks",
        "parking",
        "it's",
        "carer's",
        "Mill",
        "Road",
        "road",
    ];
    vec(
        (prop::sample::select(WORDS), prop::sample::select(&[" ", " ", " ", " ", ", ", ". ", "-"][..])),
        0..10,
    )
    .prop_map(|words| words.iter().flat_map(|&(word, mark)| [word, mark]).collect())
}

/// A note with a capital for some of its words, by the bits of a number.
fn with_capitals(note: &str, some: u64) -> String {
    let word = |(at, word): (usize, &str)| match some >> (at % 64) & 1 {
        1 => word[..1].to_uppercase() + &word[1..],
        _ => word.to_owned(),
    };
    note.split_inclusive([' ', '-']).enumerate().map(word).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shuffled_documents_have_the_same_counts((notes, shuffled) in vec(any_note(), 0..40).prop_flat_map(|notes| (Just(notes.clone()), Just(notes).prop_shuffle()))) {
        let options = Options { language: Some(Language::English), ..Options::default() };
        let [counts, shuffled] = [notes, shuffled].map(|notes| {
            counts(&analyze(&Corpus::from_notes(notes).unwrap(), &options, &mut ()).unwrap())
        });
        prop_assert_eq!(counts, shuffled);
    }

    #[test]
    fn capitals_change_only_how_terms_are_written(notes in vec((any_note(), any::<u64>()), 0..40)) {
        let options = Options { language: Some(Language::English), ..Options::default() };
        // Compounds are shown by how each pair of spellings is written. The number is a word that no other note has,
        // for repeats are left out.
        let lower: Vec<String> =
            notes.iter().enumerate().map(|(n, (note, _))| format!("{note} x{n}").to_lowercase().replace('-', " ")).collect();
        let capitalized: Vec<String> = lower.iter().zip(&notes).map(|(note, (_, some))| with_capitals(note, *some)).collect();
        let [lower, capitalized] = [lower, capitalized]
            .map(|notes| analyze(&Corpus::from_notes(notes).unwrap(), &options, &mut ()).unwrap());
        let texts = |analysis: &Analysis| -> Vec<String> {
            analysis.vocabulary.terms().iter().map(|term| term.text.to_lowercase()).collect()
        };
        prop_assert_eq!(texts(&lower), texts(&capitalized));
        prop_assert!(lower.cooccurrence.pairs().eq(capitalized.cooccurrence.pairs()));
        let themes = |analysis: &Analysis| -> Vec<(String, u32)> {
            analysis.themes.iter().map(|theme| (theme.label.to_lowercase(), theme.segments)).collect()
        };
        prop_assert_eq!(themes(&lower), themes(&capitalized));
    }
}
