//! `segments.csv`: all segments in reading order, each with the theme that it belongs to most.
//!
//! `start` and `end` are seconds of the recording, and `page` is the page on which the segment begins,
//! where the source says so.

use themeweave::{Analysis, Corpus};

use crate::write::table::{Rows, Table, document_name, row, seconds};

pub(super) const TABLE: Table = Table {
    name: "segments",
    columns: &[
        "segment",
        "document",
        "section",
        "speaker",
        "line",
        "char_start",
        "char_end",
        "theme",
        "gamma",
        "text",
        "start",
        "end",
        "page",
    ],
    rows,
};

fn rows<'a>(corpus: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let segments = &analysis.segments;
    Box::new(segments.list().iter().enumerate().map(move |(index, segment)| {
        let membership = analysis.memberships.get(index).and_then(|memberships| memberships.first());
        let document = corpus.documents().get(segment.document());
        let (start, end) = seconds(document, segment.span());
        row![
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
            start,
            end,
            document.and_then(|document| document.page(segment.span().start)),
        ]
    }))
}
