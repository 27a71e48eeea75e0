//! The texts of a project, and names that every program can take.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use crate::write::refi;

/// The GUID of a document: of its name and its text.
pub(super) fn guid(name: &str, text: &str) -> Uuid {
    refi::guid(refi::guid(refi::root(), "name", name.as_bytes()), "text", text.as_bytes())
}

/// Text as it stands in a source. Where programs would count otherwise, one character stands for
/// another, so that positions stay: a blank for a carriage return, a word joiner for a byte order mark,
/// U+FFFD for characters beyond U+FFFF if wanted.
pub(super) fn plain(text: &str, replace_astral: bool) -> Cow<'_, str> {
    let replacement = |c: char| match c {
        '\r' => Some(' '),
        '\u{feff}' => Some('\u{2060}'),
        c if replace_astral && c > '\u{ffff}' => Some('\u{fffd}'),
        _ => None,
    };
    if text.chars().all(|c| replacement(c).is_none()) {
        return text.into();
    }
    text.chars().map(|c| replacement(c).unwrap_or(c)).collect::<String>().into()
}

/// Names that differ in more than upper and lower case.
#[derive(Default)]
pub(super) struct Names {
    /// Names in lower case, each with how often it was asked for.
    taken: HashMap<String, u64>,
}

impl Names {
    /// The name, with a number behind it where it is taken.
    pub(super) fn unique(&mut self, name: &str) -> String {
        let name = if name.trim().is_empty() { "unnamed" } else { name };
        let key = name.to_lowercase();
        let mut asked = self.taken.get(&key).copied().unwrap_or(0);
        loop {
            asked += 1;
            let candidate = if asked == 1 { name.to_owned() } else { format!("{name} ({asked})") };
            if let Entry::Vacant(entry) = self.taken.entry(candidate.to_lowercase()) {
                entry.insert(1);
                self.taken.insert(key, asked);
                return candidate;
            }
        }
    }

    /// The same for a document, of whose name programs make that of a file: without the extension, and
    /// without the characters and names that some system or program does not allow. qc puts an extension
    /// in the place of what follows the last dot, so there are none.
    pub(super) fn unique_file(&mut self, name: &str) -> String {
        /// Longest name, in characters.
        const LONGEST: usize = 100;
        let stem = name.rsplit_once('.').filter(|(_, extension)| is_extension(extension));
        let is_unsafe = |c: char| c.is_control() || r#"./\:*?"<>|"#.contains(c);
        let safe = stem.map_or(name, |(stem, _)| stem).replace(is_unsafe, "_");
        let short: String = safe.trim_matches(['_', ' ']).chars().take(LONGEST).collect();
        let upper = short.to_ascii_uppercase();
        let is_device = matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (upper.len() == 4 && (upper.starts_with("COM") || upper.starts_with("LPT")));
        self.unique(&if is_device { format!("text {short}") } else { short })
    }
}

fn is_extension(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_stay_in_the_text() {
        assert!(matches!(plain("a\n🧵 שלום", false), Cow::Borrowed("a\n🧵 שלום")));
        assert_eq!(plain("a\n🧵 שלום", true), "a\n\u{fffd} שלום");
        assert_eq!(plain("\u{feff}a\r\nb\r", false), "\u{2060}a \nb ");
    }

    #[test]
    fn names_differ_and_can_be_files() {
        let mut names = Names::default();
        assert_eq!(names.unique("Bus"), "Bus");
        assert_eq!(names.unique("bus"), "bus (2)");
        assert_eq!(names.unique("BUS"), "BUS (3)");
        assert_eq!(names.unique("Bus (4)"), "Bus (4)");
        assert_eq!(names.unique("bus"), "bus (5)");
        assert_eq!(names.unique(" "), "unnamed");
        assert_eq!(names.unique_file("../notes/day 1.1: \"a\".md"), "notes_day 1_1_ _a");
        assert_eq!(names.unique_file("notes/day 1.1: a.txt"), "notes_day 1_1_ a");
        assert_eq!([names.unique_file("7.5"), names.unique_file("7_5")], ["7_5", "7_5 (2)"]);
        assert_eq!(names.unique_file("nul.txt"), "text nul");
        assert_eq!(names.unique_file("/"), "unnamed (2)");
        assert_eq!(names.unique_file(&"x".repeat(300)).len(), 100);
        assert_eq!(names.unique_file(&"X".repeat(300)).len(), 104);
    }
}
