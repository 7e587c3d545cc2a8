//! One allocation for a strand, what lies behind it (its owner, and the channel of an agent) and the future of its first
//! activity; and one for each activity more. Counted pointers to both. It does not decide what runs.
//!
//! A block begins with a [`Strand`]; what follows differs, and is found by the table that its [`Head`] names
//! ([`Calls`]). One count keeps all of it: who has a handle, [`ActivityRef`] or one made of it, has everything that is
//! in the block, at its place. Only the future goes earlier: when its activity is done, at the latest when the strand
//! ends.

use std::future::Future;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit, offset_of};
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::{self, NonNull};
use std::task::{Context, Poll, Waker};

use super::activity::Activity;
use super::future::Flags;
use super::handle::ActivityRef;
use super::owner::Behind;
use super::runner::Runnable;
use super::runs::Runs;
use super::strand::{Strand, StrandRef};
use crate::channel::declared::Kind;
use crate::channel::here::Common;
use crate::pool::Pooled;
use crate::sync::count::{count_down_for_good, count_up};
use crate::sync::{BiasedU32, Cell, Pointer};
use crate::value::Result;

/// What the strand at the beginning of a block has of the block.
#[repr(C)]
pub(crate) struct Head {
    calls: &'static Calls,
    n_handles: BiasedU32,
    pub(super) flags: Flags,
}

/// What differs by the types of a block. All are called with a pointer to the whole block, for which the caller has a
/// handle; `future`, which polls or drops it, by who alone uses the future, which is there; `free` when no handle is.
struct Calls {
    future: unsafe fn(NonNull<Strand>, bool) -> Poll<Result<()>>,
    /// How much is there as long as the block, all but the future.
    stays: usize,
    free: unsafe fn(NonNull<Strand>),
    behind: fn(*const Strand) -> *const dyn Behind,
    kind: fn() -> &'static Kind,
}

#[repr(C)]
struct Block<T, F> {
    strand: Strand,
    behind: T,
    body: Cell<MaybeUninit<F>>,
}

impl<T, F> Block<T, F>
where
    T: Behind + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    const CALLS: &'static Calls = &Calls {
        // SAFETY: as said there; the future is not moved before it is dropped where it is.
        future: |block, polls| unsafe {
            let context = &mut Context::from_waker(Waker::noop());
            block.cast::<Self>().as_ref().body.with_mut(|it| {
                if polls {
                    return Pin::new_unchecked((*it).assume_init_mut()).poll(context);
                }
                (*it).assume_init_drop();
                Poll::Ready(Ok(()))
            })
        },
        stays: offset_of!(Self, body),
        // SAFETY: nobody uses the block, which came from the pool. The future is not there any more.
        free: |block| unsafe { Pooled::<Self>::from_raw(block.cast()) }.end(),
        behind: |block| block.wrapping_add(1).cast::<T>(),
        kind: T::kind,
    };
}

impl Strand {
    /// The block in which this lies, as all strands do.
    #[inline(always)]
    fn pointer(&self) -> NonNull<Self> {
        // Only this file makes a `Head`, of blocks, which it exposes.
        NonNull::with_exposed_provenance(NonNull::from_ref(self).addr())
    }

    /// Whether what is at an address is in the block, and no part of the future.
    #[inline(always)]
    pub(crate) fn has(&self, address: usize) -> bool {
        let offset = address.wrapping_sub(self.address());
        // First what is known to rustc.
        offset < size_of::<Self>() || offset < self.head().calls.stays
    }

    /// The type of its channel.
    #[inline]
    pub(crate) fn kind(&self) -> &'static Kind {
        (self.head().calls.kind)()
    }

    /// What lies behind it.
    #[inline]
    pub(super) fn behind(&self) -> &dyn Behind {
        // SAFETY: it lies right behind the strand, as `make` sees to.
        unsafe { &*(self.head().calls.behind)(self.pointer().as_ptr()) }
    }

    /// Polls the future of the block, or drops it, if it is there and not in use. What that is given as its waker wakes
    /// nobody.
    #[inline(always)]
    pub(super) fn use_future(&self, polls: bool) -> Option<Poll<Result<()>>> {
        Runs::check(self);
        let head = self.head();
        // SAFETY: this thread runs the strand, and nobody else uses the future now.
        let body = || unsafe { (head.calls.future)(self.pointer(), polls) };
        head.flags.future.use_it(polls, body)
    }
}

/// What lies in a block.
///
/// # Safety
/// It lies in the block that begins with `front`, always at the same place, and threads may share it.
pub(crate) unsafe trait InBlock {
    fn front(&self) -> &Strand;
}

// SAFETY: there is no strand but at the beginning of a block.
unsafe impl InBlock for Strand {
    #[inline(always)]
    fn front(&self) -> &Strand {
        self
    }
}

/// A counted pointer to something in a block, which keeps the whole block.
pub(crate) struct BlockRef<P: InBlock>(NonNull<P>);

// SAFETY: what only one thread may touch of a block, the worker that runs the strand touches; futures and what lies
// behind strands are `Send`, and the latter is `Sync`.
unsafe impl<P: InBlock> Send for BlockRef<P> {}
// SAFETY: as above.
unsafe impl<P: InBlock> Sync for BlockRef<P> {}

impl<P: InBlock> BlockRef<P> {
    /// Whoever lends it has one.
    #[inline]
    pub(crate) fn new(it: &P) -> Self {
        count_up(&it.front().head().n_handles);
        // `make` exposes the block.
        Self(NonNull::with_exposed_provenance(NonNull::from_ref(it).addr()))
    }

    #[inline(always)]
    pub(crate) fn it(&self) -> &P {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
    }
}

impl<P: InBlock> Clone for BlockRef<P> {
    fn clone(&self) -> Self {
        Self::new(self.it())
    }
}

impl<P: InBlock> Drop for BlockRef<P> {
    #[inline(never)]
    fn drop(&mut self) {
        let front = self.front();
        if count_down_for_good(&front.head().n_handles) {
            // SAFETY: it was the last handle.
            unsafe { (front.head().calls.free)(front.pointer()) };
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

/// A counted pointer to a strand, right behind which a `T` lies.
pub(crate) struct With<T>(StrandRef, PhantomData<T>);

impl<T: Behind + 'static> With<T> {
    /// A new block. What lies behind the strand is told where that is; `body` makes the future and does nothing else.
    /// Nobody but the first activity of a strand has the right to run it, which comes once.
    #[inline(always)]
    pub(super) fn make<F>(
        behind: impl FnOnce(usize) -> T,
        body: impl FnOnce(Self) -> F,
    ) -> (Option<Runnable>, ActivityRef, Self)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        const { assert!(offset_of!(Block<T, F>, behind) == size_of::<Strand>()) };
        let mut room = Pooled::new(MaybeUninit::<Block<T, F>>::uninit());
        let behind = behind(room.as_ptr().addr());
        let is_first = behind.of().is_none();
        let head = Head {
            calls: Block::<T, F>::CALLS,
            // All are given out below.
            n_handles: BiasedU32::new(if is_first { 4 } else { 3 }),
            flags: Flags::new(is_first),
        };
        let strand = Strand::new(Activity::new(head), Common::new(T::kind()));
        room.write(Block { strand, behind, body: Cell::new(MaybeUninit::uninit()) });
        let block = room.into_raw();
        // For `Strand::pointer`.
        block.as_ptr().expose_provenance();
        let block = block.cast::<Block<T, F>>();
        let handle = || BlockRef(block.cast());
        let with = || Self(StrandRef::of_first(handle()), PhantomData);
        let body = body(with());
        // SAFETY: the block is there, and nobody has run the strand: nobody has the right to yet.
        unsafe { block.as_ref().body.with_mut(|it| (*it).write(body)) };
        // SAFETY: it is the strand's first.
        let strand = is_first.then(|| unsafe { Runnable::from_raw(block.cast()) });
        (strand, handle(), with())
    }
}

impl<T> With<T> {
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
        // SAFETY: it lies there, as `make` puts it, or at the beginning of what does, and this keeps the block.
        unsafe { self.0.first().0.add(1).cast().as_ref() }
    }
}

impl<T> Clone for With<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{BlockRef, InBlock};
    use crate::sync::Ordering;

    impl<P: InBlock> BlockRef<P> {
        /// Of the whole block.
        pub(crate) fn n_handles(&self) -> u32 {
            self.front().head().n_handles.load(Ordering::Relaxed)
        }
    }
}
