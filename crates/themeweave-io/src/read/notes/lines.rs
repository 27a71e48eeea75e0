//! Paragraphs whose lines are notes of their own.
//!
//! Notes are typed in haste: bullets that are no Markdown, one remark a line, one turn a line. A
//! paragraph of wrapped prose looks the same to Markdown. The lines tell the two apart.

use std::ops::Range;

use themeweave::{Block, BlockKind};

use super::LEAD_IN_LEVEL;

/// A line shorter than this, in characters, ended because its writer ended it.
const SHORT: usize = 60;

/// A line longer than this was not wrapped at a margin either.
const UNWRAPPED: usize = 100;

/// Most words of a line with a colon that leads in what follows.
const LEAD_IN_WORDS: usize = 10;

/// Most words of a line without a colon that does so.
const TITLE_WORDS: usize = 6;

/// Most words and characters of a speaker's name.
const LABEL: (usize, usize) = (4, 40);

/// Cuts a paragraph, or the text of an item at `depth`, into blocks.
///
/// `lines` are without the marks and blanks around them. `followed` says whether a list or a log
/// comes next, and if so, whether blank lines lie between.
pub(super) fn cut(text: &str, lines: &[Range<usize>], depth: Option<u8>, followed: Option<bool>) -> Vec<Block> {
    let lines: Vec<Line<'_>> = lines.iter().filter(|line| !line.is_empty()).map(|line| Line::new(text, line)).collect();
    let bullets = Bullets::find(&lines);
    let mut blocks = Vec::new();
    let first_bullet = lines.iter().position(|line| bullets.length(line) > 0).unwrap_or(lines.len());
    let (plain, bulleted) = lines.split_at(first_bullet);
    cut_plain(plain, depth, if bulleted.is_empty() { followed } else { Some(false) }, &mut blocks);

    // A bullet ends where the next begins.
    let mut indents: Vec<usize> = Vec::new();
    let base = depth.map_or(0, |depth| depth.saturating_add(1));
    for item in bulleted.chunk_by(|_, next| bullets.length(next) == 0) {
        let (first, last) = (&item[0], &item[item.len() - 1]);
        while indents.pop_if(|indent| *indent >= first.indent).is_some() {}
        let nested = u8::try_from(indents.len()).unwrap_or(u8::MAX);
        indents.push(first.indent);
        let span = first.span.start + bullets.length(first)..last.span.end;
        blocks.push(Block { span, kind: BlockKind::Item { depth: base.saturating_add(nested) } });
    }
    blocks
}

/// Cuts lines that begin with no bullet.
fn cut_plain(lines: &[Line<'_>], depth: Option<u8>, followed: Option<bool>, blocks: &mut Vec<Block>) {
    let Some((last, before)) = lines.split_last() else { return };
    let kind = depth.map_or(BlockKind::Paragraph, |depth| BlockKind::Item { depth });
    let parted = before.last().map_or(depth.is_none(), |previous| last.begins_note_after(previous));
    if parted && last.leads_in(followed) {
        cut_plain_notes(before, kind, blocks);
        blocks.push(Block { span: last.span.clone(), kind: BlockKind::Heading { level: LEAD_IN_LEVEL } });
    } else {
        cut_plain_notes(lines, kind, blocks);
    }
}

fn cut_plain_notes(lines: &[Line<'_>], kind: BlockKind, blocks: &mut Vec<Block>) {
    let turns = lines.iter().filter(|line| is_turn(line.words)).count() >= 2;
    let notes = kind == BlockKind::Paragraph && are_notes(lines);
    let belongs = |line: &Line<'_>, next: &Line<'_>| match turns {
        true => !is_turn(next.words),
        false => !notes || line.goes_on_in(next),
    };
    for note in lines.chunk_by(belongs) {
        let span = note[0].span.start..note[note.len() - 1].span.end;
        blocks.push(Block { span, kind });
    }
}

/// Whether most lines begin anew instead of going on with the one before.
fn are_notes(lines: &[Line<'_>]) -> bool {
    let begins = lines.windows(2).filter(|two| two[1].begins_note_after(&two[0])).count();
    begins * 2 > lines.len().saturating_sub(1)
}

/// Whether a line begins with the name of a speaker: `Name:`, `#Name:`, `[Name]:`, `**Name:**`.
pub(super) fn is_turn(line: &str) -> bool {
    let line = line.trim_start_matches(['*', '_']);
    let Some((at, colon)) = line.char_indices().take(LABEL.1 + 1).find(|(_, c)| matches!(c, ':' | '：')) else {
        return false;
    };
    let after = &line[at + colon.len_utf8()..];
    let label = &line[..at];
    let begins_well = label
        .trim_start_matches(['#', '@', '[', '{'])
        .starts_with(|c: char| c.is_alphabetic() && !(c.is_lowercase() && label.starts_with(c)));
    // Neither an address (`http://`) nor a time (`at 17:30`).
    let ends_well = after.is_empty() || after.starts_with([' ', '\t', '*', '_', '“', '"']) || colon == '：';
    begins_well && ends_well && label.split_whitespace().count() <= LABEL.0 && !label.ends_with(' ')
}

/// One line of a paragraph.
#[derive(Debug)]
struct Line<'a> {
    words: &'a str,
    span: Range<usize>,
    /// Characters between the beginning of the line on the page and its words.
    indent: usize,
    /// Characters of its words.
    length: usize,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, span: &Range<usize>) -> Self {
        let span = super::trimmed(text, span.clone());
        let words = &text[span.clone()];
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        Self { words, indent: text[start..span.start].chars().count(), length: words.chars().count(), span }
    }

    fn ends_sentence(&self) -> bool {
        self.words.trim_end_matches(['"', '”', '’', '\'', '»', ')', '*', '_']).ends_with(['.', '!', '?', '…', ':', ';'])
    }

    /// Whether this line is a note of its own after `previous`, rather than its continuation.
    fn begins_note_after(&self, previous: &Line<'_>) -> bool {
        let begins = self.words.trim_start_matches(['*', '_', '(', '[']);
        let capital = begins.starts_with(|c: char| {
            c.is_uppercase()
                || c.is_numeric()
                || (c.is_alphabetic() && !c.is_lowercase())
                || matches!(c, '"' | '“' | '„' | '«' | '»' | '‘' | '\'' | '-' | '–' | '—' | '¿' | '¡' | '@' | '#' | '`')
        });
        let ended = previous.length < SHORT || previous.length > UNWRAPPED;
        (capital && ended) || (previous.length < SHORT && previous.ends_sentence())
    }

    /// Whether `next` must be the continuation of this line although other lines are notes.
    fn goes_on_in(&self, next: &Line<'_>) -> bool {
        self.length >= SHORT && !self.ends_sentence() && next.words.starts_with(char::is_lowercase)
    }

    /// Whether this line is the title of a list or log that follows it.
    fn leads_in(&self, followed: Option<bool>) -> bool {
        let Some(blank_between) = followed else { return false };
        let words = self.words.split_whitespace().count();
        if self.words.trim_end_matches(['*', '_']).ends_with([':', '：']) {
            words <= LEAD_IN_WORDS
        } else {
            words <= TITLE_WORDS && !blank_between && self.words.ends_with(|c: char| c.is_alphanumeric())
        }
    }
}

/// Which marks at the beginning of a line are bullets in one paragraph.
#[derive(Debug)]
struct Bullets {
    dashes: bool,
    letters: bool,
}

impl Bullets {
    /// A dash also stands before a clause, and `o` is a word in some languages: these are bullets
    /// only where several lines or the first one begin with them.
    fn find(lines: &[Line<'_>]) -> Self {
        let are_bullets = |length: fn(&str) -> usize| {
            let count = lines.iter().filter(|line| length(line.words) > 0).count();
            count >= 2 || (count == 1 && lines.first().is_some_and(|line| length(line.words) > 0))
        };
        Self { dashes: are_bullets(dash), letters: are_bullets(letter) }
    }

    /// Bytes of the bullet, with the blanks behind it, at the beginning of a line; 0 for none.
    fn length(&self, line: &Line<'_>) -> usize {
        let words = line.words;
        let dash = if self.dashes { dash(words) } else { 0 };
        let letter = if self.letters { letter(words) } else { 0 };
        [typographic(words), dash, letter, unread_markdown(words)].into_iter().max().unwrap_or(0)
    }
}

fn typographic(words: &str) -> usize {
    let rest = words.trim_start_matches([
        '•', '◦', '▪', '▫', '●', '○', '·', '∙', '⋅', '‣', '⁃', '■', '□', '◆', '◇', '►', '▸', '➢', '➤', '❖', '✓',
        '✔', '\u{f0b7}', '\u{f0a7}', '\u{f076}', '\u{f0d8}', '\u{f0fc}',
    ]);
    // `⋅⋅* text` is how nested items are shown in some guides to Markdown.
    let rest = if rest.len() < words.len() && rest.starts_with("* ") { &rest[1..] } else { rest };
    blanks_behind(words, rest)
}

fn dash(words: &str) -> usize {
    let rest = words.trim_start_matches(['–', '—', '―']);
    if rest.starts_with(char::is_whitespace) { blanks_behind(words, rest) } else { 0 }
}

fn letter(words: &str) -> usize {
    match words.strip_prefix("o\t").or_else(|| words.strip_prefix("o ").filter(|rest| rest.starts_with(char::is_uppercase))) {
        Some(rest) => blanks_behind(words, rest),
        None => 0,
    }
}

/// `- `, `* `, `+ `, `2. ` and `2) ` where Markdown does not take them for items, as in lines that
/// are indented or numbers that do not begin with 1; and `..* `.
fn unread_markdown(words: &str) -> usize {
    let dots = words.trim_start_matches('.');
    let rest = if dots.len() < words.len() { dots } else { words };
    if let Some(rest) = rest.strip_prefix(['-', '*', '+'])
        && rest.starts_with([' ', '\t'])
    {
        return blanks_behind(words, rest);
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match words[digits..].strip_prefix(['.', ')']) {
        Some(rest) if (1..=3).contains(&digits) && rest.starts_with([' ', '\t']) => blanks_behind(words, rest),
        _ => 0,
    }
}

/// Bytes of `words` before `rest` and the blanks at its beginning; 0 when `rest` is all of them.
fn blanks_behind(words: &str, rest: &str) -> usize {
    if rest.len() == words.len() { 0 } else { words.len() - rest.trim_start().len() }
}
