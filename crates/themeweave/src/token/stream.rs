//! Symbols of all segments, packed: the numbers of a corpus take less memory than its text.

use rayon::prelude::*;

/// The symbols of segments, in order, in chunks that are unpacked one by one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stream {
    chunks: Vec<Chunk>,
}

/// Symbols of some segments: for each its length and its symbols, as numbers of seven bits a byte, the lowest
/// first, with the highest bit set in all bytes of a number but the last (LEB128). Common symbols, which are
/// small, take one byte or two.
#[derive(Debug, Clone)]
struct Chunk {
    segments: usize,
    bytes: Box<[u8]>,
}

/// The symbols of some segments, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// All segments one after the other.
    pub(crate) symbols: Vec<u32>,
    /// Where each segment begins in `symbols`; one more at the end.
    pub(crate) starts: Vec<usize>,
}

impl Default for Run {
    fn default() -> Run {
        Run { symbols: Vec::new(), starts: vec![0] }
    }
}

impl Run {
    /// Ends the segment to which the last symbols belong.
    pub(super) fn end_segment(&mut self) {
        self.starts.push(self.symbols.len());
    }

    /// The symbols of each segment.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|bounds| &self.symbols[bounds[0]..bounds[1]])
    }

    /// Takes out all symbols that are `gone`.
    pub(crate) fn without(&mut self, gone: u32) {
        let (mut kept, mut next) = (0, 0);
        for start in &mut self.starts {
            kept += self.symbols[next..*start].iter().filter(|&&symbol| symbol != gone).count();
            next = *start;
            *start = kept;
        }
        self.symbols.retain(|&symbol| symbol != gone);
    }
}

impl Chunk {
    fn pack(run: &Run) -> Chunk {
        let numbers = || {
            run.segments()
                .flat_map(|segment| std::iter::once(segment.len() as u32).chain(segment.iter().copied()))
        };
        let length = |number: u32| (u32::BITS - (number | 1).leading_zeros()).div_ceil(7) as usize;
        let mut bytes = Vec::with_capacity(numbers().map(length).sum());
        for mut number in numbers() {
            while number >= 1 << 7 {
                bytes.push(number as u8 | 1 << 7);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
        Chunk { segments: run.starts.len() - 1, bytes: bytes.into_boxed_slice() }
    }

    fn unpack(&self) -> Run {
        let mut bytes = self.bytes.iter();
        let mut next = || {
            let mut number = 0;
            for (shift, &byte) in (0..u32::BITS).step_by(7).zip(&mut bytes) {
                number |= u32::from(byte & 0x7F) << shift;
                if byte < 1 << 7 {
                    break;
                }
            }
            number
        };
        let mut run = Run {
            symbols: Vec::with_capacity(self.bytes.len()),
            starts: Vec::with_capacity(self.segments + 1),
        };
        run.starts.push(0);
        for _ in 0..self.segments {
            let length = next();
            run.symbols.extend((0..length).map(|_| next()));
            run.end_segment();
        }
        run
    }
}

impl Stream {
    /// Adds the symbols of further segments, in runs.
    pub(super) fn extend(&mut self, runs: Vec<Run>) {
        let chunks: Vec<Chunk> = runs.into_par_iter().map(|run| Chunk::pack(&run)).collect();
        self.chunks.extend(chunks);
    }

    /// Adds the symbols of further segments.
    pub(crate) fn push(&mut self, run: &Run) {
        self.chunks.push(Chunk::pack(run));
    }

    /// All segments in order, run by run.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.chunks.iter().map(Chunk::unpack)
    }

    /// The same, with each run gone from memory when the next is asked for.
    pub(crate) fn into_runs(self) -> impl Iterator<Item = Run> {
        self.chunks.into_iter().map(|chunk| chunk.unpack())
    }

    /// The same, so many runs at a time.
    pub(crate) fn into_batches(self, runs: usize) -> impl Iterator<Item = Vec<Run>> {
        let mut chunks = self.chunks.into_iter();
        std::iter::from_fn(move || {
            let batch: Vec<Chunk> = chunks.by_ref().take(runs.max(1)).collect();
            let batch: Vec<Run> = batch.par_iter().map(Chunk::unpack).collect();
            (!batch.is_empty()).then_some(batch)
        })
    }

    /// The same for several threads: so many parts, in order, of about as many runs.
    pub(crate) fn parts(
        &self,
        parts: usize,
    ) -> impl IndexedParallelIterator<Item = impl Iterator<Item = Run> + '_> {
        let chunks = self.chunks.len();
        (0..parts).into_par_iter().map(move |part| {
            self.chunks[chunks * part / parts..chunks * (part + 1) / parts].iter().map(Chunk::unpack)
        })
    }

    /// Number of segments.
    pub(crate) fn segment_count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.segments).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_come_back_as_they_were() {
        let mut run = Run::default();
        for symbols in [&[0_u32, 1, 127, 128, 16_383, 16_384][..], &[], &[u32::MAX - 1, 1 << 28, 1 << 21]] {
            run.symbols.extend(symbols);
            run.end_segment();
        }
        let mut stream = Stream::default();
        stream.extend(vec![run.clone(), Run::default()]);
        stream.push(&run);
        assert_eq!(stream.segment_count(), 6);
        assert_eq!(stream.runs().collect::<Vec<_>>(), [run.clone(), Run::default(), run.clone()]);
        let parts: Vec<Vec<Run>> = stream.parts(2).map(Iterator::collect).collect();
        assert_eq!(parts, [vec![run.clone()], vec![Run::default(), run.clone()]]);
        let batches: Vec<Vec<Run>> = stream.into_batches(2).collect();
        assert_eq!(batches, [vec![run.clone(), Run::default()], vec![run]]);
    }

    #[test]
    fn symbols_that_are_gone_leave_no_gap() {
        let mut run = Run { symbols: vec![9, 5, 9, 9, 6], starts: vec![0, 2, 4, 4, 5] };
        run.without(9);
        assert_eq!(run, Run { symbols: vec![5, 6], starts: vec![0, 1, 1, 1, 2] });
    }
}
