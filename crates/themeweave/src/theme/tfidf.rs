//! Segments as the terms they have, rare terms weighing more.

use crate::math;
use crate::theme::cluster::normalize;
use crate::vocabulary::{TermId, Vocabulary};

/// Rows of tf-idf, one for each segment: (1 + ln times) · ln((1 + n)/(½ + segments with the term)),
/// scaled to unit length.
pub(crate) struct TfIdf {
    terms: usize,
    starts: Vec<usize>,
    entries: Vec<(TermId, f32)>,
}

impl TfIdf {
    pub(crate) fn from_vocabulary(vocabulary: &Vocabulary) -> TfIdf {
        let n = vocabulary.segment_count();
        let idf: Vec<f64> = vocabulary
            .terms()
            .iter()
            .map(|term| math::ln((1.0 + n as f64) / (0.5 + f64::from(term.segments))))
            .collect();
        let mut starts = vec![0];
        let mut entries: Vec<(TermId, f32)> = Vec::new();
        for segment in 0..n {
            let first = entries.len();
            let weight = |&(term, times): &(TermId, u32)| {
                (term, ((1.0 + math::ln(f64::from(times))) * idf[term as usize]) as f32)
            };
            entries.extend(vocabulary.segment(segment).iter().map(weight));
            normalize(entries[first..].iter_mut().map(|(_, value)| value));
            starts.push(entries.len());
        }
        TfIdf { terms: idf.len(), starts, entries }
    }

    /// The rows of some segments, in order.
    pub(crate) fn part(&self, segments: &[u32]) -> TfIdf {
        let mut part = TfIdf { terms: self.terms, starts: vec![0], entries: Vec::new() };
        for &segment in segments {
            part.entries.extend_from_slice(self.row(segment as usize));
            part.starts.push(part.entries.len());
        }
        part
    }

    /// Each row with a share of those before and after it.
    pub(crate) fn smoothed(&self, share: f32) -> TfIdf {
        let mut smooth = TfIdf { terms: self.terms, starts: vec![0], entries: Vec::new() };
        let mut sum = vec![0.0_f32; self.terms];
        for row in 0..self.len() {
            let mut present: Vec<TermId> = Vec::new();
            let around = [(row.wrapping_sub(1), share), (row, 1.0), (row + 1, share)];
            for (other, weight) in around.into_iter().filter(|&(other, _)| other < self.len()) {
                for &(term, value) in self.row(other) {
                    present.push(term);
                    sum[term as usize] += weight * value;
                }
            }
            present.sort_unstable();
            present.dedup();
            let first = smooth.entries.len();
            smooth.entries.extend(present.iter().map(|&term| (term, sum[term as usize])));
            present.iter().for_each(|&term| sum[term as usize] = 0.0);
            normalize(smooth.entries[first..].iter_mut().map(|(_, value)| value));
            smooth.starts.push(smooth.entries.len());
        }
        smooth
    }

    /// Number of segments.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of terms.
    pub(crate) fn terms(&self) -> usize {
        self.terms
    }

    /// The terms of a segment with their weights, by number.
    pub(crate) fn row(&self, segment: usize) -> &[(TermId, f32)] {
        &self.entries[self.starts[segment]..self.starts[segment + 1]]
    }
}
