//! The themes with their terms, quotes and counter-evidence.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use themeweave::{Analysis, Corpus, CounterEvidence, CounterKind, Theme};

use crate::wording::{count, grouped, interval, percent, unit};
use crate::write::draw::{theme_color, theme_outline};

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
    pub(super) loudest: Option<(bool, String)>,
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
    pub(super) text: Cow<'a, str>,
    /// What kind of counter-evidence it is.
    pub(super) note: Option<String>,
    /// What stands before and after it in its segment.
    pub(super) within: [Cow<'a, str>; 2],
    /// The segments before and after in the same document.
    pub(super) beside: [Option<Cow<'a, str>>; 2],
    /// Where it stands, in short.
    pub(super) place: String,
    /// Where it stands, in full.
    pub(super) details: Vec<(&'static str, String)>,
}

/// The themes in their order.
pub(super) fn cards<'a>(corpus: &'a Corpus, analysis: &'a Analysis) -> io::Result<Vec<Card<'a>>> {
    analysis.themes.iter().enumerate().map(|(i, theme)| card(corpus, analysis, i, theme)).collect()
}

fn card<'a>(
    corpus: &'a Corpus,
    analysis: &'a Analysis,
    index: usize,
    theme: &'a Theme,
) -> io::Result<Card<'a>> {
    let segment = unit(analysis.segments.unit());
    let mut extent = count(theme.segments as usize, segment);
    // Where each segment is a document of its own, as the rows of tables are, once is enough.
    if corpus.len() > 1 && theme.documents < theme.segments {
        extent.push_str(&format!(", {}", count(theme.documents as usize, "document")));
    }
    if theme.speakers > 0 {
        extent.push_str(&format!(", {}", count(theme.speakers as usize, "speaker")));
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
    let passages = Passages { corpus, analysis };
    Ok(Card {
        number: index + 1,
        label: &theme.label,
        color: theme_color(Some(index)),
        outline: theme_outline(Some(index)),
        share: percent(theme.share),
        interval: theme.share_interval.map(interval),
        stability: theme.stability.map(|stability| format!("{stability:.2}, {}", stability_word(stability))),
        loudest: theme.loudest.as_ref().map(|voice| {
            let (number, all) = (grouped(voice.segments as usize), grouped(theme.segments as usize));
            let without = percent(voice.share_without);
            let most = format!(
                "Most from {}: {number} of {all}; without, the share would be {without}.",
                voice.name
            );
            (theme.is_one_voice(), most)
        }),
        subthemes: theme
            .subthemes
            .iter()
            .map(|inner| (inner.label.as_str(), count(inner.segments as usize, segment)))
            .collect(),
        tied: tied(analysis, index),
        extent,
        terms: theme.terms.iter().take(TERMS).map(shown).collect(),
        quotes: theme
            .quotes
            .iter()
            .filter_map(|quote| {
                passages.shown(quote.segment, &quote.span, &quote.chars, quote.line, None).transpose()
            })
            .collect::<io::Result<_>>()?,
        against: theme
            .counter_evidence
            .iter()
            .filter_map(|found| {
                let shown = passages.note(found).and_then(|note| {
                    passages.shown(found.segment, &found.span, &found.chars, found.line, Some(note))
                });
                shown.transpose()
            })
            .collect::<io::Result<_>>()?,
    })
}

/// The bounds of Hennig (2007) in words.
fn stability_word(stability: f64) -> &'static str {
    match stability {
        0.75.. => "stable",
        0.5.. => "fairly stable",
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

struct Passages<'a> {
    corpus: &'a Corpus,
    analysis: &'a Analysis,
}

impl<'a> Passages<'a> {
    fn shown(
        &self,
        index: usize,
        span: &Range<usize>,
        chars: &Range<u32>,
        line: u32,
        note: Option<String>,
    ) -> io::Result<Option<Shown<'a>>> {
        let segments = &self.analysis.segments;
        let Some(segment) = segments.list().get(index) else { return Ok(None) };
        let Some(document) = self.corpus.document(segment.document()) else { return Ok(None) };
        let text = document.text().map_err(io::Error::other)?;
        let part = |span: Range<usize>, shorten: fn(&str) -> &str| match &text {
            Cow::Borrowed(text) => text.get(span).map(|part| Cow::Borrowed(shorten(part))),
            Cow::Owned(text) => text.get(span).map(|part| Cow::Owned(shorten(part).to_owned())),
        };
        let neighbor = |index: usize, shorten| {
            let other = segments.list().get(index)?;
            if other.document() == segment.document() { part(other.span(), shorten) } else { None }
        };
        let (before, after) = (segment.span().start..span.start, span.end..segment.span().end);
        let found = (part(span.clone(), |part| part), part(before, last), part(after, first));
        let (Some(quote), Some(before), Some(after)) = found else { return Ok(None) };
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
        Ok(Some(Shown {
            text: quote,
            note,
            within: [before, after],
            beside: [
                index.checked_sub(1).and_then(|index| neighbor(index, last)),
                neighbor(index + 1, first),
            ],
            place,
            details,
        }))
    }

    fn note(&self, found: &CounterEvidence) -> io::Result<String> {
        let term = self.analysis.term(found.term);
        let segment = self.analysis.segments.list().get(found.segment);
        let document = segment.and_then(|segment| self.corpus.document(segment.document()));
        Ok(match &found.kind {
            CounterKind::Negated { cue } => {
                let cue = document.map(|document| document.passage(cue.clone())).transpose();
                let cue = cue.map_err(io::Error::other)?;
                let cue = cue.unwrap_or_default();
                format!("“{term}” is negated by “{cue}”")
            }
            CounterKind::Unusual => {
                let other = self.analysis.memberships.get(found.segment).and_then(|themes| themes.first());
                let theme = other.map_or(0, |membership| membership.theme + 1);
                format!("“{term}” among words of theme {theme}")
            }
        })
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
