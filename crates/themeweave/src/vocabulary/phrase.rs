//! Phrases: units that stand side by side more often than chance would have it.
//!
//! A pair of units is a phrase when it occurs often enough, its log-likelihood ratio G² (Dunning
//! 1993, "Accurate methods for the statistics of surprise and coincidence") says that the two are
//! not together by chance (p < .001), and they hold together: normalised pointwise mutual information
//! (Bouma 2009) of at least [`COHESION`]. Words joined by a hyphen twice are a phrase in any case.
//! Two rounds make phrases of up to four words. "Erosion of social care leadership" is an occurrence of
//! "leadership erosion" where that is a phrase.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::association::{AssociationMeasure, Contingency};
use crate::language::Language;
use crate::token::HYPHEN;
use crate::vocabulary::form::{Forms, GONE, Joint, OF, STOP, of_words};
use crate::vocabulary::without_gone;

/// Least NPMI of the two parts of a phrase.
pub(crate) const COHESION: f64 = 0.3;
/// G² above which chance is ruled out at p < .001, one degree of freedom.
pub(crate) const SIGNIFICANT: f64 = 10.83;
/// Most stop words after "of", and most words after those, that are looked at.
pub(crate) const REACH: usize = 3;

/// A pair of forms at two places of a segment.
struct Pair {
    left: usize,
    right: usize,
    joint: Joint,
    /// The units in the order of the phrase, which is not that of the text for "erosion of leadership".
    units: (u32, u32),
}

/// Replaces the words of each phrase by a form of the phrase. `see` is shown the counts of each round.
pub(crate) fn join_phrases(
    stream: &mut Vec<u32>,
    starts: &mut [usize],
    forms: &mut Forms,
    language: Language,
    see: &mut dyn FnMut(&Forms, &PairCounts),
) {
    const ROUNDS: usize = 2;
    for _ in 0..ROUNDS {
        let counts = PairCounts::new(stream, starts, forms, language);
        see(forms, &counts);
        let mut found: Vec<((u32, u32), f64)> = counts
            .pairs()
            .map(|pair| (pair, counts.judge(pair)))
            .filter(|(_, test)| test.is_phrase())
            .map(|(pair, test)| (pair, test.npmi))
            .collect();
        found.sort_unstable_by_key(|&(pair, _)| pair);
        let phrases: FxHashMap<(u32, u32), (u32, f64)> = found
            .into_iter()
            .map(|(pair, strength)| (pair, (forms.pair_unit(pair.0, pair.1), strength)))
            .collect();
        replace(stream, starts, forms, language, &phrases);
    }
}

/// The pairs of a segment that may be phrases.
fn pairs<'s>(symbols: &'s [u32], forms: &'s Forms, language: Language) -> impl Iterator<Item = Pair> + 's {
    let (of, head_first) = of_words(language);
    (0..symbols.len()).flat_map(move |left| {
        let unit = forms.unit(symbols[left]);
        let beside = unit.and_then(|first| {
            let (right, joint) = match symbols.get(left + 1) {
                Some(&HYPHEN) => (left + 2, Joint::Hyphen),
                _ => (left + 1, Joint::Space),
            };
            let second = forms.unit(*symbols.get(right)?)?;
            Some(Pair { left, right, joint, units: (first, second) })
        });
        let across = unit.into_iter().flat_map(move |first| {
            let of = of.first().filter(|_| symbols.get(left + 1) == Some(&OF));
            of.into_iter().flat_map(move |&word| {
                belonging(symbols, left + 2, forms).map(move |(right, second)| {
                    let units = if head_first { (second, first) } else { (first, second) };
                    Pair { left, right, joint: Joint::Of(word), units }
                })
            })
        });
        beside.into_iter().chain(across)
    })
}

/// The words that "of" at the place before `from` may lead to, with their units: the run of words
/// after any stop words ("erosion of *the social care leadership*").
fn belonging<'s>(
    symbols: &'s [u32],
    from: usize,
    forms: &'s Forms,
) -> impl Iterator<Item = (usize, u32)> + 's {
    let skipped = symbols[from..].iter().take(REACH).take_while(|&&symbol| symbol == STOP).count();
    let run = symbols.iter().enumerate().skip(from + skipped).take(REACH);
    run.map_while(|(at, &symbol)| forms.unit(symbol).map(|unit| (at, unit)))
}

/// How often units stand alone and side by side.
pub(crate) struct PairCounts {
    single: Vec<u64>,
    total: u64,
    least: u64,
    /// Occurrences of a pair, and how many of them have a hyphen.
    counts: FxHashMap<(u32, u32), (u64, u64)>,
}

/// What says whether a pair of units is a phrase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PairTest {
    pub(crate) times: u64,
    /// Of these, with a hyphen.
    pub(crate) hyphens: u64,
    /// Occurrences of either unit, and of all units.
    pub(crate) singles: (u64, u64),
    pub(crate) total: u64,
    /// Fewest occurrences of a phrase.
    pub(crate) least: u64,
    pub(crate) g2: f64,
    pub(crate) npmi: f64,
}

impl PairTest {
    pub(crate) fn is_phrase(&self) -> bool {
        self.times >= self.least && (self.hyphens >= 2 || self.npmi >= COHESION && self.g2 > SIGNIFICANT)
    }
}

impl PairCounts {
    fn new(stream: &[u32], starts: &[usize], forms: &Forms, language: Language) -> PairCounts {
        let mut single = vec![0_u64; forms.unit_count()];
        let mut total = 0;
        for unit in stream.iter().filter_map(|&symbol| forms.unit(symbol)) {
            single[unit as usize] += 1;
            total += 1;
        }
        let least = least_count(total);
        let segments: Vec<(usize, usize)> =
            starts.iter().copied().zip(starts.iter().copied().skip(1)).collect();
        let counts: FxHashMap<(u32, u32), (u64, u64)> = segments
            .par_chunks(1 << 12)
            .map(|run| {
                let mut counts: FxHashMap<(u32, u32), (u64, u64)> = FxHashMap::default();
                for &(start, end) in run {
                    for pair in pairs(&stream[start..end], forms, language) {
                        if single[pair.units.0 as usize] >= least && single[pair.units.1 as usize] >= least {
                            let entry = counts.entry(pair.units).or_default();
                            entry.0 += 1;
                            entry.1 += u64::from(pair.joint == Joint::Hyphen);
                        }
                    }
                }
                counts
            })
            .reduce(FxHashMap::default, |a, b| {
                let (mut large, small) = if a.len() >= b.len() { (a, b) } else { (b, a) };
                #[expect(clippy::iter_over_hash_type, reason = "sums of integers do not depend on the order")]
                for (pair, (times, hyphens)) in small {
                    let entry = large.entry(pair).or_default();
                    entry.0 += times;
                    entry.1 += hyphens;
                }
                large
            });
        PairCounts { single, total, least, counts }
    }

    /// The pairs that occur often enough to be phrases, in no order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.counts.iter().filter(|(_, counts)| counts.0 >= self.least).map(|(&pair, _)| pair)
    }

    /// The test of a pair; 0 where it does not occur, and for a unit with itself.
    pub(crate) fn judge(&self, pair: (u32, u32)) -> PairTest {
        let (times, hyphens) = match pair.0 == pair.1 {
            true => (0, 0),
            false => self.counts.get(&pair).copied().unwrap_or_default(),
        };
        let single = |unit: u32| self.single.get(unit as usize).map_or(0, |&single| single.max(times));
        let singles = (single(pair.0), single(pair.1));
        let total = self.total.max(singles.0 + singles.1 - times);
        let score = |measure: AssociationMeasure| {
            let table = Contingency::new(times, singles.0, singles.1, total);
            table.map_or(0.0, |table| measure.score(table))
        };
        PairTest {
            times,
            hyphens,
            singles,
            total,
            least: self.least,
            g2: score(AssociationMeasure::LogLikelihood),
            npmi: score(AssociationMeasure::Npmi),
        }
    }
}

/// Fewest occurrences of a phrase: 2 up to 20,000 words, then growing slowly with the text.
fn least_count(words: u64) -> u64 {
    2 + (words / 20_000).checked_ilog2().map_or(0, |log| u64::from(log) + 1)
}

/// Puts phrases in place of their words: the strongest first where two overlap. Words that stand
/// between the parts of a phrase follow it.
fn replace(
    stream: &mut Vec<u32>,
    starts: &mut [usize],
    forms: &mut Forms,
    language: Language,
    phrases: &FxHashMap<(u32, u32), (u32, f64)>,
) {
    for bounds in starts.windows(2) {
        let symbols = &mut stream[bounds[0]..bounds[1]];
        let mut found: Vec<(f64, Pair, u32)> = pairs(symbols, forms, language)
            .filter_map(|pair| phrases.get(&pair.units).map(|&(unit, strength)| (strength, pair, unit)))
            .collect();
        found.sort_by(|a, b| {
            b.0.total_cmp(&a.0).then(a.1.left.cmp(&b.1.left)).then(a.1.right.cmp(&b.1.right))
        });
        let mut is_taken = vec![false; symbols.len()];
        for (_, pair, unit) in found {
            if is_taken[pair.left] || is_taken[pair.right] {
                continue;
            }
            symbols[pair.left] = forms.pair_form(symbols[pair.left], symbols[pair.right], pair.joint, unit);
            is_taken[pair.left] = true;
            is_taken[pair.right] = true;
            symbols[pair.right] = GONE;
            match pair.joint {
                Joint::Space => {}
                Joint::Hyphen => symbols[pair.left + 1] = GONE,
                Joint::Of(_) => symbols[pair.left + 1] = STOP,
            }
        }
    }
    without_gone(stream, starts);
}
