//! Names and what stands for them, put in place before anything is counted or written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use themeweave::{Diagnostic, Document};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::digest::FileDigest;
use crate::read::error::ReadError;
use crate::read::text::newlines;
use crate::wording::{count, either};

/// Most bytes between two words of one name: a blank, a line end, `. `, `_`.
const GAP: usize = 4;

/// Names and their pseudonyms.
///
/// Names are found as whole words, however their letters are composed, and with any blanks, points, hyphens
/// or `_` between their words; the longest name at a place wins. Names in scripts without blanks between
/// words are found anywhere. What was put in is not searched again.
///
/// Letter case does not matter for names of several words and for names that are given in lower case. One
/// word that is given with a capital, such as `Will`, is found as `Will` and `WILL` but not as `will`, which
/// is mostly another word; it is found in lower case all the same where it can only be a name: before the
/// colon at the beginning of a line, and in addresses and names of files, that is between blanks with `@` or
/// `_` among them.
///
/// ```
/// use themeweave_io::Pseudonyms;
/// let names = [("Ann Lee", "P1"), ("Will", "P2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
/// let pseudonyms = Pseudonyms::new(names);
/// assert_eq!(pseudonyms.apply("ann lee's bus and WILL will; Willow"), "P1's bus and P2 will; Willow");
/// assert_eq!(pseudonyms.apply_to_name("will"), "P2");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pseudonyms {
    entries: Vec<Entry>,
    /// The entries by the first words of their names, those of more words first.
    by_word: HashMap<String, Vec<usize>>,
    /// Entries whose names have no word bounds, longest first.
    anywhere: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    words: Vec<String>,
    /// One word that begins with a capital.
    is_capitalized: bool,
    replacement: String,
}

/// A name in a text, and the number of its entry.
type Match = (Range<usize>, usize);

/// Where names are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among other words.
    Text,
    /// In what may be a name as a whole: of a speaker, a document, a file.
    Name,
}

/// Most words of a cell that may be a name as a whole.
const NAME_WORDS: usize = 3;

impl Pseudonyms {
    /// From pairs of a name and what stands for it. Names without a letter or digit are not found.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut made = Self::default();
        for (name, replacement) in pairs {
            let spans: Vec<Range<usize>> = words(&name).collect();
            let is_capitalized =
                matches!(&spans[..], [span] if name[span.clone()].starts_with(char::is_uppercase));
            let words: Vec<String> = spans.into_iter().map(|span| folded(&name[span])).collect();
            let index = made.entries.len();
            match words.first() {
                Some(first) if first.chars().any(is_without_bounds) => made.anywhere.push(index),
                Some(first) => made.by_word.entry(first.clone()).or_default().push(index),
                None => {}
            }
            made.entries.push(Entry { words, is_capitalized, replacement });
        }
        let entries = &made.entries;
        let length = |&index: &usize| {
            std::cmp::Reverse((entries[index].words.len(), entries[index].words.concat().len()))
        };
        made.anywhere.sort_by_key(length);
        made.by_word.values_mut().for_each(|list| list.sort_by_key(length));
        made
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A text with the names replaced.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.apply_in(text, Place::Text)
    }

    /// The name of a speaker, a document or a file with the names in it replaced, in any letter case.
    pub fn apply_to_name<'t>(&self, name: &'t str) -> Cow<'t, str> {
        self.apply_in(name, Place::Name)
    }

    fn apply_in<'t>(&self, text: &'t str, place: Place) -> Cow<'t, str> {
        let matches = self.matches(text, place);
        if matches.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(self.replaced(text, &matches)) }
    }

    /// The names in a text, in order and apart.
    fn matches(&self, text: &str, place: Place) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        if self.is_empty() {
            return found;
        }
        let words: Vec<Range<usize>> = words(text).collect();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let first = folded(&text[word.clone()]);
            let entry = self.by_word.get(&first).into_iter().flatten().find(|&&index| {
                let wanted = &self.entries[index].words;
                let is_other_word = place == Place::Text
                    && self.entries[index].is_capitalized
                    && text[word.clone()].starts_with(char::is_lowercase)
                    && !can_only_be_a_name(text, word);
                !is_other_word
                    && words.len() - at >= wanted.len()
                    && words[at..at + wanted.len()]
                        .windows(2)
                        .all(|two| is_gap(&text[two[0].end..two[1].start]))
                    && wanted
                        .iter()
                        .zip(&words[at..])
                        .skip(1)
                        .all(|(wanted, word)| folded(&text[word.clone()]) == *wanted)
            });
            if let Some(&index) = entry {
                let last = at + self.entries[index].words.len() - 1;
                found.push((word.start..words[last].end, index));
                at = last + 1;
                continue;
            }
            self.find_anywhere(text, word, &mut found);
            at += 1;
        }
        found
    }

    /// Adds the names without bounds that stand in a word.
    fn find_anywhere(&self, text: &str, word: &Range<usize>, found: &mut Vec<Match>) {
        if self.anywhere.is_empty() {
            return;
        }
        let mut at = word.start;
        while at < word.end {
            let rest = &text[at..word.end];
            let entry =
                self.anywhere.iter().find(|&&index| rest.starts_with(&self.entries[index].words.concat()));
            match entry {
                Some(&index) => {
                    let end = at + self.entries[index].words.concat().len();
                    found.push((at..end, index));
                    at = end;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
    }

    fn replaced(&self, text: &str, matches: &[Match]) -> String {
        let mut made = String::with_capacity(text.len());
        let mut end = 0;
        for (span, index) in matches {
            made.push_str(&text[end..span.start]);
            made.push_str(&self.entries[*index].replacement);
            // Lines keep their numbers.
            made.extend(text[span.clone()].chars().filter(|&c| c == '\n'));
            end = span.end;
        }
        made.push_str(&text[end..]);
        made
    }

    /// Replaces the names in a document: its text, with the places of its blocks, and all that is said
    /// about it.
    fn apply_to_document(&self, document: &mut Document, count: &mut [u64], sources: &mut Sources) {
        let matches = self.matches(&document.text, Place::Text);
        for (_, index) in &matches {
            count[*index] += 1;
        }
        if !matches.is_empty() {
            let text = self.replaced(&document.text, &matches);
            let mut places =
                Places { pseudonyms: self, old: &document.text, matches: &matches, shift: 0, next: 0 };
            for block in &mut document.blocks {
                block.span = places.new_place(block.span.start)..places.new_place(block.span.end);
            }
            document.text = text;
        }
        let mut replace = |text: &mut String, place| {
            let matches = self.matches(text, place);
            for (_, index) in &matches {
                count[*index] += 1;
            }
            if !matches.is_empty() {
                *text = self.replaced(text, &matches);
            }
        };
        replace(&mut document.name, Place::Name);
        document.speaker.iter_mut().for_each(|speaker| replace(speaker, Place::Name));
        for attribute in &mut document.attributes {
            let is_short = attribute.value.split_whitespace().nth(NAME_WORDS).is_none();
            replace(&mut attribute.value, if is_short { Place::Name } else { Place::Text });
            sources.replace(self, &mut attribute.name);
        }
        sources.replace(self, &mut document.source);
        for block in &mut document.blocks {
            block.speaker.iter_mut().for_each(|speaker| sources.replace(self, speaker));
        }
    }

    /// Counts the words in lower case that may be names and were left.
    fn count_in_lower_case(&self, text: &str, count: &mut [u64]) {
        if !self.entries.iter().any(|entry| entry.is_capitalized) {
            return;
        }
        for span in words(text).filter(|span| text[span.clone()].starts_with(char::is_lowercase)) {
            let named = self.by_word.get(&folded(&text[span])).into_iter().flatten();
            for &index in named.filter(|&&index| self.entries[index].is_capitalized) {
                count[index] += 1;
            }
        }
    }

    fn diagnostic(&self, times: &[u64]) -> Diagnostic {
        const SHOWN: usize = 20;
        let absent: Vec<String> = (1..)
            .zip(times)
            .filter(|(_, times)| **times == 0)
            .map(|(row, _): (usize, _)| row.to_string())
            .collect();
        let total = times.iter().sum::<u64>() as usize;
        let mut message = match times.len() - absent.len() {
            0 => "no name was replaced".to_owned(),
            replaced => {
                let were = either(replaced, "was", "were");
                format!("{} {were} replaced {}", count(replaced, "name"), count(total, "time"))
            }
        };
        if !absent.is_empty() {
            let more = if absent.len() > SHOWN { " …" } else { "" };
            let shown = absent[..absent.len().min(SHOWN)].join(", ");
            let do_not = either(absent.len(), "does not occur: that", "do not occur: those");
            message.push_str(&format!("; {} {do_not} of row {shown}{more}", absent.len()));
        }
        Diagnostic::new("pseudonyms", message)
    }
}

/// Says of which names there are words in lower case in the texts, by the rows of the table.
fn left_in_lower_case(times: &[u64]) -> Option<Diagnostic> {
    const SHOWN: usize = 20;
    let rows: Vec<String> = (1..)
        .zip(times)
        .filter(|(_, times)| **times > 0)
        .map(|(row, times): (usize, _)| format!("row {row} ({})", count(*times as usize, "time")))
        .collect();
    let more = if rows.len() > SHOWN { " …" } else { "" };
    let shown = rows.get(..SHOWN).unwrap_or(&rows).join(", ");
    let message =
        format!("words that are names of the table but for their letter case were left: {shown}{more}");
    let hint = "if they are the names, write these in lower case in the table";
    (!rows.is_empty()).then(|| Diagnostic::new("pseudonyms-in-lower-case", message).with_hint(hint))
}

/// Replaces the names in one document after the other and counts them.
pub(super) struct Replacing<'p> {
    pseudonyms: &'p Pseudonyms,
    count: Vec<u64>,
    /// Words in lower case that were left, by the number of the entry.
    left: Vec<u64>,
    sources: Sources,
}

impl<'p> Replacing<'p> {
    pub(super) fn new(pseudonyms: &'p Pseudonyms) -> Replacing<'p> {
        let count = vec![0; pseudonyms.len()];
        Replacing { pseudonyms, left: count.clone(), count, sources: Sources::default() }
    }

    /// Replaces the names in a document.
    pub(super) fn replace(&mut self, document: &mut Document) {
        if !self.pseudonyms.is_empty() {
            self.pseudonyms.apply_to_document(document, &mut self.count, &mut self.sources);
            self.pseudonyms.count_in_lower_case(&document.text, &mut self.left);
        }
    }

    /// Replaces the names in what is said about the documents, and tells how many there were without
    /// saying them.
    pub(super) fn finish(
        &self,
        files: &mut [FileDigest],
        diagnostics: &mut Vec<Diagnostic>,
        failures: &mut [ReadError],
    ) {
        let pseudonyms = self.pseudonyms;
        if pseudonyms.is_empty() {
            return;
        }
        let replace = |text: &mut String| *text = pseudonyms.apply_to_name(text).into_owned();
        files.iter_mut().for_each(|file| replace(&mut file.name));
        for diagnostic in diagnostics.iter_mut() {
            replace(&mut diagnostic.message);
            diagnostic.hint.iter_mut().for_each(replace);
        }
        failures
            .iter_mut()
            .for_each(|failure| failure.map_texts(|text| pseudonyms.apply_to_name(text).into_owned()));
        diagnostics.push(pseudonyms.diagnostic(&self.count));
        diagnostics.extend(left_in_lower_case(&self.left));
    }
}

/// Shared texts, each of which is replaced once.
#[derive(Default)]
struct Sources(HashMap<Arc<str>, Arc<str>>);

impl Sources {
    fn replace(&mut self, pseudonyms: &Pseudonyms, text: &mut Arc<str>) {
        if let Some(known) = self.0.get(text) {
            *text = Arc::clone(known);
            return;
        }
        let made: Arc<str> = match pseudonyms.apply_to_name(text) {
            Cow::Borrowed(_) => Arc::clone(text),
            Cow::Owned(made) => made.into(),
        };
        self.0.insert(Arc::clone(text), Arc::clone(&made));
        *text = made;
    }
}

/// Where the places of a text are after the names were replaced. Places are asked for in order.
struct Places<'p> {
    pseudonyms: &'p Pseudonyms,
    old: &'p str,
    matches: &'p [Match],
    /// Bytes that the text before grew by.
    shift: isize,
    next: usize,
}

impl Places<'_> {
    /// The new place of a byte; within a name, that is its end.
    fn new_place(&mut self, old: usize) -> usize {
        while let Some((span, index)) = self.matches.get(self.next).filter(|(span, _)| span.end <= old) {
            self.shift += self.length(span, *index) as isize - span.len() as isize;
            self.next += 1;
        }
        match self.matches.get(self.next) {
            Some((span, index)) if span.start < old => {
                span.start.saturating_add_signed(self.shift) + self.length(span, *index)
            }
            _ => old.saturating_add_signed(self.shift),
        }
    }

    fn length(&self, span: &Range<usize>, index: usize) -> usize {
        let lines = newlines(&self.old.as_bytes()[span.clone()]);
        self.pseudonyms.entries[index].replacement.len() + lines as usize
    }
}

/// The runs of letters, digits and the marks on them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}

/// Whether a word in lower case can be nothing but a name: it stands before the colon at the beginning of a
/// line, or in an address or the name of a file.
fn can_only_be_a_name(text: &str, word: &Range<usize>) -> bool {
    /// Characters that are looked at on either side.
    const NEAR: usize = 64;
    let (before, after) = (&text[..word.start], &text[word.end..]);
    let is_mark = |c: char| matches!(c, ' ' | '\t' | '#' | '@' | '*' | '[' | ']' | '{' | '}' | '(' | ')');
    let mut mark_before = before.chars().rev().take(NEAR).skip_while(|&c| is_mark(c));
    let mut marks_after = after.chars().take(NEAR).skip_while(|&c| is_mark(c));
    let begins_line = matches!(mark_before.next(), None | Some('\n'));
    if begins_line && marks_after.next() == Some(':') {
        return true;
    }
    let is_of_address = |c: char| matches!(c, '@' | '_');
    let near = before.chars().rev().take(NEAR).take_while(|c| !c.is_whitespace()).any(is_of_address);
    near || after.chars().take(NEAR).take_while(|c| !c.is_whitespace()).any(is_of_address)
}

/// A word in lower case with its letters composed.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        word.nfc().flat_map(char::to_lowercase).nfc().collect()
    }
}

/// Whether this may stand between the words of one name.
fn is_gap(text: &str) -> bool {
    text.len() <= GAP
        && text.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-' | '_' | '\'' | '’' | ','))
}

/// Whether a letter is of a script that puts no blanks between words.
fn is_without_bounds(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use themeweave::{Block, BlockKind, Corpus};

    use super::*;

    fn pseudonyms(pairs: &[(&str, &str)]) -> Pseudonyms {
        Pseudonyms::new(pairs.iter().map(|(name, other)| ((*name).to_owned(), (*other).to_owned())))
    }

    #[test]
    fn a_name_with_a_capital_is_not_the_word_in_lower_case() {
        let names = pseudonyms(&[("Will", "P1"), ("mark", "P2"), ("Will Rose", "P3"), ("Rose", "P4")]);
        for (text, expected) in [
            ("Will will; WILL's will", "P1 will; P1's will"),
            ("will: I will\n  [rose]: will", "P1: I will\n  [P4]: will"),
            ("MARK my mark", "P2 my P2"),
            ("a will rose up", "a P3 up"),
            ("see will_2.txt and will@x.org, will.", "see P1_2.txt and P1@x.org, will."),
            ("will you: no", "will you: no"),
        ] {
            assert_eq!(names.apply(text), expected, "{text}");
        }
        assert_eq!(names.apply_to_name("will.txt"), "P1.txt");
        let attribute = |value: &str| themeweave::Attribute { name: "by".into(), value: value.to_owned() };
        let attributes = vec![attribute("will"), attribute("I think I will")];
        let mut documents = [Document { attributes, ..Document::new("rose", "She rose; Will too.") }];
        let mut said = Vec::new();
        let mut replacing = Replacing::new(&names);
        replacing.replace(&mut documents[0]);
        replacing.finish(&mut [], &mut said, &mut []);
        assert_eq!(said[1].code, "pseudonyms-in-lower-case");
        assert!(said[1].message.ends_with("were left: row 4 (1 time)"), "{}", said[1].message);
        assert_eq!((&*documents[0].name, &*documents[0].text), ("P4", "She rose; P1 too."));
        let values: Vec<&str> = documents[0].attributes.iter().map(|found| found.value.as_str()).collect();
        assert_eq!(values, ["P1", "I think I will"]);
    }

    #[test]
    fn names_are_whole_words_in_any_form() {
        let names = pseudonyms(&[
            ("Jos\u{e9} O'Brien", "P1"),
            ("Jos\u{e9}", "P2"),
            ("Ann", "P3"),
            ("王伟", "P4"),
            ("...", "x"),
        ]);
        for (text, expected) in [
            ("JOSE\u{301} O’BRIEN and JOS\u{e9}", "P1 and P2"),
            ("Jos\u{e9}\n  O'Brien", "P1\n"),
            ("Jos\u{e9}. He, O'Brien", "P2. He, O'Brien"),
            ("interview_ann-2.txt, Ann's Annual an", "interview_P3-2.txt, P3's Annual an"),
            ("jos\u{e9}.o.brien@x.org", "P1@x.org"),
            ("他说王伟说王", "他说P4说王"),
            ("...", "..."),
            ("", ""),
        ] {
            assert_eq!(names.apply(text), expected, "{text}");
        }
        assert_eq!(pseudonyms(&[]).apply("Ann"), "Ann");
        assert_eq!(pseudonyms(&[("A", "B"), ("B", "A")]).apply("A B"), "B A", "what was put in stays");
    }

    #[test]
    fn blocks_keep_their_texts() {
        let names = pseudonyms(&[("Ann Lee", "Participant 1"), ("Bo", "")]);
        let mut document = Document::new("ann lee.txt", "Ann Lee: hi Bo\nso Ann\nLee x Bo");
        let block =
            |span| Block { speaker: Some("Ann Lee".into()), ..Block::new(span, BlockKind::Paragraph) };
        document.blocks =
            vec![block(0..7), block(9..14), block(15..21), block(22..25), block(26..27), block(28..30)];
        let (mut replacing, mut diagnostics) = (Replacing::new(&names), Vec::new());
        replacing.replace(&mut document);
        replacing.finish(&mut [], &mut diagnostics, &mut []);
        let texts: Vec<_> = document.blocks.iter().map(|block| &document.text[block.span.clone()]).collect();
        assert_eq!(document.text, "Participant 1: hi \nso Participant 1\n x ");
        assert_eq!(texts, ["Participant 1", "hi ", "so Participant 1\n", "", "x", ""]);
        assert_eq!((&*document.name, &*document.source), ("Participant 1.txt", "Participant 1.txt"));
        assert!(document.blocks.iter().all(|block| block.speaker.as_deref() == Some("Participant 1")));
        assert_eq!(diagnostics[0].message, "2 names were replaced 5 times");
        assert!(Corpus::new(vec![document]).is_ok());
    }

    #[test]
    fn numbers_and_their_words_agree() {
        let names = pseudonyms(&[("Ann", "P1"), ("Bo", "P2")]);
        for (times, expected) in [
            ([2, 1500], "2 names were replaced 1,502 times"),
            ([1, 0], "1 name was replaced 1 time; 1 does not occur: that of row 2"),
            ([0, 0], "no name was replaced; 2 do not occur: those of row 1, 2"),
        ] {
            assert_eq!(names.diagnostic(&times).message, expected);
        }
        let left = left_in_lower_case(&[0, 1]).unwrap().message;
        assert!(left.ends_with("left: row 2 (1 time)"), "{left}");
    }
}
