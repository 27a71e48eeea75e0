//! Groups of few segments: communities of segments that have telling terms in common.
//!
//! With tens of notes most pairs of terms occur together once, so a network of terms says little.
//! Two notes that share rare terms do belong together, and a network of such notes has communities.

use rayon::prelude::*;

use crate::community::{Leiden, Partition, Quality};
use crate::error::Result;
use crate::graph::Graph;
use crate::rng::Rng;
use crate::theme::SEED;
use crate::theme::cluster::{Grouping, merge_steps, ward_merges};
use crate::theme::tfidf::TfIdf;

/// Resolution of modularity: a little above 1, at which themes that share a frequent word fall
/// together. Measured on samples of 40 to 300 segments of labelled corpora.
const RESOLUTION: f64 = 1.3;
/// Runs of Leiden from different seeds, of which the best is taken.
const RUNS: u64 = 5;

/// Groups segments by the communities of the network in which two segments are linked by the cosine
/// of their tf-idf. `themes` sets the number of groups, by a finer resolution and merging.
pub(crate) fn group_by_likeness(rows: &TfIdf, themes: Option<usize>, finer: f64) -> Result<Grouping> {
    let graph = likeness_graph(rows)?;
    let mut resolution = RESOLUTION * finer;
    let mut grouping = communities(&graph, resolution)?;
    let Some(themes) = themes else { return Ok(grouping) };
    const STEPS: usize = 12;
    for _ in 0..STEPS {
        if grouping.groups >= themes {
            break;
        }
        resolution *= 1.5;
        grouping = communities(&graph, resolution)?;
    }
    let merges = ward_merges(sums(rows, &grouping), &grouping.sizes());
    let enough = merge_steps(&grouping, &merges).into_iter().rfind(|step| step.groups >= themes);
    Ok(enough.unwrap_or(grouping))
}

/// The sum of the rows of each group's segments.
fn sums(rows: &TfIdf, grouping: &Grouping) -> Vec<Vec<f32>> {
    let sum = |members: &Vec<u32>| {
        let mut sum = vec![0.0; rows.terms()];
        for &(term, weight) in members.iter().flat_map(|&segment| rows.row(segment as usize)) {
            sum[term as usize] += weight;
        }
        sum
    };
    grouping.members().iter().map(sum).collect()
}

/// Segments linked by the inner product of their terms.
fn likeness_graph(rows: &TfIdf) -> Result<Graph> {
    let n = rows.len();
    let mut having: Vec<Vec<(u32, f32)>> = vec![Vec::new(); rows.terms()];
    for segment in 0..n {
        for &(term, weight) in rows.row(segment) {
            having[term as usize].push((segment as u32, weight));
        }
    }
    let rows: Vec<Vec<(u32, u32, f64)>> = (0..n)
        .into_par_iter()
        .map(|segment| {
            let mut likeness = vec![0.0_f64; n];
            for &(term, weight) in rows.row(segment) {
                for &(other, weight_there) in &having[term as usize] {
                    likeness[other as usize] += f64::from(weight) * f64::from(weight_there);
                }
            }
            let after = likeness.into_iter().enumerate().skip(segment + 1).filter(|&(_, value)| value > 0.0);
            after.map(|(other, value)| (segment as u32, other as u32, value)).collect()
        })
        .collect();
    Graph::from_edges(n, &rows.concat())
}

/// The best of several partitions; communities of one segment are no group.
fn communities(graph: &Graph, resolution: f64) -> Result<Grouping> {
    let quality = Quality::Modularity { resolution };
    let mut seeds = Rng::new(SEED);
    let mut best: Option<(f64, Partition)> = None;
    for _ in 0..RUNS {
        let partition = Leiden::new(quality, seeds.next_u64()).find_partition(graph)?;
        let value = quality.value(graph, &partition)?;
        if best.as_ref().is_none_or(|(greatest, _)| value > greatest + 1e-12) {
            best = Some((value, partition));
        }
    }
    let partition = best.map(|(_, partition)| partition).unwrap_or_default();
    let grouping = Grouping { group: partition.membership().to_vec(), groups: partition.community_count() };
    Ok(grouping.with_at_least(2))
}
