//! Themes as codes: what programs for qualitative analysis call a label with a definition.

use themeweave::{Analysis, Theme};

use crate::wording::{percent, quoted};

/// Terms in a description.
const BEST: usize = 10;

/// What a theme is as a code: how many segments it has, its best terms, and its most typical quote, in
/// one line.
pub(super) fn description(analysis: &Analysis, theme: &Theme) -> String {
    let terms = analysis.readable_terms(theme).into_iter().take(BEST);
    let terms: Vec<&str> = terms.map(|term| analysis.term(term.term)).collect();
    let mut description = format!(
        "{} of {} segments ({}). Terms: {}.",
        theme.segments,
        analysis.segments.len(),
        percent(theme.share),
        terms.join(", ")
    );
    if let Some(quote) = theme.quotes.first() {
        let words: Vec<&str> = quote.text.split_whitespace().collect();
        description.push_str(&format!(" Quote: {}", quoted(&words.join(" "))));
    }
    description
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn a_code_tells_its_share_terms_and_a_quote() {
        let (_, analysis) = analysis_of(NOTES);
        let theme = &analysis.themes[0];
        let text = description(&analysis, theme);
        let share = format!("{} of 9 segments ({}). Terms: ", theme.segments, percent(theme.share));
        assert!(text.starts_with(&share), "{text}");
        assert!(text.contains(&format!(" {}", analysis.term(theme.terms[0].term))), "{text}");
        assert!(text.contains(". Quote: “") && text.ends_with('”'), "{text}");
    }
}
