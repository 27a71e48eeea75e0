//! No text, structure or choice of options makes an analysis panic or contradict itself.

use std::num::NonZeroU32;
use std::ops::ControlFlow;

use proptest::collection::vec;
use proptest::prelude::*;
use themeweave::{
    AssociationMeasure, Block, BlockKind, Corpus, Document, ErrorKind, Language, Options, Progress, Rng,
    SpeakerFilter, Stage, TermOptions, Unit, analyze,
};

use crate::support::check_laws;

/// Pieces of text of which some go wrong in other programs.
const PIECES: &[&str] = &[
    "bus",
    "buses",
    "late",
    "the",
    "of",
    "not",
    "social care",
    "mental health",
    "erosion of leadership",
    "well-being",
    "wellbeing",
    "e-mail",
    "NHS",
    "Ann:",
    "Ben Okri:",
    "Next steps:",
    "[Ada]",
    "**Ada:**",
    "- ",
    "* ",
    "# ",
    "1. ",
    "10",
    "3.5",
    "\u{2019}s",
    "'",
    "-",
    "--",
    ".",
    "!",
    ",",
    "\n",
    "\n\n",
    "\r",
    "\t",
    "http://a.example/b",
    "www.b.example",
    "x@y.example",
    "<p>",
    "</",
    "<!--",
    "-->",
    "&amp;",
    "&",
    "](",
    ")",
    "Skip to main content",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{301}",
    "\u{130}",
    "\u{df}",
    "\u{fb01}",
    "\u{1f469}\u{200d}\u{1f467}",
    "\u{4e16}\u{754c}",
    "\u{e01}\u{e32}",
    "\u{5d0}\u{5d1}",
    "\u{2028}",
    "\u{85}",
    "\u{202f}",
    "_",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec((prop::sample::select(PIECES), prop::bool::weighted(0.7)), 0..14)
            .prop_map(|pieces| pieces.iter().flat_map(|&(piece, space)| [piece, if space { " " } else { "" }]).collect()),
        1 => any::<String>(),
        1 => "[ -~]{0,60}",
    ]
}

fn any_kind() -> impl Strategy<Value = BlockKind> {
    prop_oneof![
        any::<u8>().prop_map(|level| BlockKind::Heading { level }),
        Just(BlockKind::Paragraph),
        any::<u8>().prop_map(|depth| BlockKind::Item { depth }),
        Just(BlockKind::Verbatim),
        Just(BlockKind::TableRow),
        Just(BlockKind::Navigation),
    ]
}

/// A text and blocks that ascend and lie apart, as readers give them; or none.
fn any_document() -> impl Strategy<Value = Document> {
    let cuts = vec((any::<prop::sample::Index>(), any_kind(), prop::bool::weighted(0.9)), 0..8);
    (vec(any_text(), 0..4), cuts, prop::option::of("[A-Z][a-z]{0,3}"), prop_oneof![Just(1), any::<u32>()])
        .prop_map(|(texts, cuts, speaker, first_line)| {
            let text = texts.join("\n");
            let mut ends: Vec<usize> = cuts
                .iter()
                .map(|(at, _, _)| {
                    let mut end = at.index(text.len() + 1);
                    while !text.is_char_boundary(end) {
                        end -= 1;
                    }
                    end
                })
                .collect();
            ends.sort_unstable();
            let mut start = 0;
            let mut blocks = Vec::new();
            for (end, (_, kind, is_used)) in ends.into_iter().zip(cuts) {
                if is_used {
                    blocks.push(Block::new(start..end, kind));
                }
                start = end;
            }
            Document { blocks, speaker, first_line, ..Document::new("", text) }
        })
}

fn any_corpus() -> impl Strategy<Value = Corpus> {
    vec(any_document(), 0..12).prop_map(|mut documents| {
        for (i, document) in documents.iter_mut().enumerate() {
            document.name = i.to_string();
        }
        Corpus::new(documents).unwrap()
    })
}

fn any_terms() -> impl Strategy<Value = TermOptions> {
    let words = || vec(any_text(), 0..3);
    let synonyms = vec((any_text(), any_text()), 0..3);
    (words(), words(), synonyms, any::<[bool; 3]>(), 0_u32..4, prop_oneof![Just(0), 1_u32..9, Just(u32::MAX)])
        .prop_map(
            |(stop_words, keep, synonyms, [numbers, no_stemming, no_phrases], min_segments, max_terms)| {
                TermOptions {
                    stop_words,
                    keep,
                    synonyms,
                    numbers,
                    no_stemming,
                    no_phrases,
                    min_segments,
                    max_terms,
                    max_spellings: 0,
                }
            },
        )
}

fn any_unit() -> impl Strategy<Value = Unit> {
    prop_oneof![
        4 => prop::sample::select(vec![Unit::Auto, Unit::Note, Unit::Sentence, Unit::Paragraph, Unit::Document]),
        1 => prop_oneof![1_u32..9, any::<u32>()]
            .prop_map(|n| Unit::Words(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))),
    ]
}

fn any_options() -> impl Strategy<Value = Options> {
    let language = prop::option::of(prop::sample::select(Language::all().collect::<Vec<_>>()));
    let themes = prop::option::of(prop_oneof![1_u32..9, any::<u32>()]);
    let resolution = prop_oneof![3 => 0.1..5.0, 1 => prop::sample::select(vec![1e-300, 1e-9, 1e9, 1e300])];
    let quotes = prop_oneof![0_u32..9, any::<u32>()];
    let measure = prop::sample::select(AssociationMeasure::ALL.to_vec());
    let effort = (0_u32..3, prop::option::of(0_u32..25), quotes);
    (any_unit(), language, any_terms(), measure, themes, resolution, effort, any::<u64>()).prop_map(
        |(unit, language, terms, association, themes, resolution, (levels, resamples, quotes), seed)| {
            Options {
                speakers: SpeakerFilter::default(),
                unit,
                language,
                terms,
                association,
                themes,
                resolution,
                levels,
                resamples,
                quotes,
                seed,
            }
        },
    )
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn any_corpus_with_default_options(corpus in any_corpus()) {
        check_laws(&corpus, &analyze(&corpus, &Options::default(), &mut ()).unwrap());
    }

    #[test]
    fn any_notes_with_any_choice_of_terms(texts in vec(any_text(), 0..20), terms in any_terms()) {
        let corpus = Corpus::from_notes(texts).unwrap();
        let options = Options { terms, ..Options::default() };
        check_laws(&corpus, &analyze(&corpus, &options, &mut ()).unwrap());
    }

    #[test]
    fn every_term_is_explained_as_itself_and_any_text_is_answered(
        texts in vec(any_text(), 0..20),
        terms in any_terms(),
        query in any_text(),
    ) {
        let corpus = Corpus::from_notes(texts).unwrap();
        let options = Options { terms, ..Options::default() };
        let analysis = analyze(&corpus, &options, &mut ()).unwrap();
        let _ = themeweave::explain(&corpus, &options, &analysis, &query);
        for term in analysis.vocabulary.terms().iter().take(5) {
            let Ok(found) = themeweave::explain(&corpus, &options, &analysis, &term.text) else { continue };
            // A synonym may be shown by what is no language, an address or a dash, which cannot be asked for.
            let is_language = term.text.split(' ').all(|part| themeweave::words(part).next().is_some());
            if let Some(known) = found.term.as_ref().filter(|_| is_language) {
                prop_assert_eq!(
                    (&known.text, known.frequency, known.segments),
                    (&term.text, term.frequency, term.segments)
                );
            }
        }
    }

    #[test]
    fn any_corpus_with_any_options(corpus in any_corpus(), options in any_options()) {
        match analyze(&corpus, &options, &mut ()) {
            Ok(analysis) => {
                prop_assert_eq!(analysis.memberships.len(), analysis.segments.len());
                prop_assert!(analysis.themes.len() <= analysis.segments.len() / 2);
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Options),
        }
    }

    #[test]
    fn blocks_in_order_are_taken_and_others_refused(
        text in any_text(),
        cuts in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_kind()), 0..6),
        unit in any_unit(),
    ) {
        let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let blocks = cuts.into_iter().map(|(a, b, kind)| {
            let [a, b] = [*a.get(&chars), *b.get(&chars)];
            Block::new(a.min(b)..a.max(b), kind)
        });
        let mut blocks: Vec<Block> = blocks.collect();
        let is_in_order = blocks.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        let document = |blocks: &[Block]| Document { blocks: blocks.to_vec(), ..Document::new("a", text.as_str()) };
        prop_assert_eq!(Corpus::new(vec![document(&blocks)]).is_ok(), is_in_order);

        blocks.sort_by_key(|block| (block.span.start, block.span.end));
        let mut end = 0;
        blocks.retain(|block| {
            let follows = block.span.start >= end;
            end = if follows { block.span.end } else { end };
            follows
        });
        let corpus = Corpus::new(vec![document(&blocks)]).unwrap();
        let options = Options { unit, ..Options::default() };
        prop_assert!(analyze(&corpus, &options, &mut ()).is_ok());
    }

    #[test]
    fn functions_of_text_take_any_text(text in any_text()) {
        for span in themeweave::words(&text) {
            prop_assert!(text.get(span).is_some_and(|word| !word.is_empty()));
        }
        let _ = (Language::detect(&text), text.parse::<Language>(), text.parse::<Unit>());
        let _ = text.parse::<AssociationMeasure>();
    }
}

proptest! {
    #![proptest_config(config(24))]

    /// Beyond a thousand segments themes are found in another way.
    #[test]
    fn many_segments(
        seed in any::<u64>(),
        words in prop_oneof![1_usize..6, 6_usize..400],
        longest in 0_usize..12,
        options in any_options(),
    ) {
        let mut rng = Rng::new(seed);
        let note = |_| (0..rng.below(longest + 1)).map(|_| format!("w{:x}x ", rng.below(words))).collect::<String>();
        let corpus = Corpus::from_notes((0..1_010).map(note)).unwrap();
        for options in [Options::default(), Options { resolution: 1.0, ..options }] {
            check_laws(&corpus, &analyze(&corpus, &options, &mut ()).unwrap());
        }
    }
}

/// Stops when it is asked for the `n`-th time.
struct StopAt(usize);

impl Progress for StopAt {
    fn update(&mut self, _: Stage, _: u64, _: Option<u64>) -> ControlFlow<()> {
        if self.0 == 0 {
            return ControlFlow::Break(());
        }
        self.0 -= 1;
        ControlFlow::Continue(())
    }
}

#[test]
fn an_analysis_stops_wherever_it_is_asked_to() {
    let corpus = crate::support::notes(&["bus tram", "bus tram late", "garden tools", "garden tools old"]);
    let outcomes: Vec<_> =
        (0..20).map(|n| analyze(&corpus, &Options::default(), &mut StopAt(n)).map(|_| ())).collect();
    let stopped = outcomes.iter().take_while(|outcome| outcome.is_err()).count();
    assert!(stopped >= 6, "{stopped} places to stop");
    assert!(outcomes[stopped..].iter().all(Result::is_ok));
    for outcome in &outcomes[..stopped] {
        assert_eq!(outcome.as_ref().unwrap_err().kind(), ErrorKind::Cancelled);
    }
}

#[test]
fn options_out_of_range_are_refused() {
    let corpus = crate::support::notes(&["bus", "bus"]);
    for resolution in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let options = Options { resolution, ..Options::default() };
        assert_eq!(analyze(&corpus, &options, &mut ()).unwrap_err().kind(), ErrorKind::Options);
    }
    let options = Options { themes: Some(0), ..Options::default() };
    assert_eq!(analyze(&corpus, &options, &mut ()).unwrap_err().kind(), ErrorKind::Options);
}
