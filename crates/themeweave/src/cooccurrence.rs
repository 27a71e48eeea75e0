//! How many segments hold both of two terms.

use std::ops::Range;

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
    /// For each term the terms with greater numbers that it occurs together with, and the counts; by ascending
    /// term.
    rows: Vec<Vec<Entry>>,
}

/// A term and a count, in six bytes: large corpora have ten million pairs, and resamples as many again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Entry {
    term: u16,
    count: [u16; 2],
}

impl Entry {
    fn new(term: u16, count: u32) -> Entry {
        Entry { term, count: [count as u16, (count >> 16) as u16] }
    }

    fn count(self) -> u32 {
        let [low, high] = self.count.map(u32::from);
        low | high << 16
    }
}

impl CooccurrenceMatrix {
    /// Counts all pairs among the first `terms` terms of a vocabulary, of which there may be [`MOST_TERMS`].
    ///
    /// Cost: the sum over segments of the square of their distinct terms, in parallel over terms, and memory
    /// of half the square of `terms`; the counts are exact and the same for any number of threads.
    pub(crate) fn from_vocabulary(
        vocabulary: &Vocabulary,
        terms: usize,
        progress: &mut dyn Progress,
    ) -> Result<CooccurrenceMatrix> {
        Self::counted(vocabulary, terms, PART, progress)
    }

    /// The same with the bytes of a part of the index.
    fn counted(
        vocabulary: &Vocabulary,
        terms: usize,
        part: usize,
        progress: &mut dyn Progress,
    ) -> Result<CooccurrenceMatrix> {
        let terms = terms.min(vocabulary.terms().len()).min(MOST_TERMS);
        let segments = vocabulary.segment_count();
        let mut index = Index { part, ..Index::default() };
        index.go_on(vocabulary, terms);
        if index.end == segments {
            return Ok(index.matrix(terms));
        }
        // For each term the segments that it has in common with each term after it.
        let mut rows: Vec<Vec<u32>> = (0..terms).map(|term| vec![0; terms - term - 1]).collect();
        loop {
            let rows = rows.par_iter_mut().enumerate().with_max_len(AT_A_TIME);
            rows.for_each(|(term, row)| index.count(term, row));
            if progress.update(Stage::Cooccurrence, index.end as u64, Some(segments as u64)).is_break() {
                return Err(Error::cancelled());
            }
            if index.end == segments {
                break;
            }
            index.go_on(vocabulary, terms);
        }
        drop(index);
        let rows = rows.into_par_iter().enumerate().with_max_len(AT_A_TIME).map_init(
            || vec![Entry::default(); terms],
            |found, (term, mut row)| entries(term, &mut row, found),
        );
        Ok(CooccurrenceMatrix { rows: rows.collect() })
    }

    /// Number of terms that were counted: those with a smaller number.
    pub fn term_count(&self) -> usize {
        self.rows.len()
    }

    /// Segments with both terms; 0 for a term with itself or one that was not counted. Logarithmic
    /// in the length of a row.
    pub fn count(&self, a: TermId, b: TermId) -> u32 {
        let row = self.rows.get(a.min(b) as usize).map_or(&[][..], Vec::as_slice);
        if a == b {
            return 0;
        }
        row.binary_search_by_key(&a.max(b), |entry| entry.term.into()).map_or(0, |at| row[at].count())
    }

    /// All pairs that occur together, as (smaller number, greater number, count), in order.
    pub fn pairs(&self) -> impl Iterator<Item = (TermId, TermId, u32)> + Clone + '_ {
        (0..self.term_count() as TermId).flat_map(|a| self.row(a).map(move |(b, count)| (a, b, count)))
    }

    /// Number of pairs that occur together. Linear in the number of terms.
    pub fn pair_count(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// The terms with greater numbers that occur together with a term, and the counts; by ascending term.
    pub(crate) fn row(&self, term: TermId) -> impl DoubleEndedIterator<Item = (TermId, u32)> + Clone + '_ {
        let entries = self.rows.get(term as usize).map_or(&[][..], Vec::as_slice);
        entries.iter().map(|entry| (entry.term.into(), entry.count()))
    }
}

/// The row of a term, from its counts with each of the terms after it, which are 0 afterwards. `found` has room for
/// as many entries.
fn entries(term: usize, counts: &mut [u32], found: &mut [Entry]) -> Vec<Entry> {
    /// Counts that are passed over together where all are 0.
    const TOGETHER: usize = 16;
    let mut len = 0;
    for (first, counts) in (term + 1..).step_by(TOGETHER).zip(counts.chunks_mut(TOGETHER)) {
        if counts.iter().fold(0, |any, &count| any | count) == 0 {
            continue;
        }
        // All are written and those of 0 over, for a branch would go either way at random.
        for (other, count) in (first..).zip(counts) {
            found[len] = Entry::new(other as u16, *count);
            len += usize::from(*count > 0);
            *count = 0;
        }
    }
    found[..len].to_vec()
}

/// Terms whose numbers take two bytes.
const MOST_TERMS: usize = 1 << 16;

/// Terms that a thread takes at a time: the first ones, which are in most segments, have most pairs.
pub(crate) const AT_A_TIME: usize = 200;

/// Most parts that are indexed at a time, so that memory is bounded.
const PARTS: usize = 16;

/// Packed bytes of the terms of the segments of a part: about half as many occurrences, which stay in the cache.
const PART: usize = 1 << 19;

/// For each of the first terms of a vocabulary what comes after it in each of its segments, of which some are at hand.
#[derive(Default)]
struct Index {
    parts: Vec<Part>,
    /// Packed bytes of the terms of a part.
    part: usize,
    /// The segment after the last.
    end: usize,
}

/// An index of some segments in a row.
#[derive(Default)]
struct Part {
    /// The terms of the segments, those of a segment in ascending order.
    terms: Vec<u16>,
    /// Where the terms after each occurrence begin and end in `terms`, by term.
    followed: Vec<(u32, u32)>,
    /// Where those of each term begin in `followed`; one more at the end.
    starts: Vec<usize>,
}

impl Part {
    /// Takes other segments.
    fn index(&mut self, vocabulary: &Vocabulary, terms: usize, segments: Range<usize>) {
        self.terms.clear();
        let mut ends = vec![0];
        let mut next = vec![0; terms + 1];
        for segment in segments {
            let present = vocabulary.segment(segment).map(|(term, _)| term);
            for term in present.take_while(|&term| (term as usize) < terms) {
                self.terms.push(term as u16);
                next[term as usize + 1] += 1;
            }
            ends.push(self.terms.len());
        }
        for term in 1..next.len() {
            next[term] += next[term - 1];
        }
        self.starts.clone_from(&next);
        self.followed.resize(self.terms.len(), (0, 0));
        for bounds in ends.windows(2) {
            for at in bounds[0]..bounds[1] {
                let next = &mut next[self.terms[at] as usize];
                self.followed[*next] = (at as u32 + 1, bounds[1] as u32);
                *next += 1;
            }
        }
    }
}

impl Index {
    /// Goes on to the next segments, as many as [`PARTS`] have.
    fn go_on(&mut self, vocabulary: &Vocabulary, terms: usize) {
        let mut ranges = Vec::new();
        while self.end < vocabulary.segment_count() && ranges.len() < PARTS {
            let (first, mut bytes) = (self.end, 0);
            while self.end < vocabulary.segment_count() && bytes < self.part {
                bytes += vocabulary.segment(self.end).bytes();
                self.end += 1;
            }
            ranges.push(first..self.end);
        }
        self.parts.resize_with(ranges.len(), Part::default);
        let parts = self.parts.par_iter_mut().zip(ranges);
        parts.for_each(|(part, segments)| part.index(vocabulary, terms, segments));
    }

    /// The counts where all segments are in the index, with one row at hand for each thread.
    fn matrix(&self, terms: usize) -> CooccurrenceMatrix {
        let rows = (0..terms).into_par_iter().with_max_len(AT_A_TIME).map_init(
            || (vec![0; terms], vec![Entry::default(); terms]),
            |(row, found), term| {
                let row = &mut row[term + 1..];
                self.count(term, row);
                entries(term, row, found)
            },
        );
        CooccurrenceMatrix { rows: rows.collect() }
    }

    /// Adds the segments that a term has in common with each of the terms after it.
    fn count(&self, term: usize, row: &mut [u32]) {
        for Part { terms, followed, starts } in &self.parts {
            for &(start, end) in &followed[starts[term]..starts[term + 1]] {
                for &other in &terms[start as usize..end as usize] {
                    row[other as usize - term - 1] += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Corpus;
    use crate::language::Language;
    use crate::rng::Rng;
    use crate::segment::{Segments, Unit};
    use crate::token::Tokens;
    use crate::vocabulary::TermOptions;

    #[test]
    fn counts_are_those_of_segments_one_by_one_for_any_size_of_parts() {
        let mut rng = Rng::new(5);
        let note = |_| (0..rng.below(9)).map(|_| format!("word{} ", rng.below(30))).collect();
        let notes: Vec<String> = (0..200).map(note).collect();
        let corpus = Corpus::from_notes(notes.iter().map(String::as_str)).unwrap();
        let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
        let tokens = Tokens::from_segments(&corpus, &segments, usize::MAX, &mut ()).unwrap();
        let options = TermOptions { no_stemming: true, no_phrases: true, ..TermOptions::default() };
        let (vocabulary, _) = Vocabulary::from_tokens(tokens, Language::English, &options);
        for terms in [30, 12] {
            let mut expected = vec![0; terms * terms];
            for segment in 0..vocabulary.segment_count() {
                let present: Vec<usize> =
                    vocabulary.segment(segment).map(|(term, _)| term as usize).collect();
                for &a in present.iter().filter(|&&a| a < terms) {
                    for &b in present.iter().filter(|&&b| b < terms && b != a) {
                        expected[a * terms + b] += 1;
                    }
                }
            }
            for part in [1, 7, 100, PART] {
                let matrix = CooccurrenceMatrix::counted(&vocabulary, terms, part, &mut ()).unwrap();
                let count = |at: usize| matrix.count((at / terms) as TermId, (at % terms) as TermId);
                assert_eq!((0..terms * terms).map(count).collect::<Vec<u32>>(), expected, "{terms} {part}");
            }
        }
    }
}
