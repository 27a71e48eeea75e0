//! What all fuzz targets do: read bytes as the program would, and check what must hold of any input.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use themeweave::{Segments, Unit};
use themeweave_io::{Input, ReadCorpus, ReadOptions, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Reads bytes from standard input, told by their content, and cuts them into segments.
pub fn check(bytes: &[u8]) {
    check_with(bytes, &ReadOptions::default());
}

/// The same for the lines that an extractor of PDFs gives back.
pub fn check_pdf_lines(lines: &[u8]) {
    check_extracted(&[b"%PDF-", lines].concat());
}

/// The same for the rows that an extractor of old Excel workbooks gives back.
pub fn check_row_lines(lines: &[u8]) {
    check_extracted(&[b"\xD0\xCF\x11\xE0", lines].concat());
}

fn check_extracted(bytes: &[u8]) {
    let echo = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/echo.sh"));
    check_with(bytes, &ReadOptions { extractor: Some(echo), ..ReadOptions::default() });
}

/// Reads bytes from standard input in a way that is asked for.
pub fn check_with(bytes: &[u8], options: &ReadOptions) {
    let result = read(&[Input::Stdin], options, &mut &bytes[..]).expect("there is an input");
    assert!(result.failures.len() + result.files.len() == 1);
    check_corpus(&result);
}

/// Reads bytes from a file of this name, whose extension tells the format: texts are the same held or read again.
pub fn check_file(name: &str, bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).expect("there is room");
    let [held, stored] = [u64::MAX, 0].map(|text_in_memory| {
        let options = ReadOptions { text_in_memory, ..ReadOptions::default() };
        let inputs = [Input::Path(path.clone())];
        read(&inputs, &options, &mut std::io::empty()).expect("there is an input")
    });
    assert_eq!(held.corpus, stored.corpus);
    assert_eq!((held.files, held.failures), (stored.files.clone(), stored.failures.clone()));
    check_corpus(&stored);
}

fn check_corpus(result: &ReadCorpus) {
    let corpus = &result.corpus;
    for unit in [Unit::Note, Unit::Sentence] {
        let (segments, _) = Segments::from_corpus(corpus, unit).unwrap();
        for (index, segment) in segments.list().iter().enumerate() {
            let text = corpus.document(segment.document()).unwrap().text().unwrap();
            let chars = segment.chars();
            let slice: String =
                text.chars().skip(chars.start as usize).take((chars.end - chars.start) as usize).collect();
            assert_eq!(slice, segments.text(corpus, index).unwrap());
            assert!(!slice.trim().is_empty());
            if index > 20 {
                break;
            }
        }
    }
}

/// A zip archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(*name, options).expect("names differ");
        writer.write_all(content).expect("memory takes everything");
    }
    writer.finish().expect("memory takes everything").into_inner()
}

/// The stretches of `data` between bytes 0xFF, which no XML has.
pub fn parts(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|&byte| byte == 0xFF).chain(std::iter::repeat(&[][..]))
}
