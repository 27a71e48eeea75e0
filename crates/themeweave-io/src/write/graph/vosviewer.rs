//! VOSviewer: one JSON file for VOSviewer and VOSviewer Online, which has the names of the themes, or
//! communities; and the same as a map file and a network file, which older versions read as well.
//!
//! Items are numbered from 1 in the order of `nodes.csv`. A term without a theme has no cluster, nor has
//! one of a theme beyond the 1,000th, for VOSviewer knows no more. VOSviewer asks for at least three items.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::write::graph::json::write_list;
use crate::write::graph::{DrawnNetwork, DrawnNode, GraphFile, GraphFormat, GroupedBy};
use crate::write::number::Number;

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "vosviewer",
    readers: "VOSviewer and VOSviewer Online",
    files: &[
        GraphFile { name: "vosviewer.json", write: write_json },
        GraphFile { name: "vosviewer_map.txt", write: write_map },
        GraphFile { name: "vosviewer_network.txt", write: write_network },
    ],
};

/// The greatest number of a cluster.
const LAST_CLUSTER: usize = 1_000;

#[derive(Serialize)]
struct Item {
    id: usize,
    label: String,
    x: f64,
    y: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<usize>,
    weights: Weights,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Weights {
    segments: u32,
    occurrences: u64,
}

#[derive(Serialize)]
struct Cluster {
    cluster: usize,
    label: String,
}

#[derive(Serialize)]
struct Strength {
    source_id: usize,
    target_id: usize,
    strength: f64,
}

fn write_json(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (group, groups) = match network.grouped_by {
        GroupedBy::Theme => ("theme", "themes"),
        GroupedBy::Community => ("community", "communities"),
    };
    write!(
        out,
        "{{\"config\":{{\"terminology\":{{\"item\":\"term\",\"items\":\"terms\",\"cluster\":\"{group}\",\
        \"clusters\":\"{groups}\",\"link_strength\":\"association\",\
        \"total_link_strength\":\"total association\"}},\"parameters\":{{\"largest_component\":false}}}},\n\
        \"info\":{{\"title\":\"themeweave\",\"description\":\"Terms that occur together, and their {groups}\"}},\n\
        \"network\":{{\n\"clusters\":",
    )?;
    let clusters = (1..).zip(&network.groups).take(LAST_CLUSTER);
    write_list(
        clusters.map(|(cluster, label)| Cluster { cluster, label: html(&taken_for_text(label)) }),
        out,
    )?;
    out.write_all(b",\n\"items\":")?;
    let items = (1..).zip(&network.nodes).map(|(id, node)| Item {
        id,
        label: html(&taken_for_text(node.label)),
        x: node.position[0],
        y: node.position[1],
        cluster: cluster(node),
        weights: Weights { segments: node.segments, occurrences: node.frequency },
    });
    write_list(items, out)?;
    out.write_all(b",\n\"links\":")?;
    let links = network.edges.iter().map(|edge| Strength {
        source_id: edge.source + 1,
        target_id: edge.target + 1,
        strength: edge.link.weight,
    });
    write_list(links, out)?;
    out.write_all(b"}}\n")
}

fn write_map(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
    table
        .write_record(["id", "label", "x", "y", "cluster", "weight<Segments>", "weight<Occurrences>"])
        .map_err(of_csv)?;
    for (id, node) in (1..).zip(&network.nodes) {
        let [x, y] = node.position.map(|at| Number(at).to_string());
        let row = [
            &usize::to_string(&id),
            &without_markup(&taken_for_text(node.label)),
            &x,
            &y,
            &cluster(node).map_or(String::new(), |cluster| cluster.to_string()),
            &node.segments.to_string(),
            &node.frequency.to_string(),
        ];
        table.write_record(row).map_err(of_csv)?;
    }
    table.flush()
}

fn write_network(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    network.write_edge_lines('\t', out)
}

/// The error of what is written to, whose kind is lost where [`csv::Error`] becomes an [`io::Error`] by itself.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

fn cluster(node: &DrawnNode<'_>) -> Option<usize> {
    node.group.map(|group| group + 1).filter(|&cluster| cluster <= LAST_CLUSTER)
}

/// A label in quotation marks where VOSviewer would take it for a number or for nothing.
fn taken_for_text(label: &str) -> Cow<'_, str> {
    let lower = label.trim().to_ascii_lowercase();
    let is_number =
        lower.parse::<f64>().is_ok() || ["0x", "0b", "0o"].iter().any(|sign| lower.starts_with(sign));
    if is_number || lower == "null" { format!("“{}”", label.trim()).into() } else { label.into() }
}

/// A label as HTML, for which VOSviewer takes labels in JSON.
fn html(label: &str) -> String {
    label.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A label without angle brackets and line ends, which cannot be in a map file.
fn without_markup(label: &str) -> String {
    let plain = label.chars().map(|c| match c {
        '<' => '‹',
        '>' => '›',
        c if c.is_control() => ' ',
        c => c,
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn labels_stay_texts() {
        for label in ["nan", "NULL", "2020", "1e5", " 7 ", "Infinity", "0x1f", "-1"] {
            assert_eq!(taken_for_text(label), format!("“{}”", label.trim()));
        }
        for label in ["nano", "2020s", "bus", "covid-19", ""] {
            assert_eq!(taken_for_text(label), label);
        }
        assert_eq!(html("<b>a & b</b>"), "&lt;b&gt;a &amp; b&lt;/b&gt;");
    }

    #[test]
    fn the_json_has_items_links_and_named_clusters() {
        let value: Value = serde_json::from_str(&written(FORMAT, 0, &ring(&AWKWARD))).unwrap();
        let network = &value["network"];
        assert_eq!(network["clusters"][1], json!({"cluster": 2, "label": "&lt;c&gt;"}));
        let item = json!({"id": 1, "label": "budget &amp; time", "x": 0.0, "y": -0.5, "cluster": 1,
            "weights": {"Segments": 5, "Occurrences": 7}});
        assert_eq!(network["items"][0], item);
        assert!(network["items"][2].get("cluster").is_none(), "no theme, no cluster");
        assert_eq!(network["links"][1], json!({"source_id": 1, "target_id": 7, "strength": 0.5}));
    }

    #[test]
    fn map_and_network_agree() {
        let network = ring(&AWKWARD);
        let map = written(FORMAT, 1, &network);
        let lines: Vec<&str> = map.lines().collect();
        assert_eq!(lines[0], "id\tlabel\tx\ty\tcluster\tweight<Segments>\tweight<Occurrences>");
        assert_eq!(lines[1], "1\tbudget & time\t0\t-0.5\t1\t5\t7");
        assert!(lines[3].starts_with("3\t\"emoji 🧵 \"\"q\"\"\"\t") && lines[3].ends_with("\t-0.5\t\t5\t7"));
        assert!(lines[5].starts_with("5\t“nan”\t"), "{}", lines[5]);
        assert_eq!(lines.len(), 8);
        assert!(written(FORMAT, 2, &network).starts_with("1\t2\t0.5\n1\t7\t0.5\n"));
    }
}
