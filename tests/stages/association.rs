//! Measures over tables worked out by hand.

use themeweave::AssociationMeasure::{
    AssociationStrength, Cosine, Dice, Equivalence, Inclusion, Jaccard, LogLikelihood, Npmi,
};
use themeweave::{AssociationMeasure, Contingency, benjamini_hochberg, g2, hypergeometric_sf};

#[track_caller]
fn check(actual: f64, expected: f64, what: &str) {
    assert!((actual - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{what}: {actual}, not {expected}");
}

#[test]
fn tables_by_hand() {
    // (both, a, b, n), then what each measure gives.
    let ln2 = std::f64::consts::LN_2;
    let tables: [((u64, u64, u64, u64), [(AssociationMeasure, f64); 8]); 3] = [
        (
            (2, 4, 4, 16), // 1 expected, 2 seen
            [
                (AssociationStrength, 2.0),
                (Jaccard, 1.0 / 3.0),
                (Cosine, 0.5),
                (Dice, 0.5),
                (Inclusion, 0.5),
                (Equivalence, 0.25),
                (Npmi, 1.0 / 3.0), // ln 2 / ln 8
                // O 2, 2, 2, 10; E 1, 3, 3, 9: 2·(2·ln 2 + 4·ln(2/3) + 10·ln(10/9))
                (LogLikelihood, 1.636_078_170_530_992_8),
            ],
        ),
        (
            (5, 5, 5, 10), // always together
            [
                (AssociationStrength, 2.0),
                (Jaccard, 1.0),
                (Cosine, 1.0),
                (Dice, 1.0),
                (Inclusion, 1.0),
                (Equivalence, 1.0),
                (Npmi, 1.0),
                (LogLikelihood, 20.0 * ln2),
            ],
        ),
        (
            (0, 5, 5, 10), // one or the other
            [
                (AssociationStrength, 0.0),
                (Jaccard, 0.0),
                (Cosine, 0.0),
                (Dice, 0.0),
                (Inclusion, 0.0),
                (Equivalence, 0.0),
                (Npmi, -1.0),
                (LogLikelihood, -20.0 * ln2),
            ],
        ),
    ];
    for ((both, a, b, n), scores) in tables {
        let table = Contingency::new(both, a, b, n).unwrap();
        for (measure, expected) in scores {
            check(measure.score(table), expected, &format!("{measure} of {table:?}"));
        }
    }
}

#[test]
fn chance() {
    let table = Contingency::new(2, 4, 4, 16).unwrap();
    check(g2(table), LogLikelihood.score(table), "g2");
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
