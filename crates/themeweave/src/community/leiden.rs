//! The Leiden algorithm: local moving, refinement, aggregation, and again.

mod local_moving;
mod network;
mod refinement;

use self::local_moving::move_nodes;
use self::network::{Network, Tally};
use self::refinement::refine;
use crate::community::partition::connected_parts;
use crate::community::quality::check_size;
use crate::community::{Partition, Quality};
use crate::error::Result;
use crate::graph::Graph;
use crate::rng::Rng;

/// Finds communities with the Leiden algorithm of Traag, Waltman and van Eck (2019), "From Louvain to
/// Leiden: guaranteeing well-connected communities".
///
/// An iteration goes up through levels of ever smaller networks. On each level
///
/// 1. nodes move one by one to the community where they add most to the quality, and the neighbors
///    of a moved node are looked at again, until none wants to move;
/// 2. each community is refined: its nodes start alone again and merge at random, better merges being
///    likelier (by e^(gain/θ), θ = 0.01 mean edge weights), into parts well connected to the rest;
/// 3. the parts become the nodes of the next level, grouped as after step 1.
///
/// The next iteration starts from the result. At the end communities that are not connected, which a
/// start partition or rounding can leave, are split into their components.
///
/// # Guarantees
/// Every community is connected. No iteration lowers the quality, nor does splitting, up to rounding
/// errors. A node without neighbors is alone. The same graph, quality, seed and number of iterations
/// give the same partition on every machine.
///
/// # Complexity
/// About O(m) for each iteration on m edges. Besides the graph it needs memory for its nodes and for
/// the links of two levels, usually far fewer than the graph has.
///
/// ```
/// use themeweave::{Graph, Leiden, Quality};
///
/// // Two triangles, joined by one edge.
/// let edges = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)].map(|(u, v)| (u, v, 1.0));
/// let graph = Graph::from_edges(6, &edges)?;
/// let partition = Leiden::new(Quality::Modularity { resolution: 1.0 }, 1).find_partition(&graph)?;
/// assert_eq!(partition.membership(), [0, 0, 0, 1, 1, 1]);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Leiden {
    quality: Quality,
    seed: u64,
    iterations: u32,
}

impl Leiden {
    /// A search for the partition of the greatest `quality`, with random choices from `seed`: at most
    /// 10 iterations, fewer when one changes nothing.
    pub fn new(quality: Quality, seed: u64) -> Self {
        Self { quality, seed, iterations: 10 }
    }

    /// Sets the greatest number of iterations. The first finds most of the quality; with 0 the start
    /// partition is only split into connected communities.
    pub fn iterations(self, n: u32) -> Self {
        Self { iterations: n, ..self }
    }

    /// The communities of `graph`, starting from each node alone.
    ///
    /// # Errors
    /// [`ErrorKind::Options`](crate::ErrorKind::Options) for a resolution that is negative or not
    /// finite.
    pub fn find_partition(&self, graph: &Graph) -> Result<Partition> {
        let alone = (0..graph.node_count() as u32).collect();
        self.find_partition_from(graph, &Partition::from_membership(alone))
    }

    /// The communities of `graph`, starting from `initial`; the result is no worse, up to rounding
    /// errors.
    ///
    /// # Errors
    /// As [`find_partition`](Self::find_partition), and
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if `initial` has another number of nodes.
    ///
    /// ```
    /// use themeweave::{Graph, Leiden, Partition, Quality};
    ///
    /// let graph = Graph::from_edges(4, &[(0, 1, 1.0), (2, 3, 1.0)])?;
    /// let leiden = Leiden::new(Quality::Cpm { resolution: 0.1 }, 1);
    /// let together = Partition::from_membership(vec![0; 4]);
    /// assert_eq!(leiden.find_partition_from(&graph, &together)?.membership(), [0, 0, 1, 1]);
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn find_partition_from(&self, graph: &Graph, initial: &Partition) -> Result<Partition> {
        let resolution = self.quality.resolution()?;
        check_size(graph, initial.membership())?;
        let mut rng = Rng::new(self.seed);
        let mut tally = Tally::new(graph.node_count());
        let mut partition = initial.clone();
        let network = match self.quality {
            Quality::Modularity { .. } => Network::of_strengths(graph, resolution),
            Quality::Cpm { .. } => Network::of_sizes(graph, resolution),
        };
        for _ in 0..self.iterations {
            let improved = iterate(&network, partition.membership().to_vec(), &mut tally, &mut rng);
            let improved = Partition::from_membership(improved);
            if improved == partition {
                break;
            }
            partition = improved;
        }
        Ok(connected_parts(graph, partition.membership()))
    }
}

/// One iteration of the algorithm: the improved communities of the nodes of `first`.
fn iterate(first: &Network<'_>, mut communities: Vec<u32>, tally: &mut Tally, rng: &mut Rng) -> Vec<u32> {
    // For each node of the first level, the node of this level that holds it.
    let mut holders: Vec<u32> = (0..communities.len() as u32).collect();
    let mut coarse: Option<Network<'static>> = None;
    loop {
        let network = coarse.as_ref().unwrap_or(first);
        move_nodes(network, &mut communities, tally, rng);
        let (parts, part_count) = refine(network, &communities, tally, rng);
        if part_count == network.len() {
            return holders.iter().map(|&holder| communities[holder as usize]).collect();
        }
        coarse = Some(network.aggregate(&parts, part_count, tally));
        for holder in &mut holders {
            *holder = parts[*holder as usize];
        }
        let mut of_parts = vec![0; part_count];
        for (&part, &community) in parts.iter().zip(&communities) {
            of_parts[part as usize] = community;
        }
        communities = of_parts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULARITY: Quality = Quality::Modularity { resolution: 1.0 };

    /// Zachary's karate club (1977): the members with higher numbers that each member met outside it.
    const KARATE: [&[u32]; 33] = [
        &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
        &[2, 3, 7, 13, 17, 19, 21, 30],
        &[3, 7, 8, 9, 13, 27, 28, 32],
        &[7, 12, 13],
        &[6, 10],
        &[6, 10, 16],
        &[16],
        &[],
        &[30, 32, 33],
        &[33],
        &[],
        &[],
        &[],
        &[33],
        &[32, 33],
        &[32, 33],
        &[],
        &[],
        &[32, 33],
        &[33],
        &[32, 33],
        &[],
        &[32, 33],
        &[25, 27, 29, 32, 33],
        &[25, 27, 31],
        &[31],
        &[29, 33],
        &[33],
        &[31, 33],
        &[32, 33],
        &[32, 33],
        &[32, 33],
        &[33],
    ];

    fn karate() -> Graph {
        let edges: Vec<_> =
            (0..).zip(KARATE).flat_map(|(u, row)| row.iter().map(move |&v| (u, v, 1.0))).collect();
        assert_eq!(edges.len(), 78);
        Graph::from_edges(34, &edges).unwrap()
    }

    /// Between `first` and `first + size`, every pair.
    fn clique(first: u32, size: u32) -> impl Iterator<Item = (u32, u32, f64)> {
        (first..first + size).flat_map(move |u| (u + 1..first + size).map(move |v| (u, v, 1.0)))
    }

    /// A random graph with groups, loops, isolated nodes and weights of all sizes.
    fn random_edges(n: usize, rng: &mut Rng) -> Vec<(u32, u32, f64)> {
        let groups = 1 + rng.below(6);
        (0..rng.below(4 * n + 1))
            .filter_map(|_| {
                let (u, v) = (rng.below(n), rng.below(n));
                let weight = (1.0 - rng.unit()) * [1e-3, 1.0, 1.0, 50.0][rng.below(4)];
                (u % groups == v % groups || rng.below(5) == 0).then_some((u as u32, v as u32, weight))
            })
            .collect()
    }

    fn random_quality(rng: &mut Rng) -> Quality {
        let resolution = [0.0, 0.1, 0.7, 1.0, 3.0][rng.below(5)];
        if rng.below(2) == 0 { Quality::Modularity { resolution } } else { Quality::Cpm { resolution } }
    }

    fn random_partition(n: usize, rng: &mut Rng) -> Partition {
        let count = 1 + rng.below(n);
        Partition::from_membership((0..n).map(|_| rng.below(count) as u32).collect())
    }

    #[track_caller]
    fn assert_not_below(value: f64, floor: f64) {
        assert!(value >= floor - 1e-9 * floor.abs().max(1.0), "{value} is below {floor}");
    }

    #[test]
    fn karate_club() {
        let graph = karate();
        let values: Vec<f64> = (0..20)
            .map(|seed| Leiden::new(MODULARITY, seed).find_partition(&graph).unwrap())
            .map(|partition| MODULARITY.value(&graph, &partition).unwrap())
            .collect();
        // The optimum is known: 0.419790.
        let best = values.iter().copied().fold(0.0, f64::max);
        assert!((best - 0.419_789_612_097_304_4).abs() < 1e-12, "{best}");
        assert!(values.iter().all(|&value| value > 0.41), "{values:?}");
    }

    #[test]
    fn cliques() {
        let two: Vec<_> = clique(0, 5).chain(clique(5, 4)).chain([(4, 5, 1.0)]).collect();
        let graph = Graph::from_edges(9, &two).unwrap();
        let found = Leiden::new(MODULARITY, 5).find_partition(&graph).unwrap();
        assert_eq!(found.membership(), [0, 0, 0, 0, 0, 1, 1, 1, 1]);

        // Ten cliques of six in a ring; at a resolution near 0 neighboring cliques go together.
        let ring = (0..10).flat_map(|i| clique(6 * i, 6).chain([(6 * i, (6 * i + 9) % 60, 1.0)]));
        let graph = Graph::from_edges(60, &ring.collect::<Vec<_>>()).unwrap();
        let expected: Vec<u32> = (0..60).map(|node| node / 6).collect();
        for quality in [MODULARITY, Quality::Cpm { resolution: 0.5 }] {
            for seed in 0..10 {
                let found = Leiden::new(quality, seed).find_partition(&graph).unwrap();
                assert_eq!(found.membership(), expected);
            }
        }
        let coarse = Leiden::new(Quality::Modularity { resolution: 0.1 }, 1).find_partition(&graph).unwrap();
        assert!(coarse.community_count() <= 5);
        let whole = Leiden::new(Quality::Cpm { resolution: 0.0 }, 1).find_partition(&graph).unwrap();
        assert_eq!(whole.community_count(), 1);
    }

    #[test]
    fn laws_hold_on_random_graphs() {
        let mut rng = Rng::new(11);
        for round in 0..300 {
            let n = 1 + rng.below(80);
            let graph = Graph::from_edges(n, &random_edges(n, &mut rng)).unwrap();
            let quality = random_quality(&mut rng);
            let initial = random_partition(n, &mut rng);
            let mut value = quality.value(&graph, &initial).unwrap();
            for iterations in 0..4 {
                let leiden = Leiden::new(quality, round).iterations(iterations);
                let found = leiden.find_partition_from(&graph, &initial).unwrap();
                assert_eq!(leiden.find_partition_from(&graph, &initial).unwrap(), found);
                assert_eq!(found.membership().len(), n);
                assert_eq!(connected_parts(&graph, found.membership()), found);
                for u in 0..n as u32 {
                    let alone = found.sizes()[found.membership()[u as usize] as usize] == 1;
                    assert!(alone || graph.neighbors(u).any(|(v, _)| v != u), "isolated, yet not alone");
                }
                let next = quality.value(&graph, &found).unwrap();
                assert_not_below(next, value);
                value = next;
            }
        }
    }

    #[test]
    fn no_single_move_improves_a_stable_partition() {
        let mut rng = Rng::new(12);
        for seed in 0..20 {
            let graph = Graph::from_edges(40, &random_edges(40, &mut rng)).unwrap();
            let found = Leiden::new(MODULARITY, seed).iterations(1000).find_partition(&graph).unwrap();
            let value = MODULARITY.value(&graph, &found).unwrap();
            for node in 0..40 {
                for community in 0..=found.community_count() as u32 {
                    let mut moved = found.membership().to_vec();
                    moved[node] = community;
                    let moved = Partition::from_membership(moved);
                    assert_not_below(value, MODULARITY.value(&graph, &moved).unwrap());
                }
            }
        }
    }

    #[test]
    fn names_of_nodes_and_unit_of_weights_are_of_no_consequence() {
        let mut rng = Rng::new(13);
        for seed in 0..20 {
            let clear = (0..6).flat_map(|i| clique(5 * i, 5)).chain((0..5).map(|i| (5 * i, 5 * i + 5, 0.5)));
            let clear: Vec<_> = clear.collect();
            let mut names: Vec<u32> = (0..30).collect();
            rng.shuffle(&mut names);
            let renamed: Vec<_> =
                clear.iter().map(|&(u, v, w)| (names[u as usize], names[v as usize], w)).collect();
            let leiden = Leiden::new(MODULARITY, seed);
            let found = leiden.find_partition(&Graph::from_edges(30, &clear).unwrap()).unwrap();
            let same = leiden.find_partition(&Graph::from_edges(30, &renamed).unwrap()).unwrap();
            let back = names.iter().map(|&name| same.membership()[name as usize]).collect();
            assert_eq!(Partition::from_membership(back), found);

            let edges = random_edges(60, &mut rng);
            let scaled: Vec<_> = edges.iter().map(|&(u, v, w)| (u, v, w * 1024.0)).collect();
            let graph = Graph::from_edges(60, &edges).unwrap();
            let scaled = Graph::from_edges(60, &scaled).unwrap();
            assert_eq!(leiden.find_partition(&graph).unwrap(), leiden.find_partition(&scaled).unwrap());
        }
    }

    #[test]
    fn aggregation_keeps_the_quality() {
        let mut rng = Rng::new(14);
        // Sum over pairs in one community of weight minus pull.
        let value = |network: &Network<'_>, communities: &[u32]| {
            let mut sum = 0.0;
            for u in 0..network.len() as u32 {
                let together = |&(v, _): &(u32, f64)| communities[v as usize] == communities[u as usize];
                sum += network.neighbors(u).filter(together).map(|(_, weight)| weight).sum::<f64>() / 2.0;
                for v in (0..u).filter(|&v| together(&(v, 0.0))) {
                    sum -= network.pull(network.masses()[u as usize]) * network.masses()[v as usize];
                }
            }
            sum
        };
        for _ in 0..100 {
            let n = 1 + rng.below(50);
            let graph = Graph::from_edges(n, &random_edges(n, &mut rng)).unwrap();
            let mut tally = Tally::new(n);
            for network in [Network::of_strengths(&graph, 0.8), Network::of_sizes(&graph, 0.3)] {
                let parts = random_partition(n, &mut rng);
                let coarse = network.aggregate(parts.membership(), parts.community_count(), &mut tally);
                let above = random_partition(coarse.len(), &mut rng);
                let below: Vec<u32> =
                    parts.membership().iter().map(|&part| above.membership()[part as usize]).collect();
                let gained = value(&network, &below) - value(&network, parts.membership());
                let total = graph.total_weight();
                assert!((value(&coarse, above.membership()) - gained).abs() <= 1e-9 * total.max(1.0));
            }
        }
    }

    #[test]
    fn refined_parts_stay_inside_communities() {
        let mut rng = Rng::new(15);
        for _ in 0..100 {
            let n = 1 + rng.below(60);
            let graph = Graph::from_edges(n, &random_edges(n, &mut rng)).unwrap();
            let network = Network::of_strengths(&graph, 1.0);
            let communities = random_partition(n, &mut rng);
            let (parts, count) = refine(&network, communities.membership(), &mut Tally::new(n), &mut rng);
            let mut community_of = vec![None; count];
            for (&part, &community) in parts.iter().zip(communities.membership()) {
                assert_eq!(*community_of[part as usize].get_or_insert(community), community);
            }
            let parts = Partition::from_membership(parts);
            assert_eq!(connected_parts(&graph, parts.membership()), parts);
        }
    }

    #[test]
    fn odd_input_is_an_error_or_has_a_result() {
        let empty = Graph::from_edges(0, &[]).unwrap();
        assert_eq!(Leiden::new(MODULARITY, 1).find_partition(&empty).unwrap(), Partition::default());
        let isolated = Graph::from_edges(3, &[(1, 1, 2.0)]).unwrap();
        assert_eq!(Leiden::new(MODULARITY, 1).find_partition(&isolated).unwrap().membership(), [0, 1, 2]);
        assert!(Leiden::new(MODULARITY, 1).find_partition_from(&isolated, &Partition::default()).is_err());
        for resolution in [f64::NAN, f64::INFINITY, -0.5] {
            assert!(Leiden::new(Quality::Cpm { resolution }, 1).find_partition(&isolated).is_err());
        }
        let mut rng = Rng::new(16);
        for seed in 0..200 {
            let edges: Vec<_> = (0..60)
                .map(|_| {
                    let weight = [5e-324, 1e-300, 1.0, 1e16, 1e300][rng.below(5)];
                    (rng.below(12) as u32, rng.below(12) as u32, weight * rng.unit())
                })
                .collect();
            let graph = Graph::from_edges(12, &edges).unwrap();
            for quality in [
                MODULARITY,
                Quality::Cpm { resolution: f64::MAX },
                Quality::Modularity { resolution: f64::MAX },
            ] {
                let found = Leiden::new(quality, seed).find_partition(&graph).unwrap();
                assert_eq!(connected_parts(&graph, found.membership()), found);
            }
        }
    }
}
