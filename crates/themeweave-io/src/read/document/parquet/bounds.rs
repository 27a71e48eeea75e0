//! What keeps a file of few bytes from standing for more rows and values than can be read.

use std::io::{self, Read};

use bytes::Bytes;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{ChunkReader, Length};

use crate::read::document::extraction::broken;
use crate::read::document::spreadsheet::{CELLS, ROWS};

/// Most rows for each byte of a file, where that is more than a sheet has: the rows of `yes` and `no` alone take a
/// bit each. Rows that are all the same take nothing.
const ROWS_FROM_ONE: u64 = 10;

/// The same for cells, most of which may be empty.
const CELLS_FROM_ONE: u64 = 100;

/// Checks how many rows and cells a file of so many bytes says it has; each value of a list counts as a cell. What
/// is read of it is no more.
pub(super) fn check(metadata: &ParquetMetaData, bytes: u64) -> io::Result<()> {
    // Less than none of something is no number of it, and no file has so many.
    let number = |stated: i64| u64::try_from(stated).unwrap_or(u64::MAX);
    let (mut rows, mut cells) = (0_u64, 0_u64);
    for group in metadata.row_groups() {
        rows = rows.saturating_add(number(group.num_rows()));
        for column in group.columns() {
            cells = cells.saturating_add(number(column.num_values()));
        }
    }
    if rows > ROWS.max(bytes.saturating_mul(ROWS_FROM_ONE)) {
        return Err(broken(&"it has more rows than are read, 1,048,576 or ten for each of its bytes"));
    }
    if cells > (CELLS as u64).max(bytes.saturating_mul(CELLS_FROM_ONE)) {
        return Err(broken(
            &"it has more cells than are read, 20 million or a hundred for each of its bytes",
        ));
    }
    Ok(())
}

/// A file beyond whose end nothing can be read. Else what passes over values that are not needed would pass over as
/// many as are stated, for minutes, where there is nothing any more.
pub(super) struct Ended<R>(pub(super) R);

impl<R: Length> Length for Ended<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Ended<R> {
    type T = Ended<R::T>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.0.get_read(start).map(Ended)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

impl<R: Read> Read for Ended<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 if !buffer.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(read),
        }
    }
}

/// The pages of a column in a group, as far as it says that it has values.
pub(super) struct Stated {
    pages: Box<dyn PageReader>,
    left: u64,
}

impl Stated {
    pub(super) fn new(pages: Box<dyn PageReader>, values: i64) -> Self {
        Self { pages, left: u64::try_from(values).unwrap_or_default() }
    }

    /// Checks how many values a page says it has, for which room is made at once.
    fn check(&mut self, page: &Page) -> Result<()> {
        let more =
            |what: &str| Err(ParquetError::General(format!("{what} has more values than it can have")));
        let values = u64::from(page.num_values());
        if !page.is_data_page() {
            // Each takes some bytes.
            return if values > page.buffer().len() as u64 { more("a dictionary") } else { Ok(()) };
        }
        let Some(left) = self.left.checked_sub(values) else { return more("a column") };
        self.left = left;
        Ok(())
    }
}

impl PageReader for Stated {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        page.iter().try_for_each(|page| self.check(page))?;
        Ok(page)
    }

    /// Without what a page says of its rows, which may be wrong: they are told by its values.
    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        let page = self.pages.peek_next_page()?;
        Ok(page.map(|page| PageMetadata { num_rows: None, ..page }))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.pages.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        let page = self.pages.take_deferred_dictionary()?;
        page.iter().try_for_each(|page| self.check(page))?;
        Ok(page)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

impl Iterator for Stated {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use parquet::file::metadata::ParquetMetaDataWriter;
    use parquet::file::properties::WriterProperties;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use crate::read::document::parquet::extract;
    use crate::read::document::parquet::tests::file;

    /// What reading a file of two groups of three columns says, the second of which states so many rows and values
    /// for each column instead of two.
    fn stating(rows: i64, values: i64) -> String {
        let texts = [Some("late"), Some("later")];
        let mut bytes = file(&[&texts, &texts], WriterProperties::builder());
        let reader = SerializedFileReader::new(Bytes::from(bytes.clone())).unwrap();
        let mut groups = reader.metadata().row_groups().to_vec();
        let group = groups.pop().unwrap();
        let columns = group.columns().iter();
        let columns =
            columns.map(|column| column.clone().into_builder().set_num_values(values).build().unwrap());
        let columns = columns.collect();
        groups.push(group.into_builder().set_num_rows(rows).set_column_metadata(columns).build().unwrap());
        let metadata = reader.metadata().clone().into_builder().set_row_groups(groups).build();
        let footer = &bytes[bytes.len() - 8..][..4];
        let footer = u32::from_le_bytes(footer.try_into().unwrap()) as usize;
        bytes.truncate(bytes.len() - 8 - footer);
        ParquetMetaDataWriter::new(&mut bytes, &metadata).finish().unwrap();
        let mut out = Vec::new();
        let result = extract(bytes, &mut out);
        result.map_or_else(|error| error.to_string(), |()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn what_states_more_than_can_be_read_is_refused() {
        let whole = stating(2, 3);
        assert!(whole.ends_with("[0,4,[\"3\",\"later\",\"later; 3\"]]\n"), "{whole}");
        let most_rows = stating(1_048_574, 3);
        assert!(most_rows.contains("end of column data"), "{most_rows}");
        for rows in [1_048_575, 1 << 40, i64::MAX - 2, -1, i64::MIN] {
            assert!(stating(rows, 3).contains("more rows than are read"), "{rows}");
        }
        assert_eq!(stating(2, 6_666_664), whole);
        for values in [6_666_665, i64::MAX, -1] {
            assert!(stating(2, values).contains("more cells than are read"), "{values}");
        }
    }

    #[test]
    fn a_column_has_no_more_values_than_it_states() {
        for values in [0, 1] {
            assert!(stating(2, values).contains("a column has more values"), "{values}");
        }
    }

    #[test]
    fn what_is_passed_over_ends_with_the_file() {
        let mut bytes = file(&[&[Some("late")]], WriterProperties::builder());
        // The head of a page has a list of numbers, 2,147,483,647 of eight bytes.
        bytes[4..11].copy_from_slice(b"\x99\xF7\xFF\xFF\xFF\xFF\x07");
        let error = extract(bytes, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("unexpected end of file"), "{error}");
    }

    #[test]
    fn a_dictionary_has_no_more_values_than_bytes() {
        let mut bytes = file(&[&[Some("late")]], WriterProperties::builder());
        // The first page is a dictionary with one number. The count stands where the part of its head on that begins.
        let count = bytes.windows(3).position(|window| window == b"\x4C\x15\x02").unwrap() + 2;
        for (stated, is_read) in [(b"\x02", true), (b"\x12", false), (b"\x7E", false)] {
            bytes[count] = stated[0];
            let result = extract(bytes.clone(), &mut Vec::new());
            assert_eq!(result.is_ok(), is_read, "{result:?}");
            assert!(
                result.is_ok() || result.unwrap_err().to_string().contains("a dictionary has more values")
            );
        }
    }
}
