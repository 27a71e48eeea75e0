//! Workbooks of Excel 97 to 2003 and before (BIFF in a compound file).
//!
//! What takes them apart lays every sheet out as a grid in memory, however few of its cells are used, so
//! that runs apart from all else.

use std::io::{self, Cursor, Read, Write};
use std::iter;
use std::sync::Arc;

use calamine::{Data, Reader, Xls, XlsError};
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::document::Take;
use crate::read::document::extraction::{Extraction, Output, RowLines, RowWriter, broken};
use crate::read::document::spreadsheet::{date, documents, number, sheet};
use crate::read::error::ReadError;

/// Days between the beginnings of the two calendars of Excel.
const DAYS_TO_1904: f64 = 1462.0;

/// Reads the sheet that is asked for by name or number, else the first with anything in it.
pub(in crate::read::document) fn read(
    name: &Arc<str>,
    source: &mut dyn Read,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let mut lines = RowLines::new(Output::start(Extraction::Xls, source, options.extractor.as_deref())?)?;
    let sheets = std::mem::take(&mut lines.names);
    if sheets.is_empty() {
        lines.into_inner().finish()?;
        return Ok(Vec::new());
    }
    let mut index = options.sheet.as_deref().map(|wanted| sheet(&sheets, wanted)).transpose()?;
    // The first row tells the sheet, where none is asked for.
    let mut first = None;
    while first.is_none()
        && let Some((of, number, cells)) = lines.next_row()?
    {
        first = (*index.get_or_insert(of) == of).then_some((number, cells));
    }
    let index = index.unwrap_or(0);
    let rest = iter::from_fn(|| {
        loop {
            match lines.next_row() {
                Ok(Some((of, number, cells))) if of == index => return Some(Ok((number, cells))),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    });
    let rows = first.into_iter().map(Ok).chain(rest);
    let diagnostics = documents(name, &sheets, index, rows, options, take)?;
    lines.into_inner().finish()?;
    Ok(diagnostics)
}

/// Writes the rows of all sheets.
pub(in crate::read::document) fn extract(bytes: Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => broken(&"it has a password"),
        XlsError::Cfb(error) if error.to_string().contains("Cannot find") => {
            broken(&"there is no workbook in it, as in old Word documents and in those with a password")
        }
        error => broken(&error),
    })?;
    let names = book.sheet_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut rows = RowWriter::new(out, &names)?;
    let begins_1904 = book.has_1904_epoch();
    for (index, name) in names.iter().enumerate() {
        let range = book.worksheet_range(name).map_err(|error| broken(&error))?;
        let (top, left) = range.start().unwrap_or_default();
        for (number, row) in (u64::from(top) + 1..).zip(range.rows()) {
            let mut cells = vec![String::new(); left as usize];
            cells.extend(row.iter().map(|cell| text(cell, begins_1904)));
            while cells.pop_if(|cell| cell.is_empty()).is_some() {}
            if !cells.is_empty() {
                rows.write(index, number, &cells)?;
            }
        }
    }
    Ok(())
}

/// The text of a cell; an error of a formula is no text.
fn text(cell: &Data, begins_1904: bool) -> String {
    match cell {
        Data::Int(value) => value.to_string(),
        Data::Float(value) => number(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.replace("\r\n", "\n").replace('\r', "\n")
        }
        Data::Bool(value) => value.to_string(),
        Data::DateTime(time) if begins_1904 => date(time.as_f64() + DAYS_TO_1904),
        Data::DateTime(time) => date(time.as_f64()),
        Data::Error(_) | Data::Empty => String::new(),
    }
}
