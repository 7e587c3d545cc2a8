//! Parts of the ends of a channel. An end is there as long as it has a part: each handle of it is one, and each source
//! or target made of its ports. Parts are made of a part of the same end, or of anything that shows the channel to be
//! alive, if the end still has one. When the last one goes the end is gone.
//!
//! A part has a handle of the block, so the memory does not depend on these counts: were one wrong, an end would go too
//! early or too late.

use std::any::TypeId;
use std::ops::Deref;

use super::here::Here;
use super::{Channel, Side};
use crate::scheduler::strand::{BlockRef, InBlock, With};

/// One part of an end, whose channel is seen as a `C`: the type with which it was opened, or one that that derives
/// from.
pub(super) struct End<C: Channel, const IMPL: bool>(With<C>);

impl<C: Channel, const IMPL: bool> End<C, IMPL> {
    pub(super) const SIDE: Side = if IMPL { Side::Impl } else { Side::Using };

    /// The part that is counted from the beginning.
    #[inline]
    pub(super) fn first(channel: With<C>) -> Self {
        Self(channel)
    }

    /// One part more, if the end is not gone.
    pub(super) fn of(channel: With<C>) -> Option<Self> {
        let is_there = Here::of(channel.strand()).add_part(Self::SIDE);
        is_there.then_some(Self(channel))
    }

    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        Here::of(self.0.strand())
    }

    #[inline]
    pub(super) fn ports(&self) -> &C {
        &self.0
    }

    /// One part more, seen as one of the channel that this one derives from.
    pub(super) fn base<B: Channel>(&self) -> End<B, IMPL>
    where
        C: Deref<Target = B>,
    {
        assert!(
            C::BASE.is_some_and(|base| (base.id)() == TypeId::of::<B>()),
            "`{}` does not derive from `{}`",
            C::NAME,
            B::NAME
        );
        self.here().ends().add(Self::SIDE);
        End(self.0.clone().narrow(|it| it))
    }
}

impl<C: Channel, const IMPL: bool> Clone for End<C, IMPL> {
    fn clone(&self) -> Self {
        self.here().ends().add(Self::SIDE);
        Self(self.0.clone())
    }
}

impl<C: Channel, const IMPL: bool> Drop for End<C, IMPL> {
    #[inline]
    fn drop(&mut self) {
        self.here().leave(Self::SIDE);
    }
}

/// One part of an end, which it is said of at run time, by way of the strand or of a port.
pub(super) struct PartOf<P: InBlock> {
    pub(super) kept: BlockRef<P>,
    pub(super) side: Side,
}

impl<P: InBlock> PartOf<P> {
    /// One part more, if the end is not gone.
    pub(super) fn new(of: &P, side: Side) -> Option<Self> {
        let is_there = Here::of(of.front()).add_part(side);
        is_there.then(|| Self { kept: BlockRef::new(of), side })
    }

    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        Here::of(self.kept.front())
    }
}

impl<P: InBlock> Clone for PartOf<P> {
    fn clone(&self) -> Self {
        self.here().ends().add(self.side);
        Self { kept: self.kept.clone(), side: self.side }
    }
}

impl<P: InBlock> Drop for PartOf<P> {
    fn drop(&mut self) {
        self.here().leave(self.side);
    }
}

impl Here<'_> {
    /// One part more, if the end is not gone. What the strand of the channel has kept to itself is for all who have the
    /// end then.
    fn add_part(self, side: Side) -> bool {
        let is_there = self.ends().add_if_there(side);
        if is_there && side == Side::Impl {
            self.all_ports().share();
        }
        is_there
    }

    /// One part goes, of somebody who has it.
    #[inline]
    pub(super) fn leave(self, side: Side) {
        if self.ends().leave(side) {
            self.end_goes(side);
        }
    }

    /// The last part of an end has gone.
    #[inline(never)]
    fn end_goes(self, side: Side) {
        self.end_is_gone(side);
        if self.ends().end() {
            self.empty();
        }
    }

    /// Nobody has either end: what is left goes, such as handles of activities that have waited here, whose block this
    /// may be.
    #[inline]
    fn empty(self) {
        self.all_ports().empty();
        if let Some(rare) = self.rare() {
            rare.empty();
        }
    }
}
