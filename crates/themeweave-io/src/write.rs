//! An analysis becomes files: tables, the network, and a manifest of what was done.
//!
//! Each table is described once, by its columns and its rows of typed cells, in a file of its own
//! below `write/table`; every table can be written in every [`TableFormat`]. Each format of the
//! network has a file of its own below `write/graph`. A new one is a new file and a line in the list
//! of its kind. `write/refi` makes projects for programs for qualitative analysis.

mod codebook;
mod crosstab;
mod draw;
mod graph;
mod manifest;
mod number;
mod refi;
#[cfg(feature = "pictures")]
mod render;
mod report;
mod table;
mod xml;

use std::io;

use themeweave::{Analysis, Diagnostic, Options};

pub use crate::write::draw::Picture;
pub use crate::write::graph::{GraphFile, GraphFormat};
pub use crate::write::refi::{RefiCodings, RefiOptions, write_qdc, write_qdpx};
#[cfg(feature = "pictures")]
pub use crate::write::render::{Rendered, Renderer};
pub use crate::write::table::{Table, TableFormat, TableOptions};

use crate::output::{MANIFEST, NewFile, OutputFolder};
use crate::read::{ReadCorpus, ReadOptions};

/// A finished run: what was asked for, what was read, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// How the inputs were read.
    pub read_options: &'a ReadOptions,
    /// How they were analyzed.
    pub options: &'a Options,
    /// The inputs.
    pub read: &'a ReadCorpus,
    /// What was found in them.
    pub analysis: &'a Analysis,
}

/// What to write besides the files that are always written, and how.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// Formats of the tables besides CSV, which is always written.
    pub table_formats: Vec<TableFormat>,
    /// Formats of the network besides GraphML, which is always written.
    pub graph_formats: Vec<GraphFormat>,
    /// Whether text cells stay as they are even if a spreadsheet program would run them; see
    /// [`TableOptions::raw`].
    pub csv_raw: bool,
    /// Whether CSV and TSV begin with a byte order mark; see [`TableOptions::bom`].
    pub csv_bom: bool,
    /// How the files for programs for qualitative analysis are written, if they are.
    pub refi: Option<RefiOptions>,
}

/// Writes every table as CSV (that of subthemes when they were asked for), the network as
/// `network.graphml`, both in the other formats asked for, the page `report.html`, `codebook.qdc` and
/// `project.qdpx` if asked for, all side by side on the threads of the rayon pool, and at last `manifest.json`.
/// Returns what a reader of these files may get wrong.
///
/// # Errors
/// Any error of the file system, naming the file.
///
/// ```
/// use themeweave::{Options, analyze};
/// use themeweave_io::{Input, OutputFolder, ReadOptions, Run, WriteOptions, read, write_all};
///
/// let (read_options, options) = (ReadOptions::default(), Options::default());
/// let read = read(&[Input::Stdin], &read_options, &mut &b"- The bus is late.\n- The bus is dear.\n"[..])?;
/// let analysis = analyze(&read.corpus, &options, &mut ())?;
/// let parent = tempfile::tempdir()?;
/// let mut folder = OutputFolder::create(parent.path().join("results"), false)?;
/// let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
/// write_all(&mut folder, &run, &WriteOptions::default())?;
/// folder.finish()?;
/// assert!(parent.path().join("results/segments.csv").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_all(
    folder: &mut OutputFolder,
    run: &Run<'_>,
    options: &WriteOptions,
) -> io::Result<Vec<Diagnostic>> {
    let &Run { read: ReadCorpus { corpus, .. }, analysis, .. } = run;
    let mut files: Vec<NewFile<'_>> = Vec::new();
    let has_subthemes = run.options.levels > 1;
    for table in Table::ALL.into_iter().filter(|&table| table != Table::SUBTHEMES || has_subthemes) {
        for format in options.all_table_formats() {
            let table_options = TableOptions { format, raw: options.csv_raw, bom: options.csv_bom };
            let name = format!("{}.{}", table.name(), format.name());
            files.push((name, Box::new(move |out| table.write(corpus, analysis, table_options, out))));
        }
    }
    for file in options.all_graph_formats().flat_map(|format| format.files()) {
        files.push((file.name().to_owned(), Box::new(|out| file.write(analysis, out))));
    }
    files.push(("report.html".to_owned(), Box::new(|out| report::write(run, options, out))));
    let mut diagnostics = Vec::new();
    if let Some(refi) = &options.refi {
        files.push(("codebook.qdc".to_owned(), Box::new(|out| write_qdc(run, out))));
        files.push(("project.qdpx".to_owned(), Box::new(|out| write_qdpx(run, refi, out))));
        diagnostics = refi::diagnostics(corpus, refi)?;
    }
    folder.write_each(files)?;
    let outputs = folder.files().to_vec();
    folder.write(MANIFEST, |out| manifest::write(run, options, &outputs, &diagnostics, out))?;
    Ok(diagnostics)
}

impl WriteOptions {
    /// CSV and the formats asked for, each once.
    fn all_table_formats(&self) -> impl Iterator<Item = TableFormat> {
        let is_wanted =
            |format: &TableFormat| *format == TableFormat::Csv || self.table_formats.contains(format);
        TableFormat::ALL.iter().copied().filter(is_wanted)
    }

    /// GraphML and the formats asked for, each once.
    fn all_graph_formats(&self) -> impl Iterator<Item = GraphFormat> {
        let is_wanted =
            |format: &GraphFormat| *format == GraphFormat::GRAPHML || self.graph_formats.contains(format);
        GraphFormat::ALL.into_iter().filter(is_wanted)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;

    use themeweave::analyze;

    use super::*;
    use crate::read::{Input, read};

    /// Notes of two themes, with speakers, a section, and texts that are awkward to write.
    pub(crate) const NOTES: &str = "# Day <1>\n\n\
        - Anna: =the bus to the \"north side\" is late, the timetable is wrong\n\
        - Ben: the bus is late again and the timetable has no evening bus\n\
        - Anna: evening bus and timetable, late as ever\n\
        - Ben: a timetable for the evening bus, please\n\
        - Anna: the café garden needs volunteers for planting\n\
        - Ben: volunteers love the café garden & planting\n\
        - Anna: planting day in the café garden brings volunteers\n\
        - Ben: more volunteers, more planting, more café\n\
        - zzz\n";

    pub(crate) fn analysis_of(text: &str) -> (ReadCorpus, Analysis) {
        let read = read(&[Input::Stdin], &ReadOptions::default(), &mut text.as_bytes()).unwrap();
        let options = Options { themes: Some(2), ..Options::default() };
        let analysis = analyze(&read.corpus, &options, &mut ()).unwrap();
        (read, analysis)
    }

    #[test]
    fn the_folder_has_every_file_and_the_same_bytes_again() {
        let parent = tempfile::tempdir().unwrap();
        let (read_options, options) = (ReadOptions::default(), Options::default());
        let write_options = WriteOptions {
            table_formats: vec![TableFormat::JsonLines],
            graph_formats: GraphFormat::ALL.to_vec(),
            refi: Some(RefiOptions::default()),
            ..WriteOptions::default()
        };
        let content = |name: &str| {
            let (read, analysis) = analysis_of(NOTES);
            let run =
                Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
            let place = parent.path().join(name);
            let mut folder = OutputFolder::create(&place, false).unwrap();
            write_all(&mut folder, &run, &write_options).unwrap();
            let names: Vec<String> = folder.files().iter().map(|file| file.name.clone()).collect();
            folder.finish().unwrap();
            let content: Vec<Vec<u8>> =
                names.iter().map(|name| fs::read(place.join(name)).unwrap()).collect();
            (names, content)
        };
        let (names, first) = content("a");
        let expected = "themes.csv themes.jsonl theme_terms.csv theme_terms.jsonl theme_links.csv theme_links.jsonl quotes.csv quotes.jsonl \
            counter_evidence.csv counter_evidence.jsonl segments.csv segments.jsonl document_themes.csv \
            document_themes.jsonl nodes.csv nodes.jsonl edges.csv edges.jsonl codebook.csv codebook.jsonl \
            network.graphml network.gexf network.dot network.net network.clu network.vec vosviewer.json \
            vosviewer_map.txt vosviewer_network.txt network.cyjs network.json report.html codebook.qdc project.qdpx \
            manifest.json";
        assert_eq!(names.join(" "), expected);
        assert_eq!(first, content("b").1);
    }

    #[test]
    fn nothing_to_analyze_gives_headers() {
        for text in ["", "one note only\n"] {
            let (read, analysis) = analysis_of(text);
            for table in Table::ALL {
                let mut out = Vec::new();
                table.write(&read.corpus, &analysis, TableOptions::default(), &mut out).unwrap();
                let header = table.columns().collect::<Vec<_>>().join(",") + "\n";
                let text = String::from_utf8(out).unwrap();
                assert!(text.trim_start_matches('\u{feff}').starts_with(&header), "{}", table.name());
            }
        }
    }
}
