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
const COHESION: f64 = 0.3;
/// G² above which chance is ruled out at p < .001, one degree of freedom.
const SIGNIFICANT: f64 = 10.83;
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

/// Replaces the words of each phrase by a form of the phrase.
pub(crate) fn join_phrases(
    stream: &mut Vec<u32>,
    starts: &mut [usize],
    forms: &mut Forms,
    language: Language,
) {
    const ROUNDS: usize = 2;
    for _ in 0..ROUNDS {
        let mut found: Vec<((u32, u32), f64)> =
            significant_pairs(stream, starts, forms, language).into_iter().collect();
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

/// Pairs that are phrases by their counts, with their NPMI.
fn significant_pairs(
    stream: &[u32],
    starts: &[usize],
    forms: &Forms,
    language: Language,
) -> FxHashMap<(u32, u32), f64> {
    let mut single = vec![0_u64; forms.unit_count()];
    let mut total = 0;
    for unit in stream.iter().filter_map(|&symbol| forms.unit(symbol)) {
        single[unit as usize] += 1;
        total += 1;
    }
    let least = least_count(total);
    let segments: Vec<(usize, usize)> = starts.iter().copied().zip(starts.iter().copied().skip(1)).collect();
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
    let strength = |(&(a, b), &(times, hyphens)): (&(u32, u32), &(u64, u64))| {
        if a == b || times < least {
            return None;
        }
        let (in_a, in_b) = (single[a as usize].max(times), single[b as usize].max(times));
        let table = Contingency::new(times, in_a, in_b, total.max(in_a + in_b - times)).ok()?;
        let cohesion = AssociationMeasure::Npmi.score(table);
        let is_phrase = hyphens >= 2
            || cohesion >= COHESION && AssociationMeasure::LogLikelihood.score(table) > SIGNIFICANT;
        is_phrase.then_some(((a, b), cohesion))
    };
    counts.iter().filter_map(strength).collect()
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
