//! Themes in few words: a name for each, made of its most telling terms, and its terms without repetition.

use rustc_hash::FxHashSet;

use crate::theme::ThemeTerm;
use crate::theme::rank::SHOWN;
use crate::vocabulary::Vocabulary;

/// A phrase stands for a word that is part of it when it has at least this share of its weight.
const RATHER_PHRASE: f64 = 0.4;
/// Fewest words of a label, where there are so many.
const WORDS: usize = 3;

/// A label for each theme: the terms that most of its segments have and few others do, until there are
/// three words. No two labels are the same: where they would be, another term is added, or a number.
pub(crate) fn labels(vocabulary: &Vocabulary, ranked: &[Vec<ThemeTerm>]) -> Vec<String> {
    let mut taken = FxHashSet::default();
    ranked.iter().enumerate().map(|(t, terms)| label(vocabulary, terms, t + 1, &mut taken)).collect()
}

fn label(
    vocabulary: &Vocabulary,
    terms: &[ThemeTerm],
    number: usize,
    taken: &mut FxHashSet<String>,
) -> String {
    let head = &terms[..terms.len().min(SHOWN)];
    let text = |term: &ThemeTerm| vocabulary.terms()[term.term as usize].text.as_str();
    let mut candidates: Vec<&ThemeTerm> = head.iter().collect();
    candidates.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.term.cmp(&b.term)));
    let mut parts: Vec<&str> = Vec::new();
    for &word in &candidates {
        let is_free = |term: &&ThemeTerm| !parts.iter().any(|part| shares_word(part, text(term)));
        let mut phrases = candidates.iter().copied().filter(|phrase| stands_for(vocabulary, phrase, word));
        let Some(term) = phrases.find(is_free).or(Some(word).filter(is_free)) else { continue };
        parts.push(text(term));
        if parts.iter().map(|part| words(part).count()).sum::<usize>() >= WORDS
            && is_new(&parts.join(", "), taken)
        {
            return parts.join(", ");
        }
    }
    let plain = if parts.is_empty() { format!("theme {number}") } else { parts.join(", ") };
    let numbered = (2..).map(|i| format!("{plain} ({i})"));
    std::iter::once(plain.clone()).chain(numbered).find(|label| is_new(label, taken)).unwrap_or(plain)
}

/// Whether no label is the same but for capitals.
fn is_new(label: &str, taken: &mut FxHashSet<String>) -> bool {
    taken.insert(label.to_lowercase())
}

/// How well a term names a theme.
fn weight(term: &ThemeTerm) -> f64 {
    f64::from(term.segments) * term.exclusivity
}

/// Whether a term is a phrase that says what a word of it says, and more.
fn stands_for(vocabulary: &Vocabulary, phrase: &ThemeTerm, word: &ThemeTerm) -> bool {
    vocabulary.terms()[phrase.term as usize].parts.contains(&word.term)
        && weight(phrase) >= RATHER_PHRASE * weight(word)
}

/// Terms in their order, but one of the first phrases in place of the words for which it stands, and no term that
/// brings no new word.
pub(crate) fn without_repetition<'t>(vocabulary: &Vocabulary, terms: &'t [ThemeTerm]) -> Vec<&'t ThemeTerm> {
    let head = &terms[..terms.len().min(SHOWN)];
    let mut seen = FxHashSet::default();
    let mut kept = Vec::new();
    for word in terms {
        // The longest, where several do.
        let phrases = head.iter().filter(|phrase| stands_for(vocabulary, phrase, word));
        let length = |phrase: &&ThemeTerm| vocabulary.terms()[phrase.term as usize].parts.len();
        let term = phrases.max_by_key(length).unwrap_or(word);
        let text = &vocabulary.terms()[term.term as usize].text;
        if words(text).filter(|word| seen.insert(word.clone())).count() > 0 {
            kept.push(term);
        }
    }
    kept
}

/// The words of a term, in lower case: one may have other capitals in a phrase.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split([' ', '-']).map(str::to_lowercase)
}

fn shares_word(a: &str, b: &str) -> bool {
    words(a).any(|word| words(b).any(|other| other == word))
}
