//! Symbols of all segments, packed where memory matters: then the numbers of a corpus take less than its text.

use std::borrow::Cow;

use rayon::prelude::*;

/// The symbols of segments, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stream {
    /// Runs as they are, if they are not packed.
    held: Vec<Run>,
    /// Chunks that are unpacked one by one, if they are.
    slabs: Vec<Slab>,
    is_packed: bool,
}

/// Chunks whose bytes stand in one place, large enough to be given back to the system as soon as it is freed.
#[derive(Debug, Clone, Default)]
struct Slab {
    bytes: Vec<u8>,
    chunks: Vec<Bounds>,
}

/// How much there is in a chunk, and where its bytes end.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    segments: usize,
    symbols: usize,
    end: usize,
}

/// Bytes from which a slab is full.
const FULL: usize = 34 << 20;

/// The lengths of some segments and their symbols, packed.
#[derive(Debug, Clone, Copy)]
struct Chunk<'s> {
    segments: usize,
    symbols: usize,
    bytes: &'s [u8],
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

    /// The lengths of the segments and their symbols, packed.
    fn packed(&self) -> Vec<u8> {
        let lengths = self.starts.windows(2).map(|bounds| (bounds[1] - bounds[0]) as u32);
        pack(lengths.chain(self.symbols.iter().copied()), self.starts.len() - 1 + self.symbols.len())
    }

    /// Leaves only the symbols that are kept.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        let (mut kept, mut next) = (0, 0);
        for start in &mut self.starts {
            for at in next..*start {
                let symbol = self.symbols[at];
                self.symbols[kept] = symbol;
                kept += usize::from(is_kept(symbol));
            }
            next = std::mem::replace(start, kept);
        }
        self.symbols.truncate(kept);
    }
}

/// Whole numbers in as few bytes as they need, one to four; how many is told in two bits each, four numbers a byte,
/// which all stand before them. So no number waits for the one before it to be read (Lemire, Kurz and Rupp 2018,
/// "Stream VByte"). Some spare bytes at the end let every number be read as four.
fn pack(numbers: impl Iterator<Item = u32>, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count.div_ceil(4) + 4 * count + SPARE];
    let (widths, packed) = bytes.split_at_mut(count.div_ceil(4));
    let mut end = 0;
    for (at, number) in numbers.take(count).enumerate() {
        let width = (number | 1).ilog2() / 8;
        widths[at / 4] |= (width as u8) << (at % 4 * 2);
        packed[end..end + 4].copy_from_slice(&number.to_le_bytes());
        end += width as usize + 1;
    }
    bytes.truncate(count.div_ceil(4) + end + SPARE);
    bytes
}

/// Bytes behind the last number.
const SPARE: usize = 3;

/// So many numbers that were packed.
fn unpack(bytes: &[u8], count: usize) -> impl ExactSizeIterator<Item = u32> + '_ {
    let (widths, packed) = bytes.split_at(count.div_ceil(4));
    let mut end = 0;
    (0..count).map(move |at| {
        let width = usize::from(widths[at / 4] >> (at % 4 * 2) & 3);
        let four = packed[end..].first_chunk().map_or(0, |&four| u32::from_le_bytes(four));
        end += width + 1;
        four & u32::MAX >> (24 - 8 * width)
    })
}

impl Chunk<'_> {
    fn unpack(&self) -> Run {
        let mut numbers = unpack(self.bytes, self.segments + self.symbols);
        let mut starts = Vec::with_capacity(self.segments + 1);
        let mut start = 0;
        starts.push(start);
        starts.extend(numbers.by_ref().take(self.segments).map(|length| {
            start += length as usize;
            start
        }));
        Run { symbols: numbers.collect(), starts }
    }
}

/// A run of a stream, as it is or packed.
#[derive(Debug, Clone, Copy)]
enum Kept<'s> {
    Held(&'s Run),
    Packed(Chunk<'s>),
}

impl<'s> Kept<'s> {
    fn run(self) -> Cow<'s, Run> {
        match self {
            Kept::Held(run) => Cow::Borrowed(run),
            Kept::Packed(chunk) => Cow::Owned(chunk.unpack()),
        }
    }
}

impl Slab {
    fn chunks(&self) -> impl ExactSizeIterator<Item = Chunk<'_>> {
        (0..self.chunks.len()).map(|at| {
            let start = if at == 0 { 0 } else { self.chunks[at - 1].end };
            let Bounds { segments, symbols, end } = self.chunks[at];
            Chunk { segments, symbols, bytes: &self.bytes[start..end] }
        })
    }
}

impl Stream {
    /// An empty stream whose symbols are packed, which takes time and saves half of the memory.
    pub(super) fn packed() -> Stream {
        Stream { is_packed: true, ..Stream::default() }
    }

    /// An empty stream that is packed if this one is.
    pub(crate) fn like(&self) -> Stream {
        Stream { is_packed: self.is_packed, ..Stream::default() }
    }

    /// Adds the symbols of further segments, in runs.
    pub(crate) fn extend(&mut self, runs: Vec<Run>) {
        if !self.is_packed {
            self.held.extend(runs);
            return;
        }
        let packed: Vec<Vec<u8>> = runs.par_iter().map(Run::packed).collect();
        for (run, bytes) in runs.iter().zip(packed) {
            let slab = self.slab();
            slab.bytes.extend_from_slice(&bytes);
            let (segments, symbols) = (run.starts.len() - 1, run.symbols.len());
            slab.chunks.push(Bounds { segments, symbols, end: slab.bytes.len() });
        }
    }

    /// The slab that is being filled.
    fn slab(&mut self) -> &mut Slab {
        if self.slabs.last().is_none_or(|slab| slab.bytes.len() >= FULL) {
            self.slabs.push(Slab::default());
        }
        let last = self.slabs.len() - 1;
        &mut self.slabs[last]
    }

    /// All runs in order.
    fn kept(&self) -> Vec<Kept<'_>> {
        let held = self.held.iter().map(Kept::Held);
        held.chain(self.slabs.iter().flat_map(Slab::chunks).map(Kept::Packed)).collect()
    }

    /// All segments in order, run by run.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Cow<'_, Run>> {
        self.kept().into_iter().map(Kept::run)
    }

    /// The same, so many runs at a time, with what was read gone from memory from time to time.
    pub(crate) fn into_batches(self) -> impl Iterator<Item = Vec<Run>> {
        const RUNS: usize = 16;
        let mut held = self.held.into_iter();
        let held = std::iter::from_fn(move || {
            let batch: Vec<Run> = held.by_ref().take(RUNS).collect();
            (!batch.is_empty()).then_some(batch)
        });
        held.chain(self.slabs.into_iter().flat_map(|slab| {
            (0..slab.chunks.len()).step_by(RUNS).map(move |first| {
                let batch: Vec<Chunk<'_>> = slab.chunks().skip(first).take(RUNS).collect();
                batch.into_par_iter().map(|chunk| chunk.unpack()).collect()
            })
        }))
    }

    /// The same for several threads: so many parts, in order, of about as many runs.
    pub(crate) fn parts(
        &self,
        parts: usize,
    ) -> impl IndexedParallelIterator<Item = impl Iterator<Item = Cow<'_, Run>>> {
        let kept = self.kept();
        let own = |part| kept[kept.len() * part / parts..kept.len() * (part + 1) / parts].to_vec();
        let parts: Vec<Vec<Kept<'_>>> = (0..parts).map(own).collect();
        parts.into_par_iter().map(|kept| kept.into_iter().map(Kept::run))
    }

    /// Number of segments.
    pub(crate) fn segment_count(&self) -> usize {
        let held = self.held.iter().map(|run| run.starts.len() - 1);
        held.chain(self.slabs.iter().flat_map(Slab::chunks).map(|chunk| chunk.segments)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_come_back_as_they_were() {
        let mut run = Run::default();
        for symbols in [&[0_u32, 1, 127, 128, 16_383, 16_384][..], &[], &[(1 << 21) - 1, 1 << 21]] {
            run.symbols.extend(symbols);
            run.end_segment();
        }
        let runs = [run.clone(), Run::default(), run];
        for mut stream in [Stream::default(), Stream::packed()] {
            stream.extend(runs[..2].to_vec());
            stream.extend(runs[2..].to_vec());
            assert_eq!(
                (stream.held.is_empty(), stream.slabs.is_empty()),
                (stream.is_packed, !stream.is_packed)
            );
            assert_eq!(stream.segment_count(), 6);
            assert_eq!(stream.runs().map(Cow::into_owned).collect::<Vec<_>>(), runs);
            let parts: Vec<Vec<Run>> =
                stream.parts(2).map(|part| part.map(Cow::into_owned).collect()).collect();
            assert_eq!(parts, [&runs[..1], &runs[1..]]);
            assert_eq!(stream.into_batches().flatten().collect::<Vec<Run>>(), runs);
        }
    }

    #[test]
    fn symbols_that_are_left_out_leave_no_gap() {
        let mut run = Run { symbols: vec![9, 5, 9, 9, 6], starts: vec![0, 2, 4, 4, 5] };
        run.retain(|symbol| symbol != 9);
        assert_eq!(run, Run { symbols: vec![5, 6], starts: vec![0, 1, 1, 1, 2] });
    }
}
