//! How far an analysis has come, and whether it should go on.

use std::ops::ControlFlow;

use crate::error::{Error, Result};

/// A step of the flow, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// Cutting documents into segments.
    Segments,
    /// Finding the words of each segment.
    Tokens,
    /// Choosing terms and finding phrases.
    Vocabulary,
    /// Counting which terms occur together.
    Cooccurrence,
    /// Weighing links and finding communities.
    Network,
    /// Finding themes and their evidence.
    Themes,
    /// Finding themes again in resamples.
    Stability,
}

/// Receives the progress of an analysis and may stop it.
///
/// Called on the calling thread, in order. The unit type `()` ignores everything.
pub trait Progress {
    /// `done` of `total` units of `stage` are done. [`ControlFlow::Break`] stops the analysis
    /// with [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    fn update(&mut self, stage: Stage, done: u64, total: Option<u64>) -> ControlFlow<()>;
}

impl Progress for () {
    fn update(&mut self, _: Stage, _: u64, _: Option<u64>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Reports the beginning of a stage and turns a request to stop into an error.
pub(crate) fn begin(progress: &mut dyn Progress, stage: Stage) -> Result<()> {
    match progress.update(stage, 0, None) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::cancelled()),
    }
}
