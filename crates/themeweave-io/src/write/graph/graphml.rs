//! GraphML, with the attribute names that Gephi binds: `label`, `x`, `y`, `size`, `r`, `g`, `b` and
//! `weight`. igraph, networkx, graph-tool and others take all of them as plain attributes.
//!
//! Every node and edge carries every attribute, for readers fail or warn where one is absent. So
//! `theme` is 0 and `theme_label` empty for a term without a theme. `theme` counts from 1 as in
//! `themes.csv`; where no themes were sought, `community` and `community_label` stand in its place. `x` and `y`
//! are those of `nodes.csv` times 1000, which suits sizes of 10 to 50.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};
use crate::write::number::Number;
use crate::write::xml::escaped;

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "graphml",
    readers: "Gephi, igraph, networkx and others",
    files: &[GraphFile { name: "network.graphml", write }],
};

/// Attributes of nodes besides their group: name, type.
const NODE: [(&str, &str); 9] = [
    ("label", "string"),
    ("x", "double"),
    ("y", "double"),
    ("size", "double"),
    ("r", "int"),
    ("g", "int"),
    ("b", "int"),
    ("frequency", "long"),
    ("segments", "long"),
];

/// Attributes of edges: name, type.
const EDGE: [(&str, &str); 4] =
    [("weight", "double"), ("cooccurrences", "long"), ("p", "double"), ("q", "double")];

/// Width of the drawing over that of the layout.
pub(super) const SCALE: f64 = 1000.0;
/// Diameter of the largest node.
pub(super) const LARGEST: f64 = 50.0;

fn write(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns \
        http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
    )?;
    let [group, group_label] = network.grouped_by.attributes();
    let of_groups = [(group, "int"), (group_label, "string")];
    let of_nodes = NODE.iter().chain(&of_groups).map(|key| ("node", key));
    for (of, (name, kind)) in of_nodes.chain(EDGE.iter().map(|key| ("edge", key))) {
        writeln!(out, "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "  <graph id=\"themeweave\" edgedefault=\"undirected\">")?;
    for (index, node) in network.nodes.iter().enumerate() {
        let (number, label) = network.group(node);
        let [x, y] = node.position.map(|at| Number::rounded(at * SCALE, 2));
        let [red, green, blue] = node.color;
        writeln!(
            out,
            "    <node id=\"n{index}\"><data key=\"label\">{}</data>\
            <data key=\"x\">{x}</data><data key=\"y\">{y}</data><data key=\"size\">{}</data>\
            <data key=\"r\">{red}</data><data key=\"g\">{green}</data><data key=\"b\">{blue}</data>\
            <data key=\"frequency\">{}</data><data key=\"segments\">{}</data>\
            <data key=\"{group}\">{number}</data><data key=\"{group_label}\">{}</data></node>",
            escaped(node.label),
            Number::rounded(node.size * LARGEST, 2),
            node.frequency,
            node.segments,
            escaped(label),
        )?;
    }
    let mut line = String::new();
    for (index, edge) in network.edges.iter().enumerate() {
        let (source, target, link) = (edge.source, edge.target, edge.link);
        line.clear();
        // Writing to a String cannot fail.
        let _ = writeln!(
            line,
            "    <edge id=\"e{index}\" source=\"n{source}\" target=\"n{target}\">\
            <data key=\"weight\">{}</data><data key=\"cooccurrences\">{}</data>\
            <data key=\"p\">{}</data><data key=\"q\">{}</data></edge>",
            Number(link.weight),
            link.cooccurrences,
            Number(link.p),
            Number(link.q),
        );
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"  </graph>\n</graphml>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn every_node_carries_every_key() {
        let text = written(FORMAT, 0, &ring(&AWKWARD));
        let lines = |mark: &str| text.lines().filter(|line| line.contains(mark)).collect::<Vec<_>>();
        assert_eq!(lines("<key ").len(), 15);
        assert_eq!((lines("<node ").len(), lines("<edge ").len()), (7, 7));
        let of_nodes = NODE.map(|key| key.0).into_iter().chain(["theme", "theme_label"]);
        for (of, name) in of_nodes.map(|name| ("node", name)).chain(EDGE.map(|key| ("edge", key.0))) {
            let mark = format!("<data key=\"{name}\">");
            let has = |line: &&str| line.matches(&mark).count() == 1;
            assert!(lines(&format!("<{of} ")).iter().all(has), "{name}");
        }
        assert!(text.contains(">budget &amp; time<") && text.contains(">&lt;b&gt;bold&lt;/b&gt;<"));
        assert!(text.ends_with("</graphml>\n"));
    }
}
