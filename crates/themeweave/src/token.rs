//! The words of each segment, as numbers.
//!
//! Every distinct spelling is a *type* and is stored once; a segment is a run of type numbers, with
//! marks where punctuation or a hyphen stood between two words. What a type is (a stop word, a form
//! of which term) is decided later, once per type and not once per token.

mod stream;
mod types;
mod words;

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::segment::{Segment, Segments};
pub(crate) use crate::token::stream::{Run, Stream};
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
    /// Numbers of types, [`BREAK`] and [`HYPHEN`], by segments.
    pub(crate) stream: Stream,
    /// The types, whose numbers in `stream` begin with [`FIRST_TYPE`].
    pub(crate) types: Types,
    /// How often each type occurs.
    pub(crate) times: Vec<u64>,
    /// For each type, how often it stands with a capital at its beginning right after another word in the same line:
    /// where no sentence begins, so that the capital is its own.
    pub(crate) capitals: Vec<u32>,
    /// Types that were set aside because there are too many, and how often each of them occurred at most.
    pub(crate) set_aside: (usize, u64),
}

/// The words of some segments, with types of their own.
struct Part {
    run: Run,
    types: Types,
    times: Vec<u32>,
    /// As in [`Tokens`], but no longer than up to the last type that has some.
    capitals: Vec<u32>,
}

impl Tokens {
    /// Finds the words of all segments: one pass over the text, in parallel over parts of it whose bounds
    /// depend on the text alone. When there are more than `most_types` types, the rarest so far are set
    /// aside, at least half of all, and break phrases from then on like punctuation (lossy counting; Manku
    /// and Motwani 2002): what is rare in all of the text up to there is seldom a term.
    pub(crate) fn from_segments(
        corpus: &Corpus,
        segments: &Segments,
        most_types: usize,
        progress: &mut dyn Progress,
    ) -> Result<Tokens> {
        /// Segments from which words are packed even where texts fit: so many take much memory themselves.
        const MANY: usize = 1 << 20;
        // Where texts do not fit into memory, words are packed, and no more than one run of them is held.
        let is_held = corpus.is_held();
        let is_packed = !is_held || segments.list().len() >= MANY;
        let stream = if is_packed { Stream::packed() } else { Stream::default() };
        let mut tokens = Tokens { stream, ..Tokens::default() };
        let mut waiting = Vec::new();
        let list = segments.list();
        let mut next = 0;
        for run in corpus.runs() {
            let update = progress.update(Stage::Tokens, run.start as u64, Some(corpus.len() as u64));
            if update.is_break() {
                return Err(Error::cancelled());
            }
            let first = next;
            next += list[first..].partition_point(|segment| segment.document() < run.end);
            let find = || -> Result<Vec<Part>> {
                let texts = corpus.texts_of(run.clone())?;
                let text = |segment: &Segment| {
                    texts[segment.document() - run.start].get(segment.span()).unwrap_or_default()
                };
                let parts = parts(&list[first..next]).into_par_iter().map(|part| {
                    let bytes = part.iter().map(|segment| segment.span().len()).sum();
                    Part::new(
                        part.iter().map(|one| if one.is_back_channel() { "" } else { text(one) }),
                        bytes,
                    )
                });
                Ok(parts.collect())
            };
            // What is added goes through one thread, so the next words are found meanwhile.
            let (found, ()) = rayon::join(find, || tokens.add(std::mem::take(&mut waiting), most_types));
            waiting = found?;
            if !is_held {
                tokens.add(std::mem::take(&mut waiting), most_types);
            }
        }
        tokens.add(waiting, most_types);
        tokens.types = tokens.types.closed();
        Ok(tokens)
    }

    /// Adds parts, giving their types common numbers, of which there are at most `most_types` afterwards.
    fn add(&mut self, parts: Vec<Part>, most_types: usize) {
        let maps: Vec<Vec<u32>> = parts
            .iter()
            .map(|part| {
                let numbers = self.types.numbers(&part.types).map(|number| number + FIRST_TYPE);
                (0..FIRST_TYPE).chain(numbers).collect()
            })
            .collect();
        self.times.resize(self.types.len(), 0);
        self.capitals.resize(self.types.len(), 0);
        for (part, map) in parts.iter().zip(&maps) {
            let numbers = || map[FIRST_TYPE as usize..].iter().map(|symbol| (symbol - FIRST_TYPE) as usize);
            for (number, &times) in numbers().zip(&part.times) {
                self.times[number] += u64::from(times);
            }
            for (number, &times) in numbers().zip(&part.capitals) {
                self.capitals[number] = self.capitals[number].saturating_add(times);
            }
        }
        let runs = parts.into_par_iter().zip(maps).map(|(Part { mut run, .. }, map)| {
            run.symbols.iter_mut().for_each(|symbol| *symbol = map[*symbol as usize]);
            run
        });
        self.stream.extend(runs.collect());
        if self.types.len() > most_types {
            self.set_rare_aside(most_types / 2);
        }
    }

    /// Keeps at most so many types, those that occur most so far.
    fn set_rare_aside(&mut self, kept: usize) {
        let times = std::mem::take(&mut self.times);
        let mut most = 1;
        while times.iter().filter(|&&times| times > most).count() > kept {
            most += 1;
        }
        let old = std::mem::take(&mut self.types);
        let number = |(word, &times): (&str, &u64)| {
            if times > most { self.types.number(word, 0..word.len()) + FIRST_TYPE } else { BREAK }
        };
        let map: Vec<u32> = (0..FIRST_TYPE).chain(old.iter().zip(&times).map(number)).collect();
        let capitals = self.capitals.iter().zip(&times).filter(|(_, times)| **times > most);
        self.capitals = capitals.map(|(capitals, _)| *capitals).collect();
        self.times = times.into_iter().filter(|&times| times > most).collect();
        self.set_aside.0 += old.len() - self.types.len();
        self.set_aside.1 = self.set_aside.1.max(most);
        let empty = self.stream.like();
        for mut batch in std::mem::replace(&mut self.stream, empty).into_batches() {
            batch
                .par_iter_mut()
                .for_each(|run| run.symbols.iter_mut().for_each(|symbol| *symbol = map[*symbol as usize]));
            self.stream.extend(batch);
        }
    }
}

/// Bytes of a part of the text, whose types can be looked up in the cache of a core.
const PART: usize = 1 << 19;

/// Segments in parts of about [`PART`] bytes of text.
fn parts(segments: &[Segment]) -> Vec<&[Segment]> {
    let mut parts = Vec::new();
    let (mut first, mut bytes) = (0, 0);
    for (at, segment) in segments.iter().enumerate() {
        bytes += segment.span().len();
        if bytes >= PART {
            parts.push(&segments[first..=at]);
            (first, bytes) = (at + 1, 0);
        }
    }
    parts.push(&segments[first..]);
    parts
}

impl Part {
    /// Finds the words of texts that have about so many bytes.
    fn new<'t>(texts: impl Iterator<Item = &'t str>, bytes: usize) -> Part {
        /// Bytes of text for each symbol, in most languages.
        const SYMBOL: usize = 5;
        /// Bytes of text for each type, in most parts; a longer text has more for each.
        const TYPE: usize = 80;
        let run = Run { symbols: Vec::with_capacity(bytes / SYMBOL), ..Run::default() };
        let types = Types::with_capacity(bytes.min(PART) / TYPE);
        let mut part = Part { run, types, times: Vec::new(), capitals: Vec::new() };
        for text in texts {
            for piece in pieces(text) {
                let symbol = match piece {
                    Piece::Word(range) => {
                        let number = part.types.number(text, range.clone());
                        // Most words begin with a small letter.
                        if !text.as_bytes()[range.start].is_ascii_lowercase() {
                            part.see_capital(number, text, range.start);
                        }
                        number + FIRST_TYPE
                    }
                    Piece::Hyphen => HYPHEN,
                    Piece::Break => BREAK,
                };
                part.run.symbols.push(symbol);
            }
            part.run.end_segment();
        }
        part.types = part.types.closed();
        // By themselves, for numbers of a part are few enough to be counted in the cache.
        let mut times = vec![0; FIRST_TYPE as usize + part.types.len()];
        part.run.symbols.iter().for_each(|&symbol| times[symbol as usize] += 1);
        part.times = times.split_off(FIRST_TYPE as usize);
        part
    }

    /// Counts an occurrence of a type at a place of the text of a segment, if it has a capital of its own.
    fn see_capital(&mut self, number: u32, text: &str, start: usize) {
        let is_first = self.run.starts.last() == Some(&self.run.symbols.len());
        let is_after_word = !is_first && self.run.symbols.last() != Some(&BREAK);
        if !is_after_word || !text[start..].starts_with(char::is_uppercase) {
            return;
        }
        let before = &text[..start];
        let gap = &before[before.trim_end().len()..];
        if !gap.contains('\n') {
            let at = number as usize;
            self.capitals.resize(self.capitals.len().max(at + 1), 0);
            self.capitals[at] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_counted_right_after_a_word() {
        let texts = ["Ann met Ann. Ann\nAnn", "York in New York, New-York, \u{c9}lan York \u{c9}lan"];
        let part = || Part::new(texts.into_iter(), 0);
        let mut tokens = Tokens::default();
        tokens.add(vec![part(), part()], 100);
        let known = |tokens: &Tokens| -> Vec<(String, u32)> {
            tokens.types.iter().map(str::to_owned).zip(tokens.capitals.iter().copied()).collect()
        };
        let expected = [("Ann", 2), ("met", 0), ("York", 6), ("in", 0), ("New", 2), ("\u{c9}lan", 2)];
        assert_eq!(known(&tokens), expected.map(|(word, times)| (word.to_owned(), times)));
        // They stay with their types.
        tokens.set_rare_aside(2);
        assert_eq!(known(&tokens), [("Ann".to_owned(), 2), ("York".to_owned(), 6)]);
    }
}
