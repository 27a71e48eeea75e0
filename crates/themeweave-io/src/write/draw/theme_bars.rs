//! The shares of the themes as bars, with their intervals.

use themeweave::Analysis;

use crate::wording::{count, percent};
use crate::write::draw::svg::{Anchor, Svg, TextStyle, number};
use crate::write::draw::{Breadth, INK, PAPER, QUIET, RULE, theme_color, theme_outline};

const TOP: f64 = 34.0;
/// Height of a line of text.
const LINE: f64 = 18.0;

/// Where the parts of the picture are.
struct Plan {
    width: f64,
    /// Where the bars begin and end.
    bars: [f64; 2],
    /// Height of a theme.
    row: f64,
    /// Whether names stand above the bars, and not beside them.
    has_names_above: bool,
    /// Where the note begins.
    note: f64,
}

impl Plan {
    fn new(breadth: Breadth) -> Self {
        match breadth {
            Breadth::Wide => {
                Self { width: 900.0, bars: [330.0, 780.0], row: 30.0, has_names_above: false, note: 330.0 }
            }
            Breadth::Narrow => {
                Self { width: 380.0, bars: [18.0, 292.0], row: 48.0, has_names_above: true, note: 4.0 }
            }
        }
    }
}

/// The picture.
pub(in crate::write) fn svg(analysis: &Analysis, breadth: Breadth) -> String {
    let plan = Plan::new(breadth);
    let themes = &analysis.themes;
    let high = |theme: &themeweave::Theme| theme.share_interval.map_or(theme.share, |ends| ends.1);
    let most = themes.iter().map(high).fold(0.0, f64::max).max(0.01);
    let step = super::diagram::step(most, 5.0);
    let end = (most / step).ceil() * step;
    let [from, to] = plan.bars;
    let at = |share: f64| from + (to - from) * share / end;
    let bottom = TOP + plan.row * themes.len() as f64;
    let title = format!("Share of the segments of each of {}", count(themes.len(), "theme"));
    let note = ["Share of all segments, number of segments in brackets;", "lines: 95\u{a0}% intervals"];
    let note = if plan.has_names_above { note.map(str::to_owned).to_vec() } else { vec![note.join(" ")] };
    let height = bottom + 28.0 + LINE * note.len() as f64;
    let mut svg = Svg::new(&breadth.class("bars"), plan.width, height, &title);

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
        let low = TOP + plan.row * (i + 1) as f64;
        let middle = low - 15.0;
        let name = format!("{} {}", i + 1, theme.label);
        let style = TextStyle::new(13.0);
        if plan.has_names_above {
            svg.text_within([from, middle - 14.0], style, &name, plan.width - from);
        } else {
            svg.text_within([from - 10.0, middle + 4.5], style.anchored(Anchor::End), &name, from - 20.0);
        }
        svg.element(
            "rect",
            &[
                ("class", &"shape"),
                ("x", &number(from)),
                ("y", &number(middle - 9.0)),
                ("width", &number(at(theme.share) - from)),
                ("height", &"18"),
                ("fill", &theme_color(Some(i))),
                ("stroke", &theme_outline(Some(i))),
                ("stroke-width", &"0.8"),
            ],
        );
        if let Some((low, high)) = theme.share_interval {
            let [low, high] = [low, high].map(|share| number(at(share)));
            let [above, below, y] = [middle - 4.0, middle + 4.0, middle].map(number);
            let whisker = format!("M{low} {above}V{below}M{low} {y}H{high}M{high} {above}V{below}");
            // Around it the color of the paper, so that it is seen on bars of any color.
            for (class, color, width) in [("halo", &PAPER, "4"), ("mark", &INK, "1.2")] {
                svg.element(
                    "path",
                    &[
                        ("class", &class),
                        ("d", &whisker),
                        ("fill", &"none"),
                        ("stroke", color),
                        ("stroke-width", &width),
                    ],
                );
            }
        }
        let text = format!("{} ({})", percent(theme.share), theme.segments);
        svg.text([to + 14.0, middle + 4.5], TextStyle::new(13.0), &text);
    }
    for (line, text) in note.iter().enumerate() {
        let at = [plan.note, bottom + 26.0 + LINE * line as f64];
        svg.text(at, TextStyle::new(12.0).colored(QUIET, "quiet"), text);
    }
    svg.finish()
}
