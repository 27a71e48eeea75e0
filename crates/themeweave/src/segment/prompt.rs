//! Prompts: what one speaker asks again and again, as facilitators do.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, count};
use crate::segment::left_out::{excerpt, hash};

/// Turns that may be prompts: of at least four words, which one speaker says three times or more in the same
/// words. They are counted, for only the reader knows whether they belong to the matter.
#[derive(Default)]
pub(super) struct Prompts {
    /// How often each speaker says each text.
    times: FxHashMap<(u128, u32), u32>,
    /// The texts that were said often enough.
    texts: FxHashMap<(u128, u32), String>,
}

impl Prompts {
    /// Most different turns that are compared; facilitators are heard early.
    const COMPARED: usize = 1_000_000;
    const TIMES: u32 = 3;
    const WORDS: usize = 4;
    const SHOWN: usize = 3;

    /// Looks at a turn of the speaker with a number.
    pub(super) fn add(&mut self, text: &str, speaker: u32) {
        if text.split_whitespace().nth(Self::WORDS - 1).is_none() {
            return;
        }
        let key = (hash(text), speaker);
        if self.times.len() >= Self::COMPARED && !self.times.contains_key(&key) {
            return;
        }
        let times = self.times.entry(key).or_default();
        *times += 1;
        if *times == Self::TIMES {
            self.texts.insert(key, text.to_owned());
        }
    }

    /// Names the prompts. `names` are those of the speakers, numbered from 1.
    pub(super) fn diagnostic(&self, names: &[String]) -> Option<Diagnostic> {
        let mut prompts: Vec<(u32, &str, u32)> =
            self.texts.iter().map(|(key, text)| (self.times[key], text.as_str(), key.1)).collect();
        prompts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
        let name = |speaker: u32| names.get(speaker as usize - 1).map_or("", String::as_str);
        let (_, _, most) = *prompts.first()?;
        let shown: Vec<String> = prompts
            .iter()
            .take(Self::SHOWN)
            .map(|&(times, text, speaker)| format!("{} ({times} times, {})", excerpt(text), name(speaker)))
            .collect();
        let more = if prompts.len() > Self::SHOWN { ", …" } else { "" };
        let message = format!(
            "{} that a speaker repeats, perhaps of a facilitator: {}{more}",
            count(prompts.len(), "prompt"),
            shown.join(", ")
        );
        let hint = format!("--exclude-speaker \"{}\" leaves out what this speaker says", name(most));
        Some(Diagnostic::new("prompts", message).with_hint(hint))
    }
}
