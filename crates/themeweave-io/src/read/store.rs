//! Texts that stay in their files and are read again when they are asked for.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use themeweave::{Error, TextStore};

use crate::read::error::Trouble;
use crate::read::files;
use crate::read::intake::Again;
use crate::read::pseudonyms::Pseudonyms;
use crate::read::table::json_lines::Values;
use crate::read::table::{Cells, Part};
use crate::read::text::{Decoding, TextReader, read_whole};

/// Bits of a place that tell the offset in a file; those above tell the file.
const OFFSET_BITS: u32 = 40;

/// Files of which texts are read again. A place is the number of a file and an offset in it.
#[derive(Debug)]
pub(super) struct TextFiles {
    files: Vec<TextFile>,
    pseudonyms: Pseudonyms,
}

/// What a text is within its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// The whole.
    Whole,
    /// A part of the row at the offset, in a table whose lines end in CR LF, or in a single byte.
    OfRow { part: Part, ends_are_cr_lf: bool },
}

#[derive(Debug)]
struct TextFile {
    path: PathBuf,
    decoding: Decoding,
    form: Form,
    bytes: u64,
    modified: Option<SystemTime>,
}

impl TextFiles {
    pub(super) fn new(pseudonyms: Pseudonyms) -> TextFiles {
        TextFiles { files: Vec::new(), pseudonyms }
    }

    /// The place of a text; `None` where it has none.
    pub(super) fn place(&mut self, file: Again<'_>, form: Form, offset: u64) -> Option<u64> {
        let is_last = |last: &TextFile| last.path == file.path && last.form == form;
        if !self.files.last().is_some_and(is_last) {
            let metadata = file.path.metadata().ok()?;
            self.files.push(TextFile {
                path: file.path.to_owned(),
                decoding: *file.decoding,
                form,
                bytes: metadata.len(),
                modified: metadata.modified().ok(),
            });
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
            let offsets = of_file.iter().map(|place| place & ((1 << OFFSET_BITS) - 1));
            file.read(offsets, &mut texts).map_err(|reason| {
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

impl TextFile {
    /// Reads the texts at offsets that ascend.
    fn read(&self, offsets: impl Iterator<Item = u64>, texts: &mut Vec<String>) -> Result<(), String> {
        let mut offsets = offsets.peekable();
        let Some(&first) = offsets.peek() else { return Ok(()) };
        let mut file = self.open().map_err(|error| error.to_string())?;
        let decoding = if first > 0 { self.decoding.within() } else { self.decoding };
        file.seek(SeekFrom::Start(first)).map_err(|error| error.to_string())?;
        let mut text = TextReader::new(file, &decoding);
        let (part, ends_are_cr_lf) = match &self.form {
            Form::OfRow { part, ends_are_cr_lf } => (part, *ends_are_cr_lf),
            Form::Whole => {
                texts.push(read_whole("", &mut text).map_err(reason)?);
                return Ok(());
            }
        };
        let mut at: Box<dyn FnMut(u64) -> Result<Option<String>, Trouble>> = match part {
            Part::Cell { delimiter, column } => {
                let mut cells = Cells::new(text, first, *delimiter, *column, ends_are_cr_lf);
                Box::new(move |offset| cells.at(offset))
            }
            Part::Value { key } => {
                let mut values = Values::new(text, first, key, ends_are_cr_lf);
                Box::new(move |offset| values.at(offset))
            }
        };
        for offset in offsets {
            texts.push(at(offset).map_err(reason)?.ok_or("the file has changed")?);
        }
        Ok(())
    }

    /// Opens the file, if it is what it was.
    fn open(&self) -> Result<File, String> {
        let file = files::open(&self.path).map_err(|error| error.to_string())?;
        let metadata = file.metadata().map_err(|error| error.to_string())?;
        if metadata.len() != self.bytes || metadata.modified().ok() != self.modified {
            return Err("the file has changed".to_owned());
        }
        Ok(file)
    }
}

fn reason(trouble: Trouble) -> String {
    match trouble {
        Trouble::Failed(error) => error.to_string(),
        Trouble::NotUtf8 { .. } => "the file has changed".to_owned(),
    }
}
