//! Nodes that hang in lists by a field of their own: lists that one owner has, and stacks that all share.
//! It wakes nobody, and does not know what the marks of a stack mean.
//!
//! Push and take are each one successful compare-and-swap of the head; a failed one means that another
//! push or take succeeded, so a stack is lock-free for both sides. Nothing is ever popped singly, so
//! a head seen twice is the same list (no ABA), and a node is never read after another may have freed it.

use std::fmt;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::inbox::{Claimed, Hanging, Parcel};
use crate::sync::{AtomicPtr, Ordering};

/// Ownership that can be turned into a pointer and back.
///
/// # Safety
/// `into_raw` gives a pointer that stays valid until `from_raw` takes it back.
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
/// `next` always names the same field of the node, and is unshared from `into_raw` to `from_raw`; nodes are
/// aligned to 4 at least.
pub(crate) unsafe trait Handle: Pointer {
    fn next(node: &Self::Node) -> &AtomicPtr<Self::Node>;
}

// SAFETY: an `Arc` keeps what it points to where it is.
unsafe impl<T> Pointer for Arc<T> {
    type Node = T;

    fn into_raw(self) -> NonNull<T> {
        // SAFETY: a pointer out of an `Arc` is not null.
        unsafe { NonNull::new_unchecked(Arc::into_raw(self).cast_mut()) }
    }

    unsafe fn from_raw(node: NonNull<T>) -> Self {
        // SAFETY: as the caller says.
        unsafe { Self::from_raw(node.as_ptr()) }
    }
}

// SAFETY: a box keeps what is in it where it is.
unsafe impl<T> Pointer for Box<T> {
    type Node = T;

    fn into_raw(self) -> NonNull<T> {
        NonNull::from(Box::leak(self))
    }

    unsafe fn from_raw(node: NonNull<T>) -> Self {
        // SAFETY: the caller says that the pointer came from `into_raw`, which leaked a box.
        unsafe { Self::from_raw(node.as_ptr()) }
    }
}

// SAFETY: one field of a node that is owned alone; it holds a pointer, so is aligned to 4.
unsafe impl<T> Handle for Box<Parcel<T>> {
    fn next(node: &Parcel<T>) -> &AtomicPtr<Parcel<T>> {
        &node.next
    }
}

// SAFETY: as for `Arc`; the claim goes along with the pointer.
unsafe impl<T> Pointer for Claimed<T> {
    type Node = Hanging<T>;

    fn into_raw(mut self) -> NonNull<Hanging<T>> {
        self.take().into_raw()
    }

    unsafe fn from_raw(node: NonNull<Hanging<T>>) -> Self {
        // SAFETY: as the caller says.
        Self::of(unsafe { Pointer::from_raw(node) })
    }
}

// SAFETY: one field; the claim makes this the only node in any list. It holds a pointer, so is aligned to 4.
unsafe impl<T> Handle for Claimed<T> {
    fn next(node: &Hanging<T>) -> &AtomicPtr<Hanging<T>> {
        &node.next
    }
}

/// What lies at the bottom of a stack: one of these numbers.
pub(crate) type Mark = usize;

/// Marks are less than this, and addresses of nodes are not.
const N_MARKS: usize = 4;

fn marked<N>(mark: Mark) -> *mut N {
    ptr::without_provenance_mut(mark)
}

/// What is on top of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    Node,
    /// It is empty.
    Mark(Mark),
}

impl Top {
    #[inline]
    fn of<N>(head: *mut N) -> Self {
        if head.addr() < N_MARKS { Self::Mark(head.addr()) } else { Self::Node }
    }
}

/// Nodes on a mark; anybody pushes and takes.
pub(crate) struct Stack<H: Handle> {
    head: AtomicPtr<H::Node>,
    owns: PhantomData<H>,
}

impl<H: Handle> Stack<H> {
    pub(crate) fn new(mark: Mark) -> Self {
        Self { head: AtomicPtr::new(marked(mark)), owns: PhantomData }
    }

    /// Pushes, and tells what was on top; an empty stack with the mark `closed` gives the node back.
    pub(crate) fn push(&self, handle: H, closed: Option<Mark>) -> Result<Top, H> {
        let node = handle.into_raw();
        // Relaxed: the compare-and-swap below does the ordering.
        let mut head = self.head.load(Ordering::Relaxed);
        while closed.is_none_or(|mark| head != marked(mark)) {
            // SAFETY: the node is ours until it is published, so it is valid.
            H::next(unsafe { node.as_ref() }).store(head, Ordering::Relaxed);
            // Release publishes the node to who takes it; acquire sees what was done before the mark
            // was set.
            match self.head.compare_exchange_weak(
                head,
                node.as_ptr(),
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(Top::of(head)),
                Err(now) => head = now,
            }
        }
        // SAFETY: it came from `into_raw` above and was not published.
        Err(unsafe { H::from_raw(node) })
    }

    /// Takes all nodes with their mark, and leaves `mark`. `None` if there are no nodes.
    pub(crate) fn take(&self, mark: Mark) -> Option<Chain<H>> {
        let mut head = self.head.load(Ordering::Relaxed);
        while Top::of(head) == Top::Node {
            // Acquire pairs with the release of each `push` (a push continues the release sequence).
            match self.head.compare_exchange_weak(
                head,
                marked(mark),
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Some(Chain::new(head)),
                Err(now) => head = now,
            }
        }
        None
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did before.
    pub(crate) fn take_always(&self, mark: Mark) -> Chain<H> {
        Chain::new(self.head.swap(marked(mark), Ordering::AcqRel))
    }

    /// Changes the mark of an empty stack; tells what there is instead.
    #[inline]
    pub(crate) fn change(&self, from: Mark, to: Mark) -> Result<(), Top> {
        // Release: who undoes this sees what the caller did before. Acquire: the caller sees why it
        // cannot.
        let done = self.head.compare_exchange(
            marked(from),
            marked(to),
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        done.map(|_| ()).map_err(Top::of)
    }

    /// Who takes the nodes sees what the caller did before. If there are none, tells what there is instead,
    /// or that another has changed it.
    pub(crate) fn confirm(&self) -> Result<(), Top> {
        let head = self.head.load(Ordering::Relaxed);
        match Top::of(head) {
            Top::Node => {
                let same = self.head.compare_exchange(
                    head,
                    head,
                    Ordering::AcqRel,
                    Ordering::Acquire,
                );
                same.map(|_| ()).map_err(Top::of)
            }
            mark => Err(mark),
        }
    }

    /// What is on top, as far as one look can tell. What was done before is visible then.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        Top::of(self.head.load(Ordering::Acquire))
    }
}

impl<H: Handle> Drop for Stack<H> {
    fn drop(&mut self) {
        drop(self.take(0));
    }
}

// SAFETY: nodes go from the pushing to the taking thread, which `H: Send` allows; the head is atomic.
unsafe impl<H: Handle + Send> Send for Stack<H> {}
// SAFETY: as above; sharing the stack shares no node.
unsafe impl<H: Handle + Send> Sync for Stack<H> {}

/// Nodes that one owner has, in the order of their links, with the mark behind them.
pub(crate) struct Chain<H: Handle> {
    first: *mut H::Node,
    owns: PhantomData<H>,
}

impl<H: Handle> fmt::Debug for Chain<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Chain")
    }
}

impl<H: Handle> Default for Chain<H> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<H: Handle> Chain<H> {
    fn new(first: *mut H::Node) -> Self {
        Self { first, owns: PhantomData }
    }

    /// No nodes.
    pub(crate) fn empty() -> Self {
        Self::new(marked(0))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.top() != Top::Node
    }

    /// The first node, or the mark behind all.
    #[inline]
    pub(crate) fn top(&self) -> Top {
        Top::of(self.first)
    }

    /// Takes the nodes into the opposite order; the mark stays here.
    pub(crate) fn reversed(&mut self) -> Self {
        let mut done = Self::empty();
        self.for_each(|handle| done.put_first(handle));
        done
    }

    /// Puts a node before all others.
    pub(crate) fn put_first(&mut self, handle: H) {
        let node = handle.into_raw();
        // SAFETY: the node is ours until it is taken back.
        H::next(unsafe { node.as_ref() }).store(self.first, Ordering::Relaxed);
        self.first = node.as_ptr();
    }
}

impl<H: Handle> Iterator for Chain<H> {
    type Item = H;

    fn next(&mut self) -> Option<H> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: the nodes of a chain belong to it and are valid; this one came from `into_raw` when it
        // was pushed, and leaves the chain here. The link is read before, since the new owner
        // may push it elsewhere; relaxed, as whoever took the chain acquired all of its nodes.
        unsafe {
            let node = NonNull::new_unchecked(self.first);
            self.first = H::next(node.as_ref()).load(Ordering::Relaxed);
            Some(H::from_raw(node))
        }
    }
}

impl<H: Handle> Drop for Chain<H> {
    fn drop(&mut self) {
        self.by_ref().for_each(drop);
    }
}

// SAFETY: a chain owns its nodes.
unsafe impl<H: Handle + Send> Send for Chain<H> {}
// SAFETY: shared access gives out no node.
unsafe impl<H: Handle + Send> Sync for Chain<H> {}
