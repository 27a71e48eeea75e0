//! The report: it agrees with the tables, holds whatever notes contain, and runs in a browser.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::data;

/// Runs `analyze --out` and returns the folder.
#[track_caller]
fn analyzed(inputs: &[&Path], parent: &Path) -> PathBuf {
    let out = parent.join("out");
    let mut args = vec!["themeweave".into(), "analyze".into(), "--out".into(), out.clone().into_os_string()];
    args.extend(inputs.iter().map(|input| input.as_os_str().to_owned()));
    let mut err = Vec::new();
    let code = themeweave_cli::run(args, &mut std::io::empty(), &mut Vec::new(), &mut err);
    assert!(code == 0 || code == 3, "{code}: {}", String::from_utf8_lossy(&err));
    out
}

fn page_of(notes: &str) -> String {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("notes.md");
    fs::write(&file, notes).unwrap();
    fs::read_to_string(analyzed(&[&file], parent.path()).join("report.html")).unwrap()
}

fn rows(folder: &Path, table: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(folder.join(table)).unwrap();
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn files_are_named_without_their_folders() {
    let parent = tempfile::tempdir().unwrap();
    let notes = [
        "- the bus is late\n- the late bus and its timetable\n- no bus, and the timetable is wrong\n",
        "- volunteers plant beans in the garden\n- beans grow in the garden\n- the volunteers water the garden\n",
    ];
    let files = ["a.md", "b.md"].map(|name| parent.path().join(name));
    files.iter().zip(notes).for_each(|(file, notes)| fs::write(file, notes).unwrap());
    let out = analyzed(&[&files[0], &files[1]], parent.path());
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(
        page.contains("All from a.md; without, the share would be 0\u{a0}%.")
            && page.contains("All from b.md")
    );
}

#[test]
fn the_page_and_the_tables_say_the_same() {
    let parent = tempfile::tempdir().unwrap();
    let out = analyzed(&[&data("symposium-notes.md")], parent.path());
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for theme in rows(&out, "themes.csv") {
        let share = 100.0 * theme[4].parse::<f64>().unwrap();
        assert!(page.contains(&format!("<span class=\"number\">{}</span>", &theme[0])));
        let figures = format!("<strong>{share:.0}\u{a0}%</strong>");
        assert!(page.contains(&figures), "{figures}");
        let structure = format!("{:.1}</td>", theme[10].parse::<f64>().unwrap());
        assert!(page.contains(&structure), "{structure}");
    }
    let nodes = rows(&out, "nodes.csv");
    assert_eq!(page.matches("<tr><th scope=\"row\"><bdi>").count() > nodes.len(), !nodes.is_empty());
    for node in &nodes {
        let start = format!("<tr><th scope=\"row\"><bdi>{}</bdi></th><td>", &node[1]);
        let row = page.split(&start).nth(1).unwrap().split("</tr>").next().unwrap();
        let numbers = format!(
            "<td class=\"numeric\">{}</td><td class=\"numeric\">{}</td><td class=\"numeric\">{}</td>",
            &node[4], &node[3], &node[5]
        );
        assert!(row.contains(&numbers), "{row}");
    }
    for quote in rows(&out, "quotes.csv") {
        let text = quote[10]
            .replace('&', "&#38;")
            .replace('<', "&#60;")
            .replace('\'', "&#39;")
            .replace('"', "&#34;");
        assert!(page.contains(&format!("<mark>{text}</mark>")), "{text}");
    }
}

/// Asserts that a page has the scripts and elements of ours and nothing that notes brought along.
#[track_caller]
fn check_page(page: &str) {
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2));
    assert_eq!((page.matches("<style").count(), page.matches("</style").count()), (1, 1));
    for element in
        ["<img", "<iframe", "<object", "<link", "<base", "<form action", "<!--", "onerror=\"", " style="]
    {
        assert!(!page.contains(element), "{element}");
    }
    let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str::<serde_json::Value>(data).unwrap();
}

/// Words of notes that try to leave their place.
const HOSTILE: [&str; 10] = [
    "</script><script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    "\"onmouseover=\"window.__pwned=1",
    "'><svg onload=window.__pwned=1>",
    "</title></style></textarea>-->]]>",
    "{{ page }}{% raw %}",
    "javascript:window.__pwned=1",
    "&lt;b&gt;&amp;&#0;\u{1}",
    "\u{202e}\u{2066}\u{200f}אבג",
    "<!--<script>",
];

/// Notes of two themes in which every field has something hostile.
fn hostile_notes() -> String {
    let mut notes = format!("# Day {}\n\n", HOSTILE[0]);
    for (i, hostile) in HOSTILE.iter().cycle().take(40).enumerate() {
        let (speaker, text) = if i % 2 == 0 {
            ("<b>Anna</b>", "the bus timetable is late in the evening")
        } else {
            ("Ben & Co", "volunteers plant the garden together")
        };
        notes.push_str(&format!("- [{speaker}]: {text} {hostile} again {i}\n"));
    }
    notes
}

#[test]
fn no_note_can_leave_its_place() {
    check_page(&page_of(&hostile_notes()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_notes_make_a_sound_page(words in vec(prop_oneof![
        proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        proptest::sample::select(vec!["bus", "late", "garden", "plant", "# ", "- ", "\n", "\n\n"]).prop_map(str::to_owned),
        any::<String>(),
    ], 0..60)) {
        // A file with a NUL is binary and is not read.
        check_page(&page_of(&words.join(" ").replace('\0', "")));
    }
}

/// A Chromium on this machine: what `THEMEWEAVE_CHROMIUM` names, or one under a usual name.
fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("THEMEWEAVE_CHROMIUM") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|file| file.is_file())
}

#[test]
fn the_page_runs_in_a_browser_without_errors() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no Chromium; install one or name it in THEMEWEAVE_CHROMIUM");
        return;
    };
    let parent = tempfile::tempdir().unwrap();
    let hostile = parent.path().join("hostile.md");
    fs::write(&hostile, hostile_notes()).unwrap();
    let inputs = [data("symposium-notes.md"), data("consultation-answers.csv"), hostile];
    for (i, input) in inputs.iter().enumerate() {
        let folder = parent.path().join(i.to_string());
        fs::create_dir(&folder).unwrap();
        let page = analyzed(&[input], &folder).join("report.html");
        let output = Command::new(&chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
            .args(["--disable-background-networking", "--disable-component-update"])
            .args(["--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg(format!("file://{}", page.display()))
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        let complaints: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
        assert!(complaints.is_empty(), "{}: {complaints:?}", input.display());
        // The script ran to its end: headings sort, terms are counted, the map can be walked.
        let page = String::from_utf8_lossy(&output.stdout);
        for trace in ["class=\"sort\"", " terms</output>", "Arrow keys move it"] {
            assert!(page.contains(trace), "{}: no {trace}", input.display());
        }
        assert!(!page.contains("<img"), "{}", input.display());
    }
}
