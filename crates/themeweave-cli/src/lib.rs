//! The command line of themeweave: arguments become options, and results go to files and streams.
//!
//! It does no analysis of its own. [`run`] is the whole program with its streams given by the
//! caller; [`main`] is the same on the streams of the process.
//!
//! The way of a command through the modules: `args` says what may be typed, `config` adds the
//! options of `themeweave.toml`, `settings` makes options of the library from both, `flow` reads
//! and analyzes, and a module of `command` shows or writes what was found.

mod args;
mod command;
mod config;
mod exit;
mod explanation;
mod extractor;
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
    if let Some((what, path)) = extractor::asked_for() {
        return extractor::main(what, path.as_deref());
    }
    interrupt::listen();
    let (stdout, mut stderr) = (io::stdout(), io::stderr());
    let terminal = Terminal {
        width: stdout.is_terminal().then(textwrap::termwidth),
        has_colors: stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        shows_progress: stderr.is_terminal(),
    };
    let extractor = extractor::program();
    let mut stdout = BufWriter::new(stdout.lock());
    let mut streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        terminal,
        extractor,
    };
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
    run_on(args, &mut Streams { stdin, stdout, stderr, terminal: Terminal::default(), extractor: None })
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

#[cfg(test)]
mod tests {
    /// Notes of two themes.
    pub(crate) const NOTES: &str = "\
        - Anna: the bus to the north side is late, the timetable is wrong\n\
        - Ben: the bus is late again and the timetable has no evening bus\n\
        - Anna: evening bus and timetable, late as ever\n\
        - Ben: a timetable for the evening bus, please\n\
        - Anna: the garden needs volunteers for planting\n\
        - Ben: volunteers love the garden and the planting\n\
        - Anna: planting day in the garden brings volunteers\n\
        - Ben: more volunteers, more planting, a greater garden\n";

    /// Runs a command with this on standard input: exit code, standard output and standard error.
    pub(crate) fn run(args: &[&str], stdin: &str) -> (u8, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = ["themeweave"].iter().chain(args);
        let code = crate::run(args, &mut stdin.as_bytes(), &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn help_goes_to_standard_output_and_mistakes_to_standard_error() {
        let (code, out, err) = run(&["--help"], "");
        assert!(code == 0 && out.contains("analyze") && err.is_empty());
        let (code, out, err) = run(&["analyze", "--help"], "");
        assert!(code == 0 && out.contains("Reading:") && err.is_empty());
        for args in [&[][..], &["analyze"], &["bogus"]] {
            let (code, out, err) = run(args, "");
            assert!(code == 2 && out.is_empty() && err.contains("Usage:"), "{args:?} {err}");
        }
    }

    #[test]
    fn threads_do_not_matter() {
        let one = run(&["segments", "-", "--threads", "1"], NOTES);
        assert_eq!(one, run(&["segments", "-", "--threads", "3"], NOTES));
    }

    #[test]
    fn what_is_typed_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "format = 1\n").unwrap();
        let config = format!("--config={}", path.display());
        assert!(
            run(&["themes", "-", &config], NOTES).2.contains("x.toml, line 1: there is no option “format”")
        );
        std::fs::write(&path, "quotes = 1\nout = \"not used by this command\"\n").unwrap();
        let rows = |args: &[&str]| run(args, NOTES).1.lines().count();
        assert_eq!(rows(&["quotes", "--themes=2", &config, "-"]), 1 + 2);
        assert_eq!(rows(&["quotes", "--themes=2", &config, "--quotes=2", "-"]), 1 + 2 * 2);
    }

    #[test]
    fn streams_that_fail() {
        struct Broken(std::io::ErrorKind);
        impl std::io::Write for Broken {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        use std::io::ErrorKind::{BrokenPipe, StorageFull};
        for args in [&["themes", "-"][..], &["graph", "-"], &["analyze", "-", "-q"], &["--help"], &["man"]] {
            for (kind, code) in [(BrokenPipe, 0), (StorageFull, 1)] {
                let mut err = Vec::new();
                let args = ["themeweave"].iter().chain(args);
                assert_eq!(crate::run(args, &mut NOTES.as_bytes(), &mut Broken(kind), &mut err), code);
                assert_eq!(String::from_utf8(err).unwrap().contains("standard output"), code == 1);
            }
        }
    }
}
