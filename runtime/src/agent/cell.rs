//! The state of an agent: touched only by the worker that runs the agent's strand.
//! It does not wait and does not lock; a wrong use panics.

use crate::scheduler::current;
use crate::scheduler::strand::Strand;
use crate::sync::Cell;

/// The fields of an agent, until it ends.
pub(super) struct StateCell<A> {
    value: Cell<Option<A>>,
    /// How many readers use it now, or -1 for a writer.
    uses: Cell<i32>,
}

// SAFETY: both cells are touched only after `check`, that is by the one worker that runs the strand;
// `A: Send` lets that be another worker each time.
unsafe impl<A: Send> Sync for StateCell<A> {}

impl<A> StateCell<A> {
    pub(super) fn new(state: A) -> Self {
        Self { value: Cell::new(Some(state)), uses: Cell::new(0) }
    }

    /// After this, the caller is on the one thread that may touch the cells.
    fn check(&self, strand: &Strand) {
        assert!(
            current::is_on(strand),
            "the state of an agent is used outside of the agent"
        );
    }

    fn use_as(&self, change: impl FnOnce(i32) -> Option<i32>) -> Uses<'_, A> {
        let before = self.uses.with_mut(|uses| {
            // SAFETY: checked by the callers; no reference to the counter lives on.
            let uses = unsafe { &mut *uses };
            let before = *uses;
            match change(before) {
                Some(now) => *uses = now,
                None => panic!("the state of an agent is used while it is being changed"),
            }
            before
        });
        Uses { cell: self, before }
    }

    pub(super) fn read<R>(&self, strand: &Strand, read: impl FnOnce(&A) -> R) -> R {
        self.check(strand);
        let _uses = self.use_as(|uses| (uses >= 0).then_some(uses + 1));
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
        let _uses = self.use_as(|uses| (uses == 0).then_some(-1));
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
            let _uses = self.use_as(|uses| (uses == 0).then_some(-1));
            // SAFETY: on the strand, and the counter keeps all others out.
            self.value.with_mut(|value| unsafe { (*value).take() })
        };
        drop(state);
    }
}

/// Gives the counter back, also when a closure panics.
struct Uses<'a, A> {
    cell: &'a StateCell<A>,
    before: i32,
}

impl<A> Drop for Uses<'_, A> {
    fn drop(&mut self) {
        // SAFETY: made after `check`, and dropped in the same call.
        self.cell.uses.with_mut(|uses| unsafe { *uses = self.before });
    }
}
