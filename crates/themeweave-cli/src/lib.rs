//! The command line of themeweave: arguments become options, and results go to files and streams.
//!
//! It does no analysis of its own. [`run`] is the whole program with its streams given by the
//! caller; [`main`] is the same on the streams of the process.
//!
//! The way of a command through the modules: [`args`] says what may be typed, [`config`] adds the
//! options of `themeweave.toml`, [`settings`] makes options of the library from both, [`flow`] reads
//! and analyzes, and a module of [`command`] shows or writes what was found.

mod args;
mod command;
mod config;
mod exit;
mod flow;
mod interrupt;
mod progress;
mod settings;
mod streams;
mod summary;
mod text_file;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::process::ExitCode;

use crate::args::Arguments;
use crate::exit::Stop;
use crate::streams::{Streams, Terminal};

/// Runs the program with the arguments and streams of the process. Ctrl-C ends it with exit code 130
/// and without traces.
pub fn main() -> ExitCode {
    interrupt::listen();
    let (stdout, mut stderr) = (io::stdout(), io::stderr());
    let terminal = Terminal {
        width: stdout.is_terminal().then(textwrap::termwidth),
        has_colors: stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        shows_progress: stderr.is_terminal(),
    };
    let mut stdout = BufWriter::new(stdout.lock());
    let mut streams =
        Streams { stdin: &mut io::stdin().lock(), stdout: &mut stdout, stderr: &mut stderr, terminal };
    let code = run_on(std::env::args_os().collect(), &mut streams);
    // What is left in the buffer after a failed write would be written once more.
    drop(stdout.into_parts());
    code.into()
}

/// Runs the program with these arguments, of which the first is its name, and these streams, which
/// are taken for files. Returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 done but with too
/// little data for themes, 130 stopped on request.
///
/// ```
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let mut notes = &b"- The bus is late.\n- The bus is dear.\n"[..];
/// let args = ["themeweave", "segments", "-", "--format", "json"];
/// let code = themeweave_cli::run(args, &mut notes, &mut out, &mut err);
/// assert_eq!(code, 3);
/// assert!(String::from_utf8(out)?.contains(r#""text":"The bus is dear.""#));
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub fn run<A>(
    args: impl IntoIterator<Item = A>,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut (dyn Write + Send),
) -> u8
where
    A: Into<OsString>,
{
    let args = args.into_iter().map(Into::into).collect();
    run_on(args, &mut Streams { stdin, stdout, stderr, terminal: Terminal::default() })
}

fn run_on(args: Vec<OsString>, streams: &mut Streams<'_>) -> u8 {
    let result = Arguments::parse(args, streams.terminal.has_colors)
        .and_then(|arguments| command::run(&arguments, streams))
        .and_then(|code| streams.stdout.flush().map(|()| code).map_err(Stop::stdout));
    match result {
        Ok(code) => code,
        Err(stop) => stop.report(streams),
    }
}
