//! `document_themes.csv`: the themes of each document, one a row, the greatest share first. A
//! document of which nothing fits a theme has no row.

use themeweave::{Analysis, Corpus};

use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table =
    Table { name: "document_themes", columns: &["document", "theme", "gamma"], rows };

fn rows<'a>(corpus: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let memberships = analysis.document_memberships(corpus);
    Box::new(corpus.documents().iter().zip(memberships).flat_map(|(document, memberships)| {
        memberships
            .into_iter()
            .map(|membership| row![document.name.as_str(), membership.theme + 1, membership.gamma])
    }))
}
