//! A division of nodes into communities.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::graph::Graph;

/// A division of the nodes 0..n into communities: every node is in exactly one.
///
/// Communities are numbered from 0 by falling size, those of equal size by their smallest node. Two
/// partitions are equal exactly when they group the nodes in the same way.
///
/// ```
/// use themeweave::Partition;
///
/// let partition = Partition::from_membership(vec![7, 2, 2, 9, 2]);
/// assert_eq!(partition.membership(), [1, 0, 0, 2, 0]);
/// assert_eq!(partition.members(), [vec![1, 2, 4], vec![0], vec![3]]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partition {
    membership: Vec<u32>,
    sizes: Vec<usize>,
}

impl Partition {
    /// The partition that puts two nodes together exactly where `membership` has the same label for
    /// both. Labels may be any numbers; they are replaced by the numbering of [`Partition`].
    ///
    /// # Complexity
    /// O(n + k log k) for n nodes in k communities.
    pub fn from_membership(mut membership: Vec<u32>) -> Self {
        let mut by_label = FxHashMap::default();
        let mut sizes: Vec<usize> = Vec::new();
        for label in &mut membership {
            let first_seen = *by_label.entry(*label).or_insert(sizes.len() as u32);
            if first_seen as usize == sizes.len() {
                sizes.push(0);
            }
            sizes[first_seen as usize] += 1;
            *label = first_seen;
        }
        let mut falling: Vec<u32> = (0..sizes.len() as u32).collect();
        falling.sort_by_key(|&community| Reverse(sizes[community as usize]));
        let mut rank = vec![0; sizes.len()];
        for (number, &community) in falling.iter().enumerate() {
            rank[community as usize] = number as u32;
        }
        for label in &mut membership {
            *label = rank[*label as usize];
        }
        sizes.sort_unstable_by_key(|&size| Reverse(size));
        Self { membership, sizes }
    }

    /// The community of each node.
    pub fn membership(&self) -> &[u32] {
        &self.membership
    }

    /// Number of communities; 0 only without nodes.
    pub fn community_count(&self) -> usize {
        self.sizes.len()
    }

    /// Number of nodes of each community, falling, each at least 1.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The nodes of each community, in ascending order.
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members: Vec<Vec<u32>> = self.sizes.iter().map(|&size| Vec::with_capacity(size)).collect();
        for (node, &community) in self.membership.iter().enumerate() {
            members[community as usize].push(node as u32);
        }
        members
    }
}

/// The partition in which two nodes are together exactly where a path of nodes of equal labels joins
/// them: the connected components of `graph` if all labels are equal. There must be a label for each
/// node. O(n + m) for m edges.
pub(crate) fn connected_parts(graph: &Graph, labels: &[u32]) -> Partition {
    let mut parts: Vec<Option<u32>> = vec![None; labels.len()];
    let mut reached = Vec::new();
    for start in 0..labels.len() as u32 {
        if parts[start as usize].is_none() {
            parts[start as usize] = Some(start);
            reached.push(start);
        }
        while let Some(u) = reached.pop() {
            for (v, _) in graph.neighbors(u) {
                if parts[v as usize].is_none() && labels[v as usize] == labels[u as usize] {
                    parts[v as usize] = Some(start);
                    reached.push(v);
                }
            }
        }
    }
    Partition::from_membership(parts.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn numbered_by_falling_size_then_smallest_node() {
        let partition = Partition::from_membership(vec![5, u32::MAX, 5, 1, u32::MAX, 0, 9, 9, 9]);
        assert_eq!(partition.membership(), [1, 2, 1, 3, 2, 4, 0, 0, 0]);
        assert_eq!(partition.sizes(), [3, 2, 2, 1, 1]);
        assert_eq!(partition.community_count(), 5);
        assert_eq!(Partition::from_membership(vec![]), Partition::default());
    }

    #[test]
    fn parts_are_joined_by_paths_of_equal_labels() {
        let path = Graph::from_edges(6, &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (4, 4, 1.0)]).unwrap();
        assert_eq!(connected_parts(&path, &[0; 6]).membership(), [0, 0, 0, 0, 1, 2]);
        assert_eq!(connected_parts(&path, &[7, 7, 5, 7, 5, 7]).membership(), [0, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn labels_are_of_no_consequence() {
        let mut rng = Rng::new(3);
        for n in 1..60 {
            let labels: Vec<u32> = (0..n).map(|_| rng.below(8) as u32).collect();
            let mut names: Vec<u32> = (0..8).collect();
            rng.shuffle(&mut names);
            let renamed = labels.iter().map(|&label| names[label as usize]).collect();
            let partition = Partition::from_membership(labels);
            assert_eq!(Partition::from_membership(renamed), partition);
            assert_eq!(Partition::from_membership(partition.membership().to_vec()), partition);
            assert_eq!(partition.members().iter().map(Vec::len).collect::<Vec<_>>(), partition.sizes());
            assert_eq!(partition.sizes().iter().sum::<usize>(), n);
        }
    }
}
