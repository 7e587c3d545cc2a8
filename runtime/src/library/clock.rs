//! `Clock`, `DateTime` as a namespace, and `Stopwatch`: what time it is, and how long
//! something took. Calendars are in `value/date.rs`.

use std::time::{Instant, UNIX_EPOCH};

use crate::clock;
use crate::value::{DateTime, Duration, Exception, Result, Show, Str};

/// The moment, in universal time.
pub fn now() -> DateTime {
    let ticks =
        |it: std::time::Duration| i64::try_from(it.as_nanos() / 100).unwrap_or(i64::MAX);
    match clock::date().duration_since(UNIX_EPOCH) {
        Ok(since) => DateTime::since_1970(ticks(since)),
        Err(before) => DateTime::since_1970(-ticks(before.duration())),
    }
}

/// The beginning of 1970.
pub fn unix_epoch() -> DateTime {
    DateTime::since_1970(0)
}

/// Reads a moment.
#[track_caller]
pub fn parse(text: Option<Str>) -> Result<DateTime> {
    match text.as_ref().and_then(|it| DateTime::read(it.as_str())) {
        Some(found) => Ok(found),
        None => {
            let text = text.map_or("null".to_owned(), |it| format!("`{}`", it.as_str()));
            let message = format!("{text} is no moment such as `2026-11-22 10:30:00`");
            Err(Exception::new("FormatException", message))
        }
    }
}

/// Reads a moment, or gives null.
pub fn try_parse(text: Option<Str>) -> Option<DateTime> {
    DateTime::read(text?.as_str())
}

/// Whether a year has 366 days.
pub fn is_leap_year(year: i32) -> bool {
    crate::value::is_leap(year.into())
}

/// How many days a month has.
#[track_caller]
pub fn days_in_month(year: i32, month: i32) -> Result<i32> {
    DateTime::new(year, month, 1)?;
    Ok(crate::value::days_in(year.into(), month.into()) as i32)
}

/// `Stopwatch`: runs since a moment, or stands; a copy goes on for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stopwatch {
    since: Option<Instant>,
    before: std::time::Duration,
}

/// A stopwatch that runs.
pub fn start_new() -> Stopwatch {
    let mut watch = Stopwatch::new();
    watch.start();
    watch
}

impl Stopwatch {
    /// One that stands at 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs from here on.
    pub fn start(&mut self) {
        self.since.get_or_insert_with(clock::now);
    }

    /// Stands still.
    pub fn stop(&mut self) {
        self.before = self.time();
        self.since = None;
    }

    /// Stands at 0.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Runs from 0 on.
    pub fn restart(&mut self) {
        self.reset();
        self.start();
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.since.is_some()
    }

    fn time(&self) -> std::time::Duration {
        self.before + self.since.map_or(std::time::Duration::ZERO, |it| clock::now() - it)
    }

    /// How long it has run.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(i64::try_from(self.time().as_nanos()).unwrap_or(i64::MAX))
    }

    /// How many whole milliseconds it has run.
    pub fn elapsed_milliseconds(&self) -> i64 {
        i64::try_from(self.time().as_millis()).unwrap_or(i64::MAX)
    }
}

impl Show for Stopwatch {
    fn show(&self, out: &mut String) {
        self.elapsed().show(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_stands() {
        assert!(now() > unix_epoch());
        let mut watch = start_new();
        assert!(watch.is_running());
        watch.stop();
        let time = watch.elapsed();
        assert_eq!((watch.elapsed(), watch.is_running()), (time, false));
        watch.restart();
        watch.reset();
        assert_eq!(watch.elapsed_milliseconds(), 0);
        assert_eq!(days_in_month(2024, 2), Ok(29));
        assert!(days_in_month(2024, 13).is_err() && is_leap_year(2000));
    }
}
