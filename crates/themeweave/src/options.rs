//! What a caller can choose about an analysis.

use serde::Serialize;

use crate::association::AssociationMeasure;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::segment::{SpeakerFilter, Unit};
use crate::vocabulary::TermOptions;

/// The choices of an analysis, in the order of its steps. The defaults suit most notes.
///
/// ```
/// let options = themeweave::Options { themes: Some(4), ..Default::default() };
/// assert!(options.check().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Options {
    /// What counts as one segment.
    pub unit: Unit,
    /// Whose segments are counted.
    pub speakers: SpeakerFilter,
    /// Language of the text; `None` detects it.
    pub language: Option<Language>,
    /// How words become terms.
    pub terms: TermOptions,
    /// Measure of the strength of links.
    pub association: AssociationMeasure,
    /// Number of themes; `None` finds it.
    pub themes: Option<u32>,
    /// How fine themes, or communities, are: 1 as the text suggests, 2 about twice as many, as far as there are groups
    /// that are large enough. Above 0, at most 1,000,000.
    pub resolution: f64,
    /// 1 for themes, 2 for themes with subthemes; 0 for the network alone, whose terms are then grouped by its
    /// communities.
    pub levels: u32,
    /// How often themes are sought again with a tenth of the text left out, to tell how stable they are;
    /// 0 for not at all, `None` for as often as suits the number of segments, from 20 for few to 3.
    pub resamples: Option<u32>,
    /// Quotes given for each theme.
    pub quotes: u32,
    /// Where the random generator starts.
    pub seed: u64,
}

/// Beyond this every segment would be a group of its own anyway.
const MAX_RESOLUTION: f64 = 1e6;

impl Default for Options {
    fn default() -> Self {
        Self {
            unit: Unit::Auto,
            speakers: SpeakerFilter::default(),
            language: None,
            terms: TermOptions::default(),
            association: AssociationMeasure::Npmi,
            themes: None,
            resolution: 1.0,
            levels: 1,
            resamples: None,
            quotes: 5,
            seed: 1,
        }
    }
}

impl Options {
    /// Whether the values are in range.
    ///
    /// # Errors
    /// [`ErrorKind::Options`](crate::ErrorKind::Options) with what is wrong.
    pub fn check(&self) -> Result<()> {
        if !(self.resolution > 0.0 && self.resolution <= MAX_RESOLUTION) {
            let range = format!("above 0 and at most {MAX_RESOLUTION}");
            return Err(Error::options(format!(
                "the resolution is {}, but must be {range}",
                self.resolution
            )));
        }
        if self.themes == Some(0) {
            return Err(Error::options("the number of themes must be at least 1"));
        }
        if self.levels > 2 {
            return Err(Error::options(format!("the levels are {}, but must be at most 2", self.levels)));
        }
        Ok(())
    }
}
