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
        for (term, times) in terms {
            varint::write(u64::from(term - last) << 1 | u64::from(times != 1), &mut self.bytes);
            if times != 1 {
                varint::write(times.into(), &mut self.bytes);
            }
            last = term;
        }
        self.starts.push(self.bytes.len());
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
}
