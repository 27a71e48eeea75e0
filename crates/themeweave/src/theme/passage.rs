//! Passages: the shortest stretch of a segment that says enough to be quoted.
//!
//! A short segment is quoted whole. Of a long one, the sentence with most of what is looked for is
//! taken, and a sentence beside it where it is too short by itself or adds much. A sentence too long
//! to be read at a glance is cut at its clauses, and what has no clauses after so many words.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::corpus::Corpus;
use crate::segment::{Segments, sentences};
use crate::vocabulary::TermId;

/// Longest segment that is quoted whole, in words.
const WHOLE: usize = 40;
/// Longest passage of a longer one, in words: about five lines of print.
const MOST: usize = 80;
/// A shorter passage is seldom understood without what stands beside it, in words.
pub(crate) const LEAST: usize = 8;
/// A sentence is added when it has at least this share of what all sentences together have.
const ADDS: f32 = 0.25;

/// What is looked for in a passage.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// Bytes of the text.
    pub(crate) span: Range<usize>,
    pub(crate) term: TermId,
    /// What having the term is worth; it counts once in a passage.
    pub(crate) weight: f32,
}

/// The bytes of the shortest stretch of a text that has enough of the marks, which are given by their
/// beginnings. Linear in the length of the text.
pub(crate) fn sufficient(text: &str, marks: &[Mark]) -> Range<usize> {
    if text.split_whitespace().nth(WHOLE).is_none() {
        return 0..text.len();
    }
    let stretches = stretches(text);
    let length = |run: &Range<usize>| words(&text[stretches[run.start].start..stretches[run.end - 1].end]);
    let weight = |run: &Range<usize>| {
        let bytes = stretches[run.start].start..stretches[run.end - 1].end;
        let mut seen = FxHashSet::default();
        let first = marks.partition_point(|mark| mark.span.start < bytes.start);
        let within = marks[first..].iter().take_while(|mark| mark.span.start < bytes.end);
        let within = within.filter(|mark| mark.span.end <= bytes.end);
        within.filter(|mark| seen.insert(mark.term)).map(|mark| mark.weight).sum::<f32>()
    };
    let singles = (0..stretches.len()).map(|at| (weight(&(at..at + 1)), at..at + 1));
    let best = singles.reduce(|best, next| {
        let order = next.0.total_cmp(&best.0).then_with(|| length(&best.1).cmp(&length(&next.1)));
        if order.is_gt() { next } else { best }
    });
    let Some((_, mut run)) = best else { return 0..text.len() };
    let all = weight(&(0..stretches.len()));
    loop {
        let before = (run.start > 0).then(|| run.start - 1..run.end);
        let after = (run.end < stretches.len()).then(|| run.start..run.end + 1);
        // What stands before explains what "it" is; so it comes first among equals.
        let longer = before.into_iter().chain(after).filter(|longer| length(longer) <= MOST);
        let longer = longer.reduce(|best, next| if weight(&next) > weight(&best) { next } else { best });
        let Some(longer) = longer else { break };
        let gain = weight(&longer) - weight(&run);
        if length(&run) >= LEAST && (gain <= 0.0 || gain < ADDS * all) {
            break;
        }
        run = longer;
    }
    trimmed(text, stretches[run.start].start..stretches[run.end - 1].end)
}

/// The sentences of a text; clauses of those that are too long, and runs of words of clauses that are.
fn stretches(text: &str) -> Vec<Range<usize>> {
    // A single line end is where the line was full and ends no sentence.
    let flat: String = lines_joined(text);
    let mut found = Vec::new();
    for sentence in sentences(&flat) {
        if words(&flat[sentence.clone()]) <= MOST {
            found.push(sentence);
            continue;
        }
        for clause in cut_after(text, sentence, clause_ends) {
            match words(&text[clause.clone()]) {
                0..=MOST => found.push(clause),
                _ => found.extend(cut_after(text, clause, word_ends)),
            }
        }
    }
    found.retain(|stretch| text[stretch.clone()].chars().any(char::is_alphanumeric));
    found
}

/// The text with a blank for every line end between two lines that are not empty; of equal length.
fn lines_joined(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        flat.push_str(line);
        if let Some(next) = lines.peek() {
            let is_paragraph = line.trim().is_empty() || next.trim().is_empty();
            flat.push(if is_paragraph { '\n' } else { ' ' });
        }
    }
    flat
}

/// The parts of a stretch that end at the places that `ends` gives, as bytes from its beginning.
fn cut_after(text: &str, stretch: Range<usize>, ends: fn(&str) -> Vec<usize>) -> Vec<Range<usize>> {
    let mut start = stretch.start;
    let ends = ends(&text[stretch.clone()]).into_iter().map(|end| stretch.start + end).chain([stretch.end]);
    ends.map(|end| std::mem::replace(&mut start, end)..end).filter(|part| !part.is_empty()).collect()
}

/// Where clauses end: after punctuation before a blank, and at the ends of lines.
fn clause_ends(text: &str) -> Vec<usize> {
    let chars = text.char_indices().zip(text.chars().skip(1));
    let is_end = |c: char, next: char| {
        c == '\n'
            || next.is_whitespace()
                && matches!(c, '.' | '!' | '?' | ',' | ';' | ':' | ')' | '–' | '—' | '-' | '…' | '،' | '؛')
    };
    chars.filter(|&((_, c), next)| is_end(c, next)).map(|((at, c), _)| at + c.len_utf8()).collect()
}

/// Every so many words.
fn word_ends(text: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.chunks(WHOLE).filter_map(<[&str]>::last);
    last.map(|word| word.as_ptr() as usize - text.as_ptr() as usize + word.len()).collect()
}

/// A stretch without the blanks, dashes and commas at its ends.
fn trimmed(text: &str, stretch: Range<usize>) -> Range<usize> {
    let is_loose = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—' | '-');
    let inner = &text[stretch.clone()];
    let start = stretch.start + (inner.len() - inner.trim_start_matches(is_loose).len());
    start..start + inner.trim_matches(is_loose).len()
}

/// Number of words of a text, as they are parted by blanks.
pub(crate) fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A part of a segment at its place in the document.
pub(crate) struct Passage {
    /// Index of the segment.
    pub(crate) segment: usize,
    /// Bytes of the document's text.
    pub(crate) span: Range<usize>,
    /// The same in code points.
    pub(crate) chars: Range<u32>,
    /// Line of the source file.
    pub(crate) line: u32,
    /// Its words.
    pub(crate) text: String,
}

impl Passage {
    /// The place of a part, given in bytes of the segment's text, which is `text`.
    pub(crate) fn new(
        corpus: &Corpus,
        segments: &Segments,
        index: usize,
        text: &str,
        part: Range<usize>,
    ) -> Passage {
        let segment = &segments.list()[index];
        let before = &text[..part.start];
        let start = segment.chars().start + before.chars().count() as u32;
        let first = segment.span().start;
        // A block that begins within the segment may have a line of its own.
        let block = corpus
            .document(segment.document())
            .and_then(|document| document.block_at(first + part.start))
            .and_then(|block| Some((block.span.start.checked_sub(first)?, block.line?)));
        let (counted, line) = block.unwrap_or((0, segment.line()));
        Passage {
            segment: index,
            span: first + part.start..first + part.end,
            chars: start..start + text[part.clone()].chars().count() as u32,
            line: line.saturating_add(before[counted..].matches('\n').count() as u32),
            text: text[part].to_owned(),
        }
    }
}

/// What was said so far, to tell what says the same in nearly the same words.
#[derive(Default)]
pub(crate) struct Said {
    texts: Vec<Words>,
}

/// The words of a text, in lower case.
struct Words {
    in_order: Vec<String>,
    distinct: FxHashSet<String>,
}

impl Said {
    /// Whether a text differs from all before, so that neither holds the other; it is one of them from now on.
    pub(crate) fn is_new(&mut self, text: &str) -> bool {
        let in_order: Vec<String> = crate::token::words(text).map(|word| text[word].to_lowercase()).collect();
        let words = Words { distinct: in_order.iter().cloned().collect(), in_order };
        let is_said = |other: &Words| other.has_most_of(&words) || other.holds(&words) || words.holds(other);
        let is_new = !self.texts.iter().any(is_said);
        if is_new {
            self.texts.push(words);
        }
        is_new
    }
}

impl Words {
    /// Whether two texts say the same in nearly the same words.
    fn has_most_of(&self, other: &Words) -> bool {
        /// Share of their words that two such texts have in common.
        const SAME: f64 = 0.7;
        let both = self.distinct.intersection(&other.distinct).count();
        both as f64 >= SAME * (self.distinct.len() + other.distinct.len() - both) as f64
    }

    /// Whether another text stands within this one, word for word. A shorter one than is taken for a repeat when a
    /// corpus is cut ("The late bus.") may stand in many.
    fn holds(&self, other: &Words) -> bool {
        const WORDS: usize = 4;
        let part = &other.in_order;
        part.len() >= WORDS && self.in_order.windows(part.len()).any(|run| run == part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The passage of a text for words that are looked for, each worth 1.
    fn passage<'t>(text: &'t str, words: &[&str]) -> &'t str {
        let mut marks: Vec<Mark> = (0..)
            .zip(words)
            .flat_map(|(term, word)| {
                let places = text.match_indices(word);
                places.map(move |(at, word)| Mark { span: at..at + word.len(), term, weight: 1.0 })
            })
            .collect();
        marks.sort_by_key(|mark| mark.span.start);
        &text[sufficient(text, &marks)]
    }

    /// So many words of no matter.
    fn filler(words: usize) -> String {
        "And so it went on ".repeat(words.div_ceil(5)).trim().to_owned()
    }

    #[test]
    fn of_two_texts_of_which_one_holds_the_other_the_second_says_nothing_new() {
        let short = "The buses are late";
        let long =
            "At every meeting somebody says that the buses are late, and then nothing is done about it.";
        for (first, second) in [(short, long), (long, short)] {
            let mut said = Said::default();
            assert!(said.is_new(first) && !said.is_new(second), "{second}");
        }
        let mut said = Said::default();
        assert!(said.is_new(long) && said.is_new("the buses") && said.is_new("Late are the buses"));
    }

    #[test]
    fn short_segments_are_quoted_whole() {
        assert_eq!(passage("Yes. The bus was late. No.", &["bus"]), "Yes. The bus was late. No.");
    }

    #[test]
    fn the_sentence_with_most_is_taken_and_a_neighbour_that_adds_much() {
        let filler = filler(30);
        let sentence = "The bus to the clinic is late each and every morning.";
        let text = format!("We talked. {filler}. {sentence} {filler}. A bus again, as ever.");
        assert_eq!(passage(&text, &["bus", "clinic", "late"]), sentence);
        let text =
            format!("{filler}. {sentence} The driver is never told where the roads are closed. {filler}.");
        let both = format!("{sentence} The driver is never told where the roads are closed.");
        assert_eq!(passage(&text, &["bus", "clinic", "driver", "roads"]), both);
    }

    #[test]
    fn a_fragment_gets_what_stands_before_it() {
        let text = format!(
            "{}. The timetable was changed without a word. The bus? Late! {}.",
            filler(20),
            filler(20)
        );
        let found = passage(&text, &["bus"]);
        assert_eq!(found, "The timetable was changed without a word. The bus?");
    }

    #[test]
    fn sentences_go_on_over_line_ends_but_not_over_blank_lines() {
        let text = format!(
            "{}\n\nThe bus to the\nclinic is late each and every\n  morning\n\n{}",
            filler(30),
            filler(30)
        );
        assert_eq!(passage(&text, &["clinic"]), "The bus to the\nclinic is late each and every\n  morning");
    }

    #[test]
    fn what_does_not_end_is_cut_at_clauses_and_else_after_so_many_words() {
        let filler = filler(45);
        let text = format!("{filler}, the bus to the clinic is late each day, {filler} {filler}, {filler}");
        assert_eq!(passage(&text, &["clinic"]), "the bus to the clinic is late each day");
        let text = format!("{filler} {filler} the bus {filler} {filler} {filler}");
        let found = passage(&text, &["bus"]);
        assert!(found.contains("the bus") && words(found) <= MOST, "{found}");
    }

    #[test]
    fn texts_without_anything_to_find_have_a_passage_too() {
        for text in
            ["", " ", "?!", &"word ".repeat(500), &"\n".repeat(100), &"x, ".repeat(300), &"é—".repeat(200)]
        {
            let span = sufficient(text, &[]);
            assert!(text.get(span).is_some());
        }
    }
}
