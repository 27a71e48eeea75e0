//! Text cut into words.
//!
//! Every round checks how many words it found.

#![allow(clippy::unwrap_used, reason = "a bench that fails may stop")]

use divan::Bencher;
use divan::counter::BytesCount;
use themeweave::words;

fn main() {
    divan::main();
}

/// Times a sentence, and how many words it has.
struct Sample {
    name: &'static str,
    sentence: &'static str,
    words: usize,
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const SAMPLES: [Sample; 4] = [
    Sample {
        name: "plain ASCII",
        sentence: "The pooled budget was spent on beds and nobody can say who decided that it should be. ",
        words: 17,
    },
    Sample {
        name: "marks and hyphens",
        sentence: "Well: \"long-term\" care, e.g. follow-ups (3.5 hours/week) - it's the ward's, isn't it?\n",
        words: 15,
    },
    Sample {
        name: "beyond ASCII",
        sentence: "Les élus veulent davantage de soutien : l’été dernier, 12 000 familles ont été aidées. ",
        words: 14,
    },
    Sample {
        name: "addresses and tags",
        sentence: "See <b>the plan</b> at https://example.org/plan?id=7&page=2 or write to a.b@example.org &amp; wait. ",
        words: 8,
    },
];

/// Sentences in a text.
const TIMES: usize = 10_000;

#[divan::bench(args = &SAMPLES)]
fn count_words(bencher: Bencher<'_, '_>, sample: &Sample) {
    let text = sample.sentence.repeat(TIMES);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let found = words(&text).count();
        assert_eq!(found, sample.words * TIMES, "{sample}");
        found
    });
}
