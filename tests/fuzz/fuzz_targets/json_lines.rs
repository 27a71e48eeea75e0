//! JSON Lines, which only the name of a file tells.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| check_file("fuzz.jsonl", data));
