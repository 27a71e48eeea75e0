//! Larger corpora, from the folder that the environment variable `THEMEWEAVE_CORPORA` names. Where it
//! is not set, these tests say "skipped" and pass.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use themeweave::{Options, Segment, Segments, Unit};
use unicode_segmentation::UnicodeSegmentation;

use crate::sample::check_themes_apart;
use crate::support::{analyzed, has_marks, read_path};

/// A file or folder of the corpora, where there is one.
fn corpus(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("THEMEWEAVE_CORPORA") else {
        eprintln!("skipped: THEMEWEAVE_CORPORA is not set");
        return None;
    };
    let path = Path::new(&folder).join(name);
    if !path.exists() {
        eprintln!("skipped: there is no {name} in THEMEWEAVE_CORPORA");
        return None;
    }
    Some(path)
}

/// All files below a folder with one of these extensions, in order of their names.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let wanted =
        |path: &PathBuf| path.extension().is_some_and(|e| extensions.iter().any(|&known| e == known));
    let below = folders.iter().flat_map(|folder| self::files(folder, extensions));
    files.into_iter().filter(wanted).chain(below).collect()
}

#[test]
fn the_themes_of_a_leadership_symposium() {
    let Some(path) = corpus("symposium/2007-leadership-symposium-notes.txt") else { return };
    let analysis = analyzed(&read_path(path).corpus, &Options::default());
    let readers: [(&str, &[&str]); 5] = [
        ("leadership", &["leadership"]),
        ("local authority", &["local authority", "integrat"]),
        ("empowerment", &["empower"]),
        ("social work", &["social work"]),
        ("social inclusion", &["inclusion"]),
    ];
    check_themes_apart(&analysis, &readers, 1);
}

#[test]
fn every_text_can_be_analyzed() {
    let Some(folder) = corpus("") else { return };
    for path in files(&folder, &["md", "txt"]) {
        let read = read_path(path);
        analyzed(&read.corpus, &Options::default());
    }
}

/// Speaker and text of every note of a file or folder, with the name of its document.
fn notes(path: PathBuf) -> Vec<(String, String, String)> {
    let corpus = read_path(path).corpus;
    let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
    let note = |(index, segment): (usize, &Segment)| {
        let document = corpus.document(segment.document()).unwrap().name();
        let speaker = segments.speaker(segment).unwrap_or_default();
        (document.to_owned(), speaker.to_owned(), segments.text(&corpus, index).unwrap().into_owned())
    };
    segments.list().iter().enumerate().map(note).collect()
}

#[test]
fn the_turns_of_calls_are_those_of_their_captions() {
    let Some(path) = corpus("ethereum_calls_vtt/raw") else { return };
    let turns = notes(path);
    let count = |of: &str| turns.iter().filter(|(document, ..)| document.contains(of)).count();
    assert_eq!(
        ["02-12", "03-12", "04-09", "05-07", "06-04", "07-02", "07-30"].map(count).iter().sum::<usize>(),
        1038
    );
    let speakers: BTreeSet<&str> = turns.iter().map(|(_, speaker, _)| speaker.as_str()).collect();
    assert!(speakers.len() == 78 && !speakers.contains(""), "{speakers:?}");
}

#[test]
fn the_turns_of_meetings_are_those_of_their_gold_files() {
    let Some(path) = corpus("qmsum/meetings") else { return };
    let Some(gold) = corpus("qmsum/gold") else { return };
    let turns = notes(path.clone());
    let mut others = 0;
    for gold in files(&gold, &["json"]) {
        let name = gold.file_stem().unwrap().to_str().unwrap();
        let wanted: serde_json::Value = serde_json::from_slice(&fs::read(&gold).unwrap()).unwrap();
        let text = fs::read_to_string(path.join(format!("{name}.txt"))).unwrap();
        assert_eq!(wanted["turns"], text.lines().count(), "{name}");
        let found = turns.iter().filter(|(document, ..)| document.ends_with(&format!("/{name}.txt")));
        let found: Vec<_> = found.map(|(_, speaker, text)| format!("{speaker}: {text}")).collect();
        // Some turns are empty.
        let says = |line: &&str| line.split_once(": ").is_some_and(|(_, said)| !said.trim().is_empty());
        let lines: Vec<&str> = text.lines().filter(says).collect();
        assert_eq!(lines.len(), found.len(), "{name}");
        others += lines.iter().zip(&found).filter(|(line, turn)| line.trim_end() != turn.as_str()).count();
    }
    assert_eq!(others, 0);
}

#[test]
fn the_quotes_of_focus_groups_are_those_of_their_researchers() {
    let Some(folder) = corpus("autspaces_focus_groups") else { return };
    let plain = |text: &str| {
        let words: String = text.chars().filter(|c| !"“”\"*_\\[]".contains(*c)).collect();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut notes: Vec<_> = notes(folder.join("notes"))
        .into_iter()
        .filter(|(document, ..)| document.contains("september"))
        .map(|(_, speaker, text)| Some((plain(&speaker), plain(&text))))
        .collect();
    let mut rows = csv::Reader::from_path(folder.join("corpus.csv")).unwrap();
    let (mut same_text, mut same_speaker) = (0, 0);
    for row in rows.records().map(Result::unwrap) {
        let (text, speaker) = (plain(&row[1]), plain(&row[5]));
        let is_it = |note: &&mut Option<(String, String)>| note.as_ref().is_some_and(|note| note.1 == text);
        if let Some(note) = notes.iter_mut().find(is_it).and_then(Option::take) {
            same_text += 1;
            same_speaker += usize::from(note.0 == speaker);
        }
    }
    // Of 606. The others have brackets that do not close, or go on where the researchers cut them.
    assert!(same_text >= 592 && same_speaker >= 588, "{same_text} {same_speaker}");
}

#[test]
fn words_are_unicode_words() {
    let Some(folder) = corpus("") else { return };
    for path in files(&folder, &["md", "txt", "csv"]) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for line in text.lines().filter(|line| !has_marks(line)) {
            let found: Vec<&str> = themeweave::words(line).map(|span| &line[span]).collect();
            assert_eq!(found, line.unicode_words().collect::<Vec<_>>(), "{}: {line}", path.display());
        }
    }
}
