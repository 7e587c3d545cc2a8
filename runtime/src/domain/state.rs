//! The state of one domain, behind its turns. It does not decide who has one.
//! Safe code cannot break it: it is lent within a [`Use`] only, which is of a turn at the admission beside it, on this
//! thread. Many readers or one writer are inside an [`Admission`], and `held` lends a writer's turn once at a time.

use std::sync::Arc;

use super::admission::Admission;
use super::held::Use;
use crate::sync::Cell;

/// A state and its turns.
pub(super) struct State<D> {
    state: Cell<D>,
    pub(super) turns: Arc<Admission>,
}

// SAFETY: readers share `D`, which `D: Sync` allows, and writers take turns, which `D: Send` does.
unsafe impl<D: Send + Sync> Sync for State<D> {}

impl<D> State<D> {
    pub(super) fn new(state: D, turns: Arc<Admission>) -> Self {
        Self { state: Cell::new(state), turns }
    }

    #[inline]
    pub(super) fn read<R>(&self, read: impl FnOnce(&D) -> R) -> R {
        let _use = Use::<false>::of(&self.turns);
        // SAFETY: this thread has a turn, so no other thread writes; `_use` keeps its own writes out.
        self.state.with(|state| read(unsafe { &*state }))
    }

    #[inline]
    pub(super) fn write<R>(&self, write: impl FnOnce(&mut D) -> R) -> R {
        let _use = Use::<true>::of(&self.turns);
        // SAFETY: this thread has the one turn there is, and `_use` keeps its own other uses out.
        self.state.with_mut(|state| write(unsafe { &mut *state }))
    }
}
