//! What a theme speaks of, as weights of terms, and how much of it a segment has.

use crate::theme::ThemeTerm;
use crate::theme::cluster::normalize;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::TermId;

/// A weight for each term, of unit length: √(segments of the theme with it · exclusivity).
pub(crate) struct Profile {
    weights: Vec<f32>,
}

impl Profile {
    pub(crate) fn new(rows: &TfIdf<'_>, terms: &[ThemeTerm]) -> Profile {
        let mut weights = vec![0.0_f32; rows.terms()];
        for term in terms {
            weights[term.term as usize] = (f64::from(term.segments) * term.exclusivity).sqrt() as f32;
        }
        normalize(weights.iter_mut());
        Profile { weights }
    }

    /// The weight of a term; 0 for those that are no terms of the theme.
    pub(crate) fn weight(&self, term: TermId) -> f32 {
        self.weights[term as usize]
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
