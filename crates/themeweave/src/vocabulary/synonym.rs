//! Synonyms: words and expressions that stand for others, or for nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, count};
use crate::language::Language;
use crate::token::{FIRST_TYPE, HYPHEN, Run, Types};
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

/// Puts replacements in the place of labels. The words of a label stand side by side or joined by hyphens,
/// in any form with the same stem, stop words included; the longest label wins. A replacement of several
/// words is one expression from then on, wherever it stands.
pub(crate) struct Synonyms<'o> {
    language: Language,
    options: &'o TermOptions,
    /// The longest first.
    expressions: Vec<Expression>,
    /// The expressions that begin with a stem.
    starting: FxHashMap<String, Vec<usize>>,
    /// The symbol of each replacement.
    symbols: FxHashMap<String, u32>,
    stem_of_type: Vec<String>,
    /// What was replaced, as it was written.
    spelled: FxHashSet<Vec<u32>>,
}

impl<'o> Synonyms<'o> {
    /// The synonyms of the options, with forms for their replacements; none where there are none.
    pub(crate) fn new(
        types: &Types,
        forms: &mut Forms,
        language: Language,
        options: &'o TermOptions,
    ) -> Option<Synonyms<'o>> {
        if options.synonyms.is_empty() {
            return None;
        }
        let expressions = expressions(language, options);
        let mut symbols: FxHashMap<String, u32> = FxHashMap::default();
        let mut starting: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, Expression { words, replacement, .. }) in expressions.iter().enumerate() {
            starting.entry(words[0].clone()).or_default().push(at);
            symbols.entry(replacement.clone()).or_insert_with(|| match replacement.as_str() {
                "" => STOP,
                text => forms.replacement(text, stems(text, language, options).join(" ")),
            });
        }
        let stem_of_type =
            types.iter().map(|word| stem(&normal_form(word, language), language, options)).collect();
        let spelled = FxHashSet::default();
        Some(Synonyms { language, options, expressions, starting, symbols, stem_of_type, spelled })
    }

    /// Replaces in segments whose types are rewritten as forms in `stream`.
    pub(crate) fn replace(&mut self, tokens: &Run, types: &Types, stream: &mut Run, forms: &mut Forms) {
        for bounds in tokens.starts.windows(2) {
            let old = &tokens.symbols[bounds[0]..bounds[1]];
            let new = &mut stream.symbols[bounds[0]..bounds[1]];
            let mut at = 0;
            while at < old.len() {
                let Some((expression, end)) = self.find(old, at) else {
                    at += 1;
                    continue;
                };
                self.expressions[expression].times += 1;
                let symbol = self.symbols[&self.expressions[expression].replacement];
                if !self.spelled.contains(&old[at..end]) {
                    self.spelled.insert(old[at..end].to_vec());
                    forms.spell(self.spelling(&old[at..end], types), symbol);
                }
                forms.recount(&new[at..end], symbol);
                new[at] = symbol;
                new[at + 1..end].fill(GONE);
                at = end;
            }
        }
    }

    /// The longest expression that begins at a place of a segment, and where it ends.
    fn find(&self, symbols: &[u32], at: usize) -> Option<(usize, usize)> {
        let stem_at = |at: usize| {
            let number = symbols.get(at)?.checked_sub(FIRST_TYPE)?;
            self.stem_of_type.get(number as usize).map(String::as_str)
        };
        self.starting.get(stem_at(at)?)?.iter().find_map(|&expression| {
            let mut end = at + 1;
            for word in &self.expressions[expression].words[1..] {
                end += usize::from(symbols.get(end) == Some(&HYPHEN));
                if stem_at(end) != Some(word) {
                    return None;
                }
                end += 1;
            }
            Some((expression, end))
        })
    }

    /// Types as they are written side by side.
    fn spelling(&self, symbols: &[u32], types: &Types) -> String {
        let words = symbols.split(|&symbol| symbol == HYPHEN);
        let word = |&symbol: &u32| {
            let normal = normal_form(&types[(symbol - FIRST_TYPE) as usize], self.language);
            without_possessive(&normal).to_owned()
        };
        let joined = words.map(|run| run.iter().map(word).collect::<Vec<_>>().join(" "));
        joined.collect::<Vec<_>>().join("-")
    }

    /// What was replaced, and which labels are nowhere in the text.
    pub(crate) fn finish(self) -> (Vec<Expression>, Option<Diagnostic>) {
        let Synonyms { language, options, expressions, .. } = self;
        let is_missing = |label: &str| {
            let words = stems(label, language, options);
            !expressions.iter().any(|known| known.times > 0 && known.words == words)
        };
        let labels = options.synonyms.iter().map(|(label, _)| label.as_str());
        let missing: Vec<&str> = labels.filter(|label| is_missing(label)).collect();
        let finding = (!missing.is_empty()).then(|| {
            let message =
                format!("{} nowhere in the text: {}", count(missing.len(), "synonym"), missing.join(", "));
            Diagnostic::new("synonyms-not-found", message)
        });
        (expressions, finding)
    }
}

/// The labels and the replacements of several words, the longest first.
fn expressions(language: Language, options: &TermOptions) -> Vec<Expression> {
    let stems = |text: &str| stems(text, language, options);
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
    expressions
}

/// The stems of the words of a text.
fn stems(text: &str, language: Language, options: &TermOptions) -> Vec<String> {
    crate::token::words(text)
        .map(|span| stem(&normal_form(&text[span], language), language, options))
        .collect()
}
