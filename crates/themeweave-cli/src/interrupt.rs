//! Ctrl-C and other requests to end.
//!
//! A request ends the process at once; the folder in which files are in the making goes away before. Where
//! something else is in the making, the first request is noted, and a second one ends the process at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use crate::exit::INTERRUPTED;

static IS_REQUESTED: AtomicBool = AtomicBool::new(false);
static IS_GUARDED: AtomicBool = AtomicBool::new(false);
/// The folder that goes away.
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Listens for requests to end, from now on.
pub(crate) fn listen() {
    // Where the system refuses, its own way to end a process stays.
    let _ = ctrlc::set_handler(|| {
        if IS_REQUESTED.swap(true, SeqCst) || !IS_GUARDED.load(SeqCst) {
            process::exit(INTERRUPTED.into());
        }
        // Who wants to keep the folder now waits for the lock until the process has ended.
        let folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = &*folder {
            remove(folder);
            process::exit(INTERRUPTED.into());
        }
    });
}

/// Removes a folder in which another thread may still make files.
fn remove(folder: &Path) {
    const TRIES: usize = 20;
    for _ in 0..TRIES {
        if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
    }
}

/// Whether somebody asked to end.
pub(crate) fn is_requested() -> bool {
    IS_REQUESTED.load(SeqCst)
}

/// As long as this lives, the first request to end is noted only, or removes a folder and ends the process.
#[derive(Debug)]
pub(crate) struct Guard(());

impl Guard {
    pub(crate) fn new() -> Self {
        IS_GUARDED.store(true, SeqCst);
        Self(())
    }

    /// From now on, a request to end removes this folder; with `None` it is noted only.
    pub(crate) fn removes(&self, folder: Option<&Path>) {
        *FOLDER.lock().unwrap_or_else(PoisonError::into_inner) = folder.map(Path::to_owned);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.removes(None);
        IS_GUARDED.store(false, SeqCst);
    }
}
