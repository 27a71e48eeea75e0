//! `themes.csv`: the themes, by falling share.

use themeweave::{Analysis, Corpus};

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
    ],
    rows,
};

/// Terms in the column `terms`.
const BEST: usize = 10;

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let has_speakers = !analysis.segments.speakers().is_empty();
    Box::new((1_u64..).zip(&analysis.themes).map(move |(number, theme)| {
        let best: Vec<&str> = theme.terms.iter().take(BEST).map(|term| analysis.term(term.term)).collect();
        row![
            number,
            theme.label.as_str(),
            best.join("; "),
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
        ]
    }))
}
