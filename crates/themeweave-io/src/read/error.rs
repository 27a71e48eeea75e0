//! Why an input could not be read, and where.

use std::fmt;
use std::io;

use crate::terminal::terminal_safe;

/// Why an input could not be read: the file, the place in it where that is known, the reason and
/// what to do. Its text is safe to show on a terminal.
///
/// ```
/// use themeweave_io::{Input, ReadOptions, read};
///
/// let inputs = [Input::from("no/such/notes.md")];
/// let result = read(&inputs, &ReadOptions::default(), &mut std::io::empty())?;
/// assert_eq!(result.failures[0].file(), Some("no/such/notes.md"));
/// # Ok::<(), themeweave_io::ReadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    file: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    message: String,
    hint: Option<String>,
}

impl ReadError {
    /// An error that concerns no single file.
    pub(crate) fn general(message: impl Into<String>) -> Self {
        Self { file: None, line: None, column: None, message: message.into(), hint: None }
    }

    /// An error in the file of this name.
    pub(crate) fn in_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::general(message) }
    }

    /// An error of the system while it reads the file of this name.
    pub(crate) fn io(file: impl Into<String>, error: &io::Error) -> Self {
        Self::in_file(file, error.to_string())
    }

    /// The file of this name is no longer what it was when it was read first.
    pub(crate) fn has_changed(file: impl Into<String>) -> Self {
        Self::in_file(file, "the file has changed while it was read")
    }

    /// The same error, in the file of this name.
    pub(crate) fn of(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(crate) fn at(mut self, line: u64, column: u64) -> Self {
        self.column = Some(column);
        self.at_line(line)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Replaces every text in it by what `map` makes of it.
    pub(crate) fn map_texts(&mut self, map: impl Fn(&str) -> String) {
        let texts = self.file.iter_mut().chain(self.hint.iter_mut()).chain([&mut self.message]);
        texts.for_each(|text| *text = map(text));
    }

    /// Name of the file or stream, as given by the caller or found in a folder.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Line in the file, counted from 1.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// Byte of the line, counted from 1.
    pub fn column(&self) -> Option<u64> {
        self.column
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}", terminal_safe(file))?;
            if let Some(line) = self.line {
                write!(f, ", line {line}")?;
            }
            if let Some(column) = self.column {
                write!(f, ", byte {column}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&terminal_safe(&self.message))?;
        if let Some(hint) = &self.hint {
            write!(f, "; {}", terminal_safe(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

/// Why one attempt at a file did not succeed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The bytes at this place (both from 1) are not UTF-8, as they were taken to be: another
    /// encoding may do.
    NotUtf8 {
        line: u64,
        column: u64,
    },
    Failed(ReadError),
}

impl From<ReadError> for Trouble {
    fn from(error: ReadError) -> Self {
        Self::Failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_and_what_to_do() {
        let error = ReadError::in_file("a\nb.csv", "an \u{1b} in a name").at(3, 7).with_hint("rename it");
        assert_eq!(error.to_string(), "a\\nb.csv, line 3, byte 7: an \\u{1b} in a name; rename it");
        assert_eq!((error.line(), error.column(), error.hint()), (Some(3), Some(7), Some("rename it")));
        assert_eq!(ReadError::general("no input").to_string(), "no input");
    }
}
