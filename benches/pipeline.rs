//! The whole way from text to themes: of the sample notes, of generated notes, and of every corpus in
//! the folder that `THEMEWEAVE_CORPORA` names.
//!
//! Before the times it prints what is found. For a table with a column `label` that is also how far the
//! themes agree with the labels: normalised mutual information, 0 for no better than nothing, 1 for the
//! same groups.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "quality belongs beside time")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::BytesCount;
use themeweave::{Analysis, Corpus, Options, Rng, Segments, Unit, analyze};
use themeweave_io::{Input, ReadOptions, read};

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

/// A corpus with its name.
struct Sample {
    name: String,
    corpus: Corpus,
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// All corpora, read once.
fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
        let mut samples = vec![
            from_file("symposium-notes", data.join("symposium-notes.md")),
            from_file("consultation-answers", data.join("consultation-answers.csv")),
        ];
        for notes in [1_000, 10_000] {
            samples.push(Sample { name: format!("generated {notes}"), corpus: generated(notes) });
        }
        let folder = std::env::var_os("THEMEWEAVE_CORPORA").map(PathBuf::from);
        let mut folders: Vec<PathBuf> = folder
            .iter()
            .flat_map(|folder| folder.read_dir().unwrap())
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("corpus.csv").exists())
            .collect();
        folders.sort();
        for folder in folders {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            samples.push(from_file(&name, folder.join("corpus.csv")));
        }
        samples
    })
}

fn from_file(name: &str, path: PathBuf) -> Sample {
    let read = read(&[Input::Path(path)], &ReadOptions::default(), &mut std::io::empty()).unwrap();
    assert!(read.failures.is_empty(), "{:?}", read.failures);
    Sample { name: name.to_owned(), corpus: read.corpus }
}

/// Notes about twenty subjects, each with 60 words of its own, among 600 words of all; rare words are
/// rare, as in language.
fn generated(notes: usize) -> Corpus {
    let mut rng = Rng::new(7);
    let texts: Vec<String> = (0..notes)
        .map(|_| {
            let subject = rng.below(20);
            let words: Vec<String> = (0..10 + rng.below(20))
                .map(|_| {
                    let skewed =
                        |rng: &mut Rng, most: usize| (rng.unit() * rng.unit() * most as f64) as usize;
                    match rng.below(3) {
                        0 => format!("topic{}x{}", letters(subject), letters(skewed(&mut rng, 60))),
                        _ => format!("word{}", letters(skewed(&mut rng, 600))),
                    }
                })
                .collect();
            words.join(" ")
        })
        .collect();
    Corpus::from_notes(texts).unwrap()
}

/// A number in letters, so that it is read as a word.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'b' + (number % 20) as u8));
        number /= 20;
        if number == 0 {
            return text;
        }
    }
}

fn bytes(corpus: &Corpus) -> usize {
    corpus.documents().iter().map(|document| document.text.len()).sum()
}

/// Normalised mutual information of themes and the column `label`, over the segments that have both.
fn agreement_with_labels(corpus: &Corpus, analysis: &Analysis) -> Option<f64> {
    let mut table: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    let (mut themes, mut labels) = (BTreeMap::new(), BTreeMap::new());
    let mut n = 0.0;
    for (segment, own) in analysis.segments.list().iter().zip(&analysis.memberships) {
        let attributes = &corpus.documents()[segment.document()].attributes;
        let label = attributes.iter().find(|attribute| &*attribute.name == "label");
        let (Some(label), Some(theme)) = (label, own.first()) else { continue };
        *table.entry((theme.theme, &label.value)).or_insert(0.0) += 1.0;
        *themes.entry(theme.theme).or_insert(0.0) += 1.0;
        *labels.entry(label.value.as_str()).or_insert(0.0) += 1.0;
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
    let count = Segments::from_corpus(&sample.corpus, Unit::Sentence).0.len();
    bencher.counter(BytesCount::new(bytes(&sample.corpus))).bench_local(|| {
        let (segments, _) = Segments::from_corpus(&sample.corpus, Unit::Sentence);
        assert_eq!(segments.len(), count);
        segments
    });
}
