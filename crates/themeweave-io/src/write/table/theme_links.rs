//! `theme_links.csv`: which themes are tied to each other.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, integer, number, row};

pub(super) const TABLE: Table = Table {
    name: "theme_links",
    columns: &[integer("theme"), integer("other"), integer("links"), number("weight"), integer("segments")],
    rows,
    has_bom: false,
};

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for link in &analysis.theme_links {
        take(&row![link.a + 1, link.b + 1, link.links, link.weight, link.segments])?;
    }
    Ok(())
}
