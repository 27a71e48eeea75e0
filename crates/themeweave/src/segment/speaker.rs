//! Who speaks: `Name: text` and its variants, told apart from clock times, addresses and lead-ins.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::{BlockKind, Corpus, DocumentRef};
use crate::error::Result;

/// The labels of a corpus that are taken as speakers.
pub(crate) struct Speakers {
    names: FxHashSet<String>,
}

/// What stands before the text of a turn.
struct Label<'t> {
    name: &'t str,
    /// Bytes up to the text.
    length: usize,
    /// Written in brackets or with `#` or `@`, as transcripts mark speakers.
    is_marked: bool,
    /// There is a colon behind it.
    has_colon: bool,
    /// `(Name)` without a colon, which is a speaker only where others are written so with one.
    is_doubtful: bool,
}

/// Longest label, in words and in bytes, and in bytes with an addition in brackets: "Hon. Mary Ng (Minister
/// of Trade)". Measured on the protocols of parliaments in QMSum.
const WORDS: usize = 4;
const BYTES: usize = 60;
const BYTES_WITH_ADDITION: usize = 140;

impl Speakers {
    /// Looks through the labels of all blocks. A label is a speaker when
    ///
    /// * it is marked (`[Name]`, `{Name}`, `(Name):`, `#Name:`, `@Name:`) and comes at least twice, or
    ///   once, with a colon, in a document most of whose blocks have a label;
    /// * or none of its words is ever written in lower case in these documents ("David Morris",
    ///   but not "Next steps") and it has two to four words or comes at least twice;
    /// * or it comes at least three times in a document most of whose blocks have a label; twice, where
    ///   it has two words; or once, where these have an addition in brackets ("The Chair (Ann Lee)");
    /// * or it is such a speaker's name without the addition.
    ///
    pub(crate) fn find(corpus: &Corpus) -> Result<Speakers> {
        let mut seen: FxHashMap<String, Seen> = FxHashMap::default();
        let mut candidates: FxHashSet<String> = FxHashSet::default();
        each_structured(corpus, |document, text| {
            let labels: Vec<Label> =
                texts(document, text).filter_map(label).filter(|label| !label.is_doubtful).collect();
            let in_script = labels.len() * 2 > texts(document, text).count();
            for found in labels {
                if !seen.contains_key(found.name) {
                    candidates.extend(name_words(without_addition(found.name)).map(str::to_lowercase));
                    seen.insert(found.name.to_owned(), Seen::default());
                }
                let Some(entry) = seen.get_mut(found.name) else { continue };
                entry.times += 1;
                entry.times_in_script += usize::from(in_script);
                entry.is_marked |= found.is_marked;
                entry.is_sure |= found.is_marked && found.has_colon && in_script;
            }
        })?;
        if seen.is_empty() {
            return Ok(Speakers { names: FxHashSet::default() });
        }
        let common = written_in_lower_case(corpus, &candidates)?;
        let mut names: FxHashSet<String> = seen
            .into_iter()
            .filter(|(name, seen)| {
                let own = without_addition(name);
                let is_name = name_words(own).all(|word| !common.contains(&word.to_lowercase()));
                let words = name_words(own).count();
                is_person(name)
                    && (seen.is_sure
                        || seen.is_marked && seen.times >= 2
                        || is_name && (words >= 2 || seen.times >= 2)
                        || words >= 2 && own.len() < name.len() && seen.times_in_script >= 1
                        || words >= 2 && seen.times_in_script >= 2
                        || seen.times_in_script >= 3)
            })
            .map(|(name, _)| name)
            .collect();
        let without_additions: Vec<String> = names
            .iter()
            .map(|name| without_addition(name))
            .filter(|name| is_person(name))
            .map(str::to_owned)
            .collect();
        names.extend(without_additions);
        Ok(Speakers { names })
    }

    /// The speaker of a block and the number of bytes before what is said.
    pub(crate) fn speaker<'t>(&self, text: &'t str) -> Option<(&'t str, usize)> {
        let found = label(text)?;
        self.names.contains(found.name).then_some((found.name, found.length))
    }

    /// Whether most blocks of the document begin with a speaker, so that a paragraph without one
    /// goes on with the turn above.
    pub(crate) fn is_script(&self, document: DocumentRef<'_>, text: &str) -> bool {
        let spoken = texts(document, text).filter(|text| self.speaker(text).is_some()).count();
        spoken * 2 > texts(document, text).count()
    }
}

#[derive(Default)]
struct Seen {
    times: usize,
    times_in_script: usize,
    is_marked: bool,
    /// Marked and with a colon behind it, in a document most of whose blocks have a label.
    is_sure: bool,
}

/// The texts of a document that may be turns and whose speaker is to be found.
fn texts<'t>(document: DocumentRef<'t>, text: &'t str) -> impl Iterator<Item = &'t str> {
    document
        .notes()
        .map(|blocks| &blocks[0])
        .filter(|block| !matches!(block.kind, BlockKind::Heading { .. } | BlockKind::Navigation))
        .filter(|block| block.speaker.is_none())
        .map(|block| text[block.span.clone()].trim_start())
}

/// Shows `see` the documents with structure, with their texts.
fn each_structured(corpus: &Corpus, mut see: impl FnMut(DocumentRef<'_>, &str)) -> Result<()> {
    for document in corpus.documents().filter(|document| !document.blocks().is_empty()) {
        see(document, &document.text()?);
    }
    Ok(())
}

fn name_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty())
}

/// Which of the candidates are written in lower case somewhere in the documents with structure.
fn written_in_lower_case(corpus: &Corpus, candidates: &FxHashSet<String>) -> Result<FxHashSet<String>> {
    let mut found = FxHashSet::default();
    each_structured(corpus, |_, text| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| word.chars().next().is_some_and(char::is_lowercase));
        found.extend(words.filter(|word| candidates.contains(*word)).map(str::to_owned));
    })?;
    Ok(found)
}

/// The label that a text begins with, were it one; nothing need be said after it.
fn label(text: &str) -> Option<Label<'_>> {
    let head_end =
        text.char_indices().map(|(at, _)| at).find(|&at| at > BYTES_WITH_ADDITION).unwrap_or(text.len());
    let head = text[..head_end].split('\n').next()?;
    let first = head.trim_start_matches(['*', '_']);
    let mut is_doubtful = false;
    let (name_end, mut length, is_marked, has_colon) = match first.chars().next()? {
        open @ ('[' | '{' | '(') => {
            let close = head.find(match open {
                '[' => ']',
                '{' => '}',
                _ => ')',
            })?;
            let mut after = close + 1;
            after += leading(&head[after..], |c| matches!(c, '*' | '_'));
            let has_colon = head[after..].starts_with(':');
            is_doubtful = open == '(' && !has_colon;
            after += usize::from(has_colon);
            (close, after, true, has_colon)
        }
        mark => {
            let colon = head.find(':')?;
            (colon, colon + 1, matches!(mark, '#' | '@'), true)
        }
    };
    length += leading(&text[length..], |c| matches!(c, '*' | '_'));
    let said = &text[length..];
    if !said.is_empty() && !said.starts_with(char::is_whitespace) {
        return None;
    }
    let has_addition = head[..name_end].trim_start().contains(" (");
    let name = head[..name_end]
        .trim_start_matches(is_around_name)
        .trim_end_matches(|c| is_around_name(c) && !(c == ')' && has_addition));
    let starts_right = name.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || " .'’-_*(),/&".contains(c));
    let own = without_addition(name);
    let words = own.split_whitespace().count();
    if !starts_right || !is_plain || words > WORDS || own.len() > BYTES || !is_capitalized(own) {
        return None;
    }
    length += leading(&text[length..], char::is_whitespace);
    Some(Label { name, length, is_marked, has_colon, is_doubtful })
}

/// Whether a character may stand around a name and is not part of it.
fn is_around_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '[' | '{' | '(' | '#' | '@' | ']' | '}' | ')')
}

/// `Q` and `A` alone are questions and answers, not people.
fn is_person(name: &str) -> bool {
    !matches!(name, "Q" | "A")
}

/// A name without what stands behind it in brackets.
fn without_addition(name: &str) -> &str {
    name.split(" (").next().unwrap_or(name).trim_end()
}

/// Whether the words of a label begin in upper case, but for particles and role codes of up to
/// three letters ("Anne de Vries", "P d", "Chris d'Aubin").
fn is_capitalized(name: &str) -> bool {
    name_words(name).all(|word| {
        let main = word.split_once(['\'', '’']).map_or(word, |(_, main)| main);
        word.chars().count() <= 3 || [word, main].iter().any(|word| !word.starts_with(char::is_lowercase))
    })
}

/// Bytes of the leading characters that fit.
fn leading(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Block, Document};

    /// A corpus of one document whose lines are bullets.
    fn bullets(lines: &[&str]) -> Corpus {
        let mut document = Document::new("notes", lines.join("\n"));
        let mut start = 0;
        for line in lines {
            document.blocks.push(Block::new(start..start + line.len(), BlockKind::Item { depth: 0 }));
            start += line.len() + 1;
        }
        Corpus::new(vec![document]).unwrap()
    }

    fn speakers(lines: &[&str]) -> Vec<Option<String>> {
        let corpus = bullets(lines);
        let found = Speakers::find(&corpus).unwrap();
        lines.iter().map(|line| found.speaker(line).map(|(name, _)| name.to_owned())).collect()
    }

    #[test]
    fn a_full_name_that_comes_once_is_a_speaker_and_a_lead_in_is_not() {
        let found = speakers(&[
            "Maria Okafor: we need transport",
            "Next Steps: the next steps are open",
            "plain note",
        ]);
        assert_eq!(found, [Some("Maria Okafor".to_owned()), None, None]);
    }

    #[test]
    fn a_name_may_have_an_addition_in_brackets() {
        let long = "Hon. Mara Osei (Minister for Small Business, Export Promotion and Trade)";
        let line = format!("{long}: trade first");
        let found = speakers(&[&line, "the minister of trade", "a small business"]);
        assert_eq!(found, [Some(long.to_owned()), None, None]);
    }

    #[test]
    fn a_name_may_come_without_its_addition() {
        let found = speakers(&[
            "The Chair (Mara Osei): trade first",
            "The Chair: next",
            "A (Finn): so",
            "A: thus",
            "Finn: once",
            "the chair",
            "and more",
        ]);
        let expected = ["The Chair (Mara Osei)", "The Chair"].map(|name| Some(name.to_owned()));
        assert_eq!(found[..2], expected);
        assert_eq!(found[3..], [None, None, None, None], "a question and a lead-in are no speakers");
    }

    #[test]
    fn a_name_in_brackets_needs_a_colon_once() {
        let found = speakers(&["(R d): the bus", "(R d) is late", "(R d): again", "(Also) there"]);
        assert_eq!(found, [Some("R d"), Some("R d"), Some("R d"), None].map(|name| name.map(str::to_owned)));
    }

    #[test]
    fn single_names_count_when_they_come_again() {
        let found = speakers(&[
            "Anna: no budget",
            "Ben: no time",
            "Anna: again",
            "Zoe: once",
            "and more",
            "and more",
        ]);
        assert_eq!(found[0].as_deref(), Some("Anna"));
        assert_eq!(found[1], None, "once is not enough for a single word");
    }

    #[test]
    fn clock_times_addresses_and_questions_are_no_speakers() {
        let lines = [
            "10:30 Meeting: began",
            "http://a.example: x",
            "Q: why",
            "Q: how",
            "A: so",
            "A: thus",
            "a",
            "b",
            "c",
        ];
        assert_eq!(speakers(&lines), vec![None; lines.len()]);
    }

    #[test]
    fn a_turn_in_which_nothing_is_said_is_a_turn() {
        let found = speakers(&["Anna: no budget", "Ben:", "Anna: again", "Ben: no time"]);
        assert_eq!(found[1].as_deref(), Some("Ben"));
    }

    #[test]
    fn transcript_marks_are_read() {
        for line in [
            "[Ada] yes it is",
            "{Ada} yes it is",
            "@Ada: yes it is",
            "#Ada: yes it is",
            "**Ada:** yes it is",
            "(*Ada*): yes it is",
        ] {
            let corpus = bullets(&[line, line]);
            let (name, length) =
                Speakers::find(&corpus).unwrap().speaker(line).map(|(n, l)| (n.to_owned(), l)).unwrap();
            assert_eq!((name.as_str(), &line[length..]), ("Ada", "yes it is"), "{line}");
        }
        assert!(is_capitalized("Chris d'Aubin de Vries") && !is_capitalized("Chris doesn't"));
    }
}
