//! The themes with their terms, quotes and counter-evidence.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use themeweave::{Analysis, Corpus, CounterEvidence, DocumentRef, Theme, VoiceKind};

use crate::wording::{self, count, grouped, interval, percent, speakers, unit};
use crate::write::draw::{theme_color, theme_outline};
use crate::write::report::unbroken;

/// Terms shown of a theme.
const TERMS: usize = 15;

/// Most characters shown of a segment on either side of a quote, and of the segments beside it.
const CONTEXT: usize = 600;

/// A theme as the page shows it.
pub(super) struct Card<'a> {
    pub(super) number: usize,
    pub(super) label: &'a str,
    pub(super) color: String,
    pub(super) outline: String,
    pub(super) share: String,
    pub(super) interval: Option<String>,
    pub(super) stability: Option<String>,
    /// Number of segments, documents and speakers in words.
    pub(super) extent: String,
    pub(super) terms: Vec<CardTerm<'a>>,
    /// Who says most of it, as a warning where one voice makes the theme.
    pub(super) loudest: Option<(Option<&'static str>, String)>,
    /// The themes within it: label and extent.
    pub(super) subthemes: Vec<(&'a str, String)>,
    /// Number and label of the themes that it is tied to most, each with how.
    pub(super) tied: Vec<(usize, &'a str, String)>,
    pub(super) quotes: Vec<Shown<'a>>,
    pub(super) against: Vec<Shown<'a>>,
}

/// A term of a theme.
pub(super) struct CardTerm<'a> {
    pub(super) text: &'a str,
    /// The theme's segments that have it.
    pub(super) segments: String,
    /// The same in words.
    pub(super) about: String,
}

/// A passage in its context.
pub(super) struct Shown<'a> {
    pub(super) text: &'a str,
    /// What kind of counter-evidence it is.
    pub(super) note: Option<String>,
    /// What stands before and after it in its segment.
    pub(super) within: [String; 2],
    /// The segments before and after in the same document.
    pub(super) beside: [Option<String>; 2],
    /// Where it stands, in short.
    pub(super) place: String,
    /// Where it stands, in full.
    pub(super) details: Vec<(&'static str, String)>,
}

/// The themes in their order.
pub(super) fn cards<'a>(corpus: &'a Corpus, analysis: &'a Analysis) -> io::Result<Vec<Card<'a>>> {
    let passages = Passages::new(corpus, analysis)?;
    Ok(analysis.themes.iter().enumerate().map(|(i, theme)| card(&passages, i, theme)).collect())
}

fn card<'a>(passages: &Passages<'a>, index: usize, theme: &'a Theme) -> Card<'a> {
    let Passages { corpus, analysis, .. } = *passages;
    let segment = unit(analysis.segments.unit());
    let mut extent = count(theme.segments as usize, segment);
    // Where each segment is a document of its own, as the rows of tables are, once is enough.
    if corpus.len() > 1 && theme.documents < theme.segments {
        extent.push_str(&format!(", {}", count(theme.documents as usize, "document")));
    }
    if theme.speakers > 0 {
        extent.push_str(&format!(", {}", speakers(theme.speakers as usize, analysis.voices)));
    }
    let about = |term: &themeweave::ThemeTerm| {
        format!(
            "in {} of the theme; {} of all its {segment}s are here",
            count(term.segments as usize, segment),
            percent(term.exclusivity)
        )
    };
    let shown = |term: &themeweave::ThemeTerm| CardTerm {
        text: analysis.term(term.term),
        segments: grouped(term.segments as usize),
        about: about(term),
    };
    Card {
        number: index + 1,
        label: &theme.label,
        color: theme_color(Some(index)),
        outline: theme_outline(Some(index)),
        share: unbroken(&percent(theme.share)),
        interval: theme.share_interval.map(interval).as_deref().map(unbroken),
        stability: theme
            .stability
            .map(|stability| format!("{}, {}", wording::stability(stability), stability_word(stability))),
        loudest: theme.loudest.as_ref().map(|voice| {
            let (number, all) = (grouped(voice.segments as usize), grouped(theme.segments as usize));
            let without = percent(voice.share_without);
            let of_document = analysis.voices == VoiceKind::Document;
            let one = if of_document { "Mostly one document." } else { "Mostly one voice." };
            let name = passages.short_name(&voice.name);
            let part = if number == all {
                format!("All from {name}")
            } else {
                format!("Largest part from {name}: {number} of {all}")
            };
            let rest = if without == percent(theme.share) {
                String::new()
            } else {
                format!("; without, the share would be {}", unbroken(&without))
            };
            (theme.is_one_voice().then_some(one), format!("{part}{rest}."))
        }),
        subthemes: theme
            .subthemes
            .iter()
            .map(|inner| (inner.label.as_str(), count(inner.segments as usize, segment)))
            .collect(),
        tied: tied(analysis, index),
        extent,
        terms: analysis.readable_terms(theme).into_iter().take(TERMS).map(shown).collect(),
        quotes: theme
            .quotes
            .iter()
            .filter_map(|quote| {
                passages.shown(quote.segment, &quote.span, &quote.text, &quote.chars, quote.line, None)
            })
            .collect(),
        against: theme
            .counter_evidence
            .iter()
            .filter_map(|found| {
                let note = Some(passages.note(found));
                passages.shown(found.segment, &found.span, &found.text, &found.chars, found.line, note)
            })
            .collect(),
    }
}

/// The bounds of Hennig (2007) in words, for a value as it is shown, with two decimals.
fn stability_word(stability: f64) -> &'static str {
    match (100.0 * stability).round() {
        75.0.. => "stable",
        50.0.. => "fairly stable",
        _ => "often dissolves",
    }
}

/// The themes with the greatest weight of links to one.
fn tied(analysis: &Analysis, index: usize) -> Vec<(usize, &str, String)> {
    const MOST: usize = 3;
    let mut links: Vec<_> =
        analysis.theme_links.iter().filter(|link| link.a == index || link.b == index).collect();
    links.sort_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    let other = |link: &themeweave::ThemeLink| if link.a == index { link.b } else { link.a };
    links
        .into_iter()
        .take(MOST)
        .map(|link| {
            let how = format!("{}, weight {:.1}", count(link.links as usize, "link"), link.weight);
            (other(link) + 1, analysis.themes[other(link)].label.as_str(), how)
        })
        .collect()
}

/// All passages with what stands around them.
struct Passages<'a> {
    corpus: &'a Corpus,
    analysis: &'a Analysis,
    /// What stands before and after each in its segment, by the segment and the bytes of the document.
    within: HashMap<(usize, Range<usize>), [String; 2]>,
    /// The end and the beginning of the segments beside them.
    beside: HashMap<usize, [String; 2]>,
}

impl<'a> Passages<'a> {
    /// Reads the texts of all of them in one go.
    fn new(corpus: &'a Corpus, analysis: &'a Analysis) -> io::Result<Self> {
        let quotes = analysis.themes.iter().flat_map(|theme| &theme.quotes);
        let against = analysis.themes.iter().flat_map(|theme| &theme.counter_evidence);
        let quotes = quotes.map(|quote| (quote.segment, quote.span.clone()));
        let mut passages: Vec<(usize, Range<usize>)> =
            quotes.chain(against.map(|found| (found.segment, found.span.clone()))).collect();
        passages.sort_unstable_by_key(|(segment, span)| (*segment, span.start, span.end));
        passages.dedup();
        let around = |segment: usize| segment.saturating_sub(1)..segment.saturating_add(2);
        let wanted = passages.iter().flat_map(|&(segment, _)| around(segment)).collect();
        let (mut within, mut beside) = (HashMap::new(), HashMap::new());
        let see = |index: usize, text: &str| {
            beside.insert(index, [last(text).to_owned(), first(text).to_owned()]);
            let start = analysis.segments.list()[index].span().start;
            let from = passages.partition_point(|passage| passage.0 < index);
            for passage in passages[from..].iter().take_while(|passage| passage.0 == index) {
                let at = |place: usize| place.checked_sub(start);
                let before = at(passage.1.start).and_then(|end| text.get(..end));
                let after = at(passage.1.end).and_then(|start| text.get(start..));
                if let (Some(before), Some(after)) = (before, after) {
                    within.insert(passage.clone(), [last(before).to_owned(), first(after).to_owned()]);
                }
            }
        };
        analysis.segments.each_text(corpus, wanted, see).map_err(io::Error::other)?;
        Ok(Self { corpus, analysis, within, beside })
    }

    /// A voice without the folders where it is a file.
    fn short_name<'v>(&self, voice: &'v str) -> &'v str {
        let is_file = |document: DocumentRef<'_>| document.name() == voice && **document.source() == *voice;
        let is_short = self.analysis.voices == VoiceKind::Document && self.corpus.documents().any(is_file);
        if is_short { super::file_name(voice) } else { voice }
    }

    fn shown(
        &self,
        index: usize,
        span: &Range<usize>,
        text: &'a str,
        chars: &Range<u32>,
        line: u32,
        note: Option<String>,
    ) -> Option<Shown<'a>> {
        let segments = &self.analysis.segments;
        let segment = segments.list().get(index)?;
        let document = self.corpus.document(segment.document())?;
        let within = self.within.get(&(index, span.clone()))?.clone();
        let beside = |other: usize| {
            let is_beside = segments.list().get(other)?.document() == segment.document();
            self.beside.get(&other).filter(|_| is_beside)
        };
        let (section, speaker) = (segments.section(segment), segments.speaker(segment));
        let mut place = format!("{}, line {line}", super::file_name(document.source()));
        if let Some(speaker) = speaker {
            place = format!("{speaker} · {place}");
        }
        let mut details = vec![("Document", document.name().to_owned())];
        if **document.source() != *document.name() {
            details.push(("File", document.source().to_string()));
        }
        details.extend(section.map(|section| ("Section", section.to_owned())));
        details.extend(speaker.map(|speaker| ("Speaker", speaker.to_owned())));
        details.push(("Line", line.to_string()));
        details.push(("Characters", format!("{}–{}", chars.start, chars.end)));
        details.push(("Segment", (index + 1).to_string()));
        Some(Shown {
            text,
            note,
            within,
            beside: [
                index.checked_sub(1).and_then(beside).map(|[end, _]| end.clone()),
                beside(index + 1).map(|[_, start]| start.clone()),
            ],
            place,
            details,
        })
    }

    fn note(&self, found: &CounterEvidence) -> String {
        let term = self.analysis.term(found.term);
        match found.cue() {
            Some(cue) => format!("“{term}” is negated by “{cue}”"),
            None => {
                let other = self.analysis.memberships.get(found.segment).and_then(|themes| themes.first());
                let theme = other.map_or(0, |membership| membership.theme + 1);
                format!("“{term}” among words of theme {theme}")
            }
        }
    }
}

/// The beginning of a text that is long.
fn first(text: &str) -> &str {
    text.char_indices().nth(CONTEXT).map_or(text, |(at, _)| &text[..at])
}

/// The end of a text that is long.
fn last(text: &str) -> &str {
    text.char_indices().rev().nth(CONTEXT).map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn quotes_stand_in_their_context() {
        let (read, analysis) = analysis_of(NOTES);
        let cards = cards(&read.corpus, &analysis).unwrap();
        assert_eq!(cards.len(), 2);
        for (card, theme) in cards.iter().zip(&analysis.themes) {
            assert_eq!(card.quotes.len(), theme.quotes.len());
            for (shown, quote) in card.quotes.iter().zip(&theme.quotes) {
                let [before, after] = &shown.within;
                let whole = analysis.segments.text(&read.corpus, quote.segment).unwrap();
                assert_eq!(format!("{before}{}{after}", shown.text), whole);
                assert!(shown.place.contains("line ") && shown.beside.iter().any(Option::is_some));
            }
        }
    }

    #[test]
    fn long_contexts_are_cut_between_letters() {
        let long = "é".repeat(CONTEXT) + "ab";
        assert_eq!(first(&long).chars().count(), CONTEXT);
        assert_eq!(last(&long).chars().count(), CONTEXT);
        assert!(last(&long).ends_with("ab") && first("ab") == "ab" && last("ab") == "ab");
    }
}
