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

/// Whether a quote begins and ends with quotation marks, so that it needs none around it.
pub fn has_marks(quote: &str) -> bool {
    const MARKS: [char; 9] = ['"', '“', '”', '„', '«', '»', '‘', '’', '\''];
    quote.len() > 1 && quote.starts_with(MARKS) && quote.ends_with(MARKS)
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
        assert!(["“The buses are late.”", "\"late\"", "«tard»"].into_iter().all(has_marks));
        assert!(!["“Late,” she said.", "buses", "\"", ""].into_iter().any(has_marks));
    }
}
