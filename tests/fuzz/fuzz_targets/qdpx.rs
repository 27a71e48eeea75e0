//! Projects: the description and a text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || parts.next().unwrap_or_default();
    check(&archive(&[("project.qde", next()), ("sources/a.txt", next())]));
});
