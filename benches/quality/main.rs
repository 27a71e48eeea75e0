//! How good the themes are: agreement with the groups that people made, coherence of the words, and how
//! much comes out again from nine tenths of the texts. One row for each labelled corpus in the folder
//! that `THEMEWEAVE_CORPORA` names, with default options.
//!
//! Arguments choose corpora by parts of their names.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod agreement;
mod coherence;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use themeweave::{Analysis, Corpus, Document, Options, Rng, analyze};
use themeweave_io::{Input, ReadOptions, read};

use crate::agreement::adjusted_mutual_information;
use crate::coherence::coherence;

/// Columns by which a corpus is divided, where it has one: each part is a collection of its own.
const PARTS: [&str; 5] = ["topic", "question", "session", "lang", "meeting"];
/// Samples are drawn from corpora of at least so many texts.
const LARGE: usize = 15_000;
/// Share of the texts in a resample, and number of resamples.
const RESAMPLES: (f64, usize) = (0.9, 6);
/// Samples of large corpora: how many, of how many texts, with how many labels.
const SAMPLES: [(usize, usize, usize); 3] = [(20, 40, 5), (10, 300, 5), (5, 2_000, 5)];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let Some(folder) = std::env::var_os("THEMEWEAVE_CORPORA").map(PathBuf::from) else {
        println!("skipped: THEMEWEAVE_CORPORA is not set");
        return;
    };
    println!(
        "{:<28} {:>5} {:>7} {:>7} {:>12} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>9} {:>7}",
        "corpus",
        "parts",
        "texts",
        "labels",
        "themes",
        "AMI",
        "of 90%",
        "told",
        "NPMI",
        "C_v",
        "coverage",
        "largest",
        "resampled",
        "seconds"
    );
    for collection in collections(&folder, &wanted) {
        println!("{}", row(&collection));
    }
}

/// Parts of a corpus that are analyzed each by itself.
struct Collection {
    name: String,
    parts: Vec<Vec<Document>>,
}

fn collections(folder: &Path, wanted: &[String]) -> Vec<Collection> {
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut collections = Vec::new();
    for path in paths.iter().map(|path| path.join("corpus.csv")).filter(|path| path.exists()) {
        let name = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let read = read(&[Input::Path(path)], &ReadOptions::default(), &mut std::io::empty()).unwrap();
        let documents: Vec<Document> =
            read.corpus.documents().map(|document| document.to_document().unwrap()).collect();
        let part = PARTS.into_iter().find(|part| documents.iter().any(|d| !attribute(d, part).is_empty()));
        let mut parts: BTreeMap<&str, Vec<Document>> = BTreeMap::new();
        for document in &documents {
            parts
                .entry(part.map_or("", |part| attribute(document, part)))
                .or_default()
                .push(document.clone());
        }
        if documents.len() >= LARGE && part.is_none() {
            collections.extend(SAMPLES.map(|(samples, texts, labels)| Collection {
                name: format!("{name}, {texts} of {labels} labels"),
                parts: sampled(&documents, samples, texts, labels),
            }));
        }
        collections.push(Collection { name, parts: parts.into_values().collect() });
    }
    for collection in &mut collections {
        collection.parts.retain(|part| labels(part).iter().collect::<BTreeSet<_>>().len() > 2);
    }
    collections.retain(|collection| !collection.parts.is_empty());
    collections
}

/// Samples of `size` texts that have one of `count` labels.
fn sampled(documents: &[Document], samples: usize, size: usize, count: usize) -> Vec<Vec<Document>> {
    let known: BTreeSet<&str> = documents.iter().map(label).filter(|label| !label.is_empty()).collect();
    let known: Vec<&str> = known.into_iter().collect();
    let mut rng = Rng::new(1);
    (0..samples)
        .map(|_| {
            let labels: BTreeSet<&str> =
                drawn(known.len(), count, &mut rng).into_iter().map(|i| known[i]).collect();
            let own: Vec<&Document> = documents.iter().filter(|d| labels.contains(label(d))).collect();
            drawn(own.len(), size, &mut rng).into_iter().map(|i| own[i].clone()).collect()
        })
        .collect()
}

/// `count` of the numbers below `n`, in order.
fn drawn(n: usize, count: usize, rng: &mut Rng) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    while chosen.len() < count.min(n) {
        chosen.insert(rng.below(n));
    }
    chosen
}

fn attribute<'d>(document: &'d Document, name: &str) -> &'d str {
    document.attributes.iter().find(|a| &*a.name == name).map_or("", |a| a.value.as_str())
}

/// The label of a text, the first where there are several.
fn label(document: &Document) -> &str {
    attribute(document, "label").split('|').next().unwrap_or_default()
}

/// A number for each label, 0 for none.
fn labels(documents: &[Document]) -> Vec<u32> {
    let mut numbers = BTreeMap::from([("", 0)]);
    let number = |document| {
        let next = numbers.len() as u32;
        *numbers.entry(label(document)).or_insert(next)
    };
    documents.iter().map(number).collect()
}

/// What is measured of one part.
struct Measured {
    themes: usize,
    ami: f64,
    /// The mean of the same over resamples.
    ami_of_resamples: f64,
    /// The same when told the number of labels.
    told: f64,
    coherence: Option<(f64, f64)>,
    coverage: f64,
    largest: f64,
    /// The mean agreement between the themes of two resamples, on the texts that both have.
    resampled: f64,
}

fn row(collection: &Collection) -> String {
    let start = Instant::now();
    let is_whole = collection.parts.len() == 1;
    let measured: Vec<Measured> = collection.parts.par_iter().map(|part| measure(part, is_whole)).collect();
    let mean =
        |value: &dyn Fn(&Measured) -> f64| measured.iter().map(value).sum::<f64>() / measured.len() as f64;
    let themes: BTreeSet<usize> = measured.iter().map(|m| m.themes).collect();
    let range = match (themes.first(), themes.last()) {
        (Some(least), Some(most)) if least != most => {
            format!("{least}-{most} ({:.1})", mean(&|m| m.themes as f64))
        }
        _ => format!("{:.0}", mean(&|m| m.themes as f64)),
    };
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    format!(
        "{:<28} {:>5} {:>7} {:>7.1} {range:>12} {:>6.3} {:>6.3} {:>6.3} {:>6} {:>6} {:>8.3} {:>8.3} {:>9.3} {:>7.1}",
        collection.name,
        measured.len(),
        collection.parts.iter().map(Vec::len).sum::<usize>(),
        collection.parts.iter().map(|part| *labels(part).iter().max().unwrap() as f64).sum::<f64>()
            / measured.len() as f64,
        mean(&|m| m.ami),
        mean(&|m| m.ami_of_resamples),
        mean(&|m| m.told),
        shown(measured[0].coherence.map(|c| c.0)),
        shown(measured[0].coherence.map(|c| c.1)),
        mean(&|m| m.coverage),
        mean(&|m| m.largest),
        mean(&|m| m.resampled),
        start.elapsed().as_secs_f64(),
    )
}

fn measure(part: &[Document], with_coherence: bool) -> Measured {
    let found = |documents: Vec<Document>, number: Option<u32>| {
        let corpus = Corpus::new(documents).unwrap();
        let options = Options { themes: number, resamples: Some(0), ..Options::default() };
        let analysis = analyze(&corpus, &options, &mut ()).unwrap();
        (themes_of_documents(&corpus, &analysis), analysis)
    };
    let labels = labels(part);
    let agreement_on = |kept: &[usize], themes: &[u32]| {
        let both = kept.iter().map(|&text| labels[text]).zip(themes.iter().copied());
        let (gold, own): (Vec<u32>, Vec<u32>) = both.filter(|&(label, _)| label > 0).unzip();
        adjusted_mutual_information(&gold, &own)
    };
    let all: Vec<usize> = (0..part.len()).collect();
    let agreement = |themes: &[u32]| agreement_on(&all, themes);
    let (themes, analysis) = found(part.to_vec(), None);
    let resamples = resamples(part, &|documents| found(documents, None).0);
    let of_resamples = resamples.iter().map(|(kept, themes)| agreement_on(kept, themes));
    let in_a_theme = themes.iter().filter(|&&theme| theme > 0).count();
    let mut sizes = vec![0_usize; analysis.themes.len() + 1];
    themes.iter().filter(|&&theme| theme > 0).for_each(|&theme| sizes[theme as usize] += 1);
    Measured {
        themes: analysis.themes.len(),
        ami: agreement(&themes),
        ami_of_resamples: of_resamples.sum::<f64>() / resamples.len() as f64,
        told: agreement(&found(part.to_vec(), labels.iter().max().copied()).0),
        coherence: with_coherence.then(|| {
            let texts: Vec<&str> = part.iter().map(|document| document.text.as_str()).collect();
            coherence(&texts, analysis.language, &best_terms(&analysis))
        }),
        coverage: in_a_theme as f64 / part.len() as f64,
        largest: *sizes.iter().max().unwrap() as f64 / part.len() as f64,
        resampled: agreement_between(&resamples),
    }
}

/// Texts that were drawn, by number, and the theme of each.
type Resample = (Vec<usize>, Vec<u32>);

fn resamples(part: &[Document], themes: &dyn Fn(Vec<Document>) -> Vec<u32>) -> Vec<Resample> {
    let (share, resamples) = RESAMPLES;
    let resample = |seed| {
        let mut rng = Rng::new(seed);
        let kept: Vec<usize> = (0..part.len()).filter(|_| rng.unit() < share).collect();
        let themes = themes(kept.iter().map(|&i| part[i].clone()).collect());
        (kept, themes)
    };
    (0..resamples as u64).map(resample).collect()
}

/// Mean agreement between the themes of two resamples, on the texts that both have.
fn agreement_between(resamples: &[Resample]) -> f64 {
    let mut agreements = Vec::new();
    for (i, (kept, themes)) in resamples.iter().enumerate() {
        let of_text: BTreeMap<usize, u32> = kept.iter().copied().zip(themes.iter().copied()).collect();
        for (kept, themes) in &resamples[..i] {
            let both = kept.iter().zip(themes);
            let both = both.filter_map(|(text, &theme)| Some((theme, *of_text.get(text)?)));
            let (a, b): (Vec<u32>, Vec<u32>) = both.unzip();
            agreements.push(adjusted_mutual_information(&a, &b));
        }
    }
    agreements.iter().sum::<f64>() / agreements.len() as f64
}

/// The heaviest theme of each document, counted from 1; 0 for none.
fn themes_of_documents(corpus: &Corpus, analysis: &Analysis) -> Vec<u32> {
    let first = |themes: Vec<themeweave::Membership>| themes.first().map_or(0, |m| m.theme as u32 + 1);
    analysis.document_memberships(corpus).map(first).collect()
}

/// The ten best terms of each theme.
fn best_terms(analysis: &Analysis) -> Vec<Vec<String>> {
    let terms = |theme: &themeweave::Theme| {
        theme.terms.iter().take(10).map(|term| analysis.term(term.term).to_owned()).collect()
    };
    analysis.themes.iter().map(terms).collect()
}
