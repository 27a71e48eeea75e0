//! Stretches of a conversation: runs of turns, most of which say too little by themselves.
//!
//! "Yes, me too" belongs to what is being spoken of, not to other turns with "yes" in them. So themes of a
//! conversation are sought among stretches of turns, and a turn belongs to what its stretch belongs to.

use crate::corpus::Corpus;
use crate::diagnostic::Diagnostic;
use crate::segment::Segments;
use crate::vocabulary::Vocabulary;

/// Fewest occurrences of terms in a stretch, where there is enough text for [`STRETCHES`] of them.
const WORDS: u64 = 40;
/// In a short conversation stretches are shorter, so that there are about this many to compare.
const STRETCHES: u64 = 25;
/// Share of the stretches before and after that counts for a stretch: what is spoken of goes on.
pub(crate) const SHARE: f32 = 0.5;
/// In a conversation a turn ends when somebody else speaks: at least this share of neighbors differ.
const ALTERNATING: f64 = 0.9;
/// Turns that the speakers of a conversation have on average, at least.
const TURNS: usize = 5;

/// The stretch of each segment, in order; `None` where the corpus is no conversation of short turns.
pub(crate) fn stretches(corpus: &Corpus, segments: &Segments, vocabulary: &Vocabulary) -> Option<Vec<u32>> {
    let source = |index: usize| &corpus.documents()[segments.list()[index].document()].source;
    let goes_on = |index: usize| index > 0 && source(index - 1) == source(index);
    let speaker = |index: usize| segments.speaker(&segments.list()[index]);
    let spoken = (0..segments.len()).filter(|&index| speaker(index).is_some()).count();
    let neighbors = (1..segments.len()).filter(|&index| goes_on(index));
    let (mut pairs, mut changes) = (0_usize, 0_usize);
    for index in neighbors {
        pairs += 1;
        changes += usize::from(speaker(index - 1) != speaker(index));
    }
    let words =
        |index: usize| -> u64 { vocabulary.segment(index).iter().map(|entry| u64::from(entry.1)).sum() };
    let total: u64 = (0..segments.len()).map(words).sum();
    let is_conversation = spoken * 2 > segments.len()
        && changes as f64 >= ALTERNATING * pairs as f64
        && segments.len() >= TURNS * segments.speakers().len().max(2)
        && total * 2 < WORDS * segments.len() as u64;
    if !is_conversation {
        return None;
    }
    let least = WORDS.min(total / STRETCHES);
    let mut stretch = 0;
    let mut held = 0;
    let mut stretches = Vec::with_capacity(segments.len());
    for index in 0..segments.len() {
        if index > 0 && (held >= least || !goes_on(index)) {
            stretch += 1;
            held = 0;
        }
        held += words(index);
        stretches.push(stretch);
    }
    Some(stretches)
}

/// That themes were sought among stretches.
pub(crate) fn diagnostic(of_segment: &[u32]) -> Diagnostic {
    let stretches = of_segment.last().map_or(0, |&last| last + 1);
    let message =
        format!("a conversation: {} turns joined to {stretches} stretches to find its themes", of_segment.len());
    Diagnostic::new("conversation", message).with_hint("--unit note takes each turn by itself")
}
