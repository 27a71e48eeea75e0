//! JSON Lines: every line is an object, its keys are the columns.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use csv::ByteRecord;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use themeweave::Diagnostic;

use crate::read::ReadOptions;
use crate::read::error::{ReadError, Trouble};
use crate::read::table::{self, Part, ROW_LIMIT, RowStart, Take};
use crate::read::text::{Offsets, TextReader};

/// Most lines that cannot be read and are named one by one.
const NAMED: usize = 5;

/// Most columns.
const COLUMNS: usize = 10_000;

/// The keys of all objects of a source in the order in which they occur.
#[derive(Debug, Default)]
pub(in crate::read) struct Keys {
    names: Vec<String>,
    columns: HashMap<String, usize>,
}

impl Keys {
    /// Gathers the keys of all lines. A line that is no object is put into `failures` and leaves the others
    /// alone.
    pub(in crate::read) fn of(
        name: &Arc<str>,
        text: impl Read,
        failures: &mut Vec<ReadError>,
    ) -> Result<Self, Trouble> {
        let mut keys = Self::default();
        let (mut whole, mut broken) = (0_u64, 0_usize);
        let mut lines = Lines::new(name, text);
        while let Some((number, _, line)) = lines.next()? {
            match serde_json::from_str::<Object>(line) {
                Ok(object) => {
                    whole += 1;
                    keys.add(object);
                    if keys.names.len() > COLUMNS {
                        let message =
                            "these objects have more than 10,000 different keys, the most that are read";
                        return Err(ReadError::in_file(&**name, message).at_line(number).into());
                    }
                }
                Err(error) => {
                    broken += 1;
                    if broken <= NAMED {
                        failures.push(failure(name, number, &error));
                    }
                }
            }
        }
        if whole == 0
            && let Some(first) = failures.drain(..).next()
        {
            let hint = "every line of JSON Lines is an object, such as {\"text\": \"…\"}";
            return Err(first.with_hint(hint).into());
        }
        if broken > NAMED {
            let message = format!("{} more lines cannot be read", broken - NAMED);
            failures.push(ReadError::in_file(&**name, message));
        }
        Ok(keys)
    }

    fn add(&mut self, object: Object) {
        for (key, _) in object.0 {
            if !self.columns.contains_key(&key) {
                self.names.push(key.clone());
                self.columns.insert(key, self.columns.len());
            }
        }
    }
}

/// Reads the objects of all lines, whose keys are known. Lines that are none are passed over.
pub(in crate::read) fn read(
    name: &Arc<str>,
    text: impl Read,
    keys: &Keys,
    options: &ReadOptions,
    take: Take<'_>,
) -> Result<Vec<Diagnostic>, Trouble> {
    if keys.names.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = Lines::new(name, text);
    let next = &mut |record: &mut ByteRecord| {
        while let Some((number, start, line)) = lines.next()? {
            let Ok(object) = serde_json::from_str::<Object>(line) else { continue };
            let mut cells = vec![String::new(); keys.names.len()];
            for (key, value) in object.0 {
                let column = keys.columns.get(&key).ok_or_else(|| ReadError::has_changed(&**name))?;
                cells[*column] = value;
            }
            *record = ByteRecord::from(cells);
            return Ok(Some((number, Some(start))));
        }
        Ok(None)
    };
    let names: Vec<String> = keys.names.iter().map(|name| name.trim().to_owned()).collect();
    let part = &|column: usize| keys.names.get(column).map(|key| Part::Value { key: key.as_str().into() });
    Ok(table::documents(name, &names, options, part, next, take)?.finish())
}

/// Values of one key of a source, found again by the offsets of their lines.
pub(in crate::read) struct Values<'k, R> {
    lines: Lines<'static, TextReader<R>>,
    first: u64,
    offsets: Offsets,
    key: &'k str,
}

impl<'k, R: Read> Values<'k, R> {
    /// Reads on in text that begins at an offset, where a line does.
    pub(in crate::read) fn new(mut text: TextReader<R>, offset: u64, key: &'k str) -> Self {
        let offsets = Offsets::default();
        text.tell(&offsets);
        Self { lines: Lines::new("", text), first: offset, offsets, key }
    }

    /// The value in the line at an offset, which is not before that of the last call; `None` where there is none.
    pub(in crate::read) fn at(&mut self, offset: u64) -> Result<Option<String>, Trouble> {
        while let Some((_, start, line)) = self.lines.next()? {
            let here = self.first + self.offsets.of(start);
            if here == offset {
                let Ok(object) = serde_json::from_str::<Object>(line) else { return Ok(None) };
                // Of values with the same key the last one counts.
                return Ok(object
                    .0
                    .into_iter()
                    .rev()
                    .find(|(key, _)| key == self.key)
                    .map(|(_, value)| value));
            }
            if here > offset {
                break;
            }
        }
        Ok(None)
    }
}

/// Reads line after line, but for blank ones.
struct Lines<'a, R> {
    name: &'a str,
    text: BufReader<R>,
    line: Vec<u8>,
    /// Where the next line begins.
    start: RowStart,
    /// Number of lines before it.
    lines: u64,
}

impl<'a, R: Read> Lines<'a, R> {
    fn new(name: &'a str, text: R) -> Self {
        Self { name, text: BufReader::new(text), line: Vec::new(), start: 0, lines: 0 }
    }

    /// The next line with its number and where it begins; `None` at the end.
    fn next(&mut self) -> Result<Option<(u64, RowStart, &str)>, Trouble> {
        let mut start = self.start;
        self.line.clear();
        while self.line.trim_ascii().is_empty() {
            start = self.start;
            self.line.clear();
            let read = (&mut self.text).take(ROW_LIMIT).read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| ReadError::io(self.name, &error))? as u64;
            if read == 0 {
                return Ok(None);
            }
            if read == ROW_LIMIT {
                let message = format!("this line is longer than {} MB", ROW_LIMIT >> 20);
                return Err(ReadError::in_file(self.name, message).at_line(self.lines + 1).into());
            }
            self.start += read;
            self.lines += 1;
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some((self.lines, start, table::utf8(line, self.lines)?)))
    }
}

fn failure(name: &Arc<str>, line: u64, error: &serde_json::Error) -> ReadError {
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    ReadError::in_file(&**name, format!("this line is no JSON object: {reason}"))
        .at(line, error.column() as u64)
}

/// The keys and values of an object in their order.
struct Object(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    pairs.push((key, cell(value)));
                }
                Ok(Object(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

/// A value as a cell: texts of a list are parted by `; `, what is nested stays JSON.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(list) if !list.iter().any(|value| value.is_array() || value.is_object()) => {
            list.into_iter().map(cell).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use themeweave::Document;

    use super::*;
    use crate::read::text::Decoding;

    fn shown(text: &str) -> Result<(Vec<String>, Vec<String>), Trouble> {
        let (name, mut failures, mut documents) = ("a.jsonl".into(), Vec::new(), Vec::new());
        let keys = Keys::of(&name, text.as_bytes(), &mut failures)?;
        let take = &mut |document, _| {
            documents.push(document);
            Ok(())
        };
        read(&name, text.as_bytes(), &keys, &ReadOptions::default(), take)?;
        let line = |document: &Document| {
            let attributes: Vec<String> =
                document.attributes.iter().map(|found| format!("{}={}", found.name, found.value)).collect();
            format!("{}:{} {} {}", document.name, document.first_line, attributes.join(","), document.text)
        };
        let failures = failures.iter().map(ToString::to_string).collect();
        Ok((documents.iter().map(line).collect(), failures))
    }

    #[test]
    fn objects_are_rows_and_keys_columns() {
        let text = "{\"text\":\"The bus\\nis late\",\"site\":\"n\",\"n\":3}\n\n\
            {\"id\":7,\"text\":\"\u{e9}\",\"tags\":[\"a\",1,null],\"more\":{\"x\":[1]}}\n{\"id\":8}\n";
        assert_eq!(
            shown(text).unwrap().0,
            [
                "row 1:1 site=n,n=3,tags=,more= The bus\nis late",
                "7:3 site=,n=,tags=a; 1; ,more={\"x\":[1]} \u{e9}"
            ]
        );
    }

    #[test]
    fn a_broken_line_is_told_and_the_rest_read() {
        let (documents, failures) =
            shown("{\"text\":\"a\"}\n{\"text\":\"\\ud83e lone\"}\n[1]\n{\"text\":\"b\"}\n{\"te").unwrap();
        assert_eq!(documents.len(), 2);
        assert_eq!(failures.len(), 3);
        assert!(failures[0].starts_with("a.jsonl, line 2, byte "), "{}", failures[0]);
        assert!(failures[1].contains("line 3") && failures[1].contains("an object"), "{}", failures[1]);
        let many = format!("{{\"text\":\"a\"}}\n{}", "x\n".repeat(9));
        assert!(shown(&many).unwrap().1[NAMED].contains("4 more"));
    }

    #[test]
    fn values_are_found_again() {
        let text = "\n{\"a\":\"x\"}\n{}\n \n{\"a\":1,\"b\":\"y\",\"a\":2}\n{\"a";
        let decoding = Decoding::detect(text.as_bytes(), true);
        let at_100 = || Values::new(TextReader::new(text.as_bytes(), &decoding), 100, "a");
        let mut values = at_100();
        assert_eq!(values.at(101).unwrap().as_deref(), Some("x"));
        assert_eq!(values.at(116).unwrap().as_deref(), Some("2"));
        assert_eq!(values.at(137).unwrap(), None);
        for wrong in [100, 102, 111, 114, 500] {
            assert_eq!(at_100().at(wrong).unwrap(), None, "{wrong}");
        }
        // Lines that end in CR LF come with LF, but their offsets are those of the source.
        let text = text.replace('\n', "\r\n");
        let mut values = Values::new(TextReader::new(text.as_bytes(), &decoding), 0, "a");
        assert_eq!(values.at(2).unwrap().as_deref(), Some("x"));
        assert_eq!(values.at(20).unwrap().as_deref(), Some("2"));
    }

    #[test]
    fn endless_lines_are_refused() {
        let endless = (&b"{}\n\n{\"text\":\""[..]).chain(std::io::repeat(b'x'));
        match Keys::of(&"a.jsonl".into(), endless, &mut Vec::new()) {
            Err(Trouble::Failed(error)) => {
                assert!(error.line() == Some(3) && error.to_string().contains("64 MB"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn broken_utf8_names_its_place() {
        match Keys::of(&"a.jsonl".into(), &b"{}\n{\"text\":\"caf\xE9\"}"[..], &mut Vec::new()) {
            Err(Trouble::NotUtf8 { line, column }) => assert_eq!((line, column), (2, 13)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_json_lines_is_refused() {
        assert_eq!(shown("\n").unwrap().0, [""; 0]);
        let Err(Trouble::Failed(error)) = shown("[\n{\"text\": 1}\n]") else { return };
        assert!(error.to_string().contains("every line"), "{error}");
        let deep = "{\"a\":".repeat(100_000);
        assert!(shown(&deep).is_err());
    }
}
