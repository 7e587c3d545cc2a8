//! To whom a strand belongs, what lies behind it, and how strands are shown. It says nothing of memory.

use std::fmt;
use std::future::Future;
use std::ops::Deref;

use super::activity::Activity;
use super::block::With;
use super::handle::ActivityRef;
use super::runner::Runnable;
use super::strand::{Strand, StrandRef};
use crate::channel::NoChannel;
use crate::channel::declared::{Kind, Ports};
use crate::value::{Exception, Result};

/// To whom a strand belongs.
pub(crate) trait Owner: Sized + Send + Sync + 'static {
    /// For reports.
    const NAME: &'static str;

    /// What lies beside the owner and is used by others, too.
    type Part: Part;

    /// All activities are done, or one has failed: takes apart what is left. Called once, on the strand.
    /// If the owner `goes`, none of the activities is there any more.
    fn end(me: &Owned<Self>, strand: &Strand, failure: Option<Exception>, goes: bool) {
        let _ = (me, strand, failure, goes);
    }
}

/// What lies in the block of a strand and is used by others, too: the channel of an agent. It knows who does.
pub(crate) trait Part: Send + Sync + Sized + 'static {
    /// The type of the channel that the strand of an `O` has.
    fn kind<O: Owner>() -> &'static Kind;

    /// It is for the strand at this address, whose owner is an `O`.
    fn new<O: Owner>(strand: usize) -> Self;

    /// It is at its place now, behind `strand`, and nobody uses it yet.
    fn settle(&self, strand: &Strand);

    /// Nothing is left of the strand: its owner does not use this any more. Called once.
    fn leave(&self, strand: &Strand);

    /// Its ports.
    fn ports(&self) -> &dyn Ports;
}

/// What lies behind a strand.
#[repr(C)]
pub(crate) struct Owned<O: Owner> {
    part: O::Part,
    owner: O,
}

/// What lies in a block behind the strand that this begins with.
pub(crate) trait Behind: Send + Sync {
    /// See [`Part::kind`].
    fn kind() -> &'static Kind
    where
        Self: Sized;

    /// For reports.
    fn name(&self) -> &'static str;

    /// See [`Owner::end`].
    fn end(&self, strand: &Strand, failure: Option<Exception>, goes: bool);

    /// Nothing is left of the strand.
    fn leave(&self, strand: &Strand);

    /// See [`Part::ports`].
    fn ports(&self) -> &dyn Ports;

    /// Whose activity it is, besides the first.
    fn of(&self) -> Option<&StrandRef> {
        None
    }
}

impl<O: Owner> Behind for Owned<O> {
    #[inline]
    fn kind() -> &'static Kind {
        O::Part::kind::<O>()
    }

    fn name(&self) -> &'static str {
        O::NAME
    }

    fn end(&self, strand: &Strand, failure: Option<Exception>, goes: bool) {
        O::end(self, strand, failure, goes);
    }

    fn leave(&self, strand: &Strand) {
        self.part.leave(strand);
    }

    #[inline]
    fn ports(&self) -> &dyn Ports {
        self.part.ports()
    }
}

/// What lies behind the strand of an activity besides the first: its own strand, the other being none.
pub(super) struct Added(StrandRef);

impl Behind for Added {
    fn kind() -> &'static Kind {
        Kind::of::<NoChannel>()
    }

    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn end(&self, _: &Strand, _: Option<Exception>, _: bool) {
        unreachable!("strands end, activities go");
    }

    fn leave(&self, _: &Strand) {
        unreachable!("strands end, activities go");
    }

    fn ports(&self) -> &dyn Ports {
        unreachable!("strands have channels, activities do not");
    }

    fn of(&self) -> Option<&StrandRef> {
        Some(&self.0)
    }
}

/// The owner of a strand as its own code has it.
pub(crate) type Owning<O> = With<Owned<O>>;

/// A strand that has not started.
pub(crate) struct Made<O: Owner> {
    pub(crate) strand: Runnable,
    /// A handle, which costs nothing yet.
    pub(crate) again: StrandRef,
    /// For those who use the part.
    pub(crate) users: With<O::Part>,
}

impl Strand {
    /// The ports of the channel behind it.
    #[inline]
    pub(crate) fn ports(&self) -> &dyn Ports {
        self.behind().ports()
    }
}

impl<O: Owner> Owning<O> {
    /// A strand with its owner. `body` makes its first activity, and does nothing else.
    #[inline]
    pub(crate) fn strand_for<F>(owner: O, body: impl FnOnce(Self) -> F) -> Made<O>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let (strand, again, users) = Self::make(
            |strand| Owned { part: O::Part::new::<O>(strand), owner },
            |me| {
                me.part.settle(me.strand());
                body(me)
            },
        );
        let (again, users) = (StrandRef::of_first(again), users.narrow(Owned::part));
        match strand {
            Some(strand) => Made { strand, again, users },
            None => unreachable!("it is of nobody else"),
        }
    }
}

impl Added {
    /// An activity of `strand` besides its first.
    pub(super) fn activity<F>(strand: StrandRef, index: u32, body: F) -> ActivityRef
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let (_, activity, _) = With::make(|_| Self(strand), |_| body);
        activity.front().set_place(index);
        activity
    }
}

impl<O: Owner> Owned<O> {
    /// The part of the strand.
    #[inline]
    pub(crate) fn part(&self) -> &O::Part {
        &self.part
    }
}

impl<O: Owner> Deref for Owned<O> {
    type Target = O;

    #[inline]
    fn deref(&self) -> &O {
        &self.owner
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
