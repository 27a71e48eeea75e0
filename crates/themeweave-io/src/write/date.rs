//! Columns of dates, and the periods by which to count them.

/// A day, month or year as tables write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    year: u16,
    /// 0 where only the year is known.
    month: u8,
    /// 0 where only the month is known.
    day: u8,
}

/// Most periods of a table.
const MOST: usize = 24;

impl Date {
    /// `2025-03-04` with or without a time behind, `2025/03/04`, `04.03.2025`, `2025-03` or `2025`.
    /// `03/04/2025` is no date here, for it says two things.
    fn parse(text: &str) -> Option<Self> {
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
            (&[year, month, day], Some('-' | '/')) => (year, month, day),
            (&[year, month], Some('-' | '/')) => (year, month, 0),
            (&[year], None) => (year, 0, 0),
            _ => return None,
        };
        let is_date = (1000..=2999).contains(&year) && month <= 12 && day <= 31 && (month > 0 || day == 0);
        is_date.then_some(Self { year, month: month as u8, day: day as u8 })
    }

    /// The period of each value of a column in which nine of ten values are dates: days, months or years,
    /// the shortest that are not too many; `None` for other columns.
    pub(super) fn periods(values: &[Option<&str>]) -> Option<Vec<Option<String>>> {
        let dates: Vec<Option<Date>> = values.iter().map(|value| value.and_then(Self::parse)).collect();
        let given = values.iter().flatten().count();
        let known = dates.iter().flatten().count();
        if known == 0 || 10 * known < 9 * given {
            return None;
        }
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
            assert_eq!(Date::parse(text).unwrap().to_string(), expected, "{text}");
        }
        for text in
            ["", "03/04/2025", "2025-13-01", "5", "25-44", "12.5", "2025-03-", "north", "-", "１９９９"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
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
