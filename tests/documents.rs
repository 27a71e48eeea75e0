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
    for name in ["meeting.docx", "meeting.odt", "meeting.rtf", "meeting.pdf", "meeting.epub", "meeting.html"]
    {
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
    for name in ["meeting.docx", "meeting.odt", "meeting.rtf", "meeting.epub"] {
        let bytes = std::fs::read(sample(name)).unwrap();
        for end in (10..bytes.len()).step_by(bytes.len() / 50) {
            let read = themeweave_io::read(
                &[themeweave_io::Input::Stdin],
                &themeweave_io::ReadOptions::default(),
                &mut &bytes[..end],
            );
            let read = read.unwrap();
            assert_eq!((read.failures.len(), &read.corpus), (1, &empty), "{name} up to {end}");
        }
    }
}
