//! Words are those of UAX #29 wherever there are no addresses, tags and the like.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use crate::support::has_marks;

/// The text with letters in place of marks.
fn without_marks(text: &str) -> String {
    let plain = text.replace(['<', '&', '@', ']', '\u{202f}'], "a").replace("://", "b");
    if has_marks(&plain) { plain.replace(['w', 'W'], "c") } else { plain }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_are_unicode_words(text in prop_oneof![super::analysis::any_text(), any::<String>(), "[ -~\n]{0,80}", "\\PC{0,40}"]) {
        let text = without_marks(&text);
        let found: Vec<&str> = themeweave::words(&text).map(|span| &text[span]).collect();
        // A mark that would join the letter before it joins white space too; we take that away.
        prop_assert_eq!(found, text.unicode_words().map(str::trim_start).collect::<Vec<_>>());
    }

    #[test]
    fn words_ascend(text in super::analysis::any_text()) {
        let mut end = 0;
        for span in themeweave::words(&text) {
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len());
            end = span.end;
        }
    }
}
