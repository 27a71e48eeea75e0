//! Spreadsheets (.xlsx and .xls of Excel, .ods of LibreOffice): one sheet is a table, every row with a text a
//! document.

mod ods;
mod xls;
mod xlsx;

use std::ops::RangeInclusive;
use std::sync::Arc;

use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::document::Take;
use crate::read::document::package::Package;
use crate::read::error::{ReadError, Trouble};
use crate::read::table::{self, CellRow};
use crate::terminal::terminal_safe;

pub(super) use xls::{extract as extract_xls, read as read_xls};

/// Most cells of a sheet, with the empty ones between others.
pub(super) const CELLS: usize = 20_000_000;

/// Most columns, as in Excel.
const COLUMNS: usize = 16_384;

/// The last row that may have anything in it, as in Excel.
pub(super) const ROWS: u64 = 1_048_576;

/// Most bytes of text of a sheet: a row that is repeated takes few bytes in a file.
const TEXT: usize = 1 << 30;

/// The rows of a sheet that are not empty.
#[derive(Debug, Default)]
struct Rows {
    /// The numbers of rows that stand one after the other and have the same cells.
    rows: Vec<(RangeInclusive<u64>, Vec<String>)>,
    cells: usize,
    /// Bytes of their text.
    text: usize,
}

impl Rows {
    /// Adds a row without the empty cells at its end, as often as it stands there.
    fn push(&mut self, number: u64, times: u64, mut cells: Vec<String>) -> Result<(), ReadError> {
        while cells.pop_if(|cell| cell.is_empty()).is_some() {}
        if cells.is_empty() || times == 0 {
            return Ok(());
        }
        let last = number.saturating_add(times - 1);
        let text: usize = cells.iter().map(String::len).sum();
        let repeats = usize::try_from(times).unwrap_or(usize::MAX);
        self.cells = self.cells.saturating_add(cells.len().saturating_mul(repeats));
        self.text = self.text.saturating_add(text.saturating_mul(repeats));
        let too_much = [
            (last > ROWS, "1,048,576 rows"),
            (self.cells > CELLS, "20 million cells"),
            (self.text > TEXT, "1 GiB of text"),
        ];
        if let Some((_, most)) = too_much.iter().find(|(is_so, _)| *is_so) {
            let message = format!("this sheet has more than {most}, the most that is read");
            return Err(ReadError::general(message).with_hint("save it as CSV"));
        }
        self.rows.push((number..=last, cells));
        Ok(())
    }

    /// Each row by itself.
    fn into_cell_rows(self) -> impl Iterator<Item = CellRow> {
        self.rows.into_iter().flat_map(|(numbers, cells)| numbers.map(move |number| (number, cells.clone())))
    }
}

/// Puts a value into a column of a row.
fn put(row: &mut Vec<String>, column: usize, value: String) -> Result<(), ReadError> {
    if column >= COLUMNS {
        return Err(ReadError::general("this sheet has more than 16,384 columns, the most that are read"));
    }
    if !value.is_empty() {
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = value;
    }
    Ok(())
}

/// Reads the sheet that is asked for by name or number, else the first with anything in it.
pub(super) fn read(
    name: &Arc<str>,
    package: &mut Package<'_>,
    is_ods: bool,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let names = if is_ods { ods::sheets(package)? } else { xlsx::sheets(package)? };
    let mut read_sheet =
        |index: usize| if is_ods { ods::rows(package, index) } else { xlsx::rows(package, &names, index) };
    let (index, rows) = match &options.sheet {
        Some(wanted) => {
            let index = sheet(&names, wanted)?;
            (index, read_sheet(index)?)
        }
        None => {
            let mut index = 0;
            let mut rows = Rows::default();
            while rows.rows.is_empty() && index < names.len() {
                rows = read_sheet(index)?;
                index += 1;
            }
            (index.saturating_sub(1), rows)
        }
    };
    documents(name, &names, index, rows.into_cell_rows().map(Ok), options, take)
}

/// Takes the documents of the rows of a sheet, with what is to be said about the others.
fn documents(
    name: &Arc<str>,
    sheets: &[String],
    index: usize,
    rows: impl Iterator<Item = Result<CellRow, ReadError>>,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let mut diagnostics = table::from_rows(name, rows, &|_| None, options, take).map_err(failed)?;
    if options.sheet.is_none() && sheets.len() > 1 {
        let others: Vec<&str> =
            (0..).zip(sheets).filter(|(i, _)| *i != index).map(|(_, other)| other.as_str()).collect();
        let message = format!(
            "{}: the sheet \"{}\" is read, and not {}",
            terminal_safe(name),
            terminal_safe(sheets.get(index).map_or("", String::as_str)),
            terminal_safe(&others.join(", "))
        );
        let diagnostic = Diagnostic::new("sheet-chosen", message);
        diagnostics.push(diagnostic.with_hint("--sheet names another one"));
    }
    Ok(diagnostics)
}

/// What went wrong with rows, whose cells are text.
pub(super) fn failed(trouble: Trouble) -> ReadError {
    match trouble {
        Trouble::Failed(error) => error,
        Trouble::NotUtf8 { .. } => ReadError::general("this table is broken"),
    }
}

/// The index of a sheet by its name, else by its number from 1.
fn sheet(names: &[String], wanted: &str) -> Result<usize, ReadError> {
    let by_name = names.iter().position(|name| name == wanted);
    let number = wanted.parse::<usize>().ok().filter(|number| (1..=names.len()).contains(number));
    by_name.or(number.map(|number| number - 1)).ok_or_else(|| {
        let message = format!("there is no sheet \"{wanted}\"; the sheets are: {}", names.join(", "));
        ReadError::general(message).with_hint("name one of these (--sheet)")
    })
}

/// A number as people write it: without `.0`.
pub(super) fn number(value: f64) -> String {
    value.to_string()
}

/// A number of days since the end of 1899 as date and time (ISO 8601), or as a number where it is no
/// date of the years up to 9999.
pub(super) fn date(days: f64) -> String {
    const LAST: f64 = 2_958_466.0;
    const SECONDS: i64 = 86_400;
    if !(0.0..LAST).contains(&days) {
        return number(days);
    }
    let seconds = (days * SECONDS as f64).round() as i64;
    let (day, second) = (seconds / SECONDS, seconds % SECONDS);
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if day == 0 {
        return time;
    }
    // Days to a date after Howard Hinnant, with years that begin in March. Excel counts from 30 December
    // 1899, for it takes 1900 for a leap year.
    let shifted = day + 719_468 - 25_569;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{:02}", of_year - (153 * month_from_march + 2) / 5 + 1);
    if second == 0 { date } else { format!("{date}T{time}") }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::read::document::package::tests::zip;

    /// The cells of a small workbook: strings of all kinds, numbers, dates, and an empty first sheet.
    pub(in crate::read) fn xlsx() -> Vec<u8> {
        zip(&[
            (
                "xl/workbook.xml",
                br#"<workbook xmlns:r="r"><sheets><sheet name="Empty" sheetId="1" r:id="rId1"/><sheet name="Answers &amp; more" sheetId="7" r:id="rId2"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#,
            ),
            ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData/></worksheet>"),
            (
                "xl/sharedStrings.xml",
                "<sst count=\"9\" uniqueCount=\"99999999999999\"><si><t>id</t></si><si><t>text</t></si>\
                 <si><r><t>The bus </t></r><r><t>is l\u{e4}te.</t></r><rPh><t>no</t></rPh></si></sst>"
                    .as_bytes(),
            ),
            (
                "xl/styles.xml",
                br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0 &quot;days&quot;"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="165"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs></styleSheet>"#,
            ),
            (
                "xl/worksheets/sheet2.xml",
                br#"<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>when</t></is></c><c r="E2" t="str"><v>n</v></c></row>
                <row r="3"><c r="A3"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="e"><v>#N/A</v></c><c r="D3" s="1"><v>45000</v></c><c r="E3" s="2"><v>1.5</v></c></row>
                <row r="5"><c r="A5"><v>2.0</v></c><c t="inlineStr"><is><t>line</t><t> two</t></is></c><c r="D5" s="3"><v>45000.75</v></c><c r="E5" t="b"><v>1</v></c></row></sheetData></worksheet>"#,
            ),
        ])
    }

    pub(in crate::read) fn ods() -> Vec<u8> {
        zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            (
                "content.xml",
                r#"<o:document-content><o:body><o:spreadsheet><table:table table:name="Empty"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
                <table:table table:name="Answers &amp; more"><table:table-row/><table:table-row><table:table-cell o:value-type="string"><text:p>id</text:p></table:table-cell><table:table-cell><text:p>text</text:p></table:table-cell><table:table-cell/><table:table-cell><text:p>when</text:p></table:table-cell><table:table-cell><text:p>n</text:p></table:table-cell></table:table-row>
                <table:table-row><table:table-cell o:value-type="float" o:value="1"><text:p>1.00</text:p></table:table-cell><table:table-cell o:value-type="string"><o:annotation><text:p>note</text:p></o:annotation><text:p>The bus <text:span>is läte.</text:span></text:p></table:table-cell><table:covered-table-cell/><table:table-cell o:value-type="date" o:date-value="2023-03-15"><text:p>15/3</text:p></table:table-cell><table:table-cell o:value-type="float" o:value="1.5"/></table:table-row>
                <table:table-row table:number-rows-repeated="1"/><table:table-row table:number-rows-repeated="2"><table:table-cell o:value-type="float" o:value="2"/><table:table-cell><text:p>line</text:p><text:p>two<text:s text:c="4000000000"/></text:p></table:table-cell><table:table-cell/><table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell><table:table-cell table:number-columns-repeated="99999999999"/></table:table-row></table:table></o:spreadsheet></o:body></o:document-content>"#
                    .as_bytes(),
            ),
        ])
    }

    /// Documents as `name:line attributes text`.
    fn shown(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Vec<String>, ReadError> {
        let options = ReadOptions { sheet: sheet.map(str::to_owned), ..ReadOptions::default() };
        let is_ods = bytes.windows(8).any(|window| window == b"mimetype");
        let mut source = Cursor::new(bytes);
        let mut documents = Vec::new();
        let take = &mut |document, _| {
            documents.push(document);
            Ok(())
        };
        read(&"a".into(), &mut Package::open(&mut source)?, is_ods, &options, take)?;
        let line = |document: &themeweave::Document| {
            let attributes: Vec<&str> =
                document.attributes.iter().map(|found| found.value.as_str()).collect();
            format!("{}:{} {} {}", document.name, document.first_line, attributes.join(","), document.text)
        };
        Ok(documents.iter().map(line).collect())
    }

    #[test]
    fn a_workbook_of_excel() {
        let expected =
            ["1:3 ,2023-03-15,1.5 The bus is l\u{e4}te.", "2:5 ,2023-03-15T18:00:00,true line two"];
        assert_eq!(shown(xlsx(), None).unwrap(), expected);
        assert_eq!(shown(xlsx(), Some("2")).unwrap(), expected);
        assert_eq!(shown(xlsx(), Some("Answers & more")).unwrap(), expected);
        assert_eq!(shown(xlsx(), Some("1")).unwrap(), [""; 0]);
        assert!(shown(xlsx(), Some("3")).unwrap_err().to_string().contains("Empty, Answers & more"));
    }

    #[test]
    fn a_spreadsheet_of_libreoffice() {
        assert_eq!(
            shown(ods(), None).unwrap(),
            ["1:3 ,2023-03-15,1.5 The bus is l\u{e4}te.", "2:5 ,x,x line\ntwo", "2#4:6 ,x,x line\ntwo"]
                .map(|line| line.replace("2#4", "2#3"))
        );
    }

    #[test]
    fn dates() {
        for (days, expected) in [
            (1.0, "1899-12-31"),
            (61.0, "1900-03-01"),
            (36_585.0, "2000-02-29"),
            (45_000.5, "2023-03-15T12:00:00"),
            (0.25, "06:00:00"),
            (2_958_465.0, "9999-12-31"),
            (-1.0, "-1"),
            (1e12, "1000000000000"),
        ] {
            assert_eq!(date(days), expected, "{days}");
        }
    }

    #[test]
    fn sheets_that_would_grow_without_end_are_refused() {
        let row = r#"<row><c r="XFD1"><v>1</v></c></row>"#.repeat(CELLS / COLUMNS + 1);
        let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
        let parts: [(&str, &[u8]); 3] = [
            ("xl/workbook.xml", b"<workbook><sheets><sheet name='a' id='1'/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", b"<r><Relationship Id='1' Target='s.xml'/></r>"),
            ("xl/s.xml", sheet.as_bytes()),
        ];
        let error = shown(zip(&parts), None).unwrap_err().to_string();
        assert!(error.contains("20 million cells"), "{error}");
        let far = b"<worksheet><sheetData><row><c r='XFE1'><v>1</v></c></row></sheetData></worksheet>";
        let error = shown(zip(&[parts[0], parts[1], ("xl/s.xml", far)]), None).unwrap_err().to_string();
        assert!(error.contains("16,384 columns"), "{error}");
    }

    #[test]
    fn rows_that_are_repeated_without_end_are_refused() {
        let error = |text: &str, times: u64| {
            let content = format!(
                "<d><table:table table:name='a'><table:table-row table:number-rows-repeated='{times}'>\
                <table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row></table:table></d>"
            );
            let mimetype: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
            let parts = [("mimetype", mimetype), ("content.xml", content.as_bytes())];
            shown(zip(&parts), None).unwrap_err().to_string()
        };
        let found = error("x", 5_640_552);
        assert!(found.contains("1,048,576 rows"), "{found}");
        let found = error(&"x".repeat(1 << 20), 1_000_000);
        assert!(found.contains("1 GiB of text"), "{found}");
    }
}
