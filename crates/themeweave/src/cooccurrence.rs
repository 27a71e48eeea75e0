//! How many segments hold both of two terms.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::vocabulary::{TermId, Vocabulary};

/// Counts of the segments that hold both of two terms.
///
/// The counting rule is *segments with both*: a segment counts once for a pair, however often the
/// two terms occur in it. So the count of a pair is symmetric, at most the number of segments of
/// either term ([`Term::segments`](crate::Term::segments), which takes the place of a diagonal), and
/// the total is the number of segments: the four cells of a 2×2 table follow from these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CooccurrenceMatrix {
    /// Where the row of each term begins in `entries`; one more at the end.
    starts: Vec<usize>,
    /// The other term, with a greater number, and the count; by ascending term.
    entries: Vec<(TermId, u32)>,
}

impl CooccurrenceMatrix {
    /// Counts all pairs among the first `terms` terms of a vocabulary.
    ///
    /// Cost: the sum over segments of the square of their distinct terms, in parallel over terms; the
    /// counts are exact and the same for any number of threads.
    pub(crate) fn from_vocabulary(
        vocabulary: &Vocabulary,
        terms: usize,
        progress: &mut dyn Progress,
    ) -> Result<CooccurrenceMatrix> {
        let terms = terms.min(vocabulary.terms().len());
        let index = Index::new(vocabulary, terms);
        let mut matrix = CooccurrenceMatrix { starts: vec![0], entries: Vec::new() };
        const TERMS_PER_STEP: usize = 512;
        for first in (0..terms).step_by(TERMS_PER_STEP) {
            if progress.update(Stage::Cooccurrence, first as u64, Some(terms as u64)).is_break() {
                return Err(Error::cancelled());
            }
            let rows: Vec<Vec<(TermId, u32)>> = (first..terms.min(first + TERMS_PER_STEP))
                .into_par_iter()
                .map_init(|| vec![0_u32; terms], |counts, term| index.row(term, counts))
                .collect();
            for row in rows {
                matrix.entries.extend(row);
                matrix.starts.push(matrix.entries.len());
            }
        }
        Ok(matrix)
    }

    /// Number of terms that were counted: those with a smaller number.
    pub fn term_count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Segments with both terms; 0 for a term with itself or one that was not counted. Logarithmic
    /// in the length of a row.
    pub fn count(&self, a: TermId, b: TermId) -> u32 {
        let row = self.row(a.min(b));
        if a == b {
            return 0;
        }
        row.binary_search_by_key(&a.max(b), |&(other, _)| other).map_or(0, |at| row[at].1)
    }

    /// All pairs that occur together, as (smaller number, greater number, count), in order.
    pub fn pairs(&self) -> impl Iterator<Item = (TermId, TermId, u32)> + '_ {
        (0..self.term_count() as TermId)
            .flat_map(|a| self.row(a).iter().map(move |&(b, count)| (a, b, count)))
    }

    /// Number of pairs that occur together.
    pub fn pair_count(&self) -> usize {
        self.entries.len()
    }

    /// The terms with greater numbers that occur together with a term, and the counts.
    pub(crate) fn row(&self, term: TermId) -> &[(TermId, u32)] {
        match (self.starts.get(term as usize), self.starts.get(term as usize + 1)) {
            (Some(&start), Some(&end)) => &self.entries[start..end],
            _ => &[],
        }
    }
}

/// For each of the first terms of a vocabulary what comes after it in each of its segments.
struct Index {
    /// The terms of all segments, those of a segment in ascending order.
    terms: Vec<u32>,
    /// Where the terms after each occurrence begin and end in `terms`, by term.
    followed: Vec<(u32, u32)>,
    /// Where those of each term begin in `followed`; one more at the end.
    starts: Vec<usize>,
}

impl Index {
    fn new(vocabulary: &Vocabulary, terms: usize) -> Index {
        let mut starts = vec![0];
        starts.extend(vocabulary.terms()[..terms].iter().scan(0, |end, term| {
            *end += term.segments as usize;
            Some(*end)
        }));
        let mut next = starts.clone();
        let occurrences = starts[terms];
        let mut index =
            Index { terms: Vec::with_capacity(occurrences), followed: vec![(0, 0); occurrences], starts };
        for segment in 0..vocabulary.segment_count() {
            let present = vocabulary.segment(segment).iter().map(|&(term, _)| term);
            let first = index.terms.len();
            index.terms.extend(present.take_while(|&term| (term as usize) < terms));
            let end = index.terms.len();
            for at in first..end {
                let next = &mut next[index.terms[at] as usize];
                index.followed[*next] = (at as u32 + 1, end as u32);
                *next += 1;
            }
        }
        index
    }

    /// The terms with greater numbers that occur together with a term, and in how many segments.
    /// `counts` has a 0 for each term and is left so.
    fn row(&self, term: usize, counts: &mut [u32]) -> Vec<(TermId, u32)> {
        for &(start, end) in &self.followed[self.starts[term]..self.starts[term + 1]] {
            for &other in &self.terms[start as usize..end as usize] {
                counts[other as usize] += 1;
            }
        }
        let found = (0..).zip(&mut *counts).skip(term + 1).filter(|(_, count)| **count > 0);
        found.map(|(other, count)| (other, std::mem::take(count))).collect()
    }
}
