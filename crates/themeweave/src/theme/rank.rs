//! The words of a theme: those that set it apart, and among them those that belong together.

use rayon::prelude::*;

use crate::association::{AssociationMeasure, Contingency};
use crate::theme::ThemeTerm;
use crate::theme::cluster::{Grouping, NONE};
use crate::vocabulary::{TermId, Vocabulary};

/// Terms given for each theme.
const TERMS: usize = 60;
/// Of these, the first that are ordered by how they belong together.
const COHERENT: usize = 30;

/// A word is left out where a phrase with it is in at least this share of its segments: "mental"
/// beside "mental health" says nothing.
const COVERED: f64 = 0.9;

/// The terms of each group: over-represented in its segments against those of other groups, by falling
/// G² (by number of segments where none is over-represented); the first 30 of them ordered by the sum
/// of their NPMI with each other.
pub(crate) fn ranked_terms(vocabulary: &Vocabulary, grouping: &Grouping) -> Vec<Vec<ThemeTerm>> {
    let groups = grouping.groups;
    let terms = vocabulary.terms().len();
    let mut present = vec![0_u32; terms * groups];
    let mut times = vec![0_u64; terms * groups];
    let mut sizes = vec![0_u64; groups];
    let mut totals = vec![0_u64; groups];
    for (segment, &group) in grouping.group.iter().enumerate() {
        if group == NONE {
            continue;
        }
        let group = group as usize;
        sizes[group] += 1;
        for (term, count) in vocabulary.segment(segment) {
            present[term as usize * groups + group] += 1;
            times[term as usize * groups + group] += u64::from(count);
            totals[group] += u64::from(count);
        }
    }
    let compared: u64 = sizes.iter().sum();
    let members = grouping.members();
    (0..groups)
        .into_par_iter()
        .map(|group| {
            let count = |term: usize| u64::from(present[term * groups + group]);
            let mut scored: Vec<(f64, TermId)> = (0..terms)
                .filter(|&term| count(term) > 0)
                .map(|term| {
                    let a =
                        present[term * groups..][..groups].iter().map(|&segments| u64::from(segments)).sum();
                    let table = Contingency { both: count(term), a, b: sizes[group], n: compared };
                    (AssociationMeasure::LogLikelihood.score(table), term as TermId)
                })
                .collect();
            match scored.iter().any(|&(score, _)| score > 0.0) {
                true => scored.retain(|&(score, _)| score > 0.0),
                false => scored.iter_mut().for_each(|(score, term)| *score = count(*term as usize) as f64),
            }
            scored.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            scored.truncate(TERMS);
            let found: Vec<TermId> = scored.into_iter().map(|(_, term)| term).collect();
            let seen = |term: TermId| present[term as usize * groups + group];
            let is_covered = |&word: &TermId| {
                let phrases =
                    found.iter().filter(|&&phrase| vocabulary.terms()[phrase as usize].parts.contains(&word));
                phrases
                    .map(|&phrase| f64::from(seen(phrase)))
                    .any(|times| times >= COVERED * f64::from(seen(word)))
            };
            let mut order: Vec<TermId> = found.iter().copied().filter(|word| !is_covered(word)).collect();
            let head = order.len().min(COHERENT);
            order_by_coherence(&mut order[..head], vocabulary, &members[group]);
            order
                .into_iter()
                .map(|term| {
                    let at = term as usize * groups + group;
                    ThemeTerm {
                        term,
                        beta: times[at] as f64 / totals[group] as f64,
                        frequency: times[at],
                        segments: present[at],
                        exclusivity: f64::from(present[at])
                            / f64::from(vocabulary.terms()[term as usize].segments),
                        membership: None,
                    }
                })
                .collect()
        })
        .collect()
}

/// Orders terms by the sum of their NPMI with each other over all segments, greatest first.
fn order_by_coherence(terms: &mut [TermId], vocabulary: &Vocabulary, members: &[u32]) {
    let k = terms.len();
    let place = |term: TermId, sorted: &[(TermId, usize)]| {
        sorted.binary_search_by_key(&term, |entry| entry.0).ok().map(|at| sorted[at].1)
    };
    let mut sorted: Vec<(TermId, usize)> = terms.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let mut both = vec![0_u64; k * k];
    let mut single = vec![0_u64; k];
    for &segment in members {
        let found: Vec<usize> =
            vocabulary.segment(segment as usize).filter_map(|entry| place(entry.0, &sorted)).collect();
        for (i, &a) in found.iter().enumerate() {
            single[a] += 1;
            for &b in &found[i + 1..] {
                both[a * k + b] += 1;
                both[b * k + a] += 1;
            }
        }
    }
    let n = vocabulary.segment_count() as u64;
    let score: Vec<f64> = (0..k)
        .map(|a| {
            let sum: f64 = (0..k)
                .filter(|&b| b != a)
                .map(|b| {
                    let table = Contingency { both: both[a * k + b], a: single[a], b: single[b], n };
                    AssociationMeasure::Npmi.score(table)
                })
                .sum();
            sum
        })
        .collect();
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by(|&a, &b| score[b].total_cmp(&score[a]).then(a.cmp(&b)));
    let old = terms.to_vec();
    for (new, from) in terms.iter_mut().zip(order) {
        *new = old[from];
    }
}
