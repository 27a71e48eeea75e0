//! Which column of a table holds what.

use std::sync::Arc;

use csv::ByteRecord;
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;

/// Names of text columns, the most telling first.
const TEXT: [&str; 15] = [
    "text",
    "note",
    "notes",
    "comment",
    "comments",
    "answer",
    "response",
    "content",
    "body",
    "message",
    "utterance",
    "tweet",
    "statement",
    "answers",
    "responses",
];

/// Names of columns that say who speaks.
pub(in crate::read) const SPEAKER: [&str; 2] = ["speaker", "participant"];

/// Names that an error shows.
const SHOWN: usize = 20;

/// The columns of a table by what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) text: usize,
    pub(super) id: Option<usize>,
    pub(super) speaker: Option<usize>,
    /// All other columns, with their names.
    pub(super) attributes: Vec<(usize, Arc<str>)>,
    /// Number of columns of the header.
    pub(super) count: usize,
}

impl Columns {
    /// Finds the columns by the options, else by their names, and the text column, where neither
    /// tells, as the one with the most text in `sample`. Says what it took by itself.
    pub(super) fn choose(
        file: &str,
        names: &[String],
        sample: &[(ByteRecord, u64)],
        options: &ReadOptions,
    ) -> Result<(Self, Vec<Diagnostic>), ReadError> {
        let asked = |name: &Option<String>, option: &str| match name {
            Some(name) => {
                find(names, name).map(Some).ok_or_else(|| no_such_column(file, name, option, names))
            }
            None => Ok(None),
        };
        let mut diagnostics = Vec::new();
        let file_shown = terminal_safe(file);
        let id = asked(&options.id_column, "--id-column")?.or_else(|| find(names, "id"));
        let mut speaker = asked(&options.speaker_column, "--speaker-column")?;
        let text = match asked(&options.text_column, "--text-column")?.or_else(|| find_any(names, &TEXT)) {
            Some(text) => text,
            None => {
                let text = longest(names.len(), sample, id);
                let message = format!(
                    "{file_shown}: no column is named text; \"{}\" has the longest cells and is taken as the text",
                    terminal_safe(names.get(text).map_or("", String::as_str))
                );
                let hint = "name the text column (--text-column) if this is another one";
                diagnostics.push(Diagnostic::new("text-column-guessed", message).with_hint(hint));
                text
            }
        };
        if speaker.is_none()
            && let Some(found) = find_any(names, &SPEAKER)
            && found != text
            && Some(found) != id
        {
            let message = format!(
                "{file_shown}: the column \"{}\" is taken as who speaks",
                terminal_safe(&names[found])
            );
            diagnostics.push(Diagnostic::new("speaker-column-found", message));
            speaker = Some(found);
        }
        let others = (0..names.len()).filter(|&i| i != text && Some(i) != id && Some(i) != speaker);
        let attributes = others
            .map(|i| match names[i].as_str() {
                "" => (i, format!("column {}", i + 1).into()),
                name => (i, name.into()),
            })
            .collect();
        Ok((Self { text, id, speaker, attributes, count: names.len() }, diagnostics))
    }
}

/// Whether neither an option nor a name tells the text column.
pub(super) fn must_be_guessed(names: &[String], options: &ReadOptions) -> bool {
    options.text_column.is_none() && !name_a_text(names)
}

/// Whether one of the names is that of a text column.
pub(super) fn name_a_text(names: &[String]) -> bool {
    find_any(names, &TEXT).is_some()
}

fn find_any(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted.iter().find_map(|wanted| find(names, wanted))
}

/// The column of exactly this name, else of this name in other letter case.
fn find(names: &[String], wanted: &str) -> Option<usize> {
    let wanted = wanted.trim();
    let in_other_case = || names.iter().position(|name| name.to_lowercase() == wanted.to_lowercase());
    names.iter().position(|name| name == wanted).or_else(in_other_case)
}

/// The column with the most text in the sample; the first of equals, and the id only if there is
/// nothing else.
fn longest(count: usize, sample: &[(ByteRecord, u64)], id: Option<usize>) -> usize {
    let mut best = (0, None);
    for column in 0..count {
        let bytes: usize = sample.iter().filter_map(|(row, _)| row.get(column)).map(<[u8]>::len).sum();
        let score = (Some(column) != id).then_some(bytes);
        if score > best.1 {
            best = (column, score);
        }
    }
    best.0
}

fn no_such_column(file: &str, wanted: &str, option: &str, names: &[String]) -> ReadError {
    let mut list = names
        .iter()
        .take(SHOWN)
        .map(|name| name.chars().take(40).collect())
        .collect::<Vec<String>>()
        .join(", ");
    if names.len() > SHOWN {
        list.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    ReadError::in_file(file, format!("there is no column \"{wanted}\"; the columns are: {list}"))
        .with_hint(format!("name one of these ({option})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(
        header: &str,
        rows: &[&str],
        options: &ReadOptions,
    ) -> Result<(Columns, Vec<&'static str>), ReadError> {
        let cells = |row: &str| row.split(',').map(str::to_owned).collect::<Vec<_>>();
        let sample: Vec<_> = rows.iter().map(|row| (ByteRecord::from(cells(row)), 2)).collect();
        let (columns, diagnostics) = Columns::choose("t.csv", &cells(header), &sample, options)?;
        Ok((columns, diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect()))
    }

    fn roles(columns: &Columns) -> (usize, Option<usize>, Option<usize>) {
        (columns.text, columns.id, columns.speaker)
    }

    #[test]
    fn names_tell() {
        let none = ReadOptions::default();
        for (header, expected, codes) in [
            ("id,text,label", (1, Some(0), None), &[][..]),
            ("Comment,Speaker,ID", (0, Some(2), Some(1)), &["speaker-column-found"]),
            ("body,TEXT,x", (1, None, None), &[]),
            ("participant,notes", (1, None, Some(0)), &["speaker-column-found"]),
            ("text", (0, None, None), &[]),
        ] {
            let (columns, found) = choose(header, &[], &none).unwrap();
            assert_eq!((roles(&columns), found.as_slice()), (expected, codes), "{header}");
        }
    }

    #[test]
    fn the_longest_column_is_guessed() {
        let rows = ["a-very-long-identifier-of-a-row,short,rather long an answer"];
        let (columns, codes) = choose("id,a,b", &rows, &ReadOptions::default()).unwrap();
        assert_eq!((roles(&columns), codes), ((2, Some(0), None), vec!["text-column-guessed"]));
        assert_eq!(choose("id", &["x"], &ReadOptions::default()).unwrap().0.text, 0);
        assert_eq!(choose("a,b", &[], &ReadOptions::default()).unwrap().0.text, 0);
    }

    #[test]
    fn options_come_first() {
        let options = ReadOptions {
            text_column: Some("b".into()),
            id_column: Some("TEXT".into()),
            speaker_column: Some("who".into()),
            ..ReadOptions::default()
        };
        let (columns, codes) = choose("text,B,who,,id", &[], &options).unwrap();
        assert_eq!((roles(&columns), codes), ((1, Some(0), Some(2)), vec![]));
        let attributes: Vec<_> = columns.attributes.iter().map(|(i, name)| (*i, &**name)).collect();
        assert_eq!(attributes, [(3, "column 4"), (4, "id")]);
        assert_eq!(columns.count, 5);
    }

    #[test]
    fn a_missing_column_is_an_error_that_lists_the_others() {
        let options = ReadOptions { text_column: Some("answer".into()), ..ReadOptions::default() };
        let error = choose("id,text", &[], &options).unwrap_err().to_string();
        assert!(
            error.contains("\"answer\"") && error.contains("id, text") && error.contains("--text-column"),
            "{error}"
        );
        let wide = vec!["x"; 100].join(",");
        assert!(choose(&wide, &[], &options).unwrap_err().to_string().contains("and 80 more"));
    }
}
