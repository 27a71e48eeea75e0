//! The real program: what only a process of its own can show.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const NOTES: &str = "\
    - the bus to the north side is late, the timetable is wrong\n\
    - the bus is late again and the timetable has no evening bus\n\
    - evening bus and timetable, late as ever\n\
    - a timetable for the evening bus, please\n\
    - the garden needs volunteers for planting\n\
    - volunteers love the garden and the planting\n\
    - planting day in the garden brings volunteers\n\
    - more volunteers, more planting, a greater garden\n";

/// The program, to be run in `folder`.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_themeweave"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// A folder with notes in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.md"), NOTES).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    program(folder).args(args).output().unwrap()
}

fn code(folder: &Path, args: &[&str]) -> i32 {
    run(folder, args).status.code().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn it_tells_its_version() {
    let output = run(&folder().path().join("."), &["--version"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, format!("themeweave {}\n", env!("CARGO_PKG_VERSION")).as_bytes());
}

#[test]
fn rows_of_parquet_are_read_again_by_a_process_of_its_own() {
    let folder = folder();
    let text = |i| format!("note {i} of the bus. ").repeat(1200);
    let rows: String = (0..100).map(|i| format!("{i},{}\n", text(i))).collect();
    fs::write(folder.path().join("notes.csv"), format!("id,text\n{rows}")).unwrap();
    let table = run(folder.path(), &["segments", "notes.csv", "--format", "parquet"]).stdout;
    if table.is_empty() {
        // Built without the feature.
        return;
    }
    fs::write(folder.path().join("notes.parquet"), table).unwrap();
    // More than the 2 MiB of text that are held.
    let found = run(folder.path(), &["segments", "notes.parquet", "--max-memory", "16"]);
    let found = String::from_utf8(found.stdout).unwrap();
    let found: Vec<&str> = found.lines().skip(1).map(|row| row.rsplit(',').nth(4).unwrap()).collect();
    assert_eq!(found, (0..100).map(|i| text(i).trim_end().to_owned()).collect::<Vec<_>>());
}

#[test]
fn the_first_example_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, shown) = readme.split_once("```text\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let output = run(&root, &["analyze", "data/symposium-notes.md"]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.starts_with(shown), "README.md has\n{shown}\nand the program prints\n{printed}");
}

#[test]
fn exit_codes() {
    let folder = folder();
    fs::write(folder.path().join("short.md"), "One note.\n").unwrap();
    assert_eq!(code(folder.path(), &["analyze", "notes.md"]), 0);
    assert_eq!(code(folder.path(), &["analyze", "none.md"]), 1);
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "none.md"]), 1);
    assert_eq!(code(folder.path(), &["analyze"]), 2);
    assert_eq!(code(folder.path(), &["analyze", "short.md"]), 3);
}

#[test]
fn the_folder_is_whole_and_the_same_again() {
    let folder = folder();
    let place = |name: &str| folder.path().join(name);
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "--out", "a"]), 0);
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "--out", "b", "--threads", "1"]), 0);
    assert_eq!(names(folder.path()), ["a", "b", "notes.md"]);
    let files = names(&place("a"));
    assert_eq!(files.len(), 13);
    assert_eq!(files, names(&place("b")));
    for file in &files {
        assert_eq!(
            fs::read(place("a").join(file)).unwrap(),
            fs::read(place("b").join(file)).unwrap(),
            "{file}"
        );
    }
    let manifest = fs::read(place("a").join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["inputs"][0]["name"], "notes.md");
    assert_eq!(manifest["outputs"].as_array().unwrap().len(), 12);
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "--out", "a"]), 1);
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "--out", "a", "--force"]), 0);
}

#[test]
fn qda_files_have_the_date_that_is_asked_for() {
    let folder = folder();
    let dated = |date: &str, out: &str| {
        let args = ["analyze", "notes.md", "--refi", "--out", out];
        program(folder.path()).env("SOURCE_DATE_EPOCH", date).args(args).output().unwrap()
    };
    assert_eq!(dated("1577836800", "a").status.code(), Some(0));
    assert_eq!(dated("0", "b").status.code(), Some(0));
    let place = |out: &str| folder.path().join(out);
    let manifest = fs::read(place("a").join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(
        (&manifest["options"]["refi"], &manifest["options"]["created"]),
        (&"quotes".into(), &1_577_836_800.into())
    );
    let project = |out: &str| fs::read(place(out).join("project.qdpx")).unwrap();
    assert_ne!(project("a"), project("b"));
    assert_eq!(code(folder.path(), &["analyze", "notes.md", "--refi=segments", "--out", "c"]), 0);
    let output = dated("yesterday", "d");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("SOURCE_DATE_EPOCH"));
    assert_eq!(names(folder.path()), ["a", "b", "c", "notes.md"]);
}

#[test]
fn the_file_of_options_in_the_folder_is_read() {
    let folder = folder();
    fs::write(folder.path().join("themeweave.toml"), "quotes = 0\n").unwrap();
    let output = run(folder.path(), &["quotes", "notes.md"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    fs::write(folder.path().join("themeweave.toml"), "\nquote = 1\n").unwrap();
    let output = run(folder.path(), &["themes", "notes.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("themeweave.toml, line 2"));
}

#[test]
fn standard_input_is_read() {
    let folder = folder();
    let stdin = File::open(folder.path().join("notes.md")).unwrap();
    let output = program(folder.path()).args(["segments", "-"]).stdin(stdin).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 9);
}

#[test]
fn what_may_run_wild_is_extracted_under_limits() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/documents");
    let read = |name: &str| {
        let output = run(&samples, &["segments", name, "--format", "jsonl"]);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), output.stderr)
    };
    let (code, rows, _) = read("answers.xls");
    assert!(code == 3 && rows.lines().count() == 3 && rows.contains("\"document\":\"104\""), "{rows}");
    assert!(read("columns.pdf").1.contains("nobody on the quay has slept"));
    let (_, rows, errors) = read("far-cell.xls");
    assert!(
        rows.lines().count() == 1 && rows.contains("the bus is late"),
        "{rows} {}",
        String::from_utf8_lossy(&errors)
    );
    // Laid out as grids, its sheets take more memory than the process has.
    #[cfg(unix)]
    {
        let (code, _, errors) = read("far-cells.xls");
        let errors = String::from_utf8(errors).unwrap();
        assert!(code == 1 && errors.contains("more memory or time than it may"), "{errors}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder();
    for args in [&["segments", "-"][..], &["analyze", "-"]] {
        let mut child = program(folder.path())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Nobody reads from here on, and only then is there something to write.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(NOTES.repeat(100).as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("ipe"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = folder();
    for args in [&["segments", "notes.md"][..], &["analyze", "notes.md"], &["--help"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = program(folder.path()).args(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_trace() {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};
    let folder = folder();
    let mut notes = String::new();
    for i in 0..60_000_u32 {
        let word = |k: u32| i.wrapping_mul(2_654_435_761).rotate_left(k) % 3_000;
        writeln!(
            notes,
            "- w{} w{} w{} w{} w{} w{}\n",
            word(3),
            word(7),
            word(11),
            word(17),
            word(23),
            word(29)
        )
        .unwrap();
    }
    fs::write(folder.path().join("notes.md"), notes).unwrap();
    let mut child = program(folder.path())
        .args(["analyze", "notes.md", "--out", "out", "--numbers"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while names(folder.path()).len() == 1 && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(folder.path()), ["notes.md"]);
}
