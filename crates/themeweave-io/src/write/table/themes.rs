//! `themes.csv`: the themes, by falling share.

use themeweave::{Analysis, Corpus, Theme};

use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "themes",
    columns: &[
        "theme",
        "label",
        "terms",
        "segments",
        "share",
        "share_lo",
        "share_hi",
        "documents",
        "speakers",
        "stability",
        "centrality",
        "density",
        "quadrant",
        "loudest",
        "loudest_segments",
        "share_without_loudest",
        "one_voice",
    ],
    rows,
};

/// The cell of `terms`: the ten best.
pub(super) fn best_terms(analysis: &Analysis, theme: &Theme) -> String {
    const BEST: usize = 10;
    let best: Vec<&str> = theme.terms.iter().take(BEST).map(|term| analysis.term(term.term)).collect();
    best.join("; ")
}

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let has_speakers = !analysis.segments.speakers().is_empty();
    Box::new((1_u64..).zip(&analysis.themes).map(move |(number, theme)| {
        let loudest = theme.loudest.as_ref();
        row![
            number,
            theme.label.as_str(),
            best_terms(analysis, theme),
            theme.segments,
            theme.share,
            theme.share_interval.map(|interval| interval.0),
            theme.share_interval.map(|interval| interval.1),
            theme.documents,
            has_speakers.then_some(theme.speakers),
            theme.stability,
            theme.centrality,
            theme.density,
            theme.quadrant.name(),
            loudest.map(|voice| voice.name.as_str()),
            loudest.map(|voice| voice.segments),
            loudest.map(|voice| voice.share_without),
            loudest.map(|_| if theme.is_one_voice() { "true" } else { "false" }),
        ]
    }))
}
