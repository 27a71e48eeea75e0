//! Notes in memory become themes, each with its best terms and a quote.
//!
//! ```text
//! cargo run -p themeweave --example 01_first_themes
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use themeweave::{Corpus, Options, analyze};

fn main() -> themeweave::Result<()> {
    // One note a document. Files, tables and Markdown are read by the crate `themeweave-io`.
    let corpus = Corpus::from_notes([
        "The bus is late every morning and nobody tells us why.",
        "A late bus means a missed appointment.",
        "Two missed appointments this month, because of the late bus.",
        "The evening bus was taken off, so evening classes are no good to us.",
        "The phone line is engaged all day.",
        "Nobody answers the phone before ten.",
        "Ten minutes on the phone line, and then it cuts us off.",
        "Letters arrive after the appointment, so we phone, and the phone line is engaged.",
        "Volunteers would open the garden at weekends if there were keys.",
        "The community garden needs tools and a shed.",
        "New volunteers come for the garden and stay for the tea.",
        "Dogs.",
    ])?;

    // The last argument receives progress and may stop the analysis; `()` ignores it.
    let analysis = analyze(&corpus, &Options::default(), &mut ())?;

    for theme in &analysis.themes {
        let (low, high) = theme.share_interval.unwrap_or((theme.share, theme.share));
        println!(
            "{}: {} notes, {:.0} % ({:.0} to {:.0})",
            theme.label,
            theme.segments,
            100.0 * theme.share,
            100.0 * low,
            100.0 * high
        );
        let terms: Vec<&str> = theme.terms.iter().take(6).map(|term| analysis.term(term.term)).collect();
        println!("  {}", terms.join(", "));

        // A quote knows its place: the segment, and bytes of the document that it is in.
        if let Some(quote) = theme.quotes.first() {
            let segment = &analysis.segments.list()[quote.segment];
            if let Some(document) = corpus.document(segment.document()) {
                println!("  “{}” (note {})", quote.text, document.name());
            }
        }
    }

    // What was dropped, guessed or is doubtful is part of the result.
    println!();
    for diagnostic in &analysis.diagnostics {
        println!("{diagnostic}");
    }
    Ok(())
}
