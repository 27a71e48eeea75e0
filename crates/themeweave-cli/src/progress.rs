//! One line on standard error that says what is being done.

use std::io::Write;
use std::ops::ControlFlow;

use themeweave::{Progress, Stage};

use crate::interrupt;
use crate::settings::Settings;
use crate::streams::Terminal;

/// Shows the present stage on a terminal and passes requests to end on to the analysis.
pub(crate) struct ProgressLine<'a> {
    /// Where to show it, if anywhere.
    out: Option<&'a mut (dyn Write + Send)>,
    shown: String,
}

impl<'a> ProgressLine<'a> {
    /// A line on `stderr`, if it is to be shown there.
    pub(crate) fn new(settings: &Settings, terminal: Terminal, stderr: &'a mut (dyn Write + Send)) -> Self {
        let is_shown = terminal.shows_progress && !settings.is_quiet;
        Self { out: is_shown.then_some(stderr), shown: String::new() }
    }

    /// Shows `text` in place of what was shown before.
    pub(crate) fn show(&mut self, text: String) {
        if text == self.shown {
            return;
        }
        if let Some(out) = &mut self.out {
            // A line that cannot be shown is no reason to stop.
            let _ = write!(out, "\r\x1b[K{text}").and_then(|()| out.flush());
        }
        self.shown = text;
    }
}

impl Drop for ProgressLine<'_> {
    /// Leaves the line empty.
    fn drop(&mut self) {
        self.show(String::new());
    }
}

impl Progress for ProgressLine<'_> {
    fn update(&mut self, stage: Stage, done: u64, total: Option<u64>) -> ControlFlow<()> {
        if interrupt::is_requested() {
            return ControlFlow::Break(());
        }
        let name = name(stage);
        self.show(match total {
            Some(total) if total > 0 => format!("{name} … {} %", done.saturating_mul(100) / total),
            _ => format!("{name} …"),
        });
        ControlFlow::Continue(())
    }
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Segments => "Cutting into segments",
        Stage::Tokens => "Finding words",
        Stage::Vocabulary => "Choosing terms",
        Stage::Cooccurrence => "Counting which terms occur together",
        Stage::Network => "Linking terms",
        Stage::Themes => "Finding themes",
        Stage::Stability => "Finding themes again",
        _ => "Working",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_changes_in_place_and_goes_away() {
        let mut out = Vec::new();
        let mut line = ProgressLine { out: Some(&mut out), shown: String::new() };
        assert!(line.update(Stage::Tokens, 0, None).is_continue());
        assert!(line.update(Stage::Cooccurrence, 1, Some(3)).is_continue());
        assert!(line.update(Stage::Cooccurrence, 1, Some(3)).is_continue());
        drop(line);
        let expected = "\r\x1b[KFinding words …\r\x1b[KCounting which terms occur together … 33 %\r\x1b[K";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn nothing_is_shown_elsewhere() {
        let mut line = ProgressLine { out: None, shown: String::new() };
        assert!(line.update(Stage::Themes, 0, Some(0)).is_continue());
        assert_eq!(line.shown, "Finding themes …");
    }
}
