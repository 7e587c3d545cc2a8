//! One allocation for a strand, its owner, what others share of it (the channel of an agent) and its first
//! activity with the future; and one for each activity more. Counted pointers to both. It does not run anything.
//!
//! A block begins with an [`Activity`], the part that all have alike; what differs is found by the table
//! that it names ([`Calls`]). The block of a strand begins with the [`Strand`], which begins with its first
//! activity: a pointer to the one is a pointer to the other, and they have one count.
//!
//! | count | of | what goes at zero |
//! |---|---|---|
//! | `n_owners` | handles of the owner ([`Owning`]), and one until the strand ends | the owner |
//! | the counts of [`Share`] | who shares what is shared | that |
//! | `n_handles` | [`StrandRef`], [`ActivityRef`], sleepers, wakers; one for all owners together, one for all who share | the memory |
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

use super::count::{count_down, count_up};
use super::current::Waiting;
use super::living::Home;
use super::owner::Owner;
use super::share::{self, Share};
use super::strand::Strand;
use crate::mailbox::inbox::{Handle, Pointer};
use crate::mailbox::sleeper::{self, Face, Sleep, Sleeper, Stock};
use crate::pool;
use crate::sync::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, Cell, Flag, Ordering};
use crate::value::{Exception, Result};

/// What all activities have.
#[repr(C)]
pub(crate) struct Activity {
    /// First: see [`Sleep`]. It has the [`Calls`].
    face: Face,
    n_handles: AtomicU32,
    /// Only in the first activity of a strand.
    n_owners: AtomicU32,
    /// By which it hangs in the list of its strand. By that of the first activity the strand hangs in the common
    /// list, or among those that have ended elsewhere.
    pub(super) next: AtomicPtr<Activity>,
    /// It hangs there. The first never does: its flag is the one of `Ready::mark`.
    pub(super) is_hung: AtomicBool,
    /// There is a future that is not done. For the worker that runs the strand, as all that follows.
    pub(super) lives: Flag,
    /// A handle is set aside for the next head of a queue at which the activity waits.
    pub(super) spare: Flag,
    /// Of the first activity of a strand: in whose list of agents the strand is, and where there. Of others: their
    /// index.
    pub(super) home: AtomicU8,
    pub(super) number: AtomicU32,
    /// Stays where it is: polls are given a pointer to it.
    pub(super) waiting: Cell<Waiting>,
}

/// What differs by the types of a block. All are called with a pointer to the whole block.
struct Calls {
    name: &'static str,
    is_first: bool,
    poll: unsafe fn(NonNull<Activity>, &mut Context<'_>) -> Poll<Result<()>>,
    drop_body: unsafe fn(NonNull<Activity>),
    end: unsafe fn(NonNull<Activity>, Option<Exception>, bool),
    drop_owner: unsafe fn(NonNull<Activity>),
    free: unsafe fn(NonNull<Activity>),
}

/// The future of a block.
type Body<F> = UnsafeCell<MaybeUninit<F>>;

/// The beginning of the block of a strand.
#[repr(C)]
struct Owned<O: Owner> {
    strand: Strand,
    share: MaybeUninit<O::Share>,
    owner: ManuallyDrop<O>,
}

impl<O: Owner> Owned<O> {
    /// Where what is shared lies in a block.
    fn share(block: NonNull<Self>) -> NonNull<O::Share> {
        // SAFETY: the field lies within the block.
        unsafe { NonNull::new_unchecked(&raw mut (*block.as_ptr()).share) }.cast()
    }

    const HOME: &'static share::Home = &share::Home {
        name: O::NAME,
        kind: O::Share::KIND,
        offset: mem::offset_of!(Self, share),
        release: |share| {
            // SAFETY: `share` is that field of an `Owned`, and nobody uses it any more; the handle is that of
            // all who did.
            unsafe {
                let block = share.byte_sub(Self::HOME.offset);
                ptr::drop_in_place(share.cast::<O::Share>().as_ptr());
                drop(ActivityRef(block.cast()));
            }
        },
    };
}

#[repr(C)]
struct First<O: Owner, F> {
    owned: Owned<O>,
    body: Body<F>,
}

/// The beginning of the block of an activity that is not its strand's first.
#[repr(C)]
struct Head {
    activity: Activity,
    strand: StrandRef,
}

#[repr(C)]
struct Added<F> {
    head: Head,
    body: Body<F>,
}

/// The type of a block.
///
/// # Safety
/// It is `repr(C)` and begins with an `Activity`. All are called with a pointer to the whole block, for which
/// the caller has a count; the last two once, when nobody else uses the owner, or the block.
unsafe trait Block: Sized {
    type Body: Future<Output = Result<()>>;

    unsafe fn body(block: NonNull<Self>) -> *const Body<Self::Body>;
    unsafe fn end(block: NonNull<Self>, failure: Option<Exception>, goes: bool);
    unsafe fn drop_owner(block: NonNull<Self>);
    unsafe fn drop_head(block: NonNull<Self>);
}

// SAFETY: a strand begins with its first activity.
unsafe impl<O, F> Block for First<O, F>
where
    O: Owner,
    F: Future<Output = Result<()>>,
{
    type Body = F;

    unsafe fn body(block: NonNull<Self>) -> *const Body<F> {
        // SAFETY: the block is there; no reference is made to the rest of it.
        unsafe { &raw const (*block.as_ptr()).body }
    }

    unsafe fn end(block: NonNull<Self>, failure: Option<Exception>, goes: bool) {
        // SAFETY: the block is there, and its owner until `drop_owner`.
        let owned = unsafe { &(*block.as_ptr()).owned };
        // SAFETY: as above.
        let own = unsafe { O::Share::own(Owned::<O>::share(block.cast())) };
        owned.owner.end(&own, &owned.strand, failure, goes);
    }

    unsafe fn drop_owner(block: NonNull<Self>) {
        // SAFETY: nobody else uses the owner, with which goes what it has.
        unsafe {
            ManuallyDrop::drop(&mut (*block.as_ptr()).owned.owner);
            drop(ManuallyDrop::into_inner(O::Share::own(Owned::<O>::share(
                block.cast(),
            ))));
        }
    }

    unsafe fn drop_head(block: NonNull<Self>) {
        // SAFETY: nobody else uses the block.
        unsafe { ptr::drop_in_place(&raw mut (*block.as_ptr()).owned.strand) };
    }
}

// SAFETY: the head begins with the activity.
unsafe impl<F: Future<Output = Result<()>>> Block for Added<F> {
    type Body = F;

    unsafe fn body(block: NonNull<Self>) -> *const Body<F> {
        // SAFETY: as in `First`.
        unsafe { &raw const (*block.as_ptr()).body }
    }

    unsafe fn end(_: NonNull<Self>, _: Option<Exception>, _: bool) {}

    unsafe fn drop_owner(_: NonNull<Self>) {}

    unsafe fn drop_head(block: NonNull<Self>) {
        // SAFETY: as in `First`.
        unsafe { ptr::drop_in_place(&raw mut (*block.as_ptr()).head) };
    }
}

/// The calls of blocks of type `B`: all are given a pointer to the whole of one, as said there. `poll` and `drop_body`
/// are for the worker that runs the strand, while the future is there.
const fn calls<B: Block>(name: &'static str, is_first: bool) -> sleeper::Calls<Calls> {
    sleeper::Calls::of::<ActivityRef>(Calls {
        name,
        is_first,
        poll: |block, context| {
            // SAFETY: as said above; the future is not moved before it is dropped where it is.
            unsafe {
                let body = UnsafeCell::raw_get(B::body(block.cast()));
                Pin::new_unchecked((*body).assume_init_mut()).poll(context)
            }
        },
        drop_body: |block| {
            // SAFETY: as said above.
            unsafe { (*UnsafeCell::raw_get(B::body(block.cast()))).assume_init_drop() }
        },
        // SAFETY: as said above.
        end: |block, failure, goes| unsafe { B::end(block.cast(), failure, goes) },
        // SAFETY: as said above.
        drop_owner: |block| unsafe { B::drop_owner(block.cast()) },
        free: |block| {
            let block = block.cast::<B>();
            // SAFETY: nobody has a count any more, and `pool::get` gave the memory for a `B`.
            unsafe {
                B::drop_head(block);
                pool::put(block);
            }
        },
    })
}

impl Activity {
    /// The part that all activities have.
    ///
    /// # Safety
    /// It is written to the beginning of a block with these calls.
    unsafe fn new(
        calls: &'static sleeper::Calls<Calls>,
        index: u32,
        n_handles: u32,
    ) -> Self {
        Self {
            face: Face::new(calls),
            n_handles: AtomicU32::new(n_handles),
            n_owners: AtomicU32::new(2),
            next: AtomicPtr::new(ptr::null_mut()),
            is_hung: AtomicBool::new(false),
            lives: Flag::new(true),
            spare: Flag::new(false),
            home: AtomicU8::new(Home::NOWHERE.0),
            number: AtomicU32::new(index),
            waiting: Cell::new(Waiting::default()),
        }
    }

    #[inline]
    fn calls(&self) -> &'static Calls {
        // SAFETY: `new` was given such calls.
        unsafe { self.face.more() }
    }

    pub(super) fn is_first(&self) -> bool {
        self.calls().is_first
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

    /// Which of its strand's it is: 0 for the first.
    pub(super) fn index(&self) -> u32 {
        // Relaxed: it does not change.
        if self.is_first() { 0 } else { self.number.load(Ordering::Relaxed) }
    }

    pub(super) fn name(&self) -> &'static str {
        self.calls().name
    }
}

/// A counted pointer to an activity.
pub(crate) struct ActivityRef(NonNull<Activity>);

// SAFETY: what only one thread may touch of a block, the worker that runs the strand touches; futures and
// owners are `Send`, and owners are `Sync`.
unsafe impl Send for ActivityRef {}
// SAFETY: as above.
unsafe impl Sync for ActivityRef {}

impl Deref for ActivityRef {
    type Target = Activity;

    fn deref(&self) -> &Activity {
        // SAFETY: this handle keeps it.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for ActivityRef {
    fn clone(&self) -> Self {
        count_up(&self.n_handles);
        Self(self.0)
    }
}

impl Drop for ActivityRef {
    fn drop(&mut self) {
        if count_down(&self.n_handles) {
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

// SAFETY: an activity is `repr(C)` and begins with its face.
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
        let block = pool::get::<Added<F>>();
        // SAFETY: the memory is for this. The handle is given out.
        unsafe {
            let calls = const { &calls::<Added<F>>("", false) };
            let activity = Activity::new(calls, index, 1);
            let body = UnsafeCell::new(MaybeUninit::new(body));
            block.write(Added { head: Head { activity, strand }, body });
        }
        Self(block.cast())
    }

    pub(super) fn strand(&self) -> &Strand {
        // SAFETY: which of the two the block begins with, its calls say. This handle keeps the block,
        // and the block of an added activity has a handle of its strand.
        unsafe {
            match self.is_first() {
                true => self.0.cast::<Strand>().as_ref(),
                false => &self.0.cast::<Head>().as_ref().strand,
            }
        }
    }

    pub(super) fn strand_ptr(&self) -> NonNull<Strand> {
        match self.is_first() {
            true => self.0.cast(),
            // SAFETY: as in `strand`.
            false => unsafe { self.0.cast::<Head>().as_ref() }.strand.0.0.cast(),
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

    fn deref(&self) -> &Strand {
        // SAFETY: the activity is the first of a strand, and this handle keeps it.
        unsafe { self.0.0.cast().as_ref() }
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

// SAFETY: names the one field, by which only the strand hangs in a list: its first activity hangs in none.
unsafe impl Handle for StrandRef {
    fn next(node: &Activity) -> &AtomicPtr<Activity> {
        &node.next
    }
}

impl StrandRef {
    /// The first activity of the strand.
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
        let goes = self.0.n_owners.load(Ordering::Acquire) == 1;
        // SAFETY: as the caller says.
        unsafe { (self.0.calls().end)(self.0.0, failure, goes) };
    }

    /// The strand has ended: its own count of the owner goes. Once.
    ///
    /// # Safety
    /// Once.
    pub(super) unsafe fn drop_owner(&self) {
        if count_down(&self.0.n_owners) {
            // SAFETY: it was the last count of the owner, and this handle keeps the block.
            unsafe { (self.0.calls().drop_owner)(self.0.0) };
            // The handle of all owners.
            drop(ActivityRef(self.0.0));
        }
    }
}

/// A handle of the owner of a strand.
pub(crate) struct Owning<O: Owner> {
    strand: ManuallyDrop<StrandRef>,
    of: PhantomData<O>,
}

impl<O: Owner> Owning<O> {
    /// A strand that has not started, with its owner. `owner` makes that of what is shared, `body` makes
    /// its first activity; they do nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(
        owner: impl FnOnce(<O::Share as Share>::Given) -> O,
        body: impl FnOnce(Self) -> F,
    ) -> StrandRef
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let block = pool::get::<First<O, F>>();
        // SAFETY: the memory is for this. One handle is for all owners, one is given out here, and one is
        // for those who share. `Owned` is the beginning of a `First`.
        unsafe {
            let calls = const { &calls::<First<O, F>>(O::NAME, true) };
            let n_handles = const { 2 + O::Share::IS_COUNTED as u32 };
            let at = block.as_ptr();
            let first = Activity::new(calls, 0, n_handles);
            (&raw mut (*at).owned.strand).write(Strand::new(first));
            let share = NonNull::new_unchecked(&raw mut (*at).owned.share);
            let given = O::Share::make(share.cast(), Owned::<O>::HOME);
            (&raw mut (*at).owned.owner).write(ManuallyDrop::new(owner(given)));
            let strand = StrandRef(ActivityRef(block.cast()));
            // Of the two owners one is the strand itself until it ends.
            let owning = Self {
                strand: ManuallyDrop::new(StrandRef(ActivityRef(block.cast()))),
                of: PhantomData,
            };
            let body = UnsafeCell::new(MaybeUninit::new(body(owning)));
            (&raw mut (*at).body).write(body);
            strand
        }
    }

    /// The strand.
    pub(crate) fn strand(&self) -> &StrandRef {
        &self.strand
    }

    /// What the owner sees of what is shared.
    #[inline]
    pub(crate) fn view(&self) -> &<O::Share as Share>::View {
        // SAFETY: this handle keeps the owner.
        unsafe { O::Share::view(Owned::<O>::share(self.strand.0.0.cast())) }
    }

    /// Another of what the owner has of what is shared.
    pub(crate) fn own(&self) -> <O::Share as Share>::Own {
        // SAFETY: this handle keeps the owner.
        let own = unsafe { O::Share::own(Owned::<O>::share(self.strand.0.0.cast())) };
        (*own).clone()
    }
}

impl<O: Owner> Deref for Owning<O> {
    type Target = O;

    fn deref(&self) -> &O {
        // SAFETY: `strand_for` made the strand with an `O` behind it, which this handle keeps.
        unsafe { &(*self.strand.0.0.cast::<Owned<O>>().as_ptr()).owner }
    }
}

impl<O: Owner> Clone for Owning<O> {
    fn clone(&self) -> Self {
        count_up(&self.strand.0.n_owners);
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
