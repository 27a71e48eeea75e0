//! The samples of `data`, against what their README says a reader finds.

use std::collections::HashSet;

use themeweave::{Analysis, Options};

use crate::support::{analyzed, best_terms, codes, data, read_path};

fn sample(name: &str) -> Analysis {
    analyzed(&read_path(data(name)).corpus, &Options::default())
}

/// The theme in which these words stand highest among its terms, and how many of them it has.
fn theme_of(analysis: &Analysis, words: &[&str]) -> (usize, usize) {
    let ranks = |theme: usize| -> Vec<usize> {
        let terms = best_terms(analysis, theme, 20);
        words.iter().filter_map(|word| terms.iter().position(|term| term.contains(word))).collect()
    };
    let weight = |theme: usize| ranks(theme).iter().map(|rank| 1.0 / (1 + rank) as f64).sum::<f64>();
    let best = (0..analysis.themes.len()).max_by(|&a, &b| weight(a).total_cmp(&weight(b))).unwrap();
    (best, ranks(best).len())
}

/// Labels and best terms, to be shown when a test fails.
fn told(analysis: &Analysis) -> String {
    let theme = |t: usize| {
        let theme = &analysis.themes[t];
        format!("{:.2} {}: {}\n", theme.share, theme.label, best_terms(analysis, t, 12).join(", "))
    };
    (0..analysis.themes.len()).map(theme).collect()
}

/// Asserts that each list of words is a theme of its own: no other theme has more of them.
#[track_caller]
pub(crate) fn check_themes_apart(analysis: &Analysis, readers: &[(&str, &[&str])], least: usize) {
    let mut taken = HashSet::new();
    for (name, words) in readers {
        let (theme, hits) = theme_of(analysis, words);
        assert!(hits >= least, "{name}: {hits} of {words:?}\n{}", told(analysis));
        assert!(taken.insert(theme), "{name} falls together with another\n{}", told(analysis));
    }
    let largest = &analysis.themes[0];
    assert!(largest.share <= 0.5, "{} holds more than half\n{}", largest.label, told(analysis));
}

#[test]
fn the_five_themes_of_the_symposium() {
    let analysis = sample("symposium-notes.md");
    let readers: [(&str, &[&str]); 5] = [
        (
            "empowerment",
            &["service user", "choice", "risk", "budgets", "peer support", "paternalis", "empower"],
        ),
        ("integration", &["local authority", "NHS trust", "primary care", "pooled budget", "shared record"]),
        (
            "leadership",
            &["leadership", "leaders", "champion", "professional lead", "board", "voice", "succession"],
        ),
        ("social inclusion", &["housing", "employment", "community", "stigma", "included"]),
        ("social work", &["role", "identity", "supervision", "caseload", "training", "AMHP"]),
    ];
    check_themes_apart(&analysis, &readers, 3);
    assert!((5..=10).contains(&analysis.themes.len()), "{}", told(&analysis));
}

#[test]
fn leftovers_of_the_web_page_are_no_part_of_the_symposium() {
    let read = read_path(data("symposium-notes.md"));
    let analysis = analyzed(&read.corpus, &Options::default());
    assert!(codes(&analysis).contains(&"page-furniture") && codes(&analysis).contains(&"repeats"));
    for i in 0..analysis.segments.len() {
        let text = analysis.segments.text(&read.corpus, i).unwrap();
        assert!(!text.contains("Skip to main") && !text.contains("Share this page"), "{text}");
    }
    let captions = (0..analysis.segments.len())
        .filter(|&i| analysis.segments.text(&read.corpus, i).unwrap().starts_with("Table discussion"));
    assert_eq!(captions.count(), 1);
}

#[test]
fn speakers_and_sections_of_the_symposium() {
    let read = read_path(data("symposium-notes.md"));
    let analysis = analyzed(&read.corpus, &Options::default());
    let speakers = analysis.segments.speakers();
    assert_eq!(
        speakers,
        ["Marian Oduya", "Gethin Prosser", "Shirin Vakil", "Callum Reay", "Leonie Tarrant", "Aled Whitcombe"]
    );
    let list = analysis.segments.list();
    let nested = list.iter().filter(|segment| segment.parent().is_some()).count();
    assert_eq!(nested, 5);
    let in_group = |segment: &themeweave::Segment| {
        analysis.segments.section(segment).is_some_and(|section| section.contains("Group 3"))
    };
    assert_eq!(list.iter().filter(|segment| in_group(segment)).count(), 8);
}

#[test]
fn a_focus_group_has_five_speakers() {
    let analysis = sample("focus-group-transcript.txt");
    let mut speakers = analysis.segments.speakers().to_vec();
    speakers.sort_unstable();
    assert_eq!(speakers, ["Alun", "Dev", "Kerrie", "Maureen", "Priya"]);
    assert!(analysis.themes.len() >= 2, "{}", told(&analysis));
    assert!(analysis.themes[0].share <= 0.6, "{}", told(&analysis));
}

#[test]
fn a_consultation_has_its_topics() {
    let read = read_path(data("consultation-answers.csv"));
    let analysis = analyzed(&read.corpus, &Options::default());
    let topics: [(&str, &[&str]); 4] = [
        ("library", &["library", "librar", "hours", "staff", "computer"]),
        ("leisure centre", &["swim", "leisure", "changing", "lesson", "pool"]),
        ("crossing", &["Mill Road", "crossing", "traffic", "school"]),
        ("cycling and parking", &["cycle", "lane", "parking", "bike"]),
    ];
    check_themes_apart(&analysis, &topics, 2);
    let emoji =
        (0..analysis.segments.len()).any(|i| !analysis.segments.text(&read.corpus, i).unwrap().is_ascii());
    assert!(emoji);
}

#[test]
fn a_greater_resolution_gives_more_themes() {
    for name in ["symposium-notes.md", "focus-group-transcript.txt", "consultation-answers.csv"] {
        let corpus = read_path(data(name)).corpus;
        let themes = [0.25, 0.5, 1.0, 2.0, 4.0, 16.0, 1e6].map(|resolution| {
            let options = Options { resolution, resamples: Some(0), ..Options::default() };
            analyzed(&corpus, &options).themes.len()
        });
        assert!(themes.is_sorted(), "{name}: {themes:?}");
        assert!(themes[1] < themes[2] && themes[2] < themes[3], "{name}: {themes:?}");
    }
}
