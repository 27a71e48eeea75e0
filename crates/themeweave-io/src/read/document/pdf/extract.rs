//! The lines of a PDF, with their places on the pages.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::read::document::extraction::broken;
use crate::read::leaf::lines;
use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc_page};

/// Ends a page.
const PAGE_END: char = '\u{c}';

/// A line that stands for a page that could not be read.
const BROKEN: &str = "!";

/// Most pages of a PDF.
const PAGES: usize = 20_000;

/// Largest length on a page, in tenths of a point.
const FARTHEST: i32 = 1_000_000;

/// A line of a page. Lengths are tenths of a point, from the top left corner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: i32,
    pub(super) end: i32,
    pub(super) base: i32,
    pub(super) size: i32,
    pub(super) text: String,
}

/// The lines of a page; `None` where it could not be read.
pub(super) type PageLines = Option<Vec<Line>>;

/// Writes the lines of a PDF.
///
/// # Errors
/// When the PDF is broken or protected by a password, or `output` fails.
pub(in crate::read::document) fn extract_lines(bytes: Vec<u8>, output: &mut dyn Write) -> io::Result<()> {
    let mut pdf = Document::load_mem(&bytes).map_err(|error| broken(&error))?;
    drop(bytes);
    if pdf.is_encrypted() {
        pdf.decrypt("").map_err(|_| broken(&"it is protected by a password; save it without one"))?;
    }
    let pages = pdf.get_pages();
    if pages.len() > PAGES {
        return Err(broken(&"it has more than 20,000 pages, the most that are read"));
    }
    for number in pages.into_keys() {
        let mut text = String::new();
        let page = catch_unwind(AssertUnwindSafe(|| {
            let mut lines = Lines::default();
            output_doc_page(&pdf, &mut lines, number).map(|()| lines.finish())
        }));
        match page {
            Ok(Ok(lines)) => lines.iter().for_each(|line| write_line(line, &mut text)),
            Ok(Err(_)) | Err(_) => text.push_str(BROKEN),
        }
        text.push(PAGE_END);
        output.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn write_line(line: &Line, text: &mut String) {
    let Line { start, end, base, size, text: words } = line;
    let words: String = words.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{start} {end} {base} {size} {words}");
}

/// The pages that [`extract_lines`] wrote. What is none of its lines is left out.
pub(super) fn pages(text: &str) -> Vec<PageLines> {
    let page = |page: &str| (page != BROKEN).then(|| page.lines().filter_map(line).collect());
    text.split_terminator(PAGE_END).map(page).collect()
}

fn line(text: &str) -> Option<Line> {
    let mut fields = text.splitn(5, ' ');
    let mut number = || Some(fields.next()?.parse::<i32>().ok()?.clamp(-FARTHEST, FARTHEST));
    let (start, end, base, size) = (number()?, number()?, number()?, number()?);
    Some(Line { start, end, base, size, text: fields.next()?.to_owned() })
}

/// Gathers the characters of a page to lines.
struct Lines {
    flip: Transform,
    done: Vec<Line>,
    line: Line,
    begins_word: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { flip: Transform::identity(), done: Vec::new(), line: Line::default(), begins_word: false }
    }
}

impl Lines {
    fn finish(mut self) -> Vec<Line> {
        self.end_line();
        self.done
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.text.trim_end();
        if !text.trim().is_empty() {
            self.done.push(Line { text: in_reading_order(text), ..line });
        }
    }

    /// Adds characters that stand at `start`.
    fn add(&mut self, characters: &str, start: i32, end: i32, base: i32, size: i32) {
        let line = &self.line;
        let height = size.max(line.size).max(1);
        let gap = start.saturating_sub(line.end);
        let is_raised = size * 4 < line.size * 3 && base < line.base && base > line.base - line.size;
        if is_raised && !line.text.is_empty() && characters.chars().all(|c| c.is_ascii_digit()) {
            // The number of a footnote.
            return;
        }
        let is_elsewhere = (base - line.base).abs() * 2 > height || gap < -height * 2;
        if line.text.is_empty() || is_elsewhere {
            self.end_line();
            self.line = Line { start, end, base, size, text: String::new() };
        } else if gap > height * 2 {
            self.line.text.push('\t');
        } else if gap > height / if self.begins_word { 10 } else { 5 } && !line.text.ends_with(' ') {
            self.line.text.push(' ');
        }
        self.line.text.push_str(characters);
        self.line.end = self.line.end.max(end);
        self.line.size = self.line.size.max(size);
        self.begins_word = false;
    }
}

/// Tenths of a point, within the limits of any page.
fn tenths(points: f64) -> i32 {
    (points * 10.0).round().clamp(f64::from(-FARTHEST), f64::from(FARTHEST)) as i32
}

impl OutputDev for Lines {
    fn begin_page(
        &mut self,
        _: u32,
        media: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.flip = Transform::row_major(1.0, 0.0, 0.0, -1.0, 0.0, media.ury - media.lly);
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        characters: &str,
    ) -> Result<(), OutputError> {
        let position = place.post_transform(&self.flip);
        // The side of a square with the area of the transformed one, as in pdf-extract.
        let (x, y) = (font_size * (place.m11 + place.m21), font_size * (place.m12 + place.m22));
        let size = (x * y).abs().sqrt();
        let start = position.m31;
        self.add(characters, tenths(start), tenths(start + width * size), tenths(position.m32), tenths(size));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.begins_word = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// A line that stands as it is drawn, from left to right, in the order in which it is read: stretches
/// of Hebrew, Arabic and the like are turned round.
fn in_reading_order(line: &str) -> String {
    if !line.chars().any(is_right_to_left) {
        return line.to_owned();
    }
    let (bullet, line) = line.split_at(lines::bullet(line));
    let characters: Vec<char> = line.chars().collect();
    // Whatever stands between two of its letters belongs to such a stretch, but letters and digits
    // of other scripts.
    let mut is_turned: Vec<bool> = characters.iter().copied().map(is_right_to_left).collect();
    let mut last = None;
    for i in 0..characters.len() {
        if is_turned[i] {
            if let Some(last) = last {
                is_turned[last..i].fill(true);
            }
            last = Some(i);
        } else if characters[i].is_alphanumeric() {
            last = None;
        }
    }
    let places: Vec<usize> = (0..characters.len()).collect();
    let mut stretches: Vec<Vec<char>> = Vec::new();
    for stretch in places.chunk_by(|&a, &b| is_turned[a] == is_turned[b]) {
        let mut stretch_characters: Vec<char> = stretch.iter().map(|&i| characters[i]).collect();
        if is_turned[stretch[0]] {
            stretch_characters.reverse();
        }
        stretches.push(stretch_characters);
    }
    let turned = is_turned.iter().filter(|turned| **turned).count();
    if turned * 2 > characters.len() {
        stretches.reverse();
    }
    bullet.chars().chain(stretches.into_iter().flatten()).collect()
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_text_is_turned_round() {
        for (drawn, read) in [
            ("plain", "plain"),
            ("\u{5dd}\u{5d5}\u{5dc}\u{5e9}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
            ("1. \u{5d1}\u{5d0}", "1. \u{5d0}\u{5d1}"),
            ("a \u{5d1}\u{5d0} b", "a \u{5d0}\u{5d1} b"),
            ("\u{5d3} \u{5d2} 12 \u{5d1}\u{5d0}", "\u{5d0}\u{5d1} 12 \u{5d2} \u{5d3}"),
        ] {
            assert_eq!(in_reading_order(drawn), read, "{drawn}");
        }
    }

    #[test]
    fn lines_survive_the_way_between_processes() {
        let known = Line { start: -5, end: 100, base: 7, size: 120, text: "a\tb  c".into() };
        let mut text = String::new();
        write_line(&known, &mut text);
        text.push_str("nonsense\n1 2\n");
        let text = format!("{text}{PAGE_END}{BROKEN}{PAGE_END}{PAGE_END}");
        assert_eq!(pages(&text), [Some(vec![known]), None, Some(Vec::new())]);
    }
}
