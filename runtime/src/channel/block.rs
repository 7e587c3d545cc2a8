//! What finds a strand in memory from a port of its channel, and the port again. A channel lies right behind its strand,
//! and nothing of it moves as long as anybody has a handle of that. It does not know what a channel is for.

use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;

use super::Channel;
use super::port::Port;
use super::spot::Spot;
use crate::scheduler::strand::{Strand, StrandRef};
use crate::sync::{AtomicU32, Ordering};

/// Where a port is, in which this lies; nowhere as long as the port is in no channel. Only a channel sets it, once.
#[derive(Debug, Default)]
pub(crate) struct Place(AtomicU32);

impl Place {
    #[inline(always)]
    pub(super) fn spot(&self) -> Spot {
        // Relaxed: set before the port is shared.
        Spot::of(self.0.load(Ordering::Relaxed))
    }

    /// It is that of one of the `ports`, right behind `strand`.
    #[inline]
    pub(super) fn settle<C: Channel>(
        &self,
        ports: &C,
        strand: &Strand,
        index: usize,
        is_ruled: bool,
    ) {
        let [strand, ports, at] =
            [strand.address(), ptr::from_ref(ports).addr(), ptr::from_ref(self).addr()];
        let is_there = ports == strand + size_of::<Strand>()
            && (ports..ports + size_of::<C>()).contains(&at);
        let is_new = is_there && self.spot() == Spot::NONE;
        assert!(is_new, "the ports of `{}` are declared wrongly", C::NAME);
        let spot = Spot::new(is_ruled, index, at - strand);
        self.0.store(spot.word(), Ordering::Relaxed);
    }

    /// The strand behind which its channel lies, if it is in one.
    #[inline(always)]
    pub(crate) fn find(&self) -> Option<&Strand> {
        let offset = self.spot().offset();
        let at = ptr::from_ref(self).addr() - offset;
        // SAFETY: the strand is so far before it, and the port is borrowed from its block.
        (offset > 0).then(|| unsafe { &*ptr::with_exposed_provenance(at) })
    }
}

/// A port, and a handle of its strand.
pub(super) struct Within<T> {
    strand: StrandRef,
    port: usize,
    is: PhantomData<Port<T>>,
}

impl<T> Within<T> {
    pub(super) fn new(port: &Port<T>) -> Self {
        let strand = port.line.own().strand().handle();
        Self { strand, port: ptr::from_ref(port).addr(), is: PhantomData }
    }

    #[inline]
    pub(super) fn strand(&self) -> &Strand {
        &self.strand
    }
}

impl<T> Deref for Within<T> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        // SAFETY: the port lies in the block of the strand, which exposes where it is.
        unsafe { &*ptr::with_exposed_provenance(self.port) }
    }
}
