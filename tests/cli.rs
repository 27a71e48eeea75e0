//! The whole program on six notes, every cell traced by hand; and what `--out` promises.

use std::fs;
use std::path::Path;

/// Two themes that share one word: in note 3.
const NOTES: &str = "\
# Round

- Bus late again
- The bus was late
- Late bus, cold clinic
- Clinic phone engaged
- phone the clinic
- Nobody answers the phone
";

/// Exit code and standard output of the program with these arguments and the notes as its input.
fn run(args: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["themeweave"].iter().chain(args);
    let code = themeweave_cli::run(args, &mut NOTES.as_bytes(), &mut out, &mut err);
    assert!(!String::from_utf8_lossy(&err).contains("error"), "{}", String::from_utf8_lossy(&err));
    (code, String::from_utf8(out).unwrap())
}

/// Checks a table, line by line.
#[track_caller]
fn check(command: &str, lines: &[&str]) {
    let (code, table) = run(&[command, "-", "--quiet"]);
    assert_eq!(table.lines().collect::<Vec<_>>(), lines);
    assert_eq!(code, 0);
}

#[test]
fn themes() {
    // Three of six notes each. Wilson's interval of 3/6 is 1/2 ± 1.96·√(1/24 + 1.96²/144)/(1 + 1.96²/6).
    // The one link of the network is that of "bus" and "late", weight 1, within the first theme: its
    // density is 100·1/2. No link leads from one theme to the other. Medians: centrality 0, density 25.
    // Without any one note, both themes come out with the notes that are left.
    check(
        "themes",
        &[
            "theme,label,terms,segments,share,share_lo,share_hi,documents,speakers,stability,centrality,density,quadrant,loudest,loudest_segments,share_without_loudest,one_voice",
            "1,\"bus, late\",bus; late,3,0.5,0.1876163064826506,0.8123836935173494,1,,1,0,50,motor,,,,",
            "2,\"phone, clinic\",phone; clinic,3,0.5,0.1876163064826506,0.8123836935173494,1,,1,0,0,basic,,,,",
        ],
    );
}

#[test]
fn terms() {
    // Notes 1 to 3 have bus, late, bus, late, late, bus, clinic: seven occurrences. Notes 4 to 6 have
    // clinic, phone, phone, clinic, phone: five. Two of the three notes with "clinic" are of theme 2; in
    // theme 1 it is rarer than elsewhere, so it is no term of it.
    check(
        "terms",
        &[
            "theme,rank,term,beta,frequency,segments,membership,exclusivity",
            "1,1,bus,0.42857142857142855,3,3,1,1",
            "1,2,late,0.42857142857142855,3,3,1,1",
            "2,1,phone,0.6,3,3,1,1",
            "2,2,clinic,0.4,2,2,1,0.6666666666666666",
        ],
    );
}

#[test]
fn edges() {
    // Four pairs occur together: bus and late in three notes, clinic and phone in two, bus and clinic and
    // clinic and late in one. All words are in three of six notes. Bus and late: one of the 20 ways to
    // choose three notes of six, p = 1/20, and of six pairs of four words, q = 6·p/1; NPMI
    // ln(3·6/9)/ln(6/3) = 1. Clinic and phone: p = (1 + 9)/20, no link.
    let (_, table) = run(&["edges", "-", "--quiet"]);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("Source,Target,Type,Weight,cooccurrences,p,q"));
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(cells[..5], ["n0", "n2", "Undirected", "1", "3"]);
    assert!((cells[5].parse::<f64>().unwrap() - 0.05).abs() < 1e-12);
    assert!((cells[6].parse::<f64>().unwrap() - 0.3).abs() < 1e-12);
    assert_eq!(lines.next(), None);
}

#[test]
fn segments_and_quotes() {
    // Gamma of note 1, "bus late": theme 1 has 7 occurrences, 3 of either word; theme 2 has 5, none of
    // them. All terms are equally rare. With prior weights of 0.1 for each of four terms, half an occurrence drawn
    // before and equal sizes, the odds are (3.1/7.9)² : (0.1/5.9)², so gamma is 1/(1 + 0.001866) = 0.998138.
    let (_, table) = run(&["segments", "-", "--quiet"]);
    let rows: Vec<Vec<String>> = read(&table);
    assert_eq!(rows.len(), 6);
    let notes: Vec<&str> = NOTES.lines().filter_map(|line| line.strip_prefix("- ")).collect();
    for (n, (row, note)) in rows.iter().zip(notes).enumerate() {
        let theme = if n < 3 { "1" } else { "2" };
        let place = [(n + 1).to_string(), "stdin".into(), "Round".into(), String::new(), (n + 3).to_string()];
        assert_eq!(row[..5], place);
        assert_eq!((row[7].as_str(), row[9].as_str()), (theme, note));
        assert_eq!(at_span(&row[5], &row[6]), note);
    }
    assert!((rows[0][8].parse::<f64>().unwrap() - 0.998_137_8).abs() < 1e-6);

    // Score of note 4, "clinic phone": both weigh 1/√2; in the profile of the theme "phone" weighs √3 and
    // "clinic" √(2·2/3), so the cosine is (√3 + √(4/3))/√(2·(3 + 4/3)) = 0.9806.
    let (_, table) = run(&["quotes", "-", "--quiet"]);
    let rows = read(&table);
    assert_eq!(rows.len(), 6);
    for row in &rows {
        assert_eq!(at_span(&row[7], &row[8]), row[10]);
    }
    assert_eq!((rows[3][2].as_str(), rows[3][9].as_str()), ("4", "0.9806"));
}

#[test]
fn an_output_folder_has_what_its_manifest_says_and_the_same_bytes_on_any_number_of_threads() {
    let place = tempfile::tempdir().unwrap();
    let folders = ["1", "4", "1"].iter().enumerate().map(|(n, threads)| {
        let folder = place.path().join(format!("out{n}"));
        let (code, _) = run(&["analyze", "-", "--out", folder.to_str().unwrap(), "--threads", threads]);
        assert_eq!(code, 0);
        folder
    });
    let contents: Vec<Vec<(String, Vec<u8>)>> = folders.map(|folder| files(&folder)).collect();
    assert_eq!(contents[0], contents[1]);
    assert_eq!(contents[0], contents[2]);

    let (_, manifest) = contents[0].iter().find(|(name, _)| name == "manifest.json").unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    let outputs = manifest["outputs"].as_array().unwrap();
    assert_eq!(outputs.len() + 1, contents[0].len());
    for output in outputs {
        let (_, bytes) = contents[0].iter().find(|(name, _)| *name == output["name"]).unwrap();
        assert_eq!(output["bytes"], bytes.len());
    }
    assert_eq!(manifest["counts"]["segments"], 6);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 3, "nothing is left beside the folders");
}

/// The rows of a CSV table.
fn read(table: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What stands in the notes between two code points.
fn at_span(start: &str, end: &str) -> String {
    let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
    NOTES.chars().skip(start).take(end - start).collect()
}

/// The files of a folder by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}
