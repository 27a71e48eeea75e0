//! The network of one level, and what the steps of the algorithm do all the time with it.

use std::borrow::Cow;

use crate::graph::Graph;

/// How random refinement is, in mean edge weights: the θ of Traag, Waltman and van Eck (2019), made
/// independent of the unit of the weights.
const RANDOMNESS: f64 = 0.01;

/// A graph whose nodes have masses: both qualities are, up to constants, the sum over communities of
/// the weight inside minus the pull of each pair of masses in it. (Modularity is 2/(2m) times that, its
/// masses are strengths; in CPM each node has mass 1.)
///
/// Self-loops add the same to the quality wherever a node goes and play no part.
pub(super) struct Network<'g> {
    offsets: Cow<'g, [usize]>,
    targets: Cow<'g, [u32]>,
    weights: Cow<'g, [f64]>,
    masses: Vec<f64>,
    /// The weight of all links of each node.
    strengths: Vec<f64>,
    resolution: f64,
    /// What masses are measured in when they pull: 2m for modularity, 1 for CPM.
    unit: f64,
    temperature: f64,
}

impl<'g> Network<'g> {
    /// The first level for modularity.
    pub(super) fn of_strengths(graph: &'g Graph, resolution: f64) -> Self {
        let total = graph.total_weight();
        let unit = if total > 0.0 { 2.0 * total } else { 1.0 };
        let masses = (0..graph.node_count() as u32).map(|u| graph.strength(u)).collect();
        Self::of_masses(graph, masses, unit, resolution)
    }

    /// The first level for the constant Potts model.
    pub(super) fn of_sizes(graph: &'g Graph, resolution: f64) -> Self {
        Self::of_masses(graph, vec![1.0; graph.node_count()], 1.0, resolution)
    }

    fn of_masses(graph: &'g Graph, masses: Vec<f64>, unit: f64, resolution: f64) -> Self {
        let (offsets, targets, weights) = graph.rows();
        let links = |u| graph.neighbors(u).filter(move |&(v, _)| v != u).map(|(_, weight)| weight);
        Self {
            strengths: (0..graph.node_count() as u32).map(|u| links(u).fold(0.0, |sum, x| sum + x)).collect(),
            offsets: offsets.into(),
            targets: targets.into(),
            weights: weights.into(),
            masses,
            resolution,
            unit,
            temperature: RANDOMNESS * graph.total_weight() / graph.edge_count().max(1) as f64,
        }
    }

    /// Number of nodes.
    pub(super) fn len(&self) -> usize {
        self.masses.len()
    }

    pub(super) fn masses(&self) -> &[f64] {
        &self.masses
    }

    /// The weight of all links of a node.
    pub(super) fn strength(&self, node: u32) -> f64 {
        self.strengths[node as usize]
    }

    /// The gain at which a merge becomes e times as likely.
    pub(super) fn temperature(&self) -> f64 {
        self.temperature
    }

    /// What a mass takes from the quality for each unit of mass that it is together with.
    pub(super) fn pull(&self, mass: f64) -> f64 {
        self.resolution * (mass / self.unit)
    }

    /// The other nodes that `node` is linked to.
    pub(super) fn neighbors(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let row = self.offsets[node as usize]..self.offsets[node as usize + 1];
        let entries = self.targets[row.clone()].iter().copied().zip(self.weights[row].iter().copied());
        entries.filter(move |&(neighbor, _)| neighbor != node)
    }

    /// Adds the weights of the links of `node` by the label at their other end. By itself, so that all it needs
    /// stays in registers.
    #[inline(never)]
    pub(super) fn tally_neighbors(&self, node: u32, labels: &[u32], tally: &mut Tally) {
        for (neighbor, weight) in self.neighbors(node) {
            tally.add(labels[neighbor as usize], weight);
        }
    }

    /// The neighbors that are in a community, written to the front of `buffer`.
    #[inline(never)]
    pub(super) fn neighbors_inside<'b>(
        &self,
        node: u32,
        community: u32,
        communities: &[u32],
        buffer: &'b mut Vec<(u32, f64)>,
    ) -> &'b [(u32, f64)] {
        let row = self.offsets[node as usize]..self.offsets[node as usize + 1];
        buffer.resize(buffer.len().max(row.len()), (0, 0.0));
        let mut count = 0;
        // All are written and some of them over, for a branch would go either way at random.
        for (neighbor, weight) in self.neighbors(node) {
            buffer[count] = (neighbor, weight);
            count += usize::from(communities[neighbor as usize] == community);
        }
        &buffer[..count]
    }

    /// The next level: each of the `count` parts becomes a node with the sum of the masses, and the
    /// links between two parts become one with the sum of the weights.
    pub(super) fn aggregate(&self, parts: &[u32], count: usize, tally: &mut Tally) -> Network<'static> {
        let mut masses = vec![0.0; count];
        let mut starts = vec![0; count + 1];
        for (&part, &mass) in parts.iter().zip(&self.masses) {
            masses[part as usize] += mass;
            starts[part as usize + 1] += 1;
        }
        for part in 0..count {
            starts[part + 1] += starts[part];
        }
        let mut members = vec![0; self.len()];
        let mut next = starts.clone();
        for (node, &part) in parts.iter().enumerate() {
            members[next[part as usize]] = node as u32;
            next[part as usize] += 1;
        }

        let (mut offsets, mut targets, mut weights) = (vec![0], Vec::new(), Vec::new());
        let mut strengths = vec![0.0; count];
        for part in 0..count {
            for &node in &members[starts[part]..starts[part + 1]] {
                self.tally_neighbors(node, parts, tally);
            }
            for &other in tally.keys().iter().filter(|&&other| other as usize != part) {
                targets.push(other);
                weights.push(tally.get(other));
                strengths[part] += tally.get(other);
            }
            offsets.push(targets.len());
            tally.clear();
        }
        Network {
            offsets: offsets.into(),
            targets: targets.into(),
            weights: weights.into(),
            masses,
            strengths,
            resolution: self.resolution,
            unit: self.unit,
            temperature: self.temperature,
        }
    }
}

/// Sums of positive weights by label, in the order in which labels were first met.
pub(super) struct Tally {
    sums: Vec<f64>,
    keys: Vec<u32>,
}

impl Tally {
    /// An empty tally for labels below `labels`.
    pub(super) fn new(labels: usize) -> Self {
        Self { sums: vec![0.0; labels], keys: Vec::new() }
    }

    pub(super) fn add(&mut self, label: u32, weight: f64) {
        let sum = &mut self.sums[label as usize];
        if *sum == 0.0 {
            self.keys.push(label);
        }
        *sum += weight;
    }

    pub(super) fn get(&self, label: u32) -> f64 {
        self.sums[label as usize]
    }

    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }

    pub(super) fn clear(&mut self) {
        for &label in &self.keys {
            self.sums[label as usize] = 0.0;
        }
        self.keys.clear();
    }
}

/// Renumbers labels below their number in the order in which they first appear, without gaps, and
/// returns how many there are.
pub(super) fn renumber(labels: &mut [u32]) -> usize {
    let mut numbers: Vec<Option<u32>> = vec![None; labels.len()];
    let mut count = 0;
    for label in labels {
        *label = *numbers[*label as usize].get_or_insert_with(|| {
            count += 1;
            count - 1
        });
    }
    count as usize
}
