//! Whether themes come out again, who makes them, what they are made of and tied to.

use themeweave::{Analysis, Corpus, Diagnostic, Language, Options, Theme};

use crate::support::{analyzed, markdown};

fn options() -> Options {
    Options { language: Some(Language::English), ..Options::default() }
}

/// Twelve notes on each of some subjects, each of three of the subject's words.
fn notes(subjects: &[[&str; 6]]) -> Vec<String> {
    let note = |words: &[&str; 6], i: usize| {
        format!("{} {} {}", words[i % 6], words[(i * 2 + 1 + i / 6) % 6], words[(i * 3 + 2) % 6])
    };
    subjects.iter().flat_map(|words| (0..12).map(move |i| note(words, i))).collect()
}

const BUS: [&str; 6] = ["bus", "timetable", "driver", "ticket", "fare", "route"];
const GARDEN: [&str; 6] = ["garden", "beans", "volunteers", "planting", "soil", "compost"];
const PHONE: [&str; 6] = ["phone", "queue", "receptionist", "appointment", "clinic", "letter"];

fn theme_with<'a>(analysis: &'a Analysis, term: &str) -> &'a Theme {
    let term = analysis.vocabulary.find(term).unwrap();
    let best = |theme: &&Theme| theme.terms.iter().find(|own| own.term == term).map_or(0, |own| own.segments);
    analysis.themes.iter().max_by_key(best).unwrap()
}

#[test]
fn themes_with_words_of_their_own_are_stable_and_notes_at_random_are_not() {
    let clear = Corpus::from_notes(notes(&[BUS, GARDEN, PHONE])).unwrap();
    let analysis = analyzed(&clear, &options());
    assert_eq!(analysis.themes.len(), 3);
    for theme in &analysis.themes {
        assert!(theme.stability.unwrap() > 0.9, "{} {:?}", theme.label, theme.stability);
        assert!(theme.terms[..3].iter().all(|term| term.membership.unwrap() > 0.9));
    }

    let mut rng = themeweave::Rng::new(5);
    let words: Vec<&str> = [BUS, GARDEN, PHONE].concat();
    let random = (0..36).map(|_| (0..3).map(|_| words[rng.below(18)]).collect::<Vec<_>>().join(" "));
    let analysis = analyzed(&Corpus::from_notes(random).unwrap(), &options());
    let mean = analysis.themes.iter().filter_map(|theme| theme.stability).sum::<f64>()
        / analysis.themes.len() as f64;
    assert!(mean < 0.85, "{mean}");
}

#[test]
fn of_notes_at_random_it_is_said_that_hardly_a_theme_is_firm() {
    let mut rng = themeweave::Rng::new(5);
    let mut word = || format!("w{}", (150.0 * rng.unit().powi(2)) as usize);
    let random = (0..300).map(|_| (0..6).map(|_| word()).collect::<Vec<_>>().join(" "));
    let analysis = analyzed(&Corpus::from_notes(random).unwrap(), &options());
    let hint = |d: &Diagnostic| d.hint.as_ref().is_some_and(|hint| hint.contains("by chance"));
    assert!(analysis.diagnostics.iter().any(hint), "{:?}", analysis.diagnostics);
}

#[test]
fn resamples_can_be_switched_off_and_change_nothing_else() {
    let corpus = Corpus::from_notes(notes(&[BUS, GARDEN])).unwrap();
    let with = analyzed(&corpus, &options());
    let mut without = analyzed(&corpus, &Options { resamples: Some(0), ..options() });
    assert!(without.themes.iter().all(|theme| theme.stability.is_none()));
    for (theme, other) in without.themes.iter_mut().zip(&with.themes) {
        theme.stability = other.stability;
        for (term, other) in theme.terms.iter_mut().zip(&other.terms) {
            assert_eq!(term.membership, None);
            term.membership = other.membership;
        }
    }
    assert_eq!(without.themes, with.themes);
}

#[test]
fn one_loud_voice_is_named() {
    let lines = |speaker: &str, notes: &[String]| -> String {
        notes.iter().map(|note| format!("- {speaker}: {note}\n")).collect()
    };
    let (bus, garden) = (notes(&[BUS]), notes(&[GARDEN]));
    // Ada says all about the bus but one, everybody says something of the garden.
    let text = lines("Ada", &bus[..11])
        + &lines("Ben", &bus[11..])
        + &lines("Ben", &garden[..4])
        + &lines("Cleo", &garden[4..8])
        + &lines("Dan", &garden[8..]);
    let corpus = markdown(&text);
    let analysis = analyzed(&corpus, &Options { themes: Some(2), ..options() });
    let bus = theme_with(&analysis, "bus");
    let voice = bus.loudest.as_ref().unwrap();
    assert_eq!((voice.name.as_str(), voice.segments), ("Ada", 11));
    // Of the 13 notes of the others, one is of the theme.
    assert_eq!(voice.share_without, 1.0 / 13.0);
    assert!(bus.is_one_voice());
    assert!(!theme_with(&analysis, "garden").is_one_voice());
    let told: Vec<&str> =
        analysis.diagnostics.iter().map(|d| d.code).filter(|code| *code == "one-voice").collect();
    assert_eq!(told.len(), 1);
}

#[test]
fn subthemes_lie_within_their_theme() {
    let corpus = Corpus::from_notes(notes(&[BUS, GARDEN, PHONE])).unwrap();
    let options = Options { themes: Some(1), levels: 2, ..options() };
    let analysis = analyzed(&corpus, &options);
    let labels: Vec<&str> = analysis.themes[0].subthemes.iter().map(|part| part.label.as_str()).collect();
    assert_eq!(labels.len(), 3);
    for words in [BUS, GARDEN, PHONE] {
        assert!(labels.iter().any(|label| words.iter().any(|word| label.contains(word))), "{labels:?}");
    }
    for (themes, subtheme) in analysis.memberships.iter().zip(&analysis.subtheme_of_segment) {
        if let Some(part) = subtheme {
            assert!(*part < analysis.themes[themes[0].theme].subthemes.len());
        }
    }
    let sums =
        analysis.themes.iter().map(|theme| theme.subthemes.iter().map(|part| part.segments).sum::<u32>());
    assert!(sums.zip(&analysis.themes).all(|(sum, theme)| sum <= theme.segments));
    assert!(
        analyzed(&corpus, &Options { levels: 1, ..options }).themes.iter().all(|t| t.subthemes.is_empty())
    );
}

#[test]
fn themes_are_tied_by_links_between_their_terms() {
    let mut all = notes(&[BUS, GARDEN, PHONE]);
    all.extend((0..9).map(|_| "driver receptionist".to_owned()));
    let analysis = analyzed(&Corpus::from_notes(all).unwrap(), &Options { themes: Some(3), ..options() });
    let links = &analysis.theme_links;
    assert!(links.iter().all(|link| link.a < link.b && link.b < analysis.themes.len()));
    assert!(links.is_sorted_by_key(|link| (link.a, link.b)));
    // Callon's centrality is ten times the summed weight of a theme's links to others.
    for (t, theme) in analysis.themes.iter().enumerate() {
        let own = links.iter().filter(|link| link.a == t || link.b == t);
        let sum: f64 = own.map(|link| link.weight).sum();
        assert!((10.0 * sum - theme.centrality).abs() < 1e-9, "{sum} {}", theme.centrality);
    }
    assert!(links.iter().any(|link| link.links > 0));
}
