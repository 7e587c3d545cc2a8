//! What time it is: the system's, or for the systematic scheduler one that only its steps move.
//! It waits for nothing; `time` does.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Set for good when time is virtual.
static VIRTUAL: OnceLock<Virtual> = OnceLock::new();

struct Virtual {
    began: Instant,
    /// Nanoseconds since then.
    passed: AtomicU64,
}

/// What virtual days begin with, in seconds since 1970: 1 January 2000.
const FIRST_DAY: u64 = 946_684_800;

/// The moment, for measuring.
pub(crate) fn now() -> Instant {
    match VIRTUAL.get() {
        None => Instant::now(),
        Some(time) => time.began + time.passed(),
    }
}

/// The moment, for people.
pub(crate) fn date() -> SystemTime {
    match VIRTUAL.get() {
        None => SystemTime::now(),
        Some(time) => UNIX_EPOCH + Duration::from_secs(FIRST_DAY) + time.passed(),
    }
}

/// From now on time passes only by [`advance`].
pub(crate) fn make_virtual() {
    // A second call changes nothing.
    let _ = VIRTUAL.set(Virtual { began: Instant::now(), passed: AtomicU64::new(0) });
}

/// Virtual time goes on to `moment`, unless it is later already.
pub(crate) fn advance(moment: Instant) {
    if let Some(time) = VIRTUAL.get() {
        let since = moment.saturating_duration_since(time.began).as_nanos();
        // Relaxed: one thread writes and reads it; others only ask what time it is.
        time.passed
            .fetch_max(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Virtual {
    fn passed(&self) -> Duration {
        Duration::from_nanos(self.passed.load(Ordering::Relaxed))
    }
}
