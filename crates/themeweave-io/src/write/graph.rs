//! The network in the formats of other programs.

mod cytoscape;
mod dot;
mod gexf;
mod graphml;
mod json;
mod node_link;
mod pajek;
pub(super) mod palette;
mod vosviewer;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::str::FromStr;

use themeweave::{Analysis, Link};

use crate::write::number::Number;

/// A format of the network: one file, or several that belong together.
#[derive(Debug, Clone, Copy)]
pub struct GraphFormat {
    name: &'static str,
    readers: &'static str,
    files: &'static [GraphFile],
}

/// A file of a [`GraphFormat`].
#[derive(Debug, Clone, Copy)]
pub struct GraphFile {
    name: &'static str,
    write: fn(&DrawnNetwork<'_>, &mut dyn Write) -> io::Result<()>,
}

impl GraphFormat {
    /// GraphML, as Gephi, igraph, networkx and others read it.
    pub const GRAPHML: GraphFormat = graphml::FORMAT;
    /// Every format.
    pub const ALL: [GraphFormat; 7] = [
        Self::GRAPHML,
        gexf::FORMAT,
        dot::FORMAT,
        pajek::FORMAT,
        vosviewer::FORMAT,
        cytoscape::FORMAT,
        node_link::FORMAT,
    ];

    /// The name in options.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The programs that it is for.
    pub const fn readers(&self) -> &'static str {
        self.readers
    }

    /// Its files, the main one first.
    pub const fn files(&self) -> &'static [GraphFile] {
        self.files
    }

    /// Writes the main file.
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
    /// let format: GraphFormat = "dot".parse()?;
    /// let mut dot = Vec::new();
    /// format.write(&analysis, &mut dot)?;
    /// assert!(String::from_utf8(dot)?.starts_with("graph themeweave {"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        self.files.first().map_or(Ok(()), |file| file.write(analysis, out))
    }
}

impl GraphFile {
    /// The name of the file in a folder of results.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Writes the network of an analysis. Nodes are in the order of `nodes.csv`; their ids are `n0`,
    /// `n1` …, but 1, 2 … in the formats that ask for numbers (Pajek and VOSviewer).
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(&DrawnNetwork::new(analysis), out)
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

/// The network as files show it.
pub(super) struct DrawnNetwork<'a> {
    pub(super) nodes: Vec<DrawnNode<'a>>,
    /// Source before target, by source and target.
    pub(super) edges: Vec<DrawnEdge<'a>>,
    pub(super) grouped_by: GroupedBy,
    /// The labels of the groups.
    pub(super) groups: Vec<Cow<'a, str>>,
}

/// What nodes are grouped by.
#[derive(Clone, Copy)]
pub(super) enum GroupedBy {
    Theme,
    /// Where no themes were sought.
    Community,
}

impl GroupedBy {
    /// The names of the attributes with the number of a node's group and with its label.
    pub(super) const fn attributes(self) -> [&'static str; 2] {
        match self {
            Self::Theme => ["theme", "theme_label"],
            Self::Community => ["community", "community_label"],
        }
    }
}

/// A node as files show it.
pub(super) struct DrawnNode<'a> {
    pub(super) label: &'a str,
    /// Index of its theme, or of its community where no themes were sought.
    pub(super) group: Option<usize>,
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

/// An edge as files show it.
pub(super) struct DrawnEdge<'a> {
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) link: &'a Link,
}

/// The least [`DrawnNode::size`].
const SMALLEST: f64 = 0.2;

impl<'a> DrawnNetwork<'a> {
    pub(super) fn new(analysis: &'a Analysis) -> Self {
        let (nodes, edges) = (nodes(analysis), edges(analysis));
        if analysis.community_of_term.is_none() {
            let groups = analysis.themes.iter().map(|theme| theme.label.as_str().into()).collect();
            Self { nodes, edges, grouped_by: GroupedBy::Theme, groups }
        } else {
            let groups = community_labels(&nodes);
            Self { nodes, edges, grouped_by: GroupedBy::Community, groups }
        }
    }

    /// The number of a node's group, from 1 (for a theme as in `themes.csv`), and its label; 0 and empty for
    /// none, for many readers fail or warn where a node lacks an attribute that others have.
    pub(super) fn group(&self, node: &DrawnNode<'_>) -> (usize, &str) {
        node.group.map_or((0, ""), |group| (group + 1, self.groups.get(group).map_or("", |label| label)))
    }

    /// Writes a line for each edge: the numbers of its ends, from 1, and its weight.
    pub(super) fn write_edge_lines(&self, separator: char, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::new();
        for edge in &self.edges {
            let (source, target, weight) = (edge.source + 1, edge.target + 1, Number(edge.link.weight));
            line.clear();
            // Writing to a String cannot fail.
            let _ = writeln!(line, "{source}{separator}{target}{separator}{weight}");
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

/// A label for each community: the three of its terms that have the strongest links.
fn community_labels<'a>(nodes: &[DrawnNode<'a>]) -> Vec<Cow<'a, str>> {
    const TERMS: usize = 3;
    let count = nodes.iter().filter_map(|node| node.group).max().map_or(0, |last| last + 1);
    let mut members = vec![Vec::new(); count];
    for node in nodes {
        if let Some(group) = node.group {
            members[group].push(node);
        }
    }
    let label = |mut own: Vec<&DrawnNode<'a>>| {
        own.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        own.iter().take(TERMS).map(|node| node.label).collect::<Vec<_>>().join(", ").into()
    };
    members.into_iter().map(label).collect()
}

/// The nodes of the network, in their order.
pub(super) fn nodes(analysis: &Analysis) -> Vec<DrawnNode<'_>> {
    let network = &analysis.network;
    let most = network.node_weights().map(|node| node.segments).max().unwrap_or(1).max(1);
    let mut nodes: Vec<_> = network
        .node_weights()
        .enumerate()
        .map(|(index, node)| {
            let term = analysis.vocabulary.terms().get(node.term as usize);
            let group = analysis.group_of_term().get(index).copied().flatten();
            DrawnNode {
                label: analysis.term(node.term),
                group,
                frequency: term.map_or(0, |term| term.frequency),
                segments: node.segments,
                degree: 0,
                strength: 0.0,
                position: analysis.positions.get(index).copied().unwrap_or_default(),
                size: (f64::from(node.segments) / f64::from(most)).sqrt().max(SMALLEST),
                color: palette::color(group),
            }
        })
        .collect();
    for edge in network.raw_edges() {
        for end in [edge.source(), edge.target()] {
            nodes[end.index()].degree += 1;
            nodes[end.index()].strength += edge.weight.weight;
        }
    }
    nodes
}

/// The edges of the network, by source and target.
pub(super) fn edges(analysis: &Analysis) -> Vec<DrawnEdge<'_>> {
    let edges = analysis.network.raw_edges().iter().map(|edge| {
        let (a, b) = (edge.source().index(), edge.target().index());
        DrawnEdge { source: a.min(b), target: a.max(b), link: &edge.weight }
    });
    let mut edges: Vec<_> = edges.collect();
    edges.sort_by_key(|edge| (edge.source, edge.target));
    edges
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    /// Labels that are awkward in one format or another.
    pub(crate) const AWKWARD: [&str; 7] =
        ["budget & time", "<b>bold</b>", "emoji 🧵 \"q\"", "שלום", "nan", "2020", "back\\slash \\N\nline"];

    pub(crate) const LINK: Link = Link { weight: 0.5, cooccurrences: 3, p: 1e-9, q: 0.25 };

    /// A ring of nodes with these labels, of two themes and none.
    pub(crate) fn ring<'a>(labels: &[&'a str]) -> DrawnNetwork<'a> {
        let node = |(i, &label): (usize, &&'a str)| DrawnNode {
            label,
            group: [Some(0), Some(1), None][i % 3],
            frequency: 7,
            segments: 5,
            degree: 2,
            strength: 1.0,
            position: [i as f64 / labels.len() as f64, -0.5],
            size: 0.5,
            color: [1, 20, 255],
        };
        let n = labels.len();
        let mut edges: Vec<_> = (1..n).map(|i| DrawnEdge { source: i - 1, target: i, link: &LINK }).collect();
        edges.insert(1, DrawnEdge { source: 0, target: n - 1, link: &LINK });
        DrawnNetwork {
            nodes: labels.iter().enumerate().map(node).collect(),
            edges,
            grouped_by: GroupedBy::Theme,
            groups: vec!["a & b".into(), "<c>".into()],
        }
    }

    /// What a file of a format holds for a network.
    pub(crate) fn written(format: GraphFormat, file: usize, network: &DrawnNetwork<'_>) -> String {
        let mut out = Vec::new();
        (format.files[file].write)(network, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn edges_are_in_order_and_agree_with_the_nodes() {
        let (_, analysis) = analysis_of(NOTES);
        let DrawnNetwork { nodes, edges, .. } = DrawnNetwork::new(&analysis);
        assert!(edges.iter().all(|edge| edge.source < edge.target));
        assert!(edges.is_sorted_by_key(|edge| (edge.source, edge.target)));
        let ends = nodes.iter().map(|node| node.degree).sum::<usize>();
        assert_eq!(ends, 2 * edges.len());
        assert!(nodes.iter().all(|node| (SMALLEST..=1.0).contains(&node.size)));
    }

    #[test]
    fn formats_and_files_have_names_of_their_own() {
        for format in GraphFormat::ALL {
            assert_eq!(format.name().parse::<GraphFormat>().unwrap(), format);
            assert!(!format.readers().is_empty());
        }
        assert!("svg".parse::<GraphFormat>().unwrap_err().to_string().contains("graphml, gexf"));
        let mut names: Vec<_> =
            GraphFormat::ALL.iter().flat_map(|format| format.files()).map(GraphFile::name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_file_can_be_empty() {
        let network = DrawnNetwork {
            nodes: Vec::new(),
            edges: Vec::new(),
            grouped_by: GroupedBy::Theme,
            groups: Vec::new(),
        };
        for format in GraphFormat::ALL {
            for file in 0..format.files.len() {
                let text = written(format, file, &network);
                assert!(text.is_empty() || text.ends_with('\n'), "{}", format.files[file].name);
            }
        }
    }
}
