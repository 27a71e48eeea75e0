//! Documents of word processors, web pages and projects: their paragraphs become text with one
//! paragraph or row a line.

mod docx;
mod draft;
mod epub;
pub(super) mod html;
mod odt;
mod package;
mod pdf;
mod rtf;
mod xml;

use std::sync::Arc;

use themeweave::{Diagnostic, Document};

use crate::read::ReadOptions;
use crate::read::document::package::Package;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;

pub(super) use crate::read::document::package::ReadSeek;
pub use crate::read::document::pdf::extract_pdf;

/// What a file of documents gives.
pub(super) type Contents = (Vec<Document>, Vec<Diagnostic>);

/// What a file of documents is on the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentFormat {
    /// A zip archive; its parts tell what it is.
    Archive,
    Rtf,
    Pdf,
}

/// Which document a source is by its first bytes, whatever its name says; `None` for text.
///
/// # Errors
/// When it is in a format that is not read.
pub(super) fn format(name: &str, head: &[u8]) -> Result<Option<DocumentFormat>, ReadError> {
    let known: [(&[u8], DocumentFormat); 3] = [
        (b"PK\x03\x04", DocumentFormat::Archive),
        (b"{\\rtf", DocumentFormat::Rtf),
        (b"%PDF-", DocumentFormat::Pdf),
    ];
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        let message = "this is an old Word or Excel document, or one with a password, which is not read";
        return Err(ReadError::in_file(name, message)
            .with_hint("save it as .docx, .xlsx, plain text or CSV, without a password"));
    }
    Ok(known.into_iter().find_map(|(mark, format)| head.starts_with(mark).then_some(format)))
}

/// Reads a file of documents.
pub(super) fn read(
    name: &Arc<str>,
    format: DocumentFormat,
    source: &mut dyn ReadSeek,
    options: &ReadOptions,
) -> Result<Contents, ReadError> {
    let contents = match format {
        DocumentFormat::Archive => read_archive(name, source),
        DocumentFormat::Rtf => rtf::read(name, source),
        DocumentFormat::Pdf => pdf::read(name, source, options.pdf_extractor.as_deref()),
    };
    contents.map_err(|error| error.of(&**name))
}

fn read_archive(name: &Arc<str>, source: &mut dyn ReadSeek) -> Result<Contents, ReadError> {
    let mut package = Package::open(source)?;
    let kind = package.read_part("mimetype")?.unwrap_or_default();
    match kind.trim_ascii() {
        b"application/vnd.oasis.opendocument.text" | b"application/vnd.oasis.opendocument.text-template" => {
            odt::read(name, &mut package)
        }
        b"application/epub+zip" => epub::read(name, &mut package),
        _ if package.parts().any(|part| part.starts_with("word/")) => docx::read(name, &mut package),
        _ => Err(ReadError::general("this is a zip archive of a kind that is not read")
            .with_hint("unpack it and name the folder, or save the document as .docx")),
    }
}

/// What of a document is not read, as a diagnostic.
fn left_out(name: &str, what: &[(usize, &str)]) -> Option<Diagnostic> {
    let listed: Vec<String> =
        what.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| format!("{count} {noun}")).collect();
    let message = format!("{}: left out: {}", terminal_safe(name), listed.join(", "));
    (!listed.is_empty()).then(|| Diagnostic::new("document-parts-left-out", message))
}
