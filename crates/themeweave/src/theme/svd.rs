//! Leading eigenvectors of a symmetric sparse matrix, with the same bits at any thread count.
//!
//! Linear-algebra crates choose their kernels by the processor, so that the last bits of a result
//! differ between machines. What is needed here is small: block Lanczos iteration with full
//! orthogonalisation (Golub and Underwood 1977; from a random start as in Halko, Martinsson and Tropp 2011)
//! and the eigenvectors of a small dense matrix.
//!
//! Loops within `dispatch!` are compiled for the vector instructions of several kinds of processors. Each lane is
//! a sum of its own, added up in the same order and without fused operations, so their bits are the same on all.

use std::ops::Range;

use fearless_simd::{Level, dispatch};
use rayon::prelude::*;

use crate::rng::Rng;
use crate::theme::sparse::{COLUMNS, Row, add_scaled};

/// Rows that a thread takes at a time.
const ROWS: usize = 256;
/// Blocks of a basis. With fewer, directions are not yet those of the matrix, and themes worse.
const STEPS: usize = 8;

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
    times: impl Fn(&[Row<f32>]) -> Vec<Row<f32>>,
) -> Eigen {
    let width = width.min(n);
    if width == 0 {
        return Eigen { width, vectors: Vec::new(), values: Vec::new() };
    }
    let steps = STEPS.min(n.div_ceil(COLUMNS));
    let mut rng = Rng::new(seed);
    let mut next: Vec<Row<f64>> = (0..n).map(|_| std::array::from_fn(|_| rng.unit() - 0.5)).collect();
    let mut basis: Vec<Vec<Row<f64>>> = Vec::new();
    let mut image: Vec<Row<f64>> = Vec::new();
    // The matrix as seen from the basis: blocks on the diagonal and beside it, all others 0.
    let size = steps * COLUMNS;
    let mut small = vec![0.0; size * size];
    for step in 0..steps {
        // Of what is new it has shares of the last two blocks; for accuracy all shares are taken away once more.
        for from in [step.saturating_sub(2), 0] {
            for known in &basis[from..] {
                let shares = inner_products(known, &next);
                subtract(&mut next, known, &shares);
            }
            orthonormalize(&mut next);
        }
        if step > 0 {
            put(&mut small, size, step, step - 1, &inner_products(&next, &image));
        }
        let rounded: Vec<Row<f32>> = next.par_iter().map(|row| row.map(|x| x as f32)).collect();
        image = times(&rounded).par_iter().map(|row| row.map(f64::from)).collect();
        put(&mut small, size, step, step, &inner_products(&next, &image));
        basis.push(std::mem::replace(&mut next, image.clone()));
    }
    let (values, vectors) = eigen(small, size);
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| values[b].abs().total_cmp(&values[a].abs()).then(a.cmp(&b)));
    order.truncate(width);
    // Each wanted vector by its share of each vector of the basis, as many vectors at a time as stay in registers.
    let mut leading = vec![0.0; n * width];
    for (first, wanted) in (0..width).step_by(COLUMNS).zip(order.chunks(COLUMNS)) {
        let mut shares = vec![Row::default(); size];
        for (column, &k) in wanted.iter().enumerate() {
            shares.iter_mut().zip(&vectors[k * size..]).for_each(|(shares, x)| shares[column] = *x);
        }
        leading.par_chunks_mut(width).enumerate().with_min_len(64).for_each(|(row, out)| {
            let sums = dispatch!(Level::new(), _ => {
                let mut sums = Row::default();
                for (block, shares) in basis.iter().zip(shares.as_chunks::<COLUMNS>().0) {
                    for (&x, shares) in block[row].iter().zip(shares) {
                        add_scaled(&mut sums, x, shares);
                    }
                }
                sums
            });
            out[first..first + wanted.len()].copy_from_slice(&sums[..wanted.len()]);
        });
    }
    Eigen { width, vectors: leading, values: order.iter().map(|&k| values[k]).collect() }
}

/// Puts a block into a symmetric matrix of `size` rows, at its place and across the diagonal.
fn put(small: &mut [f64], size: usize, down: usize, across: usize, block: &[Row<f64>; COLUMNS]) {
    for (i, row) in (down * COLUMNS..).zip(block) {
        for (j, &x) in (across * COLUMNS..).zip(row) {
            small[i * size + j] = x;
            small[j * size + i] = x;
        }
    }
}

/// Aᵀ·B for two blocks: sums over fixed runs of rows, added in order. Four rows at a time, so that a sum is
/// touched once for four products.
fn inner_products(a: &[Row<f64>], b: &[Row<f64>]) -> [Row<f64>; COLUMNS] {
    #[inline(always)]
    fn add<const N: usize>(part: &mut [Row<f64>; COLUMNS], a: &[Row<f64>; N], b: &[Row<f64>; N]) {
        for (i, out) in part.iter_mut().enumerate() {
            for (j, o) in out.iter_mut().enumerate() {
                let mut sum = 0.0;
                for (x, y) in a.iter().zip(b) {
                    sum += x[i] * y[j];
                }
                *o += sum;
            }
        }
    }
    let part = |(a, b): (&[Row<f64>], &[Row<f64>])| {
        let mut part = [[0.0; COLUMNS]; COLUMNS];
        let (a, last_a) = a.as_chunks::<4>();
        let (b, last_b) = b.as_chunks::<4>();
        dispatch!(Level::new(), _ => {
            for (x, y) in a.iter().zip(b) {
                add(&mut part, x, y);
            }
            for (&x, &y) in last_a.iter().zip(last_b) {
                add(&mut part, &[x], &[y]);
            }
        });
        part
    };
    let parts: Vec<[Row<f64>; COLUMNS]> = a.par_chunks(ROWS).zip(b.par_chunks(ROWS)).map(part).collect();
    let mut sum = [[0.0; COLUMNS]; COLUMNS];
    for part in parts {
        let part = part.as_flattened();
        sum.as_flattened_mut().iter_mut().zip(part).for_each(|(sum, x)| *sum += x);
    }
    sum
}

/// Takes away from a block its shares of another one.
fn subtract(block: &mut [Row<f64>], known: &[Row<f64>], shares: &[Row<f64>; COLUMNS]) {
    block.par_chunks_mut(ROWS).zip(known.par_chunks(ROWS)).for_each(|(rows, known)| {
        dispatch!(Level::new(), _ => {
            for (row, known) in rows.iter_mut().zip(known) {
                // A copy stays in registers.
                let mut rest = *row;
                for (&x, shares) in known.iter().zip(shares) {
                    add_scaled(&mut rest, -x, shares);
                }
                *row = rest;
            }
        })
    });
}

/// Makes the columns of a block orthonormal, up to the accuracy of the Cholesky factor of their inner products.
/// A column that depends on those before it becomes 0.
fn orthonormalize(block: &mut [Row<f64>]) {
    let mut factor = inner_products(block, block);
    // Lower Cholesky factor in place.
    for j in 0..COLUMNS {
        let scale = factor[j][j];
        let left = scale - factor[j][..j].iter().map(|x| x * x).sum::<f64>();
        factor[j][j] = if left > 1e-13 * scale { left.sqrt() } else { f64::INFINITY };
        for i in j + 1..COLUMNS {
            let shared: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            factor[i][j] = (factor[i][j] - shared) / factor[j][j];
        }
    }
    // The inverse of its transpose, for one product with each row.
    let mut inverse = [[0.0; COLUMNS]; COLUMNS];
    for j in 0..COLUMNS {
        inverse[j][j] = 1.0 / factor[j][j];
        for i in (0..j).rev() {
            let shared: f64 = (i + 1..=j).map(|k| factor[k][i] * inverse[k][j]).sum();
            inverse[i][j] = -shared / factor[i][i];
        }
    }
    block.par_chunks_mut(ROWS).for_each(|rows| {
        dispatch!(Level::new(), _ => {
            for row in rows {
                let mut turned = [0.0; COLUMNS];
                for (&x, shares) in row.iter().zip(&inverse) {
                    add_scaled(&mut turned, x, shares);
                }
                *row = turned;
            }
        })
    });
}

/// Eigenvalues and eigenvectors (as rows) of a small symmetric matrix: reflections make it tridiagonal
/// (Householder 1958), rotations diagonal (QL with implicit shifts; Martin and Wilkinson 1968).
fn eigen(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; n * n];
    vectors.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    for k in 0..n.saturating_sub(2) {
        reflect(&mut a, &mut vectors, n, k);
    }
    let mut diagonal: Vec<f64> = (0..n).map(|i| a[i * n + i]).collect();
    let mut beside: Vec<f64> = (0..n).map(|i| if i + 1 < n { a[i * n + i + 1] } else { 0.0 }).collect();
    const ROUNDS: usize = 50;
    for first in 0..n {
        for _ in 0..ROUNDS {
            let is_small = |i: usize| beside[i].abs() <= 1e-15 * (diagonal[i].abs() + diagonal[i + 1].abs());
            let last = (first..n - 1).find(|&i| is_small(i)).unwrap_or(n - 1);
            if last == first {
                break;
            }
            chase(&mut diagonal, &mut beside, &mut vectors, first..last);
        }
    }
    (diagonal, vectors)
}

/// Reflects a symmetric matrix so that row and column `k` are 0 beyond their neighbors of the diagonal.
fn reflect(a: &mut [f64], vectors: &mut [f64], n: usize, k: usize) {
    let from = k + 1;
    let mut v = a[k * n + from..][..n - from].to_vec();
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length == 0.0 {
        return;
    }
    let scale = 1.0 / (length * (length + v[0].abs()));
    a[k * n + from..][..n - from].fill(0.0);
    a[k * n + from] = -length.copysign(v[0]);
    v[0] += length.copysign(v[0]);
    // A − vwᵀ − wvᵀ
    let mut w = vec![0.0; n - from];
    let mut shares = vec![0.0; n];
    dispatch!(Level::new(), _ => {
        // A product with the symmetric matrix, summed over its rows side by side.
        for (row, vj) in a.chunks_exact(n).skip(from).zip(&v) {
            w.iter_mut().zip(&row[from..]).for_each(|(x, y)| *x += y * vj);
        }
        w.iter_mut().for_each(|x| *x *= scale);
        let half = scale * w.iter().zip(&v).map(|(x, y)| x * y).sum::<f64>() / 2.0;
        w.iter_mut().zip(&v).for_each(|(x, y)| *x -= half * y);
        for (row, (&vi, &wi)) in a.chunks_exact_mut(n).skip(from).zip(v.iter().zip(&w)) {
            for (x, (vj, wj)) in row[from..].iter_mut().zip(v.iter().zip(&w)) {
                *x -= vi * wj + wi * vj;
            }
        }
        for (row, vi) in vectors.chunks_exact(n).skip(from).zip(&v) {
            shares.iter_mut().zip(row).for_each(|(share, x)| *share += scale * vi * x);
        }
        for (row, vi) in vectors.chunks_exact_mut(n).skip(from).zip(&v) {
            row.iter_mut().zip(&shares).for_each(|(x, share)| *x -= vi * share);
        }
    });
}

/// One round of rotations of a tridiagonal matrix, from its row `range.end` up to `range.start`, after which what
/// is beside the diagonal there is smaller.
fn chase(diagonal: &mut [f64], beside: &mut [f64], vectors: &mut [f64], range: Range<usize>) {
    let n = diagonal.len();
    let (first, last) = (range.start, range.end);
    let shift = (diagonal[first + 1] - diagonal[first]) / (2.0 * beside[first]);
    let root = (shift * shift + 1.0).sqrt();
    let mut g = diagonal[last] - diagonal[first] + beside[first] / (shift + root.copysign(shift));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in range.rev() {
        let (f, b) = (s * beside[i], c * beside[i]);
        let r = (f * f + g * g).sqrt();
        beside[i + 1] = r;
        if r == 0.0 {
            diagonal[i + 1] -= p;
            beside[last] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
        g = diagonal[i + 1] - p;
        let r = (diagonal[i] - g) * s + 2.0 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
        let (before, after) = vectors.split_at_mut((i + 1) * n);
        dispatch!(Level::new(), _ => {
            for (x, y) in before[i * n..].iter_mut().zip(after) {
                (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
            }
        });
    }
    diagonal[first] -= p;
    beside[first] = g;
    beside[last] = 0.0;
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
        let times = |block: &[Row<f32>]| {
            let row = |i| std::array::from_fn(|c| (0..4).map(|j| value(i, j) as f32 * block[j][c]).sum());
            (0..4).map(row).collect()
        };
        let Eigen { width, vectors, values } = leading_vectors(4, 2, 7, times);
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
        let (mut values, _) = eigen(vec![2.0, 1.0, 1.0, 2.0], 2);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-12 && (values[1] - 3.0).abs() < 1e-12);
    }

    #[test]
    fn eigenvectors_rebuild_a_small_matrix() {
        let mut rng = Rng::new(4);
        for n in [1, 2, 3, 7, 40] {
            let mut a = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..=i {
                    // Of rank below n, with values on the diagonal that are the same.
                    let x = if i % 3 == 2 { 0.0 } else { rng.unit() - 0.5 };
                    (a[i * n + j], a[j * n + i]) = (x, x);
                }
            }
            let (values, vectors) = eigen(a.clone(), n);
            for i in 0..n {
                for j in 0..n {
                    let sum = |of: &dyn Fn(usize) -> f64| (0..n).map(of).sum::<f64>();
                    let rebuilt = sum(&|k| values[k] * vectors[k * n + i] * vectors[k * n + j]);
                    assert!((rebuilt - a[i * n + j]).abs() < 1e-12, "{n}: {i} {j}");
                    let product = sum(&|k| vectors[i * n + k] * vectors[j * n + k]);
                    assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12, "{n}: {i} {j}");
                }
            }
        }
    }
}
