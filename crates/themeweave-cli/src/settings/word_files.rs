//! Lists of words, and tables of words and what replaces them.

use std::path::Path;

use csv::StringRecord;
use themeweave_io::TextEncoding;

use crate::text_file;

/// The words of a list: one or several a line, parted by white space. `#` begins a comment.
pub(super) fn words(path: &Path, encoding: Option<TextEncoding>) -> Result<Vec<String>, String> {
    let text = text_file::read(path, encoding)?;
    let content = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    Ok(content.flat_map(str::split_whitespace).map(str::to_owned).collect())
}

/// Labels and what replaces them; an empty replacement drops the term. The columns are called as
/// VOSviewer calls them.
pub(super) fn synonyms(path: &Path, encoding: Option<TextEncoding>) -> Result<Vec<(String, String)>, String> {
    pairs(path, encoding, ["label", "replace by"])
}

/// Names of people and what stands for them.
pub(super) fn pseudonyms(
    path: &Path,
    encoding: Option<TextEncoding>,
) -> Result<Vec<(String, String)>, String> {
    pairs(path, encoding, ["name", "replacement"])
}

/// The cells of two columns. Commas, semicolons or tabs part the columns, whatever the header shows.
fn pairs(
    path: &Path,
    encoding: Option<TextEncoding>,
    columns: [&str; 2],
) -> Result<Vec<(String, String)>, String> {
    let text = text_file::read(path, encoding)?;
    let name = text_file::name(path);
    let table = |delimiter: u8| {
        csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
    };
    let header = |delimiter: &u8| {
        let first = table(*delimiter).records().next().and_then(Result::ok).unwrap_or_default();
        let [label, replacement] = columns.map(|column| position(&first, column));
        Some((*delimiter, label?, replacement?))
    };
    let (delimiter, label, replacement) = b",;\t".iter().find_map(header).ok_or_else(|| {
        format!(
            "{name}, line 1: the columns “{}” and “{}” are not there; write them as the first line",
            columns[0], columns[1]
        )
    })?;

    let mut pairs = Vec::new();
    for row in table(delimiter).records().skip(1) {
        let row = row.map_err(|error| format!("{name}: {error}"))?;
        let start = row.position().map_or(0, |position| position.byte() as usize);
        let label = row.get(label).unwrap_or_default().trim();
        if label.is_empty() {
            return Err(format!("{name}, line {}: the {} is empty", line(&text, start), columns[0]));
        }
        pairs.push((label.to_owned(), row.get(replacement).unwrap_or_default().trim().to_owned()));
    }
    Ok(pairs)
}

/// The line of the row that begins at this byte or, after empty lines, behind it.
fn line(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    text.get(..start + empty).unwrap_or_default().matches('\n').count() + 1
}

fn position(header: &StringRecord, column: &str) -> Option<usize> {
    header.iter().position(|name| name.trim().eq_ignore_ascii_case(column))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn with_file<T>(text: &str, read: impl FnOnce(&Path) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_list_of_words() {
        let read = |text| with_file(text, |path| words(path, None).unwrap());
        assert_eq!(read("# mine\r\nbus, \tlate  # both\r\n\r\nNHS"), ["bus,", "late", "NHS"]);
        assert!(read("").is_empty());
    }

    #[test]
    fn a_table_of_synonyms() {
        let read = |text| with_file(text, |path| synonyms(path, None));
        let expected = [("buses".to_owned(), "bus".to_owned()), ("a, b".to_owned(), String::new())];
        for text in [
            "label,replace by\nbuses,bus\n\"a, b\",\n",
            "\u{feff}Label;Replace By\r\nbuses; bus\r\na, b\r\n",
            "x\treplace by\tLABEL\n\tbus\tbuses\n\n1\t\ta, b\n",
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
        assert_eq!(read("label,replace by\n").unwrap(), []);
        for (text, expected) in [
            ("", "line 1: the columns"),
            ("label\nbus\n", "line 1: the columns"),
            ("label,replace by\nbuses,bus\n\n ,x\n", "list.txt, line 4: the label is empty"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
