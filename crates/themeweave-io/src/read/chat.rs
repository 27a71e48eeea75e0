//! The chat of a meeting as Zoom saves it: every message is a note.
//!
//! `12:34:56 From Ann to Everyone: text`, older with a tab and blanks around the colon, newer with the
//! date and the text in the lines below. Reactions say nothing to count, and what somebody wrote to one
//! person was not meant for others: both are left out and told.

use std::ops::Range;
use std::sync::Arc;

use themeweave::{Block, BlockKind, Diagnostic, Document, TimeSpan};

use crate::read::clock;
use crate::read::error::ReadError;
use crate::terminal::terminal_safe;
use crate::wording::count;

/// The head of a message.
struct Head<'t> {
    time: TimeSpan,
    speaker: &'t str,
    is_private: bool,
    /// Bytes up to the text.
    length: usize,
}

/// Whether the first line with text is the head of a message.
pub(super) fn is_chat(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(is_head)
}

fn is_head(line: &str) -> bool {
    head(line).is_some()
}

pub(super) fn read(
    name: &Arc<str>,
    text: String,
    private_messages: bool,
) -> Result<(Option<Document>, Vec<Diagnostic>), ReadError> {
    if !text.trim().is_empty() && !text.lines().any(is_head) {
        let error = ReadError::in_file(&**name, "no line of this file is of the format chat");
        return Err(error.with_hint(
            "such a line is 12:34:56 From Ann to Everyone: text; leave out --text-format to have the layout told by \
             the text",
        ));
    }
    let mut blocks: Vec<Block> = Vec::new();
    let (mut reactions, mut private) = (0_usize, 0_usize);
    let mut message: Option<Message> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if let Some(head) = head(line) {
            blocks.extend(message.take().and_then(|message| message.block(&text, &mut reactions)));
            let is_left_out = head.is_private && !private_messages;
            private += usize::from(is_left_out);
            message = (!is_left_out).then(|| Message {
                speaker: head.speaker.into(),
                time: head.time,
                span: start + head.length..end,
            });
        } else if let Some(message) = &mut message {
            message.span.end = end;
        }
        start = end;
    }
    blocks.extend(message.and_then(|message| message.block(&text, &mut reactions)));
    let mut diagnostics = Vec::new();
    let shown = terminal_safe(name);
    if private > 0 {
        let message = format!("{shown}: {} left out", count(private, "private message"));
        let diagnostic = Diagnostic::new("private-messages", message);
        diagnostics.push(diagnostic.with_hint("--private-messages keeps them"));
    }
    if reactions > 0 {
        let message = format!("{shown}: {} left out", count(reactions, "reaction"));
        diagnostics.push(Diagnostic::new("reactions", message));
    }
    let document = Document { source: Arc::clone(name), blocks, ..Document::new(&**name, text) };
    Ok(((!document.blocks.is_empty()).then_some(document), diagnostics))
}

struct Message {
    speaker: Arc<str>,
    time: TimeSpan,
    span: Range<usize>,
}

impl Message {
    /// The block of a message with something to read in it. What it replies to is not part of it.
    fn block(self, text: &str, reactions: &mut usize) -> Option<Block> {
        let whole = text[self.span.clone()].trim_end();
        let mut words = whole.trim_start();
        if let Some(reply) = words.strip_prefix("Replying to ") {
            let end = reply.find('\n').unwrap_or(reply.len());
            words = reply[end..].trim();
        }
        if ["Reacted to ", "Removed a "].iter().any(|begin| words.starts_with(begin)) {
            *reactions += 1;
            return None;
        }
        let start = self.span.start + whole.len() - words.len();
        words.contains(char::is_alphanumeric).then(|| Block {
            speaker: Some(self.speaker),
            time: Some(self.time),
            ..Block::new(start..start + words.len(), BlockKind::Paragraph)
        })
    }
}

/// The head that a line begins with.
fn head(line: &str) -> Option<Head<'_>> {
    let dated = date(line).map_or(line, |rest| rest);
    let clock = clock::clock(dated)?;
    let rest = dated[clock.length..].trim_start().strip_prefix("From ")?;
    let (at, _) = rest
        .match_indices(':')
        .find(|(at, _)| rest[at + 1..].is_empty() || rest[at + 1..].starts_with(char::is_whitespace))?;
    let (speaker, target) = match rest[..at].rsplit_once(" to ") {
        Some((speaker, target)) => (speaker.trim(), target.trim()),
        None => (rest[..at].trim(), "Everyone"),
    };
    let is_private = !target.to_lowercase().starts_with("everyone")
        && !target.to_lowercase().starts_with("all panelists")
        || target.contains("Direct Message");
    (clock.parts == 3 && !speaker.is_empty()).then_some(Head {
        time: TimeSpan { start: clock.milliseconds, end: None },
        speaker,
        is_private,
        length: line.len() - rest.len() + at + 1,
    })
}

/// What follows a date such as `2026-04-21`.
fn date(line: &str) -> Option<&str> {
    let bytes = line.as_bytes().get(..11)?;
    let fits = bytes.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        10 => *byte == b' ',
        _ => byte.is_ascii_digit(),
    });
    fits.then(|| line[11..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, private: bool) -> (Vec<String>, Vec<&'static str>) {
        let (document, diagnostics) = read(&"chat.txt".into(), text.to_owned(), private).unwrap();
        let lines = document.iter().flat_map(|document| &document.blocks).map(|block| {
            let seconds = block.time.unwrap().start / 1000;
            format!("{seconds} {}: {}", block.speaker.as_deref().unwrap(), &text[block.span.clone()])
        });
        (lines.collect(), diagnostics.iter().map(|diagnostic| diagnostic.code).collect())
    }

    #[test]
    fn all_layouts() {
        for text in [
            "00:01:05 From Ann Lee to Everyone: the bus: late\n00:01:09 From Bo to Everyone: yes\n",
            "00:01:05\t From  Ann Lee  to  Everyone : the bus: late\n00:01:09\t From Bo : yes",
            "2026-04-21 00:01:05 From Ann Lee to Everyone:\n\tthe bus: late\n2026-04-21 00:01:09 From Bo to Everyone:\n\tyes\n",
        ] {
            assert_eq!(shown(text, false).0, ["65 Ann Lee: the bus: late", "69 Bo: yes"], "{text}");
        }
    }

    #[test]
    fn reactions_and_private_messages_are_left_out_and_replies_shortened() {
        let text = "10:00:00 From Ann to Everyone:\n\tReplying to \"why: so\"\n\n\tbecause\n\tof fares\n\
            10:00:01 From Bo to Ann(Direct Message): psst\n\
            10:00:02 From Cy to Everyone:\n\tReacted to \"of fares\" with \u{1f44d}\n\
            10:00:03 From Cy to Everyone: \u{1f44d}\n";
        let ann = "36000 Ann: because\n\tof fares";
        assert_eq!(shown(text, false), (vec![ann.to_owned()], vec!["private-messages", "reactions"]));
        assert_eq!(shown(text, true).0, [ann, "36001 Bo: psst"]);
    }

    #[test]
    fn what_is_no_head() {
        for line in [
            "",
            "10:00 From Ann to all: x",
            "From Ann: x",
            "10:00:00 Ann: x",
            "2026-04-21",
            "10:00:00 From : x",
        ] {
            assert!(head(line).is_none(), "{line}");
        }
    }
}
