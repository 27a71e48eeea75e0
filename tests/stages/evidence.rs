//! What is shown of a theme: quotes that are short, different and from several people, and what speaks
//! against it.

use std::collections::HashSet;

use themeweave::{Analysis, Corpus, CounterKind, Language, Options, TermOptions};

use crate::support::{analyzed, markdown};

fn options(themes: u32, quotes: u32) -> Options {
    Options { language: Some(Language::English), themes: Some(themes), quotes, ..Options::default() }
}

/// The quotes of the theme that has a term.
fn quotes<'c>(corpus: &'c Corpus, analysis: &Analysis, term: &str) -> Vec<std::borrow::Cow<'c, str>> {
    let term = analysis.vocabulary.find(term).unwrap();
    let has = |theme: &&themeweave::Theme| theme.terms.iter().any(|known| known.term == term);
    let theme = analysis.themes.iter().find(has).unwrap();
    let document = |segment: usize| corpus.document(analysis.segments.list()[segment].document()).unwrap();
    theme.quotes.iter().map(|quote| document(quote.segment).passage(quote.span.clone()).unwrap()).collect()
}

/// A theme beside the one that is looked at.
const GARDEN: &str = "\
- volunteers plant beans in the garden
- beans and peas grow in the garden, say the volunteers
- the volunteers water the garden and the peas
";

#[test]
fn of_a_long_note_the_sentence_with_the_theme_is_quoted() {
    let long = "We met at ten and everybody said who they were and where they had come from that day. \
        The bus to the clinic is late whatever the timetable says. \
        Then there was tea, and afterwards we went round the table once more to hear from the others.";
    let text = format!(
        "{GARDEN}- the bus is late, the timetable is wrong\n- the late bus and its timetable\n- {long}\n"
    );
    let corpus = markdown(&text);
    let analysis = analyzed(&corpus, &options(2, 5));
    let found = quotes(&corpus, &analysis, "bus");
    assert!(
        found.iter().any(|quote| quote == "The bus to the clinic is late whatever the timetable says."),
        "{found:?}"
    );
}

#[test]
fn readable_terms_have_whole_phrases_and_no_repetition() {
    let text = format!(
        "{GARDEN}- the night bus is late\n- a late night bus to the clinic\n- the night bus, late again\n\
         - no bus goes to the clinic\n- a bus to the clinic, but late\n"
    );
    let analysis = analyzed(&markdown(&text), &options(2, 1));
    let texts = |theme: &themeweave::Theme, terms: Vec<&themeweave::ThemeTerm>| {
        assert!(terms.iter().all(|term| theme.terms.contains(term)));
        terms.iter().map(|term| analysis.term(term.term).to_owned()).collect::<Vec<String>>()
    };
    let bus = analysis.vocabulary.find("bus").unwrap();
    let theme = analysis.themes.iter().find(|theme| theme.terms.iter().any(|term| term.term == bus)).unwrap();
    let all = texts(theme, theme.terms.iter().collect());
    assert!(["bus", "night bus"].iter().all(|term| all.iter().any(|known| known == term)), "{all:?}");
    let readable = texts(theme, analysis.readable_terms(theme));
    assert!(readable.iter().any(|term| term == "night bus"), "{readable:?}");
    assert!(readable.iter().all(|term| term != "bus" && term != "night"), "{readable:?}");
}

#[test]
fn terms_are_found_in_any_spelling_phrase_or_synonym() {
    let sentences = [
        "All of the general practitioners were described as kind by those who came.",
        "Their GP\u{2019}s receptionist was described as kind by those who came.",
    ];
    let [first, second] = sentences;
    let text = format!(
        "{GARDEN}- a kind GP\n- the GP was kind\n\
         - We met at ten and everybody said which street they lived in, and for how many years. {first} \
           Then tea was served, and afterwards each table was asked once more for anything left out.\n\
         - It took a while until somebody dared to begin, which may be because of the microphones. {second} \
           Nobody wanted to add to this, so that question three came next, earlier than planned.\n"
    );
    let corpus = markdown(&text);
    let terms = TermOptions {
        synonyms: vec![("general practitioner".to_owned(), "GP".to_owned())],
        ..TermOptions::default()
    };
    let analysis = analyzed(&corpus, &Options { terms, ..options(2, 9) });
    let found = quotes(&corpus, &analysis, "GP");
    assert!(sentences.iter().all(|sentence| found.iter().any(|quote| quote == sentence)), "{found:?}");
}

#[test]
fn nobody_is_quoted_twice_for_the_same_words_and_several_are_heard() {
    let mut text = GARDEN.to_owned();
    for name in ["Anna", "Anna", "Ben", "Cleo"] {
        for what in ["at noon", "on Mondays", "in winter"] {
            text += &format!("- {name}: the bus is late {what}, whatever the timetable may promise\n");
            text += &format!("- {name}: and {what} the timetable has no bus that could be late at all\n");
        }
    }
    let corpus = markdown(&text);
    let analysis = analyzed(&corpus, &options(2, 3));
    let theme = analysis.themes.iter().find(|theme| theme.speakers == 3).unwrap();
    let segments = &analysis.segments;
    let speakers: HashSet<_> =
        theme.quotes.iter().map(|quote| segments.speaker(&segments.list()[quote.segment])).collect();
    assert_eq!((theme.quotes.len(), speakers.len()), (3, 3));
    let analysis = analyzed(&corpus, &options(2, 100));
    let theme = analysis.themes.iter().find(|theme| theme.speakers == 3).unwrap();
    assert!(theme.quotes.len() < theme.segments as usize, "{} quotes", theme.quotes.len());
}

#[test]
fn what_negates_a_theme_is_no_quote_of_it_while_there_are_others() {
    let negation = "the bus isn\u{2019}t late, whatever the timetable";
    let corpus = markdown(&format!("{GARDEN}{BUS}- {negation}\n"));
    let analysis = analyzed(&corpus, &options(2, 9));
    let found = quotes(&corpus, &analysis, "bus");
    assert!(found.len() > 2 && !found.iter().any(|quote| quote == negation), "{found:?}");
    assert!(analysis.themes.iter().any(|theme| !theme.counter_evidence.is_empty()));

    // Each note negates another word, and none of these is negated in half of its notes.
    let negations = "- the bus and its timetable, never late\n- late, the timetable: there is no bus\n\
                     - late bus without a timetable\n";
    let corpus = markdown(&format!("{GARDEN}{negations}"));
    let analysis = analyzed(&corpus, &options(2, 9));
    let found = quotes(&corpus, &analysis, "bus");
    assert_eq!(found.len(), 3, "{found:?}");
}

/// Counter-evidence as `kind term cue: text`, theme by theme.
fn counter_evidence(text: &str, options: &Options) -> Vec<String> {
    let corpus = markdown(text);
    let analysis = analyzed(&corpus, options);
    let document = corpus.document(0).unwrap().text().unwrap();
    let all = analysis.themes.iter().flat_map(|theme| &theme.counter_evidence);
    all.map(|found| {
        let cue = match &found.kind {
            CounterKind::Negated { cue } => &document[cue.clone()],
            CounterKind::Unusual => "-",
        };
        let text = &document[found.span.clone()];
        format!("{} {} {cue}: {text}", found.kind.name(), analysis.term(found.term))
    })
    .collect()
}

/// Notes on a bus that is late.
const BUS: &str = "\
- the bus is late and the timetable wrong
- a late bus again, the timetable says otherwise
- late bus, wrong timetable
- the timetable of the bus is wrong
";

#[test]
fn a_word_of_the_theme_that_is_negated_is_counter_evidence() {
    let text = format!("{GARDEN}{BUS}- the bus isn\u{2019}t late, whatever the timetable\n");
    assert_eq!(
        counter_evidence(&text, &options(2, 5)),
        ["negated late isn\u{2019}t: the bus isn\u{2019}t late, whatever the timetable"]
    );
    assert_eq!(counter_evidence(&text, &options(2, 0)), [""; 0]);
}

#[test]
fn a_negation_that_is_none_or_what_the_theme_says_is_no_counter_evidence() {
    let text = format!("{GARDEN}{BUS}- not only late, the bus, but wrong in its timetable\n");
    assert_eq!(counter_evidence(&text, &options(2, 5)), [""; 0]);
    let text = format!(
        "{GARDEN}- no bus, no timetable\n- there is no bus, the timetable is wrong\n- no bus and a wrong timetable\n"
    );
    let found = counter_evidence(&text, &options(2, 5));
    assert!(!found.iter().any(|found| found.contains(" bus ")), "{found:?}");
}

#[test]
fn a_negating_word_that_is_part_of_another_negates_nothing() {
    for note in
        ["a yes/no timetable for the bus", "a no-timetable bus", "No. 5, the bus", "No the bus, timetable"]
    {
        let text = format!("{GARDEN}{BUS}- {note}\n");
        assert_eq!(counter_evidence(&text, &options(2, 5)), [""; 0], "{note}");
    }
}

#[test]
fn a_word_of_the_theme_among_words_of_another_is_counter_evidence() {
    let text = format!("{GARDEN}{BUS}- late beans: the volunteers water peas in the garden\n");
    assert_eq!(
        counter_evidence(&text, &options(2, 5)),
        ["unusual late -: late beans: the volunteers water peas in the garden"]
    );
}

#[test]
fn languages_without_a_list_have_no_negations() {
    let text = format!("{GARDEN}{BUS}- the bus is not late, whatever the timetable\n");
    let options = Options { language: Some(Language::Turkish), ..options(2, 5) };
    assert!(!counter_evidence(&text, &options).iter().any(|found| found.starts_with("negated")));
}
