//! A name for each theme, made of its most telling terms.

use rustc_hash::FxHashSet;

use crate::theme::ThemeTerm;
use crate::vocabulary::Vocabulary;

/// Labels of one to three terms: the best phrase and another term, or up to three words. No two are
/// the same.
pub(crate) fn labels(vocabulary: &Vocabulary, ranked: &[Vec<ThemeTerm>]) -> Vec<String> {
    let mut taken = FxHashSet::default();
    ranked
        .iter()
        .enumerate()
        .map(|(t, terms)| {
            let mut by_weight: Vec<&ThemeTerm> = terms.iter().take(20).collect();
            by_weight.sort_by(|a, b| {
                let weight = |x: &ThemeTerm| f64::from(x.segments) * x.membership;
                weight(b).total_cmp(&weight(a)).then(a.term.cmp(&b.term))
            });
            let mut parts: Vec<&str> = Vec::new();
            for term in by_weight {
                let text = vocabulary.terms()[term.term as usize].text.as_str();
                if parts.iter().all(|part| !shares_word(part, text)) {
                    parts.push(text);
                }
                if parts.len() >= 2 {
                    let label = parts.join(", ");
                    let words: usize = parts.iter().map(|part| part.split([' ', '-']).count()).sum();
                    if (words >= 3 || parts.len() >= 3) && taken.insert(label.clone()) {
                        return label;
                    }
                }
            }
            let label = if parts.is_empty() { format!("theme {}", t + 1) } else { parts.join(", ") };
            let mut unique = label.clone();
            let mut number = 2;
            while !taken.insert(unique.clone()) {
                unique = format!("{label} ({number})");
                number += 1;
            }
            unique
        })
        .collect()
}

fn shares_word(a: &str, b: &str) -> bool {
    a.split([' ', '-']).any(|word| b.split([' ', '-']).any(|other| other == word))
}
