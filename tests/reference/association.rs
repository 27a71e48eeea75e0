//! Measures of association and tests against those of scipy; see `association.py`.

use themeweave::{AssociationMeasure, Contingency, benjamini_hochberg, chi2_sf_1, g2, hypergeometric_sf};

/// The rows of a table of numbers.
fn rows(table: &str) -> Vec<Vec<f64>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[track_caller]
fn check(found: f64, wanted: f64, row: &[f64]) {
    let error = (found - wanted).abs();
    assert!(error <= 1e-9 * wanted.abs() || error < 1e-13, "{found}, but scipy has {wanted}: {row:?}");
}

#[test]
fn tables_of_scipy() {
    let rows = rows(include_str!("association.csv"));
    assert_eq!(rows.len(), 20);
    for row in rows {
        let [both, a, b, n] = [0, 1, 2, 3].map(|column: usize| row[column] as u64);
        let table = Contingency::new(both, a, b, n).unwrap();
        check(g2(table), row[4], &row);
        check(chi2_sf_1(g2(table)), row[5], &row);
        check(hypergeometric_sf(table), row[6], &row);
        check(AssociationMeasure::Npmi.score(table), row[7], &row);
        check(AssociationMeasure::Jaccard.score(table), row[8], &row);
        check(AssociationMeasure::Cosine.score(table), row[9], &row);
        check(AssociationMeasure::Dice.score(table), row[10], &row);
    }
}

#[test]
fn q_values_of_scipy() {
    let rows = rows(include_str!("q_values.csv"));
    let p: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    for (q, row) in benjamini_hochberg(&p).into_iter().zip(&rows) {
        check(q, row[1], row);
    }
}
