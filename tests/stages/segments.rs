//! Text to segments: what is one note, where it stands, who says it, and what is left out.

use std::ops::Range;

use themeweave::{Block, BlockKind, Corpus, Document, Segment, Segments, SpeakerFilter, TimeSpan, Unit};
use themeweave_io::{Input, ReadOptions, read};

use crate::support::{markdown, notes};

/// One line for each segment, `line [section] speaker ^parent: text` with what there is of it.
fn shown(corpus: &Corpus, unit: &str) -> Vec<String> {
    let (segments, _) = Segments::from_corpus(corpus, unit.parse().unwrap()).unwrap();
    let list = segments.list().iter().enumerate();
    list.map(|(i, segment)| {
        let section = segments.section(segment).map(|name| format!(" [{name}]")).unwrap_or_default();
        let speaker = segments.speaker(segment).map(|name| format!(" {name}")).unwrap_or_default();
        let parent = segment.parent().map(|parent| format!(" ^{parent}")).unwrap_or_default();
        format!("{}{section}{speaker}{parent}: {}", segment.line(), segments.text(corpus, i).unwrap())
    })
    .collect()
}

#[track_caller]
fn check(text: &str, unit: &str, expected: &[&str]) {
    assert_eq!(shown(&markdown(text), unit), expected);
}

/// The codes of what was left out of a Markdown text, and how many segments are left.
fn left_out(text: &str) -> (usize, Vec<&'static str>) {
    let (segments, diagnostics) = Segments::from_corpus(&markdown(text), Unit::Note).unwrap();
    (segments.len(), diagnostics.iter().map(|diagnostic| diagnostic.code).collect())
}

#[test]
fn bullets_are_segments_under_their_headings() {
    check(
        "# Day\n\nSome words before.\n\n## Morning\n\n- the bus\n- two\n  lines\n\n## Noon\n\n1. soup\n",
        "note",
        &[
            "3 [Day]: Some words before.",
            "7 [Day > Morning]: the bus",
            "8 [Day > Morning]: two\n  lines",
            "13 [Day > Noon]: soup",
        ],
    );
}

#[test]
fn nested_bullets_know_the_one_above() {
    check(
        "- a bus\n  - late\n    - again\n  - dear\n- a tram\n",
        "note",
        &["1: a bus", "2 ^0: late", "3 ^1: again", "4 ^0: dear", "5: a tram"],
    );
}

#[test]
fn speakers_are_named_and_not_part_of_the_text() {
    check(
        "- Maria Okafor: we need buses\n- no speaker here\n- Next steps: the next steps\n- 10:30 tea\n",
        "note",
        &[
            "1 Maria Okafor: we need buses",
            "2: no speaker here",
            "3: Next steps: the next steps",
            "4: 10:30 tea",
        ],
    );
}

#[test]
fn a_turn_goes_on_after_a_blank_line() {
    check(
        "Ann: first\n\nBob: second\n\nAnn: third\n\nand still third\n\nBob: fourth\n\nAnn: fifth\n",
        "note",
        &[
            "1 Ann: first",
            "3 Bob: second",
            "5 Ann: third",
            "7 Ann: and still third",
            "9 Bob: fourth",
            "11 Ann: fifth",
        ],
    );
}

#[test]
fn units() {
    let text = "One bus is late. Two buses are dear.\n\nThree trams come at ten, maybe.\n";
    let cases: [(&str, &[&str]); 6] = [
        ("note", &["1: One bus is late. Two buses are dear.", "3: Three trams come at ten, maybe."]),
        ("paragraph", &["1: One bus is late. Two buses are dear.", "3: Three trams come at ten, maybe."]),
        (
            "sentence",
            &["1: One bus is late.", "1: Two buses are dear.", "3: Three trams come at ten, maybe."],
        ),
        ("document", &["1: One bus is late. Two buses are dear.\n\nThree trams come at ten, maybe."]),
        // Four words each; the rest of two of the second note is half of four and stands alone.
        (
            "words:4",
            &["1: One bus is late.", "1: Two buses are dear.", "3: Three trams come at", "3: ten, maybe."],
        ),
        // The rest of one word is joined to the five before.
        ("words:5", &["1: One bus is late. Two", "1: buses are dear.", "3: Three trams come at ten, maybe."]),
    ];
    for (unit, expected) in cases {
        assert_eq!(shown(&markdown(text), unit), expected, "{unit}");
    }
}

#[test]
fn paragraphs_of_one_note() {
    let corpus = notes(&["first line\nsecond\n \n\nthird\n\n\n"]);
    assert_eq!(shown(&corpus, "paragraph"), ["1: first line\nsecond", "5: third"]);
    assert_eq!(shown(&corpus, "note"), ["1: first line\nsecond\n \n\nthird"]);
}

#[test]
fn names_of_units() {
    for name in ["auto", "note", "sentence", "paragraph", "document", "words:1", "words:4294967295"] {
        assert_eq!(name.parse::<Unit>().unwrap().to_string(), name);
    }
    for name in ["", "Note", "words", "words:", "words:0", "words:-1", "words:4294967296", "turn"] {
        assert!(name.parse::<Unit>().is_err(), "{name}");
    }
}

#[test]
fn auto_takes_sentences_of_few_long_notes() {
    let long = "The bus is late again. ".repeat(20);
    let chosen =
        |notes: &[&str]| Segments::from_corpus(&crate::support::notes(notes), Unit::Auto).unwrap().0.unit();
    assert_eq!(chosen(&[&long, &long]), Unit::Sentence);
    assert_eq!(chosen(&[&long, "short", "short"]), Unit::Note);
    assert_eq!(chosen(&vec![long.as_str(); 30]), Unit::Note);
    assert_eq!(chosen(&[]), Unit::Note);
}

#[test]
fn furniture_and_repeats_are_left_out_and_told() {
    let page = "Skip to main content\n\n# Buses\n\nThe hall is full of people\n\nThe hall is full of people\n\n- late\n- late\n\nShare this page\n";
    assert_eq!(left_out(page), (3, vec!["page-furniture", "repeats"]));
    // Somebody wrote the bullet; two people may say the same; short texts come again for good reasons.
    assert_eq!(left_out("- Looks for email address\n- Read more books to children\n"), (2, vec![]));
    assert_eq!(
        left_out("Ann: I think the same thing\n\nBob: I think the same thing\n\nAnn: no\n\nBob: no\n"),
        (4, vec![])
    );
    assert_eq!(left_out("Yes, exactly.\n\nYes, exactly.\n"), (2, vec![]));
}

#[test]
fn each_text_that_is_left_out_is_shown_once() {
    let repeats = |texts: &[&str]| {
        let text: String = texts.iter().map(|text| format!("{text} is what we said\n\n")).collect();
        let (_, diagnostics) = Segments::from_corpus(&markdown(&text), Unit::Note).unwrap();
        diagnostics[0].message.replace(" is what we said", "")
    };
    assert_eq!(repeats(&["a", "a", "a", "b", "b"]), "3 exact repeats of a note counted once: “a”, “b”");
    assert_eq!(
        repeats(&["a", "b", "c", "d", "e", "e", "a", "b", "a", "c", "d", "d"]),
        "7 exact repeats of a note counted once: “e”, “a”, “b”, “c”, …"
    );
}

#[test]
fn rows_of_a_table_are_segments_and_repeat_freely() {
    let table = "id,text,name\nA,the bus is late again,Ann\nB,the bus is late again,Bob\nC,\"two\nlines\",\n";
    let corpus = markdown(table);
    assert_eq!(
        shown(&corpus, "note"),
        ["2: the bus is late again", "3: the bus is late again", "4: two\nlines"]
    );
    let options = ReadOptions { speaker_column: Some("name".to_owned()), ..ReadOptions::default() };
    let corpus = read(&[Input::Stdin], &options, &mut table.as_bytes()).unwrap().corpus;
    assert_eq!(
        shown(&corpus, "note"),
        ["2 Ann: the bus is late again", "3 Bob: the bus is late again", "4: two\nlines"]
    );
}

#[test]
fn places_are_those_of_the_text_with_lf_line_ends() {
    let text = "\u{feff}- caf\u{e9} \u{1f68c} one\r\n- two\r\n\r\nthree\r\n";
    let corpus = markdown(text);
    assert_eq!(shown(&corpus, "note"), ["1: caf\u{e9} \u{1f68c} one", "2: two", "4: three"]);
    let (segments, _) = Segments::from_corpus(&corpus, Unit::Note).unwrap();
    let places: Vec<_> = segments.list().iter().map(|segment| segment.chars()).collect();
    assert_eq!(places, [2..12, 15..18, 20..25]);
}

#[test]
fn blocks_of_the_caller() {
    let text = "HEAD\none\nnav\ntwo";
    let blocks = vec![
        Block::new(0..4, BlockKind::Heading { level: 1 }),
        Block::new(5..8, BlockKind::Item { depth: 0 }),
        Block::new(9..12, BlockKind::Navigation),
        Block::new(13..16, BlockKind::TableRow),
    ];
    let document = Document { blocks, first_line: 10, ..Document::new("own", text) };
    let corpus = Corpus::new(vec![document]).unwrap();
    assert_eq!(shown(&corpus, "note"), ["11 [HEAD]: one", "13 [HEAD]: two"]);
    assert_eq!(shown(&corpus, "document"), ["11: one\nnav\ntwo"]);
}

#[test]
fn blocks_that_know_their_speaker_line_time_and_page() {
    let text = "Bob: is the bus late? It is\nlate. Yes: it is";
    let block = |span, line, start| Block {
        line: Some(line),
        time: Some(TimeSpan { start, end: Some(start + 900) }),
        page: Some(line / 10),
        ..Block::new(span, BlockKind::Paragraph)
    };
    let ann: Option<std::sync::Arc<str>> = Some("Ann".into());
    let blocks = vec![
        Block { speaker: ann.clone(), ..block(0..21, 12, 1000) },
        Block { continues: true, ..block(22..33, 19, 2000) },
        Block { speaker: ann, ..block(34..44, 40, 3000) },
    ];
    let corpus = Corpus::new(vec![Document { blocks, ..Document::new("a", text) }]).unwrap();
    // The speaker of the block goes before what looks like one, and captions of one turn are one note.
    assert_eq!(shown(&corpus, "note"), ["12 Ann: Bob: is the bus late? It is\nlate.", "40 Ann: Yes: it is"]);
    assert_eq!(
        shown(&corpus, "sentence"),
        ["12 Ann: Bob: is the bus late?", "19 Ann: It is", "20 Ann: late.", "40 Ann: Yes: it is"]
    );
    let document = corpus.document(0).unwrap();
    assert_eq!(document.time(0..33), Some(TimeSpan { start: 1000, end: Some(2900) }));
    assert_eq!(document.time(28..33), Some(TimeSpan { start: 2000, end: Some(2900) }));
    assert_eq!((document.page(3), document.page(30), document.page(21)), (Some(1), Some(1), None));
}

/// The segments of some speakers, and the codes of what is told about them.
fn of_speakers(text: &str, only: &[&str], exclude: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let filter = SpeakerFilter { only: owned(only), exclude: owned(exclude) };
    let corpus = markdown(text);
    let (segments, diagnostics) = Segments::of_speakers(&corpus, Unit::Note, &filter).unwrap();
    let texts = (0..segments.len()).map(|i| segments.text(&corpus, i).unwrap().into_owned()).collect();
    (texts, diagnostics.iter().map(|diagnostic| diagnostic.code).collect())
}

#[test]
fn some_speakers_only() {
    let text = "Ann Lee: one bus\n\nBo: two trams\n\nAnn Lee: three boats\n\nBo: four cars\n";
    assert_eq!(
        of_speakers(text, &["ann  LEE"], &[]),
        (vec!["one bus".to_owned(), "three boats".to_owned()], vec!["speakers-left-out"],)
    );
    assert_eq!(
        of_speakers(text, &[], &["Ann Lee", "Cy"]),
        (vec!["two trams".to_owned(), "four cars".to_owned()], vec!["speakers-left-out", "unknown-speaker"],)
    );
    assert_eq!(of_speakers(text, &["Ann"], &[]).0, [""; 0]);
    let nested = "- Ann Lee: one\n  - Bo: two\n    - Ann Lee: three\n- Bo: four\n  - Ann Lee: five\n";
    let filter = SpeakerFilter { exclude: vec!["Ann Lee".to_owned()], ..SpeakerFilter::default() };
    let (segments, _) = Segments::of_speakers(&markdown(nested), Unit::Note, &filter).unwrap();
    assert_eq!(segments.list().iter().map(Segment::parent).collect::<Vec<_>>(), [None, None]);
    assert_eq!(segments.speakers(), ["Bo"]);
    assert!(segments.list().iter().all(|segment| segments.speaker(segment) == Some("Bo")));
    let filter = SpeakerFilter { exclude: vec!["Bo".to_owned()], ..SpeakerFilter::default() };
    let (segments, _) = Segments::of_speakers(&markdown(nested), Unit::Note, &filter).unwrap();
    assert_eq!(segments.list().iter().map(Segment::parent).collect::<Vec<_>>(), [None; 3]);
}

#[test]
fn signs_of_listening_and_prompts_are_told() {
    let text = "Mo: What would you change here?\n\nAnn: the bus\n\nMo: Mm-hmm.\n\nMo: What would you change here?\n\n\
        Ann: Yeah, exactly.\n\nMo: What would you change here?\n\nAnn: trams\n\nMo: Okay.\n";
    let (segments, diagnostics) = Segments::from_corpus(&markdown(text), Unit::Note).unwrap();
    let marked: Vec<bool> = segments.list().iter().map(Segment::is_back_channel).collect();
    assert_eq!(marked, [false, false, true, false, true, false, false, true]);
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["back-channel", "prompts"]);
    let prompt = diagnostics[1].to_string();
    assert!(
        prompt.contains("“What would you change here?” (3 times, Mo)")
            && prompt.contains("--exclude-speaker")
    );
}

#[test]
fn corpora_that_cannot_be() {
    let block = |span| Block::new(span, BlockKind::Paragraph);
    for span in [0..9, 1..2, Range { start: 3, end: 2 }, 9..10] {
        let document = Document { blocks: vec![block(span.clone())], ..Document::new("a", "b\u{e9}bus") };
        assert!(Corpus::new(vec![document]).is_err(), "{span:?}");
    }
    let twice = [Document::new("a", "x"), Document::new("a", "y")];
    assert_eq!(Corpus::new(twice.to_vec()).unwrap_err().kind(), themeweave::ErrorKind::Input);
}
