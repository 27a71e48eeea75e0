//! Words to terms: stems, phrases, hyphens, synonyms, what is kept and what is left out.

use themeweave::{Language, Options, TermOptions};

use crate::support::{analyzed, codes, notes, with_terms};

/// Every term as `text frequency/segments`, by text.
fn terms_by(texts: &[&str], options: &Options) -> Vec<String> {
    let analysis = analyzed(&notes(texts), options);
    let mut shown: Vec<String> = analysis
        .vocabulary
        .terms()
        .iter()
        .map(|term| format!("{} {}/{}", term.text, term.frequency, term.segments))
        .collect();
    shown.sort_unstable();
    shown
}

/// Terms of single segments too, so that short tables suffice.
fn all() -> TermOptions {
    TermOptions { min_segments: 1, no_phrases: true, ..TermOptions::default() }
}

#[track_caller]
fn check(texts: &[&str], options: TermOptions, expected: &[&str]) {
    assert_eq!(terms_by(texts, &with_terms(options)), expected, "{texts:?}");
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn synonyms(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(label, becomes)| (label.to_owned(), becomes.to_owned())).collect()
}

#[test]
fn forms_of_a_word_are_one_term_shown_by_the_commonest() {
    check(&["leader leaders", "leaders led"], all(), &["leaders 3/2", "led 1/1"]);
    check(&["Carer's rights", "carers\u{2019} rights"], all(), &["carer 2/2", "rights 2/2"]);
    check(&["NHS trust", "NHS Trust", "trusts"], all(), &["NHS 2/2", "trust 3/3"]);
    // Of equally common forms the shorter, then the first in the alphabet.
    check(&["empowering", "empowered"], all(), &["empowered 2/2"]);
    let forms = TermOptions { no_stemming: true, ..all() };
    check(&["leader leaders", "leaders led"], forms, &["leader 1/1", "leaders 2/2", "led 1/1"]);
}

#[test]
fn words_have_the_capitals_that_most_places_say() {
    // At the beginning of a sentence, a line or a note, a capital says nothing.
    check(&["Andrew cycles", "Andrew. Andrew\nAndrew"], all(), &["andrew 4/2", "cycles 1/1"]);
    check(&["we met Andrew", "and Andrew's bike", "andrew"], all(), &["Andrew 3/3", "bike 1/1", "met 1/1"]);
    check(&["we met Andrew", "andrew"], all(), &["andrew 2/2", "met 1/1"]);
    // Several say something anywhere; a spelling that shouts says nothing of the capital at the beginning.
    check(&["NHS", "NHS. Nhs", "nhs"], all(), &["NHS 4/3"]);
    check(&["the BUS, the BUS. Bus. Bus. Bus", "bus"], all(), &["bus 6/2"]);
    // A letter is written as it stands.
    check(&["an E-mail", "an E-mail, an e-mail"], all(), &["E-mail 3/2"]);
    check(&["COVID-19", "COVID-19, covid-19"], all(), &["COVID-19 3/2"]);
    check(&["E-mail", "e-mail"], all(), &["e-mail 2/2"]);
    // An elided article is no beginning.
    let options = Options { language: Some(Language::French), ..with_terms(all()) };
    let texts = ["l'Isle. L'Isle", "L\u{2019}ONU. L'ONU", "l'\u{e9}cole. L'\u{c9}cole", "L'eau, l'eau"];
    assert_eq!(terms_by(&texts, &options), ["Isle 2/1", "ONU 2/1", "eau 2/1", "\u{e9}cole 2/1"]);
}

#[test]
fn german_nouns_have_their_capital() {
    let options = Options { language: Some(Language::German), ..with_terms(TermOptions::default()) };
    let texts = [
        "Das Bürgergeld reicht kaum für die Miete.",
        "Miete und Heizung fressen das Bürgergeld auf, sagt die soziale Arbeit.",
        "Ohne soziale Arbeit keine Beratung zur Miete.",
        "Soziale Arbeit ist mehr als Beratung, sie ist wichtig.",
        "Wichtig ist die Heizung: ohne soziale Arbeit friert man.",
    ];
    assert_eq!(
        terms_by(&texts, &options),
        [
            "Arbeit 4/4",
            "Beratung 2/2",
            "Bürgergeld 2/2",
            "Heizung 2/2",
            "Miete 3/3",
            "soziale 4/4",
            "soziale Arbeit 4/4",
        ]
    );
}

#[test]
fn phrases_are_written_as_their_words_but_not_half_as_names() {
    let phrases = ["Tiller storage", "Mill Road", "local NHS", "local Covid-19"];
    // Letters and not numbers, for what differs in numbers alone is taken for a repeat.
    let note = |letter: char| {
        let told = phrases.map(|phrase| format!("word{letter} of the {phrase}")).join(", ");
        format!("{told}, more{letter} at the mill, at the mill, other{letter} than COVID or COVID")
    };
    let others = ('a'..='z').map(|letter| format!("filler{letter} filling{letter} stuffing{letter}"));
    let texts: Vec<String> = ('a'..='d').map(note).chain(others).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let written = |language| {
        let options = Options { language: Some(language), ..Options::default() };
        let vocabulary = analyzed(&notes(&texts), &options).vocabulary;
        phrases.map(|phrase| vocabulary.terms()[vocabulary.find(phrase).unwrap() as usize].text.clone())
    };
    assert_eq!(written(Language::English), ["tiller storage", "mill road", "local NHS", "local covid-19"]);
    assert_eq!(written(Language::German), ["Tiller storage", "mill Road", "local NHS", "local COVID-19"]);
}

#[test]
fn a_term_is_found_in_any_case() {
    let texts = ["we met Andrew", "with Andrew and the NHS", "the NHS"];
    let terms = TermOptions { keep: strings(&["ANDREW"]), stop_words: strings(&["nhs"]), ..all() };
    let analysis = analyzed(&notes(&texts), &with_terms(terms));
    let found = ["Andrew", "andrew", "ANDREW"].map(|text| analysis.vocabulary.find(text));
    assert!(found[0].is_some() && found.iter().all(|id| *id == found[0]), "{found:?}");
    assert_eq!(analysis.vocabulary.find("nhs"), None);
}

#[test]
fn spelling_is_normalized() {
    check(&["caf\u{e9} caf\u{e9}", "cafe\u{301}", "CAF\u{c9}", "_caf\u{e9}_"], all(), &["caf\u{e9} 5/4"]);
    check(&["don\u{2019}t panic", "don't panic"], all(), &["panic 2/2"]);
}

#[test]
fn stop_words_numbers_and_single_letters_are_no_terms() {
    check(&["the bus is at 10 and B of 3.5"], all(), &["bus 1/1"]);
    let numbers = TermOptions { numbers: true, ..all() };
    check(&["the bus is at 10"], numbers, &["10 1/1", "bus 1/1"]);
    let own = TermOptions { stop_words: strings(&["Bus", "caf\u{e9}"]), ..all() };
    check(&["bus buses caf\u{e9} tram", "BUS"], own, &["buses 1/1", "tram 1/1"]);
    let keep = TermOptions { keep: strings(&["not", "10"]), ..all() };
    check(&["not at 10, not at 11"], keep, &["10 1/1", "not 2/1"]);
}

#[test]
fn rare_terms_are_left_out_and_told_unless_they_are_kept() {
    let default = TermOptions { keep: strings(&["tram"]), ..TermOptions::default() };
    check(&["bus tram", "bus ferry ferry", "bus"], default, &["bus 3/3", "tram 1/1"]);
    let most = TermOptions { max_terms: 2, ..all() };
    check(&["bus tram ferry", "bus tram", "bus"], most, &["bus 3/3", "tram 2/2"]);
    let analysis = analyzed(&notes(&["bus ferry", "bus"]), &with_terms(TermOptions::default()));
    let rare = analysis.diagnostics.iter().find(|finding| finding.code == "rare-terms").unwrap();
    assert_eq!(rare.message, "1 term in fewer than 2 segments left out");
}

/// Notes in which a phrase is used among other words.
fn talk() -> Vec<String> {
    let kinds = [
        ("social care", ["staff", "budget", "review"]),
        ("mental health", ["nurse", "ward", "team"]),
        ("local authority", ["council", "housing", "plan"]),
        ("erosion of leadership", ["post", "board", "voice"]),
    ];
    let notes = kinds.iter().flat_map(|(phrase, words)| {
        words.iter().map(move |word| format!("The {word} spoke about {phrase}; {word} again."))
    });
    notes.collect()
}

#[test]
fn words_that_belong_together_are_phrases() {
    let texts = talk();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = terms_by(&texts, &with_terms(TermOptions::default()));
    for phrase in ["social care 3/3", "mental health 3/3", "local authority 3/3", "erosion of leadership 3/3"]
    {
        assert!(found.iter().any(|term| term == phrase), "{phrase} is not in {found:?}");
    }
    let single = TermOptions { no_phrases: true, ..TermOptions::default() };
    let found = terms_by(&texts, &with_terms(single));
    assert!(found.iter().all(|term| term.matches(' ').count() == 1), "{found:?}");
}

#[test]
fn an_occurrence_of_a_phrase_is_one_of_its_words() {
    let texts = talk();
    let texts: Vec<&str> = texts.iter().map(String::as_str).chain(["care at home"]).collect();
    let analysis = analyzed(&notes(&texts), &with_terms(TermOptions::default()));
    let vocabulary = &analysis.vocabulary;
    let term = |text: &str| &vocabulary.terms()[vocabulary.find(text).unwrap() as usize];
    assert_eq!((term("social care").frequency, term("social").frequency, term("care").frequency), (3, 3, 4));
    let parts = ["social", "care"].map(|text| vocabulary.find(text).unwrap());
    let mut expected = parts.to_vec();
    expected.sort_unstable();
    assert_eq!(term("social care").parts, expected);
}

#[test]
fn no_phrase_reaches_across_punctuation() {
    let texts: Vec<String> =
        ["staff", "team", "ward", "plan"].iter().map(|word| format!("{word}: social. Care {word}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = terms_by(&texts, &with_terms(TermOptions::default()));
    assert_eq!(found, ["care 4/4", "social 4/4"]);
}

#[test]
fn hyphens() {
    // One of the two is a stop word: one word, with or without the hyphen.
    check(&["an e-mail", "an email", "e-mail", "e-mails"], all(), &["e-mail 4/4"]);
    // Two words that are terms each: a phrase from the second time on.
    let phrases = TermOptions { min_segments: 1, ..TermOptions::default() };
    check(
        &["step-free access", "step-free lifts"],
        phrases,
        &["access 1/1", "free 2/2", "lifts 1/1", "step 2/2", "step-free 2/2"],
    );
}

#[test]
fn synonyms_replace_drop_and_chain() {
    let options = |pairs: &[(&str, &str)]| TermOptions { synonyms: synonyms(pairs), ..all() };
    check(&["coach", "bus"], options(&[("coach", "bus")]), &["bus 2/2"]);
    // A label stands for all forms with its stem.
    check(&["coaches", "bus"], options(&[("coach", "bus")]), &["bus 2/2"]);
    check(&["coach", "bus", "Wexbridge"], options(&[("wexbridge", "")]), &["bus 1/1", "coach 1/1"]);
    check(&["coach", "bus", "tram"], options(&[("coach", "bus"), ("bus", "tram")]), &["tram 3/3"]);
    check(&["coach bus", "bus"], options(&[("coach", "bus")]), &["bus 3/2"]);
    // A replacement need not occur in the text.
    check(&["coach", "bus"], options(&[("coach", "public transport")]), &["bus 1/1", "public transport 1/1"]);
    check(&["coach"], options(&[("tram", "bus")]), &["coach 1/1"]);
}

#[test]
fn synonyms_of_several_words() {
    let options = TermOptions {
        synonyms: synonyms(&[("local authority", "LA"), ("approved social worker", "ASW")]),
        ..all()
    };
    check(&["the local authority", "an LA", "each approved social worker"], options, &["ASW 1/1", "LA 2/2"]);
}

#[test]
fn other_languages() {
    let check = |language: Language, texts: &[&str], expected: &[&str]| {
        let options = Options { language: Some(language), terms: all(), ..Options::default() };
        assert_eq!(terms_by(texts, &options), expected, "{}", language.name());
    };
    check(Language::French, &["l\u{2019}eau et les eaux", "de l'eau"], &["eau 3/2"]);
    check(Language::German, &["die H\u{e4}user", "das Haus, im Hause"], &["Haus 3/2"]);
    check(Language::Italian, &["dell'acqua", "l'acqua"], &["acqua 2/2"]);
    check(Language::Spanish, &["las casas", "la casa"], &["casa 2/2"]);
}

#[test]
fn text_in_a_script_of_another_language_is_told() {
    for (text, language, is_told) in [
        ("公共汽车又晚点了", None, true),
        ("公共汽车又晚点了", Some(Language::English), true),
        ("Автобус опять опоздал", Some(Language::Russian), false),
        ("the bus was late", None, false),
    ] {
        let options = Options { language, ..Options::default() };
        let told = codes(&analyzed(&notes(&[text, text]), &options)).contains(&"other-script");
        assert_eq!(told, is_told, "{text}");
    }
}

#[test]
fn the_rarest_spellings_are_set_aside_where_there_are_too_many() {
    // Two megabytes of words that never come again, with two that do, so that there are several runs of text.
    let filler = |note: usize| (0..10_000).map(|word| format!("w{note}x{word} ")).collect::<String>();
    let notes =
        (0..30).map(|note| format!("{}late bus and Leeds. {}", filler(2 * note), filler(2 * note + 1)));
    let corpus = themeweave::Corpus::from_notes(notes).unwrap();
    let terms = TermOptions { max_spellings: 1_000, ..TermOptions::default() };
    let options = themeweave::Options { terms, ..themeweave::Options::default() };
    let analysis = themeweave::analyze(&corpus, &options, &mut ()).unwrap();
    let texts: Vec<&str> = analysis.vocabulary.terms().iter().map(|term| term.text.as_str()).collect();
    assert_eq!(texts, ["bus", "late", "late bus", "Leeds"]);
    assert!(analysis.diagnostics.iter().any(|diagnostic| diagnostic.code == "max-spellings"));
}
