//! The text of PDFs is extracted by another run of this program, so that a hostile PDF can end or
//! block that run only. It is started with a word that no user types.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::exit::{DONE, FAILED};

/// The first argument of such a run, as [`themeweave_io::ReadOptions::pdf_extractor`] has it.
const WORD: &str = "extract-pdf";

/// Most bytes of address space, and most seconds of computing time. Pages of figures with many fonts
/// take some hundred megabytes.
#[cfg(unix)]
const LIMITS: (u64, u64) = (1 << 30, 120);

/// Whether this process is to extract text and do nothing else.
pub(crate) fn is_asked_for() -> bool {
    env::args_os().nth(1).is_some_and(|word| word == WORD)
}

/// This program, to be run again.
pub(crate) fn program() -> Option<PathBuf> {
    env::current_exe().ok()
}

/// Extracts text from standard input to standard output.
pub(crate) fn main() -> ExitCode {
    // Panics are part of the errors that are told.
    std::panic::set_hook(Box::new(|_| {}));
    set_limits();
    let mut out = io::stdout().lock();
    let code = match themeweave_io::extract_pdf(&mut io::stdin().lock(), &mut out) {
        Ok(()) => DONE,
        Err(error) => {
            // When nobody reads on, there is nobody to tell.
            let _ = write!(out, "{error}");
            FAILED
        }
    };
    code.into()
}

#[cfg(unix)]
fn set_limits() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let (bytes, seconds) = LIMITS;
    for (resource, most) in [(Resource::As, bytes), (Resource::Cpu, seconds), (Resource::Core, 0)] {
        // Where the system refuses, the time that the other process allows still holds.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(unix))]
fn set_limits() {}
