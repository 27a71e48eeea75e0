//! Counter-evidence: passages that have a theme's words and do not bear it out.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Result;
use crate::language::Negation;
use crate::theme::cluster::{Grouping, normalize};
use crate::theme::describe::Material;
use crate::theme::passage::{Mark, Passage, Said, sufficient};
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

/// What all of this is about.
struct Search<'a> {
    material: Material<'a>,
    grouping: &'a Grouping,
    profiles: Vec<Profile>,
    /// The most telling terms of each theme.
    telling: Vec<Vec<ThemeTerm>>,
    /// The segments of each of these terms.
    segments_of: FxHashMap<TermId, Vec<usize>>,
}

/// A term at a place of a segment that may be counter-evidence.
struct Candidate {
    segment: usize,
    term: TermId,
    /// Bytes of the segment's text with the term.
    span: Range<usize>,
    /// The same of the negating word, if any.
    cue: Option<Range<usize>>,
}

/// For each theme up to `wanted` passages of either kind: those of its segments that negate one of its
/// most telling terms, the most typical first; then segments of other themes that have such a term among
/// words of theirs, those first that differ most from the theme.
///
/// A term that is negated in half of its segments or more is left alone: there the negation is what
/// the theme says. Cost: linear in the number of segments, and in the text of those that are looked at.
pub(crate) fn counter_evidence(
    material: Material<'_>,
    grouping: &Grouping,
    ranked: &[Vec<ThemeTerm>],
    wanted: usize,
) -> Result<Vec<Vec<CounterEvidence>>> {
    let profiles = ranked.iter().map(|terms| Profile::new(material.rows, terms)).collect();
    let telling: Vec<Vec<ThemeTerm>> = ranked.iter().map(|terms| telling(terms)).collect();
    let segments_of = segments_of(material.vocabulary, telling.iter().flatten().map(|term| term.term));
    let search = Search { material, grouping, profiles, telling, segments_of };
    let negation = Negation::of(material.vocabulary.language());
    let negated = match &negation {
        Some(words) => search.negated(words)?,
        None => ranked.iter().map(|_| Vec::new()).collect(),
    };
    negated
        .into_par_iter()
        .enumerate()
        .map(|(theme, negated)| {
            let mut found = search.different(theme, negated.into_iter().map(Ok), wanted)?;
            found.extend(search.different(theme, search.unusual(theme), wanted)?);
            Ok(found)
        })
        .collect()
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

impl Search<'_> {
    /// For each theme its terms that its segments negate, each segment once; the most typical first.
    fn negated(&self, negation: &Negation) -> Result<Vec<Vec<Candidate>>> {
        let looked_at = (0..self.telling.len()).into_par_iter().flat_map_iter(|theme| self.typical(theme));
        let Material { corpus, segments, vocabulary, .. } = self.material;
        let group = |segment: usize| self.grouping.group[segment] as usize;
        // Of each telling term that a segment has, its place in the list, and the negation if there is one.
        let negations = |segment: usize, text: &str| {
            let telling = &self.telling[group(segment)];
            let pieces: Vec<Piece> = pieces(text).collect();
            let is_telling = |term| telling.iter().any(|known| known.term == term);
            let places = vocabulary.places_of(segment, text, &pieces, is_telling);
            let negated = |place: &Place| {
                let cue = Some(cue(negation, text, &pieces, place)?);
                Some(Candidate { segment, term: place.term, span: place.span(&pieces)?, cue })
            };
            let of_term = |(known, term): (usize, &ThemeTerm)| {
                let mut here = places.iter().filter(|place| place.term == term.term).peekable();
                here.peek().is_some().then(|| (known, here.find_map(negated)))
            };
            telling.iter().enumerate().filter_map(of_term).collect::<Vec<_>>()
        };
        let mut found: Vec<Vec<Candidate>> = self.telling.iter().map(|_| Vec::new()).collect();
        // Of each telling term, the segments with it and those that negate it.
        let mut times: Vec<Vec<(u32, u32)>> = self.telling.iter().map(|of| vec![(0, 0); of.len()]).collect();
        // The texts of all themes at once, for they may have to be read from files.
        for (segment, of_terms) in segments.map_texts(corpus, looked_at.collect(), negations)? {
            for (known, negated) in of_terms {
                let times = &mut times[group(segment)][known];
                *times = (times.0 + 1, times.1 + u32::from(negated.is_some()));
                found[group(segment)].extend(negated);
            }
        }
        for ((theme, found), times) in found.iter_mut().enumerate().zip(times) {
            let is_rare = |&(_, (all, negated)): &(&ThemeTerm, (u32, u32))| 2 * negated < all;
            let rare: FxHashSet<TermId> =
                self.telling[theme].iter().zip(times).filter(is_rare).map(|(term, _)| term.term).collect();
            let mut seen = FxHashSet::default();
            found.retain(|one| rare.contains(&one.term) && seen.insert(one.segment));
            let besides = |one: &Candidate| self.typical_besides(theme, one.segment, one.term);
            found.sort_by(|a, b| besides(b).total_cmp(&besides(a)).then(a.segment.cmp(&b.segment)));
        }
        Ok(found)
    }

    /// The segments of a theme that are searched for negations.
    fn typical(&self, theme: usize) -> impl Iterator<Item = usize> {
        let profile = &self.profiles[theme];
        let mut typical: Vec<(f32, usize)> = self
            .with_terms(theme)
            .filter(|&(segment, _)| self.grouping.group[segment] as usize == theme)
            .map(|(segment, _)| (profile.typical(&self.material.rows.row(segment)), segment))
            .collect();
        typical.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        typical.truncate(LOOKED_AT);
        typical.into_iter().map(|(_, segment)| segment)
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
    fn unusual(&self, theme: usize) -> impl Iterator<Item = Result<Candidate>> + '_ {
        let mut found = Vec::new();
        for (segment, ThemeTerm { term, exclusivity, segments, .. }) in self.with_terms(theme) {
            let group = self.grouping.group[segment] as usize;
            let is_elsewhere = group != theme && group < self.profiles.len();
            if !is_elsewhere || segments < SEVERAL || self.others(segment, term).len() < OTHERS {
                continue;
            }
            let theirs = self.typical_besides(group, segment, term);
            let ours = self.typical_besides(theme, segment, term);
            if ours * OTHERWISE < theirs {
                found.push(((theirs - ours) * exclusivity, segment, term));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().filter_map(|(_, segment, term)| {
            let text = match self.material.segments.text(self.material.corpus, segment) {
                Ok(text) => text,
                Err(error) => return Some(Err(error)),
            };
            let pieces: Vec<Piece> = pieces(&text).collect();
            let places = self.material.vocabulary.places_of(segment, &text, &pieces, |other| other == term);
            let span = places.iter().find(|place| place.term == term)?.span(&pieces)?;
            Some(Ok(Candidate { segment, term, span, cue: None }))
        })
    }

    /// The first candidates whose passages differ, as they are shown.
    fn different(
        &self,
        theme: usize,
        candidates: impl IntoIterator<Item = Result<Candidate>>,
        wanted: usize,
    ) -> Result<Vec<CounterEvidence>> {
        let Material { corpus, segments, .. } = self.material;
        let mut said = Said::default();
        let mut shown = Vec::new();
        for one in candidates {
            if shown.len() == wanted {
                break;
            }
            let one = one?;
            let text = segments.text(corpus, one.segment)?;
            let cue = one.cue.clone().unwrap_or(one.span.clone());
            let both = one.span.start.min(cue.start)..one.span.end.max(cue.end);
            let part = sufficient(&text, &[Mark { span: both.clone(), term: one.term, weight: 1.0 }]);
            let is_shown = part.start <= both.start && both.end <= part.end;
            if !is_shown || !said.is_new(&text[part.clone()]) {
                continue;
            }
            let first = segments.list()[one.segment].span().start;
            let kind = match one.cue {
                Some(cue) => CounterKind::Negated { cue: first + cue.start..first + cue.end },
                None => CounterKind::Unusual,
            };
            let score = self.typical_besides(theme, one.segment, one.term);
            let Passage { span, chars, line } = Passage::new(corpus, segments, one.segment, &text, part)?;
            let (segment, term) = (one.segment, one.term);
            shown.push(CounterEvidence { segment, span, chars, line, term, kind, score });
        }
        Ok(shown)
    }

    /// How much a segment speaks of a theme apart from a term.
    fn typical_besides(&self, theme: usize, segment: usize, term: TermId) -> f64 {
        rounded(self.profiles[theme].typical(&self.others(segment, term)))
    }

    /// The terms of a segment besides one, its parts, and the phrases that it is part of; of unit length.
    fn others(&self, segment: usize, term: TermId) -> Vec<(TermId, f32)> {
        let mut others: Vec<(TermId, f32)> = self.material.rows.row(segment).into_owned();
        others.retain(|&(other, _)| other != term && !self.material.vocabulary.is_nested(other, term));
        normalize(others.iter_mut().map(|(_, weight)| weight));
        others
    }
}

/// The bytes of the word that negates a term at a place.
fn cue(negation: &Negation, text: &str, pieces: &[Piece], place: &Place) -> Option<Range<usize>> {
    let is_break = |piece: &Piece| *piece == Piece::Break;
    let start = pieces[..place.pieces.start].iter().rposition(is_break).map_or(0, |at| at + 1);
    let after = pieces[place.pieces.end..].iter().position(is_break);
    let end = after.map_or(pieces.len(), |at| place.pieces.end + at);
    let words = |pieces: &[Piece]| -> Vec<Range<usize>> {
        let word = |piece: &Piece| match piece {
            Piece::Word(span) => Some(span.clone()),
            Piece::Hyphen | Piece::Break => None,
        };
        pieces.iter().filter_map(word).collect()
    };
    let spans = words(&pieces[start..end]);
    let word = |span: &Range<usize>| match is_joined(text, span) {
        true => String::new(),
        false => text[span.clone()].replace('’', "'").to_lowercase(),
    };
    let clause: Vec<String> = spans.iter().map(word).collect();
    let first = words(&pieces[start..place.pieces.start]).len();
    let length = words(&pieces[place.pieces.clone()]).len();
    negation.cue(&clause, first..first + length).map(|at| spans[at].clone())
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
