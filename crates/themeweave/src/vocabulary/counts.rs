//! Which terms each segment has, packed.

use crate::varint;
use crate::vocabulary::TermId;

/// The terms of segments with their occurrences.
///
/// For each term: how much greater its number is than that of the term before, times two, plus one where it
/// occurs more than once; then, where it does, the occurrences. Most terms take two bytes.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    bytes: Vec<u8>,
    /// Where each segment begins in `bytes`; one more at the end.
    starts: Vec<usize>,
}

impl Default for Counts {
    fn default() -> Counts {
        Counts { bytes: Vec::new(), starts: vec![0] }
    }
}

impl Counts {
    /// Number of segments.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Adds a segment, of terms in ascending order.
    pub(super) fn push(&mut self, terms: impl IntoIterator<Item = (TermId, u32)>) {
        let mut last = 0;
        terms.into_iter().for_each(|(term, times)| self.push_term(term, times, &mut last));
        self.starts.push(self.bytes.len());
    }

    /// Adds a segment of the terms that were met.
    pub(super) fn push_met(&mut self, tally: &mut Tally) {
        let mut last = 0;
        tally.drain(|term, times| self.push_term(term, times, &mut last));
        self.starts.push(self.bytes.len());
    }

    /// Adds a term of the last segment, after the `last` one of it.
    fn push_term(&mut self, term: TermId, times: u32, last: &mut TermId) {
        varint::write(u64::from(term - *last) << 1 | u64::from(times != 1), &mut self.bytes);
        if times != 1 {
            varint::write(times.into(), &mut self.bytes);
        }
        *last = term;
    }

    /// Adds the segments of others.
    pub(super) fn append(&mut self, other: &Counts) {
        let offset = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.starts.extend(other.starts[1..].iter().map(|start| start + offset));
    }

    fn bytes_of(&self, segment: usize) -> &[u8] {
        match (self.starts.get(segment), self.starts.get(segment.saturating_add(1))) {
            (Some(&start), Some(&end)) => &self.bytes[start..end],
            _ => &[],
        }
    }

    /// The terms of a segment; none where there is no such segment.
    pub(super) fn segment(&self, segment: usize) -> SegmentTerms<'_> {
        SegmentTerms { bytes: self.bytes_of(segment), last: 0 }
    }
}

/// The terms of a segment as they are met, which come out in ascending order: sorted by the bits of two levels of sets.
#[derive(Debug)]
pub(super) struct Tally {
    /// By term.
    times: Vec<u32>,
    /// A bit for each term that was met.
    met: Vec<u64>,
    /// A bit for each number of `met` that is not 0.
    any: Vec<u64>,
}

impl Tally {
    /// For terms below a number.
    pub(super) fn new(terms: usize) -> Tally {
        let met = terms.div_ceil(64);
        Tally { times: vec![0; terms], met: vec![0; met], any: vec![0; met.div_ceil(64)] }
    }

    #[inline]
    pub(super) fn add(&mut self, term: TermId) {
        let term = term as usize;
        self.times[term] += 1;
        self.met[term / 64] |= 1 << (term % 64);
        self.any[term / 64 / 64] |= 1 << (term / 64 % 64);
    }

    /// Shows `see` the terms that were met with their occurrences, and forgets them.
    pub(super) fn drain(&mut self, mut see: impl FnMut(TermId, u32)) {
        for (at, any) in self.any.iter_mut().enumerate() {
            for at in bits(std::mem::take(any)).map(|bit| 64 * at + bit) {
                for term in bits(std::mem::take(&mut self.met[at])).map(|bit| 64 * at + bit) {
                    see(term as TermId, std::mem::take(&mut self.times[term]));
                }
            }
        }
    }
}

/// The bits of a number that are set, from the lowest on.
fn bits(mut number: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = number.trailing_zeros() as usize;
        number &= number.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}

/// The terms of a segment with their occurrences, by ascending number.
#[derive(Debug, Clone)]
pub struct SegmentTerms<'v> {
    bytes: &'v [u8],
    last: TermId,
}

impl SegmentTerms<'_> {
    /// Whether there are none left.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes in which those that are left are packed: no fewer than they are.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Whether a term is among those that are left. Linear in their number.
    pub fn has(&self, term: TermId) -> bool {
        self.clone().map(|(other, _)| other).take_while(|&other| other <= term).last() == Some(term)
    }

    /// Occurrences of all terms that are left.
    pub fn occurrences(&self) -> u64 {
        self.clone().map(|(_, times)| u64::from(times)).sum()
    }
}

impl Iterator for SegmentTerms<'_> {
    type Item = (TermId, u32);

    #[inline]
    fn next(&mut self) -> Option<(TermId, u32)> {
        let number = varint::read(&mut self.bytes)?;
        self.last += (number >> 1) as TermId;
        let times = if number & 1 == 0 { 1 } else { varint::read(&mut self.bytes)? as u32 };
        Some((self.last, times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back_as_they_were() {
        let segments = [vec![(0, 1), (1, 2), (63, 1), (64, 300), (u32::MAX, u32::MAX)], vec![], vec![(9, 1)]];
        let mut counts = Counts::default();
        for segment in &segments {
            counts.push(segment.iter().copied());
        }
        let mut twice = counts.clone();
        twice.append(&counts);
        assert_eq!((counts.len(), twice.len()), (3, 6));
        for at in 0..6 {
            assert_eq!(twice.segment(at).collect::<Vec<_>>(), segments[at % 3]);
        }
        assert!(twice.segment(6).is_empty());
        let first = counts.segment(0);
        assert!(first.has(64) && !first.has(2) && !counts.segment(1).has(0));
        assert_eq!(first.occurrences(), 304 + u64::from(u32::MAX));
    }

    #[test]
    fn terms_that_were_met_come_out_in_order_and_are_forgotten() {
        for terms in [1, 64, 65, 4_096, 5_000] {
            let mut tally = Tally::new(terms);
            let last = terms as TermId - 1;
            for met in [vec![last, 0, last / 2, last, 63.min(last)], vec![], vec![last]] {
                met.iter().for_each(|&term| tally.add(term));
                let mut sorted = met.clone();
                sorted.sort_unstable();
                let same = sorted.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32));
                let mut seen = Vec::new();
                tally.drain(|term, times| seen.push((term, times)));
                assert_eq!(seen, same.collect::<Vec<_>>(), "{terms}");
            }
        }
    }
}
