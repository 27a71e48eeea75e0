//! The whole flow in one function: corpus in, themes with their evidence out.

use std::ops::Range;

use crate::community::{Leiden, Quality};
use crate::cooccurrence::CooccurrenceMatrix;
use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, count, grouped, percent};
use crate::error::Result;
use crate::graph::Graph;
use crate::language::Language;
use crate::layout::{Disc, layout};
use crate::network::{LinkRule, Network, build_network, compact};
use crate::options::Options;
use crate::progress::{Progress, Stage, begin};
use crate::segment::Segments;
use crate::theme::{
    Found, Given, Membership, Memberships, Theme, ThemeLink, ThemeTerm, VoiceKind, find_themes,
    without_repetition,
};
use crate::token::Tokens;
use crate::vocabulary::{TermId, Vocabulary};

/// What [`analyze`] finds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Analysis {
    /// The language whose stop words and stems were used.
    pub language: Language,
    /// The segments of the corpus.
    pub segments: Segments,
    /// The terms, and which of them each segment has.
    pub vocabulary: Vocabulary,
    /// Which terms occur together.
    pub cooccurrence: CooccurrenceMatrix,
    /// The links between terms.
    pub network: Network,
    /// Where to draw each node of the network; x and y in about −1..=1.
    pub positions: Vec<[f64; 2]>,
    /// The themes, by falling share.
    pub themes: Vec<Theme>,
    /// How themes are tied to each other, the pairs in the order of themes.
    pub theme_links: Vec<ThemeLink>,
    /// The theme of each node of the network, where it belongs to one.
    pub theme_of_term: Vec<Option<usize>>,
    /// The community of each node of the network that has links, by falling size; `None` where themes were
    /// sought, which is unless [`Options::levels`] is 0.
    pub community_of_term: Option<Vec<Option<usize>>>,
    /// The themes of each segment.
    pub memberships: Memberships,
    /// The subtheme of each segment within its first theme; empty where no theme has subthemes.
    pub subtheme_of_segment: Vec<Option<usize>>,
    /// Whose voice each segment was taken to be.
    pub voices: VoiceKind,
    /// What was dropped, guessed or doubtful.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the themes of a corpus.
///
/// # Errors
/// [`ErrorKind::Options`](crate::ErrorKind::Options) for options out of range,
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) when `progress` says stop. Too little text
/// is not an error: the result then has no themes and a diagnostic that says so.
///
/// ```
/// use themeweave::{Corpus, Options, analyze};
/// let notes = ["Buses are late and tickets dear.", "Late buses again.", "Dear tickets keep people away."];
/// let analysis = analyze(&Corpus::from_notes(notes)?, &Options::default(), &mut ())?;
/// assert_eq!(analysis.segments.len(), 3);
/// assert_eq!(analysis.vocabulary.terms()[0].text, "buses");
/// # Ok::<(), themeweave::Error>(())
/// ```
pub fn analyze(corpus: &Corpus, options: &Options, progress: &mut dyn Progress) -> Result<Analysis> {
    options.check()?;
    begin(progress, Stage::Segments)?;
    let (segments, mut diagnostics) = Segments::of_speakers(corpus, options.unit, &options.speakers)?;
    let language = choose_language(corpus, options, &mut diagnostics)?;

    begin(progress, Stage::Tokens)?;
    let tokens = Tokens::from_segments(corpus, &segments, options.terms.most_spellings(), progress)?;

    begin(progress, Stage::Vocabulary)?;
    let (vocabulary, found) = Vocabulary::from_tokens(tokens, language, &options.terms);
    diagnostics.extend(found);

    begin(progress, Stage::Cooccurrence)?;
    let cooccurrence = CooccurrenceMatrix::from_vocabulary(&vocabulary, COUNTED_TERMS, progress)?;

    begin(progress, Stage::Network)?;
    let rule = LinkRule::for_segments(segments.len(), options.association);
    let network = build_network(&vocabulary, &cooccurrence, rule);

    begin(progress, Stage::Themes)?;
    let graph = compact(&network)?;
    let draw = |groups: &[Option<usize>]| layout(&graph, &discs(&network, groups), options.seed);
    let (found, positions, community_of_term) = if options.levels == 0 {
        diagnostics.extend(too_few_links(segments.len(), &network));
        let communities = communities(&graph, options.resolution)?;
        (Found::no_themes(corpus, &segments, &network), draw(&communities), Some(communities))
    } else {
        let (vocabulary, matrix, network) = (&vocabulary, &cooccurrence, &network);
        let given = Given { corpus, segments: &segments, vocabulary, matrix, network, options };
        let (found, positions) = find_themes(&given, draw, progress)?;
        diagnostics.extend(limits(segments.len(), &found, options));
        diagnostics.extend(doubts(&found.themes, found.voices));
        (found, positions, None)
    };
    diagnostics.extend(found.diagnostics);
    Ok(Analysis {
        language,
        segments,
        vocabulary,
        cooccurrence,
        network,
        positions,
        themes: found.themes,
        theme_links: found.links,
        theme_of_term: found.theme_of_term,
        community_of_term,
        memberships: found.memberships,
        subtheme_of_segment: found.subtheme_of_segment,
        voices: found.voices,
        diagnostics,
    })
}

/// The community of each node that has links.
fn communities(graph: &Graph, resolution: f64) -> Result<Vec<Option<usize>>> {
    /// The same for whatever seed the caller chooses, as for themes.
    const SEED: u64 = 1;
    let partition = Leiden::new(Quality::Modularity { resolution }, SEED).find_partition(graph)?;
    let communities = (0..).zip(partition.membership());
    Ok(communities.map(|(node, &own)| (graph.strength(node) > 0.0).then_some(own as usize)).collect())
}

/// That the network has no links.
fn too_few_links(segments: usize, network: &Network) -> Option<Diagnostic> {
    let message = format!(
        "too little text for a network: {} and no two terms that are together more often than by chance",
        count(segments, "segment")
    );
    (network.edge_count() == 0).then(|| Diagnostic::new("too-little-text", message))
}

/// What the themes cannot say.
fn limits(segments: usize, found: &Found, options: &Options) -> Vec<Diagnostic> {
    /// Fewer segments than this leave much to chance.
    const FEW: usize = 20;
    let mut limits = Vec::new();
    if found.themes.is_empty() {
        let message = format!(
            "too little text for themes: {} and no terms that set some of them apart",
            count(segments, "segment")
        );
        let hint = match narrowing(options).as_slice() {
            [] => "a theme needs at least two segments that share a term".to_owned(),
            some => format!("there may be more without {}", some.join(", ")),
        };
        limits.push(Diagnostic::new("too-little-text", message).with_hint(hint));
        return limits;
    }
    if let Some(wanted) = options.themes.filter(|&wanted| wanted as usize != found.themes.len()) {
        let message = format!("{}, not the {wanted} asked for", count(found.themes.len(), "theme"));
        let hint = "the text has no more groups that are large enough to be themes";
        limits.push(Diagnostic::new("number-of-themes", message).with_hint(hint));
    }
    if segments < FEW {
        let message = format!("only {}: read the themes as hints", count(segments, "segment"));
        limits.push(Diagnostic::new("few-segments", message));
    }
    if let Some(theme) = found.themes.first().filter(|theme| theme.share > 0.5) {
        let message = format!("theme “{}” holds {} of the segments", theme.label, percent(theme.share));
        let finer = if options.themes.is_some() { "a greater --themes" } else { "--resolution 2" };
        let hint = format!("what else they speak of cannot be told apart; {finer} looks for finer themes");
        limits.push(Diagnostic::new("large-theme", message).with_hint(hint));
    }
    let without = found.memberships.without_theme();
    if without > 0 {
        let message = format!("{} of {} fit no theme", count(without, "segment"), grouped(segments));
        limits.push(Diagnostic::new("without-theme", message));
    }
    limits
}

/// The options in use that may leave a text without themes.
fn narrowing(options: &Options) -> Vec<&'static str> {
    let Options { speakers, terms, themes, resolution, .. } = options;
    let given = [
        (!speakers.only.is_empty(), "--only-speaker"),
        (!speakers.exclude.is_empty(), "--exclude-speaker"),
        (!terms.stop_words.is_empty(), "--stop-words"),
        (terms.min_segments > 0, "--min-segments"),
        (terms.max_terms > 0, "--max-terms"),
        (themes.is_some(), "--themes"),
        (*resolution != 1.0, "--resolution"),
    ];
    given.into_iter().filter(|(is_given, _)| *is_given).map(|(_, option)| option).collect()
}

/// Which themes hang on few, or on chance.
fn doubts(themes: &[Theme], voices: VoiceKind) -> Vec<Diagnostic> {
    /// Below this stability, in percent as it is shown, a theme often dissolves (Hennig 2007).
    const DISSOLVES: f64 = 50.0;
    /// Share of themes that dissolve, from which all may be chance: nearly all do in notes at random.
    const MOST: f64 = 0.75;
    let mut doubts = Vec::new();
    for theme in themes.iter().filter(|theme| theme.is_one_voice()) {
        let Some(voice) = &theme.loudest else { continue };
        let message = format!(
            "theme “{}” is mostly one {}: {} {} are from {}; without, its share is {} instead of {}",
            theme.label,
            if voices == VoiceKind::Document { "document" } else { "voice" },
            if voice.segments == theme.segments {
                "all".to_owned()
            } else {
                format!("{} of", grouped(voice.segments as usize))
            },
            count(theme.segments as usize, "segment"),
            voice.name,
            percent(voice.share_without),
            percent(theme.share)
        );
        doubts.push(Diagnostic::new("one-voice", message));
    }
    let unsure: Vec<&str> = themes
        .iter()
        .filter(|theme| theme.stability.is_some_and(|stability| (100.0 * stability).round() < DISSOLVES))
        .map(|theme| theme.label.as_str())
        .collect();
    if !unsure.is_empty() {
        let message = format!(
            "{} often {} into others when a tenth of the text is left out: {}",
            count(unsure.len(), "theme"),
            if unsure.len() == 1 { "dissolves" } else { "dissolve" },
            unsure.iter().map(|label| format!("“{label}”")).collect::<Vec<_>>().join(", ")
        );
        let hint = if unsure.len() as f64 >= MOST * themes.len() as f64 {
            "so do nearly all in notes whose words come together by chance; read the notes before you report any"
        } else {
            "read them as hints; fewer themes (--themes, --resolution) may be firmer"
        };
        doubts.push(Diagnostic::new("unstable-themes", message).with_hint(hint));
    }
    doubts
}

/// Most terms whose pairs are counted: those in most segments.
const COUNTED_TERMS: usize = 5_000;

/// The language of the options, or that of the text; says where the text is not written in its script.
fn choose_language(
    corpus: &Corpus,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Language> {
    let sample = sample(corpus)?;
    let language = options.language.unwrap_or_else(|| detected(&sample, diagnostics));
    if !language.is_written_like(&sample) {
        let message = format!(
            "most letters are of a script in which {} is not written, so that its stop words and word forms do not \
             fit the text",
            language.name()
        );
        let hint = "set another language with --language; where there is none that fits, --stop-words leaves out the \
                    words that say nothing";
        diagnostics.push(Diagnostic::new("other-script", message).with_hint(hint));
    }
    Ok(language)
}

/// The language of a text, which is said, or English.
fn detected(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Language {
    match Language::detect(text) {
        Some((language, is_sure)) => {
            let message = format!("language detected: {}", language.name());
            let finding = Diagnostic::new("language", message);
            let hint = format!("set it with --language {language} or another code if that is wrong");
            diagnostics.push(if is_sure { finding } else { finding.with_hint(hint) });
            language
        }
        None => {
            let finding = Diagnostic::new("language", "the language could not be told; taken as English");
            diagnostics.push(finding.with_hint("set it with --language"));
            Language::English
        }
    }
}

/// Some of the text of every so many documents, so that it is not the beginning alone.
fn sample(corpus: &Corpus) -> Result<String> {
    const SAMPLE: usize = 1 << 16;
    let step = corpus.len().div_ceil(2_000).max(1);
    let mut sample = String::new();
    for document in corpus.documents().step_by(step) {
        let text = document.text()?;
        let room = (SAMPLE - sample.len().min(SAMPLE)).min(4_096);
        let end = (0..=room.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
        sample.push_str(&text[..end.unwrap_or(0)]);
        sample.push('\n');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    Ok(sample)
}

/// The nodes of a network as discs whose areas grow with the segments that have the term.
fn discs(network: &Network, group_of_term: &[Option<usize>]) -> Vec<Disc> {
    /// Smaller ones could not be seen.
    const SMALLEST: f64 = 0.2;
    let most = network.node_weights().map(|node| node.segments).max().unwrap_or(1).max(1);
    let size = |segments: u32| (f64::from(segments) / f64::from(most)).sqrt().max(SMALLEST);
    network
        .node_weights()
        .zip(group_of_term.iter().copied())
        .map(|(node, group)| Disc { size: size(node.segments), group })
        .collect()
}

impl Analysis {
    /// What the nodes of the network are grouped by: the theme of each, or its community where no themes were
    /// sought.
    pub fn group_of_term(&self) -> &[Option<usize>] {
        self.community_of_term.as_ref().unwrap_or(&self.theme_of_term)
    }

    /// How each node of the network is drawn; no two of these discs overlap at [`positions`](Self::positions).
    pub fn discs(&self) -> Vec<Disc> {
        discs(&self.network, self.group_of_term())
    }

    /// The themes of each document, in order: the mean of its segments' shares, each segment counting by its
    /// number of term occurrences, at least one; empty for a document of which no segment fits a theme.
    pub fn document_memberships(&self, corpus: &Corpus) -> impl Iterator<Item = Vec<Membership>> {
        let mut next = 0;
        (0..corpus.len()).map(move |document| {
            let rest = &self.segments.list()[next..];
            let own = next..next + rest.partition_point(|segment| segment.document() <= document);
            next = own.end;
            self.mean_memberships(own)
        })
    }

    /// The mean of the shares of some segments.
    fn mean_memberships(&self, segments: Range<usize>) -> Vec<Membership> {
        let mut sums: Vec<Membership> = Vec::new();
        let mut weight = 0.0;
        for segment in segments.filter(|&segment| !self.memberships[segment].is_empty()) {
            // A turn without terms of its own has the theme of its stretch.
            let words = self.vocabulary.segment(segment).occurrences().max(1) as f64;
            weight += words;
            for membership in &self.memberships[segment] {
                let gamma = membership.gamma * words;
                match sums.iter_mut().find(|known| known.theme == membership.theme) {
                    Some(sum) => sum.gamma += gamma,
                    None => sums.push(Membership { theme: membership.theme, gamma }),
                }
            }
        }
        sums.iter_mut().for_each(|sum| sum.gamma /= weight);
        // Among equals the theme that a segment belongs to stays first.
        sums.sort_by(|a, b| b.gamma.total_cmp(&a.gamma));
        sums
    }

    /// The p-value, 0..=1, below which two terms that occur together more often than by chance are a link; the fewer
    /// segments there are, the greater it is, for no count is that sure.
    pub fn link_level(&self) -> f64 {
        LinkRule::limits(self.segments.len()).1
    }

    /// The terms of a theme as a person would list them, in the order of [`Theme::terms`]: a phrase takes the place
    /// of the words for which it stands, those of which it has at least 40 % of the segments in the theme, each
    /// weighed by its exclusivity; and a term that brings no new word is left out.
    pub fn readable_terms<'t>(&self, theme: &'t Theme) -> Vec<&'t ThemeTerm> {
        without_repetition(&self.vocabulary, &theme.terms)
    }

    /// The text of a term.
    pub fn term(&self, term: TermId) -> &str {
        self.vocabulary.terms().get(term as usize).map_or("", |term| &term.text)
    }
}
