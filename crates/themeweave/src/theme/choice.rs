//! Passages are chosen one by one, each in view of those before, and their texts are read many at once, for each
//! may have to be sought in a file.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::theme::describe::Material;
use crate::theme::passage::{Passage, Said};

/// Segments of which some are to be shown, by a passage each.
pub(crate) trait Choice: Sync {
    /// The segments, each once, the best first.
    fn candidates(&self) -> Box<dyn Candidates + '_>;

    /// The passage by which a segment with this text would be shown, if there is one.
    fn passage(&self, segment: usize, text: &str) -> Option<Passage>;
}

/// Segments in the order of a choice.
pub(crate) trait Candidates {
    /// The best of the segments that were not given yet.
    fn best(&mut self) -> Option<usize>;

    /// Takes note that the segment given last is chosen.
    fn choose(&mut self);
}

/// An order that does not depend on what is chosen.
impl<I: Iterator<Item = usize>> Candidates for I {
    fn best(&mut self) -> Option<usize> {
        self.next()
    }

    fn choose(&mut self) {}
}

/// The passages of segments whose texts were read.
type Seen = FxHashMap<usize, Option<Passage>>;

/// The first passages of each choice, up to `wanted`, that do not say the same in nearly the same words and of which
/// none holds another.
///
/// Of a choice that meets a segment whose text was not read yet, twice as many are read as are wanted, as if all of
/// them said something new; then it begins again. Where many say the same it comes to that once more, with twice as
/// many each time.
pub(crate) fn choose(
    material: Material<'_>,
    choices: &[&dyn Choice],
    wanted: usize,
) -> Result<Vec<Vec<Passage>>> {
    let mut seen: Vec<Seen> = choices.iter().map(|_| Seen::default()).collect();
    let mut ahead = wanted;
    loop {
        ahead = ahead.saturating_mul(2);
        let first = |(choice, seen): (&&dyn Choice, &Seen)| first(*choice, seen, wanted, ahead);
        let firsts: Vec<First> = choices.par_iter().zip(&seen).map(first).collect();
        let unseen: Vec<(usize, usize)> = firsts
            .iter()
            .enumerate()
            .flat_map(|(choice, first)| first.unseen.iter().map(move |&segment| (segment, choice)))
            .collect();
        if unseen.is_empty() {
            let taken = firsts.into_iter().zip(seen);
            return Ok(taken.map(|(first, seen)| first.taken_from(seen)).collect());
        }
        for &(segment, choice) in &unseen {
            seen[choice].insert(segment, None);
        }
        let passage = |segment, text: &str, choice: usize| choices[choice].passage(segment, text);
        for (segment, choice, passage) in material.segments.map_texts(material.corpus, unseen, passage)? {
            seen[choice].insert(segment, passage);
        }
    }
}

/// The first segments of a choice.
#[derive(Default)]
struct First {
    chosen: Vec<usize>,
    /// Those that would be chosen and whose texts have to be read first.
    unseen: Vec<usize>,
}

impl First {
    fn taken_from(self, mut seen: Seen) -> Vec<Passage> {
        self.chosen.iter().filter_map(|segment| seen.remove(segment).flatten()).collect()
    }
}

/// The first segments of a choice, up to `wanted`; where some are unseen, up to `ahead`.
fn first(choice: &dyn Choice, seen: &Seen, wanted: usize, ahead: usize) -> First {
    let mut first = First::default();
    let mut said = Said::default();
    let mut candidates = choice.candidates();
    while first.chosen.len() + first.unseen.len() < if first.unseen.is_empty() { wanted } else { ahead } {
        let Some(segment) = candidates.best() else { break };
        match seen.get(&segment) {
            None => first.unseen.push(segment),
            Some(Some(passage)) if said.is_new(&passage.text) => first.chosen.push(segment),
            Some(_) => continue,
        }
        candidates.choose();
    }
    first
}
