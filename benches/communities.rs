//! Communities and layout of graphs with planted groups.
//!
//! Before the times it prints what is found: modularity beside that of the planted groups. Every timed
//! round checks that it is no worse.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "quality belongs beside time")]

use divan::Bencher;
use divan::counter::ItemsCount;
use themeweave::{Graph, Leiden, Partition, Quality, Rng, layout};

const QUALITY: Quality = Quality::Modularity { resolution: 1.0 };

/// Numbers of nodes; each has ten links, and a group has 50 nodes.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const LINKS: usize = 10;
const GROUP: usize = 50;

fn main() {
    println!("{:>8} {:>9} {:>8} {:>8}   groups found", "nodes", "links", "planted", "found");
    for size in SIZES {
        let (graph, planted) = planted_groups(size);
        let found = Leiden::new(QUALITY, 1).find_partition(&graph).unwrap();
        let [of_planted, of_found] =
            [&planted, &found].map(|partition| QUALITY.value(&graph, partition).unwrap());
        println!(
            "{size:>8} {:>9} {of_planted:>8.4} {of_found:>8.4}   {} of {}",
            graph.edge_count(),
            found.community_count(),
            planted.community_count()
        );
    }
    println!();
    divan::main();
}

/// A graph in which seven of ten links stay in their group, and the groups.
fn planted_groups(nodes: usize) -> (Graph, Partition) {
    let mut rng = Rng::new(42);
    let mut edges = Vec::with_capacity(nodes * LINKS / 2);
    for node in 0..nodes {
        for _ in 0..LINKS / 2 {
            let is_inside = rng.below(10) < 7;
            let other = if is_inside { node / GROUP * GROUP + rng.below(GROUP) } else { rng.below(nodes) };
            if other != node {
                edges.push((node as u32, other as u32, 0.5 + rng.unit()));
            }
        }
    }
    let graph = Graph::from_edges(nodes, &edges).unwrap();
    (graph, Partition::from_membership((0..nodes).map(|node| (node / GROUP) as u32).collect()))
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn leiden(bencher: Bencher<'_, '_>, size: usize) {
    let (graph, planted) = planted_groups(size);
    let least = 0.95 * QUALITY.value(&graph, &planted).unwrap();
    bencher.counter(ItemsCount::new(graph.edge_count())).bench_local(|| {
        let found = Leiden::new(QUALITY, 1).find_partition(&graph).unwrap();
        assert!(QUALITY.value(&graph, &found).unwrap() >= least);
        found
    });
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn from_edges(bencher: Bencher<'_, '_>, size: usize) {
    let (graph, _) = planted_groups(size);
    let edges: Vec<(u32, u32, f64)> = (0..size as u32)
        .flat_map(|u| graph.neighbors(u).filter(move |&(v, _)| u < v).map(move |(v, weight)| (u, v, weight)))
        .collect();
    bencher.counter(ItemsCount::new(edges.len())).bench_local(|| {
        let again = Graph::from_edges(size, &edges).unwrap();
        assert_eq!(again.edge_count(), graph.edge_count());
        again
    });
}

#[divan::bench(args = SIZES[..2].to_vec(), sample_count = 5)]
fn positions(bencher: Bencher<'_, '_>, size: usize) {
    let (graph, _) = planted_groups(size);
    bencher.counter(ItemsCount::new(graph.edge_count())).bench_local(|| {
        let places = layout(&graph, &[], 1);
        assert_eq!(places.len(), size);
        places
    });
}
