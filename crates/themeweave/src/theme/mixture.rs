//! The last word on which segment belongs to which theme: a mixture in which each group has a
//! multinomial distribution over terms, as for short texts (Yin and Wang 2014, "A Dirichlet
//! multinomial mixture model-based approach for short text clustering"), and a mean direction
//! (Banerjee and others 2005, "Clustering on the unit hypersphere using von Mises-Fisher
//! distributions"), maximised greedily instead of sampled. In a long segment the words decide, in a
//! short one the direction has a say.

use crate::math;
use crate::theme::cluster::{Grouping, Means, NONE, best};
use crate::theme::space::Space;
use crate::vocabulary::{SegmentTerms, Vocabulary};

/// Prior weight of a group and of a term in a group.
pub(crate) const PRIOR: f64 = 0.1;
/// How sharply the directions of a group's segments gather round their mean (von Mises and Fisher).
pub(crate) const CONCENTRATION: f32 = 15.0;
/// Most occurrences of a term that count in one segment.
const MOST: u32 = 3;

/// Counts of the mixture.
pub(crate) struct Mixture<'v> {
    vocabulary: &'v Vocabulary,
    groups: usize,
    sizes: Vec<f64>,
    totals: Vec<f64>,
    /// Occurrences by term, then group.
    counts: Vec<f64>,
}

impl<'v> Mixture<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary, grouping: &Grouping) -> Mixture<'v> {
        let groups = grouping.groups;
        let mut mixture = Mixture {
            vocabulary,
            groups,
            sizes: vec![0.0; groups],
            totals: vec![0.0; groups],
            counts: vec![0.0; vocabulary.terms().len() * groups],
        };
        for (segment, &group) in grouping.group.iter().enumerate() {
            mixture.add(segment, group, 1.0);
        }
        mixture
    }

    fn add(&mut self, segment: usize, group: u32, sign: f64) {
        if group == NONE {
            return;
        }
        self.sizes[group as usize] += sign;
        for (term, times) in self.vocabulary.segment(segment) {
            let times = sign * f64::from(times.min(MOST));
            self.counts[term as usize * self.groups + group as usize] += times;
            self.totals[group as usize] += times;
        }
    }

    /// Logarithm of the probability of each group for a segment with these terms, up to a constant.
    pub(crate) fn log_posterior(&self, terms: SegmentTerms<'_>) -> Vec<f64> {
        /// Factors that are multiplied before a logarithm is taken: none is above 10¹⁰ or below 0.1.
        const FACTORS: u32 = 16;
        let vocabulary = self.vocabulary.terms().len() as f64;
        let mut log: Vec<f64> = self.sizes.iter().map(|size| math::ln(size + PRIOR)).collect();
        let mut seen = vec![1.0; self.groups];
        let mut all = vec![1.0; self.groups];
        let mut drawn = 0;
        let mut settle = |seen: &mut [f64], all: &mut [f64]| {
            for ((log, seen), all) in log.iter_mut().zip(seen).zip(all) {
                *log += math::ln(*seen / *all);
                (*seen, *all) = (1.0, 1.0);
            }
        };
        for (term, times) in terms {
            let counts = &self.counts[term as usize * self.groups..][..self.groups];
            for repeat in 0..times.min(MOST) {
                let before = PRIOR + f64::from(repeat);
                for (seen, count) in seen.iter_mut().zip(counts) {
                    *seen *= count + before;
                }
                let before = PRIOR * vocabulary + f64::from(drawn);
                for (all, total) in all.iter_mut().zip(&self.totals) {
                    *all *= total + before;
                }
                drawn += 1;
                if drawn % FACTORS == 0 {
                    settle(&mut seen, &mut all);
                }
            }
        }
        settle(&mut seen, &mut all);
        log
    }
}

/// The group of greatest posterior for a segment with these terms and this direction.
pub(crate) fn likeliest(
    mixture: &Mixture<'_>,
    means: &Means,
    terms: SegmentTerms<'_>,
    direction: &[f32],
) -> u32 {
    let mut log = mixture.log_posterior(terms);
    let mut likeness = vec![0.0; log.len()];
    means.likeness(direction, &mut likeness);
    for (value, likeness) in log.iter_mut().zip(&likeness) {
        *value += f64::from(CONCENTRATION * likeness);
    }
    best(log.into_iter()).map_or(NONE, |(group, _)| group as u32)
}

/// Takes each segment out of its group and puts it where its posterior is greatest, `passes` times
/// over all segments in order; ends early when nothing moves.
pub(crate) fn polish(vocabulary: &Vocabulary, space: &Space, start: &Grouping, passes: usize) -> Grouping {
    let mut grouping = start.clone();
    let mut mixture = Mixture::new(vocabulary, &grouping);
    for _ in 0..passes {
        let mut moved = false;
        let means = Means::new(space, &grouping);
        for segment in 0..grouping.group.len() {
            let terms = vocabulary.segment(segment);
            if terms.is_empty() {
                continue;
            }
            let old = grouping.group[segment];
            mixture.add(segment, old, -1.0);
            let new = likeliest(&mixture, &means, terms, space.direction(segment));
            mixture.add(segment, new, 1.0);
            grouping.group[segment] = new;
            moved |= old != new;
        }
        if !moved {
            break;
        }
    }
    grouping.with_at_least(1)
}
