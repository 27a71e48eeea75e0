//! Apache Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::write::table::{Cell, Column, Kind, Rows};

/// Rows that are gathered before their columns are written.
const GROUP: usize = 1 << 16;

/// Writes the table. The file is put together in memory, compressed.
pub(super) fn write(rows: &Rows<'_>, out: &mut dyn Write) -> io::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("themeweave ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let schema = Arc::new(schema(rows.columns())?);
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group: Vec<Values> = rows.columns().iter().map(Values::new).collect();
    rows.each(&mut |row| {
        for (values, cell) in group.iter_mut().zip(row) {
            values.push(cell);
        }
        if group.first().is_some_and(|values| values.present.len() == GROUP) {
            write_group(&mut group, &mut file)?;
        }
        Ok(())
    })?;
    write_group(&mut group, &mut file)?;
    out.write_all(&file.into_inner()?)
}

/// Values of one column.
struct Values {
    /// For each row, 1 where there is a value.
    present: Vec<i16>,
    list: List,
}

enum List {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
}

impl Values {
    fn new(column: &Column) -> Self {
        let list = match column.kind {
            Kind::Text => List::Texts(Vec::new()),
            Kind::Integer => List::Integers(Vec::new()),
            Kind::Number => List::Numbers(Vec::new()),
        };
        Self { present: Vec::new(), list }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match (&mut self.list, cell) {
            (List::Texts(list), Cell::Text(text)) => list.push(ByteArray::from(text.as_ref())),
            (List::Texts(list), Cell::Node(index)) => {
                list.push(ByteArray::from(format!("n{index}").into_bytes()))
            }
            // No count comes near the greatest.
            (List::Integers(list), Cell::Integer(value)) => {
                list.push(i64::try_from(*value).unwrap_or(i64::MAX))
            }
            (List::Numbers(list), Cell::Number(value)) => list.push(value.0),
            _ => return self.present.push(0),
        }
        self.present.push(1);
    }

    /// Writes the values and forgets them.
    fn write(&mut self, column: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(&self.present[..]);
        match (column, &mut self.list) {
            (ColumnWriter::ByteArrayColumnWriter(writer), List::Texts(list)) => {
                writer.write_batch(list, present, None)?;
                list.clear();
            }
            (ColumnWriter::Int64ColumnWriter(writer), List::Integers(list)) => {
                writer.write_batch(list, present, None)?;
                list.clear();
            }
            (ColumnWriter::DoubleColumnWriter(writer), List::Numbers(list)) => {
                writer.write_batch(list, present, None)?;
                list.clear();
            }
            _ => return Err(ParquetError::General("a column is not of its kind".to_owned())),
        }
        self.present.clear();
        Ok(())
    }
}

fn write_group(group: &mut [Values], file: &mut SerializedFileWriter<Vec<u8>>) -> Result<(), ParquetError> {
    let mut writer = file.next_row_group()?;
    for values in group {
        if let Some(mut column) = writer.next_column()? {
            values.write(column.untyped())?;
            column.close()?;
        }
    }
    writer.close()?;
    Ok(())
}

fn schema(columns: &[Column]) -> Result<Type, ParquetError> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (PhysicalType::INT64, None),
            Kind::Number => (PhysicalType::DOUBLE, None),
        };
        Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    });
    Type::group_type_builder("themeweave").with_fields(fields.collect::<Result<_, _>>()?).build()
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use crate::write::table::{Cell, Table, TableFormat, TableOptions};
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn cells_read_back() {
        let (read, analysis) = analysis_of(NOTES);
        for table in Table::ALL {
            let options = TableOptions { format: TableFormat::Parquet, ..TableOptions::default() };
            let mut out = tempfile::tempfile().unwrap();
            table.write(&read.corpus, &analysis, options, &mut out).unwrap();
            let reader = SerializedFileReader::new(out).unwrap();
            let mut rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
            let mut check = |expected: &[Cell<'_>]| {
                let row = rows.next().unwrap();
                assert!(row.get_column_iter().map(|(name, _)| name.as_str()).eq(table.columns()));
                for ((_, field), cell) in row.get_column_iter().zip(expected) {
                    let is_same = match (field, cell) {
                        (Field::Null, Cell::Missing) => true,
                        (Field::Str(text), Cell::Text(expected)) => text == expected,
                        (Field::Str(text), Cell::Node(index)) => *text == format!("n{index}"),
                        (Field::Long(value), Cell::Integer(expected)) => *value == *expected as i64,
                        (Field::Double(value), Cell::Number(expected)) => *value == expected.0,
                        _ => false,
                    };
                    assert!(is_same, "{field} is not {cell:?}");
                }
                Ok(())
            };
            (table.rows)(&read.corpus, &analysis, &mut check).unwrap();
            assert!(rows.next().is_none());
        }
    }
}
