//! `analyze`: a summary on the terminal, and all files with `--out`.

use themeweave::Diagnostic;
use themeweave_io::{OutputFolder, RefiOptions, WriteOptions, write_all};

use crate::args::{FolderArgs, Job};
use crate::exit::Stop;
use crate::flow::{self, Outcome};
use crate::interrupt::{self, Guard};
use crate::settings::Settings;
use crate::streams::Streams;
use crate::summary::{self, Page};
use crate::text_file;

pub(super) fn run(job: &Job<FolderArgs>, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let settings = Settings::new(job)?;
    let read = flow::read(&settings, streams)?;
    let (outcome, findings) = match &job.output.out {
        Some(path) => {
            // From here on there is a folder to clean up. It comes before the work: that it cannot
            // stand there is better known then.
            let guard = Guard::new();
            let options = write_options(&job.output)?;
            let folder = OutputFolder::create(path, job.output.force).map_err(Stop::failed)?;
            guard.removes(Some(folder.workshop()));
            let outcome = flow::analyze(settings, read, streams)?;
            let findings = write(folder, &outcome, &options, &guard)?;
            (outcome, findings)
        }
        None => (flow::analyze(settings, read, streams)?, Vec::new()),
    };

    let folder = job.output.out.as_deref().map(text_file::name);
    let page = Page::new(streams.terminal, job.program.color, folder);
    streams.stdout.write_all(summary::summary(&outcome, &page).as_bytes()).map_err(Stop::stdout)?;
    streams.stdout.flush().map_err(Stop::stdout)?;
    outcome.tell_findings(&summary::SAYS, &findings, streams);
    Ok(outcome.finish())
}

fn write_options(args: &FolderArgs) -> Result<WriteOptions, Stop> {
    let refi = match args.refi {
        Some(codings) => {
            Some(RefiOptions { codings, replace_astral: args.replace_astral, created: source_date()? })
        }
        None => None,
    };
    Ok(WriteOptions {
        table_formats: args.table_formats.clone(),
        graph_formats: args.graph_formats.clone(),
        csv_raw: args.csv.csv_raw,
        csv_bom: args.csv.csv_bom,
        refi,
    })
}

/// Seconds since 1970 that stand in SOURCE_DATE_EPOCH, the variable by which reproducible builds give
/// files their date; 0 without it.
fn source_date() -> Result<u64, Stop> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(0) };
    let seconds = value.to_str().and_then(|seconds| seconds.parse().ok());
    seconds.ok_or_else(|| Stop::usage("SOURCE_DATE_EPOCH is not a number of seconds since 1970"))
}

fn write(
    mut folder: OutputFolder,
    outcome: &Outcome,
    options: &WriteOptions,
    guard: &Guard,
) -> Result<Vec<Diagnostic>, Stop> {
    let written = outcome.threads.install(|| write_all(&mut folder, &outcome.as_run(), options));
    let findings = written.map_err(Stop::failed)?;
    guard.removes(None);
    if interrupt::is_requested() {
        return Err(Stop::Interrupted);
    }
    folder.finish().map_err(Stop::failed)?;
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::tests::{NOTES, run};

    #[test]
    fn the_summary_tells_themes_quotes_and_places() {
        let (code, out, err) = run(&["analyze", "-", "--themes", "2"], NOTES);
        assert_eq!(code, 0, "{err}");
        assert!(out.starts_with("8 notes from 1 document, in English: 2 speakers, "), "{out}");
        assert!(out.contains(" 1  ") && out.contains(" 2  ") && out.contains("stdin:"), "{out}");
        assert!(out.contains(", Ben") && out.contains("With --out DIR"), "{out}");
        assert!(!out.contains('\u{1b}') && !err.contains("error"), "{err}");
        assert!(run(&["analyze", "-", "--color", "always"], NOTES).1.contains("\u{1b}[1m"));
        assert_eq!(run(&["analyse", "-", "-q", "--themes=2"], NOTES), (0, out, String::new()));
    }

    #[test]
    fn texts_cannot_steer_the_terminal() {
        let notes = NOTES.replace("bus", "bus\u{1b}[31m \u{202e}");
        let (_, out, err) = run(&["analyze", "-"], &notes);
        assert!(!out.contains(['\u{1b}', '\u{202e}']) && !err.contains(['\u{1b}', '\u{202e}']), "{out}{err}");
    }

    #[test]
    fn the_folder_is_written_and_kept() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("out");
        let folder = place.to_str().unwrap();
        let args = ["analyze", "-", "--out", folder, "--graph-formats", "dot"];
        let (code, out, err) = run(&args, NOTES);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("out/report.html in a browser"), "{out}");
        for file in ["themes.csv", "network.graphml", "network.dot", "manifest.json"] {
            assert!(place.join(file).exists(), "{file}");
        }
        let before = fs::read(place.join("manifest.json")).unwrap();
        let (code, out, err) = run(&args, "other");
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("--force"), "{err}");
        assert_eq!(fs::read(place.join("manifest.json")).unwrap(), before);
        let args = ["analyze", "-", "--out", folder, "--force"];
        assert_eq!(run(&args, "One note.").0, 3);
        assert_eq!(fs::read_to_string(place.join("themes.csv")).unwrap().lines().count(), 1);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_named_and_the_rest_analyzed() {
        let args = ["analyze", "no/such.md", "-"];
        let (code, out, err) = run(&args, NOTES);
        assert_eq!(code, 1);
        assert!(out.starts_with("8 notes") && err.starts_with("error: no/such.md: "), "{err}");
        assert_eq!(run(&["analyze", "no/such.md", "-", "--keep-going"], NOTES).0, 0);
        let (code, out, err) = run(&["analyze", "no/such.md", "--keep-going"], "");
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.ends_with("error: none of the inputs could be read\n"), "{err}");
    }

    #[test]
    fn options_for_files_need_a_folder() {
        for (options, expected) in [
            (&["--refi"][..], "--refi is for the files of a folder; name one with --out DIR"),
            (&["--force", "--csv-bom"], "--force, --csv-bom are for"),
            (&["--graph-formats=dot"], "--graph-formats is"),
            (&["--table-formats", "csv"], "--table-formats is"),
            (&["--out=never-written", "--replace-astral"], "add --refi"),
        ] {
            let (code, out, err) = run(&[&["analyze", "-"], options].concat(), NOTES);
            assert!(code == 2 && out.is_empty() && err.contains(expected), "{options:?}: {err}");
        }
        // In the file of options they are for all runs.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        fs::write(&path, "graph-formats = \"dot\"\nrefi = true\n").unwrap();
        let config = format!("--config={}", path.display());
        assert_eq!(run(&["analyze", "-", &config], NOTES).0, 0);
        fs::write(&path, format!("out = {:?}\n", folder.path().join("out"))).unwrap();
        assert_eq!(run(&["analyze", "-", &config, "--refi"], NOTES).0, 0);
        assert!(folder.path().join("out/codebook.qdc").exists());
    }

    #[test]
    fn options_out_of_range_are_wrong_usage() {
        for (option, expected) in [
            ("--resolution=0", "resolution"),
            ("--themes=0", "number of themes"),
            ("--unit=page", "words:N"),
            ("--association=x", "npmi"),
            ("--language=xx", "known are ar, da"),
            ("--encoding=klingon", "windows-1252"),
            ("--threads=0", "--threads"),
            ("--stop-words=no/such.txt", "no/such.txt"),
            ("--config=no/such.toml", "no/such.toml"),
            ("--bogus", "--bogus"),
        ] {
            let (code, out, err) = run(&["analyze", "-", option], NOTES);
            assert_eq!((code, out.as_str()), (2, ""), "{option}");
            assert!(err.contains(expected), "{option}: {err}");
        }
    }
}
