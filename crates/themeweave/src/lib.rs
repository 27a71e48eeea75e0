//! Thematic analysis.
mod corpus;
mod diagnostic;
mod error;
pub mod math;
mod progress;
mod rng;

pub use crate::corpus::{Attribute, Block, BlockKind, Corpus, Document};
pub use crate::diagnostic::Diagnostic;
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::progress::{Progress, Stage};
pub use crate::rng::Rng;
