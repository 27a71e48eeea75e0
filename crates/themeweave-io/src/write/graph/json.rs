//! What the JSON formats have in common: the attributes of nodes and edges, and lists one element a
//! line.

use std::io::{self, Write};

use serde::Serialize;

use crate::write::graph::graphml::{LARGEST, SCALE};
use crate::write::graph::{DrawnEdge, DrawnNetwork, DrawnNode, GroupedBy};
use crate::write::number::Number;

/// Attributes of a node. As in GraphML, `theme` is 0 for none, or `community` stands in its place.
#[derive(Serialize)]
pub(super) struct NodeAttributes<'a> {
    #[serde(flatten)]
    group: Group<'a>,
    frequency: u64,
    segments: u32,
    degree: usize,
    strength: f64,
    size: f64,
    color: String,
}

/// What a node is grouped by.
#[derive(Serialize)]
#[serde(untagged)]
enum Group<'a> {
    Theme { theme: usize, theme_label: &'a str },
    Community { community: usize, community_label: &'a str },
}

impl<'a> NodeAttributes<'a> {
    pub(super) fn new(network: &'a DrawnNetwork<'_>, node: &DrawnNode<'_>) -> Self {
        let (number, label) = network.group(node);
        let group = match network.grouped_by {
            GroupedBy::Theme => Group::Theme { theme: number, theme_label: label },
            GroupedBy::Community => Group::Community { community: number, community_label: label },
        };
        let [red, green, blue] = node.color;
        Self {
            group,
            frequency: node.frequency,
            segments: node.segments,
            degree: node.degree,
            strength: node.strength,
            size: Number::rounded(node.size * LARGEST, 2).0,
            color: format!("#{red:02x}{green:02x}{blue:02x}"),
        }
    }
}

/// Where a node is drawn.
#[derive(Serialize)]
pub(super) struct Position {
    x: f64,
    y: f64,
}

impl Position {
    pub(super) fn new(node: &DrawnNode<'_>) -> Self {
        let [x, y] = node.position.map(|at| Number::rounded(at * SCALE, 2).0);
        Self { x, y }
    }
}

/// An edge between two ids.
#[derive(Serialize)]
pub(super) struct EdgeData {
    source: String,
    target: String,
    weight: f64,
    cooccurrences: u32,
    p: f64,
    q: f64,
}

impl EdgeData {
    pub(super) fn new(edge: &DrawnEdge<'_>) -> Self {
        Self {
            source: id(edge.source),
            target: id(edge.target),
            weight: edge.link.weight,
            cooccurrences: edge.link.cooccurrences,
            p: edge.link.p,
            q: edge.link.q,
        }
    }
}

/// The id of a node.
pub(super) fn id(index: usize) -> String {
    format!("n{index}")
}

/// Writes elements between brackets, one a line.
pub(super) fn write_list<T: Serialize>(
    elements: impl Iterator<Item = T>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut before = "[\n";
    for element in elements {
        out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut *out, &element)?;
        before = ",\n";
    }
    out.write_all(if before == "[\n" { b"[]" } else { b"\n]" })
}
