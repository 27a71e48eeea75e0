//! What parts the columns of a table.

use csv::ByteRecord;

/// The delimiters that are told apart, in the order in which they are preferred.
const KNOWN: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows by which a delimiter is judged.
const JUDGED_ROWS: usize = 50;

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// Bytes of a first line `sep=;`, by which spreadsheet programs name the delimiter.
    pub(super) skip: usize,
}

impl Layout {
    /// The layout with this delimiter.
    pub(super) fn given(delimiter: u8, head: &[u8]) -> Self {
        Self { delimiter, skip: if named(head).is_some() { NAMED_LENGTH } else { 0 } }
    }

    /// The first row of a table that begins with `head`.
    pub(super) fn header(&self, head: &[u8]) -> Vec<String> {
        let first = rows(&head[self.skip..], self.delimiter).next();
        first.iter().flatten().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect()
    }
}

/// Tells the layout of a table from its beginning: the delimiter that parts the most rows into as
/// many columns as the header has, two at least. `tabs` are preferred where nothing decides.
pub(super) fn sniff(head: &[u8], tabs: bool) -> Layout {
    if let Some(delimiter) = named(head) {
        return Layout { delimiter, skip: NAMED_LENGTH };
    }
    let preferred = if tabs { b'\t' } else { b',' };
    let candidates = [preferred].into_iter().chain(KNOWN.into_iter().filter(|&known| known != preferred));
    let mut best = (preferred, (0, 0));
    for delimiter in candidates {
        let score = judge(head, delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    Layout { delimiter: best.0, skip: 0 }
}

/// Rows per thousand that have as many columns as the header, and that number of columns.
fn judge(head: &[u8], delimiter: u8) -> (usize, usize) {
    let mut counts = rows(head, delimiter).take(JUDGED_ROWS).map(|row| row.len()).collect::<Vec<_>>();
    if counts.len() > 2 && counts.len() < JUDGED_ROWS {
        // The head may end within the last row.
        counts.pop();
    }
    match counts.first() {
        Some(&columns) if columns > 1 => {
            let fitting = counts.iter().filter(|&&count| count == columns).count();
            (fitting * 1000 / counts.len(), columns)
        }
        _ => (0, 0),
    }
}

fn rows(head: &[u8], delimiter: u8) -> impl Iterator<Item = ByteRecord> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(head)
        .into_byte_records()
        .map_while(Result::ok)
}

const NAMED_LENGTH: usize = "sep=;\n".len();

fn named(head: &[u8]) -> Option<u8> {
    match head.get(..NAMED_LENGTH)? {
        [b's', b'e', b'p', b'=', delimiter, b'\n'] => Some(*delimiter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_told() {
        for (head, expected) in [
            ("id,text\n1,one; two; three\n2,four\n", b','),
            ("id;text\n1;one, two, three\n2;four, five\n", b';'),
            ("id\ttext\n1\tone, two\n", b'\t'),
            ("id|text\n1|one\n", b'|'),
            ("id;text\n1;\"one, two;\nthree\"\n2;\"x \"\"y\"\"; z\"\n", b';'),
            ("text\nwe, they; and you\n", b','),
            ("id;site, room;text\n1;a;b\n2;c;d\n", b';'),
            ("", b','),
            ("\n\n", b','),
            ("\"id\",\"text", b','),
        ] {
            assert_eq!(sniff(head.as_bytes(), false), Layout { delimiter: expected, skip: 0 }, "{head}");
        }
        assert_eq!(sniff(b"text\n", true).delimiter, b'\t');
        assert_eq!(sniff(b"id,text\n1,2\n", true).delimiter, b',');
    }

    #[test]
    fn spreadsheets_may_name_it() {
        let head = b"sep=;\nid;text\n1;a\n";
        assert_eq!(sniff(head, false), Layout { delimiter: b';', skip: 6 });
        assert_eq!(Layout::given(b',', head), Layout { delimiter: b',', skip: 6 });
        assert_eq!(sniff(head, false).header(head), ["id", "text"]);
        assert_eq!(Layout::given(b';', b"sep").skip, 0);
    }
}
