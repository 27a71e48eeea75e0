//! The JSON of Cytoscape.js and Cytoscape. networkx reads it as well (`cytoscape_graph`); for networkx,
//! `value` repeats the id.

use std::io::{self, Write};

use serde::Serialize;

use crate::write::graph::json::{EdgeData, NodeAttributes, Position, id, write_list};
use crate::write::graph::{DrawnNetwork, GraphFile, GraphFormat};

pub(super) const FORMAT: GraphFormat = GraphFormat {
    name: "cytoscape",
    readers: "Cytoscape, Cytoscape.js and networkx",
    files: &[GraphFile { name: "network.cyjs", write }],
};

#[derive(Serialize)]
struct Node<'a> {
    data: NodeData<'a>,
    position: Position,
}

#[derive(Serialize)]
struct NodeData<'a> {
    id: String,
    value: String,
    name: &'a str,
    #[serde(flatten)]
    attributes: NodeAttributes<'a>,
}

#[derive(Serialize)]
struct Edge {
    data: IdentifiedEdge,
}

#[derive(Serialize)]
struct IdentifiedEdge {
    id: String,
    #[serde(flatten)]
    edge: EdgeData,
}

fn write(network: &DrawnNetwork<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"{\"format_version\":\"1.0\",\"generated_by\":\"themeweave\",\
        \"target_cytoscapejs_version\":\"~3.30\",\"data\":{\"name\":\"themeweave\"},\
        \"directed\":false,\"multigraph\":false,\"elements\":{\n\"nodes\":",
    )?;
    let nodes = network.nodes.iter().enumerate().map(|(index, node)| Node {
        data: NodeData {
            id: id(index),
            value: id(index),
            name: node.label,
            attributes: NodeAttributes::new(network, node),
        },
        position: Position::new(node),
    });
    write_list(nodes, out)?;
    out.write_all(b",\n\"edges\":")?;
    let edges = network.edges.iter().enumerate().map(|(index, edge)| Edge {
        data: IdentifiedEdge { id: format!("e{index}"), edge: EdgeData::new(edge) },
    });
    write_list(edges, out)?;
    out.write_all(b"}}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::write::graph::tests::{AWKWARD, ring, written};

    #[test]
    fn elements_have_data_and_positions() {
        let value: Value = serde_json::from_str(&written(FORMAT, 0, &ring(&AWKWARD))).unwrap();
        let elements = &value["elements"];
        for (index, label) in AWKWARD.into_iter().enumerate() {
            let node = &elements["nodes"][index];
            let data = &node["data"];
            assert_eq!((data["id"].as_str(), &data["name"]), (Some(&*id(index)), &label.into()));
            assert_eq!((&data["id"], &node["position"]["y"]), (&data["value"], &(-500.0).into()));
            assert_eq!(data["theme"], [1, 2, 0][index % 3]);
        }
        assert_eq!(elements["edges"].as_array().unwrap().len(), 7);
        let edge = &elements["edges"][1]["data"];
        assert_eq!([&edge["id"], &edge["source"], &edge["target"]], ["e1", "n0", "n6"]);
        assert_eq!(edge["weight"], 0.5);
    }
}
