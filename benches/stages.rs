//! Where the time of an analysis goes, step by step, on one thread.
//!
//! Each corpus is analyzed a few times and the fastest run of each step is shown, beside what the steps
//! found and two rates: text cut into tokens, and occurrences of two terms in one segment that were counted.
//! Every run must find the same.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]
#![allow(clippy::print_stdout, reason = "quality belongs beside time")]

mod samples;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use samples::{Sample, bytes, samples};
use themeweave::{Analysis, Options, Progress, Stage, analyze};

/// The steps, in order.
const STAGES: [Stage; 6] =
    [Stage::Segments, Stage::Tokens, Stage::Vocabulary, Stage::Cooccurrence, Stage::Network, Stage::Themes];

/// Runs of each corpus.
const RUNS: usize = 5;

fn main() {
    println!("milliseconds on one thread, the least of {RUNS} runs");
    println!(
        "{:<24} {:>7} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7} {:>9} {:>7} {:>7} {:>11} {:>9}",
        "corpus",
        "MB",
        "segments",
        "tokens",
        "terms",
        "pairs",
        "network",
        "themes",
        "segments",
        "terms",
        "pairs",
        "links",
        "themes",
        "tokens MB/s",
        "pairs M/s"
    );
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for sample in samples() {
        pool.install(|| measure(sample));
    }
    if std::env::var_os("THEMEWEAVE_CORPORA").is_none() {
        println!("(skipped: larger corpora, since THEMEWEAVE_CORPORA is not set)");
    }
}

fn measure(sample: &Sample) {
    let mut least = [Duration::MAX; STAGES.len()];
    let mut found: Option<[u64; 6]> = None;
    for _ in 0..RUNS {
        let mut clock = Clock::default();
        let analysis = analyze(&sample.corpus, &Options::default(), &mut clock).unwrap();
        clock.stop();
        for (least, spent) in least.iter_mut().zip(clock.spent) {
            *least = spent.min(*least);
        }
        let counts = counts(&analysis);
        assert_eq!(*found.get_or_insert(counts), counts, "{}", sample.name);
    }
    let megabytes = bytes(&sample.corpus) as f64 / 1e6;
    print!("{:<24} {megabytes:>7.2}", sample.name);
    for spent in least {
        print!(" {:>8.1}", spent.as_secs_f64() * 1e3);
    }
    let [segments, terms, pairs, links, themes, counted] = found.unwrap_or_default();
    let [tokens_rate, pairs_rate] =
        [megabytes / least[1].as_secs_f64(), counted as f64 / 1e6 / least[3].as_secs_f64()];
    println!(
        " {segments:>9} {terms:>7} {pairs:>9} {links:>7} {themes:>7} {tokens_rate:>11.0} {pairs_rate:>9.0}"
    );
}

/// Segments, terms, pairs, links, themes, and how often two terms are in one segment.
fn counts(analysis: &Analysis) -> [u64; 6] {
    let found = [
        analysis.segments.len(),
        analysis.vocabulary.terms().len(),
        analysis.cooccurrence.pair_count(),
        analysis.network.edge_count(),
        analysis.themes.len(),
    ];
    let [segments, terms, pairs, links, themes] = found.map(|count| count as u64);
    let counted = analysis.cooccurrence.pairs().map(|(.., count)| u64::from(count)).sum();
    [segments, terms, pairs, links, themes, counted]
}

/// Tells how long each step takes.
#[derive(Default)]
struct Clock {
    spent: [Duration; STAGES.len()],
    running: Option<(Stage, Instant)>,
}

impl Clock {
    /// Ends the step that is running.
    fn stop(&mut self) {
        if let Some((stage, since)) = self.running.take()
            && let Some(at) = STAGES.iter().position(|known| *known == stage)
        {
            self.spent[at] += since.elapsed();
        }
    }
}

impl Progress for Clock {
    fn update(&mut self, stage: Stage, _: u64, _: Option<u64>) -> ControlFlow<()> {
        if self.running.is_none_or(|(running, _)| running != stage) {
            self.stop();
            self.running = Some((stage, Instant::now()));
        }
        ControlFlow::Continue(())
    }
}
