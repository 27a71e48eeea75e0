//! GEXF 1.3, the format of Gephi, with colour, size and position in its namespace `viz`. Sigma.js and
//! Gephi Lite read it too, and networkx when told so: `read_gexf(path, version="1.3")`.
//!
//! As in GraphML, `theme` is 0 for a term without a theme, and `community` may stand in its place. There is no
//! `lastmodifieddate`, so that the same network gives the same bytes.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::write::graph::graphml::{LARGEST, SCALE};
use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};
use crate::write::number::Number;
use crate::write::xml::escaped;

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "gexf",
    readers: "Gephi, Gephi Lite, sigma.js and networkx",
    files: &[GraphFile { name: "network.gexf", write }],
};

/// Attributes of nodes besides their group: name, type.
const NODE: [(&str, &str); 2] = [("frequency", "long"), ("segments", "long")];

/// Attributes of edges besides the weight: name, type.
const EDGE: [(&str, &str); 3] = [("cooccurrences", "long"), ("p", "double"), ("q", "double")];

fn write(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n  \
        <meta>\n    <creator>themeweave</creator>\n    \
        <description>terms that occur together</description>\n  </meta>\n  \
        <graph defaultedgetype=\"undirected\" idtype=\"string\">\n",
    )?;
    let [group, group_label] = network.grouped_by.attributes();
    let of_groups = [(group, "integer"), (group_label, "string")];
    for (class, of_groups, others) in [("node", &of_groups[..], &NODE[..]), ("edge", &[], &EDGE)] {
        writeln!(out, "    <attributes class=\"{class}\">")?;
        for (name, kind) in of_groups.iter().chain(others) {
            writeln!(out, "      <attribute id=\"{name}\" title=\"{name}\" type=\"{kind}\"/>")?;
        }
        writeln!(out, "    </attributes>")?;
    }
    out.write_all(b"    <nodes>\n")?;
    for (index, node) in network.nodes.iter().enumerate() {
        let (number, label) = network.group(node);
        let [x, y] = node.position.map(|at| Number::rounded(at * SCALE, 2));
        let [red, green, blue] = node.color;
        writeln!(
            out,
            "      <node id=\"n{index}\" label=\"{}\"><attvalues>\
            <attvalue for=\"{group}\" value=\"{number}\"/><attvalue for=\"{group_label}\" value=\"{}\"/>\
            <attvalue for=\"frequency\" value=\"{}\"/><attvalue for=\"segments\" value=\"{}\"/></attvalues>\
            <viz:size value=\"{}\"/><viz:position x=\"{x}\" y=\"{y}\" z=\"0\"/>\
            <viz:color r=\"{red}\" g=\"{green}\" b=\"{blue}\"/></node>",
            escaped(node.label),
            escaped(label),
            node.frequency,
            node.segments,
            Number::rounded(node.size * LARGEST, 2),
        )?;
    }
    out.write_all(b"    </nodes>\n    <edges>\n")?;
    let mut line = String::new();
    for (index, edge) in network.edges.iter().enumerate() {
        let (source, target, link) = (edge.source, edge.target, edge.link);
        line.clear();
        // Writing to a String cannot fail.
        let _ = writeln!(
            line,
            "      <edge id=\"e{index}\" source=\"n{source}\" target=\"n{target}\" weight=\"{}\"><attvalues>\
            <attvalue for=\"cooccurrences\" value=\"{}\"/><attvalue for=\"p\" value=\"{}\"/>\
            <attvalue for=\"q\" value=\"{}\"/></attvalues></edge>",
            Number(link.weight),
            link.cooccurrences,
            Number(link.p),
            Number(link.q),
        );
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"    </edges>\n  </graph>\n</gexf>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn nodes_have_label_theme_size_position_and_color() {
        let text = written(FORMAT, 0, &ring(&AWKWARD));
        let first = text.lines().find(|line| line.contains("<node ")).unwrap();
        assert_eq!(
            first.trim(),
            "<node id=\"n0\" label=\"budget &amp; time\"><attvalues>\
            <attvalue for=\"theme\" value=\"1\"/><attvalue for=\"theme_label\" value=\"a &amp; b\"/>\
            <attvalue for=\"frequency\" value=\"7\"/><attvalue for=\"segments\" value=\"5\"/></attvalues>\
            <viz:size value=\"25\"/><viz:position x=\"0\" y=\"-500\" z=\"0\"/>\
            <viz:color r=\"1\" g=\"20\" b=\"255\"/></node>"
        );
        assert_eq!((text.matches("<node ").count(), text.matches("<edge ").count()), (7, 7));
        assert!(text.contains("\\N&#10;line"), "an attribute keeps its line end");
    }
}
