//! The doors of themeweave: files become a [`Corpus`](themeweave::Corpus), and an analysis becomes
//! files.
//!
//! - [`read`](read()) turns files, folders and standard input into a corpus: notes, documents and projects
//!   with their structure, transcripts turn by turn, tables row by row. What was guessed, dropped or could
//!   not be read is part of what it returns.
//! - [`extract`] is what a program does that [`ReadOptions::extractor`] names, so that hostile PDFs, old
//!   Excel workbooks and Parquet files are kept apart.
//! - [`Table`] and [`GraphFormat`] write one table or the network to any writer, [`write_qdc`] and
//!   [`write_qdpx`] a codebook and a project for programs for qualitative analysis; [`write_all`] writes
//!   what is wanted of these, with a manifest of the run.
//! - [`Picture`] draws the network and the themes as SVG, and `Renderer` (feature `pictures`, on by default)
//!   makes files of them that look the same everywhere.
//! - [`OutputFolder`] writes a folder whole or not at all.
//! - [`terminal_safe`] makes names and texts of strangers fit to be shown on a terminal.
//!
//! Only this crate opens files; it prints nothing and opens no network connection. Of an archive
//! nothing is unpacked to disk.

mod column;
mod digest;
mod output;
mod read;
mod terminal;
pub mod wording;
mod write;

pub use crate::digest::FileDigest;
pub use crate::output::{NewFile, OutputFolder, write_file};
pub use crate::read::{
    Extraction, Input, Pseudonyms, ReadCorpus, ReadError, ReadOptions, TextEncoding, TextFormat,
    UnknownEncoding, extract, read,
};
pub use crate::terminal::terminal_safe;
pub use crate::write::{
    GraphFile, GraphFormat, Picture, RefiCodings, RefiOptions, Run, Table, TableFormat, TableOptions,
    WriteOptions, write_all, write_qdc, write_qdpx,
};
#[cfg(feature = "pictures")]
pub use crate::write::{Rendered, Renderer};
