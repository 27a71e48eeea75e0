//! OpenDocument spreadsheets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mimetype: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    check(&archive(&[("mimetype", mimetype), ("content.xml", data)]));
});
