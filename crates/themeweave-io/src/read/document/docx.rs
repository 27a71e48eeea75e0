//! Word documents (.docx: Office Open XML, ECMA-376, transitional and strict).
//!
//! Tracked changes are read as accepted. Footnotes, endnotes and text boxes follow the paragraph that
//! they belong to; headers, footers and comments are left out.

mod styles;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use crate::read::document::docx::styles::{Style, Styles};
use crate::read::document::draft::Draft;
use crate::read::document::package::Package;
use crate::read::document::xml::{Element, Node, Xml};
use crate::read::document::{Contents, left_out};
use crate::read::error::ReadError;
use crate::read::leaf::LeafKind;

/// The part that holds the text, where the archive does not say otherwise.
const MAIN: &str = "word/document.xml";

/// Reads a Word document.
pub(super) fn read(name: &Arc<str>, package: &mut Package<'_>) -> Result<Contents, ReadError> {
    let main = main_part(package)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = |part: &str| if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") };
    let styles = match package.open_part(&beside("styles.xml"))? {
        Some(part) => Styles::read(&mut Xml::new(part, "styles.xml"))?,
        None => Styles::default(),
    };
    let mut notes = Notes::default();
    for (part, kind) in [("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")] {
        if let Some(source) = package.open_part(&beside(part))? {
            read_notes(&mut Xml::new(source, part), kind, &mut notes)?;
        }
    }
    let Some(part) = package.open_part(&main)? else {
        return Err(ReadError::general("this Word document has no text part").with_hint("save it anew"));
    };
    let mut body = Body::new(&styles, &notes);
    body.read(&mut Xml::new(part, &main))?;
    let diagnostic = left_out(
        name,
        &[(body.comments, "comment", ""), (body.deletions, "deletion", " of tracked changes")],
    );
    Ok((body.draft.finish(name)?.into_iter().collect(), diagnostic.into_iter().collect()))
}

/// The name of the part that holds the text.
fn main_part(package: &mut Package<'_>) -> Result<String, ReadError> {
    const RELATIONSHIPS: &str = "_rels/.rels";
    if let Some(part) = package.open_part(RELATIONSHIPS)? {
        let mut xml = Xml::new(part, RELATIONSHIPS);
        loop {
            match xml.next()? {
                Node::Start(element) if element.name() == "Relationship" => {
                    let is_main =
                        element.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                    if let Some(target) = element.attribute("Target").filter(|_| is_main) {
                        return Ok(target.trim_start_matches('/').to_owned());
                    }
                }
                Node::EndOfFile => break,
                _ => {}
            }
        }
    }
    Ok(MAIN.to_owned())
}

/// The paragraphs of notes by their kinds and ids.
type Notes = BTreeMap<(&'static str, String), Vec<String>>;

fn read_notes(xml: &mut Xml<impl BufRead>, kind: &'static str, notes: &mut Notes) -> Result<(), ReadError> {
    let (mut paragraphs, mut id) = (Vec::new(), None);
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                // Separators are notes of the layout and have a type.
                name if name == kind => {
                    id = element.attribute("id").filter(|_| element.attribute("type").is_none());
                }
                "p" => paragraphs.push(String::new()),
                "t" => {
                    let words = xml.text()?;
                    paragraphs.last_mut().iter_mut().for_each(|paragraph| paragraph.push_str(&words));
                }
                "tab" | "br" => paragraphs.last_mut().iter_mut().for_each(|paragraph| paragraph.push(' ')),
                "del" | "moveFrom" | "pPr" => xml.skip()?,
                _ => {}
            },
            Node::End(name) if name == kind => {
                let paragraphs = std::mem::take(&mut paragraphs);
                if let Some(id) = id.take() {
                    notes.insert((kind, id), paragraphs);
                }
            }
            Node::EndOfFile => return Ok(()),
            _ => {}
        }
    }
}

/// The body of a document as far as it has been read.
struct Body<'a> {
    styles: &'a Styles,
    notes: &'a Notes,
    draft: Draft,
    paragraph: Paragraph,
    /// Paragraphs in which that of a text box stands.
    around: Vec<Paragraph>,
    /// The paragraph that ended goes on in the next, for its end is a deleted one.
    goes_on: bool,
    /// Rows around this place: whether they are not to be read.
    rows: Vec<bool>,
    comments: usize,
    deletions: usize,
}

/// What is known of a paragraph and of its run.
#[derive(Default, Clone)]
struct Paragraph {
    style: Style,
    end_is_deleted: bool,
    run_is_bold: bool,
    run_is_hidden: bool,
}

impl<'a> Body<'a> {
    fn new(styles: &'a Styles, notes: &'a Notes) -> Self {
        Self {
            styles,
            notes,
            draft: Draft::default(),
            paragraph: Paragraph::default(),
            around: Vec::new(),
            goes_on: false,
            rows: Vec::new(),
            comments: 0,
            deletions: 0,
        }
    }

    fn read(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "p" => self.begin_paragraph(),
                    "pPr" => self.read_paragraph_properties(xml)?,
                    "r" => {
                        (self.paragraph.run_is_bold, self.paragraph.run_is_hidden) =
                            (self.paragraph.style.is_bold, false);
                    }
                    "rPr" => self.read_run_properties(xml)?,
                    "t" => {
                        let words = xml.text()?;
                        self.push(&words);
                    }
                    "tab" => self.push("\t"),
                    "noBreakHyphen" => self.push("-"),
                    "br" if element.attribute("type").is_none_or(|kind| kind == "textWrapping") => {
                        self.draft.break_line();
                    }
                    "cr" => self.draft.break_line(),
                    "lastRenderedPageBreak" => self.draft.break_page(),
                    "footnoteReference" => self.add_note("footnote", &element)?,
                    "endnoteReference" => self.add_note("endnote", &element)?,
                    "commentReference" => self.comments += 1,
                    "del" | "moveFrom" => {
                        self.deletions += 1;
                        xml.skip()?;
                    }
                    "tr" => {
                        self.rows.push(false);
                        self.draft.begin_row();
                    }
                    "trPr" => self.read_row_properties(xml)?,
                    "tc" => self.draft.begin_cell(),
                    // What stands there twice, layout, and the readings over characters.
                    "Fallback" | "sectPr" | "sdtPr" | "tblPr" | "tblGrid" | "tcPr" | "rt" => xml.skip()?,
                    _ => {}
                },
                Node::End(name) => self.end(&name)?,
                Node::EndOfFile => return Ok(()),
                Node::Text(_) | Node::Other => {}
            }
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "p" if self.paragraph.end_is_deleted => self.goes_on = true,
            "p" => self.end_paragraph()?,
            "tc" | "txbxContent" | "body" if self.goes_on => self.end_paragraph()?,
            "tr" => match self.rows.pop() {
                Some(true) => self.draft.drop_row(),
                _ => self.draft.end_row(),
            },
            _ => {}
        }
        Ok(())
    }

    fn begin_paragraph(&mut self) {
        if std::mem::take(&mut self.goes_on) {
            self.paragraph.end_is_deleted = false;
            return;
        }
        if self.draft.is_open() {
            self.around.push(std::mem::take(&mut self.paragraph));
        }
        self.paragraph = Paragraph { style: self.styles.default_style(), ..Paragraph::default() };
        self.draft.begin(self.paragraph.style.kind());
    }

    fn end_paragraph(&mut self) -> Result<(), ReadError> {
        self.goes_on = false;
        self.paragraph = self.around.pop().unwrap_or_default();
        self.draft.end()
    }

    fn push(&mut self, words: &str) {
        if !self.paragraph.run_is_hidden {
            self.draft.push(words, self.paragraph.run_is_bold);
        }
    }

    fn add_note(&mut self, kind: &'static str, element: &Element<'_>) -> Result<(), ReadError> {
        let Some(id) = element.attribute("id") else { return Ok(()) };
        for paragraph in self.notes.get(&(kind, id)).into_iter().flatten() {
            self.draft.begin(LeafKind::Paragraph);
            self.draft.push(paragraph, false);
            self.draft.end()?;
        }
        Ok(())
    }

    fn read_paragraph_properties(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        let mut own = Style::default();
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "pStyle" => {
                        let id = element.attribute("val").unwrap_or_default();
                        self.paragraph.style = self.styles.style(&id);
                    }
                    // The only deletion within these properties is that of the end of the paragraph.
                    "del" | "moveFrom" => {
                        self.paragraph.end_is_deleted = true;
                        self.deletions += 1;
                    }
                    "b" | "pPrChange" | "sectPr" | "tabs" => xml.skip()?,
                    _ => own.take(&element),
                },
                Node::End(name) if name == "pPr" => break,
                Node::EndOfFile => break,
                _ => {}
            }
        }
        self.paragraph.style.override_by(&own);
        self.draft.set_kind(self.paragraph.style.kind());
        Ok(())
    }

    fn read_run_properties(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "b" => self.paragraph.run_is_bold = styles::is_on(&element),
                    "vanish" => self.paragraph.run_is_hidden = styles::is_on(&element),
                    "rPrChange" => xml.skip()?,
                    _ => {}
                },
                Node::End(name) if name == "rPr" => return Ok(()),
                Node::EndOfFile => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_row_properties(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), ReadError> {
        loop {
            match xml.next()? {
                Node::Start(element) => {
                    let is_deleted = element.name() == "del";
                    self.deletions += usize::from(is_deleted);
                    if let Some(row) = self.rows.last_mut()
                        && (is_deleted || element.name() == "tblHeader" && styles::is_on(&element))
                    {
                        *row = true;
                    }
                }
                Node::End(name) if name == "trPr" => return Ok(()),
                Node::EndOfFile => return Ok(()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::document::package::tests::zip;
    use crate::read::document::tests::{read_bytes, shown};
    use crate::read::error::ReadError;

    /// The blocks of a document with this body and these styles, and what is said about it.
    fn read(body: &str, styles: &str) -> Result<(Vec<String>, Vec<String>), ReadError> {
        let main = format!("<w:document><w:body>{body}</w:body></w:document>");
        let styles = format!("<w:styles>{styles}</w:styles>");
        let notes = "<w:footnotes><w:footnote w:id='0' w:type='separator'><w:p><w:r><w:t>_</w:t></w:r></w:p>\
            </w:footnote><w:footnote w:id='2'><w:p><w:r><w:t>the </w:t><w:t>note</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let bytes = zip(&[
            ("word/document.xml", main.as_bytes()),
            ("word/styles.xml", styles.as_bytes()),
            ("word/footnotes.xml", notes.as_bytes()),
        ]);
        let (documents, diagnostics) = read_bytes(&bytes)?;
        Ok((shown(&documents), diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()))
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(read(body, "").unwrap().0, expected, "{body}");
    }

    /// A paragraph of runs.
    fn p(properties: &str, runs: &str) -> String {
        format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
    }

    fn r(words: &str) -> String {
        format!("<w:r><w:t xml:space='preserve'>{words}</w:t></w:r>")
    }

    #[test]
    fn headings_and_items_by_style_and_by_themselves() {
        let styles = "<w:style w:type='paragraph' w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>\
            <w:style w:type='paragraph' w:styleId='Own'><w:basedOn w:val='berschrift1'/></w:style>\
            <w:style w:type='paragraph' w:styleId='LB2'><w:name w:val='List Bullet 2'/><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:style>\
            <w:style w:type='paragraph' w:styleId='TOC1'><w:name w:val='toc 1'/></w:style>";
        let body = [
            p("<w:pStyle w:val='Own'/>", &r("Fares")),
            p("<w:pStyle w:val='LB2'/>", &r("by style")),
            p("<w:numPr><w:ilvl w:val='2'/><w:numId w:val='1'/></w:numPr>", &r("by itself")),
            p("<w:numPr><w:ilvl w:val='2'/><w:numId w:val='0'/></w:numPr>", &r("no item")),
            p("<w:outlineLvl w:val='1'/>", &r("Trams")),
            p("<w:pStyle w:val='TOC1'/>", &r("Fares 3")),
            p("<w:pStyle w:val='Own'/><w:outlineLvl w:val='9'/>", &r("text in spite of its style")),
            p("", "<w:r><w:rPr><w:b/></w:rPr><w:t>Bold line</w:t></w:r>"),
            p("", &r("end")),
        ];
        let expected = [
            "#1 Fares",
            "1 by style",
            "2 by itself",
            "p no item",
            "#2 Trams",
            "n Fares 3",
            "p text in spite of its style",
            "#7 Bold line",
            "p end",
        ];
        assert_eq!(read(&body.concat(), styles).unwrap().0, expected);
    }

    #[test]
    fn changes_are_accepted_and_told() {
        let deleted = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>";
        let body = p("", &format!("{}{deleted}<w:ins>{}</w:ins>", r("The bus is "), r("late")))
            + &p("<w:rPr><w:del/></w:rPr>", &r("one "))
            + &p("", &r("line"))
            + &p("", &format!("<w:moveFrom>{}</w:moveFrom>", r("gone")));
        let (blocks, messages) = read(&body, "").unwrap();
        assert_eq!(blocks, ["p The bus is late", "p one line"]);
        assert_eq!(messages, ["x: left out: 3 deletions of tracked changes"]);
    }

    #[test]
    fn breaks_notes_and_boxes() {
        let body = p(
            "",
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br w:type='page'/><w:noBreakHyphen/><w:t>c</w:t></w:r>",
        );
        check(&body, &["p a\tb-c"]);
        let note = format!("{}<w:r><w:footnoteReference w:id='2'/></w:r>{}", r("before"), r(" after"));
        check(&p("", &note), &["p before after", "p the note"]);
        let text_box = format!("<w:txbxContent>{}</w:txbxContent>", p("", &r("boxed")));
        let shape = format!(
            "<w:r><mc:AlternateContent><mc:Choice><w:drawing>{text_box}</w:drawing></mc:Choice><mc:Fallback>{text_box}</mc:Fallback></mc:AlternateContent></w:r>"
        );
        check(&p("", &(r("around") + &shape)), &["p around", "p boxed"]);
        check(
            &p("", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>seen</w:t></w:r>"),
            &["p seen"],
        );
    }

    #[test]
    fn a_row_is_a_note_unless_its_cells_hold_several() {
        let row = |properties: &str, cells: &[String]| {
            let cells: String = cells.iter().map(|cell| format!("<w:tc>{cell}</w:tc>")).collect();
            format!("<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
        };
        let cell = |words: &str| p("", &r(words));
        let table = row("<w:tblHeader/>", &[cell("who"), cell("what")])
            + &row("", &[cell("Ann"), cell("wants trams")])
            + &row("", &[cell("Ben"), cell("buses") + &cell("and bells")])
            + &row("", &[cell(""), cell("alone")])
            + &row("<w:del/>", &[cell("struck"), cell("out")]);
        let body = format!("<w:tbl>{table}</w:tbl>{}", cell("after"));
        check(&body, &["t Ann | wants trams", "p Ben", "p buses", "p and bells", "p alone", "p after"]);
    }

    #[test]
    fn transcripts_have_speakers_and_times() {
        let turn = |name: &str, time: &str, said: &str| {
            format!("<w:p><w:r><w:t>{name}   {time}</w:t></w:r><w:r><w:br/><w:t>{said}</w:t></w:r></w:p>")
        };
        let body = turn("Ann Lee", "0:03", "The bus is late.")
            + &turn("Ben Ok", "0:09", "Again.")
            + &turn("Ann Lee", "1:12", "As ever.")
            + &turn("Ben Ok", "1:20", "Yes.");
        let main = format!("<w:document><w:body>{body}</w:body></w:document>");
        let (documents, _) = read_bytes(&zip(&[("word/document.xml", main.as_bytes())])).unwrap();
        let turns: Vec<_> =
            documents[0].blocks.iter().map(|b| (b.speaker.as_deref(), b.time.map(|t| t.start))).collect();
        assert_eq!(turns[2], (Some("Ann Lee"), Some(72_000)));
        assert_eq!(turns.len(), 4);
    }

    #[test]
    fn pages_are_those_that_word_last_showed() {
        let body = p("", &r("one")) + &p("", &format!("<w:r><w:lastRenderedPageBreak/></w:r>{}", r("two")));
        let main = format!("<w:document><w:body>{body}</w:body></w:document>");
        let (documents, _) = read_bytes(&zip(&[("word/document.xml", main.as_bytes())])).unwrap();
        assert_eq!(
            documents[0].blocks.iter().map(|block| block.page).collect::<Vec<_>>(),
            [Some(1), Some(2)]
        );
    }

    #[test]
    fn hostile_documents_are_refused() {
        for (body, reason) in [
            ("<w:sdt>".repeat(50_000), "1,000 deep"),
            ("<w:p/>".repeat(200) + "<w:p", "document.xml"),
            (format!("{}&lol;", p("", &r("x"))), "entity"),
        ] {
            let error = read(&body, "").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        let many = p("", &r("x")).repeat(1_000_001);
        assert!(read(&many, "").unwrap_err().to_string().contains("1,000,000 paragraphs"));
    }
}
