//! What became of a word: step by step from its spellings to its theme, with the reasons.

use std::ops::Range;

use serde::Serialize;

use crate::analysis::Analysis;
use crate::association::{AssociationMeasure, Contingency, ExactTest};
use crate::corpus::Corpus;
use crate::error::{Error, Result};
use crate::network::{Link, LinkRule, NoLink, contingency};
use crate::options::Options;
use crate::segment::{NotCounted, Segments};
use crate::theme::{Mark, Passage, covers, sufficient};
use crate::token::{Piece, Tokens, pieces};
use crate::vocabulary::{Classifier, Fates, Outcome, PhraseTest, Replacement, TermId, WordFate};

/// What became of a word or expression.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What was asked for.
    pub query: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it stands in the text, in any of its forms, its words side by side.
    pub times: usize,
    /// In how many segments.
    pub segments: usize,
    /// What became of each of its words.
    pub words: Vec<WordFate>,
    /// Replacements by synonyms that have one of its words or make it.
    pub synonyms: Vec<Replacement>,
    /// For a single word, the phrases that it is part of; for an expression, whether its words are one.
    pub phrases: Vec<PhraseTest>,
    /// The term that it is.
    pub term: Option<TermStanding>,
    /// Some of the places where it stands, in reading order, each in another segment.
    pub places: Vec<PlaceInText>,
    /// Number of segments with such a place.
    pub place_segments: usize,
    /// For those of its words that are not in the text that is counted, where else they stand.
    pub not_counted: Vec<Uncounted>,
    /// For those of its words that are nowhere, words of the text that are spelled nearly so, the nearest
    /// first.
    pub near: Vec<String>,
}

/// Where a word stands and is not counted, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uncounted {
    /// The word in normal form.
    pub word: String,
    /// Why it is not counted.
    pub why: NotCounted,
    /// How often it stands so.
    pub times: usize,
    /// [`Document::source`](crate::Document::source) of the first of these places.
    pub source: String,
    /// Line of the source file.
    pub line: u32,
    /// The passage around it.
    pub text: String,
}

/// How a term stands in the network and the themes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermStanding {
    /// The text by which it is shown.
    pub text: String,
    /// Occurrences, within phrases too.
    pub frequency: u64,
    /// Segments with at least one.
    pub segments: u32,
    /// Its place among all terms by number of segments, from 1.
    pub rank: usize,
    /// Whether it is one of the terms whose pairs are tested for links.
    pub is_in_network: bool,
    /// Its strongest links.
    pub neighbors: Vec<Neighbor>,
    /// The pairs that occur together most and are no links.
    pub without_link: Vec<Unlinked>,
    /// The theme that the network gives it, counted from 1.
    pub theme: Option<usize>,
    /// The themes whose segments have it, that with the most segments first.
    pub themes: Vec<ThemeStanding>,
}

/// A link of a term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbor {
    /// The other term.
    pub term: String,
    /// As in [`Link::weight`](crate::Link::weight).
    pub weight: f64,
    /// Segments with both.
    pub cooccurrences: u32,
    /// Segments with both that chance would have.
    pub expected: f64,
    /// As in [`Link::p`](crate::Link::p).
    pub p: f64,
}

/// A pair of terms that is no link.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unlinked {
    /// The other term.
    pub term: String,
    /// Segments with both.
    pub cooccurrences: u32,
    /// Segments with both that chance would have.
    pub expected: f64,
    /// Probability of at least as many segments with both by chance.
    pub p: f64,
    /// Why there is no link.
    pub why: NoLink,
}

/// A term in a theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeStanding {
    /// The theme, counted from 1.
    pub theme: usize,
    /// Its label.
    pub label: String,
    /// Segments of the theme with the term.
    pub observed: u64,
    /// As many as chance would have, given the sizes of the themes.
    pub expected: f64,
    /// Log-likelihood ratio G² of the two; below 0 where there are fewer than expected.
    pub g2: f64,
    /// Share of the term's segments that are the theme's, 0..=1.
    pub exclusivity: f64,
    /// Its place among the theme's terms, from 1; `None` where it is none of them.
    pub rank: Option<usize>,
    /// Its share of all occurrences of terms in the theme, where it is one of its terms.
    pub beta: Option<f64>,
    /// A phrase that stands for it among the theme's terms, for nearly all segments of the theme with the term
    /// have it.
    pub covered_by: Option<Covering>,
}

/// A phrase that stands for one of its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covering {
    /// The phrase.
    pub phrase: String,
    /// Segments of the theme with the phrase.
    pub segments: u64,
}

/// A place where a word stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceInText {
    /// Index of the segment.
    pub segment: usize,
    /// [`Document::source`](crate::Document::source) of its document.
    pub source: String,
    /// Line of the source file.
    pub line: u32,
    /// The passage around it.
    pub text: String,
}

/// Explains what became of a word or expression in an analysis of `corpus` with `options`.
///
/// The word may be given in any form. Costs about as much as the steps up to the terms.
///
/// # Errors
/// [`ErrorKind::Options`](crate::ErrorKind::Options) where there is no word in `query`.
///
/// ```
/// use themeweave::{Corpus, Options, Outcome, analyze, explain};
/// let corpus = Corpus::from_notes(["The bus is late.", "Late buses again.", "A dear ticket."])?;
/// let options = Options::default();
/// let analysis = analyze(&corpus, &options, &mut ())?;
/// let late = explain(&corpus, &options, &analysis, "late")?;
/// assert_eq!(late.words[0].spellings.len(), 2);
/// assert_eq!(explain(&corpus, &options, &analysis, "ticket")?.outcome, Outcome::Rare { segments: 1, least: 2 });
/// # Ok::<(), themeweave::Error>(())
/// ```
pub fn explain(corpus: &Corpus, options: &Options, analysis: &Analysis, query: &str) -> Result<Explanation> {
    if crate::token::words(query).next().is_none() {
        return Err(Error::options(format!("there is no word in “{query}”")));
    }
    let tokens = Tokens::from_segments(corpus, &analysis.segments, options.terms.most_spellings(), &mut ())?;
    let fates = Fates::of(&tokens, analysis.language, &options.terms, query);
    let term = fates.term.filter(|&term| (term as usize) < analysis.vocabulary.terms().len());
    let mut in_segments: Vec<usize> = fates.places.iter().map(|place| place.0).collect();
    in_segments.dedup();
    let of_term = |segment: &usize| term.is_some_and(|term| analysis.vocabulary.segment(*segment).has(term));
    let is_place = |segment: &usize| of_term(segment) || in_segments.binary_search(segment).is_ok();
    let place_segments = (0..analysis.segments.len()).filter(is_place).count();
    let absent = fates.words.iter().filter(|word| word.outcome == Outcome::Absent);
    let absent: Vec<&str> = absent.map(|word| word.word.as_str()).collect();
    let not_counted = not_counted(corpus, options, analysis, &absent)?;
    let is_nowhere = |word: &&&str| not_counted.iter().all(|known| known.word != **word);
    let near = absent.iter().filter(is_nowhere).flat_map(|word| near(&tokens, word)).collect();
    Ok(Explanation {
        query: query.to_owned(),
        outcome: fates.outcome,
        times: fates.places.len(),
        segments: in_segments.len(),
        places: places(corpus, analysis, term, &fates.places)?,
        place_segments,
        not_counted,
        words: fates.words,
        synonyms: fates.synonyms,
        phrases: fates.phrases,
        term: term.map(|term| standing(analysis, options, term)),
        near,
    })
}

fn standing(analysis: &Analysis, options: &Options, term: TermId) -> TermStanding {
    /// Links, and pairs that are none, that are told.
    const TOLD: usize = 10;
    let known = &analysis.vocabulary.terms()[term as usize];
    let network = &analysis.network;
    let node = petgraph::graph::NodeIndex::new(term as usize);
    let linked = |other: TermId| {
        let edge = network.find_edge(node, petgraph::graph::NodeIndex::new(other as usize))?;
        network.edge_weight(edge)
    };
    let rule = LinkRule::for_segments(analysis.segments.len(), options.association);
    let test = ExactTest::default();
    let is_in_network = (term as usize) < network.node_count();
    let mut neighbors: Vec<(TermId, Link)> = Vec::new();
    let mut others: Vec<(TermId, u32)> = Vec::new();
    if is_in_network {
        for other in (0..network.node_count() as TermId).filter(|&other| other != term) {
            match (linked(other), analysis.cooccurrence.count(term, other)) {
                (Some(link), _) => neighbors.push((other, *link)),
                (None, 0) => {}
                (None, both) => others.push((other, both)),
            }
        }
    }
    neighbors.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(&b.0)));
    others.sort_by_key(|&(other, both)| (std::cmp::Reverse(both), other));
    let table = |other: TermId, both: u32| contingency(&analysis.vocabulary, term, other, both);
    let text = |other: TermId| analysis.term(other).to_owned();
    TermStanding {
        text: known.text.clone(),
        frequency: known.frequency,
        segments: known.segments,
        rank: term as usize + 1,
        is_in_network,
        neighbors: neighbors
            .into_iter()
            .take(TOLD)
            .map(|(other, link)| Neighbor {
                term: text(other),
                weight: link.weight,
                cooccurrences: link.cooccurrences,
                expected: table(other, link.cooccurrences).expected(),
                p: link.p,
            })
            .collect(),
        without_link: others
            .into_iter()
            .take(TOLD)
            .map(|(other, both)| Unlinked {
                term: text(other),
                cooccurrences: both,
                expected: table(other, both).expected(),
                p: test.p(table(other, both)),
                why: rule
                    .judge(table(other, both), || analysis.vocabulary.is_nested(term, other), &test)
                    .err()
                    .unwrap_or(NoLink::Weaker),
            })
            .collect(),
        theme: analysis.theme_of_term.get(term as usize).copied().flatten().map(|theme| theme + 1),
        themes: themes(analysis, term),
    }
}

/// The themes of a term's segments, by the same table that chooses the terms of a theme.
fn themes(analysis: &Analysis, term: TermId) -> Vec<ThemeStanding> {
    let mut observed = vec![0_u64; analysis.themes.len()];
    let mut compared = 0;
    for (segment, memberships) in analysis.memberships.iter().enumerate() {
        let Some(main) = memberships.first() else { continue };
        compared += 1;
        if analysis.vocabulary.segment(segment).has(term) {
            observed[main.theme] += 1;
        }
    }
    let all: u64 = observed.iter().sum();
    let segments = f64::from(analysis.vocabulary.terms()[term as usize].segments);
    let mut standings: Vec<ThemeStanding> = analysis
        .themes
        .iter()
        .zip(observed)
        .enumerate()
        .filter(|(_, (_, observed))| *observed > 0)
        .map(|(number, (theme, observed))| {
            let table = Contingency { both: observed, a: all, b: theme.segments.into(), n: compared };
            let rank = theme.terms.iter().position(|known| known.term == term);
            ThemeStanding {
                theme: number + 1,
                label: theme.label.clone(),
                observed,
                expected: table.expected(),
                g2: AssociationMeasure::LogLikelihood.score(table),
                exclusivity: observed as f64 / segments,
                rank: rank.map(|rank| rank + 1),
                beta: rank.map(|rank| theme.terms[rank].beta),
                covered_by: theme
                    .terms
                    .iter()
                    .find(|phrase| {
                        let parts = &analysis.vocabulary.terms()[phrase.term as usize].parts;
                        parts.contains(&term) && covers(phrase.segments.into(), observed)
                    })
                    .filter(|_| rank.is_none())
                    .map(|phrase| Covering {
                        phrase: analysis.term(phrase.term).to_owned(),
                        segments: phrase.segments.into(),
                    }),
            }
        })
        .collect();
    standings.sort_by_key(|standing| (std::cmp::Reverse(standing.observed), standing.theme));
    standings
}

/// The first places of different segments: those found as they were asked for, else those of the term.
fn places(
    corpus: &Corpus,
    analysis: &Analysis,
    term: Option<TermId>,
    found: &[(usize, Range<usize>)],
) -> Result<Vec<PlaceInText>> {
    /// Places that are shown.
    const SHOWN: usize = 3;
    let Analysis { segments, vocabulary, .. } = analysis;
    let of_segments = found.chunk_by(|a, b| a.0 == b.0).filter_map(<[_]>::first);
    let mut wanted: Vec<(usize, Option<Range<usize>>)> =
        of_segments.take(SHOWN).map(|(segment, at)| (*segment, Some(at.clone()))).collect();
    if let Some(term) = term {
        let has_term = |&segment: &usize| vocabulary.segment(segment).has(term);
        // Some of these may be wanted already.
        wanted.extend((0..segments.len()).filter(has_term).take(2 * SHOWN).map(|segment| (segment, None)));
    }
    let look = |segment, text: &str, place_wanted: usize| {
        let pieces: Vec<Piece> = pieces(text).collect();
        let of_term = || {
            let mut places = vocabulary.places(segment, text, &pieces).into_iter();
            Some(places.find(|place| Some(place.term) == term)?.pieces)
        };
        let at = wanted[place_wanted].1.clone().or_else(of_term)?;
        place(corpus, segments, segment, text, &pieces[at])
    };
    let asked = wanted.iter().enumerate().map(|(at, place)| (place.0, at)).collect();
    let mut places = segments.map_texts(corpus, asked, look)?;
    places.sort_unstable_by_key(|found| found.1);
    let mut shown: Vec<PlaceInText> = Vec::new();
    for place in places.into_iter().filter_map(|found| found.2) {
        if shown.len() < SHOWN && shown.iter().all(|known| known.segment != place.segment) {
            shown.push(place);
        }
    }
    Ok(shown)
}

/// The place of words in a segment, with enough of its text around them.
fn place(
    corpus: &Corpus,
    segments: &Segments,
    segment: usize,
    text: &str,
    pieces: &[Piece],
) -> Option<PlaceInText> {
    let mut words = pieces.iter().filter_map(|piece| match piece {
        Piece::Word(span) => Some(span.clone()),
        Piece::Hyphen | Piece::Break => None,
    });
    let first = words.next()?;
    let span = first.start..words.next_back().map_or(first.end, |last| last.end);
    let part = sufficient(text, &[Mark { span: span.clone(), term: 0, weight: 1.0 }]);
    let document = corpus.document(segments.list()[segment].document());
    let source = document.map_or_else(String::new, |document| document.source().to_string());
    let line = Passage::new(corpus, segments, segment, text, span).line;
    Some(PlaceInText { segment, source, line, text: text[part].to_owned() })
}

/// Where words stand whose occurrences are not counted, by words and reasons.
fn not_counted(
    corpus: &Corpus,
    options: &Options,
    analysis: &Analysis,
    words: &[&str],
) -> Result<Vec<Uncounted>> {
    let mut found: Vec<Uncounted> = Vec::new();
    if words.is_empty() {
        return Ok(found);
    }
    let classifier = Classifier::new(analysis.language, &options.terms);
    let same: Vec<_> = words.iter().map(|word| (*word, classifier.same_as(word))).collect();
    analysis.segments.each_uncounted(corpus, &options.speakers, |why, place, text| {
        for piece in pieces(text) {
            let Piece::Word(span) = piece else { continue };
            for (word, _) in same.iter().filter(|(_, is_same)| is_same(&text[span.clone()])) {
                if let Some(known) = found.iter_mut().find(|known| known.word == *word && known.why == why) {
                    known.times += 1;
                    continue;
                }
                let part = sufficient(text, &[Mark { span: span.clone(), term: 0, weight: 1.0 }]);
                let document = corpus.document(place.document());
                found.push(Uncounted {
                    word: (*word).to_owned(),
                    why,
                    times: 1,
                    source: document.map_or_else(String::new, |document| document.source().to_string()),
                    line: place.line() + text[..span.start].matches('\n').count() as u32,
                    text: text[part].to_owned(),
                });
            }
        }
    })?;
    found.sort_by(|a, b| a.word.cmp(&b.word).then(a.why.cmp(&b.why)));
    Ok(found)
}

/// Words of the text that are spelled nearly like one that is nowhere.
fn near(tokens: &Tokens, absent: &str) -> Vec<String> {
    const SHOWN: usize = 5;
    // A third of the letters may be wrong, and one of a short word.
    let most = (absent.chars().count() / 3).max(1);
    let mut near: Vec<(usize, String)> = tokens
        .types
        .iter()
        .map(|word| word.to_lowercase())
        .map(|word| (strsim::damerau_levenshtein(&word, absent), word))
        .filter(|&(distance, _)| distance <= most && 2 * distance < absent.chars().count())
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(SHOWN).map(|(_, word)| word).collect()
}
