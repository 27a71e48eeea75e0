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
    streams.stdout.flush().map_err(Stop::stdout)?;
    outcome.tell_findings(&["without-theme"], &[], streams);
    Ok(if found.outcome == Outcome::Absent { FAILED } else { outcome.finish() })
}

#[cfg(test)]
mod tests {
    use crate::tests::{NOTES, run};

    #[test]
    fn a_term_is_explained_from_its_spellings_to_its_places() {
        let (code, out, err) = run(&["explain", "Volunteer", "-", "--themes", "2", "-q"], NOTES);
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
            ("the", "left out as a stop word of English; to have it counted, list it in a file for --keep"),
            ("wrong", "in 1 of 8 notes, and a term needs 2"),
            ("evening garden", "no phrase"),
            ("greater", "and a term needs 2"),
        ] {
            let (code, out, _) = run(&["explain", query, "-"], NOTES);
            let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(code == 0 && words.contains(expected), "{query}: {out}");
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
        assert!(code == 1 && out.starts_with("timetabel: nowhere in the text\n"), "{out}");
        assert!(out.contains("timetable") && !out.contains("that is counted"), "{out}");
        let (code, out, err) = run(&["explain", "?!", "-"], NOTES);
        assert!(code == 2 && out.is_empty() && err.contains("no word in"), "{err}");
    }

    #[test]
    fn a_phrase_with_a_hyphenated_word_is_found() {
        let notes = "- well-being garden\n- well-being garden\n- the bus\n- late bus\n".repeat(2);
        let args = ["explain", "well-being garden", "-", "--unit=note"];
        let (code, out, _) = run(&args, &notes.replace("- the bus", "- the well-being garden, and a bus"));
        assert!(code == 0 && out.starts_with("well-being garden: a term, "), "{out}");
    }

    #[test]
    fn figures_agree_and_places_that_are_not_shown_are_counted() {
        let notes = "- the two-hour wait\n- an hour of waiting\n- the hour’s bus\n- a two-hour queue\n\
            - an hour in the queue\n- one hour\n";
        let (_, out, _) = run(&["explain", "hour", "-"], notes);
        assert!(out.starts_with("hour: a term, 4 times in 4 of 6 notes\n"), "{out}");
        let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let spelled = "written hour (5), hour’s (1); of these, words of their own: two-hour (2)";
        assert!(words.contains(spelled) && words.ends_with("and in 3 notes more"), "{out}");
    }

    #[test]
    fn what_stands_where_nothing_is_counted_is_found() {
        let notes = "Skip to main content\n\n# The lantern\n\n- Mark: a meadow for us all\n- Ann: the hall\n\
            - Mark: the hall again\n- Ann: a hall\n";
        let args = ["--exclude-speaker=Mark"];
        for (word, expected) in [
            ("lanterns", "once in a heading; stdin:3 “The lantern”"),
            ("content", "once in page furniture; stdin:1"),
            ("meadow", "once said by somebody whom --only-speaker or --exclude-speaker leaves out; stdin:5"),
            ("Mark", "times in the name of who speaks; stdin:5"),
        ] {
            let (code, out, _) = run(&[&["explain", word, "-"], &args[..]].concat(), notes);
            let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(code == 1 && words.contains(expected), "{word}: {out}");
            assert!(words.contains("nowhere in the text that is counted"), "{out}");
            assert!(!words.contains("spelled nearly so"), "{out}");
        }
    }

    #[test]
    fn why_a_word_is_no_term_of_a_theme_is_said() {
        let notes = NOTES.replace("the bus", "the night bus");
        let (_, out, _) = run(&["explain", "night", "-", "--themes", "2"], &notes);
        let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("no term of it, for “night bus” is in 2 of these and stands for it"), "{out}");
    }

    #[test]
    fn a_term_comes_with_the_findings_of_tables() {
        let notes = "Skip to main content\n\n".to_owned() + NOTES;
        for format in ["text", "json"] {
            let (_, _, err) = run(&["explain", "bus", "-", "--format", format], &notes);
            assert!(err.contains("note: 1 piece of page furniture left out"), "{err}");
            assert_eq!(err, run(&["terms", "-", "--resamples=0"], &notes).2);
        }
    }

    #[test]
    fn what_is_rarer_than_by_chance_is_said_in_words() {
        let notes = NOTES.replace("brings volunteers", "brings volunteers and a late bus");
        let (_, out, _) = run(&["explain", "bus", "-", "--themes", "2"], &notes);
        let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("in 1 note of it, fewer than the 2.5 expected by chance; 20"), "{out}");
        assert!(!words.contains("G² -"), "{out}");
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
