//! `edges.csv`: the edges of the network, under the names that Gephi and igraph know, by source and
//! target.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::graph;
use crate::write::table::{Cell, Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "edges",
    columns: &[
        text("Source"),
        text("Target"),
        text("Type"),
        number("Weight"),
        integer("cooccurrences"),
        number("p"),
        number("q"),
    ],
    rows,
    has_bom: false,
};

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for edge in graph::edges(analysis) {
        let link = edge.link;
        // Without a type, Gephi takes an edge to be directed.
        take(&row![
            Cell::Node(edge.source),
            Cell::Node(edge.target),
            "Undirected",
            link.weight,
            link.cooccurrences,
            link.p,
            link.q,
        ])?;
    }
    Ok(())
}
