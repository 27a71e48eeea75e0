//! What is not counted: navigation, page furniture and repeats; and how that is told.

use std::num::NonZeroU32;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, count};

/// What was not counted, to be told.
#[derive(Default)]
pub(super) struct LeftOut {
    pub(super) navigation: usize,
    pub(super) furniture: Vec<String>,
    pub(super) repeats: Vec<String>,
    /// The last text and its speaker.
    last: (String, Option<NonZeroU32>),
    /// Texts of the present document without a speaker, with their sections.
    pub(super) seen_here: FxHashSet<(String, Option<NonZeroU32>)>,
    /// Paragraphs of all documents, with `0` for each number.
    seen: FxHashSet<String>,
}

impl LeftOut {
    /// Whether this text of at least four words stood before: in the same section of the document (a
    /// caption twice), or, for a paragraph, in another document but for its numbers (a head of the
    /// page). Shorter texts ("Yes, exactly.") are repeated for good reasons, and so are bullets in
    /// other sections and documents, and turns unless one follows the same at once.
    pub(super) fn is_repeat(
        &mut self,
        text: &str,
        is_item: bool,
        section: Option<NonZeroU32>,
        speaker: Option<NonZeroU32>,
    ) -> bool {
        const WORDS: usize = 4;
        let words: Vec<&str> = text.split_whitespace().collect();
        let plain = words.join(" ");
        let follows_itself = speaker.is_some() && self.last == (plain.clone(), speaker);
        self.last = (plain.clone(), speaker);
        if words.len() < WORDS || speaker.is_some() {
            return words.len() >= WORDS && follows_itself;
        }
        let is_head = !is_item && !self.seen.insert(without_numbers(&plain));
        !self.seen_here.insert((plain, section)) || is_head
    }

    pub(super) fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        if self.navigation > 0 {
            let message = format!("{} of a table of contents left out", count(self.navigation, "line"));
            diagnostics.push(Diagnostic::new("navigation", message));
        }
        if !self.furniture.is_empty() {
            let message = format!(
                "{} of page furniture left out: {}",
                count(self.furniture.len(), "piece"),
                excerpts(&self.furniture)
            );
            diagnostics.push(Diagnostic::new("page-furniture", message));
        }
        if !self.repeats.is_empty() {
            let message = format!(
                "{} of a note counted once: {}",
                count(self.repeats.len(), "exact repeat"),
                excerpts(&self.repeats)
            );
            diagnostics.push(Diagnostic::new("repeats", message));
        }
    }
}

/// A text with `0` in place of each number.
fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_numeric() {
            true if plain.ends_with('0') => {}
            true => plain.push('0'),
            false => plain.push(c),
        }
    }
    plain
}

/// The beginnings of the first few texts, in quotes.
fn excerpts(texts: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut shown: Vec<String> = texts.iter().take(SHOWN).map(|text| excerpt(text)).collect();
    if texts.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// The beginning of a text, in quotes.
pub(super) fn excerpt(text: &str) -> String {
    const CHARS: usize = 40;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(CHARS) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}
