//! `segments.csv`: all segments in reading order, each with the theme that it belongs to most.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, document_name, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "segments",
    columns: &[
        integer("segment"),
        text("document"),
        text("section"),
        text("speaker"),
        integer("line"),
        integer("char_start"),
        integer("char_end"),
        integer("theme"),
        number("gamma"),
        text("text"),
        integer("subtheme"),
    ],
    rows,
    has_bom: false,
};

fn rows(corpus: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let segments = &analysis.segments;
    for (index, segment) in segments.list().iter().enumerate() {
        let membership = analysis.memberships.get(index).and_then(|memberships| memberships.first());
        take(&row![
            index + 1,
            document_name(corpus, segment),
            segments.section(segment),
            segments.speaker(segment),
            segment.line(),
            segment.chars().start,
            segment.chars().end,
            membership.map(|membership| membership.theme + 1),
            membership.map(|membership| membership.gamma),
            segments.text(corpus, index),
            analysis.subtheme_of_segment.get(index).copied().flatten().map(|subtheme| subtheme + 1),
        ])?;
    }
    Ok(())
}
