//! Graded membership: how much a segment belongs to each theme.

use rayon::prelude::*;

use crate::math;
use crate::theme::Membership;
use crate::theme::cluster::{Grouping, NONE};
use crate::theme::mixture::Mixture;
use crate::vocabulary::Vocabulary;

/// The themes of each segment: the posterior of the mixture, tempered to the weight of [`EVIDENCE`] words, so
/// that a long segment may belong to several themes. The group of the segment has the greatest share.
pub(crate) fn memberships(vocabulary: &Vocabulary, grouping: &Grouping) -> Vec<Vec<Membership>> {
    const EVIDENCE: f64 = 3.0;
    const LEAST: f64 = 0.05;
    let mixture = Mixture::new(vocabulary, grouping);
    (0..grouping.group.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|segment| {
            let own = grouping.group[segment];
            if own == NONE {
                return Vec::new();
            }
            let words: f64 = vocabulary.segment(segment).iter().map(|entry| f64::from(entry.1)).sum();
            if words == 0.0 {
                // It says nothing itself and belongs to what its stretch belongs to.
                return vec![Membership { theme: own as usize, gamma: 1.0 }];
            }
            let log = mixture.log_posterior(vocabulary.segment(segment));
            let greatest = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let temper = (EVIDENCE / words).min(1.0);
            let weights: Vec<f64> = log
                .iter()
                .enumerate()
                .map(|(g, value)| {
                    let value = if g == own as usize { greatest } else { *value };
                    math::exp((value - greatest) * temper)
                })
                .collect();
            let total: f64 = weights.iter().sum();
            let mut shares: Vec<Membership> = weights
                .iter()
                .enumerate()
                .map(|(theme, weight)| Membership { theme, gamma: weight / total })
                .filter(|m| m.gamma >= LEAST || m.theme == own as usize)
                .collect();
            shares.sort_by(|a, b| {
                b.gamma.total_cmp(&a.gamma).then((a.theme != own as usize).cmp(&(b.theme != own as usize)))
            });
            shares
        })
        .collect()
}
