//! Repulsion from many nodes at once: a quadtree after Barnes and Hut (1986).

use rayon::prelude::*;

/// The quadtree divides each axis 2¹⁶ times.
const LEVELS: u32 = 16;

/// Squared distances are enlarged by this: places that are the same do not repel each other.
const SOFTENING: f64 = 1e-9;

/// The repulsion of a set of nodes that together have mass 1.
///
/// The cells of the quadtree stand in depth-first order, each with the number of the next cell outside
/// it, so that walking over them needs no stack.
pub(super) struct Field {
    cells: Vec<Cell>,
    /// The nodes in the order of their places along the curve, so that one follows on its neighbor.
    order: Vec<u32>,
}

struct Cell {
    center: [f64; 2],
    mass: f64,
    /// Square of the width, 0 for the smallest cells: any farther away the cell acts as one point.
    squared_width: f64,
    next: usize,
}

impl Field {
    /// The field of `nodes` where they are now. O(n log n) for n nodes.
    pub(super) fn new(nodes: &[u32], positions: &[[f64; 2]]) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for &u in nodes {
            for i in 0..2 {
                low[i] = low[i].min(positions[u as usize][i]);
                high[i] = high[i].max(positions[u as usize][i]);
            }
        }
        let width = (high[0] - low[0]).max(high[1] - low[1]).max(SOFTENING);
        let scale = f64::from((1_u32 << LEVELS) - 1) / width;
        // The nodes along a Z-shaped curve, where each cell is a stretch.
        let curve = nodes.iter().map(|&u| {
            let [x, y] = [0, 1].map(|i| ((positions[u as usize][i] - low[i]) * scale) as u32);
            (spread(x) | spread(y) << 1, u)
        });
        let mut curve: Vec<(u32, u32)> = curve.collect();
        curve.sort_unstable();

        let order = curve.iter().map(|&(_, node)| node).collect();
        let mut field = Self { cells: Vec::with_capacity(2 * nodes.len()), order };
        field.add_cell(&curve, LEVELS, width * width, positions);
        for cell in &mut field.cells {
            cell.center = cell.center.map(|sum| sum / cell.mass);
            cell.mass /= nodes.len() as f64;
        }
        field
    }

    /// Adds the cell of a stretch of the curve and all cells inside it, with sums of places for centers
    /// and numbers of nodes for masses.
    fn add_cell(&mut self, curve: &[(u32, u32)], level: u32, squared_width: f64, positions: &[[f64; 2]]) {
        let cell = self.cells.len();
        let is_leaf = level == 0 || curve.len() == 1;
        let squared_width = if is_leaf { 0.0 } else { squared_width };
        let center = curve.iter().map(|&(_, u)| positions[u as usize]);
        let center = center.fold([0.0; 2], |sum, place| [sum[0] + place[0], sum[1] + place[1]]);
        self.cells.push(Cell { center, mass: curve.len() as f64, squared_width, next: 0 });
        if !is_leaf {
            let quarter = |place: u32| place >> (2 * (level - 1));
            for inner in curve.chunk_by(|a, b| quarter(a.0) == quarter(b.0)) {
                self.add_cell(inner, level - 1, squared_width / 4.0, positions);
            }
        }
        self.cells[cell].next = self.cells.len();
    }

    /// Each node with the push on it.
    pub(super) fn pushes(&self, positions: &[[f64; 2]]) -> Vec<(u32, [f64; 2])> {
        let nodes = self.order.par_iter().with_min_len(1 << 8);
        nodes.map(|&node| (node, self.at(positions[node as usize]))).collect()
    }

    /// The push on a node at this place: the sum of mass/distance away from each node.
    fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let mut push = [0.0; 2];
        let mut next = 0;
        while let Some(cell) = self.cells.get(next) {
            let [dx, dy] = [x - cell.center[0], y - cell.center[1]];
            let squared = dx * dx + dy * dy;
            if squared < cell.squared_width {
                next += 1;
            } else {
                let strength = cell.mass / (squared + SOFTENING);
                push = [push[0] + strength * dx, push[1] + strength * dy];
                next = cell.next;
            }
        }
        push
    }
}

/// Puts a 0 between any two of the lower 16 bits.
fn spread(x: u32) -> u32 {
    let x = (x | x << 8) & 0x00ff_00ff;
    let x = (x | x << 4) & 0x0f0f_0f0f;
    let x = (x | x << 2) & 0x3333_3333;
    (x | x << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn near_the_sum_over_all_pairs() {
        let mut rng = Rng::new(2);
        let positions: Vec<[f64; 2]> = (0..500).map(|_| [rng.unit(), rng.unit() * rng.unit()]).collect();
        let nodes: Vec<u32> = (0..500).collect();
        let field = Field::new(&nodes, &positions);
        let mut errors = 0.0;
        for &[x, y] in &positions {
            let mut exact = [0.0; 2];
            for other in &positions {
                let [dx, dy] = [x - other[0], y - other[1]];
                let strength = 1.0 / 500.0 / (dx * dx + dy * dy + SOFTENING);
                exact = [exact[0] + strength * dx, exact[1] + strength * dy];
            }
            let push = field.at([x, y]);
            let error = ((push[0] - exact[0]).powi(2) + (push[1] - exact[1]).powi(2)).sqrt();
            assert!(error < 0.2, "{push:?} {exact:?}");
            errors += error;
        }
        assert!(errors / 500.0 < 0.05, "{errors}");
    }

    #[test]
    fn one_place() {
        let field = Field::new(&[0, 1, 2], &[[0.5, 0.5]; 3]);
        assert_eq!(field.at([0.5, 0.5]), [0.0, 0.0]);
        assert!((field.at([0.5, 2.5])[1] - 0.5).abs() < 1e-6);
    }
}
