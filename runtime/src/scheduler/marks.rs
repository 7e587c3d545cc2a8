//! What is said of a strand in one byte. It says nothing itself of what follows.

use crate::sync::Ordering;

/// Marks of a strand that has not started, or for the worker that runs it. Loom does not follow them.
pub(super) struct Marks(std::sync::atomic::AtomicU8);

/// The first activity is all that there ever was, and lives.
pub(super) const LONE: u8 = 1;
/// Taken out of the word, not yet polled: the first activity.
pub(super) const FIRST_IS_READY: u8 = 2;
/// It has led a port of its own channel into a network.
pub(super) const SERVES: u8 = 4;
/// It lives in a domain, whose state others have too.
pub(super) const SHARES: u8 = 8;
pub(super) const OVER: u8 = 16;

impl Marks {
    pub(super) fn new(marks: u8) -> Self {
        Self(std::sync::atomic::AtomicU8::new(marks))
    }

    #[inline(always)]
    pub(super) fn has(&self, mark: u8) -> bool {
        // Relaxed, here and below: what hands the strand from one worker to the next orders it.
        self.0.load(Ordering::Relaxed) & mark != 0
    }

    /// No read-modify-write.
    #[inline(always)]
    pub(super) fn set(&self, mark: u8, to: bool) {
        let others = self.0.load(Ordering::Relaxed) & !mark;
        self.0.store(if to { others | mark } else { others }, Ordering::Relaxed);
    }

    /// Whether it was set; it is not then.
    pub(super) fn take(&self, mark: u8) -> bool {
        let had = self.has(mark);
        self.set(mark, false);
        had
    }
}
