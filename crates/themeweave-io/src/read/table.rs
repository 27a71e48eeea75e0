//! Tables: every row with a text is a document. CSV and TSV are read here; JSON Lines and spreadsheets
//! become rows elsewhere.

mod columns;
mod delimiter;
pub(super) mod json_lines;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Cursor, Read};
use std::mem;
use std::sync::Arc;

use csv::ByteRecord;
use themeweave::{Attribute, Diagnostic, Document};

use crate::read::ReadOptions;
use crate::read::error::{ReadError, Trouble};
use crate::read::text::{Decoding, Offsets, TextReader, newlines, not_utf8};
use crate::terminal::terminal_safe;
use crate::wording::{count, either, grouped};
use columns::Columns;
pub(super) use columns::SPEAKER;

/// Bytes by which the delimiter is told.
const SNIFFED: u64 = 1 << 16;

/// Most rows by which it is told what the columns hold, and most bytes of them.
const SAMPLED: (usize, usize) = (200, 8 << 20);

/// Most bytes of one row.
const ROW_LIMIT: u64 = 64 << 20;

/// Most lines of a quoted cell that is open at the end of the file.
const OPEN_LINES: u64 = 1000;

/// Whether a source without a name is a table: its first line has several columns, one of them with
/// a name that text columns have.
pub(super) fn seems_to_be_one(head: &[u8], decoding: &Decoding) -> bool {
    let mut text = Vec::new();
    // What cannot be decoded is not a table.
    let decoded = TextReader::new(head, decoding).take(SNIFFED).read_to_end(&mut text);
    let header = delimiter::sniff(&text, false).header(&text);
    decoded.is_ok() && header.len() > 1 && columns::name_a_text(&header)
}

/// Takes the documents of rows, one by one, with where each text is, if it can be read again.
pub(super) type Take<'t> = &'t mut dyn FnMut(Document, Option<(RowStart, Part)>) -> Result<(), Trouble>;

/// Which part of a row a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A cell of a CSV or TSV file, whose columns this byte parts.
    Cell { delimiter: u8, column: usize },
    /// The value of a key in a line of JSON Lines.
    Value { key: Arc<str> },
    /// A cell of a Parquet file, whose rows are numbered.
    #[cfg(feature = "parquet")]
    Column { column: usize },
}

/// Where a row begins in the text of its source, or the empty lines above it: bytes of the text before. Of a row that is
/// found by its number, that.
pub(super) type RowStart = u64;

/// Cells of one column of a source, found again by the offsets of their rows.
pub(super) struct Cells<R> {
    rows: Rows<'static, TextReader<R>>,
    record: ByteRecord,
    first: u64,
    offsets: Offsets,
    column: usize,
}

impl<R: Read> Cells<R> {
    /// Reads on in text that begins at an offset, where a row does.
    pub(super) fn new(mut text: TextReader<R>, offset: u64, delimiter: u8, column: usize) -> Self {
        let offsets = Offsets::default();
        text.tell(&offsets);
        let layout = delimiter::Layout { delimiter, skip: 0 };
        let rows = Rows::new("", text, &layout);
        Self { rows, record: ByteRecord::new(), first: offset, offsets, column }
    }

    /// The cell of the row at an offset, which is not before that of the last call; `None` where there is none.
    pub(super) fn at(&mut self, offset: u64) -> Result<Option<String>, Trouble> {
        loop {
            let here = self.first + self.offsets.of(self.rows.start());
            if here > offset || self.rows.next(&mut self.record)?.is_none() {
                return Ok(None);
            }
            if here == offset {
                let cell = self.record.get(self.column).unwrap_or_default();
                return utf8(cell, 1).map(|cell| Some(cell.to_owned()));
            }
        }
    }
}

/// Reads a table. `tabs` says that tabs usually part the columns of such a file.
pub(super) fn read(
    name: &Arc<str>,
    text: &mut dyn Read,
    tabs: bool,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, Trouble> {
    let failed = |error| ReadError::io(&**name, &error);
    let mut head = Vec::new();
    (&mut *text).take(SNIFFED).read_to_end(&mut head).map_err(failed)?;
    let layout = match options.delimiter {
        Some(delimiter) => delimiter::Layout::given(delimiter, &head),
        None => delimiter::sniff(&head, tabs),
    };
    let mut rows = Rows::new(name, Cursor::new(head).chain(text), &layout);
    let mut header = ByteRecord::new();
    let Some((header_line, _)) = rows.next(&mut header)? else { return Ok(Vec::new()) };
    let mut names = Vec::with_capacity(header.len());
    for cell in &header {
        names.push(utf8(cell, header_line)?.trim().to_owned());
    }

    let part = &|column| Some(Part::Cell { delimiter: layout.delimiter, column });
    let mut table = documents(name, &names, options, part, &mut |record| rows.next(record), take)?;
    table.diagnostics.extend(rows.check_end()?);
    Ok(table.finish())
}

/// A row of cells that is read elsewhere, with its number.
pub(super) type CellRow = (u64, Vec<String>);

/// Takes the documents of rows of cells, the first of which is the header. `part` tells which part of a row a column
/// is, where it can be read again.
pub(super) fn from_rows(
    name: &Arc<str>,
    mut rows: impl Iterator<Item = Result<CellRow, ReadError>>,
    part: &dyn Fn(usize) -> Option<Part>,
    options: &ReadOptions,
    take: &mut dyn FnMut(Document, Option<(RowStart, Part)>) -> Result<(), ReadError>,
) -> Result<Vec<Diagnostic>, Trouble> {
    let Some((_, header)) = rows.next().transpose()? else { return Ok(Vec::new()) };
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let next = &mut |record: &mut ByteRecord| {
        let Some((number, mut cells)) = rows.next().transpose()? else { return Ok(None) };
        // Empty cells at the end of a row are not written down.
        cells.resize(cells.len().max(names.len()), String::new());
        *record = ByteRecord::from(cells);
        Ok(Some((number, Some(number))))
    };
    let take = &mut |document, place| Ok(take(document, place)?);
    Ok(documents(name, &names, options, part, next, take)?.finish())
}

/// What gives the rows: each with the line in which it begins, and its place in the text of its source, where
/// it can be read again.
type Next<'n> = &'n mut dyn FnMut(&mut ByteRecord) -> Result<Option<(u64, Option<RowStart>)>, Trouble>;

/// Makes documents of all rows. `part` tells which part of a row a column is.
fn documents<'a>(
    name: &'a Arc<str>,
    names: &[String],
    options: &ReadOptions,
    part: &dyn Fn(usize) -> Option<Part>,
    next: Next<'_>,
    take: Take<'a>,
) -> Result<Table<'a>, Trouble> {
    let (mut sample, mut starts, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut record = ByteRecord::new();
    while sample.len() < SAMPLED.0 && bytes < SAMPLED.1 {
        let Some((line, start)) = next(&mut record)? else { break };
        bytes += record.as_slice().len();
        sample.push((mem::take(&mut record), line));
        starts.push(start);
    }
    let (columns, diagnostics) = Columns::choose(name, names, &sample, options)?;
    let part = part(columns.text);
    let mut table = Table::new(name, columns, part, diagnostics, take);
    for ((record, line), start) in sample.into_iter().zip(starts) {
        table.add(&record, (line, start))?;
    }
    while let Some(place) = next(&mut record)? {
        table.add(&record, place)?;
    }
    Ok(table)
}

/// The text of a cell that begins in `line` of the source.
fn utf8(cell: &[u8], line: u64) -> Result<&str, Trouble> {
    std::str::from_utf8(cell).map_err(|error| not_utf8(cell, error, line))
}

/// Reads row after row and knows the lines in which they begin.
struct Rows<'a, R> {
    name: &'a str,
    csv: csv::Reader<Metered<R>>,
    /// Bytes and lines of the text before those that the reader sees.
    skipped: (u64, u64),
    /// Where the last cell of the last row begins, and how many line ends it holds.
    last_cell: (u64, u64),
}

impl<'a, R: Read> Rows<'a, R> {
    fn new(name: &'a str, text: R, layout: &delimiter::Layout) -> Self {
        let mut source = Metered { source: text, left: ROW_LIMIT, last: b'\n', last_solid: b'\n' };
        // The head was read from memory before, so that it cannot fail now.
        let _ = io::copy(&mut (&mut source).take(layout.skip as u64), &mut io::sink());
        let csv = csv::ReaderBuilder::new()
            .delimiter(layout.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(source);
        let skipped = (layout.skip as u64, u64::from(layout.skip > 0));
        Self { name, csv, skipped, last_cell: (1, 0) }
    }

    /// Where the next row begins, or the empty lines above it.
    fn start(&self) -> RowStart {
        self.skipped.0 + self.csv.position().byte()
    }

    /// Reads the next row into `record`; `None` at the end, else the line in which it begins, and its start.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<(u64, Option<RowStart>)>, Trouble> {
        let start = self.start();
        self.csv.get_mut().left = ROW_LIMIT;
        let before = self.csv.position().line();
        match self.csv.read_byte_record(record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(self.failed(error, before).into()),
        }
        // Every row ends with one line end. Those that are neither that nor within its cells are
        // empty lines before it.
        let passed = self.csv.position().line() - before;
        let within = newlines(record.as_slice());
        let first = self.skipped.1 + before + passed.saturating_sub(within + 1);
        let in_last = record.iter().next_back().map_or(0, newlines);
        self.last_cell = (first + within - in_last, in_last);
        Ok(Some((first, Some(start))))
    }

    /// Looks at the end of the file, where a quote that was never closed comes to light.
    fn check_end(&self) -> Result<Option<Diagnostic>, Trouble> {
        let (line, lines) = self.last_cell;
        // A cell with a line end in it is a quoted one, and the file should end with its quote.
        if lines == 0 || self.csv.get_ref().last_solid == b'"' {
            return Ok(None);
        }
        let hint = "close it, or write a quote within a cell as two";
        if lines > OPEN_LINES {
            let message = format!(
                "a quote opens here and is never closed; it takes in the last {lines} lines of the file"
            );
            return Err(ReadError::in_file(self.name, message).at_line(line).with_hint(hint).into());
        }
        let message =
            format!("{}: a quote opens in line {line} and is never closed", terminal_safe(self.name));
        Ok(Some(Diagnostic::new("unclosed-quote", message).with_hint(hint)))
    }

    fn failed(&self, error: csv::Error, line: u64) -> ReadError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                let message = format!("a row begins here that is longer than {} MB", ROW_LIMIT >> 20);
                ReadError::in_file(self.name, message)
                    .at_line(self.skipped.1 + line)
                    .with_hint("look for a quote that is never closed")
            }
            csv::ErrorKind::Io(error) => ReadError::io(self.name, &error),
            // The reader checks neither UTF-8 nor lengths, and has no other errors.
            kind => ReadError::in_file(self.name, format!("{kind:?}")),
        }
    }
}

/// Passes text on, ends it with a line end, and stops when one row takes too much of it.
struct Metered<R> {
    source: R,
    left: u64,
    last: u8,
    /// The last byte that is neither line end nor blank.
    last_solid: u8,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.source.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        let bytes = &buffer[..read];
        if let Some(&last) = bytes.last() {
            self.last = last;
            if let Some(&solid) = bytes.iter().rfind(|byte| !byte.is_ascii_whitespace()) {
                self.last_solid = solid;
            }
        } else if self.last != b'\n'
            && let Some(end) = buffer.first_mut()
        {
            *end = b'\n';
            self.last = b'\n';
            return Ok(1);
        }
        Ok(read)
    }
}

/// Documents in the making.
struct Table<'a> {
    name: &'a Arc<str>,
    columns: Columns,
    /// Which part of a row the text is, where it can be read again.
    part: Option<Part>,
    take: Take<'a>,
    /// Hashes of the ids so far: with millions of rows, ids would be much to hold.
    ids: HashSet<u64>,
    repeated: usize,
    first_repeated_line: u64,
    empty_ids: usize,
    first_empty_id: u64,
    rows: u64,
    without_text: usize,
    ragged: usize,
    first_ragged_line: u64,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Table<'a> {
    fn new(
        name: &'a Arc<str>,
        columns: Columns,
        part: Option<Part>,
        diagnostics: Vec<Diagnostic>,
        take: Take<'a>,
    ) -> Self {
        Self {
            name,
            columns,
            part,
            take,
            ids: HashSet::new(),
            repeated: 0,
            first_repeated_line: 0,
            empty_ids: 0,
            first_empty_id: 0,
            rows: 0,
            without_text: 0,
            ragged: 0,
            first_ragged_line: 0,
            diagnostics,
        }
    }

    /// Adds a row.
    fn add(&mut self, record: &ByteRecord, (line, start): (u64, Option<RowStart>)) -> Result<(), Trouble> {
        self.rows += 1;
        if record.len() != self.columns.count {
            self.ragged += 1;
            if self.ragged == 1 {
                self.first_ragged_line = line;
            }
        }
        let text = record.get(self.columns.text).unwrap_or_default();
        let before = record.range(self.columns.text).map_or(0, |range| range.start);
        let lines = match self.part {
            // Line ends of cells are line ends of the source.
            Some(Part::Cell { .. }) => newlines(&record.as_slice()[..before]),
            _ => 0,
        };
        let first_line = line + lines;
        let text = utf8(text, first_line)?;
        if text.trim().is_empty() {
            self.without_text += 1;
            return Ok(());
        }
        let cell = |column: usize| utf8(record.get(column).unwrap_or_default(), line);
        let given = |column: Option<usize>| match column {
            Some(column) => cell(column).map(|cell| Some(cell.trim()).filter(|cell| !cell.is_empty())),
            None => Ok(None),
        };
        let mut attributes = Vec::with_capacity(self.columns.attributes.len());
        for (column, name) in &self.columns.attributes {
            attributes.push(Attribute { name: Arc::clone(name), value: cell(*column)?.to_owned() });
        }
        let given_id = given(self.columns.id)?;
        let mut id = match given_id {
            Some(id) => id.to_owned(),
            None if self.columns.id.is_none() => self.rows.to_string(),
            // Numbers alone may be the ids of other rows.
            None => {
                self.empty_ids += 1;
                if self.empty_ids == 1 {
                    self.first_empty_id = self.rows;
                }
                format!("row {}", self.rows)
            }
        };
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        if !self.ids.insert(hasher.finish()) {
            if given_id.is_some() {
                self.repeated += 1;
                if self.repeated == 1 {
                    self.first_repeated_line = first_line;
                }
            }
            id = format!("{id}#{}", self.rows);
        }
        let document = Document {
            name: id,
            source: Arc::clone(self.name),
            first_line: u32::try_from(first_line).unwrap_or(u32::MAX),
            text: text.to_owned(),
            blocks: Vec::new(),
            speaker: given(self.columns.speaker)?.map(str::to_owned),
            attributes,
        };
        (self.take)(document, start.zip(self.part.clone()))
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        let name = terminal_safe(self.name);
        if self.repeated > 0 {
            let message = format!(
                "{name}: {} {} an id that an earlier row has, the first in line {}; the row number stands behind it",
                count(self.repeated, "row"),
                either(self.repeated, "has", "have"),
                self.first_repeated_line
            );
            let diagnostic = Diagnostic::new("repeated-ids", message);
            self.diagnostics
                .push(diagnostic.with_hint("choose a column that differs in every row (--id-column)"));
        }
        if self.empty_ids > 0 {
            let message = format!(
                "{name}: {} {}, such as “row {}”",
                count(self.empty_ids, "row"),
                either(
                    self.empty_ids,
                    "has no id and is named by its number",
                    "have no id and are named by their numbers"
                ),
                self.first_empty_id
            );
            self.diagnostics.push(Diagnostic::new("empty-ids", message));
        }
        if self.without_text > 0 {
            let message = format!(
                "{name}: {} of {} {} left out",
                grouped(self.without_text),
                count(self.rows as usize, "row"),
                either(self.without_text, "has no text and is", "have no text and are")
            );
            self.diagnostics.push(Diagnostic::new("rows-without-text", message));
        }
        if self.ragged > 0 {
            let message = format!(
                "{name}: {} {} not have {} as the header does, the first in line {}",
                count(self.ragged, "row"),
                either(self.ragged, "does", "do"),
                count(self.columns.count, "column"),
                self.first_ragged_line
            );
            let hint = "look there for an unquoted delimiter or line end in a cell";
            self.diagnostics.push(Diagnostic::new("ragged-rows", message).with_hint(hint));
        }
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found = Vec<(Document, Option<(RowStart, Part)>)>;

    fn read_bytes(mut text: impl Read, options: &ReadOptions) -> Result<(Found, Vec<Diagnostic>), Trouble> {
        let mut documents = Vec::new();
        let take = &mut |document, place| {
            documents.push((document, place));
            Ok(())
        };
        let diagnostics = read(&"t.csv".into(), &mut text, false, options, take)?;
        Ok((documents, diagnostics))
    }

    fn try_table(text: &str, options: &ReadOptions) -> Result<(Vec<Document>, Vec<Diagnostic>), Trouble> {
        let (documents, diagnostics) = read_bytes(text.as_bytes(), options)?;
        Ok((documents.into_iter().map(|(document, _)| document).collect(), diagnostics))
    }

    fn table(text: &str) -> (Vec<Document>, Vec<&'static str>) {
        let (documents, diagnostics) = try_table(text, &ReadOptions::default()).unwrap();
        (documents, diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect())
    }

    /// Name, line and text of every document.
    fn rows(text: &str) -> Vec<(String, u32, String)> {
        table(text)
            .0
            .into_iter()
            .map(|document| (document.name, document.first_line, document.text))
            .collect()
    }

    fn row(name: &str, line: u32, text: &str) -> (String, u32, String) {
        (name.into(), line, text.into())
    }

    #[test]
    fn rows_become_documents() {
        let (documents, codes) =
            table("id,Speaker,text,site\nn1, Anna ,The bus is late.,north\nn2,,Too dear.,\n");
        assert_eq!(codes, ["speaker-column-found"]);
        assert_eq!((documents[0].name.as_str(), &*documents[0].source), ("n1", "t.csv"));
        assert_eq!(documents[0].speaker.as_deref(), Some("Anna"));
        assert_eq!(documents[1].speaker, None);
        let site = |i: usize| (&*documents[i].attributes[0].name, documents[i].attributes[0].value.as_str());
        assert_eq!((site(0), site(1)), (("site", "north"), ("site", "")));
        assert!(documents[0].blocks.is_empty());
    }

    #[test]
    fn lines_are_those_of_the_source() {
        let text = "id,note,text\n1,\"a\nb\",\"first\nsecond\"\n\n\n2,x,plain\n3,\"\n\n\",last";
        assert_eq!(rows(text), [row("1", 3, "first\nsecond"), row("2", 7, "plain"), row("3", 10, "last")]);
        assert_eq!(rows("\n\ntext\n\na\n"), [row("1", 5, "a")]);
        assert_eq!(rows("sep=;\nid;text\n7;a\n"), [row("7", 3, "a")]);
    }

    #[test]
    fn cells_are_found_again() {
        let text = "sep=;\n\nid;text\n\n1;\"a\nb\"\n2;\n\n3;é\n4;\"x;y\"\n";
        let excel = text.replace('\n', "\r\n").replace("a\r\n", "a\n");
        for text in [text, &text.replace('\n', "\r\n"), &text.replace('\n', "\r"), &excel] {
            let decoding = Decoding::detect(text.as_bytes(), true);
            let mut reader = TextReader::new(text.as_bytes(), &decoding);
            let offsets = Offsets::default();
            reader.tell(&offsets);
            let (documents, _) = read_bytes(&mut reader, &ReadOptions::default()).unwrap();
            let found = documents.into_iter().map(|(document, place)| {
                let (row, part) = place.unwrap();
                assert_eq!(part, Part::Cell { delimiter: b';', column: 1 });
                (document.text, offsets.of(row))
            });
            let found: Vec<(String, u64)> = found.collect();
            assert_eq!(found.len(), 3);
            for (first, &(_, offset)) in found.iter().enumerate() {
                let rest = TextReader::new(&text.as_bytes()[offset as usize..], &decoding);
                let mut cells = Cells::new(rest, offset, b';', 1);
                for (text, offset) in &found[first..] {
                    assert_eq!(cells.at(*offset).unwrap().as_ref(), Some(text));
                }
                assert_eq!(cells.at(u64::MAX).unwrap(), None);
            }
        }
    }

    #[test]
    fn cells_stay_as_they_are() {
        let text = "text\n'=1+1\n\" a \"\"b\"\" \"\n=cmd\n";
        let cells: Vec<_> = rows(text).into_iter().map(|(_, _, text)| text).collect();
        assert_eq!(cells, ["'=1+1", " a \"b\" ", "=cmd"]);
    }

    #[test]
    fn rows_without_text_keep_their_numbers() {
        let (documents, codes) = table("text,x\na,1\n  ,2\n\"\n\",3\nb,4\n");
        let names: Vec<_> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!((names, codes), (vec!["1", "4"], vec!["rows-without-text"]));
    }

    #[test]
    fn repeated_and_missing_ids_get_numbers() {
        let (documents, codes) = table("id,text\na,1\na,2\n,3\nb,4\na,5\n");
        let names: Vec<_> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(
            (names, codes),
            (vec!["a", "a#2", "row 3", "b", "a#5"], vec!["repeated-ids", "empty-ids"])
        );
    }

    #[test]
    fn rows_without_an_id_take_that_of_no_other() {
        let (documents, diagnostics) =
            try_table("id,text\n,1\n1,2\nrow 4,3\n,4\n2,5\n", &ReadOptions::default()).unwrap();
        let names: Vec<_> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(names, ["row 1", "1", "row 4", "row 4#4", "2"]);
        let messages: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert_eq!(messages, ["t.csv: 2 rows have no id and are named by their numbers, such as “row 1”"]);
    }

    #[test]
    fn ragged_rows_are_kept_and_told() {
        let (documents, diagnostics) =
            try_table("id,text,x\n1,one\n2,two,x,y\n3\n4,four,x\n", &ReadOptions::default()).unwrap();
        assert_eq!(documents.len(), 3);
        assert_eq!(documents[0].attributes[0].value, "");
        let ragged = diagnostics.iter().find(|diagnostic| diagnostic.code == "ragged-rows").unwrap();
        assert!(ragged.message.contains("3 rows") && ragged.message.contains("line 2"), "{ragged}");
    }

    #[test]
    fn numbers_and_their_words_agree() {
        let (_, diagnostics) =
            try_table("id,text\n1,one\n1,two\n3,\n4,four,x\n", &ReadOptions::default()).unwrap();
        let messages: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "t.csv: 1 row has an id that an earlier row has, the first in line 3; the row number stands behind it",
                "t.csv: 1 of 4 rows has no text and is left out",
                "t.csv: 1 row does not have 2 columns as the header does, the first in line 5",
            ]
        );
    }

    #[test]
    fn the_text_column_is_guessed_from_a_sample() {
        let (documents, codes) = table("id,q1,site\n1,we never have the time,n\n2,nor the money,s\n");
        assert_eq!(codes, ["text-column-guessed"]);
        assert_eq!(documents[1].text, "nor the money");
        let long: String = (0..250).map(|i| format!("a fine long answer {i},x\n")).collect();
        assert_eq!(table(&format!("q,r\n{long}")).0.len(), 250);
    }

    #[test]
    fn options_are_obeyed() {
        let options = ReadOptions {
            text_column: Some("b".into()),
            id_column: Some("c".into()),
            delimiter: Some(b'|'),
            ..ReadOptions::default()
        };
        let (documents, _) = try_table("text|b|c\n1,2;3|two|three\n", &options).unwrap();
        assert_eq!((documents[0].name.as_str(), documents[0].text.as_str()), ("three", "two"));
    }

    #[test]
    fn empty_tables_give_nothing() {
        for text in ["", "\n\n", "id,text\n"] {
            assert_eq!(rows(text), [], "{text:?}");
        }
    }

    #[test]
    fn open_quotes_are_found() {
        assert_eq!(table("id,text\n1,a\n2,\"open\n3,b\n").1, ["unclosed-quote"]);
        assert_eq!(table("id,text\n1,\"open").1, ["unclosed-quote"]);
        for closed in ["text\n\"a\nb\"", "text\n\"a\nb\" \n\n", "id,text\n\"a\nb\",c\n"] {
            assert!(table(closed).1.is_empty(), "{closed:?}");
        }
        let long = format!("text\nfine\n\"open\n{}", "x\n".repeat(2000));
        match try_table(&long, &ReadOptions::default()) {
            Err(Trouble::Failed(error)) => assert_eq!(error.line(), Some(3)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn endless_rows_are_refused() {
        let mut endless = (&b"text\nfine\n\"open"[..]).chain(io::repeat(b'x'));
        match read_bytes(&mut endless, &ReadOptions::default()) {
            Err(Trouble::Failed(error)) => {
                assert_eq!(error.line(), Some(3));
                assert!(error.to_string().contains("64 MB"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn broken_utf8_names_its_place() {
        let bytes = b"id,text\n1,ok\n2,\"a\nbc\xE9\"\n";
        match read_bytes(&bytes[..], &ReadOptions::default()) {
            Err(Trouble::NotUtf8 { line, column }) => assert_eq!((line, column), (4, 3)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tables_are_told_from_prose() {
        for (head, expected) in [
            ("id,text\n1,a\n", true),
            ("Datum;Comment\n", true),
            ("Notes\n\nWe met, and we talked.\n", false),
            ("We met, and we talked.\nText, too.\n", false),
            ("", false),
        ] {
            let decoding = Decoding::detect(head.as_bytes(), true);
            assert_eq!(seems_to_be_one(head.as_bytes(), &decoding), expected, "{head:?}");
        }
    }
}
