//! `edges.csv`: the edges of the network, under the names that Gephi and igraph know, by source and
//! target.

use themeweave::{Analysis, Corpus};

use crate::write::graph;
use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "edges",
    columns: &["Source", "Target", "Type", "Weight", "cooccurrences", "p", "q"],
    rows,
};

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    Box::new(graph::edges(analysis).into_iter().map(|(source, target, link)| {
        // Without a type, Gephi takes an edge to be directed.
        row![
            graph::id(source),
            graph::id(target),
            "Undirected",
            link.weight,
            link.cooccurrences,
            link.p,
            link.q,
        ]
    }))
}
