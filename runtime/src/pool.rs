//! Memory for messages, agents and channels: each worker keeps blocks that were freed, and gives them out
//! again. It knows sizes only.
//!
//! A block is an allocation of its own, as large as its class, so any thread may free it in
//! any way. A worker keeps at most two batches of each class; a batch too many goes to the depot, from
//! which a worker that has none takes one: so blocks get back to those who send when
//! others only receive. All depots together keep [`MOST_IN_DEPOTS`] bytes; what is beyond that goes back to
//! the system. Threads that are no workers keep nothing.
//!
//! Batches are hung up in the depot by anybody, and taken singly by one at a time: who finds another taking
//! does not wait but asks the system. So a batch that hangs there stays until the taker has it (no ABA).

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use crate::mailbox::inbox::Pointer;
use crate::sync::{alloc, dealloc};

/// Classes are multiples of this, less what the system's allocator keeps for itself in each block.
const STEP: usize = 16;
const KEPT: usize = 8;
const N_CLASSES: usize = 64;
const ALIGN: usize = 8;

/// So many bytes wait in all depots together at most.
const MOST_IN_DEPOTS: usize = 64 << 20;

/// How many blocks of a class change hands at once.
const fn batch(class: usize) -> u32 {
    if class < 32 { 128 } else { 32 }
}

/// How many bytes a batch is.
const fn batch_bytes(class: usize) -> usize {
    batch(class) as usize * (class + 1) * STEP
}

/// A block that is free.
struct Free {
    next: *mut Free,
    /// The next batch, in the first block of each while it is in the depot.
    batch: *mut Free,
}

/// What a worker keeps of one class.
struct Shelf {
    first: Cell<*mut Free>,
    n_blocks: Cell<u32>,
    /// Whole batches go to the depot from here on. Nothing is kept at 0.
    limit: Cell<u32>,
}

thread_local! {
    static SHELVES: [Shelf; N_CLASSES] = const {
        [const {
            Shelf {
                first: Cell::new(ptr::null_mut()),
                n_blocks: Cell::new(0),
                limit: Cell::new(0),
            }
        }; N_CLASSES]
    };
}

/// Batches of one class that nobody has.
struct Depot {
    first: AtomicPtr<Free>,
    /// Somebody takes a batch.
    taking: AtomicBool,
}

static DEPOTS: [Depot; N_CLASSES] = [const {
    Depot { first: AtomicPtr::new(ptr::null_mut()), taking: AtomicBool::new(false) }
}; N_CLASSES];

/// About how many bytes are in the depots.
static IN_DEPOTS: AtomicUsize = AtomicUsize::new(0);

/// The calling thread keeps blocks from now on. It is to live as long as the program.
pub(crate) fn adopt() {
    SHELVES.with(|shelves| {
        for (class, shelf) in shelves.iter().enumerate() {
            shelf.limit.set(2 * batch(class));
        }
    });
}

/// The class of blocks for `layout`, if there is one.
const fn class_of(layout: Layout) -> Option<usize> {
    // A block that is free has the links of its list.
    let free = size_of::<Free>();
    let size = if layout.size() > free { layout.size() } else { free };
    let class = (size + KEPT).div_ceil(STEP) - 1;
    let fits = layout.align() <= ALIGN && class < N_CLASSES;
    // Not `then_some`, which is not const.
    if fits { Some(class) } else { None }
}

const fn layout_of(class: usize) -> Layout {
    match Layout::from_size_align((class + 1) * STEP - KEPT, ALIGN) {
        Ok(layout) => layout,
        Err(_) => panic!("classes are small"),
    }
}

fn from_system(layout: Layout) -> NonNull<u8> {
    // SAFETY: no class that is used is of size 0, nor is a node, which has a link.
    let block = unsafe { alloc(layout) };
    NonNull::new(block).unwrap_or_else(|| handle_alloc_error(layout))
}

/// Memory for a `T`, which is not of size 0.
#[inline]
pub(crate) fn get<T>() -> NonNull<T> {
    let Some(class) = (const { class_of(Layout::new::<T>()) }) else {
        return from_system(Layout::new::<T>()).cast();
    };
    let kept = SHELVES.with(|shelves| {
        let shelf = &shelves[class];
        let block = NonNull::new(shelf.first.get())?;
        // SAFETY: blocks on the shelf are free and this thread's.
        shelf.first.set(unsafe { block.as_ref() }.next);
        shelf.n_blocks.set(shelf.n_blocks.get() - 1);
        Some(block)
    });
    match kept {
        Some(block) => block.cast(),
        None => refill(class).cast(),
    }
}

/// Takes back the memory of a `T`.
///
/// # Safety
/// `block` came from `get` for the same type, and nobody uses it any more.
#[inline]
pub(crate) unsafe fn put<T>(block: NonNull<T>) {
    let Some(class) = (const { class_of(Layout::new::<T>()) }) else {
        // SAFETY: as the caller says; `get` took it from the system with this layout.
        return unsafe { dealloc(block.as_ptr().cast(), Layout::new::<T>()) };
    };
    let block = block.cast::<Free>();
    SHELVES.with(|shelves| {
        let shelf = &shelves[class];
        if shelf.n_blocks.get() >= shelf.limit.get() && !make_room(shelf, class) {
            // SAFETY: blocks of classes come from the system with the layout of their class.
            return unsafe { dealloc(block.as_ptr().cast(), layout_of(class)) };
        }
        // SAFETY: the block is large enough for every class, and nobody uses it.
        unsafe { (&raw mut (*block.as_ptr()).next).write(shelf.first.get()) };
        shelf.first.set(block.as_ptr());
        shelf.n_blocks.set(shelf.n_blocks.get() + 1);
    });
}

/// A value in a block of its own.
pub(crate) struct Pooled<T>(NonNull<T>);

// SAFETY: it owns its value.
unsafe impl<T: Send> Send for Pooled<T> {}
// SAFETY: shared access gives out `&T`.
unsafe impl<T: Sync> Sync for Pooled<T> {}

impl<T> Pooled<T> {
    /// A `T` is not of size 0, which the compiler is asked.
    #[inline(always)]
    pub(crate) fn new(value: T) -> Self {
        const { assert!(size_of::<T>() > 0, "blocks are not empty") };
        let block = get::<T>();
        // SAFETY: the block is for a `T`, and nobody else has it.
        unsafe { block.write(value) };
        Self(block)
    }

    #[inline(always)]
    pub(crate) fn into_inner(self) -> T {
        let block = ManuallyDrop::new(self).0;
        // SAFETY: the value is moved out once, and then the block goes that `new` got.
        unsafe {
            let value = block.read();
            put(block);
            value
        }
    }
}

impl<T> Deref for Pooled<T> {
    type Target = T;

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
    fn drop(&mut self) {
        // SAFETY: as in `into_inner`.
        unsafe {
            self.0.drop_in_place();
            put(self.0);
        }
    }
}

// SAFETY: the value stays in its block. Blocks are aligned to 8.
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

/// A block from the depot, or from the system.
#[cold]
fn refill(class: usize) -> NonNull<Free> {
    let depot = &DEPOTS[class];
    // Threads that keep nothing do not open batches.
    let keeps = SHELVES.with(|shelves| shelves[class].limit.get() > 0);
    if keeps && let Some(first) = depot.take(class) {
        // SAFETY: the batch was taken out of the depot, so it is this thread's.
        let rest = unsafe { first.as_ref() }.next;
        SHELVES.with(|shelves| {
            shelves[class].first.set(rest);
            shelves[class].n_blocks.set(batch(class) - 1);
        });
        return first;
    }
    from_system(layout_of(class)).cast()
}

/// Hands a batch on. `false` for threads that keep nothing.
#[cold]
fn make_room(shelf: &Shelf, class: usize) -> bool {
    let Some(first) = NonNull::new(shelf.first.get()) else { return false };
    let mut last = first;
    for _ in 1..batch(class) {
        // SAFETY: the shelf has two batches of free blocks, which are this thread's.
        let next = unsafe { last.as_ref() }.next;
        let Some(next) = NonNull::new(next) else {
            unreachable!("a full shelf has two batches")
        };
        last = next;
    }
    // SAFETY: as above.
    unsafe {
        shelf.first.set(last.as_ref().next);
        last.as_mut().next = ptr::null_mut();
    }
    shelf.n_blocks.set(shelf.n_blocks.get() - batch(class));
    DEPOTS[class].put(first, class);
    true
}

impl Depot {
    /// Hangs up a batch, or gives its memory back to the system.
    fn put(&self, first: NonNull<Free>, class: usize) {
        let n_bytes = batch_bytes(class);
        // Relaxed: an estimate.
        if IN_DEPOTS.fetch_add(n_bytes, Ordering::Relaxed) >= MOST_IN_DEPOTS {
            IN_DEPOTS.fetch_sub(n_bytes, Ordering::Relaxed);
            let mut block = first.as_ptr();
            while !block.is_null() {
                // SAFETY: the batch is the caller's; the link is read before its block goes.
                unsafe {
                    let next = (*block).next;
                    dealloc(block.cast(), layout_of(class));
                    block = next;
                }
            }
            return;
        }
        self.hang(first);
    }

    fn hang(&self, batch: NonNull<Free>) {
        let mut head = self.first.load(Ordering::Relaxed);
        loop {
            // SAFETY: the batch is the caller's until it is published.
            unsafe { (*batch.as_ptr()).batch = head };
            // Release publishes the batch to `take`.
            match self.first.compare_exchange_weak(
                head,
                batch.as_ptr(),
                Ordering::Release,
                Ordering::Relaxed,
            ) {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes a batch, if there is one and nobody else is taking.
    fn take(&self, class: usize) -> Option<NonNull<Free>> {
        if self.first.load(Ordering::Relaxed).is_null()
            // Acquire pairs with the release below: batches are taken by one at a time.
            || self.taking.swap(true, Ordering::Acquire)
        {
            return None;
        }
        let mut head = self.first.load(Ordering::Acquire);
        let taken = loop {
            let Some(batch) = NonNull::new(head) else { break None };
            // SAFETY: what hangs there is taken out only by who has set `taking`, and not written
            // before that, so the batch is there and its link is what it was when it was hung up.
            let rest = unsafe { batch.as_ref() }.batch;
            // Acquire pairs with the release of each `hang`, of which this breaks no sequence.
            match self.first.compare_exchange_weak(
                head,
                rest,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => break Some(batch),
                Err(now) => head = now,
            }
        };
        self.taking.store(false, Ordering::Release);
        if taken.is_some() {
            IN_DEPOTS.fetch_sub(batch_bytes(class), Ordering::Relaxed);
        }
        taken
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn blocks_go_to_the_depot_and_come_back() {
        adopt();
        let n_blocks = 10 * batch(10) as usize;
        let blocks: Vec<_> = (0..n_blocks).map(|_| get::<[u64; 20]>()).collect();
        let addresses: Vec<_> = blocks.iter().map(|it| it.addr()).collect();
        for block in blocks {
            // SAFETY: each came from `get`.
            unsafe { put(block) };
        }
        let again: Vec<_> = (0..n_blocks).map(|_| get::<[u64; 20]>()).collect();
        assert!(again.iter().all(|it| addresses.contains(&it.addr())));
        for block in again {
            // SAFETY: as above.
            unsafe { put(block) };
        }
    }

    /// Addresses of blocks, so that they can go to another thread.
    fn take(n_blocks: usize) -> Vec<usize> {
        let blocks = (0..n_blocks).map(|_| get::<[u64; 25]>());
        blocks.map(|block| block.expose_provenance().get()).collect()
    }

    #[test]
    fn what_one_thread_frees_another_gets() {
        adopt();
        let n_blocks = 6 * batch(12) as usize;
        let sent = take(n_blocks);
        let freed = sent.clone();
        let receiving = std::thread::spawn(move || {
            adopt();
            for block in freed {
                let block = ptr::with_exposed_provenance_mut::<[u64; 25]>(block);
                // SAFETY: each came from `get`, in a thread that has forgotten it.
                unsafe { put(NonNull::new_unchecked(block)) };
            }
        });
        receiving.join().expect("it does not panic");
        let back = take(n_blocks).iter().filter(|it| sent.contains(it)).count();
        assert!(back >= 4 * batch(12) as usize, "{back} of {n_blocks} came back");
    }

    #[test]
    fn large_values_and_threads_that_keep_nothing_use_the_system() {
        let block = get::<[u64; 200]>();
        // SAFETY: it came from `get`.
        unsafe { put(block) };
        let keeps_nothing = || {
            let block = get::<[u64; 3]>();
            // SAFETY: it came from `get`.
            unsafe { put(block) };
            SHELVES.with(|shelves| shelves.iter().all(|it| it.first.get().is_null()))
        };
        let nothing = std::thread::spawn(keeps_nothing).join();
        assert!(nothing.expect("it does not panic"));
    }
}
