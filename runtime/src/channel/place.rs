//! Where the ports of a channel lie in it. It follows no pointer; [`block`](super::block) does.

use std::ptr;

use super::block::Together;
use super::port::Port;
use super::{Channel, ChannelCore};
use crate::sync::{AtomicU32, Ordering};

/// Where a port is: so many bytes behind the beginning of its channel, twice that, and whether its messages follow a
/// protocol. It lies in the number of its line, which only this file sets, once, when the channel is made.
pub(crate) struct Held<'a> {
    number: &'a AtomicU32,
    port: usize,
}

/// The channel has a protocol.
const RULED: u32 = 1;

impl<T> Port<T> {
    /// Where it is.
    #[inline(always)]
    pub(super) fn held(&self) -> Held<'_> {
        Held { number: self.line.number(), port: ptr::from_ref(self).addr() }
    }
}

impl Held<'_> {
    #[inline(always)]
    fn get(&self) -> u32 {
        // Relaxed: set before the port is shared.
        self.number.load(Ordering::Relaxed)
    }

    /// Whether messages of the port follow a protocol.
    #[inline(always)]
    pub(crate) fn is_ruled(&self) -> bool {
        self.get() & RULED != 0
    }

    /// How far behind the beginning of its channel it is; 0 if it is in none.
    #[inline(always)]
    pub(super) fn offset(&self) -> usize {
        (self.get() / 2) as usize
    }

    /// The address of the port.
    #[inline(always)]
    pub(super) fn address(&self) -> usize {
        self.port
    }
}

impl<C: Channel> Together<C> {
    /// A channel for the agent with this name and this strand.
    #[inline]
    pub(super) fn open(agent: &'static str, strand: usize) -> Self {
        Self::of(C::open(&ChannelCore { channel: C::NAME, agent, strand }))
    }

    /// It is at its place now: its ports learn where they are.
    #[inline]
    pub(super) fn place_ports(&self) {
        let ruled = if C::PROTOCOL.is_some() { RULED } else { 0 };
        let at = ptr::from_ref(self).expose_provenance();
        let block = at..at + size_of::<Self>();
        for declared in C::PORTS {
            let held = (declared.port)(self.ports()).inner().held();
            assert!(
                block.contains(&held.port) && held.get() == 0,
                "the ports of `{}` are declared wrongly",
                C::NAME
            );
            let offset = u32::try_from(2 * (held.port - at));
            let offset = offset.expect("channels are small");
            held.number.store(offset | ruled, Ordering::Relaxed);
        }
    }
}
