//! Corpora of IRaMuTeQ and Alceste: every `****` line begins a text and has its variables.
//!
//! `*age_30` is the variable `age` with the value `30`; the first `_` parts them, and `*age_` has no
//! value. Some programs write `*id=001`. A line `-*theme` stands above the part of a text about it.

use std::collections::HashSet;
use std::sync::Arc;

use themeweave::{Attribute, Block, BlockKind, Diagnostic, Document};

use crate::read::error::ReadError;
use crate::read::table::SPEAKER;
use crate::terminal::terminal_safe;
use crate::wording::{count, either, grouped};

/// Whether the first line with text begins a text of such a corpus.
pub(super) fn is_corpus(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| variables(line).is_some())
}

/// Every text with words in it is a document. It is named by its variable `id` where that differs in
/// all texts, else by its number.
pub(super) fn read(name: &Arc<str>, text: &str) -> Result<(Vec<Document>, Vec<Diagnostic>), ReadError> {
    let mut documents: Vec<Document> = Vec::new();
    let mut before = 0_usize;
    let mut first_before = 0;
    for (number, line) in (1_u32..).zip(text.lines()) {
        if let Some(variables) = variables(line) {
            documents.push(Document {
                source: Arc::clone(name),
                first_line: number.saturating_add(1),
                speaker: variables
                    .iter()
                    .find(|variable| {
                        SPEAKER.contains(&&*variable.name.to_lowercase()) && !variable.value.is_empty()
                    })
                    .map(|variable| variable.value.clone()),
                attributes: variables,
                ..Document::new((documents.len() + 1).to_string(), String::new())
            });
        } else if let Some(document) = documents.last_mut() {
            add_line(document, line);
        } else if !line.trim().is_empty() {
            before += 1;
            first_before = if before == 1 { number } else { first_before };
        }
    }
    if documents.is_empty() {
        let error = ReadError::in_file(&**name, "no line begins with **** and variables");
        return Err(error.with_hint("a text of IRaMuTeQ begins with a line such as **** *age_30 *site_north"));
    }
    name_by_id(&mut documents);
    let texts = documents.len();
    documents.retain(|document| document.blocks.iter().any(|block| block.kind == BlockKind::Paragraph));
    let shown = terminal_safe(name);
    let mut diagnostics = Vec::new();
    if before > 0 {
        let lines = count(before, "line");
        let message = format!("{shown}: {lines} before the first **** left out, from line {first_before}");
        diagnostics.push(Diagnostic::new("lines-without-text", message));
    }
    if documents.len() < texts {
        let empty = texts - documents.len();
        let are = either(empty, "is", "are");
        let message =
            format!("{shown}: {} of {} texts {are} empty and left out", grouped(empty), grouped(texts));
        diagnostics.push(Diagnostic::new("empty-texts", message));
    }
    Ok((documents, diagnostics))
}

/// The variables of a line that begins a text.
fn variables(line: &str) -> Option<Vec<Attribute>> {
    let rest = line.trim_start().strip_prefix("****")?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    rest.split_whitespace().map(variable).collect()
}

/// `*name_value`.
fn variable(word: &str) -> Option<Attribute> {
    let word = word.strip_prefix('*')?;
    let (name, value) = word.split_once(['_', '=']).unwrap_or((word, ""));
    (!name.is_empty()).then(|| Attribute { name: name.into(), value: value.to_owned() })
}

/// Adds a line to a text: a theme is a heading, lines without an empty one between are a paragraph.
fn add_line(document: &mut Document, line: &str) {
    let start = document.text.len();
    let goes_on = !document.text.is_empty() && !document.text.ends_with("\n\n");
    document.text.push_str(line);
    document.text.push('\n');
    let words = line.trim();
    let at = start + (line.len() - line.trim_start().len());
    if let Some(theme) = words.strip_prefix("-*") {
        let span = at + (words.len() - theme.len())..at + words.len();
        document.blocks.push(Block::new(span, BlockKind::Heading { level: 1 }));
    } else if !words.is_empty() {
        match document.blocks.last_mut() {
            Some(last) if goes_on && last.kind == BlockKind::Paragraph => last.span.end = at + words.len(),
            _ => document.blocks.push(Block::new(at..at + words.len(), BlockKind::Paragraph)),
        }
    }
}

fn name_by_id(documents: &mut [Document]) {
    let id = |document: &Document| {
        let id = document.attributes.iter().find(|variable| variable.name.eq_ignore_ascii_case("id"));
        id.map(|id| id.value.clone()).filter(|value| !value.is_empty())
    };
    let ids: Option<Vec<String>> = documents.iter().map(id).collect();
    let Some(ids) = ids.filter(|ids| ids.iter().collect::<HashSet<_>>().len() == ids.len()) else { return };
    for (document, id) in documents.iter_mut().zip(ids) {
        document.name = id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let (documents, _) = read(&"c.txt".into(), text).unwrap();
        documents
            .iter()
            .map(|document| {
                let variables: Vec<String> =
                    document.attributes.iter().map(|a| format!("{}={}", a.name, a.value)).collect();
                let blocks: Vec<&str> =
                    document.blocks.iter().map(|block| &document.text[block.span.clone()]).collect();
                format!(
                    "{}:{} {} {}",
                    document.name,
                    document.first_line,
                    variables.join(","),
                    blocks.join("|")
                )
            })
            .collect()
    }

    #[test]
    fn texts_with_their_variables_and_themes() {
        assert_eq!(
            shown(
                "**** *age_30 *site_north_west *sex_\nThe bus\nis late.\n\nIt is dear.\n-*fares\nToo high\n****\nno\n"
            ),
            ["1:2 age=30,site=north_west,sex= The bus\nis late.|It is dear.|fares|Too high", "2:9  no"]
        );
    }

    #[test]
    fn ids_name_the_texts_where_they_differ() {
        assert_eq!(shown("**** *id=07 *x\na\n\n**** *id_08\nb"), ["07:2 id=07,x= a", "08:5 id=08 b"]);
        assert_eq!(shown("**** *id_7\na\n**** *id_7\nb"), ["1:2 id=7 a", "2:4 id=7 b"]);
    }

    #[test]
    fn what_is_left_out_is_told() {
        let (documents, diagnostics) = read(&"c.txt".into(), "title\n**** *a_1\n \n**** *a_2\nx").unwrap();
        assert_eq!(documents.len(), 1);
        let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["lines-without-text", "empty-texts"]);
        assert!(read(&"c.txt".into(), "no texts").is_err());
    }

    #[test]
    fn a_participant_speaks() {
        let (documents, _) = read(&"c.txt".into(), "**** *participant_P7\nx").unwrap();
        assert_eq!(documents[0].speaker.as_deref(), Some("P7"));
    }
}
