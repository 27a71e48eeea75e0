//! Tables of Apache Parquet.
//!
//! What takes them apart believes the sizes that a file states, so that runs apart from all else. It opens the
//! file by itself and gives the rows it is asked for, so that neither the file nor all rows are ever in memory.

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
