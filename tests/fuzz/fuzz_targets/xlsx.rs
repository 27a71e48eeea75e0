//! Workbooks: a sheet, the shared texts and the styles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use themeweave_fuzz::*;

fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let mut next = || parts.next().unwrap_or_default();
    check(&archive(&[
        ("xl/workbook.xml", b"<workbook><sheets><sheet name='a' id='1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<r><Relationship Id='1' Target='s.xml'/></r>"),
        ("xl/s.xml", next()),
        ("xl/sharedStrings.xml", next()),
        ("xl/styles.xml", next()),
    ]));
});
