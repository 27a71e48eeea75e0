//! Stability: whether themes come out again when a part of the text is left out.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::error::{Error, Result};
use crate::options::Options;
use crate::progress::{Progress, Stage};
use crate::rng::Rng;
use crate::theme::ThemeTerm;
use crate::theme::cluster::{Grouping, NONE, best};
use crate::theme::rank::ranked_terms;
use crate::theme::search::{FEW_SEGMENTS, MOST_SEARCHED, Searched, Wanted};
use crate::theme::voice::Voices;
use crate::vocabulary::TermId;

/// A resample leaves out one of so many parts.
const PARTS: usize = 10;

/// How well each theme comes out again.
pub(crate) struct Stability {
    /// For each theme the mean over resamples of the greatest Jaccard likeness, 0..=1, of its segments in
    /// the resample and a theme found there (Hennig 2007, "Cluster-wise assessment of cluster stability").
    pub(crate) themes: Vec<f64>,
    /// For each theme the share of resamples in which each of its terms is a term of that theme again.
    pub(crate) terms: Vec<Vec<f64>>,
}

/// Number of resamples that suits a number of segments: the fewer segments, the more a theme hangs on
/// single ones, and the less a search costs.
pub(crate) fn resamples_for(segments: usize) -> u32 {
    match segments {
        0..=300 => 20,
        301..=600 => 10,
        601..=1_000 => 5,
        _ => 3,
    }
}

/// Seeks the themes anew in `resamples` resamples; `None` when that is 0 or there are no themes.
///
/// Cost: a search for each. The fewer segments there are, the more searches run side by side, so that memory stays
/// bounded.
pub(crate) fn stability(
    searched: &Searched<'_>,
    voices: &Voices<'_>,
    grouping: &Grouping,
    ranked: &[Vec<ThemeTerm>],
    resamples: u32,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Option<Stability>> {
    if resamples == 0 || grouping.groups == 0 {
        return Ok(None);
    }
    let drawn = Resamples::draw(searched, voices, resamples as usize, options.seed);
    let again = |resample: usize| -> Result<Vec<Again>> {
        let kept = drawn.kept(resample);
        let part = searched.part(&kept);
        let found = part.groups(Wanted::new(options), &mut ())?;
        let terms = ranked_terms(part.vocabulary(), &found);
        Ok(matched(&kept, grouping, ranked, &found, &terms))
    };
    let side_by_side = match searched.len() {
        segments if segments <= FEW_SEGMENTS => 16,
        segments if segments <= MOST_SEARCHED => 3,
        _ => 1,
    };
    let mut all: Vec<Vec<Again>> = Vec::new();
    while all.len() < resamples as usize {
        let done = all.len();
        if progress.update(Stage::Stability, done as u64, Some(u64::from(resamples))).is_break() {
            return Err(Error::cancelled());
        }
        let batch = done..(done + side_by_side).min(resamples as usize);
        let found: Result<Vec<Vec<Again>>> = match side_by_side {
            1 => batch.map(again).collect(),
            _ => batch.into_par_iter().map(again).collect(),
        };
        all.extend(found?);
    }
    let times = f64::from(resamples);
    let mean = |theme: usize| all.iter().map(|again| again[theme].likeness).sum::<f64>() / times;
    let share = |theme: usize, term: usize| {
        all.iter().filter(|again| again[theme].has_term[term]).count() as f64 / times
    };
    Ok(Some(Stability {
        themes: (0..grouping.groups).map(mean).collect(),
        terms: (0..grouping.groups)
            .map(|theme| (0..ranked[theme].len()).map(|term| share(theme, term)).collect())
            .collect(),
    }))
}

/// A theme in a resample.
struct Again {
    likeness: f64,
    /// For each of its terms whether the theme that is most like it has it too.
    has_term: Vec<bool>,
}

/// For each theme the group of a resample that is most like it.
fn matched(
    kept: &[u32],
    grouping: &Grouping,
    ranked: &[Vec<ThemeTerm>],
    found: &Grouping,
    found_terms: &[Vec<ThemeTerm>],
) -> Vec<Again> {
    let mut both = vec![0_u32; grouping.groups * found.groups];
    let mut sizes = vec![0_u32; grouping.groups];
    for (&segment, &there) in kept.iter().zip(&found.group) {
        let here = grouping.group[segment as usize];
        if here == NONE {
            continue;
        }
        sizes[here as usize] += 1;
        if there != NONE {
            both[here as usize * found.groups + there as usize] += 1;
        }
    }
    let found_sizes = found.sizes();
    (0..grouping.groups)
        .map(|theme| {
            let likeness = (0..found.groups).map(|there| {
                let both = f64::from(both[theme * found.groups + there]);
                both / (f64::from(sizes[theme]) + found_sizes[there] as f64 - both)
            });
            let (group, likeness) = best(likeness).unwrap_or((0, 0.0));
            let again: FxHashSet<TermId> =
                found_terms.get(group).into_iter().flatten().map(|term| term.term).collect();
            let has_term = ranked[theme].iter().map(|term| again.contains(&term.term)).collect();
            Again { likeness, has_term }
        })
        .collect()
}

/// Which segments each resample keeps. Every ten resamples part the text at random in tenths, of which each
/// leaves out one: whole stretches of a conversation, whole voices where none has more than a tenth, else
/// single segments.
struct Resamples {
    /// The part of each segment, for every so many resamples.
    part_of: Vec<Vec<u8>>,
    parts: usize,
}

impl Resamples {
    fn draw(searched: &Searched<'_>, voices: &Voices<'_>, resamples: usize, seed: u64) -> Resamples {
        let n = searched.len();
        let of_segment = match searched.stretches() {
            Some(stretches) => Cow::Borrowed(stretches),
            None if voices.sizes().iter().all(|&size| size as usize * PARTS <= n) => {
                Cow::Borrowed(voices.of_segment.as_slice())
            }
            None => Cow::Owned((0..n as u32).collect()),
        };
        let count = of_segment.iter().max().map_or(0, |&last| last as usize + 1);
        let parts = PARTS.min(count).max(2);
        let mut rng = Rng::new(seed);
        let part_of = (0..resamples.div_ceil(parts)).map(|_| {
            let mut order: Vec<u32> = (0..count as u32).collect();
            rng.shuffle(&mut order);
            let mut part_of = vec![0; count];
            for (place, drawn) in order.into_iter().enumerate() {
                part_of[drawn as usize] = (place * parts / count) as u8;
            }
            of_segment.iter().map(|&of| part_of[of as usize]).collect()
        });
        Resamples { part_of: part_of.collect(), parts }
    }

    /// The segments of a resample, in order.
    fn kept(&self, resample: usize) -> Vec<u32> {
        let out = resample % self.parts;
        let parts = (0..).zip(&self.part_of[resample / self.parts]);
        parts.filter(|&(_, &part)| usize::from(part) != out).map(|(segment, _)| segment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(of_segment: &[i32]) -> Grouping {
        let group: Vec<u32> = of_segment.iter().map(|&g| if g < 0 { NONE } else { g as u32 }).collect();
        let groups = of_segment.iter().max().map_or(0, |&last| last + 1) as usize;
        Grouping { group, groups }
    }

    #[test]
    fn likeness_is_that_of_jaccard_among_the_segments_of_the_resample() {
        // Segment 2 is left out. Theme 0 keeps 0, 1, 3, of which group 1 has 1 and 3, and 4 besides:
        // 2/4. Theme 1 keeps 4 and 5: group 1 has one of four, group 0 one of three.
        let themes = group(&[0, 0, 0, 0, 1, 1]);
        let found = group(&[0, 1, 1, 1, 0]);
        let again = matched(&[0, 1, 3, 4, 5], &themes, &[vec![], vec![]], &found, &[vec![], vec![]]);
        let likeness: Vec<f64> = again.iter().map(|again| again.likeness).collect();
        assert_eq!(likeness, [2.0 / 4.0, 1.0 / 3.0]);
    }

    #[test]
    fn a_theme_that_is_wholly_left_out_is_not_found_again() {
        let again = matched(&[0, 1], &group(&[0, 0, 1, 1]), &[vec![], vec![]], &group(&[0, 0]), &[vec![]]);
        assert_eq!(again.iter().map(|again| again.likeness).collect::<Vec<_>>(), [1.0, 0.0]);
    }
}
