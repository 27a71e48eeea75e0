//! Fast local moving of nodes between communities.

use std::collections::VecDeque;

use crate::community::leiden::network::{Network, Tally, renumber};
use crate::rng::Rng;

/// A move must gain more than this share of a node's strength, lest rounding errors move nodes round
/// and round.
const LEAST_GAIN: f64 = 1e-12;

/// Moves nodes, in random order at first, each to the community where it adds most to the quality, until
/// no node would move. Communities are numbered without gaps afterwards.
pub(super) fn move_nodes(network: &Network<'_>, communities: &mut [u32], tally: &mut Tally, rng: &mut Rng) {
    let n = network.len();
    let mut masses = vec![0.0; n];
    let mut sizes = vec![0_u32; n];
    for (&community, &mass) in communities.iter().zip(network.masses()) {
        masses[community as usize] += mass;
        sizes[community as usize] += 1;
    }
    let mut empty: Vec<u32> = (0..n as u32).rev().filter(|&c| sizes[c as usize] == 0).collect();

    let mut order: Vec<u32> = (0..n as u32).collect();
    rng.shuffle(&mut order);
    let mut queue = VecDeque::from(order);
    let mut queued = vec![true; n];
    while let Some(node) = queue.pop_front() {
        queued[node as usize] = false;
        let own = communities[node as usize];
        network.tally_neighbors(node, communities, tally);

        let mass = network.masses()[node as usize];
        sizes[own as usize] -= 1;
        if sizes[own as usize] == 0 {
            masses[own as usize] = 0.0;
            empty.push(own);
        } else {
            masses[own as usize] -= mass;
        }

        let pull = network.pull(mass);
        let gain = |community: u32| tally.get(community) - pull * masses[community as usize];
        let (mut best, mut best_gain) = (own, gain(own) + LEAST_GAIN * network.strength(node));
        for &community in tally.keys() {
            let gain = gain(community);
            if gain > best_gain {
                (best, best_gain) = (community, gain);
            }
        }
        if best_gain < 0.0 {
            best = empty.last().copied().unwrap_or(best);
        }
        tally.clear();

        if sizes[best as usize] == 0 {
            empty.pop();
        }
        masses[best as usize] += mass;
        sizes[best as usize] += 1;
        if best != own {
            communities[node as usize] = best;
            for (neighbor, _) in network.neighbors(node) {
                if communities[neighbor as usize] != best && !queued[neighbor as usize] {
                    queued[neighbor as usize] = true;
                    queue.push_back(neighbor);
                }
            }
        }
    }
    renumber(communities);
}
