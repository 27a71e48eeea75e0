//! The tests of themeweave: one binary, so that there is one thing to link and one pool of threads.
//!
//! They see the public interface of the crates and nothing else. How to run them and where to put a
//! new one is in the README beside this file.

#![allow(clippy::unwrap_used, reason = "in a test, to panic is to fail")]

// Helpers: corpora from a few lines, and what must hold for every analysis.
mod support;

// One module for each step of the flow, through the public interface: what goes in, what comes out.
mod stages {
    mod association;
    mod community;
    mod conversation;
    mod cooccurrence;
    mod evidence;
    mod explain;
    mod many;
    mod network;
    mod segments;
    mod stability;
    mod vocabulary;
    mod words;
}

// What holds for any input (proptest).
mod laws {
    mod analysis;
    mod graphs;
    mod order;
    mod words;
}

// Numbers of other programs, kept beside the scripts that asked for them.
mod reference {
    mod association;
    mod graphs;
}

// The same result on any number of threads, and twice.
mod determinism;
// Texts that are read again: how often.
mod stored;
// Inputs that once went wrong, or were found where they might.
mod regression;
// Transcripts, tables and field formats of every kind, from file to segments; and pseudonyms.
mod transcripts;
// Corpora without themes.
mod too_little;
// Documents that other programs wrote.
mod documents;
// The samples of `data`: what their README promises is found.
mod sample;
// The whole program on a few notes, traced by hand.
mod cli;
// What other programs read of our files; skipped where they cannot be installed.
mod readers;
// The report: it agrees with the tables, holds whatever notes contain, and runs in a browser.
mod report;
// Larger corpora from the folder that THEMEWEAVE_CORPORA names; skipped without it.
mod corpora;
// The rules of the source text: floors, no files and clocks in the library, docs.
mod architecture;
