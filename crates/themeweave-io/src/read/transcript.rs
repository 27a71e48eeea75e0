//! Transcripts with times: who speaks from when on stands before or above what is said.
//!
//! `[00:01:02] Name: text`, `Name (00:01): text`, and `Name  0:01` above the text, as Otter, Rev, Teams,
//! Zoom and people write them. Scripts without times are notes, which the library parts into turns.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use themeweave::{Block, BlockKind, Document, TimeSpan};

use crate::read::{clock, notes};

/// What a line says before the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head<'t> {
    speaker: Option<&'t str>,
    time: TimeSpan,
    /// Bytes up to what is said.
    length: usize,
}

/// What stands below the transcripts of Otter.
const FOOTER: &str = "Transcribed by https://otter.ai";

/// Fewest heads of a transcript: agendas have times, too.
const HEADS: usize = 3;

/// Most lines with text for each head.
const LINES: usize = 8;

/// Whether a text has many lines with a time, nearly all later than the one before, and, where they
/// name somebody, most names come again. The latter tells turns from an agenda.
pub(super) fn is_transcript(text: &str) -> bool {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let (mut lines, mut heads, mut later, mut last) = (0_usize, 0_usize, 0_usize, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        lines += 1;
        if let Some(head) = head(line) {
            heads += 1;
            later += usize::from(head.time.start >= last);
            last = head.time.start;
            if let Some(name) = head.speaker {
                *names.entry(name).or_default() += 1;
            }
        }
    }
    let named: usize = names.values().sum();
    let known: usize = names.values().filter(|&&times| times > 1).sum();
    heads >= HEADS && heads * LINES >= lines && later * 10 >= heads * 9 && known * 2 >= named
}

pub(super) fn read(name: &Arc<str>, text: String) -> Option<Document> {
    let blocks = turns(&text);
    let document = Document { source: Arc::clone(name), blocks, ..Document::new(&**name, text) };
    (!document.blocks.is_empty()).then_some(document)
}

/// The blocks of a transcript. What stands before the first head, or below one that names nobody, is read
/// as notes.
pub(super) fn turns(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut turn: Option<(Option<Arc<str>>, TimeSpan)> = None;
    let below = names_below_times(text);
    let mut awaits_name = false;
    let mut start = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let name_here = name(line).filter(|name| std::mem::take(&mut awaits_name) && below.contains(name));
        if let (Some(name), Some((speaker, _))) = (name_here, &mut turn) {
            *speaker = Some(name.into());
            start = end + line.len();
        } else if let Some(head) = head(line) {
            add(text, start..end, turn.as_ref(), &mut blocks);
            let has_words = !line[head.length..].trim().is_empty();
            let speaker = match head.speaker {
                Some(speaker) => Some(speaker.into()),
                // A time within a turn.
                None if has_words => turn.and_then(|(speaker, _)| speaker),
                None => None,
            };
            turn = Some((speaker, head.time));
            awaits_name = head.speaker.is_none() && !has_words;
            start = end + head.length;
        }
        end += line.len();
    }
    add(text, start..end, turn.as_ref(), &mut blocks);
    blocks
}

/// The names that stand alone in lines below times that stand alone, as in some documents of Teams: they
/// come again, and hardly any such line is something else.
fn names_below_times(text: &str) -> HashSet<&str> {
    let is_bare = |line: &str| {
        head(line).is_some_and(|head| head.speaker.is_none() && line[head.length..].trim().is_empty())
    };
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut times = 0_usize;
    for (_, next) in text.lines().zip(text.lines().skip(1)).filter(|(line, _)| is_bare(line)) {
        times += 1;
        if let Some(name) = name(next) {
            *names.entry(name).or_default() += 1;
        }
    }
    let known: usize = names.values().filter(|&&count| count > 1).sum();
    if known * 10 < times * 8 {
        return HashSet::new();
    }
    names.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

/// Adds what is said in a turn, one block a paragraph.
fn add(text: &str, span: Range<usize>, turn: Option<&(Option<Arc<str>>, TimeSpan)>, blocks: &mut Vec<Block>) {
    let said = &text[span.clone()];
    let time = turn.map(|(_, time)| *time);
    match turn {
        Some((Some(speaker), _)) => {
            for paragraph in paragraphs(said) {
                let place = span.start + paragraph.start..span.start + paragraph.end;
                blocks.push(match heading(&said[paragraph]) {
                    Some((level, marks)) => {
                        Block::new(place.start + marks..place.end, BlockKind::Heading { level })
                    }
                    // Page furniture, which nobody says.
                    None if text[place.clone()].starts_with(FOOTER) => {
                        Block::new(place, BlockKind::Paragraph)
                    }
                    None => Block {
                        speaker: Some(Arc::clone(speaker)),
                        time,
                        ..Block::new(place, BlockKind::Paragraph)
                    },
                });
            }
        }
        _ => blocks.extend(notes::blocks(said).into_iter().map(|block| Block {
            span: span.start + block.span.start..span.start + block.span.end,
            time: time.filter(|_| !matches!(block.kind, BlockKind::Heading { .. })),
            ..block
        })),
    }
}

/// The stretches without empty lines that have a letter or digit in them; a heading is one by itself.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let is_heading = heading(words).is_some();
        match found.last_mut() {
            Some(last) if goes_on && !words.is_empty() && !is_heading => last.end = start + words.len(),
            _ if !words.is_empty() => found.push(start..start + words.len()),
            _ => {}
        }
        goes_on = !words.is_empty() && !is_heading;
    }
    found.retain(|span| text[span.clone()].contains(char::is_alphanumeric));
    found
}

/// The level of a Markdown heading and the bytes of its marks.
fn heading(words: &str) -> Option<(u8, usize)> {
    let level = words.bytes().take_while(|&byte| byte == b'#').count();
    let rest = &words[level..];
    let is_one = (1..=6).contains(&level) && rest.starts_with(' ') && !rest.contains('\n');
    is_one.then(|| (level as u8, words.len() - rest.trim_start().len()))
}

/// The head of a line, if it has one.
fn head(line: &str) -> Option<Head<'_>> {
    let line = line.trim_end_matches('\n');
    time_first(line).or_else(|| name_first(line))
}

/// `[00:01:02] Name: text`, `00:01:02 Name: text`, `[00:01:02] text`, or a time alone. A time of two
/// parts without brackets needs a name, for `10:30 tea` is an agenda.
fn time_first(line: &str) -> Option<Head<'_>> {
    let start = line.len() - line.trim_start_matches([' ', '\t', '*', '_']).len();
    let (time, length, is_marked) = time(&line[start..])?;
    let after = start + length;
    let separator = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | '*' | '_' | ':');
    let rest = line[after..].trim_start_matches(separator);
    let begin = line.len() - rest.len();
    if let Some((speaker, words)) = label(rest) {
        return Some(Head { speaker: Some(speaker), time, length: begin + words });
    }
    (is_marked || rest.is_empty()).then_some(Head { speaker: None, time, length: begin })
}

/// `Name (00:01:02): text`, `Name: [00:01:02] text`, or `Name  0:01` with the text in the next line.
fn name_first(line: &str) -> Option<Head<'_>> {
    let brackets = line.char_indices().take_while(|&(at, _)| at <= NAME.0 + 2);
    for (at, _) in brackets.filter(|(_, c)| matches!(c, '[' | '(')) {
        let Some((time, length, _)) = time(&line[at..]) else { continue };
        let speaker = name(&line[..at])?;
        let rest = line[at + length..].trim_start_matches([':', '*', '_', ' ', '\t', '-', '–']);
        return Some(Head { speaker: Some(speaker), time, length: line.len() - rest.len() });
    }
    let words = line.trim_end();
    let at = words.rfind([' ', '\t'])? + 1;
    let clock = clock::clock(&words[at..]).filter(|clock| clock.length == words.len() - at)?;
    let before = words[..at].trim_end();
    let is_apart = words[before.len()..at].len() >= 2 || words[before.len()..at].contains('\t');
    let time = TimeSpan { start: clock.milliseconds, end: None };
    name(before).filter(|_| is_apart).map(|speaker| Head { speaker: Some(speaker), time, length: line.len() })
}

/// A time with or without brackets, or two with an arrow between, and its bytes; and whether it can be
/// nothing but a time of a recording.
fn time(text: &str) -> Option<(TimeSpan, usize, bool)> {
    let inner = text.strip_prefix(['[', '(', '{', '<']);
    let words = inner.unwrap_or(text);
    let (time, rest, parts) = match clock::timing(words) {
        Some((timing, rest)) => (timing.time, rest, 3),
        None => {
            let clock = clock::clock(words)?;
            (TimeSpan { start: clock.milliseconds, end: None }, &words[clock.length..], clock.parts)
        }
    };
    let rest = match inner {
        Some(_) => rest.trim_start().strip_prefix([']', ')', '}', '>'])?,
        None => rest,
    };
    Some((time, text.len() - rest.len(), inner.is_some() || parts == 3))
}

/// Longest name, in bytes and in words.
const NAME: (usize, usize) = (60, 6);

/// The name before the first colon, and the bytes up to the words after it.
fn label(text: &str) -> Option<(&str, usize)> {
    let (at, colon) =
        text.char_indices().take_while(|&(at, _)| at <= NAME.0).find(|(_, c)| matches!(c, ':' | '：'))?;
    let rest = &text[at + colon.len_utf8()..];
    let said = rest.trim_start_matches(['*', '_', ' ', '\t']);
    let is_apart = colon == '：' || rest.is_empty() || rest.len() > said.len();
    name(&text[..at]).filter(|_| is_apart).map(|name| (name, text.len() - said.len()))
}

/// A name without the marks around it: up to six words that begin with a letter, the first in upper case
/// where there is such a thing, unless the marks say that it is a name.
fn name(text: &str) -> Option<&str> {
    let marks = |c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | ':' | '#' | '@' | '[' | ']' | '-' | '–' | '|' | ',')
    };
    let marked = text.trim_start().starts_with(['#', '@', '[', '*']);
    let name = text.trim_matches(marks);
    let fits = (1..=NAME.1).contains(&name.split_whitespace().count())
        && name.len() <= NAME.0
        && name.starts_with(|c: char| c.is_alphabetic() && (marked || !c.is_lowercase()))
        && !name.contains(['?', '!', ';', '"', '“', '”', ':']);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each block as `seconds speaker: text`, headings as `#`.
    fn shown(text: &str) -> Vec<String> {
        let document = read(&"t.txt".into(), text.to_owned());
        let blocks = document.iter().flat_map(|document| &document.blocks);
        blocks
            .map(|block| {
                let words = &text[block.span.clone()];
                match block.kind {
                    BlockKind::Heading { level } => format!("{} {words}", "#".repeat(level.into())),
                    _ => {
                        let time = block.time.map(|time| (time.start / 1000).to_string());
                        let speaker = block.speaker.as_deref().unwrap_or("?");
                        format!("{} {speaker}: {words}", time.unwrap_or_default())
                    }
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert!(is_transcript(text), "{text}");
        assert_eq!(shown(text), expected, "{text}");
    }

    #[test]
    fn times_before_and_after_names() {
        for text in [
            "[00:00:05] Ann Lee: late bus\n[00:00:09] Bo: yes\n[00:01:00] Ann Lee: so\n[00:01:05] Bo: no",
            "00:00:05 Ann Lee: late bus\n00:00:09 Bo: yes\n00:01:00 Ann Lee: so\n00:01:05 Bo: no",
            "(0:05) Ann Lee: late bus\n(0:09) Bo: yes\n(1:00) Ann Lee: so\n(1:05) Bo: no",
            "00:05 - Ann Lee: late bus\n00:09 - Bo: yes\n01:00 - Ann Lee: so\n01:05 - Bo: no",
            "Ann Lee (00:05): late bus\nBo (00:09): yes\nAnn Lee (01:00): so\nBo (01:05): no",
            "**Ann Lee** [00:05]: late bus\n**Bo** [00:09]: yes\n**Ann Lee** [01:00]: so\n**Bo** [01:05]: no",
            "Ann Lee: [00:05] late bus\n\nBo: [00:09] yes\n\nAnn Lee: [01:00] so\n\nBo: [01:05] no",
            "Ann Lee  0:05  \nlate bus\n\nBo  0:09  \nyes\n\nAnn Lee  1:00\nso\n\nBo  1:05\nno",
            "Ann Lee\t00:05\nlate bus\nBo\t00:09\nyes\nAnn Lee\t01:00\nso\nBo\t01:05\nno",
            "00:00:05\tAnn Lee:\tlate bus\n00:00:09\tBo:\tyes\n00:01:00\tAnn Lee:\tso\n00:01:05\tBo:\tno",
        ] {
            check(text, &["5 Ann Lee: late bus", "9 Bo: yes", "60 Ann Lee: so", "65 Bo: no"]);
        }
    }

    #[test]
    fn names_between_times_and_words() {
        check(
            "0:0:5.100 --> 0:0:8.250\nAnn Lee\nlate bus\n\n0:0:9.100 --> 0:0:12.250\nBo\nyes\n\n0:1:0.0 --> 0:1:4.0\nAnn Lee\nso\n\n0:1:5.0 --> 0:1:9.0\nBo\nno",
            &["5 Ann Lee: late bus", "9 Bo: yes", "60 Ann Lee: so", "65 Bo: no"],
        );
    }

    #[test]
    fn times_without_names() {
        check(
            "[00:00.000 --> 00:02.000]  The bus\n[00:02.000 --> 00:04.000]  is late\n[00:04.000 --> 00:05.000]  again",
            &["0 ?: The bus", "2 ?: is late", "4 ?: again"],
        );
        check(
            "0:15  \nThe bus\n\n0:20  \nis late\n\n0:30  \nagain",
            &["15 ?: The bus", "20 ?: is late", "30 ?: again"],
        );
    }

    #[test]
    fn turns_of_several_paragraphs_headings_and_what_stands_before() {
        check(
            "# Round\n\nPresent: all\n\nAnn (0:05): one\ntwo\n\nthree\n\n## Next\n\nBo (0:10): four\n[0:15] five\nAnn (0:20): six\nBo (0:25):\n",
            &[
                "# Round",
                " ?: Present: all",
                "5 Ann: one\ntwo",
                "5 Ann: three",
                "## Next",
                "10 Bo: four",
                "15 Bo: five",
                "20 Ann: six",
            ],
        );
    }

    #[test]
    fn agendas_and_notes_are_no_transcripts() {
        for text in [
            "",
            "10:30 Tea: in the hall\n11:00 Talk: on buses\n12:00 Lunch: soup\n",
            "10:30 tea\n11:00 talk\n12:00 lunch\n",
            "At 17:30 we met\nAt 17:45 we left\nAt 18:00 we slept",
            "[00:05] Ann: a\n[00:09] Bo: b\n",
            "[09:00] Ann: a\n[08:00] Ann: b\n[07:00] Ann: c\n",
        ] {
            assert!(!is_transcript(text), "{text}");
        }
    }

    #[test]
    fn long_lines_take_no_longer() {
        let line = format!("{} [", "(".repeat(100_000));
        assert!(!is_transcript(&format!("{line}\n{line}\n{line}")));
        assert!(!is_transcript(&"[0:0".repeat(50_000)));
    }
}
