//! PDFs, old Excel workbooks and Parquet files are taken apart by another run of this program, so that a
//! hostile one can end or block that run only. It is started with a word that no user types.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use themeweave_io::Extraction;

use crate::exit::{DONE, FAILED};

/// Most seconds of computing time.
#[cfg(unix)]
const SECONDS: u64 = 120;

/// Most bytes of address space. Pages of figures with many fonts take some hundred megabytes; a sheet of an old
/// workbook with a cell in its last row and column is laid out twice with all 16.8 million cells between, of 32
/// bytes each.
#[cfg(unix)]
fn most_bytes(what: Extraction) -> u64 {
    match what {
        Extraction::Xls => 3 << 29,
        _ => 1 << 30,
    }
}

/// What this process is to extract, when it is to do that and nothing else, and from which file, where it is not
/// on standard input.
pub(crate) fn asked_for() -> Option<(Extraction, Option<PathBuf>)> {
    let mut arguments = env::args_os().skip(1);
    let what = Extraction::from_argument(arguments.next()?.to_str()?)?;
    Some((what, arguments.next().map(PathBuf::from)))
}

/// This program, to be run again.
pub(crate) fn program() -> Option<PathBuf> {
    env::current_exe().ok()
}

/// Extracts from standard input, or the file that it asks for rows, to standard output.
pub(crate) fn main(what: Extraction, path: Option<&Path>) -> ExitCode {
    // Panics are part of the errors that are told.
    std::panic::set_hook(Box::new(|_| {}));
    set_limits(what);
    let (input, output) = (&mut io::stdin().lock(), &mut io::stdout().lock());
    let code = match themeweave_io::extract(what, path, input, output) {
        Ok(()) => DONE,
        Err(error) => {
            // When nobody reads on, there is nobody to tell.
            let _ = write!(io::stderr(), "{error}");
            FAILED
        }
    };
    code.into()
}

#[cfg(unix)]
fn set_limits(what: Extraction) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [(Resource::As, most_bytes(what)), (Resource::Cpu, SECONDS), (Resource::Core, 0)]
    {
        // Where the system refuses, the time that the other process allows still holds.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(unix))]
fn set_limits(_: Extraction) {}
