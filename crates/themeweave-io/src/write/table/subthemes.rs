//! `subthemes.csv`: the themes within each theme, where they were asked for.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::themes::best_terms;
use crate::write::table::{Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "subthemes",
    columns: &[
        integer("theme"),
        integer("subtheme"),
        text("label"),
        text("terms"),
        integer("segments"),
        number("share"),
        number("share_lo"),
        number("share_hi"),
        integer("documents"),
        integer("speakers"),
    ],
    rows,
    has_bom: false,
};

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let has_speakers = !analysis.segments.speakers().is_empty();
    for (number, theme) in (1_u64..).zip(&analysis.themes) {
        for (part, subtheme) in (1_u64..).zip(&theme.subthemes) {
            take(&row![
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
            ])?;
        }
    }
    Ok(())
}
