//! Transcripts, tables and field formats as people have them, read by the whole program: what one segment
//! is, who says it and when. And pseudonyms, which no output may break.

use std::fs;
use std::io::Read;
use std::path::Path;

/// The columns of `segments` that tell the cut.
const SHOWN: [&str; 7] = ["document", "section", "speaker", "line", "start", "end", "text"];

/// Exit code, standard output and standard error of the program.
fn run(args: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["themeweave"].iter().chain(args);
    let code = themeweave_cli::run(args, &mut std::io::empty(), &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// The segments of a file of this name, cells parted by `|`.
fn segments(name: &str, content: &[u8], args: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let args = [&["segments", path.to_str().unwrap(), "--unit", "note", "--quiet"][..], args].concat();
    let (_, out, err) = run(&args);
    assert!(!err.contains("error"), "{err}");
    let mut table = csv::Reader::from_reader(out.as_bytes());
    let header = table.headers().unwrap().clone();
    let columns = SHOWN.map(|wanted| header.iter().position(|name| name == wanted).unwrap());
    let prefix = format!("{}/", folder.path().display());
    table
        .records()
        .map(|row| {
            let row = row.unwrap();
            columns.map(|column| row[column].replace(&prefix, "")).join("|")
        })
        .collect()
}

#[track_caller]
fn check(name: &str, content: &str, args: &[&str], expected: &[&str]) {
    assert_eq!(segments(name, content.as_bytes(), args), expected, "{name}");
    // Line ends, marks and encodings make no difference.
    let crlf = content.replace('\n', "\r\n");
    assert_eq!(segments(name, format!("\u{feff}{crlf}").as_bytes(), args), expected, "{name} with CRLF");
    let wide: Vec<u8> = content.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(segments(name, &wide, args), expected, "{name} in UTF-16 without a mark");
}

#[test]
fn captions_of_a_meeting() {
    check(
        "zoom.vtt",
        "WEBVTT\n\n1\n00:00:01.500 --> 00:00:03.500\nMara Osei: The bus is late, as ever.\n\n\
         2\n00:00:03.900 --> 00:00:06.000\nMara Osei: And it is full.\n\n\
         3\n00:01:07.000 --> 00:01:08.250\nTom (Transit): Which line?\n",
        &[],
        &[
            "zoom.vtt||Mara Osei|5|1.5|6|The bus is late, as ever. And it is full.",
            "zoom.vtt||Tom (Transit)|13|67|68.25|Which line?",
        ],
    );
    check(
        "teams.vtt",
        "WEBVTT\n\n0d7c/12-0\n00:00:01.000 --> 00:00:03.500\n<v Mara Osei>The bus is late\nas ever &amp; full.</v>\n\n\
         0d7c/13-0\n00:00:04.000 --> 00:00:05.000\n<v Tom Park>Which line?</v>\n",
        &[],
        &[
            "teams.vtt||Mara Osei|5|1|3.5|The bus is late as ever & full.",
            "teams.vtt||Tom Park|10|4|5|Which line?",
        ],
    );
    check(
        "film.srt",
        "1\n00:00:01,000 --> 00:00:02,000\nThe bus that\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>is late.</i>\n\n\
         3\n00:00:03,500 --> 00:00:04,000\nAnd full.\n",
        &[],
        &["film.srt|||3|1|3|The bus that is late.", "film.srt|||11|3.5|4|And full."],
    );
}

#[test]
fn sentences_of_a_turn_have_their_own_times() {
    let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Mara>The bus is late. It\n\n00:02.000 --> 00:03.000\n<v Mara>is full.\n";
    assert_eq!(
        segments("a.vtt", text.as_bytes(), &["--unit", "sentence"]),
        ["a.vtt||Mara|4|1|2|The bus is late.", "a.vtt||Mara|4|1|3|It is full."]
    );
}

#[test]
fn transcripts_and_chats() {
    check(
        "otter.txt",
        "Mara Osei  0:01  \nThe bus is late.\n\nTom Park  1:02:03  \nWhich line?\n\nMara Osei  1:02:09  \nThe nine.\n\n\
         Tom Park  1:02:15  \nI see it.\n\nTranscribed by https://otter.ai\n",
        &[],
        &[
            "otter.txt||Mara Osei|2|1||The bus is late.",
            "otter.txt||Tom Park|5|3723||Which line?",
            "otter.txt||Mara Osei|8|3729||The nine.",
            "otter.txt||Tom Park|11|3735||I see it.",
        ],
    );
    check(
        "chat.txt",
        "10:00:01\t From Mara Osei to Everyone : the bus is late\n10:00:05\t From Tom to Mara Osei(Direct Message) : psst\n\
         10:00:09\t From Tom to Everyone : which line\n",
        &[],
        &["chat.txt||Mara Osei|1|36001||the bus is late", "chat.txt||Tom|3|36009||which line"],
    );
    check(
        "script.txt",
        "Mara: The bus is late.\n\nTom: Which line?\n\nMara: The nine.\n\nAnd the ten.\n\nTom: Thanks for it.\n",
        &[],
        &[
            "script.txt||Mara|1|||The bus is late.",
            "script.txt||Tom|3|||Which line?",
            "script.txt||Mara|5|||The nine.",
            "script.txt||Mara|7|||And the ten.",
            "script.txt||Tom|9|||Thanks for it.",
        ],
    );
}

#[test]
fn corpora_of_the_field() {
    check(
        "alceste.txt",
        "**** *site_north *age_30\nThe bus is late.\n-*fares\nToo high.\n**** *site_south\nThe tram is full.\n",
        &[],
        &["1|||2|||The bus is late.", "1|fares||4|||Too high.", "2|||6|||The tram is full."],
    );
    check(
        "kh.txt",
        "<h1>Day one</h1>\n<h2>Morning</h2>\nThe bus is late.\nIt is full.\n",
        &[],
        &["kh.txt|Day one > Morning||3|||The bus is late.", "kh.txt|Day one > Morning||4|||It is full."],
    );
    check(
        "vos.txt",
        "The bus is late.\n\nThe tram is full.\n",
        &["--text-format", "lines"],
        &["1|||1|||The bus is late.", "3|||3|||The tram is full."],
    );
}

#[test]
fn tables() {
    check(
        "answers.jsonl",
        "{\"id\":\"a\",\"text\":\"The bus is l\u{e4}te.\",\"speaker\":\"P1\"}\n{\"id\":\"b\",\"text\":\"It is full.\"}\n",
        &[],
        &["a||P1|1|||The bus is l\u{e4}te.", "b|||2|||It is full."],
    );
    check(
        "answers.csv",
        "id;text;speaker\na;The bus is l\u{e4}te.;P1\n",
        &["--exclude-speaker", "p2"],
        &["a||P1|2|||The bus is l\u{e4}te."],
    );
}

#[test]
fn what_looks_like_one_thing_and_is_another_gets_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, reason) in [
        ("a.srt", &b"The bus is late."[..], "no captions"),
        ("b.jsonl", b"id,text\n1,bus\n", "line 1"),
        ("c.xlsx", b"PK\x03\x04 cut off", "broken or cut off"),
        ("d.vtt", b"\x00\x01\x02", "binary"),
        ("e.xls", b"\xD0\xCF\x11\xE0 old", ".xlsx"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let (code, out, err) = run(&["segments", path.to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (1, ""), "{name}");
        assert!(err.contains(name) && err.contains(reason), "{name}: {err}");
    }
}

/// Notes in which the same people are named in every way.
const MEETING: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nZora Quill: The bus is late, as Yorick said.\n\n\
    00:00:03.000 --> 00:00:05.000\nYorick: ZORA QUILL is right, the bus is late.\n\n\
    00:00:05.000 --> 00:00:09.000\nZora Quill: The late bus again, and Yorick\u{2019}s clinic phone, zora quill.\n\n\
    00:00:09.000 --> 00:00:12.000\nYorick: The clinic phone is engaged, Zora\nQuill.\n\n\
    00:00:12.000 --> 00:00:14.000\nZora Quill: Phone the clinic, Yorick!\n\n\
    00:00:14.000 --> 00:00:16.000\nYorick: Nobody answers the phone of the clinic.\n";

/// The text of a file, or of all parts of a project.
fn whole_text(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "qdpx") {
        return String::from_utf8(bytes).unwrap();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        text.push_str(&part.name().unwrap());
        part.read_to_string(&mut text).unwrap();
    }
    text
}

#[test]
fn no_name_is_left_where_pseudonyms_stand() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("talks")).unwrap();
    fs::write(at("talks/zora_quill-1.vtt"), MEETING).unwrap();
    let table = "id,text,who,of yorick\nzora quill 1,the bus of Zora Quill is late,Yorick,Yorick\n2,late bus,Zora Quill,x\n";
    fs::write(at("talks/yorick.csv"), table).unwrap();
    fs::write(at("talks/yorick-broken.jsonl"), "x").unwrap();
    fs::write(at("names.csv"), "name,replacement\nZora Quill,P1\nYorick,P2\nNobody Else,P3\n").unwrap();
    fs::write(at("stop.txt"), "yorick").unwrap();
    let (talks, names, out, stop) = (at("talks"), at("names.csv"), at("out"), at("stop.txt"));
    let reading = ["--pseudonyms", &names, "--speaker-column", "who"];
    let choosing = ["--exclude-speaker", "Zora Nobody", "--stop-words", &stop];
    let formats = ["--graph-formats", "dot", "--table-formats", "tsv,json", "--refi"];
    let writing = [&["--out", &out, "--keep-going"][..], &formats].concat();
    let args = [&["analyze", &talks][..], &reading, &choosing, &writing].concat();
    let (code, page, err) = run(&args);
    assert_eq!(code, 0, "{err}");
    let mut files = 0;
    for entry in fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        let text = whole_text(&path).to_lowercase();
        for name in ["quill", "yorick"] {
            assert!(!text.contains(name), "{name} in {}:\n{text}", path.display());
        }
        files += 1;
    }
    assert!(files > 30, "{files}");
    for text in [&page, &err] {
        assert!(!text.to_lowercase().contains("quill") && !text.to_lowercase().contains("yorick"), "{text}");
    }
    let segments = fs::read_to_string(Path::new(&out).join("segments.csv")).unwrap();
    assert!(
        segments.contains("P2") && segments.contains("P1-1.vtt") && segments.contains("P1 is right"),
        "{segments}"
    );
}
