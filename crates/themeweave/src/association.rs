//! How strongly two terms belong together: measures over a 2×2 table of segments, and tests of it
//! against chance.
//!
//! Everything here is a pure function of counts. A table never knows which terms it is about.

mod significance;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::math;

pub(crate) use crate::association::significance::{ExactTest, QValues};
pub use crate::association::significance::{benjamini_hochberg, chi2_sf_1, hypergeometric_sf};

/// In how many segments two terms occur together, each, and in all.
///
/// |        | with b     | without b          |
/// |--------|------------|--------------------|
/// | with a | `both`     | `a − both`         |
/// | without a | `b − both` | `n − a − b + both` |
///
/// A table written as a literal is not checked; functions that take one of impossible counts return
/// some number and do not panic.
///
/// ```
/// use themeweave::Contingency;
///
/// let table = Contingency::new(3, 4, 6, 16)?;
/// assert_eq!(table.expected(), 1.5);
/// assert!(Contingency::new(5, 4, 6, 16).is_err()); // 5 segments with both, 4 with the first
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contingency {
    /// Segments with both terms.
    pub both: u64,
    /// Segments with the first term.
    pub a: u64,
    /// Segments with the second term.
    pub b: u64,
    /// All segments.
    pub n: u64,
}

impl Contingency {
    /// A table whose four cells are all at least 0.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) unless `both` ≤ min(`a`, `b`) and
    /// `a` + `b` − `both` ≤ `n`.
    pub fn new(both: u64, a: u64, b: u64, n: u64) -> Result<Self> {
        if both <= a.min(b) && b <= n && a - both <= n - b {
            Ok(Self { both, a, b, n })
        } else {
            Err(Error::input(format!(
                "no {n} segments can have {both} with both terms, {a} with the first and {b} with the second"
            )))
        }
    }

    /// Segments with both terms to be expected if the terms were independent: `a`·`b`/`n`; 0 when
    /// there are no segments.
    pub fn expected(self) -> f64 {
        if self.n == 0 { 0.0 } else { self.a as f64 * self.b as f64 / self.n as f64 }
    }
}

/// A measure of association: counts in, strength of a link out.
///
/// With c = segments with both, a and b = segments with each, n = all segments:
///
/// | measure | name | formula | range | meaning of 0 |
/// |---|---|---|---|---|
/// | `AssociationStrength` | `association-strength` | c·n/(a·b) | 0..=n, 1 = independent | never together |
/// | `Jaccard` | `jaccard` | c/(a + b − c) | 0..=1 | never together |
/// | `Cosine` | `cosine` | c/√(a·b) | 0..=1 | never together |
/// | `Dice` | `dice` | 2c/(a + b) | 0..=1 | never together |
/// | `Inclusion` | `inclusion` | c/min(a, b) | 0..=1 | never together |
/// | `Equivalence` | `equivalence` | c²/(a·b) | 0..=1 | never together |
/// | `Npmi` | `npmi` | ln(c·n/(a·b)) / ln(n/c) | −1..=1, −1 = never together | independent |
/// | `LogLikelihood` | `log-likelihood` | ±[`g2`], minus if c < a·b/n | any | independent |
///
/// All are symmetric in a and b, and 0 when one of the terms occurs nowhere. NPMI is 1 when both
/// terms are in every segment, the limit of its formula along c = a = b.
///
/// # Sources
/// Association strength: van Eck and Waltman (2009), eq. 6 up to the factor n, as in VOSviewer; it
/// is observed over expected. Cosine is also called Salton or Ochiai, inclusion Simpson or overlap.
/// NPMI: Bouma (2009). Log-likelihood: Dunning (1993), over all four cells.
///
/// ```
/// use themeweave::{AssociationMeasure, Contingency};
///
/// let table = Contingency::new(3, 4, 6, 16)?;
/// assert_eq!(AssociationMeasure::AssociationStrength.score(table), 2.0); // 3 where 1.5 were expected
/// assert_eq!(AssociationMeasure::Inclusion.score(table), 0.75);
/// assert_eq!("npmi".parse::<AssociationMeasure>()?, AssociationMeasure::Npmi);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssociationMeasure {
    /// Observed over expected.
    AssociationStrength,
    /// Share of the segments with either that have both.
    Jaccard,
    /// Cosine of the two occurrence vectors.
    Cosine,
    /// Segments with both over the mean of the segments with each.
    Dice,
    /// Share of the rarer term's segments that have both.
    Inclusion,
    /// Square of the cosine.
    Equivalence,
    /// Pointwise mutual information over its greatest possible value.
    Npmi,
    /// Dunning's G², negative when the terms repel each other.
    LogLikelihood,
}

impl AssociationMeasure {
    /// Every measure, in the order of the table above.
    pub const ALL: [Self; 8] = [
        Self::AssociationStrength,
        Self::Jaccard,
        Self::Cosine,
        Self::Dice,
        Self::Inclusion,
        Self::Equivalence,
        Self::Npmi,
        Self::LogLikelihood,
    ];

    /// The name in options and files: `association-strength`, `npmi` and so on.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AssociationStrength => "association-strength",
            Self::Jaccard => "jaccard",
            Self::Cosine => "cosine",
            Self::Dice => "dice",
            Self::Inclusion => "inclusion",
            Self::Equivalence => "equivalence",
            Self::Npmi => "npmi",
            Self::LogLikelihood => "log-likelihood",
        }
    }

    /// The strength of association in `table`; formula, range and meaning of 0 are in the table of
    /// [`AssociationMeasure`].
    pub fn score(self, table: Contingency) -> f64 {
        let [c, a, b, n] = [table.both, table.a, table.b, table.n].map(|count| count as f64);
        if a == 0.0 || b == 0.0 || n == 0.0 {
            return 0.0;
        }
        match self {
            Self::AssociationStrength => c * n / (a * b),
            Self::Jaccard => c / (a + b - c),
            Self::Cosine => c / (a * b).sqrt(),
            Self::Dice => 2.0 * c / (a + b),
            Self::Inclusion => c / a.min(b),
            Self::Equivalence => c * c / (a * b),
            Self::Npmi if table.both == 0 => -1.0,
            Self::Npmi if table.both >= table.n => 1.0,
            Self::Npmi => (math::ln(c * n / (a * b)) / math::ln(n / c)).clamp(-1.0, 1.0),
            Self::LogLikelihood if c < table.expected() => -g2(table),
            Self::LogLikelihood => g2(table),
        }
    }
}

impl fmt::Display for AssociationMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for AssociationMeasure {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::options(format!("unknown association measure {name:?}; known are {names}"))
        })
    }
}

impl Serialize for AssociationMeasure {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Dunning's log-likelihood ratio of the table against independence: G² = 2·Σ O·ln(O/E) over the
/// four cells, O observed and E expected count.
///
/// At least 0; 0 means exactly independent, or a term that is in no segment or in all of them. Under
/// independence it is distributed as χ² with one degree of freedom, so [`chi2_sf_1`] gives its
/// two-sided p-value. Its sum is formed from the terms O·ln(O/E) − (O − E), each at least 0, so that
/// weak associations lose no digits to cancellation.
///
/// ```
/// use themeweave::{Contingency, chi2_sf_1, g2};
///
/// let table = Contingency::new(10, 20, 20, 40)?; // just what chance would give
/// assert_eq!(g2(table), 0.0);
/// assert_eq!(chi2_sf_1(g2(table)), 1.0);
/// # Ok::<(), themeweave::Error>(())
/// ```
pub fn g2(table: Contingency) -> f64 {
    let [c, a, b, n] = [table.both, table.a, table.b, table.n].map(|count| count as f64);
    let term = |observed: f64, row: f64, column: f64| {
        let expected = row * column / n;
        if expected <= 0.0 {
            0.0
        } else if observed <= 0.0 {
            expected
        } else {
            (observed * math::ln(observed / expected) - (observed - expected)).max(0.0)
        }
    };
    let sum =
        term(c, a, b) + (term(a - c, a, n - b) + term(b - c, n - a, b)) + term(n - a - b + c, n - a, n - b);
    2.0 * sum.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::ln;
    use crate::rng::Rng;

    fn table(both: u64, a: u64, b: u64, n: u64) -> Contingency {
        Contingency::new(both, a, b, n).unwrap()
    }

    #[track_caller]
    fn check(actual: f64, expected: f64) {
        let error = (actual - expected).abs();
        assert!(error <= 1e-12 * expected.abs().max(1e-3), "{actual} is not {expected}");
    }

    fn random_table(rng: &mut Rng) -> Contingency {
        let cells: [u64; 4] = std::array::from_fn(|_| {
            let bound = [2, 10, 1000][rng.below(3)];
            rng.below(bound) as u64
        });
        table(cells[0], cells[0] + cells[1], cells[0] + cells[2], cells.iter().sum())
    }

    #[test]
    fn measures_of_a_hand_worked_table() {
        // 16 segments: 3 with both, 1 with a only, 6 − 3 = 3 with b only, 9 with neither.
        let t = table(3, 4, 6, 16);
        use AssociationMeasure::*;
        check(AssociationStrength.score(t), 2.0); //  3·16/(4·6) = 48/24
        check(Jaccard.score(t), 3.0 / 7.0); //        4 + 6 − 3 = 7
        check(Cosine.score(t), 0.6123724356957945); // 3/√24
        check(Dice.score(t), 0.6); //                 6/10
        check(Inclusion.score(t), 0.75); //           3/4
        check(Equivalence.score(t), 0.375); //        9/24
        check(Npmi.score(t), 0.4140722453786374); // ln 2 / ln(16/3)
        // Expected: 4·6/16 = 1.5, 4·10/16 = 2.5, 12·6/16 = 4.5, 12·10/16 = 7.5.
        // 3 ln 2 + 1 ln 0.4 + 3 ln(2/3) + 9 ln 1.2 = 2.079442 − 0.916291 − 1.216395 + 1.640894 = 1.587650
        let g2 = 2.0 * (3.0 * ln(2.0) + ln(0.4) + 3.0 * ln(2.0 / 3.0) + 9.0 * ln(1.2));
        check(LogLikelihood.score(t), g2);
        assert!((g2 - 3.1753).abs() < 1e-4);
    }

    #[test]
    fn independence_is_zero() {
        let t = table(10, 20, 30, 60);
        assert_eq!(AssociationMeasure::AssociationStrength.score(t), 1.0);
        assert_eq!(AssociationMeasure::Npmi.score(t), 0.0);
        assert_eq!(AssociationMeasure::LogLikelihood.score(t), 0.0);
    }

    #[test]
    fn extremes() {
        use AssociationMeasure::*;
        assert_eq!(Npmi.score(table(0, 3, 4, 10)), -1.0);
        assert_eq!(Npmi.score(table(3, 3, 3, 10)), 1.0);
        assert_eq!(Npmi.score(table(10, 10, 10, 10)), 1.0);
        // Never together though 2 were expected; a·b/n = 5·4/10. O = 0, 5, 4, 1; E = 2, 3, 2, 3.
        // G² = 2·(5 ln(5/3) + 4 ln 2 + ln(1/3)) = 2·(2.554128 + 2.772589 − 1.098612)
        let repelled = LogLikelihood.score(table(0, 5, 4, 10));
        check(repelled, -2.0 * (5.0 * ln(5.0 / 3.0) + 4.0 * ln(2.0) - ln(3.0)));
        for measure in AssociationMeasure::ALL {
            for t in [table(0, 0, 0, 0), table(0, 0, 5, 9), table(0, 9, 0, 9)] {
                assert_eq!(measure.score(t), 0.0, "{measure} {t:?}");
            }
        }
    }

    #[test]
    fn measures_are_symmetric_and_in_range() {
        let mut rng = Rng::new(1);
        for _ in 0..5000 {
            let t = random_table(&mut rng);
            let swapped = table(t.both, t.b, t.a, t.n);
            for measure in AssociationMeasure::ALL {
                let score = measure.score(t);
                assert_eq!(score.to_bits(), measure.score(swapped).to_bits(), "{measure} {t:?}");
                let range = match measure {
                    AssociationMeasure::AssociationStrength => 0.0..=t.n as f64,
                    AssociationMeasure::Npmi => -1.0..=1.0,
                    AssociationMeasure::LogLikelihood => f64::MIN..=f64::MAX,
                    _ => 0.0..=1.0,
                };
                assert!(range.contains(&score), "{measure} {t:?} {score}");
            }
            assert!((0.0..=1.0).contains(&hypergeometric_sf(t)), "{t:?}");
        }
    }

    #[test]
    fn impossible_tables_are_refused_and_harmless() {
        assert!(Contingency::new(u64::MAX, u64::MAX, u64::MAX, u64::MAX).is_ok());
        for (both, a, b, n) in
            [(3, 2, 5, 9), (3, 5, 2, 9), (0, 5, 5, 9), (0, u64::MAX, u64::MAX, 1), (1, 1, 1, 0)]
        {
            assert!(Contingency::new(both, a, b, n).is_err());
            let t = Contingency { both, a, b, n };
            for measure in AssociationMeasure::ALL {
                let _ = measure.score(t);
            }
            let _ = (g2(t), hypergeometric_sf(t), t.expected());
        }
    }

    #[test]
    fn names_round_trip() {
        for measure in AssociationMeasure::ALL {
            assert_eq!(measure.to_string().parse::<AssociationMeasure>().unwrap(), measure);
        }
        let message = "cosinus".parse::<AssociationMeasure>().unwrap_err().to_string();
        assert!(message.contains("\"cosinus\"") && message.contains("log-likelihood"), "{message}");
    }
}
