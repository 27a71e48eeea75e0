//! What became of a word: the reasons, step by step.

use themeweave::{
    Corpus, ErrorKind, Explanation, Language, Options, Outcome, StopList, TermOptions, analyze, explain,
};

use crate::support::{notes, with_terms};

const NOTES: [&str; 6] = [
    "The erosion of social care leadership, said the GP.",
    "Leadership erosion again; social care suffers. A doctor 42.",
    "Social care and well-being, you know.",
    "Leaders of social-care services and their wellbeing.",
    "A general practitioner for the erosion of care.",
    "Services, services. Xylophone!",
];

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn asked(options: &Options, query: &str) -> Explanation {
    let corpus: Corpus = notes(&NOTES);
    let analysis = analyze(&corpus, options, &mut ()).unwrap();
    explain(&corpus, options, &analysis, query).unwrap()
}

fn options() -> Options {
    let synonyms = [
        ("general practitioner", "GP"),
        ("suffers", ""),
        ("doctor", "GP"),
        ("leaders", "supreme xylophone"),
        ("leadership", "supreme xylophone"),
    ];
    with_terms(TermOptions {
        stop_words: strings(&["again"]),
        synonyms: synonyms.map(|(label, by)| (label.to_owned(), by.to_owned())).to_vec(),
        ..TermOptions::default()
    })
}

#[test]
fn outcomes() {
    let term = |text: &str| Outcome::Term { text: text.to_owned() };
    for (query, expected) in [
        ("SERVICE", term("services")),
        ("social care", term("social care")),
        ("care (social)", term("social care")),
        ("well-being", term("wellbeing")),
        ("wellbeing", term("wellbeing")),
        ("gp", term("GP")),
        ("general practitioners", Outcome::Replaced { by: "GP".to_owned() }),
        ("doctors", Outcome::Replaced { by: "GP".to_owned() }),
        ("suffers", Outcome::Dropped),
        ("health visitors", Outcome::Absent),
        ("supreme xylophone", term("supreme xylophone")),
        ("the", Outcome::StopWord { list: StopList::Language }),
        ("know", Outcome::StopWord { list: StopList::Spoken }),
        ("Again", Outcome::StopWord { list: StopList::Own }),
        ("a", Outcome::StopWord { list: StopList::Language }),
        ("42", Outcome::Number),
        ("xylophones", Outcome::Rare { segments: 1, least: 2 }),
        ("practitioner", Outcome::Joined),
        ("care services", Outcome::NoPhrase),
        ("trombone", Outcome::Absent),
        ("social trombone", Outcome::Absent),
    ] {
        assert_eq!(asked(&options(), query).outcome, expected, "{query}");
    }
    let few = Options { terms: TermOptions { max_terms: 1, ..options().terms }, ..options() };
    assert!(matches!(asked(&few, "services").outcome, Outcome::BeyondMost { most: 1, .. }));
}

#[test]
fn a_phrase_has_its_test() {
    let found = asked(&options(), "social care");
    let test = &found.phrases[0];
    assert_eq!(
        (test.first.as_str(), test.second.as_str(), test.times, test.hyphens),
        ("social", "care", 4, 1)
    );
    assert!(test.is_phrase && test.g2 > test.least_g2 && test.npmi >= test.least_npmi, "{test:?}");
    let found = asked(&options(), "care services");
    assert!(found.phrases.iter().all(|test| !test.is_phrase && test.times < test.least_times), "{found:?}");
    let found = asked(&options(), "care");
    assert!(found.phrases.iter().all(|test| test.is_phrase) && !found.phrases.is_empty(), "{found:?}");
}

#[test]
fn spellings_synonyms_and_places_are_told() {
    let found = asked(&options(), "service");
    let spelled: Vec<(&str, u64)> =
        found.words[0].spellings.iter().map(|known| (known.text.as_str(), known.times)).collect();
    assert_eq!(spelled, [("services", 2), ("Services", 1)]);
    assert_eq!((found.times, found.segments, found.places.len()), (3, 2, 2));
    let found = asked(&options(), "GP");
    let replaced: Vec<(&str, u64)> =
        found.synonyms.iter().map(|known| (known.words.as_str(), known.times)).collect();
    assert_eq!(replaced, [("general practition", 1), ("doctor", 1)]);
    assert_eq!(asked(&options(), "servises").near, ["services"]);
}

#[test]
fn there_must_be_a_word() {
    let corpus = notes(&NOTES);
    let options = Options { language: Some(Language::English), ..Options::default() };
    let analysis = analyze(&corpus, &options, &mut ()).unwrap();
    for query in ["", " ", "?!", "https://example.org"] {
        let error = explain(&corpus, &options, &analysis, query).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Options, "{query}");
    }
}
