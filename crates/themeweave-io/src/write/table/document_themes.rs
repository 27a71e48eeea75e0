//! `document_themes.csv`: the themes of each document, one a row, the greatest share first. A
//! document of which nothing fits a theme has no row.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "document_themes",
    columns: &[text("document"), integer("theme"), number("gamma")],
    rows,
    has_bom: false,
};

fn rows(corpus: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for (document, memberships) in corpus.documents().zip(analysis.document_memberships(corpus)) {
        for membership in memberships {
            take(&row![document.name(), membership.theme + 1, membership.gamma])?;
        }
    }
    Ok(())
}
