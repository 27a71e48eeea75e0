//! GraphML, with the attribute names that Gephi binds: `label`, `x`, `y`, `size`, `r`, `g`, `b` and
//! `weight`. igraph, networkx, graph-tool and others take all of them as plain attributes.
//!
//! Every node and edge carries every attribute, for readers fail or warn where one is absent. So
//! `theme` is 0 and `theme_label` empty for a term without a theme. `theme` counts from 1 as in
//! `themes.csv`; `x` and `y` are those of `nodes.csv` times 1000, which suits sizes of 10 to 50.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

use themeweave::Analysis;

use crate::write::graph::{GraphFormat, edges, nodes};
use crate::write::number::Number;

pub(super) const FORMAT: GraphFormat = GraphFormat { name: "graphml", extension: "graphml", write };

/// Attributes of nodes: name, type.
const NODE_KEYS: [(&str, &str); 11] = [
    ("label", "string"),
    ("x", "double"),
    ("y", "double"),
    ("size", "double"),
    ("r", "int"),
    ("g", "int"),
    ("b", "int"),
    ("frequency", "long"),
    ("segments", "long"),
    ("theme", "int"),
    ("theme_label", "string"),
];

/// Attributes of edges: name, type.
const EDGE_KEYS: [(&str, &str); 4] =
    [("weight", "double"), ("cooccurrences", "long"), ("p", "double"), ("q", "double")];

/// Width of the drawing over that of the layout.
const SCALE: f64 = 1000.0;
/// Diameter of the largest node.
const LARGEST: f64 = 50.0;

fn write(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns \
        http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
    )?;
    for (of, keys) in [("node", &NODE_KEYS[..]), ("edge", &EDGE_KEYS[..])] {
        for (name, kind) in keys {
            writeln!(out, "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
        }
    }
    writeln!(out, "  <graph id=\"themeweave\" edgedefault=\"undirected\">")?;
    for (index, node) in nodes(analysis).enumerate() {
        let theme = node.theme.and_then(|theme| analysis.themes.get(theme));
        let [red, green, blue] = node.color;
        let values: [&dyn Display; 11] = [
            &escaped(node.label),
            &Number::to_draw(node.position[0] * SCALE),
            &Number::to_draw(node.position[1] * SCALE),
            &Number::to_draw(node.size * LARGEST),
            &red,
            &green,
            &blue,
            &node.frequency,
            &node.segments,
            &node.theme.map_or(0, |theme| theme + 1),
            &escaped(theme.map_or("", |theme| &theme.label)),
        ];
        write!(out, "    <node id=\"n{index}\">")?;
        write_data(&NODE_KEYS, &values, out)?;
        writeln!(out, "</node>")?;
    }
    for (index, (source, target, link)) in edges(analysis).into_iter().enumerate() {
        let values: [&dyn Display; 4] =
            [&Number(link.weight), &link.cooccurrences, &Number(link.p), &Number(link.q)];
        write!(out, "    <edge id=\"e{index}\" source=\"n{source}\" target=\"n{target}\">")?;
        write_data(&EDGE_KEYS, &values, out)?;
        writeln!(out, "</edge>")?;
    }
    out.write_all(b"  </graph>\n</graphml>\n")
}

/// Writes one value for each key.
fn write_data<const N: usize>(
    keys: &[(&str, &str); N],
    values: &[&dyn Display; N],
    out: &mut dyn Write,
) -> io::Result<()> {
    for ((name, _), value) in keys.iter().zip(values) {
        write!(out, "<data key=\"{name}\">{value}</data>")?;
    }
    Ok(())
}

/// Text as the content of an XML element: markup as entities, and without the characters that no
/// XML document can hold.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_special = |c: char| {
        matches!(c, '&' | '<' | '>' | '"' | '\u{fffe}' | '\u{ffff}') || (c < ' ' && c != '\n' && c != '\t')
    };
    if !text.contains(is_special) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // A reader would make it a line feed.
            '\r' => safe.push_str("&#13;"),
            c if is_special(c) => {}
            c => safe.push(c),
        }
    }
    safe.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn markup_is_escaped_and_the_impossible_dropped() {
        assert_eq!(escaped("café 🧵 שלום ]]"), "café 🧵 שלום ]]");
        assert_eq!(escaped("a<b>&\"c\" ]]>"), "a&lt;b&gt;&amp;&quot;c&quot; ]]&gt;");
        assert_eq!(
            escaped("x\0\u{1b}\u{8}\u{fffe}\u{ffff}y\t\n\rz\u{fffd}\u{7f}"),
            "xy\t\n&#13;z\u{fffd}\u{7f}"
        );
    }

    #[test]
    fn every_node_carries_every_key() {
        let (_, analysis) = analysis_of(NOTES);
        let mut out = Vec::new();
        write(&analysis, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines = |mark: &str| text.lines().filter(|line| line.contains(mark)).collect::<Vec<_>>();
        assert_eq!(lines("<key ").len(), 15);
        assert_eq!(lines("<node ").len(), analysis.network.node_count());
        assert_eq!(lines("<edge ").len(), analysis.network.edge_count());
        assert!(lines("<node ").iter().all(|line| line.matches("<data ").count() == 11));
        assert!(lines("<edge ").iter().all(|line| line.matches("<data ").count() == 4));
        assert!(text.ends_with("</graphml>\n"));
    }
}
