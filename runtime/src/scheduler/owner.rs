//! To whom a strand belongs, what lies beside it, and how strands are shown. It says nothing of memory.

use std::fmt;
use std::ops::Deref;

use super::activity::Activity;
use super::block::{ActivityRef, Owning, Share};
use super::strand::StrandRef;
use crate::value::Exception;

/// To whom a strand belongs.
pub(crate) trait Owner: Sized + Send + Sync + 'static {
    /// For reports.
    const NAME: &'static str;

    /// What lies beside the owner and may outlive it.
    type Part: Part;

    /// All activities are done, or one has failed: takes apart what is left. Called once, on the strand.
    /// If the owner `goes`, there is no handle of it, and it is dropped next.
    fn end(me: &Owning<Self>, failure: Option<Exception>, goes: bool);
}

/// What lies in the block of a strand and is used by others, too: the channel of an agent. It counts who does.
pub(crate) trait Part: Send + Sync + Sized + 'static {
    /// Whether others than the owner may use it. It goes by itself then; a part of nobody else is never dropped.
    const IS_SHARED: bool;

    /// It is for the strand at this address, whose owner has this name.
    fn new(name: &'static str, strand: usize) -> Self;

    /// It is at its place now, and nobody uses it yet.
    fn settle(&self);

    /// The owner goes.
    fn leave(share: Share<Self, true>);
}

impl Part for () {
    const IS_SHARED: bool = false;

    fn new(_: &'static str, _: usize) {}

    fn settle(&self) {}

    fn leave(_: Share<(), true>) {}
}

/// A strand that has not started.
pub(crate) struct Made<O: Owner> {
    pub(crate) strand: StrandRef,
    /// Another handle, which costs nothing yet.
    pub(crate) again: StrandRef,
    /// The right to the part.
    pub(crate) users: Share<O::Part, false>,
}

impl<O: Owner> Owning<O> {
    /// The part of the strand.
    #[inline]
    pub(crate) fn part(&self) -> &O::Part {
        self.both().1
    }
}

impl<O: Owner> Deref for Owning<O> {
    type Target = O;

    #[inline]
    fn deref(&self) -> &O {
        self.both().0
    }
}

impl fmt::Debug for Activity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Activity({})", self.number())
    }
}

impl fmt::Debug for ActivityRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Activity({} {})", self.strand().name(), self.index())
    }
}

impl fmt::Debug for StrandRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}
