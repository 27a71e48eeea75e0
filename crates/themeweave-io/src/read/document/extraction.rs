//! What cannot be kept from running wild by itself: the extraction may exhaust stack or memory or never end
//! when a file is hostile. So it runs in a process of its own, under limits, where the caller names
//! a program for it, and else in a thread. Only its output comes back, piece by piece. From a file of rows it
//! gives those that it is asked for.

mod row_lines;

use std::io::{self, BufWriter, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(feature = "parquet")]
use crate::read::document::parquet;
use crate::read::document::{pdf, spreadsheet};
use crate::read::error::ReadError;
#[cfg(feature = "parquet")]
use crate::read::files;

pub(super) use row_lines::{RowLines, RowWriter};

/// Longest time that is spent waiting for what comes out of one file.
const TIME: Duration = Duration::from_secs(120);

/// Most bytes of a file that is held in memory.
const MOST: u64 = 512 << 20;

/// Most bytes that come out of a file.
const UNPACKED: u64 = 1 << 30;

/// The same for each byte of a file that is not held, where that is more: no compression of text does better, but
/// for a few texts that stand there again and again.
#[cfg(feature = "parquet")]
const UNPACKED_FROM_ONE: u64 = 100;

/// Bytes that are passed on at once, and pieces that may wait to be taken.
const PIECE: usize = 1 << 16;
const WAITING: usize = 32;

/// Most bytes of a message.
const MESSAGE: u64 = 1000;

/// What is extracted apart from all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extraction {
    /// The text of a PDF.
    Pdf,
    /// The rows of an old Excel workbook (`.xls`).
    Xls,
    /// The rows of an Apache Parquet file.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Extraction {
    const ALL: &[Self] = &[
        Self::Pdf,
        Self::Xls,
        #[cfg(feature = "parquet")]
        Self::Parquet,
    ];

    /// The one argument by which a program is asked for it: `extract-pdf` and the like.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Pdf => "extract-pdf",
            Self::Xls => "extract-xls",
            #[cfg(feature = "parquet")]
            Self::Parquet => "extract-parquet",
        }
    }

    /// What an argument asks for.
    pub fn from_argument(argument: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|what| what.argument() == argument)
    }

    fn failed(self, message: &str) -> ReadError {
        let (subject, hint) = match self {
            Self::Pdf => (
                "the text of this PDF cannot be extracted",
                "print the document to a new PDF, or save it as .docx or plain text",
            ),
            Self::Xls => (
                "this old Excel or Word document cannot be read",
                "save it as .xlsx, .docx, CSV or plain text, without a password",
            ),
            #[cfg(feature = "parquet")]
            Self::Parquet => ("this Parquet file cannot be read", "save it as CSV or JSON Lines"),
        };
        ReadError::general(format!("{subject}: {message}")).with_hint(hint)
    }
}

/// Extracts from the file in `input` and writes to `output` what [`read`](crate::read()) takes up; with a `path`,
/// which Parquet files are named by, from the file there the rows that `input` asks for, until it ends.
///
/// This is what a program does that [`ReadOptions::extractor`](crate::ReadOptions::extractor) names. It may
/// run without end, or exhaust stack or memory, when the file is hostile, so it should be run under limits.
///
/// # Errors
/// When the file is broken or protected by a password or cannot be opened, or `input` or `output` fails.
pub fn extract(
    what: Extraction,
    path: Option<&Path>,
    input: &mut dyn Read,
    output: &mut dyn Write,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut output = BufWriter::with_capacity(PIECE, output);
    if path.is_none() {
        input.read_to_end(&mut bytes)?;
    }
    let extracted = catch_unwind(AssertUnwindSafe(|| match (what, path) {
        (Extraction::Pdf, None) => pdf::extract_lines(bytes, &mut output),
        (Extraction::Xls, None) => spreadsheet::extract_xls(bytes, &mut output),
        #[cfg(feature = "parquet")]
        (Extraction::Parquet, None) => parquet::extract(bytes, &mut output),
        #[cfg(feature = "parquet")]
        (Extraction::Parquet, Some(path)) => parquet::answer(path, input, &mut output),
        (_, Some(_)) => Err(broken(&"it is not read by rows")),
    }));
    extracted.unwrap_or_else(|_| Err(broken(&"it is broken")))?;
    output.flush()
}

/// An error of what is extracted, in one line.
pub(super) fn broken(message: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_string().replace('\n', " "))
}

enum Piece {
    Bytes(Vec<u8>),
    End(Result<(), String>),
}

/// Where an extraction is asked for rows of its file.
#[cfg(feature = "parquet")]
pub(super) type Requests = Box<dyn Write + Send>;

/// What is being extracted, to be read while it comes.
pub(super) struct Output {
    what: Extraction,
    receive: Receiver<Piece>,
    /// Time that may still be spent waiting.
    time: Duration,
    piece: Cursor<Vec<u8>>,
    outcome: Option<Result<(), String>>,
    /// Bytes that may still come.
    left: u64,
    child: Option<Arc<Mutex<Child>>>,
}

impl Output {
    /// Begins to extract from `source` by the program, where there is one.
    pub(super) fn start(
        what: Extraction,
        source: &mut dyn Read,
        program: Option<&Path>,
    ) -> Result<Self, ReadError> {
        let (send, receive) = mpsc::sync_channel(WAITING);
        let child = match program {
            Some(program) => Some(outside(what, source, program, send)?),
            None => {
                within(what, source, send)?;
                None
            }
        };
        Ok(Self::new(what, receive, child, UNPACKED))
    }

    /// Begins to extract rows from a file, and where to ask for them.
    #[cfg(feature = "parquet")]
    pub(super) fn of_file(
        what: Extraction,
        path: &Path,
        program: Option<&Path>,
    ) -> Result<(Self, Requests), ReadError> {
        let bytes = files::open(path)?.metadata().map_or(0, |metadata| metadata.len());
        let left = UNPACKED.max(bytes.saturating_mul(UNPACKED_FROM_ONE));
        let (send, receive) = mpsc::sync_channel(WAITING);
        let (child, requests) = match program {
            Some(program) => {
                let mut command = Command::new(program);
                command.arg(what.argument()).arg(path);
                let (child, requests) = spawn(what, &mut command, send)?;
                (Some(child), Box::new(requests) as Requests)
            }
            None => {
                let (requests_read, requests) =
                    io::pipe().map_err(|error| what.failed(&error.to_string()))?;
                let path = path.to_owned();
                in_thread(send, move |out| extract(what, Some(&path), &mut &requests_read, out));
                (None, Box::new(requests) as Requests)
            }
        };
        Ok((Self::new(what, receive, child, left), requests))
    }

    fn new(what: Extraction, receive: Receiver<Piece>, child: Option<SharedChild>, left: u64) -> Self {
        Self { what, receive, time: TIME, piece: Cursor::default(), outcome: None, left, child }
    }

    /// Waits for the end and tells whether all went well.
    pub(super) fn finish(mut self) -> Result<(), ReadError> {
        let rest = io::copy(&mut self, &mut io::sink()).map_err(|error| error.to_string());
        let outcome = self.outcome.take().unwrap_or(Ok(()));
        rest.and(outcome).map_err(|message| self.what.failed(&message))
    }
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.outcome.is_some() {
                return Ok(read);
            }
            let start = Instant::now();
            let received = self.receive.recv_timeout(self.time);
            self.time = self.time.saturating_sub(start.elapsed());
            self.outcome = match received {
                Ok(Piece::Bytes(bytes)) if bytes.len() as u64 <= self.left => {
                    self.left -= bytes.len() as u64;
                    self.piece = Cursor::new(bytes);
                    None
                }
                Ok(Piece::Bytes(_)) => {
                    Some(Err("it holds more text than is read, 1 GiB or a hundred times its size".into()))
                }
                Ok(Piece::End(outcome)) => Some(outcome),
                Err(RecvTimeoutError::Timeout) => {
                    Some(Err("it takes more than 2 minutes, the longest time for one file".into()))
                }
                Err(RecvTimeoutError::Disconnected) => Some(Err("it is broken".into())),
            };
        }
    }
}

impl Drop for Output {
    /// Ends a process that nobody waits for any more.
    fn drop(&mut self) {
        if let Some(child) = &self.child {
            // What has ended by itself need not be ended.
            let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }
}

/// Extracts in a thread of this process.
fn within(what: Extraction, source: &mut dyn Read, send: SyncSender<Piece>) -> Result<(), ReadError> {
    let mut bytes = Vec::new();
    let read = source.take(MOST).read_to_end(&mut bytes);
    read.map_err(|error| ReadError::general(error.to_string()))?;
    if bytes.len() as u64 == MOST {
        return Err(too_large(what));
    }
    in_thread(send, move |out| extract(what, None, &mut &bytes[..], out));
    Ok(())
}

fn in_thread(
    send: SyncSender<Piece>,
    extract: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
) {
    thread::spawn(move || {
        let result = extract(&mut Pieces(&send));
        // Nobody listens any more when the time is over.
        let _ = send.send(Piece::End(result.map_err(|error| error.to_string())));
    });
}

fn too_large(what: Extraction) -> ReadError {
    what.failed("it has 512 MiB or more")
}

/// Sends what is written.
struct Pieces<'s>(&'s SyncSender<Piece>);

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(Piece::Bytes(bytes.to_vec())).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type SharedChild = Arc<Mutex<Child>>;

/// Extracts in another process, which is returned.
fn outside(
    what: Extraction,
    source: &mut dyn Read,
    program: &Path,
    send: SyncSender<Piece>,
) -> Result<SharedChild, ReadError> {
    let mut command = Command::new(program);
    let (child, mut input) = spawn(what, command.arg(what.argument()), send)?;
    let given_up = |error| {
        // What has ended by itself need not be ended.
        let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        Err(error)
    };
    match io::copy(&mut source.take(MOST), &mut input) {
        Ok(MOST) => given_up(too_large(what)),
        // It may end before it has read everything, and says why.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            given_up(ReadError::general(error.to_string()))
        }
        Ok(_) | Err(_) => Ok(child),
    }
}

/// Starts another process that extracts; returned is also what it reads.
fn spawn(
    what: Extraction,
    command: &mut Command,
    send: SyncSender<Piece>,
) -> Result<(SharedChild, ChildStdin), ReadError> {
    let cannot_run = |error: &io::Error| what.failed(&format!("the program for that cannot be run: {error}"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_run(&error))?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(input), Some(output), Some(errors)) = pipes else {
        return Err(cannot_run(&io::ErrorKind::BrokenPipe.into()));
    };
    let child = Arc::new(Mutex::new(child));
    let shared = Arc::clone(&child);
    thread::spawn(move || {
        let outcome = pass_on(output, errors, &send).and_then(|message| outcome(&shared, message));
        let _ = send.send(Piece::End(outcome.unwrap_or_else(|error| Err(error.to_string()))));
    });
    Ok((child, input))
}

/// Passes on what a process writes, and returns its message.
fn pass_on(mut output: impl Read, errors: impl Read, send: &SyncSender<Piece>) -> io::Result<String> {
    let mut piece = vec![0; PIECE];
    loop {
        let read = output.read(&mut piece)?;
        if read == 0 || send.send(Piece::Bytes(piece[..read].to_vec())).is_err() {
            break;
        }
    }
    drop(output);
    let mut message = Vec::new();
    errors.take(MESSAGE).read_to_end(&mut message)?;
    Ok(String::from_utf8_lossy(&message).trim().to_owned())
}

/// How a process ended, when it has.
fn outcome(child: &Mutex<Child>, message: String) -> io::Result<Result<(), String>> {
    let status = wait(child)?;
    Ok(match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(message),
        _ => Err("it takes more memory or time than it may, or makes the extraction crash".to_owned()),
    })
}

fn wait(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    const STEP: Duration = Duration::from_millis(2);
    loop {
        if let Some(status) = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()? {
            return Ok(status);
        }
        thread::sleep(STEP);
    }
}
