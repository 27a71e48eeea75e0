//! What a theme speaks of, as weights of terms, and how much of it a segment has.

use rustc_hash::FxHashMap;

use crate::theme::ThemeTerm;
use crate::theme::normalize::normalize_by;
use crate::vocabulary::TermId;

/// A weight for each term, of unit length: √(segments of the theme with it · exclusivity).
pub(crate) struct Profile {
    weights: FxHashMap<TermId, f32>,
}

impl Profile {
    pub(crate) fn new(terms: &[ThemeTerm]) -> Profile {
        let weight = |term: &ThemeTerm| (f64::from(term.segments) * term.exclusivity).sqrt() as f32;
        let mut weights: Vec<(TermId, f32)> = terms.iter().map(|term| (term.term, weight(term))).collect();
        weights.sort_unstable_by_key(|&(term, _)| term);
        normalize_by(&mut weights, |(_, weight)| weight);
        Profile { weights: weights.into_iter().collect() }
    }

    /// The weight of a term; 0 for those that are no terms of the theme.
    pub(crate) fn weight(&self, term: TermId) -> f32 {
        self.weights.get(&term).copied().unwrap_or_default()
    }

    /// Cosine of the theme's terms and a segment's, 0..=1.
    pub(crate) fn typical(&self, row: &[(TermId, f32)]) -> f32 {
        row.iter().map(|&(term, weight)| weight * self.weight(term)).sum()
    }
}

/// To four decimals, which is what a cosine of single precision can tell.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}
