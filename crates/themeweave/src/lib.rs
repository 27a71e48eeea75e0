//! Thematic analysis that can be checked: recurring themes in workshop notes, transcripts and answers,
//! each with its terms, its share and the passages that carry it.
//!
//! Text in memory goes in, values come out: this crate opens no files, prints nothing and keeps no
//! global state. The flow, in the order in which [`analyze`] runs it:
//!
//! 1. a [`Corpus`] of [`Document`]s
//! 2. is cut into [`Segments`], the stretches of text in which terms count as occurring together,
//! 3. whose [`words`]
//! 4. become the terms of a [`Vocabulary`]: words joined by their stem, and phrases;
//! 5. a [`CooccurrenceMatrix`] counts which terms occur together,
//! 6. an [`AssociationMeasure`] says how strongly,
//! 7. and significant pairs are the links of a [`Network`];
//! 8. communities ([`Leiden`]) of terms or of segments
//! 9. become [`Theme`]s with ranked terms, shares and quotes.
//!
//! [`explain()`] tells what became of a word on this way.
//!
//! ```
//! use themeweave::{Corpus, Options, analyze};
//!
//! let corpus = Corpus::from_notes([
//!     "The bus is late every morning and nobody tells us why.",
//!     "A late bus means a missed appointment.",
//!     "Missed appointments again, because of the bus.",
//!     "The phone line is engaged all day.",
//!     "Nobody answers the phone before ten.",
//!     "Ten minutes on the phone line and then cut off.",
//! ])?;
//! let analysis = analyze(&corpus, &Options::default(), &mut ())?;
//! for theme in &analysis.themes {
//!     println!("{} ({} notes): “{}”", theme.label, theme.segments, theme.quotes[0].text);
//! }
//! assert_eq!(analysis.themes.len(), 2);
//! # Ok::<(), themeweave::Error>(())
//! ```
//!
//! The method, with formulas and sources, is on [a page of its own](_documentation::method). The same corpus and options give the same result to the last bit, on any number of threads (the
//! rayon pool of the caller) and on any platform.

mod error;
mod diagnostic;
mod progress;
pub mod math;
mod rng;
mod varint;

mod options;
mod analysis;

mod corpus;
mod segment;
mod language;
mod token;
mod vocabulary;
mod cooccurrence;
mod association;
mod network;
mod graph;
mod community;
mod layout;
mod theme;
mod explain;

pub use crate::analysis::{Analysis, analyze};
pub use crate::association::{
    AssociationMeasure, Contingency, benjamini_hochberg, chi2_sf_1, g2, hypergeometric_sf,
};
pub use crate::community::{Leiden, Partition, Quality};
pub use crate::cooccurrence::CooccurrenceMatrix;
pub use crate::corpus::{
    Attribute, Block, BlockKind, Corpus, CorpusBuilder, Document, DocumentRef, TextStore, TimeSpan,
};
pub use crate::diagnostic::Diagnostic;
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::explain::{
    Covering, Explanation, Neighbor, PlaceInText, TermStanding, ThemeStanding, Uncounted, Unlinked, explain,
};
pub use crate::graph::Graph;
pub use crate::language::Language;
pub use crate::layout::{Disc, disc_radius, layout};
pub use crate::network::{Link, Network, NoLink, Node};
pub use crate::options::Options;
pub use crate::progress::{Progress, Stage};
pub use crate::rng::Rng;
pub use crate::segment::{NotCounted, Segment, Segments, SpeakerFilter, Unit};
pub use crate::theme::{
    CounterEvidence, CounterKind, LoudVoice, Membership, Memberships, Quadrant, Quote, Theme, ThemeLink,
    ThemeTerm, VoiceKind,
};
pub use crate::token::words;
pub use crate::vocabulary::{
    Outcome, PhraseTest, Replacement, SegmentTerms, Spelling, StopList, Term, TermId, TermOptions,
    Vocabulary, WordFate,
};

/// Pages beside the reference.
pub mod _documentation {
    #[doc = include_str!("../METHOD.md")]
    pub mod method {}
}
