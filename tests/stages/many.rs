//! Many segments and many themes: each is found, and no others.

use std::collections::HashMap;

use themeweave::{Corpus, Language, Options, Rng};

use crate::support::analyzed;

#[test]
fn of_more_segments_than_are_searched_each_still_has_its_theme() {
    // Eight subjects of twelve words; a note has four of one subject and one that all have.
    const SUBJECTS: usize = 8;
    let mut rng = Rng::new(11);
    let mut note = |i: usize| -> String {
        let words: Vec<String> = (0..4).map(|_| format!("w{}x{}", i % SUBJECTS, rng.below(12))).collect();
        format!("{} common{}", words.join(" "), rng.below(40))
    };
    let corpus = Corpus::from_notes((0..52_000).map(&mut note)).unwrap();
    let options =
        Options { language: Some(Language::English), resamples: Some(0), quotes: 1, ..Options::default() };
    let analysis = analyzed(&corpus, &options);
    let mut pairs: HashMap<(usize, usize), usize> = HashMap::new();
    for (i, own) in analysis.memberships.iter().enumerate() {
        let Some(theme) = own.first() else { continue };
        *pairs.entry((theme.theme, i % SUBJECTS)).or_default() += 1;
    }
    let greatest = |theme: usize| (0..SUBJECTS).filter_map(|s| pairs.get(&(theme, s))).max().copied();
    let right: usize = (0..analysis.themes.len()).filter_map(greatest).sum();
    assert!(right * 100 > 98 * analysis.segments.len(), "{right} of {}", analysis.segments.len());
    assert!(analysis.themes.len() >= SUBJECTS - 1, "{}", analysis.themes.len());
}

#[test]
fn what_a_handful_of_a_thousand_segments_says_is_no_theme() {
    const SUBJECTS: usize = 4;
    let mut rng = Rng::new(5);
    for n in [1_300, 2_400] {
        let mut note = |i: usize| -> String {
            // Three notes are of a subject of their own.
            let subject = if i % (n / 3) == 7 { SUBJECTS } else { i % SUBJECTS };
            let words: Vec<String> = (0..5).map(|_| format!("w{subject}x{}", rng.below(9))).collect();
            words.join(" ")
        };
        let corpus = Corpus::from_notes((0..n).map(&mut note)).unwrap();
        let options = Options {
            language: Some(Language::English),
            resamples: Some(0),
            quotes: 1,
            ..Options::default()
        };
        let analysis = analyzed(&corpus, &options);
        let sizes: Vec<u32> = analysis.themes.iter().map(|theme| theme.segments).collect();
        assert!(
            sizes.len() >= SUBJECTS
                && sizes.iter().all(|&size| f64::from(size) >= (n as f64).sqrt() / 8.0 - 1.0),
            "{n}: {sizes:?}"
        );
    }
}

/// Number of themes of 600 notes of `subjects`, each of six words, most of them rare.
fn themes_of(subjects: usize, words: usize) -> usize {
    let mut rng = Rng::new(3);
    let mut note = |i: usize| -> String {
        let word = |_| format!("s{}x{}", i % subjects, (words as f64 * rng.unit().powi(2)) as usize);
        (0..6).map(word).collect::<Vec<_>>().join(" ")
    };
    let corpus = Corpus::from_notes((0..600).map(&mut note)).unwrap();
    let options =
        Options { language: Some(Language::English), resamples: Some(0), quotes: 1, ..Options::default() };
    analyzed(&corpus, &options).themes.len()
}

#[test]
fn small_themes_among_many_are_told_apart() {
    assert_eq!(themes_of(60, 15), 60);
}

#[test]
fn a_theme_is_not_parted_by_chance() {
    assert_eq!(themes_of(4, 1_500), 4);
}
