//! Segments as vectors: the terms they have, and what those terms usually occur with.

use rayon::prelude::*;

use crate::cooccurrence::CooccurrenceMatrix;
use crate::math;
use crate::theme::svd::{SymmetricRows, leading_vectors};
use crate::vocabulary::{TermId, Vocabulary};

/// Each segment as two vectors of unit length side by side: its terms by tf-idf, and the direction
/// of its terms in a space in which terms with like company lie close to each other.
pub(crate) struct Space {
    terms: usize,
    width: usize,
    starts: Vec<usize>,
    entries: Vec<(TermId, f32)>,
    /// `width` values for each segment.
    directions: Vec<f32>,
}

/// Dimensions of the space of directions.
const WIDTH: usize = 100;

impl Space {
    /// Segments by their terms alone.
    pub(crate) fn of_terms(vocabulary: &Vocabulary) -> Space {
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
        Space { terms: idf.len(), width: 0, starts, entries, directions: Vec::new() }
    }

    /// Adds the directions of the counted terms.
    pub(crate) fn with_directions(
        mut self,
        vocabulary: &Vocabulary,
        matrix: &CooccurrenceMatrix,
        seed: u64,
    ) -> Space {
        let n = self.len();
        let width = WIDTH.min(n / 8).min(matrix.term_count() / 4);
        let (vectors, width) = leading_vectors(&information(vocabulary, matrix), width, seed);
        if width == 0 {
            return self;
        }
        let mut vectors: Vec<f32> = vectors.into_iter().map(|x| x as f32).collect();
        vectors.par_chunks_mut(width).for_each(|row| normalize(row.iter_mut()));
        let directed = vectors.len() / width;
        let mut directions = vec![0.0_f32; n * width];
        directions.par_chunks_mut(width).enumerate().for_each(|(segment, out)| {
            for &(term, weight) in self.row(segment).iter().take_while(|entry| (entry.0 as usize) < directed)
            {
                for (o, x) in out.iter_mut().zip(&vectors[term as usize * width..][..width]) {
                    *o += weight * x;
                }
            }
            normalize(out.iter_mut());
        });
        let mut mean = vec![0.0_f64; width];
        for row in directions.chunks_exact(width) {
            for (m, &x) in mean.iter_mut().zip(row) {
                *m += f64::from(x);
            }
        }
        directions.par_chunks_mut(width).for_each(|row| {
            if row.iter().any(|&x| x != 0.0) {
                for (x, m) in row.iter_mut().zip(&mean) {
                    *x -= (m / n as f64) as f32;
                }
                normalize(row.iter_mut());
            }
        });
        (self.width, self.directions) = (width, directions);
        self
    }

    /// Number of segments.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of values of a vector.
    pub(crate) fn dimensions(&self) -> usize {
        self.terms + self.width
    }

    /// The terms of a segment with their tf-idf.
    pub(crate) fn row(&self, segment: usize) -> &[(TermId, f32)] {
        &self.entries[self.starts[segment]..self.starts[segment + 1]]
    }

    fn direction(&self, segment: usize) -> &[f32] {
        &self.directions[segment * self.width..][..self.width]
    }

    /// Inner products of a segment with each of several vectors.
    pub(crate) fn dots(&self, segment: usize, vectors: &Vectors, dots: &mut [f32]) {
        dots.fill(0.0);
        let directions = self.direction(segment).iter().zip(self.terms..);
        let terms = self.row(segment).iter().map(|(term, weight)| (weight, *term as usize));
        for (weight, dimension) in terms.chain(directions) {
            for (dot, value) in dots.iter_mut().zip(vectors.along(dimension)) {
                *dot += weight * value;
            }
        }
    }

    /// The sum of the vectors of some segments, added in their order.
    pub(crate) fn sum(&self, segments: &[u32]) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimensions()];
        for &segment in segments {
            for &(term, weight) in self.row(segment as usize) {
                sum[term as usize] += weight;
            }
            for (s, x) in sum[self.terms..].iter_mut().zip(self.direction(segment as usize)) {
                *s += x;
            }
        }
        sum
    }
}

/// Several vectors side by side, so that all their values along one dimension lie together.
pub(crate) struct Vectors {
    count: usize,
    values: Vec<f32>,
}

impl Vectors {
    pub(crate) fn new(vectors: &[Vec<f32>], dimensions: usize) -> Vectors {
        let count = vectors.len();
        let mut values = vec![0.0; count * dimensions];
        for (at, vector) in vectors.iter().enumerate() {
            for (dimension, &value) in vector.iter().enumerate() {
                values[dimension * count + at] = value;
            }
        }
        Vectors { count, values }
    }

    fn along(&self, dimension: usize) -> &[f32] {
        &self.values[dimension * self.count..][..self.count]
    }
}

/// Positive pointwise mutual information of the counted terms, with the frequencies of terms
/// smoothed by the power 0.75 (Levy, Goldberg and Dagan 2015).
fn information(vocabulary: &Vocabulary, matrix: &CooccurrenceMatrix) -> SymmetricRows {
    const SMOOTHING: f64 = 0.75;
    let terms = matrix.term_count();
    let mut marginal = vec![0_u64; terms];
    for (a, b, count) in matrix.pairs() {
        marginal[a as usize] += u64::from(count);
        marginal[b as usize] += u64::from(count);
    }
    let total: u64 = marginal.iter().sum();
    let smooth: Vec<f64> = marginal.iter().map(|&m| math::pow(m as f64, SMOOTHING)).collect();
    let smooth_total: f64 = smooth.iter().sum();
    let log_share: Vec<f64> = marginal
        .iter()
        .zip(&smooth)
        .map(|(&m, s)| {
            if m == 0 { 0.0 } else { (math::ln(m as f64 / total as f64) + math::ln(s / smooth_total)) / 2.0 }
        })
        .collect();
    let mut lengths = vec![0_usize; terms + 1];
    let score = |a: TermId, b: TermId, count: u32| {
        math::ln(f64::from(count) / total as f64) - log_share[a as usize] - log_share[b as usize]
    };
    let kept: Vec<(TermId, TermId, f32)> = matrix
        .pairs()
        .map(|(a, b, count)| (a, b, score(a, b, count) as f32))
        .filter(|&(a, b, score)| score > 0.0 && !vocabulary.is_nested(a, b))
        .collect();
    for &(a, b, _) in &kept {
        lengths[a as usize + 1] += 1;
        lengths[b as usize + 1] += 1;
    }
    for i in 0..terms {
        lengths[i + 1] += lengths[i];
    }
    let starts = lengths.clone();
    let mut entries = vec![(0, 0.0); kept.len() * 2];
    let mut next = lengths;
    for (a, b, score) in kept {
        entries[next[a as usize]] = (b, score);
        next[a as usize] += 1;
        entries[next[b as usize]] = (a, score);
        next[b as usize] += 1;
    }
    SymmetricRows { starts, entries }
}

/// Scales values to unit length; zeros stay.
pub(crate) fn normalize<'v>(values: impl Iterator<Item = &'v mut f32>) {
    let values: Vec<&mut f32> = values.collect();
    let length = values.iter().map(|x| f64::from(**x) * f64::from(**x)).sum::<f64>().sqrt();
    if length > 0.0 {
        for value in values {
            *value = (f64::from(*value) / length) as f32;
        }
    }
}
