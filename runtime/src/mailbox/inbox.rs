//! The lock-free list under everything: anybody pushes, one taker takes all.
//! It does not wake anybody and keeps no order but "newest first".
//!
//! Push and take are each one successful compare-and-swap of the head; a failed one means that another
//! push or take succeeded, so the list is lock-free for both sides. Nothing is ever popped singly, so
//! a head seen twice is the same list (no ABA), and a node is never read after another may have freed it.

use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use crate::sync::{AtomicBool, AtomicPtr, Ordering};

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

/// A node that carries one value.
#[derive(Debug)]
pub(crate) struct Parcel<T> {
    next: AtomicPtr<Parcel<T>>,
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

// SAFETY: a box owns its node alone.
unsafe impl<T> Pointer for Box<Parcel<T>> {
    type Node = Parcel<T>;

    fn into_raw(self) -> NonNull<Parcel<T>> {
        NonNull::from(Box::leak(self))
    }

    unsafe fn from_raw(node: NonNull<Parcel<T>>) -> Self {
        // SAFETY: the caller says that the pointer came from `into_raw`, which leaked a box.
        unsafe { Box::from_raw(node.as_ptr()) }
    }
}

// SAFETY: `next` is one field of a node that is owned alone; it holds a pointer, so is aligned to 4.
unsafe impl<T> Handle for Box<Parcel<T>> {
    fn next(node: &Parcel<T>) -> &AtomicPtr<Parcel<T>> {
        &node.next
    }
}

/// The part of a shared node by which it hangs in a list. It hangs in one at most.
#[derive(Debug)]
pub(crate) struct Link<N> {
    next: AtomicPtr<N>,
    linked: AtomicBool,
}

impl<N> Link<N> {
    pub(crate) fn new() -> Self {
        Self { next: AtomicPtr::new(ptr::null_mut()), linked: AtomicBool::new(false) }
    }
}

/// A node that is shared by reference count and may hang in one list.
///
/// # Safety
/// `link` always names the same field.
pub(crate) unsafe trait Linked: Sized {
    fn link(&self) -> &Link<Self>;
}

/// The exclusive right to hang a shared node into a list.
pub(crate) struct Claimed<N: Linked>(Arc<N>);

impl<N: Linked> fmt::Debug for Claimed<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Claimed")
    }
}

impl<N: Linked> Claimed<N> {
    /// `None` if the node hangs in a list already. What the caller did before is then visible to the
    /// one who takes the node out.
    pub(crate) fn claim(node: &Arc<N>) -> Option<Self> {
        // Acquire-release pairs with itself and with `release`: whoever finds the flag set has its
        // writes seen by the `release` that follows.
        if node.link().linked.swap(true, Ordering::AcqRel) {
            return None;
        }
        Some(Self(node.clone()))
    }

    /// Takes the node out of the world of lists: from now on it may be claimed again.
    pub(crate) fn release(self) -> Arc<N> {
        self.unlink();
        let claimed = ManuallyDrop::new(self);
        // SAFETY: `claimed` is not dropped, so the reference is moved out once.
        unsafe { ptr::read(&claimed.0) }
    }

    fn unlink(&self) {
        self.0.link().linked.swap(false, Ordering::AcqRel);
    }

    /// Whether the node is claimed now. Only its claimer can rely on "no".
    pub(crate) fn is_claimed(node: &N) -> bool {
        // Acquire pairs with `release`.
        node.link().linked.load(Ordering::Acquire)
    }
}

impl<N: Linked> Drop for Claimed<N> {
    /// A list that goes lets its nodes go: they may hang in another.
    fn drop(&mut self) {
        self.unlink();
    }
}

// SAFETY: the reference count keeps the node valid.
unsafe impl<N: Linked> Pointer for Claimed<N> {
    type Node = N;

    fn into_raw(self) -> NonNull<N> {
        // Neither the count nor the claim is given up.
        let claimed = ManuallyDrop::new(self);
        // SAFETY: a pointer out of an `Arc` is not null.
        unsafe { NonNull::new_unchecked(Arc::as_ptr(&claimed.0).cast_mut()) }
    }

    unsafe fn from_raw(node: NonNull<N>) -> Self {
        // SAFETY: the caller says that the pointer came from `into_raw`, which left one count with it.
        Self(unsafe { Arc::from_raw(node.as_ptr()) })
    }
}

// SAFETY: the flag makes the claimed node the only one in any list, so `next` is unshared; `link` names one
// field; the node holds a pointer, so is aligned to 4.
unsafe impl<N: Linked> Handle for Claimed<N> {
    fn next(node: &N) -> &AtomicPtr<N> {
        &node.link().next
    }
}

/// What the head was when a push succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Empty or not, but nobody asked to hear of it.
    Quiet,
    /// Somebody armed the list.
    Armed,
}

/// The list.
pub(crate) struct Inbox<H: Handle> {
    head: AtomicPtr<H::Node>,
    owns: PhantomData<H>,
}

impl<H: Handle> fmt::Debug for Inbox<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Inbox")
    }
}

/// Empty, and somebody wants to hear of the next push.
fn armed<N>() -> *mut N {
    ptr::without_provenance_mut(1)
}

fn is_node<N>(head: *mut N) -> bool {
    head.addr() > 1
}

impl<H: Handle> Inbox<H> {
    pub(crate) fn new() -> Self {
        Self { head: AtomicPtr::new(ptr::null_mut()), owns: PhantomData }
    }

    /// An empty list that is armed.
    pub(crate) fn new_armed() -> Self {
        Self { head: AtomicPtr::new(armed()), owns: PhantomData }
    }

    /// Pushes, and tells whether this push undid an arming.
    pub(crate) fn push(&self, handle: H) -> Before {
        let node = handle.into_raw();
        // Relaxed: the compare-and-swap below does the ordering.
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            let next = if is_node(head) { head } else { ptr::null_mut() };
            // SAFETY: the node is ours until it is published, so it is valid.
            H::next(unsafe { node.as_ref() }).store(next, Ordering::Relaxed);
            // Release publishes the node to `take`; acquire sees what the arming one did before.
            match self.head.compare_exchange_weak(
                head,
                node.as_ptr(),
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) if head == armed() => return Before::Armed,
                Ok(_) => return Before::Quiet,
                Err(now) => head = now,
            }
        }
    }

    /// Takes everything, newest first. Leaves an armed list as it is.
    pub(crate) fn take(&self) -> Chain<H> {
        // Relaxed: the compare-and-swap below does the ordering.
        let mut head = self.head.load(Ordering::Relaxed);
        while is_node(head) {
            // Acquire pairs with the release of each `push` (a push continues the release sequence).
            match self.head.compare_exchange_weak(
                head,
                ptr::null_mut(),
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Chain::new(head),
                Err(now) => head = now,
            }
        }
        Chain::new(ptr::null_mut())
    }

    /// As `take`, and always a read-modify-write: whoever pushes later sees what the caller did
    /// before. Only for lists that are never armed.
    pub(crate) fn take_always(&self) -> Chain<H> {
        let head = self.head.swap(ptr::null_mut(), Ordering::AcqRel);
        debug_assert!(head.is_null() || is_node(head));
        Chain::new(head)
    }

    /// Arms an empty list; `false` if it has nodes.
    pub(crate) fn arm(&self) -> bool {
        // Release: the push that undoes this sees what the caller did before. Acquire on failure:
        // the caller sees why it is not empty.
        match self.head.compare_exchange(
            ptr::null_mut(),
            armed(),
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => true,
            Err(head) => head == armed(),
        }
    }

    /// Whether there is something to take, as far as one look can tell.
    pub(crate) fn has_nodes(&self) -> bool {
        is_node(self.head.load(Ordering::Acquire))
    }
}

impl<H: Handle> Drop for Inbox<H> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

// SAFETY: nodes go from the pushing to the taking thread, which `H: Send` allows; the head is atomic.
unsafe impl<H: Handle + Send> Send for Inbox<H> {}
// SAFETY: as above; sharing the list shares no node.
unsafe impl<H: Handle + Send> Sync for Inbox<H> {}

/// Nodes taken out of a list: owned by whoever took them, in the order of their links.
pub(crate) struct Chain<H: Handle> {
    first: *mut H::Node,
    owns: PhantomData<H>,
}

impl<H: Handle> fmt::Debug for Chain<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Chain")
    }
}

impl<H: Handle> Chain<H> {
    fn new(first: *mut H::Node) -> Self {
        Self { first, owns: PhantomData }
    }

    /// No nodes.
    pub(crate) fn empty() -> Self {
        Self::new(ptr::null_mut())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    /// The same nodes in the opposite order.
    pub(crate) fn reversed(self) -> Self {
        let mut done = Self::empty();
        for handle in self {
            done.put_first(handle);
        }
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
        let node = NonNull::new(self.first)?;
        // Relaxed: whoever took the chain acquired all of its nodes. The link is read before the
        // node is given out, since its new owner may push it elsewhere.
        // SAFETY: the nodes of a chain belong to it and are valid.
        self.first = H::next(unsafe { node.as_ref() }).load(Ordering::Relaxed);
        // SAFETY: it came from `into_raw` when it was pushed, and leaves the chain here.
        Some(unsafe { H::from_raw(node) })
    }
}

impl<H: Handle> Drop for Chain<H> {
    fn drop(&mut self) {
        for handle in self.by_ref() {
            drop(handle);
        }
    }
}

// SAFETY: a chain owns its nodes.
unsafe impl<H: Handle + Send> Send for Chain<H> {}
// SAFETY: shared access gives out references to nodes only.
unsafe impl<H: Handle + Send> Sync for Chain<H> where H::Node: Sync {}
