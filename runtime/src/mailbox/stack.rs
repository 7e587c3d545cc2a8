//! Stacks of nodes on a mark, which stays beside them.
//! A stack wakes nobody, and does not know what its marks mean.
//!
//! Push and take are each one successful compare-and-swap of the head; a failed one means that another
//! push or take succeeded, so a stack is lock-free for both sides. Nothing is ever popped singly.

use super::chain::{Chain, Nodes, Parceled};
use crate::sync::{Mark, Ordering, Seen};

/// What is on top of a stack.
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

/// Values on a mark; anybody pushes and takes. Marks are less than 8, and do not say [`OTHER`](crate::sync::OTHER).
pub(crate) struct Stack<T>(Nodes<T>);

impl<T> Stack<T> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self(Nodes::new(mark))
    }

    /// Pushes, and tells what was on top.
    pub(crate) fn push(&self, value: T) -> Top {
        let mut node = Parceled::hold(value);
        // Relaxed: the change does the ordering.
        let mut seen = self.0.see(Ordering::Relaxed);
        loop {
            // Release publishes the node to who takes it; acquire sees what was done before the mark
            // was set, which stays beside the nodes.
            match self.0.push(seen, node, seen.marks()) {
                Ok(()) => return Top::of(seen),
                Err((back, now)) => (node, seen) = (back, now),
            }
        }
    }

    /// Takes all nodes, newest first, and leaves `mark`; tells the mark on which they were put. `None` if there
    /// are no nodes.
    pub(crate) fn take(&self, mark: Mark) -> Option<(Chain<T>, Mark)> {
        let mut seen = self.0.see(Ordering::Relaxed);
        while seen.has_pointer() {
            // Acquire pairs with the release of each `push` (a push continues the release sequence).
            match self.0.take(seen, mark) {
                Ok(content) => return Some((content.nodes(), seen.marks())),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did before.
    pub(crate) fn take_always(&self, mark: Mark) -> (Chain<T>, Mark) {
        let mut seen = self.0.see(Ordering::Relaxed);
        loop {
            match self.0.take(seen, mark) {
                Ok(content) => return (content.nodes(), seen.marks()),
                Err(now) => seen = now,
            }
        }
    }

    /// Changes the mark of an empty stack; tells what there is instead.
    #[inline]
    pub(crate) fn change(&self, from: Mark, to: Mark) -> Result<(), Top> {
        // Release: who undoes this sees what the caller did before. Acquire: the caller sees why it
        // cannot.
        self.0.mark(Seen::bare(from), to).map_err(Top::of)
    }

    /// What is on top, as far as one look can tell. What was done before is visible then.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        Top::of(self.0.see(Ordering::Acquire))
    }
}
