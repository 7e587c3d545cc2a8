//! `DateTime`: a moment of the calendar that everybody uses, in universal time.
//! There are no time zones. What time it is now, `library/clock.rs` knows.

use super::{Duration, Exception, Result, Show, Str};

/// A moment, in steps of 100 nanoseconds from the beginning of year 1 to the end of year 9999.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime(i64);

const SECOND: i64 = 10_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Days from the beginning of year 1 to the beginning of 1970.
const DAYS_TO_1970: i64 = 719_162;
const LAST: i64 = 3_652_059 * DAY - 1;

/// Whether a year has 366 days.
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has.
pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the beginning of year 1 to the beginning of `year`.
fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

#[track_caller]
fn outside(what: &str) -> Exception {
    Exception::new(
        "ArgumentOutOfRangeException",
        format!("{what} is no moment of a calendar"),
    )
}

impl DateTime {
    #[track_caller]
    fn of_ticks(ticks: Option<i64>) -> Result<Self> {
        match ticks.filter(|it| (0..=LAST).contains(it)) {
            Some(ticks) => Ok(Self(ticks)),
            None => Err(outside("what comes before year 1 or behind year 9999")),
        }
    }

    /// From steps of 100 nanoseconds since 1970.
    pub(crate) fn since_1970(ticks: i64) -> Self {
        Self(ticks.saturating_add(DAYS_TO_1970 * DAY).clamp(0, LAST))
    }

    /// The beginning of a day.
    #[track_caller]
    pub fn new(year: i32, month: i32, day: i32) -> Result<Self> {
        Self::with_time(year, month, day, 0, 0, 0)
    }

    /// A second of a day.
    #[track_caller]
    pub fn with_time(
        year: i32,
        month: i32,
        day: i32,
        hour: i32,
        minute: i32,
        second: i32,
    ) -> Result<Self> {
        let [year, month, day, hour, minute, second] =
            [year, month, day, hour, minute, second].map(i64::from);
        let fits = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        if !fits {
            return Err(outside(&format!(
                "{year}-{month}-{day} {hour}:{minute}:{second}"
            )));
        }
        let months: i64 = (1..month).map(|it| days_in(year, it)).sum();
        let days = days_before(year) + months + day - 1;
        Ok(Self(days * DAY + (hour * 3600 + minute * 60 + second) * SECOND))
    }

    /// Year, month and day.
    fn parts(self) -> (i64, i64, i64) {
        let days = self.0 / DAY;
        // Never too late: an average year has 365.2425 days.
        let mut year = days * 10_000 / 3_652_425 + 1;
        while days_before(year + 1) <= days {
            year += 1;
        }
        while days_before(year) > days {
            year -= 1;
        }
        let mut rest = days - days_before(year);
        let mut month = 1;
        while rest >= days_in(year, month) {
            rest -= days_in(year, month);
            month += 1;
        }
        (year, month, rest + 1)
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.parts().0 as i32
    }

    /// The month, from 1.
    pub fn month(&self) -> i32 {
        self.parts().1 as i32
    }

    /// The day of the month, from 1.
    pub fn day(&self) -> i32 {
        self.parts().2 as i32
    }

    /// The hour.
    pub fn hour(&self) -> i32 {
        (self.0 / (3600 * SECOND) % 24) as i32
    }

    /// The minute.
    pub fn minute(&self) -> i32 {
        (self.0 / (60 * SECOND) % 60) as i32
    }

    /// The second.
    pub fn second(&self) -> i32 {
        (self.0 / SECOND % 60) as i32
    }

    /// The thousandths of the second.
    pub fn millisecond(&self) -> i32 {
        (self.0 / 10_000 % 1000) as i32
    }

    /// The day of the year, from 1.
    pub fn day_of_year(&self) -> i32 {
        let year = self.parts().0;
        (self.0 / DAY - days_before(year) + 1) as i32
    }

    /// The name of the day.
    pub fn day_name(&self) -> Str {
        const NAMES: [&str; 7] = [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ];
        Str::lit(NAMES[(self.0 / DAY % 7) as usize])
    }

    /// The beginning of the day.
    pub fn date(&self) -> Self {
        Self(self.0 / DAY * DAY)
    }

    /// How long the day has lasted.
    pub fn time_of_day(&self) -> Duration {
        Duration::from_nanos(self.0 % DAY * 100)
    }

    /// Later by `length`.
    #[track_caller]
    pub fn plus(&self, length: Duration) -> Result<Self> {
        Self::of_ticks(self.0.checked_add(length.as_nanos() / 100))
    }

    /// Later by days of 24 hours, and parts of them.
    #[track_caller]
    pub fn add_days(&self, days: f64) -> Result<Self> {
        let ticks = days * DAY as f64;
        let fits = ticks.abs() < LAST as f64;
        Self::of_ticks(fits.then(|| self.0 + ticks.round() as i64))
    }

    /// The same day some months later, or the last one of a shorter month.
    #[track_caller]
    pub fn add_months(&self, months: i32) -> Result<Self> {
        let (year, month, day) = self.parts();
        let total = year * 12 + month - 1 + i64::from(months);
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
        if !(1..=9999).contains(&year) {
            return Self::of_ticks(None);
        }
        let day = day.min(days_in(year, month));
        let date = Self::new(year as i32, month as i32, day as i32)?;
        Ok(Self(date.0 + self.0 % DAY))
    }

    /// The same day some years later, or 28 February.
    #[track_caller]
    pub fn add_years(&self, years: i32) -> Result<Self> {
        match years.checked_mul(12) {
            Some(months) => self.add_months(months),
            None => Self::of_ticks(None),
        }
    }

    /// How much later this is than `other`.
    #[track_caller]
    pub fn since(&self, other: Self) -> Result<Duration> {
        match (self.0 - other.0).checked_mul(100) {
            Some(nanos) => Ok(Duration::from_nanos(nanos)),
            None => Err(Exception::new(
                "OverflowException",
                "the moments lie further apart than 292 years",
            )),
        }
    }

    /// As text by a format of `yyyy MM dd HH mm ss fff`; everything else stands for itself.
    pub fn to_text_format(&self, format: Str) -> Str {
        let (year, month, day) = self.parts();
        let parts = [
            ("yyyy", format!("{year:04}")),
            ("MM", format!("{month:02}")),
            ("dd", format!("{day:02}")),
            ("HH", format!("{:02}", self.hour())),
            ("mm", format!("{:02}", self.minute())),
            ("ss", format!("{:02}", self.second())),
            ("fff", format!("{:03}", self.millisecond())),
        ];
        let (mut out, mut rest) = (String::new(), format.as_str());
        while let Some(next) = rest.chars().next() {
            match parts.iter().find(|it| rest.starts_with(it.0)) {
                Some((word, text)) => {
                    out.push_str(text);
                    rest = &rest[word.len()..];
                }
                None => {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        Str::from(out)
    }

    /// `2026-11-22`, `2026-11-22 10:30` or `2026-11-22T10:30:15`, `None` for other text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.trim().split_once(['T', ' ']) {
            Some((date, time)) => (date, Some(time.trim_end_matches('Z'))),
            None => (text.trim(), None),
        };
        let numbers = |text: &str, mark: char| -> Option<Vec<i32>> {
            let digits = |it: &str| {
                let plain = !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
                plain.then(|| it.parse().ok())?
            };
            text.split(mark).map(digits).collect()
        };
        let [year, month, day] = numbers(date, '-')?[..] else { return None };
        let time = time.map_or(Some(vec![0, 0, 0]), |it| numbers(it, ':'))?;
        let (hour, minute, second) = match time[..] {
            [hour, minute] => (hour, minute, 0),
            [hour, minute, second] => (hour, minute, second),
            _ => return None,
        };
        Self::with_time(year, month, day, hour, minute, second).ok()
    }
}

impl Show for DateTime {
    fn show(&self, out: &mut String) {
        out.push_str(self.to_text_format(Str::lit("yyyy-MM-dd HH:mm:ss")).as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_str;

    #[test]
    fn knows_the_calendar() {
        let shown = |it: DateTime| to_str(&it).as_str().to_owned();
        assert_eq!(shown(DateTime::since_1970(0)), "1970-01-01 00:00:00");
        let day = DateTime::with_time(2024, 2, 29, 23, 59, 59).unwrap();
        assert_eq!(shown(day.add_years(1).unwrap()), "2025-02-28 23:59:59");
        assert_eq!(shown(day.add_months(-12).unwrap()), "2023-02-28 23:59:59");
        assert_eq!(
            shown(day.plus(Duration::from_nanos(1_000_000_000)).unwrap()),
            "2024-03-01 00:00:00"
        );
        assert_eq!((day.day_of_year(), day.day_name().as_str()), (60, "Thursday"));
        assert!(DateTime::new(2023, 2, 29).is_err() && day.add_years(9000).is_err());
        for days in (0..3_652_059).step_by(97) {
            let it = DateTime(days * DAY);
            assert_eq!(DateTime::new(it.year(), it.month(), it.day()), Ok(it));
        }
        assert_eq!(shown(DateTime(LAST)), "9999-12-31 23:59:59");
        assert_eq!(DateTime::read("2024-02-29T23:59:59Z"), Some(day));
        assert_eq!(DateTime::read("2024-02-30"), None);
        assert_eq!(DateTime::read("2024-2"), None);
    }
}
