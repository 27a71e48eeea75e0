//! Graded membership: how much a segment belongs to each theme.

use std::ops::Index;

use rayon::prelude::*;
use serde::Serialize;

use crate::math;
use crate::theme::cluster::{Grouping, NONE};
use crate::theme::mixture::Mixture;
use crate::vocabulary::Vocabulary;

/// How much a segment or document belongs to a theme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Membership {
    /// Index of the theme.
    pub theme: usize,
    /// Its share, 0..=1; the shares of one segment or document sum to at most 1.
    pub gamma: f64,
}

/// The themes of each segment, the greatest share first; none for segments that fit no theme.
///
/// ```
/// use themeweave::{Corpus, Options, analyze};
/// let notes = ["Late buses.", "The bus is late.", "Dear tickets.", "Tickets are dear."];
/// let analysis = analyze(&Corpus::from_notes(notes)?, &Options::default(), &mut ())?;
/// assert_eq!(analysis.memberships.len(), 4);
/// assert_eq!(analysis.memberships[0][0].theme, analysis.memberships[1][0].theme);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memberships {
    list: Vec<Membership>,
    /// Where those of each segment end in `list`.
    ends: Vec<usize>,
}

impl Memberships {
    /// Those of segments that fit no theme.
    pub(crate) fn none(segments: usize) -> Memberships {
        Memberships { list: Vec::new(), ends: vec![0; segments] }
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The themes of a segment; `None` where there is no such segment.
    pub fn get(&self, segment: usize) -> Option<&[Membership]> {
        let end = *self.ends.get(segment)?;
        let start = if segment == 0 { 0 } else { self.ends[segment - 1] };
        self.list.get(start..end)
    }

    /// The themes of all segments, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Membership]> {
        (0..self.len()).map(|segment| &self[segment])
    }

    /// Number of segments that fit no theme.
    pub fn without_theme(&self) -> usize {
        self.iter().filter(|themes| themes.is_empty()).count()
    }

    fn push(&mut self, themes: impl IntoIterator<Item = Membership>) {
        self.list.extend(themes);
        self.ends.push(self.list.len());
    }

    fn append(&mut self, other: &Memberships) {
        let offset = self.list.len();
        self.list.extend_from_slice(&other.list);
        self.ends.extend(other.ends.iter().map(|end| end + offset));
    }
}

impl Index<usize> for Memberships {
    type Output = [Membership];

    /// # Panics
    /// Where there is no such segment.
    fn index(&self, segment: usize) -> &[Membership] {
        let start = if segment == 0 { 0 } else { self.ends[segment - 1] };
        &self.list[start..self.ends[segment]]
    }
}

/// Segments whose themes are found by one thread, and so many parts of them at a time.
const AT_A_TIME: usize = 1 << 10;
const PARTS: usize = 64;

/// The themes of each segment: the posterior of the mixture, tempered to the weight of [`EVIDENCE`] words, so
/// that a long segment may belong to several themes. The group of the segment has the greatest share.
pub(crate) fn memberships(vocabulary: &Vocabulary, grouping: &Grouping) -> Memberships {
    let mixture = Mixture::new(vocabulary, grouping);
    let n = grouping.group.len();
    let part = |first: usize| {
        let mut own = Memberships::default();
        for segment in first..n.min(first + AT_A_TIME) {
            own.push(themes(vocabulary, &mixture, segment, grouping.group[segment]));
        }
        own
    };
    let mut all = Memberships::default();
    for first in (0..n).step_by(PARTS * AT_A_TIME) {
        let firsts = (0..PARTS).into_par_iter().map(|at| first + at * AT_A_TIME);
        let parts: Vec<Memberships> = firsts.map(part).collect();
        parts.iter().for_each(|part| all.append(part));
    }
    all
}

/// Words that weigh in the posterior of a segment, however many it has.
const EVIDENCE: f64 = 3.0;

/// The themes of a segment of a group.
fn themes(vocabulary: &Vocabulary, mixture: &Mixture<'_>, segment: usize, own: u32) -> Vec<Membership> {
    const LEAST: f64 = 0.05;
    if own == NONE {
        return Vec::new();
    }
    let words = vocabulary.segment(segment).occurrences() as f64;
    if words == 0.0 {
        // It says nothing itself and belongs to what its stretch belongs to.
        return vec![Membership { theme: own as usize, gamma: 1.0 }];
    }
    let log = mixture.log_posterior(vocabulary.segment(segment));
    let greatest = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let temper = (EVIDENCE / words).min(1.0);
    let weights: Vec<f64> = log
        .iter()
        .enumerate()
        .map(|(g, value)| {
            let value = if g == own as usize { greatest } else { *value };
            math::exp((value - greatest) * temper)
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut shares: Vec<Membership> = weights
        .iter()
        .enumerate()
        .map(|(theme, weight)| Membership { theme, gamma: weight / total })
        .filter(|m| m.gamma >= LEAST || m.theme == own as usize)
        .collect();
    shares.sort_by(|a, b| {
        b.gamma.total_cmp(&a.gamma).then((a.theme != own as usize).cmp(&(b.theme != own as usize)))
    });
    shares
}
