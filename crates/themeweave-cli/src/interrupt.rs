//! Ctrl-C and other requests to end.
//!
//! While there is nothing to clean up, a request ends the process at once. While an output folder
//! is in the making, the first request is noted, so that the analysis stops at its next step and the
//! folder goes away; a second one ends the process at once.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use crate::exit::INTERRUPTED;

static IS_REQUESTED: AtomicBool = AtomicBool::new(false);
static IS_GUARDED: AtomicBool = AtomicBool::new(false);

/// Listens for requests to end, from now on.
pub(crate) fn listen() {
    // Where the system refuses, its own way to end a process stays.
    let _ = ctrlc::set_handler(|| {
        if IS_REQUESTED.swap(true, SeqCst) || !IS_GUARDED.load(SeqCst) {
            process::exit(INTERRUPTED.into());
        }
    });
}

/// Whether somebody asked to end.
pub(crate) fn is_requested() -> bool {
    IS_REQUESTED.load(SeqCst)
}

/// As long as this lives, the first request to end is noted only.
#[derive(Debug)]
pub(crate) struct Guard(());

impl Guard {
    pub(crate) fn new() -> Self {
        IS_GUARDED.store(true, SeqCst);
        Self(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        IS_GUARDED.store(false, SeqCst);
    }
}
