//! Who holds an end of a channel: handles of the end, and those who have a source or a target of one of its ports.
//! When nobody holds a port any more it ends. The memory does not depend on it: each of them is a part of the
//! end, and those are counted in [`part`](super::part).
//!
//! # Counts
//! | count | of what | when it falls to zero |
//! |---|---|---|
//! | `Header::handles`, `Rare::below` | the handles to one end, by the channel type that they are seen as | the ports of that type lose one holder on the side of the end, and the handles to the base type one |
//! | `Rare::holders` | those who hold one side of a port: the handles of its end together, and each source or target made of it | the port completes or shuts |
//! | `Ends`: parts | what one end consists of: each handle, and each source or target made of its ports | the end is gone; the channel loses one |
//! | `Ends`: ends | the ends that are not gone | what is left in its ports is dropped |
//!
//! Who has one of a count has a part of the end, and gives that back after the last step that touches the channel. A
//! count is only added to by somebody who has one of it, or one that stands above it. A port of an end that
//! is gone cannot be held for it again ([`PortHold::new`] asks). So whoever has the only one of a
//! count finds that out by looking, and need not count it down: most agents die without an atomic exchange.

use std::ops::Deref;

use super::declared::Kind;
use super::here::Here;
use super::part::{End, PartOf};
use super::port::Port;
use super::{Channel, Side, endpoint};
use crate::port::source::Ending;
use crate::scheduler::strand::{Owned, Owner, Owning, Strand, With};
use crate::sync::count::{count_down, count_down_for_good, count_up};

impl<C: Channel> endpoint::Using<C> {
    /// The first handle of the using end.
    #[inline]
    pub(crate) fn first(channel: With<C>) -> Self {
        Self::new(Handle(End::first(channel)))
    }
}

impl Here<'_> {
    /// The agent has ended. If it `goes`, it has only its first handle of the end, which goes next.
    pub(crate) fn finish_impl(self, ending: &Ending, goes: bool) {
        // Then all ends with the handle, and nobody looks.
        if !(goes && self.is_alone(Side::Impl)) {
            self.finish(Side::Impl, ending);
        }
    }

    /// The agent's handle of the end goes, which is one of `kind`.
    #[inline]
    pub(super) fn leave_impl(self, kind: &'static Kind) {
        self.leave_handle(Side::Impl, 0, kind);
        // Its part is counted from the beginning.
        self.leave(Side::Impl);
    }
}

impl<C: Channel, O: Owner<Part = C>> Owning<O> {
    /// The implementing end.
    pub(crate) fn impl_end(&self) -> endpoint::Impl<C> {
        match End::of(self.clone().narrow(Owned::part)) {
            Some(end) => {
                // The owner has the first, which stays.
                count_up(end.here().handles(0, Side::Impl));
                endpoint::Impl::new(Handle(end))
            }
            None => unreachable!("the owner has the end"),
        }
    }
}

/// A handle to one end, seen as a `C`: the type with which the channel was opened, or one that it
/// derives from.
pub(super) struct Handle<C: Channel, const IMPL: bool>(End<C, IMPL>);

pub(super) type Using<C> = Handle<C, false>;
pub(super) type Impl<C> = Handle<C, true>;

impl<C: Channel, const IMPL: bool> Handle<C, IMPL> {
    pub(super) const SIDE: Side = End::<C, IMPL>::SIDE;

    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        self.0.here()
    }

    #[inline]
    pub(super) fn ports(&self) -> &C {
        self.0.ports()
    }

    /// How often one has to go to the base type to come from the channel's type to `C`.
    #[inline]
    fn level(&self) -> usize {
        self.here().kind().depth - Kind::of::<C>().depth
    }

    /// The same end as one of the channel that this one derives from.
    pub(super) fn base_end<B: Channel>(&self) -> Handle<B, IMPL>
    where
        C: Deref<Target = B>,
    {
        let base = self.0.base();
        // The handles to `C` together have one of the base's.
        count_up(self.here().handles(self.level() + 1, Self::SIDE));
        Handle(base)
    }
}

impl<C: Channel, const IMPL: bool> Clone for Handle<C, IMPL> {
    fn clone(&self) -> Self {
        count_up(self.here().handles(self.level(), Self::SIDE));
        Self(self.0.clone())
    }
}

impl<C: Channel, const IMPL: bool> Drop for Handle<C, IMPL> {
    #[inline]
    fn drop(&mut self) {
        self.here().leave_handle(Self::SIDE, self.level(), Kind::of::<C>());
    }
}

impl Here<'_> {
    /// A handle at a level goes, that of `kind`.
    #[inline]
    fn leave_handle(self, side: Side, level: usize, kind: &'static Kind) {
        if count_down_for_good(self.handles(level, side)) {
            self.leave_level(side, level, kind);
        }
    }

    /// The last handle at a level goes, that of `kind`: those who hold only through handles lose the ports of that
    /// level, and the end as the base type.
    #[inline(never)]
    fn leave_level(self, side: Side, mut level: usize, mut kind: &'static Kind) {
        let is_whole = level == 0 && (kind.base.is_none() || self.rare().is_none());
        // Acquire pairs with the leaving of all others.
        let parts = self.ends().now();
        if is_whole && parts.is_one(side) {
            // Nobody else holds any of the end's ports. Nobody looks at them if the other end is gone.
            if !parts.is_last() && !self.has_finished(side) {
                self.end_ports(side, &Ending::Normal);
            }
            return;
        }
        loop {
            for index in kind.base.map_or(0, |it| it.n_ports)..kind.n_ports {
                let sends = self.about(index).sender == side;
                let port = self.port(index);
                // Without counts the handles have the only one.
                if self.rare().is_none_or(|rare| count_down(rare.holders(index, sends))) {
                    port.end(sends, Ending::Normal);
                }
            }
            let Some(base) = kind.base else { return };
            (kind, level) = (base, level + 1);
            // Without handles to the base type this level has the only one.
            if let Some(rare) = self.rare()
                && !count_down(&rare.below[level - 1][side as usize])
            {
                return;
            }
        }
    }

    /// Something that keeps `side`, for somebody who has that.
    pub(crate) fn hold(self, side: Side) -> EndHold {
        EndHold(PartOf::new(self.owner(), side).expect("who asks has the end"))
    }
}

/// Keeps an end alive without being one of its handles or ports.
#[derive(Clone)]
pub(crate) struct EndHold(PartOf<Strand>);

impl EndHold {
    pub(crate) fn here(&self) -> Here<'_> {
        self.0.here()
    }

    pub(crate) fn side(&self) -> Side {
        self.0.side
    }
}

/// Holds one side of a port, without the end that it belongs to.
pub(crate) struct PortHold<T, const SENDS: bool>(PartOf<Port<T>>);

impl<T, const SENDS: bool> PortHold<T, SENDS> {
    /// For somebody who has that side.
    pub(crate) fn new(port: &Port<T>) -> Self {
        let sender = port.about().sender;
        let side = if SENDS { sender } else { sender.other() };
        // A port in no channel is not kept by what it is borrowed from.
        match PartOf::new(port, side) {
            Some(part) => Self::counted(part),
            None => panic!("a side of a port is used that is the other end's"),
        }
    }

    fn counted(part: PartOf<Port<T>>) -> Self {
        count_up(part.here().make_rare().holders(part.kept.it().index(), SENDS));
        Self(part)
    }
}

impl<T, const SENDS: bool> Deref for PortHold<T, SENDS> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        self.0.kept.it()
    }
}

impl<T, const SENDS: bool> Clone for PortHold<T, SENDS> {
    fn clone(&self) -> Self {
        Self::counted(self.0.clone())
    }
}

impl<T, const SENDS: bool> Drop for PortHold<T, SENDS> {
    fn drop(&mut self) {
        let (here, index) = (self.0.here(), self.index());
        if count_down(here.make_rare().holders(index, SENDS)) {
            here.port(index).end(SENDS, Ending::Normal);
        }
    }
}
