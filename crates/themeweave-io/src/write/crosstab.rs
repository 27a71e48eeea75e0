//! How often each theme occurs in each section, of each speaker, in each document, group and time.

mod order;

use std::collections::{BTreeMap, HashSet};

use themeweave::{Analysis, Corpus};

use crate::column::{Date, are_groups};
use crate::read::ReadOptions;

/// Most rows of a table; those with the most segments stay.
const MOST_ROWS: usize = 30;

/// Segments by theme in the rows of one kind, at the end those of no such row.
pub(super) struct Crosstab {
    /// What the rows are: `section`, or the name of a column.
    pub(super) kind: String,
    pub(super) rows: Vec<Row>,
    /// Rows that are left out because there are too many.
    pub(super) left_out: usize,
}

/// A row of a [`Crosstab`].
pub(super) struct Row {
    /// `None` for the segments that have none of this kind.
    pub(super) label: Option<String>,
    /// All segments, with and without a theme.
    pub(super) segments: u32,
    /// Segments of each theme.
    pub(super) counts: Vec<u32>,
}

impl Row {
    /// The label as people read it.
    pub(super) fn name(&self) -> &str {
        self.label.as_deref().unwrap_or("(none)")
    }

    /// Share of the row's segments that are a theme's, 0..=1.
    pub(super) fn share(&self, theme: usize) -> f64 {
        f64::from(self.counts[theme]) / f64::from(self.segments.max(1))
    }
}

impl Crosstab {
    /// The greatest share of a theme in a row with a label, by which cells are shaded: few segments without one
    /// would often have a greater.
    pub(super) fn greatest_share(&self) -> f64 {
        let labeled = self.rows.iter().filter(|row| row.label.is_some());
        labeled.flat_map(|row| (0..row.counts.len()).map(|theme| row.share(theme))).fold(0.0, f64::max)
    }

    /// Every table that says something, the tables of columns in the order of the columns.
    pub(super) fn all(corpus: &Corpus, analysis: &Analysis, options: &ReadOptions) -> Vec<Crosstab> {
        if analysis.themes.is_empty() {
            return Vec::new();
        }
        let mut all: Vec<Crosstab> = Self::sections(corpus, analysis).into_iter().collect();
        all.extend(Self::speakers(analysis));
        all.extend(Self::documents(corpus, analysis));
        all.extend(Self::attributes(corpus, analysis, options));
        all
    }

    /// By section, in the order of reading; the same heading in another document is the same section.
    /// What all sections lie in, such as the title of the only document, is left out of their names.
    pub(super) fn sections(_: &Corpus, analysis: &Analysis) -> Option<Crosstab> {
        let segments = &analysis.segments;
        let mut table = Self::count("section", analysis, |index| segments.section(&segments.list()[index]))?;
        let shared = shared_path(table.rows.iter().filter_map(|row| row.label.as_deref()));
        for label in table.rows.iter_mut().filter_map(|row| row.label.as_mut()) {
            if label.len() > shared {
                label.drain(..shared);
            }
        }
        Some(table)
    }

    fn speakers(analysis: &Analysis) -> Option<Crosstab> {
        let segments = &analysis.segments;
        let mut table = Self::count("speaker", analysis, |index| segments.speaker(&segments.list()[index]))?;
        table.rows.sort_by_key(|row| (row.label.is_none(), std::cmp::Reverse(row.segments)));
        Some(table)
    }

    /// By document, where most have several segments.
    fn documents(corpus: &Corpus, analysis: &Analysis) -> Option<Crosstab> {
        if analysis.segments.len() < 2 * corpus.len() {
            return None;
        }
        let of = |index: usize| corpus.document(analysis.segments.list()[index].document());
        Self::count("document", analysis, |index| of(index).map(|document| document.name()))
    }

    /// By each column that makes groups, and over time by each column of dates: those that were asked for,
    /// else those whose values say so.
    fn attributes(corpus: &Corpus, analysis: &Analysis, options: &ReadOptions) -> Vec<Crosstab> {
        let mut columns: Vec<&str> = Vec::new();
        let mut known = HashSet::new();
        for (name, _) in corpus.documents().flat_map(|document| document.attributes()) {
            if known.insert(name) {
                columns.push(name);
            }
        }
        // One after the other: with millions of documents, the values of all columns would be much to hold.
        let crosstab = |column: &str| {
            let found =
                corpus.documents().map(|document| document.attributes().find(|(name, _)| *name == column));
            let values: Vec<Option<&str>> = found
                .map(|found| found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()))
                .collect();
            Self::attribute(column, &values, analysis, options)
        };
        columns.into_iter().filter_map(crosstab).collect()
    }

    fn attribute(
        name: &str,
        values: &[Option<&str>],
        analysis: &Analysis,
        options: &ReadOptions,
    ) -> Option<Crosstab> {
        let periods = if options.may_be_dates(name) { Date::periods(values) } else { None };
        if periods.is_none() && !options.makes_groups(name).unwrap_or_else(|| are_groups(values)) {
            return None;
        }
        let value = |index: usize| {
            let document = analysis.segments.list()[index].document();
            match &periods {
                Some(periods) => periods.get(document)?.as_deref(),
                None => *values.get(document)?,
            }
        };
        let mut table = Self::count(name, analysis, value)?;
        let labels: Vec<&str> = table.rows.iter().filter_map(|row| row.label.as_deref()).collect();
        let key = order::natural(&labels);
        table.rows.sort_by_cached_key(|row| (row.label.is_none(), row.label.as_deref().map(&key)));
        Some(table)
    }

    /// Counts segments by what `label` says of them, in order of first appearance, and at the end those of which it
    /// says nothing; `None` with fewer than two labels.
    fn count<'a>(
        kind: &str,
        analysis: &Analysis,
        label: impl Fn(usize) -> Option<&'a str>,
    ) -> Option<Crosstab> {
        let mut rows: Vec<Row> = Vec::new();
        let mut at: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for (index, themes) in analysis.memberships.iter().enumerate() {
            let label = label(index);
            let row = *at.entry(label).or_insert_with(|| {
                let counts = vec![0; analysis.themes.len()];
                rows.push(Row { label: label.map(str::to_owned), segments: 0, counts });
                rows.len() - 1
            });
            rows[row].segments += 1;
            if let Some(membership) = themes.first() {
                rows[row].counts[membership.theme] += 1;
            }
        }
        rows.sort_by_key(|row| row.label.is_none());
        let labels = rows.iter().filter(|row| row.label.is_some()).count();
        let left_out = labels.saturating_sub(MOST_ROWS);
        if left_out > 0 {
            let mut sizes: Vec<(std::cmp::Reverse<u32>, usize)> = rows[..labels]
                .iter()
                .enumerate()
                .map(|(i, row)| (std::cmp::Reverse(row.segments), i))
                .collect();
            sizes.sort_unstable();
            let least = sizes[MOST_ROWS - 1];
            let mut i = 0;
            rows.retain(|row| {
                i += 1;
                row.label.is_none() || (std::cmp::Reverse(row.segments), i - 1) <= least
            });
        }
        (labels > 1).then(|| Crosstab { kind: kind.to_owned(), rows, left_out })
    }
}

/// Between the headings of a section's name.
const WITHIN: &str = " > ";

/// Bytes of the headings that all longer names begin with. The shared section itself may be among the names.
fn shared_path<'a>(names: impl Iterator<Item = &'a str> + Clone) -> usize {
    let deep = names.clone().max_by_key(|name| name.matches(WITHIN).count()).unwrap_or_default();
    let is_shared = |end: usize| {
        let path = &deep[..end];
        names.clone().all(|name| name.starts_with(path) || name == path.trim_end_matches(WITHIN))
    };
    let ends = deep.match_indices(WITHIN).map(|(at, found)| at + found.len());
    ends.take_while(|&end| is_shared(end)).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn counts_add_up_to_the_themes() {
        let (read, analysis) = analysis_of(NOTES);
        let tables = Crosstab::all(&read.corpus, &analysis, &ReadOptions::default());
        assert_eq!(tables.iter().map(|table| table.kind.as_str()).collect::<Vec<_>>(), ["speaker"]);
        let speakers = &tables[0];
        assert_eq!(speakers.rows.iter().map(Row::name).collect::<Vec<_>>(), ["Anna", "Ben", "(none)"]);
        for theme in 0..analysis.themes.len() {
            let own =
                analysis.memberships.iter().filter(|themes| themes.first().is_some_and(|m| m.theme == theme));
            let counted = speakers.rows.iter().map(|row| row.counts[theme] as usize).sum::<usize>();
            assert_eq!(counted, own.count());
            assert_eq!(speakers.rows[0].share(theme), f64::from(speakers.rows[0].counts[theme]) / 4.0);
        }
    }

    #[test]
    fn headings_that_all_share_are_left_out() {
        let shared = |names: &[&str]| shared_path(names.iter().copied());
        assert_eq!(shared(&["A > B", "A > C", "A"]), 4);
        assert_eq!(shared(&["A > B > C", "A > B > D", "A > B"]), 8);
        assert_eq!(shared(&["A > B", "C"]), 0);
        assert_eq!(shared(&["A", "AB"]), 0);
        assert_eq!(shared(&[]), 0);
    }

    #[test]
    fn columns_make_groups_and_periods() {
        let mut table = "text,district,when,answer\n".to_owned();
        for i in 0..60 {
            let text = if i % 2 == 0 { "the bus is late" } else { "plant the garden" };
            table.push_str(&format!("{text} {i},{},2025-0{}-{:02},{i}\n", i % 3, 1 + i / 20, 1 + i % 20));
        }
        let (read, analysis) = analysis_of(&table);
        let kinds = |options: &ReadOptions| -> Vec<String> {
            Crosstab::all(&read.corpus, &analysis, options).into_iter().map(|table| table.kind).collect()
        };
        let tables = Crosstab::all(&read.corpus, &analysis, &ReadOptions::default());
        assert_eq!(kinds(&ReadOptions::default()), ["district", "when"]);
        let groups = |names: &[&str]| ReadOptions {
            group_columns: names.iter().map(|&name| name.to_owned()).collect(),
            ..ReadOptions::default()
        };
        assert_eq!(kinds(&groups(&["Answer"])), ["when", "answer"]);
        assert_eq!(kinds(&groups(&["when"])), ["when"]);
        let other_date = ReadOptions { date_column: Some("answer".to_owned()), ..ReadOptions::default() };
        assert_eq!(kinds(&other_date), ["district"]);
        let months: Vec<_> = tables[1].rows.iter().map(|row| (row.name(), row.segments)).collect();
        assert_eq!(months, [("2025-01", 20), ("2025-02", 20), ("2025-03", 20)]);
    }

    #[test]
    fn segments_of_no_group_come_last() {
        let mut table = "text,district\n".to_owned();
        for i in 0..60 {
            let text = if i % 2 == 0 { "the bus is late" } else { "plant the garden" };
            table.push_str(&format!("{text} {i},{}\n", ["", "South", "", "North"][i % 4]));
        }
        let (read, analysis) = analysis_of(&table);
        let tables = Crosstab::all(&read.corpus, &analysis, &ReadOptions::default());
        let rows: Vec<_> = tables[0].rows.iter().map(|row| (row.name(), row.segments)).collect();
        assert_eq!(rows, [("North", 15), ("South", 15), ("(none)", 30)]);
    }

    #[test]
    fn the_largest_rows_stay_in_their_order() {
        let mut notes = String::new();
        for section in 0..40 {
            notes.push_str(&format!("# Section {section}\n\n"));
            for note in 0..=section % 5 {
                notes.push_str(&format!("- the bus is late on line {section} at stop {note}\n"));
            }
        }
        let (read, analysis) = analysis_of(&notes);
        let table = Crosstab::sections(&read.corpus, &analysis).unwrap();
        assert_eq!((table.rows.len(), table.left_out), (30, 10));
        assert_eq!(table.rows[0].name(), "Section 1");
        // Of those with two notes the first come first.
        let two: Vec<_> = table.rows.iter().filter(|row| row.segments == 2).map(Row::name).collect();
        assert_eq!((two.len(), two[0]), (6, "Section 1"));
    }
}
