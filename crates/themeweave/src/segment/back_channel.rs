//! Back-channel turns: short signs of listening that say nothing of the matter.

/// Words and expressions; see the head of the file.
const PHRASES: &str = include_str!("back_channel.txt");

/// Whether a turn is nothing but signs of listening: "Mm-hmm.", "Yeah, I see."
pub(super) fn is_back_channel(text: &str) -> bool {
    /// Longest such turn in bytes.
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return false;
    }
    let plain = text.to_lowercase().replace('’', "'");
    let mut parts = plain
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != ' ')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .peekable();
    parts.peek().is_some() && parts.all(|part| is_phrase(part) || part.split_whitespace().all(is_phrase))
}

fn is_phrase(part: &str) -> bool {
    PHRASES.lines().any(|phrase| phrase == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_listening_and_answers() {
        for text in [
            "Mm-hmm.",
            "Mm - hmm",
            "Yeah.",
            "Uh-huh, okay, okay.",
            "I see.",
            "Oh, that’s right!",
            "Ach so. Ja.",
        ] {
            assert!(is_back_channel(text), "{text}");
        }
        for text in ["", "…", "No.", "Yes, the bus.", "Oh no", "Right turn", &"yeah ".repeat(20)] {
            assert!(!is_back_channel(text), "{text}");
        }
    }
}
