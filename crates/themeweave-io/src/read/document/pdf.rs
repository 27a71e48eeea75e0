//! PDFs with a text layer.
//!
//! What draws pages may be hostile, and the extraction of text cannot be kept from running wild by
//! itself: it can panic, exhaust the stack or never end. So it runs in a process of its own, under
//! limits, where the caller names a program for it, and else in a thread. Only lines come back.

mod extract;
mod layout;

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use themeweave::Diagnostic;

use crate::read::document::Contents;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;

pub use crate::read::document::pdf::extract::extract_pdf;

/// Longest time for one PDF.
const TIME: Duration = Duration::from_secs(120);

/// Most bytes of a PDF, and of its lines.
const MOST: u64 = 512 << 20;

/// Argument of the program that extracts lines.
const ARGUMENT: &str = "extract-pdf";

/// Numbers of pages that are listed.
const LISTED: usize = 10;

/// Reads a PDF.
pub(super) fn read(
    name: &Arc<str>,
    source: &mut dyn Read,
    extractor: Option<&Path>,
) -> Result<Contents, ReadError> {
    let mut bytes = Vec::new();
    source.take(MOST).read_to_end(&mut bytes).map_err(|error| ReadError::general(error.to_string()))?;
    if bytes.len() as u64 == MOST {
        return Err(ReadError::general("this PDF has 512 MiB or more").with_hint("split it"));
    }
    let lines = match extractor {
        Some(program) => extract_outside(program, bytes)?,
        None => extract_here(bytes)?,
    };
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
        let message = format!("{name_shown}: left out as heads and feet of pages: {margins} lines");
        diagnostics.push(Diagnostic::new("pdf-page-margins", message));
    }
    Ok((draft.finish(name)?.into_iter().collect(), diagnostics))
}

/// `page 3` or `pages 3, 5 and 12 more`.
fn list(numbers: &[usize]) -> String {
    let shown: Vec<String> = numbers.iter().take(LISTED).map(usize::to_string).collect();
    let more = numbers.len() - shown.len();
    let noun = if numbers.len() == 1 { "page" } else { "pages" };
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{noun} {}{rest}", shown.join(", "))
}

fn list_having(numbers: &[usize]) -> String {
    format!("{} {}", list(numbers), if numbers.len() == 1 { "has" } else { "have" })
}

fn failed(message: &str) -> ReadError {
    let hint = "print the document to a new PDF, or save it as .docx or plain text";
    ReadError::general(format!("the text of this PDF cannot be extracted: {message}")).with_hint(hint)
}

fn out_of_time() -> ReadError {
    failed("it takes more than 2 minutes, the longest time for one PDF")
}

/// Extracts lines in a thread of this process.
fn extract_here(bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = Vec::new();
        let result = extract_pdf(&mut &bytes[..], &mut lines);
        // Nobody listens any more when the time is over.
        let _ = send.send(result.map(|()| lines));
    });
    match receive.recv_timeout(TIME) {
        Ok(result) => result.map_err(|error| failed(&error.to_string())),
        Err(RecvTimeoutError::Timeout) => Err(out_of_time()),
        Err(RecvTimeoutError::Disconnected) => Err(failed("it is broken")),
    }
}

/// Extracts lines in another process, which is ended when its time is over.
fn extract_outside(program: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    let cannot_run = |error: io::Error| failed(&format!("the program for that cannot be run: {error}"));
    let mut command = Command::new(program);
    command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(cannot_run)?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    thread::spawn(move || {
        // It may end before it has read everything.
        let _ = input.map(|mut input| input.write_all(&bytes));
    });
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = Vec::new();
        let result = output.map_or(Ok(0), |output| output.take(MOST).read_to_end(&mut lines));
        let _ = send.send(result.map(|_| lines));
    });
    let end = Instant::now() + TIME;
    let lines = receive.recv_timeout(TIME);
    let status = wait_until(&mut child, end);
    let lines = lines.map_err(|_| out_of_time())?.map_err(cannot_run)?;
    match status.map_err(cannot_run)? {
        None => Err(out_of_time()),
        Some(status) if status.success() => Ok(lines),
        Some(status) if status.code() == Some(1) => {
            let message = String::from_utf8_lossy(&lines);
            Err(failed(message.rsplit('\u{c}').next().unwrap_or_default().trim()))
        }
        Some(_) => Err(failed("it takes more memory or time than it may, or makes the extraction crash")),
    }
}

/// Waits for the end of a process, and ends it when its time is over.
fn wait_until(child: &mut Child, end: Instant) -> io::Result<Option<std::process::ExitStatus>> {
    const STEP: Duration = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(STEP);
    }
}
