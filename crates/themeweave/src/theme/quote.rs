//! Quotes: passages that are typical of a theme and differ from each other.

use std::sync::Arc;

use crate::segment::Segments;
use crate::theme::Quote;
use crate::theme::choice::{Candidates, Choice};
use crate::theme::describe::Material;
use crate::theme::passage::{LEAST, Mark, Passage, sufficient, words};
use crate::theme::profile::{Profile, rounded};
use crate::token::{Piece, pieces};
use crate::vocabulary::TermId;

/// Weight of being typical against being different from the quotes before.
const TYPICAL: f32 = 0.7;
/// Most that it counts against a segment that its speaker and document were quoted before: enough to
/// decide between segments that are nearly as good.
const HEARD: f32 = 0.3;

/// The segments of a theme that may be quoted.
///
/// They are chosen by maximal marginal relevance (Carbonell and Goldstein 1998): the next quote is typical of the
/// theme and unlike those before, and rather from another document and speaker. Of two that say the same in nearly
/// the same words, or of which one holds the other, one is given.
pub(crate) struct Quotable<'a> {
    material: Material<'a>,
    profile: Arc<Profile>,
    /// The most typical first.
    candidates: Vec<Candidate>,
}

/// A segment that may be quoted.
#[derive(Clone)]
struct Candidate {
    segment: usize,
    /// How typical it is.
    score: f32,
    /// The same, less for a few words.
    worth: f32,
    /// Greatest cosine with a quote that was chosen.
    likeness: f32,
    /// How often its speaker and its document were quoted.
    heard: f32,
}

impl<'a> Quotable<'a> {
    /// Those of a theme's segments that are most typical of it.
    pub(crate) fn new(material: Material<'a>, members: &[u32], profile: Arc<Profile>) -> Quotable<'a> {
        /// Candidates that are compared with each other.
        const CANDIDATES: usize = 200;
        let segments = members.iter().map(|&segment| segment as usize);
        let mut scored: Vec<(f32, usize)> =
            segments.map(|segment| (profile.typical(&material.rows.row(segment)), segment)).collect();
        scored.retain(|&(score, _)| score > 0.0);
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(CANDIDATES);
        let candidate =
            |(score, segment)| Candidate { segment, score, worth: score, likeness: 0.0, heard: 0.0 };
        Quotable { material, profile, candidates: scored.into_iter().map(candidate).collect() }
    }

    /// The candidates.
    pub(crate) fn segments(&self) -> impl Iterator<Item = usize> {
        self.candidates.iter().map(|one| one.segment)
    }

    /// Takes note of how much the text of a segment can tell, if that is a candidate.
    pub(crate) fn weigh(&mut self, segment: usize, telling: f32) {
        let known = self.candidates.iter_mut().filter(|one| one.segment == segment);
        known.for_each(|one| one.worth = one.score * telling);
    }

    /// Leaves out the candidates that speak against the theme, unless all do.
    pub(crate) fn leave_out(&mut self, is_against: impl Fn(usize) -> bool) {
        if !self.segments().all(&is_against) {
            self.candidates.retain(|one| !is_against(one.segment));
        }
    }

    /// The quote that a passage of a candidate is.
    pub(crate) fn quote(&self, passage: Passage) -> Quote {
        let Passage { segment, span, chars, line, text } = passage;
        let known = self.candidates.iter().find(|one| one.segment == segment);
        let score = known.map_or(0.0, |one| rounded(one.score));
        Quote { segment, span, chars, line, text, score }
    }
}

impl Choice for Quotable<'_> {
    fn candidates(&self) -> Box<dyn Candidates + '_> {
        Box::new(Marginal { of: self, left: self.candidates.clone(), last: None })
    }

    /// The part where most of the terms stand that make the segment typical.
    fn passage(&self, segment: usize, text: &str) -> Option<Passage> {
        let Material { corpus, segments, vocabulary, rows, .. } = self.material;
        let pieces: Vec<Piece> = pieces(text).collect();
        let row = rows.row(segment);
        let mut marks: Vec<Mark> = vocabulary
            .places(segment, text, &pieces)
            .into_iter()
            .filter_map(|place| {
                let at = row.binary_search_by_key(&place.term, |&(term, _)| term).ok()?;
                let weight = row[at].1 * self.profile.weight(place.term);
                Some(Mark { span: place.span(&pieces)?, term: place.term, weight })
            })
            .collect();
        marks.sort_by_key(|mark| mark.span.start);
        Some(Passage::new(corpus, segments, segment, text, sufficient(text, &marks)))
    }
}

/// Candidates by their marginal relevance.
struct Marginal<'a> {
    of: &'a Quotable<'a>,
    left: Vec<Candidate>,
    /// The segment given last.
    last: Option<usize>,
}

impl Candidates for Marginal<'_> {
    fn best(&mut self) -> Option<usize> {
        let value = |of: &Candidate| {
            TYPICAL * of.worth - (1.0 - TYPICAL) * (of.likeness + of.heard.min(HEARD)).min(1.0)
        };
        let better = |best, next| if value(&self.left[next]) > value(&self.left[best]) { next } else { best };
        let best = (0..self.left.len()).reduce(better)?;
        self.last = Some(self.left.remove(best).segment);
        self.last
    }

    fn choose(&mut self) {
        let Some(last) = self.last else { return };
        let Material { segments, rows, .. } = self.of.material;
        let row = rows.row(last);
        for other in &mut self.left {
            other.likeness = other.likeness.max(cosine(&rows.row(other.segment), &row));
            other.heard += heard(segments, other.segment, last);
        }
    }
}

/// How much a text of so many words can tell, 0..=1: a word or two are typical of much and say little.
pub(crate) fn telling(text: &str) -> f32 {
    (words(text) as f32 / LEAST as f32).min(1.0).sqrt()
}

/// What it counts that two segments have one speaker or stand in one document.
fn heard(segments: &Segments, a: usize, b: usize) -> f32 {
    let (a, b) = (&segments.list()[a], &segments.list()[b]);
    let same_document = a.document() == b.document();
    let same_speaker = segments.speaker(a).is_some() && segments.speaker(a) == segments.speaker(b);
    0.2 * f32::from(u8::from(same_speaker)) + 0.1 * f32::from(u8::from(same_document))
}

/// Cosine of two segments' terms.
fn cosine(a: &[(TermId, f32)], b: &[(TermId, f32)]) -> f32 {
    let (mut x, mut y) = (a.iter().peekable(), b.iter().peekable());
    let mut cosine = 0.0;
    while let (Some(&&(i, v)), Some(&&(j, w))) = (x.peek(), y.peek()) {
        if i == j {
            cosine += v * w;
        }
        if i <= j {
            x.next();
        }
        if j <= i {
            y.next();
        }
    }
    cosine
}
