//! Themes: groups of segments that share terms, described by their terms and shown by their quotes.

mod cluster;
mod counter_evidence;
mod diagram;
mod interval;
mod label;
mod likeness;
mod mixture;
mod passage;
mod profile;
mod quote;
mod rank;
mod space;
mod stretch;
mod svd;
mod tfidf;

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::community::{Leiden, Quality};
use crate::cooccurrence::CooccurrenceMatrix;
use crate::corpus::Corpus;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::math;
use crate::network::{Network, compact};
use crate::options::Options;
use crate::progress::{Progress, Stage};
use crate::segment::{Segments, Unit};
use crate::theme::cluster::{Grouping, NONE};
use crate::theme::mixture::Mixture;
use crate::theme::space::Space;
use crate::theme::tfidf::TfIdf;
use crate::vocabulary::{TermId, Vocabulary};

pub use crate::theme::diagram::Quadrant;
pub(crate) use crate::theme::passage::{Mark, Passage, sufficient};

/// A recurring theme with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Short name made of its most telling terms; no two themes have the same.
    pub label: String,
    /// Its terms, the most telling first.
    pub terms: Vec<ThemeTerm>,
    /// Segments that belong to it more than to any other theme.
    pub segments: u32,
    /// Those as a share of all segments, 0..=1.
    pub share: f64,
    /// Lower and upper end of the 95 % interval of the share, which is wider where the segments of one
    /// speaker or document are alike; `None` where it was not computed.
    pub share_interval: Option<(f64, f64)>,
    /// Documents with at least one of its segments.
    pub documents: u32,
    /// Speakers of its segments; 0 where no speakers are known.
    pub speakers: u32,
    /// How well it comes out again from resampled segments, 0..=1, where it was computed.
    pub stability: Option<f64>,
    /// Callon centrality: summed weight of the links from its terms to terms of other themes, times 10.
    pub centrality: f64,
    /// Callon density: summed weight of the links among its terms over their number, times 100.
    pub density: f64,
    /// Its place in the strategic diagram.
    pub quadrant: Quadrant,
    /// Passages that show it, the most typical first.
    pub quotes: Vec<Quote>,
    /// Passages that have its words and do not bear it out: those that negate them, then those that use
    /// them otherwise.
    pub counter_evidence: Vec<CounterEvidence>,
}

/// A term of a theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThemeTerm {
    /// The term.
    pub term: TermId,
    /// Its share of all occurrences of terms in the theme's segments, 0..=1.
    pub beta: f64,
    /// Its occurrences in the theme's segments.
    pub frequency: u64,
    /// The theme's segments that have it.
    pub segments: u32,
    /// Share of the term's segments that are the theme's, 0..=1.
    pub membership: f64,
}

/// A passage that shows a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// Index of the segment it comes from.
    pub segment: usize,
    /// Bytes of the document's text.
    pub span: Range<usize>,
    /// The same in code points.
    pub chars: Range<u32>,
    /// Line of the source file in which it begins.
    pub line: u32,
    /// How typical its segment is of the theme, 0..=1: the cosine of all terms of the segment, quoted or
    /// not, and the theme's, to four decimals.
    pub score: f64,
}

/// A passage that has a word of a theme and does not bear the theme out.
#[derive(Debug, Clone, PartialEq)]
pub struct CounterEvidence {
    /// Index of the segment it comes from.
    pub segment: usize,
    /// Bytes of the document's text.
    pub span: Range<usize>,
    /// The same in code points.
    pub chars: Range<u32>,
    /// Line of the source file in which it begins.
    pub line: u32,
    /// The term of the theme that is used otherwise.
    pub term: TermId,
    /// In which way.
    pub kind: CounterKind,
    /// How much its segment speaks of the theme apart from that term, 0..=1: the cosine of the segment's
    /// other terms and the theme's, to four decimals; 0 where none of them is a term of the theme.
    pub score: f64,
}

/// How a word of a theme is used otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CounterKind {
    /// A segment of the theme negates it.
    Negated {
        /// Bytes of the document's text with the negating word.
        cue: Range<usize>,
    },
    /// A segment of another theme has it among words that are not the theme's.
    Unusual,
}

impl CounterKind {
    /// The name in tables: `negated` or `unusual`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Negated { .. } => "negated",
            Self::Unusual => "unusual",
        }
    }
}

/// How much a segment or document belongs to a theme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Membership {
    /// Index of the theme.
    pub theme: usize,
    /// Its share, 0..=1; the shares of one segment or document sum to at most 1.
    pub gamma: f64,
}

/// What the search for themes gives.
pub(crate) struct Found {
    pub(crate) themes: Vec<Theme>,
    /// Themes of each segment, the greatest share first; empty for segments that fit none.
    pub(crate) memberships: Vec<Vec<Membership>>,
    /// Theme of each term of the network.
    pub(crate) theme_of_term: Vec<Option<usize>>,
}

/// Finds the themes of a corpus: groups of segments that share terms, each described.
pub(crate) fn find_themes(
    corpus: &Corpus,
    segments: &Segments,
    vocabulary: &Vocabulary,
    matrix: &CooccurrenceMatrix,
    network: &Network,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Found> {
    let stretches = match options.unit {
        Unit::Auto => stretch::stretches(corpus, segments, vocabulary),
        _ => None,
    };
    let turns = vocabulary;
    let joined = stretches.as_ref().map(|stretches| vocabulary.joined(stretches));
    let vocabulary = joined.as_ref().unwrap_or(vocabulary);
    let rows = TfIdf::from_vocabulary(vocabulary);
    let rows = if joined.is_some() { rows.smoothed(stretch::SHARE) } else { rows };
    let units = vocabulary.segment_count();
    let with_terms = (0..units).filter(|&segment| !vocabulary.segment(segment).is_empty()).count();
    let grouping = if with_terms < LEAST_TO_COMPARE {
        Grouping { group: vec![NONE; units], groups: 0 }
    } else if units <= FEW_SEGMENTS {
        let themes = options.themes.map(|k| k as usize);
        let space = Space::new(vocabulary, matrix, &rows);
        likeness::group_by_likeness(&rows, &space, themes, options.resolution)?
    } else {
        let space = Space::new(vocabulary, matrix, &rows);
        group_by_network(vocabulary, &rows, &space, &compact(network)?, options, progress)?
    };
    // What one note says does not recur; among many notes, neither does what two say.
    let least = if units < 50 { 2 } else { 3 };
    let mut grouping = grouping.with_at_least(least).by_size();
    let (vocabulary, rows) = match stretches {
        Some(stretches) => {
            let group = stretches.iter().map(|&s| grouping.group[s as usize]).collect();
            grouping = Grouping { group, groups: grouping.groups }.by_size();
            (turns, TfIdf::from_vocabulary(turns))
        }
        None => (vocabulary, rows),
    };
    Ok(describe(corpus, segments, vocabulary, network, &rows, grouping, options))
}

/// Up to this many segments, themes are communities of segments; beyond, they are built from
/// communities of terms. On labelled corpora the first way is better up to about two thousand, but its
/// cost grows with the square of their number.
const FEW_SEGMENTS: usize = 1_500;
/// Seed of the searches for communities: themes are the same whatever seed the caller chooses for the
/// rest, so that nobody can pick the themes by it.
const SEED: u64 = 1;
/// Fewest segments with terms in which something can be said to recur: two and two.
const LEAST_TO_COMPARE: usize = 4;

/// Groups many segments: fine communities of terms, the segments given to them, the groups merged to
/// as many as the text can carry, and polished.
fn group_by_network(
    vocabulary: &Vocabulary,
    rows: &TfIdf,
    space: &Space,
    graph: &Graph,
    options: &Options,
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
    let fine = cluster::k_means(space, &fine, 10);
    let steps =
        cluster::merge_steps(&fine, &cluster::ward_merges(cluster::sums(space, &fine), &fine.sizes()));
    let wanted = match options.themes {
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
                let step = cluster::k_means(space, step, 2);
                let evidence = Mixture::new(vocabulary, &step).evidence();
                if evidence > best.0 {
                    best = (evidence, step.groups);
                }
            }
            (best.1 as f64 * options.resolution).round().max(1.0) as usize
        }
    };
    let Some(merged) = steps.iter().rfind(|step| step.groups >= wanted).or(steps.first()) else {
        return Ok(fine);
    };
    Ok(mixture::polish(vocabulary, space, &cluster::k_means(space, merged, 5), 5))
}

fn describe(
    corpus: &Corpus,
    segments: &Segments,
    vocabulary: &Vocabulary,
    network: &Network,
    rows: &TfIdf,
    grouping: Grouping,
    options: &Options,
) -> Found {
    let members = grouping.members();
    let ranked = rank::ranked_terms(vocabulary, &grouping);
    let theme_of_term: Vec<Option<usize>> =
        cluster::group_of_terms(vocabulary, network.node_count(), &grouping)
            .into_iter()
            .map(|group| (group != NONE).then_some(group as usize))
            .collect();
    let structure = diagram::callon(network, &theme_of_term, grouping.groups);
    let labels = label::labels(vocabulary, &ranked);
    let clusters = interval::clusters(segments);
    let quotes = options.quotes as usize;
    let mut against =
        counter_evidence::counter_evidence(corpus, segments, vocabulary, rows, &grouping, &ranked, quotes);
    let themes = members
        .iter()
        .enumerate()
        .map(|(t, own)| Theme {
            label: labels[t].clone(),
            terms: ranked[t].clone(),
            segments: own.len() as u32,
            share: own.len() as f64 / segments.len() as f64,
            share_interval: Some(interval::share_interval(&clusters, |segment| {
                grouping.group[segment] == t as u32
            })),
            documents: distinct(own.iter().map(|&s| segments.list()[s as usize].document())),
            speakers: distinct(own.iter().filter_map(|&s| segments.speaker(&segments.list()[s as usize]))),
            stability: None,
            centrality: structure[t].centrality,
            density: structure[t].density,
            quadrant: structure[t].quadrant,
            quotes: quote::quotes(corpus, segments, vocabulary, rows, own, &ranked[t], quotes),
            counter_evidence: std::mem::take(&mut against[t]),
        })
        .collect();
    Found { themes, memberships: memberships(vocabulary, &grouping), theme_of_term }
}

fn distinct<T: std::hash::Hash + Eq>(items: impl Iterator<Item = T>) -> u32 {
    items.collect::<FxHashSet<T>>().len() as u32
}

/// Graded membership: the posterior of the mixture, tempered to the weight of [`EVIDENCE`] words, so
/// that a long segment may belong to several themes. The group of the segment has the greatest share.
fn memberships(vocabulary: &Vocabulary, grouping: &Grouping) -> Vec<Vec<Membership>> {
    const EVIDENCE: f64 = 3.0;
    const LEAST: f64 = 0.05;
    let mixture = Mixture::new(vocabulary, grouping);
    (0..grouping.group.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|segment| {
            let own = grouping.group[segment];
            if own == NONE {
                return Vec::new();
            }
            let words: f64 = vocabulary.segment(segment).iter().map(|entry| f64::from(entry.1)).sum();
            if words == 0.0 {
                // It says nothing itself and belongs to what its stretch belongs to.
                return vec![Membership { theme: own as usize, gamma: 1.0 }];
            }
            let log = mixture.log_posterior(segment);
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
        })
        .collect()
}
