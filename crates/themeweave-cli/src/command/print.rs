//! `themes`, `terms` and the like: one table or the network on standard output.

use clap::Args;
use themeweave::Options;
use themeweave_io::{Table, TableOptions};

use crate::args::{GraphArgs, GroupBy, Job, TableArgs};
use crate::exit::Stop;
use crate::flow::{self, Outcome};
use crate::settings::Settings;
use crate::streams::Streams;

/// Prints a table.
pub(super) fn table(table: Table, job: &Job<TableArgs>, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    if table == Table::SUBTHEMES && job.analysis.themes.levels == Some(1) {
        return Err(Stop::usage("subthemes are themes of the second level: leave out --levels 1, or give 2"));
    }
    let outcome = outcome(job, streams, |options| {
        if ![Table::QUOTES, Table::COUNTER_EVIDENCE, Table::CODEBOOK].contains(&table) {
            options.quotes = 0;
        }
        if ![Table::THEMES, Table::THEME_TERMS].contains(&table) {
            options.resamples = Some(0);
        }
        if table == Table::EDGES {
            options.levels = 0;
        }
        if table == Table::SUBTHEMES {
            options.levels = 2;
        }
    })?;
    let TableArgs { format, csv } = &job.output;
    let options = TableOptions { format: *format, raw: csv.csv_raw, bom: csv.csv_bom };
    table.write(&outcome.read.corpus, &outcome.analysis, options, streams.stdout).map_err(Stop::stdout)?;
    finish(outcome, streams)
}

/// Prints the network.
pub(super) fn graph(job: &Job<GraphArgs>, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let outcome = outcome(job, streams, |options| {
        let default = if options.themes.is_some() { GroupBy::Theme } else { GroupBy::Community };
        if job.output.group_by.unwrap_or(default) == GroupBy::Community {
            options.levels = 0;
        }
        options.resamples = Some(0);
        options.quotes = 0;
    })?;
    job.output.format.write(&outcome.analysis, streams.stdout).map_err(Stop::stdout)?;
    finish(outcome, streams)
}

/// What comes out; `adapt` leaves out of the options what would not be shown.
fn outcome<O: Args>(
    job: &Job<O>,
    streams: &mut Streams<'_>,
    adapt: impl FnOnce(&mut Options),
) -> Result<Outcome, Stop> {
    let mut settings = Settings::new(job)?;
    adapt(&mut settings.options);
    let read = flow::read(&settings, streams)?;
    flow::analyze(settings, read, streams)
}

/// Tells what the output does not say. Segments without a theme stand in it or do not concern it.
fn finish(outcome: Outcome, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    streams.stdout.flush().map_err(Stop::stdout)?;
    outcome.tell_findings(&["without-theme"], &[], streams);
    Ok(outcome.finish())
}

#[cfg(test)]
mod tests {
    use crate::tests::{NOTES, run};

    #[test]
    fn a_table_goes_to_standard_output_and_nothing_else() {
        for (command, first) in [
            ("themes", "theme,label,"),
            ("terms", "theme,rank,term,"),
            ("edges", "Source,Target,Type,"),
            ("subthemes", "theme,subtheme,label,"),
            ("theme-links", "theme,other,"),
            ("quotes", "theme,rank,segment,"),
            ("counter-evidence", "theme,rank,segment,"),
            ("segments", "segment,document,"),
            ("documents", "document,theme,gamma"),
            ("codebook", "\u{feff}tag,description"),
        ] {
            let (code, out, err) = run(&[command, "-", "--quiet"], NOTES);
            assert_eq!((code, err.as_str()), (0, ""), "{command}");
            let may_be_empty = ["subthemes", "theme-links"].contains(&command);
            assert!(out.starts_with(first) && (may_be_empty || out.lines().count() > 1), "{out}");
        }
    }

    #[test]
    fn tables_come_with_the_findings_of_analyze() {
        let notes = "Skip to main content\n\n".to_owned() + NOTES;
        let (_, _, of_analyze) = run(&["analyze", "-"], &notes);
        assert!(of_analyze.contains("note: 1 piece of page furniture left out"), "{of_analyze}");
        assert_eq!(run(&["themes", "-"], &notes).2, of_analyze);
        for command in ["segments", "quotes", "edges"] {
            let (_, _, err) = run(&[command, "-"], &notes);
            assert!(!err.is_empty() && of_analyze.contains(err.lines().next().unwrap()), "{command}: {err}");
        }
    }

    #[test]
    fn options_of_csv_are_refused_for_other_formats() {
        for options in [&["--csv-bom"][..], &["--csv-raw"], &["--csv-raw", "--csv-bom"]] {
            let with = |format| run(&[&["themes", "-", "--format", format], options].concat(), NOTES);
            let (code, out, err) = with("json");
            assert!(code == 2 && out.is_empty() && err.contains("for CSV and TSV"), "{err}");
            assert!(err.contains(options[options.len() - 1]) && err.contains("--format json"), "{err}");
            assert_eq!((with("csv").0, with("tsv").0), (0, 0));
        }
        // In the file of options they are for all runs.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "csv-bom = true\n").unwrap();
        let config = format!("--config={}", path.display());
        assert_eq!(run(&["themes", "-", "--format=json", &config], NOTES).0, 0);
    }

    #[test]
    fn subthemes_need_two_levels() {
        let (code, out, err) = run(&["subthemes", "-", "--levels=1"], NOTES);
        assert!(code == 2 && out.is_empty() && err.contains("leave out --levels 1"), "{err}");
        assert_eq!(run(&["subthemes", "-", "--levels=2"], NOTES), run(&["subthemes", "-"], NOTES));
    }

    #[test]
    fn tables_are_those_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let (code, _, err) = run(&["analyze", "-", "--out", out.to_str().unwrap()], NOTES);
        assert_eq!(code, 0, "{err}");
        for (command, file) in [
            ("themes", "themes"),
            ("terms", "theme_terms"),
            ("edges", "edges"),
            ("theme-links", "theme_links"),
            ("quotes", "quotes"),
            ("counter-evidence", "counter_evidence"),
            ("segments", "segments"),
            ("documents", "document_themes"),
            ("codebook", "codebook"),
        ] {
            let written = std::fs::read_to_string(out.join(format!("{file}.csv"))).unwrap();
            assert_eq!(run(&[command, "-"], NOTES).1, written, "{command}");
        }
    }

    #[test]
    fn terms_of_the_network_are_grouped_by_community_or_theme() {
        for (args, group) in [
            (&["graph", "-"][..], "community"),
            (&["graph", "-", "--themes=2"], "theme"),
            (&["graph", "-", "--group-by=theme"], "theme"),
            (&["graph", "-", "--themes=2", "--group-by=community"], "community"),
        ] {
            let (code, out, err) = run(args, NOTES);
            assert!(code == 0 && err.contains("left out as stop words"), "{args:?}: {err}");
            for name in ["theme", "community"] {
                let is_there = out.contains(&format!("<data key=\"{name}_label\">"));
                assert_eq!(is_there, name == group, "{args:?}");
            }
            for format in ["gexf", "dot", "vosviewer", "cytoscape", "node-link"] {
                let format = format!("--format={format}");
                let args: Vec<&str> = args.iter().copied().chain([format.as_str()]).collect();
                let (_, out, _) = run(&args, NOTES);
                assert_eq!(out.contains("community"), group == "community", "{args:?}");
            }
        }
    }

    #[test]
    fn formats_can_be_chosen() {
        let first = |args: &[&str]| run(args, NOTES).1.lines().next().unwrap_or_default().to_owned();
        assert_eq!(first(&["documents", "-", "--format", "tsv"]), "document\ttheme\tgamma");
        assert_eq!(first(&["documents", "-", "--format=json"]), "[");
        assert!(first(&["documents", "-", "--format=jsonl"]).starts_with("{\"document\":"));
        assert_eq!(first(&["documents", "-", "--csv-bom"]), "\u{feff}document,theme,gamma");
        assert_eq!(first(&["graph", "-", "--format=dot"]), "graph themeweave {");
        assert!(first(&["graph", "-", "--format=pajek"]).starts_with("*Vertices "));
        assert_eq!(first(&["graph", "-"]), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        let (code, _, err) = run(&["graph", "-", "--format", "svg"], NOTES);
        assert!(code == 2 && err.contains("graphml, gexf, dot"), "{err}");
    }

    #[test]
    fn too_little_text_is_said_beside_the_table() {
        let (code, out, err) = run(&["quotes", "-"], "One note.\n");
        assert_eq!((code, out.lines().count()), (3, 1));
        assert!(err.contains("too little text"), "{err}");
        assert_eq!(run(&["quotes", "-", "-q"], "").2, "");
    }
}
