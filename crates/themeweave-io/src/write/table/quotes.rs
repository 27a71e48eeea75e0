//! `quotes.csv`: the passages that show each theme, with their places.
//!
//! `segment` is the number in `segments.csv`; `text` is exactly what stands at `char_start` to
//! `char_end` in the document, but for the guard against formulas. `start` and `end` are seconds of the
//! recording, and `page` is the page on which the quote begins, where the source says so.

use themeweave::{Analysis, Corpus};

use crate::write::table::{Rows, Table, document_name, row, seconds};

pub(super) const TABLE: Table = Table {
    name: "quotes",
    columns: &[
        "theme",
        "rank",
        "segment",
        "document",
        "section",
        "speaker",
        "line",
        "char_start",
        "char_end",
        "score",
        "text",
        "start",
        "end",
        "page",
    ],
    rows,
};

fn rows<'a>(corpus: &'a Corpus, analysis: &'a Analysis) -> Rows<'a> {
    let segments = &analysis.segments;
    Box::new((1_u64..).zip(&analysis.themes).flat_map(move |(number, theme)| {
        (1_u64..).zip(&theme.quotes).map(move |(rank, quote)| {
            let segment = segments.list().get(quote.segment);
            let document = segment.and_then(|segment| corpus.documents().get(segment.document()));
            let (start, end) = seconds(document, quote.span.clone());
            row![
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
                document.and_then(|document| document.text.get(quote.span.clone())),
                start,
                end,
                document.and_then(|document| document.page(quote.span.start)),
            ]
        })
    }))
}

#[cfg(test)]
mod tests {
    use crate::write::table::{Cell, Table};
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn a_quote_stands_at_its_place() {
        let (read, analysis) = analysis_of(NOTES);
        let text: Vec<char> = read.corpus.documents()[0].text.chars().collect();
        let mut quotes = 0;
        for row in (Table::QUOTES.rows)(&read.corpus, &analysis) {
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
            ] = &row[..]
            else {
                panic!("{row:?}");
            };
            let span: String = text[*start as usize..*end as usize].iter().collect();
            assert_eq!(span, *quote);
            assert_eq!(text[..*start as usize].iter().filter(|&&c| c == '\n').count() as u64 + 1, *line);
            quotes += 1;
        }
        assert!(quotes > 0);
    }
}
