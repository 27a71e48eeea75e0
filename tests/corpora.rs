//! Larger corpora, from the folder that the environment variable `THEMEWEAVE_CORPORA` names. Where it
//! is not set, these tests say "skipped" and pass.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs;
use std::path::{Path, PathBuf};

use themeweave::Options;
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
