//! Pictures of an analysis as SVG, for the report and to stand alone.
//!
//! A picture is drawn once, in user units, with colors for paper as attributes and a class for each kind
//! of part, by which a page gives it other colors. Texts come from notes and are escaped; every place is
//! a function of the numbers in the tables.

pub(super) mod diagram;
pub(super) mod heat_map;
mod label;
pub(super) mod network;
pub(super) mod svg;
mod text;
pub(super) mod theme_bars;

use std::str::FromStr;

use themeweave::{Analysis, Corpus};

use crate::write::crosstab::Crosstab;

/// A picture of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The network of terms, its themes in color.
    Network,
    /// The themes with their shares and intervals.
    Themes,
    /// The strategic diagram: centrality and density of the themes.
    Diagram,
    /// The themes of each section as a heat map.
    Sections,
}

/// How wide the place is where a picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// A page or a screen.
    Wide,
    /// A telephone, on which a wide picture would be too small to read.
    Narrow,
}

impl Breadth {
    /// The classes of a picture of a kind.
    fn class(self, kind: &str) -> String {
        let breadth = if self == Self::Wide { "wide" } else { "narrow" };
        format!("{kind} {breadth}")
    }
}

impl Picture {
    /// Every picture.
    pub const ALL: [Picture; 4] = [Self::Network, Self::Themes, Self::Diagram, Self::Sections];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Themes => "themes",
            Self::Diagram => "diagram",
            Self::Sections => "sections",
        }
    }

    /// The picture as SVG, whose texts are drawn in the font of whoever shows it; `None` where the
    /// analysis has nothing to draw: no links, no themes, or no sections.
    ///
    /// ```
    /// use themeweave::{Corpus, Options, analyze};
    /// use themeweave_io::Picture;
    ///
    /// let corpus = Corpus::from_notes(["The bus is late.", "A late bus."])?;
    /// let analysis = analyze(&corpus, &Options::default(), &mut ())?;
    /// assert!(Picture::Sections.svg(&corpus, &analysis).is_none());
    /// # Ok::<(), themeweave::Error>(())
    /// ```
    pub fn svg(self, corpus: &Corpus, analysis: &Analysis) -> Option<String> {
        let has_themes = !analysis.themes.is_empty();
        match self {
            Self::Network => {
                let map = network::Map::new(analysis);
                (!map.nodes.is_empty()).then(|| map.svg(analysis, true))
            }
            Self::Themes => has_themes.then(|| theme_bars::svg(analysis, Breadth::Wide)),
            Self::Diagram => has_themes.then(|| diagram::svg(analysis, Breadth::Wide)),
            Self::Sections => {
                let sections = Crosstab::sections(corpus, analysis).filter(|_| has_themes)?;
                Some(heat_map::svg(&sections, analysis))
            }
        }
    }
}

impl FromStr for Picture {
    type Err = themeweave::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|picture| picture.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            themeweave::Error::options(format!("no picture “{name}”; known are {known}"))
        })
    }
}

/// Family of the texts: that which is embedded where pictures stand alone.
pub(super) const FAMILY: &str = "DejaVu Sans";

/// Ink, paper and quiet lines of the pictures.
const INK: &str = "#1b1f24";
const PAPER: &str = "#ffffff";
const QUIET: &str = "#6b7280";
const RULE: &str = "#c9ced6";

/// The color of a theme.
pub(super) fn theme_color(theme: Option<usize>) -> String {
    hex(crate::write::graph::palette::color(theme))
}

/// A darker shade of it, for outlines that stand out from paper.
pub(super) fn theme_outline(theme: Option<usize>) -> String {
    hex(crate::write::graph::palette::color(theme).map(|part| (u16::from(part) * 3 / 5) as u8))
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
