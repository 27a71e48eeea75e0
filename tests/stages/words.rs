//! Text to words.

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<&str> = themeweave::words(text).map(|span| &text[span]).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn words_are_those_of_uax_29() {
    check("The bus, it's late!", &["The", "bus", "it's", "late"]);
    check("3.5 km for 1,000 people_only", &["3.5", "km", "for", "1,000", "people_only"]);
    check("long-term", &["long", "term"]);
    check("e.g. the U.S.A.", &["e.g", "the", "U.S.A"]);
    check("na\u{ef}ve cafe\u{301} l\u{2019}eau", &["na\u{ef}ve", "cafe\u{301}", "l\u{2019}eau"]);
    check(
        "\u{4e16}\u{754c} \u{1f68c} \u{43c}\u{438}\u{440}",
        &["\u{4e16}", "\u{754c}", "\u{43c}\u{438}\u{440}"],
    );
}

#[test]
fn what_is_no_language_is_no_word() {
    check("see https://a.example/b?c=d, or www.b.example. Yes", &["see", "or", "Yes"]);
    check("ask a.b+c@d.example now", &["ask", "now"]);
    check("<p class=\"x\">text</p><br/>more", &["text", "more"]);
    check("fish &amp; chips &#8211; now", &["fish", "chips", "now"]);
    check("[the plan](plan.md#buses) holds", &["the", "plan", "holds"]);
}

#[test]
fn what_only_looks_like_it_stays() {
    check("a < b and c > d", &["a", "b", "and", "c", "d"]);
    check("R&D @home #now http", &["R", "D", "home", "now", "http"]);
    check("f(x) [1] (2)", &["f", "x", "1", "2"]);
}

#[test]
fn nothing_to_find() {
    for text in ["", " ", "\n\t", "...", "---", "\u{1f68c}", "\u{0}", "\u{301}"] {
        check(text, &[]);
    }
}
