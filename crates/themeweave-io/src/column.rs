//! What the values of a column are: dates, with the periods by which to count them, or groups.

use std::cmp::Ordering;

/// Most different values of a column that makes groups.
const MOST_GROUPS: usize = 20;

/// Whether values make groups: there are several, but few different ones, and each is given twice on average.
pub(crate) fn are_groups(values: &[Option<&str>]) -> bool {
    let mut different: Vec<&str> = values.iter().flatten().copied().collect();
    let given = different.len();
    different.sort_unstable();
    different.dedup();
    (2..=MOST_GROUPS).contains(&different.len()) && given >= 2 * different.len()
}

/// A day, month or year as tables write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    year: u16,
    /// 0 where only the year is known.
    month: u8,
    /// 0 where only the month is known.
    day: u8,
}

/// Most periods of a table.
const MOST: usize = 24;

/// Which number of `03/04/2025` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

impl Date {
    /// `2025-03-04` with or without a time behind, `2025/03/04`, `04.03.2025`, `2025-03` or a year from
    /// 1900 to 2099; `03/04/2025` where the order is known.
    fn parse(text: &str, order: Option<Order>) -> Option<Self> {
        let day = text.split(['T', ' ']).next()?;
        let separator = ['-', '/', '.'].into_iter().find(|&separator| day.contains(separator));
        let parts: Vec<&str> = match separator {
            Some(separator) => day.split(separator).collect(),
            None => vec![day],
        };
        let is_number =
            |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !parts.iter().all(is_number) {
            return None;
        }
        let numbers: Vec<u16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        let (year, month, day) = match (numbers.as_slice(), separator) {
            (&[day, month, year], Some('.')) => (year, month, day),
            (&[first, second, year], Some('/')) if year > 31 => match order? {
                Order::DayFirst => (year, second, first),
                Order::MonthFirst => (year, first, second),
            },
            (&[year, month, day], Some('-' | '/')) => (year, month, day),
            (&[year, month], Some('-' | '/')) => (year, month, 0),
            (&[year @ 1900..=2099], None) => (year, 0, 0),
            _ => return None,
        };
        let is_date = (1000..=2999).contains(&year) && month <= 12 && day <= 31 && (month > 0 || day == 0);
        is_date.then_some(Self { year, month: month as u8, day: day as u8 })
    }

    /// The dates of a column in which nine of ten values are dates, one of the first ten among them; `None`
    /// for other columns. Whether `03/04/2025` is in March or April is told by the other values: no month is
    /// greater than 12.
    fn column(values: &[Option<&str>]) -> Option<Vec<Option<Self>>> {
        const LOOKED_AT: usize = 10;
        let orders = [None, Some(Order::DayFirst), Some(Order::MonthFirst)];
        let may_be_date = |value: &str| orders.iter().any(|&order| Self::parse(value, order).is_some());
        if !values.iter().flatten().take(LOOKED_AT).any(|value| may_be_date(value)) {
            return None;
        }
        let parsed = |order| -> Vec<Option<Self>> {
            values.iter().map(|value| value.and_then(|value| Self::parse(value, order))).collect()
        };
        let known = |dates: &[Option<Self>]| dates.iter().flatten().count();
        let [day_first, month_first] = [Order::DayFirst, Order::MonthFirst].map(|order| parsed(Some(order)));
        let dates = match known(&day_first).cmp(&known(&month_first)) {
            Ordering::Greater => day_first,
            Ordering::Less => month_first,
            Ordering::Equal => parsed(None),
        };
        let given = values.iter().flatten().count();
        (known(&dates) > 0 && 10 * known(&dates) >= 9 * given).then_some(dates)
    }

    /// Whether the values are those of a column of dates.
    pub(crate) fn are(values: &[Option<&str>]) -> bool {
        Self::column(values).is_some()
    }

    /// The period of each value of a column of dates: days, months or years, the shortest that are not too
    /// many; `None` for other columns.
    pub(crate) fn periods(values: &[Option<&str>]) -> Option<Vec<Option<String>>> {
        let dates = Self::column(values)?;
        let at = |date: Date, detail: u8| match detail {
            2 => date,
            1 => Date { day: 0, ..date },
            _ => Date { month: 0, day: 0, ..date },
        };
        let periods = |detail: u8| {
            let mut all: Vec<Date> = dates.iter().flatten().map(|&date| at(date, detail)).collect();
            all.sort_unstable();
            all.dedup();
            all.len()
        };
        let detail = [2, 1].into_iter().find(|&detail| periods(detail) <= MOST).unwrap_or(0);
        Some(dates.iter().map(|date| date.map(|date| at(date, detail).to_string())).collect())
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { year, month: 0, .. } => write!(f, "{year}"),
            Self { year, month, day: 0 } => write!(f, "{year}-{month:02}"),
            Self { year, month, day } => write!(f, "{year}-{month:02}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_tables_write_them() {
        for (text, expected) in [
            ("2025-03-04", "2025-03-04"),
            ("2025-03-04T10:00:00Z", "2025-03-04"),
            ("2025/3/4 10:00", "2025-03-04"),
            ("4.3.2025", "2025-03-04"),
            ("2025-03", "2025-03"),
            ("2025", "2025"),
        ] {
            assert_eq!(Date::parse(text, None).unwrap().to_string(), expected, "{text}");
        }
        for text in [
            "",
            "03/04/2025",
            "2025-13-01",
            "5",
            "1001",
            "25-44",
            "12.5",
            "2025-03-",
            "north",
            "-",
            "１９９９",
        ] {
            assert_eq!(Date::parse(text, None), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_told_by_the_column() {
        let periods = |values: [&str; 2]| Date::periods(&values.map(Some));
        let dates = |values: [&str; 2]| Some(values.map(|value| Some(value.to_owned())).to_vec());
        assert_eq!(periods(["03/04/2025 10:05", "13/04/2025"]), dates(["2025-04-03", "2025-04-13"]));
        assert_eq!(periods(["3/4/2025", "3/14/2025 9:00 AM"]), dates(["2025-03-04", "2025-03-14"]));
        assert_eq!(periods(["03/04/2025", "05/06/2025"]), None);
        assert_eq!(periods(["13/04/2025", "04/13/2025"]), None);
    }

    #[test]
    fn groups_are_few_and_given_again() {
        let groups =
            |values: &[&str]| are_groups(&values.iter().map(|&value| Some(value)).collect::<Vec<_>>());
        assert!(groups(&["north", "south", "north", "south"]));
        assert!(!groups(&[]) && !groups(&["x", "x"]) && !groups(&["a", "b", "b"]));
        let many: Vec<String> = (0..100).map(|i| (i % 25).to_string()).collect();
        assert!(!groups(&many.iter().map(String::as_str).collect::<Vec<_>>()));
    }

    #[test]
    fn periods_are_not_too_many() {
        let days: Vec<String> = (1..=28).map(|day| format!("2025-03-{day:02}")).collect();
        let column = |days: &[String]| {
            let values: Vec<Option<&str>> = days.iter().map(|day| Some(day.as_str())).collect();
            let mut periods = Date::periods(&values).unwrap();
            periods.dedup();
            periods.len()
        };
        assert_eq!((column(&days[..5]), column(&days)), (5, 1));
        assert_eq!(Date::periods(&[Some("2025"), Some("north"), None]), None);
        assert_eq!(Date::periods(&[None]), None);
    }
}
