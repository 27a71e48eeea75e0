//! The configuration file: options of the command line in TOML.
//!
//! Each entry becomes the argument that it stands for and is put before what was typed. So options
//! have one description, mean the same in both places, and what is typed wins.

use std::ffi::OsString;
use std::path::Path;

use clap::{Arg, CommandFactory};
use toml::de::{DeTable, DeValue};

use crate::args::{Arguments, is_flag};
use crate::text_file;

/// The file that is read when none is named and it is there.
const DEFAULT: &str = "themeweave.toml";

/// Options that make no sense in the file.
const NOT_IN_FILE: [&str; 2] = ["config", "help"];

/// The arguments that stand in the configuration file for the command of this name. Options that
/// only other commands have are checked and left out. Messages name the file and the line.
pub(crate) fn arguments(file: Option<&Path>, command: &str) -> Result<Vec<OsString>, String> {
    let path = match file {
        Some(path) => path,
        None if Path::new(DEFAULT).exists() => Path::new(DEFAULT),
        None => return Ok(Vec::new()),
    };
    let text = text_file::read(path, None)?;
    let name = text_file::name(path);
    let at = |offset: usize, message: &str| {
        let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
        format!("{name}, line {line}: {message}")
    };
    let table = DeTable::parse(&text)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message()))?;

    let all = Arguments::command();
    let known = all.find_subcommand("analyze").ok_or("there is no command analyze")?;
    let options =
        || known.get_opts().filter(|option| !NOT_IN_FILE.contains(&option.get_long().unwrap_or_default()));
    let of_command = all.get_subcommands().find(|known| known.get_name() == command).unwrap_or(known);
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut arguments = Vec::new();
    for (key, value) in entries {
        let offset = key.span().start;
        let key = key.get_ref().as_ref();
        let option = options().find(|option| option.get_long() == Some(key)).ok_or_else(|| {
            let known: Vec<&str> = options().filter_map(Arg::get_long).collect();
            at(offset, &format!("there is no option “{key}”; known are {}", known.join(", ")))
        })?;
        for argument in arguments_of(option, key, value.get_ref()).map_err(|problem| at(offset, &problem))? {
            let tried = known.clone().try_get_matches_from(["themeweave", "-", &argument]);
            if let Err(error) = tried {
                let message = error.to_string();
                // What values there are stands in a line of its own.
                let lines: Vec<&str> =
                    message.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
                let message = lines.join(" ");
                return Err(at(offset, message.strip_prefix("error: ").unwrap_or(&message)));
            }
            if of_command.get_arguments().any(|option| option.get_long() == Some(key)) {
                arguments.push(argument.into());
            }
        }
    }
    Ok(arguments)
}

/// The arguments that an entry stands for: none for what is off, which may be a flag or an option that
/// needs no value, one for each text of a list
/// unless commas part the values of the option.
fn arguments_of(option: &Arg, key: &str, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let with = |value: String| format!("--{key}={value}");
    let needs_no_value = is_flag(option) || option.get_num_args().is_some_and(|n| n.min_values() == 0);
    match (is_flag(option), value) {
        (_, DeValue::Boolean(is_on)) if needs_no_value => {
            Ok(is_on.then(|| format!("--{key}")).into_iter().collect())
        }
        (true, _) => Err(format!("{key} is true or false")),
        (false, DeValue::Array(values)) => {
            let values: Option<Vec<String>> = values.iter().map(|value| plain(value.get_ref())).collect();
            let values = values.ok_or_else(|| format!("{key} is a list of texts"))?;
            Ok(match option.get_value_delimiter() {
                Some(_) if values.is_empty() => Vec::new(),
                Some(_) => vec![with(values.join(","))],
                None => values.into_iter().map(with).collect(),
            })
        }
        (false, value) => match plain(value) {
            Some(value) => Ok(vec![with(value)]),
            None => Err(format!("{key} is a text or a number")),
        },
    }
}

/// A text or number as it would be typed.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str, command: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        fs::write(&path, text).unwrap();
        let arguments = arguments(Some(&path), command)?;
        Ok(arguments.into_iter().map(|argument| argument.into_string().unwrap()).collect())
    }

    #[test]
    fn entries_become_arguments_in_their_order() {
        let text = "# mine\nunit = \"sentence\"\nseed = 1_000\nresolution = 2.5\nnumbers = true\n\
            no-phrases = false\nexclude-speaker = [\"Lee, Ann\", \"Bo\"]\ngraph-formats = [\"dot\", \"graphml\"]\nout = \"--odd\"\n";
        let common = [
            "--unit=sentence",
            "--seed=1000",
            "--resolution=2.5",
            "--numbers",
            "--exclude-speaker=Lee, Ann",
            "--exclude-speaker=Bo",
        ];
        assert_eq!(read(text, "themes").unwrap(), common);
        let all = read(text, "analyze").unwrap();
        assert_eq!(all[..6], common);
        assert_eq!(all[6..], ["--graph-formats=dot,graphml", "--out=--odd"]);
        assert_eq!(read(text, "analyse").unwrap(), all);
    }

    #[test]
    fn an_option_that_needs_no_value_is_on_or_off() {
        for (text, expected) in [
            ("refi = true\n", &["--refi"][..]),
            ("refi = false\n", &[]),
            ("refi = \"segments\"\n", &["--refi=segments"]),
        ] {
            assert_eq!(read(text, "analyze").unwrap(), expected);
        }
        assert!(read("refi = 1\n", "analyze").unwrap_err().contains("quotes, segments"));
        assert!(read("seed = true\n", "analyze").unwrap_err().contains("seed is a text or a number"));
    }

    #[test]
    fn mistakes_are_told_with_their_lines() {
        for (text, expected) in [
            ("\n\nunti = 1\n", "line 3: there is no option “unti”; known are text-column,"),
            ("config = \"a\"\n", "line 1: there is no option “config”"),
            ("a = 1\nunit = \n", "line 2: "),
            ("\nunit = \"sentense\"\n", "line 2: invalid value 'sentense' for '--unit <UNIT>': no unit"),
            ("seed = -1\n", "line 1: invalid value '-1' for '--seed <N>'"),
            ("seed = [1, [2]]\n", "line 1: seed is a list of texts"),
            ("quiet = 1\n", "line 1: quiet is true or false"),
            ("[terms]\nnumbers = true\n", "line 1: there is no option “terms”"),
            ("seed.x = 1\n", "line 1: seed is a text or a number"),
            ("unit = 2000-01-01\n", "line 1: unit is a text or a number"),
        ] {
            let error = read(text, "themes").unwrap_err();
            assert!(error.contains(expected), "{error}\n{expected}");
        }
        assert!(arguments(Some(Path::new("no/such.toml")), "themes").unwrap_err().contains("no/such.toml"));
    }
}
