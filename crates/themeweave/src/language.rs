//! Languages: which one a text is in, its stop words, and the forms of its words.

mod negation;

use std::fmt;
use std::str::FromStr;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

use crate::error::Error;

pub(crate) use crate::language::negation::Negation;

/// A language with a Snowball stemmer and a list of stop words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    Arabic,
    Danish,
    Dutch,
    English,
    Finnish,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
}

use Language::*;

/// Per language: ISO 639-1 code, English name, stemmer, detector's name.
const TABLE: [(Language, &str, &str, Algorithm, whatlang::Lang); 18] = [
    (Arabic, "ar", "Arabic", Algorithm::Arabic, whatlang::Lang::Ara),
    (Danish, "da", "Danish", Algorithm::Danish, whatlang::Lang::Dan),
    (Dutch, "nl", "Dutch", Algorithm::Dutch, whatlang::Lang::Nld),
    (English, "en", "English", Algorithm::English, whatlang::Lang::Eng),
    (Finnish, "fi", "Finnish", Algorithm::Finnish, whatlang::Lang::Fin),
    (French, "fr", "French", Algorithm::French, whatlang::Lang::Fra),
    (German, "de", "German", Algorithm::German, whatlang::Lang::Deu),
    (Greek, "el", "Greek", Algorithm::Greek, whatlang::Lang::Ell),
    (Hungarian, "hu", "Hungarian", Algorithm::Hungarian, whatlang::Lang::Hun),
    (Italian, "it", "Italian", Algorithm::Italian, whatlang::Lang::Ita),
    (Norwegian, "no", "Norwegian", Algorithm::Norwegian, whatlang::Lang::Nob),
    (Portuguese, "pt", "Portuguese", Algorithm::Portuguese, whatlang::Lang::Por),
    (Romanian, "ro", "Romanian", Algorithm::Romanian, whatlang::Lang::Ron),
    (Russian, "ru", "Russian", Algorithm::Russian, whatlang::Lang::Rus),
    (Spanish, "es", "Spanish", Algorithm::Spanish, whatlang::Lang::Spa),
    (Swedish, "sv", "Swedish", Algorithm::Swedish, whatlang::Lang::Swe),
    (Tamil, "ta", "Tamil", Algorithm::Tamil, whatlang::Lang::Tam),
    (Turkish, "tr", "Turkish", Algorithm::Turkish, whatlang::Lang::Tur),
];

/// Words that people who talk and take notes use and the NLTK lists leave out.
const SPOKEN: [(Language, &str); 5] = [
    (English, include_str!("language/spoken_en.txt")),
    (French, include_str!("language/spoken_fr.txt")),
    (German, include_str!("language/spoken_de.txt")),
    (Italian, include_str!("language/spoken_it.txt")),
    (Spanish, include_str!("language/spoken_es.txt")),
];

impl Language {
    /// All languages, by English name.
    pub fn all() -> impl Iterator<Item = Language> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (Language, &'static str, &'static str, Algorithm, whatlang::Lang) {
        &TABLE[self as usize]
    }

    /// The ISO 639-1 code, such as `en`.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The English name, such as `English`.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// The Snowball stemmer of the language.
    pub(crate) fn stemmer(self) -> Stemmer {
        Stemmer::create(self.row().3)
    }

    /// The stop words of the language: the list of NLTK (crate `stop-words` 0.10) and, for
    /// English, French, German, Italian and Spanish, the fillers and auxiliaries of spoken language.
    ///
    /// ```
    /// use themeweave::Language;
    /// assert!(Language::English.stop_words().any(|word| word == "would"));
    /// ```
    pub fn stop_words(self) -> impl Iterator<Item = &'static str> {
        let listed = stop_words::lookup(self.code()).unwrap_or_default().iter().map(|word| word.trim());
        listed.chain(self.spoken_words()).filter(|word| !word.is_empty())
    }

    /// Those of the stop words that are fillers and auxiliaries of spoken language.
    pub(crate) fn spoken_words(self) -> impl Iterator<Item = &'static str> {
        SPOKEN.iter().filter(move |row| row.0 == self).flat_map(|row| row.1.split_whitespace())
    }

    /// The prefixes that lean on the next word with an apostrophe (`l'eau`, `dell'acqua`), for the
    /// languages that write so.
    pub(crate) fn has_elision(self) -> bool {
        matches!(self, French | Italian)
    }

    /// Whether nouns are written with a capital.
    pub(crate) fn capitalizes_nouns(self) -> bool {
        self == German
    }

    /// Whether most letters of a text are of the script in which the language is written, by blocks of Unicode.
    pub(crate) fn is_written_like(self, text: &str) -> bool {
        let is_own = |&letter: &char| match self {
            Arabic => {
                matches!(letter, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
            }
            Greek => matches!(letter, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}'),
            Russian => matches!(letter, '\u{400}'..='\u{52f}'),
            Tamil => matches!(letter, '\u{b80}'..='\u{bff}'),
            _ => {
                matches!(letter, 'A'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}')
            }
        };
        let letters = || text.chars().filter(|letter| letter.is_alphabetic());
        2 * letters().filter(is_own).count() >= letters().count()
    }

    /// The language of a text, and whether that is sure: by its letter trigrams (crate `whatlang`)
    /// where the text is long and plain enough for that, else by which language's stop words it has
    /// most of, which is never sure. `None` where neither says anything.
    ///
    /// ```
    /// use themeweave::Language;
    /// let (language, sure) = Language::detect("Les élus veulent davantage de soutien pour les familles.").unwrap();
    /// assert_eq!((language, sure), (Language::French, true));
    /// assert_eq!(Language::detect("the bus was late"), Some((Language::English, false)));
    /// assert_eq!(Language::detect("42 buses"), None);
    /// ```
    pub fn detect(text: &str) -> Option<(Language, bool)> {
        let detector = whatlang::Detector::with_allowlist(TABLE.iter().map(|row| row.4).collect());
        let guess = detector.detect(text);
        if let Some(info) = guess.filter(whatlang::Info::is_reliable) {
            return TABLE.iter().find(|row| row.4 == info.lang()).map(|row| (row.0, true));
        }
        let words: Vec<String> = text.split_whitespace().take(SAMPLE_WORDS).map(str::to_lowercase).collect();
        let hits = |language: Language| {
            let stop_words: FxHashSet<&str> = language.stop_words().collect();
            words.iter().filter(|word| stop_words.contains(word.as_str())).count()
        };
        let (most, language) = Language::all().map(|language| (hits(language), language)).fold(
            (0, English),
            |best, (hits, language)| {
                // English first among equals.
                if hits > best.0 || hits == best.0 && language == English { (hits, language) } else { best }
            },
        );
        (most > 0).then_some((language, false))
    }
}

/// Words that are looked up among stop words to tell a language.
const SAMPLE_WORDS: usize = 2_000;

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl FromStr for Language {
    type Err = Error;

    /// Reads a code (`de`) or an English name (`German`), in any case.
    fn from_str(text: &str) -> std::result::Result<Self, Error> {
        TABLE
            .iter()
            .find(|row| row.1.eq_ignore_ascii_case(text) || row.2.eq_ignore_ascii_case(text))
            .map(|row| row.0)
            .ok_or_else(|| {
                let known: Vec<&str> = TABLE.iter().map(|row| row.1).collect();
                Error::options(format!("no language “{text}”; known are {}", known.join(", ")))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told() {
        for (language, text) in [
            (Arabic, "الحافلة متأخرة"),
            (Greek, "Το λεωφορείο αργεί"),
            (Russian, "Автобус опять опоздал"),
            (Tamil, "பேருந்து தாமதம்"),
            (Norwegian, "På øya blåser det"),
            (Turkish, "Otobüs yine geç kaldı, ığdır"),
        ] {
            assert!(language.is_written_like(text) && language.is_written_like("42"), "{language}");
            assert_eq!(English.is_written_like(text), matches!(language, Norwegian | Turkish), "{language}");
        }
        assert!(!English.is_written_like("公共汽车又晚点了") && !English.is_written_like("האוטובוס מאחר"));
        assert!(English.is_written_like("The bus 公共汽车 is late"));
    }

    #[test]
    fn every_language_has_stop_words_and_stands_at_its_own_row() {
        for language in Language::all() {
            assert_eq!(language.row().0, language);
            assert!(language.stop_words().count() > 40, "{language}");
            assert_eq!(language.code().parse::<Language>().unwrap(), language);
        }
    }
}
