//! Where a command reads and writes.

use std::fmt;
use std::io::{Read, Write};
use std::path::PathBuf;

use themeweave::Diagnostic;
use themeweave_io::terminal_safe;

/// The streams of a run: data goes to `stdout`, everything else to `stderr`.
pub(crate) struct Streams<'a> {
    pub(crate) stdin: &'a mut dyn Read,
    pub(crate) stdout: &'a mut dyn Write,
    pub(crate) stderr: &'a mut (dyn Write + Send),
    pub(crate) terminal: Terminal,
    /// Program that extracts the text of PDFs; without one it is done in this process.
    pub(crate) extractor: Option<PathBuf>,
}

/// What the streams can show. The default is that of files and pipes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terminal {
    /// Columns of standard output, where it is a terminal.
    pub(crate) width: Option<usize>,
    /// Whether colours are wanted, unless an option says otherwise.
    pub(crate) has_colors: bool,
    /// Whether standard error can show a line that changes.
    pub(crate) shows_progress: bool,
}

impl Streams<'_> {
    /// Writes a line to standard error. Where even that fails there is nobody to tell.
    pub(crate) fn tell(&mut self, line: fmt::Arguments<'_>) {
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Writes a finding to standard error.
    pub(crate) fn tell_diagnostic(&mut self, diagnostic: &Diagnostic) {
        self.tell(format_args!("note: {}", terminal_safe(&diagnostic.message)));
        if let Some(hint) = &diagnostic.hint {
            self.tell(format_args!("hint: {}", terminal_safe(hint)));
        }
    }
}
