//! Size and SHA-256 of what passes by.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A file as a manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileDigest {
    /// Name of the file: as given for an input, relative to its folder for an output.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content in lower-case hexadecimal.
    pub sha256: String,
}

/// Counts and hashes bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hasher {
    sha: Sha256,
    bytes: u64,
}

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    pub(crate) fn finish(self, name: impl Into<String>) -> FileDigest {
        let mut sha256 = String::with_capacity(64);
        for byte in self.sha.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        FileDigest { name: name.into(), bytes: self.bytes, sha256 }
    }
}

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A writer that counts and hashes what it passes on.
#[derive(Debug)]
pub(crate) struct HashingWriter<W> {
    inner: W,
    hasher: Hasher,
}

impl<W: Write> HashingWriter<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hasher: Hasher::default() }
    }

    pub(crate) fn into_parts(self) -> (W, Hasher) {
        (self.inner, self.hasher)
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A reader that counts and hashes what it passes on.
pub(crate) struct HashingReader<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: Read> HashingReader<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hasher: Hasher::default() }
    }

    /// Size and hash of the bytes that were read, as a file of this name.
    pub(crate) fn finish(self, name: impl Into<String>) -> FileDigest {
        self.hasher.finish(name)
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn published_test_vector() {
        let mut hasher = Hasher::default();
        hasher.update(b"a");
        hasher.update(b"bc");
        assert_eq!(hasher.finish("x"), FileDigest { name: "x".into(), bytes: 3, sha256: ABC.into() });
    }

    #[test]
    fn only_written_bytes_are_hashed() {
        /// Takes one byte at a time.
        struct Slow(Vec<u8>);
        impl Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.extend(bytes.first());
                Ok(bytes.len().min(1))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writer = HashingWriter::new(Slow(Vec::new()));
        writer.write_all(b"abc").unwrap();
        let (slow, hasher) = writer.into_parts();
        assert_eq!(slow.0, b"abc");
        assert_eq!(hasher.finish("").sha256, ABC);
    }

    #[test]
    fn bytes_that_are_read_are_hashed() {
        let mut reader = HashingReader::new(&b"abcd"[..]);
        reader.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(reader.finish("x"), FileDigest { name: "x".into(), bytes: 3, sha256: ABC.into() });
    }
}
