//! The order of documents changes no count of a term or a pair.

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
    ];
    vec(
        (prop::sample::select(WORDS), prop::sample::select(&[" ", " ", " ", " ", ", ", ". ", "-"][..])),
        0..10,
    )
    .prop_map(|words| words.iter().flat_map(|&(word, mark)| [word, mark]).collect())
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
}
