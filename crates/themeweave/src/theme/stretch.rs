//! Stretches of a conversation: runs of turns, most of which say too little by themselves.
//!
//! "Yes, me too" belongs to what is being spoken of, not to other turns with "yes" in them. So themes of a
//! conversation are sought among stretches of turns, and a turn belongs to what its stretch belongs to.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, grouped};
use crate::segment::{Segment, Segments};
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
    let source = |index: usize| source(corpus, &segments.list()[index]);
    let goes_on = |index: usize| index > 0 && source(index - 1) == source(index);
    let speaker = |index: usize| segments.speaker(&segments.list()[index]);
    let spoken = (0..segments.len()).filter(|&index| speaker(index).is_some()).count();
    let neighbors = (1..segments.len()).filter(|&index| goes_on(index));
    let (mut pairs, mut changes) = (0_usize, 0_usize);
    for index in neighbors {
        pairs += 1;
        changes += usize::from(speaker(index - 1) != speaker(index));
    }
    let words = |index: usize| vocabulary.segment(index).occurrences();
    let total: u64 = (0..segments.len()).map(words).sum();
    let is_conversation = spoken * 2 > segments.len()
        && changes as f64 >= ALTERNATING * pairs as f64
        && segments.len() >= TURNS * segments.speakers().len().max(2)
        && total * 2 < WORDS * segments.len() as u64
        && !speakers_take_turns_by_rule(corpus, segments);
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
    // Where a turn is a stretch as often as not, joining says nothing.
    (2 * (stretch as usize + 1) <= segments.len()).then_some(stretches)
}

/// The file that a segment comes from.
fn source<'c>(corpus: &'c Corpus, segment: &Segment) -> Option<&'c Arc<str>> {
    corpus.document(segment.document()).map(|document| document.source())
}

/// Whether at least three speakers follow each other in one order, as in a table of the answers that everybody
/// gave to one question after the other: then neighbors are no turns of a conversation.
fn speakers_take_turns_by_rule(corpus: &Corpus, segments: &Segments) -> bool {
    /// Share of the turns that follow the rule.
    const RULE: f64 = 0.9;
    let mut after: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for pair in segments.list().windows(2).filter(|pair| source(corpus, &pair[0]) == source(corpus, &pair[1]))
    {
        if let (Some(a), Some(b)) = (segments.speaker(&pair[0]), segments.speaker(&pair[1])) {
            *after.entry(a).or_default().entry(b).or_default() += 1;
        }
    }
    let all: usize = after.values().flat_map(BTreeMap::values).sum();
    let usual: usize = after.values().filter_map(|next| next.values().max()).sum();
    after.len() >= 3 && usual as f64 >= RULE * all as f64
}

/// That themes were sought among stretches.
pub(crate) fn diagnostic(of_segment: &[u32]) -> Diagnostic {
    let stretches = of_segment.last().map_or(0, |&last| last + 1);
    let message = format!(
        "a conversation: {} turns joined to {} stretches to find its themes",
        grouped(of_segment.len()),
        grouped(stretches as usize)
    );
    Diagnostic::new("conversation", message).with_hint("--unit note takes each turn by itself")
}
