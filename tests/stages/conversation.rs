//! When turns are joined to stretches, and when not.

use themeweave::{Analysis, Language, Options, Rng, Unit};

use crate::support::{analyzed, markdown};

const WORDS: [&str; 6] = ["bus", "timetable", "driver", "garden", "beans", "volunteers"];

/// Short turns on the bus, then as many on the garden, by a rule who speaks.
fn turns(speaker: impl Fn(usize) -> &'static str) -> String {
    let turn = |i: usize| format!("{}: {}, {} number {i}\n\n", speaker(i), word(i), word(i + 1 + i / 7));
    (0..60).map(turn).collect()
}

/// A word of the subject that is spoken of at turn `i` or thereabouts.
fn word(i: usize) -> &'static str {
    WORDS[i % 3 + if i < 30 { 0 } else { 3 }]
}

fn analysis(text: &str, unit: Unit) -> Analysis {
    analyzed(&markdown(text), &Options { language: Some(Language::English), unit, ..Options::default() })
}

fn is_told(analysis: &Analysis) -> bool {
    analysis.diagnostics.iter().any(|found| found.code == "conversation")
}

#[test]
fn turns_of_a_conversation_are_joined_and_that_is_told() {
    let mut rng = Rng::new(3);
    let mut order = vec!["Ada"];
    while order.len() < 60 {
        let next = ["Ada", "Ben", "Cleo"][rng.below(3)];
        if order.last() != Some(&next) {
            order.push(next);
        }
    }
    let text = turns(|i| order[i]);
    let found = analysis(&text, Unit::Auto);
    assert!(is_told(&found), "{:?}", found.diagnostics);
    // Turns that stand together have the theme of their stretch.
    let theme = |turn: usize| found.memberships[turn].first().map(|own| own.theme);
    let changes = (1..found.segments.len()).filter(|&turn| theme(turn) != theme(turn - 1)).count();
    assert!(changes < 20, "{changes} changes");
    assert!(!is_told(&analysis(&text, Unit::Note)));
}

#[test]
fn two_who_alternate_converse_and_three_who_answer_in_turn_do_not() {
    assert!(is_told(&analysis(&turns(|i| ["Ada", "Ben"][i % 2]), Unit::Auto)));
    assert!(!is_told(&analysis(&turns(|i| ["Ada", "Ben", "Cleo"][i % 3]), Unit::Auto)));
}

#[test]
fn where_all_stretches_are_alike_the_turns_are_compared() {
    let turn = |i: usize| match i % 2 {
        0 => "Ada: we never have the budget\n\n",
        _ => "Ben: the budget is small, the time is short\n\n",
    };
    let found = analysis(&(0..100).map(turn).collect::<String>(), Unit::Auto);
    assert_eq!((found.themes.len(), is_told(&found)), (2, false), "{:?}", found.diagnostics);
}
