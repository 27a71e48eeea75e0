//! Times of a recording as transcripts and captions write them.

use themeweave::TimeSpan;

/// A time that stands at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Milliseconds from the beginning of the recording.
    pub(super) milliseconds: u32,
    /// Bytes that it takes.
    pub(super) length: usize,
    /// Two for minutes and seconds, three with hours.
    pub(super) parts: usize,
    /// Whether parts of a second are given.
    pub(super) has_fraction: bool,
}

/// The time at the beginning of a text: `1:02:03.5`, `02:03`, `00:02:03,500`. Two parts are minutes and
/// seconds. No letter or digit may follow at once; `None` beyond 1,190 hours.
pub(super) fn clock(text: &str) -> Option<Clock> {
    let mut parts: Vec<u32> = Vec::with_capacity(3);
    let mut length = 0;
    while parts.len() < 3 {
        let digits = digits(&text[length..]);
        if digits == 0 || digits > if parts.is_empty() { 4 } else { 2 } {
            return None;
        }
        parts.push(text[length..length + digits].parse().ok()?);
        length += digits;
        match text[length..].strip_prefix(':') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => length += 1,
            _ => break,
        }
    }
    let (&seconds, before) = parts.split_last()?;
    let (hours, minutes) = match *before {
        [minutes] => (0, minutes),
        [hours, minutes] if minutes < 60 => (hours, minutes),
        _ => return None,
    };
    let mut milliseconds = 0;
    let mut has_fraction = false;
    if let Some(fraction) = text[length..].strip_prefix(['.', ',']) {
        let digits = digits(fraction);
        has_fraction = (1..=3).contains(&digits);
        if has_fraction {
            milliseconds = format!("{:0<3}", &fraction[..digits]).parse().ok()?;
            length += 1 + digits;
        }
    }
    if seconds >= 60 || text[length..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let seconds = hours.checked_mul(3600)?.checked_add(minutes * 60)?.checked_add(seconds)?;
    let milliseconds = seconds.checked_mul(1000)?.checked_add(milliseconds)?;
    Some(Clock { milliseconds, length, parts: parts.len(), has_fraction })
}

/// The times of a line such as `00:01.000 --> 00:02.500 align:start`, and what follows them. An end
/// before the beginning is not taken.
pub(super) fn timing(line: &str) -> Option<(Timing, &str)> {
    let line = line.trim_start();
    let start = clock(line)?;
    let rest = line[start.length..].trim_start().strip_prefix("-->")?.trim_start();
    let end = clock(rest)?;
    let after = &rest[end.length..];
    let time = TimeSpan {
        start: start.milliseconds,
        end: Some(end.milliseconds).filter(|&end| end >= start.milliseconds),
    };
    Some((Timing { time, is_exact: start.has_fraction && end.has_fraction }, after))
}

/// When something begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timing {
    pub(super) time: TimeSpan,
    /// Whether both are given to parts of a second.
    pub(super) is_exact: bool,
}

/// Number of digits at the beginning of a text.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_kinds() {
        for (text, milliseconds, length) in [
            ("00:01:02.340 x", 62_340, 12),
            ("1:02:03", 3_723_000, 7),
            ("0:15  ", 15_000, 4),
            ("75:00]", 4_500_000, 5),
            ("0:0:5.100", 5_100, 9),
            ("00:01,5 ", 1_500, 7),
            ("10:30. And", 630_000, 5),
            ("1190:00:00", 4_284_000_000, 10),
        ] {
            let found = clock(text).unwrap();
            assert_eq!((found.milliseconds, found.length), (milliseconds, length), "{text}");
        }
        for text in
            ["", "12", "12:", "10:30am", "10:60", "1:60:00", "1:2:3:4x", "10:300", "9999:00:00", ":10"]
        {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn timing_lines() {
        let (found, after) = timing(" 00:01.000 --> 00:02.500 align:start").unwrap();
        assert_eq!((found.time.start, found.time.end, found.is_exact), (1000, Some(2500), true));
        assert_eq!(after, " align:start");
        assert_eq!(timing("00:02.000-->00:01.000").unwrap().0.time.end, None);
        assert!(!timing("00:02 --> 00:03").unwrap().0.is_exact);
        for line in ["00:01.000 -> 00:02.000", "00:01.000 -->", "we said --> 00:02.000"] {
            assert_eq!(timing(line), None, "{line}");
        }
    }
}
