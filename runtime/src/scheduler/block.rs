//! One allocation for a strand, what lies behind it (its owner, and the channel of an agent) and the future of its first
//! activity; and one for each activity more. Counted pointers to both. It does not run anything.
//!
//! A block begins with a [`Strand`]; what follows differs, and is found by the table that its [`Head`] names
//! ([`Calls`]). One count keeps all of it: who has a handle, [`ActivityRef`] or one made of it, has everything that is
//! in the block, at its place. Only the future goes earlier: when its activity is done, at the latest when the strand
//! ends.

use std::cell::UnsafeCell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit, offset_of};
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::{self, NonNull};
use std::task::{Context, Poll, Waker};

use super::activity::Activity;
use super::marks::{LONE, Marks};
use super::owner::{Added, Behind, Made, Owned, Owner, Part};
use super::runner::Runnable;
use super::strand::{Strand, StrandRef};
use crate::pool::Pooled;
use crate::sync::count::{count_down_for_good, count_up};
use crate::sync::{BiasedU32, Pointer};
use crate::value::Result;

/// What the strand at the beginning of a block has of the block.
#[repr(C)]
pub(crate) struct Head {
    calls: &'static Calls,
    n_handles: BiasedU32,
    /// It is that of a strand; else that of an activity for one.
    pub(super) is_first: bool,
    /// What the strand says of itself, here since there is room.
    pub(super) marks: Marks,
}

/// What differs by the types of a block. All are called with a pointer to the whole block, for which the caller has a
/// handle; `poll` and `drop_body` by the worker that runs the strand, while the future is there; `free` when there is no
/// handle any more.
struct Calls {
    poll: unsafe fn(NonNull<Strand>, &mut Context<'_>) -> Poll<Result<()>>,
    drop_body: unsafe fn(NonNull<Strand>),
    free: unsafe fn(NonNull<Strand>),
    behind: unsafe fn(NonNull<Strand>) -> NonNull<dyn Behind>,
}

#[repr(C)]
struct Block<T, F> {
    strand: Strand,
    behind: T,
    body: UnsafeCell<MaybeUninit<F>>,
}

impl<T: Behind + 'static, F: Future<Output = Result<()>>> Block<T, F> {
    const CALLS: &'static Calls = &Calls {
        poll: |block, context| {
            // SAFETY: as said there; the future is not moved before it is dropped where it is.
            unsafe {
                let body = block.cast::<Self>().as_ref().body.get();
                Pin::new_unchecked((*body).assume_init_mut()).poll(context)
            }
        },
        drop_body: |block| {
            // SAFETY: as said there.
            unsafe { (*block.cast::<Self>().as_ref().body.get()).assume_init_drop() }
        },
        free: |block| {
            let block = block.cast::<Self>();
            // SAFETY: nobody uses the block, which came from the pool. The future is not there any more.
            unsafe {
                block.drop_in_place();
                Pooled::<MaybeUninit<Self>>::from_raw(block.cast()).end();
            }
        },
        behind: |block| {
            // SAFETY: as said there.
            NonNull::from(unsafe { &block.cast::<Self>().as_ref().behind })
        },
    };

    /// A block with so many handles, which the caller gives out, without a future. What lies behind the strand is told
    /// where that is.
    #[inline(always)]
    fn make(
        n_handles: u32,
        index: Option<u32>,
        behind: impl FnOnce(usize) -> T,
    ) -> NonNull<Self> {
        const { assert!(offset_of!(Self, behind) == size_of::<Strand>()) };
        let (n_handles, marks) = (BiasedU32::new(n_handles), Marks::new(LONE));
        let head =
            Head { calls: Self::CALLS, n_handles, is_first: index.is_none(), marks };
        let block = Pooled::new(MaybeUninit::<Self>::uninit()).into_raw().cast::<Self>();
        let behind = behind(block.as_ptr().expose_provenance());
        let strand = Strand::new(Activity::new(head, index.unwrap_or(0)));
        let body = UnsafeCell::new(MaybeUninit::uninit());
        // SAFETY: the memory is for this, and nobody else has it yet.
        unsafe { block.write(Self { strand, behind, body }) };
        block
    }

    /// # Safety
    /// Nobody runs the strand of the block yet, which has no future.
    #[inline(always)]
    unsafe fn put_body(block: NonNull<Self>, body: F) {
        // SAFETY: nobody else looks there.
        unsafe { (*block.as_ref().body.get()).write(body) };
    }
}

impl Strand {
    /// The block in which this lies, as all strands do.
    #[inline(always)]
    pub(super) fn pointer(&self) -> NonNull<Self> {
        // Only this file makes a `Head`, of blocks, which it exposes.
        let at = ptr::with_exposed_provenance_mut(ptr::from_ref(self).addr());
        // SAFETY: it is where this is.
        unsafe { NonNull::new_unchecked(at) }
    }

    /// A handle of the block.
    pub(crate) fn block(&self) -> ActivityRef {
        // Whoever lends the strand has a handle.
        ActivityRef::clone(&ManuallyDrop::new(ActivityRef(self.pointer())))
    }

    /// What lies behind it.
    #[inline]
    pub(super) fn behind(&self) -> &dyn Behind {
        // SAFETY: it is the pointer to the whole block.
        unsafe { (self.head().calls.behind)(self.pointer()).as_ref() }
    }
}

/// A counted pointer to an activity: to the strand at the beginning of its block.
pub(crate) struct ActivityRef(NonNull<Strand>);

// SAFETY: what only one thread may touch of a block, the worker that runs the strand touches; futures and what lies
// behind strands are `Send`, and the latter is `Sync`.
unsafe impl Send for ActivityRef {}
// SAFETY: as above.
unsafe impl Sync for ActivityRef {}

impl Clone for ActivityRef {
    fn clone(&self) -> Self {
        count_up(&self.front().head().n_handles);
        Self(self.0)
    }
}

impl Drop for ActivityRef {
    fn drop(&mut self) {
        let head = self.front().head();
        if count_down_for_good(&head.n_handles) {
            // SAFETY: it was the last handle.
            unsafe { (head.calls.free)(self.0) };
        }
    }
}

// SAFETY: a handle is its pointer, which is valid as long as the handle is counted.
unsafe impl Pointer for ActivityRef {
    type Node = Strand;

    fn into_raw(self) -> NonNull<Strand> {
        ManuallyDrop::new(self).0
    }

    unsafe fn from_raw(node: NonNull<Strand>) -> Self {
        Self(node)
    }
}

impl ActivityRef {
    #[cfg(all(test, not(loom)))]
    pub(crate) fn n_handles(&self) -> u32 {
        self.head().n_handles.load(crate::sync::Ordering::Relaxed)
    }

    /// An activity for `strand` besides its first.
    pub(super) fn new<F>(strand: StrandRef, index: u32, body: F) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let block = Block::make(1, Some(index), |_| Added(strand));
        // SAFETY: it is new.
        unsafe { Block::put_body(block, body) };
        Self(block.cast())
    }

    /// What its block begins with.
    #[inline]
    pub(crate) fn front(&self) -> &Strand {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
    }

    /// Polls its future once. What that is given as its waker wakes nobody.
    ///
    /// # Safety
    /// For the worker that runs the strand, while the future is there.
    pub(super) unsafe fn poll_body(&self) -> Poll<Result<()>> {
        let context = &mut Context::from_waker(Waker::noop());
        // SAFETY: as the caller says.
        unsafe { (self.front().head().calls.poll)(self.0, context) }
    }

    /// Drops its future.
    ///
    /// # Safety
    /// As `poll_body`; it is there no more then.
    pub(super) unsafe fn drop_body(&self) {
        // SAFETY: as the caller says.
        unsafe { (self.front().head().calls.drop_body)(self.0) };
    }
}

/// A counted pointer to a strand, right behind which a `T` lies.
pub(crate) struct With<T>(StrandRef, PhantomData<T>);

impl<T> With<T> {
    /// With what `find` finds there.
    pub(crate) fn new(strand: StrandRef, find: fn(&Strand) -> &T) -> Self
    where
        T: Send + Sync,
    {
        let behind = strand.address() + size_of::<Strand>();
        assert!(ptr::from_ref(find(&strand)).addr() == behind, "it does not lie there");
        Self(strand, PhantomData)
    }

    /// The strand.
    #[inline]
    pub(crate) fn strand(&self) -> &StrandRef {
        &self.0
    }

    /// The same seen as what the `T` begins with.
    #[inline]
    pub(crate) fn narrow<U: Send + Sync>(self, find: fn(&T) -> &U) -> With<U> {
        assert!(
            ptr::addr_eq(find(&self), &raw const *self),
            "it does not begin with that"
        );
        With(self.0, PhantomData)
    }
}

impl<T> Deref for With<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: it lies there, as `new` saw, or at the beginning of what does, and this keeps the block.
        unsafe { self.0.first().0.add(1).cast().as_ref() }
    }
}

impl<T> Clone for With<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<O: Owner> With<Owned<O>> {
    /// A strand with its owner. `body` makes its first activity, and does nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(owner: O, body: impl FnOnce(Self) -> F) -> Made<O>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        // All four handles are given out below.
        let block = Block::make(4, None, |strand| Owned {
            part: O::Part::new::<O>(strand),
            owner,
        });
        let handle = || StrandRef::of_first(ActivityRef(block.cast()));
        // The owner lies behind the strand, and begins with the part.
        let (me, users) = (Self(handle(), PhantomData), With(handle(), PhantomData));
        me.part().settle(&me.0);
        let body = body(me);
        // SAFETY: nobody has the strand yet but `body`, which does not run it.
        unsafe { Block::put_body(block, body) };
        // SAFETY: it is the strand's first, and has a handle of its own.
        let strand = unsafe { Runnable::from_raw(block.cast()) };
        Made { strand, again: handle(), users }
    }
}
