//! The values of a column in the order in which people would put them.

/// Brings values into their order: those with numbers by these, so that `2` comes before `10`. Where half of
/// these begin with one, such as ages, the first number of each says where it stands: `under 25` before `25–34`, `65 and
/// over` at the end, and what has no number after all.
pub(super) fn natural(values: &[&str]) -> impl Fn(&str) -> Key + use<> {
    let begin = values.iter().filter(|value| begins_with_number(value)).count();
    let have = values.iter().filter(|value| value.contains(|c: char| c.is_ascii_digit())).count();
    let are_ranges = 2 * begin >= have;
    move |value| {
        let parts = parts(value);
        let first = parts.iter().find_map(Part::number).filter(|_| are_ranges);
        let rank = (are_ranges && first.is_none(), first, are_ranges && begins_with_number(value));
        Key { rank, parts, value: value.to_owned() }
    }
}

/// Where a value stands: what comes first is smaller.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// Among ranges: that it has no number, its first number, and that nothing such as “under” stands before that.
    rank: (bool, Option<u64>, bool),
    parts: Vec<Part>,
    value: String,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

impl Part {
    fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

fn begins_with_number(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_digit())
}

/// The numbers of a value and what stands between them.
fn parts(value: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let is_number = begins_with_number(rest);
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (mut part, mut after) = rest.split_at(end);
        let mut digits = part.to_owned();
        while is_number && let Some(group) = thousands(after) {
            digits.push_str(group);
            (part, after) = after.split_at(1 + group.len());
        }
        // A number of too many digits is only long.
        let number = is_number.then(|| digits.parse().unwrap_or(u64::MAX));
        parts.push(number.map_or_else(|| Part::Text(part.to_owned()), Part::Number));
        rest = after;
    }
    parts
}

/// The three digits that a text begins with after a comma or a point, as in 10,000 or 10.000.
fn thousands(text: &str) -> Option<&str> {
    let after = text.strip_prefix([',', '.'])?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 3 { after.get(..digits) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'v>(values: &[&'v str]) -> Vec<&'v str> {
        let key = natural(values);
        let mut sorted = values.to_vec();
        sorted.sort_by_key(|value| key(value));
        sorted
    }

    #[test]
    fn values_stand_as_people_would_put_them() {
        for expected in [
            &["under 25", "25-34", "35-44", "45-64", "65 and over"][..],
            &["<25", "25–34", "35–44", "65+", "n/a"],
            &["under 500", "500-999", "1,000-9,999", "10,000 and more"],
            &["less than 1 year", "1-2 years", "3-10 years", "over 10 years", "no answer"],
            &["Round 2", "Round 10", "Round 10b"],
            &["Millfield", "Northgate", "Old Harbour"],
            &["1", "2", "10", "99999999999999999999999"],
            &["Été", "été 2", "été 10"],
        ] {
            let mut turned = expected.to_vec();
            turned.reverse();
            assert_eq!(sorted(&turned), expected);
        }
    }
}
