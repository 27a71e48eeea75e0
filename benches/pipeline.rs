//! The whole way from text to themes: of the sample notes, of generated notes, and of every corpus in
//! the folder that `THEMEWEAVE_CORPORA` names.
//!
//! Before the times it prints what is found. For a table with a column `label` that is also how far the
//! themes agree with the labels: normalised mutual information, 0 for no better than nothing, 1 for the
//! same groups.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "quality belongs beside time")]

mod samples;

use std::collections::BTreeMap;

use divan::Bencher;
use divan::counter::BytesCount;
use samples::{Sample, bytes, samples};
use themeweave::{Analysis, Corpus, Options, Segments, Unit, analyze};

fn main() {
    println!(
        "{:<32} {:>9} {:>9} {:>7} {:>8} {:>7} {:>9} {:>9} {:>6}",
        "corpus", "bytes", "segments", "terms", "links", "themes", "in a theme", "largest", "NMI"
    );
    for sample in samples() {
        let analysis = analyze(&sample.corpus, &Options::default(), &mut ()).unwrap();
        let segments = analysis.segments.len();
        let in_theme = analysis.memberships.iter().filter(|themes| !themes.is_empty()).count();
        let agreement = agreement_with_labels(&sample.corpus, &analysis);
        println!(
            "{:<32} {:>9} {segments:>9} {:>7} {:>8} {:>7} {:>10.3} {:>9.3} {:>6}",
            sample.name,
            bytes(&sample.corpus),
            analysis.vocabulary.terms().len(),
            analysis.network.edge_count(),
            analysis.themes.len(),
            in_theme as f64 / segments as f64,
            analysis.themes.first().map_or(0.0, |theme| theme.share),
            agreement.map_or("-".to_owned(), |value| format!("{value:.3}")),
        );
    }
    if std::env::var_os("THEMEWEAVE_CORPORA").is_none() {
        println!("(skipped: larger corpora, since THEMEWEAVE_CORPORA is not set)");
    }
    println!();
    divan::main();
}

/// Normalised mutual information of themes and the column `label`, over the segments that have both.
fn agreement_with_labels(corpus: &Corpus, analysis: &Analysis) -> Option<f64> {
    let mut table: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    let (mut themes, mut labels) = (BTreeMap::new(), BTreeMap::new());
    let mut n = 0.0;
    for (segment, own) in analysis.segments.list().iter().zip(analysis.memberships.iter()) {
        let document = corpus.document(segment.document());
        let mut attributes = document.into_iter().flat_map(|document| document.attributes());
        let label = attributes.find(|(name, _)| *name == "label");
        let (Some((_, label)), Some(theme)) = (label, own.first()) else { continue };
        *table.entry((theme.theme, label)).or_insert(0.0) += 1.0;
        *themes.entry(theme.theme).or_insert(0.0) += 1.0;
        *labels.entry(label).or_insert(0.0) += 1.0;
        n += 1.0;
    }
    let ln = themeweave::math::ln;
    let entropy = |counts: &mut dyn Iterator<Item = f64>| -> f64 { counts.map(|c| c / n * ln(n / c)).sum() };
    let of_themes = entropy(&mut themes.values().copied());
    let of_labels = entropy(&mut labels.values().copied());
    let shared: f64 =
        table.iter().map(|((theme, label), c)| c / n * ln(c * n / (themes[theme] * labels[label]))).sum();
    (of_themes + of_labels > 0.0).then(|| 2.0 * shared / (of_themes + of_labels))
}

#[divan::bench(args = samples(), sample_count = 10, max_time = 60)]
fn whole_analysis(bencher: Bencher<'_, '_>, sample: &Sample) {
    let themes = analyze(&sample.corpus, &Options::default(), &mut ()).unwrap().themes.len();
    assert!(themes > 0, "{sample} has no themes");
    bencher.counter(BytesCount::new(bytes(&sample.corpus))).bench_local(|| {
        let analysis = analyze(&sample.corpus, &Options::default(), &mut ()).unwrap();
        assert_eq!(analysis.themes.len(), themes);
        analysis
    });
}

#[divan::bench(args = samples(), sample_count = 10, max_time = 20)]
fn segments(bencher: Bencher<'_, '_>, sample: &Sample) {
    let count = Segments::from_corpus(&sample.corpus, Unit::Sentence).unwrap().0.len();
    bencher.counter(BytesCount::new(bytes(&sample.corpus))).bench_local(|| {
        let (segments, _) = Segments::from_corpus(&sample.corpus, Unit::Sentence).unwrap();
        assert_eq!(segments.len(), count);
        segments
    });
}
