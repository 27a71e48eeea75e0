//! Projects of qualitative analysis programs (.qdpx: REFI-QDA 1.0 and 1.5, as NVivo, MAXQDA, ATLAS.ti,
//! QualCoder and others write them): their texts, each with its variables and those of its cases.
//!
//! Real projects break the standard in many small ways, so what is not needed is not asked for.

mod project;

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use themeweave::{Attribute, Diagnostic, Document};

use crate::read::ReadOptions;
use crate::read::document::package::Package;
use crate::read::document::qdpx::project::{Project, Source};
use crate::read::document::xml::Xml;
use crate::read::document::{Contents, docx, left_out, pdf};
use crate::read::error::{ReadError, Trouble};
use crate::read::plain;
use crate::read::text::{Decoding, TextReader, read_whole};

/// Name of the attribute that holds the cases of a text.
const CASE: &str = "case";

/// The part that describes a project, if there is one.
pub(super) fn project_part(package: &Package<'_>) -> Option<String> {
    package.parts().find(|part| part.to_lowercase().ends_with(".qde") && !part.contains('/'))
}

/// Reads a project whose description is in `part`.
pub(super) fn read(
    name: &Arc<str>,
    package: &mut Package<'_>,
    part: &str,
    options: &ReadOptions,
) -> Result<Contents, ReadError> {
    let missing = || ReadError::general("this project has no description");
    let project = Project::read(&mut Xml::new(package.open_part(part)?.ok_or_else(missing)?, part))?;
    // Programs do not agree on the case of folders and names.
    let parts: HashMap<String, String> = package.parts().map(|part| (part.to_lowercase(), part)).collect();
    let mut files = Files { package, parts, options };
    let (mut documents, mut diagnostics, mut without_text) = (Vec::new(), Vec::new(), 0);
    for source in &project.sources {
        let source_name: Arc<str> = source.name.as_str().into();
        let Some((texts, findings)) = files.texts(&source_name, source)? else {
            without_text += 1;
            continue;
        };
        let attributes = attributes(&project, source);
        documents.extend(texts.into_iter().map(|text| {
            let mut attributes = attributes.clone();
            attributes.extend(text.attributes);
            Document { source: Arc::clone(name), attributes, ..text }
        }));
        diagnostics.extend(findings);
    }
    let unread = [(project.codings, "coding", ""), (without_text, "source", " without text")];
    diagnostics.extend(left_out(name, &unread));
    Ok((documents, diagnostics))
}

/// The variables of a source, and its cases with their variables.
fn attributes(project: &Project, source: &Source) -> Vec<Attribute> {
    let cases: Vec<_> = project.cases.iter().filter(|case| case.has(source)).collect();
    let values = source.values.iter().chain(cases.iter().flat_map(|case| &case.values));
    let mut attributes: Vec<Attribute> = Vec::new();
    for (variable, value) in values {
        let name = project.variables.get(variable).unwrap_or(variable);
        if !attributes.iter().any(|known| *known.name == **name) {
            attributes.push(Attribute { name: name.as_str().into(), value: value.clone() });
        }
    }
    if !cases.is_empty() && !attributes.iter().any(|known| &*known.name == CASE) {
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        attributes.push(Attribute { name: CASE.into(), value: names.join("; ") });
    }
    attributes
}

/// The files of a project.
struct Files<'f, 's> {
    package: &'f mut Package<'s>,
    /// Their names by the same in lower case.
    parts: HashMap<String, String>,
    options: &'f ReadOptions,
}

impl Files<'_, '_> {
    /// The texts of a source, from the first of its forms that has any; `None` where there are none.
    fn texts(&mut self, name: &Arc<str>, source: &Source) -> Result<Option<Contents>, ReadError> {
        let plain = match &source.content {
            Some(content) => Some(content.clone().into_bytes()),
            None => self.bytes(source.plain_path.as_deref())?,
        };
        if let Some(bytes) = plain.filter(|bytes| !bytes.trim_ascii().is_empty()) {
            return self.plain(name, &bytes).map(Some);
        }
        let Some(path) = source.rich_path.as_deref() else { return Ok(None) };
        let Some(bytes) = self.bytes(Some(path))? else { return Ok(None) };
        let mut cursor = Cursor::new(bytes);
        match path.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).as_deref() {
            Some("docx") => docx::read(name, &mut Package::open(&mut cursor)?).map(Some),
            Some("pdf") => pdf::read(name, &mut cursor, self.options.extractor.as_deref()).map(Some),
            _ => Ok(None),
        }
    }

    /// The file at an address of the project; `None` where it is not part of it.
    fn bytes(&mut self, address: Option<&str>) -> Result<Option<Vec<u8>>, ReadError> {
        // Some programs write the bare name of the file.
        let file = address.map(|address| address.strip_prefix("internal://").unwrap_or(address));
        let Some(file) = file else { return Ok(None) };
        let Some(part) = self.parts.get(&format!("sources/{}", file.to_lowercase())) else { return Ok(None) };
        self.package.read_part(part)
    }

    fn plain(&self, name: &Arc<str>, bytes: &[u8]) -> Result<(Vec<Document>, Vec<Diagnostic>), ReadError> {
        let decoding = Decoding::detect(bytes, true);
        let mut reader = TextReader::new(bytes, &decoding);
        let (format, private) = (self.options.text_format, self.options.private_messages);
        let read = read_whole(name, &mut reader).and_then(|text| plain::read(name, text, format, private));
        read.map_err(|trouble| match trouble {
            Trouble::Failed(error) => error,
            Trouble::NotUtf8 { .. } => {
                ReadError::general(format!("the text of the source {name} is not UTF-8"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::read::document::package::tests::zip;
    use crate::read::document::tests::{read_bytes, shown};

    #[test]
    fn texts_have_the_values_of_their_cases() {
        let project = "<Project><Variables><Variable guid='V1' name='site'/><Variable guid='{v2}' name='age'/></Variables>\
            <Cases><Case guid='c' name='Ann'><VariableValue><VariableRef targetGUID='{V1}'/><TextValue>north</TextValue>\
            </VariableValue><SourceRef targetGUID='S1'/></Case><Case name='Table 1'><SourceRef targetGUID='s1'/></Case></Cases>\
            <Sources><TextSource guid='s1' name='Interview 1' plainTextPath='internal://A.txt'><Coding/><VariableValue>\
            <VariableRef targetGUID='v2'/><IntegerValue>41</IntegerValue></VariableValue></TextSource>\
            <TextSource guid='s2' name='Interview 2'><PlainTextContent>Inline text</PlainTextContent></TextSource>\
            <AudioSource guid='s3' name='Talk'><Transcript guid='t3' plainTextPath='internal://t.txt'/></AudioSource>\
            <PictureSource guid='s4' name='Board' path='internal://b.png'/>\
            <TextSource guid='s5' name='evil' plainTextPath='internal://../../../../etc/passwd'/></Sources></Project>";
        let bytes = zip(&[
            ("project.qde", project.as_bytes()),
            ("Sources/a.txt", b"\xEF\xBB\xBF# Fares\r\n- too high\r\n"),
            ("sources/t.txt", b"The bus is late."),
        ]);
        let (documents, diagnostics) = read_bytes(&bytes).unwrap();
        let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(names, ["Interview 1", "Interview 2", "Talk"]);
        assert!(documents.iter().all(|document| &*document.source == "x"));
        assert_eq!(shown(&documents), ["#1 Fares", "0 too high", "p Inline text", "p The bus is late."]);
        let attributes: Vec<_> =
            documents[0].attributes.iter().map(|a| (&*a.name, a.value.as_str())).collect();
        assert_eq!(attributes, [("age", "41"), ("site", "north"), ("case", "Ann; Table 1")]);
        assert_eq!(diagnostics[0].message, "x: left out: 1 coding, 2 sources without text");
    }
}
