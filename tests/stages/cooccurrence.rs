//! Which terms occur together, counted by hand.

use themeweave::TermOptions;

use crate::support::{analyzed, notes, with_terms};

#[test]
fn pairs_counted_by_hand() {
    let options = TermOptions { min_segments: 1, no_phrases: true, ..TermOptions::default() };
    let corpus = notes(&[
        "bus tram bus", // a pair counts once in a segment, however often its terms occur
        "tram ferry",
        "bus ferry tram",
        "bus",
        "garden",
    ]);
    let analysis = analyzed(&corpus, &with_terms(options));
    let (vocabulary, matrix) = (&analysis.vocabulary, &analysis.cooccurrence);
    let table = [
        ("bus", "tram", 2),
        ("bus", "ferry", 1),
        ("tram", "ferry", 2),
        ("bus", "bus", 0),
        ("bus", "garden", 0),
    ];
    for (a, b, expected) in table {
        let [x, y] = [a, b].map(|text| vocabulary.find(text).unwrap());
        assert_eq!((matrix.count(x, y), matrix.count(y, x)), (expected, expected), "{a} and {b}");
    }
    assert_eq!(matrix.pair_count(), 3);
    assert_eq!(matrix.term_count(), vocabulary.terms().len());
    assert_eq!(matrix.count(0, 1_000), 0);
    assert_eq!(matrix.count(u32::MAX, u32::MAX), 0);
}
