//! Size and SHA-256 of what passes by.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::{panic, thread};

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

/// What `take` makes of the bytes of a source, and their size and hash as far as it reads them.
pub(crate) fn hashed<T>(source: impl Read, take: impl FnOnce(&mut dyn Read) -> T) -> (T, Hasher) {
    let mut bytes = HashingReader { inner: source, hasher: Hasher::default() };
    (take(&mut bytes), bytes.hasher)
}

/// What `take` makes of the bytes of `head` and those that follow in `file`, and the size and hash of them all. A
/// thread of its own reads and hashes the file ahead of `take`, and no further than a few chunks where that fails.
///
/// # Errors
/// Where there can be no thread, and where the file cannot be read to its end although `take` is done.
pub(crate) fn hashed_ahead<T, E>(
    head: &[u8],
    file: &mut File,
    take: impl FnOnce(&mut dyn Read) -> Result<T, E>,
) -> io::Result<(Result<T, E>, Hasher)> {
    /// Bytes of a chunk.
    const CHUNK: usize = 1 << 18;
    /// Chunks that wait to be taken.
    const WAITING: usize = 4;
    thread::scope(|scope| {
        let (send, chunks) = sync_channel(WAITING);
        let hashing = thread::Builder::new().spawn_scoped(scope, move || {
            let mut hasher = Hasher::default();
            hasher.update(head);
            loop {
                let mut chunk = vec![0; CHUNK];
                let read = match file.read(&mut chunk) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    result => result,
                };
                chunk.truncate(*read.as_ref().unwrap_or(&0));
                hasher.update(&chunk);
                let is_last = chunk.is_empty();
                if send.send(read.map(|_| chunk)).is_err() || is_last {
                    return hasher;
                }
            }
        })?;
        let mut rest = ReadAhead { chunks, chunk: Cursor::default() };
        let taken = take(&mut head.chain(&mut rest));
        if taken.is_ok() {
            io::copy(&mut rest, &mut io::sink())?;
        }
        drop(rest);
        Ok((taken, hashing.join().unwrap_or_else(|payload| panic::resume_unwind(payload))))
    })
}

/// A reader that counts and hashes what it passes on.
struct HashingReader<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

/// Chunks that another thread reads, the last of them empty.
struct ReadAhead {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Cursor<Vec<u8>>,
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.position() == self.chunk.get_ref().len() as u64 {
            let Ok(chunk) = self.chunks.recv() else { return Ok(0) };
            self.chunk = Cursor::new(chunk?);
        }
        self.chunk.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

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
        let (read, hasher) = hashed(&b"abcd"[..], |bytes| bytes.read_exact(&mut [0; 3]));
        read.unwrap();
        assert_eq!(hasher.finish("x"), FileDigest { name: "x".into(), bytes: 3, sha256: ABC.into() });
    }

    #[test]
    fn what_is_read_ahead_is_the_same() {
        for length in [0, 1, 1 << 16, 3_000_000] {
            let content: Vec<u8> = (0..length).map(|i: u32| (i % 251) as u8).collect();
            let (head, rest) = content.split_at(content.len() / 10);
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(rest).unwrap();
            let read_to = |end: u64| {
                move |bytes: &mut dyn Read| {
                    let mut taken = Vec::new();
                    bytes.take(end).read_to_end(&mut taken).map(|_| taken)
                }
            };
            let (_, expected) = hashed(&content[..], read_to(u64::MAX));
            let expected = expected.finish("");
            for end in [u64::MAX, content.len() as u64 / 2] {
                file.rewind().unwrap();
                let (taken, hasher) = hashed_ahead(head, &mut file, read_to(end)).unwrap();
                assert_eq!(taken.unwrap(), content[..content.len().min(end as usize)]);
                assert_eq!(hasher.finish(""), expected);
            }
            file.rewind().unwrap();
            let (failed, _) = hashed_ahead(head, &mut file, |_| Err::<(), _>("no")).unwrap();
            assert_eq!(failed, Err("no"));
            assert!(file.stream_position().unwrap() < 1 << 20);
        }
    }
}
