//! Prompts: what one speaker asks again and again, as facilitators do.

use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, count};
use crate::segment::left_out::excerpt;
use crate::segment::note::Notes;

/// Names the prompts: turns of at least four words that one speaker says three times or more in the same
/// words. They are counted, for only the reader knows whether they belong to the matter.
pub(super) fn prompts(corpus: &Corpus, notes: &Notes) -> Option<Diagnostic> {
    const TIMES: u32 = 3;
    const WORDS: usize = 4;
    const SHOWN: usize = 3;
    let mut times: FxHashMap<(&str, u32), u32> = FxHashMap::default();
    for note in &notes.list {
        if let Some(speaker) = note.speaker {
            let text = &corpus.documents()[note.document as usize].text[note.span.clone()];
            if text.split_whitespace().nth(WORDS - 1).is_some() {
                *times.entry((text, speaker.get())).or_default() += 1;
            }
        }
    }
    let mut prompts: Vec<(u32, &str, u32)> = times
        .into_iter()
        .filter(|&(_, times)| times >= TIMES)
        .map(|((text, speaker), times)| (times, text, speaker))
        .collect();
    prompts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
    let name = |speaker: u32| notes.speakers.names.get(speaker as usize - 1).map_or("", String::as_str);
    let (_, _, most) = *prompts.first()?;
    let shown: Vec<String> = prompts
        .iter()
        .take(SHOWN)
        .map(|&(times, text, speaker)| format!("{} ({times} times, {})", excerpt(text), name(speaker)))
        .collect();
    let more = if prompts.len() > SHOWN { ", …" } else { "" };
    let message = format!(
        "{} that a speaker repeats, perhaps of a facilitator: {}{more}",
        count(prompts.len(), "prompt"),
        shown.join(", ")
    );
    let hint = format!("--exclude-speaker \"{}\" leaves out what this speaker says", name(most));
    Some(Diagnostic::new("prompts", message).with_hint(hint))
}
