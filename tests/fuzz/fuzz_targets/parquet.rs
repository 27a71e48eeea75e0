//! Parquet files, taken apart in this process: all rows, and cells of one column here and there, which are those of
//! the rows. `extract` tells a panic of the crate `parquet`, or of one that it uses, as an error of the file; what is
//! found here are panics of our own, and files that take too much memory or time.
#![no_main]

use std::panic;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use themeweave_io::{Extraction, extract};

/// Steps from one row that is read again to the next: beyond some thousands it is sought anew.
const STEPS: [usize; 3] = [1, 7, 5_000];

/// Most rows of a column that are read again.
const AGAIN: usize = 1_000;

static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("{}-fuzz.parquet", std::process::id())));

/// What comes out of a file, line by line, and whether all did.
fn lines(path: Option<&Path>, mut input: &[u8]) -> (Vec<String>, bool) {
    let mut out = Vec::new();
    let is_whole = extract(Extraction::Parquet, path, &mut input, &mut out).is_ok();
    let out = String::from_utf8(out).expect("JSON is UTF-8");
    // What is cut off is no line.
    (out.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::to_owned).collect(), is_whole)
}

fn cells(line: &str) -> (u64, Vec<String>) {
    let (_, number, cells): (usize, u64, Vec<String>) = serde_json::from_str(line).expect("it is a row");
    (number, cells)
}

fuzz_target!(
    init: {
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let ours = |file: &str| file.contains("themeweave-io") || file.contains("fuzz_targets");
            if info.location().is_none_or(|place| ours(place.file())) {
                abort(info);
            }
        }));
    },
    |data: &[u8]| {
        let (rows, is_whole) = lines(None, data);
        // The names of tables and of columns.
        let (Some(names), Some(rows)) = (rows.get(1), rows.get(2..)) else { return };
        std::fs::write(&*FILE, data).expect("there is room");
        if is_whole {
            assert_eq!(lines(Some(&FILE), b"\"All\"\n").0[2..], *rows);
        }
        let columns = cells(names).1.len();
        for (column, step) in (0..columns).zip(STEPS.iter().cycle()) {
            let again: Vec<_> = rows.iter().step_by(*step).take(AGAIN).map(|row| cells(row)).collect();
            let runs: Vec<_> = again.iter().map(|(number, _)| format!("[{number},{number}]")).collect();
            let runs = runs.join(",");
            let request = format!("{{\"Cells\":{{\"column\":{column},\"runs\":[{runs}]}}}}\n");
            let (found, _) = lines(Some(&FILE), request.as_bytes());
            assert_eq!(found.len(), again.len() + 2);
            for (line, (number, row)) in found[2..].iter().zip(again) {
                assert_eq!(cells(line), (number, vec![row[column].clone()]));
            }
        }
    }
);
