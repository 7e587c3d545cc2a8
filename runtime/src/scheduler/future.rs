//! Whether the future of an activity is there, and in use, and what else is said of a block. It does not know where
//! that is.

use std::sync::atomic::{AtomicU8, Ordering};

use super::marks::{LONE, Marks};
use crate::sync::finally::Finally;

/// What is said of a block and its strand, beside its count since there is room.
pub(super) struct Flags {
    pub(super) future: State,
    /// It is that of a strand; else that of an activity for one.
    pub(super) is_first: bool,
    pub(super) marks: Marks,
}

impl Flags {
    /// Of a new block.
    #[inline(always)]
    pub(super) fn new(is_first: bool) -> Self {
        Self { future: State::new(), is_first, marks: Marks::new(LONE) }
    }
}

/// For the one who runs the strand. Loom does not follow it.
pub(super) struct State(AtomicU8);

const GONE: u8 = 0;
const THERE: u8 = 1;
const IN_USE: u8 = 2;

impl State {
    fn new() -> Self {
        Self(AtomicU8::new(THERE))
    }

    #[inline(always)]
    pub(super) fn is_there(&self) -> bool {
        // Relaxed, here and below: what hands the strand from one worker to the next orders it.
        self.0.load(Ordering::Relaxed) != GONE
    }

    /// Uses the future, if it is there and not in use; for the last time, unless it `stays`.
    #[inline(always)]
    pub(super) fn use_it<R>(&self, stays: bool, body: impl FnOnce() -> R) -> Option<R> {
        let leaves = if stays { THERE } else { GONE };
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
