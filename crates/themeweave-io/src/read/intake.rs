//! Documents as they are read: names replaced, and texts left in their files where there are many.

use std::path::Path;
use std::sync::Arc;

use themeweave::{Corpus, CorpusBuilder, Diagnostic, Document};

use crate::digest::FileDigest;
use crate::read::ReadOptions;
use crate::read::error::ReadError;
use crate::read::pseudonyms::Replacing;
use crate::read::store::{Form, TextFiles};
use crate::read::text::Decoding;

/// Takes the documents of all sources.
pub(super) struct Intake<'o> {
    builder: CorpusBuilder,
    replacing: Replacing<'o>,
    files: TextFiles,
    /// Bytes of text that may still stay in memory.
    room: u64,
    /// The documents whose texts are in memory but can be read again, with their places.
    held: Vec<(usize, u64)>,
}

/// A file of which texts can be read again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again<'f> {
    pub(super) path: &'f Path,
    pub(super) decoding: &'f Decoding,
}

impl<'o> Intake<'o> {
    pub(super) fn new(options: &'o ReadOptions) -> Intake<'o> {
        Intake {
            builder: CorpusBuilder::default(),
            replacing: Replacing::new(&options.pseudonyms),
            files: TextFiles::new(options),
            room: options.text_in_memory,
            held: Vec::new(),
        }
    }

    /// Number of documents so far.
    pub(super) fn len(&self) -> usize {
        self.builder.len()
    }

    /// Takes all but the first `len` documents out again.
    pub(super) fn truncate(&mut self, len: usize) {
        self.builder.truncate(len);
        self.held.retain(|&(index, _)| index < len);
    }

    /// Takes a document with its text.
    pub(super) fn push(&mut self, mut document: Document) -> Result<(), ReadError> {
        self.replacing.replace(&mut document);
        self.room = self.room.saturating_sub(document.text.len() as u64);
        self.builder.push(document).map_err(failed)
    }

    /// Takes a document whose text can be read again, from an offset of a file. The texts of such documents stay
    /// in memory while there is room for all of them.
    pub(super) fn push_again(
        &mut self,
        mut document: Document,
        file: Again<'_>,
        form: Form,
        offset: u64,
    ) -> Result<(), ReadError> {
        let Some(place) = self.files.place(file, form, offset) else { return self.push(document) };
        if self.room > 0 && document.text.len() as u64 <= self.room {
            self.held.push((self.len(), place));
            return self.push(document);
        }
        self.room = 0;
        if !self.held.is_empty() {
            self.builder.drop_texts(std::mem::take(&mut self.held));
        }
        self.replacing.replace(&mut document);
        self.builder.push_stored(document, place).map_err(failed)
    }

    /// The corpus. Names of people are replaced in what is said about it, too.
    pub(super) fn finish(
        mut self,
        files: &mut [FileDigest],
        diagnostics: &mut Vec<Diagnostic>,
        failures: &mut [ReadError],
    ) -> Result<Corpus, ReadError> {
        self.replacing.finish(files, diagnostics, failures);
        diagnostics.extend(super::make_names_unique(&mut self.builder));
        let corpus = self.builder.finish(Some(Arc::new(self.files)));
        corpus.map_err(|error| ReadError::general(error.to_string()))
    }
}

fn failed(error: themeweave::Error) -> ReadError {
    ReadError::general(error.to_string())
}
