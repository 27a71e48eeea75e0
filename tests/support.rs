//! Corpora from a few lines, and what must hold for every analysis.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use themeweave::{Analysis, Corpus, CounterKind, Language, Options, TermOptions, analyze};
use themeweave_io::{Input, ReadCorpus, ReadOptions, read};

/// A file of the `data` folder.
pub(crate) fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// Reads one file or folder that must be readable.
#[track_caller]
pub(crate) fn read_path(path: PathBuf) -> ReadCorpus {
    let read = read(&[Input::Path(path)], &ReadOptions::default(), &mut std::io::empty()).unwrap();
    assert_eq!(read.failures, []);
    read
}

/// The corpus of one Markdown text.
#[track_caller]
pub(crate) fn markdown(text: &str) -> Corpus {
    let read = read(&[Input::Stdin], &ReadOptions::default(), &mut text.as_bytes()).unwrap();
    assert_eq!(read.failures, []);
    read.corpus
}

/// A corpus of notes.
pub(crate) fn notes(notes: &[&str]) -> Corpus {
    Corpus::from_notes(notes.iter().copied()).unwrap()
}

/// English options with these choices about terms.
pub(crate) fn with_terms(terms: TermOptions) -> Options {
    Options { language: Some(Language::English), terms, ..Options::default() }
}

/// Analyzes and checks what must hold for every analysis.
#[track_caller]
pub(crate) fn analyzed(corpus: &Corpus, options: &Options) -> Analysis {
    let analysis = analyze(corpus, options, &mut ()).unwrap();
    check_laws(corpus, &analysis);
    analysis
}

/// The texts of a theme's best terms.
pub(crate) fn best_terms(analysis: &Analysis, theme: usize, count: usize) -> Vec<&str> {
    analysis.themes[theme].terms.iter().take(count).map(|term| analysis.term(term.term)).collect()
}

/// The codes of the diagnostics.
pub(crate) fn codes(analysis: &Analysis) -> Vec<&'static str> {
    analysis.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Marks with which something begins that is no language, and U+202F, which UAX #29 takes for a part
/// of words although it is a space.
pub(crate) fn has_marks(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.contains(['<', '&', '@', ']', '\u{202f}'])
        || ["://", "www."].iter().any(|start| lower.contains(start))
}

/// Asserts what holds for every analysis of every corpus.
#[track_caller]
pub(crate) fn check_laws(corpus: &Corpus, analysis: &Analysis) {
    check_segments(corpus, analysis);
    check_terms(analysis);
    check_network(analysis);
    check_themes(corpus, analysis);
    check_memberships(corpus, analysis);
    for diagnostic in &analysis.diagnostics {
        assert!(!diagnostic.code.is_empty() && !diagnostic.message.is_empty());
    }
}

/// Segments lie within their documents, ascend, and know their lines and code points.
#[track_caller]
fn check_segments(corpus: &Corpus, analysis: &Analysis) {
    let mut last = (0, 0);
    for (i, segment) in analysis.segments.list().iter().enumerate() {
        let document = corpus.document(segment.document()).unwrap();
        let text = analysis.segments.text(corpus, i).unwrap();
        let whole = document.text().unwrap();
        assert_eq!(Some(&*text), whole.get(segment.span()));
        assert!(!text.trim().is_empty(), "segment {i} is empty");
        let before = &whole[..segment.span().start];
        let start = before.chars().count() as u32;
        assert_eq!(segment.chars(), start..start + text.chars().count() as u32, "{text:?}");
        let line = before.bytes().filter(|&byte| byte == b'\n').count() as u32;
        assert_eq!(segment.line(), document.first_line().saturating_add(line), "{text:?}");
        assert!(segment.parent().is_none_or(|parent| parent < i), "{text:?}");
        let place = (segment.document(), segment.span().start);
        assert!(i == 0 || place >= last, "segment {i} stands before the one above");
        last = (segment.document(), segment.span().end);
    }
}

/// Counts of terms agree with each other, and pairs with terms.
#[track_caller]
fn check_terms(analysis: &Analysis) {
    let vocabulary = &analysis.vocabulary;
    let terms = vocabulary.terms();
    assert_eq!(vocabulary.segment_count(), analysis.segments.len());
    let mut totals = vec![(0_u32, 0_u64); terms.len()];
    for segment in 0..vocabulary.segment_count() {
        let present = vocabulary.segment(segment);
        assert!(present.clone().is_sorted_by(|a, b| a.0 < b.0));
        for (term, times) in present {
            assert!(times > 0);
            totals[term as usize].0 += 1;
            totals[term as usize].1 += u64::from(times);
        }
    }
    let mut texts = HashSet::new();
    for (id, (term, total)) in terms.iter().zip(totals).enumerate() {
        assert_eq!((term.segments, term.frequency), total, "{}", term.text);
        assert!(term.segments > 0 && !term.text.trim().is_empty(), "{term:?}");
        assert!(texts.insert(term.text.as_str()), "two terms are shown as {:?}", term.text);
        assert_eq!(vocabulary.find(&term.text), Some(id as u32));
        assert!(term.parts.iter().all(|&part| (part as usize) < terms.len() && part as usize != id));
    }
    let counts =
        |term: &themeweave::Term| (std::cmp::Reverse(term.segments), std::cmp::Reverse(term.frequency));
    assert!(terms.is_sorted_by_key(counts));
    // Where capitals come in the alphabet depends on all spellings of a word, not on that shown.
    let plain = terms.iter().filter(|term| term.text == term.text.to_lowercase());
    assert!(plain.is_sorted_by_key(|term| (counts(term), &term.text)));

    let matrix = &analysis.cooccurrence;
    assert_eq!(matrix.pairs().count(), matrix.pair_count());
    for (a, b, count) in matrix.pairs() {
        assert!(a < b && count > 0);
        assert_eq!((matrix.count(a, b), matrix.count(b, a), matrix.count(a, a)), (count, count, 0));
        assert!(count <= terms[a as usize].segments.min(terms[b as usize].segments));
    }
}

/// Links are between terms that occur together more often than chance would have it.
#[track_caller]
fn check_network(analysis: &Analysis) {
    let (network, matrix) = (&analysis.network, &analysis.cooccurrence);
    let terms = analysis.vocabulary.terms();
    assert_eq!(analysis.positions.len(), network.node_count());
    assert!(analysis.positions.iter().flatten().all(|x| (-1.0..=1.0).contains(x)));
    for (index, node) in network.node_indices().zip(network.node_weights()) {
        assert_eq!(node.term as usize, index.index());
        assert_eq!(node.segments, terms[node.term as usize].segments);
    }
    for edge in network.edge_indices() {
        let (a, b) = network.edge_endpoints(edge).unwrap();
        let link = network[edge];
        assert_ne!(a, b);
        assert_eq!(link.cooccurrences, matrix.count(a.index() as u32, b.index() as u32));
        assert!(link.weight > 0.0 && link.weight.is_finite(), "{link:?}");
        assert!(
            (0.0..=1.0).contains(&link.p) && link.q <= 1.0 && link.q >= link.p * (1.0 - 1e-12),
            "{link:?}"
        );
    }
}

/// Themes are ordered by share, have names of their own, and their numbers agree with the segments.
#[track_caller]
fn check_themes(corpus: &Corpus, analysis: &Analysis) {
    let themes = &analysis.themes;
    assert!(themes.is_sorted_by_key(|theme| std::cmp::Reverse(theme.segments)));
    assert!(themes.iter().map(|theme| theme.share).sum::<f64>() <= 1.0 + 1e-9);
    let labels: HashSet<&str> = themes.iter().map(|theme| theme.label.as_str()).collect();
    assert_eq!(labels.len(), themes.len());
    for (t, theme) in themes.iter().enumerate() {
        let own = analysis.memberships.iter().filter(|list| list.first().is_some_and(|m| m.theme == t));
        assert_eq!(own.count() as u32, theme.segments, "{}", theme.label);
        assert!(theme.segments >= 2, "one segment is no theme: {}", theme.label);
        assert_eq!(theme.share, f64::from(theme.segments) / analysis.segments.len() as f64);
        assert!(theme.documents >= 1 && theme.documents <= theme.segments);
        assert!(theme.speakers as usize <= analysis.segments.speakers().len());
        assert!(!theme.label.is_empty() && theme.centrality >= 0.0 && theme.density >= 0.0);
        assert!(theme.centrality.is_finite() && theme.density.is_finite());
        if let Some((low, high)) = theme.share_interval {
            let holds = low <= theme.share + 1e-12 && theme.share <= high + 1e-12;
            assert!(0.0 <= low && holds && high <= 1.0, "{} in {low}..={high}", theme.share);
        }
        assert!(theme.stability.is_none_or(|value| (0.0..=1.0).contains(&value)));
        for term in &theme.terms {
            let known = &analysis.vocabulary.terms()[term.term as usize];
            for share in [Some(term.beta), Some(term.exclusivity), term.membership].into_iter().flatten() {
                assert!((0.0..=1.0).contains(&share), "{term:?}");
            }
            assert!(term.segments <= known.segments.min(theme.segments), "{term:?}");
            assert!(term.frequency <= known.frequency, "{term:?}");
        }
        for quote in &theme.quotes {
            check_passage(corpus, analysis, quote.segment, &quote.span, &quote.chars, quote.line);
            assert!((0.0..=1.0 + 1e-6).contains(&quote.score), "{quote:?}");
            assert_eq!(analysis.memberships[quote.segment].first().map(|m| m.theme), Some(t));
        }
        check_counter_evidence(corpus, analysis, t);
    }
    assert_eq!(analysis.theme_of_term.len(), analysis.network.node_count());
    assert!(analysis.theme_of_term.iter().flatten().all(|&theme| theme < themes.len()));
    if let Some(communities) = &analysis.community_of_term {
        assert!(themes.is_empty());
        assert_eq!(communities.len(), analysis.network.node_count());
    }
}

/// A passage is a part of its segment, short, and knows its line and code points.
#[track_caller]
fn check_passage(
    corpus: &Corpus,
    analysis: &Analysis,
    segment: usize,
    span: &Range<usize>,
    chars: &Range<u32>,
    line: u32,
) {
    let segment = &analysis.segments.list()[segment];
    let text = corpus.document(segment.document()).unwrap().text().unwrap();
    let whole = segment.span();
    assert!(whole.start <= span.start && span.start < span.end && span.end <= whole.end);
    let start = text[..span.start].chars().count() as u32;
    assert_eq!(*chars, start..start + text[span.clone()].chars().count() as u32);
    let lines = text[whole.start..span.start].bytes().filter(|&byte| byte == b'\n').count();
    if corpus.document(segment.document()).unwrap().blocks().iter().all(|block| block.line.is_none()) {
        assert_eq!(line, segment.line().saturating_add(lines as u32));
    }
    let words = text[span.clone()].split_whitespace().count();
    assert!(words <= 80, "a passage of {words} words");
}

/// Counter-evidence has a term of the theme: negated in the theme, or as it is in another one.
#[track_caller]
fn check_counter_evidence(corpus: &Corpus, analysis: &Analysis, t: usize) {
    let theme = &analysis.themes[t];
    let is_unusual = |kind: &CounterKind| *kind == CounterKind::Unusual;
    assert!(theme.counter_evidence.is_sorted_by_key(|found| is_unusual(&found.kind)));
    let mut seen = HashSet::new();
    for found in &theme.counter_evidence {
        check_passage(corpus, analysis, found.segment, &found.span, &found.chars, found.line);
        assert!(seen.insert((found.segment, is_unusual(&found.kind))), "a segment twice: {found:?}");
        assert!((0.0..=1.0 + 1e-6).contains(&found.score), "{found:?}");
        assert!(theme.terms.iter().any(|term| term.term == found.term), "{found:?}");
        assert!(analysis.vocabulary.segment(found.segment).has(found.term));
        let own = analysis.memberships[found.segment].first().map(|membership| membership.theme);
        match &found.kind {
            CounterKind::Negated { cue } => {
                assert!(own == Some(t) && found.span.start <= cue.start && cue.end <= found.span.end);
                let document = analysis.segments.list()[found.segment].document();
                let cue = corpus.document(document).unwrap().text().unwrap()[cue.clone()].to_owned();
                assert_eq!(cue.split_whitespace().count(), 1, "{cue:?}");
            }
            CounterKind::Unusual => assert!(own.is_some_and(|own| own != t), "{found:?}"),
        }
    }
}

/// Shares are shares.
#[track_caller]
fn check_memberships(corpus: &Corpus, analysis: &Analysis) {
    assert_eq!(analysis.memberships.len(), analysis.segments.len());
    let of_documents: Vec<_> = analysis.document_memberships(corpus).collect();
    assert_eq!(of_documents.len(), corpus.documents().len());
    for list in analysis.memberships.iter().chain(of_documents.iter().map(Vec::as_slice)) {
        assert!(
            list.iter().all(|m| m.theme < analysis.themes.len() && (0.0..=1.0 + 1e-9).contains(&m.gamma))
        );
        assert!(list.iter().map(|m| m.gamma).sum::<f64>() <= 1.0 + 1e-9, "{list:?}");
        assert!(list.is_sorted_by(|a, b| a.gamma >= b.gamma), "{list:?}");
        let themes: HashSet<usize> = list.iter().map(|m| m.theme).collect();
        assert_eq!(themes.len(), list.len(), "a theme twice: {list:?}");
    }
}
