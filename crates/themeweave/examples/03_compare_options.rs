//! The same notes, cut and divided in several ways, side by side.
//!
//! ```text
//! cargo run -p themeweave --example 03_compare_options
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use themeweave::{Corpus, Options, TermOptions, Unit, analyze};

fn main() -> themeweave::Result<()> {
    // Three people answer, at some length.
    let corpus = Corpus::from_notes([
        "The bus is late every morning. Nobody tells us why the bus is late. A late bus means a missed \
         appointment. The phone line is engaged all day. I phone at eight and the line is engaged.",
        "I would come to the garden if there were tools. The garden needs a shed for the tools. \
         When I phone about the garden, the phone line is engaged. Nobody answers the phone.",
        "My appointment was at nine and the bus came at ten. Late buses and missed appointments, every week. \
         The volunteers in the garden are kind. More volunteers and more tools, please.",
    ])?;
    let base = Options::default();

    // What counts as together? A whole answer is too much here, a sentence is about right.
    println!("{:<14} {:>8} {:>6} {:>6}  themes", "unit", "segments", "terms", "links");
    for unit in ["note", "sentence", "words:20"] {
        let options = Options { unit: unit.parse::<Unit>()?, ..base.clone() };
        show(unit, &corpus, &options)?;
    }

    // How fine? A higher resolution gives more and smaller themes; `themes` asks for a number.
    println!();
    let sentences = Options { unit: Unit::Sentence, ..base };
    for resolution in [0.5, 1.0, 2.0] {
        show(&format!("resolution {resolution}"), &corpus, &Options { resolution, ..sentences.clone() })?;
    }
    show("two themes", &corpus, &Options { themes: Some(2), ..sentences.clone() })?;

    // Which words are one term?
    println!();
    let synonyms = vec![("line".to_owned(), "phone".to_owned()), ("week".to_owned(), String::new())];
    let terms = TermOptions { synonyms, ..TermOptions::default() };
    show("synonyms", &corpus, &Options { terms, ..sentences.clone() })?;
    let terms = TermOptions { no_stemming: true, no_phrases: true, ..TermOptions::default() };
    show("word forms", &corpus, &Options { terms, ..sentences })
}

/// One row: what these options give.
fn show(name: &str, corpus: &Corpus, options: &Options) -> themeweave::Result<()> {
    let analysis = analyze(corpus, options, &mut ())?;
    let labels: Vec<String> =
        analysis.themes.iter().map(|theme| format!("{} ({})", theme.label, theme.segments)).collect();
    println!(
        "{name:<14} {:>8} {:>6} {:>6}  {}",
        analysis.segments.len(),
        analysis.vocabulary.terms().len(),
        analysis.network.edge_count(),
        if labels.is_empty() { "none".to_owned() } else { labels.join("; ") }
    );
    Ok(())
}
