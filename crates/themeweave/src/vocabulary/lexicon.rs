//! Where terms stand in a text: the spellings of each term, kept when everything else about forms is
//! no longer needed.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::language::Language;
use crate::token::Piece;
use crate::vocabulary::form::{of_words, push_normal_form, without_possessive};
use crate::vocabulary::phrase::REACH;
use crate::vocabulary::{Term, TermId};

/// The spellings of terms that are no phrases.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    language: Language,
    /// The term of each spelling in normal form. The words of a spelling of several are joined as they
    /// stand in the text, by a blank or a hyphen.
    terms: FxHashMap<Box<str>, TermId>,
    /// Most words of a spelling that begins with this one, where that is more than one.
    longest: FxHashMap<String, usize>,
}

/// A term at its place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) term: TermId,
    /// The pieces of the text that it takes up, and those in between.
    pub(crate) pieces: Range<usize>,
}

impl Place {
    /// The bytes of the text that it takes up.
    pub(crate) fn span(&self, pieces: &[Piece]) -> Option<Range<usize>> {
        match (pieces.get(self.pieces.start)?, pieces.get(self.pieces.end.checked_sub(1)?)?) {
            (Piece::Word(first), Piece::Word(last)) => Some(first.start..last.end),
            _ => None,
        }
    }
}

impl Lexicon {
    /// The lexicon of these spellings.
    pub(crate) fn new(language: Language, terms: FxHashMap<Box<str>, TermId>) -> Lexicon {
        let mut longest: FxHashMap<String, usize> = FxHashMap::default();
        #[expect(clippy::iter_over_hash_type, reason = "maxima do not depend on the order")]
        for spelling in terms.keys() {
            let mut words = spelling.split([' ', '-']);
            if let (Some(first), rest @ 1..) = (words.next(), words.count()) {
                let most = longest.entry(first.to_owned()).or_default();
                *most = (*most).max(rest + 1);
            }
        }
        Lexicon { language, terms, longest }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Where the words of a text stand that are terms, in order; of spellings that begin at the same
    /// word, the longest.
    pub(crate) fn words(&self, text: &str, pieces: &[Piece]) -> Vec<Place> {
        let mut places = Vec::new();
        let mut spelling = String::new();
        let mut at = 0;
        while at < pieces.len() {
            let Some((term, end)) = self.longest_at(text, pieces, at, &mut spelling) else {
                at += 1;
                continue;
            };
            places.push(Place { term, pieces: at..end });
            at = end;
        }
        places
    }

    /// The longest spelling that begins at a piece, and the piece after its end. `spelling` is room for it.
    fn longest_at(
        &self,
        text: &str,
        pieces: &[Piece],
        start: usize,
        spelling: &mut String,
    ) -> Option<(TermId, usize)> {
        let mut found = None;
        spelling.clear();
        let mut at = start;
        let mut most = 1;
        for taken in 1.. {
            let Some(Piece::Word(span)) = pieces.get(at) else { break };
            let before = spelling.len();
            push_normal_form(&text[span.clone()], self.language, spelling);
            spelling.truncate(before + without_possessive(&spelling[before..]).len());
            if taken == 1 {
                most = self.longest.get(spelling.as_str()).copied().unwrap_or(1);
            }
            at += 1;
            found = self.terms.get(spelling.as_str()).map(|&term| (term, at)).or(found);
            if taken == most {
                break;
            }
            let is_hyphen = pieces.get(at) == Some(&Piece::Hyphen);
            spelling.push(if is_hyphen { '-' } else { ' ' });
            at += usize::from(is_hyphen);
        }
        found
    }

    /// Where a phrase stands: its words side by side or, in languages that say "erosion of
    /// leadership", within reach of each other, and no punctuation between them.
    pub(crate) fn phrase(
        &self,
        phrase: TermId,
        terms: &[Term],
        pieces: &[Piece],
        words: &[Place],
    ) -> Vec<Place> {
        let is_word = |&&part: &&TermId| terms[part as usize].parts.is_empty();
        let mut parts: Vec<TermId> = terms[phrase as usize].parts.iter().filter(is_word).copied().collect();
        parts.dedup();
        let gap = if of_words(self.language).0.is_empty() { 0 } else { 2 * REACH };
        let mut found = Vec::new();
        let mut from = 0;
        while from < words.len() {
            let end = self.end_of_phrase(&parts, parts.len() + gap, pieces, &words[from..]);
            if let Some(taken) = end {
                let span = words[from].pieces.start..words[from + taken - 1].pieces.end;
                found.push(Place { term: phrase, pieces: span });
            }
            from += end.unwrap_or(1);
        }
        found
    }

    /// How many of the words that follow each other make up all parts of a phrase, the first and the
    /// last being parts, within `most` words of the text.
    fn end_of_phrase(
        &self,
        parts: &[TermId],
        most: usize,
        pieces: &[Piece],
        words: &[Place],
    ) -> Option<usize> {
        if !parts.contains(&words[0].term) {
            return None;
        }
        let mut missing = parts.to_vec();
        let start = words[0].pieces.start;
        for (taken, word) in (1..).zip(words) {
            let between = &pieces[start..word.pieces.end];
            let length = between.iter().filter(|piece| matches!(piece, Piece::Word(_))).count();
            if length > most || between.contains(&Piece::Break) {
                return None;
            }
            missing.retain(|&part| part != word.term);
            if missing.is_empty() {
                return Some(taken);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::pieces;

    /// Terms: erosion, leadership, their phrase, and well-being.
    fn found(text: &str) -> Vec<(TermId, &str)> {
        let spellings = [("erosion", 0), ("leadership", 1), ("leaderships", 1), ("well-being", 3)];
        let terms = spellings.map(|(spelling, term)| (spelling.into(), term)).into_iter().collect();
        let lexicon = Lexicon::new(Language::English, terms);
        let term =
            |parts: &[TermId]| Term { text: String::new(), frequency: 1, segments: 1, parts: parts.to_vec() };
        let terms = [term(&[]), term(&[]), term(&[0, 1]), term(&[])];
        let pieces: Vec<Piece> = pieces(text).collect();
        let mut places = lexicon.words(text, &pieces);
        places.extend(lexicon.phrase(2, &terms, &pieces, &places));
        places.iter().map(|place| (place.term, &text[place.span(&pieces).unwrap()])).collect()
    }

    #[test]
    fn words_are_found_in_any_spelling() {
        assert_eq!(
            found("LEADERSHIPS, Leadership\u{2019}s well-being being well"),
            [(1, "LEADERSHIPS"), (1, "Leadership\u{2019}s"), (3, "well-being")]
        );
        assert_eq!(found(""), []);
    }

    #[test]
    fn phrases_are_found_side_by_side_and_across_of() {
        let phrases = |text: &'static str| {
            found(text).into_iter().filter(|place| place.0 == 2).map(|place| place.1).collect::<Vec<_>>()
        };
        assert_eq!(phrases("a leadership erosion"), ["leadership erosion"]);
        assert_eq!(phrases("erosion of the social leadership here"), ["erosion of the social leadership"]);
        assert_eq!(phrases("erosion. Leadership"), [""; 0]);
        assert_eq!(phrases("erosion one two three four five six seven leadership"), [""; 0]);
    }
}
