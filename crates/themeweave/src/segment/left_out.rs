//! What is not counted: navigation, page furniture and repeats; and how that is told.

use std::hash::Hasher;
use std::num::NonZeroU32;

use rustc_hash::{FxHashSet, FxHasher};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, count};

/// Why the words of a stretch of text are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotCounted {
    /// It is a heading.
    Heading,
    /// It is part of a table of contents or other navigation.
    Navigation,
    /// It is a piece of a web page that is not its text.
    Furniture,
    /// It stood before, word for word.
    Repeat,
    /// It is the name of who speaks.
    SpeakerName,
    /// The [`SpeakerFilter`](crate::SpeakerFilter) leaves out who says it.
    SpeakerLeftOut,
    /// It only shows that somebody listens.
    BackChannel,
}

/// What was not counted, to be told.
#[derive(Default)]
pub(super) struct LeftOut {
    pub(super) navigation: usize,
    pub(super) furniture: Pieces,
    pub(super) repeats: Pieces,
    /// The last text and its speaker.
    last: (String, Option<NonZeroU32>),
    /// Texts of the present document without a speaker, with their sections.
    pub(super) seen_here: FxHashSet<(String, Option<NonZeroU32>)>,
    /// Hashes of the paragraphs of all documents, with `0` for each number: texts would be all of the corpus.
    seen: FxHashSet<u128>,
}

/// Texts that were left out: the first few different ones, and how many there are.
#[derive(Default)]
pub(super) struct Pieces {
    first: Vec<String>,
    count: usize,
    /// Whether there are others than the first few.
    has_more: bool,
}

impl Pieces {
    /// Most texts that are shown.
    const SHOWN: usize = 4;

    pub(super) fn add(&mut self, text: &str) {
        self.count += 1;
        if self.has_more {
            return;
        }
        let excerpt = excerpt(text);
        if !self.first.contains(&excerpt) {
            self.has_more = self.first.len() == Self::SHOWN;
            self.first.extend((!self.has_more).then_some(excerpt));
        }
    }

    /// The beginnings of the first few, in quotes.
    fn excerpts(&self) -> String {
        let more = if self.has_more { ", …" } else { "" };
        format!("{}{more}", self.first.join(", "))
    }
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
        let is_head = !is_item && !self.seen.insert(hash(&without_numbers(&plain)));
        !self.seen_here.insert((plain, section)) || is_head
    }

    pub(super) fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        if self.navigation > 0 {
            let message = format!("{} of a table of contents left out", count(self.navigation, "line"));
            diagnostics.push(Diagnostic::new("navigation", message));
        }
        if self.furniture.count > 0 {
            let message = format!(
                "{} of page furniture left out: {}",
                count(self.furniture.count, "piece"),
                self.furniture.excerpts()
            );
            diagnostics.push(Diagnostic::new("page-furniture", message));
        }
        if self.repeats.count > 0 {
            let message = format!(
                "{} of a note counted once: {}",
                count(self.repeats.count, "exact repeat"),
                self.repeats.excerpts()
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

/// What stands for a text where texts are only compared: so long that no two of them come to have the same.
pub(super) fn hash(text: &str) -> u128 {
    let half = |seed: u8| {
        let mut hasher = FxHasher::default();
        hasher.write_u8(seed);
        hasher.write(text.as_bytes());
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
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
