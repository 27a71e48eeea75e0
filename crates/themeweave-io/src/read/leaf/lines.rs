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

/// Most words and characters of a speaker's name, and of one with an addition in brackets.
const LABEL: (usize, usize) = (4, 40);
const LABEL_WITH_ADDITION: usize = 140;

/// Cuts a paragraph, or the text of an item at `depth`, into blocks.
///
/// `lines` are without the marks and blanks around them. `followed` says whether a list or a log
/// comes next, and if so, whether blank lines lie between.
pub(super) fn cut(
    text: &str,
    lines: &[Range<usize>],
    depth: Option<u8>,
    followed: Option<bool>,
) -> Vec<Block> {
    let lines: Vec<Line<'_>> =
        lines.iter().map(|line| Line::new(text, line)).filter(|line| !line.words.is_empty()).collect();
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
        blocks.push(Block::new(span, BlockKind::Item { depth: base.saturating_add(nested) }));
    }
    blocks
}

/// Cuts lines that begin with no bullet.
fn cut_plain(lines: &[Line<'_>], depth: Option<u8>, followed: Option<bool>, blocks: &mut Vec<Block>) {
    let Some((last, before)) = lines.split_last() else { return };
    let kind = depth.map_or(BlockKind::Paragraph, |depth| BlockKind::Item { depth });
    let parted = before.last().map_or(depth.is_none(), |previous| {
        last.begins_note_after(previous) || (last.begins_anew() && previous.ends_sentence())
    });
    let leads_in = followed.is_some_and(|blank_between| last.leads_in(blank_between || depth.is_some()));
    if parted && leads_in {
        cut_plain_notes(before, kind, blocks);
        blocks.push(Block::new(last.span.clone(), BlockKind::Heading { level: LEAD_IN_LEVEL }));
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
        blocks.push(Block::new(span, kind));
    }
}

/// Whether most lines begin anew instead of going on with the one before.
fn are_notes(lines: &[Line<'_>]) -> bool {
    let begins = lines.windows(2).filter(|two| two[1].begins_note_after(&two[0])).count();
    begins * 2 > lines.len().saturating_sub(1)
}

/// Whether a line begins with the name of a speaker: `Name:`, `#Name:`, `[Name]:`, `(Name):`,
/// `**Name:**`, `Name (Minister of Trade):`.
pub(in crate::read) fn is_turn(line: &str) -> bool {
    let line = line.trim_start_matches(['*', '_']);
    let Some((at, colon)) =
        line.char_indices().take(LABEL_WITH_ADDITION).find(|(_, c)| matches!(c, ':' | '：'))
    else {
        return false;
    };
    let after = &line[at + colon.len_utf8()..];
    let label = &line[..at];
    let name = label.trim_start_matches(['#', '@', '[', '{', '(', '*', '_']);
    let marked = name.len() < label.len() && label.starts_with('(') == label.ends_with(')');
    let begins_well = name.starts_with(|c: char| c.is_alphabetic() && (marked || !c.is_lowercase()));
    // Neither an address (`http://`) nor a time (`At 17:30`).
    let ends_well = after.is_empty() || after.starts_with([' ', '\t', '*', '_', '“', '"']) || colon == '：';
    let own = label.split(" (").next().unwrap_or(label);
    let is_short = own.split_whitespace().count() <= LABEL.0 && own.chars().count() <= LABEL.1;
    begins_well && ends_well && is_short
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
        self.words
            .trim_end_matches(['"', '”', '’', '\'', '»', ')', '*', '_'])
            .ends_with(['.', '!', '?', '…', ':', ';'])
    }

    /// Whether a sentence may begin with this line.
    fn begins_anew(&self) -> bool {
        self.words.trim_start_matches(['*', '_', '(', '[']).starts_with(|c: char| {
            c.is_numeric()
                || (c.is_alphabetic() && !c.is_lowercase())
                || matches!(
                    c,
                    '"' | '“'
                        | '„'
                        | '«'
                        | '»'
                        | '‘'
                        | '\''
                        | '-'
                        | '–'
                        | '—'
                        | '¿'
                        | '¡'
                        | '@'
                        | '#'
                        | '`'
                )
        })
    }

    /// Whether this line is a note of its own after `previous`, rather than its continuation.
    fn begins_note_after(&self, previous: &Line<'_>) -> bool {
        let short = previous.length < SHORT;
        let at_no_margin = short || previous.length > UNWRAPPED;
        (self.begins_anew() && at_no_margin) || (short && previous.ends_sentence())
    }

    /// Whether `next` must be the continuation of this line although other lines are notes.
    fn goes_on_in(&self, next: &Line<'_>) -> bool {
        self.length >= SHORT && !self.ends_sentence() && next.words.starts_with(char::is_lowercase)
    }

    /// Whether this line is the title of a list or log that follows it. Where the page does not
    /// show that the two belong together, only a colon does.
    fn leads_in(&self, needs_colon: bool) -> bool {
        let words = self.words.split_whitespace().count();
        if self.words.trim_end_matches(['*', '_']).ends_with([':', '：']) {
            words <= LEAD_IN_WORDS
        } else {
            !needs_colon && words <= TITLE_WORDS && self.words.ends_with(|c: char| c.is_alphanumeric())
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

/// Bytes of whatever may be a bullet or number, with the blanks behind it, at the beginning of a line;
/// 0 for none.
pub(in crate::read) fn bullet(words: &str) -> usize {
    typographic(words).max(dash(words)).max(unread_markdown(words))
}

fn typographic(words: &str) -> usize {
    let rest = words.trim_start_matches([
        '•', '◦', '▪', '▫', '●', '○', '·', '∙', '⋅', '‣', '⁃', '■', '□', '◆', '◇', '►', '▸', '➢', '➤', '❖',
        '✓', '✔', '\u{f0b7}', '\u{f0a7}', '\u{f076}', '\u{f0d8}', '\u{f0fc}',
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
    match words
        .strip_prefix("o\t")
        .or_else(|| words.strip_prefix("o ").filter(|rest| rest.starts_with(char::is_uppercase)))
    {
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
        Some(rest) if (1..=3).contains(&digits) && rest.starts_with([' ', '\t']) => {
            blanks_behind(words, rest)
        }
        _ => 0,
    }
}

/// Bytes of `words` before `rest` and the blanks at its beginning; 0 when `rest` is all of them.
fn blanks_behind(words: &str, rest: &str) -> usize {
    if rest.len() == words.len() { 0 } else { words.len() - rest.trim_start().len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks of a paragraph as `kind text`: `p`, `h` or the depth of an item.
    fn check(text: &str, depth: Option<u8>, followed: Option<bool>, expected: &[&str]) {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            lines.push(crate::read::leaf::trimmed(text, start..start + line.len()));
            start += line.len();
        }
        let found: Vec<_> = cut(text, &lines, depth, followed)
            .into_iter()
            .map(|block| {
                let kind = match block.kind {
                    BlockKind::Item { depth } => depth.to_string(),
                    BlockKind::Heading { .. } => "h".into(),
                    _ => "p".into(),
                };
                format!("{kind} {}", &text[block.span])
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    fn paragraph(text: &str, expected: &[&str]) {
        check(text, None, None, expected);
    }

    #[test]
    fn bullets_that_are_no_markdown() {
        paragraph("• one\n  goes on\n• two", &["0 one\n  goes on", "0 two"]);
        paragraph("•one\n    ◦ nested\n    ◦ again\n•two", &["0 one", "1 nested", "1 again", "0 two"]);
        paragraph("– one\n– two", &["0 one", "0 two"]);
        paragraph("o One\no Two", &["0 One", "0 Two"]);
        paragraph("\u{f0b7}\tone\n\u{f0b7}\ttwo", &["0 one", "0 two"]);
        paragraph(
            "We are asked to\n    - mend it\n    - send it",
            &["h We are asked to", "0 mend it", "0 send it"],
        );
        paragraph("3. one\n4) two", &["0 one", "0 two"]);
        check("Change it.\n⋅⋅* add\n..* remove", Some(0), None, &["0 Change it.", "1 add", "1 remove"]);
        paragraph("•", &["0 "]);
    }

    #[test]
    fn dashes_and_letters_may_be_words() {
        let prose =
            "We spoke for a long time about the budget of the coming year and its ends\n– and about the bus.";
        paragraph(prose, &[&format!("p {prose}")]);
        paragraph(
            "A nova linha foi aberta em maio e todos sabem que\no autocarro vem tarde.",
            &["p A nova linha foi aberta em maio e todos sabem que\no autocarro vem tarde."],
        );
        paragraph("-5 degrees\n1986 was cold", &["p -5 degrees", "p 1986 was cold"]);
    }

    #[test]
    fn turns_are_parted() {
        paragraph("Anna: we never\nhave it\nBen: nor we", &["p Anna: we never\nhave it", "p Ben: nor we"]);
        paragraph(
            "Present were all\n#Anna: yes\n**Ben B:** no",
            &["p Present were all", "p #Anna: yes", "p **Ben B:** no"],
        );
        check("Q: is it?\n\tA: it is", Some(1), None, &["1 Q: is it?", "1 A: it is"]);
        check(
            "(**A** d): “yes”\n(R *T* d): “no”",
            Some(0),
            None,
            &["0 (**A** d): “yes”", "0 (R *T* d): “no”"],
        );
    }

    #[test]
    fn what_a_turn_is() {
        for turn in [
            "Anna: yes",
            "Dr Ruth Allen: yes",
            "Hon. Mara Osei (Minister for Small Business, Export Promotion and Trade): yes",
            "[Anna]: yes",
            "@anna: x",
            "#1a:",
            "{Q}: x",
            "Q:",
            "王: 你好",
            "王：你好",
            "Anna : oui",
            "Ä: x",
        ] {
            assert_eq!(is_turn(turn), !turn.starts_with("#1"), "{turn}");
        }
        for other in [
            "",
            ":",
            "anna: yes",
            "http://x.org",
            "Https://x.org",
            "10:30 Meeting: all",
            "At 17:30 we met",
            "12: x",
            "We spoke at length of this: the bus",
            "(see also: that)",
            "The quick brown fox jumps over the lazy: dog",
        ] {
            assert!(!is_turn(other), "{other}");
        }
    }

    #[test]
    fn short_lines_are_notes_and_wrapped_ones_prose() {
        paragraph(
            "Summit notes\nTable 1, Round 3.\nOpen questions",
            &["p Summit notes", "p Table 1, Round 3.", "p Open questions"],
        );
        paragraph(
            "the bus is late.\nthe fare is high.\nnobody comes",
            &["p the bus is late.", "p the fare is high.", "p nobody comes"],
        );
        let wrapped = "We spoke for a long time about the budget of the coming year and\nAnna said that the fares should not be raised, while others found\nthat they should.";
        paragraph(wrapped, &[&format!("p {wrapped}")]);
        let narrow = "we spoke for a long time\nabout the budget of the\ncoming year";
        paragraph(narrow, &[&format!("p {narrow}")]);
        let long = "Nobody comes any more because the fare has been raised twice in one year, and the bus is late on most days of it.";
        paragraph(&format!("{long}\n{long}"), &[&format!("p {long}"), &format!("p {long}")]);
        // An item is one note however its lines look.
        check("Fares\nToo high", Some(0), None, &["0 Fares\nToo high"]);
    }

    #[test]
    fn lines_that_lead_in_are_headings() {
        check("Proposed items:", None, Some(true), &["h Proposed items:"]);
        check("Proposed items:", None, None, &["p Proposed items:"]);
        check("Action items", None, Some(false), &["h Action items"]);
        check("Action items", None, Some(true), &["p Action items"]);
        check("Is it?", None, Some(false), &["p Is it?"]);
        check(
            "The API server\nDiscussion log:",
            Some(0),
            Some(false),
            &["0 The API server", "h Discussion log:"],
        );
        let prose = "We went on to speak about the things that must be done first, and\nthese are:";
        check(prose, None, Some(false), &[&format!("p {prose}")]);
        check("Only this:", Some(0), Some(false), &["0 Only this:"]);
        check("Foo\nBar", Some(0), Some(false), &["0 Foo\nBar"]);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        check("", None, None, &[]);
        check(" \n\t\n", None, Some(true), &[]);
    }
}
