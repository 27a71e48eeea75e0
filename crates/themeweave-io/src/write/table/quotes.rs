//! `quotes.csv`: the passages that show each theme, with their places.
//!
//! `segment` is the number in `segments.csv`; `text` is exactly what stands at `char_start` to
//! `char_end` in the document, but for the guard against formulas. `start` and `end` are seconds of the
//! recording, and `page` is the page on which the quote begins, where the source says so.

use std::io;

use themeweave::{Analysis, Corpus};

use crate::write::table::{Table, Take, document_name, integer, number, row, seconds, text};

pub(super) const TABLE: Table = Table {
    name: "quotes",
    columns: &[
        integer("theme"),
        integer("rank"),
        integer("segment"),
        text("document"),
        text("section"),
        text("speaker"),
        integer("line"),
        integer("char_start"),
        integer("char_end"),
        number("score"),
        text("text"),
        number("start"),
        number("end"),
        integer("page"),
    ],
    rows,
    has_bom: false,
};

fn rows(corpus: &Corpus, analysis: &Analysis, take: Take<'_>) -> io::Result<()> {
    let segments = &analysis.segments;
    for (number, theme) in (1_u64..).zip(&analysis.themes) {
        for (rank, quote) in (1_u64..).zip(&theme.quotes) {
            let segment = segments.list().get(quote.segment);
            let document = segment.and_then(|segment| corpus.document(segment.document()));
            let (start, end) = seconds(document, quote.span.clone());
            take(&row![
                number,
                rank,
                quote.segment + 1,
                segment.and_then(|segment| document_name(corpus, segment)),
                segment.and_then(|segment| segments.section(segment)),
                segment.and_then(|segment| segments.speaker(segment)),
                quote.line,
                quote.chars.start,
                quote.chars.end,
                quote.score,
                quote.text.as_str(),
                start,
                end,
                document.and_then(|document| document.page(quote.span.start)),
            ])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::write::table::{Cell, Table};
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn a_quote_stands_at_its_place() {
        let (read, analysis) = analysis_of(NOTES);
        let text: Vec<char> = read.corpus.document(0).unwrap().text().unwrap().chars().collect();
        let mut quotes = 0;
        let mut check = |row: &[Cell<'_>]| {
            let [
                ..,
                Cell::Integer(line),
                Cell::Integer(start),
                Cell::Integer(end),
                _,
                Cell::Text(quote),
                _,
                _,
                _,
            ] = row
            else {
                panic!("{row:?}");
            };
            let span: String = text[*start as usize..*end as usize].iter().collect();
            assert_eq!(span, *quote);
            assert_eq!(text[..*start as usize].iter().filter(|&&c| c == '\n').count() as u64 + 1, *line);
            quotes += 1;
            Ok(())
        };
        (Table::QUOTES.rows)(&read.corpus, &analysis, &mut check).unwrap();
        assert!(quotes > 0);
    }
}
