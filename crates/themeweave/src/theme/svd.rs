//! Leading eigenvectors of a symmetric sparse matrix, with the same bits at any thread count.
//!
//! Linear-algebra crates choose their kernels by the processor, so that the last bits of a result
//! differ between machines. What is needed here is small: block power iteration with
//! orthogonalisation (Halko, Martinsson and Tropp 2011, algorithm 4.4) and the eigenvectors of a
//! small dense matrix (cyclic Jacobi).

use rayon::prelude::*;

use crate::rng::Rng;

/// A sparse matrix as rows of (column, value), by ascending column.
pub(crate) struct SparseRows {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl SparseRows {
    /// A matrix of so many rows with the given entries (row, column, value), in which those of a row are by
    /// ascending column. `entries` is gone through twice.
    pub(crate) fn new<E>(rows: usize, entries: E) -> SparseRows
    where
        E: Iterator<Item = (u32, u32, f32)> + Clone,
    {
        let mut starts = vec![0_usize; rows + 1];
        for (row, _, _) in entries.clone() {
            starts[row as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut sorted = vec![(0, 0.0); starts[rows]];
        for (row, column, value) in entries {
            sorted[next[row as usize]] = (column, value);
            next[row as usize] += 1;
        }
        SparseRows { starts, entries: sorted }
    }

    pub(crate) fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[row]..self.starts[row + 1]]
    }

    /// This matrix times a block, whose rows have `width` values.
    pub(crate) fn times(&self, block: &[f64], width: usize) -> Vec<f64> {
        by_tiles(block, width, |tile| {
            let rows = (0..self.starts.len() - 1).into_par_iter().with_min_len(16);
            rows.map(|row| weighted_sum(self.row(row), tile)).collect()
        })
    }
}

/// Columns of a block that are taken at a time: their sums stay in registers, and those of a few thousand
/// rows in the cache of a core.
const COLUMNS: usize = 16;
/// A row of as many columns of a block; 0 beyond its last.
pub(crate) type TileRow = [f64; COLUMNS];

/// What `image` makes of a block, some columns at a time.
pub(crate) fn by_tiles(block: &[f64], width: usize, image: impl Fn(&[TileRow]) -> Vec<TileRow>) -> Vec<f64> {
    let mut all = Vec::new();
    for first in (0..width).step_by(COLUMNS) {
        let columns = first..(first + COLUMNS).min(width);
        let tile = block.chunks_exact(width).map(|row| {
            let mut values = [0.0; COLUMNS];
            values[..columns.len()].copy_from_slice(&row[columns.clone()]);
            values
        });
        let image = image(&tile.collect::<Vec<_>>());
        all.resize(image.len() * width, 0.0);
        for (row, values) in all.chunks_exact_mut(width).zip(&image) {
            row[columns.clone()].copy_from_slice(&values[..columns.len()]);
        }
    }
    all
}

/// The sum of some rows of a tile, each with its weight, added in order.
pub(crate) fn weighted_sum(weights: &[(u32, f32)], tile: &[TileRow]) -> TileRow {
    let mut sums = [0.0; COLUMNS];
    for &(row, weight) in weights {
        for (sum, x) in sums.iter_mut().zip(&tile[row as usize]) {
            *sum += f64::from(weight) * x;
        }
    }
    sums
}

/// Eigenvectors: `width` values for each row of the matrix, and one eigenvalue for each column.
pub(crate) struct Eigen {
    pub(crate) width: usize,
    pub(crate) vectors: Vec<f64>,
    pub(crate) values: Vec<f64>,
}

impl Eigen {
    /// Scales each column by the square root of its absolute eigenvalue, as in a factorization of the
    /// matrix into two like factors, then each row to unit length.
    pub(crate) fn scale_rows_to_unit_length(&mut self) {
        let roots: Vec<f64> = self.values.iter().map(|value| value.abs().sqrt()).collect();
        for row in self.vectors.chunks_exact_mut(self.width.max(1)) {
            for (x, root) in row.iter_mut().zip(&roots) {
                *x *= root;
            }
            let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|x| *x /= length);
            }
        }
    }
}

/// The `width` eigenvectors of greatest absolute eigenvalue of a symmetric matrix with `n` rows, which
/// is given by what it makes of a block of columns.
pub(crate) fn leading_vectors(
    n: usize,
    width: usize,
    seed: u64,
    times: impl Fn(&[f64], usize) -> Vec<f64>,
) -> Eigen {
    const OVERSAMPLING: usize = 8;
    const ROUNDS: usize = 3;
    let block_width = (width + OVERSAMPLING).min(n);
    let width = width.min(block_width);
    if width == 0 {
        return Eigen { width, vectors: Vec::new(), values: Vec::new() };
    }
    let mut rng = Rng::new(seed);
    let mut block: Vec<f64> = (0..n * block_width).map(|_| rng.unit() - 0.5).collect();
    for _ in 0..ROUNDS {
        orthonormalize(&mut block, block_width);
        block = times(&block, block_width);
    }
    orthonormalize(&mut block, block_width);
    // Rayleigh and Ritz: the eigenvectors of the matrix as seen from the block.
    let image = times(&block, block_width);
    let small = inner_products(&block, &image, block_width);
    let (values, vectors) = jacobi(small, block_width);
    let mut order: Vec<usize> = (0..block_width).collect();
    order.sort_by(|&a, &b| values[b].abs().total_cmp(&values[a].abs()).then(a.cmp(&b)));
    order.truncate(width);
    let mut leading = vec![0.0; n * width];
    leading.par_chunks_mut(width).zip(block.par_chunks(block_width)).with_min_len(64).for_each(
        |(out, row)| {
            for (o, &k) in out.iter_mut().zip(&order) {
                *o = (0..block_width).map(|j| row[j] * vectors[j * block_width + k]).sum();
            }
        },
    );
    Eigen { width, vectors: leading, values: order.iter().map(|&k| values[k]).collect() }
}

/// Aᵀ·B for two blocks of columns whose product is symmetric, of which the lower triangle is computed: sums
/// over fixed runs of rows, added in order. Four rows at a time, so that a sum is touched once for four
/// products.
fn inner_products(a: &[f64], b: &[f64], width: usize) -> Vec<f64> {
    const ROWS: usize = 256;
    let add = |part: &mut [f64], x: [&[f64]; 4], y: [&[f64]; 4]| {
        for (i, out) in part.chunks_exact_mut(width).enumerate() {
            let x = x.map(|row| row[i]);
            let [y0, y1, y2, y3] = y.map(|row| &row[..=i]);
            for (j, o) in out[..=i].iter_mut().enumerate() {
                *o += (x[0] * y0[j] + x[1] * y1[j]) + (x[2] * y2[j] + x[3] * y3[j]);
            }
        }
    };
    let parts: Vec<Vec<f64>> = a
        .par_chunks(ROWS * width)
        .zip(b.par_chunks(ROWS * width))
        .map(|(a, b)| {
            let none = vec![0.0; width];
            let mut part = vec![0.0; width * width];
            for (x, y) in a.chunks(4 * width).zip(b.chunks(4 * width)) {
                let four = |rows| {
                    let mut rows = <[f64]>::chunks_exact(rows, width);
                    [(); 4].map(|()| rows.next().unwrap_or(&none))
                };
                add(&mut part, four(x), four(y));
            }
            part
        })
        .collect();
    let mut sum = vec![0.0; width * width];
    for part in parts {
        for (s, p) in sum.iter_mut().zip(part) {
            *s += p;
        }
    }
    for i in 0..width {
        for j in 0..i {
            sum[j * width + i] = sum[i * width + j];
        }
    }
    sum
}

/// Makes the columns of a block orthonormal: Cholesky of the inner products, twice for accuracy. A
/// column that depends on those before it becomes 0.
fn orthonormalize(block: &mut [f64], width: usize) {
    for _ in 0..2 {
        let mut factor = inner_products(block, block, width);
        // Lower Cholesky factor in place.
        for j in 0..width {
            let scale = factor[j * width + j];
            for k in 0..j {
                let x = factor[j * width + k];
                factor[j * width + j] -= x * x;
            }
            let left = factor[j * width + j];
            let pivot = if left > 1e-13 * scale { left.sqrt() } else { f64::INFINITY };
            factor[j * width + j] = pivot;
            for i in j + 1..width {
                let mut x = factor[i * width + j];
                for k in 0..j {
                    x -= factor[i * width + k] * factor[j * width + k];
                }
                factor[i * width + j] = x / pivot;
            }
        }
        // Columns of the factor one after the other, so that what they take away is taken side by side.
        let columns: Vec<f64> =
            (0..width * width).map(|at| factor[at % width * width + at / width]).collect();
        block.par_chunks_mut(width).with_min_len(64).for_each(|row| {
            for (j, column) in columns.chunks_exact(width).enumerate() {
                let x = row[j] / column[j];
                row[j] = x;
                for (later, part) in row[j + 1..].iter_mut().zip(&column[j + 1..]) {
                    *later -= part * x;
                }
            }
        });
    }
}

/// Eigenvalues and eigenvectors (as columns) of a small symmetric matrix, by cyclic Jacobi rotations.
fn jacobi(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    const SWEEPS: usize = 30;
    let mut v = vec![0.0; n * n];
    for i in 0..n {
        v[i * n + i] = 1.0;
    }
    for _ in 0..SWEEPS {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * n + j] * a[i * n + j]).sum();
        let all: f64 = a.iter().map(|x| x * x).sum();
        if off <= 1e-22 * all {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let apq = a[p * n + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[k * n + p], a[k * n + q]);
                    a[k * n + p] = c * x - s * y;
                    a[k * n + q] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (a[p * n + k], a[q * n + k]);
                    a[p * n + k] = c * x - s * y;
                    a[q * n + k] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (v[k * n + p], v[k * n + q]);
                    v[k * n + p] = c * x - s * y;
                    v[k * n + q] = s * x + c * y;
                }
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_rebuild_a_matrix_of_low_rank() {
        // Rank 2: 3·uuᵀ + 2·wwᵀ with u = (1, 1, 1, 1)/2 and w = (1, −1, 1, −1)/2.
        let u = [0.5, 0.5, 0.5, 0.5];
        let w = [0.5, -0.5, 0.5, -0.5];
        let value = |i: usize, j: usize| 3.0 * u[i] * u[j] + 2.0 * w[i] * w[j];
        let entries = (0..4).flat_map(|i| (0..4).map(move |j| (i as u32, j as u32, value(i, j) as f32)));
        let matrix = SparseRows::new(4, entries);
        let Eigen { width, vectors, values } =
            leading_vectors(4, 2, 7, |block, width| matrix.times(block, width));
        assert_eq!(width, 2);
        for i in 0..4 {
            for j in 0..4 {
                let product: f64 = (0..2).map(|k| values[k] * vectors[i * 2 + k] * vectors[j * 2 + k]).sum();
                assert!((product - value(i, j)).abs() < 1e-6, "{i} {j} {product}");
            }
        }
    }

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        // [[2, 1], [1, 2]] has the eigenvalues 1 and 3.
        let (mut values, _) = jacobi(vec![2.0, 1.0, 1.0, 2.0], 2);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-12 && (values[1] - 3.0).abs() < 1e-12);
    }
}
