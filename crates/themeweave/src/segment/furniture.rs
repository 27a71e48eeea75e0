//! Page furniture: the pieces of a pasted web page that are not its text.

/// Phrases of page furniture; see the head of the file.
const PHRASES: &str = include_str!("furniture.txt");

/// Whether a block is page furniture: at most six words with a phrase of the list among them, a
/// paragraph with two such phrases, or nothing but a web address. A bullet was written by somebody,
/// so it is furniture only when it is nothing but a phrase of the list.
pub(crate) fn is_furniture(text: &str, is_item: bool) -> bool {
    const FEW_WORDS: usize = 6;
    const LONGEST_PARAGRAPH: usize = 60;
    let words = text.split_whitespace().count();
    if words == 1 && ["http://", "https://", "www."].iter().any(|start| text.starts_with(start)) {
        return true;
    }
    if words > LONGEST_PARAGRAPH {
        return false;
    }
    let plain = text.to_lowercase().replace('’', "'");
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let mut phrases = PHRASES.lines().filter(|phrase| !phrase.starts_with('#'));
    if is_item {
        return phrases.any(|phrase| phrase == plain);
    }
    match phrases.filter(|phrase| contains_words(plain, phrase)).take(2).count() {
        0 => false,
        1 => words <= FEW_WORDS,
        _ => true,
    }
}

/// Whether `phrase` stands in `text` between word boundaries.
fn contains_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::is_furniture;

    #[test]
    fn web_furniture_is_told_from_notes() {
        for text in
            ["Skip to main content", "Leave a comment", "Share this page", "https://example.org/a?b=c"]
        {
            assert!(is_furniture(text, false), "{text}");
        }
        assert!(is_furniture(
            "By submitting a comment you agree; please read our privacy notice first.",
            false
        ));
        for text in [
            "People leave a comment box empty when they fear the answer",
            "Nobody understood the privacy policy of the pilot, so they did not sign",
            "Looks for email address",
            "Manages to log in",
        ] {
            assert!(!is_furniture(text, true), "{text}");
        }
    }
}
