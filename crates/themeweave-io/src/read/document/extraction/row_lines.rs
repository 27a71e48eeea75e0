//! Rows of tables on their way from where they are extracted: lines of JSON, the first with the names of
//! the tables of a file, each other one with the number of the table, the number of the row, and the cells.

use std::io::{self, BufRead, BufReader, Read, Write};

use crate::read::document::extraction::broken;
use crate::read::error::ReadError;

/// Most bytes of a row.
const ROW: u64 = 64 << 20;

/// Most columns, as in Excel.
const COLUMNS: usize = 16_384;

/// A row: the index of its table, its number, and its cells.
pub(in crate::read::document) type Row = (usize, u64, Vec<String>);

/// Writes rows.
pub(in crate::read::document) struct RowWriter<W>(W);

impl<W: Write> RowWriter<W> {
    /// Begins with the names of the tables.
    pub(in crate::read::document) fn new(mut out: W, names: &[&str]) -> io::Result<Self> {
        serde_json::to_writer(&mut out, names)?;
        writeln!(out)?;
        Ok(Self(out))
    }

    pub(in crate::read::document) fn write(
        &mut self,
        table: usize,
        number: u64,
        cells: &[String],
    ) -> io::Result<()> {
        if cells.len() > COLUMNS {
            return Err(broken(&"it has more than 16,384 columns, the most that are read"));
        }
        serde_json::to_writer(&mut self.0, &(table, number, cells))?;
        writeln!(self.0)
    }

    /// Passes on what is written so far.
    #[cfg(feature = "parquet")]
    pub(in crate::read::document) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Reads rows.
pub(in crate::read::document) struct RowLines<R> {
    lines: BufReader<R>,
    line: Vec<u8>,
    /// The names of the tables.
    pub(in crate::read::document) names: Vec<String>,
}

impl<R: Read> RowLines<R> {
    /// Reads the names of the tables; there are none where nothing was extracted.
    pub(in crate::read::document) fn new(source: R) -> Result<Self, ReadError> {
        let mut rows = Self { lines: BufReader::new(source), line: Vec::new(), names: Vec::new() };
        rows.names = rows.next_line()?.unwrap_or_default();
        Ok(rows)
    }

    /// The next row; `None` at the end, and where a row is cut off, for the extraction failed there.
    pub(in crate::read::document) fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        self.next_line()
    }

    fn next_line<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, ReadError> {
        self.line.clear();
        let read = (&mut self.lines).take(ROW).read_until(b'\n', &mut self.line);
        read.map_err(|error| ReadError::general(error.to_string()))?;
        match self.line.pop() {
            Some(b'\n') => {
                let row = serde_json::from_slice(&self.line);
                row.map(Some).map_err(|_| ReadError::general("this file makes the extraction fail"))
            }
            Some(_) if self.line.len() as u64 + 1 == ROW => {
                Err(ReadError::general("a row of this file is longer than 64 MB"))
            }
            _ => Ok(None),
        }
    }

    pub(in crate::read::document) fn into_inner(self) -> R {
        self.lines.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back() {
        let mut bytes = Vec::new();
        let mut writer = RowWriter::new(&mut bytes, &["a", "b\n"]).unwrap();
        writer.write(1, 7, &["x\ny".to_owned(), "\"\u{1f642}".to_owned()]).unwrap();
        assert!(writer.write(0, 1, &vec![String::new(); COLUMNS + 1]).is_err());
        bytes.extend(b"[0,8,[\"cut");
        let mut rows = RowLines::new(&bytes[..]).unwrap();
        assert_eq!(rows.names, ["a", "b\n"]);
        assert_eq!(rows.next_row().unwrap(), Some((1, 7, vec!["x\ny".to_owned(), "\"\u{1f642}".to_owned()])));
        assert_eq!(rows.next_row().unwrap(), None);
        for wrong in ["[\"a\"]\n[0]\n", "[\"a\"]\n[-1,2,[]]\n", "[\"a\"]\n\n"] {
            assert!(RowLines::new(wrong.as_bytes()).unwrap().next_row().is_err(), "{wrong}");
        }
        assert!(RowLines::new(&b"x\n"[..]).is_err() && RowLines::new(&b""[..]).unwrap().names.is_empty());
    }
}
