//! Tables of Apache Parquet.
//!
//! What takes them apart believes the sizes that a file states, so that runs apart from all else. It opens the
//! file by itself and gives the rows it is asked for, so that neither the file nor all rows are ever in memory.

mod bounds;
mod rows;

use std::fmt;
use std::io::{Read, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::document::Take;
use crate::read::document::extraction::{Extraction, Output, Requests, RowLines};
use crate::read::document::spreadsheet::failed;
use crate::read::error::ReadError;
use crate::read::table::{self, Part};

pub(super) use rows::{answer, extract};

/// Which rows are asked for, as a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
enum Request {
    /// All of them, with all cells.
    All,
    /// The cells of one column in runs of rows, each from its first to its last by their numbers from 1. They
    /// ascend, also from one request to the next.
    Cells { column: usize, runs: Vec<(u64, u64)> },
}

/// Reads a table; from the file at `path`, where there is one, so that its texts can be read again.
pub(super) fn read(
    name: &Arc<str>,
    source: &mut dyn Read,
    path: Option<&Path>,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let program = options.extractor.as_deref();
    let output = match path {
        Some(path) => {
            let (output, mut requests) = Output::of_file(Extraction::Parquet, path, program)?;
            ask(&mut requests, &Request::All);
            output
        }
        None => Output::start(Extraction::Parquet, source, program)?,
    };
    let mut lines = RowLines::new(output)?;
    let rows = iter::from_fn(|| {
        let row = lines.next_row().transpose()?;
        Some(row.map(|(_, number, cells)| (number, cells)))
    });
    let part = &|column| path.map(|_| Part::Column { column });
    let diagnostics = table::from_rows(name, rows, part, options, take).map_err(failed)?;
    lines.into_inner().finish()?;
    Ok(diagnostics)
}

/// Columns of files whose cells are read again. One stays open, for what comes next in it need not be sought.
#[derive(Debug)]
pub(in crate::read) struct Columns {
    extractor: Option<PathBuf>,
    open: Mutex<Option<Column>>,
}

impl Columns {
    pub(in crate::read) fn new(extractor: Option<PathBuf>) -> Self {
        Self { extractor, open: Mutex::default() }
    }

    /// Reads the cells of a column in rows whose numbers ascend.
    pub(in crate::read) fn read(
        &self,
        path: &Path,
        column: usize,
        rows: &[u64],
        cells: &mut Vec<String>,
    ) -> Result<(), ReadError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let comes_next = |open: &Column| {
            open.path == path && open.index == column && rows.first().is_some_and(|row| open.next <= *row)
        };
        let mut of = match open.take().filter(comes_next) {
            Some(of) => of,
            None => Column::open(path, column, self.extractor.as_deref())?,
        };
        if !of.read(rows, cells)? {
            // Nothing comes any more, and why is told at the end.
            of.lines.into_inner().finish()?;
            return Err(ReadError::general("rows are missing"));
        }
        *open = Some(of);
        Ok(())
    }
}

/// A column whose cells are read in the order of their rows.
struct Column {
    path: PathBuf,
    index: usize,
    lines: RowLines<Output>,
    requests: Requests,
    /// The first row that can still be asked for.
    next: u64,
}

impl Column {
    fn open(path: &Path, index: usize, program: Option<&Path>) -> Result<Self, ReadError> {
        let (output, requests) = Output::of_file(Extraction::Parquet, path, program)?;
        let mut lines = RowLines::new(output)?;
        // The names of the columns are known.
        lines.next_row()?;
        Ok(Self { path: path.to_owned(), index, lines, requests, next: 1 })
    }

    /// Reads cells; tells whether all were there.
    fn read(&mut self, rows: &[u64], cells: &mut Vec<String>) -> Result<bool, ReadError> {
        let runs = rows.chunk_by(|a, b| a + 1 == *b);
        let runs = runs.filter_map(|run| Some((*run.first()?, *run.last()?))).collect();
        ask(&mut self.requests, &Request::Cells { column: self.index, runs });
        for row in rows {
            let Some((_, number, mut found)) = self.lines.next_row()? else { return Ok(false) };
            if number != *row {
                return Err(ReadError::general("this file makes the extraction fail"));
            }
            cells.extend(found.pop());
            self.next = number + 1;
        }
        Ok(true)
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Column").field("path", &self.path).field("next", &self.next).finish_non_exhaustive()
    }
}

/// Asks for rows. Who cannot be asked any more says why in what it gives.
fn ask(requests: &mut Requests, request: &Request) {
    let written = serde_json::to_writer(&mut *requests, request).map_err(Into::into);
    let _ = written.and_then(|()| writeln!(requests)).and_then(|()| requests.flush());
}

#[cfg(test)]
pub(in crate::read) mod tests {
    use std::fs;
    use std::io::Cursor;

    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    /// A file with the columns `id`, `text` and `tags`, a list of the text and its number where that is odd. Each
    /// slice is a group of rows.
    pub(in crate::read) fn file(groups: &[&[Option<&str>]], properties: WriterPropertiesBuilder) -> Vec<u8> {
        let schema = "message rows { required int64 id; optional binary text (UTF8); \
            optional group tags (LIST) { repeated group list { optional binary element (UTF8); } } }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
        let mut id = 0;
        for texts in groups {
            let ids: Vec<i64> = (id..).take(texts.len()).collect();
            id += texts.len() as i64;
            let (mut tags, mut lists, mut levels) = (Vec::new(), Vec::new(), Vec::new());
            for (id, text) in ids.iter().zip(*texts) {
                let list = [text.map(str::to_owned), Some(id.to_string()).filter(|_| id % 2 == 1)];
                for (at, tag) in list.into_iter().flatten().enumerate() {
                    tags.push(ByteArray::from(tag.as_str()));
                    lists.push(i16::from(at > 0 && text.is_some()));
                    levels.push(3);
                }
                if text.is_none() && id % 2 == 0 {
                    lists.push(0);
                    levels.push(0);
                }
            }
            let present: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
            let texts: Vec<ByteArray> = texts.iter().flatten().map(|text| ByteArray::from(*text)).collect();
            let mut group = file.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&present), None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&tags, Some(&levels), Some(&lists)).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        file.into_inner().unwrap()
    }

    /// Rows with small pages, in ways in which files are written.
    fn ways() -> [WriterPropertiesBuilder; 4] {
        let small =
            || WriterProperties::builder().set_data_page_row_count_limit(300).set_write_batch_size(100);
        [
            small().set_compression(Compression::SNAPPY),
            small().set_dictionary_enabled(false).set_compression(Compression::ZSTD(Default::default())),
            small().set_writer_version(WriterVersion::PARQUET_2_0).set_compression(Compression::LZ4_RAW),
            // A dictionary that is given up when it is full.
            small().set_dictionary_page_size_limit(1000),
        ]
    }

    #[test]
    fn cells_are_found_again() {
        let texts: Vec<String> = (0..14_000).map(|i| format!("{i} of {}\r\n", i % 900)).collect();
        let texts: Vec<Option<&str>> =
            texts.iter().enumerate().map(|(i, text)| (i % 7 > 0).then_some(text.as_str())).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        for (way, properties) in ways().into_iter().enumerate() {
            fs::write(&path, file(&[&texts[..6000], &[], &texts[6000..6001], &texts[6001..]], properties))
                .unwrap();
            let mut first = Vec::new();
            let bytes = &mut Cursor::new(fs::read(&path).unwrap());
            let mut lines = RowLines::new(Output::start(Extraction::Parquet, bytes, None).unwrap()).unwrap();
            while let Some((_, number, row)) = lines.next_row().unwrap() {
                assert_eq!(number, first.len() as u64);
                first.push(row);
            }
            assert_eq!((first.len(), first[2][1].as_str()), (14_001, "1 of 1\n"), "{way}");
            for column in [1, 2, 0] {
                let columns = Columns::new(None);
                let all: Vec<u64> = (1..=14_000).collect();
                let far: Vec<u64> = all.iter().copied().step_by(4_999).collect();
                // On from there, from the beginning again, over a group, and within the last.
                for rows in [
                    &all[..2],
                    &all[2..5],
                    &far,
                    &[1, 5_999, 6_000, 6_001, 6_002],
                    &[8_000, 13_999],
                    &[14_000],
                    &all,
                ] {
                    let mut cells = Vec::new();
                    columns.read(&path, column, rows, &mut cells).unwrap();
                    let expected: Vec<&str> =
                        rows.iter().map(|&row| first[row as usize][column].as_str()).collect();
                    assert_eq!(cells, expected, "{way} {column} {:?}", &rows[..1]);
                }
                for beyond in [[14_001], [u64::MAX]] {
                    let error = columns.read(&path, column, &beyond, &mut Vec::new()).unwrap_err();
                    assert!(error.to_string().contains("a row is missing"), "{error}");
                }
                assert!(columns.read(&path, 3, &[1], &mut Vec::new()).is_err());
            }
        }
    }

    #[test]
    fn what_is_no_such_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let error = Columns::new(None).read(&path, 0, &[1], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("a.parquet"), "{error}");
        let whole = file(&[&[Some("late")]], WriterProperties::builder());
        for end in 4..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert!(Columns::new(None).read(&path, 0, &[1], &mut Vec::new()).is_err(), "{end}");
        }
    }
}
