//! Quality of partitions against igraph, networkx and leidenalg; see `graphs.py`.

use serde_json::Value;
use themeweave::{Graph, Leiden, Partition, Quality};

fn graphs() -> Vec<Value> {
    serde_json::from_str(include_str!("graphs.json")).unwrap()
}

fn graph_of(value: &Value) -> Graph {
    let edges: Vec<(u32, u32, f64)> = serde_json::from_value(value["edges"].clone()).unwrap();
    Graph::from_edges(value["n"].as_u64().unwrap() as usize, &edges).unwrap()
}

#[track_caller]
fn check(found: f64, wanted: &Value, what: &Value) {
    let wanted = wanted.as_f64().unwrap();
    assert!((found - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{found}, not {wanted}: {what}");
}

#[test]
fn modularity_and_cpm_of_igraph_and_leidenalg() {
    let graphs = graphs();
    assert_eq!(graphs.len(), 8);
    for value in graphs {
        let graph = graph_of(&value);
        for row in value["partitions"].as_array().unwrap() {
            let membership: Vec<u32> = serde_json::from_value(row["membership"].clone()).unwrap();
            let partition = Partition::from_membership(membership);
            let resolution = row["resolution"].as_f64().unwrap();
            let modularity = Quality::Modularity { resolution }.value(&graph, &partition).unwrap();
            check(modularity, &row["modularity"], &value["name"]);
            let cpm = Quality::Cpm { resolution }.value(&graph, &partition).unwrap();
            check(cpm, &row["cpm"], &value["name"]);
        }
    }
}

#[test]
fn leiden_finds_the_greatest_modularity_that_there_is() {
    let quality = Quality::Modularity { resolution: 1.0 };
    for value in graphs() {
        let graph = graph_of(&value);
        let best = (0..10)
            .map(|seed| Leiden::new(quality, seed).find_partition(&graph).unwrap())
            .map(|partition| quality.value(&graph, &partition).unwrap())
            .fold(f64::NEG_INFINITY, f64::max);
        check(best, &value["greatest"], &value["name"]);
    }
}
