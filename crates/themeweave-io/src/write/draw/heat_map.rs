//! Themes by section or another kind as a heat map with counts.

use themeweave::Analysis;

use crate::wording::percent;
use crate::write::crosstab::Crosstab;
use crate::write::draw::svg::{Anchor, Svg, TextStyle, number};
use crate::write::draw::{QUIET, RULE, text, theme_color};

const ROW: f64 = 28.0;
/// Least and greatest width of the names of the rows.
const LABEL: [f64; 2] = [300.0, 480.0];
/// Least and greatest width of a theme.
const COLUMN: [f64; 2] = [34.0, 90.0];
/// Size of these names.
const NAME: f64 = 12.5;
/// Width of the picture, which names of rows and themes share, but for many themes.
const WIDTH: f64 = 1000.0;
const TOTAL: f64 = 60.0;
const MARGIN: f64 = 16.0;

/// The picture: a row for each section, a column for each theme; the depth of a cell is the theme's share
/// of the row's segments, the number in it their count.
pub(in crate::write) fn svg(table: &Crosstab, analysis: &Analysis) -> String {
    let themes = &analysis.themes;
    // Names of themes are written upwards at a slant.
    let names: Vec<String> = themes
        .iter()
        .enumerate()
        .map(|(i, theme)| format!("{} {}", i + 1, text::cut(&theme.label, 12.0, 240.0)))
        .collect();
    let longest = names.iter().map(|name| text::width(name, 12.0)).fold(0.0, f64::max);
    let beyond = TOTAL.max(0.72 * longest) + MARGIN;
    let widest = table.rows.iter().map(|row| text::width(row.name(), NAME)).fold(0.0, f64::max);
    let (room, columns) = (WIDTH - MARGIN - beyond, themes.len() as f64);
    let label = (widest + 12.0).min(room - COLUMN[0] * columns).clamp(LABEL[0], LABEL[1]);
    let column = ((room - label) / columns).clamp(COLUMN[0], COLUMN[1]);
    let left = MARGIN + label;
    let right = left + column * columns;
    let top = MARGIN + 0.72 * longest + 16.0;
    let bottom = top + ROW * table.rows.len() as f64;
    let width = right + beyond;
    let title = format!("Segments of each theme by {}", table.kind);
    let mut svg = Svg::new("heat", width, bottom + 54.0, &title);

    for (i, name) in names.iter().enumerate() {
        let [x, y] = [left + column * (i as f64 + 0.5), top - 8.0].map(number);
        let turned = format!("rotate(-45 {x} {y})");
        svg.text_with(&[("transform", &turned)], [x.0, y.0], TextStyle::new(12.0), name);
    }
    let most = table.greatest_share().max(1e-9);
    for (i, row) in table.rows.iter().enumerate() {
        let y = top + ROW * i as f64;
        let style = TextStyle::new(NAME);
        let cut =
            if matches!(table.kind.as_str(), "section" | "document") { text::cut_before } else { text::cut };
        svg.text([MARGIN, y + ROW / 2.0 + 4.5], style, &cut(row.name(), NAME, label - 12.0));
        for (t, &segments) in row.counts.iter().enumerate() {
            let x = left + column * t as f64;
            svg.element(
                "rect",
                &[
                    ("x", &number(x + 1.0)),
                    ("y", &number(y + 1.0)),
                    ("width", &number(column - 2.0)),
                    ("height", &number(ROW - 2.0)),
                    ("fill", &theme_color(Some(t))),
                    ("fill-opacity", &number(0.85 * (row.share(t) / most).min(1.0))),
                    ("stroke", &RULE),
                    ("stroke-width", &"0.6"),
                ],
            );
            if segments > 0 {
                let at = [x + column / 2.0, y + ROW / 2.0 + 4.5];
                svg.text(at, TextStyle::new(12.0).anchored(Anchor::Middle), &segments.to_string());
            }
        }
        let style = TextStyle::new(12.0).colored(QUIET, "quiet").anchored(Anchor::Start);
        svg.text([right + 12.0, y + ROW / 2.0 + 4.5], style, &format!("of {}", row.segments));
    }
    let quiet = TextStyle::new(12.0).colored(QUIET, "quiet");
    let mut note = format!(
        "Number of segments; the deeper the color, the greater their share of the {} (deepest: {})",
        table.kind,
        percent(most)
    );
    if table.left_out > 0 {
        note.push_str(&format!("; {} smaller ones are not shown", table.left_out));
    }
    svg.text_within([MARGIN, bottom + 30.0], quiet, &note, width - 2.0 * MARGIN);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::crosstab::Row;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn names_are_whole_where_there_is_room() {
        let (_, analysis) = analysis_of(NOTES);
        let row = |label: &str| Row {
            label: Some(label.to_owned()),
            segments: 2,
            counts: vec![1; analysis.themes.len()],
        };
        let name = "Afternoon groups > Group 3: What would good look like?";
        let rows = vec![row(name), row(&name.repeat(3))];
        let drawn = svg(&Crosstab { kind: "section".to_owned(), rows, left_out: 0 }, &analysis);
        assert!(drawn.contains(&format!(">{}<", name.replace('>', "&gt;"))), "{drawn}");
        assert_eq!(drawn.matches('…').count(), 1, "{drawn}");
    }
}
