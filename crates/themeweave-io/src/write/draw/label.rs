//! Places of labels beside their discs such that no two labels overlap.

use crate::write::draw::text::width;

/// A rectangle: left, top, right and bottom edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn overlaps(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_within(&self, other: &Area) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }

    fn moved_to(&self, [x, y]: [f64; 2]) -> Area {
        let (half_width, half_height) = ((self.right - self.left) / 2.0, (self.bottom - self.top) / 2.0);
        Area { left: x - half_width, top: y - half_height, right: x + half_width, bottom: y + half_height }
    }

    fn touches(&self, disc: &Anchored<'_>) -> bool {
        let dx = disc.center[0] - disc.center[0].clamp(self.left, self.right);
        let dy = disc.center[1] - disc.center[1].clamp(self.top, self.bottom);
        dx * dx + dy * dy < disc.radius * disc.radius
    }
}

/// A disc and the text that is to stand beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchored<'a> {
    pub(super) center: [f64; 2],
    pub(super) radius: f64,
    pub(super) text: &'a str,
    /// What stands for it where there is no room, such as a number.
    pub(super) short: Option<&'a str>,
    pub(super) size: f64,
    /// Whether it may cover other discs where there is no better place.
    pub(super) is_important: bool,
}

/// Free space between labels.
const MARGIN: f64 = 1.5;
/// Space between a disc and its label.
const GAP: f64 = 2.5;

/// A label that found a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) area: Area,
    /// Whether there was room for the short text only.
    pub(super) is_short: bool,
}

impl Placed {
    /// Where the middle of the baseline of its text is.
    pub(super) fn baseline(&self, size: f64) -> [f64; 2] {
        let Area { left, top, right, bottom } = self.area;
        [(left + right) / 2.0, (top + bottom) / 2.0 + 0.35 * size]
    }
}

/// The place of each label that finds one within `frame`, in the order of the labels: the first come
/// first. Places right, left, above, below and in the corners are tried in this order, first those that
/// cover no disc. Short texts come last; they stand on their discs if they can. No two areas overlap.
///
/// O(n) for n labels that lie evenly.
pub(super) fn place(labels: &[Anchored<'_>], frame: Area) -> Vec<Option<Placed>> {
    let mut discs = Buckets::new(frame);
    for (i, label) in labels.iter().enumerate() {
        let [x, y] = label.center;
        let r = label.radius;
        discs.insert(i, Area { left: x - r, top: y - r, right: x + r, bottom: y + r });
    }
    let mut taken = Buckets::new(frame);
    let mut placed: Vec<Option<Placed>> = labels
        .iter()
        .map(|label| {
            let covers_none = |area: &Area| discs.near(area).all(|(disc, _)| !area.touches(&labels[disc]));
            let around = candidates(label, label.text);
            let mut free = around.iter().filter(|area| taken.has_room_for(area));
            let best = free.clone().find(|area| covers_none(area));
            let best = best.or_else(|| free.next().filter(|_| label.is_important));
            best.map(|&area| {
                taken.insert(0, area);
                Placed { area, is_short: false }
            })
        })
        .collect();
    for (label, placed) in labels.iter().zip(&mut placed).filter(|(_, placed)| placed.is_none()) {
        let Some(short) = label.short else { continue };
        let around = candidates(label, short);
        let areas = [around[0].moved_to(label.center)].into_iter().chain(around);
        if let Some(area) = areas.into_iter().find(|area| taken.has_room_for(area)) {
            taken.insert(0, area);
            *placed = Some(Placed { area, is_short: true });
        }
    }
    placed
}

/// The places around a disc, the best first.
fn candidates(label: &Anchored<'_>, text: &str) -> [Area; 8] {
    let [x, y] = label.center;
    let half_width = width(text, label.size) / 2.0 + MARGIN;
    let half_height = 0.62 * label.size + MARGIN / 2.0;
    let side = label.radius + GAP + half_width;
    let level = label.radius + GAP / 2.0 + half_height;
    let (slant, slope) = (0.75 * label.radius + half_width, 0.75 * label.radius + half_height);
    [
        [side, 0.0],
        [-side, 0.0],
        [0.0, -level],
        [0.0, level],
        [slant, -slope],
        [slant, slope],
        [-slant, -slope],
        [-slant, slope],
    ]
    .map(|[dx, dy]| Area {
        left: x + dx - half_width,
        top: y + dy - half_height,
        right: x + dx + half_width,
        bottom: y + dy + half_height,
    })
}

/// Areas with their numbers by the cells of a grid that they cover.
struct Buckets {
    frame: Area,
    cells: Vec<Vec<(usize, Area)>>,
}

const CELLS: usize = 48;

impl Buckets {
    fn new(frame: Area) -> Self {
        Self { frame, cells: vec![Vec::new(); CELLS * CELLS] }
    }

    fn covered(&self, area: &Area) -> impl Iterator<Item = usize> + use<> {
        let cell = |x: f64, low: f64, high: f64| {
            (((x - low) / (high - low) * CELLS as f64).max(0.0) as usize).min(CELLS - 1)
        };
        let Area { left, top, right, bottom } = self.frame;
        let columns = cell(area.left, left, right)..=cell(area.right, left, right);
        let rows = cell(area.top, top, bottom)..=cell(area.bottom, top, bottom);
        rows.flat_map(move |row| columns.clone().map(move |column| row * CELLS + column))
    }

    fn insert(&mut self, number: usize, area: Area) {
        for cell in self.covered(&area) {
            self.cells[cell].push((number, area));
        }
    }

    /// The areas that share a cell with one, some of them several times.
    fn near(&self, area: &Area) -> impl Iterator<Item = (usize, &Area)> + '_ {
        self.covered(area).flat_map(|cell| self.cells[cell].iter().map(|(number, area)| (*number, area)))
    }

    /// Whether an area lies in the frame and overlaps no other.
    fn has_room_for(&self, area: &Area) -> bool {
        area.is_within(&self.frame) && self.near(area).all(|(_, other)| !other.overlaps(area))
    }
}

#[cfg(test)]
mod tests {
    use themeweave::Rng;

    use super::*;

    const FRAME: Area = Area { left: 0.0, top: 0.0, right: 900.0, bottom: 600.0 };

    #[test]
    fn no_two_labels_overlap() {
        let mut rng = Rng::new(4);
        let words = ["bus", "evening timetable", "a rather long phrase of words", "漢字", "ÄÖÜ", ""];
        for n in [1, 20, 400, 3000] {
            let labels: Vec<Anchored<'_>> = (0..n)
                .map(|i| Anchored {
                    center: [1000.0 * rng.unit() - 50.0, 700.0 * rng.unit() - 50.0],
                    radius: 1.0 + 10.0 * rng.unit(),
                    text: words[rng.below(words.len())],
                    short: (i % 2 == 0).then_some("12"),
                    size: 9.0 + 9.0 * rng.unit(),
                    is_important: i % 3 == 0,
                })
                .collect();
            let areas = place(&labels, FRAME);
            let placed: Vec<Area> = areas.iter().flatten().map(|placed| placed.area).collect();
            assert!(!placed.is_empty() && (n < 3000 || areas.iter().flatten().any(|placed| placed.is_short)));
            for (i, a) in placed.iter().enumerate() {
                assert!(a.is_within(&FRAME));
                assert!(placed[..i].iter().all(|b| !a.overlaps(b)));
            }
        }
    }

    #[test]
    fn the_first_label_stands_to_the_right() {
        let label = Anchored {
            center: [100.0, 100.0],
            radius: 5.0,
            text: "bus",
            short: None,
            size: 10.0,
            is_important: false,
        };
        let Placed { area, is_short } = place(&[label], FRAME)[0].unwrap();
        assert!(!is_short && area.left > 105.0 && area.top < 100.0 && area.bottom > 100.0);
        let at_the_edge = Anchored { center: [899.0, 100.0], ..label };
        assert!(place(&[at_the_edge], FRAME)[0].unwrap().area.right < 899.0);
        // Where all places are taken the short text stands on the disc.
        let short = Anchored { short: Some("1"), ..label };
        let placed: Vec<Placed> = place(&[short; 9], FRAME).into_iter().flatten().collect();
        assert_eq!(placed.iter().filter(|placed| placed.is_short).count(), 1);
    }
}
