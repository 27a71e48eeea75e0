//! Groups of few segments: communities of segments that have telling terms in common.
//!
//! With tens of notes most pairs of terms occur together once, so a network of terms says little.
//! Two notes that share rare terms do belong together, and a network of such notes has communities.

use rayon::prelude::*;

use crate::community::{Leiden, Partition, Quality};
use crate::error::Result;
use crate::graph::Graph;
use crate::rng::Rng;
use crate::theme::cluster::{Grouping, merge_steps, ward_merges};
use crate::theme::evidence::Evidence;
use crate::theme::means::{TILE, Tiles, products};
use crate::theme::search::{SEED, Wanted};
use crate::theme::space::Space;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::Vocabulary;

/// Resolution of modularity: a little above 1, at which themes that share a frequent word fall
/// together. Measured on samples of 40 to 300 segments of labelled corpora.
const RESOLUTION: f64 = 1.3;
/// Greatest weight of the likeness of directions, beside that of terms.
const WEIGHT: f64 = 0.5;
/// Directions whose cosine is at most this are taken for unlike: by so much the cosines of random directions of 100
/// values scatter around 0.
const LEAST_COSINE: f32 = 0.1;
/// Up to so many segments directions mean nothing.
const FEW: f64 = 100.0;
/// A community whose own communities have so much more modularity than it has as one may be not one but several.
const SEVERAL: f64 = 0.35;
/// Fewest segments of a community that may be several.
const LEAST_SEVERAL: usize = 6;
/// Runs of Leiden from different seeds, of which the best is taken: of up to [`FEW`] segments, and of more, where
/// five are no better on labelled corpora.
const RUNS: (usize, usize) = (5, 2);

/// Groups segments by the communities of the network in which two segments are linked by the cosine
/// of their tf-idf, and the more of them there are the more by that of their directions, which are `space`
/// where they weigh something. A resolution above 1 is reached by doubling, and that with most themes is taken: beyond
/// some resolution communities fall apart into such as are too small. `themes` sets the number of groups, by an ever finer
/// resolution and merging.
pub(crate) fn group_by_likeness(
    vocabulary: &Vocabulary,
    rows: &TfIdf<'_>,
    space: Option<&Space>,
    wanted: Wanted,
) -> Result<Grouping> {
    /// By so many steps the resolution is a hundred or thousands of times as great, and communities single segments.
    const MOST_STEPS: usize = 12;
    let graph = likeness_graph(rows, space)?;
    let evidence = Evidence::new(vocabulary);
    // What says nothing is like nothing, and is not merged either.
    let search = |resolution: f64| -> Result<Grouping> {
        let within = resolution.min(wanted.resolution);
        let found = communities(&graph, &evidence, RESOLUTION * resolution, within)?;
        Ok(found.without(|segment| rows.row(segment).is_empty()))
    };
    let least = wanted.least(rows.len());
    let large = |grouping: &Grouping| grouping.sizes().iter().filter(|&&size| size >= least).count();
    // Where the resolution starts, by what it grows and where it ends, and how many themes are enough.
    let (mut resolution, step, finest, enough) = match wanted.themes {
        Some(themes) => (wanted.resolution, 1.5, f64::INFINITY, themes as usize),
        None => (wanted.resolution.min(1.0), 2.0, wanted.resolution, usize::MAX),
    };
    let mut fine = search(resolution)?;
    for _ in 0..MOST_STEPS {
        if large(&fine) >= enough || resolution >= finest {
            break;
        }
        resolution = (resolution * step).min(finest);
        let finer = search(resolution)?;
        if large(&finer) > large(&fine) {
            fine = finer;
        }
    }
    if wanted.themes.is_none() {
        return Ok(fine.with_at_least(2));
    }
    let merges = ward_merges(sums(rows, &fine), &fine.sizes());
    let steps = merge_steps(&fine, &merges);
    let most = steps.iter().map(large).max().unwrap_or(0).min(enough);
    Ok(steps.into_iter().rfind(|step| large(step) >= most).unwrap_or(fine))
}

/// The sum of the rows of each group's segments.
fn sums(rows: &TfIdf<'_>, grouping: &Grouping) -> Vec<Vec<f32>> {
    let sum = |members: &Vec<u32>| {
        let mut sum = vec![0.0; rows.terms()];
        for &segment in members {
            for &(term, weight) in rows.row(segment as usize).iter() {
                sum[term as usize] += weight;
            }
        }
        sum
    };
    grouping.members().iter().map(sum).collect()
}

/// What the likeness of directions of `n` segments weighs: nothing where they are too few for directions to mean
/// something.
pub(crate) fn weight_of_directions(n: usize) -> f64 {
    WEIGHT * (1.0 - FEW / n as f64).max(0.0)
}

/// Segments linked by the cosine of their terms and by that of their directions.
fn likeness_graph(rows: &TfIdf<'_>, space: Option<&Space>) -> Result<Graph> {
    let n = rows.len();
    let weight = weight_of_directions(n);
    let mut having: Vec<Vec<(u32, f32)>> = vec![Vec::new(); rows.terms()];
    for segment in 0..n {
        for &(term, weight) in rows.row(segment).iter() {
            having[term as usize].push((segment as u32, weight));
        }
    }
    let tiles = |space: &Space| Tiles::new(space.width(), (0..n).map(|segment| space.direction(segment)));
    let directions = space.map(|space| (space, tiles(space)));
    let rows: Vec<Vec<(u32, u32, f64)>> = (0..n)
        .into_par_iter()
        .map(|segment| {
            let mut likeness = vec![0.0_f64; n];
            for &(term, weight) in rows.row(segment).iter() {
                for &(other, weight_there) in &having[term as usize] {
                    likeness[other as usize] += f64::from(weight) * f64::from(weight_there);
                }
            }
            if let Some((space, directions)) = &directions {
                let first = (segment + 1) / TILE;
                let tiles = likeness.chunks_mut(TILE).zip(directions.iter()).skip(first);
                for (likeness, tile) in tiles {
                    let [cosines] = products([space.direction(segment)], tile);
                    for (value, cosine) in likeness.iter_mut().zip(cosines) {
                        if cosine > LEAST_COSINE {
                            *value += weight * f64::from(cosine);
                        }
                    }
                }
            }
            let after = likeness.into_iter().enumerate().skip(segment + 1).filter(|&(_, value)| value > 0.0);
            after.map(|(other, value)| (segment as u32, other as u32, value)).collect()
        })
        .collect();
    Graph::from_edges(n, &rows.concat())
}

/// The best of several partitions at a resolution, its communities parted that are several at a resolution `within`.
fn communities(graph: &Graph, evidence: &Evidence, resolution: f64, within: f64) -> Result<Grouping> {
    let quality = Quality::Modularity { resolution };
    let runs = if graph.node_count() as f64 <= FEW { RUNS.0 } else { RUNS.1 };
    let mut rng = Rng::new(SEED);
    let seeds: Vec<u64> = (0..runs).map(|_| rng.next_u64()).collect();
    let run = |&seed: &u64| {
        let partition = Leiden::new(quality, seed).find_partition(graph)?;
        Ok((quality.value(graph, &partition)?, partition))
    };
    let found: Result<Vec<(f64, Partition)>> = seeds.par_iter().map(run).collect();
    let mut best: Option<(f64, Partition)> = None;
    for (value, partition) in found? {
        if best.as_ref().is_none_or(|(greatest, _)| value > greatest + 1e-12) {
            best = Some((value, partition));
        }
    }
    let partition = best.map(|(_, partition)| partition).unwrap_or_default();
    let mut grouping =
        Grouping { group: partition.membership().to_vec(), groups: partition.community_count() };
    part_several(graph, evidence, within, &mut grouping)?;
    Ok(grouping)
}

/// Parts each community that is several by its own modularity, at a resolution, and by the evidence of a mixture, and
/// the parts again. Modularity of the whole misses small communities among many (Fortunato and Barthélemy 2007, "Resolution
/// limit in community detection"; parting again as Ruan and Zhang 2008 do); that of few segments is also great by
/// chance (Guimerà, Sales-Pardo and Amaral 2004, "Modularity from fluctuations in random graphs"), which the evidence
/// is not.
fn part_several(graph: &Graph, evidence: &Evidence, resolution: f64, grouping: &mut Grouping) -> Result<()> {
    const OUTSIDE: u32 = u32::MAX;
    let quality = Quality::Modularity { resolution };
    // Modularity of a community as one.
    let of_whole = 1.0 - resolution;
    let mut members = grouping.members();
    let mut place = vec![OUTSIDE; graph.node_count()];
    let mut next = 0;
    while let Some(own) = members.get(next).cloned() {
        next += 1;
        if own.len() < LEAST_SEVERAL {
            continue;
        }
        for (at, &segment) in (0..).zip(&own) {
            place[segment as usize] = at;
        }
        let inner = |&segment: &u32| {
            let at = place[segment as usize];
            let neighbors = graph.neighbors(segment).map(|(other, weight)| (place[other as usize], weight));
            let after = neighbors.filter(move |&(other, _)| other != OUTSIDE && other > at);
            after.map(move |(other, weight)| (at, other, weight)).collect::<Vec<_>>()
        };
        let edges: Vec<(u32, u32, f64)> = own.iter().flat_map(inner).collect();
        let inside = Graph::from_edges(own.len(), &edges)?;
        let parts = Leiden::new(quality, SEED).find_partition(&inside)?;
        let is_modular = parts.community_count() > 1 && quality.value(&inside, &parts)? - of_whole >= SEVERAL;
        let among_all = |group: Vec<u32>, groups| Grouping { group, groups }.placed(&own, graph.node_count());
        let is_several = || {
            let whole = among_all(vec![0; own.len()], 1);
            let parted = among_all(parts.membership().to_vec(), parts.community_count());
            evidence.of(&parted) > evidence.of(&whole)
        };
        if is_modular && is_several() {
            let mut of_part = vec![Vec::new(); parts.community_count()];
            for (&segment, &part) in own.iter().zip(parts.membership()) {
                of_part[part as usize].push(segment);
            }
            next -= 1;
            members[next] = std::mem::take(&mut of_part[0]);
            members.extend(of_part.drain(1..));
        }
        own.iter().for_each(|&segment| place[segment as usize] = OUTSIDE);
    }
    for (group, own) in (0..).zip(&members) {
        own.iter().for_each(|&segment| grouping.group[segment as usize] = group);
    }
    grouping.groups = members.len();
    Ok(())
}
