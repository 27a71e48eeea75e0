//! `subthemes.csv`: the themes within each theme, where they were asked for.

use themeweave::{Analysis, Corpus};

use crate::write::table::themes::best_terms;
use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "subthemes",
    columns: &[
        "theme",
        "subtheme",
        "label",
        "terms",
        "segments",
        "share",
        "share_lo",
        "share_hi",
        "documents",
        "speakers",
    ],
    rows,
};

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let has_speakers = !analysis.segments.speakers().is_empty();
    Box::new((1_u64..).zip(&analysis.themes).flat_map(move |(number, theme)| {
        (1_u64..).zip(&theme.subthemes).map(move |(part, subtheme)| {
            row![
                number,
                part,
                subtheme.label.as_str(),
                best_terms(analysis, subtheme),
                subtheme.segments,
                subtheme.share,
                subtheme.share_interval.map(|interval| interval.0),
                subtheme.share_interval.map(|interval| interval.1),
                subtheme.documents,
                has_speakers.then_some(subtheme.speakers),
            ]
        })
    }))
}
