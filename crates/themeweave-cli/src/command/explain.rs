//! `explain`: what became of a word, step by step.

use themeweave::Outcome;

use crate::args::{Explain, ExplainFormat};
use crate::exit::{FAILED, Stop};
use crate::explanation::explanation;
use crate::flow;
use crate::settings::Settings;
use crate::streams::Streams;
use crate::summary::Page;

pub(super) fn run(args: &Explain, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let job = &args.job;
    let mut settings = Settings::new(job)?;
    settings.options.resamples = Some(0);
    settings.options.quotes = 0;
    let read = flow::read(&settings, streams)?;
    let outcome = flow::analyze(settings, read, streams)?;
    let options = &outcome.settings.options;
    let found = themeweave::explain(&outcome.read.corpus, options, &outcome.analysis, &args.term)?;
    let text = match job.output.format {
        ExplainFormat::Json => {
            let json = serde_json::to_string_pretty(&found).map_err(Stop::failed)?;
            json + "\n"
        }
        ExplainFormat::Text => {
            let page = Page::new(streams.terminal, job.program.color, None);
            explanation(&found, &outcome, &page)
        }
    };
    streams.stdout.write_all(text.as_bytes()).map_err(Stop::stdout)?;
    Ok(if found.outcome == Outcome::Absent { FAILED } else { outcome.code() })
}

#[cfg(test)]
mod tests {
    use crate::tests::{NOTES, run};

    #[test]
    fn a_term_is_explained_from_its_spellings_to_its_places() {
        let (code, out, err) = run(&["explain", "Volunteer", "-", "--themes", "2"], NOTES);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.starts_with("Volunteer: the term “volunteers”, 4 times in 4 of 8 notes\n"), "{out}");
        for expected in ["volunteers (4)", "stem “volunt”", "Network", "Themes", "stdin:5"] {
            assert!(out.contains(expected), "{expected}\n{out}");
        }
        assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
        assert!(run(&["explain", "bus", "-", "--color", "always"], NOTES).1.contains("\u{1b}[1m"));
    }

    #[test]
    fn what_is_no_term_has_its_reason() {
        for (query, expected) in [
            ("the", "left out as a stop word of English"),
            ("wrong", "in 1 of 8 notes, and a term needs 2"),
            ("evening garden", "no phrase"),
            ("greater", "and a term needs 2"),
        ] {
            let (code, out, _) = run(&["explain", query, "-"], NOTES);
            assert!(code == 0 && out.contains(expected), "{query}: {out}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stop.txt");
        std::fs::write(&path, "garden\n").unwrap();
        let option = format!("--stop-words={}", path.display());
        let (_, out, _) = run(&["explain", "Garden", "-", &option], NOTES);
        assert!(out.contains("left out by --stop-words"), "{out}");
    }

    #[test]
    fn what_is_nowhere_has_neighbours_in_spelling_and_code_1() {
        let (code, out, _) = run(&["explain", "timetabel", "-"], NOTES);
        assert!(code == 1 && out.contains("nowhere") && out.contains("timetable"), "{out}");
        let (code, out, err) = run(&["explain", "?!", "-"], NOTES);
        assert!(code == 2 && out.is_empty() && err.contains("no word in"), "{err}");
    }

    #[test]
    fn programs_read_json() {
        let (code, out, _) = run(&["explain", "bus", "-", "--format", "json"], NOTES);
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, value["outcome"]["is"].as_str()), (0, Some("term")));
        assert_eq!(value["words"][0]["spellings"][0]["text"], "bus");
        assert!(value["term"]["themes"][0]["observed"].as_u64() > Some(0));
    }
}
