//! `report.html`: the whole result on one page that needs nothing but a browser.
//!
//! The page is whole without script: tables, quotes and pictures stand in it as HTML and SVG. A script of
//! its own lets one sort tables and walk about the network; it is allowed by its hash, and nothing else
//! is, so that no text of a note can run. The page shows the values of the tables and draws from them.
//! What is shown of large corpora is bounded and says so.

mod card;
mod heat_table;
mod method;
mod network_data;
mod reading;

use std::io::{self, Write};

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use themeweave::{Analysis, Diagnostic};

use crate::digest::FileDigest;
use crate::wording::{count, grouped, unit};
use crate::write::crosstab::Crosstab;
use crate::write::draw::network::{BEST_TERMS, MOST_LINKS, MOST_NODES, Map};
use crate::write::draw::{Breadth, diagram, theme_bars};
use crate::write::graph;
use crate::write::report::card::Card;
use crate::write::report::heat_table::HeatTable;
use crate::write::{Run, WriteOptions, manifest};

const STYLE: &str = include_str!("../../templates/report/style.css");
const SCRIPT: &str = include_str!("../../templates/report/script.js");

/// Most terms in the table of terms: those in the most segments.
const MOST_TERMS: usize = 2_000;

/// The page, as its template reads it.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    title: String,
    subtitle: String,
    language: String,
    version: &'static str,
    policy: String,
    style: &'static str,
    script: &'static str,
    /// JSON for the script, in which no `<` stands.
    data: String,
    facts: Vec<(&'static str, String)>,
    limits: Vec<String>,
    findings: Vec<&'a Diagnostic>,
    failures: Vec<String>,
    /// The same picture for wide and for narrow screens, of which the style shows one.
    bars: Vec<String>,
    has_stability: bool,
    cards: Vec<Card<'a>>,
    map: String,
    map_note: String,
    /// So the strategic diagram.
    diagram: Vec<String>,
    structure: Vec<StructureRow<'a>>,
    heat_tables: Vec<HeatTable>,
    terms: Vec<TermRow<'a>>,
    terms_note: String,
    method: Vec<String>,
    options: Vec<(String, String)>,
    inputs: &'a [FileDigest],
}

/// A theme in the table under the strategic diagram.
struct StructureRow<'a> {
    number: usize,
    label: &'a str,
    centrality: String,
    density: String,
    quadrant: &'static str,
}

/// A row of the table of terms.
struct TermRow<'a> {
    label: &'a str,
    /// Number of its theme, from 1.
    theme: Option<usize>,
    theme_label: &'a str,
    segments: u32,
    frequency: u64,
    degree: usize,
    strength: String,
}

/// Writes the page.
pub(super) fn write(run: &Run<'_>, options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(run, options)?.render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

impl<'a> Page<'a> {
    fn new(run: &Run<'a>, options: &WriteOptions) -> io::Result<Self> {
        let Run { read, analysis, .. } = *run;
        let breadths = if analysis.themes.is_empty() { &[][..] } else { &[Breadth::Wide, Breadth::Narrow] };
        let of_breadths =
            |draw: &dyn Fn(Breadth) -> String| breadths.iter().map(|&breadth| draw(breadth)).collect();
        let map = Map::new(analysis);
        let has_map = !map.nodes.is_empty();
        Ok(Self {
            title: title(&read.files),
            subtitle: reading::subtitle(run),
            language: analysis.language.to_string(),
            version: env!("CARGO_PKG_VERSION"),
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            data: network_data::json(&read.corpus, analysis, &map)?,
            facts: reading::facts(run),
            limits: reading::limits(run),
            findings: read.diagnostics.iter().chain(&analysis.diagnostics).collect(),
            failures: read.failures.iter().map(ToString::to_string).collect(),
            bars: of_breadths(&|breadth| theme_bars::svg(analysis, breadth)),
            has_stability: analysis.themes.iter().any(|theme| theme.stability.is_some()),
            cards: card::cards(&read.corpus, analysis)?,
            map: if has_map { map.svg(analysis, false) } else { String::new() },
            map_note: map_note(analysis, &map),
            diagram: of_breadths(&|breadth| diagram::svg(analysis, breadth)),
            structure: structure(analysis),
            heat_tables: Crosstab::all(&read.corpus, analysis, run.read_options)
                .iter()
                .map(HeatTable::new)
                .collect(),
            terms: terms(analysis),
            terms_note: terms_note(analysis),
            method: method::paragraphs(run),
            options: manifest::option_list(run, options)?,
            inputs: &read.files,
        })
    }
}

/// What the browser may do with the page: apply its own style and run its own script.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn title(files: &[FileDigest]) -> String {
    match files {
        [] => "Themes".to_owned(),
        [file] => format!("Themes in {}", file_name(&file.name)),
        files => format!("Themes in {} and {} more", file_name(&files[0].name), files.len() - 1),
    }
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path)
}

/// A figure with its unit, which no line parts.
fn unbroken(figure: &str) -> String {
    figure.replace(' ', "\u{a0}")
}

fn map_note(analysis: &Analysis, map: &Map<'_>) -> String {
    let all = analysis.network.node_count();
    let linked = graph::nodes(analysis).iter().filter(|node| node.degree > 0).count();
    let mut note =
        format!("{} and {} are drawn.", count(map.nodes.len(), "term"), count(map.links.len(), "link"));
    if linked < all {
        note.push_str(&format!(" {} without a link are left out.", count(all - linked, "term")));
    }
    if linked > MOST_NODES {
        note.push_str(&format!(
            " Of {} with links, these are the first {BEST_TERMS} of each theme and those in the most segments: more could \
             not be read.",
            grouped(linked)
        ));
    }
    if analysis.network.edge_count() > MOST_LINKS {
        note.push_str(
            " Of the links, these are the strongest of each term and those with the greatest weight and most segments.",
        );
    }
    note.push_str(" All are in nodes.csv and edges.csv.");
    note
}

fn structure(analysis: &Analysis) -> Vec<StructureRow<'_>> {
    let rows = analysis.themes.iter().enumerate().map(|(i, theme)| StructureRow {
        number: i + 1,
        label: &theme.label,
        centrality: format!("{:.1}", theme.centrality),
        density: format!("{:.1}", theme.density),
        quadrant: theme.quadrant.name(),
    });
    rows.collect()
}

fn terms(analysis: &Analysis) -> Vec<TermRow<'_>> {
    let rows = graph::nodes(analysis).into_iter().take(MOST_TERMS).map(|node| TermRow {
        label: node.label,
        theme: node.group.map(|theme| theme + 1),
        theme_label: node.group.and_then(|theme| analysis.themes.get(theme)).map_or("", |theme| &theme.label),
        segments: node.segments,
        frequency: node.frequency,
        degree: node.degree,
        strength: format!("{:.2}", node.strength),
    });
    rows.collect()
}

fn terms_note(analysis: &Analysis) -> String {
    let all = analysis.vocabulary.terms().len();
    let shown = analysis.network.node_count().min(MOST_TERMS);
    let segments = unit(analysis.segments.unit());
    if shown < all {
        format!(
            "The {} terms in the most {segments}s of {} in all; the terms of each theme are in theme_terms.csv, \
             those of the network in nodes.csv.",
            grouped(shown),
            grouped(all)
        )
    } else {
        format!("All {}, those in the most {segments}s first.", count(all, "term"))
    }
}

#[cfg(test)]
mod tests {
    use themeweave::Options;

    use super::*;
    use crate::read::ReadOptions;
    use crate::write::tests::{NOTES, analysis_of};

    fn page(notes: &str) -> String {
        let (read, analysis) = analysis_of(notes);
        let (read_options, options) = (ReadOptions::default(), Options::default());
        let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
        let mut out = Vec::new();
        write(&run, &WriteOptions::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_page_has_every_part() {
        let page = page(NOTES);
        assert!(page.starts_with("<!doctype html>"));
        for part in ["read", "themes", "network", "diagram", "where", "terms", "made"] {
            assert!(page.contains(&format!("<section id=\"{part}\"")), "{part}");
        }
        assert_eq!(page.matches("<svg").count() - page.matches("<svg class=\"swatch\"").count(), 5);
        assert!(page.contains("&quot;north side&quot;") || page.contains("&#34;north side&#34;"));
    }

    #[test]
    fn no_text_can_leave_its_place() {
        let sentinel = "</script><script>window.__pwned=1</script><img src=x onerror=alert(1)>\" '";
        let notes = NOTES
            .replace("Day <1>", &format!("Day {sentinel}"))
            .replace("bus", &format!("bus {sentinel}"))
            .replace("Anna", "<b onclick=alert(1)>");
        let page = page(&notes);
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</script").count(), 2);
        assert!(!page.contains("<img") && !page.contains("<b onclick"));
        let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert!(!data.contains('<'));
        serde_json::from_str::<serde_json::Value>(data).unwrap();
    }

    #[test]
    fn nothing_is_inline_and_nothing_is_fetched() {
        let page = page(NOTES);
        let body = page.split("</style>").nth(1).unwrap().split("<script").next().unwrap();
        for pattern in [" style=", " onclick=", " onload=", "javascript:", " src=", "url("] {
            assert!(!body.contains(pattern), "{pattern}");
        }
        assert!(page.contains("default-src 'none'; style-src 'sha256-") && !page.contains("unsafe"));
    }

    #[test]
    fn too_little_text_makes_a_page_too() {
        for notes in ["", "one note only\n"] {
            let page = page(notes);
            assert!(page.contains("too little text") && page.contains("</html>"), "{page}");
        }
    }
}
