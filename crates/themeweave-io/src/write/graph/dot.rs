//! DOT, the language of Graphviz: `neato -n network.dot` draws the network as it was laid out.

use std::io::{self, Write};

use themeweave::Analysis;

use crate::write::graph::{GraphFormat, edges, nodes};
use crate::write::number::Number;

pub(super) const FORMAT: GraphFormat = GraphFormat { name: "dot", extension: "dot", write };

/// Width of the drawing over that of the layout, in points as `neato -n` takes them.
const SCALE: f64 = 1000.0;

/// Size of the letters of the largest node, in points.
const LARGEST: f64 = 48.0;

fn write(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"graph themeweave {\n  \
        graph [charset=\"UTF-8\", outputorder=edgesfirst];\n  \
        node [style=filled, fontname=\"sans-serif\"];\n  \
        edge [color=\"#cccccc\"];\n",
    )?;
    for (index, node) in nodes(analysis).enumerate() {
        let [x, y] = node.position.map(|at| Number::to_draw(at * SCALE));
        let [red, green, blue] = node.color;
        writeln!(
            out,
            "  n{index} [label=\"{}\", theme={}, color=\"#{red:02x}{green:02x}{blue:02x}\", fontsize={}, pos=\"{x},{y}!\"];",
            escaped(node.label),
            node.theme.map_or(0, |theme| theme + 1),
            Number((node.size * LARGEST).round()),
        )?;
    }
    for (source, target, link) in edges(analysis) {
        writeln!(out, "  n{source} -- n{target} [weight={}];", Plain(link.weight))?;
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
    use crate::write::tests::{NOTES, analysis_of};

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
        let (_, analysis) = analysis_of(NOTES);
        let mut out = Vec::new();
        write(&analysis, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let nodes = analysis.network.node_count();
        let edges = analysis.network.edge_count();
        assert_eq!(text.lines().filter(|line| line.contains(" -- ")).count(), edges);
        assert_eq!(text.lines().count(), nodes + edges + 5);
        assert!(text.contains("  n0 [label=\""));
    }
}
