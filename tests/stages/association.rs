//! Measures over tables worked out by hand.

use std::f64::consts::LN_2;

use themeweave::{AssociationMeasure, Contingency, benjamini_hochberg, g2, hypergeometric_sf};

#[track_caller]
fn check(actual: f64, expected: f64, what: &str) {
    assert!((actual - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{what}: {actual}, not {expected}");
}

/// A table (both, a, b, n), and what each measure gives, in the order of [`AssociationMeasure::ALL`]:
/// association strength, Jaccard, cosine, Dice, inclusion, equivalence, NPMI, log-likelihood.
const TABLES: [([u64; 4], [f64; 8]); 3] = [
    // 1 expected, 2 seen. NPMI ln 2 / ln 8; O 2, 2, 2, 10 and E 1, 3, 3, 9 give
    // G² = 2·(2·ln 2 + 4·ln(2/3) + 10·ln(10/9)).
    ([2, 4, 4, 16], [2.0, 1.0 / 3.0, 0.5, 0.5, 0.5, 0.25, 1.0 / 3.0, 1.636_078_170_530_992_8]),
    // Always together.
    ([5, 5, 5, 10], [2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 20.0 * LN_2]),
    // One or the other.
    ([0, 5, 5, 10], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, -20.0 * LN_2]),
];

#[test]
fn tables_by_hand() {
    for ([both, a, b, n], scores) in TABLES {
        let table = Contingency::new(both, a, b, n).unwrap();
        for (measure, expected) in AssociationMeasure::ALL.into_iter().zip(scores) {
            check(measure.score(table), expected, &format!("{measure} of {table:?}"));
        }
    }
}

#[test]
fn chance() {
    let table = Contingency::new(2, 4, 4, 16).unwrap();
    check(g2(table), AssociationMeasure::LogLikelihood.score(table), "g2");
    // C(4,k)·C(12,4−k) of C(16,4) = 1820: 396 for 2, 48 for 3, 1 for 4.
    check(hypergeometric_sf(table), 445.0 / 1820.0, "p");
    check(hypergeometric_sf(Contingency::new(0, 4, 4, 16).unwrap()), 1.0, "p of none");
    assert_eq!(benjamini_hochberg(&[0.04, 0.01]), [0.04, 0.02]);
}

#[test]
fn names() {
    for measure in AssociationMeasure::ALL {
        assert_eq!(measure.name().parse::<AssociationMeasure>().unwrap(), measure);
        assert_eq!(format!("{measure:>22}").trim_start(), measure.name());
    }
    assert!("NPMI ".parse::<AssociationMeasure>().is_err());
}
