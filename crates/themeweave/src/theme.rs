//! Themes: groups of segments that share terms, described by their terms and shown by their quotes.

mod choice;
mod cluster;
mod counter_evidence;
mod describe;
mod diagram;
mod evidence;
mod interval;
mod k_means;
mod label;
mod likeness;
mod link;
mod means;
mod membership;
mod mixture;
mod normalize;
mod passage;
mod profile;
mod quote;
mod rank;
mod search;
mod space;
mod sparse;
mod stability;
mod stretch;
mod svd;
mod tfidf;
mod voice;

use std::ops::Range;

use crate::cooccurrence::CooccurrenceMatrix;
use crate::corpus::Corpus;
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::network::Network;
use crate::options::Options;
use crate::progress::Progress;
use crate::segment::{Segments, Unit};
use crate::theme::cluster::{Grouping, NONE};
use crate::theme::describe::{Material, Passages, Source};
use crate::theme::search::{Searched, Wanted};
use crate::theme::stability::{resamples_for, stability};
use crate::theme::tfidf::TfIdf;
use crate::theme::voice::Voices;
use crate::vocabulary::{TermId, Vocabulary};

pub use crate::theme::diagram::Quadrant;
pub(crate) use crate::theme::label::without_repetition;
pub use crate::theme::membership::{Membership, Memberships};
pub(crate) use crate::theme::passage::{Mark, Passage, sufficient};
pub(crate) use crate::theme::rank::covers;
pub use crate::theme::voice::VoiceKind;

/// A recurring theme with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Short name made of its most telling terms; no two themes have the same.
    pub label: String,
    /// Its terms: first the ten that set it apart and belong together best, then the others, both with the most
    /// telling first (by falling G²).
    pub terms: Vec<ThemeTerm>,
    /// Segments that belong to it more than to any other theme.
    pub segments: u32,
    /// Those as a share of all segments, 0..=1.
    pub share: f64,
    /// Lower and upper end of the 95 % interval of the share, which is wider where the segments of one
    /// speaker or document are alike, and where there are few of these; `None` where it was not computed.
    pub share_interval: Option<(f64, f64)>,
    /// Documents with at least one of its segments.
    pub documents: u32,
    /// Speakers of its segments; 0 where no speakers are known.
    pub speakers: u32,
    /// The speaker, or else the document, with most of its segments; `None` where there is but one of
    /// them, or none has more than one segment.
    pub loudest: Option<LoudVoice>,
    /// How well it comes out again when a part of the text is left out: the mean over resamples of the
    /// greatest Jaccard likeness of its segments and a theme found there (Hennig 2007), 0..=1. 1 is
    /// always the same, from about 0.75 it is stable, below 0.5 it often dissolves. `None` where it was
    /// not computed.
    pub stability: Option<f64>,
    /// Callon centrality: summed weight of the links from its terms to terms of other themes, times 10.
    pub centrality: f64,
    /// Callon density: summed weight of the links among its terms over their number, times 100.
    pub density: f64,
    /// Its place in the strategic diagram.
    pub quadrant: Quadrant,
    /// Passages that show it, the most typical first.
    pub quotes: Vec<Quote>,
    /// Passages that have its words and do not bear it out: those that negate them, then those that use
    /// them otherwise.
    pub counter_evidence: Vec<CounterEvidence>,
    /// The themes within it, found among its own segments, by falling share; empty unless
    /// [`Options::levels`] is 2 and it has several. Stability is not computed for them.
    pub subthemes: Vec<Theme>,
}

/// The speaker or document with most of a theme's segments.
#[derive(Debug, Clone, PartialEq)]
pub struct LoudVoice {
    /// Name of the speaker or document.
    pub name: String,
    /// Its segments in the theme.
    pub segments: u32,
    /// The share that the theme would have without it, 0..=1: the others' segments in the theme over all
    /// of the others' segments.
    pub share_without: f64,
}

impl Theme {
    /// Whether one voice makes the theme: it has most of the segments, at least three, and without it the
    /// share would be less than half of what it is.
    pub fn is_one_voice(&self) -> bool {
        self.loudest.as_ref().is_some_and(|voice| {
            voice.segments >= 3
                && voice.segments * 2 > self.segments
                && voice.share_without < self.share / 2.0
        })
    }
}

/// How two themes are tied to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThemeLink {
    /// Index of the larger theme.
    pub a: usize,
    /// Index of the smaller theme.
    pub b: usize,
    /// Links of the network between terms of the one and terms of the other.
    pub links: u32,
    /// Their summed weight.
    pub weight: f64,
    /// Segments that belong to both in part, by their graded membership.
    pub segments: u32,
}

/// A term of a theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThemeTerm {
    /// The term.
    pub term: TermId,
    /// Its share of all occurrences of terms in the theme's segments, 0..=1.
    pub beta: f64,
    /// Its occurrences in the theme's segments.
    pub frequency: u64,
    /// The theme's segments that have it.
    pub segments: u32,
    /// Share of the term's segments that are the theme's, 0..=1.
    pub exclusivity: f64,
    /// Share of the resamples in which it is again among the terms of the theme, 0..=1; `None` where
    /// there were none.
    pub membership: Option<f64>,
}

/// A passage that shows a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// Index of the segment it comes from.
    pub segment: usize,
    /// Bytes of the document's text.
    pub span: Range<usize>,
    /// The same in code points.
    pub chars: Range<u32>,
    /// Line of the source file in which it begins.
    pub line: u32,
    /// Its words, as they stand there.
    pub text: String,
    /// How typical its segment is of the theme, 0..=1: the cosine of all terms of the segment, quoted or
    /// not, and the theme's, to four decimals.
    pub score: f64,
}

/// A passage that has a word of a theme and does not bear the theme out.
#[derive(Debug, Clone, PartialEq)]
pub struct CounterEvidence {
    /// Index of the segment it comes from.
    pub segment: usize,
    /// Bytes of the document's text.
    pub span: Range<usize>,
    /// The same in code points.
    pub chars: Range<u32>,
    /// Line of the source file in which it begins.
    pub line: u32,
    /// Its words, as they stand there.
    pub text: String,
    /// The term of the theme that is used otherwise.
    pub term: TermId,
    /// In which way.
    pub kind: CounterKind,
    /// How much its segment speaks of the theme apart from that term, 0..=1: the cosine of the segment's
    /// other terms and the theme's, to four decimals; 0 where none of them is a term of the theme.
    pub score: f64,
}

impl CounterEvidence {
    /// The negating word as it stands in [`text`](Self::text), where there is one.
    pub fn cue(&self) -> Option<&str> {
        match &self.kind {
            CounterKind::Negated { cue } => {
                let in_text = |at: usize| at.checked_sub(self.span.start);
                self.text.get(in_text(cue.start)?..in_text(cue.end)?)
            }
            CounterKind::Unusual => None,
        }
    }
}

/// How a word of a theme is used otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CounterKind {
    /// A segment of the theme negates it.
    Negated {
        /// Bytes of the document's text with the negating word.
        cue: Range<usize>,
    },
    /// A segment of another theme has it among words that are not the theme's.
    Unusual,
}

impl CounterKind {
    /// The name in tables: `negated` or `unusual`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Negated { .. } => "negated",
            Self::Unusual => "unusual",
        }
    }
}

/// What the search for themes gives.
pub(crate) struct Found {
    pub(crate) themes: Vec<Theme>,
    /// How themes are tied to each other, in the order of themes.
    pub(crate) links: Vec<ThemeLink>,
    pub(crate) memberships: Memberships,
    /// Subtheme of each segment, counted within its theme; empty where there are no subthemes.
    pub(crate) subtheme_of_segment: Vec<Option<usize>>,
    /// Theme of each term of the network.
    pub(crate) theme_of_term: Vec<Option<usize>>,
    pub(crate) voices: VoiceKind,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Found {
    /// What is known where no themes are sought.
    pub(crate) fn no_themes(corpus: &Corpus, segments: &Segments, network: &Network) -> Found {
        Found {
            themes: Vec::new(),
            links: Vec::new(),
            memberships: Memberships::none(segments.len()),
            subtheme_of_segment: Vec::new(),
            theme_of_term: vec![None; network.node_count()],
            voices: Voices::new(corpus, segments).kind,
            diagnostics: Vec::new(),
        }
    }
}

/// What themes are found from.
pub(crate) struct Given<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) segments: &'a Segments,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) matrix: &'a CooccurrenceMatrix,
    pub(crate) network: &'a Network,
    pub(crate) options: &'a Options,
}

/// Finds the themes of a corpus: groups of segments that share terms, each described; then whether they
/// come out again, and what they are made of. While their passages are sought, `draw` makes what it likes of the
/// theme of each term.
pub(crate) fn find_themes<D: Send>(
    given: &Given<'_>,
    draw: impl FnOnce(&[Option<usize>]) -> D + Send,
    progress: &mut dyn Progress,
) -> Result<(Found, D)> {
    let &Given { corpus, segments, vocabulary, matrix, network, options } = given;
    let stretches = match options.unit {
        Unit::Auto => stretch::stretches(corpus, segments, vocabulary),
        _ => None,
    };
    let rows = TfIdf::from_vocabulary(vocabulary);
    let mut searched = Searched::new(vocabulary, &rows, matrix, network, options.association, stretches);
    let mut grouping = searched.groups(Wanted::new(options), progress)?;
    if grouping.groups == 0 && searched.take_stretches().is_some() {
        // The stretches are all alike, or too few; perhaps the turns are not.
        grouping = searched.groups(Wanted::new(options), progress)?;
    }

    let voices = Voices::new(corpus, segments);
    let wanted = options.quotes as usize;
    let material = Material { corpus, segments, vocabulary, network, rows: &rows, voices: &voices, wanted };
    let ranked = rank::ranked_terms(vocabulary, &grouping);
    let theme_of_term = describe::theme_of_term(vocabulary, network, &grouping);
    let (mut themes, mut sources) = material.describe(&grouping, &ranked, &theme_of_term);

    let resamples = options.resamples.unwrap_or_else(|| resamples_for(segments.len()));
    if let Some(found) = stability(&searched, &voices, &grouping, &ranked, resamples, options, progress)? {
        for ((theme, stability), shares) in themes.iter_mut().zip(found.themes).zip(found.terms) {
            theme.stability = Some(stability);
            for (term, share) in theme.terms.iter_mut().zip(shares) {
                term.membership = Some(share);
            }
        }
    }

    let subtheme_of_segment = if options.levels > 1 {
        add_subthemes(&mut themes, &mut sources, &grouping, &searched, material, progress)?
    } else {
        Vec::new()
    };
    let (passages, drawn) = rayon::join(|| material.passages(sources), || draw(&theme_of_term));
    let mut passages = passages?.into_iter();
    add_passages(&mut themes, &mut passages);
    themes.iter_mut().for_each(|theme| add_passages(&mut theme.subthemes, &mut passages));
    let memberships = membership::memberships(vocabulary, &grouping);
    let links = link::theme_links(network, &theme_of_term, &memberships, themes.len());
    let diagnostics = searched.stretches().map(stretch::diagnostic).into_iter().collect();
    let voices = voices.kind;
    let found = Found { themes, links, memberships, subtheme_of_segment, theme_of_term, voices, diagnostics };
    Ok((found, drawn))
}

/// Seeks the themes within each theme, and where their passages are to be found; gives the subtheme of each segment.
fn add_subthemes<'a>(
    themes: &mut [Theme],
    sources: &mut Vec<Source<'a>>,
    grouping: &Grouping,
    searched: &Searched<'_>,
    material: Material<'a>,
    progress: &mut dyn Progress,
) -> Result<Vec<Option<usize>>> {
    let Material { segments, vocabulary, network, .. } = material;
    let mut subtheme_of_segment = Vec::new();
    for (theme, members) in themes.iter_mut().zip(grouping.members()) {
        let parts = searched.part(&members).groups(Wanted::FOUND, progress)?;
        if parts.groups < 2 {
            continue;
        }
        let within = parts.placed(&members, segments.len());
        let ranked = rank::ranked_terms(vocabulary, &within);
        let of_term = describe::theme_of_term(vocabulary, network, &within);
        let (subthemes, of_passages) = material.describe(&within, &ranked, &of_term);
        theme.subthemes = subthemes;
        sources.extend(of_passages);
        subtheme_of_segment.resize(segments.len(), None);
        for (&segment, &part) in members.iter().zip(&parts.group).filter(|(_, part)| **part != NONE) {
            subtheme_of_segment[segment as usize] = Some(part as usize);
        }
    }
    Ok(subtheme_of_segment)
}

/// Gives themes their passages, which come in the same order.
fn add_passages(themes: &mut [Theme], passages: &mut impl Iterator<Item = Passages>) {
    for (theme, (quotes, counter_evidence)) in themes.iter_mut().zip(passages) {
        theme.quotes = quotes;
        theme.counter_evidence = counter_evidence;
    }
}
