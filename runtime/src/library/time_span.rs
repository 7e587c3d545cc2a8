//! `TimeSpan`: durations from numbers.
//! The type itself is in `value/duration.rs`.

use crate::value::Duration;

/// No time at all.
pub fn zero() -> Duration {
    Duration::default()
}

/// From nanoseconds.
pub fn from_nanoseconds(value: f64) -> Duration {
    Duration::from_units(value, 1.0)
}

/// From microseconds.
pub fn from_microseconds(value: f64) -> Duration {
    Duration::from_units(value, 1e3)
}

/// From milliseconds.
pub fn from_milliseconds(value: f64) -> Duration {
    Duration::from_units(value, 1e6)
}

/// From seconds.
pub fn from_seconds(value: f64) -> Duration {
    Duration::from_units(value, 1e9)
}

/// From minutes.
pub fn from_minutes(value: f64) -> Duration {
    Duration::from_units(value, 6e10)
}

/// From hours.
pub fn from_hours(value: f64) -> Duration {
    Duration::from_units(value, 3.6e12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_durations() {
        let second = Duration::from_nanos(1_000_000_000);
        assert_eq!(from_nanoseconds(1e9), second);
        assert_eq!(from_microseconds(1e6), second);
        assert_eq!(from_milliseconds(1000.0), second);
        assert_eq!(from_seconds(1.0), second);
        assert_eq!(from_minutes(0.5), 30 * second);
        assert_eq!(from_hours(-1.0) + 3600 * second, zero());
    }
}
