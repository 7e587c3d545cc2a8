//! What lies in the block of a strand beside its owner and may outlive it: the channel of an agent.
//! It makes no block; [`block`](super::block) does.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::channel::Kind;

/// What lies in the block of a strand and is used by others, too: it counts who does.
///
/// # Safety
/// `release` is called once if `IS_COUNTED`, when nobody uses it any more, and else never.
pub(crate) unsafe trait Share: Sized + 'static {
    /// What is given away of it first.
    type Given;

    /// What the owner has of it, from the beginning until it goes.
    type Own: Clone + 'static;

    /// Whether somebody uses it.
    const IS_COUNTED: bool;

    /// The type of the channel that it is.
    const KIND: Option<&'static Kind>;

    /// Makes it in the block of the strand at this address.
    ///
    /// # Safety
    /// `place` is where it will be. `release` is to be called with that place.
    unsafe fn make(place: NonNull<Self>, home: &'static Home) -> Self::Given;

    /// What of it the owner sees.
    type View;

    /// What the owner sees.
    ///
    /// # Safety
    /// It was made at this place, and the owner is there as long as `'a`.
    unsafe fn view<'a>(place: NonNull<Self>) -> &'a Self::View;

    /// What the owner has.
    ///
    /// # Safety
    /// It was made at this place, and the owner is there, or is this call's.
    unsafe fn own(place: NonNull<Self>) -> ManuallyDrop<Self::Own>;
}

// SAFETY: nobody calls `release`.
unsafe impl Share for () {
    type Given = ();

    type Own = ();

    const IS_COUNTED: bool = false;

    const KIND: Option<&'static Kind> = None;

    unsafe fn make(_: NonNull<Self>, _: &'static Home) {}

    type View = ();

    unsafe fn view<'a>(_: NonNull<Self>) -> &'a () {
        &()
    }

    unsafe fn own(_: NonNull<Self>) -> ManuallyDrop<()> {
        ManuallyDrop::new(())
    }
}

/// The block that something shared lies in.
#[derive(Debug)]
pub(crate) struct Home {
    /// The name of the owner.
    pub(crate) name: &'static str,
    pub(crate) kind: Option<&'static Kind>,
    /// So many bytes before it is the strand.
    pub(crate) offset: usize,
    /// Drops what is shared, and lets the block go, given a pointer to the former. Once.
    pub(crate) release: unsafe fn(NonNull<()>),
}
