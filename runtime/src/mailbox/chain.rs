//! Lists of nodes that carry one value each, and words that own such a list. They wake nobody, and do not know what the
//! marks of a word mean.

use std::fmt;
use std::mem::{self, ManuallyDrop};

use crate::pool::Pooled;
use crate::sync::{Content, Mark, Ordering, Parcel, Pointer, Put, Seen, Word};

/// A node, in a block of the runtime's pool.
pub(crate) type Parceled<T> = Pooled<Parcel<T>>;

impl<T> Parceled<T> {
    #[inline(always)]
    pub(crate) fn hold(value: T) -> Self {
        Self::new(Parcel { next: ManuallyDrop::new(None), value })
    }

    #[inline(always)]
    pub(crate) fn into_value(self) -> T {
        self.into_inner().value
    }
}

/// Nodes that one owner has, in the order of their links.
pub(crate) struct Chain<T>(ManuallyDrop<Option<Parceled<T>>>);

impl<T> Chain<T> {
    /// No nodes.
    #[inline(always)]
    pub(crate) fn empty() -> Self {
        Self(ManuallyDrop::new(None))
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Puts a node before all others.
    #[inline(always)]
    fn put_node(&mut self, mut node: Parceled<T>) {
        node.next = ManuallyDrop::new(self.0.take());
        *self.0 = Some(node);
    }

    /// Takes the first node out.
    #[inline(always)]
    fn take_node(&mut self) -> Option<Parceled<T>> {
        let mut node = self.0.take()?;
        *self.0 = node.next.take();
        Some(node)
    }

    /// Puts a value before all others.
    pub(crate) fn put_first(&mut self, value: T) {
        self.put_node(Parceled::hold(value));
    }

    /// The value of the `n`-th node.
    #[inline]
    pub(super) fn nth_value(&self, n: usize) -> Option<&T> {
        let mut node = self.0.as_ref()?;
        for _ in 0..n {
            node = node.next.as_ref()?;
        }
        Some(&node.value)
    }

    /// Takes the nodes into the opposite order.
    #[inline]
    pub(crate) fn reversed(mut self) -> Self {
        let mut done = Self::empty();
        while let Some(node) = self.take_node() {
            done.put_node(node);
        }
        done
    }

    /// Puts `rest` behind all nodes.
    pub(super) fn append(&mut self, mut rest: Self) {
        let mut before = mem::take(self).reversed();
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
    /// One by one: nodes do not let go what is behind them.
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
        let Parcel { next, value } = self.0.take()?.into_inner();
        self.0 = next;
        Some(value)
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

impl<T, S> Content<Parceled<T>, S> {
    #[inline(always)]
    pub(crate) fn nodes(self) -> Chain<T> {
        Chain(ManuallyDrop::new(self.node()))
    }
}

/// A word that owns nodes and marks, or another thing; anybody puts and takes.
pub(crate) struct Nodes<T, S: Pointer = Parceled<T>>(Word<Parceled<T>, S>);

impl<T, S: Pointer> Nodes<T, S> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self(Word::new(mark))
    }

    #[inline(always)]
    pub(crate) fn see(&self, ordering: Ordering) -> Seen {
        self.0.see(ordering)
    }

    /// Changes the marks only, if only into what they are.
    #[inline(always)]
    pub(crate) fn mark(&self, seen: Seen, marks: Mark) -> Result<(), Seen> {
        self.0.mark(seen, marks)
    }

    /// Leaves only a mark there, and gives what was `seen`.
    #[inline(always)]
    pub(crate) fn take(
        &self,
        seen: Seen,
        mark: Mark,
    ) -> Result<Content<Parceled<T>, S>, Seen> {
        self.0.take(seen, mark)
    }

    /// Puts nodes there where nothing but marks are.
    #[inline(always)]
    pub(super) fn put(&self, seen: Seen, nodes: Chain<T>, marks: Mark) -> Put<Chain<T>> {
        assert!(!seen.has_pointer(), "it would be lost");
        let done = match ManuallyDrop::new(nodes).0.take() {
            None => self.0.take(seen, marks).map_err(|now| (Chain::empty(), now)),
            Some(first) => {
                let done = self.0.put(seen, first, marks);
                done.map_err(|(first, now)| (Chain(ManuallyDrop::new(Some(first))), now))
            }
        };
        done.map(mem::forget)
    }

    /// Puts a node before those that are there.
    #[inline(always)]
    pub(crate) fn push(
        &self,
        seen: Seen,
        node: Parceled<T>,
        marks: Mark,
    ) -> Put<Parceled<T>> {
        self.0.push(seen, node, marks)
    }

    /// Puts a node there, and gives what was `seen`.
    #[inline(always)]
    pub(crate) fn replace(
        &self,
        seen: Seen,
        node: Parceled<T>,
        marks: Mark,
    ) -> Put<Parceled<T>, Content<Parceled<T>, S>> {
        self.0.put(seen, node, marks)
    }

    /// Lets go what was `seen`.
    #[inline(never)]
    fn clear(&mut self, seen: Seen) {
        drop(self.take(seen, 0).map(Content::nodes));
    }

    /// Puts the other thing where nothing but marks are.
    #[inline(always)]
    pub(crate) fn put_other(&self, seen: Seen, other: S, marks: Mark) -> Put<S> {
        self.0.put_other(seen, other, marks)
    }
}

impl<T, S: Pointer> Drop for Nodes<T, S> {
    #[inline(always)]
    fn drop(&mut self) {
        // Relaxed: nobody else has it any more.
        let seen = self.see(Ordering::Relaxed);
        if seen.has_pointer() {
            self.clear(seen);
        }
    }
}
