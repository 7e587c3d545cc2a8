//! Stacks of nodes on a mark, and what can be done with lists.
//! A stack wakes nobody, and does not know what its marks mean.
//!
//! Push and take are each one successful compare-and-swap of the head; a failed one means that another
//! push or take succeeded, so a stack is lock-free for both sides. Nothing is ever popped singly.

use std::fmt;

use super::chain::{Chain, Mark, Parcel, Parceled, Seen, Word};
use crate::sync::Ordering;

/// What is on top of a stack, or of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    Node,
    /// It is empty.
    Mark(Mark),
}

impl Top {
    #[inline]
    fn of(seen: Seen) -> Self {
        if seen.has_pointer() { Self::Node } else { Self::Mark(seen.marks()) }
    }
}

/// Values on a mark; anybody pushes and takes. Marks are less than 8.
pub(crate) struct Stack<T>(Word<T>);

impl<T> Stack<T> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self(Word::new(mark))
    }

    /// Pushes, and tells what was on top; an empty stack with the mark `closed` gives the value back.
    pub(crate) fn push(&self, value: T, closed: Option<Mark>) -> Result<Top, T> {
        let mut node = Parcel::new(value);
        // Relaxed: the change does the ordering.
        let mut seen = self.0.see(Ordering::Relaxed);
        while closed.is_none_or(|mark| Top::of(seen) != Top::Mark(mark)) {
            // Release publishes the node to who takes it; acquire sees what was done before the mark
            // was set.
            match self.0.push(seen, node, 0) {
                Ok(_) => return Ok(Top::of(seen)),
                Err((back, now)) => (node, seen) = (back, now),
            }
        }
        Err(node.into_value())
    }

    /// Takes all nodes with their mark, and leaves `mark`. `None` if there are no nodes.
    pub(crate) fn take(&self, mark: Mark) -> Option<Chain<T>> {
        let mut seen = self.0.see(Ordering::Relaxed);
        while seen.has_pointer() {
            // Acquire pairs with the release of each `push` (a push continues the release sequence).
            match self.0.take(seen, mark) {
                Ok(content) => return Some(content.nodes()),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did before.
    pub(crate) fn take_always(&self, mark: Mark) -> Chain<T> {
        match self.0.put(Chain::empty(), mark, mark) {
            Some(content) => content.nodes(),
            None => Chain::empty(),
        }
    }

    /// Changes the mark of an empty stack; tells what there is instead.
    #[inline]
    pub(crate) fn change(&self, from: Mark, to: Mark) -> Result<(), Top> {
        // Release: who undoes this sees what the caller did before. Acquire: the caller sees why it
        // cannot.
        self.0.mark(Seen::bare(from), to).map_err(Top::of)
    }

    /// Who takes the nodes sees what the caller did before. If there are none, tells what there is instead,
    /// or that another has changed it.
    pub(crate) fn confirm(&self) -> Result<(), Top> {
        let seen = self.0.see(Ordering::Relaxed);
        if seen.has_pointer() {
            self.0.mark(seen, seen.marks()).map_err(Top::of)
        } else {
            Err(Top::of(seen))
        }
    }

    /// What is on top, as far as one look can tell. What was done before is visible then.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        Top::of(self.0.see(Ordering::Acquire))
    }
}

/// What a word has given up.
pub(super) enum Content<T, S> {
    Nodes(Chain<T>),
    Other(S),
}

impl<T, S> Content<T, S> {
    /// Drops it.
    #[cold]
    #[inline(never)]
    pub(super) fn let_go(self) {}

    #[inline(always)]
    pub(super) fn other(self) -> Option<S> {
        match self {
            Self::Nodes(_) => None,
            Self::Other(other) => Some(other),
        }
    }

    #[inline(always)]
    pub(super) fn nodes(self) -> Chain<T> {
        match self {
            Self::Nodes(nodes) => nodes,
            Self::Other(_) => Chain::empty(),
        }
    }
}

impl<T> Parceled<T> {
    #[inline(always)]
    pub(super) fn into_value(self) -> T {
        self.into_inner().value
    }
}

impl<T> Chain<T> {
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        !self.first().has_pointer()
    }

    /// The first node, or the mark behind all.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        Top::of(self.first())
    }

    /// Puts a value before all others.
    pub(crate) fn put_first(&mut self, value: T) {
        self.put_node(Parcel::new(value));
    }

    /// Takes the nodes into the opposite order; the mark stays here.
    #[inline]
    pub(crate) fn reversed(&mut self) -> Self {
        let mut done = Self::empty();
        while let Some(node) = self.take_node() {
            done.put_node(node);
        }
        done
    }

    /// Puts `rest` behind all nodes.
    pub(super) fn append(&mut self, rest: Self) {
        let mut rest = rest;
        let mut before = self.reversed();
        while let Some(node) = before.take_node() {
            rest.put_node(node);
        }
        *self = rest;
    }

    #[inline(never)]
    fn clear(&mut self) {
        self.for_each(drop);
    }
}

impl<T> Drop for Chain<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.is_empty() {
            self.clear();
        }
    }
}

impl<T> Iterator for Chain<T> {
    type Item = T;

    #[inline(always)]
    fn next(&mut self) -> Option<T> {
        Some(self.take_node()?.into_value())
    }
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> fmt::Debug for Chain<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Chain")
    }
}
