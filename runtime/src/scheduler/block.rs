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
use super::count::{count_down, count_up};
use super::marks::{LONE, Marks};
use super::owner::{Made, Owned, Owner, Part};
use super::strand::{Strand, StrandRef};
use crate::mailbox::inbox::Pointer;
use crate::pool::Pooled;
use crate::sync::AtomicU32;
use crate::value::{Exception, Result};

/// What the strand at the beginning of a block has of the block.
#[repr(C)]
pub(crate) struct Head {
    calls: &'static Calls,
    n_handles: AtomicU32,
    /// It is that of a strand; else that of an activity for one.
    pub(super) is_first: bool,
    /// What the strand says of itself, here since there is room.
    pub(super) marks: Marks,
}

impl Head {
    fn new(calls: &'static Calls, n_handles: u32, is_first: bool) -> Self {
        let (n_handles, marks) = (AtomicU32::new(n_handles), Marks::new(LONE));
        Self { calls, n_handles, is_first, marks }
    }
}

/// What differs by the types of a block. All are called with a handle of the block or a pointer to it, for which the
/// caller has one; `poll` and `drop_body` by the worker that runs the strand, while the future is there; `free` when
/// there is no handle any more.
struct Calls {
    poll: unsafe fn(NonNull<Strand>, &mut Context<'_>) -> Poll<Result<()>>,
    drop_body: unsafe fn(NonNull<Strand>),
    free: unsafe fn(NonNull<Strand>),
    /// Of the block of a strand.
    owner: Option<OwnerCalls>,
}

struct OwnerCalls {
    name: &'static str,
    end: unsafe fn(&StrandRef, Option<Exception>, bool),
    leave: unsafe fn(&StrandRef),
}

#[repr(C)]
struct Block<T, F> {
    strand: Strand,
    behind: T,
    body: UnsafeCell<MaybeUninit<F>>,
}

impl<T, F: Future<Output = Result<()>>> Block<T, F> {
    const fn calls(owner: Option<OwnerCalls>) -> Calls {
        const { assert!(offset_of!(Self, behind) == size_of::<Strand>()) };
        Calls {
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
                    drop(Pooled::<MaybeUninit<Self>>::from_raw(block.cast()));
                }
            },
            owner,
        }
    }
}

impl Strand {
    #[inline]
    fn owner_calls(&self) -> &'static OwnerCalls {
        match &self.head().calls.owner {
            Some(calls) => calls,
            None => unreachable!("it is that of an activity besides the first"),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.owner_calls().name
    }

    /// A handle of the block in which this lies, as all strands do.
    pub(super) fn block(&self) -> ActivityRef {
        let at = ptr::with_exposed_provenance_mut(ptr::from_ref(self).addr());
        // SAFETY: only this file makes a `Head`, of blocks, which it exposes; whoever lends the strand has a handle.
        let lent = ManuallyDrop::new(ActivityRef(unsafe { NonNull::new_unchecked(at) }));
        ActivityRef::clone(&lent)
    }
}

/// A counted pointer to an activity: to the strand at the beginning of its block.
#[repr(transparent)]
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
        if count_down(&head.n_handles) {
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
        let calls = const { &Block::<StrandRef, F>::calls(None) };
        let head = Head::new(calls, 1, false);
        let front = Strand::new(Activity::new(head, index));
        let body = UnsafeCell::new(MaybeUninit::new(body));
        let block = Pooled::new(Block { strand: front, behind: strand, body }).into_raw();
        block.as_ptr().expose_provenance();
        // The handle is given out.
        Self(block.cast())
    }

    /// What its block begins with.
    #[inline]
    pub(super) fn front(&self) -> &Strand {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
    }

    /// Whose activity it is, besides the first.
    #[inline]
    pub(super) fn of(&self) -> Option<&StrandRef> {
        // SAFETY: `new` has put it there.
        (!self.front().head().is_first).then(|| unsafe { self.behind() })
    }

    /// # Safety
    /// A `T` lies behind the strand.
    #[inline]
    unsafe fn behind<T>(&self) -> &T {
        // SAFETY: as the caller says; this keeps the block.
        unsafe { self.0.add(1).cast().as_ref() }
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> NonNull<Strand> {
        self.0
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

impl StrandRef {
    /// Tells the owner that the strand ends.
    pub(super) fn end_owner(&self, failure: Option<Exception>, goes: bool) {
        // SAFETY: it is called with a handle of its block.
        unsafe { (self.owner_calls().end)(self, failure, goes) };
    }

    /// Tells the owner that nothing is left of the strand.
    pub(super) fn leave_owner(&self) {
        // SAFETY: as in `end_owner`.
        unsafe { (self.owner_calls().leave)(self) };
    }
}

/// A counted pointer to a strand, right behind which a `T` lies.
#[repr(transparent)]
pub(crate) struct With<T>(StrandRef, PhantomData<T>);

impl<T> With<T> {
    /// # Safety
    /// A `T` lies there. It is `Send` and `Sync`.
    #[inline]
    pub(crate) unsafe fn new(strand: StrandRef) -> Self {
        Self(strand, PhantomData)
    }

    /// # Safety
    /// As `new`.
    #[inline]
    unsafe fn of(strand: &StrandRef) -> &Self {
        // SAFETY: it is nothing but the handle.
        unsafe { &*ptr::from_ref(strand).cast() }
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
        // SAFETY: it lies there, as `new` wants, or at the beginning of what does.
        unsafe { self.0.first().behind() }
    }
}

impl<T> Clone for With<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<O: Owner> With<Owned<O>> {
    const CALLS: OwnerCalls = OwnerCalls {
        name: O::NAME,
        // SAFETY: such an owner lies behind these strands, here and below.
        end: |strand, failure, goes| O::end(unsafe { Self::of(strand) }, failure, goes),
        // SAFETY: as above.
        leave: |strand| O::Part::leave(unsafe { Self::of(strand) }.part()),
    };

    /// A strand with its owner. `body` makes its first activity, and does nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(owner: O, body: impl FnOnce(Self) -> F) -> Made<O>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let calls = const { &Block::<Owned<O>, F>::calls(Some(Self::CALLS)) };
        // All four are given out below.
        let head = Head::new(calls, 4, true);
        let block = Pooled::new(MaybeUninit::<Block<Owned<O>, F>>::uninit()).into_raw();
        let block = block.cast::<Block<Owned<O>, F>>();
        let part = O::Part::new(O::NAME, block.as_ptr().expose_provenance());
        let strand = Strand::new(Activity::new(head, 0));
        let behind = Owned { part, owner };
        let rest = UnsafeCell::new(MaybeUninit::uninit());
        // SAFETY: the memory is for this, and nobody else has it yet.
        unsafe { block.write(Block { strand, behind, body: rest }) };
        let handle = || StrandRef::of_first(ActivityRef(block.cast()));
        // SAFETY: the owner lies behind the strand, and begins with the part.
        let (me, users) = unsafe { (Self::new(handle()), With::new(handle())) };
        me.part().settle();
        let body = body(me);
        // SAFETY: nobody runs the strand yet, or looks there.
        unsafe { (*block.as_ref().body.get()).write(body) };
        Made { strand: handle(), again: handle(), users }
    }
}
