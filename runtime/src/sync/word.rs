//! Words that own what their bits say: marks, and what is at the address beside them. A word changes only if its bits
//! are those that were seen, and what these say is then the caller's, whoever put it there meanwhile (no ABA). Only
//! an owner follows an address. So what goes in comes out once, or leaks if the word goes before: those who have words
//! take out what is there.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::seen::{Content, KIND, Mark, OTHER, Parcel, Put, Seen};
use super::{BiasedUsize, Ordering};
use crate::pool::Pooled;

/// Ownership that can be turned into a pointer and back.
///
/// # Safety
/// `into_raw` gives a pointer to a node that stays valid until `from_raw` takes it back, which does not look at it.
pub(crate) unsafe trait Pointer: Sized {
    type Node;
    fn into_raw(self) -> NonNull<Self::Node>;
    /// # Safety
    /// `node` came from `into_raw` and is taken back once, or forgotten again.
    unsafe fn from_raw(node: NonNull<Self::Node>) -> Self;
}

/// How a change is ordered: it pairs with itself. Weakened, it is what the models must reject: a canary.
const PUBLISH: Ordering = if cfg!(weak) { Ordering::Relaxed } else { Ordering::AcqRel };

/// A `P`, an `S` if the marks say [`OTHER`], or nothing; for all who share this.
#[derive(Debug)]
pub(crate) struct Word<P, S = P>(BiasedUsize, PhantomData<(P, S)>);

// SAFETY: what it owns goes from thread to thread; sharing the word shares nothing of it.
unsafe impl<P: Send, S: Send> Sync for Word<P, S> {}

impl<P: Pointer, S: Pointer> Word<P, S> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self(BiasedUsize::new(Seen::bare(mark).word()), PhantomData)
    }

    /// # Safety
    /// The word owned it when it was this, and what is given is owned once, or forgotten again.
    #[inline(always)]
    unsafe fn own(seen: Seen) -> Content<P, S> {
        let Some(it) = NonNull::new(seen.pointer::<()>()) else {
            return Content::Nothing;
        };
        // SAFETY: as the caller says; the marks say which it is.
        unsafe {
            match seen.marks() & KIND == OTHER {
                true => Content::Other(S::from_raw(it.cast())),
                false => Content::Node(P::from_raw(it.cast())),
            }
        }
    }

    #[inline(always)]
    pub(crate) fn see(&self, ordering: Ordering) -> Seen {
        Seen::of(self.0.load(ordering))
    }

    /// Acquire and release: what one did before its change is seen by those who change it later.
    #[inline(always)]
    fn change(&self, from: Seen, to: Seen) -> Result<(), Seen> {
        let (from, to) = (from.word(), to.word());
        let done = self.0.compare_exchange(from, to, PUBLISH, Ordering::Acquire);
        done.map(|_| ()).map_err(Seen::of)
    }

    /// Changes the marks only, if only into what they are.
    #[inline(always)]
    pub(crate) fn mark(&self, seen: Seen, marks: Mark) -> Result<(), Seen> {
        let to = seen.with_marks(marks);
        assert!(seen.is_other() == to.is_other(), "the marks say what it is");
        self.change(seen, to)
    }

    /// Leaves only a mark there, and gives what was `seen`.
    #[inline(always)]
    pub(crate) fn take(&self, seen: Seen, mark: Mark) -> Result<Content<P, S>, Seen> {
        // SAFETY: the word owned it until now.
        self.change(seen, Seen::bare(mark)).map(|()| unsafe { Self::own(seen) })
    }

    /// What was `seen` is not the word's any more.
    #[inline(always)]
    fn set<Q: Pointer>(&self, seen: Seen, it: Q, marks: Mark) -> Put<Q> {
        let it = it.into_raw();
        let done = self.change(seen, Seen::of_pointer(it, marks));
        // SAFETY: it came from `into_raw`, and nobody has seen it.
        done.map_err(|now| (unsafe { Q::from_raw(it) }, now))
    }

    /// Puts `node` there, and gives what was `seen`.
    #[inline(always)]
    pub(crate) fn put(&self, seen: Seen, node: P, marks: Mark) -> Put<P, Content<P, S>> {
        assert!(marks & KIND != OTHER, "the marks say what it is");
        // SAFETY: the word owned it until now.
        self.set(seen, node, marks).map(|()| unsafe { Self::own(seen) })
    }

    /// Puts the other thing where nothing but marks are.
    #[inline(always)]
    pub(crate) fn put_other(&self, seen: Seen, other: S, marks: Mark) -> Put<S> {
        assert!(marks & KIND == OTHER, "the marks say what it is");
        assert!(!seen.has_pointer(), "it would be lost");
        self.set(seen, other, marks)
    }

    /// Puts `node` where nothing is, as the caller knows: that would stay. Release pairs with who takes it.
    #[inline(always)]
    pub(crate) fn fill(&self, node: P) {
        self.0.store(Seen::of_pointer(node.into_raw(), 0).word(), Ordering::Release);
    }
}

impl<T, S: Pointer> Word<Pooled<Parcel<T>>, S> {
    /// Puts `node` before the one that was `seen`.
    #[inline(always)]
    pub(crate) fn push(
        &self,
        seen: Seen,
        mut node: Pooled<Parcel<T>>,
        marks: Mark,
    ) -> Put<Pooled<Parcel<T>>> {
        assert!(marks & KIND != OTHER, "the marks say what it is");
        assert!(!seen.is_other(), "it would be lost");
        // SAFETY: if the change succeeds it is the node's, and else it is forgotten.
        node.next = ManuallyDrop::new(unsafe { Self::own(seen) }.node());
        self.set(seen, node, marks).map_err(|(mut node, now)| {
            node.next = ManuallyDrop::new(None);
            (node, now)
        })
    }
}
