//! Stacks of nodes on a mark, and what can be done with lists.
//! A stack wakes nobody, and does not know what its marks mean.
//!
//! Push and take are each one successful compare-and-swap of the head; a failed one means that another
//! push or take succeeded, so a stack is lock-free for both sides. Nothing is ever popped singly.

use super::chain::{Chain, Handle, Mark, Seen, Word};
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

/// Nodes on a mark; anybody pushes and takes. Marks are less than 8.
pub(crate) struct Stack<H: Handle>(Word<H>);

impl<H: Handle> Stack<H> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self(Word::new(mark))
    }

    /// Pushes, and tells what was on top; an empty stack with the mark `closed` gives the node back.
    pub(crate) fn push(&self, handle: H, closed: Option<Mark>) -> Result<Top, H> {
        let mut handle = handle;
        // Relaxed: the change does the ordering.
        let mut seen = self.0.see(Ordering::Relaxed);
        while closed.is_none_or(|mark| Top::of(seen) != Top::Mark(mark)) {
            // Release publishes the node to who takes it; acquire sees what was done before the mark
            // was set.
            match self.0.push(seen, handle, 0) {
                Ok(()) => return Ok(Top::of(seen)),
                Err((back, now)) => (handle, seen) = (back, now),
            }
        }
        Err(handle)
    }

    /// Takes all nodes with their mark, and leaves `mark`. `None` if there are no nodes.
    pub(crate) fn take(&self, mark: Mark) -> Option<Chain<H>> {
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
    pub(crate) fn take_always(&self, mark: Mark) -> Chain<H> {
        self.0.take_always(mark).nodes()
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

impl<H: Handle> Chain<H> {
    /// The first node, or the mark behind all.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        self.mark().map_or(Top::Node, Top::Mark)
    }

    /// Takes the nodes into the opposite order; the mark stays here.
    #[inline]
    pub(crate) fn reversed(&mut self) -> Self {
        let mut done = Self::empty();
        for handle in self.by_ref() {
            done.put_first(handle);
        }
        done
    }

    /// Puts `rest` behind all nodes.
    pub(super) fn append(&mut self, rest: Self) {
        let mut rest = rest;
        for handle in self.reversed() {
            rest.put_first(handle);
        }
        *self = rest;
    }
}
