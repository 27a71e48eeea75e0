//! Zip archives: their parts are read by name and in memory, up to stated limits.
//!
//! Nothing is unpacked to disk and no size that the archive states is believed, so that neither the
//! names of parts nor what they grow to can do harm.

use std::io::{self, BufRead, BufReader, Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::read::error::ReadError;

/// Most bytes of one part, unpacked.
const PART: u64 = 200 << 20;

/// Most bytes of all parts that are read, unpacked.
const TOTAL: u64 = 1 << 30;

/// Most parts of an archive.
const PARTS: usize = 100_000;

/// Bytes that can be read from any place.
pub(in crate::read) trait ReadSeek: Read + Seek {}

impl<R: Read + Seek> ReadSeek for R {}

type Bytes<'s> = BufReader<&'s mut dyn ReadSeek>;

/// A zip archive that is open for reading.
pub(super) struct Package<'s> {
    archive: ZipArchive<Bytes<'s>>,
    left: u64,
}

impl<'s> Package<'s> {
    /// Opens an archive.
    pub(super) fn open(source: &'s mut dyn ReadSeek) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(BufReader::new(source)).map_err(|error| broken(&error))?;
        if archive.len() > PARTS {
            return Err(ReadError::general(
                "this archive has more than 100,000 parts, the most that are read",
            ));
        }
        Ok(Self { archive, left: TOTAL })
    }

    /// The names of all parts, in the order of the archive.
    pub(super) fn parts(&self) -> impl Iterator<Item = String> {
        self.archive.file_names().filter_map(|name| name.ok().map(|name| name.into_owned()))
    }

    /// The part of this name, to be read; `None` where there is none.
    pub(super) fn open_part(&mut self, part: &str) -> Result<Option<impl BufRead>, ReadError> {
        match self.archive.by_name(part) {
            Ok(file) => Ok(Some(BufReader::new(Part { file, part_left: PART, left: &mut self.left }))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(broken(&error)),
        }
    }

    /// The bytes of the part of this name; `None` where there is none.
    pub(super) fn read_part(&mut self, part: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(mut file) = self.open_part(part)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| ReadError::general(format!("{part}: {error}")))?;
        Ok(Some(bytes))
    }
}

fn broken(error: &ZipError) -> ReadError {
    let message = match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            return ReadError::general("this file is protected by a password")
                .with_hint("save it without one");
        }
        ZipError::Io(error) => format!("this archive cannot be read: {error}"),
        error => format!("this archive is broken or cut off: {error}"),
    };
    ReadError::general(message).with_hint("open it in the program it is from and save it anew")
}

/// A part of an archive that refuses to grow beyond the limits.
struct Part<'p, 's> {
    file: ZipFile<'p, Bytes<'s>>,
    part_left: u64,
    left: &'p mut u64,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let too_long =
            |limit| io::Error::other(format!("it unpacks to more than {limit}, the most that is read"));
        self.part_left = self.part_left.checked_sub(read as u64).ok_or_else(|| too_long("200 MiB"))?;
        *self.left = self.left.checked_sub(read as u64).ok_or_else(|| too_long("1 GiB in all"))?;
        Ok(read)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A zip archive with these parts.
    pub(in crate::read) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn parts_are_read_by_name() {
        let bytes = zip(&[("a/b.xml", b"x"), ("../../etc/passwd", b"root")]);
        let mut source = Cursor::new(bytes);
        let mut package = Package::open(&mut source).unwrap();
        assert_eq!(package.parts().collect::<Vec<_>>(), ["a/b.xml", "../../etc/passwd"]);
        assert_eq!(package.read_part("a/b.xml").unwrap().as_deref(), Some(&b"x"[..]));
        assert_eq!(package.read_part("c").unwrap(), None);
    }

    #[test]
    fn bombs_are_stopped() {
        let bytes = zip(&[("a", &vec![0; PART as usize + 1])]);
        assert!(bytes.len() < 1 << 20);
        let mut source = Cursor::new(bytes);
        let error = Package::open(&mut source).unwrap().read_part("a").unwrap_err().to_string();
        assert!(error.contains("200 MiB"), "{error}");
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let bytes = zip(&[("a", b"some text that is long enough"), ("b", b"x")]);
        for end in 0..bytes.len() {
            let mut source = Cursor::new(&bytes[..end]);
            assert!(Package::open(&mut source).is_err(), "{end}");
        }
    }
}
