//! `counter_evidence.csv`: the passages that have a theme's words and do not bear it out, with their
//! places.
//!
//! `kind` is `negated` or `unusual`, `cue` the negating word, and `score` how much the segment speaks of
//! the theme apart from `term`. `segment` is the number in `segments.csv`; `text` is exactly what stands
//! at `char_start` to `char_end` in the document, but for the guard against formulas.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, document_name, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "counter_evidence",
    columns: &[
        integer("theme"),
        integer("rank"),
        integer("segment"),
        text("document"),
        text("section"),
        text("speaker"),
        integer("line"),
        integer("char_start"),
        integer("char_end"),
        text("kind"),
        text("term"),
        text("cue"),
        number("score"),
        text("text"),
    ],
    rows,
    has_bom: false,
};

fn rows(corpus: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let segments = &analysis.segments;
    for (number, theme) in (1_u64..).zip(&analysis.themes) {
        for (rank, found) in (1_u64..).zip(&theme.counter_evidence) {
            let segment = segments.list().get(found.segment);
            take(&row![
                number,
                rank,
                found.segment + 1,
                segment.and_then(|segment| document_name(corpus, segment)),
                segment.and_then(|segment| segments.section(segment)),
                segment.and_then(|segment| segments.speaker(segment)),
                found.line,
                found.chars.start,
                found.chars.end,
                found.kind.name(),
                analysis.term(found.term),
                found.cue(),
                found.score,
                found.text.as_str(),
            ])?;
        }
    }
    Ok(())
}
