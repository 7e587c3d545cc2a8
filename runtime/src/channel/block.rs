//! A channel in memory: what both ends share, then the struct of the ports. It lies in the block of its agent, right
//! behind the strand, and whoever has a handle of that has all of it, with nothing ever moved or taken away
//! ([`With`]). Here is how one of its parts is found from another. It does not know what the ports queue, nor when
//! they end.

use std::any::TypeId;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::declared::{Kind, Ports};
use super::ends::Ends;
use super::header::Header;
use super::port::Port;
use super::spot::Spot;
use super::{Channel, ChannelCore};
use crate::port::Value;
use crate::scheduler::strand::{Owner, Part, Strand, With};
use crate::sync::{AtomicU32, Ordering};

/// What both ends share.
pub(crate) struct Common {
    pub(super) ends: Ends,
    pub(super) header: Header,
}

/// The channel as it is in memory. Only a strand has one made.
#[repr(C)]
pub(crate) struct Together<C> {
    pub(super) common: Common,
    pub(super) ports: C,
}

impl<C: Channel> Part for Together<C> {
    #[inline]
    fn new<O: Owner>(strand: usize) -> Self {
        const { assert!(std::mem::offset_of!(Self, ports) == size_of::<Common>()) };
        let kind = Kind::with_agent::<C, O>();
        let ports = C::open(&ChannelCore { kind, strand });
        let header = Header::new(kind);
        let ends = Ends::new(header.rare().is_some());
        Self { common: Common { ends, header }, ports }
    }

    /// Its ports learn where they are.
    #[inline]
    fn settle(&self) {
        let at = ptr::from_ref(self).addr();
        for (index, declared) in C::PORTS.iter().enumerate() {
            let port = (declared.port)(&self.ports).inner();
            let place = port.place();
            let offset = ptr::from_ref(place).addr().wrapping_sub(at);
            assert!(
                offset < size_of::<Self>() && place.spot() == Spot::NONE,
                "the ports of `{}` are declared wrongly",
                C::NAME
            );
            let spot =
                Spot::new(C::PROTOCOL.is_some() || port.is_bounded(), index, offset);
            place.0.store(spot.word(), Ordering::Relaxed);
        }
    }

    #[inline]
    fn leave(&self) {
        Together::leave_impl(self);
    }
}

impl<C: Channel> Together<C> {
    #[inline]
    pub(crate) fn ports(&self) -> &C {
        &self.ports
    }

    /// The same as a channel that it derives from.
    pub(super) fn base<B: Channel>(&self) -> &Together<B>
    where
        C: Deref<Target = B>,
    {
        assert!(
            ptr::addr_eq(&raw const *self.ports, &raw const self.ports)
                && C::BASE.is_some_and(|base| (base.id)() == TypeId::of::<B>()),
            "`{}` does not begin with `{}`",
            C::NAME,
            B::NAME
        );
        // SAFETY: it begins with what is common, and then, as was just seen, with a `B`.
        unsafe { &*ptr::from_ref(self).cast() }
    }
}

/// See [`Here::all_ports`].
pub(super) type PortsOf = unsafe fn(NonNull<Common>) -> NonNull<dyn Ports>;

/// What finds the ports of channels of one type.
pub(super) const fn ports_of<C: Channel>() -> PortsOf {
    // SAFETY: it is called for such channels that are alive.
    |at| NonNull::from(&unsafe { at.cast::<Together<C>>().as_ref() }.ports)
}

/// A channel that is alive as long as `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a>(&'a Common);

impl<'a> Here<'a> {
    pub(super) fn of<C>(all: &'a Together<C>) -> Self {
        Self(&all.common)
    }

    pub(super) fn within(common: &'a With<Common>) -> Self {
        Self(common)
    }

    /// What both ends share for as long as the channel is alive.
    #[inline]
    pub(super) fn common(self) -> &'a Common {
        self.0
    }

    pub(crate) fn address(self) -> usize {
        ptr::from_ref(self.0).addr()
    }

    #[inline]
    pub(super) fn all_ports(self) -> &'a dyn Ports {
        let at = ptr::with_exposed_provenance_mut(self.address());
        // SAFETY: a channel is made with the header of its type, and is alive.
        unsafe { (self.kind().ports)(NonNull::new_unchecked(at)).as_ref() }
    }

    /// The strand whose channel it is.
    pub(super) fn owner(self) -> &'a Strand {
        let strand = self.address() - size_of::<Strand>();
        // SAFETY: the channel lies behind its strand, in a block that is alive.
        unsafe { &*ptr::with_exposed_provenance(strand) }
    }

    /// A handle of it.
    pub(super) fn keep(self) -> With<Common> {
        // SAFETY: this is what lies behind the strand.
        unsafe { With::new(self.owner().handle()) }
    }
}

/// Where a port is, in which this lies; nowhere as long as the port is in no channel. Only a channel sets it, once.
#[derive(Debug, Default)]
pub(crate) struct Place(AtomicU32);

impl Place {
    #[inline(always)]
    pub(super) fn spot(&self) -> Spot {
        // Relaxed: set before the port is shared.
        Spot::of(self.0.load(Ordering::Relaxed))
    }

    /// The channel of the port.
    #[inline]
    pub(crate) fn here(&self) -> Here<'_> {
        let offset = self.spot().offset();
        assert!(offset > 0, "the port is in no channel");
        let at = ptr::from_ref(self).addr() - offset;
        // SAFETY: this is so far behind the beginning of a channel, and is borrowed from there.
        Here(unsafe { &*ptr::with_exposed_provenance(at) })
    }
}

/// A port, and a handle of its channel.
pub(super) struct Within<T> {
    port: NonNull<Port<T>>,
    channel: With<Common>,
}

// SAFETY: it gives out `&Port`, whose messages are `Value`s, so `Send` and `Sync`.
unsafe impl<T: Value> Send for Within<T> {}
// SAFETY: as above.
unsafe impl<T: Value> Sync for Within<T> {}

impl<T> Within<T> {
    pub(super) fn new(port: &Port<T>) -> Self {
        Self { port: NonNull::from(port), channel: port.here().keep() }
    }
}

impl<T> Clone for Within<T> {
    fn clone(&self) -> Self {
        Self { port: self.port, channel: self.channel.clone() }
    }
}

impl<T> Deref for Within<T> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        // SAFETY: the port lies in the channel.
        unsafe { self.port.as_ref() }
    }
}
