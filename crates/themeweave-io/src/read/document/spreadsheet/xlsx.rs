//! Workbooks of Excel (Office Open XML, ECMA-376).

use std::collections::HashMap;
use std::io::BufRead;

use crate::read::document::package::Package;
use crate::read::document::spreadsheet::{COLUMNS, Rows, date, number, put};
use crate::read::document::xml::{Element, Node, Xml};
use crate::read::error::ReadError;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// Days between the beginnings of the two calendars of Excel.
const DAYS_TO_1904: f64 = 1462.0;

/// The names of the sheets, in their order.
pub(super) fn sheets(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    Ok(workbook(package)?.sheets.into_iter().map(|(name, _)| name).collect())
}

/// The rows of a sheet.
pub(super) fn rows(package: &mut Package<'_>, names: &[String], index: usize) -> Result<Rows, ReadError> {
    let book = workbook(package)?;
    let missing = || {
        let name = names.get(index).map_or("", String::as_str);
        ReadError::general(format!("the sheet \"{name}\" is not in the file")).with_hint("save it anew")
    };
    let relation = book.sheets.get(index).map(|(_, relation)| relation).ok_or_else(missing)?;
    let path = relations(package)?.remove(relation).ok_or_else(missing)?;
    let path = match path.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{path}"),
    };
    let values = Values { strings: strings(package)?, dates: dates(package)?, begins_1904: book.begins_1904 };
    let Some(part) = package.open_part(&path)? else { return Err(missing()) };
    let mut xml = Xml::new(part, &path);
    let mut rows = Rows::default();
    let mut row: Vec<String> = Vec::new();
    let mut row_number = 0_u64;
    let mut column = 0;
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "row" => {
                    let given = element.attribute("r").and_then(|number| number.parse().ok());
                    row_number = given.unwrap_or(row_number.saturating_add(1));
                    column = 0;
                }
                "c" => {
                    let given = element.attribute("r").and_then(|place| place_column(&place));
                    column = given.unwrap_or(column);
                    let cell = Cell::new(&element);
                    let value = values.text(&cell, &cell_text(&mut xml)?);
                    put(&mut row, column, value)?;
                    column += 1;
                }
                _ => {}
            },
            Node::End(name) if name == "row" => rows.push(row_number, 1, std::mem::take(&mut row))?,
            Node::EndOfFile => return Ok(rows),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Workbook {
    /// Names and relations.
    sheets: Vec<(String, String)>,
    begins_1904: bool,
}

fn workbook(package: &mut Package<'_>) -> Result<Workbook, ReadError> {
    let mut book = Workbook::default();
    for_each(package, WORKBOOK, |_, element| {
        match element.name() {
            "sheet" => {
                let name = element.attribute("name").unwrap_or_default();
                book.sheets.push((name, element.attribute("id").unwrap_or_default()));
            }
            "workbookPr" => {
                book.begins_1904 = element.attribute("date1904").is_some_and(|value| is_true(&value));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(book)
}

fn relations(package: &mut Package<'_>) -> Result<HashMap<String, String>, ReadError> {
    let mut relations = HashMap::new();
    for_each(package, RELATIONS, |_, element| {
        if let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target")) {
            relations.insert(id, target);
        }
        Ok(())
    })?;
    Ok(relations)
}

/// The texts that cells share.
fn strings(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    const PART: &str = "xl/sharedStrings.xml";
    let mut strings = Vec::new();
    let Some(part) = package.open_part(PART)? else { return Ok(strings) };
    let mut xml = Xml::new(part, PART);
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "si" => strings.push(cell_text(&mut xml)?),
            Node::EndOfFile => return Ok(strings),
            _ => {}
        }
    }
}

/// For each style of cells, whether it shows numbers as dates.
fn dates(package: &mut Package<'_>) -> Result<Vec<bool>, ReadError> {
    let mut formats: HashMap<u32, bool> = HashMap::new();
    let mut styles = Vec::new();
    let mut are_of_cells = false;
    for_each(package, "xl/styles.xml", |_, element| {
        let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
        match (element.name(), id) {
            ("numFmt", Some(id)) => {
                formats.insert(id, is_date(&element.attribute("formatCode").unwrap_or_default()));
            }
            ("cellXfs", _) => are_of_cells = true,
            ("cellStyles" | "dxfs", _) => are_of_cells = false,
            ("xf", id) if are_of_cells => {
                let id = id.unwrap_or(0);
                let is_known = matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58);
                styles.push(formats.get(&id).copied().unwrap_or(is_known));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(styles)
}

/// Whether a format code shows a date or a time: it has a letter of one outside quotes and brackets.
fn is_date(code: &str) -> bool {
    let mut closing = None;
    let mut is_escaped = false;
    code.chars().any(|c| {
        if std::mem::take(&mut is_escaped) {
            return false;
        }
        match (closing, c) {
            (Some(end), _) => {
                if c == end {
                    closing = None;
                }
            }
            (None, '"') => closing = Some('"'),
            (None, '[') => closing = Some(']'),
            (None, '\\' | '_' | '*') => is_escaped = true,
            (None, _) => return matches!(c, 'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S'),
        }
        false
    }) && !code.eq_ignore_ascii_case("general")
}

/// Calls `take` for every element of a part, if there is one.
fn for_each(
    package: &mut Package<'_>,
    part: &str,
    mut take: impl FnMut(&str, &Element<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let Some(source) = package.open_part(part)? else { return Ok(()) };
    let mut xml = Xml::new(source, part);
    loop {
        match xml.next()? {
            Node::Start(element) => take(part, &element)?,
            Node::EndOfFile => return Ok(()),
            _ => {}
        }
    }
}

/// The text of the element that began last, without how it is pronounced.
fn cell_text(xml: &mut Xml<impl BufRead>) -> Result<String, ReadError> {
    let mut text = String::new();
    let mut depth = 1;
    let mut is_text = false;
    while depth > 0 {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "rPh" | "f" => xml.skip()?,
                name => {
                    is_text = matches!(name, "t" | "v");
                    depth += 1;
                }
            },
            Node::End(_) => {
                depth -= 1;
                is_text = false;
            }
            Node::Text(words) if is_text => text.push_str(&words),
            Node::EndOfFile => break,
            _ => {}
        }
    }
    Ok(text)
}

/// What a cell says about its value.
struct Cell {
    kind: String,
    style: usize,
}

impl Cell {
    fn new(element: &Element<'_>) -> Self {
        let style = element.attribute("s").and_then(|style| style.parse().ok()).unwrap_or(0);
        Self { kind: element.attribute("t").unwrap_or_default(), style }
    }
}

/// What the values of cells mean.
struct Values {
    strings: Vec<String>,
    dates: Vec<bool>,
    begins_1904: bool,
}

impl Values {
    /// The text of a cell with this value; an error of a formula is no text.
    fn text(&self, cell: &Cell, value: &str) -> String {
        match cell.kind.as_str() {
            "s" => value.trim().parse().ok().and_then(|index: usize| self.strings.get(index).cloned()),
            "b" => Some(is_true(value).to_string()),
            "e" => None,
            "inlineStr" | "str" | "d" => Some(value.to_owned()),
            _ => Some(match value.trim().parse::<f64>() {
                Ok(days) if self.dates.get(cell.style) == Some(&true) => {
                    date(if self.begins_1904 { days + DAYS_TO_1904 } else { days })
                }
                Ok(value) if value.is_finite() => number(value),
                _ => value.to_owned(),
            }),
        }
        .unwrap_or_default()
    }
}

fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true")
}

/// The index of the column of a place such as `BC12`; beyond the last one for what is further off.
fn place_column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0_usize, |number, letter| {
        number.saturating_mul(26).saturating_add((letter.to_ascii_uppercase() - b'A') as usize + 1)
    });
    number.checked_sub(1).map(|column| column.min(COLUMNS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_letters() {
        for (place, column) in
            [("A1", Some(0)), ("Z9", Some(25)), ("AA1", Some(26)), ("XFD1", Some(16_383)), ("1", None)]
        {
            assert_eq!(place_column(place), column, "{place}");
        }
        assert_eq!(place_column(&"Z".repeat(99)), Some(COLUMNS));
    }

    #[test]
    fn formats_of_dates() {
        for (code, expected) in [
            ("dd/mm/yyyy", true),
            ("[h]:mm", true),
            ("General", false),
            ("0.00 \"days\"", false),
            ("[Red]0", false),
            ("0\\d", false),
        ] {
            assert_eq!(is_date(code), expected, "{code}");
        }
    }
}
