//! A paragraph on the method, for a paper.

use themeweave::{AssociationMeasure, Theme, VoiceKind};

use crate::wording::{count, unit};
use crate::write::Run;

/// The paragraphs: what was done, then what it rests on.
pub(super) fn paragraphs(run: &Run<'_>) -> Vec<String> {
    vec![terms(run), themes(run), sources(run)]
}

/// Up to so many segments themes are not polished under a mixture, as [`themes`] says.
const WITHOUT_POLISH: usize = 2_000;

/// The papers behind what was done in this run.
fn sources(run: &Run<'_>) -> String {
    let Run { analysis, options, .. } = *run;
    let is_npmi = options.association == AssociationMeasure::Npmi || !options.terms.no_phrases;
    let has_themes = !analysis.themes.is_empty();
    let has = |what: fn(&Theme) -> bool| analysis.themes.iter().any(what);
    let intervals = match analysis.voices {
        VoiceKind::Segment => "Wilson 1927 (intervals)",
        VoiceKind::Speaker | VoiceKind::Document => {
            "Wilson 1927, Korn and Graubard 1998, Bell and McCaffrey 2002, Rao and Scott 1981 and Smyth 2004 (intervals)"
        }
    };
    let sources = [
        (is_npmi, "Bouma 2009 (NPMI)"),
        (analysis.network.edge_count() > 0, "Benjamini and Hochberg 1995 (false discovery rate)"),
        (has_themes, "Traag, Waltman and van Eck 2019 (Leiden)"),
        (has_themes && analysis.segments.len() > WITHOUT_POLISH, "Yin and Wang 2014 (mixture)"),
        (has_themes, "Biernacki, Celeux and Govaert 2000 (number of themes)"),
        (has(|theme| theme.share_interval.is_some()), intervals),
        (has(|theme| theme.stability.is_some()), "Hennig 2007 (stability)"),
        (has_themes, "Callon, Courtial and Laville 1991 (strategic diagram)"),
        (has(|theme| !theme.quotes.is_empty()), "Carbonell and Goldstein 1998 (choice of quotes)"),
    ];
    let used: Vec<&str> = sources.iter().filter(|(is_used, _)| *is_used).map(|(_, source)| *source).collect();
    let sources = if used.is_empty() { String::new() } else { format!("Sources: {}. ", used.join("; ")) };
    sources + "Every step with its formulas is described in METHOD.md of themeweave."
}

fn terms(run: &Run<'_>) -> String {
    let Run { read, analysis, options, .. } = *run;
    let segments = &analysis.segments;
    let mut text = format!(
        "{} in {} {} analyzed with themeweave {}. The text was cut into {} (unit: {}{})",
        count(read.corpus.len(), "document"),
        analysis.language.name(),
        if read.corpus.len() == 1 { "was" } else { "were" },
        env!("CARGO_PKG_VERSION"),
        count(segments.len(), "segment"),
        unit(segments.unit()),
        if options.unit == segments.unit() { "" } else { ", chosen by the program" },
    );
    // Their names may be those that were replaced in the text.
    let speakers = &options.speakers;
    for (names, before, after) in
        [(&speakers.only, "only what", "was kept"), (&speakers.exclude, "what", "was left out")]
    {
        if !names.is_empty() {
            let says = if names.len() == 1 { "says" } else { "say" };
            text.push_str(&format!("; {before} {} {says} {after}", count(names.len(), "speaker")));
        }
    }
    text.push_str(". Stop words were left out");
    let given = [
        (options.terms.stop_words.len(), "stop word"),
        (options.terms.keep.len(), "word to keep"),
        (options.terms.synonyms.len(), "rule on synonyms"),
    ];
    let given: Vec<String> = given
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| match *what {
            "word to keep" if *number > 1 => format!("{number} words to keep"),
            "rule on synonyms" if *number > 1 => format!("{number} rules on synonyms"),
            what => count(*number, what),
        })
        .collect();
    if !given.is_empty() {
        text.push_str(&format!(" (with {} of our own)", given.join(", ")));
    }
    text.push_str(if options.terms.no_stemming {
        "; word forms were not joined"
    } else {
        ", word forms were joined by their Snowball stem"
    });
    if !options.terms.no_phrases {
        text.push_str(", and words that stand side by side more often than chance (G² above 10.83, NPMI of at least 0.3), or are joined by hyphens twice, were taken as phrases");
    }
    let measure = match options.association {
        AssociationMeasure::Npmi => "normalized pointwise mutual information".to_owned(),
        other => format!("the measure “{}”", other.name()),
    };
    if options.terms.numbers {
        text.push_str("; numbers were terms, too");
    }
    if options.terms.min_segments > 0 {
        let least = count(options.terms.min_segments as usize, "segment");
        text.push_str(&format!("; terms in fewer than {least} were left out"));
    }
    if options.terms.max_terms > 0 {
        text.push_str(&format!("; at most {} were kept", count(options.terms.max_terms as usize, "term")));
    }
    text.push_str(&format!(
        "; this gave {}. Terms are linked when they occur in the same segments more often than expected by an \
         exact hypergeometric test (p below {}, not adjusted for the number of pairs; q in edges.csv is), with {measure} \
         as the weight: {}.",
        count(analysis.vocabulary.terms().len(), "term"),
        analysis.link_level(),
        count(analysis.network.edge_count(), "link"),
    ));
    text
}

fn themes(run: &Run<'_>) -> String {
    let Run { analysis, options, .. } = *run;
    if analysis.themes.is_empty() {
        return "There was too little text for themes.".to_owned();
    }
    let number = match options.themes {
        Some(_) => "The number of themes was set",
        None => "The number of themes follows from the text",
    };
    let mut text = format!(
        "Themes are groups of segments that share telling terms. Up to 2,000 segments (or stretches of turns of \
         a conversation) they are communities of segments linked by the cosine of their weighted terms, found \
         by the Leiden algorithm; beyond, groups around communities of terms, merged and polished under a \
         Dirichlet-multinomial mixture. {number} ({} of {}; resolution {}, seed {}).",
        count(analysis.themes.len(), "theme"),
        count(analysis.segments.len(), "segment"),
        options.resolution,
        options.seed,
    );
    if options.levels > 1 {
        text.push_str(" Subthemes were sought in the same way within each theme.");
    }
    let independence = match analysis.voices {
        VoiceKind::Speaker => "whose effective size allows for likeness within speakers and for their number",
        VoiceKind::Document => {
            "whose effective size allows for likeness within documents and for their number"
        }
        VoiceKind::Segment => "that takes segments as independent",
    };
    text.push_str(&format!(
        " The share of a theme is the number of its segments over all segments, with a Wilson interval at 95\u{a0}% \
         {independence}. A theme is named by its most telling terms"
    ));
    if options.quotes > 0 {
        text.push_str("; quotes are passages typical of it that differ from each other");
    }
    text.push('.');
    if analysis.themes.iter().any(|theme| theme.stability.is_some()) {
        text.push_str(" Stability is the mean over resamples without a tenth of the text of the greatest Jaccard likeness of a \
             theme and one found there (Hennig 2007).");
    }
    text.push_str(" The same input and options give the same result, byte for byte.");
    text
}

#[cfg(test)]
mod tests {
    use themeweave::Options;

    use super::*;
    use crate::read::ReadOptions;
    use crate::write::tests::{NOTES, analysis_of};

    #[test]
    fn choices_are_told() {
        let (read, analysis) = analysis_of(NOTES);
        let mut options = Options { themes: Some(2), ..Options::default() };
        options.terms.stop_words = vec!["bus".into(), "stop".into()];
        options.terms.no_phrases = true;
        options.terms.min_segments = 2;
        options.speakers.exclude = vec!["Ann Lee".into()];
        let read_options = ReadOptions::default();
        let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
        let text = paragraphs(&run).join(" ");
        assert!(text.contains("(with 2 stop words of our own)") && !text.contains("phrases"), "{text}");
        assert!(text.contains("The number of themes was set (2 themes of 9 segments;"), "{text}");
        assert!(
            text.contains("(unit: note, chosen by the program); what 1 speaker says was left out."),
            "{text}"
        );
        assert!(
            !text.contains("Ann Lee") && text.contains("terms in fewer than 2 segments were left out"),
            "{text}"
        );
        assert!(text.starts_with("1 document in English was analyzed"), "{text}");
        assert!(text.contains("allows for likeness within speakers"), "{text}");

        // Of a few notes, whose themes are not polished.
        assert!(["Traag", "Korn", "Callon"].iter().all(|source| text.contains(source)), "{text}");
        assert!(!text.contains("Yin and Wang 2014"), "{text}");
        let (read, analysis) = analysis_of("One note.");
        let options = Options { association: AssociationMeasure::Cosine, ..options };
        let run = Run { read_options: &read_options, options: &options, read: &read, analysis: &analysis };
        assert!(!sources(&run).contains("Sources"), "{}", sources(&run));
    }
}
