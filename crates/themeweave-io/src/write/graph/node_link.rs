//! Node-link JSON, as networkx writes and reads it (`node_link_graph`), with its keys `nodes` and
//! `edges`. D3 and networkx before 3.4 call the second `links`: `node_link_graph(data, edges="edges")`.

use std::io::{self, Write};

use serde::Serialize;

use crate::write::graph::json::{EdgeData, NodeAttributes, Position, id, write_list};
use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "node-link",
    readers: "networkx and JavaScript",
    files: &[GraphFile { name: "network.json", write }],
};

#[derive(Serialize)]
struct Node<'a> {
    id: String,
    label: &'a str,
    #[serde(flatten)]
    attributes: NodeAttributes<'a>,
    #[serde(flatten)]
    position: Position,
}

fn write(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"{\"directed\":false,\"multigraph\":false,\"graph\":{\"name\":\"themeweave\"},\n\"nodes\":",
    )?;
    let nodes = network.nodes.iter().enumerate().map(|(index, node)| Node {
        id: id(index),
        label: node.label,
        attributes: NodeAttributes::new(network, node),
        position: Position::new(node),
    });
    write_list(nodes, out)?;
    out.write_all(b",\n\"edges\":")?;
    write_list(network.edges.iter().map(EdgeData::new), out)?;
    out.write_all(b"}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn nodes_and_edges_as_networkx_names_them() {
        let text = written(FORMAT, 0, &ring(&AWKWARD));
        assert_eq!(text.lines().count(), 1 + 9 + 9, "one element a line");
        let value: Value = serde_json::from_str(&text).unwrap();
        let labels: Vec<&str> =
            value["nodes"].as_array().unwrap().iter().map(|node| node["label"].as_str().unwrap()).collect();
        assert_eq!(labels, AWKWARD);
        let node = &value["nodes"][1];
        assert_eq!([&node["theme_label"], &node["color"], &node["id"]], ["<c>", "#0114ff", "n1"]);
        let edge = serde_json::json!({"source": "n0", "target": "n1", "weight": 0.5, "cooccurrences": 3,
            "p": 1e-9, "q": 0.25});
        assert_eq!(value["edges"][0], edge);
        assert_eq!((&value["directed"], &value["multigraph"]), (&false.into(), &false.into()));
    }
}
