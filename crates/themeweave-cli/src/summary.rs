//! What was found, as a page for people to read.

use std::fmt::Write as _;
use std::path::Path;

use clap::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};
use textwrap::{Options, WordSplitter, fill};
use themeweave::{Quote, Theme, Unit, VoiceKind};
use themeweave_io::terminal_safe;
use themeweave_io::wording::{self, count, interval, percent, quoted_as, speakers};

use crate::flow::Outcome;
use crate::streams::Terminal;

/// Codes of the findings that the page tells.
pub(crate) const SAYS: [&str; 2] = ["too-little-text", "without-theme"];

/// How the page is to be.
pub(crate) struct Page {
    /// Columns.
    pub(crate) width: usize,
    pub(crate) has_colors: bool,
    /// Name of the folder with the results, where one was written.
    pub(crate) folder: Option<String>,
}

/// Longest part of a quote that is shown, in characters.
const QUOTE: usize = 300;
/// Terms that are shown of a theme.
const TERMS: usize = 10;
/// Columns of the bar of the largest theme.
const BAR: usize = 24;

pub(crate) const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const COLORED: Style = AnsiColor::Cyan.on_default();

/// The whole page.
pub(crate) fn summary(outcome: &Outcome, page: &Page) -> String {
    let mut text = String::new();
    let themes = &outcome.analysis.themes;
    page.paragraph(&mut text, &read(outcome));
    if themes.is_empty() {
        page.paragraph(&mut text, &too_little(outcome));
    }
    for (index, theme) in themes.iter().enumerate() {
        page.theme(&mut text, outcome, index, theme);
    }
    page.end(&mut text, outcome);
    text
}

/// What was read and counted.
fn read(outcome: &Outcome) -> String {
    let analysis = &outcome.analysis;
    let segments = &analysis.segments;
    let documents = outcome.read.corpus.len();
    let files = outcome.read.files.len();
    let mut text =
        format!("{} from {}", units(segments.len(), segments.unit()), count(documents, "document"));
    if files != documents {
        let _ = write!(text, " in {}", count(files, "file"));
    }
    let _ = write!(text, ", in {}: ", analysis.language.name());
    if !segments.speakers().is_empty() {
        let _ = write!(text, "{}, ", speakers(segments.speakers().len(), analysis.voices));
    }
    let terms = count(analysis.vocabulary.terms().len(), "term");
    let links = count(analysis.network.edge_count(), "link");
    let themes = count(analysis.themes.len(), "theme");
    let _ = write!(text, "{terms}, {links}, {themes}.");
    text
}

fn too_little(outcome: &Outcome) -> String {
    let known = outcome.analysis.diagnostics.iter().find(|diagnostic| diagnostic.code == "too-little-text");
    known.map_or_else(
        || "There is too little text for themes.".to_owned(),
        |diagnostic| format!("{diagnostic}."),
    )
}

/// What the figures of the themes mean that do not speak for themselves.
fn legend(themes: &[Theme]) -> Option<String> {
    const SHARE: &str = "In brackets: where the share lies with 95 % confidence.";
    const STABLE: &str = "Stability, 0 to 1: how well the theme comes out again from a part of the text.";
    let share = themes.iter().any(|theme| theme.share_interval.is_some()).then_some(SHARE);
    let stable = themes.iter().any(|theme| theme.stability.is_some()).then_some(STABLE);
    let sentences: Vec<&str> = share.into_iter().chain(stable).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

impl Page {
    /// A page for a terminal, or of 80 columns.
    pub(crate) fn new(terminal: Terminal, color: ColorChoice, folder: Option<String>) -> Page {
        let has_colors = match color {
            ColorChoice::Always => true,
            ColorChoice::Auto => terminal.has_colors,
            ColorChoice::Never => false,
        };
        Page { width: terminal.width.unwrap_or(80).clamp(40, 100), has_colors, folder }
    }

    fn theme(&self, text: &mut String, outcome: &Outcome, index: usize, theme: &Theme) {
        let analysis = &outcome.analysis;
        let digits = analysis.themes.len().to_string().len();
        let margin = " ".repeat(digits + 3);
        let title = self.wrap(&terminal_safe(&theme.label), &format!(" {:>digits$}  ", index + 1), &margin);
        let _ = writeln!(text, "{}", self.styled(BOLD, &title));

        let greatest = analysis.themes.iter().map(|theme| theme.share).fold(0.0, f64::max);
        let bar = self.styled(COLORED, &bar(theme.share / greatest));
        let unit = analysis.segments.unit();
        let _ = write!(text, "{margin}{bar} {:>5}", percent(theme.share));
        if let Some(ends) = theme.share_interval {
            let _ = write!(text, " {:<9}", format!("({})", interval(ends)));
        }
        let _ = write!(text, "  {}", units(theme.segments as usize, unit));
        // Those who are named by chance say nothing of how many there are.
        if analysis.voices == VoiceKind::Speaker && theme.speakers > 0 {
            let _ = write!(text, ", {}", count(theme.speakers as usize, "speaker"));
        }
        if let Some(stability) = theme.stability {
            let _ = write!(text, ", stability {}", wording::stability(stability));
        }
        text.push('\n');

        // A no-break space keeps the words of a phrase on one line.
        let terms = analysis.readable_terms(theme).into_iter().take(TERMS);
        let terms = terms.map(|term| analysis.term(term.term).replace(' ', "\u{a0}"));
        let terms = terminal_safe(&terms.collect::<Vec<_>>().join(", ")).into_owned();
        let _ = writeln!(text, "{}", self.wrap(&terms, &margin, &margin).replace('\u{a0}', " "));
        if let Some(quote) = theme.quotes.first() {
            self.quote(text, outcome, quote, &margin);
        }
        for subtheme in &theme.subthemes {
            let share = percent(f64::from(subtheme.segments) / f64::from(theme.segments));
            let line = format!("{} ({share} of it)", terminal_safe(&subtheme.label));
            let _ = writeln!(text, "{}", self.wrap(&line, &format!("{margin}- "), &format!("{margin}  ")));
        }
        text.push('\n');
    }

    /// A quote and the place where it stands.
    fn quote(&self, text: &mut String, outcome: &Outcome, quote: &Quote, margin: &str) {
        let segments = &outcome.analysis.segments;
        let Some(segment) = segments.list().get(quote.segment) else { return };
        let Some(document) = outcome.read.corpus.document(segment.document()) else { return };
        let words = quoted(&quote.text);
        let _ = writeln!(text, "{}", self.wrap(&terminal_safe(&words), margin, &format!("{margin} ")));

        let mut place = format!("{}:{}", document.source(), quote.line);
        // Of the headings above, the innermost says most.
        let section = segments.section(segment).and_then(|section| section.rsplit(" > ").next());
        for part in [segments.speaker(segment), section].into_iter().flatten() {
            place.push_str(", ");
            place.push_str(part);
        }
        let place = self.wrap(&terminal_safe(&place), &format!("{margin} "), &format!("{margin} "));
        let _ = writeln!(text, "{}", self.styled(DIM, &place));
    }

    fn end(&self, text: &mut String, outcome: &Outcome) {
        let analysis = &outcome.analysis;
        let without = analysis.memberships.without_theme();
        if without > 0 && !analysis.themes.is_empty() {
            let share = percent(without as f64 / analysis.memberships.len() as f64);
            let verb = if without == 1 { "fits" } else { "fit" };
            let units = units(without, analysis.segments.unit());
            self.paragraph(text, &format!("{units} ({share}) {verb} no theme."));
        }
        if let Some(legend) = legend(&analysis.themes) {
            self.paragraph(text, &legend);
        }
        self.paragraph(
            text,
            &match &self.folder {
                Some(folder) => {
                    let report = Path::new(folder).join("report.html");
                    let report = report.display();
                    format!("Open {report} in a browser; tables, network and manifest are beside it.")
                }
                None => {
                    "With --out DIR, a report with all quotes, tables and the network are written to a folder."
                        .to_owned()
                }
            },
        );
        // No empty line at the end.
        text.pop();
    }

    fn paragraph(&self, text: &mut String, content: &str) {
        let _ = writeln!(text, "{}\n", self.wrap(&terminal_safe(content), "", ""));
    }

    pub(crate) fn wrap(&self, text: &str, first: &str, others: &str) -> String {
        let options = Options::new(self.width).initial_indent(first).subsequent_indent(others);
        fill(text, options.word_splitter(WordSplitter::NoHyphenation))
    }

    /// Text in a style, line by line, so that margins and line ends have none.
    pub(crate) fn styled(&self, style: Style, text: &str) -> String {
        if !self.has_colors {
            return text.to_owned();
        }
        let lines = text.lines().map(|line| {
            let content = line.trim_start();
            let margin = &line[..line.len() - content.len()];
            format!("{margin}{style}{content}{style:#}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A bar of [`BAR`] columns of which a share, 0..=1, is filled, to an eighth of a column.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = ((share * (8 * BAR) as f64).round() as usize).clamp(1, 8 * BAR);
    let filled = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    format!("{filled:<BAR$}")
}

/// A quote in quotation marks, its own where it has some, shortened where it is long.
pub(crate) fn quoted(text: &str) -> String {
    quoted_as(text, &shortened(text))
}

/// Text with single blanks, cut at a word and marked where it is long.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > QUOTE {
            return short + " …";
        }
        if length > 0 {
            short.push(' ');
            length += 1;
        }
        if word_length > QUOTE {
            short.extend(word.chars().take(QUOTE));
            return short + "…";
        }
        short.push_str(word);
        length += word_length;
    }
    short
}

/// A number of segments under the name that their writer would use.
pub(crate) fn units(number: usize, unit: Unit) -> String {
    count(number, wording::unit(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page = Page { width: 80, has_colors: false, folder: None };

    #[test]
    fn bars_are_filled_to_an_eighth() {
        assert_eq!(bar(1.0), "█".repeat(BAR));
        assert_eq!(bar(0.5), format!("{}{}", "█".repeat(BAR / 2), " ".repeat(BAR / 2)));
        assert_eq!(bar(0.0).trim_end(), "▏");
        assert_eq!(bar(1.0 / BAR as f64 / 2.0).trim_end(), "▌");
        for share in [0.0, 0.01, 0.3, 0.77, 1.0, 2.0, f64::NAN] {
            assert_eq!(bar(share).chars().count(), BAR);
        }
    }

    #[test]
    fn long_quotes_are_cut_at_a_word() {
        assert_eq!(shortened(" a  b\n\tc "), "a b c");
        assert_eq!(shortened(&"x".repeat(QUOTE)), "x".repeat(QUOTE));
        assert_eq!(shortened(&"é".repeat(QUOTE + 1)), "é".repeat(QUOTE) + "…");
        let short = shortened(&"word ".repeat(100));
        assert!(short.ends_with("word …") && short.chars().count() <= QUOTE + 2, "{short}");
        assert_eq!(shortened(&format!("a {}", "b".repeat(QUOTE))), "a …");
    }

    #[test]
    fn quotes_stand_in_one_pair_of_marks() {
        assert_eq!(quoted("the buses  are late"), "“the buses are late”");
        assert_eq!(quoted(" “late” "), "“late”");
        let long = quoted(&format!("“{}”", "word ".repeat(100)));
        assert!(long.starts_with("“word") && long.ends_with("word …"), "{long}");
    }

    #[test]
    fn units_have_the_name_of_their_writer() {
        assert_eq!(units(2, Unit::Sentence), "2 sentences");
    }

    #[test]
    fn styles_leave_out_margins() {
        let page = Page { has_colors: true, ..PAGE };
        assert_eq!(page.styled(BOLD, "  a\n  b"), "  \u{1b}[1ma\u{1b}[0m\n  \u{1b}[1mb\u{1b}[0m");
        assert_eq!(PAGE.styled(BOLD, "  a\n  b"), "  a\n  b");
    }

    #[test]
    fn lines_fit_the_page() {
        let text = PAGE.wrap(&"wide 漢字 words ".repeat(20), "> ", "  ");
        assert!(text.lines().all(|line| textwrap::core::display_width(line) <= 80), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("  ")));
    }
}
