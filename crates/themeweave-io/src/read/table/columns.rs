//! Which column of a table holds what.

mod content;

use std::cmp::Reverse;
use std::sync::Arc;

use csv::ByteRecord;
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;
use content::Content;

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

/// Names of columns that may say who speaks, the most telling first.
const MAYBE_SPEAKER: [&str; 8] =
    ["interviewee", "respondent", "author", "sender", "person", "username", "user", "who"];

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
    /// Finds the columns by the options, else by their names and what `sample` holds. Says what it took by
    /// itself.
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
        let contents: Vec<Content> = (0..names.len()).map(|column| Content::of(column, sample)).collect();
        let mut guess = Guess { file, names, contents: &contents, diagnostics: Vec::new() };
        let id = asked(&options.id_column, "--id-column")?.or_else(|| find(names, "id"));
        let text = match asked(&options.text_column, "--text-column")? {
            Some(text) => text,
            None => guess.text(id),
        };
        let is_free = |column: usize| column != text && Some(column) != id;
        let speaker = match asked(&options.speaker_column, "--speaker-column")? {
            None => guess.speaker(is_free),
            asked => asked,
        };
        let mut groups = Vec::new();
        for group in &options.group_columns {
            groups.extend(asked(&Some(group.clone()), "--group-column")?);
        }
        let date = asked(&options.date_column, "--date-column")?;
        let is_other = |column: usize| is_free(column) && Some(column) != speaker;
        guess.groups_and_dates(is_other, options);
        guess.check_date(date);
        let attributes = (0..names.len())
            .filter(|&column| is_other(column) || groups.contains(&column) || date == Some(column))
            .map(|i| match names[i].as_str() {
                "" => (i, format!("column {}", i + 1).into()),
                name => (i, name.into()),
            })
            .collect();
        Ok((Self { text, id, speaker, attributes, count: names.len() }, guess.diagnostics))
    }
}

/// What is told by names and content, and what is to be said about it.
struct Guess<'g> {
    file: &'g str,
    names: &'g [String],
    contents: &'g [Content],
    diagnostics: Vec<Diagnostic>,
}

impl Guess<'_> {
    fn shown(&self, column: usize) -> String {
        format!("\"{}\"", terminal_safe(self.names.get(column).map_or("", String::as_str)))
    }

    fn say(&mut self, code: &'static str, message: &str, hint: &str) {
        let message = format!("{}: {message}", terminal_safe(self.file));
        self.diagnostics.push(Diagnostic::new(code, message).with_hint(hint));
    }

    /// The column with the name of a text column, else the one with the longest and most varied text. A
    /// column that is called `answer` and holds nothing but yes and no is passed over for one with text.
    fn text(&mut self, id: Option<usize>) -> usize {
        let words = |column: usize| self.contents.get(column).map_or(0, |content| content.words);
        let named = find_any(self.names, &TEXT);
        let wordiest = (0..self.names.len())
            .filter(|&column| Some(column) != id)
            .min_by_key(|&column| (Reverse(words(column)), column))
            .unwrap_or(0);
        let is_text = |column: usize| {
            words(column) >= words(wordiest)
                || !self.contents[column].is_hardly_text()
                || self.contents[wordiest].is_hardly_text()
        };
        let guessed = self.shown(wordiest);
        let message = match named {
            Some(column) if is_text(column) => return column,
            Some(column) => {
                let named = self.shown(column);
                format!("{named} holds no varied text; {guessed} does and is taken as the text")
            }
            None => {
                format!("no column is named text; {guessed} has the most words and is taken as the text")
            }
        };
        let hint = "name the text column (--text-column) if this is another one";
        self.say("text-column-guessed", &message, hint);
        wordiest
    }

    /// The column that names who speaks, by a name that says so, or by one that may where its values are
    /// short and come again.
    fn speaker(&mut self, is_free: impl Fn(usize) -> bool) -> Option<usize> {
        let may_be = |&column: &usize| is_free(column) && self.contents[column].may_be_names;
        let found = find_any(self.names, &SPEAKER)
            .filter(|&column| is_free(column))
            .or_else(|| MAYBE_SPEAKER.iter().filter_map(|name| find(self.names, name)).find(may_be))?;
        let message = format!("the column {} is taken as who speaks", self.shown(found));
        self.say("speaker-column-found", &message, "name another one with --speaker-column");
        Some(found)
    }

    /// Tells by which columns themes are counted, where that is told by content.
    fn groups_and_dates(&mut self, is_other: impl Fn(usize) -> bool, options: &ReadOptions) {
        let of_kind = |fits: &dyn Fn(usize) -> bool| -> Vec<String> {
            (0..self.names.len()).filter(|&i| is_other(i) && fits(i)).map(|i| self.shown(i)).collect()
        };
        let may_be_dates = |i: usize| self.contents[i].are_dates && options.may_be_dates(&self.names[i]);
        let dates = of_kind(&|i| may_be_dates(i) && options.date_column.is_none());
        let groups =
            of_kind(&|i| self.contents[i].are_groups && !may_be_dates(i) && options.group_columns.is_empty());
        let message = match (listed(&groups), listed(&dates)) {
            (None, None) => return,
            (Some(groups), None) => format!("the report counts themes by {groups}"),
            (None, Some(dates)) => format!("the report counts themes over time by {dates}"),
            (Some(groups), Some(dates)) => {
                format!("the report counts themes by {groups}, and over time by {dates}")
            }
        };
        self.say("group-columns-found", &message, "name others with --group-column and --date-column");
    }

    /// Says when the column of dates that was asked for has none that can be told.
    fn check_date(&mut self, asked: Option<usize>) {
        let Some(column) = asked.filter(|&column| !self.contents[column].are_dates) else { return };
        let message =
            format!("the first values of {} are not all dates that can be told", self.shown(column));
        self.say("dates-not-told", &message, "write them as 2025-03-04");
    }
}

/// Names of columns in a sentence; `None` for none.
fn listed(names: &[String]) -> Option<String> {
    const LISTED: usize = 5;
    let shown = names.get(..LISTED).unwrap_or(names).join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => (!names.is_empty()).then_some(shown),
        more => Some(format!("{shown} and {more} more")),
    }
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
    fn the_column_with_the_most_words_is_guessed() {
        let rows = ["a-very-long-identifier-of-a-row,https://x.org/a/b/c/d/e/f,rather long an answer"];
        let (columns, codes) = choose("id,a,b", &rows, &ReadOptions::default()).unwrap();
        assert_eq!((roles(&columns), codes), ((2, Some(0), None), vec!["text-column-guessed"]));
        assert_eq!(choose("id", &["x"], &ReadOptions::default()).unwrap().0.text, 0);
        assert_eq!(choose("a,b", &[], &ReadOptions::default()).unwrap().0.text, 0);
    }

    /// Twelve rows of these cells in turn.
    fn repeated(header: &str, columns: &[&[&str]], options: &ReadOptions) -> (Columns, Vec<String>) {
        let row = |i: usize| -> Vec<String> {
            columns.iter().map(|cells| cells[i % cells.len()].replace('#', &i.to_string())).collect()
        };
        let sample: Vec<_> = (0..12).map(|i| (ByteRecord::from(row(i)), 2)).collect();
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let (columns, diagnostics) = Columns::choose("t.csv", &names, &sample, options).unwrap();
        (columns, diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect())
    }

    #[test]
    fn content_tells_text_speakers_groups_and_dates() {
        let none = ReadOptions::default();
        let speech: &[&str] = &["the bus is late on day #", "nobody # comes"];
        let (columns, said) = repeated(
            "answer,why,respondent,site,when,page",
            &[
                &["yes", "no"],
                speech,
                &["P1", "P2"],
                &["north", "south"],
                &["13/03/2025"],
                &["https://x.org/#"],
            ],
            &none,
        );
        assert_eq!(roles(&columns), (1, None, Some(2)));
        assert_eq!(
            said,
            [
                "t.csv: \"answer\" holds no varied text; \"why\" does and is taken as the text",
                "t.csv: the column \"respondent\" is taken as who speaks",
                "t.csv: the report counts themes by \"answer\", \"site\", and over time by \"when\"",
            ]
        );
        // Who is named once each is no speaker of several notes; one answer in a word is still an answer.
        let (columns, said) = repeated("answer,author", &[&["money #"], &["Ann #"]], &none);
        assert_eq!((roles(&columns), said.len()), ((0, None, None), 0));
        // Where no column has text, the name decides.
        let (columns, _) = repeated("label,answer", &[&["good # one", "bad # one"], &["1", "2"]], &none);
        assert_eq!(columns.text, 0);
        let (columns, _) = repeated("label,answer", &[&["rather good", "bad"], &["1", "2"]], &none);
        assert_eq!(columns.text, 1);
    }

    #[test]
    fn groups_and_dates_may_be_asked_for() {
        let cells: [&[&str]; 3] = [&["the bus # is late"], &["a", "b"], &["03/04/2025"]];
        let options = ReadOptions {
            group_columns: vec!["Site".into()],
            date_column: Some("when".into()),
            ..ReadOptions::default()
        };
        let said = repeated("text,site,when", &cells, &options).1;
        assert_eq!(said, ["t.csv: the first values of \"when\" are not all dates that can be told"]);
        let missing = ReadOptions { group_columns: vec!["town".into()], ..ReadOptions::default() };
        let error = choose("id,text", &[], &missing).unwrap_err().to_string();
        assert!(error.contains("\"town\"") && error.contains("--group-column"), "{error}");
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
