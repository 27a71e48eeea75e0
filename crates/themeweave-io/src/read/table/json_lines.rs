//! JSON Lines: every line is an object, its keys are the columns.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use themeweave::{Diagnostic, Document};

use crate::read::ReadOptions;
use crate::read::error::{ReadError, Trouble};
use crate::read::table;

/// Most lines that cannot be read and are named one by one.
const NAMED: usize = 5;

/// Most columns.
const COLUMNS: usize = 10_000;

/// Reads the objects of all lines. A line that is none is put into `failures` and leaves the others alone.
pub(in crate::read) fn read(
    name: &Arc<str>,
    text: &str,
    options: &ReadOptions,
    failures: &mut Vec<ReadError>,
) -> Result<(Vec<Document>, Vec<Diagnostic>), Trouble> {
    let mut names: Vec<String> = Vec::new();
    let mut columns: HashMap<String, usize> = HashMap::new();
    let mut objects: Vec<(u64, Object)> = Vec::new();
    let mut broken = 0_usize;
    let lines = (1_u64..).zip(text.split('\n')).filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines {
        match serde_json::from_str::<Object>(line) {
            Ok(object) => {
                for (key, _) in &object.0 {
                    if !columns.contains_key(key) {
                        columns.insert(key.clone(), names.len());
                        names.push(key.clone());
                    }
                }
                if names.len() > COLUMNS {
                    let message =
                        "these objects have more than 10,000 different keys, the most that are read";
                    return Err(ReadError::in_file(&**name, message).at_line(number).into());
                }
                objects.push((number, object));
            }
            Err(error) => {
                broken += 1;
                if broken <= NAMED {
                    failures.push(failure(name, number, &error));
                }
            }
        }
    }
    if objects.is_empty() {
        return match failures.drain(..).next() {
            Some(first) => {
                let hint = "every line of JSON Lines is an object, such as {\"text\": \"…\"}";
                Err(first.with_hint(hint).into())
            }
            None => Ok((Vec::new(), Vec::new())),
        };
    }
    if broken > NAMED {
        let message = format!("{} more lines cannot be read", broken - NAMED);
        failures.push(ReadError::in_file(&**name, message));
    }
    let rows = objects.into_iter().map(|(number, object)| {
        let mut cells = vec![String::new(); names.len()];
        for (key, value) in object.0 {
            cells[columns[&key]] = value;
        }
        Ok((number, cells))
    });
    table::from_rows(name, [Ok((0, names.clone()))].into_iter().chain(rows), options)
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
    use super::*;

    fn shown(text: &str) -> Result<(Vec<String>, Vec<String>), Trouble> {
        let mut failures = Vec::new();
        let (documents, _) = read(&"a.jsonl".into(), text, &ReadOptions::default(), &mut failures)?;
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
                "1:1 site=n,n=3,tags=,more= The bus\nis late",
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
    fn what_is_no_json_lines_is_refused() {
        assert_eq!(shown("\n").unwrap().0, [""; 0]);
        let Err(Trouble::Failed(error)) = shown("[\n{\"text\": 1}\n]") else { return };
        assert!(error.to_string().contains("every line"), "{error}");
        let deep = "{\"a\":".repeat(100_000);
        assert!(shown(&deep).is_err());
    }
}
