//! Counter-evidence: passages that have a theme's words and do not bear it out.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Negation;
use crate::theme::choice::{Candidates, Choice};
use crate::theme::cluster::Grouping;
use crate::theme::describe::Material;
use crate::theme::normalize::normalize_by;
use crate::theme::passage::{Mark, Passage, sufficient};
use crate::theme::profile::{Profile, rounded};
use crate::theme::{CounterEvidence, CounterKind, ThemeTerm};
use crate::token::{Piece, pieces};
use crate::vocabulary::{Place, TermId, Vocabulary};

/// Terms of a theme that are looked at: those that tell most.
const TERMS: usize = 10;
/// Segments of a theme that are searched for negations, the most typical.
const LOOKED_AT: usize = 500;
/// Least share of a term's segments that must be the theme's, so that it is the theme's own word.
const OWN: f64 = 0.6;
/// Fewest segments of a theme that must have a term, so that there is something usual about it.
const SEVERAL: u32 = 3;
/// How many times more typical of their own theme than of the one that is looked at the other terms of a
/// segment must be, for the term to be used otherwise there.
const OTHERWISE: f64 = 4.0;
/// Fewest other terms that a segment must have to say that it speaks of something else.
const OTHERS: usize = 3;

/// What may speak against a theme: passages of its segments that negate one of its most telling terms, the most
/// typical first; and segments of other themes that have such a term among words of theirs, those first that
/// differ most from the theme.
///
/// A term that is negated in half of its segments or more is left alone: there the negation is what
/// the theme says. Cost: linear in the number of segments, and in the text of those that are looked at.
pub(crate) struct Against<'a> {
    /// The most telling terms.
    telling: Vec<ThemeTerm>,
    /// The segments that are searched for negations, in order.
    looked_at: Vec<usize>,
    /// Of each telling term, the segments with it and those that negate it.
    times: Vec<(u32, u32)>,
    pub(crate) negated: Negated<'a>,
    pub(crate) unusual: Unusual<'a>,
}

/// Segments that negate a term of their theme.
pub(crate) struct Negated<'a> {
    besides: Besides<'a>,
    candidates: Vec<Negating>,
}

/// A place where a term is negated.
pub(crate) struct Negating {
    segment: usize,
    term: TermId,
    /// Bytes of the segment's text with the term.
    span: Range<usize>,
    /// The same of the negating word.
    cue: Range<usize>,
}

/// Segments of other themes with a term of this one.
pub(crate) struct Unusual<'a> {
    besides: Besides<'a>,
    candidates: Vec<(usize, TermId)>,
}

/// How much a segment speaks of a theme apart from a term.
#[derive(Clone)]
struct Besides<'a> {
    material: Material<'a>,
    profile: Arc<Profile>,
}

/// What is known of the themes of a grouping.
struct Search<'a, 's> {
    material: Material<'a>,
    grouping: &'s Grouping,
    profiles: &'s [Arc<Profile>],
    /// The most telling terms of each theme.
    telling: Vec<Vec<ThemeTerm>>,
    /// The segments of each of these terms.
    segments_of: FxHashMap<TermId, Vec<usize>>,
}

/// What may speak against each theme of a grouping, from the terms of each and what it speaks of.
pub(crate) fn against<'a>(
    material: Material<'a>,
    grouping: &Grouping,
    ranked: &[Vec<ThemeTerm>],
    profiles: &[Arc<Profile>],
) -> Vec<Against<'a>> {
    let telling: Vec<Vec<ThemeTerm>> = ranked.iter().map(|terms| telling(terms)).collect();
    let segments_of = segments_of(material.vocabulary, telling.iter().flatten().map(|term| term.term));
    let search = Search { material, grouping, profiles, telling, segments_of };
    let has_negations = Negation::of(material.vocabulary.language()).is_some();
    let against = |theme: usize| {
        let besides = Besides { material, profile: Arc::clone(&profiles[theme]) };
        let telling = search.telling[theme].clone();
        Against {
            looked_at: if has_negations { search.typical(theme) } else { Vec::new() },
            times: vec![(0, 0); telling.len()],
            telling,
            negated: Negated { besides: besides.clone(), candidates: Vec::new() },
            unusual: Unusual { besides, candidates: search.unusual(theme) },
        }
    };
    (0..profiles.len()).into_par_iter().map(against).collect()
}

/// The segments of some terms, in order.
fn segments_of(
    vocabulary: &Vocabulary,
    terms: impl Iterator<Item = TermId>,
) -> FxHashMap<TermId, Vec<usize>> {
    let mut segments_of: FxHashMap<TermId, Vec<usize>> = terms.map(|term| (term, Vec::new())).collect();
    let mut is_wanted = vec![false; vocabulary.terms().len()];
    for (term, is_wanted) in (0..).zip(&mut is_wanted) {
        *is_wanted = segments_of.contains_key(&term);
    }
    for segment in 0..vocabulary.segment_count() {
        for (term, _) in vocabulary.segment(segment).filter(|entry| is_wanted[entry.0 as usize]) {
            segments_of.entry(term).or_default().push(segment);
        }
    }
    segments_of
}

/// The terms of a theme that are its own and tell most, the most telling first.
fn telling(terms: &[ThemeTerm]) -> Vec<ThemeTerm> {
    let mut telling: Vec<ThemeTerm> = terms.iter().filter(|term| term.exclusivity >= OWN).copied().collect();
    let weight = |term: &ThemeTerm| f64::from(term.segments) * term.exclusivity;
    telling.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.term.cmp(&b.term)));
    telling.truncate(TERMS);
    telling
}

impl Search<'_, '_> {
    /// The segments of a theme that are searched for negations, in order.
    fn typical(&self, theme: usize) -> Vec<usize> {
        let profile = &self.profiles[theme];
        let mut typical: Vec<(f32, usize)> = self
            .with_terms(theme)
            .filter(|&(segment, _)| self.grouping.group[segment] as usize == theme)
            .map(|(segment, _)| (profile.typical(&self.material.rows.row(segment)), segment))
            .collect();
        typical.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        typical.truncate(LOOKED_AT);
        let mut segments: Vec<usize> = typical.into_iter().map(|(_, segment)| segment).collect();
        segments.sort_unstable();
        segments
    }

    /// The segments with one of a theme's telling terms, each once with the most telling.
    fn with_terms(&self, theme: usize) -> impl Iterator<Item = (usize, ThemeTerm)> + '_ {
        let mut seen = FxHashSet::default();
        let of_term = |term: &ThemeTerm| self.segments_of.get(&term.term).map_or(&[][..], Vec::as_slice);
        let all = self.telling[theme]
            .iter()
            .flat_map(move |term| of_term(term).iter().map(move |&segment| (segment, *term)));
        all.filter(move |&(segment, _)| seen.insert(segment))
    }

    /// The terms of a theme in segments of other themes whose other terms are theirs; those first that
    /// differ most.
    fn unusual(&self, theme: usize) -> Vec<(usize, TermId)> {
        let besides =
            |theme: usize, segment, term| self.material.typical_besides(&self.profiles[theme], segment, term);
        let mut found = Vec::new();
        for (segment, ThemeTerm { term, exclusivity, segments, .. }) in self.with_terms(theme) {
            let group = self.grouping.group[segment] as usize;
            let is_elsewhere = group != theme && group < self.profiles.len();
            if !is_elsewhere || segments < SEVERAL || self.material.others(segment, term).len() < OTHERS {
                continue;
            }
            let theirs = besides(group, segment, term);
            let ours = besides(theme, segment, term);
            if ours * OTHERWISE < theirs {
                found.push(((theirs - ours) * exclusivity, segment, term));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, segment, term)| (segment, term)).collect()
    }
}

impl Besides<'_> {
    fn typical(&self, segment: usize, term: TermId) -> f64 {
        self.material.typical_besides(&self.profile, segment, term)
    }

    /// The passage with some bytes of a segment's text, if it has them whole.
    fn passage(&self, segment: usize, text: &str, term: TermId, bytes: Range<usize>) -> Option<Passage> {
        let Material { corpus, segments, .. } = self.material;
        let part = sufficient(text, &[Mark { span: bytes.clone(), term, weight: 1.0 }]);
        let is_shown = part.start <= bytes.start && bytes.end <= part.end;
        is_shown.then(|| Passage::new(corpus, segments, segment, text, part))
    }

    /// The counter-evidence that a passage is.
    fn evidence(&self, passage: Passage, term: TermId, kind: CounterKind) -> CounterEvidence {
        let Passage { segment, span, chars, line, text } = passage;
        let score = self.typical(segment, term);
        CounterEvidence { segment, span, chars, line, text, term, kind, score }
    }
}

impl Material<'_> {
    /// How much a segment speaks of a theme apart from a term.
    fn typical_besides(&self, theme: &Profile, segment: usize, term: TermId) -> f64 {
        rounded(theme.typical(&self.others(segment, term)))
    }

    /// The terms of a segment besides one, its parts, and the phrases that it is part of; of unit length.
    fn others(&self, segment: usize, term: TermId) -> Vec<(TermId, f32)> {
        let mut others: Vec<(TermId, f32)> = self.rows.row(segment).into_owned();
        others.retain(|&(other, _)| other != term && !self.vocabulary.is_nested(other, term));
        normalize_by(&mut others, |(_, weight)| weight);
        others
    }
}

impl Against<'_> {
    /// The segments that are searched for negations.
    pub(crate) fn looked_at(&self) -> &[usize] {
        &self.looked_at
    }

    /// Of each telling term that a segment has, its place in the list, and the negation if there is one. Nothing of
    /// segments that are not searched.
    pub(crate) fn negations(
        &self,
        negation: &Negation,
        segment: usize,
        text: &str,
    ) -> Vec<(usize, Option<Negating>)> {
        if self.looked_at.binary_search(&segment).is_err() {
            return Vec::new();
        }
        let vocabulary = self.negated.besides.material.vocabulary;
        let is_here = |term: TermId| vocabulary.segment(segment).has(term);
        let known = self.telling.iter().enumerate().filter(|(_, term)| is_here(term.term));
        let mut found: Vec<(usize, Option<Negating>)> = known.map(|(known, _)| (known, None)).collect();
        let pieces: Vec<Piece> = pieces(text).collect();
        // Neither terms nor what negates them go beyond punctuation.
        for clause in pieces.split(|piece| *piece == Piece::Break) {
            let clause = Clause { text, pieces: clause };
            let negates = |span: Range<usize>| {
                negation.may_negate(&text[span.clone()]) && negation.negates(&clause.spelled(&span))
            };
            if !clause.words().any(negates) {
                continue;
            }
            let is_telling = |term| self.telling.iter().any(|known| known.term == term);
            let places = vocabulary.places_of(segment, text, clause.pieces, is_telling);
            let negating = |place: &Place| {
                let cue = clause.cue(negation, place)?;
                Some(Negating { segment, term: place.term, span: place.span(clause.pieces)?, cue })
            };
            for (known, first) in found.iter_mut().filter(|(_, first)| first.is_none()) {
                let term = self.telling[*known].term;
                *first = places.iter().filter(|place| place.term == term).find_map(negating);
            }
        }
        found
    }

    /// Takes note of what was found in a segment.
    pub(crate) fn add(&mut self, negations: Vec<(usize, Option<Negating>)>) {
        for (known, negating) in negations {
            let times = &mut self.times[known];
            *times = (times.0 + 1, times.1 + u32::from(negating.is_some()));
            self.negated.candidates.extend(negating);
        }
    }

    /// Leaves of the negations of all segments, which came in order, one a segment, of terms that are seldom
    /// negated; the most typical first.
    pub(crate) fn sort(&mut self) {
        let is_rare = |&(_, (all, negated)): &(&ThemeTerm, (u32, u32))| 2 * negated < all;
        let of_terms = self.telling.iter().zip(self.times.iter().copied());
        let rare: FxHashSet<TermId> = of_terms.filter(is_rare).map(|(term, _)| term.term).collect();
        let mut seen = FxHashSet::default();
        let Negated { besides, candidates } = &mut self.negated;
        candidates.retain(|one| rare.contains(&one.term) && seen.insert(one.segment));
        let typical = |one: &Negating| besides.typical(one.segment, one.term);
        candidates.sort_by(|a, b| typical(b).total_cmp(&typical(a)).then(a.segment.cmp(&b.segment)));
    }
}

impl Negated<'_> {
    /// The segments that negate a term.
    pub(crate) fn segments(&self) -> FxHashSet<usize> {
        self.candidates.iter().map(|one| one.segment).collect()
    }

    fn find(&self, segment: usize) -> Option<&Negating> {
        self.candidates.iter().find(|one| one.segment == segment)
    }

    /// The counter-evidence that a passage of a candidate is.
    pub(crate) fn evidence(&self, passage: Passage) -> Option<CounterEvidence> {
        let Negating { segment, term, cue, .. } = self.find(passage.segment)?;
        let first = self.besides.material.segments.list()[*segment].span().start;
        let kind = CounterKind::Negated { cue: first + cue.start..first + cue.end };
        Some(self.besides.evidence(passage, *term, kind))
    }
}

impl Choice for Negated<'_> {
    fn candidates(&self) -> Box<dyn Candidates + '_> {
        Box::new(self.candidates.iter().map(|one| one.segment))
    }

    fn passage(&self, segment: usize, text: &str) -> Option<Passage> {
        let Negating { term, span, cue, .. } = self.find(segment)?;
        let both = span.start.min(cue.start)..span.end.max(cue.end);
        self.besides.passage(segment, text, *term, both)
    }
}

impl Unusual<'_> {
    fn find(&self, segment: usize) -> Option<TermId> {
        self.candidates.iter().find(|one| one.0 == segment).map(|one| one.1)
    }

    /// The counter-evidence that a passage of a candidate is.
    pub(crate) fn evidence(&self, passage: Passage) -> Option<CounterEvidence> {
        let term = self.find(passage.segment)?;
        Some(self.besides.evidence(passage, term, CounterKind::Unusual))
    }
}

impl Choice for Unusual<'_> {
    fn candidates(&self) -> Box<dyn Candidates + '_> {
        Box::new(self.candidates.iter().map(|one| one.0))
    }

    fn passage(&self, segment: usize, text: &str) -> Option<Passage> {
        let term = self.find(segment)?;
        let pieces: Vec<Piece> = pieces(text).collect();
        let vocabulary = self.besides.material.vocabulary;
        let places = vocabulary.places_of(segment, text, &pieces, |other| other == term);
        let span = places.iter().find(|place| place.term == term)?.span(&pieces)?;
        self.besides.passage(segment, text, term, span)
    }
}

/// A stretch of a text without punctuation.
struct Clause<'t> {
    text: &'t str,
    pieces: &'t [Piece],
}

impl Clause<'_> {
    /// The bytes of each word.
    fn words(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        words(self.pieces)
    }

    /// A word as lists of negating words spell it.
    fn spelled(&self, span: &Range<usize>) -> Cow<'_, str> {
        let word = &self.text[span.clone()];
        match word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            true => word.into(),
            false => word.replace('’', "'").to_lowercase().into(),
        }
    }

    /// The bytes of the word that negates a term at a place.
    fn cue(&self, negation: &Negation, place: &Place) -> Option<Range<usize>> {
        let spans: Vec<Range<usize>> = self.words().collect();
        let word = |span| if is_joined(self.text, span) { Cow::default() } else { self.spelled(span) };
        let spelled: Vec<Cow<'_, str>> = spans.iter().map(word).collect();
        let first = words(&self.pieces[..place.pieces.start]).count();
        let length = words(&self.pieces[place.pieces.clone()]).count();
        negation.cue(&spelled, first..first + length).map(|at| spans[at].clone())
    }
}

/// The bytes of each word among some pieces.
fn words(pieces: &[Piece]) -> impl Iterator<Item = Range<usize>> + '_ {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Word(span) => Some(span.clone()),
        Piece::Hyphen | Piece::Break => None,
    })
}

/// Whether a word is part of a larger one, as in "yes/no" and "no-brainer", where it negates nothing.
fn is_joined(text: &str, span: &Range<usize>) -> bool {
    let is_joint = |c: char| matches!(c, '/' | '-' | '\u{2010}' | '\u{2011}');
    let joins = |first: Option<char>, second: Option<char>| {
        first.is_some_and(is_joint) && second.is_some_and(char::is_alphanumeric)
    };
    let (mut before, mut after) = (text[..span.start].chars().rev(), text[span.end..].chars());
    joins(before.next(), before.next()) || joins(after.next(), after.next())
}
