//! The words of each segment, as numbers.
//!
//! Every distinct spelling is a *type* and is stored once; a segment is a run of type numbers, with
//! marks where punctuation or a hyphen stood between two words. What a type is (a stop word, a form
//! of which term) is decided later, once per type and not once per token.

mod types;
mod words;

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::segment::Segments;
pub(crate) use crate::token::types::Types;
pub use crate::token::words::words;
pub(crate) use crate::token::words::{Piece, pieces};

/// Punctuation between two words: no phrase reaches across it.
pub(crate) const BREAK: u32 = 0;
/// A hyphen that joins two words.
pub(crate) const HYPHEN: u32 = 1;
/// The first number of a type.
pub(crate) const FIRST_TYPE: u32 = 2;

/// The words of all segments of a corpus, in reading order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    /// Numbers of types, [`BREAK`] and [`HYPHEN`], all segments one after the other.
    pub(crate) stream: Vec<u32>,
    /// Where each segment begins in `stream`; one more at the end.
    pub(crate) starts: Vec<usize>,
    /// The types, whose numbers in `stream` begin with [`FIRST_TYPE`].
    pub(crate) types: Types,
}

impl Tokens {
    /// Finds the words of all segments: one pass over the text, in parallel over runs of segments
    /// whose bounds depend on the text alone.
    pub(crate) fn from_segments(corpus: &Corpus, segments: &Segments) -> Tokens {
        const BYTES_PER_RUN: usize = 1 << 22;
        let mut runs = Vec::new();
        let (mut first, mut bytes) = (0, 0);
        for (i, segment) in segments.list().iter().enumerate() {
            bytes += segment.span().len();
            if bytes >= BYTES_PER_RUN {
                runs.push((first..i + 1, bytes));
                (first, bytes) = (i + 1, 0);
            }
        }
        runs.push((first..segments.len(), bytes));
        let parts: Vec<Tokens> = runs
            .into_par_iter()
            .map(|(run, bytes)| {
                let mut part = Tokens::with_capacity(bytes);
                for i in run {
                    let is_counted = !segments.list()[i].is_back_channel();
                    part.add(if is_counted { segments.text(corpus, i) } else { "" });
                }
                part.types = part.types.closed();
                part
            })
            .collect();
        join(parts)
    }

    /// Tokens with room for those of so much text.
    fn with_capacity(bytes: usize) -> Tokens {
        /// Bytes of text for a token and for a type, few enough.
        const PER_TOKEN: usize = 5;
        const PER_TYPE: usize = 200;
        Tokens {
            stream: Vec::with_capacity(bytes / PER_TOKEN),
            starts: Vec::new(),
            types: Types::with_capacity(bytes / PER_TYPE),
        }
    }

    /// Adds a segment.
    fn add(&mut self, text: &str) {
        self.starts.push(self.stream.len());
        for piece in pieces(text) {
            self.stream.push(match piece {
                Piece::Word(range) => self.types.number(&text[range]) + FIRST_TYPE,
                Piece::Hyphen => HYPHEN,
                Piece::Break => BREAK,
            });
        }
    }
}

/// Joins runs of segments in order and gives their types common numbers.
fn join(mut parts: Vec<Tokens>) -> Tokens {
    if parts.len() == 1
        && let Some(mut part) = parts.pop()
    {
        part.starts.push(part.stream.len());
        return part;
    }
    let mut joined = Tokens::default();
    joined.stream.reserve_exact(parts.iter().map(|part| part.stream.len()).sum());
    joined.starts.reserve_exact(parts.iter().map(|part| part.starts.len()).sum::<usize>() + 1);
    for mut part in parts {
        let numbers = part.types.iter().map(|word| joined.types.number(word) + FIRST_TYPE);
        let map: Vec<u32> = (0..FIRST_TYPE).chain(numbers).collect();
        part.stream.par_iter_mut().with_min_len(1 << 14).for_each(|symbol| *symbol = map[*symbol as usize]);
        let offset = joined.stream.len();
        joined.starts.extend(part.starts.iter().map(|start| start + offset));
        joined.stream.append(&mut part.stream);
    }
    joined.starts.push(joined.stream.len());
    joined.types = joined.types.closed();
    joined
}
