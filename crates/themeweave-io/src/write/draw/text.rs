//! How wide texts are drawn, without a font at hand.

use unicode_width::UnicodeWidthChar;

/// Advance widths of DejaVu Sans from U+0020 to U+007E in hundredths of the font size, rounded up. It is
/// wider than the usual fonts of systems and than the condensed cut that is embedded in pictures, so
/// that what fits by these widths fits everywhere.
const ADVANCES: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 77, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,
    62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98,
    64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];

/// The width of a text in the unit of the font size, rather too much than too little.
pub(super) fn width(text: &str, size: f64) -> f64 {
    size * text.chars().map(advance).sum::<f64>()
}

/// The advance of a character as a share of the font size. Beyond ASCII the mean of its kind in DejaVu
/// Sans and a little more, for what counts are whole words.
fn advance(c: char) -> f64 {
    if let Some(&hundredths) = (c as usize).checked_sub(0x20).and_then(|at| ADVANCES.get(at)) {
        return f64::from(hundredths) / 100.0;
    }
    match c.width() {
        Some(0) | None => 0.0,
        Some(1) if c.is_uppercase() => 0.85,
        Some(1) => 0.7,
        Some(_) => 1.05,
    }
}

/// A text with an ellipsis at its end where it is wider than `most`.
pub(super) fn cut(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let kept: String = fitting(text.chars(), size, most).collect();
    format!("{}…", kept.trim_end())
}

/// A text with an ellipsis at its beginning where it is wider than `most`: paths are told apart by their
/// ends.
pub(super) fn cut_before(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let backwards: Vec<char> = fitting(text.chars().rev(), size, most).collect();
    let kept: String = backwards.into_iter().rev().collect();
    format!("…{}", kept.trim_start())
}

/// The first characters that fit into `most` beside an ellipsis.
fn fitting(chars: impl Iterator<Item = char>, size: f64, most: f64) -> impl Iterator<Item = char> {
    let mut left = most / size - advance('…');
    chars.take_while(move |&c| {
        left -= advance(c);
        left >= 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_letters() {
        assert!(width("mm", 10.0) > width("ll", 10.0));
        assert_eq!(width("", 10.0), 0.0);
        assert!(width("e\u{301}", 10.0) == width("e", 10.0) && width("漢", 10.0) > 10.0);
        assert_eq!(advance('~'), 0.84);
    }

    #[test]
    fn what_is_too_wide_is_cut() {
        assert_eq!(cut("timetable", 10.0, 100.0), "timetable");
        let short = cut("timetable of the bus", 10.0, 60.0);
        assert!(short.ends_with('…') && width(&short, 10.0) <= 60.0, "{short}");
        assert_eq!(cut("abc", 10.0, 1.0), "…");
        let short = cut_before("Round two > Moderation", 10.0, 80.0);
        assert!(
            short.starts_with('…') && short.ends_with("eration") && width(&short, 10.0) <= 80.0,
            "{short}"
        );
        assert_eq!(cut_before("Round", 10.0, 80.0), "Round");
    }
}
