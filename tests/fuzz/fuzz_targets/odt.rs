//! OpenDocument texts: the text and the styles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || parts.next().unwrap_or_default();
    let mimetype: &[u8] = b"application/vnd.oasis.opendocument.text";
    check(&archive(&[("mimetype", mimetype), ("content.xml", next()), ("styles.xml", next())]));
});
