//! Captions: WebVTT and SRT. The captions of one turn are one note.
//!
//! Written after the WebVTT standard of the W3C, and for what Zoom, Teams, Meet, Otter and YouTube make
//! of it. Between the lines of a turn stand times, so the document's text is not the file: it has the
//! words alone, one turn a line, and every block says in which line of the file it begins.

mod markup;
mod speakers;

use std::ops::Range;
use std::sync::Arc;

use themeweave::{Block, BlockKind, Diagnostic, Document, TimeSpan};

use crate::read::clock;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;
use crate::wording::count;

/// A caption: its time and its lines.
#[derive(Debug, Clone)]
struct Cue<'t> {
    time: TimeSpan,
    lines: Vec<(u32, &'t str)>,
}

/// What one voice says in one line of a caption.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    speaker: Option<String>,
    /// Somebody else begins to speak, whoever that is.
    begins_turn: bool,
    line: u32,
    time: TimeSpan,
}

/// Whether a text is captions, whatever the name of its file.
pub(super) fn are_captions(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    is_signature(first)
        || clock::timing(first).is_some_and(|(timing, _)| timing.is_exact)
        || (first.bytes().all(|byte| byte.is_ascii_digit())
            && lines.next().is_some_and(|second| clock::timing(second).is_some()))
}

/// Reads captions.
pub(super) fn read(name: &Arc<str>, text: &str) -> Result<(Option<Document>, Vec<Diagnostic>), ReadError> {
    let mut cues = cues(text);
    if cues.is_empty() && !text.trim().is_empty() && !is_signature(text.trim_start()) {
        let error = ReadError::in_file(&**name, "there are no captions in this file");
        let hint = "a caption has a line such as 00:01:02.000 --> 00:01:05.500; name the layout (--text-format notes) if it is plain text";
        return Err(error.with_hint(hint));
    }
    drop_rolled_lines(&mut cues);
    let mut pieces: Vec<Piece> = cues.iter().flat_map(markup::pieces).collect();
    let with_sounds = pieces.len();
    pieces.retain(|piece| !is_sound(&piece.text));
    let sounds = with_sounds - pieces.len();
    speakers::find(&mut pieces);
    let mut diagnostics = Vec::new();
    if sounds > 0 {
        let captions = count(sounds, "caption");
        let message = format!("{}: {captions} of sounds such as [Music] left out", terminal_safe(name));
        diagnostics.push(Diagnostic::new("sounds", message));
    }
    Ok((document(name, &pieces), diagnostics))
}

/// Whether a text begins with the words that every WebVTT file begins with.
fn is_signature(text: &str) -> bool {
    text.strip_prefix("WEBVTT").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// The captions of a text. Where a line of times stands tells that it is one, not how it looks: first or
/// second in a stretch without empty lines. Only one that is exact to parts of a second, and so cannot be
/// speech, also begins a caption without an empty line before it. What stands behind an empty line
/// without times goes on with the caption above.
fn cues(text: &str) -> Vec<Cue<'_>> {
    let lines: Vec<(u32, &str)> = (1..).zip(text.lines().map(str::trim)).collect();
    let mut cues: Vec<Cue> = Vec::new();
    for stretch in lines.split(|(_, line)| line.is_empty()).filter(|stretch| !stretch.is_empty()) {
        let timed = (0..stretch.len().min(2)).find(|&at| clock::timing(stretch[at].1).is_some());
        if timed.is_none() && is_comment(stretch[0].1) {
            continue;
        }
        for (at, &(line, words)) in stretch.iter().enumerate().skip(timed.unwrap_or(0)) {
            match clock::timing(words) {
                Some((timing, _)) if timed == Some(at) || timing.is_exact => {
                    if timed != Some(at) {
                        drop_number(&mut cues);
                    }
                    cues.push(Cue { time: timing.time, lines: Vec::new() });
                }
                _ => {
                    if let Some(cue) = cues.last_mut() {
                        cue.lines.push((line, words));
                    }
                }
            }
        }
    }
    cues
}

/// Whether a stretch that begins so holds no captions: the head of the file, notes, styles.
fn is_comment(line: &str) -> bool {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    matches!(word, "NOTE" | "STYLE" | "REGION") || is_signature(line)
}

/// Takes a line that is the number of the next caption from the end of the last one.
fn drop_number(cues: &mut [Cue<'_>]) {
    let number = cues.len() + 1;
    if let Some(cue) = cues.last_mut() {
        cue.lines.pop_if(|(_, line)| line.parse() == Ok(number));
    }
}

/// Captions that roll up show the line before again. Where that is how the file is made, the lines
/// that the caption before ends with are dropped.
fn drop_rolled_lines(cues: &mut [Cue<'_>]) {
    /// Most milliseconds between two captions of which one rolls up.
    const GAP: u32 = 100;
    /// Fewest such captions, and one in this many: who says "Yes." twice does not roll.
    const ROLLED: (usize, usize) = (3, 4);
    let words: Vec<Vec<String>> = cues
        .iter()
        .map(|cue| {
            cue.lines.iter().map(|(_, line)| markup::plain(line)).filter(|line| !line.is_empty()).collect()
        })
        .collect();
    let rolled: Vec<usize> = (0..cues.len())
        .map(|at| {
            let Some(before) = at.checked_sub(1) else { return 0 };
            let (last, here) = (&words[before], &words[at]);
            let end = cues[before].time.end.unwrap_or(cues[before].time.start);
            if cues[at].time.start.abs_diff(end) > GAP {
                return 0;
            }
            (1..=last.len().min(here.len()))
                .rev()
                .find(|&count| last[last.len() - count..] == here[..count])
                .unwrap_or(0)
        })
        .collect();
    let count = rolled.iter().filter(|&&lines| lines > 0).count();
    if count < ROLLED.0 || count * ROLLED.1 < cues.len() {
        return;
    }
    for (cue, rolled) in cues.iter_mut().zip(rolled) {
        let mut left = rolled;
        cue.lines.retain(|(_, line)| {
            let is_rolled = left > 0 && !markup::plain(line).is_empty();
            left -= usize::from(is_rolled);
            !is_rolled
        });
    }
}

/// Whether a line tells what is heard, and not what is said: `[Music]`, `(applause)`, `♪`.
fn is_sound(text: &str) -> bool {
    const WORDS: usize = 4;
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.or_else(|| text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')));
    match inner {
        Some(inner) => !inner.contains(['[', ']', '(', ')']) && inner.split_whitespace().count() <= WORDS,
        None => !text.contains(char::is_alphanumeric),
    }
}

/// The document of the pieces, one turn a line.
fn document(name: &Arc<str>, pieces: &[Piece]) -> Option<Document> {
    let mut document = Document { source: Arc::clone(name), ..Document::new(&**name, String::new()) };
    let mut turn = Turn::default();
    for piece in pieces {
        let continues = turn.goes_on_in(piece);
        if !document.text.is_empty() {
            document.text.push(if continues { ' ' } else { '\n' });
        }
        let start = document.text.len();
        document.text.push_str(&piece.text);
        turn.take(piece, continues);
        document.blocks.push(Block {
            speaker: turn.speaker.clone(),
            time: Some(piece.time),
            line: Some(piece.line),
            continues,
            ..Block::new(Range { start, end: document.text.len() }, BlockKind::Paragraph)
        });
    }
    (!document.blocks.is_empty()).then_some(document)
}

/// The turn that is being put together.
#[derive(Default)]
struct Turn {
    speaker: Option<Arc<str>>,
    end: u32,
    words: usize,
    ends_sentence: bool,
    has_begun: bool,
}

impl Turn {
    /// Whether a piece belongs to the turn. Where nobody knows who speaks, a note ends with a sentence,
    /// a pause of two seconds, or after sixty words, for some captions have no full stops.
    fn goes_on_in(&self, piece: &Piece) -> bool {
        const PAUSE: u32 = 2000;
        const WORDS: usize = 60;
        if piece.begins_turn || !self.has_begun || piece.speaker.as_deref() != self.speaker.as_deref() {
            return false;
        }
        self.speaker.is_some()
            || (!self.ends_sentence
                && self.words < WORDS
                && piece.time.start.saturating_sub(self.end) < PAUSE)
    }

    fn take(&mut self, piece: &Piece, continues: bool) {
        let words = piece.text.split_whitespace().count();
        self.words = if continues { self.words + words } else { words };
        self.end = piece.time.end.unwrap_or(piece.time.start);
        let closed = piece.text.trim_end_matches(['"', '”', '’', '\'', '»', ')']);
        self.ends_sentence = closed.ends_with(['.', '!', '?', '…', '。', '？', '！']);
        if !continues {
            self.speaker = piece.speaker.as_deref().map(Arc::from);
        }
        self.has_begun = true;
    }
}

#[cfg(test)]
mod tests {
    use themeweave::Corpus;

    use super::*;

    /// Each turn as `line start-end speaker: text`.
    fn turns(text: &str) -> Vec<String> {
        let (document, _) = read(&"talk.vtt".into(), text).unwrap();
        let Some(document) = document else { return Vec::new() };
        let corpus = Corpus::new(vec![document.clone()]).unwrap();
        let turns = document.blocks.chunk_by(|_, next| next.continues);
        turns
            .map(|turn| {
                let (first, last) = (&turn[0], &turn[turn.len() - 1]);
                let span = first.span.start..last.span.end;
                let time = corpus.document(0).unwrap().time(span.clone()).unwrap();
                format!(
                    "{} {}-{} {}: {}",
                    first.line.unwrap(),
                    time.start,
                    time.end.map(|end| end.to_string()).unwrap_or_default(),
                    first.speaker.as_deref().unwrap_or("?"),
                    &document.text[span]
                )
            })
            .collect()
    }

    #[test]
    fn zoom() {
        let text = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.500\nAnn (Roads): The bus is late & dear.\n\n\
            2\n00:00:03.900 --> 00:00:06.000\nAnn (Roads): It is: always so.\n\n\
            3\n00:00:07.000 --> 00:00:08.000\nbo.eth: Yes.\n\n4\n00:00:08.100 --> 00:00:09.000\nAnn (Roads): So.\n";
        assert_eq!(
            turns(text),
            [
                "5 1000-6000 Ann (Roads): The bus is late & dear. It is: always so.",
                "13 7000-8000 bo.eth: Yes.",
                "17 8100-9000 Ann (Roads): So.",
            ]
        );
    }

    #[test]
    fn teams_and_meet() {
        let text = "WEBVTT\n\n0d7c-1/12-0\n00:00:01.000 --> 00:00:03.500\n<v Ann Smith>We never have\nthe budget &amp; time.</v>\n\n\
            NOTE made up\n<v Bo>not said\n\n0d7c-1/12-1\n00:00:03.900 --> 00:00:06.000 align:start\n<v Bo>The café was great!</v>\n";
        assert_eq!(
            turns(text),
            [
                "5 1000-3500 Ann Smith: We never have the budget & time.",
                "13 3900-6000 Bo: The café was great!",
            ]
        );
    }

    #[test]
    fn srt_with_its_habits() {
        let text = "1\n0:00:01,000 --> 0:00:02,500\n<i>Ann: We never</i>\n\nhave it.\n2\n0:00:02,900 --> 0:00:04,000\n\
            - {\\an8}Bo: At 10:30 --> 11:00 we do.\n\n\n3\n00:00:05,000 --> 00:00:04,000\nAnn: 12\n\n4\n00:00:06 --> 00:00:07\nBo: no";
        assert_eq!(
            turns(text),
            [
                "3 1000-2500 Ann: We never have it.",
                "8 2900-4000 - Bo: At 10:30 --> 11:00 we do.",
                "13 5000- Ann: 12",
                "17 6000-7000 Bo: no",
            ]
            .map(|turn| turn.replace("- Bo: At", "Bo: At"))
        );
    }

    #[test]
    fn captions_without_speakers_are_joined_to_sentences() {
        let text = "WEBVTT\nKind: captions\nLanguage: en\n\n00:01.000 --> 00:02.000\nThe bus that\n\n00:02.000 --> 00:03.000\nis late.\n\n\
            00:03.000 --> 00:04.000\nAnd then\n\n00:09.000 --> 00:10.000\nafter a pause\n\n00:10.000 --> 00:11.000\n[Music]\n";
        assert_eq!(
            turns(text),
            [
                "6 1000-3000 ?: The bus that is late.",
                "12 3000-4000 ?: And then",
                "15 9000-10000 ?: after a pause",
            ]
        );
    }

    #[test]
    fn captions_that_roll_up_are_read_once() {
        let mut text = "WEBVTT\n\n".to_owned();
        let lines = ["hello and welcome", "to my talk", "about late", "buses today"];
        for (at, line) in lines.iter().enumerate() {
            let before = at.checked_sub(1).map_or(" ", |before| lines[before]);
            let (first, second) = (line.split_once(' ').unwrap().0, line.split_once(' ').unwrap().1);
            text.push_str(&format!(
                "00:0{at}.000 --> 00:0{at}.990 align:start position:0%\n{before}\n{first}<00:00:0{at}.500><c> {second}</c>\n\n\
                 00:0{at}.990 --> 00:0{}.000\n{line}\n \n\n",
                at + 1
            ));
        }
        assert_eq!(turns(&text), ["5 0-3990 ?: hello and welcome to my talk about late buses today"]);
        let twice = "WEBVTT\n\n00:01.000 --> 00:02.000\nA: Yes.\n\n00:02.000 --> 00:03.000\nA: Yes.\n";
        assert_eq!(turns(twice), ["4 1000-3000 A: Yes. Yes."]);
    }

    #[test]
    fn what_is_no_caption() {
        assert_eq!(turns("WEBVTT\n"), [""; 0]);
        assert_eq!(turns(" \n"), [""; 0]);
        assert_eq!(turns("WEBVTT\n\n00:01.000 --> 00:02.000\n\n"), [""; 0]);
        let error = read(&"a.srt".into(), "The bus is late.").unwrap_err().to_string();
        assert!(error.contains("no captions") && error.contains("--text-format"), "{error}");
        assert!(are_captions("\n1\n00:00:01,000 --> 00:00:02,000\n") && !are_captions("1\n2\n"));
    }

    #[test]
    fn every_block_gives_its_text() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Zoë>Über &lt;é>\n\u{1f68c} so\n\n00:02.000 --> 00:03.000\n<v Bo>x\n";
        let document = read(&"a.vtt".into(), text).unwrap().0.unwrap();
        assert_eq!(document.text, "Über <é> \u{1f68c} so\nx");
        let texts: Vec<_> = document.blocks.iter().map(|block| &document.text[block.span.clone()]).collect();
        assert_eq!(texts, ["Über <é>", "\u{1f68c} so", "x"]);
    }
}
