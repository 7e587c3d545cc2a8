//! Whether the future of an activity is there, and in use. It does not know where that is.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::sync::finally::Finally;

/// For the one who runs the strand. Loom does not follow it.
pub(super) struct State(AtomicU8);

const GONE: u8 = 0;
const THERE: u8 = 1;
const IN_USE: u8 = 2;

impl State {
    pub(super) fn new() -> Self {
        Self(AtomicU8::new(THERE))
    }

    #[inline(always)]
    pub(super) fn is_there(&self) -> bool {
        // Relaxed, here and below: what hands the strand from one worker to the next orders it.
        self.0.load(Ordering::Relaxed) != GONE
    }

    /// Uses the future, if it is there and not in use.
    #[inline(always)]
    pub(super) fn use_it<R>(&self, body: impl FnOnce() -> R) -> Option<R> {
        self.use_and_leave(THERE, body)
    }

    /// Uses the future for the last time, if it is there and not in use.
    pub(super) fn use_up<R>(&self, body: impl FnOnce() -> R) -> Option<R> {
        self.use_and_leave(GONE, body)
    }

    #[inline(always)]
    fn use_and_leave<R>(&self, leaves: u8, body: impl FnOnce() -> R) -> Option<R> {
        if self.0.load(Ordering::Relaxed) != THERE {
            return None;
        }
        self.0.store(IN_USE, Ordering::Relaxed);
        let _finally = Finally(
            #[inline(always)]
            move || self.0.store(leaves, Ordering::Relaxed),
        );
        Some(body())
    }
}
