//! Lines of pages become headings, items and paragraphs.
//!
//! A PDF has no paragraphs. They show by the size of the type, by gaps, by bullets, and by lines that
//! end although the next word had room in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::document::draft::{CELL, Draft};
use crate::read::document::pdf::extract::{Line, PageLines};
use crate::read::error::ReadError;
use crate::read::leaf::{LeafKind, lines};

/// Lines at the top and at the bottom of a page that may be the same on all pages.
const MARGIN_LINES: usize = 2;

/// Most words of a heading.
const HEADING_WORDS: usize = 20;

/// The text of these pages, and the number of lines at their margins that were left out.
pub(super) fn draft(pages: &[PageLines]) -> Result<(Draft, usize), ReadError> {
    let pages: Vec<&[Line]> = pages.iter().map(|page| page.as_deref().unwrap_or_default()).collect();
    let sizes = Sizes::find(&pages);
    let repeated = repeated_at_margins(&pages);
    let mut layout =
        Layout { sizes, compounds: compounds(&pages), draft: Draft::default(), items: Vec::new() };
    let mut left_out = 0;
    for (number, page) in pages.iter().enumerate() {
        if number > 0 {
            layout.draft.break_page();
        }
        let is_kept = |i: usize| !(is_at_margin(i, page.len()) && repeated.contains(&margin_key(&page[i])));
        let kept: Vec<(u32, &Line)> =
            (1..).zip(page.iter()).filter(|(number, _)| is_kept(*number as usize - 1)).collect();
        left_out += page.len() - kept.len();
        layout.add_page(&kept)?;
    }
    Ok((layout.draft, left_out))
}

fn is_at_margin(index: usize, lines: usize) -> bool {
    index < MARGIN_LINES || index + MARGIN_LINES >= lines
}

/// Whether there are gaps in a line as between the cells of a table.
fn cells(line: &Line, bullet: usize) -> bool {
    line.text.get(bullet..).is_some_and(|words| words.trim().contains('\t'))
}

/// A line without its digits, and its height on the page in steps of half a centimeter.
fn margin_key(line: &Line) -> (String, i32) {
    const STEP: i32 = 142;
    (line.text.chars().filter(|c| !c.is_numeric()).collect(), line.base.div_euclid(STEP))
}

/// Heads and feet of pages: what stands at the margin of at least two, and of half of them, at one
/// height.
fn repeated_at_margins(pages: &[&[Line]]) -> BTreeSet<(String, i32)> {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for page in pages {
        let at_margin = (0..page.len()).filter(|&i| is_at_margin(i, page.len()));
        let keys: BTreeSet<_> = at_margin.map(|i| margin_key(&page[i])).collect();
        keys.into_iter().for_each(|key| *seen.entry(key).or_default() += 1);
    }
    seen.into_iter()
        .filter(|(_, times)| *times >= 2 && times * 2 >= pages.len())
        .map(|(key, _)| key)
        .collect()
}

/// Words with a hyphen within a line, in lower case.
fn compounds(pages: &[&[Line]]) -> BTreeSet<String> {
    let words = pages.iter().flat_map(|page| page.iter()).flat_map(|line| line.text.split_whitespace());
    words.map(bare).filter(|word| word.contains('-')).map(str::to_lowercase).collect()
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Where the columns of a page begin but for the first: at the left ends of lines that stand beside others.
fn columns(page: &[(u32, &Line)]) -> BTreeSet<i32> {
    /// Heights within which lines are beside each other, in tenths of a point.
    const STEP: i32 = 30;
    /// Fewest lines of a column.
    const LINES: usize = 3;
    let height = |line: &Line| line.base.div_euclid(STEP);
    let mut first_ends: BTreeMap<i32, i32> = BTreeMap::new();
    for (_, line) in page {
        let end = first_ends.entry(height(line)).or_insert(i32::MAX);
        *end = line.end.min(*end);
    }
    let mut starts: BTreeMap<i32, usize> = BTreeMap::new();
    for (_, line) in page.iter().filter(|(_, line)| first_ends[&height(line)] < line.start) {
        *starts.entry(line.start).or_default() += 1;
    }
    starts.into_iter().filter(|(_, lines)| *lines >= LINES).map(|(start, _)| start).collect()
}

/// The sizes of type.
struct Sizes {
    body: i32,
    /// Larger ones, the largest first.
    headings: Vec<i32>,
}

impl Sizes {
    /// The size of most of the text, and those that are an eighth larger.
    fn find(pages: &[&[Line]]) -> Self {
        let mut characters: BTreeMap<i32, usize> = BTreeMap::new();
        for line in pages.iter().flat_map(|page| page.iter()) {
            *characters.entry(line.size).or_default() += line.text.len();
        }
        let most = characters.iter().max_by_key(|(size, count)| (**count, -**size));
        let body = most.map_or(0, |(size, _)| *size);
        let mut headings: Vec<i32> = characters.into_keys().filter(|size| size * 8 > body * 9).collect();
        headings.reverse();
        Self { body, headings }
    }

    /// Level of a heading of this size.
    fn level(&self, size: i32) -> Option<u8> {
        let rank = self.headings.iter().position(|heading| *heading == size)?;
        Some(rank.min(5) as u8 + 1)
    }
}

struct Layout {
    sizes: Sizes,
    compounds: BTreeSet<String>,
    draft: Draft,
    /// Left ends of the items around this place.
    items: Vec<i32>,
}

impl Layout {
    fn add_page(&mut self, page: &[(u32, &Line)]) -> Result<(), ReadError> {
        let mut previous: Option<&Line> = None;
        let columns = columns(page);
        for (i, &(number, line)) in page.iter().enumerate() {
            let words = line.text.trim();
            let bullet = lines::bullet(words);
            let next_column = columns.range(line.end..).next().copied().unwrap_or(i32::MAX);
            let ends = page
                .iter()
                .map(|(_, other)| other)
                .filter(|other| other.overlaps(line) && other.end <= next_column)
                .map(|other| other.end);
            let margin = ends.max().unwrap_or(line.end);
            let next = page.get(i + 1).map(|(_, next)| *next);
            let is_new = match previous {
                None => !self.goes_on(words, bullet),
                Some(previous) => {
                    let is_row = cells(previous, lines::bullet(&previous.text)) || cells(line, bullet);
                    is_row || bullet > 0 || line.begins_paragraph(previous, next, margin, self.sizes.body)
                }
            };
            self.draft.set_line(number);
            match (is_new, previous) {
                (true, _) => self.begin(line, words, bullet)?,
                (false, None) => {
                    self.draft.continue_on_page()?;
                    self.draft.push(words, false);
                }
                (false, Some(_)) => self.join(words),
            }
            previous = Some(line);
        }
        Ok(())
    }

    /// Whether the first line of a page goes on with the last paragraph of the page before.
    fn goes_on(&self, words: &str, bullet: usize) -> bool {
        let ends = self.draft.ends_with(|c| matches!(c, '.' | '!' | '?' | ':' | '…'));
        self.draft.is_open() && bullet == 0 && !ends && words.starts_with(char::is_lowercase)
    }

    fn begin(&mut self, line: &Line, words: &str, bullet: usize) -> Result<(), ReadError> {
        self.draft.end()?;
        let level = self.sizes.level(line.size).filter(|_| words.split_whitespace().count() <= HEADING_WORDS);
        let kind = match level {
            Some(level) => {
                self.items.clear();
                LeafKind::Heading(level)
            }
            None if bullet > 0 => LeafKind::Item(self.depth(line)),
            None if cells(line, bullet) => LeafKind::TableRow,
            None => {
                self.items.clear();
                LeafKind::Paragraph
            }
        };
        self.draft.begin(kind);
        let words = if level.is_some() { words } else { &words[bullet..] };
        self.draft.push(&words.replace('\t', CELL), false);
        Ok(())
    }

    /// Number of items around one that begins here.
    fn depth(&mut self, line: &Line) -> u8 {
        while self.items.pop_if(|around| *around >= line.start - line.size / 2).is_some() {}
        self.items.push(line.start);
        u8::try_from(self.items.len() - 1).unwrap_or(u8::MAX)
    }

    /// Adds a line to the open paragraph. A word that was parted at the end of a line is made whole,
    /// unless it is written with a hyphen elsewhere.
    fn join(&mut self, words: &str) {
        let (first, last) = (words.split_whitespace().next().unwrap_or_default(), self.draft.last_word());
        let parted = last.strip_suffix(['-', '\u{2010}']).filter(|part| part.ends_with(char::is_alphabetic));
        match parted {
            Some(part) if first.starts_with(char::is_lowercase) => {
                let compound = format!("{}-{}", bare(part), bare(first)).to_lowercase();
                if !self.compounds.contains(&compound) {
                    self.draft.drop_last();
                }
            }
            Some(_) => {}
            None => self.draft.push(" ", false),
        }
        self.draft.push(words, false);
    }
}

impl Line {
    /// Whether two lines stand, at least in part, above one another, in the same size.
    fn overlaps(&self, other: &Line) -> bool {
        self.size == other.size && self.start < other.end && other.start < self.end
    }

    /// Whether a paragraph begins with this line, after the line before it.
    fn begins_paragraph(&self, previous: &Line, next: Option<&Line>, margin: i32, body: i32) -> bool {
        let size = self.size.max(1);
        let gap = self.base.saturating_sub(previous.base);
        let is_other_size = (self.size - previous.size).abs() * 10 > size;
        // Lines of one paragraph are at most 1.7 times their size apart.
        let is_apart = gap * 10 > size.max(body) * 17 || gap < 0;
        let is_indented =
            self.start - previous.start > size && next.is_some_and(|next| next.start < self.start);
        // The width of a word, with half the size as that of a character, and of the blank before it.
        let word = self.text.split_whitespace().next().unwrap_or_default().chars().count() as i32;
        let had_room = previous.end.saturating_add((word.min(1000) + 1) * size / 2) < margin;
        is_other_size || is_apart || is_indented || had_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::document::pdf::extract;
    use crate::read::document::tests::shown;

    /// A line of the body, as wide as its characters make it.
    fn line(start: i32, base: i32, size: i32, text: &str) -> Line {
        let width = text.chars().count() as i32 * size / 2;
        Line { start, end: start + width, base, size, text: text.into() }
    }

    fn check(pages: &[Vec<Line>], expected: &[&str], margins: usize) {
        let pages: Vec<PageLines> = pages.iter().cloned().map(Some).collect();
        let (draft, left_out) = draft(&pages).unwrap();
        let document = draft.finish(&"x".into()).unwrap();
        assert_eq!(
            (shown(&document), left_out),
            (expected.iter().map(|s| (*s).to_owned()).collect(), margins)
        );
    }

    #[test]
    fn type_gaps_and_short_lines_part_paragraphs() {
        let page = vec![
            line(500, 300, 200, "Fares"),
            line(500, 600, 100, "We spoke for a long time about the fares and"),
            line(500, 720, 100, "that they rose twice in one year."),
            line(500, 840, 100, "Nobody was asked, and the council will not say"),
            line(500, 960, 100, "why."),
            line(500, 1300, 100, "A last word after a gap"),
        ];
        let expected = [
            "#1 Fares",
            "p We spoke for a long time about the fares and that they rose twice in one year.",
            "p Nobody was asked, and the council will not say why.",
            "p A last word after a gap",
        ];
        check(&[page], &expected, 0);
    }

    #[test]
    fn lines_of_a_column_end_at_its_own_margin() {
        let column = |start: i32| {
            vec![
                line(start, 600, 100, "The gulls wake us all up"),
                line(start, 720, 100, "at four."),
                line(start, 840, 100, "So does the dredger that"),
                line(start, 960, 100, "came in May."),
            ]
        };
        let title = line(500, 300, 100, "Letters that were sent in to the office in spring and in summer");
        let page = [vec![title], column(500), column(2500)].concat();
        let paragraphs = ["p The gulls wake us all up at four.", "p So does the dredger that came in May."];
        let title = "p Letters that were sent in to the office in spring and in summer";
        check(&[page], &[&[title][..], &paragraphs, &paragraphs].concat(), 0);
    }

    #[test]
    fn bullets_are_items_at_their_depth() {
        let page = vec![
            line(500, 100, 100, "• one that is so long that it goes on in a"),
            line(600, 220, 100, "second line"),
            line(700, 340, 100, "– nested"),
            line(500, 460, 100, "2. other"),
        ];
        let expected = ["0 one that is so long that it goes on in a second line", "1 nested", "0 other"];
        check(&[page], &expected, 0);
    }

    #[test]
    fn parted_words_are_made_whole() {
        let page = vec![
            line(500, 100, 100, "A well-known case of the depart-"),
            line(500, 220, 100, "ment is a well-"),
            line(500, 340, 100, "known one"),
        ];
        let mut narrow = page;
        narrow.iter_mut().for_each(|line| line.end = 2000);
        check(&[narrow], &["p A well-known case of the department is a well-known one"], 0);
    }

    #[test]
    fn heads_and_feet_of_pages_are_left_out() {
        let page = |number: i32, words: &str| {
            vec![
                line(500, 50, 100, "Minutes of 4 March"),
                line(500, 300, 100, words),
                line(500, 7000, 100, &format!("Page {number}")),
            ]
        };
        let pages = [page(1, "The bus is late and nobody"), page(2, "knows why it is so")];
        check(&pages, &["p The bus is late and nobody", "p knows why it is so"], 4);
        let pages: Vec<PageLines> = pages.into_iter().map(Some).collect();
        let document = draft(&pages).unwrap().0.finish(&"x".into()).unwrap().unwrap();
        let blocks: Vec<_> =
            document.blocks.iter().map(|block| (block.page, block.line, block.continues)).collect();
        assert_eq!(blocks, [(Some(1), Some(2), false), (Some(2), Some(2), true)]);
    }

    #[test]
    fn rows_of_tables_stay_apart() {
        let page = vec![
            line(500, 100, 100, "Ann\twants trams"),
            line(500, 220, 100, "Ben\twants bells"),
            line(500, 340, 100, "end"),
        ];
        check(&[page], &["t Ann | wants trams", "t Ben | wants bells", "p end"], 0);
    }

    #[test]
    fn absurd_numbers_do_no_harm() {
        for [a, b] in [[i32::MAX, i32::MIN], [i32::MIN, i32::MAX], [0, i32::MIN]] {
            let line = |n: i32| format!("{n} {n} {n} {n} x\n");
            let _ = draft(&extract::pages(&(line(a) + &line(b) + &line(a))));
        }
    }
}
