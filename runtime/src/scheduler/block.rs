//! One allocation for a strand, its part (the channel of an agent), its owner and the future of its first activity;
//! and one for each activity more. Counted pointers to both. It does not run anything.
//!
//! A block begins with a [`Strand`]; what lies behind differs, and is found by the table that its [`Head`] names
//! ([`Calls`]). In the block of a strand that is first its part: a pointer to the part leads to the strand, too.
//!
//! | count | of | what goes at zero |
//! |---|---|---|
//! | `n_owners` | [`OwnerRef`], [`Owning`]; one is the strand's until it ends | the owner |
//! | the part's own | its users; the owner is one as long as it is there ([`Share`]) | the part ([`drop_part`]) |
//! | `n_handles` | [`ActivityRef`]; one for all owners together, one for all users of the part | the memory |
//!
//! The future goes when its activity is done, at the latest when the strand ends.

use std::cell::UnsafeCell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit, offset_of};
use std::pin::Pin;
use std::ptr::{self, NonNull};
use std::task::{Context, Poll, Waker};

use super::activity::Activity;
use super::count::{count_down, count_up};
use super::owner::{Made, Owner, Part};
use super::strand::{Strand, StrandRef};
use crate::mailbox::inbox::Pointer;
use crate::pool::Pooled;
use crate::sync::{AtomicU32, Ordering};
use crate::value::{Exception, Result};

/// What the strand at the beginning of a block has of the block.
#[repr(C)]
pub(crate) struct Head {
    calls: &'static Calls,
    n_handles: AtomicU32,
    n_owners: AtomicU32,
}

/// What differs by the types of a block. All are called with a pointer to the whole block, for which the caller has
/// a handle; `poll` and `drop_body` by the worker that runs the strand, while the future is there; `free` when there
/// is no handle any more.
struct Calls {
    poll: unsafe fn(NonNull<Strand>, &mut Context<'_>) -> Poll<Result<()>>,
    drop_body: unsafe fn(NonNull<Strand>),
    free: unsafe fn(NonNull<Strand>),
    /// Of the block of a strand.
    owner: Option<OwnerCalls>,
}

/// The same: `end` while the owner is there; the others when nobody uses the owner, or the part, any more.
struct OwnerCalls {
    name: &'static str,
    end: unsafe fn(NonNull<Strand>, Option<Exception>, bool),
    drop_owner: unsafe fn(NonNull<Strand>),
    drop_part: unsafe fn(NonNull<Strand>),
}

/// A block. It begins with a strand: `front` is one, or begins with one.
#[repr(C)]
struct Block<T, F> {
    front: T,
    body: UnsafeCell<MaybeUninit<F>>,
}

/// What the block of a strand has before the future.
#[repr(C)]
struct Owned<O: Owner> {
    strand: Strand,
    part: ManuallyDrop<O::Part>,
    owner: ManuallyDrop<O>,
}

const fn calls<T, F>(owner: Option<OwnerCalls>) -> Calls
where
    F: Future<Output = Result<()>>,
{
    Calls {
        poll: |block, context| {
            // SAFETY: as said there; the future is not moved before it is dropped where it is.
            unsafe {
                let body = block.cast::<Block<T, F>>().as_ref().body.get();
                Pin::new_unchecked((*body).assume_init_mut()).poll(context)
            }
        },
        drop_body: |block| {
            // SAFETY: as said there.
            unsafe {
                let body = block.cast::<Block<T, F>>().as_ref().body.get();
                (*body).assume_init_drop();
            }
        },
        free: |block| {
            let block = block.cast::<Block<T, F>>();
            // SAFETY: nobody uses the block, and `memory` gave it. The future is not there any more.
            unsafe {
                ptr::drop_in_place(&raw mut (*block.as_ptr()).front);
                let _ = Pooled::<MaybeUninit<Block<T, F>>>::from_raw(block.cast())
                    .into_inner();
            }
        },
        owner,
    }
}

/// Memory for a block, from the pool.
#[inline(always)]
fn memory<B>() -> NonNull<B> {
    Pooled::new(MaybeUninit::<B>::uninit()).into_raw().cast()
}

impl<O: Owner> Owned<O> {
    const CALLS: OwnerCalls = OwnerCalls {
        name: O::NAME,
        end: |block, failure, goes| {
            // Not counted: the caller keeps the owner.
            let owner = OwnerRef::at(block);
            O::end(&ManuallyDrop::new(Owning { owner, of: PhantomData }), failure, goes);
        },
        drop_owner: |block| {
            // SAFETY: nobody else uses the owner, whose share of the part and whose handle go with it.
            unsafe {
                ManuallyDrop::drop(&mut (*block.cast::<Self>().as_ptr()).owner);
                O::Part::leave(Share(Self::part(block)));
                drop(ActivityRef(block));
            }
        },
        drop_part: |block| {
            // SAFETY: nobody uses the part any more. The handle is that of all who did.
            unsafe {
                Self::part(block).drop_in_place();
                drop(ActivityRef(block));
            }
        },
    };

    fn part(block: NonNull<Strand>) -> NonNull<O::Part> {
        const { assert!(offset_of!(Self, part) == size_of::<Strand>()) };
        // SAFETY: the part lies there in the block.
        unsafe { block.add(1) }.cast()
    }
}

/// The right of its users, or of the owner, to use the part of a strand. Each is made once for a block. The part
/// counts them as it likes, and is there until [`drop_part`].
pub(crate) struct Share<P, const OWNS: bool>(NonNull<P>);

impl<P, const OWNS: bool> Share<P, OWNS> {
    pub(crate) fn as_ptr(&self) -> NonNull<P> {
        self.0
    }
}

/// Where the strand before a part is.
fn address_before<P>(part: NonNull<P>) -> usize {
    part.addr().get() - size_of::<Strand>()
}

/// The strand before a part.
///
/// # Safety
/// The part is that of a strand, which somebody keeps as long as `'a`.
pub(crate) unsafe fn strand_of<'a, P>(part: NonNull<P>) -> &'a Strand {
    // SAFETY: as the caller says; `Owning::strand_for` has exposed the block.
    unsafe { &*ptr::with_exposed_provenance(address_before(part)) }
}

/// Drops the part of a strand and lets the block go.
///
/// # Safety
/// Nobody uses it any more: both shares have gone.
pub(crate) unsafe fn drop_part<P>(part: NonNull<P>) {
    let block = ptr::with_exposed_provenance_mut::<Strand>(address_before(part));
    // SAFETY: as in `strand_of`.
    unsafe { ((*block).owner_calls().drop_part)(NonNull::new_unchecked(block)) };
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
}

/// A counted pointer to an activity: to the strand at the beginning of its block.
pub(crate) struct ActivityRef(NonNull<Strand>);

// SAFETY: what only one thread may touch of a block, the worker that runs the strand touches; futures, parts and
// owners are `Send`, and the latter two are `Sync`.
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
        self.head().n_handles.load(Ordering::Relaxed)
    }

    /// An activity for `strand` besides its first.
    pub(super) fn new<F>(strand: StrandRef, index: u32, body: F) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let head = Head {
            calls: const { &calls::<Strand, F>(None) },
            n_handles: AtomicU32::new(1),
            n_owners: AtomicU32::new(0),
        };
        let front = Strand::new(Activity::new(head, index), Some(strand));
        let body = UnsafeCell::new(MaybeUninit::new(body));
        // The handle is given out.
        Self(Pooled::new(Block { front, body }).into_raw().cast())
    }

    /// What its block begins with.
    #[inline]
    pub(super) fn front(&self) -> &Strand {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
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

/// A count of the owner of a strand, whatever that is. All have one handle together, which this is.
pub(crate) struct OwnerRef(ManuallyDrop<StrandRef>);

impl OwnerRef {
    fn at(block: NonNull<Strand>) -> Self {
        Self(ManuallyDrop::new(StrandRef::of_first(ActivityRef(block))))
    }

    /// The count that the strand itself has until it ends.
    ///
    /// # Safety
    /// Once for a strand.
    pub(super) unsafe fn own(strand: &StrandRef) -> Self {
        Self::at(strand.first().0)
    }

    /// Tells the owner that the strand ends.
    pub(super) fn end(&self, failure: Option<Exception>) {
        // Acquire pairs with the dropping of others. The one is this.
        let goes = self.0.head().n_owners.load(Ordering::Acquire) == 1;
        // SAFETY: this keeps the owner.
        unsafe { (self.0.owner_calls().end)(self.0.first().0, failure, goes) };
    }
}

impl Clone for OwnerRef {
    fn clone(&self) -> Self {
        count_up(&self.0.head().n_owners);
        Self::at(self.0.first().0)
    }
}

impl Drop for OwnerRef {
    fn drop(&mut self) {
        if count_down(&self.0.head().n_owners) {
            // SAFETY: it was the last count of the owner; the handle goes with the call.
            unsafe { (self.0.owner_calls().drop_owner)(self.0.first().0) };
        }
    }
}

/// The same where the type of the owner is known.
pub(crate) struct Owning<O: Owner> {
    owner: OwnerRef,
    of: PhantomData<O>,
}

impl<O: Owner> Owning<O> {
    /// A strand with its owner. `body` makes its first activity, and does nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(owner: O, body: impl FnOnce(Self) -> F) -> Made<O>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let head = Head {
            calls: const { &calls::<Owned<O>, F>(Some(Owned::<O>::CALLS)) },
            // One is for all owners, two are given out here, and one is for those who use the part.
            n_handles: AtomicU32::new(const { 3 + O::Part::IS_SHARED as u32 }),
            // One is the strand itself until it ends.
            n_owners: AtomicU32::new(2),
        };
        let block = memory::<Block<Owned<O>, F>>();
        let (at, first) = (block.as_ptr(), block.cast());
        let part = Owned::<O>::part(first);
        // SAFETY: the memory is for this, and nobody else has it yet.
        unsafe {
            let strand = Strand::new(Activity::new(head, 0), None);
            (&raw mut (*at).front.strand).write(strand);
            part.write(O::Part::new(O::NAME, at.expose_provenance()));
            part.as_ref().settle();
            (&raw mut (*at).front.owner).write(ManuallyDrop::new(owner));
            let body = body(Self { owner: OwnerRef::at(first), of: PhantomData });
            (&raw mut (*at).body).write(UnsafeCell::new(MaybeUninit::new(body)));
        }
        let strand = || StrandRef::of_first(ActivityRef(first));
        Made { strand: strand(), again: strand(), users: Share(part) }
    }

    /// The strand.
    pub(crate) fn strand(&self) -> &StrandRef {
        &self.owner.0
    }

    /// The owner, and the part of the strand.
    #[inline]
    pub(super) fn both(&self) -> (&O, &O::Part) {
        // SAFETY: `strand_for` made the strand with this at its beginning, and this keeps the owner, which keeps the
        // part.
        let owned = unsafe { self.strand().first().0.cast::<Owned<O>>().as_ref() };
        (&owned.owner, &owned.part)
    }
}

impl<O: Owner> Clone for Owning<O> {
    fn clone(&self) -> Self {
        Self { owner: self.owner.clone(), of: PhantomData }
    }
}
