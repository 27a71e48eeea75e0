//! Thematic analysis.
mod analysis;
mod association;
mod community;
mod cooccurrence;
mod corpus;
mod diagnostic;
mod error;
mod graph;
mod language;
mod layout;
pub mod math;
mod network;
mod options;
mod progress;
mod rng;
mod segment;
mod theme;
mod token;
mod vocabulary;

pub use crate::analysis::{Analysis, analyze};
pub use crate::association::{
    AssociationMeasure, Contingency, benjamini_hochberg, chi2_sf_1, g2, hypergeometric_sf,
};
pub use crate::community::{Leiden, Partition, Quality};
pub use crate::cooccurrence::CooccurrenceMatrix;
pub use crate::corpus::{Attribute, Block, BlockKind, Corpus, Document};
pub use crate::diagnostic::Diagnostic;
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::graph::Graph;
pub use crate::language::Language;
pub use crate::layout::layout;
pub use crate::network::{Link, Network, Node};
pub use crate::options::Options;
pub use crate::progress::{Progress, Stage};
pub use crate::rng::Rng;
pub use crate::segment::{Segment, Segments, Unit};
pub use crate::theme::{Membership, Quadrant, Quote, Theme, ThemeTerm};
pub use crate::token::words;
pub use crate::vocabulary::{Term, TermId, TermOptions, Vocabulary};
