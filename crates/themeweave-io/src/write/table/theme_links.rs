//! `theme_links.csv`: which themes are tied to each other.

use themeweave::{Analysis, Corpus};

use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "theme_links",
    columns: &["theme", "other", "links", "weight", "segments"],
    rows,
};

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let links = analysis.theme_links.iter();
    Box::new(links.map(|link| row![link.a + 1, link.b + 1, link.links, link.weight, link.segments]))
}
