//! Documents that real programs wrote: one set of notes, saved by LibreOffice in every format, and read
//! to the same segments.

use std::path::PathBuf;

use themeweave::{Corpus, Segments, Unit};

use crate::support::read_path;

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/documents").join(name)
}

/// The segments of a sample as `section / speaker: text`, up to a limit of characters.
fn segments(name: &str) -> Vec<String> {
    let corpus = read_path(sample(name)).corpus;
    let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
    let told = |(index, segment): (usize, &themeweave::Segment)| {
        let section = segments.section(segment).unwrap_or_default();
        let section = section.rsplit(" > ").next().unwrap_or_default();
        let speaker = segments.speaker(segment).map(|name| format!("{name}: ")).unwrap_or_default();
        let text: String = segments.text(&corpus, index).unwrap().chars().take(40).collect();
        format!("{section} / {speaker}{text}")
    };
    segments.list().iter().enumerate().map(told).collect()
}

/// What the notes say, wherever they are read from.
const NOTES: [&str; 13] = [
    "Lighting / Three lamps by the jetty have been dark ",
    "Lighting / Letter to the council of 9 January, not ",
    "Lighting / Warm light, not the white glare of the b",
    "Lighting / bats nest in the boathouse roof",
    "Lighting / Lamps that somebody repairs within a wee",
    "Who pays / Maren Holt: The harbour fund has money left, we only",
    "Who pays / Tomás Reyes: Asking takes a year.",
    "Who pays / By then the winter is over.",
    "Who pays / Maren Holt: Then we ask tonight 🙂   and “naïve” is w",
    "Traffic / Delivery vans use the lane as a short cu",
    "Traffic / Nobody keeps to twenty, least of all the",
    "Traffic / Table 1 | A bollard at the chapel end of",
    "Traffic / Table 2 | One-way traffic in the summer ",
];

const LAST: &str = "Traffic / Everybody agreed that the crossing comes";

#[test]
fn word_and_opendocument() {
    for name in ["meeting.docx", "meeting.odt"] {
        let found = segments(name);
        assert_eq!(found[..13], NOTES, "{name}");
        assert_eq!(found[13..], [LAST], "{name}");
        let corpus = read_path(sample(name)).corpus;
        let text = corpus.document(0).unwrap().text().unwrap();
        assert!(text.contains("since autumn, and the council knows it. Older"), "{text}");
        assert!(!text.contains("Who said this?") && !text.contains("residents, meeting of"), "{text}");
    }
}

#[test]
fn rich_text() {
    let mut found = segments("meeting.rtf");
    // LibreOffice does not mark the head of a table in rich text.
    assert_eq!(found.remove(11), "Traffic / Table | Wish");
    assert_eq!(found[..13], NOTES);
    assert_eq!(found[13..], [LAST]);
}

#[test]
fn pdf_with_pages() {
    let read = read_path(sample("meeting.pdf"));
    let found = segments("meeting.pdf");
    // The footnote stands at the end of its page.
    assert_eq!(found[1..8], NOTES[2..9]);
    assert_eq!(found.last().unwrap(), LAST);
    let pages: Vec<_> = read.corpus.document(0).unwrap().blocks().iter().map(|block| block.page).collect();
    assert_eq!((pages[0], pages[pages.len() - 1]), (Some(1), Some(2)));
    let codes: Vec<_> = read.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["pdf-page-margins"]);
}

#[test]
fn pdf_with_two_columns() {
    let found = segments("columns.pdf");
    let order = [
        "Noise / The dredger starts",
        "Noise / Engines are left",
        "Noise / I do not mind",
        "Water / There is a film",
        "Water / The tap by",
        "Water / A sign that",
        "Water / Last of all",
    ];
    let place = |words: &str| found.iter().position(|segment| segment.starts_with(words));
    let places: Vec<_> = order.iter().map(|words| place(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{found:#?}");
    assert!(
        found[0].contains("What follows was sent") && found[8].contains("The office answered"),
        "{found:#?}"
    );
}

/// The rows of a sample of answers as `id:line speaker site when text`.
fn answers(name: &str) -> Vec<String> {
    let corpus = read_path(sample(name)).corpus;
    let row = |document: themeweave::DocumentRef<'_>| {
        let values: Vec<&str> = document.attributes().map(|(_, value)| value).collect();
        format!("{} {} {}", document.name(), values.join("|"), document.text().unwrap().replace('\n', "/"))
    };
    corpus.documents().map(row).collect()
}

#[test]
fn spreadsheets() {
    let expected = [
        "101 Jetty|2025-03-13|4.5 Lamps by the jetty, please; it is pitch dark at five 🙂",
        "102 Chapel|2025-03-14|3 A bollard, so that vans keep out./“Naïve”, they said: 10 % fewer vans would do.",
        "104 Chapel|2025-04-03|4.5 Grüße from Šibenik: benches, and 一个长椅 for the old",
    ];
    for name in ["answers.xlsx", "answers.xls", "answers.ods"] {
        assert_eq!(answers(name), expected, "{name}");
        let read = read_path(sample(name));
        let lines: Vec<u32> = read.corpus.documents().map(|document| document.first_line()).collect();
        assert_eq!(lines, [2, 3, 6], "{name}");
        let said: Vec<&str> = read.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert!(said.contains(&"sheet-chosen") && said.contains(&"text-column-guessed"), "{name}: {said:?}");
    }
}

#[test]
fn parquet() {
    let expected = [
        "101 Jetty|2025-03-13|2025-03-13T09:30:00|4.5|light; safety Lamps by the jetty",
        "102 Chapel|2025-03-14||3|traffic A bollard, so that vans keep out./“Naïve”",
        "104 Chapel|2025-04-03|2025-04-03|4.5|rest Grüße from Šibenik: benches, and 一个长椅 for the old",
    ];
    // Written by pyarrow in two groups of rows with Snappy, and by polars with Zstandard.
    for name in ["answers.parquet", "answers-zstd.parquet"] {
        let found = answers(name);
        assert!(found.iter().zip(expected).all(|(row, start)| row.starts_with(start)), "{name}: {found:#?}");
        assert_eq!(found.len(), expected.len());
    }
}

#[test]
fn an_old_word_document_is_refused() {
    let inputs = [themeweave_io::Input::Path(sample("meeting.doc"))];
    let read = themeweave_io::read(&inputs, &Default::default(), &mut std::io::empty()).unwrap();
    let failure = read.failures[0].to_string();
    assert!(failure.contains("old Word") && failure.contains(".docx"), "{failure}");
}

#[test]
fn sheets_are_named_or_numbered() {
    use themeweave_io::{Input, ReadOptions, read};
    for name in ["answers.xlsx", "answers.xls", "answers.ods"] {
        let rows = |sheet: &str| {
            let options = ReadOptions { sheet: Some(sheet.to_owned()), ..ReadOptions::default() };
            let read = read(&[Input::Path(sample(name))], &options, &mut std::io::empty()).unwrap();
            (read.corpus.len(), read.failures.len())
        };
        assert_eq!(
            ["Answers & dates", "2", "About", "3"].map(rows),
            [(3, 0), (3, 0), (0, 0), (0, 1)],
            "{name}"
        );
    }
}

#[test]
fn tables_as_text() {
    // Without a cell of its own, the date of a text file is what LibreOffice shows.
    let expected = ["101 Jetty|03/13/2025|4.5", "102 Chapel|03/14/2025|3", "104 Chapel|04/03/2025|4.5"];
    for name in ["answers.csv", "answers-utf16.csv"] {
        let found = answers(name);
        assert!(found.iter().zip(expected).all(|(row, start)| row.starts_with(start)), "{name}: {found:#?}");
        assert!(
            found[2].ends_with("Grüße from Šibenik: benches, and 一个长椅 for the old"),
            "{name}: {found:#?}"
        );
        let read = read_path(sample(name));
        let groups = read.diagnostics.iter().find(|diagnostic| diagnostic.code == "group-columns-found");
        assert!(groups.unwrap().message.contains("over time by \"when\""), "{name}");
    }
}

#[test]
fn a_scanned_page_is_named() {
    let read = read_path(sample("scanned.pdf"));
    let message = &read.diagnostics[0].message;
    assert!(message.contains("page 1 has no text layer"), "{message}");
}

#[test]
fn web_page_and_book() {
    // LibreOffice writes neither deletions nor, in books, headings as such.
    for name in ["meeting.html", "meeting.epub"] {
        let found = segments(name);
        for words in ["Warm light, not", "Maren Holt: The harbour fund", "Table 2 | One-way"] {
            assert!(found.iter().any(|segment| segment.contains(words)), "{name}: {found:#?}");
        }
    }
    assert!(segments("meeting.html").contains(&NOTES[3].to_owned()));
}

#[test]
fn a_document_on_standard_input_is_told_by_its_content() {
    use themeweave_io::{Input, ReadOptions, read};
    let documents =
        ["meeting.docx", "meeting.odt", "meeting.rtf", "meeting.pdf", "meeting.epub", "meeting.html"];
    let tables = ["answers.xlsx", "answers.xls", "answers.ods", "answers.parquet"];
    for name in documents.into_iter().chain(tables) {
        let bytes = std::fs::read(sample(name)).unwrap();
        let streamed = read(&[Input::Stdin], &ReadOptions::default(), &mut &bytes[..]).unwrap();
        let named = read_path(sample(name));
        assert_eq!(
            streamed.corpus.document(0).unwrap().text().unwrap(),
            named.corpus.document(0).unwrap().text().unwrap(),
            "{name}"
        );
        assert_eq!(streamed.files[0].sha256, named.files[0].sha256, "{name}");
    }
}

#[test]
fn what_is_cut_off_is_told() {
    let empty = Corpus::default();
    let tables = ["answers.xlsx", "answers.xls", "answers.ods", "answers.parquet"];
    for name in ["meeting.docx", "meeting.odt", "meeting.rtf", "meeting.epub"].into_iter().chain(tables) {
        let bytes = std::fs::read(sample(name)).unwrap();
        for end in (10..bytes.len()).step_by(bytes.len() / 50) {
            let read = themeweave_io::read(
                &[themeweave_io::Input::Stdin],
                &themeweave_io::ReadOptions::default(),
                &mut &bytes[..end],
            );
            let read = read.unwrap();
            // At the end of a workbook stands what is not needed for its rows.
            let is_whole = name == "answers.xls" && read.corpus.len() == 3;
            assert!(is_whole || (read.failures.len(), &read.corpus) == (1, &empty), "{name} up to {end}");
        }
    }
}
