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
        let shares = || table.rows.iter().flat_map(|row| (0..themes).map(|theme| row.share(theme)));
        let most = shares().fold(0.0, f64::max);
        let rows = table.rows.iter().map(|row| HeatRow {
            label: row.label.clone(),
            segments: grouped(row.segments as usize),
            cells: (0..themes)
                .map(|theme| HeatCell {
                    count: grouped(row.counts[theme] as usize),
                    share: percent(row.share(theme)),
                    level: if most > 0.0 { (LEVELS * row.share(theme) / most).round() as usize } else { 0 },
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
        let row =
            |label: &str, counts: [u32; 2]| Row { label: label.into(), segments: 10, counts: counts.into() };
        let table =
            Crosstab { kind: "speaker".into(), rows: vec![row("a", [0, 5]), row("b", [1, 2])], left_out: 3 };
        let heat = HeatTable::new(&table);
        let levels: Vec<_> =
            heat.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.level)).collect();
        assert_eq!(levels, [0, 10, 2, 4]);
        assert!(heat.note.unwrap().starts_with("3 more"));
    }
}
