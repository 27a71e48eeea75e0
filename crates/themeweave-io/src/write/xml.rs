//! Text within XML.

use std::borrow::Cow;

/// Text as the content of an element or as an attribute in double quotes: markup and line ends as
/// references, and without the characters that no XML document can hold.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_special = |c: char| c < ' ' || matches!(c, '&' | '<' | '>' | '"' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(is_special) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // As they are, a reader would make blanks of them in attributes, and a line feed of the last.
            '\t' => safe.push_str("&#9;"),
            '\n' => safe.push_str("&#10;"),
            '\r' => safe.push_str("&#13;"),
            c if is_special(c) => {}
            c => safe.push(c),
        }
    }
    safe.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_the_impossible_dropped() {
        assert_eq!(escaped("café 🧵 שלום ]]"), "café 🧵 שלום ]]");
        assert_eq!(escaped("a<b>&\"c\" ]]>"), "a&lt;b&gt;&amp;&quot;c&quot; ]]&gt;");
        assert_eq!(
            escaped("x\0\u{1b}\u{8}\u{fffe}\u{ffff}y\t\n\rz\u{fffd}\u{7f}"),
            "xy&#9;&#10;&#13;z\u{fffd}\u{7f}"
        );
    }
}
