//! Layout.
use crate::graph::Graph;
/// Layout.
pub fn layout(graph: &Graph, seed: u64) -> Vec<[f64; 2]> {
    let _ = seed;
    vec![[0.0; 2]; graph.node_count()]
}
