//! How far two divisions of the same things agree.

use std::collections::BTreeMap;

use themeweave::math::{exp, ln, ln_gamma};

/// Adjusted mutual information (Vinh, Epps and Bailey 2010, "Information theoretic measures for
/// clusterings comparison", arithmetic mean): 1 for the same groups, 0 for what chance gives. The
/// values are those of scikit-learn's `adjusted_mutual_info_score`.
pub(crate) fn adjusted_mutual_information(a: &[u32], b: &[u32]) -> f64 {
    let n = a.len() as f64;
    let (mut rows, mut columns, mut cells) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (&x, &y) in a.iter().zip(b) {
        *rows.entry(x).or_insert(0_u32) += 1;
        *columns.entry(y).or_insert(0_u32) += 1;
        *cells.entry((x, y)).or_insert(0_u32) += 1;
    }
    if rows.len() == columns.len() && (rows.len() <= 1 || rows.len() == a.len()) {
        return 1.0;
    }
    let entropy =
        |sizes: &BTreeMap<u32, u32>| sizes.values().map(|&s| f64::from(s) / n * ln(n / f64::from(s))).sum();
    let entropies: [f64; 2] = [entropy(&rows), entropy(&columns)];
    let shared: f64 = cells
        .iter()
        .map(|((x, y), &c)| {
            let c = f64::from(c);
            c / n * ln(c * n / (f64::from(rows[x]) * f64::from(columns[y])))
        })
        .sum();
    let by_chance = expected(&rows, &columns, n);
    let room = entropies.iter().sum::<f64>() / 2.0 - by_chance;
    let room = if room < 0.0 { room.min(-f64::EPSILON) } else { room.max(f64::EPSILON) };
    (shared - by_chance) / room
}

/// Mutual information to expect of divisions with these sizes, under the hypergeometric model.
fn expected(rows: &BTreeMap<u32, u32>, columns: &BTreeMap<u32, u32>, n: f64) -> f64 {
    let log_factorial = |x: f64| ln_gamma(x + 1.0);
    // Many groups have the same size.
    let by_size = |sizes: &BTreeMap<u32, u32>| {
        let mut times: BTreeMap<u32, f64> = BTreeMap::new();
        sizes.values().for_each(|&size| *times.entry(size).or_insert(0.0) += 1.0);
        times
    };
    let (rows, columns) = (by_size(rows), by_size(columns));
    let mut sum = 0.0;
    for (&a, times_a) in &rows {
        for (&b, times_b) in &columns {
            let (a, b) = (f64::from(a), f64::from(b));
            let first = (a + b - n).max(1.0);
            for both in 0..=(a.min(b) - first) as u32 {
                let both = first + f64::from(both);
                let log_probability =
                    log_factorial(a) + log_factorial(b) + log_factorial(n - a) + log_factorial(n - b)
                        - log_factorial(n)
                        - log_factorial(both)
                        - log_factorial(a - both)
                        - log_factorial(b - both)
                        - log_factorial(n - a - b + both);
                sum += times_a * times_b * both / n * ln(n * both / (a * b)) * exp(log_probability);
            }
        }
    }
    sum
}
