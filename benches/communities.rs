//! Communities and layout of graphs with planted groups, and communities of the terms of corpora.
//!
//! Before the times it prints what is found: modularity beside that of the planted groups. Every timed
//! round checks that it is no worse. For large corpora in `THEMEWEAVE_CORPORA` it prints modularity, CPM and
//! seconds of two iterations, medians of five seeds: with `THEMEWEAVE_EDGES` set to a folder, the graphs are
//! written there as `source,target,weight`, for other programs to be measured on them.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "quality belongs beside time")]

mod samples;

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use samples::{bytes, samples};
use themeweave::{
    Analysis, AssociationMeasure, Contingency, Graph, Leiden, Options, Partition, Quality, Rng, analyze,
    layout,
};

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
    graphs_of_corpora();
    divan::main();
}

/// Finds communities in the networks of all corpora that have large ones.
fn graphs_of_corpora() {
    /// Fewest edges of a graph that is worth measuring.
    const LEAST: usize = 100_000;
    println!(
        "{:<24} {:>7} {:>6} {:>8} {:>10} {:>8} {:>8} {:>8}",
        "corpus", "MB", "nodes", "edges", "quality", "value", "groups", "seconds"
    );
    for sample in samples() {
        let analysis = analyze(&sample.corpus, &Options::default(), &mut ()).unwrap();
        let edges = strongest_pairs(&analysis);
        if edges.len() < LEAST {
            continue;
        }
        let graph = Graph::from_edges(analysis.cooccurrence.term_count(), &edges).unwrap();
        if let Some(folder) = std::env::var_os("THEMEWEAVE_EDGES") {
            let mut table = String::from("source,target,weight\n");
            edges.iter().for_each(|(a, b, weight)| writeln!(table, "{a},{b},{weight}").unwrap());
            std::fs::write(Path::new(&folder).join(format!("{}.csv", sample.name)), table).unwrap();
        }
        for (name, quality) in [("modularity", QUALITY), ("CPM", Quality::Cpm { resolution: 0.2 })] {
            let mut found: Vec<(f64, f64, usize)> = (1..=5)
                .map(|seed| {
                    let start = Instant::now();
                    let partition = Leiden::new(quality, seed).iterations(2).find_partition(&graph).unwrap();
                    let seconds = start.elapsed().as_secs_f64();
                    (quality.value(&graph, &partition).unwrap(), seconds, partition.community_count())
                })
                .collect();
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            let (value, _, groups) = found[2];
            found.sort_by(|a, b| a.1.total_cmp(&b.1));
            let value = if name == "CPM" { value / graph.total_weight() } else { value };
            println!(
                "{:<24} {:>7.2} {:>6} {:>8} {name:>10} {value:>8.5} {groups:>8} {:>8.3}",
                sample.name,
                bytes(&sample.corpus) as f64 / 1e6,
                graph.node_count(),
                graph.edge_count(),
                found[2].1
            );
        }
    }
    println!();
}

/// The pairs of terms in at least five segments together with an NPMI of at least 0.1: the strongest, up to
/// a million.
fn strongest_pairs(analysis: &Analysis) -> Vec<(u32, u32, f64)> {
    const MOST: usize = 1_000_000;
    let n = analysis.segments.len() as u64;
    let terms = analysis.vocabulary.terms();
    let segments = |term: u32| u64::from(terms[term as usize].segments);
    let mut edges: Vec<(u32, u32, f64)> = analysis
        .cooccurrence
        .pairs()
        .filter(|&(.., both)| both >= 5)
        .map(|(a, b, both)| {
            let table = Contingency::new(both.into(), segments(a), segments(b), n).unwrap();
            (a, b, AssociationMeasure::Npmi.score(table))
        })
        .filter(|&(.., weight)| weight >= 0.1)
        .collect();
    edges.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    edges.truncate(MOST);
    edges
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
