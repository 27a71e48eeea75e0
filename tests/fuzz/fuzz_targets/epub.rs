//! Books: the list of chapters and a chapter.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || parts.next().unwrap_or_default();
    let container: &[u8] = b"<container><rootfile full-path=\"a.opf\"/></container>";
    let parts = [
        ("mimetype", &b"application/epub+zip"[..]),
        ("META-INF/container.xml", container),
        ("a.opf", next()),
        ("a.xhtml", next()),
    ];
    check(&archive(&parts));
});
