//! Quotes: passages that are typical of a theme and differ from each other.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::segment::Segments;
use crate::theme::describe::Material;
use crate::theme::passage::{LEAST, Mark, Passage, Said, sufficient, words};
use crate::theme::profile::{Profile, rounded};
use crate::theme::tfidf::TfIdf;
use crate::theme::{Quote, ThemeTerm};
use crate::token::{Piece, pieces};
use crate::vocabulary::{TermId, Vocabulary};

/// Weight of being typical against being different from the quotes before.
const TYPICAL: f32 = 0.7;
/// Most that it counts against a segment that its speaker and document were quoted before: enough to
/// decide between segments that are nearly as good.
const HEARD: f32 = 0.3;
/// For each theme up to `wanted` quotes among its segments by maximal marginal relevance (Carbonell and
/// Goldstein 1998): the next quote is typical of the theme and unlike those before, and rather from
/// another document and speaker. Of two that say the same in nearly the same words, one is given.
pub(crate) fn quotes(
    material: Material<'_>,
    members: &[Vec<u32>],
    ranked: &[Vec<ThemeTerm>],
    wanted: usize,
) -> Result<Vec<Vec<Quote>>> {
    let profiles: Vec<Profile> = ranked.iter().map(|terms| Profile::new(material.rows, terms)).collect();
    let of_themes = members.iter().zip(&profiles);
    let mut candidates: Vec<Vec<Candidate>> =
        of_themes.map(|(members, profile)| candidates(material.rows, members, profile)).collect();
    // The texts of all of them at once, for they may have to be read from files.
    let all = candidates.iter().flatten().map(|one| one.segment as usize).collect();
    let telling = |_, text: &str| telling(text);
    let worth: FxHashMap<usize, f32> =
        material.segments.map_texts(material.corpus, all, telling)?.into_iter().collect();
    for one in candidates.iter_mut().flatten() {
        one.worth *= worth.get(&(one.segment as usize)).copied().unwrap_or(1.0);
    }
    let of_themes = candidates.into_par_iter().zip(&profiles);
    of_themes.map(|(candidates, profile)| choose(material, candidates, profile, wanted)).collect()
}

/// The segments of a theme that may be quoted, the most typical first.
fn candidates(rows: &TfIdf<'_>, members: &[u32], profile: &Profile) -> Vec<Candidate> {
    /// Candidates that are compared with each other.
    const CANDIDATES: usize = 200;
    let mut scored: Vec<(f32, u32)> =
        members.iter().map(|&segment| (profile.typical(&rows.row(segment as usize)), segment)).collect();
    scored.retain(|&(score, _)| score > 0.0);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(CANDIDATES);
    let candidate = |(score, segment)| Candidate { segment, score, worth: score, likeness: 0.0, heard: 0.0 };
    scored.into_iter().map(candidate).collect()
}

fn choose(
    material: Material<'_>,
    mut candidates: Vec<Candidate>,
    profile: &Profile,
    wanted: usize,
) -> Result<Vec<Quote>> {
    let Material { corpus, segments, vocabulary, rows, .. } = material;
    let mut quotes: Vec<Quote> = Vec::new();
    let mut said = Said::default();
    while quotes.len() < wanted {
        let value = |of: &Candidate| {
            TYPICAL * of.worth - (1.0 - TYPICAL) * (of.likeness + of.heard.min(HEARD)).min(1.0)
        };
        let best = (0..candidates.len()).reduce(|best, next| {
            if value(&candidates[next]) > value(&candidates[best]) { next } else { best }
        });
        let Some(best) = best else { break };
        let chosen = candidates.remove(best);
        let text = segments.text(corpus, chosen.segment as usize)?;
        let part = passage(vocabulary, rows, profile, chosen.segment as usize, &text);
        if !said.is_new(&text[part.clone()]) {
            continue;
        }
        for other in &mut candidates {
            other.likeness = other
                .likeness
                .max(cosine(&rows.row(other.segment as usize), &rows.row(chosen.segment as usize)));
            other.heard += heard(segments, other.segment, chosen.segment);
        }
        let Passage { span, chars, line } =
            Passage::new(corpus, segments, chosen.segment as usize, &text, part)?;
        quotes.push(Quote {
            segment: chosen.segment as usize,
            span,
            chars,
            line,
            score: rounded(chosen.score),
        });
    }
    Ok(quotes)
}

/// A segment that may be quoted.
struct Candidate {
    segment: u32,
    /// How typical it is.
    score: f32,
    /// The same, less for a few words.
    worth: f32,
    /// Greatest cosine with a quote that was chosen.
    likeness: f32,
    /// How often its speaker and its document were quoted.
    heard: f32,
}

/// How much a text of so many words can tell, 0..=1: a word or two are typical of much and say little.
fn telling(text: &str) -> f32 {
    (words(text) as f32 / LEAST as f32).min(1.0).sqrt()
}

/// What it counts that two segments have one speaker or stand in one document.
fn heard(segments: &Segments, a: u32, b: u32) -> f32 {
    let (a, b) = (&segments.list()[a as usize], &segments.list()[b as usize]);
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

/// The part of a segment that is quoted, in bytes of its text: where most of the terms stand that make
/// it typical.
fn passage(
    vocabulary: &Vocabulary,
    rows: &TfIdf<'_>,
    profile: &Profile,
    index: usize,
    text: &str,
) -> Range<usize> {
    let pieces: Vec<Piece> = pieces(text).collect();
    let row = rows.row(index);
    let mut marks: Vec<Mark> = vocabulary
        .places(index, text, &pieces)
        .into_iter()
        .filter_map(|place| {
            let at = row.binary_search_by_key(&place.term, |&(term, _)| term).ok()?;
            let weight = row[at].1 * profile.weight(place.term);
            Some(Mark { span: place.span(&pieces)?, term: place.term, weight })
        })
        .collect();
    marks.sort_by_key(|mark| mark.span.start);
    sufficient(text, &marks)
}
