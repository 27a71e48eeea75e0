//! Laws of graphs, partitions and measures.

use proptest::collection::vec;
use proptest::prelude::*;
use themeweave::{
    AssociationMeasure, Contingency, Disc, Graph, Leiden, Partition, Quality, Rng, benjamini_hochberg,
    chi2_sf_1, disc_radius, g2, hypergeometric_sf, layout,
};

const MODULARITY: Quality = Quality::Modularity { resolution: 1.0 };

fn any_edges() -> impl Strategy<Value = (usize, Vec<(u32, u32, f64)>)> {
    (1_usize..40).prop_flat_map(|n| {
        let weight = prop_oneof![Just(0.0), Just(1.0), 1e-3..10.0, Just(1e12)];
        (Just(n), vec((0..n as u32, 0..n as u32, weight), 0..4 * n))
    })
}

fn any_quality() -> impl Strategy<Value = Quality> {
    (any::<bool>(), prop_oneof![Just(0.0), 0.01..4.0]).prop_map(|(modularity, resolution)| {
        if modularity { Quality::Modularity { resolution } } else { Quality::Cpm { resolution } }
    })
}

/// Nodes of a community that its first node reaches without leaving it.
fn reached(graph: &Graph, members: &[u32]) -> usize {
    let mut seen = vec![members[0]];
    let mut at = 0;
    while let Some(&node) = seen.get(at) {
        for (next, _) in graph.neighbors(node) {
            if members.contains(&next) && !seen.contains(&next) {
                seen.push(next);
            }
        }
        at += 1;
    }
    seen.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn communities_are_connected_and_cover_every_node_once(
        (n, edges) in any_edges(),
        quality in any_quality(),
        seed in any::<u64>(),
        iterations in 0_u32..4,
    ) {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let leiden = Leiden::new(quality, seed).iterations(iterations);
        let found = leiden.find_partition(&graph).unwrap();
        prop_assert_eq!(found.membership().len(), n);
        prop_assert_eq!(found.sizes().iter().sum::<usize>(), n);
        prop_assert!(found.sizes().is_sorted_by(|a, b| a >= b));
        let mut covered: Vec<u32> = found.members().concat();
        covered.sort_unstable();
        prop_assert_eq!(covered, (0..n as u32).collect::<Vec<_>>());
        for members in found.members() {
            prop_assert_eq!(reached(&graph, &members), members.len());
        }
        prop_assert_eq!(leiden.find_partition(&graph).unwrap(), found);
    }

    #[test]
    fn leiden_is_no_worse_than_where_it_starts((n, edges) in any_edges(), quality in any_quality(), labels in vec(0_u32..6, 40)) {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let start = Partition::from_membership(labels[..n].to_vec());
        let found = Leiden::new(quality, 1).find_partition_from(&graph, &start).unwrap();
        let [before, after] = [&start, &found].map(|partition| quality.value(&graph, partition).unwrap());
        prop_assert!(after >= before - 1e-9 * before.abs().max(1.0), "{after} < {before}");
    }

    #[test]
    fn modularity_is_in_range((n, edges) in any_edges(), labels in vec(any::<u32>(), 40)) {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let value = MODULARITY.value(&graph, &Partition::from_membership(labels[..n].to_vec())).unwrap();
        prop_assert!((-0.5 - 1e-12..=1.0).contains(&value), "{value}");
    }

    #[test]
    fn a_graph_adds_up((n, edges) in any_edges()) {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let total: f64 = edges.iter().map(|edge| edge.2).sum();
        prop_assert!((graph.total_weight() - total).abs() <= 1e-9 * total.max(1.0));
        for u in 0..n as u32 {
            for (v, weight) in graph.neighbors(u) {
                prop_assert!(graph.neighbors(v).any(|(back, same)| (back, same) == (u, weight)));
            }
        }
    }

    #[test]
    fn places_are_in_the_square_and_no_discs_overlap((n, edges) in any_edges(), seed in any::<u64>()) {
        let discs: Vec<Disc> =
            (0..n).map(|i| Disc { size: 0.2 + 0.8 * (i % 7) as f64 / 7.0, group: (i % 5 > 0).then_some(i % 3) }).collect();
        let places = layout(&Graph::from_edges(n, &edges).unwrap(), &discs, seed);
        prop_assert!(places.iter().flatten().all(|x| (-1.0..=1.0).contains(x)));
        let unit = disc_radius(&discs);
        for (i, a) in places.iter().enumerate() {
            for (j, b) in places[..i].iter().enumerate() {
                let distance = ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt();
                prop_assert!(distance > unit * (discs[i].size + discs[j].size), "{i} {j} {distance}");
            }
        }
    }

    #[test]
    fn measures_take_any_counts(both in any::<u64>(), a in any::<u64>(), b in any::<u64>(), n in any::<u64>(), small in any::<bool>()) {
        let [both, a, b, n] = [both, a, b, n].map(|count| if small { count % 1000 } else { count });
        let is_possible = Contingency::new(both, a, b, n).is_ok();
        let table = Contingency { both, a, b, n };
        if small || !is_possible {
            let p = hypergeometric_sf(table);
            prop_assert!((0.0..=1.0).contains(&p), "{table:?} {p}");
        }
        for measure in AssociationMeasure::ALL {
            let score = measure.score(table);
            prop_assert!(!is_possible || score.is_finite(), "{measure} {table:?} {score}");
        }
        prop_assert!(!is_possible || g2(table) >= 0.0);
    }

    #[test]
    fn tails_are_probabilities(x in any::<f64>(), p in vec(any::<f64>(), 0..20)) {
        prop_assert!((0.0..=1.0).contains(&chi2_sf_1(x)));
        let q = benjamini_hochberg(&p);
        prop_assert_eq!(q.len(), p.len());
        for (p, q) in p.iter().zip(&q) {
            prop_assert!((0.0..=1.0).contains(q) && (p.is_nan() || *q >= p.clamp(0.0, 1.0) * (1.0 - 1e-12)));
        }
    }

    #[test]
    fn random_numbers_stay_below_their_bound(seed in any::<u64>(), bound in any::<usize>()) {
        let mut rng = Rng::new(seed);
        for _ in 0..20 {
            prop_assert!(rng.below(bound) < bound.max(1));
            prop_assert!((0.0..1.0).contains(&rng.unit()));
        }
    }

    #[test]
    fn names_of_communities_are_of_no_consequence(labels in vec(any::<u32>(), 0..30)) {
        let partition = Partition::from_membership(labels.clone());
        let flipped = Partition::from_membership(labels.iter().map(|label| !label).collect());
        prop_assert_eq!(partition, flipped);
    }
}
