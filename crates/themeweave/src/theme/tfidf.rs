//! Segments as the terms they have, rare terms weighing more.

use std::borrow::Cow;

use crate::math;
use crate::theme::normalize::normalize_by;
use crate::vocabulary::{TermId, Vocabulary};

/// Rows of tf-idf, one for each segment: (1 + ln times) · ln((1 + n)/(½ + segments with the term)),
/// scaled to unit length.
///
/// Rows of many segments are computed when they are asked for.
pub(crate) struct TfIdf<'v> {
    vocabulary: &'v Vocabulary,
    /// The weight of each term.
    idf: Vec<f64>,
    held: Option<Rows>,
}

/// Rows that were computed before.
#[derive(Default)]
struct Rows {
    ends: Vec<usize>,
    entries: Vec<(TermId, f32)>,
}

impl Rows {
    /// Adds a row, scaled to unit length.
    fn push(&mut self, row: impl IntoIterator<Item = (TermId, f32)>) {
        let first = self.entries.len();
        self.entries.extend(row);
        normalize_by(&mut self.entries[first..], |(_, value)| value);
        self.ends.push(self.entries.len());
    }
}

impl<'v> TfIdf<'v> {
    /// Most segments whose rows are computed at once.
    const HELD: usize = 50_000;

    pub(crate) fn from_vocabulary(vocabulary: &'v Vocabulary) -> TfIdf<'v> {
        let n = vocabulary.segment_count();
        let idf = vocabulary
            .terms()
            .iter()
            .map(|term| math::ln((1.0 + n as f64) / (0.5 + f64::from(term.segments))))
            .collect();
        TfIdf { vocabulary, idf, held: None }.held(n <= Self::HELD)
    }

    /// The rows of a part of the segments, in order, whose terms were counted by themselves.
    pub(crate) fn part<'p>(&self, part: &'p Vocabulary) -> TfIdf<'p> {
        TfIdf { vocabulary: part, idf: self.idf.clone(), held: None }.held(true)
    }

    /// The same with all rows computed, where they are few.
    fn held(mut self, are_few: bool) -> TfIdf<'v> {
        if are_few {
            let mut rows = Rows::default();
            for segment in 0..self.len() {
                rows.push(self.weights(segment));
            }
            self.held = Some(rows);
        }
        self
    }

    /// Each row with a share of those before and after it.
    pub(crate) fn smoothed(&self, share: f32) -> TfIdf<'v> {
        let mut smooth = Rows::default();
        let mut sum = vec![0.0_f32; self.terms()];
        for row in 0..self.len() {
            let mut present: Vec<TermId> = Vec::new();
            let around = [(row.wrapping_sub(1), share), (row, 1.0), (row + 1, share)];
            for (other, weight) in around.into_iter().filter(|&(other, _)| other < self.len()) {
                for &(term, value) in self.row(other).iter() {
                    present.push(term);
                    sum[term as usize] += weight * value;
                }
            }
            present.sort_unstable();
            present.dedup();
            smooth.push(present.iter().map(|&term| (term, sum[term as usize])));
            present.iter().for_each(|&term| sum[term as usize] = 0.0);
        }
        TfIdf { vocabulary: self.vocabulary, idf: self.idf.clone(), held: Some(smooth) }
    }

    /// Number of segments.
    pub(crate) fn len(&self) -> usize {
        self.vocabulary.segment_count()
    }

    /// Number of terms.
    pub(crate) fn terms(&self) -> usize {
        self.idf.len()
    }

    /// The terms of a segment with their weights, by number.
    pub(crate) fn row(&self, segment: usize) -> Cow<'_, [(TermId, f32)]> {
        if let Some(Rows { ends, entries }) = &self.held {
            let start = if segment == 0 { 0 } else { ends[segment - 1] };
            return Cow::Borrowed(&entries[start..ends[segment]]);
        }
        // Room for all at once: threads wait for each other where a row grows again and again.
        let mut row = Vec::with_capacity(self.vocabulary.segment(segment).bytes());
        row.extend(self.weights(segment));
        normalize_by(&mut row, |(_, value)| value);
        Cow::Owned(row)
    }

    /// The same before they are scaled.
    fn weights(&self, segment: usize) -> impl Iterator<Item = (TermId, f32)> + '_ {
        self.vocabulary.segment(segment).map(|(term, times)| {
            let times = if times == 1 { 0.0 } else { math::ln(f64::from(times)) };
            (term, ((1.0 + times) * self.idf[term as usize]) as f32)
        })
    }
}
