//! A channel that is open: what both ends share, then the struct of the ports. It lies in the block of its agent, right
//! behind the strand, and whoever has a handle of that has all of it, with nothing ever moved or taken away. It does not
//! know what the ports queue, nor when they end.

use super::block::{Place, Together};
use super::declared::{Kind, Ports};
use super::ends::Ends;
use super::header::Header;
use super::{Channel, ChannelCore};
use crate::scheduler::strand::{Owner, Part, Strand, StrandRef, With};

/// What both ends share.
pub(crate) struct Common {
    pub(super) ends: Ends,
    pub(super) header: Header,
}

impl<C: Channel> Part for Together<C> {
    #[inline]
    fn new<O: Owner>(strand: usize) -> Self {
        let kind = Kind::with_agent::<C, O>();
        let ports = C::open(&ChannelCore { kind, strand });
        let header = Header::new(kind);
        let ends = Ends::new(header.rare().is_some());
        Self { common: Common { ends, header }, ports }
    }

    /// Its ports learn where they are.
    #[inline]
    fn settle(&self, strand: &Strand) {
        for (index, declared) in C::PORTS.iter().enumerate() {
            let port = (declared.port)(&self.ports).inner();
            let is_ruled = C::PROTOCOL.is_some() || port.is_bounded();
            port.place().settle(self, strand, index, is_ruled);
        }
    }

    #[inline]
    fn leave(&self, strand: &Strand) {
        self.leave_impl(strand);
    }

    #[inline]
    fn common(&self) -> Option<&Common> {
        Some(&self.common)
    }

    #[inline]
    fn ports(&self) -> Option<&dyn Ports> {
        Some(&self.ports)
    }
}

impl<C: Channel> Together<C> {
    #[inline]
    pub(crate) fn ports(&self) -> &C {
        &self.ports
    }
}

/// A channel that is alive as long as `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    strand: &'a Strand,
    common: &'a Common,
}

impl<'a> Here<'a> {
    #[inline]
    pub(super) fn new(strand: &'a Strand, common: &'a Common) -> Self {
        Self { strand, common }
    }

    #[inline]
    pub(super) fn of<C>(all: &'a With<Together<C>>) -> Self {
        Self { strand: all.strand(), common: &all.common }
    }

    /// The channel behind a strand.
    #[inline]
    pub(crate) fn behind(strand: &'a Strand) -> Self {
        let common = strand.common().expect("the strand has a channel");
        Self { strand, common }
    }

    /// What both ends share for as long as the channel is alive.
    #[inline]
    pub(super) fn common(self) -> &'a Common {
        self.common
    }

    #[inline]
    pub(super) fn all_ports(self) -> &'a dyn Ports {
        self.strand.ports().expect("the strand has a channel")
    }

    /// The strand whose channel it is.
    #[inline]
    pub(super) fn owner(self) -> &'a Strand {
        self.strand
    }

    /// Whether both are the same.
    pub(crate) fn is(self, other: Here<'_>) -> bool {
        self.strand.address() == other.strand.address()
    }

    /// A handle of it.
    pub(super) fn keep(self) -> StrandRef {
        self.strand.handle()
    }
}

impl Place {
    /// The channel of the port.
    #[inline]
    pub(crate) fn here(&self) -> Here<'_> {
        Here::behind(self.strand())
    }
}
