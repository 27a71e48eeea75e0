//! Text files: in which layout they are written, and reading them by it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use themeweave::{Diagnostic, Document};

use crate::read::error::Trouble;
use crate::read::{captions, chat, iramuteq, kh_coder, lines, notes, transcript};
use crate::terminal::terminal_safe;

/// How a text file is laid out.
///
/// ```
/// use themeweave_io::TextFormat;
/// assert_eq!("kh-coder".parse::<TextFormat>()?, TextFormat::KhCoder);
/// # Ok::<(), themeweave::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextFormat {
    /// Markdown or plain text: headings, bullets, paragraphs, turns as `Name: text`.
    Notes,
    /// One document a line, as the corpus files of VOSviewer.
    Lines,
    /// WebVTT or SRT.
    Captions,
    /// Turns with times: `[00:01:02] Name: text`, `Name (00:01): text`, or name and time above the text.
    Transcript,
    /// The chat of a meeting, as Zoom saves it.
    Chat,
    /// The corpora of IRaMuTeQ and Alceste: `**** *variable_value`, and `-*theme`.
    Iramuteq,
    /// The text files of KH Coder: headings from `<h1>` to `<h5>`, one paragraph a line.
    KhCoder,
}

impl TextFormat {
    /// Every format.
    pub const ALL: [TextFormat; 7] = [
        Self::Notes,
        Self::Lines,
        Self::Captions,
        Self::Transcript,
        Self::Chat,
        Self::Iramuteq,
        Self::KhCoder,
    ];

    /// The name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::Lines => "lines",
            Self::Captions => "captions",
            Self::Transcript => "transcript",
            Self::Chat => "chat",
            Self::Iramuteq => "iramuteq",
            Self::KhCoder => "kh-coder",
        }
    }

    /// The layout that a text shows. [`TextFormat::Lines`] looks like notes and must be asked for.
    fn of(text: &str) -> Self {
        if captions::are_captions(text) {
            Self::Captions
        } else if chat::is_chat(text) {
            Self::Chat
        } else if iramuteq::is_corpus(text) {
            Self::Iramuteq
        } else if kh_coder::is_corpus(text) {
            Self::KhCoder
        } else if transcript::is_transcript(text) {
            Self::Transcript
        } else {
            Self::Notes
        }
    }
}

impl FromStr for TextFormat {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.map(Self::name).to_vec();
            themeweave::Error::options(format!("no text format “{name}”; known are {}", known.join(", ")))
        })
    }
}

impl fmt::Display for TextFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a text file in the format that is given, else in that which the text shows.
pub(super) fn read(
    name: &Arc<str>,
    text: String,
    given: Option<TextFormat>,
    private_messages: bool,
) -> Result<(Vec<Document>, Vec<Diagnostic>), Trouble> {
    let format = given.unwrap_or_else(|| TextFormat::of(&text));
    let one = |(document, diagnostics): (Option<Document>, Vec<Diagnostic>)| {
        (document.into_iter().collect(), diagnostics)
    };
    let (documents, mut diagnostics) = match format {
        TextFormat::Notes => one((notes::read(name, text), Vec::new())),
        TextFormat::Lines => (lines::read(name, &text), Vec::new()),
        TextFormat::Captions => one(captions::read(name, &text)?),
        TextFormat::Transcript => one((transcript::read(name, text), Vec::new())),
        TextFormat::Chat => one(chat::read(name, text, private_messages)?),
        TextFormat::Iramuteq => iramuteq::read(name, &text)?,
        TextFormat::KhCoder => one((kh_coder::read(name, text), Vec::new())),
    };
    if given.is_none() && format != TextFormat::Notes {
        let message = format!("{}: this looks like {format} and is read so", terminal_safe(name));
        let diagnostic = Diagnostic::new("text-format-guessed", message);
        diagnostics.push(diagnostic.with_hint("--text-format notes reads it as notes"));
    }
    Ok((documents, diagnostics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_told() {
        for (text, expected) in [
            ("", TextFormat::Notes),
            ("WEBVTT\n\n", TextFormat::Captions),
            ("1\n00:00:01,000 --> 00:00:02,000\nhi", TextFormat::Captions),
            ("12:00:01 From Ann to Everyone: hi", TextFormat::Chat),
            ("\n**** *age_1\ntext", TextFormat::Iramuteq),
            ("<H1>One</H1>\ntext", TextFormat::KhCoder),
            ("Ann  0:01\nhi\n\nBo  0:04\nyo\n\nAnn  1:00\nso\n\nBo  1:05\nno", TextFormat::Transcript),
            ("# One\n\nAnn: hi\n\nBo: yo\n", TextFormat::Notes),
            ("1\n2\n3\n", TextFormat::Notes),
            ("**** bold ****\n", TextFormat::Notes),
        ] {
            assert_eq!(TextFormat::of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_file_without_a_line_of_the_format_that_is_asked_for_is_refused() {
        let notes = "# One\n\n- Ann: hi\n";
        let read = |text: &str, format| super::read(&"x.md".into(), text.to_owned(), Some(format), false);
        for format in [TextFormat::Captions, TextFormat::Chat, TextFormat::Iramuteq] {
            let Err(Trouble::Failed(error)) = read(notes, format) else { panic!("{format}") };
            assert!(error.to_string().starts_with("x.md: ") && error.to_string().contains("; "), "{error}");
        }
        assert!(read(" \n", TextFormat::Chat).is_ok_and(|(documents, _)| documents.is_empty()));
        // Turns need not have times.
        for format in [TextFormat::Notes, TextFormat::Lines, TextFormat::Transcript, TextFormat::KhCoder] {
            assert!(read(notes, format).is_ok_and(|(documents, _)| !documents.is_empty()), "{format}");
        }
    }

    #[test]
    fn a_format_has_a_name() {
        for format in TextFormat::ALL {
            assert_eq!(format.to_string().parse::<TextFormat>().unwrap(), format);
        }
        assert!("vtt".parse::<TextFormat>().unwrap_err().to_string().contains("captions"));
    }
}
