//! One document a line, as in the corpus files of VOSviewer.

use std::sync::Arc;

use themeweave::Document;

/// Every line with text in it is a document, named by its number.
pub(super) fn read(name: &Arc<str>, text: &str) -> Vec<Document> {
    let lines = (1_u32..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| Document {
            source: Arc::clone(name),
            first_line: number,
            ..Document::new(number.to_string(), line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_are_no_documents() {
        let documents = read(&"a.txt".into(), "one bus\n\n  \ntwo trams, and so on");
        let found: Vec<_> =
            documents.iter().map(|d| (d.name.as_str(), d.first_line, d.text.as_str())).collect();
        assert_eq!(found, [("1", 1, "one bus"), ("4", 4, "two trams, and so on")]);
    }
}
