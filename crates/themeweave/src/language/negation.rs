//! Which words of a clause are negated, by a list of negating words.
//!
//! After NegEx (Chapman and others 2001, "A simple algorithm for identifying negated findings and
//! diseases in discharge summaries"): a negating word has a scope of a few words, which ends early at
//! certain words and at punctuation, and some expressions only look like negations.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Language;

/// The lists: a line for each language and use.
const LISTS: &str = include_str!("negation.txt");
/// How many words after it a negating word reaches; that of NegEx.
const FAR: usize = 5;
/// The same for words that negate a noun.
const NEAR: usize = 2;

/// What a word does to the negation around it.
#[derive(Debug, Clone, Copy, Default)]
struct Role {
    /// Words after it that it negates; 0 for words that do not negate.
    reach: usize,
    negates_what_is_before: bool,
    undoes_word_before: bool,
    undoes_word_after: bool,
    trails: bool,
    ends: bool,
}

/// The negating words of a language.
#[derive(Debug)]
pub(crate) struct Negation {
    roles: FxHashMap<&'static str, Role>,
    /// Negating words and those that undo them alone, right after them; `#` for any number.
    undoes: FxHashSet<(&'static str, &'static str)>,
    /// For each small letter of ASCII how long the negating words are that begin with it, as bits.
    lengths: [u64; 26],
}

impl Negation {
    /// Those of a language; `None` where there is no list.
    pub(crate) fn of(language: Language) -> Option<Negation> {
        let mut roles: FxHashMap<&str, Role> = FxHashMap::default();
        let mut undoes = FxHashSet::default();
        let mut lengths = [0; 26];
        for line in LISTS.lines() {
            let Some((head, words)) = line.split_once(':') else { continue };
            let Some((_, list)) = head.split_once(' ').filter(|(code, _)| *code == language.code()) else {
                continue;
            };
            for word in words.split_whitespace() {
                if let Some(pair) = word.split_once('_') {
                    undoes.insert(pair);
                    continue;
                }
                if ["far", "near", "after"].contains(&list)
                    && let Some((letter, length)) = beginning(word)
                {
                    lengths[letter] |= 1 << length;
                }
                let role = roles.entry(word).or_default();
                match list {
                    "far" => role.reach = FAR,
                    "near" => role.reach = NEAR,
                    "after" => role.negates_what_is_before = true,
                    "next" => role.undoes_word_before = true,
                    "before" => role.undoes_word_after = true,
                    "trail" => role.trails = true,
                    _ => role.ends = true,
                }
            }
        }
        (!roles.is_empty()).then_some(Negation { roles, undoes, lengths })
    }

    /// Whether a word in any letter case may negate others: most words do not by their first letter and length.
    pub(crate) fn may_negate(&self, word: &str) -> bool {
        beginning(word).is_none_or(|(letter, length)| self.lengths[letter] >> length & 1 == 1)
    }

    /// Whether a lower-case word negates others.
    pub(crate) fn negates(&self, word: &str) -> bool {
        self.roles.get(word).is_some_and(|role| role.reach > 0 || role.negates_what_is_before)
    }

    /// The place of the word that negates those at `term`, in a clause of lower-case words: a stretch
    /// without punctuation. The nearest of several. A word that is empty has no role.
    pub(crate) fn cue(&self, clause: &[Cow<'_, str>], term: Range<usize>) -> Option<usize> {
        let role = |at: usize| {
            clause.get(at).and_then(|word| self.roles.get(word.as_ref())).copied().unwrap_or_default()
        };
        let is_undone = |at: usize| {
            let next = clause.get(at + 1).map_or("", AsRef::as_ref);
            let next = if next.starts_with(|c: char| c.is_ascii_digit()) { "#" } else { next };
            role(at + 1).undoes_word_before
                || at > 0 && role(at - 1).undoes_word_after
                || self.undoes.contains(&(clause[at].as_ref(), next))
        };
        let before = (0..term.start).rev().take(FAR).take_while(|&at| !role(at).ends);
        let forward = before.filter(|&at| role(at).reach >= term.start - at);
        let after = (term.end..clause.len()).take(FAR).take_while(|&at| !role(at).ends);
        let closes = |at: usize| at == clause.len() || role(at).ends;
        let is_last = |&at: &usize| closes(at + 1) || role(at + 1).trails && closes(at + 2);
        let backward = after.filter(|&at| role(at).negates_what_is_before).filter(is_last);
        forward.chain(backward).find(|&at| !is_undone(at))
    }
}

/// The first letter of a word of ASCII alone, as a number, and its length up to 63; `None` for other words.
fn beginning(word: &str) -> Option<(usize, usize)> {
    let first = word.as_bytes().first()?.to_ascii_lowercase();
    let is_plain = first.is_ascii_lowercase() && word.is_ascii();
    is_plain.then(|| (usize::from(first - b'a'), word.len().min(63)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word that negates `term` in a clause.
    fn cue(language: Language, clause: &str, term: &str) -> Option<String> {
        let clause: Vec<Cow<'_, str>> = clause.split(' ').map(Cow::from).collect();
        let at = clause.iter().position(|word| word == term).unwrap();
        Negation::of(language).unwrap().cue(&clause, at..at + 1).map(|at| clause[at].clone().into_owned())
    }

    #[test]
    fn a_word_is_negated_within_reach_and_up_to_where_the_scope_ends() {
        use Language::{Danish, Dutch, English, Finnish, French, German};
        use Language::{Italian, Norwegian, Portuguese, Russian, Spanish, Swedish};
        for (language, clause, term, expected) in [
            (English, "the bus is not late", "late", Some("not")),
            (English, "the bus doesn't ever come very late", "late", Some("doesn't")),
            (English, "there is no late bus", "bus", Some("no")),
            (English, "no money for the bus", "bus", None),
            (English, "not the tram but the bus", "bus", None),
            (English, "not only the bus", "bus", None),
            (English, "i don't know the bus", "bus", None),
            (English, "isn't it the bus", "bus", None),
            (English, "whether or not the bus comes", "bus", None),
            (English, "not one two three four five bus", "bus", None),
            (English, "the bus came", "bus", None),
            (English, "no the bus is late", "bus", None),
            (English, "no 5 bus", "bus", None),
            (English, "no late bus", "bus", Some("no")),
            (German, "der bus fährt nicht mehr", "fährt", Some("nicht")),
            (German, "nicht mehr der bus", "bus", Some("nicht")),
            (German, "ohne zweifel der bus", "bus", None),
            (French, "pas question qu'il prenne le bus", "bus", None),
            (French, "sans doute le bus", "bus", None),
            (Italian, "non più autobus", "autobus", Some("non")),
            (Italian, "come mai l'autobus", "l'autobus", None),
            (Spanish, "sin embargo autobuses", "autobuses", None),
            (Portuguese, "sem dúvida o ônibus", "ônibus", None),
            (Portuguese, "já não há mais ônibus", "ônibus", Some("não")),
            (Dutch, "de bus rijdt niet meer", "rijdt", Some("niet")),
            (Swedish, "bussen går inte längre", "går", Some("inte")),
            (Swedish, "inte bra för bussen", "bussen", Some("inte")),
            (Danish, "ikke desto mindre bussen", "bussen", None),
            (Norwegian, "bussen går ikke lenger", "går", Some("ikke")),
            (Norwegian, "bussen kjem ikkje", "kjem", Some("ikkje")),
            (Finnish, "bussi ei enää kulje", "kulje", Some("ei")),
            (Finnish, "eikä bussi kulje", "kulje", Some("eikä")),
            (Russian, "не раз автобус", "автобус", None),
            (Russian, "нету автобуса", "автобуса", Some("нету")),
            (German, "die website funktioniert nicht", "funktioniert", Some("nicht")),
            (German, "die website ist nicht schön", "website", None),
            (German, "es gibt keine neue website", "website", Some("keine")),
            (German, "nicht nur die website", "website", None),
            (Dutch, "het werkt niet", "werkt", Some("niet")),
            (Swedish, "det fungerar inte", "fungerar", Some("inte")),
            (Danish, "uden nogen støtte", "støtte", Some("uden")),
            (French, "il n'y a pas de bus", "bus", Some("pas")),
            (French, "pas seulement le bus", "bus", None),
            (Italian, "non abbiamo il bus", "bus", Some("non")),
            (Spanish, "no hay autobús", "autobús", Some("no")),
            (Finnish, "ilman tukea", "tukea", Some("ilman")),
            (Russian, "не только автобус", "автобус", None),
            (Russian, "без автобуса", "автобуса", Some("без")),
        ] {
            assert_eq!(cue(language, clause, term).as_deref(), expected, "{clause}");
        }
    }

    #[test]
    fn every_line_is_of_a_known_language_and_use() {
        for line in LISTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (head, words) = line.split_once(": ").unwrap();
            let (code, list) = head.split_once(' ').unwrap();
            assert!(code.parse::<Language>().is_ok(), "{line}");
            assert!(["far", "near", "after", "next", "trail", "before", "end"].contains(&list), "{line}");
            assert_eq!(words.to_lowercase(), words);
            let negation = Negation::of(code.parse().unwrap()).unwrap();
            let is_sought =
                |word: &str| negation.may_negate(word) && negation.may_negate(&word.to_uppercase());
            assert!(words.split(' ').all(|word| is_sought(word) || !negation.negates(word)), "{line}");
        }
        let with_list = Language::all().filter(|&language| Negation::of(language).is_some()).count();
        assert_eq!(with_list, 12);
    }
}
