//! Communities of any petgraph graph.

use petgraph::graph::UnGraph;
use petgraph::graphmap::UnGraphMap;
use petgraph::stable_graph::StableUnGraph;
use themeweave::{ErrorKind, Graph, Leiden, Partition, Quality, layout};

const MODULARITY: Quality = Quality::Modularity { resolution: 1.0 };

/// Three cliques of four in a row, neighbors joined by one weak edge.
fn edges() -> Vec<(u32, u32, f64)> {
    let mut edges = Vec::new();
    for first in [0, 4, 8] {
        for u in first..first + 4 {
            edges.extend((u + 1..first + 4).map(|v| (u, v, 1.0)));
        }
    }
    edges.extend([(3, 4, 0.5), (7, 8, 0.5)]);
    edges
}

#[track_caller]
fn check(graph: &Graph) {
    for seed in 0..5 {
        let found = Leiden::new(MODULARITY, seed).find_partition(graph).unwrap();
        assert_eq!(found.membership()[..12], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    }
}

#[test]
fn a_graph_with_weights_of_any_type() {
    let plain = UnGraph::<(), f64>::from_edges(edges());
    check(&Graph::from_petgraph(&plain, |&weight| weight).unwrap());
    let counts = plain.map(|_, _| "node", |_, &weight| (weight * 2.0) as u8);
    check(&Graph::from_petgraph(&counts, |&count| f64::from(count)).unwrap());
}

#[test]
fn a_map_of_names() {
    let names: Vec<String> = (0..12).map(|i| format!("node {i:02}")).collect();
    let mut map = UnGraphMap::<&str, f64>::new();
    for name in &names {
        map.add_node(name);
    }
    for (u, v, weight) in edges() {
        map.add_edge(&names[u as usize], &names[v as usize], weight);
    }
    check(&Graph::from_petgraph(&map, |&weight| weight).unwrap());
}

#[test]
fn a_graph_with_holes() {
    let mut stable = StableUnGraph::<(), f64>::from_edges(edges());
    let gone = stable.add_node(());
    let last = stable.add_node(());
    stable.remove_node(gone);
    let graph = Graph::from_petgraph(&stable, |&weight| weight).unwrap();
    assert_eq!(graph.node_count(), last.index() + 1);
    check(&graph);
}

#[test]
fn resolution_makes_communities_finer() {
    let graph = Graph::from_edges(12, &edges()).unwrap();
    let counts: Vec<usize> = [0.0, 0.1, 1.0, 5.0, 50.0]
        .map(|resolution| Leiden::new(Quality::Modularity { resolution }, 1).find_partition(&graph).unwrap())
        .iter()
        .map(Partition::community_count)
        .collect();
    assert!(counts.is_sorted() && counts[0] == 1 && counts[2] == 3 && counts[4] == 12, "{counts:?}");
}

#[test]
fn what_cannot_be_is_an_error() {
    let graph = Graph::from_edges(2, &[(0, 1, 1.0)]).unwrap();
    for resolution in [f64::NAN, f64::INFINITY, -0.1] {
        let error = Leiden::new(Quality::Cpm { resolution }, 1).find_partition(&graph).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Options);
    }
    let three = Partition::from_membership(vec![0; 3]);
    let error = Leiden::new(MODULARITY, 1).find_partition_from(&graph, &three).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(Graph::from_petgraph(&UnGraph::<(), ()>::from_edges([(0_u32, 1)]), |()| f64::NAN).is_err());
}

#[test]
fn every_node_has_its_own_place() {
    let graph = Graph::from_edges(14, &edges()).unwrap();
    let mut places: Vec<String> = layout(&graph, &[], 1).iter().map(|place| format!("{place:?}")).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 14);
    assert!(layout(&Graph::from_edges(0, &[]).unwrap(), &[], 1).is_empty());
}
