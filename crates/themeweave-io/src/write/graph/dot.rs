//! DOT, the language of Graphviz: `neato -n network.dot` draws the network as it was laid out.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::write::graph::graphml::SCALE;
use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};
use crate::write::number::Number;

pub(super) const FORMAT: GraphFormat =
    GraphFormat { name: "dot", readers: "Graphviz", files: &[GraphFile { name: "network.dot", write }] };

/// Diameter of the largest node, in inches.
const LARGEST: f64 = 0.9;
/// Sizes of letters, in points: of a node without size, and what the largest node has more.
const LETTERS: [f64; 2] = [6.0, 24.0];

fn write(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    // With the scale, programs that take positions for inches understand points.
    out.write_all(
        b"graph themeweave {\n  \
        graph [charset=\"UTF-8\", outputorder=edgesfirst, inputscale=72];\n  \
        node [shape=circle, fixedsize=shape, style=filled, fontname=\"sans-serif\"];\n  \
        edge [color=\"#00000030\"];\n",
    )?;
    let [group, group_label] = network.grouped_by.attributes();
    for (index, node) in network.nodes.iter().enumerate() {
        let (number, label) = network.group(node);
        let [x, y] = node.position.map(|at| Number::rounded(at * SCALE, 2));
        let [red, green, blue] = node.color;
        writeln!(
            out,
            "  n{index} [label=\"{}\", {group}={number}, {group_label}=\"{}\", frequency={}, segments={}, \
            color=\"#{red:02x}{green:02x}{blue:02x}b0\", width={}, fontsize={}, pos=\"{x},{y}!\"];",
            escaped(node.label),
            escaped(label),
            node.frequency,
            node.segments,
            Number::rounded(node.size * LARGEST, 2),
            Number::rounded(LETTERS[0] + node.size * LETTERS[1], 0),
        )?;
    }
    let mut line = String::new();
    for edge in &network.edges {
        let (source, target, link) = (edge.source, edge.target, edge.link);
        line.clear();
        // Writing to a String cannot fail.
        let _ = writeln!(
            line,
            "  n{source} -- n{target} [weight={}, cooccurrences={}];",
            Plain(link.weight),
            link.cooccurrences
        );
        out.write_all(line.as_bytes())?;
    }
    out.write_all(b"}\n")
}

/// A number that DOT takes without quotes: without an exponent.
struct Plain(f64);

impl std::fmt::Display for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_finite() { write!(f, "{}", self.0) } else { f.write_str("0") }
    }
}

/// Text within double quotes. Backslashes are doubled, for `\N` and its kind are escapes in labels;
/// control characters are blanks.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => safe.push_str("\\\""),
            '\\' => safe.push_str("\\\\"),
            '\n' => safe.push_str("\\n"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn labels_stay_within_their_quotes() {
        assert_eq!(escaped("say \"hi\" \\N\n\0<b>é"), "say \\\"hi\\\" \\\\N\\n <b>é");
    }

    #[test]
    fn numbers_are_plain() {
        assert_eq!(Plain(0.5).to_string(), "0.5");
        assert_eq!(Plain(1e-7).to_string(), "0.0000001");
        assert_eq!(Plain(f64::NAN).to_string(), "0");
    }

    #[test]
    fn one_line_for_each_node_and_edge() {
        let text = written(FORMAT, 0, &ring(&AWKWARD));
        assert_eq!(text.lines().count(), 7 + 7 + 5);
        assert!(text.contains(
            "  n0 [label=\"budget & time\", theme=1, theme_label=\"a & b\", frequency=7, segments=5, \
            color=\"#0114ffb0\", width=0.45, fontsize=18, pos=\"0,-500!\"];\n"
        ));
        assert!(text.contains("  n0 -- n1 [weight=0.5, cooccurrences=3];\n"));
    }
}
