//! `codebook.csv`: the themes as codes with descriptions, as Taguette imports them ("Import codebook").
//!
//! Taguette guesses the encoding, and takes emoji in UTF-8 for Turkish, so there is always a byte order
//! mark.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::codebook;
use crate::write::table::{Table, Take, row, text};

pub(super) const TABLE: Table =
    Table { name: "codebook", columns: &[text("tag"), text("description")], rows, has_bom: true };

fn rows(_: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    for theme in &analysis.themes {
        take(&row![theme.label.as_str(), codebook::description(analysis, theme)])?;
    }
    Ok(())
}
