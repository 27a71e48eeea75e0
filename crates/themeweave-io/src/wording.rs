//! Numbers and quotes as people read them, the same on the terminal and in the report.

use themeweave::{Unit, VoiceKind};

/// A share as a whole percentage: `12 %`, `<1 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", whole(share))
}

/// A share in percent as a whole number: `12`, `<1`.
fn whole(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.995 { "<1".to_owned() } else { format!("{percent:.0}") }
}

/// Both ends of an interval of shares, with decimals where they would look the same: `7–43 %`, `<1–4 %`.
pub fn interval((low, high): (f64, f64)) -> String {
    let ends = [low, high].map(whole);
    let [low, high] =
        if ends[0] == ends[1] { [low, high].map(|end| format!("{:.1}", 100.0 * end)) } else { ends };
    format!("{low}–{high} %")
}

/// A stability, 0..=1, with two decimals: `0.95`.
pub fn stability(stability: f64) -> String {
    format!("{stability:.2}")
}

/// A number with commas between thousands: `1,234,567`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number and what is counted: `1 note`, `12,345 notes`.
pub fn count(number: usize, name: &str) -> String {
    format!("{} {name}{}", grouped(number), either(number, "", "s"))
}

/// The word that goes with one of what is counted, or the one that goes with none or several.
pub(crate) fn either<'a>(number: usize, one: &'a str, several: &'a str) -> &'a str {
    if number == 1 { one } else { several }
}

/// The number of speakers of some segments; of named ones, where most segments of the corpus have none.
pub fn speakers(number: usize, voices: VoiceKind) -> String {
    count(number, if voices == VoiceKind::Speaker { "speaker" } else { "named speaker" })
}

/// What a segment is called by those who wrote it: `note`, `sentence`.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Note => "note",
        Unit::Sentence => "sentence",
        Unit::Paragraph => "paragraph",
        Unit::Document => "document",
        _ => "segment",
    }
}

/// A quote in one pair of quotation marks: what it has of its own is not put around it again.
pub fn quoted(quote: &str) -> String {
    quoted_as(quote, quote)
}

/// The same with other words in its place, such as its first ones.
pub fn quoted_as(quote: &str, shown: &str) -> String {
    let (opened, closed) = own_marks(quote);
    format!("{}{shown}{}", if opened { "" } else { "“" }, if closed { "" } else { "”" })
}

/// Whether a quote needs no quotation mark before it, and none after it: it has both, or begins or ends within what
/// somebody says, so that one of a pair is its own and the other is not in it.
pub fn own_marks(quote: &str) -> (bool, bool) {
    const MARKS: [char; 9] = ['"', '“', '”', '„', '«', '»', '‘', '’', '\''];
    let quote = quote.trim();
    if quote.chars().nth(1).is_some() && quote.starts_with(MARKS) && quote.ends_with(MARKS) {
        return (true, true);
    }
    // Single marks may be apostrophes.
    let number = |marks: &[char]| quote.matches(marks).count();
    let is_odd = number(&['"']) % 2 == 1;
    let (opening, closing): (&[char], &[char]) = match quote {
        _ if quote.contains('„') => (&['„'], &['“', '”']),
        _ if quote.starts_with('»') || quote.ends_with('«') => (&['»'], &['«']),
        _ if quote.contains(['«', '»']) => (&['«'], &['»']),
        _ => (&['“'], &['”']),
    };
    let (opened, closed) = (number(opening), number(closing));
    (
        quote.starts_with('"') && is_odd || quote.starts_with(opening) && opened > closed,
        quote.ends_with('"') && is_odd || quote.ends_with(closing) && closed > opened,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!([0.0, 0.001, 0.01, 0.319, 1.0].map(percent), ["0 %", "<1 %", "1 %", "32 %", "100 %"]);
        assert_eq!(interval((0.074, 0.431)), "7–43 %");
        assert_eq!(interval((0.0471, 0.0528)), "4.7–5.3 %");
        assert_eq!(interval((0.0, 0.0428)), "0–4 %");
        assert_eq!(interval((0.0041, 0.0428)), "<1–4 %");
        assert_eq!(interval((0.0041, 0.0076)), "0.4–0.8 %");
        assert_eq!(interval((0.0076, 0.0128)), "<1–1 %");
        assert_eq!([count(1, "note"), count(1_234_567, "note")], ["1 note", "1,234,567 notes"]);
        assert_eq!([0, 1, 2].map(|number| either(number, "is", "are")), ["are", "is", "are"]);
        assert_eq!(speakers(2, VoiceKind::Speaker), "2 speakers");
        assert_eq!(speakers(1, VoiceKind::Document), "1 named speaker");
        assert_eq!(unit(Unit::Auto), "segment");
    }

    #[test]
    fn quotes_with_marks_of_their_own_need_no_others() {
        for whole in ["“The buses are late.”", "\"late\"", "«tard»", "„spät“", "‘late’"] {
            assert_eq!((own_marks(whole), quoted(whole)), ((true, true), whole.to_owned()));
        }
        // A quote within it, an apostrophe.
        for within in [
            "“Late,” she said.",
            "She said “late”",
            "\"Late,\" she said.",
            "buses",
            "’cause",
            "the drivers'",
            "",
        ] {
            assert_eq!((own_marks(within), quoted(within)), ((false, false), format!("“{within}”")));
        }
    }

    #[test]
    fn quotes_with_one_mark_of_their_own_get_the_other() {
        for (quote, expected) in [
            ("“The buses are late.", "“The buses are late.”"),
            ("and never come.”", "“and never come.”"),
            ("\"The buses are late.", "\"The buses are late.”"),
            ("„Der Bus kommt", "„Der Bus kommt”"),
            ("«Le bus", "«Le bus”"),
            ("der Bus«", "“der Bus«"),
            ("“Late,” she said, “and", "“Late,” she said, “and”"),
        ] {
            assert_eq!(quoted(quote), expected);
        }
    }
}
