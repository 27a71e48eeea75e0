//! The marks within captions: voices, styles, times of words, entities.

use super::{Cue, Piece};

/// What each voice says in each line of a caption, in order.
pub(super) fn pieces(cue: &Cue<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut voice = None;
    for &(line, words) in &cue.lines {
        let mut begins_turn = false;
        for part in parts(words) {
            match part {
                Part::Words(words) => {
                    let words = unescaped(words);
                    let said = words.trim_start().strip_prefix(">>").map(|rest| rest.trim_start_matches('>'));
                    begins_turn |= said.is_some();
                    let text = said.unwrap_or(&words).split_whitespace().collect::<Vec<_>>().join(" ");
                    if !text.is_empty() {
                        pieces.push(Piece {
                            text,
                            speaker: voice.clone(),
                            begins_turn,
                            line,
                            time: cue.time,
                        });
                        begins_turn = false;
                    }
                }
                Part::Voice(name) => {
                    let name = unescaped(name).split_whitespace().collect::<Vec<_>>().join(" ");
                    voice = Some(name).filter(|name| !name.is_empty());
                }
                Part::Style => {}
            }
        }
    }
    joined(pieces)
}

/// A line without marks, for comparison.
pub(super) fn plain(line: &str) -> String {
    let words = parts(line).filter_map(|part| if let Part::Words(words) = part { Some(words) } else { None });
    words.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}

/// Joins what a style parted: pieces of one line with one voice.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.line == piece.line && last.speaker == piece.speaker && !piece.begins_turn => {
                if !piece.text.starts_with(['.', ',', '!', '?', ';', ':', ')', '’', '\'']) {
                    last.text.push(' ');
                }
                last.text.push_str(&piece.text);
            }
            _ => joined.push(piece),
        }
    }
    joined
}

enum Part<'t> {
    Words(&'t str),
    /// Whose words follow; empty for the end of a voice.
    Voice(&'t str),
    Style,
}

/// A line cut at its marks. What only looks like a mark (`a < b`, `<3`) is words.
fn parts(line: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((part, length)) = mark(rest) {
            rest = &rest[length..];
            return Some(part);
        }
        let next = rest.char_indices().skip(1).map(|(at, _)| at).find(|&at| mark(&rest[at..]).is_some());
        let (words, after) = rest.split_at(next.unwrap_or(rest.len()));
        rest = after;
        Some(Part::Words(words))
    })
}

/// The mark that a text begins with, and its length.
fn mark(text: &str) -> Option<(Part<'_>, usize)> {
    /// Longest mark in bytes, so that a line of many `<` takes no longer than another.
    const LONGEST: usize = 300;
    let window = &text.as_bytes()[..text.len().min(LONGEST)];
    let find = |byte: u8| window.iter().position(|&other| other == byte);
    match window.first()? {
        b'{' if text[1..].starts_with('\\') => Some((Part::Style, find(b'}')? + 1)),
        b'<' => {
            let end = find(b'>')?;
            let inner = &text[1..end];
            let name = inner.trim_start_matches('/').split(['.', ' ', '\t']).next()?;
            let part = match name.to_ascii_lowercase().as_str() {
                "v" if inner.starts_with('/') => Part::Voice(""),
                "v" => Part::Voice(inner.split_once([' ', '\t']).map_or("", |(_, name)| name)),
                "c" | "i" | "b" | "u" | "s" | "ruby" | "rt" | "lang" | "font" | "em" | "strong" | "br" => {
                    Part::Style
                }
                _ if crate::read::clock::clock(inner).is_some_and(|clock| clock.length == inner.len()) => {
                    Part::Style
                }
                _ => return None,
            };
            Some((part, end + 1))
        }
        _ => None,
    }
}

/// A text with its character references resolved; what is none stays as it is.
fn unescaped(text: &str) -> String {
    /// Longest reference: `&#x10ffff;`.
    const LONGEST: usize = 10;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&rest[1..end])?, end))) {
            Some((c, end)) => {
                plain.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use themeweave::TimeSpan;

    use super::*;

    /// The pieces of a caption as `speaker: text`.
    fn check(lines: &[&str], expected: &[&str]) {
        let cue =
            Cue { time: TimeSpan { start: 0, end: None }, lines: (1..).zip(lines.iter().copied()).collect() };
        let found: Vec<String> = pieces(&cue)
            .into_iter()
            .map(|piece| format!("{}: {}", piece.speaker.unwrap_or_default(), piece.text))
            .collect();
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn voices() {
        check(
            &["<v Ann Smith>We have", "no budget &amp; time.</v>"],
            &["Ann Smith: We have", "Ann Smith: no budget & time."],
        );
        check(&["<v.loud  Ann &amp; Bo>Hi <v Cy>yo</v> all"], &["Ann & Bo: Hi", "Cy: yo", ": all"]);
        check(&["<v>who?"], &[": who?"]);
    }

    #[test]
    fn styles_and_times_go_and_words_stay() {
        check(
            &["<i>late</i>, {\\an8}<c.yellow>the</c> bus<00:00:01.500><c> is</c>"],
            &[": late, the bus is"],
        );
        check(&["I <3 a < b > c & d &bogus; &#39;x&#x27; &#0;"], &[": I <3 a < b > c & d &bogus; 'x' &#0;"]);
        check(&["<b", "{\\x"], &[": <b", ": {\\x"]);
        check(&["", " "], &[]);
    }

    #[test]
    fn somebody_else_begins() {
        let cue = Cue {
            time: TimeSpan { start: 0, end: None },
            lines: vec![(1, ">> Hello."), (2, "&gt;&gt; Hi.")],
        };
        let found = pieces(&cue);
        assert!(found.iter().all(|piece| piece.begins_turn));
        assert_eq!(found[1].text, "Hi.");
    }

    #[test]
    fn many_marks_take_no_longer() {
        let line = "<".repeat(200_000);
        assert_eq!(pieces(&Cue { time: TimeSpan { start: 0, end: None }, lines: vec![(1, &line)] }).len(), 1);
    }
}
