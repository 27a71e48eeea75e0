//! The network in the formats of other programs.

mod dot;
mod graphml;
mod palette;

use std::io::{self, Write};
use std::str::FromStr;

use themeweave::{Analysis, Link};

/// A format of the network.
#[derive(Debug, Clone, Copy)]
pub struct GraphFormat {
    name: &'static str,
    extension: &'static str,
    write: fn(&Analysis, &mut dyn Write) -> io::Result<()>,
}

impl GraphFormat {
    /// GraphML, as Gephi, igraph, networkx and others read it.
    pub const GRAPHML: GraphFormat = graphml::FORMAT;
    /// The language of Graphviz.
    pub const DOT: GraphFormat = dot::FORMAT;
    /// Every format.
    pub const ALL: [GraphFormat; 2] = [Self::GRAPHML, Self::DOT];

    /// The name in options.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The extension of files.
    pub const fn extension(&self) -> &'static str {
        self.extension
    }

    /// Writes the network of an analysis. Nodes have the ids `n0`, `n1` … in the order of
    /// `nodes.csv`.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// ```
    /// use themeweave::{Corpus, Options, analyze};
    /// use themeweave_io::GraphFormat;
    ///
    /// let corpus = Corpus::from_notes(["The bus is late.", "A late bus."])?;
    /// let analysis = analyze(&corpus, &Options::default(), &mut ())?;
    /// let mut dot = Vec::new();
    /// GraphFormat::DOT.write(&analysis, &mut dot)?;
    /// assert!(String::from_utf8(dot)?.starts_with("graph themeweave {"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(analysis, out)
    }
}

impl PartialEq for GraphFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for GraphFormat {}

impl FromStr for GraphFormat {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name == name).ok_or_else(|| {
            let known = Self::ALL.map(|format| format.name).join(", ");
            themeweave::Error::options(format!("no graph format “{name}”; known are {known}"))
        })
    }
}

/// A node as files show it.
pub(super) struct DrawnNode<'a> {
    pub(super) label: &'a str,
    /// Index of its theme.
    pub(super) theme: Option<usize>,
    pub(super) frequency: u64,
    pub(super) segments: u32,
    pub(super) degree: usize,
    /// Summed weight of its edges.
    pub(super) strength: f64,
    /// x and y in about −1..=1.
    pub(super) position: [f64; 2],
    /// Diameter between [`SMALLEST`] and 1; the area grows with the segments that have the term.
    pub(super) size: f64,
    pub(super) color: [u8; 3],
}

/// The least [`DrawnNode::size`].
const SMALLEST: f64 = 0.2;

/// The nodes of the network, in their order.
pub(super) fn nodes(analysis: &Analysis) -> impl Iterator<Item = DrawnNode<'_>> {
    let network = &analysis.network;
    let most = network.node_weights().map(|node| node.segments).max().unwrap_or(1).max(1);
    network.node_indices().zip(network.node_weights()).map(move |(index, node)| {
        let term = analysis.vocabulary.terms().get(node.term as usize);
        let theme = analysis.theme_of_term.get(index.index()).copied().flatten();
        DrawnNode {
            label: analysis.term(node.term),
            theme,
            frequency: term.map_or(0, |term| term.frequency),
            segments: node.segments,
            degree: network.edges(index).count(),
            strength: network.edges(index).map(|edge| edge.weight().weight).sum(),
            position: analysis.positions.get(index.index()).copied().unwrap_or_default(),
            size: (f64::from(node.segments) / f64::from(most)).sqrt().max(SMALLEST),
            color: palette::color(theme),
        }
    })
}

/// The edges as (source, target, link), source before target, in order.
pub(super) fn edges(analysis: &Analysis) -> Vec<(usize, usize, &Link)> {
    let network = &analysis.network;
    let ends = |edge| network.edge_endpoints(edge).map(|(a, b)| (a.index(), b.index()));
    let mut edges: Vec<_> = network
        .edge_indices()
        .zip(network.edge_weights())
        .filter_map(|(edge, link)| ends(edge).map(|(a, b)| (a.min(b), a.max(b), link)))
        .collect();
    edges.sort_by_key(|&(source, target, _)| (source, target));
    edges
}

/// The id of a node, which every format can take as a name.
pub(super) fn id(index: usize) -> String {
    format!("n{index}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn edges_are_in_order_and_agree_with_the_nodes() {
        let (_, analysis) = analysis_of(NOTES);
        let edges = edges(&analysis);
        assert!(edges.iter().all(|(source, target, _)| source < target));
        assert!(edges.is_sorted_by_key(|&(source, target, _)| (source, target)));
        let ends = nodes(&analysis).map(|node| node.degree).sum::<usize>();
        assert_eq!(ends, 2 * edges.len());
        for node in nodes(&analysis) {
            assert!((SMALLEST..=1.0).contains(&node.size));
        }
    }

    #[test]
    fn a_format_has_a_name() {
        for format in GraphFormat::ALL {
            assert_eq!(format.name().parse::<GraphFormat>().unwrap(), format);
        }
        assert!("svg".parse::<GraphFormat>().unwrap_err().to_string().contains("graphml, dot"));
    }
}
