//! Sentences by the rules of Unicode (UAX #29), which are asked only where a sentence may end.

use std::iter;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The bytes of the sentences of a text, the blanks and line ends after each included: the same as those of
/// [`split_sentence_bounds`](UnicodeSegmentation::split_sentence_bounds), several times as fast.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    iter::from_fn(move || {
        let end = (start < text.len()).then(|| end_of_sentence(text, start))?;
        Some(std::mem::replace(&mut start, end)..end)
    })
}

/// Where the sentence ends that begins at a byte.
fn end_of_sentence(text: &str, start: usize) -> usize {
    let rest = &text.as_bytes()[start..];
    let Some(sign) = first_sign(rest) else { return text.len() };
    // The rules look at the character before a full stop and pass over marks that stand upon it, none of them ASCII.
    let from = start + rest[..sign].iter().rposition(u8::is_ascii).unwrap_or(0);
    from + text[from..].split_sentence_bounds().next().map_or(0, str::len)
}

/// The first byte of a character that may end a sentence: one of `.!?`, a line end, or any but those known as letters,
/// quotation marks and dashes.
fn first_sign(text: &[u8]) -> Option<usize> {
    text.iter().enumerate().position(|(at, byte)| match byte {
        b'.' | b'!' | b'?' | b'\r' | b'\n' => true,
        // ASCII, bytes within a character, Latin, Greek and Cyrillic.
        ..=0xC1 | 0xC3..=0xC9 | 0xCE..=0xD1 => false,
        0xC2 => text[at + 1] < 0xA0,
        // U+2010 to U+2027 without U+2024.
        0xE2 => !matches!(text[at + 1..], [0x80, 0x90..=0xA3 | 0xA5..=0xA7, ..]),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[track_caller]
    fn check(text: &str) {
        let found: Vec<&str> = sentences(text).map(|sentence| &text[sentence]).collect();
        assert_eq!(found, text.split_sentence_bounds().collect::<Vec<_>>(), "{text:?}");
    }

    #[test]
    fn every_character_ends_a_sentence_where_the_rules_say_so() {
        for c in '\0'..=char::MAX {
            check(&format!("a{c}Be{c}\u{301} )C"));
        }
    }

    #[test]
    fn sentences_are_those_of_the_rules() {
        let parts = [
            ".",
            "!",
            "?",
            "...",
            "\u{2026}",
            "\u{2024}",
            "\r",
            "\n",
            "\r\n",
            "\u{85}",
            "\u{2028}",
            " ",
            "\u{a0}",
            "\t",
            "a",
            "B",
            "5",
            "word ",
            "Mr",
            "e.g",
            "\u{e9}",
            "e\u{301}",
            "\u{301}",
            "\u{ad}",
            "\u{2019}",
            "\u{201c}",
            "\u{201d}",
            "\"",
            "(",
            ")",
            ",",
            "-",
            "\u{2014}",
            "\u{203d}",
            "\u{3002}",
            "\u{5b57}",
            "\u{416}",
            "\u{3b1}",
            "\u{37e}",
            "\u{1f600}",
        ];
        let mut rng = Rng::new(1);
        for _ in 0..100_000 {
            check(&(0..rng.below(12)).map(|_| parts[rng.below(parts.len())]).collect::<String>());
        }
    }
}
