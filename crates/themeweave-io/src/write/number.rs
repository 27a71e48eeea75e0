//! How numbers are written in every format.

use std::fmt;

/// A number as the fewest digits that read back as the same number, with `.` and without
/// separators: `0.5`, `12`, `1e-300`. An exponent stands where plain digits would be mostly zeros.
///
/// What is closer to 0 than 2.2e-308 is written as 0, for igraph refuses files with such numbers, and
/// so is what is no finite number; formats with missing values sort that out before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub(super) f64);

impl Number {
    /// A number with this many decimals at most, to draw by.
    pub(super) fn rounded(value: f64, decimals: u8) -> Self {
        let scale = (0..decimals).fold(1.0, |scale, _| scale * 10.0);
        Self((value * scale).round() / scale)
    }

    /// The number as text, in `buffer`.
    pub(super) fn text(self, buffer: &mut zmij::Buffer) -> &str {
        if !self.0.is_normal() {
            return "0";
        }
        let text = buffer.format_finite(self.0);
        text.strip_suffix(".0").unwrap_or(text)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut zmij::Buffer::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_back() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-0.25, "-0.25"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-5, "0.00001"),
            (9.9e-6, "9.9e-6"),
            (1e-300, "1e-300"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (-1.5e20, "-1.5e+20"),
            (123456789.0, "123456789"),
        ] {
            let text = Number(value).to_string();
            assert_eq!(text, expected);
            assert_eq!(text.parse::<f64>().unwrap(), value);
        }
        assert_eq!(Number::rounded(305.36999999999995, 2).to_string(), "305.37");
        assert_eq!(Number::rounded(-0.000001, 5).to_string(), "0");
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, -1e-310] {
            assert_eq!(Number(value).to_string(), "0");
        }
    }
}
