//! Exit codes, and why a command ends before its end.

use std::io;

use themeweave::ErrorKind;
use themeweave_io::terminal_safe;

use crate::streams::Streams;

/// Everything was done.
pub(crate) const DONE: u8 = 0;
/// Something could not be done.
pub(crate) const FAILED: u8 = 1;
/// The arguments or the options make no sense.
pub(crate) const USAGE: u8 = 2;
/// Everything was done, but there is too little text for themes.
pub(crate) const TOO_LITTLE: u8 = 3;
/// Ctrl-C: 128 and the number of the signal, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A message for the reader, and the exit code.
    Message(String, u8),
    /// What clap has to say: a usage error, or the help that was asked for.
    Clap(Box<clap::Error>),
    /// Nobody reads on: the end of `themeweave … | head`.
    PipeClosed,
    /// Ctrl-C.
    Interrupted,
}

impl Stop {
    pub(crate) fn failed(message: impl ToString) -> Self {
        Self::Message(message.to_string(), FAILED)
    }

    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::Message(message.to_string(), USAGE)
    }

    /// What an error of standard output means.
    pub(crate) fn stdout(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::PipeClosed,
            _ => Self::failed(format!("standard output: {error}")),
        }
    }

    /// Tells the reader and gives the exit code.
    pub(crate) fn report(self, streams: &mut Streams<'_>) -> u8 {
        match self {
            Self::Message(message, code) => {
                streams.tell(format_args!("error: {message}"));
                code
            }
            Self::Clap(error) => {
                let text = error.render();
                let has_colors = streams.terminal.has_colors;
                let text = if has_colors { text.ansi().to_string() } else { text.to_string() };
                if error.use_stderr() {
                    streams.tell(format_args!("{}", text.trim_end()));
                    return USAGE;
                }
                match streams.stdout.write_all(text.as_bytes()).and_then(|()| streams.stdout.flush()) {
                    Ok(()) => DONE,
                    Err(error) => Self::stdout(error).report(streams),
                }
            }
            Self::PipeClosed => DONE,
            Self::Interrupted => INTERRUPTED,
        }
    }
}

impl From<themeweave::Error> for Stop {
    fn from(error: themeweave::Error) -> Self {
        let message = terminal_safe(&error.to_string()).into_owned();
        match error.kind() {
            ErrorKind::Cancelled => Self::Interrupted,
            ErrorKind::Options => Self::usage(message),
            _ => Self::failed(message),
        }
    }
}
