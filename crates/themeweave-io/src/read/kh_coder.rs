//! Text files of KH Coder: a line `<h1>…</h1>` to `<h5>…</h5>` is a heading, any other line a paragraph.
//!
//! After `kh_lib/kh_datacheck.pm` of KH Coder 3.

use std::sync::Arc;

use themeweave::{Block, BlockKind, Document};

/// Whether the first line with text is a heading of KH Coder.
pub(super) fn is_corpus(text: &str) -> bool {
    text.lines().map(str::trim).find(|line| !line.is_empty()).and_then(heading).is_some()
}

pub(super) fn read(name: &Arc<str>, text: String) -> Option<Document> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        if !words.contains(char::is_alphanumeric) {
            continue;
        }
        blocks.push(match heading(words) {
            Some(level) => Block::new(at + TAG..at + words.len() - TAG - 1, BlockKind::Heading { level }),
            None => Block::new(at..at + words.len(), BlockKind::Paragraph),
        });
    }
    let document = Document { source: Arc::clone(name), blocks, ..Document::new(&**name, text) };
    (!document.blocks.is_empty()).then_some(document)
}

/// Bytes of `<h1>`.
const TAG: usize = 4;

/// The level of a line that is a heading.
fn heading(line: &str) -> Option<u8> {
    let bytes = line.as_bytes();
    let level = match bytes {
        [b'<', b'h' | b'H', level @ b'1'..=b'5', b'>', ..] => *level,
        _ => return None,
    };
    let end = bytes.len().checked_sub(TAG + 1).filter(|&end| end >= TAG)?;
    matches!(&bytes[end..], [b'<', b'/', b'h' | b'H', last, b'>'] if *last == level).then_some(level - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_headings_or_paragraphs() {
        let text =
            "<h1>Café</h1>\n<H2>Day 1</H2>\nThe bus is late.\n\n  It is dear. \n<h3>open\n<h1></h2>x\n";
        let document = read(&"k.txt".into(), text.to_owned()).unwrap();
        let found: Vec<_> =
            document.blocks.iter().map(|block| (block.kind, &text[block.span.clone()])).collect();
        assert_eq!(
            found,
            [
                (BlockKind::Heading { level: 1 }, "Café"),
                (BlockKind::Heading { level: 2 }, "Day 1"),
                (BlockKind::Paragraph, "The bus is late."),
                (BlockKind::Paragraph, "It is dear."),
                (BlockKind::Paragraph, "<h3>open"),
                (BlockKind::Paragraph, "<h1></h2>x"),
            ]
        );
        for line in ["<h6>x</h6>", "<h1>", "</h1>", "<h1></h2>", "<h1>é", "h1"] {
            assert_eq!(heading(line), None, "{line}");
        }
        assert!(read(&"k.txt".into(), "<h1></h1>\n \n".to_owned()).is_some_and(|d| d.text.len() == 12));
    }
}
