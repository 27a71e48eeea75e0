//! `nodes.csv`: the nodes of the network, under the names that Gephi knows.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::graph;
use crate::write::table::{Cell, Table, Take, integer, number, row, text};

pub(super) const TABLE: Table = Table {
    name: "nodes",
    columns: &[
        text("Id"),
        text("Label"),
        integer("theme"),
        integer("frequency"),
        integer("segments"),
        integer("degree"),
        number("strength"),
        number("x"),
        number("y"),
    ],
    rows,
    has_bom: false,
};

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for (index, node) in graph::nodes(analysis).iter().enumerate() {
        let [x, y] = node.position;
        take(&row![
            Cell::Node(index),
            node.label,
            analysis.theme_of_term.get(index).copied().flatten().map(|theme| theme + 1),
            node.frequency,
            node.segments,
            node.degree,
            node.strength,
            x,
            y,
        ])?;
    }
    Ok(())
}
