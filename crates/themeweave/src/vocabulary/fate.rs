//! What becomes of a word or an expression on the way to terms: the steps are taken once more by the
//! same functions, and asked.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::language::Language;
use crate::token::{FIRST_TYPE, HYPHEN, Piece, Tokens, pieces};
use crate::vocabulary::form::{
    Class, Classifier, Forms, Words, joints, normal_form, stem, without_possessive,
};
use crate::vocabulary::phrase::{COHESION, PairCounts, PairTest, SIGNIFICANT};
use crate::vocabulary::synonym::Expression;
use crate::vocabulary::{Draft, TermId, TermOptions};

/// What becomes of a word, or of an expression as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
#[non_exhaustive]
pub enum Outcome {
    /// It is a term, shown by this text.
    Term {
        /// As in [`Term::text`](crate::Term::text).
        text: String,
    },
    /// It is nowhere in the text that is counted.
    Absent,
    /// It is left out as a stop word.
    StopWord {
        /// The list that has it.
        list: StopList,
    },
    /// It is left out as a number.
    Number,
    /// It is too long for a word.
    TooLong,
    /// A synonym without a replacement leaves it out.
    Dropped,
    /// A synonym puts this in its place.
    Replaced {
        /// The replacement.
        by: String,
    },
    /// It stands within other expressions only.
    Joined,
    /// It is in too few segments.
    Rare {
        /// The segments that have it.
        segments: u32,
        /// Fewest segments of a term.
        least: u32,
    },
    /// Enough other terms are in more segments.
    BeyondMost {
        /// Its place among all terms, from 1.
        rank: usize,
        /// Most terms.
        most: usize,
    },
    /// Its words are no phrase: [`PhraseTest`] says why.
    NoPhrase,
}

/// Where a stop word is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopList {
    /// The stop words of the language.
    Language,
    /// The fillers of spoken language.
    Spoken,
    /// [`TermOptions::stop_words`].
    Own,
    /// Nowhere: single letters are left out.
    SingleLetter,
}

/// What becomes of a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordFate {
    /// The word in normal form.
    pub word: String,
    /// The spellings in the text that are taken for it, the commonest first.
    pub spellings: Vec<Spelling>,
    /// The hyphenated words that have one of these spellings and are words of their own: their occurrences are
    /// none of this word.
    pub compounds: Vec<Spelling>,
    /// What its forms have in common; `None` for words that are left out.
    pub stem: Option<String>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// A spelling and its occurrences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spelling {
    /// As it is written.
    pub text: String,
    /// Occurrences.
    pub times: u64,
}

/// A replacement by a synonym.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// Stems of the words that are replaced.
    pub words: String,
    /// What replaces them; empty for what is left out.
    pub by: String,
    /// How often they were replaced.
    pub times: u64,
}

/// Whether two words side by side are a phrase, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhraseTest {
    /// The first part of the phrase, which is a word or a phrase itself.
    pub first: String,
    /// The second part.
    pub second: String,
    /// How often they stand side by side; 0 also where either is too rare to be counted.
    pub times: u64,
    /// Of these, joined by a hyphen.
    pub hyphens: u64,
    /// Occurrences of the first part.
    pub first_times: u64,
    /// Occurrences of the second part.
    pub second_times: u64,
    /// Fewest occurrences of a phrase.
    pub least_times: u64,
    /// Log-likelihood ratio G²; below 0 where they stand together less than by chance.
    pub g2: f64,
    /// The G² that a phrase must exceed.
    pub least_g2: f64,
    /// Normalised pointwise mutual information, −1..=1.
    pub npmi: f64,
    /// The least NPMI of a phrase.
    pub least_npmi: f64,
    /// Whether they are a phrase. Two hyphens make one whatever G² and NPMI are.
    pub is_phrase: bool,
}

/// What becomes of an expression and its words.
pub(crate) struct Fates {
    pub(crate) words: Vec<WordFate>,
    /// What becomes of the whole.
    pub(crate) outcome: Outcome,
    pub(crate) synonyms: Vec<Replacement>,
    pub(crate) phrases: Vec<PhraseTest>,
    pub(crate) term: Option<TermId>,
    /// Where the words stand side by side: segment and pieces of its text, in order.
    pub(crate) places: Vec<(usize, Range<usize>)>,
}

/// Everything that is looked up in.
struct Search<'a> {
    tokens: &'a Tokens,
    language: Language,
    options: &'a TermOptions,
    classifier: Classifier<'a>,
}

impl Fates {
    /// Follows an expression of one or more words. Costs about as much as finding the terms.
    pub(crate) fn of(tokens: &Tokens, language: Language, options: &TermOptions, query: &str) -> Fates {
        let classifier = Classifier::new(language, options);
        let search = Search { tokens, language, options, classifier };
        let (words, spelling) = search.read(query);
        let types: Vec<Vec<usize>> = words.iter().map(|word| search.types(word)).collect();
        let written: Vec<String> =
            words.iter().zip(&types).map(|(word, types)| search.commonest(word, types)).collect();

        let mut tests: Vec<((u32, u32), PairTest)> = Vec::new();
        let mut is_first = true;
        let mut see = |forms: &Forms, counts: &PairCounts| {
            let units = search.units(forms, &written).unwrap_or_default();
            for pair in pairs_to_tell(forms, counts, &units, std::mem::take(&mut is_first)) {
                if tests.iter().all(|(known, _)| *known != pair) {
                    tests.push((pair, counts.judge(pair)));
                }
            }
        };
        let draft = Draft::new(tokens.clone(), language, options, Some(&mut see));

        let stems: Vec<String> = words.iter().map(|word| search.stem(word)).collect();
        let makes_it = |known: &Expression| search.read(&known.replacement).0 == words;
        let is_it = |known: &&Expression| known.words == stems && (known.times > 0 || makes_it(known));
        let replaced = draft.synonyms.iter().find(is_it).map(|known| known.replacement.as_str());
        // The words of what is replaced never stand side by side.
        tests.retain(|_| replaced.is_none());
        tests.sort_by_key(|(_, test)| (!test.is_phrase(), Reverse(test.times)));
        let unit = search.whole(&draft, replaced, &written, &spelling);
        let fates: Vec<WordFate> = words
            .iter()
            .zip(&written)
            .zip(&types)
            .map(|((word, written), types)| search.word(&draft, word, written, types))
            .collect();
        let outcome = match (&fates[..], unit) {
            ([one], _) => one.outcome.clone(),
            _ if replaced == Some("") => Outcome::Dropped,
            (_, Some(unit)) => match replaced.filter(|by| search.read(by).0 != words) {
                Some(by) => Outcome::Replaced { by: by.to_owned() },
                None => draft.outcome(unit),
            },
            (all, None) if all.iter().any(|word| word.outcome == Outcome::Absent) => Outcome::Absent,
            _ => Outcome::NoPhrase,
        };
        let has_word = |words: &[String]| words.iter().any(|word| stems.contains(word));
        let synonyms = draft.synonyms.iter().filter(|known| {
            known.times > 0
                && (has_word(&known.words) || known.replacement.eq_ignore_ascii_case(query.trim()))
        });
        let term = unit.and_then(|unit| draft.term(unit));
        Fates {
            words: fates,
            outcome,
            synonyms: synonyms
                .map(|known| Replacement {
                    words: known.words.join(" "),
                    by: known.replacement.clone(),
                    times: known.times,
                })
                .collect(),
            phrases: tests.iter().map(|(pair, test)| draft.shown(*pair, test)).collect(),
            term,
            places: search.places(&types),
        }
    }
}

/// The words of an expression that is spelled so, those that a hyphen makes one word as this.
fn compounded(forms: &Forms, written: &[String], spelling: &str) -> Vec<String> {
    let mut written = written.iter().cloned();
    let part = |part: &str| {
        let words: Vec<String> = written.by_ref().take(part.split('-').count()).collect();
        if words.len() > 1 && forms.symbol_of(part).is_some() { vec![part.to_owned()] } else { words }
    };
    spelling.split(' ').flat_map(part).collect()
}

/// Spellings, the commonest first.
fn by_times(mut spellings: Vec<Spelling>) -> Vec<Spelling> {
    spellings.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.text.cmp(&b.text)));
    spellings
}

/// The pairs of units that say something about an expression: those that are phrases with its one
/// word; or its words side by side, and all ways in which they make a phrase of more than two.
fn pairs_to_tell(forms: &Forms, counts: &PairCounts, units: &[u32], is_first: bool) -> Vec<(u32, u32)> {
    let mut wanted: Vec<u32> = units.iter().flat_map(|&unit| forms.leaves(unit)).collect();
    wanted.sort_unstable();
    let mut pairs: Vec<(u32, u32)> = match units {
        [] => Vec::new(),
        &[unit] => counts
            .pairs()
            .filter(|&(a, b)| (a == unit || b == unit) && counts.judge((a, b)).is_phrase())
            .collect(),
        _ => counts
            .pairs()
            .filter(|&(a, b)| {
                let mut leaves = forms.leaves(a);
                leaves.extend(forms.leaves(b));
                leaves.sort_unstable();
                leaves == wanted
            })
            .collect(),
    };
    if is_first {
        pairs.extend(units.windows(2).map(|pair| (pair[0], pair[1])));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

impl Search<'_> {
    /// The words of a query in normal form, and how they are spelled together.
    fn read(&self, query: &str) -> (Vec<String>, String) {
        let mut words = Vec::new();
        let mut spelling = String::new();
        let mut joint = "";
        for piece in pieces(query) {
            match piece {
                Piece::Word(span) => {
                    let normal = normal_form(&query[span], self.language);
                    let word = without_possessive(&normal);
                    spelling.push_str(joint);
                    spelling.push_str(word);
                    words.push(word.to_owned());
                    joint = " ";
                }
                Piece::Hyphen => joint = "-",
                Piece::Break => {}
            }
        }
        (words, spelling)
    }

    fn stem(&self, word: &str) -> String {
        stem(word, self.language, self.options)
    }

    fn normal(&self, number: usize) -> String {
        without_possessive(&normal_form(&self.tokens.types[number], self.language)).to_owned()
    }

    /// The types that are taken for a word.
    fn types(&self, word: &str) -> Vec<usize> {
        let is_same = self.classifier.same_as(word);
        let types = self.tokens.types.iter().enumerate();
        types.filter(|(_, text)| is_same(text)).map(|(number, _)| number).collect()
    }

    /// The words that a hyphen makes of one of these types and another word and that are words of their own.
    fn compounds(&self, forms: &Forms, types: &[usize]) -> Vec<Spelling> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for run in self.tokens.stream.runs() {
            for at in joints(&run.symbols) {
                let sides =
                    [run.symbols[at - 1], run.symbols[at + 1]].map(|side| side.checked_sub(FIRST_TYPE));
                let [Some(left), Some(right)] = sides.map(|side| side.map(|number| number as usize)) else {
                    continue;
                };
                if types.contains(&left) || types.contains(&right) {
                    let [left, right] =
                        [left, right].map(|side| normal_form(&self.tokens.types[side], self.language));
                    *found.entry(format!("{left}-{right}")).or_default() += 1;
                }
            }
        }
        found.retain(|compound, _| forms.symbol_of(compound).is_some());
        by_times(found.into_iter().map(|(text, times)| Spelling { text, times }).collect())
    }

    /// The word as it is written most, in normal form.
    fn commonest(&self, word: &str, types: &[usize]) -> String {
        if types.iter().any(|&number| self.normal(number) == word) {
            return word.to_owned();
        }
        let most =
            types.iter().max_by_key(|&&number| (self.times(number), Reverse(&self.tokens.types[number])));
        most.map_or_else(|| word.to_owned(), |&number| self.normal(number))
    }

    /// The unit of a word: what is written so, else what has its stem.
    fn unit(&self, forms: &Forms, word: &str) -> Option<u32> {
        match forms.symbol_of(word) {
            Some(symbol) => forms.unit(symbol),
            None if self.is_word(word) => forms.unit_of_stem(&self.stem(word)),
            None => None,
        }
    }

    /// The units of the words of an expression, without those of words that are left out; `None` where a
    /// word has none.
    fn units(&self, forms: &Forms, words: &[String]) -> Option<Vec<u32>> {
        let known = words.iter().filter(|word| forms.symbol_of(word).is_some() || self.is_word(word));
        known.map(|word| self.unit(forms, word)).collect()
    }

    /// Whether a word can be a term.
    fn is_word(&self, word: &str) -> bool {
        matches!(self.classifier.class(word, &self.language.stemmer()), Class::Word { .. })
    }

    /// The unit of an expression: of its one word; one that is spelled so; that of the synonym that has
    /// replaced it; or a phrase of the words in any order.
    fn whole(
        &self,
        draft: &Draft,
        replaced: Option<&str>,
        written: &[String],
        spelling: &str,
    ) -> Option<u32> {
        let forms = &draft.forms;
        let [_, _, ..] = written else { return self.unit(forms, written.first()?) };
        let spelled = forms.symbol_of(spelling).and_then(|symbol| forms.unit(symbol));
        let made = || {
            let stems = self.read(replaced?).0.iter().map(|word| self.stem(word)).collect::<Vec<_>>();
            forms.unit_of_stem(&stems.join(" "))
        };
        let phrase = || {
            let units = self.units(forms, &compounded(forms, written, spelling));
            let units = units.filter(|units| units.len() > 1)?;
            let mut wanted: Vec<u32> = units.iter().flat_map(|&unit| forms.leaves(unit)).collect();
            wanted.sort_unstable();
            let phrases = (0..forms.unit_count() as u32).filter(|&unit| forms.leaves(unit) == wanted);
            phrases.max_by_key(|&unit| (draft.totals[unit as usize], Reverse(unit)))
        };
        spelled.or_else(made).or_else(phrase)
    }

    fn word(&self, draft: &Draft, word: &str, written: &str, types: &[usize]) -> WordFate {
        let spelling = |&number: &usize| Spelling {
            text: self.tokens.types[number].to_owned(),
            times: self.times(number),
        };
        let spellings = by_times(types.iter().map(spelling).collect());
        let compounds = self.compounds(&draft.forms, types);
        let class = self.classifier.class(written, &self.language.stemmer());
        let symbol = draft.forms.symbol_of(written);
        let unit = self.unit(&draft.forms, written);
        let (stem, outcome) = match (class, symbol, unit) {
            (.., None) if types.is_empty() => (None, Outcome::Absent),
            (_, Some(_), None) => (None, Outcome::Dropped),
            (Class::Word { stem, .. }, _, Some(unit)) if draft.forms.unit_of_stem(&stem) == Some(unit) => {
                (Some(stem), draft.outcome(unit))
            }
            (_, _, Some(unit)) => (None, Outcome::Replaced { by: draft.text(unit) }),
            (Class::Stop | Class::Of, ..) => (None, Outcome::StopWord { list: self.stop_list(written) }),
            (Class::Number, ..) => (None, Outcome::Number),
            (Class::Long, ..) => (None, Outcome::TooLong),
            (Class::Word { stem, .. }, None, None) => (Some(stem), Outcome::Joined),
        };
        WordFate { word: word.to_owned(), spellings, compounds, stem, outcome }
    }

    /// The list that has a stop word; that of the user first.
    fn stop_list(&self, word: &str) -> StopList {
        let own = Words::new(self.options.stop_words.iter().map(String::as_str), self.language);
        let spoken = Words::new(self.language.spoken_words(), self.language);
        let listed = Words::new(self.language.stop_words(), self.language);
        match word {
            word if own.has(word) => StopList::Own,
            word if spoken.has(word) => StopList::Spoken,
            word if listed.has(word) || word.chars().nth(1).is_some() => StopList::Language,
            _ => StopList::SingleLetter,
        }
    }

    /// Occurrences of a type.
    fn times(&self, number: usize) -> u64 {
        self.tokens.times[number]
    }

    /// Where types of all words stand side by side or joined by hyphens.
    fn places(&self, types: &[Vec<usize>]) -> Vec<(usize, Range<usize>)> {
        let types: Vec<FxHashSet<usize>> = types.iter().map(|of| of.iter().copied().collect()).collect();
        let mut places = Vec::new();
        if types.is_empty() {
            return places;
        }
        let mut segment = 0;
        for run in self.tokens.stream.runs() {
            for symbols in run.segments() {
                for start in 0..symbols.len() {
                    let mut end = start;
                    let is_here = types.iter().enumerate().all(|(n, of)| {
                        end += usize::from(n > 0 && symbols.get(end) == Some(&HYPHEN));
                        let number = symbols.get(end).and_then(|symbol| symbol.checked_sub(FIRST_TYPE));
                        end += 1;
                        number.is_some_and(|number| of.contains(&(number as usize)))
                    });
                    if is_here {
                        places.push((segment, start..end));
                    }
                }
                segment += 1;
            }
        }
        places
    }
}

impl Draft {
    /// The text by which a unit is shown.
    fn text(&self, unit: u32) -> String {
        self.forms.text(unit, &self.shown).to_owned()
    }

    /// The term that a unit has become.
    fn term(&self, unit: u32) -> Option<TermId> {
        let rank = self.chosen.iter().position(|&chosen| chosen == unit)?;
        (rank < self.max_terms).then_some(rank as TermId)
    }

    fn outcome(&self, unit: u32) -> Outcome {
        let (segments, _) = self.totals[unit as usize];
        match self.chosen.iter().position(|&chosen| chosen == unit) {
            Some(rank) if rank < self.max_terms => Outcome::Term { text: self.text(unit) },
            Some(rank) => Outcome::BeyondMost { rank: rank + 1, most: self.max_terms },
            None if segments == 0 => Outcome::Joined,
            None => Outcome::Rare { segments, least: self.min_segments },
        }
    }

    fn shown(&self, (first, second): (u32, u32), test: &PairTest) -> PhraseTest {
        PhraseTest {
            first: self.text(first),
            second: self.text(second),
            times: test.times,
            hyphens: test.hyphens,
            first_times: test.singles.0,
            second_times: test.singles.1,
            least_times: test.least,
            g2: test.g2,
            least_g2: SIGNIFICANT,
            npmi: test.npmi,
            least_npmi: COHESION,
            is_phrase: test.is_phrase(),
        }
    }
}
