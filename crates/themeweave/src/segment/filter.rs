//! Whose turns are counted.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, count};

/// Which speakers' segments are kept. Names are compared without regard to letter case and blanks; a name
/// also stands for itself with an addition in brackets ("Ann Lee" for "Ann Lee (Roads)").
///
/// ```
/// use themeweave::SpeakerFilter;
/// let filter = SpeakerFilter { exclude: vec!["moderator".to_owned()], ..Default::default() };
/// assert!(!filter.keeps(Some("Moderator")) && filter.keeps(Some("Ann")) && filter.keeps(None));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SpeakerFilter {
    /// Where not empty, only what these say is kept; what nobody says is not.
    pub only: Vec<String>,
    /// What these say is left out.
    pub exclude: Vec<String>,
}

impl SpeakerFilter {
    /// Whether what this speaker says is kept; `None` is text of nobody.
    pub fn keeps(&self, speaker: Option<&str>) -> bool {
        let is_in = |names: &[String]| {
            speaker.is_some_and(|speaker| names.iter().any(|name| is_called(speaker, name)))
        };
        (self.only.is_empty() || is_in(&self.only)) && !is_in(&self.exclude)
    }

    /// Says how much was left out, and which names nobody has.
    pub(super) fn report(&self, left_out: usize, speakers: &[String], diagnostics: &mut Vec<Diagnostic>) {
        if left_out > 0 {
            let message = format!("{} left out by speaker", count(left_out, "note"));
            diagnostics.push(Diagnostic::new("speakers-left-out", message));
        }
        for name in self.only.iter().chain(&self.exclude) {
            if !speakers.iter().any(|speaker| is_called(speaker, name)) {
                const SHOWN: usize = 10;
                let mut known: Vec<&str> = speakers.iter().take(SHOWN).map(String::as_str).collect();
                if speakers.len() > SHOWN {
                    known.push("…");
                }
                let hint = match known.is_empty() {
                    true => "no speaker was found in the text".to_owned(),
                    false => format!("the speakers are {}", known.join(", ")),
                };
                let message = format!("there is no speaker “{name}”");
                diagnostics.push(Diagnostic::new("unknown-speaker", message).with_hint(hint));
            }
        }
    }
}

fn is_called(speaker: &str, name: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (speaker, name) = (plain(speaker), plain(name));
    speaker.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
        && !name.is_empty()
}
