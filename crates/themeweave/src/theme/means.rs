//! The mean directions of groups, and how like them other directions are.

use fearless_simd::{Level, dispatch};
use rayon::prelude::*;

use crate::theme::cluster::Grouping;
use crate::theme::normalize::normalize;
use crate::theme::space::Space;

/// Segments that are compared with the means side by side.
pub(super) const ABREAST: usize = 4;
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
    /// Those of a grouping.
    pub(crate) fn of(space: &Space, grouping: &Grouping) -> Means {
        let means = mean_directions(space, grouping);
        let tiles = Tiles::new(space.width(), means.iter().map(Vec::as_slice));
        Means { groups: means.len(), tiles }
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
pub(super) fn mean_directions(space: &Space, grouping: &Grouping) -> Vec<Vec<f32>> {
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
