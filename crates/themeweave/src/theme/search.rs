//! The search for groups of segments, from their terms alone.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::association::AssociationMeasure;
use crate::community::{Leiden, Quality};
use crate::cooccurrence::CooccurrenceMatrix;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::network::{LinkRule, Network, build_compact, compact};
use crate::options::Options;
use crate::progress::{Progress, Stage};
use crate::theme::cluster::{self, Grouping, NONE};
use crate::theme::evidence::Evidence;
use crate::theme::k_means::k_means;
use crate::theme::likeness;
use crate::theme::means::Means;
use crate::theme::mixture::{self, Mixture};
use crate::theme::space::{self, Space};
use crate::theme::stretch;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::Vocabulary;

/// Up to this many segments, themes are communities of segments; beyond, they are built from
/// communities of terms. On labelled corpora the first way is better up to about two thousand, but its
/// cost grows with the square of their number.
pub(crate) const FEW_SEGMENTS: usize = 2_000;
/// Of more segments than this, so many are searched for groups, and the others are given to these: what fifty
/// thousand segments do not show is no recurring theme, and cost and memory stay linear.
pub(crate) const MOST_SEARCHED: usize = 50_000;
/// Seed of the searches for communities: themes are the same whatever seed the caller chooses for the
/// rest, so that nobody can pick the themes by it.
pub(crate) const SEED: u64 = 1;
/// Fewest segments with terms in which something can be said to recur: two and two.
const LEAST_TO_COMPARE: usize = 4;

/// How themes are sought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Number of themes; `None` finds it.
    pub(crate) themes: Option<u32>,
    /// How fine they are; 1 as the text suggests.
    pub(crate) resolution: f64,
}

impl Wanted {
    /// As many as the text can carry.
    pub(crate) const FOUND: Wanted = Wanted { themes: None, resolution: 1.0 };

    pub(crate) fn new(options: &Options) -> Wanted {
        Wanted { themes: options.themes, resolution: options.resolution }
    }

    /// Fewest of `n` segments, or stretches, that are a theme. What one note says does not recur; among many
    /// notes, neither does what two say, and among thousands what a handful says is an aside, unless as
    /// many themes are asked for.
    pub(super) fn least(self, n: usize) -> usize {
        /// Share of the root of `n`, by which what a theme has by chance grows.
        const OF_ROOT: f64 = 0.125;
        let few = if n < 50 { 2 } else { 3 };
        match self.themes {
            Some(_) => few,
            None => few.max((OF_ROOT * (n as f64).sqrt() / self.resolution) as usize),
        }
    }
}

/// Segments among which themes are sought, and what was counted in them.
pub(crate) struct Searched<'a> {
    vocabulary: Cow<'a, Vocabulary>,
    /// Number of terms whose pairs are counted.
    counted: usize,
    /// The pairs, which a part counts when it needs them.
    matrix: Option<&'a CooccurrenceMatrix>,
    /// Their network, which a part makes when it needs one.
    network: Option<&'a Network>,
    measure: AssociationMeasure,
    /// The tf-idf of the segments, which a part makes when it needs it.
    rows: Option<&'a TfIdf<'a>>,
    /// The stretch of each segment, from 0 without gaps, where they are turns of a conversation.
    stretches: Option<Vec<u32>>,
}

impl<'a> Searched<'a> {
    /// All segments of a corpus.
    pub(crate) fn new(
        vocabulary: &'a Vocabulary,
        rows: &'a TfIdf<'a>,
        matrix: &'a CooccurrenceMatrix,
        network: &'a Network,
        measure: AssociationMeasure,
        stretches: Option<Vec<u32>>,
    ) -> Searched<'a> {
        Searched {
            vocabulary: Cow::Borrowed(vocabulary),
            counted: matrix.term_count(),
            matrix: Some(matrix),
            network: Some(network),
            measure,
            rows: Some(rows),
            stretches,
        }
    }

    /// Some of the segments, in order, counted anew.
    pub(crate) fn part(&self, segments: &[u32]) -> Searched<'static> {
        let vocabulary = self.vocabulary.part(segments);
        let stretches = self.stretches.as_ref().map(|of| {
            let own: Vec<u32> = segments.iter().map(|&segment| of[segment as usize]).collect();
            let mut number = 0;
            let next = (0..own.len()).map(|at| {
                number += u32::from(at > 0 && own[at] != own[at - 1]);
                number
            });
            next.collect()
        });
        Searched {
            vocabulary: Cow::Owned(vocabulary),
            counted: self.counted,
            matrix: None,
            network: None,
            measure: self.measure,
            rows: None,
            stretches,
        }
    }

    /// Number of segments.
    pub(crate) fn len(&self) -> usize {
        self.vocabulary.segment_count()
    }

    /// Takes the segments as they are from now on.
    pub(crate) fn take_stretches(&mut self) -> Option<Vec<u32>> {
        self.stretches.take()
    }

    /// The terms of the segments.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What the segments are drawn by when some are left out: the stretch of each, where there are
    /// stretches.
    pub(crate) fn stretches(&self) -> Option<&[u32]> {
        self.stretches.as_deref()
    }

    /// Groups of segments that share terms, by falling size.
    pub(crate) fn groups(&self, wanted: Wanted, progress: &mut dyn Progress) -> Result<Grouping> {
        let Some(stretches) = &self.stretches else {
            return match self.rows {
                Some(rows) => self.groups_of(&self.vocabulary, rows, wanted, progress),
                None => {
                    let rows = TfIdf::from_vocabulary(&self.vocabulary);
                    self.groups_of(&self.vocabulary, &rows, wanted, progress)
                }
            };
        };
        let joined = self.vocabulary.joined(stretches);
        let rows = TfIdf::from_vocabulary(&joined).smoothed(stretch::SHARE);
        let grouping = self.groups_of(&joined, &rows, wanted, progress)?;
        let group = stretches.iter().map(|&stretch| grouping.group[stretch as usize]).collect();
        let grouping = Grouping { group, groups: grouping.groups };
        Ok(grouping.with_at_least(wanted.least(stretches.len())).by_size())
    }

    /// Groups found among every so many segments, to which the others are given.
    fn groups_by_sample(
        &self,
        vocabulary: &Vocabulary,
        rows: &TfIdf<'_>,
        wanted: Wanted,
        progress: &mut dyn Progress,
    ) -> Result<Grouping> {
        let n = vocabulary.segment_count();
        let sample: Vec<u32> = (0..MOST_SEARCHED).map(|at| (at * n / MOST_SEARCHED) as u32).collect();
        let drawn = vocabulary.part(&sample);
        let drawn_rows = rows.part(&drawn);
        let (space, graph) = self.space_and_graph(&drawn, &drawn_rows)?;
        let found = group_by_network(&drawn, &drawn_rows, &space, &graph, wanted, progress)?;
        let (mixture, means) = (Mixture::new(&drawn, &found), Means::of(&space, &found));
        let mut group = vec![NONE; n];
        let parts = group.par_chunks_mut(space::AT_A_TIME).enumerate().with_min_len(32);
        parts.for_each(|(part, group)| {
            let first = part * space::AT_A_TIME;
            let segments = first..first + group.len();
            let directions = space.directions_of(segments.clone().map(|segment| rows.row(segment)));
            let mut likeness = vec![0.0; group.len() * found.groups];
            means.likeness(&directions, &mut likeness);
            for ((at, segment), group) in segments.enumerate().zip(group) {
                let terms = vocabulary.segment(segment);
                if !terms.is_empty() {
                    *group = mixture.likeliest(terms, &likeness[at * found.groups..][..found.groups]);
                }
            }
        });
        Ok(Grouping { group, groups: found.groups })
    }

    fn matrix(&self) -> Result<Cow<'a, CooccurrenceMatrix>> {
        match self.matrix {
            Some(matrix) => Ok(Cow::Borrowed(matrix)),
            None => {
                CooccurrenceMatrix::from_vocabulary(&self.vocabulary, self.counted, &mut ()).map(Cow::Owned)
            }
        }
    }

    /// The directions of segments, and the network of terms, of pairs that are no longer needed then.
    fn space_and_graph(&self, vocabulary: &Vocabulary, rows: &TfIdf<'_>) -> Result<(Space, Graph)> {
        let matrix = self.matrix()?;
        Ok((Space::new(vocabulary, &matrix, rows), self.graph(&matrix)?))
    }

    fn graph(&self, matrix: &CooccurrenceMatrix) -> Result<Graph> {
        match self.network {
            Some(network) => compact(network),
            None => {
                let rule = LinkRule::for_segments(self.len(), self.measure);
                build_compact(&self.vocabulary, matrix, rule)
            }
        }
    }

    /// Groups of the segments, or stretches, of a vocabulary.
    fn groups_of(
        &self,
        vocabulary: &Vocabulary,
        rows: &TfIdf<'_>,
        wanted: Wanted,
        progress: &mut dyn Progress,
    ) -> Result<Grouping> {
        let n = vocabulary.segment_count();
        let with_terms = (0..n).filter(|&segment| !vocabulary.segment(segment).is_empty()).count();
        if with_terms < LEAST_TO_COMPARE {
            return Ok(Grouping { group: vec![NONE; n], groups: 0 });
        }
        let grouping = if n <= FEW_SEGMENTS {
            let space = if likeness::weight_of_directions(n) > 0.0 {
                Some(Space::new(vocabulary, &*self.matrix()?, rows))
            } else {
                None
            };
            likeness::group_by_likeness(vocabulary, rows, space.as_ref(), wanted)?
        } else if n <= MOST_SEARCHED {
            let (space, graph) = self.space_and_graph(vocabulary, rows)?;
            group_by_network(vocabulary, rows, &space, &graph, wanted, progress)?
        } else {
            self.groups_by_sample(vocabulary, rows, wanted, progress)?
        };
        Ok(grouping.with_at_least(wanted.least(n)).by_size())
    }
}

/// Groups many segments: fine communities of terms, the segments given to them, the groups merged to
/// as many as the text can carry, and polished.
fn group_by_network(
    vocabulary: &Vocabulary,
    rows: &TfIdf<'_>,
    space: &Space,
    graph: &Graph,
    wanted: Wanted,
    progress: &mut dyn Progress,
) -> Result<Grouping> {
    /// Resolution at which 40 to 60 communities come out of a few thousand terms.
    const FINE: f64 = 3.0;
    /// Fewest terms of a community.
    const LEAST_TERMS: usize = 5;
    let quality = Quality::Modularity { resolution: FINE };
    let communities = Leiden::new(quality, SEED).find_partition(graph)?;
    let fine = cluster::group_by_communities(rows, graph, &communities, LEAST_TERMS);
    if fine.groups == 0 {
        return Ok(fine);
    }
    let fine = k_means(space, &fine, 10);
    let evidence = Evidence::new(vocabulary);
    let steps = cluster::merge_steps(&fine, &evidence.merges(space, &fine));
    let groups = match wanted.themes {
        Some(themes) => themes as usize,
        None => {
            let mut best = (f64::NEG_INFINITY, 0);
            let mut tried = usize::MAX;
            for step in steps.iter().filter(|step| step.groups > 1) {
                // Every number up to 20, then every tenth part.
                if step.groups + step.groups / 20 * 2 > tried {
                    continue;
                }
                tried = step.groups;
                let done = (steps.len() - step.groups) as u64;
                if progress.update(Stage::Themes, done, Some(steps.len() as u64)).is_break() {
                    return Err(Error::cancelled());
                }
                let step = k_means(space, step, 2);
                let value = evidence.of(&step);
                if value > best.0 {
                    best = (value, step.groups);
                }
            }
            (best.1 as f64 * wanted.resolution).round().max(1.0) as usize
        }
    };
    let Some(merged) = steps.iter().rfind(|step| step.groups >= groups).or(steps.first()) else {
        return Ok(fine);
    };
    let grouping = mixture::polish(vocabulary, space, &k_means(space, merged, 5), 5);
    let groups = grouping.groups;
    let large = grouping.with_at_least(wanted.least(space.len()));
    // The segments of groups that are too small go to the others.
    Ok(if large.groups < groups { mixture::polish(vocabulary, space, &large, 1) } else { large })
}
