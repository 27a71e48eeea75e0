//! Groups of segments: from communities of terms, and merged by Ward's criterion.

use rayon::prelude::*;

use crate::community::Partition;
use crate::graph::Graph;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::{TermId, Vocabulary};

/// No group.
pub(crate) const NONE: u32 = u32::MAX;

/// Segments by group; [`NONE`] for those in no group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grouping {
    pub(crate) group: Vec<u32>,
    pub(crate) groups: usize,
}

impl Grouping {
    /// Number of segments of each group.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.groups];
        for &group in self.group.iter().filter(|&&group| group != NONE) {
            sizes[group as usize] += 1;
        }
        sizes
    }

    /// The segments of each group, in order.
    pub(crate) fn members(&self) -> Vec<Vec<u32>> {
        let mut members: Vec<Vec<u32>> = self.sizes().into_iter().map(Vec::with_capacity).collect();
        for (segment, &group) in self.group.iter().enumerate() {
            if group != NONE {
                members[group as usize].push(segment as u32);
            }
        }
        members
    }

    /// Drops groups of fewer than `least` segments and numbers the others without gaps.
    pub(crate) fn with_at_least(self, least: usize) -> Grouping {
        let mut number = vec![NONE; self.groups];
        let mut groups = 0;
        for (number, size) in number.iter_mut().zip(self.sizes()) {
            if size >= least {
                *number = groups;
                groups += 1;
            }
        }
        self.renumbered(&number, groups as usize)
    }

    /// The same without some segments, and without groups of which nothing is left.
    pub(crate) fn without(mut self, is_out: impl Fn(usize) -> bool) -> Grouping {
        for (_, group) in self.group.iter_mut().enumerate().filter(|(segment, _)| is_out(*segment)) {
            *group = NONE;
        }
        self.with_at_least(1)
    }

    /// Numbers groups by falling number of segments, ties by their first segment.
    pub(crate) fn by_size(self) -> Grouping {
        let sizes = self.sizes();
        let mut first = vec![usize::MAX; self.groups];
        for (segment, &group) in self.group.iter().enumerate().rev().filter(|(_, group)| **group != NONE) {
            first[group as usize] = segment;
        }
        let mut order: Vec<usize> = (0..self.groups).collect();
        order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group]), first[group]));
        let mut number = vec![NONE; self.groups];
        for (new, old) in (0..).zip(order) {
            number[old] = new;
        }
        let groups = self.groups;
        self.renumbered(&number, groups)
    }

    /// The same groups of some of `n` segments, the others in none.
    pub(crate) fn placed(&self, segments: &[u32], n: usize) -> Grouping {
        let mut group = vec![NONE; n];
        for (&segment, &own) in segments.iter().zip(&self.group) {
            group[segment as usize] = own;
        }
        Grouping { group, groups: self.groups }
    }

    /// Gives each group its new number.
    fn renumbered(mut self, number: &[u32], groups: usize) -> Grouping {
        for group in self.group.iter_mut().filter(|group| **group != NONE) {
            *group = number[*group as usize];
        }
        self.groups = groups;
        self
    }
}

/// Gives each segment to the community of terms that it has most of: a term counts by its tf-idf and
/// by the share of its links that stay inside its community.
pub(crate) fn group_by_communities(
    rows: &TfIdf<'_>,
    graph: &Graph,
    communities: &Partition,
    least: usize,
) -> Grouping {
    let membership = communities.membership();
    // Communities are numbered by falling size, so those that count come first.
    let groups = communities.sizes().iter().filter(|&&size| size >= least).count();
    let belonging: Vec<(usize, f32)> = (0..graph.node_count() as u32)
        .map(|node| {
            let own = membership[node as usize];
            let inside: f64 =
                graph.neighbors(node).filter(|n| membership[n.0 as usize] == own).map(|n| n.1).sum();
            let strength = graph.strength(node);
            (own as usize, if strength > 0.0 { (inside / strength) as f32 } else { 0.0 })
        })
        .collect();
    let group = (0..rows.len())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || vec![0.0_f32; groups],
            |scores, segment| {
                scores.fill(0.0);
                for &(term, weight) in
                    rows.row(segment).iter().take_while(|e| (e.0 as usize) < belonging.len())
                {
                    let (group, share) = belonging[term as usize];
                    if group < groups {
                        scores[group] += weight * share;
                    }
                }
                best(scores.iter().copied())
                    .filter(|&(_, score)| score > 0.0)
                    .map_or(NONE, |(group, _)| group as u32)
            },
        )
        .collect();
    Grouping { group, groups }.with_at_least(1)
}

/// The first greatest value and its place.
pub(crate) fn best<V: PartialOrd + Copy>(values: impl Iterator<Item = V>) -> Option<(usize, V)> {
    values.enumerate().fold(None, |best, (at, value)| match best {
        Some((_, greatest)) if value <= greatest => best,
        _ => Some((at, value)),
    })
}

/// Merges the two groups that are closest by Ward's criterion, n_a·n_b/(n_a + n_b)·|μ_a − μ_b|²,
/// again and again, from the sums of the groups' vectors and their numbers of segments; gives the
/// order of merges as (kept group, merged group) in numbers of the start.
pub(crate) fn ward_merges(mut sums: Vec<Vec<f32>>, sizes: &[usize]) -> Vec<(u32, u32)> {
    let mut sizes: Vec<f64> = sizes.iter().map(|&size| size as f64).collect();
    let k = sizes.len();
    let distance = |sums: &[Vec<f32>], sizes: &[f64], a: usize, b: usize| {
        let (na, nb) = (sizes[a], sizes[b]);
        let square = squared_distance(&sums[a], na, &sums[b], nb);
        square * na * nb / (na + nb)
    };
    let mut distances: Vec<Vec<f64>> =
        (0..k).into_par_iter().map(|a| (0..a).map(|b| distance(&sums, &sizes, a, b)).collect()).collect();
    let mut alive: Vec<usize> = (0..k).collect();
    let mut merges = Vec::new();
    while alive.len() > 1 {
        let mut closest = (f64::INFINITY, 0, 0);
        for &a in &alive {
            for &b in alive.iter().take_while(|&&b| b < a) {
                if distances[a][b] < closest.0 {
                    closest = (distances[a][b], b, a);
                }
            }
        }
        let (_, kept, gone) = closest;
        if kept == gone {
            break;
        }
        let merged = std::mem::take(&mut sums[gone]);
        for (s, x) in sums[kept].iter_mut().zip(merged) {
            *s += x;
        }
        sizes[kept] += sizes[gone];
        alive.retain(|&group| group != gone);
        merges.push((kept as u32, gone as u32));
        let fresh: Vec<(usize, f64)> = alive
            .par_iter()
            .filter(|&&group| group != kept)
            .map(|&group| (group, distance(&sums, &sizes, kept, group)))
            .collect();
        for (group, value) in fresh {
            distances[kept.max(group)][kept.min(group)] = value;
        }
    }
    merges
}

/// Squared distance of the means of two groups, from their sums and sizes.
pub(super) fn squared_distance(a: &[f32], na: f64, b: &[f32], nb: f64) -> f64 {
    /// Sums that grow side by side.
    const LANES: usize = 8;
    let (one_a, one_b) = (1.0 / na, 1.0 / nb);
    let square = |(&x, &y): (&f32, &f32)| {
        let difference = f64::from(x) * one_a - f64::from(y) * one_b;
        difference * difference
    };
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for (lane, pair) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += square(pair);
        }
    }
    lanes.iter().sum()
}

/// The groupings with `start.groups`, then one less, down to one group, as the merges make them.
pub(crate) fn merge_steps(start: &Grouping, merges: &[(u32, u32)]) -> Vec<Grouping> {
    let mut into: Vec<u32> = (0..start.groups as u32).collect();
    let mut steps = vec![start.clone()];
    for &(kept, gone) in merges {
        for target in &mut into {
            if *target == gone {
                *target = kept;
            }
        }
        steps.push(start.clone().renumbered(&into, start.groups).with_at_least(1));
    }
    steps
}

/// The group of each of the first `terms` terms: where most of its segments are beyond expectation,
/// (observed − expected)/√expected; [`NONE`] where it is nowhere above.
pub(crate) fn group_of_terms(vocabulary: &Vocabulary, terms: usize, grouping: &Grouping) -> Vec<u32> {
    let groups = grouping.groups;
    let mut observed = vec![0_u32; terms * groups];
    let mut sizes = vec![0_u32; groups];
    for (segment, &group) in grouping.group.iter().enumerate() {
        if group == NONE {
            continue;
        }
        sizes[group as usize] += 1;
        let present = vocabulary.segment(segment).map(|entry| entry.0);
        for term in present.take_while(|&term: &TermId| (term as usize) < terms) {
            observed[term as usize * groups + group as usize] += 1;
        }
    }
    let total: u32 = sizes.iter().sum();
    (0..terms)
        .map(|term| {
            let counts = &observed[term * groups..][..groups];
            let seen: u32 = counts.iter().sum();
            let over = counts.iter().zip(&sizes).map(|(&count, &size)| {
                let expected = f64::from(seen) * f64::from(size) / f64::from(total);
                if expected > 0.0 { ((f64::from(count) - expected) / expected.sqrt()) as f32 } else { 0.0 }
            });
            best(over).filter(|&(_, value)| value > 0.0).map_or(NONE, |(group, _)| group as u32)
        })
        .collect()
}
