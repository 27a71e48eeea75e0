//! `theme_terms.csv`: the terms of each theme, the most telling first.

use themeweave::{Analysis, Corpus};

use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "theme_terms",
    columns: &["theme", "rank", "term", "beta", "frequency", "segments", "membership", "exclusivity"],
    rows,
};

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    Box::new((1_u64..).zip(&analysis.themes).flat_map(move |(number, theme)| {
        (1_u64..).zip(&theme.terms).map(move |(rank, term)| {
            row![
                number,
                rank,
                analysis.term(term.term),
                term.beta,
                term.frequency,
                term.segments,
                term.membership,
                term.exclusivity,
            ]
        })
    }))
}
