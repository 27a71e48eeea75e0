//! Segments as directions: segments that speak of the same lie close, even when they share no word.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::cooccurrence::CooccurrenceMatrix;
use crate::math;
use crate::theme::normalize::normalize_each;
use crate::theme::sparse::{Row, SparseRuns, Symmetric, weighted_sum};
use crate::theme::svd::{Eigen, leading_vectors};
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::{TermId, Vocabulary};

/// A direction for each segment, of unit length, made of two halves of equal weight: where its terms
/// lie by the company they keep (positive pointwise mutual information, factored; Levy, Goldberg and
/// Dagan 2015), and where it lies itself among all segments (latent semantic analysis; Deerwester and
/// others 1990). On labelled corpora the two together are better than either.
pub(crate) struct Space {
    segments: usize,
    halves: [Half; 2],
    /// The values of both halves for each segment; zeros for a segment without counted terms.
    directions: Vec<f32>,
}

/// Dimensions of each half.
const WIDTH: usize = 50;
/// Seed of the factorizations, which come to the same directions from any.
const SEED: u64 = 1;
/// Segments whose directions are computed together.
pub(crate) const AT_A_TIME: usize = 8;

impl Space {
    pub(crate) fn new(vocabulary: &Vocabulary, matrix: &CooccurrenceMatrix, rows: &TfIdf<'_>) -> Space {
        let terms = matrix.term_count();
        let width = WIDTH.min(rows.len() / 8).min(terms / 4);
        // One after the other, for in a large corpus memory is scarcer than threads.
        let information = information(vocabulary, matrix);
        let mut company = leading_vectors(terms, width, SEED, |block| information.times(block));
        drop(information);
        company.scale_rows_to_unit_length();
        let company = Half::new(rows, &company);
        let columns = columns(rows, terms);
        let latent = leading_vectors(terms, width, SEED, |block| gram_times(rows, &columns, terms, block));
        drop(columns);
        let halves = [company, Half::new(rows, &latent)];
        let mut directions = vec![0.0_f32; rows.len() * 2 * width];
        directions.par_chunks_mut((AT_A_TIME * 2 * width).max(1)).enumerate().for_each(|(part, out)| {
            place(&halves, (part * AT_A_TIME..rows.len()).map(|segment| rows.row(segment)), out);
        });
        Space { segments: rows.len(), halves, directions }
    }

    /// Of directions as they are.
    #[cfg(test)]
    pub(crate) fn of_directions(width: usize, directions: Vec<f32>) -> Space {
        let half = || Half { width: width / 2, terms: Vec::new(), mean: Vec::new() };
        Space { segments: directions.len() / width, halves: [half(), half()], directions }
    }

    /// Number of segments.
    pub(crate) fn len(&self) -> usize {
        self.segments
    }

    /// Number of values of a direction.
    pub(crate) fn width(&self) -> usize {
        2 * self.halves[0].width
    }

    /// The direction of a segment.
    pub(crate) fn direction(&self, segment: usize) -> &[f32] {
        &self.directions[segment * self.width()..][..self.width()]
    }

    /// The directions of all segments, one after the other.
    pub(crate) fn directions(&self) -> &[f32] {
        &self.directions
    }

    /// The directions, one after the other, of segments that are none of the space's own, from their terms.
    pub(crate) fn directions_of<'r>(
        &self,
        rows: impl ExactSizeIterator<Item = Cow<'r, [(TermId, f32)]>>,
    ) -> Vec<f32> {
        let mut directions = vec![0.0; rows.len() * self.width()];
        place(&self.halves, rows, &mut directions);
        directions
    }
}

/// Puts the halves of each direction side by side and scales them to unit length.
fn place<'r>(halves: &[Half; 2], rows: impl Iterator<Item = Cow<'r, [(TermId, f32)]>>, out: &mut [f32]) {
    let width = halves[0].width;
    if width == 0 {
        return;
    }
    for (out, row) in out.chunks_exact_mut(2 * width).zip(rows) {
        for (half, out) in halves.iter().zip(out.chunks_exact_mut(width)) {
            half.add(&row, out);
        }
    }
    normalize_each(out, width);
    for (half, out) in halves.iter().cycle().zip(out.chunks_exact_mut(width)) {
        half.center(out);
    }
    normalize_each(out, width);
    normalize_each(out, 2 * width);
}

/// Directions of terms, and what all segments have in common.
struct Half {
    width: usize,
    terms: Vec<f32>,
    mean: Vec<f32>,
}

impl Half {
    fn new(rows: &TfIdf<'_>, terms: &Eigen) -> Half {
        let width = terms.width;
        let vectors = terms.vectors.iter().map(|&x| x as f32).collect();
        let mut half = Half { width, terms: vectors, mean: vec![0.0; width] };
        if width == 0 {
            return half;
        }
        let mut directions = vec![0.0_f32; rows.len() * width];
        directions.par_chunks_mut(AT_A_TIME * width).enumerate().for_each(|(part, out)| {
            for (segment, out) in (part * AT_A_TIME..).zip(out.chunks_exact_mut(width)) {
                half.add(&rows.row(segment), out);
            }
            normalize_each(out, width);
        });
        let mut mean = vec![0.0_f64; width];
        for row in directions.chunks_exact(width) {
            for (m, &x) in mean.iter_mut().zip(row) {
                *m += f64::from(x);
            }
        }
        half.mean = mean.into_iter().map(|m| (m / rows.len() as f64) as f32).collect();
        half
    }

    /// Adds the directions of a segment's terms.
    fn add(&self, row: &[(TermId, f32)], out: &mut [f32]) {
        let counted = self.terms.len() / self.width;
        for &(term, weight) in row.iter().take_while(|entry| (entry.0 as usize) < counted) {
            for (o, x) in out.iter_mut().zip(&self.terms[term as usize * self.width..][..self.width]) {
                *o += weight * x;
            }
        }
    }

    /// Frees a direction of what all have in common.
    fn center(&self, direction: &mut [f32]) {
        if direction.iter().any(|&x| x != 0.0) {
            for (x, m) in direction.iter_mut().zip(&self.mean) {
                *x -= m;
            }
        }
    }
}

/// The first `terms` columns of the tf-idf as the segments of each, in runs of segments.
fn columns(rows: &TfIdf<'_>, terms: usize) -> SparseRuns {
    const RUNS: usize = 8;
    let run = rows.len().div_ceil(RUNS).max(1);
    let entries = (0..rows.len()).flat_map(|segment| {
        let row = rows.row(segment).into_owned();
        row.into_iter().map(move |(term, weight)| (segment / run, term, segment as u32, weight))
    });
    SparseRuns::new(terms, RUNS, entries.filter(|entry| (entry.1 as usize) < terms))
}

/// TᵀT times a block, T being the first `terms` columns of the tf-idf.
fn gram_times(rows: &TfIdf<'_>, columns: &SparseRuns, terms: usize, block: &[Row<f32>]) -> Vec<Row<f32>> {
    let segments = (0..rows.len()).into_par_iter().with_min_len(64).map(|segment| {
        let row = rows.row(segment);
        weighted_sum(&row[..row.partition_point(|entry| (entry.0 as usize) < terms)], block)
    });
    columns.times(&segments.collect::<Vec<_>>())
}

/// Positive pointwise mutual information of the counted terms, with the frequencies of terms
/// smoothed by the power 0.75 (Levy, Goldberg and Dagan 2015).
fn information(vocabulary: &Vocabulary, matrix: &CooccurrenceMatrix) -> Symmetric {
    const SMOOTHING: f64 = 0.75;
    /// Counts below this have their logarithms at hand, for most counts are small.
    const SMALL: u32 = 256;
    let terms = matrix.term_count();
    let mut marginal = vec![0_u64; terms];
    for a in 0..terms {
        let mut own = 0;
        for (b, count) in matrix.row(a as TermId) {
            own += u64::from(count);
            marginal[b as usize] += u64::from(count);
        }
        marginal[a] += own;
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
    let log_of = |count: u32| math::ln(f64::from(count) / total as f64);
    let log_of_small: Vec<f64> = (0..SMALL).map(log_of).collect();
    let score = |a: TermId, b: TermId, count: u32| {
        let log = log_of_small.get(count as usize).copied().unwrap_or_else(|| log_of(count));
        log - log_share[a as usize] - log_share[b as usize]
    };
    // A phrase and its parts occur together by their nature.
    let mut nested = vec![Vec::new(); terms];
    for (phrase, term) in (0..).zip(&vocabulary.terms()[..terms]) {
        for &part in term.parts.iter().filter(|&&part| (part as usize) < terms) {
            nested[phrase.min(part) as usize].push(phrase.max(part));
        }
    }
    Symmetric::new(terms, |a, found| {
        let mut len = 0;
        for (b, count) in matrix.row(a as TermId) {
            let score = score(a as TermId, b, count) as f32;
            // All are written and some over, for a branch would go either way at random.
            found[len] = (b, score);
            len += usize::from(score > 0.0);
        }
        for b in &nested[a] {
            if let Ok(at) = found[..len].binary_search_by_key(b, |entry| entry.0) {
                found.copy_within(at + 1..len, at);
                len -= 1;
            }
        }
        len
    })
}
