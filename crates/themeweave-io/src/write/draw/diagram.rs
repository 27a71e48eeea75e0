//! The strategic diagram: themes by centrality and density.

use themeweave::Analysis;

use crate::write::draw::label::{Anchored, Area, place};
use crate::write::draw::svg::{Anchor, Svg, TextStyle, number};
use crate::write::draw::{Breadth, INK, PAPER, QUIET, RULE, theme_color, theme_outline};

/// Size of the labels.
const LABEL: f64 = 13.0;

/// Where the parts of the picture are.
struct Plan {
    width: f64,
    height: f64,
    frame: Area,
    /// Radii of the smallest and the largest theme.
    radius: [f64; 2],
    /// What the corners of the frame are called: above and below, left and right.
    quadrants: [[&'static str; 2]; 2],
}

impl Plan {
    fn new(breadth: Breadth) -> Self {
        let [width, height, left, right] = match breadth {
            Breadth::Wide => [900.0, 640.0, 76.0, 24.0],
            Breadth::Narrow => [400.0, 440.0, 60.0, 8.0],
        };
        Self {
            width,
            height,
            frame: Area { left, top: 24.0, right: width - right, bottom: height - 62.0 },
            radius: if breadth == Breadth::Wide { [7.0, 30.0] } else { [5.0, 20.0] },
            quadrants: match breadth {
                Breadth::Wide => [
                    ["niche: dense, apart", "motor: dense and central"],
                    ["emerging or declining: loose, apart", "basic: central, loose"],
                ],
                Breadth::Narrow => [["niche", "motor"], ["emerging or declining", "basic"]],
            },
        }
    }
}

/// The picture.
pub(in crate::write) fn svg(analysis: &Analysis, breadth: Breadth) -> String {
    let themes = &analysis.themes;
    let plan = Plan::new(breadth);
    let Plan { width, height, frame: area, radius, .. } = plan;
    let across = Axis::new(themes.iter().map(|theme| theme.centrality), area.left, area.right);
    let up = Axis::new(themes.iter().map(|theme| theme.density), area.bottom, area.top);
    let title = "Strategic diagram: themes by centrality and density";
    let mut svg = Svg::new(&breadth.class("diagram"), width, height, title);
    frame(&mut svg, &plan, &across, &up);

    let most = themes.iter().map(|theme| theme.share).fold(0.0, f64::max);
    let texts: Vec<String> =
        themes.iter().enumerate().map(|(i, theme)| format!("{} {}", i + 1, theme.label)).collect();
    // The number alone stands where there is no room for the name.
    let numbers: Vec<String> = (1..=themes.len()).map(|number| number.to_string()).collect();
    let labels: Vec<Anchored<'_>> = themes
        .iter()
        .zip(texts.iter().zip(&numbers))
        .map(|(theme, (text, number))| Anchored {
            center: [across.at(theme.centrality), up.at(theme.density)],
            radius: (radius[1] * (theme.share / most).sqrt()).max(radius[0]),
            text,
            short: Some(number),
            size: LABEL,
            is_important: false,
        })
        .collect();
    // The largest lie below, so that none is hidden.
    for (i, label) in labels.iter().enumerate() {
        svg.element(
            "circle",
            &[
                ("class", &"shape"),
                ("cx", &number(label.center[0])),
                ("cy", &number(label.center[1])),
                ("r", &number(label.radius)),
                ("fill", &theme_color(Some(i))),
                ("fill-opacity", &"0.85"),
                ("stroke", &theme_outline(Some(i))),
            ],
        );
    }
    for (i, placed) in place(&labels, area).into_iter().enumerate() {
        let Some(placed) = placed else { continue };
        let text = if placed.is_short { &numbers[i] } else { &texts[i] };
        svg.text_with(
            &[
                ("stroke", &PAPER),
                ("stroke-width", &"3"),
                ("stroke-linejoin", &"round"),
                ("paint-order", &"stroke"),
            ],
            placed.baseline(LABEL),
            TextStyle::new(LABEL).anchored(Anchor::Middle).colored(INK, "label"),
            text,
        );
    }
    svg.finish()
}

/// Frame, medians, names of the quadrants, ticks and names of the axes.
fn frame(svg: &mut Svg, plan: &Plan, across: &Axis, up: &Axis) {
    let quiet = TextStyle::new(12.0).colored(QUIET, "quiet");
    let (x, y) = (across.at(across.median), up.at(up.median));
    let Area { left, top, right, bottom } = plan.frame;
    for [x1, y1, x2, y2] in
        [[left, bottom, right, bottom], [left, top, left, bottom], [x, top, x, bottom], [left, y, right, y]]
    {
        let is_median = x1 == x || y1 == y;
        svg.element(
            "line",
            &[
                ("class", &"rule"),
                ("x1", &number(x1)),
                ("y1", &number(y1)),
                ("x2", &number(x2)),
                ("y2", &number(y2)),
                ("stroke", if is_median { &QUIET } else { &RULE }),
                ("stroke-dasharray", if is_median { &"4 4" } else { &"none" }),
            ],
        );
    }
    let name = quiet.bold();
    for (at, anchor, text) in [
        ([left + 8.0, top + 14.0], Anchor::Start, plan.quadrants[0][0]),
        ([right - 4.0, top + 14.0], Anchor::End, plan.quadrants[0][1]),
        ([left + 8.0, bottom - 8.0], Anchor::Start, plan.quadrants[1][0]),
        ([right - 4.0, bottom - 8.0], Anchor::End, plan.quadrants[1][1]),
    ] {
        svg.text(at, name.anchored(anchor), text);
    }
    for value in across.ticks() {
        svg.text(
            [across.at(value), bottom + 18.0],
            quiet.anchored(Anchor::Middle),
            &number(value).to_string(),
        );
    }
    for value in up.ticks() {
        svg.text([left - 8.0, up.at(value) + 4.0], quiet.anchored(Anchor::End), &number(value).to_string());
    }
    let title = TextStyle::new(13.0);
    let middle = [(left + right) / 2.0, (top + bottom) / 2.0];
    svg.text(
        [middle[0], plan.height - 16.0],
        title.anchored(Anchor::Middle),
        "Centrality: links to other themes",
    );
    let turned = format!("rotate(-90 20 {})", number(middle[1]));
    svg.text_with(
        &[("transform", &turned)],
        [20.0, middle[1]],
        title.anchored(Anchor::Middle),
        "Density: links within the theme",
    );
}

/// An axis from values to places.
struct Axis {
    low: f64,
    high: f64,
    median: f64,
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis that shows all values with some room on both sides.
    fn new(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let [low, high] = [values.first(), values.last()].map(|end| end.copied().unwrap_or(0.0));
        let median = match values.len() {
            0 => 0.0,
            n => (values[(n - 1) / 2] + values[n / 2]) / 2.0,
        };
        let room = if high > low { 0.12 * (high - low) } else { 0.5 * high.abs().max(1.0) };
        Self { low: low - room, high: high + room, median, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        self.from + (self.to - self.from) * (value - self.low) / (self.high - self.low)
    }

    /// Round values from 0 on that lie on the axis.
    fn ticks(&self) -> Vec<f64> {
        let step = step(self.high - self.low, 6.0);
        let first = (self.low.max(0.0) / step).ceil() as u64;
        let last = (self.high / step).floor().max(0.0) as u64;
        (first..=last).map(|tick| step * tick as f64).collect()
    }
}

/// The least step 1, 2 or 5 times a power of ten that divides a length into at most `parts`.
pub(super) fn step(length: f64, parts: f64) -> f64 {
    let wanted = (length / parts).max(1e-9);
    let mut power = 1e-9;
    while power * 10.0 <= wanted {
        power *= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= wanted * 0.999_999);
    // What was multiplied up is rounded to what is meant.
    format!("{:.9}", step.unwrap_or(10.0) * power).parse().unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (length, expected) in [(1.0, 0.2), (0.31, 0.1), (10.0, 2.0), (26.0, 10.0), (1234.0, 500.0)] {
            assert_eq!(step(length, 5.0), expected, "{length}");
        }
        assert!(step(0.0, 5.0) > 0.0);
    }

    #[test]
    fn an_axis_shows_all_values() {
        for values in [vec![], vec![0.0], vec![3.0, 3.0], vec![0.0, 10.0, 100.0]] {
            let axis = Axis::new(values.iter().copied(), 0.0, 100.0);
            assert!(values.iter().all(|&value| (0.0..=100.0).contains(&axis.at(value))));
            assert!(axis.ticks().len() < 10);
        }
        assert_eq!(Axis::new([1.0, 2.0, 4.0, 8.0].into_iter(), 0.0, 1.0).median, 3.0);
    }
}
