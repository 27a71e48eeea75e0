//! `manifest.json`: what was done with what, so that a run can be checked and repeated.
//!
//! It has no time stamps and no paths but the names of the inputs as they were given, so that the
//! same run gives the same bytes on any machine.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use themeweave::{Diagnostic, Language, Options, Unit};

use crate::digest::FileDigest;
use crate::read::TextFormat;
use crate::write::{Run, TableFormat, WriteOptions};

/// Grows when a key changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Manifest<'a> {
    program: &'static str,
    version: &'static str,
    schema: u32,
    options: AllOptions<'a>,
    seed: u64,
    language: Language,
    unit: Unit,
    inputs: &'a [FileDigest],
    outputs: &'a [FileDigest],
    counts: Counts,
    diagnostics: Vec<&'a Diagnostic>,
    failures: Vec<Failure<'a>>,
}

/// Every option that decides what the outputs are.
#[derive(Serialize)]
struct AllOptions<'a> {
    text_column: Option<&'a str>,
    id_column: Option<&'a str>,
    speaker_column: Option<&'a str>,
    group_columns: &'a [String],
    date_column: Option<&'a str>,
    delimiter: Option<char>,
    sheet: Option<&'a str>,
    encoding: Option<String>,
    text_format: Option<&'static str>,
    private_messages: bool,
    /// Number of names that pseudonyms stand for.
    pseudonyms: usize,
    #[serde(flatten)]
    analysis: &'a Options,
    table_formats: Vec<&'static str>,
    graph_formats: Vec<&'static str>,
    csv_raw: bool,
    csv_bom: bool,
    refi: Option<&'static str>,
    replace_astral: bool,
    /// Seconds since 1970 that files are dated by.
    created: u64,
}

impl<'a> AllOptions<'a> {
    fn new(run: &Run<'a>, options: &WriteOptions) -> Self {
        let read_options = run.read_options;
        Self {
            text_column: read_options.text_column.as_deref(),
            id_column: read_options.id_column.as_deref(),
            speaker_column: read_options.speaker_column.as_deref(),
            group_columns: &read_options.group_columns,
            date_column: read_options.date_column.as_deref(),
            delimiter: read_options.delimiter.map(char::from),
            sheet: read_options.sheet.as_deref(),
            encoding: read_options.encoding.map(|encoding| encoding.to_string()),
            text_format: read_options.text_format.map(TextFormat::name),
            private_messages: read_options.private_messages,
            pseudonyms: read_options.pseudonyms.len(),
            analysis: run.options,
            table_formats: options.all_table_formats().map(TableFormat::name).collect(),
            graph_formats: options.all_graph_formats().map(|format| format.name()).collect(),
            csv_raw: options.csv_raw,
            csv_bom: options.csv_bom,
            refi: options.refi.map(|refi| refi.codings.name()),
            replace_astral: options.refi.is_some_and(|refi| refi.replace_astral),
            created: options.refi.map_or(0, |refi| refi.created),
        }
    }
}

/// Every option with its value, for people: the names of the manifest, those of inner objects after a dot.
pub(super) fn option_list(run: &Run<'_>, options: &WriteOptions) -> io::Result<Vec<(String, String)>> {
    let mut list = Vec::new();
    flatten("", &serde_json::to_value(AllOptions::new(run, options))?, &mut list);
    Ok(list)
}

fn flatten(name: &str, value: &Value, list: &mut Vec<(String, String)>) {
    let shown = match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let inner = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(&inner, value, list);
            }
            return;
        }
        Value::Null => "not set".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            items.join(", ")
        }
        other => other.to_string(),
    };
    list.push((name.to_owned(), shown));
}

#[derive(Serialize)]
struct Counts {
    documents: usize,
    segments: usize,
    segments_with_theme: usize,
    terms: usize,
    pairs: usize,
    nodes: usize,
    edges: usize,
    themes: usize,
}

/// An input that could not be read.
#[derive(Serialize)]
struct Failure<'a> {
    file: Option<&'a str>,
    line: Option<u64>,
    message: String,
}

pub(super) fn write(
    run: &Run<'_>,
    options: &WriteOptions,
    outputs: &[FileDigest],
    diagnostics: &[Diagnostic],
    out: &mut dyn Write,
) -> io::Result<()> {
    let Run { read, analysis, .. } = *run;
    let manifest = Manifest {
        program: "themeweave",
        version: env!("CARGO_PKG_VERSION"),
        schema: SCHEMA,
        options: AllOptions::new(run, options),
        seed: run.options.seed,
        language: analysis.language,
        unit: analysis.segments.unit(),
        inputs: &read.files,
        outputs,
        counts: Counts {
            documents: read.corpus.len(),
            segments: analysis.segments.len(),
            segments_with_theme: analysis.memberships.len() - analysis.memberships.without_theme(),
            terms: analysis.vocabulary.terms().len(),
            pairs: analysis.cooccurrence.pair_count(),
            nodes: analysis.network.node_count(),
            edges: analysis.network.edge_count(),
            themes: analysis.themes.len(),
        },
        diagnostics: read.diagnostics.iter().chain(&analysis.diagnostics).chain(diagnostics).collect(),
        failures: read
            .failures
            .iter()
            .map(|error| Failure { file: error.file(), line: error.line(), message: error.to_string() })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &manifest)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ReadOptions;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn it_tells_what_was_done() {
        let (read, analysis) = analysis_of(NOTES);
        let read_options = ReadOptions { delimiter: Some(b'\t'), ..ReadOptions::default() };
        let options = Options { seed: 7, ..Options::default() };
        let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
        let outputs = [FileDigest { name: "x.csv".into(), bytes: 3, sha256: "00".into() }];
        let mut out = Vec::new();
        write(&run, &WriteOptions::default(), &outputs, &[], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["program"], "themeweave");
        assert_eq!(value["options"]["delimiter"], "\t");
        assert_eq!(value["options"]["unit"], "auto");
        assert_eq!(value["options"]["terms"]["numbers"], false);
        assert_eq!(value["unit"], "note");
        assert_eq!((&value["seed"], &value["language"]), (&7.into(), &"en".into()));
        assert_eq!(value["inputs"][0]["bytes"], NOTES.len());
        assert_eq!(value["outputs"][0]["name"], "x.csv");
        assert_eq!(value["counts"]["documents"], 1);
        assert_eq!(value["counts"]["segments"], analysis.segments.len());
        // The keys stand in the order of their description.
        let positions: Vec<_> = [
            "\"program\"",
            "\"options\"",
            "\"seed\"",
            "\"inputs\"",
            "\"outputs\"",
            "\"counts\"",
            "\"failures\"",
        ]
        .map(|key| text.find(key).unwrap())
        .to_vec();
        assert!(positions.is_sorted());
    }
}
