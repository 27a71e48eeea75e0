//! Refinement of communities into well-connected parts.

use crate::community::leiden::network::{Network, Tally, renumber};
use crate::math;
use crate::rng::Rng;

/// A part less likely than the likeliest by e to this power is never chosen.
const HOPELESS: f64 = -40.0;

/// Splits each community into parts: the part of each node, numbered without gaps, and how many parts
/// there are.
///
/// Every node starts alone. In random order, those still alone and well connected to the rest of their
/// community join a part of it that is well connected too, and that does not lower the quality, or stay
/// alone: each with a probability in proportion to e^(gain/temperature).
pub(super) fn refine(
    network: &Network<'_>,
    communities: &[u32],
    tally: &mut Tally,
    rng: &mut Rng,
) -> (Vec<u32>, usize) {
    let n = network.len();
    let mut community_masses = vec![0.0; n];
    // Weight between a part and the rest of its community.
    let mut outward = vec![0.0; n];
    for node in 0..n {
        let community = communities[node];
        community_masses[community as usize] += network.masses()[node];
        // No branch, which would go either way at random.
        outward[node] = (network.neighbors(node as u32))
            .map(|(neighbor, weight)| if communities[neighbor as usize] == community { weight } else { 0.0 })
            .sum();
    }

    // A part has the number of the node it began with.
    let mut parts: Vec<u32> = (0..n as u32).collect();
    let mut part_masses = network.masses().to_vec();
    let mut alone = vec![true; n];
    let mut order = parts.clone();
    rng.shuffle(&mut order);
    let mut choices: Vec<(u32, f64)> = Vec::new();
    let mut buffer: Vec<(u32, f64)> = Vec::new();
    for node in order {
        let community = communities[node as usize];
        let community_mass = community_masses[community as usize];
        let well_connected =
            |outward: f64, mass: f64| outward >= network.pull(mass) * (community_mass - mass);
        let mass = part_masses[node as usize];
        let node_outward = outward[node as usize];
        if !alone[node as usize] || node_outward == 0.0 || !well_connected(node_outward, mass) {
            continue;
        }

        for &(neighbor, weight) in network.neighbors_inside(node, community, communities, &mut buffer) {
            tally.add(parts[neighbor as usize], weight);
        }
        let pull = network.pull(mass);
        choices.clear();
        choices.push((node, 0.0));
        choices.extend(tally.keys().iter().filter_map(|&part| {
            let part_mass = part_masses[part as usize];
            let gain = tally.get(part) - pull * part_mass;
            (gain >= 0.0 && well_connected(outward[part as usize], part_mass)).then_some((part, gain))
        }));
        let part = choose(&mut choices, network.temperature(), rng);
        if part != node {
            parts[node as usize] = part;
            part_masses[part as usize] += mass;
            outward[part as usize] += node_outward - 2.0 * tally.get(part);
            alone[node as usize] = false;
            alone[part as usize] = false;
        }
        tally.clear();
    }
    let count = renumber(&mut parts);
    (parts, count)
}

/// Draws one of the choices (part, gain) with a probability in proportion to e^(gain/temperature).
fn choose(choices: &mut [(u32, f64)], temperature: f64, rng: &mut Rng) -> u32 {
    let most = choices.iter().map(|&(_, gain)| gain).fold(0.0, f64::max);
    let mut sum = 0.0;
    for (_, gain) in choices.iter_mut() {
        let exponent = (*gain - most) / temperature;
        if exponent > HOPELESS {
            sum += math::exp(exponent);
        }
        *gain = sum;
    }
    let drawn = rng.unit() * sum;
    let chosen = choices.partition_point(|&(_, sum_so_far)| sum_so_far <= drawn);
    choices[chosen.min(choices.len() - 1)].0
}
