//! Blocks of memory: as room for a value, free in lists, or with a value. It does not know who keeps them, nor
//! how many, nor which sizes there are.

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};

use super::link::Link;
use crate::sync::count::{count_down_for_good, count_up};
use crate::sync::{AtomicU32, Pointer, alloc, dealloc};

/// Room for a `T`, in a block that this owns. It goes back to the system if it is dropped.
pub(super) struct Room<T>(NonNull<T>);

impl<T> Room<T> {
    pub(super) const LAYOUT: Layout = {
        let layout = super::layout_for(Layout::new::<T>());
        assert!(layout.size() >= size_of::<T>() && layout.size() > 0, "it has room");
        assert!(layout.align() >= align_of::<T>(), "it has room");
        layout
    };

    /// From the system.
    pub(super) fn new() -> Self {
        // SAFETY: the size is not 0.
        let block = unsafe { alloc(Self::LAYOUT) };
        let block = NonNull::new(block.cast());
        Self(block.unwrap_or_else(|| handle_alloc_error(Self::LAYOUT)))
    }

    #[inline(always)]
    fn leave(self) -> NonNull<T> {
        ManuallyDrop::new(self).0
    }
}

impl<T> Drop for Room<T> {
    fn drop(&mut self) {
        // SAFETY: this owns the block, which came from the system with this layout.
        unsafe { dealloc(self.0.as_ptr().cast(), Self::LAYOUT) };
    }
}

/// A stack of blocks of one layout, aligned as links are.
pub(super) struct List {
    layout: Layout,
    first: Cell<Option<NonNull<Link>>>,
}

// SAFETY: it owns its blocks, in which nothing is but links.
unsafe impl Send for List {}

impl List {
    pub(super) const fn new(layout: Layout) -> Self {
        assert!(layout.size() >= size_of::<Link>(), "there is room for a link");
        assert!(layout.align() == align_of::<Link>(), "it would not be looked at");
        Self { layout, first: Cell::new(None) }
    }

    #[inline(always)]
    fn check(&self, layout: Layout) {
        let is_same =
            layout.align() == align_of::<Link>() && layout.size() == self.layout.size();
        assert!(is_same, "a list has blocks of one layout");
    }

    #[inline(always)]
    fn take(&self) -> Option<NonNull<Link>> {
        let block = self.first.get()?;
        // SAFETY: `push` has written the link, and the block is the list's until now.
        self.first.set(unsafe { block.read() }.next);
        Some(block)
    }

    #[inline(always)]
    pub(super) fn pop<T>(&self) -> Option<Room<T>> {
        self.check(Room::<T>::LAYOUT);
        self.take().map(|block| Room(block.cast()))
    }

    #[inline(always)]
    pub(super) fn push<T>(&self, room: Room<T>) {
        let block = room.leave().cast();
        self.check(Room::<T>::LAYOUT);
        // SAFETY: there is room for a link, and nobody else has the block.
        unsafe { block.write(Link::to(self.first.get())) };
        self.first.set(Some(block));
    }

    pub(super) fn exchange(&self, other: &Self) {
        self.check(other.layout);
        self.first.swap(&other.first);
    }
}

impl Drop for List {
    fn drop(&mut self) {
        while let Some(block) = self.take() {
            // SAFETY: it was the list's, so it came from the system with this layout.
            unsafe { dealloc(block.as_ptr().cast(), self.layout) };
        }
    }
}

/// A value in a block of its own.
#[derive(Debug)]
pub(crate) struct Pooled<T>(NonNull<T>);

// SAFETY: it owns its value.
unsafe impl<T: Send> Send for Pooled<T> {}
// SAFETY: shared access gives out `&T`.
unsafe impl<T: Sync> Sync for Pooled<T> {}

impl<T> Pooled<T> {
    #[inline(always)]
    pub(crate) fn new(value: T) -> Self {
        // Nothing drops it if there is no memory: so it is put together where it goes, not elsewhere before.
        let value = ManuallyDrop::new(value);
        let block = super::get::<T>().leave();
        // SAFETY: it is room for a `T`, and nobody else has it.
        unsafe { block.write(ManuallyDrop::into_inner(value)) };
        Self(block)
    }

    #[inline(always)]
    pub(crate) fn into_inner(self) -> T {
        let block = self.into_raw();
        // SAFETY: the value is moved out once, and leaves the room that `new` got.
        let value = unsafe { block.read() };
        super::put(Room(block));
        value
    }
}

impl<T> Deref for Pooled<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the value is there until this goes.
        unsafe { self.0.as_ref() }
    }
}

impl<T> DerefMut for Pooled<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`.
        unsafe { self.0.as_mut() }
    }
}

impl<T> Drop for Pooled<T> {
    // Seldom: what is sent is received.
    #[inline(never)]
    fn drop(&mut self) {
        // SAFETY: it goes once, where it is, and leaves the room that `new` got.
        unsafe { self.0.drop_in_place() };
        super::put(Room(self.0));
    }
}

// SAFETY: the value stays in its block.
unsafe impl<T> Pointer for Pooled<T> {
    type Node = T;

    #[inline(always)]
    fn into_raw(self) -> NonNull<T> {
        ManuallyDrop::new(self).0
    }

    #[inline(always)]
    unsafe fn from_raw(node: NonNull<T>) -> Self {
        Self(node)
    }
}

/// A value in a block of its own that handles share.
#[derive(Debug)]
pub(crate) struct Shared<T: Send + Sync>(ManuallyDrop<Pooled<Counted<T>>>);

#[derive(Debug)]
struct Counted<T> {
    n_handles: AtomicU32,
    value: T,
}

impl<T: Send + Sync> Shared<T> {
    /// Two handles.
    #[inline(always)]
    pub(crate) fn two(value: T) -> (Self, Self) {
        let n_handles = AtomicU32::new(2);
        let one = Self(ManuallyDrop::new(Pooled::new(Counted { n_handles, value })));
        // SAFETY: it is the second.
        let other = unsafe { one.again() };
        (one, other)
    }

    /// # Safety
    /// It is counted.
    #[inline(always)]
    unsafe fn again(&self) -> Self {
        // SAFETY: the handles have the block together, only to read it, until the last drops it.
        Self(unsafe { ptr::read(&raw const self.0) })
    }
}

impl<T: Send + Sync> Clone for Shared<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        count_up(&self.0.n_handles);
        // SAFETY: as was just done.
        unsafe { self.again() }
    }
}

impl<T: Send + Sync> Deref for Shared<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: Send + Sync> Drop for Shared<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if count_down_for_good(&self.0.n_handles) {
            // SAFETY: this is the last handle, and goes.
            unsafe { ManuallyDrop::drop(&mut self.0) };
        }
    }
}
