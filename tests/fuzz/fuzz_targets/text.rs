//! Text files in every layout: the first byte chooses it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;
use themeweave_io::{ReadOptions, TextFormat};

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let text_format = TextFormat::ALL.get(usize::from(choice) % (TextFormat::ALL.len() + 1)).copied();
    let private_messages = choice >= 128;
    check_with(text, &ReadOptions { text_format, private_messages, ..ReadOptions::default() });
});
