//! XML as a stream of nodes. Document type definitions are refused, so that there are no entities to
//! expand and no other files to fetch.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::read::error::ReadError;

/// Most elements around each other.
const DEPTH: usize = 1000;

/// Characters of a parser's message that are shown, for it may hold parts of the file.
const MESSAGE: usize = 100;

/// A node of a file. Names are without their prefixes.
pub(super) enum Node<'x> {
    Start(Element<'x>),
    End(Cow<'x, str>),
    Text(Cow<'x, str>),
    /// A comment or the like.
    Other,
    EndOfFile,
}

/// The beginning of an element.
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of the attribute of this name, which is without its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found =
            attributes.with_checks(false).flatten().find(|found| found.key.local_name().as_ref() == name)?;
        let value =
            found.normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_predefined_entity).ok()?;
        Some(value.into_owned())
    }
}

/// Reads the nodes of one part of a file.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    part: String,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    /// The nodes of `source`, which is called `part` in errors.
    pub(super) fn new(source: R, part: &str) -> Self {
        let mut reader = Reader::from_reader(source);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, part: part.to_owned(), buffer: Vec::new(), depth: 0 }
    }

    /// The next node.
    pub(super) fn next(&mut self) -> Result<Node<'_>, ReadError> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        let (part, at) = (&self.part, self.reader.error_position());
        let failed = |message: &dyn std::fmt::Display| {
            let message: String = message.to_string().chars().take(MESSAGE).collect();
            ReadError::general(format!("{part}, byte {at}: {message}"))
                .with_hint("open the file in the program it is from and save it anew")
        };
        let text = |text| Ok(Node::Text(text));
        let event = event.map_err(|error| match error {
            quick_xml::Error::Io(error) => ReadError::general(format!("{part}: {error}")),
            error => failed(&error),
        })?;
        match event {
            Event::Start(_) if self.depth == DEPTH => {
                Err(failed(&"elements are nested more than 1,000 deep"))
            }
            Event::Start(element) => {
                self.depth += 1;
                Ok(Node::Start(Element(element)))
            }
            Event::End(element) => {
                self.depth -= 1;
                Ok(Node::End(Cow::Owned(element.local_name().into_inner().to_owned())))
            }
            Event::Text(words) => text(words.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(words) => text(words.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => {
                if let Some(character) = reference.resolve_char_ref().map_err(|error| failed(&error))? {
                    return text(Cow::Owned(character.to_string()));
                }
                match resolve_predefined_entity(&reference.xml_content(XmlVersion::Implicit1_0)) {
                    Some(character) => text(Cow::Borrowed(character)),
                    None => Err(failed(&"this entity is not known")),
                }
            }
            Event::DocType(_) => {
                Err(failed(&"there is a document type definition, which may be an attack and is not read"))
            }
            Event::Eof if self.depth > 0 => Err(failed(&"the file is cut off")),
            Event::Eof => Ok(Node::EndOfFile),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(Node::Other),
        }
    }

    /// Passes over the rest of the element that began last.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let around = self.depth - 1;
        while self.depth > around {
            self.next()?;
        }
        Ok(())
    }

    /// The text of the element that began last, up to its end.
    pub(super) fn text(&mut self) -> Result<String, ReadError> {
        let around = self.depth - 1;
        let mut text = String::new();
        while self.depth > around {
            if let Node::Text(words) = self.next()? {
                text.push_str(&words);
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All nodes: `<name`, `>name` and texts.
    fn nodes(xml: &str) -> Result<String, ReadError> {
        let mut reader = Xml::new(xml.as_bytes(), "x.xml");
        let mut found = String::new();
        loop {
            match reader.next()? {
                Node::Start(element) => found.push_str(&format!("<{}", element.name())),
                Node::End(name) => found.push_str(&format!(">{name}")),
                Node::Text(words) => found.push_str(&words),
                Node::Other => {}
                Node::EndOfFile => return Ok(found),
            }
        }
    }

    #[test]
    fn prefixes_references_and_comments() {
        let xml = "<?xml version=\"1.0\"?><w:a><!-- no --><b>x &amp; &#x41;<![CDATA[<y>]]>\r\n</b></w:a>";
        assert_eq!(nodes(xml).unwrap(), "<a<bx & A<y>\n>b>a");
    }

    #[test]
    fn attributes_are_found_by_their_names() {
        let mut xml = Xml::new(&b"<w:p w:val=\"a &lt; b\" other='1'/>"[..], "x");
        let Node::Start(element) = xml.next().unwrap() else { panic!() };
        assert_eq!(element.attribute("val").as_deref(), Some("a < b"));
        assert_eq!(element.attribute("value"), None);
    }

    #[test]
    fn what_is_skipped_and_what_is_taken_as_text() {
        let mut xml = Xml::new(&b"<a><b>x<c>y</c>z</b><b>1<c>2</c>3</b>!</a>"[..], "x");
        for _ in 0..2 {
            xml.next().unwrap();
        }
        xml.skip().unwrap();
        xml.next().unwrap();
        assert_eq!(xml.text().unwrap(), "123");
        assert!(matches!(xml.next().unwrap(), Node::Text(words) if words == "!"));
    }

    #[test]
    fn attacks_and_cut_off_files_are_refused() {
        let deep = "<a>".repeat(DEPTH + 1);
        for (xml, reason) in [
            ("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", "definition"),
            ("<a>&e;</a>", "entity"),
            ("<a><b></b>", "cut off"),
            ("<a></b>", "x.xml, byte 3"),
            (&deep, "1,000 deep"),
        ] {
            let error = nodes(xml).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
