//! A channel that is open: the struct of the ports lies in the block of its agent, right behind the strand, in which is
//! what else both ends share. Whoever has a handle of the strand has all of it, with nothing ever moved or taken away. It
//! does not know what the ports queue, nor when they end.

use std::{fmt, ptr};

use super::block::Place;
use super::declared::{Kind, Ports};
use super::ends::Ends;
use super::header::Header;
use super::{Channel, ChannelCore, NoChannel, Side};
use crate::mailbox::kept::{Beside, Kept};
use crate::scheduler::strand::{OfStrand, Owner, Part, Runs, Strand};
use crate::sync::BiasedU8;

/// What both ends share besides the ports.
pub(crate) struct Common {
    pub(super) ends: Ends,
    pub(super) header: Header,
}

impl Common {
    #[inline]
    pub(crate) fn new(kind: &Kind) -> Self {
        let header = Header::new(kind);
        Self { ends: Ends::new(header.rare().is_some()), header }
    }
}

impl<C: Channel> Part for C {
    #[inline]
    fn kind<O: Owner>() -> &'static Kind {
        Kind::with_agent::<C, O>()
    }

    #[inline]
    fn new<O: Owner>(strand: usize) -> Self {
        C::open(&ChannelCore { kind: Kind::with_agent::<C, O>(), strand })
    }

    /// Its ports learn where they are.
    #[inline]
    fn settle(&self, strand: &Strand) {
        for (index, declared) in C::PORTS.iter().enumerate() {
            let port = (declared.port)(self).inner();
            let is_ruled = C::PROTOCOL.is_some() || port.is_bounded();
            port.place().settle(strand, index, is_ruled);
        }
    }

    #[inline]
    fn leave(&self, strand: &Strand) {
        Here::of(strand).leave_impl(Kind::of::<C>());
    }

    #[inline]
    fn ports(&self) -> &dyn Ports {
        self
    }
}

/// No channel.
impl Part for () {
    fn kind<O: Owner>() -> &'static Kind {
        Kind::of::<NoChannel>()
    }

    fn new<O: Owner>(_: usize) {}

    fn settle(&self, _: &Strand) {}

    fn leave(&self, _: &Strand) {}

    fn ports(&self) -> &dyn Ports {
        &NoChannel
    }
}

/// A channel that is alive as long as `'a`, by its strand.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a>(&'a Strand);

impl<'a> Here<'a> {
    #[inline]
    pub(crate) fn of(strand: &'a Strand) -> Self {
        Self(strand)
    }

    /// The type of the channel.
    #[inline]
    pub(crate) fn kind(self) -> &'static Kind {
        self.0.kind()
    }

    /// What both ends share for as long as the channel is alive.
    #[inline]
    pub(super) fn common(self) -> &'a Common {
        &self.0.channel
    }

    #[inline]
    pub(super) fn all_ports(self) -> &'a dyn Ports {
        self.0.ports()
    }

    /// The strand whose channel it is.
    #[inline]
    pub(super) fn owner(self) -> &'a Strand {
        self.0
    }

    /// Whether both are the same.
    pub(crate) fn is(self, other: Here<'_>) -> bool {
        ptr::eq(self.0, other.0)
    }
}

/// Where a port is, and the messages in it that are for the code of its strand only.
pub(crate) struct AtHome<T> {
    kept: OfStrand<Kept<T>>,
    pub(crate) place: Place,
    /// How the port's mailbox has ended, here since there is room.
    ended: BiasedU8,
}

impl<T> Default for AtHome<T> {
    fn default() -> Self {
        let kept = OfStrand::new(Kept::default());
        Self { kept, place: Place::default(), ended: BiasedU8::new(0) }
    }
}

impl<T> fmt::Debug for AtHome<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(out)
    }
}

impl<T> Beside<T> for AtHome<T> {
    #[inline(always)]
    fn ended(&self) -> &BiasedU8 {
        &self.ended
    }

    #[inline(always)]
    fn at_home<R>(&self, with: impl FnOnce(&Kept<T>) -> R) -> Option<R> {
        self.kept.lend(with)
    }

    #[inline]
    fn keeps(&self) -> bool {
        self.place.find().is_some_and(Runs::runs) && self.place.is_for_own()
    }
}

impl Place {
    /// Whether what was put into order in the port is for the strand of the channel alone, and nothing rules it.
    pub(super) fn is_for_own(&self) -> bool {
        let (here, index) = (self.here(), self.index());
        !self.is_ruled()
            && here.ends().now().is_one(Side::Impl)
            && here.about(index).sender == Side::Using
    }

    /// The strand behind which the channel of the port lies.
    #[inline]
    pub(super) fn strand(&self) -> &Strand {
        self.find().expect("the port is in a channel")
    }

    /// The channel of the port.
    #[inline]
    pub(crate) fn here(&self) -> Here<'_> {
        Here::of(self.strand())
    }
}
