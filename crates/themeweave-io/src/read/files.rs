//! Which files are to be read, in which order.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use themeweave::Diagnostic;
use walkdir::{DirEntry, WalkDir};

use crate::output::{MANIFEST, is_earlier_output};
use crate::read::Input;
use crate::read::document::DocumentFormat;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;

/// Most bytes of a manifest by which a folder is known as an earlier output: one of some 300,000 inputs.
const LARGEST_MANIFEST: u64 = 64 << 20;

/// Where a source is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    File(PathBuf),
    Stdin,
}

/// How a source is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text in a layout that is told by its content: Markdown and plain text, transcripts, chats.
    Notes,
    /// WebVTT or SRT.
    Captions,
    /// A table; tabs are tried first where they usually part the columns.
    Table { tabs: bool },
    /// One JSON object a line.
    JsonLines,
    /// A web page.
    Html,
    /// A document of another program.
    Document(DocumentFormat),
}

/// One file or stream that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// `None` where no name tells.
    pub(crate) format: Option<Format>,
}

/// What the inputs stand for.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) sources: Vec<Source>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) failures: Vec<ReadError>,
    seen: BTreeSet<PathBuf>,
    repeated: Vec<String>,
}

/// Looks up every input: files as they are named, folders in the order of names.
pub(crate) fn find(inputs: &[Input]) -> Found {
    let mut found = Found::default();
    for input in inputs {
        match input {
            Input::Stdin => found.add_stdin(),
            Input::Path(path) => match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => found.add_folder(path),
                Ok(_) => found.add_file(path, format_by_extension(path).unwrap_or(Format::Notes)),
                Err(error) => found.failures.push(ReadError::io(name(path), &error)),
            },
        }
    }
    if !found.repeated.is_empty() {
        let message = format!("given more than once and read once: {}", list(&found.repeated));
        found.diagnostics.push(Diagnostic::new("repeated-input", message));
    }
    found
}

impl Found {
    fn add_stdin(&mut self) {
        let name = "stdin".to_owned();
        if self.sources.iter().any(|source| source.place == Place::Stdin) {
            self.repeated.push(name);
        } else {
            self.sources.push(Source { name, place: Place::Stdin, format: None });
        }
    }

    fn add_file(&mut self, path: &Path, format: Format) {
        match fs::canonicalize(path) {
            Ok(canonical) => {
                if self.seen.insert(canonical) {
                    let place = Place::File(path.to_path_buf());
                    self.sources.push(Source { name: name(path), place, format: Some(format) });
                } else {
                    self.repeated.push(name(path));
                }
            }
            Err(error) => self.failures.push(ReadError::io(name(path), &error)),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        let before = self.sources.len() + self.repeated.len();
        let (mut unknown, mut outputs) = (Vec::new(), Vec::new());
        let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
        let entries = entries.filter_entry(|entry| {
            if entry.depth() == 0 {
                return true;
            }
            let is_left_out = is_hidden(entry);
            let is_output = !is_left_out && is_output(entry);
            outputs.extend(is_output.then(|| name(entry.path())));
            !is_left_out && !is_output
        });
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match format_by_extension(entry.path()) {
                    Some(format) if entry.file_type().is_file() => self.add_file(entry.path(), format),
                    _ => unknown.push(name(entry.path())),
                },
                Err(error) => {
                    let place = error.path().map_or_else(|| name(folder), name);
                    self.failures.push(ReadError::in_file(place, error.to_string()));
                }
            }
        }
        let folder = terminal_safe(&name(folder)).into_owned();
        if !unknown.is_empty() {
            let message = format!("{folder}: not read, for they are no notes or tables: {}", list(&unknown));
            let hint = format!("read are {EXTENSIONS}; name a file itself to have it read as text");
            self.diagnostics.push(Diagnostic::new("files-not-read", message).with_hint(hint));
        }
        if !outputs.is_empty() {
            let message = format!("{folder}: not read, for themeweave wrote it: {}", list(&outputs));
            let hint = "name such a folder itself to have it read";
            self.diagnostics.push(Diagnostic::new("outputs-not-read", message).with_hint(hint));
        }
        if self.sources.len() + self.repeated.len() == before {
            let message = format!("{folder}: there is nothing to read in this folder");
            self.diagnostics.push(Diagnostic::new("empty-folder", message));
        }
    }
}

/// Opens a regular file. Pipes and devices are refused before they can block or go on forever.
pub(crate) fn open(path: &Path) -> Result<File, ReadError> {
    let refuse_special = |metadata: fs::Metadata| {
        if metadata.is_file() {
            return Ok(());
        }
        let error = ReadError::in_file(name(path), "this is not a regular file but a device, pipe or socket");
        Err(error.with_hint("give it as standard input (-) instead"))
    };
    let failed = |error| ReadError::io(name(path), &error);
    refuse_special(fs::metadata(path).map_err(failed)?)?;
    let file = File::open(path).map_err(failed)?;
    refuse_special(file.metadata().map_err(failed)?)?;
    Ok(file)
}

/// By what it is told that a file is what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl From<fs::Metadata> for Stamp {
    fn from(metadata: fs::Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Whether an entry is hidden, or a file by which Office locks a document that is open (`~$notes.docx`).
fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

/// Whether an entry is a folder that this program wrote.
fn is_output(entry: &DirEntry) -> bool {
    entry.file_type().is_dir()
        && fs::metadata(entry.path().join(MANIFEST)).is_ok_and(|manifest| manifest.len() <= LARGEST_MANIFEST)
        && is_earlier_output(entry.path())
}

/// The extensions that [`format_by_extension`] knows, for people.
const EXTENSIONS: &str = ".md, .markdown, .txt, .text, .vtt, .srt, .csv, .tsv, .jsonl, .ndjson, .xlsx, .xlsm, \
    .xls, .ods, .docx, .odt, .rtf, .html, .htm, .xhtml, .epub, .pdf and .qdpx";

fn format_by_extension(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "txt" | "text" => Some(Format::Notes),
        "vtt" | "srt" => Some(Format::Captions),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "csv" => Some(Format::Table { tabs: false }),
        "tsv" => Some(Format::Table { tabs: true }),
        "docx" | "odt" | "epub" | "qdpx" | "xlsx" | "xlsm" | "ods" => {
            Some(Format::Document(DocumentFormat::Archive))
        }
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "xls" => Some(Format::Document(DocumentFormat::Xls)),
        #[cfg(feature = "parquet")]
        "parquet" => Some(Format::Document(DocumentFormat::Parquet)),
        "rtf" => Some(Format::Document(DocumentFormat::Rtf)),
        "pdf" => Some(Format::Document(DocumentFormat::Pdf)),
        _ => None,
    }
}

/// Whether a source of this format and name has rows: a spreadsheet, or another table.
pub(super) fn may_be_table(format: Format, name: &str) -> bool {
    match format {
        Format::Table { .. } | Format::JsonLines => true,
        #[cfg(feature = "parquet")]
        Format::Document(DocumentFormat::Parquet) => true,
        _ => may_be_spreadsheet(format, name),
    }
}

/// Whether a source of this format and name is a spreadsheet, as far as can be told without the parts of an archive.
pub(super) fn may_be_spreadsheet(format: Format, name: &str) -> bool {
    let extension =
        Path::new(name).extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    match format {
        Format::Document(DocumentFormat::Archive) => {
            !["docx", "odt", "epub", "qdpx"].contains(&extension.as_str())
        }
        Format::Document(DocumentFormat::Xls) => true,
        _ => false,
    }
}

/// The first few names, and how many there are beyond.
pub(super) fn list(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(5).map(|name| terminal_safe(name)).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn found_names(found: &Found, folder: &Path) -> Vec<String> {
        let prefix = format!("{}/", folder.display());
        found.sources.iter().map(|source| source.name.replace(&prefix, "")).collect()
    }

    fn codes(found: &Found) -> Vec<&str> {
        found.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn a_folder_is_walked_in_the_order_of_names() {
        let folder = folder(&[
            "b.md",
            "a/2.TXT",
            "a/10.csv",
            "c.tsv",
            "a.text",
            ".hidden.md",
            ".git/x.md",
            "~$b.docx",
            "d.jpg",
            "README",
        ]);
        let found = find(&[folder.path().into()]);
        assert_eq!(found_names(&found, folder.path()), ["a/10.csv", "a/2.TXT", "a.text", "b.md", "c.tsv"]);
        assert_eq!(found.sources[4].format, Some(Format::Table { tabs: true }));
        assert_eq!(codes(&found), ["files-not-read"]);
        let message = &found.diagnostics[0].message;
        assert!(
            message.contains("README") && message.contains("d.jpg") && !message.contains("hidden"),
            "{message}"
        );
    }

    #[test]
    fn earlier_outputs_are_read_only_when_named() {
        let folder = folder(&["notes.md", "a/out/themes.csv", "other/x.md", "other/manifest.json"]);
        let out = folder.path().join("a/out");
        fs::write(out.join(MANIFEST), r#"{"program": "themeweave"}"#).unwrap();
        let found = find(&[folder.path().into()]);
        assert_eq!(found_names(&found, folder.path()), ["notes.md", "other/x.md"]);
        assert_eq!(codes(&found), ["files-not-read", "outputs-not-read"]);
        let message = &found.diagnostics[1].message;
        assert!(message.ends_with(&*out.to_string_lossy()), "{message}");
        assert_eq!(found_names(&find(&[out.as_path().into()]), folder.path()), ["a/out/themes.csv"]);
    }

    #[test]
    fn the_same_file_is_read_once() {
        let folder = folder(&["a.md"]);
        let path = folder.path().join("a.md");
        let inputs = [
            Input::from(folder.path()),
            path.as_path().into(),
            folder.path().join("./a.md").into(),
            Input::Stdin,
            Input::from("-"),
        ];
        let found = find(&inputs);
        assert_eq!(found.sources.len(), 2);
        assert_eq!(codes(&found), ["repeated-input"]);
        assert!(found.diagnostics[0].message.contains("stdin"));
    }

    #[test]
    fn a_named_file_is_read_whatever_its_name() {
        let folder = folder(&[".hidden", "notes.dat"]);
        let inputs = [folder.path().join(".hidden").into(), folder.path().join("notes.dat").into()];
        let found = find(&inputs);
        assert!(found.sources.iter().all(|source| source.format == Some(Format::Notes)));
        assert_eq!(found.sources.len(), 2);
    }

    #[test]
    fn what_is_missing_or_empty_is_said() {
        let folder = folder(&[]);
        let found = find(&[folder.path().join("none.md").into(), folder.path().into()]);
        assert_eq!(found.failures.len(), 1);
        assert_eq!(codes(&found), ["empty-folder"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_when_named() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["real/a.md"]);
        let at = |name: &str| folder.path().join(name);
        symlink(at("real"), at("loop")).unwrap();
        symlink(at("real/a.md"), at("link.md")).unwrap();
        symlink(at("self.md"), at("self.md")).unwrap();
        symlink(folder.path(), at("real/up")).unwrap();
        let found = find(&[folder.path().into()]);
        assert_eq!(found_names(&found, folder.path()), ["real/a.md"]);
        assert_eq!(codes(&found), ["files-not-read"]);
        assert_eq!(found_names(&find(&[at("link.md").into()]), folder.path()), ["link.md"]);
        assert_eq!(find(&[at("self.md").into()]).failures.len(), 1);
        assert_eq!(find(&[at("loop").into()]).sources.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_opened() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let folder = folder(&["a.md"]);
        assert!(open(&folder.path().join("a.md")).is_ok());
        symlink("/dev/zero", folder.path().join("zero.md")).unwrap();
        let _socket = UnixListener::bind(folder.path().join("socket.md")).unwrap();
        for name in ["zero.md", "socket.md", "."] {
            let error = open(&folder.path().join(name)).unwrap_err();
            assert!(error.to_string().contains("not a regular file"), "{error}");
        }
    }
}
