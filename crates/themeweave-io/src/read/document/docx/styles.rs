//! What the styles of a Word document say about its paragraphs.

use std::collections::HashMap;
use std::io::BufRead;

use crate::read::document::xml::{Element, Node, Xml};
use crate::read::error::ReadError;
use crate::read::leaf::LeafKind;

/// Most styles that one is based on.
const BASES: usize = 20;

/// What a style, or a paragraph itself, says.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// Level of a heading from 1; 0 for text.
    heading: Option<u8>,
    /// Whether it is an item of a list.
    is_item: Option<bool>,
    /// Depth of the item.
    depth: Option<u8>,
    is_contents: bool,
    pub(super) is_bold: bool,
}

impl Style {
    /// Takes in a property.
    pub(super) fn take(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val").and_then(|value| value.trim().parse::<u8>().ok());
        match element.name() {
            // Levels are counted from 0, and 9 is text.
            "outlineLvl" => self.heading = value().map(|level| if level < 9 { level + 1 } else { 0 }),
            "numId" => self.is_item = Some(element.attribute("val").is_some_and(|value| value.trim() != "0")),
            "ilvl" => self.depth = value(),
            "b" => self.is_bold = is_on(element),
            _ => {}
        }
    }

    /// Takes over what `other` says.
    pub(super) fn override_by(&mut self, other: &Style) {
        self.heading = other.heading.or(self.heading);
        self.is_item = other.is_item.or(self.is_item);
        self.depth = other.depth.or(self.depth);
        self.is_contents |= other.is_contents;
        self.is_bold |= other.is_bold;
    }

    /// What a paragraph of this style is.
    pub(super) fn kind(&self) -> LeafKind {
        match (self.heading, self.is_item) {
            _ if self.is_contents => LeafKind::Navigation,
            (Some(level @ 1..), _) => LeafKind::Heading(level),
            (_, Some(true)) => LeafKind::Item(self.depth.unwrap_or(0)),
            _ => LeafKind::Paragraph,
        }
    }

    /// Takes in what the name of a style says. Names of Word's own styles are English in all
    /// languages.
    fn take_name(&mut self, name: &str) {
        let name = name.to_lowercase();
        let number = |prefix: &str| name.strip_prefix(prefix).and_then(|rest| rest.trim().parse::<u8>().ok());
        if let Some(level @ 1..=9) = number("heading ") {
            self.heading.get_or_insert(level);
        } else if name == "title" {
            self.heading.get_or_insert(1);
        } else if name.starts_with("toc ") {
            self.is_contents = true;
        } else if let Some(level @ 2..=5) = number("list bullet ").or_else(|| number("list number ")) {
            self.depth.get_or_insert(level - 1);
        }
    }
}

/// Whether a property that is on by its mere presence is not turned off.
pub(super) fn is_on(element: &Element<'_>) -> bool {
    element.attribute("val").is_none_or(|value| !matches!(&*value, "0" | "false" | "off"))
}

/// The paragraph styles of a document by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default: Style,
}

impl Styles {
    pub(super) fn read(xml: &mut Xml<impl BufRead>) -> Result<Self, ReadError> {
        let mut own: HashMap<String, (Style, Option<String>)> = HashMap::new();
        let (mut id, mut style, mut base, mut default_id) = (None, Style::default(), None, None);
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "style" => {
                        let is_paragraph = element.attribute("type").is_none_or(|kind| kind == "paragraph");
                        id = element.attribute("styleId").filter(|_| is_paragraph);
                        if element.attribute("default").is_some_and(|value| matches!(&*value, "1" | "true")) {
                            default_id = default_id.or(id.clone());
                        }
                    }
                    "name" => style.take_name(&element.attribute("val").unwrap_or_default()),
                    "basedOn" => base = element.attribute("val"),
                    "tblStylePr" => xml.skip()?,
                    _ => style.take(&element),
                },
                Node::End(name) if name == "style" => {
                    let style = (std::mem::take(&mut style), base.take());
                    id.take().map(|id| own.insert(id, style));
                }
                Node::EndOfFile => break,
                _ => {}
            }
        }
        let by_id: HashMap<String, Style> = own.keys().map(|id| (id.clone(), inherited(&own, id))).collect();
        let default = default_id.and_then(|id| by_id.get(&id).cloned()).unwrap_or_default();
        Ok(Self { by_id, default })
    }

    /// The style of this id.
    pub(super) fn style(&self, id: &str) -> Style {
        self.by_id.get(id).unwrap_or(&self.default).clone()
    }

    /// The style of paragraphs that name none.
    pub(super) fn default_style(&self) -> Style {
        self.default.clone()
    }
}

/// A style with what it takes over from those it is based on.
fn inherited(own: &HashMap<String, (Style, Option<String>)>, id: &str) -> Style {
    let next = |base: &&(Style, Option<String>)| base.1.as_ref().and_then(|id| own.get(id));
    let chain: Vec<_> = std::iter::successors(own.get(id), next).take(BASES).collect();
    chain.iter().rev().fold(Style::default(), |mut all, (style, _)| {
        all.override_by(style);
        all
    })
}
