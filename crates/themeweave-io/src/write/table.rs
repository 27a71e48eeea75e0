//! Tables: columns and rows of typed cells, written as CSV, TSV or JSON.

mod counter_evidence;
mod document_themes;
mod edges;
mod nodes;
mod quotes;
mod segments;
mod theme_terms;
mod themes;

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;
use std::str::FromStr;

use themeweave::{Analysis, Corpus, Document};

use crate::write::number::Number;

/// A table of an analysis: what its columns are called, and how its rows are made.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    rows: for<'a> fn(&'a Corpus, &'a Analysis) -> Rows<'a>,
}

/// The rows of a table, each with one cell for every column.
type Rows<'a> = Box<dyn Iterator<Item = Vec<Cell<'a>>> + 'a>;

impl Table {
    /// The themes, by falling share.
    pub const THEMES: Table = themes::TABLE;
    /// The terms of each theme, by falling weight.
    pub const THEME_TERMS: Table = theme_terms::TABLE;
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
    /// Every table, in the order of reading.
    pub const ALL: [Table; 8] = [
        Self::THEMES,
        Self::THEME_TERMS,
        Self::QUOTES,
        Self::COUNTER_EVIDENCE,
        Self::SEGMENTS,
        Self::DOCUMENT_THEMES,
        Self::NODES,
        Self::EDGES,
    ];

    /// Name of the table, which is that of its file without the extension.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Names of the columns.
    pub fn columns(&self) -> &'static [&'static str] {
        self.columns
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
        let rows = (self.rows)(corpus, analysis);
        match options.format {
            TableFormat::Csv => self.write_separated(rows, b',', options.raw, out),
            TableFormat::Tsv => self.write_separated(rows, b'\t', options.raw, out),
            TableFormat::Json => self.write_json(rows, out),
        }
    }

    fn write_separated(
        &self,
        rows: Rows<'_>,
        delimiter: u8,
        raw: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut csv = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        csv.write_record(self.columns)?;
        for row in rows {
            for cell in &row {
                match cell {
                    Cell::Missing => csv.write_field("")?,
                    Cell::Text(text) if raw => csv.write_field(text.as_ref())?,
                    Cell::Text(text) => csv.write_field(guarded(text).as_ref())?,
                    Cell::Integer(value) => csv.write_field(value.to_string())?,
                    Cell::Number(value) => csv.write_field(value.to_string())?,
                }
            }
            csv.write_record(None::<&[u8]>)?;
        }
        csv.flush()
    }

    fn write_json(&self, rows: Rows<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut before = "[\n{";
        let mut is_empty = true;
        for row in rows {
            out.write_all(before.as_bytes())?;
            before = "},\n{";
            is_empty = false;
            for (i, (column, cell)) in self.columns.iter().zip(&row).enumerate() {
                write!(out, "{}\"{column}\":", if i == 0 { "" } else { "," })?;
                match cell {
                    Cell::Missing => out.write_all(b"null")?,
                    Cell::Text(text) => serde_json::to_writer(&mut *out, text.as_ref())?,
                    Cell::Integer(value) => write!(out, "{value}")?,
                    Cell::Number(value) => write!(out, "{value}")?,
                }
            }
        }
        out.write_all(if is_empty { b"[]\n" } else { b"}\n]\n" })
    }
}

/// How a [`Table`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// Whether text cells of CSV and TSV stay as they are.
    ///
    /// A spreadsheet program takes a cell that begins with `=`, `+`, `-`, `@`, a tab, a carriage
    /// return, or a full-width `＝＋－＠` for a formula and may run it, and anybody can put such a
    /// text into a survey. So these cells, and those that begin so after apostrophes, get one
    /// apostrophe in front, unless this is set. Who reads such a file back takes one apostrophe away
    /// from cells that begin with apostrophes and one of these characters. Numbers are not touched,
    /// nor is JSON.
    pub raw: bool,
}

/// Format of a [`Table`]. All have the same columns in the same order, and the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFormat {
    /// Commas, quotes as in RFC 4180, LF line ends, UTF-8; an empty cell is a missing value.
    #[default]
    Csv,
    /// The same with tabs.
    Tsv,
    /// An array of objects, one a line; `null` is a missing value.
    Json,
}

impl TableFormat {
    /// Every format.
    pub const ALL: [TableFormat; 3] = [Self::Csv, Self::Tsv, Self::Json];

    /// The name, which is also the extension of files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
        }
    }
}

impl FromStr for TableFormat {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            themeweave::Error::options(format!("no table format “{name}”; known are csv, tsv and json"))
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
}

/// A row of cells from values of any type that has one.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::write::table::Cell::from($value)),*] };
}
use row;

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
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

/// A text with an apostrophe in front where a spreadsheet program would take it for a formula. Texts
/// that look guarded already get one too, so that taking one away gives the text back.
fn guarded(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if text.trim_start_matches('\'').starts_with(SIGNS) { format!("'{text}").into() } else { text.into() }
}

/// From when to when a span of a document was said, in seconds.
fn seconds(document: Option<&Document>, span: Range<usize>) -> (Option<f64>, Option<f64>) {
    let in_seconds = |milliseconds: u32| f64::from(milliseconds) / 1000.0;
    let time = document.and_then(|document| document.time(span));
    (time.map(|time| in_seconds(time.start)), time.and_then(|time| time.end).map(in_seconds))
}

/// The name of the document that a segment comes from.
fn document_name<'a>(corpus: &'a Corpus, segment: &themeweave::Segment) -> Option<&'a str> {
    corpus.documents().get(segment.document()).map(|document| document.name.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    fn written(table: Table, format: TableFormat, raw: bool) -> String {
        let (read, analysis) = analysis_of(NOTES);
        let mut out = Vec::new();
        table.write(&read.corpus, &analysis, TableOptions { format, raw }, &mut out).unwrap();
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
            let csv = records(&written(table, TableFormat::Csv, true), b',');
            assert_eq!(csv, records(&written(table, TableFormat::Tsv, true), b'\t'));
            assert_eq!(csv[0], table.columns());
            assert!(csv.len() > 1, "{} has no rows", table.name());
            let json: Vec<Value> = serde_json::from_str(&written(table, TableFormat::Json, false)).unwrap();
            assert_eq!(json.len(), csv.len() - 1);
            for (object, row) in json.iter().zip(&csv[1..]) {
                assert_eq!(object.as_object().unwrap().len(), table.columns().len());
                for (column, cell) in table.columns().iter().zip(row) {
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
    fn one_object_a_line() {
        let json = written(Table::EDGES, TableFormat::Json, false);
        let lines: Vec<&str> = json.lines().collect();
        assert_eq!((lines.first(), lines.last()), (Some(&"["), Some(&"]")));
        assert!(lines[1].starts_with("{\"Source\":\"n0\",") && lines[1].ends_with("},"), "{}", lines[1]);
    }

    #[test]
    fn formulas_are_guarded_and_can_be_had_back() {
        let signs = ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", "''=1"];
        for text in signs {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "'", "'quoted'", "a=1", " =1", "1-1", "–", "– dash"] {
            assert!(matches!(guarded(text), Cow::Borrowed(same) if same == text), "{text}");
        }
        let text = |raw| records(&written(Table::SEGMENTS, TableFormat::Csv, raw), b',')[1][9].clone();
        assert!(text(true).starts_with("=the bus"), "{}", text(true));
        assert_eq!(text(false), format!("'{}", text(true)));
    }

    #[test]
    fn what_is_no_number_is_missing() {
        assert!(matches!(Cell::from(f64::NAN), Cell::Missing));
        assert!(matches!(Cell::from(Some(f64::INFINITY)), Cell::Missing));
        assert!(matches!(Cell::from(None::<&str>), Cell::Missing));
    }

    #[test]
    fn a_format_has_a_name() {
        for format in TableFormat::ALL {
            assert_eq!(format.name().parse::<TableFormat>().unwrap(), format);
        }
        assert!("xlsx".parse::<TableFormat>().is_err());
    }
}
