//! `themes.csv`: the themes, by falling share.

use std::io;

use themeweave::{Analysis, Corpus, Theme};

use crate::write::table::{Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "themes",
    columns: &[
        integer("theme"),
        text("label"),
        text("terms"),
        integer("segments"),
        number("share"),
        number("share_lo"),
        number("share_hi"),
        integer("documents"),
        integer("speakers"),
        number("stability"),
        number("centrality"),
        number("density"),
        text("quadrant"),
        text("loudest"),
        integer("loudest_segments"),
        number("share_without_loudest"),
        text("one_voice"),
    ],
    rows,
    has_bom: false,
};

/// The cell of `terms`: the ten best.
pub(super) fn best_terms(analysis: &Analysis, theme: &Theme) -> String {
    const BEST: usize = 10;
    let best: Vec<&str> = theme.terms.iter().take(BEST).map(|term| analysis.term(term.term)).collect();
    best.join("; ")
}

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let has_speakers = !analysis.segments.speakers().is_empty();
    for (number, theme) in (1_u64..).zip(&analysis.themes) {
        let loudest = theme.loudest.as_ref();
        take(&row![
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
        ])?;
    }
    Ok(())
}
