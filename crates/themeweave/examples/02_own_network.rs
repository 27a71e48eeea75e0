//! The network of an analysis is a petgraph graph, and communities are found in any other one.
//!
//! ```text
//! cargo run -p themeweave --example 02_own_network
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use petgraph::algo::{connected_components, dijkstra};
use petgraph::graphmap::UnGraphMap;
use petgraph::visit::EdgeRef;
use themeweave::{Corpus, Graph, Leiden, Options, Quality, analyze};

fn main() -> themeweave::Result<()> {
    terms_that_occur_together()?;
    println!();
    people_who_talk_with_each_other()
}

/// Petgraph's algorithms on the network of terms.
fn terms_that_occur_together() -> themeweave::Result<()> {
    let corpus = Corpus::from_notes([
        "late bus, missed appointment",
        "late bus again",
        "missed appointment, late letter",
        "letter after the appointment",
        "garden volunteers and tools",
        "volunteers for the garden",
        "tools for garden volunteers",
        "old tools",
    ])?;
    let analysis = analyze(&corpus, &Options::default(), &mut ())?;
    let network = &analysis.network;
    println!(
        "{} terms, {} links, {} parts that nothing joins",
        network.node_count(),
        network.edge_count(),
        connected_components(network)
    );

    // Node i is term i. A link knows its strength, its count and how likely it is by chance.
    for node in network.node_indices() {
        let links: Vec<String> = network
            .edges(node)
            .map(|edge| {
                let other = if edge.source() == node { edge.target() } else { edge.source() };
                format!("{} ({:.2})", analysis.term(network[other].term), edge.weight().weight)
            })
            .collect();
        let links = if links.is_empty() { "no links".to_owned() } else { links.join(", ") };
        println!("  {}: {links}", analysis.term(network[node].term));
    }

    // How far are other terms from the first, when a strong link is a short way?
    let Some(first) = network.node_indices().next() else { return Ok(()) };
    let distances = dijkstra(network, first, None, |edge| 1.0 / edge.weight().weight);
    let mut near: Vec<(f64, &str)> =
        distances.into_iter().map(|(node, far)| (far, analysis.term(network[node].term))).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    let near: Vec<String> = near.iter().skip(1).map(|(far, text)| format!("{text} {far:.1}")).collect();
    println!("from “{}”: {}", analysis.term(network[first].term), near.join(", "));
    Ok(())
}

/// Leiden on a graph that has nothing to do with text.
fn people_who_talk_with_each_other() -> themeweave::Result<()> {
    let mut talks = UnGraphMap::<&str, u32>::new();
    for (a, b, times) in [
        ("Ada", "Ben", 5),
        ("Ben", "Cy", 4),
        ("Ada", "Cy", 6),
        ("Cy", "Dee", 1),
        ("Dee", "Eli", 7),
        ("Eli", "Fay", 3),
        ("Dee", "Fay", 4),
    ] {
        talks.add_edge(a, b, times);
    }
    let graph = Graph::from_petgraph(&talks, |&times| f64::from(times))?;
    let quality = Quality::Modularity { resolution: 1.0 };
    let partition = Leiden::new(quality, 1).find_partition(&graph)?;
    let names: Vec<&str> = talks.nodes().collect();
    for members in partition.members() {
        let members: Vec<&str> = members.iter().map(|&node| names[node as usize]).collect();
        println!("{}", members.join(", "));
    }
    println!("modularity {:.3}", quality.value(&graph, &partition)?);
    Ok(())
}
