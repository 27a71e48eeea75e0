//! Who speaks in captions that say so in the text: `Name: text`.

use std::collections::HashMap;

use super::Piece;

/// Longest name of a speaker, in bytes and in words: "Akash | ECH", "Ann Smith (Department of Roads)".
const LONGEST: (usize, usize) = (60, 8);

/// Takes the speakers from the beginnings of the texts. Where four in five captions have a label, as in
/// those of Zoom, all of them are speakers; where half have one, those that look like a name or come
/// again; elsewhere those that look like a name and come three times. Where half have one, a caption
/// without goes on with the turn above.
pub(super) fn find(pieces: &mut Vec<Piece>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let (mut cues, mut labelled) = (0_usize, 0_usize);
    for (piece, begins) in pieces.iter().zip(beginnings(pieces)) {
        let label = label(&piece.text).filter(|_| piece.speaker.is_none());
        if let Some((name, _)) = label {
            *seen.entry(name).or_default() += 1;
        }
        cues += usize::from(begins);
        labelled += usize::from(begins && (label.is_some() || piece.speaker.is_some()));
    }
    let are_labelled = labelled * 2 >= cues;
    let is_speaker = |name: &str, begins: bool| {
        let times = seen.get(name).copied().unwrap_or_default();
        let is_name = looks_like_a_name(name);
        begins && labelled * 5 >= cues * 4 || are_labelled && (times >= 2 || is_name) || times >= 3 && is_name
    };
    let speakers: Vec<Option<(String, usize)>> = pieces
        .iter()
        .zip(beginnings(pieces))
        .map(|(piece, begins)| {
            let (name, length) = label(&piece.text).filter(|_| piece.speaker.is_none())?;
            is_speaker(name, begins).then(|| (name.to_owned(), length))
        })
        .collect();
    let mut turn = None;
    for (piece, speaker) in pieces.iter_mut().zip(speakers) {
        match speaker {
            Some((name, length)) => {
                piece.text.drain(..length);
                piece.speaker = Some(name);
            }
            None if piece.speaker.is_none() && are_labelled && !piece.begins_turn => {
                piece.speaker.clone_from(&turn);
            }
            None => {}
        }
        turn.clone_from(&piece.speaker);
    }
    pieces.retain(|piece| piece.text.contains(char::is_alphanumeric));
}

/// For each piece, whether it is the first of its caption.
fn beginnings(pieces: &[Piece]) -> impl Iterator<Item = bool> {
    let before = [None].into_iter().chain(pieces.iter().map(|piece| Some(piece.time)));
    pieces.iter().zip(before).map(|(piece, before)| before != Some(piece.time))
}

/// The name before a colon and a blank, and the bytes up to what is said.
fn label(text: &str) -> Option<(&str, usize)> {
    let (at, colon) =
        text.char_indices().take_while(|&(at, _)| at <= LONGEST.0).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = text[..at].trim_start_matches(['-', '–', '—']).trim();
    let rest = &text[at + colon.len_utf8()..];
    let is_apart = colon == '：' || rest.is_empty() || rest.starts_with(' ');
    let is_name = name.contains(char::is_alphabetic)
        && !name.contains(['?', '!', '"', '“', '”', '…'])
        && name.split_whitespace().count() <= LONGEST.1;
    (is_apart && is_name).then(|| (name, text.len() - rest.trim_start().len()))
}

/// Whether each of at most four words begins in upper case, but for short particles.
fn looks_like_a_name(name: &str) -> bool {
    const WORDS: usize = 4;
    name.split_whitespace().count() <= WORDS
        && name.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && name.split_whitespace().all(|word| {
            word.chars().count() <= 3 || word.starts_with(|c: char| !c.is_alphabetic() || !c.is_lowercase())
        })
}
