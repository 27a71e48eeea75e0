//! `nodes.csv`: the nodes of the network, under the names that Gephi knows.

use themeweave::{Analysis, Corpus};

use crate::write::graph;
use crate::write::table::{Rows, Table, row};

pub(super) const TABLE: Table = Table {
    name: "nodes",
    columns: &["Id", "Label", "theme", "frequency", "segments", "degree", "strength", "x", "y"],
    rows,
};

fn rows<'a>(_: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    Box::new(graph::nodes(analysis).enumerate().map(|(index, node)| {
        let [x, y] = node.position;
        row![
            graph::id(index),
            node.label,
            node.theme.map(|theme| theme + 1),
            node.frequency,
            node.segments,
            node.degree,
            node.strength,
            x,
            y,
        ]
    }))
}
