//! Documents of word processors, web pages and projects, whose paragraphs become text with one paragraph
//! or row a line; and spreadsheets.

mod docx;
mod draft;
mod epub;
pub(super) mod extraction;
pub(super) mod html;
mod odt;
mod package;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
mod pdf;
mod qdpx;
mod rtf;
mod spreadsheet;
mod xml;

use std::path::Path;
use std::sync::Arc;

use themeweave::{Diagnostic, Document};

use crate::read::ReadOptions;
use crate::read::document::package::Package;
use crate::read::error::ReadError;
use crate::read::table::{Part, RowStart};
use crate::terminal::terminal_safe;
use crate::wording::count;

pub use crate::read::document::extraction::{Extraction, extract};
pub(super) use crate::read::document::package::ReadSeek;

/// Takes the documents of a file, one by one, with where each text is, if it can be read again.
pub(super) type Take<'t> = &'t mut dyn FnMut(Document, Option<(RowStart, Part)>) -> Result<(), ReadError>;

/// What a file of a few documents gives.
type Contents = (Vec<Document>, Vec<Diagnostic>);

/// What a file of documents is on the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentFormat {
    /// A zip archive; its parts tell what it is.
    Archive,
    Rtf,
    Pdf,
    /// An old Excel workbook.
    Xls,
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Which document a source is by its first bytes, whatever its name says; `None` for text.
///
/// # Errors
/// When it is in a format that is not read.
pub(super) fn format(name: &str, head: &[u8]) -> Result<Option<DocumentFormat>, ReadError> {
    let known: &[(&[u8], DocumentFormat)] = &[
        (b"PK\x03\x04", DocumentFormat::Archive),
        (b"{\\rtf", DocumentFormat::Rtf),
        (b"%PDF-", DocumentFormat::Pdf),
        (b"\xD0\xCF\x11\xE0", DocumentFormat::Xls),
        #[cfg(feature = "parquet")]
        (b"PAR1", DocumentFormat::Parquet),
    ];
    if cfg!(not(feature = "parquet")) && head.starts_with(b"PAR1") {
        let message =
            "this is an Apache Parquet file, and this program was built without the feature parquet";
        return Err(ReadError::in_file(name, message).with_hint("save it as CSV or JSON Lines"));
    }
    Ok(known.iter().find_map(|(mark, format)| head.starts_with(mark).then_some(*format)))
}

impl DocumentFormat {
    /// Whether a file is opened once more by its path, so that its texts can be read again.
    pub(super) fn is_read_again(self) -> bool {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            Self::Archive | Self::Rtf | Self::Pdf | Self::Xls => false,
        }
    }
}

/// Reads a file of documents; from `path`, where its texts are to be read again.
#[cfg_attr(not(feature = "parquet"), expect(unused_variables, reason = "only Parquet is read by its path"))]
pub(super) fn read(
    name: &Arc<str>,
    format: DocumentFormat,
    source: &mut dyn ReadSeek,
    path: Option<&Path>,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let diagnostics = match format {
        DocumentFormat::Archive => read_archive(name, source, options, take),
        DocumentFormat::Rtf => give(rtf::read(name, source), take),
        DocumentFormat::Pdf => give(pdf::read(name, source, options.extractor.as_deref()), take),
        DocumentFormat::Xls => spreadsheet::read_xls(name, source, options, take),
        #[cfg(feature = "parquet")]
        DocumentFormat::Parquet => parquet::read(name, source, path, options, take),
    };
    diagnostics.map_err(|error| error.of(&**name))
}

fn give(contents: Result<Contents, ReadError>, take: Take<'_>) -> Result<Vec<Diagnostic>, ReadError> {
    let (documents, diagnostics) = contents?;
    documents.into_iter().try_for_each(|document| take(document, None))?;
    Ok(diagnostics)
}

fn read_archive(
    name: &Arc<str>,
    source: &mut dyn ReadSeek,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    const ODT: &[u8] = b"application/vnd.oasis.opendocument.text";
    const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    const EPUB: &[u8] = b"application/epub+zip";
    let mut package = Package::open(source)?;
    if let Some(part) = qdpx::project_part(&package) {
        return give(qdpx::read(name, &mut package, &part, options), take);
    }
    let kind = package.read_part("mimetype")?.unwrap_or_default();
    if kind.starts_with(ODT) {
        give(odt::read(name, &mut package), take)
    } else if kind.starts_with(EPUB) {
        give(epub::read(name, &mut package), take)
    } else if kind.starts_with(ODS) || package.parts().any(|part| part == "xl/workbook.xml") {
        spreadsheet::read(name, &mut package, kind.starts_with(ODS), options, take)
    } else if package.parts().any(|part| part.starts_with("word/")) {
        give(docx::read(name, &mut package), take)
    } else {
        Err(ReadError::general("this is a zip archive of a kind that is not read")
            .with_hint("unpack it and name the folder, or save the document as .docx or .xlsx"))
    }
}

/// What of a document is not read, as a diagnostic: how many of what, and what stands behind that.
fn left_out(name: &str, what: &[(usize, &str, &str)]) -> Option<Diagnostic> {
    let listed: Vec<String> = what
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, noun, rest)| format!("{}{rest}", count(*number, noun)))
        .collect();
    let message = format!("{}: left out: {}", terminal_safe(name), listed.join(", "));
    (!listed.is_empty()).then(|| Diagnostic::new("document-parts-left-out", message))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use themeweave::BlockKind;

    use super::*;

    /// Reads the bytes of a file.
    pub(super) fn read_bytes(bytes: &[u8]) -> Result<Contents, ReadError> {
        let format = format("x", bytes)?.unwrap();
        let mut documents = Vec::new();
        let take = &mut |document, _| {
            documents.push(document);
            Ok(())
        };
        let source = &mut Cursor::new(bytes);
        let diagnostics = read(&"x".into(), format, source, None, &ReadOptions::default(), take)?;
        Ok((documents, diagnostics))
    }

    /// The blocks of documents as `kind text`: `#` and the level of a heading, the depth of an item,
    /// `p`, `v` (verbatim), `t` (row of a table), `n` (navigation).
    pub(super) fn shown<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Vec<String> {
        let blocks = documents.into_iter().flat_map(|document| {
            document.blocks.iter().map(|block| (block.kind, &document.text[block.span.clone()]))
        });
        blocks
            .map(|(kind, text)| match kind {
                BlockKind::Heading { level } => format!("#{level} {text}"),
                BlockKind::Item { depth } => format!("{depth} {text}"),
                BlockKind::Paragraph => format!("p {text}"),
                BlockKind::Verbatim => format!("v {text}"),
                BlockKind::TableRow => format!("t {text}"),
                BlockKind::Navigation => format!("n {text}"),
            })
            .collect()
    }

    #[test]
    fn archives_of_other_kinds_are_refused() {
        for parts in [&[][..], &[("xl/drawings.xml", &b"x"[..])], &[("mimetype", b"image/openraster")]] {
            let bytes = package::tests::zip(parts);
            let known = format("x", &bytes).unwrap();
            assert!(known.is_none() || read_bytes(&bytes).is_err());
        }
    }
}
