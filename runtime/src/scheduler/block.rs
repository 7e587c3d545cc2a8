//! One allocation for a strand, its part (the channel of an agent), its owner and its first activity with the
//! future; and one for each activity more. Counted pointers to both. It does not run anything.
//!
//! A block begins with an [`Activity`], which begins with a [`Head`]; what differs is found by the table that this
//! names ([`Calls`]). The block of a strand begins with the [`Strand`], which begins with its first activity: a
//! pointer to the one is a pointer to the other, and they have one count. Right behind it lies the part, so a
//! pointer to that leads to the strand, too.
//!
//! | count | of | what goes at zero |
//! |---|---|---|
//! | `n_owners` | handles of the owner ([`Owning`]), and one until the strand ends | the owner |
//! | the part's own | its users; the owner is one as long as it is there ([`Share`]) | the part ([`drop_part`]) |
//! | `n_handles` | [`StrandRef`], [`ActivityRef`], sleepers, wakers; one for all owners together, one for all users of the part | the memory |
//!
//! The future goes when its activity is done, at the latest when the strand ends.

use std::cell::UnsafeCell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::{self, NonNull};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use super::activity::Activity;
use super::count::{count_down, count_up};
use super::owner::{Owner, Part};
use super::strand::Strand;
use crate::mailbox::inbox::Pointer;
use crate::mailbox::sleeper::{self, Face, Sleep, Sleeper, Stock};
use crate::pool;
use crate::sync::{AtomicU32, Ordering};
use crate::value::{Exception, Result};

/// What every block begins with.
#[repr(C)]
pub(crate) struct Head {
    /// First: see [`Sleep`]. It has the [`Calls`].
    face: Face,
    n_handles: AtomicU32,
    /// Of a strand.
    n_owners: AtomicU32,
}

/// What differs by the types of a block. All are called with a pointer to the whole block, for which the caller has
/// a handle; `poll` and `drop_body` by the worker that runs the strand, while the future is there; `free` when there
/// is no handle any more.
struct Calls {
    poll: unsafe fn(NonNull<Activity>, &mut Context<'_>) -> Poll<Result<()>>,
    drop_body: unsafe fn(NonNull<Activity>),
    free: unsafe fn(NonNull<Activity>),
    /// Of the block of a strand.
    strand: Option<StrandCalls>,
}

/// The same: `end` while the owner is there; the others when nobody uses the owner, or the part, any more.
struct StrandCalls {
    name: &'static str,
    end: unsafe fn(NonNull<Activity>, Option<Exception>, bool),
    drop_owner: unsafe fn(NonNull<Activity>),
    drop_part: unsafe fn(NonNull<Activity>),
}

/// A block.
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

/// What the block of another activity has there.
#[repr(C)]
struct Added {
    activity: Activity,
    strand: StrandRef,
}

/// The calls of blocks that begin with a `T`.
const fn calls<T, F>(strand: Option<StrandCalls>) -> sleeper::Calls<Calls>
where
    F: Future<Output = Result<()>>,
{
    sleeper::Calls::of::<ActivityRef>(Calls {
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
            // SAFETY: nobody uses the block, and `pool::get` gave the memory for it.
            unsafe {
                ptr::drop_in_place(&raw mut (*block.as_ptr()).front);
                pool::put(block);
            }
        },
        strand,
    })
}

impl<O: Owner> Owned<O> {
    const CALLS: StrandCalls = StrandCalls {
        name: O::NAME,
        end: |block, failure, goes| {
            // SAFETY: the block begins with this, and the owner is there, which uses the part.
            let it = unsafe { block.cast::<Self>().as_ref() };
            it.owner.end(&it.part, &it.strand, failure, goes);
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

    fn part(block: NonNull<Activity>) -> NonNull<O::Part> {
        const { assert!(mem::offset_of!(Self, part) == size_of::<Strand>()) };
        // SAFETY: the block begins with this; the part lies behind the strand.
        unsafe { block.byte_add(size_of::<Strand>()) }.cast()
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

/// The strand before a part, by address. For [`strand_of`], and to be compared.
pub(crate) fn address_before<P>(part: NonNull<P>) -> usize {
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
    // SAFETY: as in `strand_of`.
    unsafe {
        let block = ptr::with_exposed_provenance_mut(address_before(part));
        let block = NonNull::<Activity>::new_unchecked(block);
        (block.as_ref().strand_calls().drop_part)(block);
    }
}

impl Head {
    #[inline]
    fn calls(&self) -> &'static Calls {
        // SAFETY: heads are made in this file only, with such calls.
        unsafe { self.face.more() }
    }
}

impl Activity {
    #[inline]
    fn calls(&self) -> &'static Calls {
        self.head().calls()
    }

    /// For the first of a strand.
    #[inline]
    fn strand_calls(&self) -> &'static StrandCalls {
        match &self.calls().strand {
            Some(calls) => calls,
            None => unreachable!("the activity is the first of a strand"),
        }
    }

    #[inline]
    pub(super) fn is_first(&self) -> bool {
        self.calls().strand.is_some()
    }

    /// The name of the strand whose first it is.
    pub(super) fn name(&self) -> &'static str {
        self.strand_calls().name
    }

    /// Handles of an activity, for waiting at queues.
    ///
    /// # Safety
    /// For the worker that polls it, once at a time; somebody has a handle as long as `'a`.
    #[inline(always)]
    pub(super) unsafe fn stock<'a>(activity: NonNull<Self>) -> Stock<'a> {
        let sleeper = ManuallyDrop::new(Sleeper::of(ActivityRef(activity)));
        // SAFETY: the activity is there, and its flag is used by one at a time.
        unsafe { Stock::new(sleeper, &activity.as_ref().spare) }
    }
}

/// A counted pointer to an activity.
pub(crate) struct ActivityRef(NonNull<Activity>);

// SAFETY: what only one thread may touch of a block, the worker that runs the strand touches; futures, parts and
// owners are `Send`, and the latter two are `Sync`.
unsafe impl Send for ActivityRef {}
// SAFETY: as above.
unsafe impl Sync for ActivityRef {}

impl Deref for ActivityRef {
    type Target = Activity;

    #[inline]
    fn deref(&self) -> &Activity {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for ActivityRef {
    fn clone(&self) -> Self {
        count_up(&self.head().n_handles);
        Self(self.0)
    }
}

impl Drop for ActivityRef {
    fn drop(&mut self) {
        if count_down(&self.head().n_handles) {
            // SAFETY: it was the last handle.
            unsafe { (self.calls().free)(self.0) };
        }
    }
}

// SAFETY: a handle is its pointer, which is valid as long as the handle is counted.
unsafe impl Pointer for ActivityRef {
    type Node = Activity;

    fn into_raw(self) -> NonNull<Activity> {
        ManuallyDrop::new(self).0
    }

    unsafe fn from_raw(node: NonNull<Activity>) -> Self {
        Self(node)
    }
}

// SAFETY: an activity begins with its head, and that with its face.
unsafe impl Sleep for ActivityRef {
    #[inline(always)]
    fn wake(self) {
        self.run_again();
    }
}

impl ActivityRef {
    /// An activity for `strand` besides its first.
    pub(super) fn new<F>(strand: StrandRef, index: u32, body: F) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let calls = const { &calls::<Added, F>(None) };
        let activity = Activity::new(Head::new(calls, 1), index);
        let block = pool::get::<Block<Added, F>>();
        // SAFETY: the memory is for this. The handle is given out.
        unsafe { block.write(Block::new(Added { activity, strand }, body)) };
        Self(block.cast())
    }

    pub(super) fn strand(&self) -> &Strand {
        // SAFETY: which of the two the block begins with, its calls say. This handle keeps the block,
        // and the block of an added activity has a handle of its strand.
        unsafe {
            match self.is_first() {
                true => self.0.cast::<Strand>().as_ref(),
                false => &self.0.cast::<Added>().as_ref().strand,
            }
        }
    }

    pub(super) fn strand_ptr(&self) -> NonNull<Strand> {
        match self.is_first() {
            true => self.0.cast(),
            // SAFETY: as in `strand`.
            false => unsafe { self.0.cast::<Added>().as_ref() }.strand.as_ptr(),
        }
    }

    pub(super) fn as_ptr(&self) -> NonNull<Activity> {
        self.0
    }

    /// Lets the handle go that was set aside.
    pub(super) fn drop_spare(&self) {
        if self.spare.take() {
            drop(Self(self.0));
        }
    }

    /// Polls its future once.
    ///
    /// # Safety
    /// For the worker that runs the strand, while the future is there.
    pub(super) unsafe fn poll_body(&self) -> Poll<Result<()>> {
        let data = self.0.as_ptr().cast_const().cast();
        // Not dropped: it has no count of its own.
        // SAFETY: the calls of `WAKER` are for handles of activities.
        let waker = ManuallyDrop::new(unsafe { Waker::new(data, &WAKER) });
        // SAFETY: as the caller says.
        unsafe { (self.calls().poll)(self.0, &mut Context::from_waker(&waker)) }
    }

    /// Drops its future.
    ///
    /// # Safety
    /// As `poll_body`; it is there no more then.
    pub(super) unsafe fn drop_body(&self) {
        // SAFETY: as the caller says.
        unsafe { (self.calls().drop_body)(self.0) };
    }
}

impl Head {
    fn new(calls: &'static sleeper::Calls<Calls>, n_handles: u32) -> Self {
        const { assert!(Activity::HEAD == 0, "an activity begins with its head") };
        Self {
            face: Face::new(calls),
            n_handles: AtomicU32::new(n_handles),
            n_owners: AtomicU32::new(2),
        }
    }
}

impl<T, F> Block<T, F> {
    fn new(front: T, body: F) -> Self {
        Self { front, body: UnsafeCell::new(MaybeUninit::new(body)) }
    }
}

static WAKER: RawWakerVTable = RawWakerVTable::new(
    |data| {
        // SAFETY: the waker has a handle, or is lent one.
        let more = ActivityRef::clone(&*unsafe { lent(data) });
        RawWaker::new(more.into_raw().as_ptr().cast_const().cast(), &WAKER)
    },
    // SAFETY: the waker goes with the call, and had a handle.
    |data| ManuallyDrop::into_inner(unsafe { lent(data) }).run_again(),
    // SAFETY: the waker has a handle, or is lent one.
    |data| unsafe { lent(data) }.run_again_by_ref(),
    // SAFETY: the waker goes with the call, and had a handle.
    |data| drop(ManuallyDrop::into_inner(unsafe { lent(data) })),
);

/// # Safety
/// `data` is that of a waker of an activity that is there.
unsafe fn lent(data: *const ()) -> ManuallyDrop<ActivityRef> {
    // SAFETY: as the caller says; it came from a `NonNull`.
    let activity = unsafe { NonNull::new_unchecked(data.cast_mut().cast()) };
    ManuallyDrop::new(ActivityRef(activity))
}

/// A counted pointer to a strand: to its first activity.
#[derive(Clone)]
pub(crate) struct StrandRef(ActivityRef);

impl Deref for StrandRef {
    type Target = Strand;

    #[inline]
    fn deref(&self) -> &Strand {
        // SAFETY: the activity is the first of a strand, and this handle keeps it.
        unsafe { self.as_ptr().as_ref() }
    }
}

// SAFETY: as for `ActivityRef`.
unsafe impl Pointer for StrandRef {
    type Node = Activity;

    fn into_raw(self) -> NonNull<Activity> {
        self.0.into_raw()
    }

    unsafe fn from_raw(node: NonNull<Activity>) -> Self {
        Self(ActivityRef(node))
    }
}

impl StrandRef {
    /// The first activity of the strand.
    #[inline]
    pub(super) fn first(&self) -> &ActivityRef {
        &self.0
    }

    /// A handle more.
    ///
    /// # Safety
    /// The pointer came from a handle, and somebody keeps the strand.
    pub(super) unsafe fn one_more(strand: NonNull<Strand>) -> Self {
        // SAFETY: as the caller says; the count is not taken from whoever has it.
        let there = ManuallyDrop::new(unsafe { Self::from_raw(strand.cast()) });
        Self::clone(&there)
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> NonNull<Strand> {
        self.0.0.cast()
    }

    /// For the first activity of a strand.
    pub(super) fn of_first(first: ActivityRef) -> Self {
        debug_assert!(first.is_first());
        Self(first)
    }

    /// Tells the owner that the strand ends. Once.
    ///
    /// # Safety
    /// `drop_owner` has not been called.
    pub(super) unsafe fn end_owner(&self, failure: Option<Exception>) {
        // Acquire pairs with the dropping of handles. The one is the strand's own.
        let goes = self.0.head().n_owners.load(Ordering::Acquire) == 1;
        // SAFETY: as the caller says.
        unsafe { (self.0.strand_calls().end)(self.0.0, failure, goes) };
    }

    /// The strand has ended: its own count of the owner goes. Once.
    ///
    /// # Safety
    /// Once.
    pub(super) unsafe fn drop_owner(&self) {
        if count_down(&self.0.head().n_owners) {
            // SAFETY: it was the last count of the owner, and this handle keeps the block.
            unsafe { (self.0.strand_calls().drop_owner)(self.0.0) };
        }
    }
}

/// A handle of the owner of a strand.
pub(crate) struct Owning<O: Owner> {
    strand: ManuallyDrop<StrandRef>,
    of: PhantomData<O>,
}

impl<O: Owner> Owning<O> {
    /// A strand that has not started, with its owner, and the right to its part. `body` makes its first activity, and
    /// does nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(
        owner: O,
        body: impl FnOnce(Self) -> F,
    ) -> (StrandRef, Share<O::Part, false>)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let calls = const { &calls::<Owned<O>, F>(Some(Owned::<O>::CALLS)) };
        // One is for all owners, one is given out here, and one is for those who use the part.
        let n_handles = const { 2 + O::Part::IS_SHARED as u32 };
        let block = pool::get::<Block<Owned<O>, F>>();
        let first = block.cast::<Activity>();
        let at = block.as_ptr();
        let part = Owned::<O>::part(first);
        // SAFETY: the memory is for this, and nobody else has it yet.
        unsafe {
            let strand = Strand::new(Activity::new(Head::new(calls, n_handles), 0));
            (&raw mut (*at).front.strand).write(strand);
            part.write(O::Part::new(O::NAME, at.expose_provenance()));
            part.as_ref().settle();
            (&raw mut (*at).front.owner).write(ManuallyDrop::new(owner));
            // Of the two owners one is the strand itself until it ends.
            let strand = ManuallyDrop::new(StrandRef(ActivityRef(first)));
            let body = body(Self { strand, of: PhantomData });
            (&raw mut (*at).body).write(UnsafeCell::new(MaybeUninit::new(body)));
        }
        (StrandRef(ActivityRef(first)), Share(part))
    }

    /// The strand.
    pub(crate) fn strand(&self) -> &StrandRef {
        &self.strand
    }

    fn owned(&self) -> &Owned<O> {
        // SAFETY: `strand_for` made the strand with this at its beginning, and this handle keeps the owner, which
        // keeps the part.
        unsafe { self.strand.as_ptr().cast().as_ref() }
    }

    /// The part of the strand.
    #[inline]
    pub(crate) fn part(&self) -> &O::Part {
        &self.owned().part
    }
}

impl<O: Owner> Deref for Owning<O> {
    type Target = O;

    #[inline]
    fn deref(&self) -> &O {
        &self.owned().owner
    }
}

impl<O: Owner> Clone for Owning<O> {
    fn clone(&self) -> Self {
        count_up(&self.strand.0.head().n_owners);
        // Not counted: all owners have one handle together.
        let strand = ManuallyDrop::new(StrandRef(ActivityRef(self.strand.0.0)));
        Self { strand, of: PhantomData }
    }
}

impl<O: Owner> Drop for Owning<O> {
    fn drop(&mut self) {
        // SAFETY: this is one count of the owner, which goes here.
        unsafe { self.strand.drop_owner() };
    }
}
