//! Inputs that once went wrong. A test is named after what went wrong, and says what a reader would
//! expect.

use themeweave::{Corpus, Document, Options, TermOptions, analyze};

use crate::support::{analyzed, notes, with_terms};

/// `text frequency/segments` of every term of notes, by text.
#[track_caller]
fn terms(texts: &[&str], options: TermOptions) -> Vec<String> {
    let options = TermOptions { min_segments: 1, no_phrases: true, ..options };
    let analysis = analyze(&notes(texts), &with_terms(options), &mut ()).unwrap();
    let terms = analysis.vocabulary.terms().iter();
    let mut shown: Vec<String> =
        terms.map(|term| format!("{} {}/{}", term.text, term.frequency, term.segments)).collect();
    shown.sort_unstable();
    shown
}

fn synonyms(pairs: &[(&str, &str)]) -> TermOptions {
    let synonyms = pairs.iter().map(|&(label, becomes)| (label.to_owned(), becomes.to_owned())).collect();
    TermOptions { synonyms, ..TermOptions::default() }
}

#[test]
fn two_synonyms_with_a_replacement_that_is_nowhere_in_the_text_are_one_term() {
    let options = synonyms(&[("nurse", "staff"), ("doctor", "staff")]);
    assert_eq!(terms(&["nurse", "doctor"], options), ["staff 2/2"]);
    let options = synonyms(&[("LA", "local authority"), ("council", "local authority")]);
    assert_eq!(terms(&["the LA", "a council"], options), ["local authority 2/2"]);
}

#[test]
fn a_phrase_replaced_by_one_of_its_words_counts_once() {
    let options = synonyms(&[("social care", "care")]);
    assert_eq!(terms(&["social care", "social care", "care"], options), ["care 3/3"]);
}

#[test]
fn a_synonym_may_hold_a_stop_word() {
    let options = synonyms(&[("duty of care", "DoC")]);
    let found = terms(&["the duty of care", "a duty"], options);
    assert!(found.contains(&"DoC 1/1".to_owned()), "{found:?}");
}

#[test]
fn a_word_that_is_kept_is_the_same_word_with_a_possessive() {
    for texts in [["carer", "carer's"], ["carer's", "carer"]] {
        let keep = TermOptions { keep: vec!["carer".to_owned()], ..TermOptions::default() };
        assert_eq!(terms(&texts, keep), ["carer 2/2"], "{texts:?}");
    }
    // Which of the two comes first is of no consequence to what has the same stem.
    let found = [["housing", "housing's", "house"], ["housing's", "housing", "house"]].map(|texts| {
        let keep = TermOptions { keep: vec!["housing".to_owned()], ..TermOptions::default() };
        terms(&texts, keep)
    });
    assert_eq!(found[0], found[1]);
}

#[test]
fn without_stems_a_hyphen_in_a_word_is_still_of_no_consequence() {
    let forms = || TermOptions { no_stemming: true, ..TermOptions::default() };
    assert_eq!(terms(&["well-being", "wellbeing"], forms()), ["wellbeing 2/2"]);
    assert_eq!(terms(&["an e-mail", "two e-mails"], forms()), ["e-mail 1/1", "e-mails 1/1"]);
}

#[test]
fn words_to_keep_are_found_however_they_are_spelled() {
    for word in ["CAF\u{c9}", "cafe\u{301}", " caf\u{e9} "] {
        let keep = TermOptions { keep: vec![word.to_owned()], min_segments: 2, ..TermOptions::default() };
        let options = with_terms(TermOptions { no_phrases: true, ..keep });
        let analysis = analyzed(&notes(&["caf\u{e9} bus", "bus", "bus"]), &options);
        assert!(analysis.vocabulary.find("caf\u{e9}").is_some(), "{word:?}");
    }
}

#[test]
fn any_resolution_that_the_options_allow_gives_a_result() {
    let corpus = notes(&["late bus", "late bus again", "garden tools", "old garden tools"]);
    for resolution in [f64::MIN_POSITIVE, 1e-9, 1e9, 1e300] {
        for themes in [None, Some(1), Some(50), Some(u32::MAX)] {
            let options = Options { resolution, themes, ..Options::default() };
            assert_eq!(options.check().is_ok(), analyze(&corpus, &options, &mut ()).is_ok(), "{options:?}");
        }
    }
}

#[test]
fn well_being_is_wellbeing() {
    assert_eq!(terms(&["well-being", "wellbeing", "well-being"], TermOptions::default()), ["well-being 3/3"]);
}

#[test]
fn a_word_that_is_shouted_once_is_shown_in_lower_case() {
    assert_eq!(terms(&["LEADERSHIP", "leadership"], TermOptions::default()), ["leadership 2/2"]);
}

#[test]
fn the_head_of_a_phrase_is_not_what_happens_to_follow_it() {
    let texts = ["post", "board", "voice", "plan"].map(|word| format!("{word}: erosion of leadership today"));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let analysis = analyzed(&notes(&texts), &with_terms(TermOptions::default()));
    for term in analysis.vocabulary.terms() {
        assert!(texts[0].contains(&term.text), "{} is not written anywhere", term.text);
    }
}

#[test]
fn a_turn_without_terms_belongs_to_what_is_being_spoken_of() {
    let bus = ["The bus to the north is late.", "Mm.", "Late buses, no timetable.", "Yes."];
    let garden = ["The garden needs volunteers.", "Mm.", "Volunteers for planting the garden.", "Yes."];
    let turns = [bus.repeat(15), garden.repeat(15)].concat();
    let document = |(number, text): (usize, &str)| Document {
        source: "talk".into(),
        speaker: Some(["Ann", "Ben"][number % 2].to_owned()),
        ..Document::new(number.to_string(), format!("{text} {}", ["one", "two", "three"][number % 3]))
    };
    let corpus = Corpus::new(turns.into_iter().enumerate().map(document).collect()).unwrap();
    let analysis = analyzed(&corpus, &Options::default());
    let of_documents: Vec<_> = analysis.document_memberships(&corpus).collect();
    let first = |turn: usize| of_documents[turn].first().map(|m| m.theme);
    assert!(first(1).is_some() && first(1) == first(0) && first(61) == first(60), "{of_documents:?}");
    assert!(of_documents.iter().flatten().all(|m| m.gamma > 0.0 && m.gamma <= 1.0));
}

#[test]
fn lines_of_one_long_note_are_counted_once() {
    // As many sentences as lines, in one block that has a line of its own.
    let html = format!("<li>{}</li>", "x<br>".repeat(200_000));
    let read = themeweave_io::read(
        &[themeweave_io::Input::Stdin],
        &themeweave_io::ReadOptions::default(),
        &mut format!("<html>{html}").as_bytes(),
    );
    let corpus = read.unwrap().corpus;
    let (segments, _) = themeweave::Segments::from_corpus(&corpus, themeweave::Unit::Sentence).unwrap();
    assert!(segments.len() > 100_000);
}
