//! Lists of nodes that carry one value each ([`Chain`]), and words that all share and that own such a list, or one
//! thing of another kind ([`Word`]). It wakes nobody, and does not know what the marks of a word mean.
//!
//! What a word owns is said by its bits alone: a pointer whose marks are [`OTHER`] is the other thing, any other
//! pointer the first node of a list. A change of a word succeeds only if the bits are those that were seen, and
//! then gives what these say, whoever put it there meanwhile (no ABA); a node is read by who has
//! taken it only. That is why nothing safe can go wrong here: a node goes in, and comes out once.

mod seen;

use std::marker::PhantomData;
use std::ptr::NonNull;

use seen::N_MARKS;
pub(crate) use seen::{KIND, Mark, OTHER, Seen};

use super::stack::Content;
use crate::pool::Pooled;
use crate::sync::{AtomicPtr, Ordering};

/// Ownership that can be turned into a pointer and back.
///
/// # Safety
/// `into_raw` gives a pointer that stays valid until `from_raw` takes it back, and is aligned as its type says.
pub(crate) unsafe trait Pointer: Sized {
    type Node;
    fn into_raw(self) -> NonNull<Self::Node>;
    /// # Safety
    /// `node` came from `into_raw` and is taken back once.
    unsafe fn from_raw(node: NonNull<Self::Node>) -> Self;
}

// SAFETY: a number, but for who owns what is there, and that one says it in the type.
unsafe impl Send for Seen {}
// SAFETY: as above.
unsafe impl Sync for Seen {}

/// A node that carries one value, in a block of the runtime's pool.
pub(crate) struct Parcel<T> {
    /// What hangs behind it, while it hangs in a list itself.
    next: Seen,
    pub(super) value: T,
}

/// A parcel that is owned.
pub(crate) type Parceled<T> = Pooled<Parcel<T>>;

impl<T> Parcel<T> {
    #[inline(always)]
    pub(super) fn new(value: T) -> Parceled<T> {
        Pooled::new(Self { next: Seen::bare(0), value })
    }
}

/// Nodes that one owner has, in the order of their links, with a mark behind them. The links are words as they
/// were when a node was pushed: marks beside a pointer mean nothing here.
pub(crate) struct Chain<T> {
    first: Seen,
    owns: PhantomData<Parceled<T>>,
}

impl<T> Chain<T> {
    /// No nodes.
    #[inline(always)]
    pub(crate) fn empty() -> Self {
        Self { first: Seen::bare(0), owns: PhantomData }
    }

    #[inline(always)]
    pub(super) fn first(&self) -> Seen {
        self.first
    }

    /// Puts a node before all others.
    #[inline(always)]
    pub(super) fn put_node(&mut self, mut node: Parceled<T>) {
        node.next = self.first;
        self.first = Seen::of_pointer(node.into_raw(), 0);
    }

    /// Takes the first node out.
    #[inline(always)]
    pub(super) fn take_node(&mut self) -> Option<Parceled<T>> {
        let node = NonNull::new(self.first.pointer())?;
        // SAFETY: the nodes of a list belong to it; this one came from `into_raw` when it was put there.
        let node = unsafe { Parceled::<T>::from_raw(node) };
        self.first = node.next;
        Some(node)
    }

    /// The value of the `n`-th node.
    #[inline]
    pub(super) fn nth_value(&self, n: usize) -> Option<&T> {
        let (mut at, mut n_before) = (self.first, n);
        loop {
            // SAFETY: the nodes of a list belong to it and are valid; the result borrows the list.
            let node = unsafe { at.pointer::<Parcel<T>>().as_ref() }?;
            if n_before == 0 {
                return Some(&node.value);
            }
            (at, n_before) = (node.next, n_before - 1);
        }
    }
}

/// How a change of a word is ordered. Weakened, it is what the models must reject: a canary.
const PUBLISH: Ordering = if cfg!(weak) { Ordering::Relaxed } else { Ordering::AcqRel };

/// Nodes and marks, or another thing with the mark [`OTHER`]; anybody puts and takes.
pub(crate) struct Word<T, S: Pointer = Parceled<T>> {
    word: AtomicPtr<()>,
    owns: PhantomData<(Parceled<T>, S)>,
}

// SAFETY: what it owns goes from the thread that puts to the one that takes; sharing the word shares nothing of it.
unsafe impl<T: Send, S: Pointer + Send> Sync for Word<T, S> {}

impl<T, S: Pointer> Word<T, S> {
    const HAS_ROOM: () =
        assert!(align_of::<Parcel<T>>() >= N_MARKS && align_of::<S::Node>() >= N_MARKS);

    pub(super) fn new(mark: Mark) -> Self {
        let () = Self::HAS_ROOM;
        Self { word: AtomicPtr::new(Seen::bare(mark).word()), owns: PhantomData }
    }

    #[inline(always)]
    pub(super) fn see(&self, ordering: Ordering) -> Seen {
        Seen::of(self.word.load(ordering))
    }

    /// Acquire and release: what one did before its change is seen by those who change it later.
    #[inline(always)]
    fn exchange(&self, from: Seen, to: Seen) -> Result<(), Seen> {
        let (from, to) = (from.word(), to.word());
        let done = self.word.compare_exchange(from, to, PUBLISH, Ordering::Acquire);
        done.map(|_| ()).map_err(Seen::of)
    }

    /// What the word owned when it was `seen`, for the one who has replaced it.
    #[inline(always)]
    fn own(seen: Seen) -> Content<T, S> {
        match NonNull::new(seen.pointer()) {
            Some(other) if seen.is_other() => {
                // SAFETY: only `put_other` makes such a word, and whoever replaces it has what it owned.
                Content::Other(unsafe { S::from_raw(other) })
            }
            _ => Content::Nodes(Chain { first: seen, owns: PhantomData }),
        }
    }

    /// Leaves only a mark there, and gives what was `seen`.
    #[inline(always)]
    pub(super) fn take(&self, seen: Seen, mark: Mark) -> Result<Content<T, S>, Seen> {
        self.exchange(seen, Seen::bare(mark)).map(|()| Self::own(seen))
    }

    /// Puts nodes and marks there, and gives what was there, unless that was this mark.
    #[inline(always)]
    pub(super) fn put(
        &self,
        nodes: Chain<T>,
        marks: Mark,
        for_mark: Mark,
    ) -> Option<Content<T, S>> {
        assert!(marks & KIND != OTHER, "that is for another thing");
        let to = nodes.first.with_marks(marks).word();
        std::mem::forget(nodes);
        let before = Seen::of(self.word.swap(to, Ordering::AcqRel));
        if before == Seen::bare(for_mark) { None } else { Some(Self::own(before)) }
    }

    /// Puts a pointer there, which is given back if that fails.
    #[inline(always)]
    fn put_pointer<P: Pointer>(
        &self,
        seen: Seen,
        owned: P,
        marks: Mark,
    ) -> Result<(), (P, Seen)> {
        let pointer = owned.into_raw();
        let done = self.exchange(seen, Seen::of_pointer(pointer, marks));
        // SAFETY: it came from `into_raw` above and was not published.
        done.map_err(|now| (unsafe { P::from_raw(pointer) }, now))
    }

    /// Puts a node before those that are there.
    #[inline(always)]
    pub(super) fn push(
        &self,
        seen: Seen,
        mut node: Parceled<T>,
        marks: Mark,
    ) -> Result<(), (Parceled<T>, Seen)> {
        assert!(!seen.is_other(), "it would be lost");
        assert!(marks & KIND != OTHER, "that is for another thing");
        // The nodes that are there hang from this one.
        node.next = seen;
        self.put_pointer(seen, node, marks)
    }

    /// Puts a node there, and gives what was `seen`.
    #[inline(always)]
    pub(super) fn replace(
        &self,
        seen: Seen,
        mut node: Parceled<T>,
        marks: Mark,
    ) -> Result<Content<T, S>, (Parceled<T>, Seen)> {
        assert!(marks & KIND != OTHER, "that is for another thing");
        node.next = Seen::bare(0);
        self.put_pointer(seen, node, marks).map(|()| Self::own(seen))
    }

    /// Puts the other thing where nothing but marks are.
    #[inline(always)]
    pub(super) fn put_other(
        &self,
        seen: Seen,
        other: S,
        marks: Mark,
    ) -> Result<(), (S, Seen)> {
        assert!(!seen.has_pointer(), "it would be lost");
        assert!(marks & KIND == OTHER, "the marks say what it is");
        self.put_pointer(seen, other, marks)
    }

    /// Changes the marks only, if only into what they are.
    #[inline(always)]
    pub(super) fn mark(&self, seen: Seen, marks: Mark) -> Result<(), Seen> {
        let to = seen.with_marks(marks);
        assert!(seen.is_other() == to.is_other(), "the marks say what it is");
        self.exchange(seen, to)
    }
}

impl<T, S: Pointer> Drop for Word<T, S> {
    fn drop(&mut self) {
        // Relaxed: nobody else has it any more, nor finds it.
        drop(Self::own(self.see(Ordering::Relaxed)));
    }
}
