//! What the commands do, one module for each kind.

mod about;
mod analyze;
mod explain;
mod plot;
mod print;

use std::io::Write;

use themeweave_io::Table;

use crate::args::{Arguments, Command};
use crate::exit::Stop;
use crate::streams::Streams;

/// Runs the command that was typed and returns its exit code.
pub(crate) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    match &arguments.command {
        Command::Analyze(job) => analyze::run(job, streams),
        Command::Themes(job) => print::table(Table::THEMES, job, streams),
        Command::Terms(job) => print::table(Table::THEME_TERMS, job, streams),
        Command::Edges(job) => print::table(Table::EDGES, job, streams),
        Command::Subthemes(job) => print::table(Table::SUBTHEMES, job, streams),
        Command::ThemeLinks(job) => print::table(Table::THEME_LINKS, job, streams),
        Command::Quotes(job) => print::table(Table::QUOTES, job, streams),
        Command::CounterEvidence(job) => print::table(Table::COUNTER_EVIDENCE, job, streams),
        Command::Segments(job) => print::table(Table::SEGMENTS, job, streams),
        Command::Documents(job) => print::table(Table::DOCUMENT_THEMES, job, streams),
        Command::Codebook(job) => print::table(Table::CODEBOOK, job, streams),
        Command::Graph(job) => print::graph(job, streams),
        Command::Plot(args) => plot::run(args, streams),
        Command::Explain(args) => explain::run(args, streams),
        Command::Completions { shell } => about::completions(*shell, streams.stdout as &mut dyn Write),
        Command::Man => about::manual(streams.stdout),
    }
}
