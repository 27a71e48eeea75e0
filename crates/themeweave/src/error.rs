//! The one error type of the library: what kind, where, and why.

use std::fmt;

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What a caller can do about an [`Error`]: one kind for each reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input cannot be used as it is: mend the input.
    Input,
    /// The options contradict each other or are out of range: mend the options.
    Options,
    /// A stated limit was exceeded: split the input or raise the limit.
    Limit,
    /// [`Progress::update`](crate::Progress::update) asked to stop.
    Cancelled,
}

/// Why an analysis could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    /// An error because of the input.
    pub fn input(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Input, message: message.into() }
    }

    /// An error because of the options.
    pub fn options(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Options, message: message.into() }
    }

    /// An error because a stated limit was exceeded.
    pub fn limit(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Limit, message: message.into() }
    }

    /// The caller asked to stop.
    pub fn cancelled() -> Self {
        Self { kind: ErrorKind::Cancelled, message: "stopped on request".into() }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
