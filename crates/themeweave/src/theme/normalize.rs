//! Values scaled to unit length.

use std::array;

use fearless_simd::{Level, dispatch};

/// Scales a direction to unit length; zeros stay.
pub(crate) fn normalize(direction: &mut [f32]) {
    normalize_by(direction, |x| x);
}

/// Scales the values of entries to unit length; zeros stay.
pub(crate) fn normalize_by<E>(entries: &mut [E], value: impl Fn(&mut E) -> &mut f32) {
    let squares = entries.iter_mut().map(|entry| square(*value(entry))).sum();
    scale(entries, value, squares);
}

/// Scales directions of a width, one after the other in a list, to unit length; zeros stay. As a sum waits for each of
/// its terms, those of several are added up side by side.
pub(crate) fn normalize_each(directions: &mut [f32], width: usize) {
    const ABREAST: usize = 8;
    let mut blocks = directions.chunks_exact_mut(ABREAST * width.max(1));
    for block in &mut blocks {
        let mut squares = [0.0; ABREAST];
        let lanes: [&[f32]; ABREAST] = array::from_fn(|lane| &block[lane * width..][..width]);
        for at in 0..width {
            for (squares, direction) in squares.iter_mut().zip(lanes) {
                *squares += square(direction[at]);
            }
        }
        for (direction, squares) in block.chunks_exact_mut(width).zip(squares) {
            scale(direction, |x| x, squares);
        }
    }
    blocks.into_remainder().chunks_exact_mut(width.max(1)).for_each(normalize);
}

fn square(x: f32) -> f64 {
    f64::from(x) * f64::from(x)
}

fn scale<E>(entries: &mut [E], value: impl Fn(&mut E) -> &mut f32, squares: f64) {
    let length = squares.sqrt();
    if length > 0.0 {
        dispatch!(Level::new(), _ => {
            for entry in entries {
                let value = value(entry);
                *value = (f64::from(*value) / length) as f32;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn side_by_side_as_alone() {
        let mut rng = Rng::new(1);
        for (width, count) in [(0, 0), (1, 9), (3, 7), (50, 8), (7, 29)] {
            let mut together: Vec<f32> = (0..width * count).map(|_| rng.unit() as f32 - 0.5).collect();
            together.iter_mut().take(width).for_each(|x| *x = 0.0);
            let mut alone = together.clone();
            normalize_each(&mut together, width);
            alone.chunks_exact_mut(width.max(1)).for_each(normalize);
            assert_eq!(together, alone);
            assert!(together.iter().take(width).all(|x| *x == 0.0));
            for direction in together.chunks_exact(width.max(1)).skip(1) {
                assert!((direction.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }
}
