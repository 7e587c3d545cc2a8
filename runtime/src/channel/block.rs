//! What finds a port from its strand in memory, and the strand from a port. A channel lies right behind its strand, and
//! nothing of it moves as long as anybody has a handle of that ([`With`]). It does not know what a channel is for.

use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;

use super::Channel;
use super::here::Common;
use super::port::Port;
use super::spot::Spot;
use crate::scheduler::strand::{Strand, With};
use crate::sync::{AtomicU32, Ordering};

/// The channel as it is in memory.
#[repr(C)]
pub(crate) struct Together<C> {
    pub(super) common: Common,
    pub(super) ports: C,
}

impl<C: Channel> Together<C> {
    /// The same as a channel that it derives from.
    pub(super) fn base<B: Channel>(&self) -> &Together<B>
    where
        C: Deref<Target = B>,
    {
        let begins = ptr::addr_eq(&raw const *self.ports, &raw const self.ports);
        assert!(begins, "`{}` does not begin with `{}`", C::NAME, B::NAME);
        // SAFETY: it begins with what is common, and then, as was just seen, with a `B`.
        unsafe { &*ptr::from_ref(self).cast() }
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

    /// It is that of a port in `all`, right behind `strand`.
    #[inline]
    pub(super) fn settle<C: Channel>(
        &self,
        all: &Together<C>,
        strand: &Strand,
        index: usize,
        is_ruled: bool,
    ) {
        let offset = ptr::from_ref(self).addr().wrapping_sub(strand.address());
        let begin = ptr::from_ref(all).addr().wrapping_sub(strand.address());
        let is_there = begin == size_of::<Strand>()
            && (begin..begin + size_of_val(all)).contains(&offset);
        assert!(
            is_there && self.spot() == Spot::NONE,
            "the ports of `{}` are declared wrongly",
            C::NAME
        );
        let spot = Spot::new(is_ruled, index, offset);
        self.0.store(spot.word(), Ordering::Relaxed);
    }

    /// The strand behind which its channel lies.
    #[inline]
    pub(super) fn strand(&self) -> &Strand {
        let offset = self.spot().offset();
        assert!(offset > 0, "the port is in no channel");
        let at = ptr::from_ref(self).addr() - offset;
        // SAFETY: the strand is so far before it, and the port is borrowed from its block.
        unsafe { &*ptr::with_exposed_provenance(at) }
    }
}

/// A port, and a handle of its channel.
pub(super) struct Within<T> {
    channel: With<Common>,
    port: usize,
    is: PhantomData<Port<T>>,
}

impl<T> Within<T> {
    pub(super) fn new(port: &Port<T>) -> Self {
        let channel = port.here().keep();
        Self { channel, port: ptr::from_ref(port).addr(), is: PhantomData }
    }

    #[inline]
    pub(super) fn channel(&self) -> &With<Common> {
        &self.channel
    }
}

impl<T> Clone for Within<T> {
    fn clone(&self) -> Self {
        Self::new(self)
    }
}

impl<T> Deref for Within<T> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        // SAFETY: the port lies in the channel, which exposes where it is.
        unsafe { &*ptr::with_exposed_provenance(self.port) }
    }
}
