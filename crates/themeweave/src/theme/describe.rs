//! Groups of segments become themes: named, counted, and shown by their evidence.

use rustc_hash::FxHashSet;

use crate::corpus::Corpus;
use crate::error::Result;
use crate::network::Network;
use crate::segment::Segments;
use crate::theme::cluster::{self, Grouping, NONE};
use crate::theme::counter_evidence::counter_evidence;
use crate::theme::diagram::callon;
use crate::theme::interval::share_interval;
use crate::theme::label::labels;
use crate::theme::quote::quotes;
use crate::theme::tfidf::TfIdf;
use crate::theme::voice::Voices;
use crate::theme::{Theme, ThemeTerm};
use crate::vocabulary::Vocabulary;

/// What themes are described from.
#[derive(Clone, Copy)]
pub(crate) struct Material<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) segments: &'a Segments,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) network: &'a Network,
    pub(crate) rows: &'a TfIdf<'a>,
    pub(crate) voices: &'a Voices<'a>,
}

impl Material<'_> {
    /// A theme for each group, with up to so many quotes, from the terms of each group and the group of
    /// each term.
    pub(crate) fn themes(
        &self,
        grouping: &Grouping,
        ranked: &[Vec<ThemeTerm>],
        theme_of_term: &[Option<usize>],
        wanted: usize,
    ) -> Result<Vec<Theme>> {
        let structure = callon(self.network, theme_of_term, grouping.groups);
        let mut labels = labels(self.vocabulary, ranked).into_iter();
        let mut loudest = self.voices.loudest(grouping).into_iter();
        let members = grouping.members();
        let mut quotes = quotes(*self, &members, ranked, wanted)?.into_iter();
        let mut against = counter_evidence(*self, grouping, ranked, wanted)?.into_iter();
        let describe = |(theme, own): (usize, &Vec<u32>)| {
            let of_segment = |segment: &u32| &self.segments.list()[*segment as usize];
            Ok(Theme {
                label: labels.next().unwrap_or_default(),
                terms: ranked[theme].clone(),
                segments: own.len() as u32,
                share: own.len() as f64 / self.segments.len() as f64,
                share_interval: Some(share_interval(&self.voices.of_segment, |segment| {
                    grouping.group[segment] == theme as u32
                })),
                documents: distinct(own.iter().map(|segment| of_segment(segment).document())),
                speakers: distinct(
                    own.iter().filter_map(|segment| self.segments.speaker(of_segment(segment))),
                ),
                loudest: loudest.next().flatten(),
                stability: None,
                centrality: structure[theme].centrality,
                density: structure[theme].density,
                quadrant: structure[theme].quadrant,
                quotes: quotes.next().unwrap_or_default(),
                counter_evidence: against.next().unwrap_or_default(),
                subthemes: Vec::new(),
            })
        };
        members.iter().enumerate().map(describe).collect()
    }
}

/// The theme of each term of the network: where most of its segments are beyond expectation.
pub(crate) fn theme_of_term(
    vocabulary: &Vocabulary,
    network: &Network,
    grouping: &Grouping,
) -> Vec<Option<usize>> {
    let groups = cluster::group_of_terms(vocabulary, network.node_count(), grouping);
    groups.into_iter().map(|group| (group != NONE).then_some(group as usize)).collect()
}

fn distinct<T: std::hash::Hash + Eq>(items: impl Iterator<Item = T>) -> u32 {
    items.collect::<FxHashSet<T>>().len() as u32
}
