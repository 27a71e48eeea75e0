//! Lines of PDFs as they come from the extractor.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| check_pdf_lines(data));
