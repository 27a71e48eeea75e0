//! Tables of text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| check(&[b"id,text,speaker\n", data].concat()));
