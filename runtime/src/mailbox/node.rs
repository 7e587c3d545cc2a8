//! The messages of a queue as nodes, and lists of nodes that one owner has.
//! It does not share: the queue says who owns which list.

use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use crate::pool;
use crate::sync::{AtomicPtr, Ordering};

/// A message and the next in its list. Heads of queues keep marks in the lower bits of its address.
#[repr(align(8))]
pub(super) struct Node<T> {
    next: AtomicPtr<Node<T>>,
    value: T,
}

/// A node alone, owned.
pub(super) struct Owned<T>(NonNull<Node<T>>);

impl<T> Owned<T> {
    pub(super) fn new(value: T) -> Self {
        let node = pool::get::<Node<T>>();
        // SAFETY: the pool gives memory for a node.
        unsafe { node.write(Node { next: AtomicPtr::new(ptr::null_mut()), value }) };
        Self(node)
    }

    #[inline]
    pub(super) fn into_value(self) -> T {
        let node = ManuallyDrop::new(self).0;
        // SAFETY: this is the owner, which goes here; `new` took the memory from the pool.
        unsafe {
            let value = node.read().value;
            pool::put(node);
            value
        }
    }

    #[inline]
    pub(super) fn set_next(&self, next: *mut Node<T>) {
        // Relaxed: the node is not shared yet.
        // SAFETY: an owned node is valid.
        unsafe { self.0.as_ref() }.next.store(next, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> *mut Node<T> {
        self.0.as_ptr()
    }

    #[inline]
    pub(super) fn into_raw(self) -> *mut Node<T> {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// # Safety
    /// `node` came from `into_raw` and is taken back once.
    #[inline]
    pub(super) unsafe fn from_raw(node: *mut Node<T>) -> Self {
        // SAFETY: `into_raw` gives no null pointer.
        Self(unsafe { NonNull::new_unchecked(node) })
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the node is owned and goes here; `new` took the memory from the pool.
        unsafe {
            self.0.drop_in_place();
            pool::put(self.0);
        }
    }
}

/// Nodes in the order of their links, owned.
pub(crate) struct List<T> {
    first: *mut Node<T>,
    owns: PhantomData<Node<T>>,
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("List")
    }
}

impl<T> List<T> {
    pub(super) fn empty() -> Self {
        Self { first: ptr::null_mut(), owns: PhantomData }
    }

    /// # Safety
    /// All nodes from `first` on came from `Owned::into_raw` and are taken back once.
    pub(super) unsafe fn from_raw(first: *mut Node<T>) -> Self {
        Self { first, owns: PhantomData }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    fn next_of(node: NonNull<Node<T>>) -> *mut Node<T> {
        // Relaxed: whoever took the list acquired all of its nodes.
        // SAFETY: callers name nodes of their own list.
        unsafe { node.as_ref() }.next.load(Ordering::Relaxed)
    }

    /// The same nodes in the opposite order.
    pub(super) fn reversed(mut self) -> Self {
        let mut done = Self::empty();
        while let Some(node) = self.pop() {
            node.set_next(done.first);
            done.first = node.into_raw();
        }
        done
    }

    /// Puts `rest` behind all nodes.
    pub(super) fn append(&mut self, mut rest: List<T>) {
        let first = std::mem::replace(&mut rest.first, ptr::null_mut());
        let Some(mut last) = NonNull::new(self.first) else {
            self.first = first;
            return;
        };
        while let Some(next) = NonNull::new(Self::next_of(last)) {
            last = next;
        }
        // SAFETY: the node is of this list.
        unsafe { last.as_ref() }.next.store(first, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Owned<T>> {
        let node = NonNull::new(self.first)?;
        self.first = Self::next_of(node);
        Some(Owned(node))
    }

    /// The `n`-th value from the front.
    pub(super) fn nth(&self, n: usize) -> Option<&T> {
        let mut node = NonNull::new(self.first)?;
        for _ in 0..n {
            node = NonNull::new(Self::next_of(node))?;
        }
        // SAFETY: the node is of this list, which the result borrows.
        Some(&unsafe { node.as_ref() }.value)
    }
}

impl<T> Drop for List<T> {
    fn drop(&mut self) {
        while let Some(node) = self.pop() {
            drop(node);
        }
    }
}

// SAFETY: a list owns its nodes.
unsafe impl<T: Send> Send for List<T> {}
// SAFETY: shared access gives out references to values only.
unsafe impl<T: Sync> Sync for List<T> {}
