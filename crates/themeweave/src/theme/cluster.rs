//! Groups of segments: from communities of terms, by k-means, and merged by Ward's criterion.

use fearless_simd::{Level, dispatch};
use rayon::prelude::*;

use crate::community::Partition;
use crate::graph::Graph;
use crate::theme::normalize::normalize;
use crate::theme::space::Space;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::{TermId, Vocabulary};

/// No group.
pub(crate) const NONE: u32 = u32::MAX;

/// Segments by group; [`NONE`] for those in no group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grouping {
    pub(crate) group: Vec<u32>,
    pub(crate) groups: usize,
}

impl Grouping {
    /// Number of segments of each group.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.groups];
        for &group in self.group.iter().filter(|&&group| group != NONE) {
            sizes[group as usize] += 1;
        }
        sizes
    }

    /// The segments of each group, in order.
    pub(crate) fn members(&self) -> Vec<Vec<u32>> {
        let mut members: Vec<Vec<u32>> = self.sizes().into_iter().map(Vec::with_capacity).collect();
        for (segment, &group) in self.group.iter().enumerate() {
            if group != NONE {
                members[group as usize].push(segment as u32);
            }
        }
        members
    }

    /// Drops groups of fewer than `least` segments and numbers the others without gaps.
    pub(crate) fn with_at_least(self, least: usize) -> Grouping {
        let mut number = vec![NONE; self.groups];
        let mut groups = 0;
        for (number, size) in number.iter_mut().zip(self.sizes()) {
            if size >= least {
                *number = groups;
                groups += 1;
            }
        }
        self.renumbered(&number, groups as usize)
    }

    /// The same without some segments, and without groups of which nothing is left.
    pub(crate) fn without(mut self, is_out: impl Fn(usize) -> bool) -> Grouping {
        for (_, group) in self.group.iter_mut().enumerate().filter(|(segment, _)| is_out(*segment)) {
            *group = NONE;
        }
        self.with_at_least(1)
    }

    /// Numbers groups by falling number of segments, ties by their first segment.
    pub(crate) fn by_size(self) -> Grouping {
        let sizes = self.sizes();
        let mut first = vec![usize::MAX; self.groups];
        for (segment, &group) in self.group.iter().enumerate().rev().filter(|(_, group)| **group != NONE) {
            first[group as usize] = segment;
        }
        let mut order: Vec<usize> = (0..self.groups).collect();
        order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group]), first[group]));
        let mut number = vec![NONE; self.groups];
        for (new, old) in (0..).zip(order) {
            number[old] = new;
        }
        let groups = self.groups;
        self.renumbered(&number, groups)
    }

    /// The same groups of some of `n` segments, the others in none.
    pub(crate) fn placed(&self, segments: &[u32], n: usize) -> Grouping {
        let mut group = vec![NONE; n];
        for (&segment, &own) in segments.iter().zip(&self.group) {
            group[segment as usize] = own;
        }
        Grouping { group, groups: self.groups }
    }

    /// Gives each group its new number.
    fn renumbered(mut self, number: &[u32], groups: usize) -> Grouping {
        for group in self.group.iter_mut().filter(|group| **group != NONE) {
            *group = number[*group as usize];
        }
        self.groups = groups;
        self
    }
}

/// Gives each segment to the community of terms that it has most of: a term counts by its tf-idf and
/// by the share of its links that stay inside its community.
pub(crate) fn group_by_communities(
    rows: &TfIdf<'_>,
    graph: &Graph,
    communities: &Partition,
    least: usize,
) -> Grouping {
    let membership = communities.membership();
    // Communities are numbered by falling size, so those that count come first.
    let groups = communities.sizes().iter().filter(|&&size| size >= least).count();
    let belonging: Vec<(usize, f32)> = (0..graph.node_count() as u32)
        .map(|node| {
            let own = membership[node as usize];
            let inside: f64 =
                graph.neighbors(node).filter(|n| membership[n.0 as usize] == own).map(|n| n.1).sum();
            let strength = graph.strength(node);
            (own as usize, if strength > 0.0 { (inside / strength) as f32 } else { 0.0 })
        })
        .collect();
    let group = (0..rows.len())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || vec![0.0_f32; groups],
            |scores, segment| {
                scores.fill(0.0);
                for &(term, weight) in
                    rows.row(segment).iter().take_while(|e| (e.0 as usize) < belonging.len())
                {
                    let (group, share) = belonging[term as usize];
                    if group < groups {
                        scores[group] += weight * share;
                    }
                }
                best(scores.iter().copied())
                    .filter(|&(_, score)| score > 0.0)
                    .map_or(NONE, |(group, _)| group as u32)
            },
        )
        .collect();
    Grouping { group, groups }.with_at_least(1)
}

/// The first greatest value and its place.
pub(crate) fn best<V: PartialOrd + Copy>(values: impl Iterator<Item = V>) -> Option<(usize, V)> {
    values.enumerate().fold(None, |best, (at, value)| match best {
        Some((_, greatest)) if value <= greatest => best,
        _ => Some((at, value)),
    })
}

/// Spherical k-means (Dhillon and Modha 2001) from a given grouping: each round gives every segment
/// to the group whose mean direction is closest. Ends early when nothing moves. Segments without a
/// direction stay in no group.
///
/// A segment is compared with the means again only where some other one may have come closer than its own since the
/// last time, by how far they have moved (Hamerly 2010, "Making k-means even faster").
pub(crate) fn k_means(space: &Space, start: &Grouping, rounds: usize) -> Grouping {
    /// Segments that a thread takes at a time.
    const AT_A_TIME: usize = 256;
    let mut grouping = start.clone();
    let nearest = |segment| Nearest::unknown(space.direction(segment).iter().any(|&x| x != 0.0));
    let mut nearest: Vec<Nearest> = (0..space.len()).map(nearest).collect();
    let mut last = Vec::new();
    for _ in 0..rounds {
        let directions = mean_directions(space, &grouping);
        let moved = Moved::new(&last, &directions);
        let means = Means::new(space.width(), &directions);
        let chunks = nearest.par_chunks_mut(AT_A_TIME).enumerate();
        chunks.for_each_init(Vec::new, |unsure, (chunk, nearest)| {
            unsure.clear();
            unsure.extend((0..nearest.len()).filter(|&at| !nearest[at].is_sure_after(&moved)));
            for unsure in unsure.chunks(ABREAST) {
                let direction =
                    |at: usize| space.direction(chunk * AT_A_TIME + unsure[at.min(unsure.len() - 1)]);
                let found = means.nearest(std::array::from_fn::<_, ABREAST, _>(direction));
                unsure.iter().zip(found).for_each(|(&at, found)| nearest[at] = found);
            }
        });
        last = directions;
        if nearest.iter().map(|nearest| nearest.group).eq(grouping.group.iter().copied()) {
            break;
        }
        grouping.group = nearest.iter().map(|nearest| nearest.group).collect();
    }
    grouping.with_at_least(1)
}

/// The group whose mean is nearest to a segment, the first of equals.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    group: u32,
    /// At least the cosine of the segment and the mean of this group.
    own: f32,
    /// At most the cosines of the segment and all other means.
    others: f32,
}

impl Nearest {
    /// What is known of a segment before it is compared, which it is not if it has no direction.
    fn unknown(has_direction: bool) -> Nearest {
        let own = if has_direction { f32::NEG_INFINITY } else { f32::INFINITY };
        Nearest { group: NONE, own, others: -own }
    }

    /// Whether the group is the same for sure after means have moved.
    fn is_sure_after(&mut self, moved: &Moved) -> bool {
        /// More than all rounding errors of cosines and bounds.
        const SURE: f32 = 1e-4;
        let (own, others) = moved.bounds(self.group);
        self.own -= own;
        self.others += others;
        self.own > self.others + SURE
    }
}

/// How far the means of groups have moved: a cosine with one changes by no more.
struct Moved {
    by_group: Vec<f32>,
    /// The greatest, with its group, and the greatest of the others.
    most: (f32, u32),
    second: f32,
}

impl Moved {
    fn new(before: &[Vec<f32>], after: &[Vec<f32>]) -> Moved {
        let distance = |(a, b): (&Vec<f32>, &Vec<f32>)| squared_distance(a, 1.0, b, 1.0).sqrt() as f32;
        let mut moved = Moved {
            by_group: before.iter().zip(after).map(distance).collect(),
            most: (0.0, NONE),
            second: 0.0,
        };
        for (group, &distance) in (0..).zip(&moved.by_group) {
            if distance > moved.most.0 {
                moved.second = std::mem::replace(&mut moved.most, (distance, group)).0;
            } else {
                moved.second = moved.second.max(distance);
            }
        }
        moved
    }

    /// How far the mean of a group has moved, and that of any other one at most.
    fn bounds(&self, group: u32) -> (f32, f32) {
        let own = self.by_group.get(group as usize).copied().unwrap_or_default();
        (own, if self.most.1 == group { self.second } else { self.most.0 })
    }
}

/// Segments that are compared with the means side by side.
const ABREAST: usize = 4;
/// Directions with which another one is compared side by side.
pub(crate) const TILE: usize = 16;

/// Directions, [`TILE`] by [`TILE`].
pub(crate) struct Tiles {
    width: usize,
    /// For each tile and each dimension the values of its directions; 0 for what fills up the last tile.
    values: Vec<[f32; TILE]>,
}

impl Tiles {
    /// Directions of `width` values.
    pub(crate) fn new<'d>(width: usize, directions: impl ExactSizeIterator<Item = &'d [f32]>) -> Tiles {
        let mut values = vec![[0.0; TILE]; directions.len().div_ceil(TILE) * width];
        for (at, direction) in directions.enumerate() {
            for (dimension, &x) in direction.iter().enumerate() {
                values[at / TILE * width + dimension][at % TILE] = x;
            }
        }
        Tiles { width, values }
    }

    /// The tiles, each as the values of its directions by dimension.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[[f32; TILE]]> {
        self.values.chunks_exact(self.width.max(1))
    }
}

/// The mean direction of each group, of unit length.
pub(crate) struct Means {
    groups: usize,
    tiles: Tiles,
}

impl Means {
    /// Those of directions of a width.
    fn new(width: usize, directions: &[Vec<f32>]) -> Means {
        Means { groups: directions.len(), tiles: Tiles::new(width, directions.iter().map(Vec::as_slice)) }
    }

    /// Those of a grouping.
    pub(crate) fn of(space: &Space, grouping: &Grouping) -> Means {
        Means::new(space.width(), &mean_directions(space, grouping))
    }

    /// Cosines of the directions of a list with each mean, those of one direction after those of another.
    pub(crate) fn likeness(&self, directions: &[f32], likeness: &mut [f32]) {
        let (width, groups) = (self.tiles.width.max(1), self.groups.max(1));
        let directions: Vec<&[f32]> = directions.chunks_exact(width).collect();
        let (abreast, rest) = directions.as_chunks();
        let (of_abreast, of_rest) = likeness.split_at_mut(abreast.len() * ABREAST * groups);
        for (&directions, likeness) in abreast.iter().zip(of_abreast.chunks_exact_mut(ABREAST * groups)) {
            self.compare::<ABREAST>(directions, likeness);
        }
        for (&direction, likeness) in rest.iter().zip(of_rest.chunks_exact_mut(groups)) {
            self.compare([direction], likeness);
        }
    }

    /// The same for all segments of a space.
    pub(crate) fn likeness_of_all(&self, space: &Space) -> Vec<f32> {
        /// Segments that a thread takes at a time.
        const AT_A_TIME: usize = 64;
        let (width, groups) = (space.width().max(1), self.groups.max(1));
        let mut likeness = vec![0.0; space.len() * self.groups];
        let directions = space.directions().par_chunks(AT_A_TIME * width);
        directions
            .zip(likeness.par_chunks_mut(AT_A_TIME * groups))
            .for_each(|(directions, likeness)| self.likeness(directions, likeness));
        likeness
    }

    fn compare<const N: usize>(&self, directions: [&[f32]; N], likeness: &mut [f32]) {
        for (first, tile) in (0..self.groups).step_by(TILE).zip(self.tiles.iter()) {
            let here = first..self.groups.min(first + TILE);
            for (likeness, sums) in likeness.chunks_exact_mut(self.groups).zip(products(directions, tile)) {
                likeness[here.clone()].copy_from_slice(&sums[..here.len()]);
            }
        }
    }

    /// The nearest mean to each direction.
    fn nearest<const N: usize>(&self, directions: [&[f32]; N]) -> [Nearest; N] {
        let mut nearest = [Nearest { group: NONE, own: f32::NEG_INFINITY, others: f32::NEG_INFINITY }; N];
        for (first, tile) in (0..self.groups).step_by(TILE).zip(self.tiles.iter()) {
            let here = TILE.min(self.groups - first);
            for (nearest, sums) in nearest.iter_mut().zip(products(directions, tile)) {
                for (group, &likeness) in (first as u32..).zip(&sums[..here]) {
                    // Without branches, which would go either way at random.
                    let is_nearer = likeness > nearest.own;
                    let (greater, smaller) =
                        if is_nearer { (likeness, nearest.own) } else { (nearest.own, likeness) };
                    nearest.others = if smaller > nearest.others { smaller } else { nearest.others };
                    nearest.own = greater;
                    nearest.group = if is_nearer { group } else { nearest.group };
                }
            }
        }
        nearest
    }
}

/// Products of directions and those of a tile, added up dimension by dimension.
pub(crate) fn products<const N: usize>(directions: [&[f32]; N], tile: &[[f32; TILE]]) -> [[f32; TILE]; N] {
    dispatch!(Level::new(), _ => {
        let mut sums = [[0.0; TILE]; N];
        for (dimension, means) in tile.iter().enumerate() {
            for (sums, direction) in sums.iter_mut().zip(directions) {
                let x = direction[dimension];
                for (sum, mean) in sums.iter_mut().zip(means) {
                    *sum += x * mean;
                }
            }
        }
        sums
    })
}

/// The mean direction of each group's segments, of unit length.
fn mean_directions(space: &Space, grouping: &Grouping) -> Vec<Vec<f32>> {
    let mut means = sums(space, grouping);
    means.iter_mut().for_each(|mean| normalize(mean));
    means
}

/// The sum of the directions of each group's segments, added in their order.
pub(crate) fn sums(space: &Space, grouping: &Grouping) -> Vec<Vec<f32>> {
    let sum = |members: &Vec<u32>| {
        let mut sum = vec![0.0; space.width()];
        dispatch!(Level::new(), _ => {
            for &segment in members {
                for (s, x) in sum.iter_mut().zip(space.direction(segment as usize)) {
                    *s += x;
                }
            }
        });
        sum
    };
    grouping.members().par_iter().map(sum).collect()
}

/// Merges the two groups that are closest by Ward's criterion, n_a·n_b/(n_a + n_b)·|μ_a − μ_b|²,
/// again and again, from the sums of the groups' vectors and their numbers of segments; gives the
/// order of merges as (kept group, merged group) in numbers of the start.
pub(crate) fn ward_merges(mut sums: Vec<Vec<f32>>, sizes: &[usize]) -> Vec<(u32, u32)> {
    let mut sizes: Vec<f64> = sizes.iter().map(|&size| size as f64).collect();
    let k = sizes.len();
    let distance = |sums: &[Vec<f32>], sizes: &[f64], a: usize, b: usize| {
        let (na, nb) = (sizes[a], sizes[b]);
        let square = squared_distance(&sums[a], na, &sums[b], nb);
        square * na * nb / (na + nb)
    };
    let mut distances: Vec<Vec<f64>> =
        (0..k).into_par_iter().map(|a| (0..a).map(|b| distance(&sums, &sizes, a, b)).collect()).collect();
    let mut alive: Vec<usize> = (0..k).collect();
    let mut merges = Vec::new();
    while alive.len() > 1 {
        let mut closest = (f64::INFINITY, 0, 0);
        for &a in &alive {
            for &b in alive.iter().take_while(|&&b| b < a) {
                if distances[a][b] < closest.0 {
                    closest = (distances[a][b], b, a);
                }
            }
        }
        let (_, kept, gone) = closest;
        if kept == gone {
            break;
        }
        let merged = std::mem::take(&mut sums[gone]);
        for (s, x) in sums[kept].iter_mut().zip(merged) {
            *s += x;
        }
        sizes[kept] += sizes[gone];
        alive.retain(|&group| group != gone);
        merges.push((kept as u32, gone as u32));
        let fresh: Vec<(usize, f64)> = alive
            .par_iter()
            .filter(|&&group| group != kept)
            .map(|&group| (group, distance(&sums, &sizes, kept, group)))
            .collect();
        for (group, value) in fresh {
            distances[kept.max(group)][kept.min(group)] = value;
        }
    }
    merges
}

/// Squared distance of the means of two groups, from their sums and sizes.
fn squared_distance(a: &[f32], na: f64, b: &[f32], nb: f64) -> f64 {
    /// Sums that grow side by side.
    const LANES: usize = 8;
    let (one_a, one_b) = (1.0 / na, 1.0 / nb);
    let square = |(&x, &y): (&f32, &f32)| {
        let difference = f64::from(x) * one_a - f64::from(y) * one_b;
        difference * difference
    };
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for (lane, pair) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += square(pair);
        }
    }
    lanes.iter().sum()
}

/// The groupings with `start.groups`, then one less, down to one group, as the merges make them.
pub(crate) fn merge_steps(start: &Grouping, merges: &[(u32, u32)]) -> Vec<Grouping> {
    let mut into: Vec<u32> = (0..start.groups as u32).collect();
    let mut steps = vec![start.clone()];
    for &(kept, gone) in merges {
        for target in &mut into {
            if *target == gone {
                *target = kept;
            }
        }
        steps.push(start.clone().renumbered(&into, start.groups).with_at_least(1));
    }
    steps
}

/// The group of each of the first `terms` terms: where most of its segments are beyond expectation,
/// (observed − expected)/√expected; [`NONE`] where it is nowhere above.
pub(crate) fn group_of_terms(vocabulary: &Vocabulary, terms: usize, grouping: &Grouping) -> Vec<u32> {
    let groups = grouping.groups;
    let mut observed = vec![0_u32; terms * groups];
    let mut sizes = vec![0_u32; groups];
    for (segment, &group) in grouping.group.iter().enumerate() {
        if group == NONE {
            continue;
        }
        sizes[group as usize] += 1;
        let present = vocabulary.segment(segment).map(|entry| entry.0);
        for term in present.take_while(|&term: &TermId| (term as usize) < terms) {
            observed[term as usize * groups + group as usize] += 1;
        }
    }
    let total: u32 = sizes.iter().sum();
    (0..terms)
        .map(|term| {
            let counts = &observed[term * groups..][..groups];
            let seen: u32 = counts.iter().sum();
            let over = counts.iter().zip(&sizes).map(|(&count, &size)| {
                let expected = f64::from(seen) * f64::from(size) / f64::from(total);
                if expected > 0.0 { ((f64::from(count) - expected) / expected.sqrt()) as f32 } else { 0.0 }
            });
            best(over).filter(|&(_, value)| value > 0.0).map_or(NONE, |(group, _)| group as u32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// The rounds of k-means with every segment compared with every mean.
    fn plain_k_means(space: &Space, start: &Grouping, rounds: usize) -> Grouping {
        let mut grouping = start.clone();
        for _ in 0..rounds {
            let means = mean_directions(space, &grouping);
            let product = |a: &[f32], b: &[f32]| a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y);
            let nearest = |segment| {
                let direction = space.direction(segment);
                let likeness = means.iter().map(|mean| product(direction, mean));
                let has_direction = direction.iter().any(|&x| x != 0.0);
                best(likeness).filter(|_| has_direction).map_or(NONE, |(group, _)| group as u32)
            };
            grouping.group = (0..space.len()).map(nearest).collect();
        }
        grouping.with_at_least(1)
    }

    #[test]
    fn k_means_that_skips_comparisons_is_k_means() {
        let mut rng = Rng::new(3);
        let mut skipped = 0;
        for case in 0..40 {
            let (width, groups) = ([2, 4, 10][case % 3], 1 + rng.below(40));
            let n = 1 + rng.below(900);
            let mut directions = Vec::new();
            for _ in 0..n {
                // Few directions are on axes, where cosines are equal, and some are none.
                let axis = rng.below(3 * width);
                let mut own: Vec<f32> = match axis {
                    0 => vec![0.0; width],
                    1 => (0..width).map(|at| f32::from(u8::from(at == case % width))).collect(),
                    _ => (0..width)
                        .map(|at| rng.unit() as f32 - if at == axis % width { 0.0 } else { 0.6 })
                        .collect(),
                };
                normalize(&mut own);
                directions.extend(own);
            }
            let space = Space::of_directions(width, directions);
            let group =
                (0..n).map(|_| if rng.below(9) == 0 { NONE } else { rng.below(groups) as u32 }).collect();
            let start = Grouping { group, groups };
            for rounds in [1, 2, 5, 12] {
                let found = k_means(&space, &start, rounds);
                assert_eq!(found, plain_k_means(&space, &start, rounds), "{case} {rounds}");
            }
            // What the bounds say is so, and they say something.
            let before = mean_directions(&space, &start);
            let after = mean_directions(&space, &plain_k_means(&space, &start, 3));
            if before.len() == after.len() {
                let moved = Moved::new(&before, &after);
                for segment in 0..n {
                    let [old, new] = [&before, &after].map(|means| {
                        let means = Means::new(width, means);
                        let [nearest] = means.nearest([space.direction(segment)]);
                        nearest
                    });
                    let mut bounds = old;
                    if bounds.is_sure_after(&moved) {
                        assert_eq!(bounds.group, new.group);
                        skipped += 1;
                    }
                    assert!(bounds.group != new.group || bounds.own <= new.own + 1e-5);
                }
            }
        }
        assert!(skipped > 100, "{skipped}");
    }
}
