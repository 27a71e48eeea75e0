//! `segments.csv`: all segments in reading order, each with the theme that it belongs to most.
//!
//! `start` and `end` are seconds of the recording, and `page` is the page on which the segment begins,
//! where the source says so.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, integer, number, row, seconds, text};

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
        number("start"),
        number("end"),
        integer("page"),
    ],
    rows,
    has_bom: false,
};

fn rows(corpus: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let segments = &analysis.segments;
    let mut rest = segments.list().iter().enumerate().peekable();
    for found in corpus.texts() {
        let (document, text) = found.map_err(io::Error::other)?;
        while let Some((index, segment)) = rest.next_if(|(_, segment)| segment.document() == document.index())
        {
            let membership = analysis.memberships.get(index).and_then(|memberships| memberships.first());
            let (start, end) = seconds(Some(document), segment.span());
            take(&row![
                index + 1,
                document.name(),
                segments.section(segment),
                segments.speaker(segment),
                segment.line(),
                segment.chars().start,
                segment.chars().end,
                membership.map(|membership| membership.theme + 1),
                membership.map(|membership| membership.gamma),
                text.get(segment.span()),
                analysis.subtheme_of_segment.get(index).copied().flatten().map(|subtheme| subtheme + 1),
                start,
                end,
                document.page(segment.span().start),
            ])?;
        }
    }
    Ok(())
}
