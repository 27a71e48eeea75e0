//! Names put out of a text: three names, then the text, parted by bytes 0xFF. None is left.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;
use themeweave_io::{Pseudonyms, ReadOptions};

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let pairs = [(next(), "\u{b6}".to_owned()), (next(), "\u{a7}\n".to_owned()), (next(), String::new())];
    let pseudonyms = Pseudonyms::new(pairs);
    let text = next();
    let made = pseudonyms.apply(&text);
    assert!(text.matches('\n').count() <= made.matches('\n').count());
    check_with(text.as_bytes(), &ReadOptions { pseudonyms, ..ReadOptions::default() });
});
