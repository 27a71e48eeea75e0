//! What the cells of a sample of rows tell about the columns of a table.

use csv::ByteRecord;

use crate::column::{Date, are_groups};

/// Bytes of a cell that are looked at.
const LOOKED_AT: usize = 2000;

/// Longest name of a person, in bytes.
const LONGEST_NAME: usize = 80;

/// What a column seems to hold.
pub(super) struct Content {
    /// Words of the different cells, all together: long and varied text has the most.
    pub(super) words: usize,
    pub(super) are_dates: bool,
    /// Few different values, each given again.
    pub(super) are_groups: bool,
    /// Short values of which most are given again, as the names of those who speak.
    pub(super) may_be_names: bool,
    /// Numbers, one value throughout, or nothing at all.
    are_poor: bool,
}

impl Content {
    pub(super) fn of(column: usize, sample: &[(ByteRecord, u64)]) -> Self {
        let cell = |(row, _): &'_ (ByteRecord, u64)| -> Option<String> {
            let cell = row.get(column)?;
            let cell = String::from_utf8_lossy(&cell[..cell.len().min(LOOKED_AT)]);
            Some(cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        let cells: Vec<Option<String>> = sample.iter().map(cell).collect();
        let values: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
        let mut different: Vec<&str> = values.iter().flatten().copied().collect();
        let given = different.len();
        different.sort_unstable();
        different.dedup();
        let are_dates = Date::are(&values);
        Self {
            words: different.iter().map(|value| words(value)).sum(),
            are_dates,
            are_groups: !are_dates && are_groups(&values),
            may_be_names: given > 0
                && !are_dates
                && given >= 2 * different.len()
                && different.iter().all(|value| value.len() <= LONGEST_NAME),
            are_poor: given > 1 && different.len() == 1
                || different.iter().all(|value| value.parse::<f64>().is_ok()),
        }
    }

    /// Whether this is hardly what people say in their own words.
    pub(super) fn is_hardly_text(&self) -> bool {
        self.are_dates || self.are_groups || self.are_poor
    }
}

/// Words with a letter; an address has none.
fn words(value: &str) -> usize {
    let is_address = !value.contains(char::is_whitespace) && value.contains(['@', '/', '\\', '_']);
    if is_address {
        return 0;
    }
    themeweave::words(value).filter(|span| value[span.clone()].contains(char::is_alphabetic)).count()
}
