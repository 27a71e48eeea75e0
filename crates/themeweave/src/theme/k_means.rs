//! Spherical k-means: each segment goes to the group whose mean direction is nearest, again and again.

use std::array;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, f32x16, mask32x16};
use rayon::prelude::*;

use crate::theme::cluster::{Grouping, NONE, squared_distance};
use crate::theme::means::{ABREAST, TILE, Tiles, mean_directions, products};
use crate::theme::space::Space;

/// Spherical k-means (Dhillon and Modha 2001) from a given grouping: each round gives every segment
/// to the group whose mean direction is nearest. Ends early when nothing moves. Segments without a
/// direction stay in no group.
///
/// A segment is compared with the means again only where some other one may have come closer than its own since the
/// last time, by how far they have moved (Hamerly 2010, "Making k-means even faster").
pub(crate) fn k_means(space: &Space, start: &Grouping, rounds: usize) -> Grouping {
    let mut grouping = start.clone();
    let nearest = |segment| Nearest::unknown(space.direction(segment).iter().any(|&x| x != 0.0));
    let mut nearest: Vec<Nearest> = (0..space.len()).map(nearest).collect();
    let mut last = Vec::new();
    for _ in 0..rounds {
        let means = mean_directions(space, &grouping);
        let moved = Moved::new(&last, &means);
        compare(space, &means, &mut nearest, |nearest| !nearest.is_sure_after(&moved));
        last = means;
        if nearest.iter().map(|nearest| nearest.group).eq(grouping.group.iter().copied()) {
            break;
        }
        grouping.group = nearest.iter().map(|nearest| nearest.group).collect();
    }
    grouping.with_at_least(1)
}

/// Finds the nearest mean to each segment that `is_asked` for.
fn compare(
    space: &Space,
    means: &[Vec<f32>],
    nearest: &mut [Nearest],
    is_asked: impl Fn(&mut Nearest) -> bool + Sync,
) {
    /// Segments that a thread takes at a time.
    const AT_A_TIME: usize = 256;
    let tiles = Tiles::new(space.width(), means.iter().map(Vec::as_slice));
    let chunks = nearest.par_chunks_mut(AT_A_TIME).enumerate();
    chunks.for_each_init(Vec::new, |asked, (chunk, nearest)| {
        asked.clear();
        asked.extend((0..nearest.len()).filter(|&at| is_asked(&mut nearest[at])));
        for asked in asked.chunks(ABREAST) {
            let direction = |at: usize| space.direction(chunk * AT_A_TIME + asked[at.min(asked.len() - 1)]);
            let found = nearest_of::<ABREAST>(&tiles, means.len(), array::from_fn(direction));
            asked.iter().zip(found).for_each(|(&at, found)| nearest[at] = found);
        }
    });
}

/// The nearest of so many means to each direction.
fn nearest_of<const N: usize>(tiles: &Tiles, means: usize, directions: [&[f32]; N]) -> [Nearest; N] {
    let mut nearest = [Nearest { group: NONE, own: f32::NEG_INFINITY, others: f32::NEG_INFINITY }; N];
    for (first, tile) in (0..means).step_by(TILE).zip(tiles.iter()) {
        let mut likeness = products(directions, tile);
        likeness.iter_mut().for_each(|likeness| {
            likeness.iter_mut().skip(means - first).for_each(|x| *x = f32::NEG_INFINITY)
        });
        dispatch!(Level::new(), simd => {
            for (nearest, likeness) in nearest.iter_mut().zip(likeness) {
                let (greatest, place, second) = greatest_two(simd, likeness);
                if greatest > nearest.own {
                    nearest.group = first as u32 + place;
                    nearest.others = second.max(nearest.own);
                    nearest.own = greatest;
                } else {
                    nearest.others = nearest.others.max(greatest);
                }
            }
        });
    }
    nearest
}

/// The greatest value, the first place where it is, and the greatest of the others.
#[inline(always)]
fn greatest_two<S: Simd>(simd: S, values: [f32; TILE]) -> (f32, u32, f32) {
    let values = f32x16::simd_from(simd, values);
    let greatest = values.reduce_max();
    let place = values.simd_eq(f32x16::splat(simd, greatest)).to_bitmask().trailing_zeros();
    let is_place = mask32x16::from_bitmask(simd, 1 << place);
    let others = is_place.select(f32x16::splat(simd, f32::NEG_INFINITY), values);
    (greatest, place, others.reduce_max())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::theme::cluster::best;
    use crate::theme::normalize::normalize;

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
            let [before, after] =
                [5, 6].map(|rounds| mean_directions(&space, &plain_k_means(&space, &start, rounds)));
            if before.len() == after.len() {
                let moved = Moved::new(&before, &after);
                let [old, new] = [&before, &after].map(|means| {
                    let mut nearest = vec![Nearest::unknown(true); n];
                    compare(&space, means, &mut nearest, |_| true);
                    nearest
                });
                for (mut bounds, new) in old.into_iter().zip(new) {
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
