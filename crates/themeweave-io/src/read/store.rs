//! Texts that stay in their files and are read again when they are asked for.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::PathBuf;

use themeweave::{Error, TextStore};

use crate::read::ReadOptions;
#[cfg(feature = "parquet")]
use crate::read::document::parquet::Columns;
use crate::read::error::Trouble;
use crate::read::files::{self, Stamp};
use crate::read::intake::Again;
use crate::read::pseudonyms::Pseudonyms;
use crate::read::table::json_lines::Values;
use crate::read::table::{Cells, Part};
use crate::read::text::{Decoding, TextReader, read_whole};

/// Bits of a place that tell the offset in a file; those above tell the file.
const OFFSET_BITS: u32 = 40;

/// Bytes that are read and dropped on the way to the next text: the buffers hold as many.
const NEAR: u64 = 1 << 17;

/// Files of which texts are read again. A place is the number of a file and an offset in it.
#[derive(Debug)]
pub(super) struct TextFiles {
    files: Vec<TextFile>,
    pseudonyms: Pseudonyms,
    #[cfg(feature = "parquet")]
    columns: Columns,
}

/// What a text is within its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// The whole.
    Whole,
    /// A part of the row at the offset.
    OfRow(Part),
}

#[derive(Debug)]
struct TextFile {
    path: PathBuf,
    decoding: Decoding,
    form: Form,
    stamp: Stamp,
}

impl TextFiles {
    pub(super) fn new(options: &ReadOptions) -> TextFiles {
        TextFiles {
            files: Vec::new(),
            pseudonyms: options.pseudonyms.clone(),
            #[cfg(feature = "parquet")]
            columns: Columns::new(options.extractor.clone()),
        }
    }

    /// The place of a text; `None` where it has none.
    pub(super) fn place(&mut self, file: Again<'_>, form: Form, offset: u64) -> Option<u64> {
        let is_last = |last: &TextFile| last.path == file.path && last.form == form;
        if !self.files.last().is_some_and(is_last) {
            let stamp = file.path.metadata().ok()?.into();
            self.files.push(TextFile { path: file.path.to_owned(), decoding: *file.decoding, form, stamp });
        }
        let number = self.files.len() as u64 - 1;
        let fits = offset >> OFFSET_BITS == 0 && number >> (u64::BITS - 1 - OFFSET_BITS) == 0;
        fits.then_some(number << OFFSET_BITS | offset)
    }
}

impl TextStore for TextFiles {
    fn read(&self, places: &[u64]) -> themeweave::Result<Vec<String>> {
        let mut texts = Vec::with_capacity(places.len());
        for of_file in places.chunk_by(|a, b| a >> OFFSET_BITS == b >> OFFSET_BITS) {
            let file = of_file.first().and_then(|place| self.files.get((place >> OFFSET_BITS) as usize));
            let file = file.ok_or_else(|| Error::input("there is no text at this place"))?;
            let offsets: Vec<u64> = of_file.iter().map(|place| place & ((1 << OFFSET_BITS) - 1)).collect();
            self.read_from(file, &offsets, &mut texts).map_err(|reason| {
                let path = file.path.display();
                Error::input(format!("{path}: its texts cannot be read a second time: {reason}"))
            })?;
        }
        if !self.pseudonyms.is_empty() {
            for text in &mut texts {
                *text = self.pseudonyms.apply(text).into_owned();
            }
        }
        Ok(texts)
    }
}

impl TextFiles {
    /// Reads the texts of a file at offsets that ascend.
    fn read_from(&self, file: &TextFile, offsets: &[u64], texts: &mut Vec<String>) -> Result<(), String> {
        let Some(&first) = offsets.first() else { return Ok(()) };
        match &file.form {
            Form::Whole => texts.push(read_whole("", &mut file.text_from(first)?).map_err(reason)?),
            Form::OfRow(Part::Cell { delimiter, column }) => {
                for near in near(offsets) {
                    let text = file.text_from(near[0])?;
                    let mut cells = Cells::new(text, near[0], *delimiter, *column);
                    for &offset in near {
                        texts.push(found(cells.at(offset))?);
                    }
                }
            }
            Form::OfRow(Part::Value { key }) => {
                for near in near(offsets) {
                    let mut values = Values::new(file.text_from(near[0])?, near[0], key);
                    for &offset in near {
                        texts.push(found(values.at(offset))?);
                    }
                }
            }
            #[cfg(feature = "parquet")]
            Form::OfRow(Part::Column { column }) => {
                let read = self.columns.read(&file.path, *column, offsets, texts);
                // It is opened by its path, so that it is seen afterwards whether it was the same.
                file.open()?;
                read.map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

impl TextFile {
    /// Its text from an offset on, where a row begins.
    fn text_from(&self, offset: u64) -> Result<TextReader<File>, String> {
        let mut file = self.open()?;
        let decoding = if offset > 0 { self.decoding.within() } else { self.decoding };
        file.seek(SeekFrom::Start(offset)).map_err(|error| error.to_string())?;
        Ok(TextReader::new(file, &decoding))
    }

    /// Opens the file, if it is what it was.
    fn open(&self) -> Result<File, String> {
        let file = files::open(&self.path).map_err(|error| error.to_string())?;
        let metadata = file.metadata().map_err(|error| error.to_string())?;
        if Stamp::from(metadata) != self.stamp {
            return Err("the file has changed".to_owned());
        }
        Ok(file)
    }
}

/// Offsets in stretches that are read on from one to the next.
fn near(offsets: &[u64]) -> impl Iterator<Item = &[u64]> {
    offsets.chunk_by(|a, b| b.saturating_sub(*a) < NEAR)
}

fn found(text: Result<Option<String>, Trouble>) -> Result<String, String> {
    text.map_err(reason)?.ok_or_else(|| "the file has changed".to_owned())
}

fn reason(trouble: Trouble) -> String {
    match trouble {
        Trouble::Failed(error) => error.to_string(),
        Trouble::NotUtf8 { .. } => "the file has changed".to_owned(),
    }
}
