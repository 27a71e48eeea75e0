//! The project: sources with their coded passages, variables, and speakers as cases.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io;
use std::ops::Range;
use std::time::{Duration, UNIX_EPOCH};

use themeweave::{Analysis, Corpus, DocumentRef};
use uuid::Uuid;

use crate::write::Run;
use crate::write::refi::source::{self, Names, plain};
use crate::write::refi::{CodeTree, ORIGIN, RefiCodings, RefiOptions, guid, root, write_codes};
use crate::write::xml::escaped;

/// A source is to be smaller than this.
const LARGEST_SOURCE: usize = 1 << 31;

/// Everything in a project, in the order of the corpus.
pub(super) struct Project<'a> {
    name: String,
    description: String,
    created: String,
    codes: CodeTree,
    variables: Vec<Variable<'a>>,
    cases: Vec<Case>,
    pub(super) sources: Vec<Source<'a>>,
}

/// A text.
pub(super) struct Source<'a> {
    pub(super) guid: Uuid,
    name: String,
    pub(super) text: Cow<'a, str>,
    document: DocumentRef<'a>,
    selections: Vec<Selection>,
}

/// A coded passage of a source.
struct Selection {
    guid: Uuid,
    /// Index of the segment.
    segment: usize,
    /// Line of the source, from 0.
    line: u32,
    /// Code points.
    chars: Range<u32>,
    code: Uuid,
}

/// An attribute of documents.
struct Variable<'a> {
    guid: Uuid,
    attribute: &'a str,
    name: String,
}

/// A speaker: the sources and the selections that are theirs.
struct Case {
    guid: Uuid,
    name: String,
    sources: Vec<Uuid>,
    selections: Vec<Uuid>,
}

/// A passage to be coded.
struct Passage {
    segment: usize,
    theme: usize,
    span: Range<usize>,
    chars: Range<u32>,
    /// Line of the file that the document comes from.
    line: u32,
}

impl<'a> Project<'a> {
    pub(super) fn new(run: &Run<'a>, options: &RefiOptions) -> io::Result<Self> {
        let codes = CodeTree::new(run)?;
        let corpus = &run.read.corpus;
        let mut by_document: Vec<Vec<Passage>> = corpus.documents().map(|_| Vec::new()).collect();
        for passage in passages(run.analysis, options.codings) {
            let segment = run.analysis.segments.list().get(passage.segment).ok_or_else(other_corpus)?;
            by_document.get_mut(segment.document()).ok_or_else(other_corpus)?.push(passage);
        }
        let mut names = Names::default();
        let sources = corpus.texts().zip(by_document).map(|(found, mut passages)| {
            let (document, text) = found.map_err(io::Error::other)?;
            passages.sort_by_key(|passage| (passage.chars.start, passage.chars.end, passage.theme));
            let name = names.unique_file(document.name());
            Source::new(document, text, name, &passages, &codes, options.replace_astral)
        });
        let sources = sources.collect::<io::Result<Vec<_>>>()?;
        Ok(Self {
            name: name(corpus),
            description: codes.description.clone(),
            created: date_time(options.created),
            variables: variables(corpus),
            cases: cases(run.analysis, &sources),
            codes,
            sources,
        })
    }
}

impl<'a> Source<'a> {
    /// A source with its selections, of passages that ascend.
    fn new(
        document: DocumentRef<'a>,
        whole: Cow<'a, str>,
        name: String,
        passages: &[Passage],
        codes: &CodeTree,
        replace_astral: bool,
    ) -> io::Result<Self> {
        if document.text_len() >= LARGEST_SOURCE {
            let message = format!("{}: a text of a QDA project is smaller than 2 GiB", document.name());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let text = match &whole {
            Cow::Borrowed(whole) => plain(whole, replace_astral),
            Cow::Owned(whole) => Cow::Owned(plain(whole, replace_astral).into_owned()),
        };
        let source = source::guid(document.name(), &whole);
        let mut selections = Vec::with_capacity(passages.len());
        let mut reading = Reading::new(&text);
        for passage in passages {
            let original = whole.get(passage.span.clone()).ok_or_else(other_corpus)?;
            if reading.cut(&passage.chars) != Some(&plain(original, replace_astral)) {
                return Err(other_corpus());
            }
            let code = codes.themes.get(passage.theme).ok_or_else(other_corpus)?.guid;
            let key = format!("{}-{}", passage.chars.start, passage.chars.end);
            selections.push(Selection {
                guid: guid(guid(source, "code", code.as_bytes()), "selection", key.as_bytes()),
                segment: passage.segment,
                line: passage.line.saturating_sub(document.first_line()),
                chars: passage.chars.clone(),
                code,
            });
        }
        Ok(Self { guid: source, name, text, document, selections })
    }
}

/// A text that is read from its beginning, by code points.
struct Reading<'t> {
    text: &'t str,
    /// Code points and bytes before the place of reading.
    chars: u32,
    bytes: usize,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, chars: 0, bytes: 0 }
    }

    /// What stands between two code points; none where the text is shorter, or the first lies before that
    /// of the last call.
    fn cut(&mut self, chars: &Range<u32>) -> Option<&'t str> {
        self.bytes += bytes_of(&self.text[self.bytes..], chars.start.checked_sub(self.chars)?)?;
        self.chars = chars.start;
        let rest = &self.text[self.bytes..];
        rest.get(..bytes_of(rest, chars.end.checked_sub(chars.start)?)?)
    }
}

/// Bytes of the first `chars` code points of a text, where it has so many.
fn bytes_of(text: &str, chars: u32) -> Option<usize> {
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.nth(chars as usize)
}

fn other_corpus() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the analysis is not one of this corpus: a passage is not at its place",
    )
}

fn passages(analysis: &Analysis, codings: RefiCodings) -> Vec<Passage> {
    match codings {
        RefiCodings::Quotes => {
            let quotes = analysis.themes.iter().enumerate().flat_map(|(theme, found)| {
                found.quotes.iter().map(move |quote| Passage {
                    segment: quote.segment,
                    theme,
                    span: quote.span.clone(),
                    chars: quote.chars.clone(),
                    line: quote.line,
                })
            });
            quotes.collect()
        }
        RefiCodings::Segments => {
            let segments = analysis.segments.list().iter().zip(analysis.memberships.iter()).enumerate();
            let with_theme = segments.filter_map(|(index, (segment, memberships))| {
                let theme = memberships.first()?.theme;
                let (span, chars, line) = (segment.span(), segment.chars(), segment.line());
                Some(Passage { segment: index, theme, span, chars, line })
            });
            with_theme.collect()
        }
    }
}

/// The name of a project: what it is about.
fn name(corpus: &Corpus) -> String {
    let mut sources: Vec<&str> = corpus.documents().map(|document| &**document.source()).collect();
    sources.dedup();
    match sources[..] {
        [] => "themeweave".to_owned(),
        [one] => format!("Themes of {one}"),
        [first, ..] => format!("Themes of {first} and {} more", sources.len() - 1),
    }
}

/// Seconds since 1970 as the schema wants them: `1970-01-01T00:00:00Z`.
fn date_time(seconds: u64) -> String {
    const LAST_OF_9999: u64 = 253_402_300_799;
    let time = UNIX_EPOCH + Duration::from_secs(seconds.min(LAST_OF_9999));
    humantime::format_rfc3339_seconds(time).to_string()
}

/// The attributes of all documents, in order of appearance. REFI-QDA wants names that differ.
fn variables(corpus: &Corpus) -> Vec<Variable<'_>> {
    let mut names = Names::default();
    let mut variables: Vec<Variable<'_>> = Vec::new();
    let mut known = HashSet::new();
    for (attribute, _) in corpus.documents().flat_map(|document| document.attributes()) {
        if known.insert(attribute) {
            variables.push(Variable {
                guid: guid(root(), "variable", attribute.as_bytes()),
                attribute,
                name: names.unique(attribute),
            });
        }
    }
    variables
}

/// The speakers, in order of appearance.
fn cases(analysis: &Analysis, sources: &[Source<'_>]) -> Vec<Case> {
    let mut names = Names::default();
    let speakers = analysis.segments.speakers();
    let mut cases: Vec<Case> = speakers
        .iter()
        .map(|speaker| Case {
            guid: guid(root(), "case", speaker.as_bytes()),
            name: names.unique(speaker),
            sources: Vec::new(),
            selections: Vec::new(),
        })
        .collect();
    let places: HashMap<&str, usize> =
        speakers.iter().enumerate().map(|(place, speaker)| (speaker.as_str(), place)).collect();
    for source in sources {
        if let Some(speaker) = source.document.speaker() {
            if let Some(&place) = places.get(speaker) {
                cases[place].sources.push(source.guid);
            }
            continue;
        }
        for selection in &source.selections {
            let segment = analysis.segments.list().get(selection.segment);
            let speaker = segment.and_then(|segment| analysis.segments.speaker(segment));
            if let Some(&place) = speaker.and_then(|speaker| places.get(speaker)) {
                cases[place].selections.push(selection.guid);
            }
        }
    }
    cases
}

impl Project<'_> {
    /// The file `project.qde`. The schema asks for this order of the elements.
    pub(super) fn to_xml(&self) -> String {
        let user = guid(root(), "user", b"");
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        // Writing to a String cannot fail.
        let _ = writeln!(
            xml,
            "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"{}\" origin=\"{ORIGIN}\" \
            creatingUserGUID=\"{user}\" creationDateTime=\"{}\">\n\
            <Users><User guid=\"{user}\" name=\"themeweave (machine)\"/></Users>\n<CodeBook>",
            escaped(&self.name),
            self.created
        );
        write_codes(&self.codes, &mut xml);
        xml.push_str("</CodeBook>\n");
        write_all("Variables", &self.variables, &mut xml, |variable, xml| {
            let _ = writeln!(
                xml,
                "<Variable guid=\"{}\" name=\"{}\" typeOfVariable=\"Text\"/>",
                variable.guid,
                escaped(&variable.name)
            );
        });
        write_all("Cases", &self.cases, &mut xml, |case, xml| case.write(xml));
        let made = format!("creatingUser=\"{user}\" creationDateTime=\"{}\"", self.created);
        write_all("Sources", &self.sources, &mut xml, |source, xml| {
            source.write(&self.variables, &made, xml)
        });
        let _ = writeln!(xml, "<Description>{}</Description>\n</Project>", escaped(&self.description));
        xml
    }
}

/// An element around others, which the schema does not allow to be empty.
fn write_all<T>(name: &str, elements: &[T], xml: &mut String, write: impl Fn(&T, &mut String)) {
    if elements.is_empty() {
        return;
    }
    let _ = writeln!(xml, "<{name}>");
    for element in elements {
        write(element, xml);
    }
    let _ = writeln!(xml, "</{name}>");
}

impl Case {
    fn write(&self, xml: &mut String) {
        let _ = write!(xml, "<Case guid=\"{}\" name=\"{}\">", self.guid, escaped(&self.name));
        for source in &self.sources {
            let _ = write!(xml, "<SourceRef targetGUID=\"{source}\"/>");
        }
        for selection in &self.selections {
            let _ = write!(xml, "<SelectionRef targetGUID=\"{selection}\"/>");
        }
        xml.push_str("</Case>\n");
    }
}

impl Source<'_> {
    fn write(&self, variables: &[Variable<'_>], made: &str, xml: &mut String) {
        let _ = writeln!(
            xml,
            "<TextSource guid=\"{0}\" name=\"{1}\" plainTextPath=\"internal://{0}.txt\" {made}>\n\
            <Description>{2}, line {3}</Description>",
            self.guid,
            escaped(&self.name),
            escaped(self.document.source()),
            self.document.first_line(),
        );
        for Selection { guid: selection, segment, line, chars, code } in &self.selections {
            // qc takes the line from the name, and counts from 0. The number is that in `segments.csv`.
            let _ = writeln!(
                xml,
                "<PlainTextSelection guid=\"{selection}\" name=\"line:{line} segment:{}\" \
                startPosition=\"{}\" endPosition=\"{}\" {made}>\
                <Coding guid=\"{}\" {made}><CodeRef targetGUID=\"{code}\"/></Coding></PlainTextSelection>",
                segment + 1,
                chars.start,
                chars.end,
                guid(*selection, "coding", code.as_bytes()),
            );
        }
        for variable in variables {
            let value = self.document.attributes().find(|attribute| attribute.0 == variable.attribute);
            if let Some((_, value)) = value.filter(|(_, value)| !value.is_empty()) {
                let _ = writeln!(
                    xml,
                    "<VariableValue><VariableRef targetGUID=\"{}\"/><TextValue>{}</TextValue></VariableValue>",
                    variable.guid,
                    escaped(value)
                );
            }
        }
        xml.push_str("</TextSource>\n");
    }
}
