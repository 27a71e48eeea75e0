//! Spreadsheets of LibreOffice and others (OpenDocument 1.0 to 1.3).

use std::io::BufRead;

use crate::read::document::package::Package;
use crate::read::document::spreadsheet::{COLUMNS, Rows, number, put};
use crate::read::document::xml::{Element, Node, Xml};
use crate::read::error::ReadError;

const PART: &str = "content.xml";

/// Most blanks in a row. A file can ask for four billion.
const BLANKS: usize = 100;

/// The names of the sheets, in their order.
pub(super) fn sheets(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    let Some(part) = package.open_part(PART)? else { return Ok(names) };
    let mut xml = Xml::new(part, PART);
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "table" => {
                names.push(element.attribute("name").unwrap_or_default());
                xml.skip()?;
            }
            Node::EndOfFile => return Ok(names),
            _ => {}
        }
    }
}

/// The rows of a sheet.
pub(super) fn rows(package: &mut Package<'_>, index: usize) -> Result<Rows, ReadError> {
    let mut rows = Rows::default();
    let Some(part) = package.open_part(PART)? else { return Ok(rows) };
    let mut xml = Xml::new(part, PART);
    let mut tables = 0;
    let mut number = 0_u64;
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "table" => {
                tables += 1;
                if tables <= index {
                    xml.skip()?;
                }
            }
            Node::Start(element) if element.name() == "table-row" => {
                let times = repeated(&element, "number-rows-repeated");
                let cells = row(&mut xml)?;
                rows.push(number.saturating_add(1), times, cells)?;
                number = number.saturating_add(times);
            }
            Node::End(name) if name == "table" && tables == index + 1 => return Ok(rows),
            Node::EndOfFile => return Ok(rows),
            _ => {}
        }
    }
}

/// The cells of the row that began last.
fn row(xml: &mut Xml<impl BufRead>) -> Result<Vec<String>, ReadError> {
    let mut cells = Vec::new();
    let mut column = 0_usize;
    loop {
        match xml.next()? {
            Node::Start(element) if matches!(element.name(), "table-cell" | "covered-table-cell") => {
                let times = usize::try_from(repeated(&element, "number-columns-repeated")).unwrap_or(COLUMNS);
                let given = value(&element);
                let shown = text(xml)?;
                let value = given.unwrap_or(shown);
                if !value.is_empty() {
                    for column in column..column.saturating_add(times.min(COLUMNS)) {
                        put(&mut cells, column, value.clone())?;
                    }
                }
                column = column.saturating_add(times);
            }
            Node::End(name) if name == "table-row" => return Ok(cells),
            Node::EndOfFile => return Ok(cells),
            _ => {}
        }
    }
}

/// How often a row or cell stands there.
fn repeated(element: &Element<'_>, attribute: &str) -> u64 {
    element.attribute(attribute).and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// The value of a cell, where it is not its text.
fn value(element: &Element<'_>) -> Option<String> {
    let attribute = match element.attribute("value-type")?.as_str() {
        "float" | "percentage" | "currency" => {
            return element.attribute("value").map(|value| value.parse::<f64>().map_or(value, number));
        }
        "date" => "date-value",
        "time" => "time-value",
        "boolean" => "boolean-value",
        _ => "string-value",
    };
    element.attribute(attribute)
}

/// The text of the cell that began last, one paragraph a line and without comments.
fn text(xml: &mut Xml<impl BufRead>) -> Result<String, ReadError> {
    let mut text = String::new();
    let mut depth = 1;
    let mut paragraphs = 0;
    while depth > 0 {
        match xml.next()? {
            Node::Start(element) => {
                match element.name() {
                    "annotation" => {
                        xml.skip()?;
                        continue;
                    }
                    "p" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "s" => {
                        let blanks = repeated(&element, "c").min(BLANKS as u64);
                        text.extend((0..blanks).map(|_| ' '));
                    }
                    "tab" => text.push('\t'),
                    "line-break" => text.push('\n'),
                    _ => {}
                }
                depth += 1;
            }
            Node::End(_) => depth -= 1,
            Node::Text(words) if paragraphs > 0 => text.push_str(&words),
            Node::EndOfFile => break,
            _ => {}
        }
    }
    Ok(text.trim_end().to_owned())
}
