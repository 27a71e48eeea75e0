//! Spellings become forms, forms become units.

use std::borrow::Cow;
use std::cmp::Reverse;

use rayon::prelude::*;
use rust_stemmers::Stemmer;
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::diagnostic::{Diagnostic, count};
use crate::language::Language;
use crate::token::{BREAK, FIRST_TYPE, HYPHEN, Run, Tokens, Types};
use crate::vocabulary::lexicon::Lexicon;
use crate::vocabulary::{TermId, TermOptions};

/// A word that is no part of a term but does not part a phrase: stop words, numbers.
pub(crate) const STOP: u32 = 2;
/// A stop word that joins two words into one expression ("erosion *of* leadership").
pub(crate) const OF: u32 = 3;
/// A symbol whose word has become part of another one.
pub(crate) const GONE: u32 = u32::MAX;
/// The first number of a form in a stream.
pub(crate) const FIRST_FORM: u32 = 4;

/// Types that are classified while the forms of those before them are numbered in order: all at a time would take
/// much memory where most words occur once.
const TYPES_AT_A_TIME: usize = 1 << 14;
/// Longest word that is read as language, in characters.
const LONGEST_WORD: usize = 60;

/// One way in which a unit is written.
#[derive(Debug, Clone)]
struct Form {
    /// Its spelling in lower case, but with the capitals of a word that is mostly written with several ("NHS").
    /// Equals are ordered by it.
    text: Box<str>,
    /// The same with the capitals with which it is shown, where it has more.
    capitalized: Option<Box<str>>,
    /// The symbols of the two forms that a phrase is written with.
    parts: Option<(u32, u32)>,
}

impl Form {
    /// How it is shown.
    fn written(&self) -> &str {
        self.capitalized.as_deref().unwrap_or(&self.text)
    }
}

/// How a form is spelled.
struct Spellings<'t> {
    /// The commonest spelling, that with fewest capitals of equals: its occurrences and its capitals before it.
    commonest: (Reverse<u64>, usize, &'t str),
    /// How much more often it has a capital that is only at its beginning than none, where that can be told.
    lead: i64,
}

/// All forms of a corpus and the units they belong to.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    list: Vec<Form>,
    /// The unit of each form.
    unit_of_form: ByForm,
    /// How often each form stands in the text by itself, and not as a part of a phrase.
    times: Vec<u64>,
    /// For each unit the two that it is made of, if it is a phrase.
    parts_of_unit: Vec<Option<(u32, u32)>>,
    /// The texts that units are shown by, where synonyms fix them.
    label_of_unit: FxHashMap<u32, String>,
    /// Symbol in the rewritten stream for each type of the token stream.
    symbol_of_type: Vec<u32>,
    unit_of_stem: FxHashMap<Box<str>, u32>,
    /// Units of words that are to be kept.
    kept: FxHashSet<u32>,
    /// Whether the language does.
    capitalizes_nouns: bool,
    stop_words: Words,
    unit_of_pair: FxHashMap<(u32, u32), u32>,
    form_of_pair: FxHashMap<(u32, u32, Joint), u32>,
    /// The symbol of each spelling in normal form, but for those of phrases.
    symbol_of_spelling: FxHashMap<Box<str>, u32>,
    stopped: usize,
    numbers: usize,
    long: usize,
}

/// A number for each form.
#[derive(Debug, Clone)]
pub(crate) struct ByForm {
    /// By symbol; [`NONE`] for symbols that are no forms.
    numbers: Vec<u32>,
}

/// The number of what is no form.
pub(crate) const NONE: u32 = u32::MAX;

impl Default for ByForm {
    fn default() -> ByForm {
        ByForm { numbers: vec![NONE; FIRST_FORM as usize] }
    }
}

impl ByForm {
    /// That of the form which a symbol is, if it is one.
    #[inline]
    pub(crate) fn get(&self, symbol: u32) -> Option<u32> {
        Some(self.number(symbol)).filter(|&number| number != NONE)
    }

    /// The same with [`NONE`] for symbols that are no forms.
    #[inline]
    pub(crate) fn number(&self, symbol: u32) -> u32 {
        self.numbers.get(symbol as usize).copied().unwrap_or(NONE)
    }

    /// The numbers of all forms.
    fn forms(&self) -> &[u32] {
        &self.numbers[FIRST_FORM as usize..]
    }
}

/// How two words of a phrase stand together in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Joint {
    /// "social care"
    Space,
    /// "follow-up"
    Hyphen,
    /// "erosion of leadership": first the word before the preposition, whose text is given.
    Of(&'static str),
}

impl Joint {
    fn join(self, left: &str, right: &str) -> String {
        match self {
            Joint::Space => format!("{left} {right}"),
            Joint::Hyphen => format!("{left}-{right}"),
            Joint::Of(word) => format!("{left} {word} {right}"),
        }
    }
}

/// The prepositions that join a noun to the noun it belongs to, by language, the first of which is
/// used for display; and whether the noun that leads stands after it in a compound ("erosion of
/// leadership" is "leadership erosion").
pub(crate) fn of_words(language: Language) -> (&'static [&'static str], bool) {
    match language {
        Language::English => (&["of"], true),
        Language::French => (&["de", "du", "des", "d"], false),
        Language::Italian => (&["di", "del", "della", "dei", "delle", "degli", "dell", "dello"], false),
        Language::Spanish => (&["de", "del"], false),
        Language::Portuguese => (&["de", "do", "da", "dos", "das"], false),
        _ => (&[], false),
    }
}

/// A word in the form under which it is looked up: NFC, lower case, straight apostrophes, without
/// invisible characters and emphasis marks, a possessive `'s` or an elided article.
pub(crate) fn normal_form(word: &str, language: Language) -> String {
    let mut normal = String::new();
    push_normal_form(word, language, &mut normal);
    normal
}

/// Appends the normal form of a word to a text.
pub(crate) fn push_normal_form(word: &str, language: Language, text: &mut String) {
    let start = text.len();
    if word.is_ascii() {
        text.push_str(word.trim_matches('_'));
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(&plain(word).to_lowercase());
    }
    text.drain(start..start + elided(&text[start..], language));
}

/// Bytes of the elided article at the beginning of a word.
fn elided(word: &str, language: Language) -> usize {
    if language.has_elision()
        && let Some(at) = word.find('\'')
        && (1..=6).contains(&at)
        && word.len() > at + 2
        && !word.eq_ignore_ascii_case("aujourd'hui")
    {
        at + 1
    } else {
        0
    }
}

/// NFC, straight apostrophes, without invisible characters and emphasis marks.
fn plain(word: &str) -> String {
    let composed: Cow<'_, str> =
        if is_nfc(word) { word.into() } else { word.nfc().collect::<String>().into() };
    let plain: String = composed
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .map(|c| if matches!(c, '\u{2019}' | '\u{2bc}' | '\u{ff07}' | '\u{2018}') { '\'' } else { c })
        .collect();
    plain.trim_matches('_').to_owned()
}

/// A spelling as its normal form without a possessive ending, but for its capitals.
fn in_its_case(spelling: &str, language: Language) -> Cow<'_, str> {
    if spelling.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return spelling.into();
    }
    let plain = plain(spelling);
    let word = &plain[elided(&plain, language)..];
    word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")).unwrap_or(word).to_owned().into()
}

/// The normal form without a possessive ending, which is looked up among stop words with it.
pub(crate) fn without_possessive(normal: &str) -> &str {
    normal.strip_suffix("'s").unwrap_or(normal)
}

/// What a word is looked up by: its stem, or itself where words are not stemmed.
pub(crate) fn stem(word: &str, language: Language, options: &TermOptions) -> String {
    let plain = without_possessive(word);
    if options.no_stemming { plain.to_owned() } else { language.stemmer().stem(plain).into_owned() }
}

/// What a type is.
pub(crate) enum Class {
    Word { normal: String, stem: String, is_kept: bool },
    Stop,
    Of,
    Number,
    Long,
}

fn capitals(spelling: &str) -> usize {
    spelling.chars().filter(|c| c.is_uppercase()).count()
}

/// A word with a capital at its beginning, where that is one letter.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let upper = letters.next().map(char::to_uppercase).filter(|upper| upper.len() == 1);
    upper.map_or_else(|| word.to_owned(), |upper| upper.chain(letters).collect())
}

/// Tells what types are.
pub(crate) struct Classifier<'o> {
    language: Language,
    options: &'o TermOptions,
    stop_words: Words,
    keep: Words,
}

impl<'o> Classifier<'o> {
    pub(crate) fn new(language: Language, options: &'o TermOptions) -> Classifier<'o> {
        let listed: Vec<&str> = language.stop_words().collect();
        let own = options.stop_words.iter().map(String::as_str);
        let stop_words = Words::new(listed.into_iter().chain(own), language);
        let keep = Words::new(options.keep.iter().map(String::as_str), language);
        Classifier { language, options, stop_words, keep }
    }

    /// Tells which spellings are taken for a word: those of all of its forms or, of a word that is left out, its
    /// own.
    pub(crate) fn same_as<'a>(&'a self, word: &'a str) -> impl Fn(&str) -> bool + 'a {
        let stemmer = self.language.stemmer();
        let stem_of = move |text: &str| match self.class(text, &stemmer) {
            Class::Word { stem, .. } => Some(stem),
            Class::Stop | Class::Of | Class::Number | Class::Long => None,
        };
        let wanted = stem_of(word);
        move |text| match &wanted {
            Some(stem) => stem_of(text).as_ref() == Some(stem),
            None => without_possessive(&normal_form(text, self.language)) == word,
        }
    }

    pub(crate) fn class(&self, word: &str, stemmer: &Stemmer) -> Class {
        let mut normal = normal_form(word, self.language);
        let plain = without_possessive(&normal);
        let is_among = |words: &Words| words.has(plain) || plain.len() < normal.len() && words.has(&normal);
        let (is_kept, is_stop) = (is_among(&self.keep), is_among(&self.stop_words));
        if of_words(self.language).0.contains(&normal.as_str()) && !is_kept {
            return Class::Of;
        }
        if is_stop && !is_kept {
            return Class::Stop;
        }
        if plain.len() > LONGEST_WORD && plain.chars().nth(LONGEST_WORD).is_some() {
            return Class::Long;
        }
        let has_letter = plain.chars().any(char::is_alphabetic);
        if !has_letter && !self.options.numbers && !is_kept {
            return Class::Number;
        }
        let mut chars = plain.chars();
        let is_letter = chars.next().is_some_and(|c| !is_ideograph(c)) && chars.next().is_none();
        if is_letter && has_letter && !is_kept {
            return Class::Stop;
        }
        let stem = if self.options.no_stemming || is_kept { plain.into() } else { stemmer.stem(plain) };
        let (stem, length) = (stem.into_owned(), plain.len());
        normal.truncate(length);
        Class::Word { normal, stem, is_kept }
    }
}

impl Forms {
    pub(crate) fn from_tokens(tokens: &Tokens, language: Language, options: &TermOptions) -> Forms {
        let classifier = Classifier::new(language, options);
        let mut forms = Forms {
            symbol_of_type: vec![BREAK, HYPHEN],
            capitalizes_nouns: language.capitalizes_nouns(),
            ..Forms::default()
        };
        let types = tokens.types.len();
        let mut symbol_of_word: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut spellings: Vec<Spellings> = Vec::new();
        let classes_from = |first: usize| -> Vec<Class> {
            let run = first.min(types)..types.min(first + TYPES_AT_A_TIME);
            let class = |stemmer: &mut Stemmer, t: usize| classifier.class(&tokens.types[t], stemmer);
            run.into_par_iter().with_min_len(1 << 9).map_init(|| language.stemmer(), class).collect()
        };
        let mut add_type = |(t, class): (usize, Class)| {
            let symbol = match class {
                Class::Word { normal, stem, is_kept } => {
                    let spelling = &tokens.types[t];
                    let times = tokens.times[t];
                    let word = in_its_case(spelling, language);
                    let spelled = (Reverse(times), capitals(&word), spelling);
                    let symbol = *symbol_of_word.entry(normal.into()).or_insert_with_key(|normal| {
                        let unit = forms.word_unit(stem);
                        if is_kept {
                            forms.kept.insert(unit);
                        }
                        spellings.push(Spellings { commonest: spelled, lead: 0 });
                        forms.add(normal.clone(), unit, None)
                    });
                    forms.times[(symbol - FIRST_FORM) as usize] += times;
                    let known = &mut spellings[(symbol - FIRST_FORM) as usize];
                    if spelled < known.commonest {
                        known.commonest = spelled;
                    }
                    known.lead += match spelled.1 {
                        0 => -(times as i64),
                        1 if word.starts_with(char::is_uppercase) => {
                            // After an elided article no sentence begins.
                            let is_inside = spelling.starts_with(char::is_lowercase);
                            if is_inside { times as i64 } else { tokens.capitals[t].into() }
                        }
                        _ => 0,
                    };
                    symbol
                }
                Class::Stop => {
                    forms.stopped += 1;
                    STOP
                }
                Class::Of => {
                    forms.stopped += 1;
                    OF
                }
                Class::Number => {
                    forms.numbers += 1;
                    STOP
                }
                Class::Long => {
                    forms.long += 1;
                    BREAK
                }
            };
            forms.symbol_of_type.push(symbol);
        };
        let mut classes = classes_from(0);
        for first in (0..types).step_by(TYPES_AT_A_TIME) {
            let next = || classes_from(first + TYPES_AT_A_TIME);
            let (_, next) = rayon::join(|| (first..).zip(classes).for_each(&mut add_type), next);
            classes = next;
        }
        forms.symbol_of_spelling = symbol_of_word;
        forms.stop_words = classifier.stop_words;
        for (form, Spellings { commonest, lead }) in forms.list.iter_mut().zip(spellings) {
            let (_, capitals, spelling) = commonest;
            if capitals > 1 {
                form.text = in_its_case(spelling, language).into();
            } else if lead > 0 {
                form.capitalized = Some(capitalized(&form.text).into());
            }
        }
        forms
    }

    /// Adds a form and gives its symbol.
    fn add(&mut self, text: Box<str>, unit: u32, parts: Option<(u32, u32)>) -> u32 {
        self.list.push(Form { text, capitalized: None, parts });
        self.unit_of_form.numbers.push(unit);
        self.times.push(0);
        self.list.len() as u32 - 1 + FIRST_FORM
    }

    fn word_unit(&mut self, stem: String) -> u32 {
        let units = &mut self.parts_of_unit;
        *self.unit_of_stem.entry(stem.into()).or_insert_with(|| {
            units.push(None);
            units.len() as u32 - 1
        })
    }

    /// Has a form shown so.
    fn write(&mut self, symbol: u32, written: String) {
        let form = &mut self.list[(symbol - FIRST_FORM) as usize];
        form.capitalized = (*written != *form.text).then(|| written.into());
    }

    /// The symbol of the form that a synonym puts in the place of others, shown as it is given.
    pub(crate) fn replacement(&mut self, text: &str, stem: String) -> u32 {
        let unit = self.word_unit(stem);
        self.label_of_unit.insert(unit, text.to_owned());
        self.add(text.into(), unit, None)
    }

    pub(crate) fn diagnostics(&self, options: &TermOptions) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if self.stopped > 0 {
            let message =
                format!("{} left out as stop words or single letters", count(self.stopped, "distinct word"));
            diagnostics.push(Diagnostic::new("stop-words", message));
        }
        if self.numbers > 0 && !options.numbers {
            let message = format!("{} left out", count(self.numbers, "distinct number"));
            diagnostics.push(Diagnostic::new("numbers", message).with_hint("--numbers counts them"));
        }
        if self.long > 0 {
            let message = format!(
                "{} of more than {LONGEST_WORD} characters left out",
                count(self.long, "distinct word")
            );
            diagnostics.push(Diagnostic::new("long-words", message));
        }
        diagnostics
    }

    /// The same segments with forms in place of types, symbol by symbol.
    pub(crate) fn rewrite(&self, tokens: &Run) -> Run {
        let form = |&symbol: &u32| self.symbol_of_type[symbol as usize];
        Run { symbols: tokens.symbols.iter().map(form).collect(), starts: tokens.starts.clone() }
    }

    /// The symbol of a spelling in normal form.
    pub(crate) fn symbol_of(&self, spelling: &str) -> Option<u32> {
        self.symbol_of_spelling.get(spelling).copied()
    }

    /// The unit of the words with a stem; of an expression that a synonym makes, its stems with blanks
    /// between.
    pub(crate) fn unit_of_stem(&self, stem: &str) -> Option<u32> {
        self.unit_of_stem.get(stem).copied()
    }

    /// The units of which a unit is made that are no phrases: itself, where it is none.
    pub(crate) fn leaves(&self, unit: u32) -> Vec<u32> {
        let mut leaves = self.with_parts(unit);
        leaves.retain(|&part| self.parts_of_unit[part as usize].is_none());
        leaves.sort_unstable();
        leaves
    }

    /// From now on, this spelling in normal form stands for this symbol.
    pub(crate) fn spell(&mut self, spelling: String, symbol: u32) {
        self.symbol_of_spelling.insert(spelling.into(), symbol);
    }

    /// Takes the spellings, by which no more symbols are found then.
    pub(crate) fn take_spellings(&mut self) -> FxHashMap<Box<str>, u32> {
        std::mem::take(&mut self.symbol_of_spelling)
    }

    /// Of spellings with their symbols those of units that are terms.
    pub(crate) fn lexicon(
        &self,
        mut spellings: FxHashMap<Box<str>, u32>,
        language: Language,
        term_of_unit: &[TermId],
    ) -> Lexicon {
        spellings.retain(|_, symbol| {
            *symbol = self.unit(*symbol).map_or(TermId::MAX, |unit| term_of_unit[unit as usize]);
            *symbol != TermId::MAX
        });
        spellings.shrink_to_fit();
        Lexicon::new(language, spellings)
    }

    /// The unit of a symbol that is a form.
    pub(crate) fn unit(&self, symbol: u32) -> Option<u32> {
        self.unit_of_form.get(symbol)
    }

    /// The unit of each form.
    pub(crate) fn unit_of_form(&self) -> &ByForm {
        &self.unit_of_form
    }

    /// What is known of each unit, by the forms of it.
    pub(crate) fn by_form(&self, of_units: &[u32]) -> ByForm {
        let mut by_form = ByForm::default();
        by_form.numbers.extend(self.unit_of_form.forms().iter().map(|&unit| of_units[unit as usize]));
        by_form
    }

    /// Counts all forms of a stream anew.
    #[cfg(test)]
    pub(crate) fn count(&mut self, stream: &crate::token::Stream) {
        self.times.fill(0);
        for run in stream.runs() {
            run.symbols.iter().for_each(|&symbol| self.recount(&[], symbol));
        }
    }

    /// Counts that a symbol has taken the place of others, once.
    pub(crate) fn recount(&mut self, old: &[u32], new: u32) {
        let form = |symbol: u32| symbol.checked_sub(FIRST_FORM).map(|form| form as usize);
        old.iter().filter_map(|&symbol| form(symbol)).for_each(|form| self.times[form] -= 1);
        form(new).into_iter().for_each(|form| self.times[form] += 1);
    }

    /// How often each unit stands in the text, and not as a part of a phrase.
    pub(crate) fn unit_times(&self) -> Vec<u64> {
        let mut times = vec![0; self.parts_of_unit.len()];
        for (&unit, form) in self.unit_of_form.forms().iter().zip(&self.times) {
            times[unit as usize] += form;
        }
        times
    }

    pub(crate) fn unit_count(&self) -> usize {
        self.parts_of_unit.len()
    }

    /// A unit and, for a phrase, all that it is made of.
    pub(crate) fn with_parts(&self, unit: u32) -> Vec<u32> {
        let mut all = Vec::new();
        self.push_with_parts(unit, &mut all);
        all
    }

    /// Appends a unit and, for a phrase, all that it is made of.
    pub(crate) fn push_with_parts(&self, unit: u32, all: &mut Vec<u32>) {
        let mut at = all.len();
        all.push(unit);
        while let Some(&next) = all.get(at) {
            all.extend(self.parts_of_unit[next as usize].iter().flat_map(|&(first, second)| [first, second]));
            at += 1;
        }
    }

    /// The phrase unit of two units.
    pub(crate) fn pair_unit(&mut self, first: u32, second: u32) -> u32 {
        let units = &mut self.parts_of_unit;
        *self.unit_of_pair.entry((first, second)).or_insert_with(|| {
            units.push(Some((first, second)));
            units.len() as u32 - 1
        })
    }

    /// The symbol of the form that two forms make together, in the order in which they stand.
    pub(crate) fn pair_form(&mut self, left: u32, right: u32, joint: Joint, unit: u32) -> u32 {
        if let Some(&known) = self.form_of_pair.get(&(left, right, joint)) {
            return known;
        }
        let [first, second] = [left, right].map(|symbol| &self.list[(symbol - FIRST_FORM) as usize]);
        let text = joint.join(&first.text, &second.text);
        // What is a name in part only may be torn ("mill Road").
        let is_name = [first, second].iter().all(|form| form.written().starts_with(char::is_uppercase));
        let written =
            (is_name || self.capitalizes_nouns).then(|| joint.join(first.written(), second.written()));
        let symbol = self.add(text.into(), unit, Some((left, right)));
        if let Some(written) = written {
            self.write(symbol, written);
        }
        self.form_of_pair.insert((left, right, joint), symbol);
        symbol
    }

    /// Whether a unit is that of a word to be kept.
    pub(crate) fn is_kept(&self, unit: u32) -> bool {
        self.kept.contains(&unit)
    }

    /// For each unit the form by which it is shown: the commonest, the shorter of equals, the first in the
    /// alphabet of equally short ones, which may differ in capitals alone; [`GONE`] for a unit without forms. A
    /// form in a phrase counts too.
    pub(crate) fn shown_forms(&self) -> Vec<u32> {
        let mut times = self.times.clone();
        // A form of a phrase stands after its parts in the list.
        for form in (0..self.list.len()).rev() {
            if let Some((left, right)) = self.list[form].parts {
                times[(left - FIRST_FORM) as usize] += times[form];
                times[(right - FIRST_FORM) as usize] += times[form];
            }
        }
        let rank = |form: u32| {
            let form_of = &self.list[form as usize];
            let (text, written) = (&*form_of.text, form_of.written());
            // Small letters stand behind capitals.
            (Reverse(times[form as usize]), text.chars().count(), text, Reverse(written))
        };
        let mut shown = vec![GONE; self.parts_of_unit.len()];
        for (form, &unit) in (0..).zip(self.unit_of_form.forms()) {
            let old = &mut shown[unit as usize];
            if *old == GONE || rank(form) < rank(*old) {
                *old = form;
            }
        }
        shown
    }

    /// The text of a unit: that of a synonym, else of the form by which it is shown.
    pub(crate) fn text(&self, unit: u32, shown: &[u32]) -> &str {
        self.label_or(unit, shown, Form::written)
    }

    /// The text by which a unit is ordered among equals: the same without capitals that are only at the beginning.
    pub(crate) fn key(&self, unit: u32, shown: &[u32]) -> &str {
        self.label_or(unit, shown, |form| &form.text)
    }

    fn label_or(&self, unit: u32, shown: &[u32], text: impl Fn(&Form) -> &str) -> &str {
        match self.label_of_unit.get(&unit) {
            Some(label) => label,
            None => self.list.get(shown[unit as usize] as usize).map_or("", text),
        }
    }
}

/// Words of two that a hyphen joins and of which one is no term by itself ("well-being", "e-mail"): the same
/// as without the hyphen.
pub(crate) struct Compounds<'o> {
    language: Language,
    options: &'o TermOptions,
    /// The symbol of each pair of types; [`HYPHEN`] where they make no word.
    symbols: FxHashMap<(u32, u32), u32>,
}

impl<'o> Compounds<'o> {
    pub(crate) fn new(language: Language, options: &'o TermOptions) -> Compounds<'o> {
        Compounds { language, options, symbols: FxHashMap::default() }
    }

    /// Makes one word of two at the [`joints`] of segments whose types are rewritten as forms in `stream`.
    pub(crate) fn join(
        &mut self,
        tokens: &Run,
        joints: &[usize],
        types: &Types,
        stream: &mut Run,
        forms: &mut Forms,
    ) {
        let &mut Compounds { language, options, .. } = self;
        let (old, new) = (&tokens.symbols, &mut stream.symbols);
        for &at in joints {
            let (left, right) = (new[at - 1], new[at + 1]);
            let are_words =
                [left, right].iter().all(|&symbol| symbol == STOP || forms.unit(symbol).is_some());
            if !are_words || left != STOP && right != STOP {
                continue;
            }
            let symbol = *self.symbols.entry((old[at - 1], old[at + 1])).or_insert_with(|| {
                let spelled = |symbol: u32| normal_form(&types[(symbol - FIRST_TYPE) as usize], language);
                let (first, second) = (spelled(old[at - 1]), spelled(old[at + 1]));
                let compound = format!("{first}-{second}");
                if !compound.chars().any(char::is_alphabetic) || forms.stop_words.has(&compound) {
                    return HYPHEN;
                }
                let unit = forms.word_unit(stem(&format!("{first}{second}"), language, options));
                // Words as they are shown, a letter as it stands.
                let written = |symbol: u32, of_type: u32, normal: &str| {
                    let spelling = &types[(of_type - FIRST_TYPE) as usize];
                    let letter = Some(spelling).filter(|spelling| spelling.chars().nth(1).is_none());
                    let form = symbol.checked_sub(FIRST_FORM).map(|form| forms.list[form as usize].written());
                    form.or(letter).filter(|text| text.to_lowercase() == normal).unwrap_or(normal).to_owned()
                };
                let written =
                    written(left, old[at - 1], &first) + "-" + &written(right, old[at + 1], &second);
                let symbol = forms.add(compound.as_str().into(), unit, None);
                forms.write(symbol, written);
                forms.spell(compound, symbol);
                symbol
            });
            if symbol != HYPHEN {
                (new[at - 1], new[at], new[at + 1]) = (symbol, GONE, GONE);
                forms.recount(&[left, right], symbol);
            }
        }
    }
}

/// Where hyphens stand that join two words and no more.
pub(crate) fn joints(symbols: &[u32]) -> impl Iterator<Item = usize> {
    let is_hyphen = |at: usize| symbols.get(at) == Some(&HYPHEN);
    let is_alone = move |&at: &usize| is_hyphen(at) && !(at >= 2 && is_hyphen(at - 2)) && !is_hyphen(at + 2);
    (1..symbols.len().saturating_sub(1)).filter(is_alone)
}

/// A set of words in normal form.
#[derive(Debug, Default)]
pub(crate) struct Words(FxHashSet<String>);

impl Words {
    pub(crate) fn new<'w>(words: impl Iterator<Item = &'w str>, language: Language) -> Words {
        Words(words.map(|word| normal_form(word.trim(), language)).collect())
    }

    pub(crate) fn has(&self, normal: &str) -> bool {
        self.0.contains(normal)
    }
}

/// Whether one character is a word by itself.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_normalised_as_the_field_does() {
        let english = |word| normal_form(word, Language::English);
        assert_eq!(english("Don’t"), "don't");
        assert_eq!(english("cafe\u{301}"), "café");
        assert_eq!(english("_Care_"), "care");
        assert_eq!(english("sh\u{ad}ort"), "short");
        assert_eq!(english("_care_\u{feff}"), "care");
        assert_eq!(without_possessive("carer's"), "carer");
        assert_eq!(normal_form("L’eau", Language::French), "eau");
        assert_eq!(normal_form("dell'acqua", Language::Italian), "acqua");
        assert_eq!(normal_form("Aujourd’hui", Language::French), "aujourd'hui");
    }
}
