//! What other programs read of the files of an output folder: networkx, igraph, pandas, pyrefiqda and qc
//! in a Python environment of their own, Graphviz and LibreOffice where they are installed.
//!
//! The environment is made once in the target folder, from `readers/requirements.txt`. Where that
//! cannot be done, or a program is missing, these tests say "skipped", why, and pass.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::data;

/// Notes in two scripts with quotes, ampersands, emoji and formulas.
const AWKWARD: &str = "\
# Day <1> & \"rest\" 🎉

- Anna: the bus 🚌 to the \"north side\" is late & the timetable is wrong
- Ben: the bus is late again and the timetable has no evening bus 😡
- Anna: =evening bus and timetable, late as ever
- Ben: a timetable for the evening bus, please
- שרה: האוטובוס מאחר תמיד, the bus timetable is late
- Anna: the café garden 🌱 needs volunteers for planting
- Ben: volunteers love the café garden & planting
- Anna: planting day in the café garden brings volunteers
- Ben: more volunteers 👩‍🌾, more planting, more café
- שרה: הגינה צריכה מתנדבים, planting volunteers in the garden
- Anna: Nan says nan and null are words; nan likes planting in the garden
- Ben: nan helps volunteers, null and nan
";

/// Labels that are awkward in one format or another.
const SYNONYMS: &str = "\
label,replace by
bus,\"the \"\"bus\"\" 🚌 & <b>tram</b>\"
garden,=גינה
timetable,back\\slash \\N
";

/// Everything that can be written about the awkward notes and the sample notes.
fn outputs() -> Vec<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let synonyms = folder.path().join("synonyms.csv");
    fs::write(&synonyms, SYNONYMS).unwrap();
    let with_synonyms = ["-", "--themes", "2", "--synonyms", synonyms.to_str().unwrap()];
    vec![output(&with_synonyms), output(&[data("symposium-notes.md").to_str().unwrap()])]
}

fn output(inputs: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let formats = "--graph-formats=gexf,dot,pajek,vosviewer,cytoscape,node-link";
    let place = folder.path().join("out");
    let options = ["--refi", "--table-formats=tsv", formats, "--quiet", "--out", place.to_str().unwrap()];
    let args = ["themeweave", "analyze"].iter().chain(inputs).chain(&options);
    let mut err = Vec::new();
    let code = themeweave_cli::run(args, &mut AWKWARD.as_bytes(), &mut std::io::sink(), &mut err);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
    folder
}

/// Runs a script of `readers` with the environment, and reads what it prints.
fn python(script: &str, args: &[&Path]) -> Option<Result<Value, String>> {
    let python = environment()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers").join(script);
    let done = Command::new(python).env("PYTHONUTF8", "1").arg(script).args(args).output().unwrap();
    Some(match done.status.success() {
        // qc tells what it does on standard output; the last line is ours.
        true => {
            Ok(serde_json::from_slice(done.stdout.trim_ascii_end().rsplit(|&b| b == b'\n').next()?).unwrap())
        }
        false => Err(String::from_utf8_lossy(&done.stderr).into_owned()),
    })
}

/// The Python of the environment, which is made where it is not there yet.
fn environment() -> Option<&'static Path> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = PYTHON.get_or_init(|| make_environment(Path::new(env!("CARGO_TARGET_TMPDIR"))));
    match made {
        Ok(python) => Some(python),
        Err(why) => {
            eprintln!("skipped: {why}");
            None
        }
    }
}

fn make_environment(parent: &Path) -> Result<PathBuf, String> {
    const REQUIREMENTS: &str = include_str!("readers/requirements.txt");
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/requirements.txt");
    let folder = parent.join("readers");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("requirements.txt");
    // Another run of the tests may be making it.
    let lock = File::create(parent.join("readers.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if fs::read_to_string(&stamp).is_ok_and(|made| made == REQUIREMENTS) {
        return Ok(python);
    }
    let _ = fs::remove_dir_all(&folder);
    let run = |command: &mut Command| match command.output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr))),
        Err(error) => Err(format!("{command:?}: {error}")),
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1", "-r"];
    run(Command::new(&python).args(pip).arg(&requirements))?;
    fs::write(&stamp, REQUIREMENTS).map_err(|error| error.to_string())?;
    Ok(python)
}

/// Whether a program is there; says so where it is not.
fn has_program(name: &str, argument: &str) -> bool {
    let is_there = Command::new(name).arg(argument).output().is_ok();
    if !is_there {
        eprintln!("skipped: {name} is not installed");
    }
    is_there
}

/// A table of an output folder, without its header.
fn table(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A text cell without the guard against formulas.
fn unguarded(cell: &str) -> String {
    let bare = cell.strip_prefix('\'').filter(|bare| bare.starts_with(['=', '+', '-', '@', '\'']));
    bare.unwrap_or(cell).to_owned()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn networkx_and_igraph_read_the_network_as_it_is() {
    for folder in outputs() {
        let folder = folder.path().join("out");
        let nodes = table(&folder, "nodes.csv");
        let labels: Vec<String> = nodes.iter().map(|row| unguarded(&row[1])).collect();
        let place = |id: &str| id.strip_prefix('n').unwrap().parse::<usize>().unwrap();
        let mut edges: Vec<(usize, usize, f64)> = table(&folder, "edges.csv")
            .iter()
            .map(|row| (place(&row[0]), place(&row[1]), row[3].parse().unwrap()))
            .collect();
        edges.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let Some(read) = python("graphs.py", &[&folder]) else { return };
        let read = read.unwrap();
        assert_eq!(read.as_array().unwrap().len(), 7);
        for graph in read.as_array().unwrap() {
            let file = graph["file"].as_str().unwrap();
            let is_pajek = file.ends_with(".net");
            let plain = |label: &String| match is_pajek {
                true => label.replace('"', "'").replace('\\', "/"),
                false => label.clone(),
            };
            assert_eq!(texts(&graph["labels"]), labels.iter().map(plain).collect::<Vec<_>>(), "{file}");
            let mut found: Vec<(usize, usize, f64)> = serde_json::from_value(graph["edges"].clone()).unwrap();
            found.iter_mut().for_each(|edge| *edge = (edge.0.min(edge.1), edge.0.max(edge.1), edge.2));
            found.sort_by(|a, b| a.partial_cmp(b).unwrap());
            assert_eq!(found.len(), edges.len(), "{file}");
            for (found, edge) in found.iter().zip(&edges) {
                // JSON, on its way here, is read to within a bit.
                assert!(
                    (found.0, found.1) == (edge.0, edge.1) && (found.2 - edge.2).abs() < 1e-12,
                    "{file}: {found:?}"
                );
            }
            assert_eq!(graph["directed"], false, "{file}");
            for (theme, node) in graph["themes"].as_array().unwrap().iter().zip(&nodes) {
                let expected = if node[2].is_empty() { "0" } else { &node[2] };
                assert!(is_pajek || theme.as_f64().unwrap().to_string() == expected, "{file}: {theme}");
            }
        }
    }
}

#[test]
fn a_broken_network_is_refused() {
    let folder = output(&["-"]);
    let folder = folder.path().join("out");
    for name in ["network.graphml", "network.gexf", "network.cyjs", "network.json"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        fs::write(folder.join(name), &text[..text.len() - 3]).unwrap();
        let Some(read) = python("graphs.py", &[&folder, Path::new(name)]) else { return };
        assert!(read.is_err(), "{name}");
    }
}

#[test]
fn pandas_reads_the_tables_as_they_are() {
    for folder in outputs() {
        let folder = folder.path().join("out");
        let Some(read) = python("tables.py", &[&folder]) else { return };
        let read = read.unwrap();
        assert_eq!(read.as_object().unwrap().len(), 20);
        for (name, rows) in read.as_object().unwrap() {
            let rows: Vec<Vec<String>> = rows.as_array().unwrap().iter().map(texts).collect();
            let name = name.replace(".tsv", ".csv");
            assert_eq!(rows[1..], table(&folder, &name), "{name}");
        }
    }
}

#[test]
fn graphviz_draws_the_network_where_it_was_laid_out() {
    if !has_program("neato", "-V") {
        return;
    }
    for folder in outputs() {
        let folder = folder.path().join("out");
        let drawn =
            Command::new("neato").args(["-n", "-Tplain"]).arg(folder.join("network.dot")).output().unwrap();
        let plain = String::from_utf8(drawn.stdout).unwrap();
        assert!(!String::from_utf8_lossy(&drawn.stderr).contains("rror"), "{plain}");
        let count = |kind: &str| plain.lines().filter(|line| line.starts_with(kind)).count();
        let (nodes, edges) = (table(&folder, "nodes.csv"), table(&folder, "edges.csv"));
        assert_eq!((count("node "), count("edge ")), (nodes.len(), edges.len()));
        // In inches, from the left of the drawing.
        let x: Vec<f64> = plain
            .lines()
            .filter_map(|line| line.strip_prefix("node ")?.split(' ').nth(1)?.parse().ok())
            .collect();
        for (node, x_drawn) in nodes.iter().zip(&x) {
            let distance =
                1000.0 / 72.0 * (node[7].parse::<f64>().unwrap() - nodes[0][7].parse::<f64>().unwrap());
            assert!((x_drawn - x[0] - distance).abs() < 0.01, "{} at {x_drawn}", node[1]);
        }
    }
}

#[test]
fn libreoffice_runs_nothing_in_the_tables() {
    if !has_program("soffice", "--version") {
        return;
    }
    let folder = output(&["-"]);
    let place = folder.path();
    let open = |file: &Path| {
        // Quoted fields are no texts, numbers are recognised, and formulas are run: the worst that a user can choose.
        let filter = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,0,true";
        let profile = format!("-env:UserInstallation=file://{}", place.join("profile").display());
        let done = Command::new("soffice")
            .args([&profile, "--headless", "--norestore", filter, "--convert-to", "fods", "--outdir"])
            .arg(place)
            .arg(file)
            .output()
            .unwrap();
        let opened = place.join(file.file_name().unwrap()).with_extension("fods");
        fs::read_to_string(opened).unwrap_or_else(|error| panic!("{error}: {done:?}"))
    };
    let guarded = place.join("out/segments.csv");
    let text = open(&guarded);
    assert!(!text.contains("table:formula="));
    assert!(text.contains("=evening bus and timetable, late as ever") && text.contains("👩‍🌾"));
    let text = fs::read_to_string(&guarded).unwrap();
    let text = text.replace("'=evening bus and timetable, late as ever", "=1+1");
    let unsafe_copy = place.join("unsafe.csv");
    fs::write(&unsafe_copy, text).unwrap();
    assert!(open(&unsafe_copy).contains("table:formula="), "the test sees a formula");
}

#[test]
fn qda_programs_read_every_passage_at_its_place() {
    for folder in outputs() {
        let out = folder.path().join("out");
        let work = folder.path().join("work");
        fs::create_dir(&work).unwrap();
        let Some(read) = python("refi.py", &[&out, &work]) else { return };
        let read = read.unwrap();
        let themes: Vec<String> = table(&out, "themes.csv").iter().map(|row| unguarded(&row[1])).collect();
        assert_eq!(texts(&read["codes"])[1..], themes);
        let quotes = table(&out, "quotes.csv");
        let theme = |row: &Vec<String>| themes[row[0].parse::<usize>().unwrap() - 1].clone();
        let expected: BTreeSet<(String, String)> =
            quotes.iter().map(|row| (theme(row), unguarded(&row[10]))).collect();
        let passages: Vec<(String, String)> = serde_json::from_value(read["passages"].clone()).unwrap();
        assert_eq!((passages.len(), passages.into_iter().collect()), (quotes.len(), expected));
        let line = |row: &Vec<String>| row[6].parse::<u32>().unwrap() - 1;
        let expected: BTreeSet<(String, u32)> = quotes.iter().map(|row| (theme(row), line(row))).collect();
        let lines: Vec<(String, u32)> = serde_json::from_value(read["lines"].clone()).unwrap();
        assert_eq!(lines.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}
