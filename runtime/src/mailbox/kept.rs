//! Messages that one strand keeps to itself. While it is the only one that takes anything, it keeps the consumers' turn
//! until what it has put into order is taken, and takes that by plain loads and stores. It does not know strands:
//! whoever has the mailbox says who may keep what is in it.

use std::cell::Cell;
use std::mem;

use super::chain::Chain;
use super::queue::{Left, Turn};
use super::{Mailbox, Reason};
use crate::sync::BiasedU8;

/// What is in order, with the turn; nothing if nobody keeps the turn.
pub(crate) type Kept<T> = Cell<Chain<T>>;

/// What whoever has a mailbox keeps in it.
pub(crate) trait Beside<T> {
    /// How the mailbox has ended, here since there is room.
    fn ended(&self) -> &BiasedU8;

    /// Works with what is kept, if the caller may.
    #[inline(always)]
    fn at_home<R>(&self, with: impl FnOnce(&Kept<T>) -> R) -> Option<R> {
        let _ = with;
        None
    }

    /// Whether the caller is the only one that takes messages, and may keep them.
    #[inline(always)]
    fn keeps(&self) -> bool {
        false
    }
}

/// Nothing is kept, but a `P` by others.
#[derive(Debug)]
pub(crate) struct Nowhere<P = ()> {
    pub(crate) own: P,
    ended: BiasedU8,
}

impl<P: Default> Default for Nowhere<P> {
    fn default() -> Self {
        Self { own: P::default(), ended: BiasedU8::new(0) }
    }
}

impl<T, P> Beside<T> for Nowhere<P> {
    #[inline(always)]
    fn ended(&self) -> &BiasedU8 {
        &self.ended
    }
}

impl<T, E: Reason, M, P: Beside<T>> Mailbox<T, E, M, P> {
    /// The first of what is kept.
    #[inline(always)]
    pub(super) fn pop_kept(&self) -> Option<T> {
        let (value, is_last) = self.own().at_home(
            #[inline(always)]
            |kept| {
                let mut list = kept.take();
                let value = list.next()?;
                let is_last = list.is_empty();
                let before = kept.replace(list);
                // Which rustc does not know: it would look.
                debug_assert!(before.is_empty(), "it has just been taken out");
                mem::forget(before);
                Some((value, is_last))
            },
        )??;
        if is_last {
            self.end_turn(Chain::empty());
        }
        Some(value)
    }

    /// Takes the first of what has arrived, and keeps the others.
    pub(super) fn pop_and_keep(&self) -> Option<T> {
        if !self.own().keeps() {
            return None;
        }
        let mut list = self.queue.keep_turn()?;
        let first = list.next();
        if list.is_empty() {
            self.end_turn(list);
        } else {
            self.own().at_home(|kept| kept.set(list));
        }
        first
    }

    #[inline(never)]
    fn end_turn(&self, list: Chain<T>) {
        if self.queue.end_turn(list) {
            self.left_in_need(Left { contended: true, guarded: false });
        }
    }

    /// What the caller keeps, if it does.
    fn take_kept(&self) -> Option<Chain<T>> {
        self.own().at_home(Cell::take).filter(|it| !it.is_empty())
    }

    /// What the caller has kept is for all from now on.
    pub(crate) fn share(&self) {
        if let Some(list) = self.take_kept() {
            self.end_turn(list);
        }
    }

    /// The consumers' turn, which the caller may have kept.
    #[inline(always)]
    pub(super) fn turn(&self, registered: bool) -> Option<Turn<'_, T>> {
        match self.take_kept() {
            Some(list) => Some(self.queue.go_on(list)),
            None => self.queue.enter(registered),
        }
    }
}
