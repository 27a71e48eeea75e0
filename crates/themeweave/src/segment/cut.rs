//! Notes cut into segments, and the places of the cuts.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::Document;
use crate::segment::{Unit, trim};

/// The spans of one note's segments.
pub(super) fn cut(text: &str, span: Range<usize>, unit: Unit) -> Vec<Range<usize>> {
    let note = &text[span.clone()];
    let place = |piece: Range<usize>| trim(text, span.start + piece.start..span.start + piece.end);
    let has_word = |piece: &Range<usize>| text[piece.clone()].chars().any(char::is_alphanumeric);
    match unit {
        Unit::Auto | Unit::Note | Unit::Document => vec![span],
        Unit::Sentence => note
            .split_sentence_bound_indices()
            .map(|(at, sentence)| place(at..at + sentence.len()))
            .filter(has_word)
            .collect(),
        Unit::Paragraph => {
            let mut pieces = Vec::new();
            let (mut start, mut at) = (0, 0);
            for line in note.split_inclusive('\n') {
                if line.trim().is_empty() {
                    pieces.push(place(start..at));
                    start = at + line.len();
                }
                at += line.len();
            }
            pieces.push(place(start..at));
            pieces.into_iter().filter(has_word).collect()
        }
        Unit::Words(n) => {
            let size = n.get() as usize;
            let words: Vec<Range<usize>> =
                note.unicode_word_indices().map(|(at, word)| at..at + word.len()).collect();
            let mut chunks: Vec<&[Range<usize>]> = words.chunks(size).collect();
            if chunks.len() > 1 && chunks.last().is_some_and(|last| last.len() * 2 < size) {
                chunks.pop();
            }
            let starts: Vec<usize> =
                chunks.iter().filter_map(|chunk| chunk.first()).map(|word| word.start).collect();
            let ends = starts.iter().skip(1).copied().chain([note.len()]);
            starts.iter().zip(ends).map(|(&start, end)| place(start..end)).filter(has_word).collect()
        }
    }
}

/// Lines and code points up to a byte of a document; moves forward only, so that a whole corpus
/// costs one pass.
#[derive(Default)]
pub(super) struct Position {
    document: u32,
    byte: usize,
    pub(super) chars: u32,
    pub(super) lines: u32,
}

impl Position {
    pub(super) fn advance(&mut self, document: &Document, index: u32, to: usize) {
        if self.document != index || to < self.byte {
            *self = Position { document: index, ..Position::default() };
        }
        let passed = &document.text[self.byte..to];
        self.chars += passed.chars().count() as u32;
        self.lines += passed.bytes().filter(|&b| b == b'\n').count() as u32;
        self.byte = to;
    }
}
