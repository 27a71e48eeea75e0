//! Groups of segments become themes: named, counted, and shown by their evidence.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::corpus::Corpus;
use crate::error::Result;
use crate::language::Negation;
use crate::network::Network;
use crate::segment::Segments;
use crate::theme::choice::{Choice, choose};
use crate::theme::cluster::{self, Grouping, NONE};
use crate::theme::counter_evidence::{Against, against};
use crate::theme::diagram::callon;
use crate::theme::interval::share_intervals;
use crate::theme::label::labels;
use crate::theme::profile::Profile;
use crate::theme::quote::{Quotable, telling};
use crate::theme::tfidf::TfIdf;
use crate::theme::voice::Voices;
use crate::theme::{CounterEvidence, Quote, Theme, ThemeTerm};
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
    /// Most quotes of a theme, and most passages of either kind of counter-evidence.
    pub(crate) wanted: usize,
}

/// Where the passages of a theme are to be found.
pub(crate) struct Source<'a> {
    quotable: Quotable<'a>,
    against: Against<'a>,
}

/// The quotes of a theme and its counter-evidence.
pub(crate) type Passages = (Vec<Quote>, Vec<CounterEvidence>);

impl<'a> Material<'a> {
    /// A theme without passages for each group, from the terms of each group and the group of each term; and where
    /// passages are wanted, where those of each theme are to be found.
    pub(crate) fn describe(
        self,
        grouping: &Grouping,
        ranked: &[Vec<ThemeTerm>],
        theme_of_term: &[Option<usize>],
    ) -> (Vec<Theme>, Vec<Source<'a>>) {
        let structure = callon(self.network, theme_of_term, grouping.groups);
        let mut labels = labels(self.vocabulary, ranked).into_iter();
        let mut loudest = self.voices.loudest(grouping).into_iter();
        let mut intervals = share_intervals(&self.voices.of_segment, grouping).into_iter();
        let members = grouping.members();
        let describe = |(theme, own): (usize, &Vec<u32>)| {
            let of_segment = |segment: &u32| &self.segments.list()[*segment as usize];
            let speakers = own.iter().filter_map(|segment| self.segments.speaker(of_segment(segment)));
            Theme {
                label: labels.next().unwrap_or_default(),
                terms: ranked[theme].clone(),
                segments: own.len() as u32,
                share: own.len() as f64 / self.segments.len() as f64,
                share_interval: intervals.next(),
                documents: own.chunk_by(|a, b| of_segment(a).document() == of_segment(b).document()).count()
                    as u32,
                speakers: speakers.collect::<FxHashSet<&str>>().len() as u32,
                loudest: loudest.next().flatten(),
                stability: None,
                centrality: structure[theme].centrality,
                density: structure[theme].density,
                quadrant: structure[theme].quadrant,
                quotes: Vec::new(),
                counter_evidence: Vec::new(),
                subthemes: Vec::new(),
            }
        };
        let themes = members.iter().enumerate().map(describe).collect();
        let sources = if self.wanted > 0 { self.sources(grouping, &members, ranked) } else { Vec::new() };
        (themes, sources)
    }

    fn sources(
        self,
        grouping: &Grouping,
        members: &[Vec<u32>],
        ranked: &[Vec<ThemeTerm>],
    ) -> Vec<Source<'a>> {
        let profiles: Vec<Arc<Profile>> = ranked.iter().map(|terms| Arc::new(Profile::new(terms))).collect();
        let against = against(self, grouping, ranked, &profiles);
        let quotable = members.par_iter().zip(&profiles);
        let quotable = quotable.map(|(members, profile)| Quotable::new(self, members, Arc::clone(profile)));
        quotable.zip(against).map(|(quotable, against)| Source { quotable, against }).collect()
    }

    /// The passages of themes, from where they are to be found. The texts of all are read together, for they may
    /// have to be read from files: once to see which tell most, and mostly once more for those that are shown.
    pub(crate) fn passages(self, mut sources: Vec<Source<'a>>) -> Result<Vec<Passages>> {
        let asked = sources.iter().enumerate().flat_map(|(theme, of)| {
            let segments = of.quotable.segments().chain(of.against.looked_at().iter().copied());
            segments.map(move |segment| (segment, theme))
        });
        let negation = Negation::of(self.vocabulary.language());
        let look = |segment, text: &str, theme: usize| {
            let against = &sources[theme].against;
            let negations = negation.as_ref().map(|words| against.negations(words, segment, text));
            (telling(text), negations.unwrap_or_default())
        };
        for (segment, theme, (telling, negations)) in
            self.segments.map_texts(self.corpus, asked.collect(), look)?
        {
            sources[theme].quotable.weigh(segment, telling);
            sources[theme].against.add(negations);
        }
        sources.par_iter_mut().for_each(|Source { quotable, against }| {
            against.sort();
            let negating = against.negated.segments();
            quotable.leave_out(|segment| negating.contains(&segment));
        });
        let choices: Vec<&dyn Choice> = sources.iter().flat_map(Source::choices).collect();
        let mut chosen = choose(self, &choices, self.wanted)?.into_iter();
        let passages = |of: &Source<'_>| {
            let mut next = || chosen.next().into_iter().flatten();
            let quotes = next().map(|passage| of.quotable.quote(passage)).collect();
            let negated = next().filter_map(|passage| of.against.negated.evidence(passage));
            let unusual = next().filter_map(|passage| of.against.unusual.evidence(passage));
            (quotes, negated.chain(unusual).collect())
        };
        Ok(sources.iter().map(passages).collect())
    }
}

impl Source<'_> {
    fn choices(&self) -> [&dyn Choice; 3] {
        [&self.quotable, &self.against.negated, &self.against.unusual]
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
