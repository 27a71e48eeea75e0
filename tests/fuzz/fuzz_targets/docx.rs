//! Word documents: the text, the styles and the footnotes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || parts.next().unwrap_or_default();
    let parts = [("word/document.xml", next()), ("word/styles.xml", next()), ("word/footnotes.xml", next())];
    check(&archive(&parts));
});
