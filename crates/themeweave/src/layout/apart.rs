//! Discs moved apart until no two overlap.

use std::ops::Range;

use rayon::prelude::*;

/// The discs that the picture is to have room for cover this share of it at most. It leaves room for
/// labels and guarantees a free place: around discs that are no smaller, less than four times the share
/// is forbidden to the center of another one.
const FILL: f64 = 0.12;

/// The greatest radius of a disc, so that a picture of few nodes is not all disc.
const MOST: f64 = 0.05;

/// Visits of discs, within the bounds of [`ROUNDS`], in which overlapping ones push each other away; what still
/// overlaps is moved to a free place.
const VISITS: usize = 20_000;

/// The fewest and the most rounds of pushes. Many make a picture of few discs more even, and drive the groups
/// of one of thousands into each other.
const ROUNDS: (usize, usize) = (10, 80);

/// Discs are kept apart as if they were larger by this share of the mean distance between nodes, which
/// evens out crowded parts.
const AIR: f64 = 0.45;

/// Distances are kept this much longer than needed, for positions are rounded afterwards.
const ROUNDING: f64 = 4e-5;

/// Places on the spiral around a disc that are tried.
const TRIES: u32 = 1 << 16;

/// Discs that look side by side for a place that those before them leave free.
const AT_A_TIME: usize = 256;

/// The radius of a disc of size 1 in a picture of discs of these sizes, whose sides are 2.
pub(super) fn unit_radius(sizes: impl Iterator<Item = f64>) -> f64 {
    let area: f64 = sizes.map(|size| std::f64::consts::PI * size * size).sum();
    if area > 0.0 { (FILL * 4.0 / area).sqrt().min(MOST) } else { MOST }
}

/// Moves discs in −1..=1 as little as needed so that none overlap. O(n) a round for n discs of much the
/// same radius.
pub(super) fn separate(positions: &mut [[f64; 2]], radii: &[f64]) {
    let air = AIR / (positions.len().max(1) as f64).sqrt();
    let rounds = (VISITS / positions.len().max(1)).clamp(ROUNDS.0, ROUNDS.1);
    for _ in 0..rounds {
        if !push(positions, radii, air) {
            break;
        }
    }
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by(|&u, &v| radii[v].total_cmp(&radii[u]).then(u.cmp(&v)));
    let mut placed = Placed::new(positions.len(), largest(radii));
    for discs in order.chunks(AT_A_TIME) {
        let first_free = |&u: &usize| {
            let mut places = Spiral::around(positions[u], radii[u]);
            let free = places.find(|&place| placed.is_free(place, radii[u], positions, radii));
            (free, places)
        };
        let found: Vec<(Option<[f64; 2]>, Spiral)> = discs.par_iter().map(first_free).collect();
        // What is taken stays so: each goes on from there, if one of those beside it has taken the place.
        for (&u, (free, places)) in discs.iter().zip(found) {
            let mut places = free.into_iter().chain(places);
            if let Some(place) = places.find(|&place| placed.is_free(place, radii[u], positions, radii)) {
                positions[u] = place;
            }
            placed.insert(u, positions[u]);
        }
    }
}

fn largest(radii: &[f64]) -> f64 {
    radii.iter().copied().fold(0.0, f64::max)
}

/// One round of pushes; whether there were any.
fn push(positions: &mut [[f64; 2]], radii: &[f64], air: f64) -> bool {
    let cells = Cells::new(positions, largest(radii), air);
    let mut has_moved = false;
    for u in 0..positions.len() {
        for v in cells.around(positions[u]).filter(|&v| v > u) {
            let needed = radii[u] + radii[v] + air;
            let [dx, dy] = [0, 1].map(|i| positions[v][i] - positions[u][i]);
            let squared = dx * dx + dy * dy;
            if squared >= needed * needed {
                continue;
            }
            has_moved = true;
            let distance = squared.sqrt();
            // Discs on one point part in a direction of their own.
            let [x, y] = if distance > 0.0 { [dx / distance, dy / distance] } else { direction(u + v) };
            let half = (needed - distance) / 2.0;
            for (node, sign) in [(u, -half), (v, half)] {
                let limit = 1.0 - radii[node];
                let [px, py] = positions[node];
                positions[node] = [px + sign * x, py + sign * y].map(|p| p.clamp(-limit, limit));
            }
        }
    }
    has_moved
}

/// One of 64 directions, those of neighboring numbers far from each other.
fn direction(number: usize) -> [f64; 2] {
    let [mut x, mut y] = [1.0, 0.0];
    for _ in 0..number % 64 {
        [x, y] = super::turn([x, y]);
    }
    [x, y]
}

/// The picture in square cells, row by row.
#[derive(Clone, Copy)]
struct Grid {
    side: usize,
}

impl Grid {
    /// A grid whose cells are at least as wide as two discs that touch.
    fn new(discs: usize, radius: f64, air: f64) -> Self {
        let width = 2.0 * radius + air + ROUNDING;
        let most = (discs as f64).sqrt().ceil().max(1.0);
        Self { side: (2.0 / width).floor().clamp(1.0, most) as usize }
    }

    fn cell_count(self) -> usize {
        self.side * self.side
    }

    fn coordinates(self, position: [f64; 2]) -> [usize; 2] {
        position.map(|x| (((x + 1.0) / 2.0 * self.side as f64) as usize).min(self.side - 1))
    }

    fn cell(self, position: [f64; 2]) -> usize {
        let [x, y] = self.coordinates(position);
        y * self.side + x
    }

    /// The cell of a place and those around it, as a range in each of up to three rows.
    fn around(self, position: [f64; 2]) -> impl Iterator<Item = Range<usize>> {
        let [x, y] = self.coordinates(position);
        let span = |at: usize| at.saturating_sub(1)..(at + 2).min(self.side);
        let across = span(x);
        span(y).map(move |y| y * self.side + across.start..y * self.side + across.end)
    }
}

/// The numbers of discs by the cell in which their centers are.
struct Cells {
    grid: Grid,
    /// Where those of each cell begin in `discs`; one more at the end.
    starts: Vec<u32>,
    /// In ascending order within a cell.
    discs: Vec<u32>,
}

impl Cells {
    fn new(positions: &[[f64; 2]], radius: f64, air: f64) -> Self {
        let grid = Grid::new(positions.len(), radius, air);
        let mut starts = vec![0; grid.cell_count() + 1];
        let of_disc: Vec<usize> = positions.iter().map(|&position| grid.cell(position)).collect();
        for &cell in &of_disc {
            starts[cell + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut next = starts.clone();
        let mut discs = vec![0; positions.len()];
        for (disc, cell) in (0..).zip(of_disc) {
            discs[next[cell] as usize] = disc;
            next[cell] += 1;
        }
        Self { grid, starts, discs }
    }

    /// The discs in the cell of a place and in those around it.
    fn around(&self, position: [f64; 2]) -> impl Iterator<Item = usize> + '_ {
        self.grid.around(position).flat_map(|cells| {
            let discs = self.starts[cells.start] as usize..self.starts[cells.end] as usize;
            self.discs[discs].iter().map(|&disc| disc as usize)
        })
    }
}

/// The discs that have found their place, by cell.
struct Placed {
    grid: Grid,
    cells: Vec<Vec<u32>>,
}

impl Placed {
    fn new(discs: usize, radius: f64) -> Self {
        let grid = Grid::new(discs, radius, 0.0);
        Self { grid, cells: vec![Vec::new(); grid.cell_count()] }
    }

    fn insert(&mut self, disc: usize, position: [f64; 2]) {
        self.cells[self.grid.cell(position)].push(disc as u32);
    }

    fn is_free(&self, at: [f64; 2], radius: f64, positions: &[[f64; 2]], radii: &[f64]) -> bool {
        let is_apart = |&v: &u32| {
            let needed = radius + radii[v as usize] + ROUNDING;
            let [dx, dy] = [0, 1].map(|i| positions[v as usize][i] - at[i]);
            dx * dx + dy * dy >= needed * needed
        };
        self.grid.around(at).all(|cells| self.cells[cells].iter().flatten().all(is_apart))
    }
}

/// Places within the picture on a spiral around a place, which is the first, each half a radius from the last.
struct Spiral {
    center: [f64; 2],
    radius: f64,
    step: u32,
    turned: [f64; 2],
}

impl Spiral {
    fn around(center: [f64; 2], radius: f64) -> Self {
        Self { center, radius, step: 0, turned: [1.0, 0.0] }
    }
}

impl Iterator for Spiral {
    type Item = [f64; 2];

    fn next(&mut self) -> Option<[f64; 2]> {
        while self.step < TRIES {
            let far = 0.5 * self.radius * f64::from(self.step).sqrt();
            let place = [0, 1].map(|i| self.center[i] + far * self.turned[i]);
            self.turned = super::turn(self.turned);
            self.step += 1;
            if place.iter().all(|x| x.abs() <= 1.0) {
                return Some(place);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[track_caller]
    fn check(mut positions: Vec<[f64; 2]>, sizes: &[f64]) {
        let unit = unit_radius(sizes.iter().copied());
        let radii: Vec<f64> = sizes.iter().map(|size| size * unit).collect();
        separate(&mut positions, &radii);
        for u in 0..radii.len() {
            assert!(positions[u].iter().all(|x| (-1.0..=1.0).contains(x)));
            for v in 0..u {
                let [dx, dy] = [0, 1].map(|i| positions[v][i] - positions[u][i]);
                assert!((dx * dx + dy * dy).sqrt() >= radii[u] + radii[v], "{u} {v}");
            }
        }
    }

    #[test]
    fn no_discs_overlap_wherever_they_start() {
        let mut rng = Rng::new(3);
        for n in [1, 2, 10, 300, 1000] {
            let sizes: Vec<f64> = (0..n).map(|_| 0.2 + 0.8 * rng.unit()).collect();
            check(vec![[0.0; 2]; n], &sizes);
            check(vec![[1.0, -1.0]; n], &sizes);
            check((0..n).map(|_| [rng.unit() * 0.1, rng.unit() * 2.0 - 1.0]).collect(), &sizes);
            check((0..n).map(|_| [rng.unit(), rng.unit()]).collect(), &vec![1.0; n]);
        }
    }

    #[test]
    fn what_is_apart_stays() {
        let mut positions = vec![[-0.5, 0.0], [0.5, 0.0]];
        separate(&mut positions, &[0.05, 0.05]);
        assert_eq!(positions, [[-0.5, 0.0], [0.5, 0.0]]);
    }
}
