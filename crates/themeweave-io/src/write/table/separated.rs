//! CSV and TSV.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::write::of_csv;
use crate::write::table::{Cell, Rows, TableOptions};

pub(super) fn write(
    rows: &Rows<'_>,
    delimiter: u8,
    options: TableOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    if options.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    table.write_record(rows.columns().iter().map(|column| column.name)).map_err(of_csv)?;
    let (mut integer, mut number, mut id) = (itoa::Buffer::new(), zmij::Buffer::new(), String::new());
    rows.each(&mut |row| {
        for cell in row {
            let written = match cell {
                Cell::Missing => table.write_field(""),
                Cell::Text(text) if options.raw => table.write_field(text.as_ref()),
                Cell::Text(text) => table.write_field(guarded(text).as_ref()),
                Cell::Integer(value) => table.write_field(integer.format(*value)),
                Cell::Number(value) => table.write_field(value.text(&mut number)),
                Cell::Node(index) => {
                    id.clear();
                    id.push('n');
                    id.push_str(integer.format(*index));
                    table.write_field(&id)
                }
            };
            written.map_err(of_csv)?;
        }
        table.write_record(None::<&[u8]>).map_err(of_csv)
    })?;
    table.flush()
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
        // The table is longer than what is held back before it is written.
        let (read, analysis) = analysis_of(&NOTES.repeat(20));
        let error =
            Table::SEGMENTS.write(&read.corpus, &analysis, TableOptions::default(), &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
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
