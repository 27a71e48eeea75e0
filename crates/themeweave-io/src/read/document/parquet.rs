//! Tables of Apache Parquet.
//!
//! What takes them apart believes the sizes that a file states, so that runs apart from all else.

use std::io::{self, Read, Write};
use std::iter;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::document::Take;
use crate::read::document::extraction::{Extraction, Output, RowLines, RowWriter, broken};
use crate::read::document::spreadsheet::{date, failed, number};
use crate::read::error::ReadError;
use crate::read::table;

/// Days from the end of 1899, from which spreadsheets count, to 1970.
const DAYS_TO_1970: f64 = 25_569.0;

/// Reads a table.
pub(super) fn read(
    name: &Arc<str>,
    source: &mut dyn Read,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let mut lines = RowLines::new(Output::start(Extraction::Parquet, source, options.extractor.as_deref())?)?;
    let rows = iter::from_fn(|| {
        let row = lines.next_row().transpose()?;
        Some(row.map(|(_, number, cells)| (number, cells)))
    });
    let diagnostics = table::from_rows(name, rows, options, take).map_err(failed)?;
    lines.into_inner().finish()?;
    Ok(diagnostics)
}

/// Writes the names of the columns and all rows, group after group.
pub(super) fn extract(bytes: Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(told)?;
    let schema = reader.metadata().file_metadata().schema();
    let columns = schema.get_fields();
    let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
    let units: Vec<f64> = columns.iter().map(|column| per_day(column)).collect();
    let mut rows = RowWriter::new(out, &[""])?;
    rows.write(0, 0, &names)?;
    for (number, row) in (1..).zip(reader.get_row_iter(None).map_err(told)?) {
        let row = row.map_err(told)?;
        let cells = row.get_column_iter().zip(&units).map(|((_, field), unit)| text(field, *unit));
        rows.write(0, number, &cells.collect::<Vec<String>>())?;
    }
    Ok(())
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
