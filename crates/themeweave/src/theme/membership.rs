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
    /// Those of [`PART`] segments each, and of the rest.
    parts: Vec<Part>,
}

/// Segments of a part.
const PART: usize = 1 << 10;

/// The themes of some segments in a row.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    list: Box<[Membership]>,
    /// Where those of each segment end in `list`; none has more than twenty.
    ends: Box<[u16]>,
}

impl Part {
    fn new(of_segments: impl Iterator<Item = Vec<Membership>>) -> Part {
        let mut list = Vec::new();
        let ends = of_segments.map(|themes| {
            list.extend(themes);
            list.len() as u16
        });
        Part { ends: ends.collect(), list: list.into() }
    }
}

impl Memberships {
    /// Those of so many segments, from a function that gives the themes of each.
    fn of_segments(count: usize, themes: impl Fn(usize) -> Vec<Membership> + Sync) -> Memberships {
        let firsts = (0..count).into_par_iter().step_by(PART);
        let part = |first: usize| Part::new((first..count.min(first + PART)).map(&themes));
        Memberships { parts: firsts.map(part).collect() }
    }

    /// Those of segments that fit no theme.
    pub(crate) fn none(segments: usize) -> Memberships {
        Memberships::of_segments(segments, |_| Vec::new())
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.parts.last().map_or(0, |last| (self.parts.len() - 1) * PART + last.ends.len())
    }

    /// Whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The themes of a segment; `None` where there is no such segment.
    pub fn get(&self, segment: usize) -> Option<&[Membership]> {
        (segment < self.len()).then(|| &self[segment])
    }

    /// The themes of all segments, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Membership]> {
        (0..self.len()).map(|segment| &self[segment])
    }

    /// Number of segments that fit no theme.
    pub fn without_theme(&self) -> usize {
        self.iter().filter(|themes| themes.is_empty()).count()
    }
}

impl Index<usize> for Memberships {
    type Output = [Membership];

    /// # Panics
    /// Where there is no such segment.
    fn index(&self, segment: usize) -> &[Membership] {
        let Part { list, ends } = &self.parts[segment / PART];
        let own = segment % PART;
        let start = if own == 0 { 0 } else { ends[own - 1] };
        &list[start.into()..ends[own].into()]
    }
}

/// The themes of each segment: the posterior of the mixture, tempered to the weight of [`EVIDENCE`] words, so
/// that a long segment may belong to several themes. The group of the segment has the greatest share.
pub(crate) fn memberships(vocabulary: &Vocabulary, grouping: &Grouping) -> Memberships {
    let mixture = Mixture::new(vocabulary, grouping);
    Memberships::of_segments(grouping.group.len(), |segment| {
        themes(vocabulary, &mixture, segment, grouping.group[segment])
    })
}

/// Words that weigh in the posterior of a segment, however many it has.
const EVIDENCE: f64 = 3.0;

/// The themes of a segment of a group.
fn themes(vocabulary: &Vocabulary, mixture: &Mixture<'_>, segment: usize, own: u32) -> Vec<Membership> {
    /// Lesser shares are left out, so that at most twenty are kept.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_segment_has_its_own_in_whichever_part() {
        let themes = |segment: usize| {
            let of = |theme| Membership { theme, gamma: segment as f64 };
            (0..segment % 4).map(of).collect::<Vec<_>>()
        };
        for count in [0, 1, PART - 1, PART, PART + 1, 3 * PART] {
            let all = Memberships::of_segments(count, themes);
            assert_eq!((all.len(), all.is_empty()), (count, count == 0));
            assert!(all.iter().enumerate().all(|(segment, own)| own == themes(segment)), "{count}");
            assert_eq!(all.without_theme(), count.div_ceil(4));
            assert_eq!(all.get(count), None);
        }
    }
}
