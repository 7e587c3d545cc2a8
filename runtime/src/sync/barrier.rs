//! A barrier in all threads of the process at once: one pays for it, the others nothing.
//! It does not decide who needs it. Where the system has none, nobody is to rely on one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::membarrier::membarrier;

const PRIVATE_EXPEDITED: usize = 1 << 3;
const REGISTER_PRIVATE_EXPEDITED: usize = 1 << 4;

static IS_THERE: AtomicBool = AtomicBool::new(false);

/// Asks the system for it. It answers at once while the process has one thread, and later waits some milliseconds.
pub(super) fn register() {
    if membarrier(REGISTER_PRIVATE_EXPEDITED) {
        // Relaxed, here and below: nothing is read because of it.
        IS_THERE.store(true, Ordering::Relaxed);
    }
}

/// Whether there is one, and it was asked for.
pub(super) fn is_there() -> bool {
    IS_THERE.load(Ordering::Relaxed)
}

/// All other threads pass a barrier before this returns, at some place in what they do. Only where there is one.
pub(super) fn in_all_threads() {
    // It fails only while the system has no memory for it.
    while !membarrier(PRIVATE_EXPEDITED) {
        std::thread::yield_now();
    }
}
