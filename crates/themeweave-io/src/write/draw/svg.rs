//! The text of an SVG picture: elements in order, escaped, with short numbers.

use std::fmt::Write as _;

use crate::write::draw::{FAMILY, INK, PAPER, text};
use crate::write::number::Number;
use crate::write::xml::escaped;

/// A picture in the making.
pub(in crate::write) struct Svg {
    out: String,
}

/// Where a text stands in relation to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    pub(super) size: f64,
    pub(super) is_bold: bool,
    pub(super) color: &'static str,
    pub(super) class: &'static str,
    pub(super) anchor: Anchor,
}

impl TextStyle {
    pub(super) fn new(size: f64) -> Self {
        Self { size, is_bold: false, color: INK, class: "ink", anchor: Anchor::Start }
    }

    pub(super) fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }

    pub(super) fn colored(self, color: &'static str, class: &'static str) -> Self {
        Self { color, class, ..self }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

impl Svg {
    /// A picture of this width and height with a name for those who do not see it.
    pub(super) fn new(class: &str, width: f64, height: f64, title: &str) -> Self {
        let title = escaped(title);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" role=\"img\" aria-label=\"{title}\" font-family=\"{FAMILY}, sans-serif\">",
            w = number(width),
            h = number(height),
        );
        let _ = write!(
            out,
            "<rect class=\"paper\" width=\"{}\" height=\"{}\" fill=\"{PAPER}\"/>",
            number(width),
            number(height)
        );
        Self { out }
    }

    /// An element without content: its name and attributes, whose values are numbers or our own words.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &dyn std::fmt::Display)]) {
        self.open(name, attributes);
        self.out.truncate(self.out.len() - 1);
        self.out.push_str("/>");
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &dyn std::fmt::Display)]) {
        let _ = write!(self.out, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.out, " {key}=\"{value}\"");
        }
        self.out.push('>');
    }

    pub(super) fn close(&mut self, name: &str) {
        let _ = write!(self.out, "</{name}>");
    }

    /// A line of text whose baseline begins, has its middle or ends at a point.
    pub(super) fn text(&mut self, [x, y]: [f64; 2], style: TextStyle, content: &str) {
        self.text_with(&[], [x, y], style, content);
    }

    /// A text with further attributes.
    pub(super) fn text_with(
        &mut self,
        attributes: &[(&str, &dyn std::fmt::Display)],
        [x, y]: [f64; 2],
        style: TextStyle,
        content: &str,
    ) {
        let (x, y, size) = (number(x), number(y), number(style.size));
        let mut all: Vec<(&str, &dyn std::fmt::Display)> = attributes.to_vec();
        all.extend::<[(&str, &dyn std::fmt::Display); 5]>([
            ("class", &style.class),
            ("x", &x),
            ("y", &y),
            ("font-size", &size),
            ("fill", &style.color),
        ]);
        if style.is_bold {
            all.push(("font-weight", &"bold"));
        }
        match style.anchor {
            Anchor::Start => {}
            Anchor::Middle => all.push(("text-anchor", &"middle")),
            Anchor::End => all.push(("text-anchor", &"end")),
        }
        self.open("text", &all);
        self.out.push_str(&escaped(content));
        self.close("text");
    }

    /// A text cut to what fits into a width.
    pub(super) fn text_within(&mut self, at: [f64; 2], style: TextStyle, content: &str, width: f64) {
        self.text(at, style, &text::cut(content, style.size, width));
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// A number with two decimals at most.
pub(super) fn number(value: f64) -> Number {
    Number::rounded(value, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_closed() {
        let mut svg = Svg::new("x", 10.0, 5.5, "a \"b\"");
        svg.element("circle", &[("r", &number(1.0 / 3.0))]);
        svg.text([1.0, 2.0], TextStyle::new(12.0).bold().anchored(Anchor::End), "a<b");
        let svg = svg.finish();
        assert!(
            svg.contains("aria-label=\"a &quot;b&quot;\"") && svg.contains("<circle r=\"0.33\"/>"),
            "{svg}"
        );
        assert!(svg.contains("font-weight=\"bold\" text-anchor=\"end\">a&lt;b</text></svg>"), "{svg}");
    }
}
