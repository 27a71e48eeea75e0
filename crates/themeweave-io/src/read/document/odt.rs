//! Text documents of LibreOffice and others (.odt: OpenDocument 1.0 to 1.3).
//!
//! Tracked changes are read as accepted. Notes and text boxes follow the paragraph that they belong
//! to; headers, footers and comments are left out.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;

use crate::read::document::draft::Draft;
use crate::read::document::package::Package;
use crate::read::document::xml::{Element, Node, Xml};
use crate::read::document::{Contents, left_out};
use crate::read::error::ReadError;
use crate::read::leaf::LeafKind;

/// Part that holds the text.
pub(super) const MAIN: &str = "content.xml";

/// Most blanks in a row. A file can ask for four billion.
const BLANKS: usize = 100;

/// Reads a text document.
pub(super) fn read(name: &Arc<str>, package: &mut Package<'_>) -> Result<Contents, ReadError> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    if let Some(part) = package.open_part(MANIFEST)? {
        refuse_password(&mut Xml::new(part, MANIFEST))?;
    }
    let mut styles = Styles::default();
    if let Some(part) = package.open_part("styles.xml")? {
        styles.read(&mut Xml::new(part, "styles.xml"))?;
    }
    let Some(part) = package.open_part(MAIN)? else {
        return Err(ReadError::general("this document has no text part").with_hint("save it anew"));
    };
    let mut body = Body { styles, ..Body::default() };
    body.read(&mut Xml::new(part, MAIN))?;
    let diagnostic = left_out(
        name,
        &[(body.comments, "comment", ""), (body.deletions, "deletion", " of tracked changes")],
    );
    Ok((body.draft.finish(name)?.into_iter().collect(), diagnostic.into_iter().collect()))
}

fn refuse_password(xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "encryption-data" => {
                let error = ReadError::general("this document is protected by a password");
                return Err(error.with_hint("save it without one"));
            }
            Node::EndOfFile => return Ok(()),
            _ => {}
        }
    }
}

/// What the styles of a document say, by their names.
#[derive(Default)]
struct Styles(HashMap<String, Style>);

#[derive(Default, Clone, Copy)]
struct Style {
    is_title: bool,
    is_bold: bool,
}

impl Styles {
    /// Takes in the styles of a part.
    fn read(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        let mut name = String::new();
        loop {
            match xml.next()? {
                Node::Start(element) => self.take(&element, &mut name),
                Node::EndOfFile => return Ok(()),
                _ => {}
            }
        }
    }

    /// Takes in an element of a style, whose name is kept in `current`.
    fn take(&mut self, element: &Element<'_>, current: &mut String) {
        match element.name() {
            "style" => {
                *current = element.attribute("name").unwrap_or_default();
                let base =
                    element.attribute("parent-style-name").map_or(Style::default(), |base| self.style(&base));
                let is_title = current == "Title" || base.is_title;
                self.0.insert(current.clone(), Style { is_title, ..base });
            }
            "text-properties" => {
                if let (Some(style), Some(weight)) =
                    (self.0.get_mut(current), element.attribute("font-weight"))
                {
                    style.is_bold = weight == "bold" || weight.parse().is_ok_and(|weight: u16| weight >= 600);
                }
            }
            _ => {}
        }
    }

    fn style(&self, name: &str) -> Style {
        let unknown = Style { is_title: name == "Title", ..Style::default() };
        self.0.get(name).copied().unwrap_or(unknown)
    }
}

/// The body of a document as far as it has been read.
#[derive(Default)]
struct Body {
    styles: Styles,
    style_name: String,
    draft: Draft,
    /// For every paragraph and span around this place, whether it is bold.
    bold: Vec<bool>,
    lists: u8,
    /// Lists around a note, a text box or a table, which are not lists around what stands in it.
    lists_outside: Vec<u8>,
    in_contents: bool,
    in_table_head: bool,
    comments: usize,
    deletions: usize,
}

impl Body {
    fn read(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "tracked-changes" => self.deletions += count_deletions(xml)?,
                    "annotation" => {
                        self.comments += 1;
                        xml.skip()?;
                    }
                    // Numbers of notes, names and descriptions of pictures, readings over characters.
                    "note-citation" | "title" | "desc" | "ruby-text" | "forms" => xml.skip()?,
                    _ => self.start(&element),
                },
                Node::End(name) => self.end(&name)?,
                Node::Text(words) => {
                    let is_bold = self.is_bold();
                    self.draft.push_flowing(&words, is_bold);
                }
                Node::EndOfFile => return Ok(()),
                Node::Other => {}
            }
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "p" | "h" => {
                let style =
                    element.attribute("style-name").map_or(Style::default(), |name| self.styles.style(&name));
                self.bold.push(style.is_bold);
                self.draft.begin(self.kind(element, style));
            }
            "span" => {
                let own = element.attribute("style-name").filter(|name| self.styles.0.contains_key(name));
                let is_bold =
                    own.map_or(self.is_bold(), |name| self.styles.style(&name).is_bold || self.is_bold());
                self.bold.push(is_bold);
            }
            "s" => {
                let count = element.attribute("c").and_then(|count| count.parse().ok()).unwrap_or(1);
                let is_bold = self.is_bold();
                self.draft.push(&" ".repeat(BLANKS.min(count)), is_bold);
            }
            "tab" => self.draft.push("\t", false),
            "line-break" => self.draft.break_line(),
            "soft-page-break" => self.draft.break_page(),
            "list" => self.lists = self.lists.saturating_add(1),
            "note-body" | "text-box" => self.lists_outside.push(std::mem::take(&mut self.lists)),
            "table-header-rows" => self.in_table_head = true,
            "table-row" => self.draft.begin_row(),
            "table-cell" => {
                self.lists_outside.push(std::mem::take(&mut self.lists));
                self.draft.begin_cell();
            }
            "table-of-content" => self.in_contents = true,
            _ => self.styles.take(element, &mut self.style_name),
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "p" | "h" => {
                self.bold.pop();
                self.draft.end()?;
            }
            "span" => {
                self.bold.pop();
            }
            "list" => self.lists = self.lists.saturating_sub(1),
            "note-body" | "text-box" | "table-cell" => self.lists = self.lists_outside.pop().unwrap_or(0),
            "table-header-rows" => self.in_table_head = false,
            "table-row" if self.in_table_head => self.draft.drop_row(),
            "table-row" => self.draft.end_row(),
            "table-of-content" => self.in_contents = false,
            _ => {}
        }
        Ok(())
    }

    fn is_bold(&self) -> bool {
        self.bold.last().is_some_and(|bold| *bold)
    }

    fn kind(&self, element: &Element<'_>, style: Style) -> LeafKind {
        if self.in_contents {
            LeafKind::Navigation
        } else if element.name() == "h" {
            let level = element.attribute("outline-level").and_then(|level| level.parse().ok());
            LeafKind::Heading(level.unwrap_or(1).max(1))
        } else if style.is_title {
            LeafKind::Heading(1)
        } else if self.lists > 0 {
            LeafKind::Item(self.lists - 1)
        } else {
            LeafKind::Paragraph
        }
    }
}

/// Passes over the list of changes, which holds what was deleted.
fn count_deletions(xml: &mut Xml<impl BufRead>) -> Result<usize, ReadError> {
    let mut deletions = 0;
    loop {
        match xml.next()? {
            Node::Start(element) if element.name() == "deletion" => {
                deletions += 1;
                xml.skip()?;
            }
            Node::End(name) if name == "tracked-changes" => return Ok(deletions),
            Node::EndOfFile => return Ok(deletions),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::document::package::tests::zip;
    use crate::read::document::tests::{read_bytes, shown};
    use crate::read::error::ReadError;

    fn read(body: &str, manifest: &str) -> Result<Vec<String>, ReadError> {
        let content =
            format!("<office:document-content><office:body>{body}</office:body></office:document-content>");
        let bytes = zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", manifest.as_bytes()),
        ]);
        Ok(shown(&read_bytes(&bytes)?.0))
    }

    #[test]
    fn white_space_is_counted() {
        let blanks = read(
            "<text:p>a<text:s text:c='4000000000'/>b  c\n<text:tab/>d<text:line-break/>e</text:p>",
            "<m/>",
        );
        assert_eq!(blanks.unwrap(), [format!("p a{}b c \td\ne", " ".repeat(100))]);
    }

    #[test]
    fn lists_end_at_notes_and_cells() {
        let item = |inner: &str| format!("<text:list><text:list-item>{inner}</text:list-item></text:list>");
        let note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note>";
        let body = item(&format!("<text:p>one{note} on</text:p>{}", item("<text:p>two</text:p>")));
        assert_eq!(read(&body, "<m/>").unwrap(), ["0 one on", "p The note.", "1 two"]);
    }

    #[test]
    fn passwords_are_told() {
        let error = read("x", "<m><manifest:encryption-data/></m>").unwrap_err().to_string();
        assert!(error.contains("password"), "{error}");
    }
}
