//! Tables of text, from a stream and from a file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let bytes = [b"id,text,speaker\n", data].concat();
    check(&bytes);
    check_file("fuzz.csv", &bytes);
});
