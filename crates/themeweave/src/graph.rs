//! The weighted undirected graph on which communities are found and layouts are made: compressed
//! sparse rows, built once, never changed.

use petgraph::Undirected;
use petgraph::visit::{EdgeRef, GraphProp, IntoEdgeReferences, NodeIndexable};

use crate::error::{Error, Result};

/// An immutable undirected graph with weights above 0, as compressed sparse rows.
///
/// Nodes are numbered 0..[`node_count`](Self::node_count). Each node has a row of its neighbors in
/// ascending order; a self-loop stands once in its node's row. An edge costs 24 bytes, a node 16.
///
/// ```
/// use themeweave::Graph;
///
/// let graph = Graph::from_edges(3, &[(0, 1, 0.5), (1, 2, 2.0), (2, 1, 1.0)])?;
/// assert_eq!(graph.edge_count(), 2);
/// assert_eq!(graph.neighbors(1).collect::<Vec<_>>(), [(0, 0.5), (2, 3.0)]);
/// assert_eq!(graph.strength(1), 3.5);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Row of node u: `offsets[u]..offsets[u + 1]`.
    offsets: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    strengths: Vec<f64>,
    edge_count: usize,
    total_weight: f64,
}

impl Graph {
    /// A graph of `n` nodes and the given edges (node, node, weight).
    ///
    /// The order of edges and of the two ends of an edge is of no consequence, not even to the last
    /// bit of a weight. Edges between the same nodes become one with the sum of their weights; edges
    /// of weight 0 are left out.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) for a node that is not below `n`, a weight that
    /// is negative or not finite, and weights whose sum is not finite;
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) for more than 2³² − 1 nodes.
    ///
    /// # Complexity
    /// O(n + m) for m edges in ascending order, O(n + m log m) in any order.
    ///
    /// ```
    /// use themeweave::Graph;
    ///
    /// assert_eq!(Graph::from_edges(2, &[(0, 1, 1.0)])?, Graph::from_edges(2, &[(1, 0, 1.0)])?);
    /// assert!(Graph::from_edges(2, &[(0, 2, 1.0)]).is_err());
    /// assert!(Graph::from_edges(2, &[(0, 1, f64::NAN)]).is_err());
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_edges(n: usize, edges: &[(u32, u32, f64)]) -> Result<Self> {
        if n > u32::MAX as usize {
            return Err(too_many_nodes(n));
        }
        let mut offsets = vec![0; n + 1];
        for (i, &(u, v, weight)) in edges.iter().enumerate() {
            if u.max(v) as usize >= n {
                return Err(Error::input(format!("edge {i} ({u}, {v}): the graph has only {n} nodes")));
            }
            if !(weight.is_finite() && weight >= 0.0) {
                return Err(Error::input(format!(
                    "edge {i} ({u}, {v}): weight {weight} is not a finite number of at least 0"
                )));
            }
            for node in ends(u, v, weight) {
                offsets[node as usize + 1] += 1;
            }
        }
        for u in 0..n {
            offsets[u + 1] += offsets[u];
        }

        let mut next = offsets.clone();
        let mut targets = vec![0; offsets[n]];
        let mut weights = vec![0.0; offsets[n]];
        for &(u, v, weight) in edges {
            for node in ends(u, v, weight) {
                let at = &mut next[node as usize];
                targets[*at] = u ^ v ^ node;
                weights[*at] = weight;
                *at += 1;
            }
        }
        merge_parallel_edges(&mut offsets, &mut targets, &mut weights);

        let mut graph = Self {
            offsets,
            targets,
            weights,
            strengths: Vec::with_capacity(n),
            edge_count: 0,
            total_weight: 0.0,
        };
        for u in 0..n as u32 {
            let (mut strength, mut loops) = (0.0, 0.0);
            for (v, weight) in graph.neighbors(u) {
                strength += weight;
                if v == u {
                    loops = weight;
                }
            }
            graph.strengths.push(strength + loops);
        }
        graph.total_weight = graph.strengths.iter().sum::<f64>() / 2.0;
        if !graph.total_weight.is_finite() {
            return Err(Error::input("the sum of the edge weights is too large"));
        }
        let loops = (0..n as u32).filter(|&u| graph.self_loop(u) > 0.0).count();
        graph.edge_count = (graph.targets.len() + loops) / 2;
        Ok(graph)
    }

    /// The graph of any undirected petgraph graph, with the weight of each edge from `weight`.
    ///
    /// Node i is the node that petgraph's [`NodeIndexable::to_index`] gives i. Numbers that a stable
    /// graph no longer uses become nodes without edges.
    ///
    /// # Errors
    /// As [`from_edges`](Self::from_edges); "edge i" in a message is petgraph's i-th edge reference.
    ///
    /// # Complexity
    /// As [`from_edges`](Self::from_edges).
    ///
    /// ```
    /// use petgraph::graph::UnGraph;
    /// use themeweave::Graph;
    ///
    /// let mut network = UnGraph::<&str, u32>::default();
    /// let (tea, cup) = (network.add_node("tea"), network.add_node("cup"));
    /// network.add_edge(tea, cup, 3);
    /// let graph = Graph::from_petgraph(&network, |&count| f64::from(count))?;
    /// assert_eq!(graph.total_weight(), 3.0);
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn from_petgraph<G>(graph: G, weight: impl Fn(&G::EdgeWeight) -> f64) -> Result<Self>
    where
        G: IntoEdgeReferences + NodeIndexable + GraphProp<EdgeType = Undirected>,
    {
        let n = graph.node_bound();
        if n > u32::MAX as usize {
            return Err(too_many_nodes(n));
        }
        let index = |node| graph.to_index(node) as u32;
        let edges: Vec<_> = graph
            .edge_references()
            .map(|edge| (index(edge.source()), index(edge.target()), weight(edge.weight())))
            .collect();
        Self::from_edges(n, &edges)
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.strengths.len()
    }

    /// Number of pairs of nodes joined by an edge, self-loops included.
    pub fn edge_count(&self) -> usize {
        self.edge_count
    }

    /// The neighbors of `node` in ascending order, each with the weight of its edge; with a self-loop
    /// the node itself is among them. None if there is no such node.
    ///
    /// ```
    /// let graph = themeweave::Graph::from_edges(3, &[(2, 0, 1.0), (0, 0, 4.0)])?;
    /// assert_eq!(graph.neighbors(0).collect::<Vec<_>>(), [(0, 4.0), (2, 1.0)]);
    /// assert_eq!(graph.neighbors(1).len(), 0);
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn neighbors(&self, node: u32) -> impl ExactSizeIterator<Item = (u32, f64)> + Clone + '_ {
        let row = match (self.offsets.get(node as usize), self.offsets.get(node as usize + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        };
        self.targets[row.clone()].iter().copied().zip(self.weights[row].iter().copied())
    }

    /// Sum of the weights of a node's edges, at least 0; a self-loop counts twice. 0 for a node
    /// without edges and if there is no such node.
    pub fn strength(&self, node: u32) -> f64 {
        self.strengths.get(node as usize).copied().unwrap_or(0.0)
    }

    /// Sum of the weights of all edges, each counted once: half the sum of the strengths. 0 for a
    /// graph without edges.
    pub fn total_weight(&self) -> f64 {
        self.total_weight
    }

    /// Weight of the edge from `node` to itself, 0 if there is none. O(log of the row's length).
    pub fn self_loop(&self, node: u32) -> f64 {
        let row = self.neighbors(node);
        let start = self.offsets.get(node as usize).copied().unwrap_or(0);
        match self.targets[start..start + row.len()].binary_search(&node) {
            Ok(at) => self.weights[start + at],
            Err(_) => 0.0,
        }
    }

    /// The rows themselves: where each begins, the neighbors, the weights.
    pub(crate) fn rows(&self) -> (&[usize], &[u32], &[f64]) {
        (&self.offsets, &self.targets, &self.weights)
    }
}

fn too_many_nodes(n: usize) -> Error {
    Error::limit(format!("a graph of {n} nodes; at most {} are possible", u32::MAX))
}

/// The rows in which an edge stands: none without weight, one for a self-loop, else two.
fn ends(u: u32, v: u32, weight: f64) -> impl Iterator<Item = u32> {
    let rows = if weight == 0.0 {
        0
    } else if u == v {
        1
    } else {
        2
    };
    [u, v].into_iter().take(rows)
}

/// Sorts each row by neighbor and weight and adds up entries of the same neighbor, in place.
fn merge_parallel_edges(offsets: &mut [usize], targets: &mut Vec<u32>, weights: &mut Vec<f64>) {
    let mut row: Vec<(u32, f64)> = Vec::new();
    let (mut start, mut kept) = (0, 0);
    for end in offsets.iter_mut().skip(1) {
        row.clear();
        row.extend(targets[start..*end].iter().copied().zip(weights[start..*end].iter().copied()));
        if !row.is_sorted_by(|a, b| a.0 < b.0) {
            row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            row.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 += later.1;
                }
                same
            });
        }
        for &(target, weight) in &row {
            targets[kept] = target;
            weights[kept] = weight;
            kept += 1;
        }
        start = std::mem::replace(end, kept);
    }
    targets.truncate(kept);
    weights.truncate(kept);
}

#[cfg(test)]
mod tests {
    use petgraph::graph::UnGraph;
    use petgraph::graphmap::UnGraphMap;

    use super::*;
    use crate::error::ErrorKind;
    use crate::rng::Rng;

    #[test]
    fn loops_duplicates_and_zero_weights() {
        let edges = [(2, 0, 1.0), (1, 1, 3.0), (0, 2, 0.5), (0, 1, 0.0), (1, 2, 2.0)];
        let graph = Graph::from_edges(4, &edges).unwrap();
        let rows: Vec<Vec<_>> = (0..5).map(|u| graph.neighbors(u).collect()).collect();
        assert_eq!(
            rows,
            [vec![(2, 1.5)], vec![(1, 3.0), (2, 2.0)], vec![(0, 1.5), (1, 2.0)], vec![], vec![]]
        );
        assert_eq!((graph.node_count(), graph.edge_count(), graph.total_weight()), (4, 3, 6.5));
        assert_eq!([0, 1, 2, 3, 4].map(|u| graph.strength(u)), [1.5, 8.0, 3.5, 0.0, 0.0]);
        assert_eq!([0, 1, 4, u32::MAX].map(|u| graph.self_loop(u)), [0.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn order_of_edges_and_ends_is_of_no_consequence() {
        let mut rng = Rng::new(7);
        let mut edges: Vec<(u32, u32, f64)> =
            (0..400).map(|_| (rng.below(20) as u32, rng.below(20) as u32, rng.unit())).collect();
        let graph = Graph::from_edges(20, &edges).unwrap();
        for _ in 0..5 {
            rng.shuffle(&mut edges);
            for edge in &mut edges {
                if rng.below(2) == 0 {
                    *edge = (edge.1, edge.0, edge.2);
                }
            }
            assert_eq!(Graph::from_edges(20, &edges).unwrap(), graph);
        }
    }

    #[test]
    fn bad_edges_are_named() {
        for (edge, part) in [
            ((0, 3, 1.0), "edge 1 (0, 3): the graph has only 3 nodes"),
            ((0, 1, -1.0), "weight -1"),
            ((0, 1, f64::NAN), "weight NaN"),
            ((0, 1, f64::INFINITY), "weight inf"),
        ] {
            let error = Graph::from_edges(3, &[(0, 1, 1.0), edge]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(Graph::from_edges(2, &[(0, 1, f64::MAX), (0, 1, f64::MAX)]).is_err());
        assert_eq!(Graph::from_edges(usize::MAX, &[]).unwrap_err().kind(), ErrorKind::Limit);
    }

    #[test]
    fn empty_graph() {
        let graph = Graph::from_edges(0, &[]).unwrap();
        assert_eq!((graph.node_count(), graph.edge_count(), graph.total_weight()), (0, 0, 0.0));
    }

    #[test]
    fn every_undirected_petgraph_graph() {
        let edges = [(0, 2, 1.0), (2, 1, 2.0), (1, 1, 4.0)];
        let expected = Graph::from_edges(3, &edges).unwrap();
        let plain = UnGraph::<(), f64>::from_edges(edges);
        assert_eq!(Graph::from_petgraph(&plain, |&weight| weight).unwrap(), expected);

        let mut map = UnGraphMap::<u32, f64>::new();
        for node in [10, 11, 12] {
            map.add_node(node);
        }
        for (u, v, weight) in edges {
            map.add_edge(u + 10, v + 10, weight);
        }
        assert_eq!(Graph::from_petgraph(&map, |&weight| weight).unwrap(), expected);
        assert!(Graph::from_petgraph(&map, |_| f64::NAN).is_err());
    }
}
