//! The turn that consumers of one queue take: it is tried and never waited for.
//! It does not know what it guards.

use crate::sync::{AtomicU8, Ordering};

const FREE: u8 = 0;
const TAKEN: u8 = 1;
/// Taken, and somebody who was turned away wants to be woken.
const CONTENDED: u8 = 2;

/// Free, taken, or contended.
#[derive(Debug)]
pub(crate) struct Gate(AtomicU8);

impl Gate {
    pub(crate) fn new() -> Self {
        Self(AtomicU8::new(FREE))
    }

    /// Takes the turn if it is free.
    #[inline]
    pub(crate) fn try_enter(&self) -> bool {
        // Acquire pairs with the release of `leave`.
        self.0.compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Takes the turn, or leaves word that the caller was turned away. The caller has registered
    /// before, so that the one who leaves finds it.
    pub(crate) fn enter_or_contend(&self) -> bool {
        loop {
            if self.try_enter() {
                return true;
            }
            for taken in [TAKEN, CONTENDED] {
                // A read-modify-write even if nothing changes: its release, paired with the acquire
                // of `leave`, shows the caller's registration to the one who leaves.
                if self
                    .0
                    .compare_exchange(
                        taken,
                        CONTENDED,
                        Ordering::AcqRel,
                        Ordering::Relaxed,
                    )
                    .is_ok()
                {
                    return false;
                }
            }
        }
    }

    /// Gives the turn back; `true` if somebody was turned away meanwhile.
    #[inline]
    pub(crate) fn leave(&self) -> bool {
        // Release to the next one who enters, acquire from those who contended.
        self.0.swap(FREE, Ordering::AcqRel) == CONTENDED
    }
}
