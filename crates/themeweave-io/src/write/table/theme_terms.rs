//! `theme_terms.csv`: the terms of each theme, the most telling first.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "theme_terms",
    columns: &[
        integer("theme"),
        integer("rank"),
        text("term"),
        number("beta"),
        integer("frequency"),
        integer("segments"),
        number("membership"),
        number("exclusivity"),
    ],
    rows,
    has_bom: false,
};

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for (number, theme) in (1_u64..).zip(&analysis.themes) {
        for (rank, term) in (1_u64..).zip(&theme.terms) {
            take(&row![
                number,
                rank,
                analysis.term(term.term),
                term.beta,
                term.frequency,
                term.segments,
                term.membership,
                term.exclusivity,
            ])?;
        }
    }
    Ok(())
}
