//! Files, folders and standard input become a corpus.

mod captions;
mod chat;
mod clock;
mod document;
mod error;
mod files;
mod intake;
mod iramuteq;
mod kh_coder;
mod leaf;
mod lines;
mod notes;
mod plain;
mod pseudonyms;
mod store;
mod table;
mod text;
mod transcript;

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use themeweave::{Corpus, CorpusBuilder, Diagnostic};

pub use crate::read::document::{Extraction, extract};
pub use crate::read::error::ReadError;
pub use crate::read::plain::TextFormat;
pub use crate::read::pseudonyms::Pseudonyms;
pub use crate::read::text::{TextEncoding, UnknownEncoding};

use crate::digest::{FileDigest, Hasher, hashed, hashed_ahead};
use crate::read::document::{DocumentFormat, ReadSeek, html};
use crate::read::error::Trouble;
use crate::read::files::{Format, Place, Source, Stamp};
use crate::read::intake::{Again, Intake};
use crate::read::store::Form;
use crate::read::table::json_lines::{self, Keys};
use crate::read::table::{Part, RowStart};
use crate::read::text::{Decoding, DecodingReport, Offsets, Origin, TextReader, read_whole};
use crate::terminal::terminal_safe;
use crate::wording::{count, either};

/// Bytes by which the encoding is told, and by which standard input shows whether it is a table.
const HEAD: usize = 1 << 20;

/// Most bytes of a document on standard input.
const MOST_STREAMED: u64 = 512 << 20;

/// How inputs are to be read. The default guesses whatever it is not told, and says what it
/// guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// Column of tables that holds the text.
    pub text_column: Option<String>,
    /// Column of tables that names the rows.
    pub id_column: Option<String>,
    /// Column of tables that says who speaks.
    pub speaker_column: Option<String>,
    /// Columns of tables by whose values the report counts themes; none: those of few values that repeat.
    pub group_columns: Vec<String>,
    /// Column of tables by which the report counts themes over time; none: those whose values are dates.
    pub date_column: Option<String>,
    /// Byte between the columns of tables, such as `b';'`.
    pub delimiter: Option<u8>,
    /// Name or number of the sheet of spreadsheets.
    pub sheet: Option<String>,
    /// Encoding of all inputs.
    pub encoding: Option<TextEncoding>,
    /// How text files are laid out.
    pub text_format: Option<TextFormat>,
    /// Whether private messages of chats are read.
    pub private_messages: bool,
    /// What stands for the names of people, in texts and in all that is said about them.
    pub pseudonyms: Pseudonyms,
    /// Program that extracts the text of PDFs and the rows of old Excel workbooks and Parquet files. It is
    /// run with one argument, [`Extraction::argument`], for Parquet files that have a path with that as the second,
    /// and does what [`extract`] does from its standard input to its standard output; when that fails, it exits
    /// with 1 after the message on standard error.
    /// It should put limits on its time and memory, and is ended when it lets wait for two minutes in all.
    ///
    /// Where there is none, such files are read in a thread of this process: a hostile one can then end the
    /// process by exhausting its stack or memory, or leave a thread that never ends.
    pub extractor: Option<PathBuf>,
    /// Most bytes of text in memory. Where there are more, all texts of CSV, TSV and JSON Lines in UTF-8, of Parquet
    /// and of text files stay in their files and are read again when they are asked for; files must not change
    /// meanwhile. Texts of other sources are always held. 128 MiB by default.
    pub text_in_memory: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            text_column: None,
            id_column: None,
            speaker_column: None,
            group_columns: Vec::new(),
            date_column: None,
            delimiter: None,
            sheet: None,
            encoding: None,
            text_format: None,
            private_messages: false,
            pseudonyms: Pseudonyms::default(),
            extractor: None,
            text_in_memory: 128 << 20,
        }
    }
}

impl ReadOptions {
    /// Whether an option says that there are tables.
    fn speaks_of_tables(&self) -> bool {
        self.text_column.is_some()
            || self.id_column.is_some()
            || self.speaker_column.is_some()
            || !self.group_columns.is_empty()
            || self.date_column.is_some()
            || self.delimiter.is_some()
    }

    /// Options that speak of other inputs than those of these formats and names.
    fn without_effect(&self, inputs: &[(Format, &str)]) -> Vec<Diagnostic> {
        let has =
            |is_one: fn(Format, &str) -> bool| inputs.iter().any(|&(format, name)| is_one(format, name));
        let are_parted = has(|format, _| matches!(format, Format::Table { .. }));
        // The texts of a project are text files, too.
        let are_texts =
            has(|format, name| matches!(format, Format::Notes | Format::Captions) || name.ends_with(".qdpx"));
        let are_tables = has(files::may_be_table);
        let given = [
            ("--text-column", self.text_column.is_some(), are_tables, "table"),
            ("--id-column", self.id_column.is_some(), are_tables, "table"),
            ("--speaker-column", self.speaker_column.is_some(), are_tables, "table"),
            ("--group-column", !self.group_columns.is_empty(), are_tables, "table"),
            ("--date-column", self.date_column.is_some(), are_tables, "table"),
            ("--delimiter", self.delimiter.is_some(), are_parted, "CSV or TSV file"),
            ("--sheet", self.sheet.is_some(), has(files::may_be_spreadsheet), "spreadsheet"),
            ("--text-format", self.text_format.is_some(), are_texts, "text file"),
        ];
        let useless = given.into_iter().filter(|(_, is_given, has_input, _)| *is_given && !has_input);
        let finding = |(option, _, _, kind)| {
            Diagnostic::new(
                "option-without-effect",
                format!("{option} had no effect, for no input is a {kind}"),
            )
        };
        useless.map(finding).collect()
    }

    /// Whether a column makes groups; `None` where its values are to tell.
    pub(crate) fn makes_groups(&self, column: &str) -> Option<bool> {
        let is_asked = || self.group_columns.iter().any(|asked| self.names(asked, column));
        (!self.group_columns.is_empty()).then(is_asked)
    }

    /// Whether a column is one of dates where its values say so.
    pub(crate) fn may_be_dates(&self, column: &str) -> bool {
        self.makes_groups(column) != Some(true)
            && self.date_column.as_ref().is_none_or(|asked| self.names(asked, column))
    }

    /// Whether a column as read is the one that was asked for. Pseudonyms stand in the names of columns, too.
    fn names(&self, asked: &str, column: &str) -> bool {
        self.pseudonyms.apply_to_name(asked.trim()).to_lowercase() == column.to_lowercase()
    }
}

/// One thing to read.
///
/// ```
/// use themeweave_io::Input;
/// assert_eq!(Input::from("-"), Input::Stdin);
/// assert_eq!(Input::from("notes"), Input::Path("notes".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with all files in it that have a known extension.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl<P: Into<PathBuf>> From<P> for Input {
    /// `-` is standard input, all else a path.
    fn from(path: P) -> Self {
        let path = path.into();
        if path == Path::new("-") { Self::Stdin } else { Self::Path(path) }
    }
}

/// What was read, and what is to be said about it.
#[derive(Debug, Clone, Default)]
pub struct ReadCorpus {
    /// The documents, in the order of the inputs.
    pub corpus: Corpus,
    /// The files that were read, with their sizes and hashes, in the same order.
    pub files: Vec<FileDigest>,
    /// What was guessed, dropped or doubtful.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be read. The rest is complete.
    pub failures: Vec<ReadError>,
}

/// Reads all inputs into one corpus.
///
/// A folder is walked in the order of names, without hidden files and what this program wrote; it gives its
/// files with the extensions
///
/// * `.md`, `.markdown`, `.txt`, `.text`: notes, transcripts, chats, corpora of other programs;
/// * `.vtt`, `.srt`: captions;
/// * `.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.parquet` (feature `parquet`), and the spreadsheets `.xlsx`, `.xlsm`,
///   `.xls` and `.ods`: tables, a row a document;
/// * `.docx`, `.odt`, `.rtf`, `.html`, `.htm`, `.xhtml`, `.epub`, `.pdf`: documents;
/// * `.qdpx`: projects of qualitative analysis;
///
/// but no hidden ones and no links. A named file of any other extension is read as text. Zip archives, rich
/// text, PDFs, old Excel workbooks and Parquet are told by their first bytes, whatever their names say.
/// Standard input is a table when an option speaks of columns or its first line names a known text column,
/// else text.
///
/// Documents become text with one paragraph or row a line. They have at most 1,000,000 paragraphs, 200 MiB
/// in one part and 1 GiB in all parts of an archive when unpacked, and elements or groups nested at most
/// 1,000 deep; PDFs have at most 512 MiB and 20,000 pages. Old Excel workbooks have at most 512 MiB and rows of
/// 1 GiB in all. So have Parquet files on standard input; as files they may have any size, and rows of 1 GiB or a
/// hundred times that size. Both have at most 16,384 columns, and two minutes are the longest time that is waited
/// for their rows in one go.
///
/// Encodings are told by a byte order mark, else UTF-8 is taken where the bytes are UTF-8, else
/// the encoding is guessed and a diagnostic says so. All line ends become LF. A file of more than a megabyte is read
/// and hashed by a thread of its own, somewhat ahead of what is taken from it.
///
/// # Errors
/// Only when there is no input at all or the corpus would exceed its limits. What goes wrong with
/// one file is put in [`ReadCorpus::failures`] and leaves the others alone.
///
/// ```
/// use themeweave_io::{Input, ReadOptions, read};
///
/// let mut stdin = &b"id,text\n7,The bus is late.\n"[..];
/// let read = read(&[Input::Stdin], &ReadOptions::default(), &mut stdin)?;
/// let document = read.corpus.document(0).unwrap();
/// assert_eq!((document.name(), document.first_line()), ("7", 2));
/// # Ok::<(), themeweave_io::ReadError>(())
/// ```
pub fn read(inputs: &[Input], options: &ReadOptions, stdin: &mut dyn Read) -> Result<ReadCorpus, ReadError> {
    if inputs.is_empty() {
        return Err(ReadError::general("there is no input")
            .with_hint("name files or folders, or - for standard input"));
    }
    let found = files::find(inputs);
    let mut intake = Intake::new(options);
    let mut result =
        ReadCorpus { diagnostics: found.diagnostics, failures: found.failures, ..ReadCorpus::default() };
    let mut formats = Vec::new();
    for source in &found.sources {
        let before = intake.len();
        match read_source(source, options, stdin, &mut intake) {
            Ok(outcome) => {
                result.files.push(outcome.file);
                formats.push((outcome.format, source.name.as_str()));
                result.diagnostics.extend(outcome.diagnostics);
                if intake.len() == before {
                    result.diagnostics.push(empty_file(&source.name));
                }
                result.failures.extend(outcome.failures);
            }
            Err(error) => {
                intake.truncate(before);
                result.failures.push(error);
            }
        }
    }
    let ReadCorpus { files, diagnostics, failures, .. } = &mut result;
    diagnostics.extend(same_content(files));
    if failures.is_empty() && !formats.is_empty() {
        diagnostics.extend(options.without_effect(&formats));
    }
    result.corpus = intake.finish(files, diagnostics, failures)?;
    Ok(result)
}

/// What one source gives besides documents.
struct Outcome {
    file: FileDigest,
    format: Format,
    diagnostics: Vec<Diagnostic>,
    /// What of it could not be read.
    failures: Vec<ReadError>,
}

/// Bytes that are read once or, from a file, again.
enum Bytes<'a> {
    File(File),
    Stream(&'a mut dyn Read),
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stream(stream) => stream.read(buffer),
        }
    }
}

/// Reads a source in the encoding that its head shows and, where that is refuted further on, once
/// more in the encoding that the whole of it suggests.
fn read_source(
    source: &Source,
    options: &ReadOptions,
    stdin: &mut dyn Read,
    intake: &mut Intake<'_>,
) -> Result<Outcome, ReadError> {
    let failed = |error| ReadError::io(source.name.as_str(), &error);
    let mut bytes = match &source.place {
        Place::File(path) => Bytes::File(files::open(path)?),
        Place::Stdin => Bytes::Stream(stdin),
    };
    let mut head = Vec::new();
    (&mut bytes).take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    if let Some(format) = document::format(&source.name, &head)? {
        return read_document(source, format, head, bytes, options, intake);
    }
    let decoding = match options.encoding {
        Some(encoding) => Decoding::given(encoding, &head),
        None => Decoding::detect(&head, head.len() < HEAD),
    };
    let format = match source.format {
        Some(format) => format,
        None if html::seems_to_be_one(&head) => Format::Html,
        None if options.speaks_of_tables() || table::seems_to_be_one(&head, &decoding) => {
            Format::Table { tabs: false }
        }
        None => Format::Notes,
    };
    let decoding = match (format, decoding.origin) {
        (Format::Html, Origin::Assumed | Origin::Guessed) => html::encoding(&head)
            .filter(|encoding| encoding.to_string() != "utf-8")
            .map_or(decoding, |encoding| Decoding::given(encoding, &head)),
        _ => decoding,
    };
    let documents = intake.len();
    let again = match &source.place {
        Place::File(path) => Some(Again { path, decoding: &decoding }),
        Place::Stdin => None,
    };
    let way = Way { format, decoding: &decoding, again };
    let result = parse(source, way, &head, &mut bytes, options, intake);
    let not_utf8 = |line, column| {
        ReadError::in_file(source.name.as_str(), "this is not UTF-8")
            .at(line, column)
            .with_hint("name the encoding (--encoding windows-1252) or save the file as UTF-8")
    };
    let failure = match result {
        Ok(outcome) => return Ok(outcome),
        Err(Trouble::Failed(error)) => return Err(error),
        Err(Trouble::NotUtf8 { line, column }) => not_utf8(line, column),
    };
    intake.truncate(documents);
    let Bytes::File(file) = &mut bytes else { return Err(failure) };
    file.rewind().map_err(failed)?;
    let decoding = match decoding.origin {
        Origin::Given => return Err(failure),
        Origin::Mark => decoding.mended(),
        _ => Decoding::guess(file).map_err(failed)?,
    };
    file.rewind().map_err(failed)?;
    let way = Way { decoding: &decoding, again: None, ..way };
    parse(source, way, &[], &mut bytes, options, intake).map_err(|trouble| match trouble {
        Trouble::Failed(error) => error,
        Trouble::NotUtf8 { line, column } => not_utf8(line, column),
    })
}

/// Reads a source that is a document of another program. Documents are not read from the first byte
/// to the last, so a stream is taken into memory.
fn read_document(
    source: &Source,
    format: DocumentFormat,
    head: Vec<u8>,
    bytes: Bytes<'_>,
    options: &ReadOptions,
    intake: &mut Intake<'_>,
) -> Result<Outcome, ReadError> {
    let failed = |error| ReadError::io(source.name.as_str(), &error);
    let path = match &source.place {
        Place::File(path) if format.is_read_again() => Some(path.as_path()),
        _ => None,
    };
    let stamp = || Ok(path.map(std::fs::metadata).transpose()?.map(Stamp::from));
    let before = stamp().map_err(failed)?;
    let mut held;
    let mut file;
    let whole: &mut dyn ReadSeek = match bytes {
        Bytes::File(opened) => {
            file = opened;
            &mut file
        }
        Bytes::Stream(stream) => {
            held = Cursor::new(head);
            let mut rest = stream.take(MOST_STREAMED);
            let taken = rest.read_to_end(held.get_mut()).map_err(failed)?;
            if taken as u64 == MOST_STREAMED {
                let error = ReadError::in_file(source.name.as_str(), "this document has more than 512 MiB");
                return Err(error.with_hint("save it as a file and name that"));
            }
            &mut held
        }
    };
    let mut hasher = Hasher::default();
    whole
        .rewind()
        .and_then(|()| std::io::copy(whole, &mut hasher))
        .and_then(|_| whole.rewind())
        .map_err(failed)?;
    let name: Arc<str> = source.name.as_str().into();
    // Cells are UTF-8, and found by the numbers of their rows.
    let decoding = Decoding::detect(&[], true);
    let again = path.map(|path| Again { path, decoding: &decoding });
    let take = &mut |document, place: Option<(RowStart, Part)>| match again.zip(place) {
        Some((file, (row, part))) => intake.push_again(document, file, Form::OfRow(part), row),
        None => intake.push(document),
    };
    let diagnostics = document::read(&name, format, whole, path, options, take)?;
    if stamp().map_err(failed)? != before {
        return Err(ReadError::has_changed(&*name));
    }
    let file = hasher.finish(&*name);
    Ok(Outcome { file, format: Format::Document(format), diagnostics, failures: Vec::new() })
}

/// Which files are the same, byte for byte.
fn same_content(files: &[FileDigest]) -> Vec<Diagnostic> {
    let mut by_content: Vec<&FileDigest> = files.iter().filter(|file| file.bytes > 0).collect();
    by_content.sort_by(|a, b| a.sha256.cmp(&b.sha256));
    let mut same: Vec<&[&FileDigest]> =
        by_content.chunk_by(|a, b| a.sha256 == b.sha256).filter(|same| same.len() > 1).collect();
    same.sort_by(|a, b| a[0].name.cmp(&b[0].name));
    let finding = |same: &&[&FileDigest]| {
        let names: Vec<String> = same.iter().map(|file| file.name.clone()).collect();
        let message = format!("these files are the same, and each is counted: {}", files::list(&names));
        Diagnostic::new("same-content", message).with_hint("leave out copies of a file")
    };
    same.iter().map(finding).collect()
}

fn empty_file(name: &str) -> Diagnostic {
    Diagnostic::new("empty-file", format!("{}: there is no text in this file", terminal_safe(name)))
}

/// How a source is read.
#[derive(Clone, Copy)]
struct Way<'a> {
    format: Format,
    decoding: &'a Decoding,
    /// Where its texts can be read again.
    again: Option<Again<'a>>,
}

/// Reads a source in one encoding: `head` and what follows.
fn parse(
    source: &Source,
    way: Way<'_>,
    head: &[u8],
    rest: &mut Bytes<'_>,
    options: &ReadOptions,
    intake: &mut Intake<'_>,
) -> Result<Outcome, Trouble> {
    let take = |bytes: &mut dyn Read| take_documents(source, way, bytes, options, intake);
    let (taken, hasher) = match rest {
        // A short file is all head, and a second attempt, without one, is rare.
        Bytes::File(file) if head.len() == HEAD => {
            hashed_ahead(head, file, take).map_err(|error| ReadError::io(source.name.as_str(), &error))?
        }
        rest => hashed(head.chain(rest), take),
    };
    let Taken { diagnostics, failures, second } = taken?;
    let file = hasher.finish(source.name.as_str());
    if second.is_some_and(|second| second.finish(source.name.as_str()) != file) {
        return Err(ReadError::has_changed(source.name.as_str()).into());
    }
    Ok(Outcome { file, format: way.format, diagnostics, failures })
}

/// What comes with the documents of a source.
struct Taken {
    diagnostics: Vec<Diagnostic>,
    failures: Vec<ReadError>,
    /// Of the bytes of a source that was read a second time.
    second: Option<Hasher>,
}

/// Takes in the documents of a source.
fn take_documents(
    source: &Source,
    way: Way<'_>,
    bytes: &mut dyn Read,
    options: &ReadOptions,
    intake: &mut Intake<'_>,
) -> Result<Taken, Trouble> {
    let name: Arc<str> = source.name.as_str().into();
    let mut reader = TextReader::new(bytes, way.decoding);
    let mut failures = Vec::new();
    let text_format = match way.format {
        Format::Captions => Some(options.text_format.unwrap_or(TextFormat::Captions)),
        _ => options.text_format,
    };
    let again = way.again.filter(|file| file.decoding.is_strict_utf8());
    let (offsets, mut second) = (Offsets::default(), None);
    let mut take = |document, place: Option<(RowStart, Part)>| match again.zip(place) {
        Some((file, (row, part))) => {
            let offset = file.decoding.mark() + offsets.of(row);
            Ok(intake.push_again(document, file, Form::OfRow(part), offset)?)
        }
        None => Ok(intake.push(document)?),
    };
    let mut diagnostics = match way.format {
        Format::Table { tabs } => {
            if again.is_some() {
                reader.tell(&offsets);
            }
            table::read(&name, &mut reader, tabs, options, &mut take)?
        }
        // The columns are the keys of all objects, so that the rows are read in a second pass.
        Format::JsonLines => match again {
            Some(file) => {
                let keys = Keys::of(&name, &mut reader, &mut failures)?;
                let (diagnostics, hasher) = hashed(files::open(file.path)?, |bytes| {
                    let mut text = TextReader::new(bytes, way.decoding);
                    text.tell(&offsets);
                    json_lines::read(&name, &mut text, &keys, options, &mut take)
                });
                second = Some(hasher);
                diagnostics?
            }
            None => {
                let text = read_whole(&name, &mut reader)?;
                let keys = Keys::of(&name, text.as_bytes(), &mut failures)?;
                json_lines::read(&name, text.as_bytes(), &keys, options, &mut take)?
            }
        },
        Format::Notes | Format::Captions => {
            let text = read_whole(&name, &mut reader)?;
            let length = text.len();
            let (documents, diagnostics) = plain::read(&name, text, text_format, options.private_messages)?;
            for document in documents {
                match way.again.filter(|_| document.text.len() == length) {
                    Some(file) => intake.push_again(document, file, Form::Whole, 0)?,
                    None => intake.push(document)?,
                }
            }
            diagnostics
        }
        Format::Html => {
            let document = html::read(&name, &read_whole(&name, &mut reader)?)?;
            document.into_iter().try_for_each(|document| intake.push(document))?;
            Vec::new()
        }
        Format::Document(_) => {
            let error = ReadError::in_file(&*name, "this is not the kind of document that its name says");
            return Err(error.with_hint("open it in the program it is from and save it anew").into());
        }
    };
    diagnostics.extend(encoding_diagnostic(&name, way.decoding, &reader.finish()));
    Ok(Taken { diagnostics, failures, second })
}

/// Says how an encoding was told, where that is open to doubt.
fn encoding_diagnostic(name: &str, decoding: &Decoding, report: &DecodingReport) -> Option<Diagnostic> {
    let name = terminal_safe(name);
    let (replaced, line) = (report.replaced as usize, report.first_replaced_line.unwrap_or(1));
    let were = either(replaced, "was", "were");
    let hint = "if letters look wrong, name the encoding (--encoding) or save the file as UTF-8";
    let (code, message) = match decoding.origin {
        Origin::Mended => (
            "broken-utf8",
            format!(
                "{name}: {} in UTF-8 text, the first in line {line}, {were} replaced by U+FFFD",
                count(replaced, "broken character")
            ),
        ),
        Origin::Guessed | Origin::Zeros => {
            let beyond_ascii = report.beyond_ascii as usize;
            let mut message = format!(
                "{name}: this is not UTF-8 and was read as {} ({} {} not ASCII)",
                decoding.name(),
                count(beyond_ascii, "character"),
                either(beyond_ascii, "is", "are")
            );
            if replaced > 0 {
                message.push_str(&format!(
                    "; {replaced}, the first in line {line}, could not be read and {were} replaced by U+FFFD"
                ));
            }
            ("encoding-guessed", message)
        }
        Origin::Given | Origin::Mark if replaced > 0 => (
            "broken-characters",
            format!(
                "{name}: {} {} not {}, the first in line {line}, and {were} replaced by U+FFFD",
                count(replaced, "character"),
                either(replaced, "is", "are"),
                decoding.name()
            ),
        ),
        Origin::Given | Origin::Mark | Origin::Assumed => return None,
    };
    Some(Diagnostic::new(code, message).with_hint(hint))
}

/// Puts the name of the file before the ids of rows when rows of different files share an id, and a
/// number behind whatever name still occurs twice.
fn make_names_unique(corpus: &mut CorpusBuilder) -> Option<Diagnostic> {
    if corpus.names_differ() {
        return None;
    }
    let mut taken: HashSet<String> = HashSet::new();
    let mut names: Vec<String> = Vec::with_capacity(corpus.len());
    for document in corpus.documents() {
        let (name, source) = (document.name(), document.source());
        names.push(if *name == **source { name.to_owned() } else { format!("{source}:{name}") });
    }
    for (index, name) in names.iter().enumerate() {
        let mut number = 1_u64;
        let mut unique = name.clone();
        while !taken.insert(unique.clone()) {
            number += 1;
            unique = format!("{name}#{number}");
        }
        corpus.rename(index, &unique);
    }
    let message = "rows of different files have the same ids, so the name of the file stands before each id";
    Some(Diagnostic::new("ids-in-several-files", message))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use themeweave::Document;

    use super::*;

    fn read_stdin(bytes: &[u8], options: &ReadOptions) -> ReadCorpus {
        read(&[Input::Stdin], options, &mut &bytes[..]).unwrap()
    }

    /// Reads a folder with these files; names are relative to it.
    fn read_files(files: &[(&str, &[u8])]) -> ReadCorpus {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let result = read(&[folder.path().into()], &ReadOptions::default(), &mut std::io::empty()).unwrap();
        let prefix = format!("{}/", folder.path().display());
        let documents = result.corpus.documents().map(|document| Document {
            source: document.source().replace(&prefix, "").into(),
            first_line: document.first_line(),
            ..Document::new(document.name().replace(&prefix, ""), document.text().unwrap())
        });
        ReadCorpus { corpus: Corpus::new(documents.collect()).unwrap(), ..result }
    }

    fn names(result: &ReadCorpus) -> Vec<&str> {
        result.corpus.documents().map(|document| document.name()).collect()
    }

    fn text(result: &ReadCorpus, document: usize) -> std::borrow::Cow<'_, str> {
        result.corpus.document(document).unwrap().text().unwrap()
    }

    fn codes(result: &ReadCorpus) -> Vec<&str> {
        result.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn notes_and_tables_come_together() {
        let result =
            read_files(&[("a.md", b"# A\r\n- b\r\n"), ("b.csv", b"id,text\n1,x\n"), ("c.md", b" \n")]);
        assert_eq!(names(&result), ["a.md", "1"]);
        assert_eq!(text(&result, 0), "# A\n- b\n");
        assert_eq!(codes(&result), ["empty-file"]);
        assert_eq!(result.files.iter().map(|file| file.bytes).collect::<Vec<_>>(), [10, 12, 2]);
        assert!(result.failures.is_empty());
    }

    #[test]
    fn copies_of_a_file_are_told() {
        let result =
            read_files(&[("a.md", b"- b\n"), ("b.md", b"- c\n"), ("c.txt", b"- b\n"), ("d.md", b"")]);
        assert_eq!(codes(&result), ["empty-file", "same-content"]);
        let message = &result.diagnostics[1].message;
        assert!(
            message.contains("a.md, ") && message.ends_with("c.txt") && !message.contains("b.md"),
            "{message}"
        );
        assert_eq!(result.corpus.len(), 3);
    }

    #[test]
    fn options_without_effect_are_told() {
        let some = |text: &str| Some(text.to_owned());
        let sheet = ReadOptions { sheet: some("2"), ..ReadOptions::default() };
        let message = |options: &ReadOptions, stdin: &[u8]| {
            let found = read_stdin(stdin, options).diagnostics;
            let found = found.into_iter().find(|diagnostic| diagnostic.code == "option-without-effect");
            found.map(|diagnostic| diagnostic.message)
        };
        let expected = "--sheet had no effect, for no input is a spreadsheet";
        assert_eq!(message(&sheet, b"id,text\n1,a\n").as_deref(), Some(expected));
        let columns = ReadOptions { id_column: some("id"), ..ReadOptions::default() };
        assert_eq!(message(&columns, b"id,text\n1,a\n"), None);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "- b\n").unwrap();
        let options = ReadOptions { delimiter: Some(b';'), text_format: Some(TextFormat::Lines), ..columns };
        let result = read(&[folder.path().into()], &options, &mut std::io::empty()).unwrap();
        assert_eq!(codes(&result), ["option-without-effect"; 2]);
        assert!(result.diagnostics[1].message.starts_with("--delimiter had"));
    }

    #[test]
    fn line_ends_encodings_and_marks_make_no_difference() {
        let text = "id,text\n1,\"Für\nuns\"\n2,x\n";
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let expected = read_stdin(text.as_bytes(), &ReadOptions::default()).corpus;
        for bytes in [
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            format!("\u{feff}{text}").into_bytes(),
            wide(&format!("\u{feff}{text}")),
            wide(text),
            text.replace('ü', "\u{1}").bytes().map(|byte| if byte == 1 { 0xFC } else { byte }).collect(),
        ] {
            assert_eq!(read_stdin(&bytes, &ReadOptions::default()).corpus, expected, "{bytes:?}");
        }
    }

    #[test]
    fn one_bad_file_does_not_lose_the_rest() {
        let result = read_files(&[("a.txt", b"fine"), ("b.txt", b"\x00\x01\x02"), ("c.txt", b"fine too")]);
        assert_eq!(names(&result), ["a.txt", "c.txt"]);
        let failure = result.failures[0].to_string();
        assert!(
            failure.contains("b.txt: this is a binary file") && failure.contains("offset 0"),
            "{failure}"
        );
    }

    #[test]
    fn bytes_that_refute_utf8_late_are_read_again() {
        for name in ["late.csv", "late.md"] {
            let mut bytes = b"id,text\n".to_vec();
            for i in 0..60_000 {
                bytes.extend(format!("{i},we never have the budget\n").bytes());
            }
            assert!(bytes.len() > HEAD);
            bytes.extend(b"x,caf\xE9\n");
            let result = read_files(&[(name, &bytes)]);
            assert_eq!(codes(&result), ["encoding-guessed"]);
            let message = &result.diagnostics[0].message;
            assert!(message.ends_with("(1 character is not ASCII)"), "{message}");
            assert!(text(&result, result.corpus.len() - 1).contains("café"));
            assert_eq!(result.files[0].bytes, bytes.len() as u64);

            let stream = read_stdin(&bytes, &ReadOptions::default());
            assert_eq!(stream.failures[0].line(), Some(60_002));
            assert!(stream.failures[0].hint().unwrap().contains("--encoding"));
        }
    }

    #[test]
    fn a_given_encoding_that_is_wrong_is_an_error() {
        let options = ReadOptions { encoding: Some("utf-8".parse().unwrap()), ..ReadOptions::default() };
        let result = read_stdin(b"one\ncaf\xE9", &options);
        assert_eq!((result.failures[0].line(), result.failures[0].column()), (Some(2), Some(4)));
        let options = ReadOptions { encoding: Some("latin1".parse().unwrap()), ..ReadOptions::default() };
        let result = read_stdin(b"caf\xE9", &options);
        assert_eq!(text(&result, 0), "café");
        assert!(result.diagnostics.is_empty());
    }

    #[test]
    fn names_are_unique_across_files() {
        let result = read_files(&[
            ("a.csv", b"id,text\n1,x\n2,y\n"),
            ("b.csv", b"id,text\n2,x\n3,y\n"),
            ("c.md", b"c"),
        ]);
        assert_eq!(codes(&result), ["ids-in-several-files"]);
        assert_eq!(result.corpus.len(), 5);
        assert!(names(&result)[0].ends_with("a.csv:1") && names(&result)[4] == "c.md");
        let result = read_files(&[("a.csv", b"id,text\n1,x\n"), ("b.csv", b"id,text\n2,x\n")]);
        assert_eq!(names(&result), ["1", "2"]);
    }

    #[test]
    fn names_that_clash_after_all_get_numbers() {
        let twin = || Document::new("a", "x");
        let mut corpus = CorpusBuilder::default();
        for document in [twin(), twin(), twin(), Document::new("a#2", "x")] {
            corpus.push(document).unwrap();
        }
        make_names_unique(&mut corpus).unwrap();
        assert!(corpus.names_differ());
        assert_eq!(corpus.documents().next().unwrap().name(), "a");
    }

    #[test]
    fn standard_input_shows_what_it_is() {
        let none = ReadOptions::default();
        assert_eq!(names(&read_stdin(b"id,text\n7,x\n", &none)), ["7"]);
        assert_eq!(names(&read_stdin(b"We met, and talked.\n", &none)), ["stdin"]);
        let options = ReadOptions { text_column: Some("q".into()), ..ReadOptions::default() };
        assert_eq!(names(&read_stdin(b"q\nx\n", &options)), ["1"]);
    }

    #[test]
    fn content_tells_more_than_a_name() {
        let result = read_files(&[
            ("a.txt", br"{\rtf1 The bus is late.}"),
            ("b.txt", b"PK\x03\x04x"),
            ("c.txt", b"PK fine"),
            ("d.docx", b"plain text"),
            ("e.docx", b"\xD0\xCF\x11\xE0"),
        ]);
        assert_eq!(names(&result), ["a.txt", "c.txt"]);
        assert_eq!(text(&result, 0), "The bus is late.");
        for (failure, reason) in
            result.failures.iter().zip(["broken", "that its name says", "old Excel or Word"])
        {
            assert!(failure.to_string().contains(reason), "{failure}");
        }
    }

    #[test]
    fn texts_are_the_same_held_or_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let table = "id,Name,text\n\n1,Ann,\"Für Ann,\n“a”\"\n2,,\n3,Bo,The bus is late.\n";
        // Rows end in CR LF, lines of cells in LF, as spreadsheets write them.
        let sheet = table.replace('\n', "\r\n").replace(",\r\n“", ",\n“");
        let lines = "{\"id\":1,\"text\":\"-\",\"text\":\"Für Ann,\\n“a”\"}\n\n \n{\"text\":\"Ann\",\"Name\":\"Ann\"}\n\
            {\"text\n{\"id\":4}\n{\" by\":[0],\"id\":5,\"text\":[\"Ann\",2]}";
        for (name, text) in [
            ("h.jsonl", lines.to_owned()),
            ("i.jsonl", lines.replace('\n', "\r\n")),
            ("j.jsonl", format!("\u{feff}{}\r", lines.replace('\n', "\r"))),
            ("k.jsonl", lines.replacen('\n', "\r\n", 1)),
            ("a.csv", table.to_owned()),
            ("b.csv", table.replace('\n', "\r\n")),
            ("c.csv", table.replace('\n', "\r")),
            ("d.csv", format!("\u{feff}sep=;\n{}", table.replace(',', ";"))),
            ("e.csv", sheet),
            ("f.md", "# Ann\r\n\r\n- Ann: the bus\r\n- late\r\n".to_owned()),
            ("g.txt", "\u{feff}A note of Ann.\n".to_owned()),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let documents = if cfg!(feature = "parquet") { 26 } else { 24 };
        #[cfg(feature = "parquet")]
        {
            let groups: [&[Option<&str>]; 2] =
                [&[Some("Ann: the bus\r\nis late"), None], &[Some("“a” of Ann")]];
            let bytes = document::parquet::tests::file(&groups, Default::default());
            fs::write(folder.path().join("l.parquet"), bytes).unwrap();
        }
        let pseudonyms = Pseudonyms::new([("Ann".to_owned(), "Participant 1".to_owned())]);
        for pseudonyms in [Pseudonyms::default(), pseudonyms] {
            let [held, stored] = [1 << 20, 0].map(|text_in_memory| {
                let options =
                    ReadOptions { text_in_memory, pseudonyms: pseudonyms.clone(), ..ReadOptions::default() };
                read(&[folder.path().into()], &options, &mut std::io::empty()).unwrap()
            });
            assert_eq!((held.corpus.len(), held.failures.len()), (documents, 4));
            assert_eq!(held.corpus, stored.corpus);
            assert_eq!((held.files, held.diagnostics), (stored.files, stored.diagnostics));
            assert_eq!(held.failures, stored.failures);
            assert_eq!(
                stored.corpus.texts().map(|text| text.unwrap().1).filter(|t| t.contains("Für")).count(),
                9
            );
        }
    }

    #[test]
    fn a_file_that_changes_meanwhile_is_told() {
        let folder = tempfile::tempdir().unwrap();
        #[cfg_attr(not(feature = "parquet"), expect(unused_mut, reason = "only Parquet comes later"))]
        let mut files: Vec<(&str, Vec<u8>, Vec<u8>)> = vec![
            ("a.csv", b"id,text\n1,The bus is late.\n".into(), b"id,text\n1,The bus was late.\n".into()),
            ("b.csv", b"text\r\n\"late\nbus\"\r\n".into(), b"text\r\n\"too late\nbus\"\r\n".into()),
            ("a.jsonl", b"{\"text\":\"late\"}\n".into(), b"{\"text\":\"too late\"}\n".into()),
        ];
        #[cfg(feature = "parquet")]
        {
            let one = |text| document::parquet::tests::file(&[&[Some(text)]], Default::default());
            files.push(("a.parquet", one("late"), one("too late")));
            files.push(("b.parquet", one("late"), b"PAR1".into()));
        }
        for (name, before, after) in files {
            let path = folder.path().join(name);
            fs::write(&path, before).unwrap();
            let options = ReadOptions { text_in_memory: 0, ..ReadOptions::default() };
            let read = read(&[path.clone().into()], &options, &mut std::io::empty()).unwrap();
            fs::write(&path, after).unwrap();
            let error = read.corpus.document(0).unwrap().text().unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("the file has changed"), "{error}");
        }
    }

    #[test]
    fn no_input_is_an_error() {
        assert!(read(&[], &ReadOptions::default(), &mut std::io::empty()).is_err());
    }

    #[test]
    fn scars_are_told() {
        let result = read_files(&[
            ("a.md", "Für uns, für euch, für alle. ".repeat(9).as_bytes()),
            ("b.md", &{
                let mut bytes = "Für uns, für euch, für alle.\n".repeat(9).into_bytes();
                bytes.push(0xFF);
                bytes
            }),
        ]);
        assert_eq!(codes(&result), ["broken-utf8"]);
        assert!(result.diagnostics[0].message.contains("line 10"), "{}", result.diagnostics[0]);
        let result = read_files(&[("a.md", b"\xEF\xBB\xBFcaf\xE9")]);
        assert_eq!(text(&result, 0), "caf\u{fffd}");
        assert_eq!(codes(&result), ["broken-utf8"]);
    }
}
