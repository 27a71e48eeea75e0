//! Old Excel workbooks, taken apart in this process. What is found here is mostly to be mended in calamine;
//! the program takes them apart in another process, under limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_io::{Extraction, extract};

fuzz_target!(|data: &[u8]| {
    let _ = extract(Extraction::Xls, &mut &data[..], &mut std::io::sink());
});
