//! Memory for elements behind a count and a capacity, in one allocation. It neither counts nor knows
//! how many elements there are: `buffer.rs` and `bytes.rs` do.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::ptr::NonNull;

use super::count::Count;

/// The most elements that there are room for, because lengths are `int`s.
pub(super) const MOST: usize = i32::MAX as usize;

pub(super) struct Header {
    pub(super) count: Count,
    pub(super) capacity: u32,
}

/// Bytes from the beginning of an allocation to its first element.
const fn offset<T>() -> usize {
    size_of::<Header>().next_multiple_of(align_of::<T>())
}

fn layout<T>(capacity: usize) -> Layout {
    assert!(capacity <= MOST, "a collection cannot have more than {MOST} elements");
    let elements = Layout::array::<T>(capacity).ok();
    let all = elements.and_then(|it| Layout::new::<Header>().extend(it).ok());
    all.expect("a collection fits into the address space").0.pad_to_align()
}

/// Room for `capacity` elements, with a count of one. Gives where the first element goes.
pub(super) fn allocate<T>(capacity: usize) -> NonNull<T> {
    let layout = layout::<T>(capacity);
    // SAFETY: the layout holds at least the header, so its size is not zero.
    let start = unsafe { alloc(layout) };
    let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
    let header = Header { count: Count::one(), capacity: capacity as u32 };
    // SAFETY: the allocation begins with room for a header, aligned for it; the elements begin
    // `offset` behind, as `Layout::extend` has it.
    unsafe {
        start.cast::<Header>().write(header);
        start.add(offset::<T>()).cast()
    }
}

/// Makes the room larger; the elements move along.
///
/// # Safety
/// `data` came from this file, nobody else uses it, and it is not used afterwards.
pub(super) unsafe fn enlarge<T>(data: NonNull<T>, capacity: usize) -> NonNull<T> {
    // SAFETY: `data` came from `allocate`, which put a header before it.
    let (start, old) = unsafe { (start(data), header(data).as_ref().capacity) };
    let layout_new = layout::<T>(capacity);
    // SAFETY: `start` was allocated with the layout of the old capacity; the new size is that of a
    // layout, so it does not overflow when rounded up.
    let moved =
        unsafe { realloc(start.as_ptr(), layout::<T>(old as usize), layout_new.size()) };
    let Some(moved) = NonNull::new(moved) else { handle_alloc_error(layout_new) };
    // SAFETY: as in `allocate`.
    unsafe {
        (*moved.cast::<Header>().as_ptr()).capacity = capacity as u32;
        moved.add(offset::<T>()).cast()
    }
}

/// Frees the room without looking at the elements.
///
/// # Safety
/// `data` came from this file and is not used afterwards, by anybody.
pub(super) unsafe fn free<T>(data: NonNull<T>) {
    // SAFETY: as in `enlarge`.
    unsafe {
        let capacity = header(data).as_ref().capacity as usize;
        dealloc(start(data).as_ptr(), layout::<T>(capacity));
    }
}

/// # Safety
/// `data` came from this file.
#[inline]
unsafe fn start<T>(data: NonNull<T>) -> NonNull<u8> {
    // SAFETY: the allocation begins that many bytes before its first element.
    unsafe { data.cast::<u8>().sub(offset::<T>()) }
}

/// # Safety
/// `data` came from this file.
#[inline]
pub(super) unsafe fn header<T>(data: NonNull<T>) -> NonNull<Header> {
    // SAFETY: the header stands at the beginning.
    unsafe { start(data).cast() }
}

/// The capacity to grow to from `old` for `needed` elements, so that adding costs little on average.
pub(super) fn grown(old: usize, needed: usize, least: usize) -> usize {
    needed.max((old * 2).min(MOST)).max(least)
}
