//! The state of an agent: touched only by the worker that runs the agent's strand.
//! It does not wait and does not lock; a wrong use panics.

use crate::scheduler::current;
use crate::scheduler::strand::Strand;
use crate::sync::{AtomicU32, Cell, Ordering};

/// The fields of an agent, until it ends.
pub(super) struct StateCell<A> {
    value: Cell<Option<A>>,
    /// How many readers use it now, or `WRITER`.
    uses: AtomicU32,
}

const WRITER: u32 = u32::MAX;

// SAFETY: the cell is touched only after `check`, that is by the one worker that runs the strand;
// `A: Send` lets that be another worker each time.
unsafe impl<A: Send> Sync for StateCell<A> {}

impl<A> StateCell<A> {
    pub(super) fn new(state: A) -> Self {
        Self { value: Cell::new(Some(state)), uses: AtomicU32::new(0) }
    }

    /// After this, the caller is on the one thread that may touch the cell.
    fn check(&self, strand: &Strand) {
        assert!(
            current::is_on(strand),
            "the state of an agent is used outside of the agent"
        );
    }

    /// Relaxed: on the strand.
    fn use_as(&self, writes: bool) -> Uses<'_> {
        let before = self.uses.load(Ordering::Relaxed);
        let is_free = if writes { before == 0 } else { before != WRITER };
        assert!(is_free, "the state of an agent is used while it is being changed");
        self.uses.store(if writes { WRITER } else { before + 1 }, Ordering::Relaxed);
        Uses { uses: &self.uses, before }
    }

    pub(super) fn read<R>(&self, strand: &Strand, read: impl FnOnce(&A) -> R) -> R {
        self.check(strand);
        let _uses = self.use_as(false);
        self.value.with(|value| {
            // SAFETY: on the strand, and the counter keeps writers out.
            match unsafe { &*value } {
                Some(state) => read(state),
                None => panic!("the state of an agent is used after its end"),
            }
        })
    }

    pub(super) fn write<R>(&self, strand: &Strand, write: impl FnOnce(&mut A) -> R) -> R {
        self.check(strand);
        let _uses = self.use_as(true);
        self.value.with_mut(|value| {
            // SAFETY: on the strand, and the counter keeps all others out.
            match unsafe { &mut *value } {
                Some(state) => write(state),
                None => panic!("the state of an agent is used after its end"),
            }
        })
    }

    /// Drops the state at the end of the agent.
    pub(super) fn clear(&self, strand: &Strand) {
        self.check(strand);
        let state = {
            let _uses = self.use_as(true);
            // SAFETY: on the strand, and the counter keeps all others out.
            self.value.with_mut(|value| unsafe { (*value).take() })
        };
        drop(state);
    }
}

/// Gives the counter back, also when a closure panics.
struct Uses<'a> {
    uses: &'a AtomicU32,
    before: u32,
}

impl Drop for Uses<'_> {
    fn drop(&mut self) {
        self.uses.store(self.before, Ordering::Relaxed);
    }
}
