//! CSV and TSV.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::write::table::{Cell, Rows, TableOptions};

/// Bytes of lines from which they are written.
const MANY: usize = 1 << 16;

pub(super) fn write(
    rows: &Rows<'_>,
    delimiter: u8,
    options: TableOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    if options.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let quotes = csv_core::WriterBuilder::new().delimiter(delimiter).build();
    let (mut integer, mut number) = (itoa::Buffer::new(), zmij::Buffer::new());
    let mut lines = Vec::new();
    for column in rows.columns() {
        push_text(column.name, &quotes, &mut lines);
        lines.push(delimiter);
    }
    end_line(&mut lines, out)?;
    rows.each(&mut |row| {
        for cell in row {
            match cell {
                Cell::Missing => {}
                Cell::Text(text) if options.raw => push_text(text, &quotes, &mut lines),
                Cell::Text(text) => push_text(&guarded(text), &quotes, &mut lines),
                // Numbers have nothing that needs quotes.
                Cell::Integer(value) => lines.extend_from_slice(integer.format(*value).as_bytes()),
                Cell::Number(value) => lines.extend_from_slice(value.text(&mut number).as_bytes()),
                Cell::Node(index) => {
                    lines.push(b'n');
                    lines.extend_from_slice(integer.format(*index).as_bytes());
                }
            }
            lines.push(delimiter);
        }
        end_line(&mut lines, out)
    })?;
    out.write_all(&lines)?;
    out.flush()
}

/// Adds a text to a line, in quotes where it needs them.
fn push_text(text: &str, quotes: &csv_core::Writer, line: &mut Vec<u8>) {
    let text = text.as_bytes();
    if !quotes.should_quote(text) {
        return line.extend_from_slice(text);
    }
    let quote = quotes.get_quote();
    line.push(quote);
    let start = line.len();
    // As long as it is with nothing but quotes, each of them twice.
    line.resize(start + 2 * text.len(), 0);
    let (_, _, written) = csv_core::quote(text, &mut line[start..], quote, quote, true);
    line.truncate(start + written);
    line.push(quote);
}

/// Puts the end of a line in place of the last delimiter, and writes the lines if they are many bytes.
fn end_line(lines: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    lines.pop();
    lines.push(b'\n');
    if lines.len() >= MANY {
        out.write_all(lines)?;
        lines.clear();
    }
    Ok(())
}

/// A text with an apostrophe in front where a spreadsheet program would take it for a formula. Texts
/// that look guarded already get one too, so that taking one away gives the text back.
fn guarded(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let bare = text.trim_start_matches('\'');
    let is_formula = bare.starts_with(['\t', '\r'])
        || bare.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(SIGNS);
    if is_formula { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::table::Table;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn formulas_are_guarded_and_can_be_had_back() {
        let signs = [
            "=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", "''=1", " =1", "\n=1",
            "\u{a0}@x", "'\tx", "' '=1",
        ];
        for text in signs {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(guarded(&guarded(text)), format!("''{text}"));
        }
        for text in ["", "'", "'quoted'", "a=1", "1-1", "–", "– dash", "\nx", " x"] {
            assert!(matches!(guarded(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn texts_are_quoted_as_the_csv_crate_does() {
        let texts =
            ["", "a b", "a,b", "a\tb", "\"", "\"\"", "say \"no\", twice", "a\nb", "a\r", "'", "#", "ü, “x”"];
        for delimiter in [b',', b'\t'] {
            let quotes = csv_core::WriterBuilder::new().delimiter(delimiter).build();
            for text in texts {
                let mut line = b"before".to_vec();
                push_text(text, &quotes, &mut line);
                let mut expected = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
                expected.write_record(["before", text]).unwrap();
                let expected = expected.into_inner().unwrap();
                assert_eq!(line["before".len()..], expected["before,".len()..expected.len() - 1], "{text:?}");
            }
        }
    }

    #[test]
    fn errors_keep_their_kinds() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for (times, is_held_back) in [(1, true), (200, false)] {
            let (read, analysis) = analysis_of(&NOTES.repeat(times));
            let write = |out: &mut dyn Write| {
                Table::SEGMENTS.write(&read.corpus, &analysis, TableOptions::default(), out)
            };
            let mut whole = Vec::new();
            write(&mut whole).unwrap();
            assert_eq!(whole.len() < MANY, is_held_back, "{}", whole.len());
            assert_eq!(write(&mut Closed).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        }
    }

    #[test]
    fn raw_texts_and_a_mark_on_request() {
        let (read, analysis) = analysis_of(NOTES);
        let written = |raw, bom| {
            let mut out = Vec::new();
            let options = TableOptions { raw, bom, ..TableOptions::default() };
            Table::SEGMENTS.write(&read.corpus, &analysis, options, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let raw = written(true, false);
        assert!(raw.contains(",\"=the bus to the \"\"north side\"\" is late"), "{raw}");
        assert_eq!(written(false, false), raw.replace(",\"=the", ",\"'=the"));
        assert_eq!(written(true, true), format!("\u{feff}{raw}"));
    }
}
