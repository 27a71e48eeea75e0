//! JSON: an array of objects, or an object a line.

use std::io::{self, Write};

use crate::write::table::{Cell, Column, Rows};

pub(super) fn write_array(rows: &Rows<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut before = "[\n";
    rows.each(&mut |row| {
        out.write_all(before.as_bytes())?;
        before = ",\n";
        write_object(rows.columns(), row, out)
    })?;
    out.write_all(if before == "[\n" { b"[]\n" } else { b"\n]\n" })
}

pub(super) fn write_lines(rows: &Rows<'_>, out: &mut dyn Write) -> io::Result<()> {
    rows.each(&mut |row| {
        write_object(rows.columns(), row, out)?;
        out.write_all(b"\n")
    })
}

fn write_object(columns: &[Column], row: &[Cell<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (i, (column, cell)) in columns.iter().zip(row).enumerate() {
        write!(out, "{}\"{}\":", if i == 0 { '{' } else { ',' }, column.name)?;
        match cell {
            Cell::Missing => out.write_all(b"null")?,
            Cell::Text(text) => serde_json::to_writer(&mut *out, text.as_ref())?,
            Cell::Integer(value) => write!(out, "{value}")?,
            Cell::Number(value) => write!(out, "{value}")?,
            Cell::Node(index) => write!(out, "\"n{index}\"")?,
        }
    }
    out.write_all(b"}")
}

#[cfg(test)]
mod tests {
    use crate::write::table::{Table, TableFormat, TableOptions};
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn one_object_a_line() {
        let (read, analysis) = analysis_of(NOTES);
        let written = |format| {
            let options = TableOptions { format, ..TableOptions::default() };
            let mut out = Vec::new();
            Table::EDGES.write(&read.corpus, &analysis, options, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let array = written(TableFormat::Json);
        let lines: Vec<&str> = array.lines().collect();
        assert_eq!((lines.first(), lines.last()), (Some(&"["), Some(&"]")));
        assert!(lines[1].starts_with("{\"Source\":\"n0\",") && lines[1].ends_with("},"), "{}", lines[1]);
        let objects = array.trim_start_matches("[\n").trim_end_matches("]\n").replace("},\n", "}\n");
        assert_eq!(written(TableFormat::JsonLines), objects);
    }
}
