//! The words of each segment, as numbers.
//!
//! Every distinct spelling is a *type* and is stored once; a segment is a run of type numbers, with
//! marks where punctuation or a hyphen stood between two words. What a type is (a stop word, a form
//! of which term) is decided later, once per type and not once per token.

mod words;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::segment::Segments;
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
pub(crate) struct Tokens<'c> {
    /// Numbers of types, [`BREAK`] and [`HYPHEN`], all segments one after the other.
    pub(crate) stream: Vec<u32>,
    /// Where each segment begins in `stream`; one more at the end.
    pub(crate) starts: Vec<usize>,
    /// Spelling of each type, without the first [`FIRST_TYPE`] numbers, in order of appearance.
    pub(crate) types: Vec<&'c str>,
}

impl<'c> Tokens<'c> {
    /// Finds the words of all segments: one pass over the text, in parallel over runs of segments
    /// whose bounds depend on the text alone.
    pub(crate) fn from_segments(corpus: &'c Corpus, segments: &Segments) -> Tokens<'c> {
        const BYTES_PER_RUN: usize = 1 << 19;
        let mut runs = Vec::new();
        let (mut first, mut bytes) = (0, 0);
        for (i, segment) in segments.list().iter().enumerate() {
            bytes += segment.span().len();
            if bytes >= BYTES_PER_RUN {
                runs.push(first..i + 1);
                (first, bytes) = (i + 1, 0);
            }
        }
        runs.push(first..segments.len());
        let parts: Vec<Tokens<'c>> = runs
            .into_par_iter()
            .map(|run| {
                let mut interner = Interner::default();
                for i in run {
                    let is_counted = !segments.list()[i].is_back_channel();
                    interner.segment(if is_counted { segments.text(corpus, i) } else { "" });
                }
                interner.tokens
            })
            .collect();
        join(parts)
    }
}

/// Numbers types in order of appearance.
#[derive(Default)]
struct Interner<'c> {
    numbers: FxHashMap<&'c str, u32>,
    tokens: Tokens<'c>,
}

impl<'c> Interner<'c> {
    fn segment(&mut self, text: &'c str) {
        let Tokens { stream, starts, types } = &mut self.tokens;
        starts.push(stream.len());
        for piece in pieces(text) {
            let symbol = match piece {
                Piece::Word(range) => {
                    let word = &text[range];
                    *self.numbers.entry(word).or_insert_with(|| {
                        types.push(word);
                        types.len() as u32 - 1 + FIRST_TYPE
                    })
                }
                Piece::Hyphen => HYPHEN,
                Piece::Break => BREAK,
            };
            stream.push(symbol);
        }
    }
}

/// Joins runs of segments in order and gives their types common numbers.
fn join(parts: Vec<Tokens<'_>>) -> Tokens<'_> {
    let mut joined = Tokens::default();
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    for mut part in parts {
        let map: Vec<u32> = (0..FIRST_TYPE)
            .chain(part.types.iter().map(|&word| {
                *numbers.entry(word).or_insert_with(|| {
                    joined.types.push(word);
                    joined.types.len() as u32 - 1 + FIRST_TYPE
                })
            }))
            .collect();
        part.stream.par_iter_mut().with_min_len(1 << 14).for_each(|symbol| *symbol = map[*symbol as usize]);
        let offset = joined.stream.len();
        joined.starts.extend(part.starts.iter().map(|start| start + offset));
        joined.stream.append(&mut part.stream);
    }
    joined.starts.push(joined.stream.len());
    joined
}
