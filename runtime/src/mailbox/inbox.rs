//! A list to which anybody pushes and from which one taker takes all; and nodes for it.
//! It does not wake anybody and keeps no order but "newest first".

use std::fmt;
use std::ops::Deref;
use std::ptr;
use std::sync::Arc;

pub(crate) use super::chain::{Chain, Handle, Pointer};
use super::chain::{Mark, Stack, Top};
use crate::sync::{AtomicBool, AtomicPtr, Ordering};

/// A node that carries one value.
#[derive(Debug)]
pub(crate) struct Parcel<T> {
    pub(super) next: AtomicPtr<Parcel<T>>,
    value: T,
}

impl<T> Parcel<T> {
    pub(crate) fn new(value: T) -> Box<Self> {
        Box::new(Self { next: AtomicPtr::new(ptr::null_mut()), value })
    }

    #[expect(clippy::boxed_local, reason = "lists give out boxes")]
    pub(crate) fn into_value(self: Box<Self>) -> T {
        self.value
    }
}

/// A node that is shared by reference count and hangs in one list at most.
#[derive(Debug)]
pub(crate) struct Hanging<T> {
    pub(super) next: AtomicPtr<Hanging<T>>,
    is_claimed: AtomicBool,
    value: T,
}

impl<T> Hanging<T> {
    pub(crate) fn new(value: T) -> Arc<Self> {
        Arc::new(Self {
            next: AtomicPtr::new(ptr::null_mut()),
            is_claimed: AtomicBool::new(false),
            value,
        })
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
        Some(Claimed::of(self.clone()))
    }
}

impl<T> Deref for Hanging<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The exclusive right to hang a shared node into a list. `None` only while it goes.
pub(crate) struct Claimed<T>(Option<Arc<Hanging<T>>>);

impl<T> fmt::Debug for Claimed<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Claimed")
    }
}

impl<T> Claimed<T> {
    pub(super) fn of(node: Arc<Hanging<T>>) -> Self {
        Self(Some(node))
    }

    /// The node, still claimed.
    pub(super) fn take(&mut self) -> Arc<Hanging<T>> {
        self.0.take().expect("it is taken once, by who consumes the claim")
    }

    /// Takes the node out of the world of lists: from now on it may be claimed again.
    pub(crate) fn release(mut self) -> Arc<Hanging<T>> {
        let node = self.take();
        node.is_claimed.swap(false, Ordering::AcqRel);
        node
    }
}

impl<T> Drop for Claimed<T> {
    /// A list that goes lets its nodes go: they may hang in another.
    fn drop(&mut self) {
        if let Some(node) = &self.0 {
            node.is_claimed.swap(false, Ordering::AcqRel);
        }
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
pub(crate) struct Inbox<H: Handle>(Stack<H>);

impl<H: Handle> fmt::Debug for Inbox<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Inbox")
    }
}

impl<H: Handle> Inbox<H> {
    pub(crate) fn new() -> Self {
        Self(Stack::new(EMPTY))
    }

    /// An empty list that is armed.
    pub(crate) fn new_armed() -> Self {
        Self(Stack::new(ARMED))
    }

    /// Pushes, and tells whether this push undid an arming.
    pub(crate) fn push(&self, handle: H) -> Before {
        match self.0.push(handle, None) {
            Ok(Top::Mark(ARMED)) => Before::Armed,
            _ => Before::Quiet,
        }
    }

    /// Takes everything, newest first. Leaves an armed list as it is.
    pub(crate) fn take(&self) -> Chain<H> {
        self.0.take(EMPTY).unwrap_or_else(Chain::empty)
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did
    /// before. Only for lists that are never armed.
    pub(crate) fn take_always(&self) -> Chain<H> {
        let chain = self.0.take_always(EMPTY);
        debug_assert!(chain.top() != Top::Mark(ARMED), "the list is never armed");
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
