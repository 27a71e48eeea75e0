//! Text of strangers, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that could steer a terminal or turn the reading order written as an
/// escape: control characters (`\n`, `\u{1b}`), line and paragraph separators, and the marks that
/// override or isolate the direction of writing (`\u{202e}`). All else stays as it is.
///
/// File names, column names and stretches of input pass through here before they become part of a
/// message.
///
/// ```
/// use themeweave_io::terminal_safe;
/// assert_eq!(terminal_safe("réunion 3.md"), "réunion 3.md");
/// assert_eq!(terminal_safe("a\u{1b}[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
/// ```
pub fn terminal_safe(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_steering) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut safe = String::with_capacity(text.len() + 16);
    safe.push_str(clean);
    for c in rest.chars() {
        match c {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c if is_steering(c) => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["", "notes.md", "naïve שלום 👩‍👩‍👧 e\u{301}", "back\\slash"] {
            assert!(matches!(terminal_safe(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_steers_is_escaped() {
        for (text, expected) in [
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{7f}", "\\u{7f}"),
            ("x\u{202e}y\u{2066}z", "x\\u{202e}y\\u{2066}z"),
            ("p\u{2029}q", "p\\u{2029}q"),
        ] {
            assert_eq!(terminal_safe(text), expected);
        }
    }
}
