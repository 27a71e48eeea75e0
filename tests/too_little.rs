//! Corpora without themes: no panic, no themes out of nothing, and a word about it.

use themeweave::{Corpus, Options, TermOptions, Unit};

use crate::support::{analyzed, codes, markdown, notes};

#[track_caller]
fn check(corpus: &Corpus, options: &Options) {
    let analysis = analyzed(corpus, options);
    assert_eq!(analysis.themes.len(), 0, "{:?}", analysis.themes);
    assert!(analysis.memberships.iter().all(<[_]>::is_empty));
    assert!(codes(&analysis).contains(&"too-little-text"), "{:?}", analysis.diagnostics);
}

#[test]
fn there_are_no_themes_in_too_little_text() {
    let same = vec!["the and of"; 50];
    let distinct: Vec<String> = (0..40).map(|i| format!("w{i}x{i}y another{i}q")).collect();
    let distinct: Vec<&str> = distinct.iter().map(String::as_str).collect();
    let corpora: [&[&str]; 9] = [
        &[],
        &[""],
        &["", "  ", "\n"],
        &["..."],
        &["the", "and of the", "is it?"],
        &["One note about buses and trams."],
        &["One note about buses.", "Another on gardens."],
        &same,
        &distinct,
    ];
    for texts in corpora {
        check(&notes(texts), &Options::default());
        check(&notes(texts), &Options { themes: Some(5), ..Options::default() });
        check(&notes(texts), &Options { unit: Unit::Sentence, ..Options::default() });
    }
}

#[test]
fn there_are_no_themes_when_every_term_is_left_out() {
    let corpus = notes(&["bus tram", "bus tram", "garden tools", "garden tools"]);
    let stop_words = ["bus", "tram", "garden", "tools"].map(str::to_owned).to_vec();
    check(
        &corpus,
        &Options { terms: TermOptions { stop_words, ..TermOptions::default() }, ..Options::default() },
    );
    let terms = TermOptions { min_segments: 100, ..TermOptions::default() };
    check(&corpus, &Options { terms, ..Options::default() });
    let whole = markdown("- late bus\n- late bus again\n- garden tools\n- garden tools\n");
    check(&whole, &Options { unit: Unit::Document, ..Options::default() });
}

#[test]
fn many_segments_without_words() {
    let texts = vec!["of the and"; 1_200];
    check(&notes(&texts), &Options::default());
    let texts: Vec<String> = (0..1_200).map(|i| format!("word{i}x")).collect();
    check(&Corpus::from_notes(texts).unwrap(), &Options::default());
}

#[test]
fn few_segments_are_told() {
    let corpus = notes(&["late bus", "late bus again", "garden tools", "old garden tools"]);
    let analysis = analyzed(&corpus, &Options::default());
    assert_eq!(analysis.themes.len(), 2);
    assert!(codes(&analysis).contains(&"few-segments"));
}

#[test]
fn asked_for_more_themes_than_there_are_as_many_as_there_are_come() {
    let topics =
        ["bus timetable late", "garden beans volunteers", "clinic doctor waiting", "school teacher lessons"];
    let mut texts: Vec<String> = topics.iter().flat_map(|topic| vec![format!("the {topic}"); 4]).collect();
    texts.extend(["n/a", "is it?", "of the"].map(str::to_owned));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for asked in 2..=4 {
        let analysis = analyzed(&notes(&texts), &Options { themes: Some(asked), ..Options::default() });
        assert_eq!(analysis.themes.len(), asked as usize);
        assert!(!codes(&analysis).contains(&"number-of-themes"));
        assert_eq!(analysis.memberships.without_theme(), 3);
    }
    for asked in [5, 10, 40] {
        let analysis = analyzed(&notes(&texts), &Options { themes: Some(asked), ..Options::default() });
        assert!((4..asked as usize).contains(&analysis.themes.len()), "{asked}: {}", analysis.themes.len());
        assert!(codes(&analysis).contains(&"number-of-themes"));
        assert!(analysis.themes.iter().all(|theme| !theme.terms.is_empty() && theme.segments > 1));
    }
}

#[test]
fn options_that_leave_no_themes_are_named() {
    let corpus = notes(&["bus tram", "bus tram", "garden tools", "garden tools"]);
    let options =
        Options { terms: TermOptions { min_segments: 9, ..TermOptions::default() }, ..Options::default() };
    let analysis = analyzed(&corpus, &options);
    let finding = analysis.diagnostics.iter().find(|finding| finding.code == "too-little-text").unwrap();
    assert!(finding.hint.as_deref().unwrap_or_default().contains("--min-segments"), "{finding:?}");
}
