//! The rows of a file, in the process that takes it apart.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::{ReaderIter, RowIter, TreeBuilder};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};

use crate::read::document::extraction::{RowWriter, broken};
use crate::read::document::parquet::Request;
use crate::read::document::parquet::bounds::{self, Ended, Stated};
use crate::read::document::spreadsheet::{date, number};
use crate::read::files;

/// Days from the end of 1899, from which spreadsheets count, to 1970.
const DAYS_TO_1970: f64 = 25_569.0;

/// Rows that are read and dropped on the way to another. Beyond, it is quicker to begin anew there: that finds the
/// page and takes it apart from its first row, of some thousands.
const NEAR: u64 = 4_096;

/// Writes the names of the columns and all rows of a file in memory.
pub(in crate::read::document) fn extract(bytes: Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    let size = bytes.len() as u64;
    let file = SerializedFileReader::new(Ended(Bytes::from(bytes))).map_err(told)?;
    let mut writer = begin(&file, size, out)?;
    write_all(&file, &mut writer)
}

/// Writes the names of the columns of a file, and then the rows that each line of `requests` asks for.
pub(in crate::read::document) fn answer(
    path: &Path,
    requests: &mut dyn Read,
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = files::open(path).map_err(|error| broken(&error))?;
    let size = file.metadata()?.len();
    let file = SerializedFileReader::new(Ended(file)).map_err(told)?;
    let mut writer = begin(&file, size, out)?;
    let mut rows: Option<(usize, Rows<'_>)> = None;
    for line in BufReader::new(requests).lines() {
        match serde_json::from_str(&line?)? {
            Request::All => write_all(&file, &mut writer)?,
            Request::Cells { column, runs } => {
                if rows.as_ref().is_none_or(|(before, _)| *before != column) {
                    rows = Some((column, Rows::of_column(&file, column)?));
                }
                for number in runs.into_iter().flat_map(|(first, last)| first..=last) {
                    let Some((_, rows)) = &mut rows else { continue };
                    let row = rows.at(number)?.ok_or_else(|| broken(&"a row is missing"))?;
                    writer.write(0, number, &row)?;
                }
            }
        }
        writer.flush()?;
    }
    Ok(())
}

/// Begins with the names of the columns of a file of so many bytes.
fn begin<'o>(
    file: &dyn FileReader,
    size: u64,
    out: &'o mut dyn Write,
) -> io::Result<RowWriter<&'o mut dyn Write>> {
    bounds::check(file.metadata(), size)?;
    let schema = file.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|column| column.name().to_owned()).collect();
    let mut writer = RowWriter::new(out, &[""])?;
    writer.write(0, 0, &names)?;
    writer.flush()?;
    Ok(writer)
}

fn write_all(file: &dyn FileReader, writer: &mut RowWriter<&mut dyn Write>) -> io::Result<()> {
    let mut rows = Rows::new(file, file.metadata().file_metadata().schema_descr_ptr());
    while let Some(row) = rows.next()? {
        writer.write(0, rows.next - 1, &row)?;
    }
    Ok(())
}

/// Reads rows in order, group after group, and may pass over some. Of each column, a page is in memory at a time.
struct Rows<'f> {
    file: &'f dyn FileReader,
    columns: SchemaDescPtr,
    /// How many integers make a day, for each column.
    units: Vec<f64>,
    /// The number of the next row, from 1.
    next: u64,
    /// Groups that were begun.
    begun: usize,
    /// The rows of the last of them, and how many are left.
    group: Option<ReaderIter>,
    left: u64,
}

impl<'f> Rows<'f> {
    fn new(file: &'f dyn FileReader, columns: SchemaDescPtr) -> Self {
        let units = columns.root_schema().get_fields().iter().map(|column| per_day(column)).collect();
        Self { file, columns, units, next: 1, begun: 0, group: None, left: 0 }
    }

    /// Rows of one column.
    fn of_column(file: &'f dyn FileReader, column: usize) -> io::Result<Self> {
        let schema = file.metadata().file_metadata().schema();
        let field = schema.get_fields().get(column).ok_or_else(|| broken(&"a column is missing"))?;
        let one = Type::group_type_builder(schema.name()).with_fields(vec![Arc::clone(field)]);
        let one = SchemaDescriptor::new(Arc::new(one.build().map_err(told)?));
        Ok(Self::new(file, Arc::new(one)))
    }

    /// The cells of the next row; `None` at the end.
    fn next(&mut self) -> io::Result<Option<Vec<String>>> {
        while self.left == 0 {
            if self.begun == self.file.num_row_groups() {
                return Ok(None);
            }
            self.begin(self.begun, 0)?;
        }
        let row = self.group.as_mut().and_then(Iterator::next).transpose().map_err(told)?;
        let row = row.ok_or_else(|| broken(&"rows are missing"))?;
        self.next += 1;
        self.left -= 1;
        let cells = row.get_column_iter().zip(&self.units).map(|((_, field), unit)| text(field, *unit));
        Ok(Some(cells.collect()))
    }

    /// The cells of a row, which is not before the next; `None` where there is none.
    fn at(&mut self, number: u64) -> io::Result<Option<Vec<String>>> {
        let mut ahead = number.checked_sub(self.next).ok_or_else(|| broken(&"rows are not in order"))?;
        if ahead > NEAR {
            let (mut group, mut before) = match self.begun.checked_sub(1) {
                Some(group) => (group, self.rows(group)? - self.left),
                None => (0, 0),
            };
            // Counted from the first row of the group.
            ahead += before;
            while group < self.file.num_row_groups() {
                before = self.rows(group)?;
                if ahead < before {
                    self.begin(group, ahead)?;
                    self.next = number;
                    return self.next();
                }
                ahead -= before;
                group += 1;
            }
            return Ok(None);
        }
        for _ in 0..ahead {
            self.next()?;
        }
        self.next()
    }

    /// How many rows a group has, as the file says.
    fn rows(&self, group: usize) -> io::Result<u64> {
        let rows = self.file.metadata().row_group(group).num_rows();
        u64::try_from(rows).map_err(|_| broken(&"a group has fewer than no rows"))
    }

    /// Begins a group after so many of its rows.
    fn begin(&mut self, group: usize, after: u64) -> io::Result<()> {
        self.left = self.rows(group)? - after;
        self.begun = group + 1;
        let after = usize::try_from(after).map_err(|_| broken(&"a group is too large"))?;
        let reader = After { group: self.file.get_row_group(group).map_err(told)?, rows: after };
        let rows = TreeBuilder::new().as_iter(Arc::clone(&self.columns), &reader);
        self.group = Some(rows.map_err(told)?);
        Ok(())
    }
}

/// A group of rows whose columns are read after the first of them. Pages before are not taken apart.
struct After<'g> {
    group: Box<dyn RowGroupReader + 'g>,
    rows: usize,
}

impl RowGroupReader for After<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.group.metadata()
    }

    fn num_columns(&self) -> usize {
        self.group.num_columns()
    }

    fn get_column_page_reader(&self, column: usize) -> Result<Box<dyn PageReader>> {
        let pages = self.group.get_column_page_reader(column)?;
        Ok(Box::new(Stated::new(pages, self.metadata().column(column).num_values())))
    }

    fn get_column_reader(&self, column: usize) -> Result<ColumnReader> {
        let of = self.metadata().column(column).column_descr_ptr();
        let mut reader = get_column_reader(of, self.get_column_page_reader(column)?);
        match &mut reader {
            ColumnReader::BoolColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::Int32ColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::Int64ColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::Int96ColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::FloatColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::DoubleColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(self.rows),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => reader.skip_records(self.rows),
        }?;
        Ok(reader)
    }

    fn get_column_bloom_filter(&self, column: usize) -> Option<&Sbbf> {
        self.group.get_column_bloom_filter(column)
    }

    fn get_row_iter(&self, projection: Option<Type>) -> Result<RowIter<'_>> {
        self.group.get_row_iter(projection)
    }
}

/// What is wrong with a file, in words for people.
fn told(error: ParquetError) -> io::Error {
    let message = error.to_string();
    let codec = ["BROTLI", "LZO"].into_iter().find(|codec| message.to_uppercase().contains(codec));
    match codec {
        Some(codec) => broken(&format!(
            "it is compressed by {codec}, which is not read; write it with Zstandard, Snappy or GZIP"
        )),
        None => broken(&message),
    }
}

/// How many of a column's integers make a day where they are points in time that nothing else tells; else 0.
fn per_day(column: &Type) -> f64 {
    const NANOSECONDS: f64 = 86_400e9;
    match column.get_basic_info().logical_type_ref() {
        Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS => NANOSECONDS,
        _ => 0.0,
    }
}

/// A value as a cell: texts of a list are parted by `; `, other values in values are shown as they are.
fn text(field: &Field, per_day: f64) -> String {
    let day = |value: i64, per_day: f64| date(value as f64 / per_day + DAYS_TO_1970);
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
        Field::Bytes(bytes) => bytes.as_utf8().unwrap_or_default().to_owned(),
        Field::Long(value) if per_day > 0.0 => day(*value, per_day),
        Field::Date(days) => day(i64::from(*days), 1.0),
        Field::TimestampMillis(time) => day(*time, 86_400e3),
        Field::TimestampMicros(time) => day(*time, 86_400e6),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => number(*value),
        Field::ListInternal(list) if list.elements().iter().all(Field::is_primitive) => {
            list.elements().iter().map(|field| text(field, 0.0)).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
