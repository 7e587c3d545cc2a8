//! A list to which anybody pushes and from which one taker takes all; and values that are shared and hang in one.
//! It does not wake anybody and keeps no order but "newest first".

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

pub(crate) use super::chain::Chain;
use super::stack::{Stack, Top};
use crate::sync::{AtomicBool, Mark, Ordering};

/// A value that is shared by reference count and hangs in one list at most.
#[derive(Debug)]
pub(crate) struct Hanging<T> {
    is_claimed: AtomicBool,
    value: T,
}

impl<T> Hanging<T> {
    pub(crate) fn new(value: T) -> Arc<Self> {
        Arc::new(Self { is_claimed: AtomicBool::new(false), value })
    }

    /// Whether the node is claimed now. Only its claimer can rely on "no".
    pub(crate) fn is_claimed(&self) -> bool {
        // Acquire pairs with `release`.
        self.is_claimed.load(Ordering::Acquire)
    }

    /// `None` if the node hangs in a list already. What the caller did before is then visible to the
    /// one who takes the node out.
    pub(crate) fn claim(self: &Arc<Self>) -> Option<Claimed<T>> {
        // Acquire-release pairs with itself and with `release`: whoever finds the flag set has its
        // writes seen by the `release` that follows.
        if self.is_claimed.swap(true, Ordering::AcqRel) {
            return None;
        }
        Some(Claimed(self.clone()))
    }
}

impl<T> Deref for Hanging<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The exclusive right to hang what is shared into a list.
#[derive(Debug)]
pub(crate) struct Claimed<T>(Arc<Hanging<T>>);

impl<T> Claimed<T> {
    /// It hangs in no list any more: from now on it may be claimed again.
    pub(crate) fn release(self) -> Arc<Hanging<T>> {
        self.0.clone()
    }
}

impl<T> Drop for Claimed<T> {
    /// A list that goes lets go what hangs in it.
    fn drop(&mut self) {
        self.0.is_claimed.swap(false, Ordering::AcqRel);
    }
}

/// What the list was when a push succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Empty or not, but nobody asked to hear of it.
    Quiet,
    /// Somebody armed the list.
    Armed,
}

const EMPTY: Mark = 0;
/// Empty, and somebody wants to hear of the next push.
const ARMED: Mark = 1;

/// The list.
pub(crate) struct Inbox<T>(Stack<T>);

impl<T> fmt::Debug for Inbox<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Inbox")
    }
}

impl<T> Inbox<T> {
    pub(crate) fn new() -> Self {
        Self(Stack::new(EMPTY))
    }

    /// An empty list that is armed.
    pub(crate) fn new_armed() -> Self {
        Self(Stack::new(ARMED))
    }

    /// Pushes, and tells whether this push undid an arming.
    pub(crate) fn push(&self, value: T) -> Before {
        match self.0.push(value) {
            Top::Mark(ARMED) => Before::Armed,
            _ => Before::Quiet,
        }
    }

    /// Takes everything, newest first. Leaves an armed list as it is.
    pub(crate) fn take(&self) -> Chain<T> {
        self.0.take(EMPTY).map_or_else(Chain::empty, |(chain, _)| chain)
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did
    /// before. Only for lists that are never armed.
    pub(crate) fn take_always(&self) -> Chain<T> {
        let (chain, mark) = self.0.take_always(EMPTY);
        debug_assert!(mark != ARMED, "the list is never armed");
        chain
    }

    /// Arms an empty list; `false` if it has nodes.
    pub(crate) fn arm(&self) -> bool {
        matches!(self.0.change(EMPTY, ARMED), Ok(()) | Err(Top::Mark(ARMED)))
    }

    /// Whether there is something to take, as far as one look can tell.
    pub(crate) fn has_nodes(&self) -> bool {
        self.0.top() == Top::Node
    }
}
