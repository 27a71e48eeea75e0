//! PDFs with a text layer. Their lines are extracted apart from all else.

mod extract;
mod layout;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use themeweave::Diagnostic;

use crate::read::document::Contents;
use crate::read::document::extraction::{Extraction, Output};
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;
use crate::wording::{count, either};

pub(super) use crate::read::document::pdf::extract::extract_lines;

/// Numbers of pages that are listed.
const LISTED: usize = 10;

/// Reads a PDF.
pub(super) fn read(
    name: &Arc<str>,
    source: &mut dyn Read,
    extractor: Option<&Path>,
) -> Result<Contents, ReadError> {
    let mut output = Output::start(Extraction::Pdf, source, extractor)?;
    let mut lines = Vec::new();
    output.read_to_end(&mut lines).map_err(|error| ReadError::general(error.to_string()))?;
    output.finish()?;
    let pages = extract::pages(&String::from_utf8_lossy(&lines));
    let (draft, margins) = layout::draft(&pages)?;
    let mut diagnostics = Vec::new();
    let name_shown = terminal_safe(name);
    let numbers = |fits: &dyn Fn(&extract::PageLines) -> bool| {
        (1..).zip(&pages).filter(|(_, page)| fits(page)).map(|(number, _)| number).collect::<Vec<usize>>()
    };
    let broken = numbers(&|page| page.is_none());
    if !broken.is_empty() {
        let message = format!("{name_shown}: the text of {} cannot be extracted", list(&broken));
        let hint = "print the document to a new PDF, or save it as .docx";
        diagnostics.push(Diagnostic::new("pdf-pages-not-read", message).with_hint(hint));
    }
    let scanned = numbers(&|page| page.as_ref().is_some_and(Vec::is_empty));
    if !scanned.is_empty() {
        let message = format!("{name_shown}: {} no text layer, as scanned pages do", list_having(&scanned));
        let hint = "recognize the text first (OCR), where these pages are not just empty or pictures";
        diagnostics.push(Diagnostic::new("pdf-pages-without-text", message).with_hint(hint));
    }
    if margins > 0 {
        let lines = count(margins, "line");
        let message = format!("{name_shown}: left out as heads and feet of pages: {lines}");
        diagnostics.push(Diagnostic::new("pdf-page-margins", message));
    }
    Ok((draft.finish(name)?.into_iter().collect(), diagnostics))
}

/// `page 3` or `pages 3, 5 and 12 more`.
fn list(numbers: &[usize]) -> String {
    let shown: Vec<String> = numbers.iter().take(LISTED).map(usize::to_string).collect();
    let more = numbers.len() - shown.len();
    let noun = either(numbers.len(), "page", "pages");
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{noun} {}{rest}", shown.join(", "))
}

fn list_having(numbers: &[usize]) -> String {
    format!("{} {}", list(numbers), either(numbers.len(), "has", "have"))
}
