//! The description of a project.

use std::collections::HashMap;
use std::io::BufRead;

use crate::read::document::xml::{Element, Node, Xml};
use crate::read::error::ReadError;

/// Most sources, cases and values of a project.
const ENTRIES: usize = 1_000_000;

/// Values by the ids of their variables.
type Values = Vec<(String, String)>;

/// What a project says of its texts.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// Names by ids.
    pub(super) variables: HashMap<String, String>,
    pub(super) cases: Vec<Case>,
    pub(super) sources: Vec<Source>,
    pub(super) codings: usize,
}

/// Somebody or something that is studied.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) values: Values,
    sources: Vec<String>,
}

impl Case {
    /// Whether a source belongs to this case.
    pub(super) fn has(&self, source: &Source) -> bool {
        self.sources.iter().any(|id| source.ids.contains(id))
    }
}

/// A text, or what a text may be made of.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Its own id, and that of the PDF or recording whose text it is.
    ids: Vec<String>,
    pub(super) name: String,
    pub(super) content: Option<String>,
    pub(super) plain_path: Option<String>,
    pub(super) rich_path: Option<String>,
    pub(super) values: Values,
}

impl Source {
    fn new(element: &Element<'_>) -> Self {
        let attribute = |name| element.attribute(name).filter(|value: &String| !value.is_empty());
        let id = id(attribute("guid"));
        Self {
            name: attribute("name").or_else(|| attribute("plainTextPath")).unwrap_or_else(|| id.clone()),
            ids: vec![id],
            content: None,
            plain_path: attribute("plainTextPath"),
            rich_path: attribute("richTextPath").or_else(|| attribute("path")),
            values: Vec::new(),
        }
    }
}

/// An id as all programs would write it.
fn id(written: Option<String>) -> String {
    written.unwrap_or_default().trim_matches(['{', '}']).to_lowercase()
}

impl Project {
    pub(super) fn read(xml: &mut Xml<impl BufRead>) -> Result<Self, ReadError> {
        let mut project = Project::default();
        // The PDF or recording around this place, and whether its text came.
        let mut around: Option<(Source, bool)> = None;
        let mut source: Option<Source> = None;
        let mut case: Option<Case> = None;
        let mut variable = None;
        let mut entries = 0;
        loop {
            match xml.next()? {
                Node::Start(element) => match element.name() {
                    "Variable" => {
                        let name = element.attribute("name").unwrap_or_default();
                        project.variables.insert(id(element.attribute("guid")), name);
                    }
                    "Case" => {
                        let name = element.attribute("name").unwrap_or_default();
                        case = Some(Case { name, ..Case::default() });
                    }
                    "PDFSource" | "PictureSource" | "AudioSource" | "VideoSource" => {
                        around = Some((Source::new(&element), false));
                    }
                    "TextSource" => source = Some(Source::new(&element)),
                    "Representation" | "Transcript" => {
                        let mut text = Source::new(&element);
                        if let Some((whole, has_text)) = &mut around {
                            text.ids.extend(whole.ids.iter().cloned());
                            text.name.clone_from(&whole.name);
                            *has_text = true;
                        }
                        source = Some(text);
                    }
                    "PlainTextContent" => {
                        let content = xml.text()?;
                        if let Some(source) = &mut source {
                            source.content = Some(content);
                        }
                    }
                    "VariableRef" => variable = Some(id(element.attribute("targetGUID"))),
                    "TextValue" | "BooleanValue" | "IntegerValue" | "FloatValue" | "DateValue"
                    | "DateTimeValue" => {
                        let value = xml.text()?;
                        let whole = around.as_mut().map(|(whole, _)| whole);
                        let values = match (&mut case, &mut source, whole) {
                            (Some(case), _, _) => Some(&mut case.values),
                            (_, Some(source), _) | (_, _, Some(source)) => Some(&mut source.values),
                            _ => None,
                        };
                        if let (Some(values), Some(variable)) = (values, variable.take()) {
                            values.push((variable, value));
                            entries += 1;
                        }
                    }
                    "SourceRef" => {
                        if let Some(case) = &mut case {
                            case.sources.push(id(element.attribute("targetGUID")));
                            entries += 1;
                        }
                    }
                    "Coding" => project.codings += 1,
                    _ => {}
                },
                Node::End(name) => match &*name {
                    "Case" => project.cases.extend(case.take()),
                    "TextSource" | "Representation" | "Transcript" => {
                        project.sources.extend(source.take());
                    }
                    "PDFSource" | "PictureSource" | "AudioSource" | "VideoSource" => {
                        if let Some((whole, has_text)) = around.take() {
                            match project.sources.last_mut() {
                                Some(text) if has_text => text.values.extend(whole.values),
                                _ => project.sources.push(whole),
                            }
                        }
                    }
                    _ => {}
                },
                Node::EndOfFile => return Ok(project),
                Node::Text(_) | Node::Other => {}
            }
            if project.sources.len() + project.cases.len() + project.variables.len() + entries > ENTRIES {
                return Err(ReadError::general(
                    "this project has more than 1,000,000 entries, the most that are read",
                ));
            }
        }
    }
}
