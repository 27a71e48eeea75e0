//! Tests of a table against chance.

use rayon::prelude::*;

use crate::association::Contingency;
use crate::math;

/// Probability that χ² with one degree of freedom is at least `x`: erfc(√(x/2)), in 0..=1.
///
/// A negative or undefined `x` counts as 0 and has probability 1.
///
/// ```
/// assert!((themeweave::chi2_sf_1(3.841458820694124) - 0.05).abs() < 1e-12);
/// assert!((themeweave::chi2_sf_1(10.827566170662733) - 0.001).abs() < 1e-12);
/// ```
pub fn chi2_sf_1(x: f64) -> f64 {
    math::erfc((x.max(0.0) / 2.0).sqrt())
}

/// One-sided p-value of Fisher's exact test: the probability that independent terms with these
/// margins share at least `both` segments.
///
/// In 0..=1. 1 means that no fewer would have been possible; a p-value below the smallest `f64` is
/// returned as 0. The tail on the side of `both` away from the mean is summed term by term, starting
/// from its largest, until terms no longer count. The relative error is below n·ln(n)·10⁻¹⁵:
/// at least seven good digits for a million segments.
///
/// # Complexity
/// O(√n) terms at most, a handful for strongly associated terms.
///
/// ```
/// use themeweave::{Contingency, hypergeometric_sf};
///
/// // Fisher's tea: all four cups named rightly, 1 of 70 ways to choose 4 of 8.
/// let p = hypergeometric_sf(Contingency::new(4, 4, 4, 8)?);
/// assert!((p - 1.0 / 70.0).abs() < 1e-14);
/// # Ok::<(), themeweave::Error>(())
/// ```
pub fn hypergeometric_sf(table: Contingency) -> f64 {
    ExactTest::default().p(table)
}

/// Fisher's exact test for many tables: [`hypergeometric_sf`] to the last bit, where that is not too great to
/// matter.
pub(crate) struct ExactTest {
    /// ln k! for k = 0, 1 … as far as it goes.
    ln_factorials: Vec<f64>,
    /// The greatest p-value that matters, and its logarithm.
    most: f64,
    ln_most: f64,
}

impl Default for ExactTest {
    /// A test of single tables, for which every p-value matters.
    fn default() -> Self {
        Self { ln_factorials: Vec::new(), most: 1.0, ln_most: 0.0 }
    }
}

impl ExactTest {
    /// A test that is fast for tables of `n` segments, and where p-values are greater than `most`.
    pub(crate) fn new(n: u64, most: f64) -> Self {
        /// Factorials that are looked up: 2 MB.
        const MOST: u64 = 1 << 18;
        let ln_factorials = (0..=n.min(MOST)).map(ln_factorial).collect();
        Self { ln_factorials, most, ln_most: math::ln(most) }
    }

    /// The p-value of a table. Where it is greater than the greatest that matters any number between the two
    /// may come out, for then less is to be computed.
    pub(crate) fn p(&self, table: Contingency) -> f64 {
        /// How sure it must be that a probability is greater, beyond rounding errors of its logarithm.
        const SURE: f64 = 1e-6;
        let Ok(Contingency { both, a, b, n }) = Contingency::new(table.both, table.a, table.b, table.n)
        else {
            return if table.both > table.a.min(table.b) { 0.0 } else { 1.0 };
        };
        let least = a.saturating_sub(n - b);
        if both <= least {
            return 1.0;
        }
        if both as f64 > table.expected() {
            let ln_first = self.ln_probability(table);
            if ln_first > self.ln_most + SURE {
                return self.most * (1.0 + SURE / 2.0);
            }
            let [both, a, b, n] = [both, a, b, n].map(|count| count as f64);
            let ratio = |k: f64| (a - k) * (b - k) / ((k + 1.0) * (n - a - b + k + 1.0));
            tail(math::exp(ln_first), |step| ratio(both + step), self.most)
        } else {
            let ln_first = self.ln_probability(Contingency { both: both - 1, ..table });
            let [both, a, b, n] = [both, a, b, n].map(|count| count as f64);
            let ratio = |k: f64| k * (n - a - b + k) / ((a - k + 1.0) * (b - k + 1.0));
            1.0 - tail(math::exp(ln_first), |step| ratio(both - 1.0 - step), 1.0)
        }
    }

    /// Logarithm of the probability of exactly so many segments with both terms.
    fn ln_probability(&self, Contingency { both, a, b, n }: Contingency) -> f64 {
        let ln_choose =
            |n: u64, k: u64| self.ln_factorial(n) - self.ln_factorial(k) - self.ln_factorial(n - k);
        ln_choose(a, both) + ln_choose(n - a, b - both) - ln_choose(n, b)
    }

    /// ln k!
    fn ln_factorial(&self, k: u64) -> f64 {
        self.ln_factorials.get(k as usize).copied().unwrap_or_else(|| ln_factorial(k))
    }
}

/// ln k!
fn ln_factorial(k: u64) -> f64 {
    math::ln_gamma(k as f64 + 1.0)
}

/// Sum of a falling series, at most 1: `first`, then each term times the ratio of the next step, counted from 0, until
/// they no longer count or the sum is beyond `most`.
fn tail(first: f64, ratio: impl Fn(f64) -> f64, most: f64) -> f64 {
    /// Ratios that are computed together, for their divisions need not wait for each other.
    const TOGETHER: usize = 4;
    let (mut sum, mut term) = (first, first);
    'series: for step in (0_u64..).step_by(TOGETHER) {
        let ratios: [f64; TOGETHER] = std::array::from_fn(|next| ratio(step as f64 + next as f64));
        for ratio in ratios {
            term *= ratio;
            if term <= sum * (f64::EPSILON / 16.0) || sum > most {
                break 'series;
            }
            sum += term;
        }
    }
    sum.min(1.0)
}

/// Benjamini and Hochberg's (1995) q-values of a family of p-values, in the same order.
///
/// q of the i-th smallest of m p-values is the least p₍ⱼ₎·m/j over j ≥ i, in 0..=1: keeping all with
/// q ≤ 0.05 lets one in twenty of the kept be false, on average. P-values outside 0..=1 are moved to
/// the nearer end; undefined ones count as 1.
///
/// # Complexity
/// O(m log m).
///
/// ```
/// let q = themeweave::benjamini_hochberg(&[0.01, 0.5, 0.02]);
/// assert!(q[0] == 0.03 && q[1] == 0.5 && q[2] == 0.03);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let q = QValues::new(p.to_vec(), p.len());
    p.iter().map(|&p| q.of(p)).collect()
}

/// The q-values of a family of p-values.
pub(crate) struct QValues {
    /// The p-values from 0 to 1, in ascending order.
    p: Vec<f64>,
    /// For each p-value the least that it and those after it in its block lead to.
    in_block: Vec<f64>,
    /// For each block the least that those of later blocks lead to.
    later: Vec<f64>,
}

impl QValues {
    /// P-values that a thread takes at a time.
    const BLOCK: usize = 1 << 14;

    /// Those of a family of `tested`, of which all but these p-values are 1.
    pub(crate) fn new(mut p: Vec<f64>, tested: usize) -> QValues {
        p.par_iter_mut().for_each(|p| *p = checked(*p));
        // The bits of numbers from 0 on are in the order of the numbers.
        p.par_sort_unstable_by_key(|p| p.to_bits());
        let mut in_block = vec![0.0; p.len()];
        in_block.par_chunks_mut(Self::BLOCK).enumerate().for_each(|(block, in_block)| {
            let first = block * Self::BLOCK;
            let mut least: f64 = 1.0;
            for (at, q) in in_block.iter_mut().enumerate().rev() {
                let at = first + at;
                least = least.min(p[at] * (tested as f64 / (at + 1) as f64));
                *q = least;
            }
        });
        let mut later: Vec<f64> = in_block.chunks(Self::BLOCK).skip(1).map(|in_block| in_block[0]).collect();
        later.push(1.0);
        for block in (1..later.len()).rev() {
            later[block - 1] = later[block - 1].min(later[block]);
        }
        QValues { p, in_block, later }
    }

    /// The q-value of one of the p-values.
    pub(crate) fn of(&self, p: f64) -> f64 {
        let p = checked(p);
        let first = self.p.partition_point(|&other| other < p);
        self.in_block.get(first).map_or(1.0, |q| q.min(self.later[first / Self::BLOCK]))
    }
}

/// A p-value moved to 0..=1; 1 for an undefined one.
fn checked(p: f64) -> f64 {
    // Adding 0 makes 0 of -0.
    if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) + 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(both: u64, a: u64, b: u64, n: u64) -> Contingency {
        Contingency::new(both, a, b, n).unwrap()
    }

    #[track_caller]
    fn check(actual: f64, expected: f64) {
        let error = (actual - expected).abs();
        assert!(error <= 1e-12 * expected.abs().max(1e-3), "{actual} is not {expected}");
    }

    #[test]
    fn chi_squared_tail() {
        check(chi2_sf_1(0.0), 1.0);
        check(chi2_sf_1(1.0), 0.31731050786291415); // beyond one standard deviation
        check(chi2_sf_1(4.0), 0.04550026389635842); // beyond two
        assert_eq!(chi2_sf_1(-1.0), 1.0);
        assert_eq!(chi2_sf_1(f64::NAN), 1.0);
        assert_eq!(chi2_sf_1(f64::INFINITY), 0.0);
    }

    #[test]
    fn hypergeometric_tail_by_hand() {
        // 10 segments, a in 4, b in 5: C(4,k)·C(6,5−k)/C(10,5) = 6, 60, 120, 60, 6 of 252 for k = 0…4.
        for (both, ways) in [(0, 252.0), (1, 246.0), (2, 186.0), (3, 66.0), (4, 6.0)] {
            check(hypergeometric_sf(table(both, 4, 5, 10)), ways / 252.0);
        }
        // 7 of 9 and 6 of 9 must share 4; C(7,k)·C(2,6−k)/C(9,6) = 35, 42, 7 of 84 for k = 4, 5, 6.
        for (both, ways) in [(4, 84.0), (5, 49.0), (6, 7.0)] {
            check(hypergeometric_sf(table(both, 7, 6, 9)), ways / 84.0);
        }
    }

    #[test]
    fn hypergeometric_tail_falls_and_agrees_with_the_full_sum() {
        let (a, b, n) = (300, 200, 1000);
        let pmf: Vec<f64> = (0..=200)
            .map(|both| math::exp(ExactTest::default().ln_probability(table(both, a, b, n))))
            .collect();
        let mut last = 1.0;
        for both in 0..=200 {
            let p = hypergeometric_sf(table(both, a, b, n));
            let full: f64 = pmf[both as usize..].iter().rev().sum();
            assert!((p - full).abs() <= 1e-10 * full.max(1e-290), "{both}: {p} {full}");
            assert!(p <= last * (1.0 + 1e-12));
            last = p;
        }
        // Millions of segments neither take long nor leave the range.
        let p = hypergeometric_sf(table(1_000_000, 2_000_000, 2_000_000, 4_000_000));
        assert!((p - 0.5).abs() < 1e-3, "{p}");
    }

    #[test]
    fn many_tests_are_the_same_as_one() {
        let most = 0.001;
        let (exact, roughly) = (ExactTest::new(300, 1.0), ExactTest::new(300, most));
        let mut rng = crate::rng::Rng::new(6);
        for _ in 0..20_000 {
            let (a, b) = (rng.below(301) as u64, rng.below(301) as u64);
            let both = rng.below(a.min(b) as usize + 1) as u64;
            let Ok(table) = Contingency::new(both, a, b, 300 + rng.below(2) as u64) else { continue };
            let p = hypergeometric_sf(table);
            assert_eq!(exact.p(table), p, "{table:?}");
            let rough = roughly.p(table);
            assert!(if p <= most { rough == p } else { most < rough && rough <= p }, "{table:?}");
        }
    }

    #[test]
    fn q_values_by_hand() {
        // Sorted 0.01, 0.02, 0.03, 0.5; times 4/rank: 0.04, 0.04, 0.04, 0.5.
        let q = benjamini_hochberg(&[0.5, 0.03, 0.01, 0.02]);
        for (actual, expected) in q.into_iter().zip([0.5, 0.04, 0.04, 0.04]) {
            check(actual, expected);
        }
        // Sorted 0.001, 0.2, 0.9; times 3/rank: 0.003, 0.3, 0.9.
        let q = benjamini_hochberg(&[0.001, 0.9, 0.2]);
        for (actual, expected) in q.into_iter().zip([0.003, 0.9, 0.3]) {
            check(actual, expected);
        }
        let q = QValues::new(vec![0.2, 0.001], 3);
        assert_eq!([q.of(0.2), q.of(0.001)], [0.30000000000000004, 0.003]);
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(QValues::new(Vec::new(), 3).of(0.1), 1.0);
        assert_eq!(benjamini_hochberg(&[f64::NAN, -1.0, 7.0, -0.0]), [1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn q_values_of_several_blocks() {
        let mut rng = crate::rng::Rng::new(8);
        for count in [QValues::BLOCK, 3 * QValues::BLOCK + 7] {
            // Half of them far smaller, so that many have the q-value of a later one.
            let p: Vec<f64> = (0..count)
                .map(|at| rng.below(1 << 20) as f64 / (1_u64 << (20 + at % 2 * 10)) as f64)
                .collect();
            let q = benjamini_hochberg(&p);
            let mut pairs: Vec<(f64, f64)> = p.iter().copied().zip(q).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut least: f64 = 1.0;
            for (at, &(p, q)) in pairs.iter().enumerate().rev() {
                least = least.min(p * (count as f64 / (at + 1) as f64));
                // Of equals the first one tells.
                if at == 0 || pairs[at - 1].0 < p {
                    assert_eq!(q, least, "{at}");
                }
            }
        }
    }
}
