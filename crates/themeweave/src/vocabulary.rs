//! Terms: which words and phrases a corpus is described by, and how often each occurs where.
//!
//! Three steps, each over distinct types where it can be: spellings become *forms* (normalised, in
//! their commonest case), forms that share a stem become one *unit*, and units that stand together
//! more often than chance become phrases, which are units too. Units that are left after trimming
//! are the terms.

mod fate;
mod form;
mod lexicon;
mod phrase;
mod synonym;

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, count};
use crate::language::Language;
use crate::segment::Segments;
use crate::token::{Piece, Tokens};
use crate::vocabulary::form::{Forms, GONE};
use crate::vocabulary::lexicon::Lexicon;
use crate::vocabulary::phrase::{See, join_phrases};
use crate::vocabulary::synonym::{Expression, replace_synonyms};

pub(crate) use crate::vocabulary::fate::Fates;
pub use crate::vocabulary::fate::{Outcome, PhraseTest, Replacement, Spelling, StopList, WordFate};
pub(crate) use crate::vocabulary::lexicon::Place;

/// How words become terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TermOptions {
    /// Single words that are left out besides the stop words of the language. An expression is dropped
    /// by a synonym without replacement.
    pub stop_words: Vec<String>,
    /// Single words that are never left out, whatever they are: stop words, numbers or rare words.
    pub keep: Vec<String>,
    /// Labels and what replaces them; an empty replacement drops the term.
    pub synonyms: Vec<(String, String)>,
    /// Whether numbers are terms. Off by default.
    pub numbers: bool,
    /// Whether every word form is a term of its own. Off by default: forms with one stem are joined.
    pub no_stemming: bool,
    /// Whether phrases are left as single words. Off by default.
    pub no_phrases: bool,
    /// Fewest segments that a term must occur in; 0 chooses by the number of segments: 2 below
    /// 2,000, else 3.
    pub min_segments: u32,
    /// Most terms, those in most segments; 0 stands for 50,000.
    pub max_terms: u32,
}

/// Number of a [`Term`] in its [`Vocabulary`]: 0 is the term in most segments.
pub type TermId = u32;

/// A word or phrase of a corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The commonest form in which it is written, in lower case unless it is mostly written with
    /// capitals inside (`NHS`).
    pub text: String,
    /// Occurrences in all segments.
    pub frequency: u64,
    /// Segments with at least one occurrence.
    pub segments: u32,
    /// For a phrase, the terms that it is made of, by number; an occurrence of the phrase is one of
    /// each of them too.
    pub parts: Vec<TermId>,
}

/// The terms of a corpus, and which of them each segment has.
///
/// Terms are ordered by falling number of segments, then falling frequency, then text, so that the
/// numbers do not depend on the order of reading.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    terms: Vec<Term>,
    /// Where each segment begins in `entries`; one more at the end.
    starts: Vec<usize>,
    /// Term and number of occurrences, by ascending term within a segment.
    entries: Vec<(TermId, u32)>,
    lexicon: Arc<Lexicon>,
}

impl Vocabulary {
    /// Finds the terms of tokenized segments.
    pub(crate) fn from_tokens(
        tokens: Tokens,
        segments: &Segments,
        language: Language,
        options: &TermOptions,
    ) -> (Vocabulary, Vec<Diagnostic>) {
        let draft = Draft::new(Cow::Owned(tokens), segments, language, options, None);
        draft.into_vocabulary(language)
    }

    /// The terms, by number.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Number of segments that the terms were counted in.
    pub fn segment_count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The terms of a segment with their occurrences, by ascending number; empty when there is no
    /// such segment.
    pub fn segment(&self, index: usize) -> &[(TermId, u32)] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&start), Some(&end)) => &self.entries[start..end],
            _ => &[],
        }
    }

    /// The language whose stop words and stems were used.
    pub(crate) fn language(&self) -> Language {
        self.lexicon.language()
    }

    /// Where the terms of segment `index` stand in its text, which was cut into `pieces`: words in
    /// order, then phrases. Linear in the length of the text.
    pub(crate) fn places(&self, index: usize, text: &str, pieces: &[Piece]) -> Vec<Place> {
        let mut places = self.lexicon.words(text, pieces);
        let words = places.len();
        for &(term, _) in self.segment(index) {
            if !self.terms[term as usize].parts.is_empty() {
                let found = self.lexicon.phrase(term, &self.terms, pieces, &places[..words]);
                places.extend(found);
            }
        }
        places
    }

    /// The same terms counted in runs of segments that are joined to one, from the number of the joined
    /// segment for each.
    pub(crate) fn joined(&self, runs: &[u32]) -> Vocabulary {
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for run in (0..runs.len()).collect::<Vec<_>>().chunk_by(|&a, &b| runs[a] == runs[b]) {
            let mut found: Vec<(TermId, u32)> =
                run.iter().flat_map(|&segment| self.segment(segment).iter().copied()).collect();
            found.sort_unstable();
            let same = found.chunk_by(|a, b| a.0 == b.0);
            entries.extend(same.map(|same| (same[0].0, same.iter().map(|entry| entry.1).sum::<u32>())));
            starts.push(entries.len());
        }
        self.recounted(starts, entries)
    }

    /// The same terms counted in some of the segments. Terms keep their numbers, so that they are no
    /// longer in order, and some may not occur.
    pub(crate) fn part(&self, segments: &[u32]) -> Vocabulary {
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for &segment in segments {
            entries.extend_from_slice(self.segment(segment as usize));
            starts.push(entries.len());
        }
        self.recounted(starts, entries)
    }

    /// The same terms in other segments.
    fn recounted(&self, starts: Vec<usize>, entries: Vec<(TermId, u32)>) -> Vocabulary {
        let mut terms = self.terms.clone();
        for term in &mut terms {
            (term.segments, term.frequency) = (0, 0);
        }
        for &(term, times) in &entries {
            let term = &mut terms[term as usize];
            term.segments += 1;
            term.frequency += u64::from(times);
        }
        Vocabulary { terms, starts, entries, lexicon: Arc::clone(&self.lexicon) }
    }

    /// Whether one of two terms is a phrase that the other is part of, so that they occur together
    /// by their nature.
    pub(crate) fn is_nested(&self, a: TermId, b: TermId) -> bool {
        self.terms[a as usize].parts.contains(&b) || self.terms[b as usize].parts.contains(&a)
    }

    /// The number of the term with this text, as it is shown. Linear in the number of terms.
    pub fn find(&self, text: &str) -> Option<TermId> {
        self.terms.iter().position(|term| term.text == text).map(|id| id as TermId)
    }
}

/// Terms in the making: everything that could be one, and which of it is chosen.
struct Draft {
    forms: Forms,
    /// What synonyms have replaced.
    synonyms: Vec<Expression>,
    /// The words and phrases of all segments, as symbols of `forms`.
    stream: Vec<u32>,
    /// Where each segment begins in `stream`; one more at the end.
    starts: Vec<usize>,
    counted: Counted,
    /// Segments and occurrences of each unit.
    totals: Vec<(u32, u64)>,
    /// The form by which each unit is shown.
    shown: Vec<u32>,
    /// Units in enough segments, or kept, in the order of terms.
    chosen: Vec<u32>,
    min_segments: u32,
    max_terms: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Draft {
    /// Takes all steps from words to terms; `see` is shown the counts from which phrases are made.
    fn new(
        tokens: Cow<'_, Tokens>,
        segments: &Segments,
        language: Language,
        options: &TermOptions,
        see: Option<&mut See<'_>>,
    ) -> Draft {
        let mut forms = Forms::from_tokens(&tokens, language, options);
        let mut diagnostics = forms.diagnostics(options);
        let mut stream = forms.rewrite(&tokens);
        let mut starts = tokens.starts.clone();
        let (synonyms, finding) = replace_synonyms(&tokens, &mut stream, &mut forms, language, options);
        diagnostics.extend(finding);
        forms.join_compounds(&tokens, &mut stream, language, options);
        drop(tokens);
        without_gone(&mut stream, &mut starts);
        if !options.no_phrases {
            join_phrases(&mut stream, &mut starts, &mut forms, language, see);
        }
        let min_segments = match options.min_segments {
            0 if segments.len() < 2_000 => 2,
            0 => 3,
            chosen => chosen,
        };
        let max_terms = if options.max_terms == 0 { 50_000 } else { options.max_terms as usize };

        let counted = Counted::new(&forms);
        let totals = counted.totals(&forms, &stream, &starts);
        let shown = forms.shown_forms(&stream);
        let mut chosen: Vec<u32> = (0..totals.len() as u32)
            .filter(|&unit| {
                let present = totals[unit as usize].0;
                present >= min_segments || present > 0 && forms.is_kept(unit)
            })
            .collect();
        chosen.sort_unstable_by(|&a, &b| {
            let key = |unit: u32| (totals[unit as usize].0, totals[unit as usize].1);
            key(b).cmp(&key(a)).then_with(|| forms.text(a, &shown).cmp(forms.text(b, &shown)))
        });
        Draft {
            forms,
            synonyms,
            stream,
            starts,
            counted,
            totals,
            shown,
            chosen,
            min_segments,
            max_terms,
            diagnostics,
        }
    }

    fn into_vocabulary(self, language: Language) -> (Vocabulary, Vec<Diagnostic>) {
        let Draft { forms, stream, starts, counted, totals, shown, mut chosen, .. } = self;
        let Draft { min_segments, max_terms, mut diagnostics, .. } = self;
        let present = totals.iter().filter(|total| total.0 > 0).count();
        let rare = present - chosen.len();
        if rare > 0 {
            let message = format!("{} in fewer than {min_segments} segments left out", count(rare, "term"));
            diagnostics.push(Diagnostic::new("rare-terms", message));
        }
        if chosen.len() > max_terms {
            let message = format!(
                "{} terms left out beyond the {max_terms} in most segments",
                chosen.len() - max_terms
            );
            let hint = "raise it with --max-terms";
            diagnostics.push(Diagnostic::new("max-terms", message).with_hint(hint));
            chosen.truncate(max_terms);
        }
        let mut term_of_unit = vec![TermId::MAX; totals.len()];
        let mut terms = Vec::with_capacity(chosen.len());
        for (term, &unit) in chosen.iter().enumerate() {
            term_of_unit[unit as usize] = term as TermId;
        }
        for &unit in &chosen {
            let text = forms.text(unit, &shown).to_owned();
            let (segments, frequency) = totals[unit as usize];
            let mut parts: Vec<TermId> =
                counted.of(unit).iter().map(|&part| term_of_unit[part as usize]).collect();
            parts.retain(|&part| part != TermId::MAX && part != term_of_unit[unit as usize]);
            parts.sort_unstable();
            terms.push(Term { text, frequency, segments, parts });
        }
        let counted = counted.as_terms(&term_of_unit);
        let entries: Vec<Vec<(TermId, u32)>> = starts
            .par_windows(2)
            .map(|bounds| counted.entries(&forms, &stream[bounds[0]..bounds[1]]))
            .collect();
        drop((stream, starts));
        let mut starts = vec![0];
        starts.extend(entries.iter().scan(0, |end, of_segment| {
            *end += of_segment.len();
            Some(*end)
        }));
        let mut all = Vec::with_capacity(starts.last().copied().unwrap_or_default());
        all.extend(entries.into_iter().flatten());
        let lexicon = Arc::new(forms.into_lexicon(language, &term_of_unit));
        (Vocabulary { terms, starts, entries: all, lexicon }, diagnostics)
    }
}

/// What an occurrence of each unit counts as: itself first and, for a phrase, all that it is made of.
struct Counted {
    /// Where those of each unit begin in `list`; one more at the end.
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Counted {
    fn new(forms: &Forms) -> Counted {
        let mut counted = Counted { starts: vec![0], list: Vec::new() };
        for unit in 0..forms.unit_count() as u32 {
            counted.list.extend(forms.with_parts(unit));
            counted.starts.push(counted.list.len() as u32);
        }
        counted
    }

    fn of(&self, unit: u32) -> &[u32] {
        &self.list[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }

    /// The segments and the occurrences of each unit.
    fn totals(&self, forms: &Forms, stream: &[u32], starts: &[usize]) -> Vec<(u32, u64)> {
        let units = self.starts.len() - 1;
        let segments: Vec<(u32, &[usize])> = (1..).zip(starts.windows(2)).collect();
        let none = || (vec![(0_u32, 0_u64); units], vec![0_u32; units]);
        let counts =
            segments.par_iter().with_min_len(1 << 12).fold(none, |(mut totals, mut last), segment| {
                let (number, bounds) = *segment;
                for unit in stream[bounds[0]..bounds[1]].iter().filter_map(|&symbol| forms.unit(symbol)) {
                    for &part in self.of(unit) {
                        let last = std::mem::replace(&mut last[part as usize], number);
                        totals[part as usize].0 += u32::from(last != number);
                        totals[part as usize].1 += 1;
                    }
                }
                (totals, last)
            });
        let add = |mut a: Vec<(u32, u64)>, b: Vec<(u32, u64)>| {
            for (a, b) in a.iter_mut().zip(b) {
                *a = (a.0 + b.0, a.1 + b.1);
            }
            a
        };
        counts.map(|(totals, _)| totals).reduce_with(add).unwrap_or_else(|| none().0)
    }

    /// The same with terms in place of units, without units that are none.
    fn as_terms(&self, term_of_unit: &[TermId]) -> Counted {
        let mut terms = Counted { starts: vec![0], list: Vec::new() };
        for unit in 0..self.starts.len() as u32 - 1 {
            let known = self.of(unit).iter().map(|&part| term_of_unit[part as usize]);
            terms.list.extend(known.filter(|&term| term != TermId::MAX));
            terms.starts.push(terms.list.len() as u32);
        }
        terms
    }

    /// The terms of a segment with their occurrences.
    fn entries(&self, forms: &Forms, symbols: &[u32]) -> Vec<(TermId, u32)> {
        let units = symbols.iter().filter_map(|&symbol| forms.unit(symbol));
        let mut found: Vec<TermId> = units.flat_map(|unit| self.of(unit).iter().copied()).collect();
        found.sort_unstable();
        found.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
    }
}

/// Takes the symbols out whose words have become part of others.
fn without_gone(stream: &mut Vec<u32>, starts: &mut [usize]) {
    let mut kept = 0;
    let mut next = 0;
    for start in starts {
        kept += stream[next..*start].iter().filter(|&&symbol| symbol != GONE).count();
        next = *start;
        *start = kept;
    }
    stream.retain(|&symbol| symbol != GONE);
}
