//! What was read, and what it can and cannot support.

use themeweave::{Analysis, Theme, VoiceKind};

use crate::wording::{count, grouped, percent, unit};
use crate::write::Run;
use crate::write::report::unbroken;

/// Fewer segments than this leave much to chance.
const FEW: usize = 100;

/// One line under the title.
pub(super) fn subtitle(run: &Run<'_>) -> String {
    let Run { read, analysis, .. } = *run;
    let segments = &analysis.segments;
    format!(
        "{} in {} from {}",
        count(analysis.themes.len(), "theme"),
        count(segments.len(), unit(segments.unit())),
        count(read.corpus.len(), "document"),
    )
}

/// What was counted.
pub(super) fn facts(run: &Run<'_>) -> Vec<(&'static str, String)> {
    let Run { read, analysis, .. } = *run;
    let segments = &analysis.segments;
    let mut facts = vec![
        ("Files", grouped(read.files.len())),
        ("Documents", grouped(read.corpus.len())),
        ("Segments", format!("{} ({}s)", grouped(segments.len()), unit(segments.unit()))),
    ];
    if !segments.speakers().is_empty() {
        facts.push(("Speakers", grouped(segments.speakers().len())));
    }
    facts.extend([
        ("Language", analysis.language.name().to_owned()),
        ("Terms", grouped(analysis.vocabulary.terms().len())),
        ("Links between terms", grouped(analysis.network.edge_count())),
        ("Themes", grouped(analysis.themes.len())),
    ]);
    let without = without_theme(analysis);
    if !analysis.themes.is_empty() {
        let share = without as f64 / analysis.memberships.len().max(1) as f64;
        facts.push((
            "Segments without a theme",
            format!("{} ({})", grouped(without), unbroken(&percent(share))),
        ));
    }
    facts
}

fn without_theme(analysis: &Analysis) -> usize {
    analysis.memberships.without_theme()
}

fn with_speaker(analysis: &Analysis) -> usize {
    let segments = &analysis.segments;
    segments.list().iter().filter(|segment| segments.speaker(segment).is_some()).count()
}

/// How far one may go with this result.
pub(super) fn limits(run: &Run<'_>) -> Vec<String> {
    let analysis = run.analysis;
    let mut limits = Vec::new();
    if analysis.themes.is_empty() {
        limits.push(
            "There is too little text for themes. What follows shows the terms that were found.".to_owned(),
        );
        return limits;
    }
    let segments = analysis.segments.len();
    let farthest = |theme: &Theme| {
        let (low, high) = theme.share_interval?;
        Some(100.0 * (theme.share - low).max(high - theme.share))
    };
    let farthest = analysis.themes.iter().filter_map(farthest).fold(0.0, f64::max);
    let decimals = usize::from(farthest < 9.95);
    limits.push(format!(
        "Shares are known to within {farthest:.decimals$} percentage points (95\u{a0}% intervals). Themes whose \
         intervals overlap should not be ranked by their shares."
    ));
    if segments < FEW {
        limits.push(format!(
            "With {} the themes are a reading aid rather than a measurement.",
            count(segments, unit(analysis.segments.unit()))
        ));
    }
    let known = with_speaker(analysis);
    let speakers = match known {
        0 => "Speakers are not known".to_owned(),
        known => format!("Speakers are known for {} of {}", grouped(known), count(segments, "segment")),
    };
    limits.push(match analysis.voices {
        VoiceKind::Speaker => {
            format!("{speakers}; the intervals allow for likeness within what each of them says: the fewer speakers, the wider.")
        }
        VoiceKind::Document => format!("{speakers}; the intervals allow for likeness within documents: the fewer documents, the wider."),
        VoiceKind::Segment => format!(
            "{speakers}, so that one person who says much cannot be told from many who agree; the intervals \
             take segments as independent."
        ),
    });
    limits.push(
        "A theme is made of words that recur. What several people say in different words is not found, and \
         tone and irony are not read; see the passages that may speak against a theme."
            .to_owned(),
    );
    limits.push(
        "Themes are found by computation and named by their words. Whether they matter, and what they mean, \
         is for readers of the notes to say."
            .to_owned(),
    );
    limits
}
