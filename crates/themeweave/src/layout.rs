//! Positions of nodes for drawing.

mod apart;
mod field;

use crate::community::connected_parts;
use crate::graph::Graph;
use crate::layout::apart::separate;
use crate::layout::field::Field;
use crate::rng::Rng;

/// Share of its way that a node moves at once; at 1 pairs of nodes would swing for ever.
const STEP: f64 = 0.6;

/// Radius of the disc in which groups start, and nodes without a group. Well-settled components have a radius
/// of about 1; starting farther out lets neighbors find each other before repulsion keeps the rest apart.
const START: f64 = 2.0;

/// Radius of the disc around the place of a group in which its nodes start.
const GROUP_START: f64 = 0.3;

/// Links shorter than this many mean distances between nodes pull no harder by being short.
const SHORT: f64 = 3.0;

/// How much more a link pulls within a group than beyond it. At 1 the themes of dense networks lie in one
/// heap, at 10 linked terms of two themes are as far from each other as any; seen on networks of 100 to
/// 2,000 terms.
const TOGETHER: f64 = 4.0;

/// Positions are whole multiples of 1/`GRID`.
const GRID: f64 = 1e5;

/// Cosine and sine of the golden angle, 137.5°.
const GOLDEN: [f64; 2] = [-0.737_368_878_078_319_7, 0.675_490_294_261_523_7];

/// How a node is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disc {
    /// Diameter in relation to the largest, above 0 and at most 1. What is out of range counts as 1.
    pub size: f64,
    /// The group whose nodes are to be near each other, such as a theme.
    pub group: Option<usize>,
}

impl Default for Disc {
    /// A disc of size 1 without a group.
    fn default() -> Self {
        Self { size: 1.0, group: None }
    }
}

/// The radius of a disc of size 1 among these, in the unit of [`layout`], whose picture has sides of 2.
/// All discs together cover 12 % of the picture or less.
///
/// ```
/// use themeweave::{Disc, disc_radius};
/// assert_eq!(disc_radius(&[Disc::default()]), 0.05);
/// assert!(disc_radius(&[Disc::default(); 1_000]) < 0.02);
/// ```
pub fn disc_radius(discs: &[Disc]) -> f64 {
    apart::unit_radius(discs.iter().map(|disc| checked(disc.size)))
}

fn checked(size: f64) -> f64 {
    if size > 0.0 && size <= 1.0 { size } else { 1.0 }
}

/// A position for each node, for drawing: linked nodes near each other, communities apart, and no two
/// discs one upon the other.
///
/// `discs` says how the nodes are drawn; nodes beyond its end have the default. Coordinates are in −1..=1
/// with five decimals, without unit; no two nodes have the same.
/// Connected components stand side by side, each in a square in proportion to its number of nodes;
/// nodes without neighbors lie around them. A different `seed` gives a different picture of the same
/// kind; the same one gives the same positions on every machine. Self-loops are ignored.
///
/// # Method
/// First the groups find their places, as nodes of a graph of their own, and each node starts near the place of
/// its group.
/// In each round a node moves towards the mean of its neighbors, weighted by their links, plus a
/// repulsion of 1/distance from all nodes, which a quadtree sums up (Barnes and Hut 1986). In the
/// second half of the rounds a link counts by weight over length: its pull is then the same at any
/// length, the LinLog model of Noack (2009), whose best layouts show the communities that
/// modularity finds. Links within a group pull four times as hard. At last discs that overlap push each
/// other apart, and those that still do move to the nearest free place.
///
/// # Complexity
/// O(n log n + m) for n nodes and m edges in each of 20 to 100 rounds, the fewer the larger the graph, and
/// O(n) in each of 10 to 80 rounds in which discs part.
///
/// ```
/// use themeweave::{Graph, layout};
///
/// let path = Graph::from_edges(3, &[(0, 1, 1.0), (1, 2, 1.0)])?;
/// let positions = layout(&path, &[], 1);
/// let distance = |u: usize, v: usize| {
///     let [a, b] = [positions[u], positions[v]];
///     ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
/// };
/// assert!(distance(0, 2) > distance(0, 1));
/// # Ok::<(), themeweave::Error>(())
/// ```
pub fn layout(graph: &Graph, discs: &[Disc], seed: u64) -> Vec<[f64; 2]> {
    let n = graph.node_count();
    let mut discs: Vec<Disc> = discs.iter().copied().take(n).collect();
    discs.resize(n, Disc::default());
    let mut rng = Rng::new(seed);
    let has_groups = discs.iter().any(|disc| disc.group.is_some());
    let mut positions = start(graph, &discs, &mut rng);
    let components = connected_parts(graph, &vec![0; n]).members();
    let (joined, isolated) = components.split_at(components.partition_point(|nodes| nodes.len() > 1));
    for nodes in joined {
        settle(graph, nodes, &discs, rounds(nodes.len(), has_groups), &mut positions);
    }
    pack(joined, &mut positions);
    surround(joined, isolated, &mut positions);
    fit(0..n, [0.0; 2], 1.0, &mut positions);
    let unit = disc_radius(&discs);
    let radii: Vec<f64> = discs.iter().map(|disc| unit * checked(disc.size)).collect();
    separate(&mut positions, &radii);
    snap(&mut positions, &mut rng);
    positions
}

/// Where nodes start: near the place of their group.
fn start(graph: &Graph, discs: &[Disc], rng: &mut Rng) -> Vec<[f64; 2]> {
    let mut known: Vec<usize> = discs.iter().filter_map(|disc| disc.group).collect();
    known.sort_unstable();
    known.dedup();
    let number = |disc: &Disc| disc.group.and_then(|own| known.binary_search(&own).ok());
    let number: Vec<Option<usize>> = discs.iter().map(number).collect();
    let places = places_of_groups(graph, &number, known.len(), rng);
    (number.iter())
        .map(|own| {
            let at = in_disc(rng);
            own.map_or(at.map(|x| START * x), |own| [0, 1].map(|i| places[own][i] + GROUP_START * at[i]))
        })
        .collect()
}

/// Places of `count` groups, which are linked by the links between their nodes.
fn places_of_groups(graph: &Graph, group: &[Option<usize>], count: usize, rng: &mut Rng) -> Vec<[f64; 2]> {
    let mut places: Vec<[f64; 2]> = (0..count).map(|_| in_disc(rng).map(|x| START * x)).collect();
    let links = (0..graph.node_count() as u32).flat_map(|u| {
        let after = graph.neighbors(u).filter(move |&(v, _)| u < v);
        after.filter_map(move |(v, weight)| {
            let (a, b) = (group[u as usize]?, group[v as usize]?);
            (a != b).then_some((a as u32, b as u32, weight))
        })
    });
    let Ok(of_groups) = Graph::from_edges(count, &links.collect::<Vec<_>>()) else { return places };
    let discs = vec![Disc::default(); count];
    for groups in connected_parts(&of_groups, &vec![0; count]).members() {
        settle(&of_groups, &groups, &discs, rounds(groups.len(), false), &mut places);
    }
    places
}

/// A random point in the disc of radius 1.
fn in_disc(rng: &mut Rng) -> [f64; 2] {
    loop {
        let [x, y] = [0; 2].map(|_| 2.0 * rng.unit() - 1.0);
        if x * x + y * y <= 1.0 {
            return [x, y];
        }
    }
}

/// Rounds in which the nodes of a component move. Where groups have found their places before, terms of one
/// theme are nearer to each other after 20 than after 100 from places at random, on networks of 300 to 2,800
/// terms.
fn rounds(nodes: usize, have_places: bool) -> usize {
    let (visits, least) = if have_places { (20_000, 20) } else { (600_000, 40) };
    (visits / nodes.max(1)).clamp(least, 100)
}

/// Moves the nodes of a connected component to where attraction and repulsion balance.
fn settle(graph: &Graph, nodes: &[u32], discs: &[Disc], rounds: usize, positions: &mut [[f64; 2]]) {
    let short = SHORT / (nodes.len() as f64).sqrt();
    let mut pushes = vec![[0.0; 2]; positions.len()];
    for round in 0..rounds {
        let by_length = 2 * round >= rounds;
        for (node, push) in Field::new(nodes, positions).pushes(positions) {
            pushes[node as usize] = push;
        }
        for &u in nodes {
            let at = positions[u as usize];
            let (mut sum, mut weights) = ([0.0; 2], 0.0);
            for (v, weight) in graph.neighbors(u).filter(|&(v, _)| v != u) {
                let [x, y] = positions[v as usize];
                let mut weight = weight / graph.strength(u);
                let group = discs[u as usize].group;
                if group.is_some() && group == discs[v as usize].group {
                    weight *= TOGETHER;
                }
                if by_length {
                    weight /= ((x - at[0]).powi(2) + (y - at[1]).powi(2)).sqrt().max(short);
                }
                sum = [sum[0] + weight * x, sum[1] + weight * y];
                weights += weight;
            }
            let push = pushes[u as usize];
            let mean = if weights > 0.0 { sum.map(|x| x / weights) } else { at };
            positions[u as usize] = [0, 1].map(|i| at[i] + STEP * (mean[i] + push[i] - at[i]));
        }
    }
}

/// Puts the components into centered rows of squares, the largest first.
fn pack(components: &[Vec<u32>], positions: &mut [[f64; 2]]) {
    let half = |nodes: &Vec<u32>| (nodes.len() as f64).sqrt();
    let side = |nodes: &Vec<u32>| 2.0 * half(nodes) + 2.0;
    let area: f64 = components.iter().map(|nodes| side(nodes).powi(2)).sum();
    let mut rest = components;
    let mut top = 0.0;
    while let Some(first) = rest.first() {
        let mut width = side(first);
        let mut count = 1;
        while let Some(next) = rest.get(count).filter(|next| width + side(next) <= area.sqrt()) {
            width += side(next);
            count += 1;
        }
        let mut left = -width / 2.0;
        for nodes in &rest[..count] {
            let center = [left + side(nodes) / 2.0, top + side(first) / 2.0];
            fit(nodes.iter().map(|&u| u as usize), center, half(nodes), positions);
            left += side(nodes);
        }
        top += side(first);
        rest = &rest[count..];
    }
}

/// Puts the isolated nodes on a sunflower spiral around the others.
fn surround(joined: &[Vec<u32>], isolated: &[Vec<u32>], positions: &mut [[f64; 2]]) {
    let others = joined.iter().flatten().map(|&u| u as usize);
    let (center, _) = extent(others.clone(), positions);
    let from_center =
        |u: usize| (positions[u][0] - center[0]).powi(2) + (positions[u][1] - center[1]).powi(2);
    let mut squared_radius = (others.map(from_center).fold(0.0, f64::max).sqrt() + 2.0).powi(2);
    let [mut x, mut y] = [1.0, 0.0];
    for &u in isolated.iter().flatten() {
        let radius = squared_radius.sqrt();
        positions[u as usize] = [center[0] + radius * x, center[1] + radius * y];
        squared_radius += 4.0;
        [x, y] = turn([x, y]);
    }
}

/// Turns a vector by the golden angle.
fn turn([x, y]: [f64; 2]) -> [f64; 2] {
    [x * GOLDEN[0] - y * GOLDEN[1], x * GOLDEN[1] + y * GOLDEN[0]]
}

/// Center and half the longer side of the box around some nodes; 0 without nodes.
fn extent(nodes: impl Iterator<Item = usize>, positions: &[[f64; 2]]) -> ([f64; 2], f64) {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for u in nodes {
        for i in 0..2 {
            low[i] = low[i].min(positions[u][i]);
            high[i] = high[i].max(positions[u][i]);
        }
    }
    if low[0] > high[0] {
        return ([0.0; 2], 0.0);
    }
    ([0, 1].map(|i| (low[i] + high[i]) / 2.0), (high[0] - low[0]).max(high[1] - low[1]) / 2.0)
}

/// Moves and scales some nodes into the square around `center` that has half the side `half`.
fn fit(nodes: impl Iterator<Item = usize> + Clone, center: [f64; 2], half: f64, positions: &mut [[f64; 2]]) {
    let (old_center, old_half) = extent(nodes.clone(), positions);
    let scale = if old_half > 0.0 { half / old_half } else { 0.0 };
    for u in nodes {
        positions[u] = [0, 1].map(|i| center[i] + scale * (positions[u][i] - old_center[i]));
    }
}

/// Rounds positions to the grid; of nodes on one point all but the first move to a free one nearby.
fn snap(positions: &mut [[f64; 2]], rng: &mut Rng) {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    // -0.0 + 0.0 is 0.0
    let round = |x: f64| (x.clamp(-1.0, 1.0) * GRID).round() / GRID + 0.0;
    for position in &mut *positions {
        *position = position.map(round);
    }
    for reach in 1.. {
        order.sort_unstable_by(|&u, &v| {
            let [a, b] = [positions[u], positions[v]];
            a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(u.cmp(&v))
        });
        let doubles: Vec<usize> = order
            .windows(2)
            .filter(|pair| positions[pair[0]] == positions[pair[1]])
            .map(|pair| pair[1])
            .collect();
        for &u in &doubles {
            positions[u] =
                positions[u].map(|x| round(x + (rng.below(2 * reach + 1) as f64 - reach as f64) / GRID));
        }
        if doubles.is_empty() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
        ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
    }

    #[track_caller]
    fn check(n: usize, edges: &[(u32, u32, f64)]) -> Vec<[f64; 2]> {
        let graph = Graph::from_edges(n, edges).unwrap();
        let positions = layout(&graph, &[], 1);
        assert_eq!(layout(&graph, &[], 1), positions);
        assert_eq!(positions.len(), n);
        assert!(positions.iter().flatten().all(|x| (-1.0..=1.0).contains(x)));
        let mut written: Vec<String> = positions.iter().map(|[x, y]| format!("{x:.5} {y:.5}")).collect();
        written.sort_unstable();
        written.dedup();
        assert_eq!(written.len(), n, "two nodes on one point");
        positions
    }

    /// `groups` of `size` nodes with `inside` links per node to its group and one link per node at random.
    fn planted(groups: usize, size: usize, inside: usize) -> Vec<(u32, u32, f64)> {
        let mut rng = Rng::new(5);
        let mut edges = Vec::new();
        for u in 0..groups * size {
            for _ in 0..inside {
                edges.push((u as u32, (u / size * size + rng.below(size)) as u32, 0.5 + rng.unit()));
            }
            edges.push((u as u32, rng.below(groups * size) as u32, 0.5 + rng.unit()));
        }
        edges
    }

    #[test]
    fn communities_are_apart() {
        for (groups, size, inside) in [(4, 10, 4), (8, 40, 4), (10, 100, 5)] {
            let positions = check(groups * size, &planted(groups, size, inside));
            let (mut within, mut between) = ((0.0, 0), (0.0, 0));
            for u in 0..groups * size {
                for v in 0..u {
                    let mean = if u / size == v / size { &mut within } else { &mut between };
                    mean.0 += distance(positions[u], positions[v]);
                    mean.1 += 1;
                }
            }
            let ratio = (within.0 / within.1 as f64) / (between.0 / between.1 as f64);
            assert!(ratio < 0.4, "{groups} groups of {size}: {ratio}");
        }
    }

    #[test]
    fn components_stand_side_by_side_and_isolated_nodes_around_them() {
        // Cliques of 8, 5, 5 and 2, and ten isolated nodes.
        let ends = [0_u32, 8, 13, 18, 20];
        let mut edges = Vec::new();
        for range in ends.windows(2) {
            for u in range[0]..range[1] {
                edges.extend((u + 1..range[1]).map(|v| (u, v, 1.0)));
            }
        }
        let positions = check(30, &edges);
        let boxes: Vec<_> =
            ends.windows(2).map(|range| extent(range[0] as usize..range[1] as usize, &positions)).collect();
        for (i, &(a, a_half)) in boxes.iter().enumerate() {
            for &(b, b_half) in &boxes[..i] {
                let gap = (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
                assert!(gap > a_half + b_half, "{boxes:?}");
            }
        }
        let (center, _) = extent(0..20, &positions);
        let farthest = (0..20).map(|u| distance(positions[u], center)).fold(0.0, f64::max);
        assert!((20..30).all(|u| distance(positions[u], center) > farthest));
    }

    #[test]
    fn neighbors_are_near() {
        let path: Vec<_> = (0..50).map(|u| (u, u + 1, 1.0)).collect();
        let positions = check(51, &path);
        let link: f64 = (0..50).map(|u| distance(positions[u], positions[u + 1])).sum::<f64>() / 50.0;
        assert!(link < 0.2 && distance(positions[0], positions[50]) > 5.0 * link);
        let pair = check(2, &[(0, 1, 3.0)]);
        assert!((distance(pair[0], pair[1]) - 2.0).abs() < 1.0);
    }

    #[test]
    fn any_graph_has_a_layout() {
        assert!(check(0, &[]).is_empty());
        assert_eq!(check(1, &[]), [[0.0, 0.0]]);
        assert_eq!(check(1, &[(0, 0, 1.0)]), [[0.0, 0.0]]);
        check(500, &[]);
        let star: Vec<_> = (1..400).map(|v| (0, v, 1.0)).collect();
        check(400, &star);
        let complete: Vec<_> = (0..60).flat_map(|u| (0..u).map(move |v| (u, v, 1.0))).collect();
        check(60, &complete);
        let pairs: Vec<_> = (0..300).map(|i| (2 * i, 2 * i + 1, 1.0)).collect();
        check(600, &pairs);
        check(4, &[(0, 1, 5e-324), (1, 2, 1e300), (2, 3, 1e-300), (0, 0, 1e307), (3, 3, 1e307)]);
    }

    #[test]
    fn crowded_points_come_apart() {
        let mut positions = vec![[1.0, -0.0]; 100];
        snap(&mut positions, &mut Rng::new(1));
        positions.sort_by(|a, b| a.partial_cmp(b).unwrap());
        positions.dedup();
        assert_eq!(positions.len(), 100);
        assert!(positions.iter().all(|p| distance(*p, [1.0, 0.0]) < 1e-3));
    }
}
