//! Tables: columns and rows of typed cells, written in any format of tables.

mod codebook;
mod counter_evidence;
mod document_themes;
mod edges;
mod json;
mod nodes;
#[cfg(feature = "parquet")]
mod parquet;
mod quotes;
mod segments;
mod separated;
mod subthemes;
mod theme_links;
mod theme_terms;
mod themes;

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;
use std::str::FromStr;

use themeweave::{Analysis, Corpus, DocumentRef};

use crate::write::number::Number;

/// A table of an analysis: what its columns are called, and how its rows are made.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    name: &'static str,
    columns: &'static [Column],
    /// Makes the rows, in order.
    rows: fn(&Corpus, &Analysis, Take<'_>) -> io::Result<()>,
    /// Whether CSV and TSV always begin with a byte order mark.
    has_bom: bool,
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Table {}

/// What takes the rows of a table one by one, each with one cell for every column.
type Take<'t> = &'t mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>;

/// The table that is being written.
struct Rows<'a> {
    table: &'a Table,
    corpus: &'a Corpus,
    analysis: &'a Analysis,
}

impl Rows<'_> {
    fn each(&self, take: Take<'_>) -> io::Result<()> {
        (self.table.rows)(self.corpus, self.analysis, take)
    }

    fn columns(&self) -> &'static [Column] {
        self.table.columns
    }
}

impl Table {
    /// The themes, by falling share.
    pub const THEMES: Table = themes::TABLE;
    /// The terms of each theme, by falling weight.
    pub const THEME_TERMS: Table = theme_terms::TABLE;
    /// The themes within each theme, where [`Options::levels`](themeweave::Options::levels) is 2.
    pub const SUBTHEMES: Table = subthemes::TABLE;
    /// Which themes are tied to each other.
    pub const THEME_LINKS: Table = theme_links::TABLE;
    /// The quotes of each theme, the most typical first.
    pub const QUOTES: Table = quotes::TABLE;
    /// The passages that have a theme's words and do not bear it out.
    pub const COUNTER_EVIDENCE: Table = counter_evidence::TABLE;
    /// All segments in reading order, each with its main theme.
    pub const SEGMENTS: Table = segments::TABLE;
    /// The themes of each document that has any.
    pub const DOCUMENT_THEMES: Table = document_themes::TABLE;
    /// The nodes of the network.
    pub const NODES: Table = nodes::TABLE;
    /// The edges of the network.
    pub const EDGES: Table = edges::TABLE;
    /// The themes as codes with descriptions.
    pub const CODEBOOK: Table = codebook::TABLE;
    /// Every table, in the order of reading.
    pub const ALL: [Table; 11] = [
        Self::THEMES,
        Self::THEME_TERMS,
        Self::SUBTHEMES,
        Self::THEME_LINKS,
        Self::QUOTES,
        Self::COUNTER_EVIDENCE,
        Self::SEGMENTS,
        Self::DOCUMENT_THEMES,
        Self::NODES,
        Self::EDGES,
        Self::CODEBOOK,
    ];

    /// Name of the table, which is that of its file without the extension.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.name)
    }

    /// Writes the table of an analysis of `corpus`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        &self,
        corpus: &Corpus,
        analysis: &Analysis,
        options: TableOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let rows = Rows { table: self, corpus, analysis };
        let options = TableOptions { bom: options.bom || self.has_bom, ..options };
        match options.format {
            TableFormat::Csv => separated::write(&rows, b',', options, out),
            TableFormat::Tsv => separated::write(&rows, b'\t', options, out),
            TableFormat::Json => json::write_array(&rows, out),
            TableFormat::JsonLines => json::write_lines(&rows, out),
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => parquet::write(&rows, out),
        }
    }
}

/// A column of a table. Any cell of it can be missing.
#[derive(Debug, Clone, Copy)]
struct Column {
    name: &'static str,
    #[cfg_attr(
        not(any(test, feature = "parquet")),
        expect(dead_code, reason = "text formats have no types")
    )]
    kind: Kind,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Number,
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: Kind::Integer }
}

const fn number(name: &'static str) -> Column {
    Column { name, kind: Kind::Number }
}

/// How a [`Table`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// Whether text cells of CSV and TSV stay as they are.
    ///
    /// A spreadsheet program takes a cell that begins with `=`, `+`, `-` or `@`, or one of their
    /// full-width forms `＝＋－＠`, with or without blanks before, for a formula and may run it, and
    /// anybody can put such a text into a survey. So these cells, those that begin with a tab or a
    /// carriage return, and those that begin so after apostrophes, get one apostrophe in front, unless
    /// this is set. Who reads such a file back takes one apostrophe away from cells that begin with
    /// apostrophes and one of these. Numbers are not touched, nor are the other formats.
    pub raw: bool,
    /// Whether CSV and TSV begin with a byte order mark, by which Excel knows that they are UTF-8. The
    /// codebook always does.
    pub bom: bool,
}

/// Format of a [`Table`]. All have the same columns in the same order, and the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TableFormat {
    /// Commas, quotes as in RFC 4180, LF line ends, UTF-8; an empty cell is a missing value.
    #[default]
    Csv,
    /// The same with tabs.
    Tsv,
    /// An array of objects, one a line; `null` is a missing value.
    Json,
    /// An object a line (JSON Lines); `null` is a missing value.
    JsonLines,
    /// Apache Parquet; there with the feature `parquet`. Texts are strings, whole numbers 64-bit
    /// integers, other numbers doubles; null is a missing value.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl TableFormat {
    /// Every format.
    pub const ALL: &[TableFormat] = &[
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::JsonLines,
        #[cfg(feature = "parquet")]
        Self::Parquet,
    ];

    /// The name, which is also the extension of files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
        }
    }
}

impl FromStr for TableFormat {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|format| format.name() == name).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|format| format.name()).collect();
            themeweave::Error::options(format!("no table format “{name}”; known are {}", known.join(", ")))
        })
    }
}

/// One value of a table.
#[derive(Debug, Clone)]
enum Cell<'a> {
    Missing,
    Text(Cow<'a, str>),
    Integer(u64),
    Number(Number),
    /// The id of a node of the network, from its index; a text like `n7`.
    Node(usize),
}

/// A row of cells from values of any type that has one.
macro_rules! row {
    ($($value:expr),* $(,)?) => { [$($crate::write::table::Cell::from($value)),*] };
}
use row;

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Cow<'a, str>> for Cell<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Cell<'_> {
    fn from(value: u64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Cell<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<usize> for Cell<'_> {
    fn from(value: usize) -> Self {
        Self::Integer(value as u64)
    }
}

impl From<f64> for Cell<'_> {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(Number(value)) } else { Self::Missing }
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// From when to when a span of a document was said, in seconds.
fn seconds(document: Option<DocumentRef<'_>>, span: Range<usize>) -> (Option<f64>, Option<f64>) {
    let in_seconds = |milliseconds: u32| f64::from(milliseconds) / 1000.0;
    let time = document.and_then(|document| document.time(span));
    (time.map(|time| in_seconds(time.start)), time.and_then(|time| time.end).map(in_seconds))
}

/// The name of the document that a segment comes from.
fn document_name<'a>(corpus: &'a Corpus, segment: &themeweave::Segment) -> Option<&'a str> {
    corpus.document(segment.document()).map(|document| document.name())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    fn written(table: Table, format: TableFormat, raw: bool) -> String {
        let (read, analysis) = analysis_of(NOTES);
        let options = TableOptions { format, raw, bom: false };
        let mut out = Vec::new();
        table.write(&read.corpus, &analysis, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn records(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn all_formats_say_the_same() {
        for table in Table::ALL {
            let [csv, tsv] = [TableFormat::Csv, TableFormat::Tsv].map(|format| written(table, format, true));
            assert_eq!(csv.starts_with('\u{feff}'), table.name() == "codebook");
            let csv = records(csv.trim_start_matches('\u{feff}'), b',');
            assert_eq!(csv, records(tsv.trim_start_matches('\u{feff}'), b'\t'));
            assert!(table.columns().eq(csv[0].iter().map(String::as_str)));
            let may_be_empty = [Table::SUBTHEMES, Table::THEME_LINKS].contains(&table);
            assert!(csv.len() > 1 || may_be_empty, "{} has no rows", table.name());
            let json: Vec<Value> = serde_json::from_str(&written(table, TableFormat::Json, false)).unwrap();
            let lines = written(table, TableFormat::JsonLines, false);
            let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(json, lines);
            assert_eq!(json.len(), csv.len() - 1);
            for (object, row) in json.iter().zip(&csv[1..]) {
                assert_eq!(object.as_object().unwrap().len(), table.columns().count());
                for (column, cell) in table.columns().zip(row) {
                    match &object[column] {
                        Value::Null => assert_eq!(cell, ""),
                        Value::String(text) => assert_eq!(cell, text),
                        number => assert_eq!(serde_json::from_str::<Value>(cell).unwrap(), *number),
                    }
                }
            }
        }
    }

    #[test]
    fn cells_are_of_the_kind_of_their_column() {
        let (read, analysis) = analysis_of(NOTES);
        for table in Table::ALL {
            let mut check = |row: &[Cell<'_>]| {
                assert_eq!(row.len(), table.columns.len());
                for (column, cell) in table.columns.iter().zip(row) {
                    let is_sound = match cell {
                        Cell::Missing => true,
                        Cell::Text(_) | Cell::Node(_) => column.kind == Kind::Text,
                        Cell::Integer(_) => column.kind == Kind::Integer,
                        Cell::Number(_) => column.kind == Kind::Number,
                    };
                    assert!(is_sound, "{}: {} has {cell:?}", table.name(), column.name);
                }
                Ok(())
            };
            (table.rows)(&read.corpus, &analysis, &mut check).unwrap();
        }
    }

    #[test]
    fn what_is_no_number_is_missing() {
        assert!(matches!(Cell::from(f64::NAN), Cell::Missing));
        assert!(matches!(Cell::from(Some(f64::INFINITY)), Cell::Missing));
        assert!(matches!(Cell::from(None::<&str>), Cell::Missing));
    }

    #[test]
    fn a_format_has_a_name() {
        for &format in TableFormat::ALL {
            assert_eq!(format.name().parse::<TableFormat>().unwrap(), format);
        }
        assert!("xlsx".parse::<TableFormat>().unwrap_err().to_string().contains("csv, tsv, json, jsonl"));
    }
}
