//! Synonyms: words and expressions that stand for others, or for nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, count};
use crate::language::Language;
use crate::token::{FIRST_TYPE, HYPHEN, Tokens};
use crate::vocabulary::TermOptions;
use crate::vocabulary::form::{Forms, GONE, STOP, normal_form, stem, without_possessive};

/// Words that are replaced where they stand side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    /// Their stems.
    pub(crate) words: Vec<String>,
    /// What replaces them; empty for what is left out.
    pub(crate) replacement: String,
    /// How often they were replaced.
    pub(crate) times: u64,
}

/// Puts replacements in the place of labels, in a stream whose symbols are those of `tokens`. The words
/// of a label stand side by side or joined by hyphens, in any form with the same stem, stop words
/// included; the longest label wins. A replacement of several words is one expression from then on,
/// wherever it stands. Says what was replaced, and which labels are nowhere in the text.
pub(crate) fn replace_synonyms(
    tokens: &Tokens,
    stream: &mut [u32],
    forms: &mut Forms,
    language: Language,
    options: &TermOptions,
) -> (Vec<Expression>, Option<Diagnostic>) {
    if options.synonyms.is_empty() {
        return (Vec::new(), None);
    }
    let stems = |text: &str| -> Vec<String> {
        crate::token::words(text)
            .map(|span| stem(&normal_form(&text[span], language), language, options))
            .collect()
    };
    let replacement_of: FxHashMap<Vec<String>, &str> =
        options.synonyms.iter().map(|(label, replacement)| (stems(label), replacement.trim())).collect();
    // Chains (a → b, b → c) end at their last link; a ring ends where it has gone round.
    let last = |replacement: &str| -> String {
        let mut text = replacement;
        for _ in 0..options.synonyms.len() {
            match replacement_of.get(&stems(text)) {
                Some(&next) if next != text => text = next,
                _ => break,
            }
        }
        text.to_owned()
    };
    let mut expressions: Vec<Expression> = Vec::new();
    for (label, replacement) in &options.synonyms {
        let replacement = last(replacement.trim());
        let itself = stems(&replacement);
        if itself.len() > 1 {
            let replacement = replacement.clone();
            expressions.push(Expression { words: itself, replacement, times: 0 });
        }
        expressions.push(Expression { words: stems(label), replacement, times: 0 });
    }
    expressions.retain(|expression| !expression.words.is_empty());
    expressions.sort_by(|a, b| {
        let key =
            |of: &Expression| (std::cmp::Reverse(of.words.len()), of.words.clone(), of.replacement.clone());
        key(a).cmp(&key(b))
    });
    expressions.dedup_by(|a, b| a.words == b.words);

    let mut symbols: FxHashMap<String, u32> = FxHashMap::default();
    let mut starting: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, Expression { words, replacement, .. }) in expressions.iter().enumerate() {
        starting.entry(words[0].clone()).or_default().push(at);
        symbols.entry(replacement.clone()).or_insert_with(|| match replacement.as_str() {
            "" => STOP,
            text => forms.replacement(text, stems(text).join(" ")),
        });
    }
    let stem_of_type: Vec<String> =
        tokens.types.iter().map(|word| stem(&normal_form(word, language), language, options)).collect();
    let stem_at = |at: usize| {
        let number = tokens.stream.get(at)?.checked_sub(FIRST_TYPE)?;
        stem_of_type.get(number as usize).map(String::as_str)
    };
    let spelling = |symbols: &[u32]| -> String {
        let words = symbols.split(|&symbol| symbol == HYPHEN);
        let word = |&symbol: &u32| {
            let normal = normal_form(&tokens.types[(symbol - FIRST_TYPE) as usize], language);
            without_possessive(&normal).to_owned()
        };
        let joined = words.map(|run| run.iter().map(word).collect::<Vec<_>>().join(" "));
        joined.collect::<Vec<_>>().join("-")
    };
    let mut spelled: FxHashSet<&[u32]> = FxHashSet::default();
    for bounds in tokens.starts.windows(2) {
        let mut at = bounds[0];
        while at < bounds[1] {
            let candidates = stem_at(at).and_then(|first| starting.get(first)).into_iter().flatten();
            let found = candidates.copied().find_map(|expression| {
                let mut end = at + 1;
                for word in &expressions[expression].words[1..] {
                    end += usize::from(tokens.stream.get(end) == Some(&HYPHEN));
                    if end >= bounds[1] || stem_at(end) != Some(word) {
                        return None;
                    }
                    end += 1;
                }
                Some((expression, end))
            });
            let Some((expression, end)) = found else {
                at += 1;
                continue;
            };
            expressions[expression].times += 1;
            let symbol = symbols[&expressions[expression].replacement];
            if spelled.insert(&tokens.stream[at..end]) {
                forms.spell(spelling(&tokens.stream[at..end]), symbol);
            }
            stream[at] = symbol;
            stream[at + 1..end].fill(GONE);
            at = end;
        }
    }
    let is_missing = |label: &str| {
        let words = stems(label);
        !expressions.iter().any(|known| known.times > 0 && known.words == words)
    };
    let missing: Vec<&str> =
        options.synonyms.iter().map(|(label, _)| label.as_str()).filter(|label| is_missing(label)).collect();
    let finding = (!missing.is_empty()).then(|| {
        let message =
            format!("{} nowhere in the text: {}", count(missing.len(), "synonym"), missing.join(", "));
        Diagnostic::new("synonyms-not-found", message)
    });
    (expressions, finding)
}
