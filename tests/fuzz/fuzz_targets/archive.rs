//! Zip archives of any kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| check(&[b"PK\x03\x04", data].concat()));
