//! Page furniture: the pieces of a pasted web page that are not its text.

/// Phrases of page furniture; see the head of the file.
const PHRASES: &str = include_str!("furniture.txt");

/// Whether a block is page furniture: at most six words with a phrase of the list among them, a
/// paragraph (not a bullet) with two such phrases, or nothing but a web address.
pub(crate) fn is_furniture(text: &str, is_item: bool) -> bool {
    const FEW_WORDS: usize = 6;
    let words = text.split_whitespace().count();
    if words == 1 && (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")) {
        return true;
    }
    const LONGEST_PARAGRAPH: usize = 60;
    if words > LONGEST_PARAGRAPH || (is_item && words > FEW_WORDS) {
        return false;
    }
    let plain = text.to_lowercase().replace('’', "'");
    let found = PHRASES
        .lines()
        .filter(|phrase| !phrase.starts_with('#'))
        .filter(|phrase| contains_words(&plain, phrase))
        .take(2)
        .count();
    match found {
        0 => false,
        1 => words <= FEW_WORDS,
        _ => !is_item,
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
        for text in ["Skip to main content", "Leave a comment", "Share this page", "https://example.org/a?b=c"] {
            assert!(is_furniture(text, false), "{text}");
        }
        assert!(is_furniture("By submitting a comment you agree; please read our privacy notice first.", false));
        for text in [
            "People leave a comment box empty when they fear the answer",
            "Nobody understood the privacy policy of the pilot, so they did not sign",
            "Follow up with the county",
        ] {
            assert!(!is_furniture(text, true), "{text}");
        }
    }
}
