//! Nodes that hang in lists by a field of their own: lists that one owner has ([`Chain`]), and words that all
//! share and that own a list, or one thing of another kind ([`Word`]). It wakes nobody, and does not know what
//! the marks of a word mean.
//!
//! What a word owns is said by its bits alone: a pointer whose marks are [`OTHER`] is the other thing, any other
//! pointer the first node of a list. A change of a word succeeds only if the bits are those that were seen, and
//! then gives what these say, whoever put it there meanwhile (no ABA); a node is read by who has
//! taken it only. That is why nothing safe can go wrong here: a handle goes in, and comes out once.

use std::fmt;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

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

/// Ownership of a node that hangs in a list.
///
/// # Safety
/// `next` always names the same field of the node, and is unshared from `into_raw` to `from_raw`.
pub(crate) unsafe trait Handle: Pointer {
    fn next(node: &Self::Node) -> &AtomicPtr<Self::Node>;
}

/// What lies beside a pointer, or alone: one of these numbers.
pub(crate) type Mark = usize;

/// Marks are less than this, and addresses of nodes have none of their bits.
const N_MARKS: usize = 8;
/// The marks that say what a pointer is.
pub(super) const KIND: Mark = 0b011;
/// It is the other thing that a word can own.
pub(super) const OTHER: Mark = 0b010;

/// Nodes that one owner has, in the order of their links, with a mark behind them. The links are words as they
/// were when a node was pushed: marks beside a pointer mean nothing here.
pub(crate) struct Chain<H: Handle> {
    first: Seen,
    owns: PhantomData<H>,
}

impl<H: Handle> Chain<H> {
    /// No nodes.
    #[inline(always)]
    pub(crate) fn empty() -> Self {
        Self { first: Seen::bare(0), owns: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        !self.first.has_pointer()
    }

    /// The mark behind all nodes, if there are no nodes.
    #[inline(always)]
    pub(super) fn mark(&self) -> Option<Mark> {
        self.is_empty().then_some(self.first.marks())
    }

    /// Puts a node before all others.
    #[inline(always)]
    pub(crate) fn put_first(&mut self, handle: H) {
        let node = handle.into_raw();
        // Relaxed, here and below: whoever has a list has acquired all of its nodes.
        // SAFETY: the node is ours until it is taken back.
        H::next(unsafe { node.as_ref() }).store(self.first.0.cast(), Ordering::Relaxed);
        self.first = Seen(node.as_ptr().cast());
    }

    #[inline(never)]
    fn clear(&mut self) {
        self.for_each(drop);
    }

    /// The `n`-th node.
    #[inline]
    pub(super) fn nth_node(&self, n: usize) -> Option<&H::Node> {
        let mut at = self.first;
        for left in (0..=n).rev() {
            if !at.has_pointer() {
                break;
            }
            // SAFETY: the nodes of a list belong to it and are valid; the result borrows the list.
            let node: &H::Node = unsafe { &*at.pointer() };
            if left == 0 {
                return Some(node);
            }
            at = Seen(H::next(node).load(Ordering::Relaxed).cast());
        }
        None
    }
}

impl<H: Handle> Iterator for Chain<H> {
    type Item = H;

    #[inline(always)]
    fn next(&mut self) -> Option<H> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: the nodes of a list belong to it and are valid; this one came from `into_raw` when it
        // was put there, and leaves the list. The link is read before, since the new owner may
        // put it elsewhere.
        unsafe {
            let node = NonNull::<H::Node>::new_unchecked(self.first.pointer());
            self.first = Seen(H::next(node.as_ref()).load(Ordering::Relaxed).cast());
            Some(H::from_raw(node))
        }
    }
}

impl<H: Handle> Drop for Chain<H> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.is_empty() {
            self.clear();
        }
    }
}

impl<H: Handle> Default for Chain<H> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<H: Handle> fmt::Debug for Chain<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Chain")
    }
}

// SAFETY: a list owns its nodes.
unsafe impl<H: Handle + Send> Send for Chain<H> {}
// SAFETY: shared access gives out references to nodes only, and handles that are `Sync` give those.
unsafe impl<H: Handle + Sync> Sync for Chain<H> where H::Node: Sync {}

/// What a look at a word has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen(*mut ());

impl Seen {
    /// A mark alone.
    #[inline(always)]
    pub(super) fn bare(mark: Mark) -> Self {
        assert!(mark < N_MARKS, "a mark is a small number");
        Self(ptr::without_provenance_mut(mark))
    }

    #[inline(always)]
    pub(super) fn marks(self) -> Mark {
        self.0.addr() & (N_MARKS - 1)
    }

    /// Without its marks. Only to be compared.
    #[inline(always)]
    pub(super) fn address(self) -> usize {
        self.0.addr() & !(N_MARKS - 1)
    }

    #[inline(always)]
    pub(super) fn has_pointer(self) -> bool {
        self.0.addr() >= N_MARKS
    }

    /// A pointer without marks.
    #[inline(always)]
    pub(super) fn is_plain(self) -> bool {
        self.has_pointer() && self.marks() == 0
    }

    #[inline(always)]
    fn is_other(self) -> bool {
        self.marks() & KIND == OTHER && self.has_pointer()
    }

    #[inline(always)]
    fn pointer<N>(self) -> *mut N {
        self.0.map_addr(|it| it & !(N_MARKS - 1)).cast()
    }

    #[inline(always)]
    fn with_marks(self, marks: Mark) -> Self {
        Self(self.pointer::<()>().map_addr(|it| it | marks))
    }
}

/// What a word has given up.
pub(super) enum Content<H: Handle, S> {
    Nodes(Chain<H>),
    Other(S),
}

impl<H: Handle, S> Content<H, S> {
    #[inline(always)]
    pub(super) fn other(self) -> Option<S> {
        match self {
            Self::Nodes(_) => None,
            Self::Other(other) => Some(other),
        }
    }

    #[inline(always)]
    pub(super) fn nodes(self) -> Chain<H> {
        match self {
            Self::Nodes(nodes) => nodes,
            Self::Other(_) => Chain::empty(),
        }
    }
}

/// How a change of a word is ordered. Weakened, it is what the models must reject: a canary.
const PUBLISH: Ordering = if cfg!(weak) { Ordering::Relaxed } else { Ordering::AcqRel };

/// Nodes and marks, or another thing with the mark [`OTHER`]; anybody puts and takes.
pub(crate) struct Word<H: Handle, S: Pointer = H> {
    word: AtomicPtr<()>,
    owns: PhantomData<(H, S)>,
}

impl<H: Handle, S: Pointer> Word<H, S> {
    pub(super) fn new(mark: Mark) -> Self {
        const { assert!(align_of::<H::Node>() >= N_MARKS && align_of::<S::Node>() >= N_MARKS) };
        Self { word: AtomicPtr::new(Seen::bare(mark).0), owns: PhantomData }
    }

    #[inline(always)]
    pub(super) fn see(&self, ordering: Ordering) -> Seen {
        Seen(self.word.load(ordering))
    }

    /// Acquire and release: what one did before its change is seen by those who change it later.
    #[inline(always)]
    fn exchange(&self, from: Seen, to: Seen) -> Result<(), Seen> {
        let done = self.word.compare_exchange(from.0, to.0, PUBLISH, Ordering::Acquire);
        done.map(|_| ()).map_err(Seen)
    }

    /// What the word owned when it was `seen`, for the one who has replaced it.
    #[inline(always)]
    fn own(seen: Seen) -> Content<H, S> {
        if seen.is_other() {
            // SAFETY: only `put_other` makes such a word, which is no null pointer then, and whoever replaces
            // it has what it owned.
            return Content::Other(unsafe {
                S::from_raw(NonNull::new_unchecked(seen.pointer()))
            });
        }
        Content::Nodes(Chain { first: seen, owns: PhantomData })
    }

    /// Leaves only marks there, and gives what was.
    #[inline(always)]
    pub(super) fn take(&self, seen: Seen, mark: Mark) -> Result<Content<H, S>, Seen> {
        self.exchange(seen, Seen::bare(mark)).map(|()| Self::own(seen))
    }

    /// Puts nodes and marks there. If something else was there than this mark, it is dropped, and its marks are
    /// given.
    #[inline(always)]
    pub(super) fn put(
        &self,
        nodes: Chain<H>,
        marks: Mark,
        for_mark: Mark,
    ) -> Option<Mark> {
        assert!(marks & KIND != OTHER && marks < N_MARKS, "that is for another thing");
        let to = nodes.first.with_marks(marks);
        std::mem::forget(nodes);
        let before = Seen(self.word.swap(to.0, Ordering::AcqRel));
        if before == Seen::bare(for_mark) { None } else { Some(Self::let_go(before)) }
    }

    #[cold]
    #[inline(never)]
    fn let_go(seen: Seen) -> Mark {
        drop(Self::own(seen));
        seen.marks()
    }

    /// Puts a node before those that are there.
    #[inline(always)]
    pub(super) fn push(
        &self,
        seen: Seen,
        handle: H,
        marks: Mark,
    ) -> Result<(), (H, Seen)> {
        assert!(!seen.is_other(), "it would be lost");
        // The nodes that are there hang from this one.
        self.put_node(seen, handle, seen.0.cast(), marks)
    }

    /// Puts a node where something else is, which is given.
    #[inline(always)]
    pub(super) fn replace(
        &self,
        seen: Seen,
        handle: H,
        marks: Mark,
    ) -> Result<Content<H, S>, (H, Seen)> {
        self.put_node(seen, handle, ptr::null_mut(), marks).map(|()| Self::own(seen))
    }

    #[inline(always)]
    fn put_node(
        &self,
        seen: Seen,
        handle: H,
        next: *mut H::Node,
        marks: Mark,
    ) -> Result<(), (H, Seen)> {
        assert!(marks & KIND != OTHER && marks < N_MARKS, "that is for another thing");
        let node = handle.into_raw();
        // SAFETY: the node is ours until it is published, so it is valid.
        H::next(unsafe { node.as_ref() }).store(next, Ordering::Relaxed);
        // It is aligned, so it has no marks yet.
        let to = Seen(node.as_ptr().wrapping_byte_add(marks).cast());
        // SAFETY: it came from `into_raw` above and was not published.
        self.exchange(seen, to).map_err(|now| (unsafe { H::from_raw(node) }, now))
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
        assert!(marks & KIND == OTHER && marks < N_MARKS, "the marks say what it is");
        let other = other.into_raw();
        let to = Seen(other.as_ptr().wrapping_byte_add(marks).cast());
        // SAFETY: it came from `into_raw` above and was not published.
        self.exchange(seen, to).map_err(|now| (unsafe { S::from_raw(other) }, now))
    }

    /// Changes the marks only, if only into what they are.
    #[inline(always)]
    pub(super) fn mark(&self, seen: Seen, marks: Mark) -> Result<(), Seen> {
        assert!(marks < N_MARKS, "a mark is a small number");
        let to = seen.with_marks(marks);
        assert!(seen.is_other() == to.is_other(), "the marks say what it is");
        self.exchange(seen, to)
    }

    /// As `take`, whatever is there.
    #[inline(always)]
    pub(super) fn take_always(&self, mark: Mark) -> Content<H, S> {
        Self::own(Seen(self.word.swap(Seen::bare(mark).0, Ordering::AcqRel)))
    }
}

impl<H: Handle, S: Pointer> Drop for Word<H, S> {
    fn drop(&mut self) {
        // Relaxed: nobody else has it any more, nor finds it.
        drop(Self::own(self.see(Ordering::Relaxed)));
    }
}

// SAFETY: what it owns goes from the thread that puts to the one that takes.
unsafe impl<H: Handle + Send, S: Pointer + Send> Send for Word<H, S> {}
// SAFETY: as above; sharing the word shares nothing that it owns.
unsafe impl<H: Handle + Send, S: Pointer + Send> Sync for Word<H, S> {}
