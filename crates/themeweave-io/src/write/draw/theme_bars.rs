//! The shares of the themes as bars, with their intervals.

use themeweave::Analysis;

use crate::wording::{count, percent};
use crate::write::draw::svg::{Anchor, Svg, TextStyle, number};
use crate::write::draw::{INK, QUIET, RULE, theme_color, theme_outline};

const WIDTH: f64 = 900.0;
/// Where the bars begin and end.
const BARS: [f64; 2] = [330.0, 780.0];
const ROW: f64 = 30.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 46.0;

/// The picture.
pub(in crate::write) fn svg(analysis: &Analysis) -> String {
    let themes = &analysis.themes;
    let high = |theme: &themeweave::Theme| theme.share_interval.map_or(theme.share, |ends| ends.1);
    let most = themes.iter().map(high).fold(0.0, f64::max).max(0.01);
    let step = super::diagram::step(most, 5.0);
    let end = (most / step).ceil() * step;
    let at = |share: f64| BARS[0] + (BARS[1] - BARS[0]) * share / end;
    let bottom = TOP + ROW * themes.len() as f64;
    let title = format!("Share of the segments of each of {}", count(themes.len(), "theme"));
    let mut svg = Svg::new("bars", WIDTH, bottom + BOTTOM, &title);

    let ticks = (end / step).round() as usize;
    for tick in 0..=ticks {
        let share = step * tick as f64;
        let x = number(at(share));
        svg.element(
            "line",
            &[
                ("class", &"rule"),
                ("x1", &x),
                ("x2", &x),
                ("y1", &number(TOP - 6.0)),
                ("y2", &number(bottom)),
                ("stroke", &RULE),
            ],
        );
        let style = TextStyle::new(12.0).colored(QUIET, "quiet").anchored(Anchor::Middle);
        svg.text([at(share), TOP - 14.0], style, &percent(share));
    }
    for (i, theme) in themes.iter().enumerate() {
        let middle = TOP + ROW * (i as f64 + 0.5);
        let style = TextStyle::new(13.0).anchored(Anchor::End);
        svg.text_within([BARS[0] - 10.0, middle + 4.5], style, &format!("{} {}", i + 1, theme.label), 310.0);
        svg.element(
            "rect",
            &[
                ("class", &"shape"),
                ("x", &number(BARS[0])),
                ("y", &number(middle - 9.0)),
                ("width", &number(at(theme.share) - BARS[0])),
                ("height", &"18"),
                ("fill", &theme_color(Some(i))),
                ("stroke", &theme_outline(Some(i))),
                ("stroke-width", &"0.8"),
            ],
        );
        if let Some((low, high)) = theme.share_interval {
            let (low, high) = (number(at(low)), number(at(high)));
            let [above, below, y] = [middle - 4.0, middle + 4.0, middle].map(number);
            for [x1, x2, y1, y2] in [[low, high, y, y], [low, low, above, below], [high, high, above, below]]
            {
                svg.element(
                    "line",
                    &[
                        ("class", &"mark"),
                        ("x1", &x1),
                        ("x2", &x2),
                        ("y1", &y1),
                        ("y2", &y2),
                        ("stroke", &INK),
                        ("stroke-width", &"1.2"),
                    ],
                );
            }
        }
        let text = format!("{} ({})", percent(theme.share), theme.segments);
        svg.text([BARS[1] + 14.0, middle + 4.5], TextStyle::new(13.0), &text);
    }
    let note = "Share of all segments, number of segments in brackets; lines: 95 % intervals";
    svg.text([BARS[0], bottom + 26.0], TextStyle::new(12.0).colored(QUIET, "quiet"), note);
    svg.finish()
}
