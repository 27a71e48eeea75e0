//! The words of a theme: those that set it apart, and among them those that belong together.

use rayon::prelude::*;

use crate::association::{AssociationMeasure, Contingency};
use crate::math;
use crate::theme::ThemeTerm;
use crate::theme::cluster::{Grouping, NONE};
use crate::vocabulary::{TermId, Vocabulary};

/// Terms given for each theme.
const TERMS: usize = 60;
/// Of these, the first among which those that belong together are sought.
const CANDIDATES: usize = 30;
/// The terms that stand for a theme where it is shown.
pub(crate) const SHOWN: usize = 10;
/// A word is left out where a phrase with it is in at least this share of its segments: "mental"
/// beside "mental health" says nothing.
const COVERED: f64 = 0.9;

/// The terms of each group: over-represented in its segments against those of other groups (where none is,
/// those in most segments). Of the 30 with the greatest G² the ten that belong together best come first, then
/// the others, both by falling G².
pub(crate) fn ranked_terms(vocabulary: &Vocabulary, grouping: &Grouping) -> Vec<Vec<ThemeTerm>> {
    let counts = Counts::new(vocabulary, grouping);
    let distinct: Vec<Vec<Distinct>> =
        (0..grouping.groups).into_par_iter().map(|group| counts.distinct(vocabulary, group)).collect();
    let heads: Vec<&[Distinct]> =
        distinct.iter().map(|terms| &terms[..terms.len().min(CANDIDATES)]).collect();
    let together = Together::new(vocabulary, &heads);
    let rank = |group: usize| {
        let chosen = together.best(vocabulary, group, heads[group]);
        let others = (0..distinct[group].len()).filter(|at| !chosen.contains(at));
        let order = chosen.iter().copied().chain(others);
        order.map(|at| counts.theme_term(vocabulary, group, distinct[group][at].term)).collect()
    };
    (0..grouping.groups).into_par_iter().map(rank).collect()
}

/// Whether a phrase in so many segments of a group leaves so little of one of its words that this says nothing.
pub(crate) fn covers(phrase: u64, word: u64) -> bool {
    phrase as f64 >= COVERED * word as f64
}

/// A term and how much it sets a group apart.
struct Distinct {
    term: TermId,
    score: f64,
}

/// Terms by group.
struct Counts {
    groups: usize,
    /// Segments by term, then group.
    segments: Vec<u32>,
    /// Occurrences by term, then group.
    times: Vec<u64>,
    /// Segments of each group.
    sizes: Vec<u64>,
    /// Occurrences of all terms in each group.
    totals: Vec<u64>,
}

impl Counts {
    fn new(vocabulary: &Vocabulary, grouping: &Grouping) -> Counts {
        let groups = grouping.groups;
        let cells = vocabulary.terms().len() * groups;
        let (sizes, totals) = (vec![0; groups], vec![0; groups]);
        let mut counts = Counts { groups, segments: vec![0; cells], times: vec![0; cells], sizes, totals };
        for (segment, &group) in grouping.group.iter().enumerate().filter(|(_, group)| **group != NONE) {
            let group = group as usize;
            counts.sizes[group] += 1;
            for (term, times) in vocabulary.segment(segment) {
                let at = term as usize * groups + group;
                counts.segments[at] += 1;
                counts.times[at] += u64::from(times);
                counts.totals[group] += u64::from(times);
            }
        }
        counts
    }

    /// Segments of each group with a term.
    fn of_term(&self, term: TermId) -> &[u32] {
        &self.segments[term as usize * self.groups..][..self.groups]
    }

    /// The terms that set a group apart, by falling G², without words that hardly occur outside one of its
    /// phrases.
    fn distinct(&self, vocabulary: &Vocabulary, group: usize) -> Vec<Distinct> {
        let compared = self.sizes.iter().sum();
        let log_likelihood = |term: TermId| {
            let of_term = self.of_term(term);
            let a = of_term.iter().map(|&segments| u64::from(segments)).sum();
            let table = Contingency { both: u64::from(of_term[group]), a, b: self.sizes[group], n: compared };
            AssociationMeasure::LogLikelihood.score(table)
        };
        let present = (0..vocabulary.terms().len() as TermId).filter(|&term| self.of_term(term)[group] > 0);
        let mut found: Vec<Distinct> =
            present.map(|term| Distinct { term, score: log_likelihood(term) }).collect();
        match found.iter().any(|distinct| distinct.score > 0.0) {
            true => found.retain(|distinct| distinct.score > 0.0),
            false => found
                .iter_mut()
                .for_each(|distinct| distinct.score = f64::from(self.of_term(distinct.term)[group])),
        }
        found.sort_by(|x, y| y.score.total_cmp(&x.score).then(x.term.cmp(&y.term)));
        found.truncate(TERMS);
        let terms: Vec<TermId> = found.iter().map(|distinct| distinct.term).collect();
        let seen = |term: TermId| self.of_term(term)[group].into();
        let is_covered = |word: TermId| {
            terms
                .iter()
                .filter(|&&phrase| vocabulary.terms()[phrase as usize].parts.contains(&word))
                .any(|&phrase| covers(seen(phrase), seen(word)))
        };
        found.retain(|distinct| !is_covered(distinct.term));
        found
    }

    fn theme_term(&self, vocabulary: &Vocabulary, group: usize, term: TermId) -> ThemeTerm {
        let at = term as usize * self.groups + group;
        ThemeTerm {
            term,
            beta: self.times[at] as f64 / self.totals[group] as f64,
            frequency: self.times[at],
            segments: self.segments[at],
            exclusivity: f64::from(self.segments[at]) / f64::from(vocabulary.terms()[term as usize].segments),
            membership: None,
        }
    }
}

/// For some terms of each group, in how many segments of all two of them are together.
struct Together {
    /// For each group the segments by place of one term, then of the other.
    pairs: Vec<[[u32; CANDIDATES]; CANDIDATES]>,
}

impl Together {
    /// Goes over the terms of all segments once.
    fn new(vocabulary: &Vocabulary, heads: &[&[Distinct]]) -> Together {
        /// Parts that are counted side by side.
        const RUNS: usize = 16;
        let mut places: Vec<Vec<(usize, usize)>> = vec![Vec::new(); vocabulary.terms().len()];
        for (group, head) in heads.iter().enumerate() {
            for (place, distinct) in head.iter().enumerate() {
                places[distinct.term as usize].push((group, place));
            }
        }
        let n = vocabulary.segment_count();
        let count = |run: usize| {
            let mut pairs = vec![[[0; CANDIDATES]; CANDIDATES]; heads.len()];
            let mut found: Vec<(usize, usize)> = Vec::new();
            for segment in run * n / RUNS..(run + 1) * n / RUNS {
                found.clear();
                found.extend(vocabulary.segment(segment).flat_map(|(term, _)| &places[term as usize]));
                found.sort_unstable();
                for same in found.chunk_by(|x, y| x.0 == y.0) {
                    for &(group, a) in same {
                        same.iter().for_each(|&(_, b)| pairs[group][a][b] += 1);
                    }
                }
            }
            pairs
        };
        let add = |mut sum: Vec<[[u32; CANDIDATES]; CANDIDATES]>, part: Vec<_>| {
            let cells = part.as_flattened().as_flattened();
            for (sum, part) in sum.as_flattened_mut().as_flattened_mut().iter_mut().zip(cells) {
                *sum += part;
            }
            sum
        };
        let none = || vec![[[0; CANDIDATES]; CANDIDATES]; heads.len()];
        Together { pairs: (0..RUNS).into_par_iter().map(count).reduce(none, add) }
    }

    /// Places of the terms of a group that belong together best: again and again the term goes that has least
    /// of the mean of its bonds with the others, and of its own weight, ln(1 + G²) as share of the greatest;
    /// half as much as a perfect bond for the best, so that a word that says much stays and one that belongs
    /// nowhere does not. Neither two phrases with one word nor a phrase and its word say that they belong
    /// together.
    fn best(&self, vocabulary: &Vocabulary, group: usize, head: &[Distinct]) -> Vec<usize> {
        const WEIGHT: f64 = 0.5;
        let related = |a: TermId, b: TermId| {
            let [a_parts, b_parts] = [a, b].map(|term| &vocabulary.terms()[term as usize].parts);
            vocabulary.is_nested(a, b) || a_parts.iter().any(|part| b_parts.contains(part))
        };
        let pairs = &self.pairs[group];
        let bond = |a: usize, b: usize| {
            let counted = a != b && !related(head[a].term, head[b].term);
            counted.then(|| bond(pairs[a][b], pairs[a][a], pairs[b][b], vocabulary.segment_count()))
        };
        let places = 0..head.len();
        let bonds: Vec<Vec<Option<f64>>> =
            places.clone().map(|a| places.clone().map(|b| bond(a, b)).collect()).collect();
        let weight = |at: usize| math::ln(1.0 + head[at].score);
        let greatest = places.clone().map(weight).fold(0.0, f64::max);
        let own: Vec<f64> = places.clone().map(|at| WEIGHT * weight(at) / greatest).collect();
        let mut left: Vec<usize> = places.collect();
        while left.len() > SHOWN {
            let belonging = |&a: &usize| {
                let bonds = || left.iter().filter_map(|&b| bonds[a][b]);
                bonds().sum::<f64>() / bonds().count().max(1) as f64 + own[a]
            };
            let belonging: Vec<f64> = left.iter().map(belonging).collect();
            // Of equals the last goes.
            let least = (0..left.len()).rev().min_by(|&x, &y| belonging[x].total_cmp(&belonging[y]));
            let Some(least) = least else { break };
            left.remove(least);
        }
        left
    }
}

/// Normalized pointwise mutual information (Bouma 2009) of two terms that `both` of `n` segments have, and `a`
/// and `b` of them one: −1..=1, 0 as by chance. A tenth of a segment is added to what was seen and to what
/// is expected: two rare words that were never seen together are no enemies, and two that one note has are no
/// close friends.
fn bond(both: u32, a: u32, b: u32, n: usize) -> f64 {
    const ADDED: f64 = 0.1;
    let (n, seen) = (n as f64, f64::from(both) + ADDED);
    let expected = f64::from(a) * f64::from(b) / n + ADDED;
    math::ln(seen / expected) / -math::ln(seen / (n + 2.0 * ADDED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bonds_by_hand() {
        // Seen 4 + 0.1 times, expected 4 · 5 / 40 + 0.1: ln(4.1 / 0.6) / ln(40.2 / 4.1).
        assert!((bond(4, 4, 5, 40) - 1.921_813 / 2.282_880).abs() < 1e-5);
        assert!((bond(2, 4, 20, 40) - 0.0).abs() < 1e-9);
        // Of two words of one note less is believed than of two that always come together.
        assert!(bond(1, 1, 1, 1_000) < bond(20, 20, 20, 1_000));
        // Rare words that were not seen together say less than common ones.
        assert!(bond(0, 100, 100, 1_000) < -0.4 && bond(0, 2, 2, 1_000) > -0.1);
    }
}
