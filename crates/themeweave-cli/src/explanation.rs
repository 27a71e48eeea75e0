//! What became of a word, as a page for people to read.

use clap::builder::styling::Style;
use themeweave::{
    Covering, Explanation, NoLink, NotCounted, Outcome, PhraseTest, Replacement, Spelling, StopList,
    TermStanding, ThemeStanding, Uncounted, WordFate,
};
use themeweave_io::terminal_safe;
use themeweave_io::wording::{count, grouped, percent};

use crate::flow::Outcome as Run;
use crate::summary::{BOLD, Page, quoted, units};

/// Lines of a kind that are shown; the JSON format has them all.
const SHOWN: usize = 5;

/// The whole page.
pub(crate) fn explanation(found: &Explanation, run: &Run, page: &Page) -> String {
    let mut lines = Lines { page, text: String::new() };
    lines.line(BOLD, "", &headline(found, run));
    if !found.near.is_empty() {
        lines.line(PLAIN, "  ", &format!("spelled nearly so: {}", found.near.join(", ")));
    }
    lines.section("Words", found.words.iter().map(|word| word_line(word, found, run)));
    lines.section("Synonyms", found.synonyms.iter().map(synonym_line));
    match run.settings.options.terms.no_phrases {
        true => lines.section("Phrases", std::iter::once("not looked for: --no-phrases".to_owned())),
        false => lines.section("Phrases", found.phrases.iter().take(2 * SHOWN).map(phrase_line)),
    }
    if let Some(term) = &found.term {
        lines.section("Network", network_lines(term).into_iter());
        lines.section("Themes", term.themes.iter().take(SHOWN).map(|one| theme_line(one, run)));
    }
    lines.section("Not counted", found.not_counted.iter().map(not_counted_line));
    let places = found.places.iter();
    let places = places.map(|place| format!("{}:{} {}", place.source, place.line, quoted(&place.text)));
    lines.section("Places", places.chain(more_places(found, run)));
    lines.text
}

const PLAIN: Style = Style::new();

/// The page as it grows.
struct Lines<'a> {
    page: &'a Page,
    text: String,
}

impl Lines<'_> {
    /// A paragraph with a margin, which is deeper from the second line on.
    fn line(&mut self, style: Style, margin: &str, content: &str) {
        let wrapped = self.page.wrap(&terminal_safe(content), margin, &format!("{margin}  "));
        let styled = if style == PLAIN { wrapped } else { self.page.styled(style, &wrapped) };
        self.text.push_str(&styled);
        self.text.push('\n');
    }

    /// A heading and what stands below it, where there is anything.
    fn section(&mut self, heading: &str, items: impl Iterator<Item = String>) {
        for (number, item) in items.enumerate() {
            if number == 0 {
                self.text.push('\n');
                self.line(BOLD, "", heading);
            }
            self.line(PLAIN, "  ", &item);
        }
    }
}

/// That there are more places than are shown.
fn more_places(found: &Explanation, run: &Run) -> Option<String> {
    let more = found.place_segments.checked_sub(found.places.len()).filter(|&more| more > 0)?;
    Some(format!("and in {} more", units(more, run.analysis.segments.unit())))
}

fn not_counted_line(known: &Uncounted) -> String {
    let why = match known.why {
        NotCounted::Heading => "in a heading",
        NotCounted::Navigation => "in a table of contents",
        NotCounted::Furniture => "in page furniture",
        NotCounted::Repeat => "in a repeat of what stands before",
        NotCounted::SpeakerName => "in the name of who speaks",
        NotCounted::SpeakerLeftOut => "said by somebody whom --only-speaker or --exclude-speaker leaves out",
        NotCounted::BackChannel => "in a turn that only shows that somebody listens",
        _ => "in text that is not counted",
    };
    format!(
        "{}: {} {why}; {}:{} {}",
        known.word,
        times(known.times as u64),
        known.source,
        known.line,
        quoted(&known.text)
    )
}

fn synonym_line(known: &Replacement) -> String {
    let by = match known.by.as_str() {
        "" => "were left out".to_owned(),
        by => format!("became “{by}”"),
    };
    format!("words with the stems “{}” {by}, {}", known.words, times(known.times))
}

fn headline(found: &Explanation, run: &Run) -> String {
    let unit = run.analysis.segments.unit();
    let all = units(run.analysis.segments.len(), unit);
    let of_all = |segments: usize| format!("in {} of {all}", grouped(segments));
    let what = match (&found.outcome, &found.term) {
        (Outcome::Term { text }, Some(term)) => {
            let name =
                if *text == found.query { "a term".to_owned() } else { format!("the term “{text}”") };
            return format!(
                "{}: {name}, {} {}",
                found.query,
                times(term.frequency),
                of_all(term.segments as usize)
            );
        }
        (Outcome::Rare { segments, least }, _) => {
            return format!("{}: {}, and a term needs {least}", found.query, of_all(*segments as usize));
        }
        (Outcome::Absent, _) if found.not_counted.is_empty() => "nowhere in the text".to_owned(),
        (outcome, _) => fate(outcome, run),
    };
    match found.times {
        0 => format!("{}: {what}", found.query),
        n => format!("{}: {what}; stands {} {}", found.query, times(n as u64), of_all(found.segments)),
    }
}

/// How a word comes to be counted that a list of words leaves out.
const COUNT_IT: &str = "to have it counted, list it in a file for --keep";

/// What becomes of a word or an expression.
fn fate(outcome: &Outcome, run: &Run) -> String {
    match outcome {
        Outcome::Term { text } => format!("the term “{text}”"),
        Outcome::Absent => "nowhere in the text that is counted".to_owned(),
        Outcome::StopWord { list } => match list {
            StopList::Own => "left out by --stop-words".to_owned(),
            StopList::SingleLetter => "left out as a single letter".to_owned(),
            StopList::Spoken => {
                format!("left out as a filler of spoken {}; {COUNT_IT}", run.analysis.language.name())
            }
            StopList::Language => {
                format!("left out as a stop word of {}; {COUNT_IT}", run.analysis.language.name())
            }
        },
        Outcome::Number => "left out as a number; --numbers counts it".to_owned(),
        Outcome::TooLong => "too long for a word".to_owned(),
        Outcome::Dropped => "left out by a synonym without a replacement".to_owned(),
        Outcome::Replaced { by } => format!("replaced by “{by}”"),
        Outcome::Joined => "part of other expressions wherever it stands".to_owned(),
        Outcome::Rare { segments, least } => {
            format!(
                "left out: in {}, and a term needs {least}",
                units(*segments as usize, run.analysis.segments.unit())
            )
        }
        Outcome::BeyondMost { rank, most } => {
            format!(
                "left out: number {} by segments, beyond the {} of --max-terms",
                grouped(*rank),
                grouped(*most)
            )
        }
        _ => "no phrase".to_owned(),
    }
}

fn word_line(word: &WordFate, found: &Explanation, run: &Run) -> String {
    let is_elsewhere = found.not_counted.iter().any(|known| known.word == word.word);
    let mut parts = vec![match &word.outcome {
        Outcome::Absent if !is_elsewhere => "nowhere in the text".to_owned(),
        outcome => fate(outcome, run),
    }];
    if let Some(stem) = &word.stem {
        parts.push(format!("stem “{stem}”"));
    }
    if !word.spellings.is_empty() {
        parts.push(format!("written {}", listed(&word.spellings)));
    }
    if !word.compounds.is_empty() {
        parts.push(format!("of these, words of their own: {}", listed(&word.compounds)));
    }
    format!("{}: {}", word.word, parts.join("; "))
}

/// Spellings with their occurrences.
fn listed(spellings: &[Spelling]) -> String {
    let shown = spellings.iter().take(2 * SHOWN);
    let mut shown: Vec<String> =
        shown.map(|known| format!("{} ({})", known.text, grouped(known.times as usize))).collect();
    if spellings.len() > 2 * SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

fn phrase_line(test: &PhraseTest) -> String {
    let PhraseTest { first, second, .. } = test;
    let mut text = format!(
        "{first} + {second}: side by side {} ({first} {}, {second} {})",
        times(test.times),
        grouped(test.first_times as usize),
        grouped(test.second_times as usize),
    );
    if test.hyphens > 0 {
        text += &format!(", with a hyphen {}", times(test.hyphens));
    }
    if test.times < test.least_times {
        return text + &format!("; no phrase: it needs {}", times(test.least_times));
    }
    let against = |value: f64, least: f64| if value > least { "above" } else { "below" };
    if test.g2 < 0.0 {
        text += ", less often than by chance";
    } else {
        text += &format!(
            "; G² {:.1}, {} {}; NPMI {:.2}, {} {}",
            test.g2,
            against(test.g2, test.least_g2),
            test.least_g2,
            test.npmi,
            against(test.npmi, test.least_npmi),
            test.least_npmi,
        );
    }
    let is_strong = test.g2 > test.least_g2 && test.npmi >= test.least_npmi;
    let what = match (test.is_phrase, is_strong) {
        (true, true) => "a phrase",
        (true, false) => "a phrase by its hyphens",
        (false, _) => "no phrase",
    };
    text + "; " + what
}

fn network_lines(term: &TermStanding) -> Vec<String> {
    if !term.is_in_network {
        return vec![format!("number {} by segments, too rare for the network", grouped(term.rank))];
    }
    let mut lines: Vec<String> = term
        .neighbors
        .iter()
        .take(SHOWN)
        .map(|link| {
            format!(
                "{}: linked, weight {:.2}; together in {}, {:.1} expected by chance; p {}",
                link.term,
                link.weight,
                link.cooccurrences,
                link.expected,
                Small(link.p)
            )
        })
        .collect();
    // That a phrase occurs together with its own words needs no telling.
    let others = term.without_link.iter().filter(|pair| pair.why != NoLink::Nested);
    lines.extend(others.take(SHOWN).map(|pair| {
        let why = match pair.why {
            NoLink::Nested => "one is part of the other",
            NoLink::TooFew => "too few together",
            NoLink::Expected => "no more than by chance",
            NoLink::Chance => "may be chance",
            NoLink::Weightless => "the measure gives no weight",
            NoLink::Weaker => "both have stronger links",
        };
        format!(
            "{}: not linked, {why}; together in {}, {} expected; p {}",
            pair.term,
            pair.cooccurrences,
            Expected(pair.expected),
            Small(pair.p)
        )
    }));
    if lines.is_empty() {
        lines.push("together with no other term".to_owned());
    }
    lines
}

fn theme_line(one: &ThemeStanding, run: &Run) -> String {
    let noted = units(one.observed as usize, run.analysis.segments.unit());
    let expected = Expected(one.expected);
    let against_chance = match one.g2 < 0.0 {
        true => format!("fewer than the {expected} expected by chance"),
        false => format!("{expected} expected by chance, G² {:.1}", one.g2),
    };
    let mut text = format!(
        "{} {}: in {noted} of it, {against_chance}; {} of the term's",
        one.theme,
        one.label,
        percent(one.exclusivity),
    );
    match (one.rank, one.beta) {
        (Some(rank), Some(beta)) => {
            text += &format!("; its term number {rank}, {} of its words", percent(beta));
        }
        _ => {
            text += "; no term of it, for ";
            text += &match &one.covered_by {
                Some(Covering { phrase, segments }) => {
                    format!("“{phrase}” is in {segments} of these and stands for it")
                }
                None if one.g2 <= 0.0 => "it is there no more often than by chance".to_owned(),
                None => "others set the theme apart more".to_owned(),
            };
        }
    }
    text
}

/// How often: `never`, `once`, `3 times`.
fn times(times: u64) -> String {
    match times {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        more => count(more as usize, "time"),
    }
}

/// A number of segments that chance would have.
struct Expected(f64);

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < 0.1 { f.write_str("<0.1") } else { write!(f, "{:.1}", self.0) }
    }
}

/// A probability, as a power of ten where it is small.
struct Small(f64);

impl std::fmt::Display for Small {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < 0.01 { write!(f, "{:.0e}", self.0) } else { write!(f, "{:.2}", self.0) }
    }
}
