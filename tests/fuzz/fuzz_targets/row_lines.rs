//! Rows of old Excel workbooks and Parquet files as they come from the extractor.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| check_row_lines(data));
