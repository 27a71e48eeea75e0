//! Sparse matrices times a block of columns, with the same bits at any thread count and on any processor: loops
//! within `dispatch!` are as in `svd`.

use std::ops::{AddAssign, Mul};

use fearless_simd::{Level, dispatch};
use rayon::prelude::*;

/// Columns of a block: their sums stay in registers.
pub(crate) const COLUMNS: usize = 16;
/// A row of a block. What is multiplied with a matrix is in single precision, which says more than counts do.
pub(crate) type Row<V> = [V; COLUMNS];

/// The sum of some rows of a block, each with its weight, added in order.
pub(crate) fn weighted_sum(weights: &[(u32, f32)], block: &[Row<f32>]) -> Row<f32> {
    dispatch!(Level::new(), _ => sum(weights, block))
}

#[inline(always)]
fn sum(weights: &[(u32, f32)], block: &[Row<f32>]) -> Row<f32> {
    let mut sums = [0.0; COLUMNS];
    for &(row, weight) in weights {
        add_scaled(&mut sums, weight, &block[row as usize]);
    }
    sums
}

/// Adds a row of a block, each value times `scale`.
#[inline(always)]
pub(crate) fn add_scaled<V: Copy + AddAssign + Mul<Output = V>>(sums: &mut Row<V>, scale: V, row: &Row<V>) {
    for (sum, &x) in sums.iter_mut().zip(row) {
        *sum += scale * x;
    }
}

/// A sparse matrix in runs of columns, each as rows of (column, value), by ascending column.
pub(crate) struct SparseRuns {
    rows: usize,
    /// Where the entries of each row begin, run by run; one more at the end.
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl SparseRuns {
    /// A matrix of so many rows and runs with the given entries (run, row, column, value), in which those of a row
    /// are by ascending column. `entries` is gone through twice.
    pub(crate) fn new<E>(rows: usize, runs: usize, entries: E) -> SparseRuns
    where
        E: Iterator<Item = (usize, u32, u32, f32)> + Clone,
    {
        let mut starts = vec![0_usize; runs * rows + 1];
        entries.clone().for_each(|(run, row, ..)| starts[run * rows + row as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![(0, 0.0); starts[runs * rows]];
        entries.for_each(|(run, row, column, value)| {
            let next = &mut next[run * rows + row as usize];
            sorted[*next] = (column, value);
            *next += 1;
        });
        SparseRuns { rows, starts, entries: sorted }
    }

    /// This matrix times a block: for each row the sums over its runs, added in order.
    pub(crate) fn times(&self, block: &[Row<f32>]) -> Vec<Row<f32>> {
        /// Rows that a thread takes at a time.
        const ROWS: usize = 64;
        let mut product = vec![Row::default(); self.rows];
        product.par_chunks_mut(ROWS).enumerate().for_each(|(at, rows)| {
            dispatch!(Level::new(), _ => {
                for first in (at * ROWS..self.starts.len() - 1).step_by(self.rows) {
                    for (row, bounds) in rows.iter_mut().zip(self.starts[first..].windows(2)) {
                        add_scaled(row, 1.0, &sum(&self.entries[bounds[0]..bounds[1]], block));
                    }
                }
            })
        });
        product
    }
}

/// A symmetric matrix with a diagonal of 0, as what is right of it, in tiles.
pub(crate) struct Symmetric {
    rows: usize,
    /// The tiles of each row of tiles, from that on the diagonal on.
    tiles: Vec<Vec<Tile>>,
}

/// Rows and columns of a tile: those of a block and their sums stay in the cache.
const TILE: usize = 512;

/// The entries of a tile, one row after the other, as (column, value) by ascending column, counted from the tile's
/// first.
#[derive(Default)]
struct Tile {
    entries: Vec<(u32, f32)>,
    /// Where those of each row end.
    ends: Vec<u32>,
}

impl Tile {
    fn rows(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.entries[start as usize..end as usize])
    }

    /// Adds what a tile off the diagonal makes of the rows of a block to the sums of its rows, `down`, and columns.
    fn add(
        &self,
        block_down: &[Row<f32>],
        down: &mut [Row<f32>],
        block_across: &[Row<f32>],
        across: &mut [Row<f32>],
    ) {
        dispatch!(Level::new(), _ => {
            for ((entries, own), sum) in self.rows().zip(block_down).zip(down) {
                add_both(entries, 0, own, sum, block_across, across);
            }
        });
    }

    /// The same of a tile on the diagonal.
    fn add_on_diagonal(&self, block: &[Row<f32>], sums: &mut [Row<f32>]) {
        dispatch!(Level::new(), _ => {
            for (at, entries) in self.rows().enumerate() {
                let (before, after) = sums.split_at_mut(at + 1);
                add_both(entries, at + 1, &block[at], &mut before[at], &block[at + 1..], after);
            }
        });
    }
}

impl Symmetric {
    /// A matrix of so many rows. `fill` takes the number of a row and room for as many entries, and puts those with
    /// greater columns there, by ascending column; it gives back how many.
    pub(crate) fn new(rows: usize, fill: impl Fn(usize, &mut [(u32, f32)]) -> usize + Sync) -> Symmetric {
        let row_of_tiles = |found: &mut Vec<(u32, f32)>, down: usize| {
            let mut tiles: Vec<Tile> = (down * TILE..rows).step_by(TILE).map(|_| Tile::default()).collect();
            for row in down * TILE..rows.min((down + 1) * TILE) {
                let count = fill(row, found);
                let mut rest = &found[..count];
                for (tile, across) in tiles.iter_mut().zip(down..) {
                    let first = (across * TILE) as u32;
                    let inside = rest.iter().take_while(|entry| entry.0 < first + TILE as u32).count();
                    tile.entries
                        .extend(rest[..inside].iter().map(|&(column, value)| (column - first, value)));
                    tile.ends.push(tile.entries.len() as u32);
                    rest = &rest[inside..];
                }
            }
            tiles
        };
        let all = (0..rows.div_ceil(TILE)).into_par_iter().with_max_len(1);
        Symmetric { rows, tiles: all.map_init(|| vec![(0, 0.0); rows], row_of_tiles).collect() }
    }

    /// This matrix times a block: for each row a sum, added up by ascending column.
    ///
    /// An entry is read once for its row and for its column. So tiles come in an order in which all tiles to the left
    /// and above are done before, and side by side those that have neither rows nor columns in common.
    pub(crate) fn times(&self, block: &[Row<f32>]) -> Vec<Row<f32>> {
        let mut product = vec![Row::default(); self.rows];
        let mut sums: Vec<&mut [Row<f32>]> = product.chunks_mut(TILE).collect();
        let blocks: Vec<&[Row<f32>]> = block.chunks(TILE).collect();
        for both in 0..(2 * sums.len()).saturating_sub(1) {
            let first = both.saturating_sub(sums.len() - 1);
            let last = both - first;
            let (down, rest) = sums[first..=last].split_at_mut((last - first).div_ceil(2));
            let (middle, across) = rest.split_at_mut((last - first + 1) % 2);
            let pairs = down.par_iter_mut().zip(across.par_iter_mut().rev()).enumerate();
            rayon::join(
                || {
                    pairs.for_each(|(at, (down, across))| {
                        let (row, column) = (first + at, last - at);
                        self.tiles[row][column - row].add(blocks[row], down, blocks[column], across);
                    })
                },
                || {
                    for sums in middle {
                        self.tiles[both / 2][0].add_on_diagonal(blocks[both / 2], sums);
                    }
                },
            );
        }
        product
    }
}

/// Adds the entries of a row to the sum of that row, and to those of their columns, which begin with `first`.
#[inline(always)]
fn add_both(
    entries: &[(u32, f32)],
    first: usize,
    own: &Row<f32>,
    sum: &mut Row<f32>,
    block: &[Row<f32>],
    sums: &mut [Row<f32>],
) {
    // Copies stay in registers.
    let (mut total, own) = (*sum, *own);
    let block = &block[..sums.len()];
    for &(column, value) in entries {
        let column = column as usize - first;
        add_scaled(&mut total, value, &block[column]);
        add_scaled(&mut sums[column], value, &own);
    }
    *sum = total;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn random_block(rows: usize, rng: &mut Rng) -> Vec<Row<f32>> {
        (0..rows).map(|_| std::array::from_fn(|_| rng.unit() as f32 - 0.5)).collect()
    }

    #[test]
    fn a_symmetric_product_is_that_of_whole_rows_to_the_bit() {
        let mut rng = Rng::new(3);
        for n in [0, 1, 2, 40, TILE, TILE + 1, 3 * TILE - 7, 4 * TILE] {
            let mut whole = vec![Vec::new(); n];
            for row in 0..n {
                for column in row + 1..n {
                    if rng.below(30) == 0 {
                        let value = rng.unit() as f32;
                        whole[row].push((column as u32, value));
                        whole[column].push((row as u32, value));
                    }
                }
            }
            whole.iter_mut().for_each(|row| row.sort_by_key(|entry| entry.0));
            let block = random_block(n, &mut rng);
            let expected: Vec<Row<f32>> = whole.iter().map(|row| weighted_sum(row, &block)).collect();
            let matrix = Symmetric::new(n, |row, found| {
                let right = whole[row].iter().filter(|entry| entry.0 as usize > row);
                found.iter_mut().zip(right).map(|(found, entry)| *found = *entry).count()
            });
            assert_eq!(matrix.times(&block), expected, "{n}");
        }
    }

    #[test]
    fn a_product_by_runs_adds_the_sums_of_runs() {
        let mut rng = Rng::new(4);
        let (rows, runs, run) = (150, 3, 20);
        let mut entries = Vec::new();
        for column in 0..runs * run {
            for row in (0..rows).filter(|row| row % 7 > 0 && rng.below(4) == 0).collect::<Vec<_>>() {
                entries.push((column / run, row as u32, column as u32, rng.unit() as f32));
            }
        }
        let block = random_block(runs * run, &mut rng);
        let expected = (0..rows as u32).map(|row| {
            let mut sums = Row::default();
            for run in 0..runs {
                let own = entries.iter().filter(|entry| entry.0 == run && entry.1 == row);
                let part: Vec<(u32, f32)> = own.map(|&(_, _, column, value)| (column, value)).collect();
                add_scaled(&mut sums, 1.0, &weighted_sum(&part, &block));
            }
            sums
        });
        let matrix = SparseRuns::new(rows, runs, entries.iter().copied());
        assert_eq!(matrix.times(&block), expected.collect::<Vec<_>>());
    }
}
