//! Terms: which words and phrases a corpus is described by, and how often each occurs where.
//!
//! Three steps, each over distinct types where it can be: spellings become *forms* (normalised, and shown
//! in their commonest case), forms that share a stem become one *unit*, and units that stand together
//! more often than chance become phrases, which are units too. Units that are left after trimming
//! are the terms.

mod counts;
mod fate;
mod form;
mod lexicon;
mod phrase;
mod synonym;

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, count, grouped};
use crate::language::Language;
use crate::token::{Piece, Run, Stream, Tokens};
use crate::vocabulary::counts::{Counts, Tally};
use crate::vocabulary::form::{ByForm, Compounds, Forms, joints};
use crate::vocabulary::lexicon::Lexicon;
use crate::vocabulary::phrase::{See, condense, join_phrases};
use crate::vocabulary::synonym::{Expression, Synonyms};

pub use crate::vocabulary::counts::SegmentTerms;
pub(crate) use crate::vocabulary::fate::Fates;
pub use crate::vocabulary::fate::{Outcome, PhraseTest, Replacement, Spelling, StopList, WordFate};
pub(crate) use crate::vocabulary::form::Classifier;
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
    /// Most distinct spellings that are held while the text is read; 0 stands for 2,097,152. Beyond, the rarest
    /// so far are set aside.
    pub max_spellings: u32,
}

impl TermOptions {
    pub(crate) fn most_spellings(&self) -> usize {
        if self.max_spellings == 0 { 1 << 21 } else { self.max_spellings as usize }
    }
}

/// Number of a [`Term`] in its [`Vocabulary`]: 0 is the term in most segments.
pub type TermId = u32;

/// A word or phrase of a corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The commonest form in which it is written, in lower case unless it is mostly written with several capitals
    /// (`NHS`) or with one at its beginning (`Andrew`, German `Miete`), which tells only right after another word,
    /// for the first word of a sentence has one, too. A phrase is written as its words are (`Alan Turing`, `local
    /// NHS`); but where only some of them have a capital at the beginning, none has (`mill road`), unless it is
    /// German (`soziale Arbeit`).
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
/// Terms are ordered by falling number of segments, then falling frequency, then text (in lower case but for
/// words that are mostly written with several capitals), so that the numbers do not depend on the order of
/// reading.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    terms: Vec<Term>,
    counts: Arc<Counts>,
    /// The segments of `counts` that are in it, where not all are.
    chosen: Option<Vec<u32>>,
    lexicon: Arc<Lexicon>,
}

impl Vocabulary {
    /// Finds the terms of tokenized segments.
    pub(crate) fn from_tokens(
        tokens: Tokens,
        language: Language,
        options: &TermOptions,
    ) -> (Vocabulary, Vec<Diagnostic>) {
        Draft::new(tokens, language, options, None).into_vocabulary(language)
    }

    /// The terms, by number.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Number of segments that the terms were counted in.
    pub fn segment_count(&self) -> usize {
        self.chosen.as_ref().map_or(self.counts.len(), Vec::len)
    }

    /// The terms of a segment with their occurrences, by ascending number; empty when there is no
    /// such segment.
    pub fn segment(&self, index: usize) -> SegmentTerms<'_> {
        match &self.chosen {
            Some(chosen) => self.counts.segment(chosen.get(index).map_or(usize::MAX, |&at| at as usize)),
            None => self.counts.segment(index),
        }
    }

    /// The language whose stop words and stems were used.
    pub(crate) fn language(&self) -> Language {
        self.lexicon.language()
    }

    /// Where the terms of segment `index` stand in its text, which was cut into `pieces`: words in
    /// order, then phrases. Linear in the length of the text.
    pub(crate) fn places(&self, index: usize, text: &str, pieces: &[Piece]) -> Vec<Place> {
        self.places_of(index, text, pieces, |_| true)
    }

    /// The same with only those of the phrases that are wanted.
    pub(crate) fn places_of(
        &self,
        index: usize,
        text: &str,
        pieces: &[Piece],
        is_wanted: impl Fn(TermId) -> bool,
    ) -> Vec<Place> {
        let mut places = self.lexicon.words(text, pieces);
        let words = places.len();
        for (term, _) in self.segment(index) {
            if !self.terms[term as usize].parts.is_empty() && is_wanted(term) {
                let found = self.lexicon.phrase(term, &self.terms, pieces, &places[..words]);
                places.extend(found);
            }
        }
        places
    }

    /// The same terms counted in runs of segments that are joined to one, from the number of the joined
    /// segment for each.
    pub(crate) fn joined(&self, runs: &[u32]) -> Vocabulary {
        let mut counts = Counts::default();
        for run in (0..runs.len()).collect::<Vec<_>>().chunk_by(|&a, &b| runs[a] == runs[b]) {
            let mut found: Vec<(TermId, u32)> =
                run.iter().flat_map(|&segment| self.segment(segment)).collect();
            found.sort_unstable();
            let same = found.chunk_by(|a, b| a.0 == b.0);
            counts.push(same.map(|same| (same[0].0, same.iter().map(|entry| entry.1).sum::<u32>())));
        }
        self.recounted(Arc::new(counts), None)
    }

    /// The same terms counted in some of the segments. Terms keep their numbers, so that they are no
    /// longer in order, and some may not occur.
    pub(crate) fn part(&self, segments: &[u32]) -> Vocabulary {
        let of_counts =
            |&segment: &u32| self.chosen.as_ref().map_or(segment, |chosen| chosen[segment as usize]);
        self.recounted(Arc::clone(&self.counts), Some(segments.iter().map(of_counts).collect()))
    }

    /// The same terms in other segments.
    fn recounted(&self, counts: Arc<Counts>, chosen: Option<Vec<u32>>) -> Vocabulary {
        let mut terms = self.terms.clone();
        for term in &mut terms {
            (term.segments, term.frequency) = (0, 0);
        }
        let mut recounted =
            Vocabulary { terms: Vec::new(), counts, chosen, lexicon: Arc::clone(&self.lexicon) };
        for (term, times) in (0..recounted.segment_count()).flat_map(|segment| recounted.segment(segment)) {
            let term = &mut terms[term as usize];
            term.segments += 1;
            term.frequency += u64::from(times);
        }
        recounted.terms = terms;
        recounted
    }

    /// Whether one of two terms is a phrase that the other is part of, so that they occur together
    /// by their nature.
    pub(crate) fn is_nested(&self, a: TermId, b: TermId) -> bool {
        self.terms[a as usize].parts.contains(&b) || self.terms[b as usize].parts.contains(&a)
    }

    /// The number of the term with this text, as it is shown or else in other capitals. Linear in the number of
    /// terms.
    pub fn find(&self, text: &str) -> Option<TermId> {
        let as_shown = self.terms.iter().position(|term| term.text == text);
        let lower = text.to_lowercase();
        let in_any_case = || self.terms.iter().position(|term| term.text.to_lowercase() == lower);
        as_shown.or_else(in_any_case).map(|id| id as TermId)
    }
}

/// Terms in the making: everything that could be one, and which of it is chosen.
struct Draft {
    forms: Forms,
    /// What synonyms have replaced.
    synonyms: Vec<Expression>,
    /// The words and phrases of all segments, as symbols of `forms`.
    stream: Stream,
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
    fn new(tokens: Tokens, language: Language, options: &TermOptions, see: Option<&mut See<'_>>) -> Draft {
        let mut forms = Forms::from_tokens(&tokens, language, options);
        let mut diagnostics = forms.diagnostics(options);
        let Tokens { stream: tokens, types, times, set_aside, capitals } = tokens;
        drop((times, capitals));
        if set_aside.0 > 0 {
            let message = format!(
                "{} that occurred at most {} times by then were set aside, for there are more than {}",
                count(set_aside.0, "spelling"),
                set_aside.1,
                grouped(options.most_spellings())
            );
            let hint = "look whether this is all text; --max-memory raises the limit";
            diagnostics.push(Diagnostic::new("max-spellings", message).with_hint(hint));
        }
        let mut synonyms = Synonyms::new(&types, &mut forms, language, options);
        let mut compounds = Compounds::new(language, options);
        let mut stream = tokens.like();
        for batch in tokens.into_batches() {
            let rewrite =
                |tokens: &Run| (forms.rewrite(tokens), joints(&tokens.symbols).collect::<Vec<usize>>());
            let (mut runs, joints): (Vec<Run>, Vec<Vec<usize>>) = batch.par_iter().map(rewrite).unzip();
            for ((tokens, run), joints) in batch.iter().zip(&mut runs).zip(joints) {
                if let Some(synonyms) = &mut synonyms {
                    synonyms.replace(tokens, &types, run, &mut forms);
                }
                compounds.join(tokens, &joints, &types, run, &mut forms);
            }
            runs.par_iter_mut().for_each(condense);
            stream.extend(runs);
        }
        drop(types);
        let (synonyms, finding) = synonyms.map(Synonyms::finish).unwrap_or_default();
        diagnostics.extend(finding);
        if !options.no_phrases {
            stream = join_phrases(stream, &mut forms, language, see);
        }
        let min_segments = match options.min_segments {
            0 if stream.segment_count() < 2_000 => 2,
            0 => 3,
            chosen => chosen,
        };
        let max_terms = if options.max_terms == 0 { 50_000 } else { options.max_terms as usize };

        let counted = Counted::new(&forms);
        let (totals, shown) = rayon::join(|| counted.totals(&forms, &stream), || forms.shown_forms());
        let mut chosen: Vec<u32> = (0..totals.len() as u32)
            .filter(|&unit| {
                let present = totals[unit as usize].0;
                present >= min_segments || present > 0 && forms.is_kept(unit)
            })
            .collect();
        chosen.sort_unstable_by(|&a, &b| {
            let key = |unit: u32| (totals[unit as usize].0, totals[unit as usize].1);
            key(b).cmp(&key(a)).then_with(|| forms.key(a, &shown).cmp(forms.key(b, &shown)))
        });
        Draft {
            forms,
            synonyms,
            stream,
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
        let Draft { mut forms, stream, counted, totals, shown, mut chosen, .. } = self;
        let Draft { min_segments, max_terms, mut diagnostics, .. } = self;
        let present = totals.iter().filter(|total| total.0 > 0).count();
        let rare = present - chosen.len();
        if rare > 0 {
            let message = format!("{} in fewer than {min_segments} segments left out", count(rare, "term"));
            diagnostics.push(Diagnostic::new("rare-terms", message));
        }
        if chosen.len() > max_terms {
            let message = format!(
                "{} left out beyond the {} in most segments",
                count(chosen.len() - max_terms, "term"),
                grouped(max_terms)
            );
            let hint = "raise it with --max-terms";
            diagnostics.push(Diagnostic::new("max-terms", message).with_hint(hint));
            chosen.truncate(max_terms);
        }
        let mut term_of_unit = vec![TermId::MAX; totals.len()];
        for (term, &unit) in chosen.iter().enumerate() {
            term_of_unit[unit as usize] = term as TermId;
        }
        let term = |&unit: &u32| {
            let text = forms.text(unit, &shown).to_owned();
            let (segments, frequency) = totals[unit as usize];
            let mut parts: Vec<TermId> =
                counted.of(unit).iter().map(|&part| term_of_unit[part as usize]).collect();
            parts.retain(|&part| part != TermId::MAX && part != term_of_unit[unit as usize]);
            parts.sort_unstable();
            Term { text, frequency, segments, parts }
        };
        let terms: Vec<Term> = chosen.par_iter().map(term).collect();
        let counted = counted.into_terms(&term_of_unit);
        let spellings = forms.take_spellings();
        let unit_of_form = forms.unit_of_form().clone();
        let count = || {
            let mut counts = Counts::default();
            for batch in stream.into_batches() {
                let runs = batch.into_par_iter();
                let found = runs.map_init(
                    || Tally::new(terms.len()),
                    |tally, run| counted.counts(&unit_of_form, &run, tally),
                );
                let found: Vec<Counts> = found.collect();
                found.iter().for_each(|found| counts.append(found));
            }
            Arc::new(counts)
        };
        // Frees the forms as well, while terms are counted.
        let lexicon = move || Arc::new(forms.lexicon(spellings, language, &term_of_unit));
        let (counts, lexicon) = rayon::join(count, lexicon);
        (Vocabulary { terms, counts, chosen: None, lexicon }, diagnostics)
    }
}

/// Parts of the text that are gone through in parallel.
const PARTS: usize = 16;

/// What an occurrence of each unit counts as: itself first and, for a phrase, all that it is made of.
struct Counted {
    /// Where those of each unit begin in `list`; one more at the end.
    starts: Vec<u32>,
    list: Vec<u32>,
    /// Units before the first phrase, which count as themselves.
    words: u32,
}

impl Counted {
    fn new(forms: &Forms) -> Counted {
        let mut counted = Counted { starts: vec![0], list: Vec::new(), words: 0 };
        for unit in 0..forms.unit_count() as u32 {
            forms.push_with_parts(unit, &mut counted.list);
            counted.starts.push(counted.list.len() as u32);
        }
        counted.words =
            (0..).zip(&counted.starts).take_while(|(unit, start)| unit == *start).count() as u32 - 1;
        counted
    }

    /// Shows `see` what an occurrence of a unit counts as.
    #[inline]
    fn each(&self, unit: u32, mut see: impl FnMut(u32)) {
        if unit < self.words {
            see(self.list[unit as usize]);
        } else {
            self.of(unit).iter().for_each(|&part| see(part));
        }
    }

    fn of(&self, unit: u32) -> &[u32] {
        &self.list[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }

    /// The segments and the occurrences of each unit.
    fn totals(&self, forms: &Forms, stream: &Stream) -> Vec<(u32, u64)> {
        let mut occurrences = vec![0; forms.unit_count()];
        for (unit, times) in (0..).zip(forms.unit_times()) {
            self.of(unit).iter().for_each(|&part| occurrences[part as usize] += times);
        }
        self.segments(forms, stream).into_iter().zip(occurrences).collect()
    }

    /// The segments of each unit.
    fn segments(&self, forms: &Forms, stream: &Stream) -> Vec<u32> {
        let count = |runs: &mut dyn Iterator<Item = Cow<'_, Run>>| -> Vec<u32> {
            // The segments of each unit so far, and the last of them.
            let mut known = vec![(0_u32, 0_u32); forms.unit_count()];
            let mut number = 0;
            for run in runs {
                for segment in run.segments() {
                    number += 1;
                    let mut see = |unit: u32| {
                        let (segments, last) = &mut known[unit as usize];
                        *segments += u32::from(*last != number);
                        *last = number;
                    };
                    for unit in segment.iter().filter_map(|&symbol| forms.unit(symbol)) {
                        self.each(unit, &mut see);
                    }
                }
            }
            known.into_iter().map(|(segments, _)| segments).collect()
        };
        let add = |mut a: Vec<u32>, b: Vec<u32>| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        };
        stream.parts(PARTS).map(|mut runs| count(&mut runs)).reduce_with(add).unwrap_or_default()
    }

    /// The same with terms in place of units, and [`TermId::MAX`] for units that are none.
    fn into_terms(mut self, term_of_unit: &[TermId]) -> Counted {
        self.list.iter_mut().for_each(|unit| *unit = term_of_unit[*unit as usize]);
        self
    }

    /// The terms of segments with their occurrences.
    fn counts(&self, unit_of_form: &ByForm, run: &Run, tally: &mut Tally) -> Counts {
        let mut counts = Counts::default();
        for segment in run.segments() {
            for unit in segment.iter().filter_map(|&symbol| unit_of_form.get(symbol)) {
                self.each(unit, |term| {
                    if term != TermId::MAX {
                        tally.add(term);
                    }
                });
            }
            counts.push_met(tally);
        }
        counts
    }
}
