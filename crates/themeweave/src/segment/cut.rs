//! Notes cut into segments, and the places of the cuts.

use std::num::NonZeroU32;
use std::ops::Range;

use memchr::memchr_iter;
use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::DocumentRef;
use crate::segment::note::Note;
use crate::segment::{Segment, Unit, sentences, trim};

/// The spans of one note's segments.
pub(super) fn cut(text: &str, span: Range<usize>, unit: Unit) -> Vec<Range<usize>> {
    let note = &text[span.clone()];
    let place = |piece: Range<usize>| trim(text, span.start + piece.start..span.start + piece.end);
    let has_word = |piece: &Range<usize>| text[piece.clone()].chars().any(char::is_alphanumeric);
    match unit {
        Unit::Auto | Unit::Note | Unit::Document => vec![span],
        Unit::Sentence => sentences(note).map(place).filter(has_word).collect(),
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

/// Lines and code points up to a byte of a document; moves forward only, so that a whole document
/// costs one pass.
pub(super) struct Position<'d> {
    document: DocumentRef<'d>,
    text: &'d str,
    byte: usize,
    chars: u32,
    lines: u32,
    /// Start of the block whose line was asked for last, and the lines before it.
    block: Option<(usize, u32)>,
}

impl<'d> Position<'d> {
    pub(super) fn new(document: DocumentRef<'d>, text: &'d str) -> Position<'d> {
        Position { document, text, byte: 0, chars: 0, lines: 0, block: None }
    }

    fn advance(&mut self, to: usize) {
        if to < self.byte {
            *self = Position::new(self.document, self.text);
        }
        let passed = &self.text[self.byte..to];
        self.chars += passed.chars().count() as u32;
        self.lines += lines(passed);
        self.byte = to;
    }

    /// The segment at a span, which begins where the last one ended or later; `parent` is the number of another one.
    pub(super) fn segment(&mut self, span: Range<usize>, note: &Note, parent: Option<usize>) -> Segment {
        let line = self.advance_to_line(span.start);
        let chars = self.chars;
        self.advance(span.end);
        Segment {
            document: self.document.index() as u32,
            span: span.start as u32..span.end as u32,
            chars: chars..self.chars,
            line,
            section: note.section,
            speaker: note.speaker,
            parent: parent.and_then(|id| NonZeroU32::new(id as u32 + 1)),
            is_back_channel: note.is_back_channel,
        }
    }

    /// Goes on to a byte and gives the line of the source in which it stands.
    fn advance_to_line(&mut self, to: usize) -> u32 {
        let block = self.document.block_at(to).and_then(|block| Some((block.span.start, block.line?)));
        let Some((start, line)) = block else {
            self.advance(to);
            return self.document.first_line().saturating_add(self.lines);
        };
        let known = self.block.filter(|(known, _)| *known == start);
        let before = known.map_or_else(|| self.lines_before(start), |(_, before)| before);
        self.advance(to);
        self.block = Some((start, before));
        line.saturating_add(self.lines - before)
    }

    /// Lines before a block, in which this position may already be.
    fn lines_before(&mut self, start: usize) -> u32 {
        if start < self.byte {
            return self.lines - lines(&self.text[start..self.byte]);
        }
        self.advance(start);
        self.lines
    }
}

fn lines(text: &str) -> u32 {
    memchr_iter(b'\n', text.as_bytes()).count() as u32
}
