//! How good a partition is.

use crate::community::Partition;
use crate::error::{Error, Result};
use crate::graph::Graph;

/// What a good partition is: the number that [`Leiden`](crate::Leiden) makes as large as it can.
///
/// A higher resolution gives more and smaller communities; it must be finite and at least 0, and at 0
/// every connected component is a community.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Quality {
    /// More weight inside than expected from the nodes' strengths: Newman and Girvan (2004), with the
    /// resolution of Reichardt and Bornholdt (2006). In −resolution..=1, as in igraph.
    Modularity {
        /// γ, without unit; 1 is the usual value.
        resolution: f64,
    },
    /// The constant Potts model of Traag, Van Dooren and Nesterov (2011): weight inside above what a
    /// fixed density of links would give. In the unit of weights, of any size; leidenalg reports twice it.
    Cpm {
        /// γ, in weight per pair of nodes: links inside a community have a larger mean weight, taken
        /// over all its pairs, and links between two communities a smaller one.
        resolution: f64,
    },
}

impl Quality {
    /// The quality of `partition` on `graph`.
    ///
    /// With w the weight of the edges inside a community, self-loops included, K the sum of its nodes'
    /// strengths, n its number of nodes and m the weight of all edges, summed over communities:
    ///
    /// - modularity: Σ w/m − γ·(K/2m)². 0 when no more weight is inside than expected, and for a graph
    ///   without edges.
    /// - CPM: Σ w − γ·n·(n − 1)/2. 0 when no two nodes are together and there are no self-loops.
    ///
    /// # Errors
    /// [`ErrorKind::Options`](crate::ErrorKind::Options) for a resolution that is negative or not
    /// finite, [`ErrorKind::Input`](crate::ErrorKind::Input) for a partition of another number of nodes.
    ///
    /// # Complexity
    /// O(n + m) for n nodes and m edges.
    ///
    /// ```
    /// use themeweave::{Graph, Partition, Quality};
    ///
    /// let two_pairs = Graph::from_edges(4, &[(0, 1, 1.0), (2, 3, 1.0)])?;
    /// let pairs = Partition::from_membership(vec![0, 0, 1, 1]);
    /// assert_eq!(Quality::Modularity { resolution: 1.0 }.value(&two_pairs, &pairs)?, 0.5);
    /// assert_eq!(Quality::Cpm { resolution: 0.25 }.value(&two_pairs, &pairs)?, 1.5);
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn value(&self, graph: &Graph, partition: &Partition) -> Result<f64> {
        let gamma = self.resolution()?;
        let membership = partition.membership();
        check_size(graph, membership)?;
        let mut inside = vec![0.0; partition.community_count()];
        let mut strength = vec![0.0; partition.community_count()];
        for (u, &community) in membership.iter().enumerate() {
            let within: f64 = (graph.neighbors(u as u32))
                .filter(|&(v, _)| v as usize <= u && membership[v as usize] == community)
                .map(|(_, weight)| weight)
                .sum();
            inside[community as usize] += within;
            strength[community as usize] += graph.strength(u as u32);
        }
        let total = graph.total_weight();
        Ok(match self {
            Self::Modularity { .. } if total == 0.0 => 0.0,
            Self::Modularity { .. } => (inside.iter().zip(&strength))
                .map(|(inside, strength)| inside / total - gamma * (strength / (2.0 * total)).powi(2))
                .sum(),
            Self::Cpm { .. } => (inside.iter().zip(partition.sizes()))
                .map(|(inside, &size)| inside - gamma * (size as f64 * (size as f64 - 1.0) / 2.0))
                .sum(),
        })
    }

    /// The resolution, if it is one.
    pub(super) fn resolution(&self) -> Result<f64> {
        let (Self::Modularity { resolution } | Self::Cpm { resolution }) = *self;
        if resolution.is_finite() && resolution >= 0.0 {
            Ok(resolution)
        } else {
            Err(Error::options(format!("resolution {resolution} is not a finite number of at least 0")))
        }
    }
}

/// An error unless there is one label for each node.
pub(super) fn check_size(graph: &Graph, membership: &[u32]) -> Result<()> {
    if membership.len() == graph.node_count() {
        Ok(())
    } else {
        Err(Error::input(format!(
            "a partition of {} nodes for a graph of {}",
            membership.len(),
            graph.node_count()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_hand() {
        // A triangle 0-1-2 of weight 1 each and a loop of weight 2 on node 3, joined 2-3 with weight 1.
        let edges = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 3, 2.0), (2, 3, 1.0)];
        let graph = Graph::from_edges(4, &edges).unwrap();
        let partition = Partition::from_membership(vec![0, 0, 0, 1]);
        // m = 6; inside 3 and 2; strengths 2 + 2 + 3 = 7 and 2·2 + 1 = 5; (7/12)² + (5/12)² = 74/144.
        let modularity = Quality::Modularity { resolution: 1.0 }.value(&graph, &partition).unwrap();
        assert!((modularity - (5.0 / 6.0 - 74.0 / 144.0)).abs() < 1e-15);
        // 3 − 0.5·3 + 2 − 0
        assert_eq!(Quality::Cpm { resolution: 0.5 }.value(&graph, &partition).unwrap(), 3.5);
        let whole = Partition::from_membership(vec![0; 4]);
        assert_eq!(Quality::Modularity { resolution: 1.0 }.value(&graph, &whole).unwrap(), 0.0);
    }

    #[test]
    fn edge_cases() {
        let none = Graph::from_edges(0, &[]).unwrap();
        let isolated = Graph::from_edges(2, &[]).unwrap();
        let pair = Partition::from_membership(vec![0, 0]);
        let quality = Quality::Modularity { resolution: 1.0 };
        assert_eq!(quality.value(&none, &Partition::default()).unwrap(), 0.0);
        assert_eq!(quality.value(&isolated, &pair).unwrap(), 0.0);
        assert!(quality.value(&none, &pair).is_err());
        for resolution in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(Quality::Cpm { resolution }.value(&isolated, &pair).is_err());
        }
    }
}
