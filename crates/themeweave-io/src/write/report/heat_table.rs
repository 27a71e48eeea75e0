//! Heat maps as tables.

use crate::wording::{grouped, percent};
use crate::write::crosstab::Crosstab;

/// Deepest level of shading.
const LEVELS: f64 = 10.0;

/// A [`Crosstab`] as the page shows it.
pub(super) struct HeatTable {
    pub(super) caption: String,
    pub(super) kind: String,
    pub(super) rows: Vec<HeatRow>,
    pub(super) note: Option<String>,
}

pub(super) struct HeatRow {
    pub(super) label: String,
    pub(super) segments: String,
    pub(super) cells: Vec<HeatCell>,
}

pub(super) struct HeatCell {
    pub(super) count: String,
    /// Share of the row in words.
    pub(super) share: String,
    /// How deep the cell is shaded, from 0.
    pub(super) level: usize,
}

impl HeatTable {
    pub(super) fn new(table: &Crosstab) -> Self {
        let themes = table.rows.first().map_or(0, |row| row.counts.len());
        let most = table.greatest_share();
        let level =
            |share: f64| if most > 0.0 { (LEVELS * (share / most).min(1.0)).round() as usize } else { 0 };
        let rows = table.rows.iter().map(|row| HeatRow {
            label: row.name().to_owned(),
            segments: grouped(row.segments as usize),
            cells: (0..themes)
                .map(|theme| HeatCell {
                    count: grouped(row.counts[theme] as usize),
                    share: percent(row.share(theme)),
                    level: level(row.share(theme)),
                })
                .collect(),
        });
        let note =
            |n: usize| format!("{} more with fewer segments are left out; segments.csv has all.", grouped(n));
        Self {
            caption: format!("Segments of each theme by {}", table.kind),
            kind: table.kind.clone(),
            rows: rows.collect(),
            note: (table.left_out > 0).then(|| note(table.left_out)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::crosstab::Row;

    #[test]
    fn the_greatest_share_is_the_deepest() {
        let row = |label: &str, counts: [u32; 2]| Row {
            label: Some(label.into()),
            segments: 10,
            counts: counts.into(),
        };
        let rows = vec![row("a", [0, 5]), row("b", [1, 2]), Row { label: None, ..row("", [9, 1]) }];
        let table = Crosstab { kind: "speaker".into(), rows, left_out: 3 };
        let heat = HeatTable::new(&table);
        let levels: Vec<_> =
            heat.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.level)).collect();
        assert_eq!(levels, [0, 10, 2, 4, 10, 2]);
        assert!(heat.note.unwrap().starts_with("3 more"));
    }
}
