//! A name for each theme, made of its most telling terms.

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
    let weight = |term: &ThemeTerm| f64::from(term.segments) * term.exclusivity;
    let text = |term: &ThemeTerm| vocabulary.terms()[term.term as usize].text.as_str();
    let mut candidates: Vec<&ThemeTerm> = head.iter().collect();
    candidates.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.term.cmp(&b.term)));
    let mut parts: Vec<&str> = Vec::new();
    for word in &candidates {
        let is_free = |term: &ThemeTerm| !parts.iter().any(|part| shares_word(part, text(term)));
        let mut phrases = candidates
            .iter()
            .filter(|phrase| vocabulary.terms()[phrase.term as usize].parts.contains(&word.term))
            .filter(|phrase| weight(phrase) >= RATHER_PHRASE * weight(word) && is_free(phrase));
        let Some(term) = phrases.next().or(Some(word).filter(|word| is_free(word))) else { continue };
        parts.push(text(term));
        if parts.iter().map(|part| words(part).count()).sum::<usize>() >= WORDS
            && taken.insert(parts.join(", "))
        {
            return parts.join(", ");
        }
    }
    let plain = if parts.is_empty() { format!("theme {number}") } else { parts.join(", ") };
    let numbered = (2..).map(|i| format!("{plain} ({i})"));
    std::iter::once(plain.clone()).chain(numbered).find(|label| taken.insert(label.clone())).unwrap_or(plain)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '-'])
}

fn shares_word(a: &str, b: &str) -> bool {
    words(a).any(|word| words(b).any(|other| other == word))
}
