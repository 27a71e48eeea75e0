//! Quotes: passages that are typical of a theme and differ from each other.

use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::Corpus;
use crate::segment::Segments;
use crate::theme::cluster::normalize;
use crate::theme::tfidf::TfIdf;
use crate::theme::{Quote, ThemeTerm};
use crate::vocabulary::Vocabulary;

/// Weight of being typical against being different from the quotes before.
const TYPICAL: f32 = 0.7;

/// Up to `wanted` quotes among a theme's segments by maximal marginal relevance (Carbonell and
/// Goldstein 1998): the next quote is typical of the theme and unlike those before, and rather from
/// another document and speaker.
pub(crate) fn quotes(
    corpus: &Corpus,
    segments: &Segments,
    vocabulary: &Vocabulary,
    rows: &TfIdf,
    members: &[u32],
    terms: &[ThemeTerm],
    wanted: usize,
) -> Vec<Quote> {
    /// Candidates that are compared with each other.
    const CANDIDATES: usize = 200;
    let mut profile = vec![0.0_f32; rows.terms()];
    for term in terms {
        profile[term.term as usize] = (f64::from(term.segments) * term.membership).sqrt() as f32;
    }
    normalize(profile.iter_mut());
    let typical = |segment: u32| -> f32 {
        rows.row(segment as usize).iter().map(|&(term, weight)| weight * profile[term as usize]).sum()
    };
    let mut candidates: Vec<(f32, u32)> =
        members.iter().map(|&segment| (typical(segment), segment)).collect();
    candidates.retain(|&(score, _)| score > 0.0);
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    candidates.truncate(CANDIDATES);
    let mut chosen: Vec<(f32, u32)> = Vec::new();
    while chosen.len() < wanted && !candidates.is_empty() {
        let mut best = (f32::NEG_INFINITY, 0);
        for (at, &(score, segment)) in candidates.iter().enumerate() {
            let likeness = chosen.iter().map(|&(_, other)| likeness(rows, segments, segment, other));
            let value = TYPICAL * score - (1.0 - TYPICAL) * likeness.fold(0.0, f32::max);
            if value > best.0 {
                best = (value, at);
            }
        }
        chosen.push(candidates.remove(best.1));
    }
    chosen
        .into_iter()
        .map(|(score, segment)| {
            let score = (f64::from(score) * 1e4).round() / 1e4;
            passage(corpus, segments, vocabulary, terms, segment as usize, score)
        })
        .collect()
}

/// Cosine of two segments' terms, more when they share a document or a speaker; 0..=1.
fn likeness(rows: &TfIdf, segments: &Segments, a: u32, b: u32) -> f32 {
    let (mut x, mut y) = (rows.row(a as usize).iter().peekable(), rows.row(b as usize).iter().peekable());
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
    let (a, b) = (&segments.list()[a as usize], &segments.list()[b as usize]);
    let same_document = a.document() == b.document();
    let same_speaker = segments.speaker(a).is_some() && segments.speaker(a) == segments.speaker(b);
    (cosine + 0.2 * f32::from(u8::from(same_speaker)) + 0.1 * f32::from(u8::from(same_document))).min(1.0)
}

/// The whole segment, or the sentence with most of the theme in it where the segment is long.
fn passage(
    corpus: &Corpus,
    segments: &Segments,
    vocabulary: &Vocabulary,
    terms: &[ThemeTerm],
    index: usize,
    score: f64,
) -> Quote {
    /// Longest quote that is given whole, in words.
    const WORDS: usize = 60;
    let segment = &segments.list()[index];
    let text = segments.text(corpus, index);
    let mut part = 0..text.len();
    if text.split_whitespace().count() > WORDS {
        let marks: Vec<(String, f64)> = terms
            .iter()
            .take(20)
            .map(|term| (vocabulary.terms()[term.term as usize].text.to_lowercase(), term.membership))
            .collect();
        let mut best = 0.0;
        for (at, sentence) in text.split_sentence_bound_indices() {
            let words = sentence.split_whitespace().count();
            if !(5..=WORDS).contains(&words) {
                continue;
            }
            let lower = sentence.to_lowercase();
            let weight: f64 =
                marks.iter().filter(|(mark, _)| lower.contains(mark.as_str())).map(|(_, w)| w).sum();
            if weight > best {
                best = weight;
                let start = at + (sentence.len() - sentence.trim_start().len());
                part = start..start + sentence.trim().len();
            }
        }
    }
    let before = &text[..part.start];
    let char_start = segment.chars().start + before.chars().count() as u32;
    Quote {
        segment: index,
        span: segment.span().start + part.start..segment.span().start + part.end,
        chars: char_start..char_start + text[part].chars().count() as u32,
        line: segment.line() + before.matches('\n').count() as u32,
        score,
    }
}
