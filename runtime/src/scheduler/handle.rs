//! What is safe to do with handles of activities and strands. What they keep, [`block`](super::block) knows.

use std::ops::Deref;

use super::activity::Activity;
use super::block::{BlockRef, InBlock};
use super::strand::Strand;

/// A counted pointer to an activity: to the strand at the beginning of its block.
pub(crate) type ActivityRef = BlockRef<Strand>;

impl<P: InBlock> BlockRef<P> {
    /// What its block begins with.
    #[inline(always)]
    pub(crate) fn front(&self) -> &Strand {
        self.it().front()
    }
}

impl Deref for ActivityRef {
    type Target = Activity;

    #[inline]
    fn deref(&self) -> &Activity {
        self.front().first()
    }
}

impl ActivityRef {
    #[inline]
    pub(super) fn is_first(&self) -> bool {
        self.front().head().flags.is_first
    }

    /// Whose activity it is, besides the first.
    pub(super) fn of(&self) -> Option<&StrandRef> {
        self.front().behind().of()
    }

    /// Which of its strand's it is: 0 for the first.
    pub(super) fn index(&self) -> u32 {
        if self.is_first() { 0 } else { self.number() }
    }

    #[inline]
    pub(super) fn strand(&self) -> &Strand {
        self.front().main()
    }
}

/// A counted pointer to a strand: to its first activity.
#[derive(Clone)]
pub(crate) struct StrandRef(ActivityRef);

impl Deref for StrandRef {
    type Target = Strand;

    #[inline]
    fn deref(&self) -> &Strand {
        self.0.front()
    }
}

impl Strand {
    /// Whose activity it is with whose block this begins.
    #[inline]
    pub(super) fn main(&self) -> &Self {
        if self.head().flags.is_first {
            return self;
        }
        self.behind().of().map_or(self, |strand| strand)
    }

    /// Of its owner.
    pub(crate) fn name(&self) -> &'static str {
        self.behind().name()
    }

    /// A handle of the block.
    pub(crate) fn block(&self) -> ActivityRef {
        BlockRef::new(self)
    }

    /// A handle of the strand.
    pub(crate) fn handle(&self) -> StrandRef {
        StrandRef::of_first(self.block())
    }
}

impl StrandRef {
    /// For the first activity of a strand.
    #[inline]
    pub(super) fn of_first(first: ActivityRef) -> Self {
        Self(first)
    }

    /// The first activity of the strand.
    #[inline]
    pub(super) fn first(&self) -> &ActivityRef {
        &self.0
    }

    #[inline]
    pub(super) fn into_first(self) -> ActivityRef {
        self.0
    }
}
