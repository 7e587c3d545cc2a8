//! What finds a strand in memory from a port of its channel. A channel lies right behind its strand, and nothing of it
//! moves as long as anybody has a handle of that. It does not know what a channel is for.

use std::ptr;

use super::port::Port;
use super::spot::Spot;
use crate::scheduler::strand::{InBlock, Strand};
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

    /// It is that of a port of the channel right behind `strand`.
    #[inline]
    pub(super) fn settle(&self, strand: &Strand, index: usize, is_ruled: bool) {
        let at = ptr::from_ref(self).addr();
        let is_new = strand.has(at) && self.spot() == Spot::NONE;
        assert!(is_new, "the ports of `{}` are declared wrongly", strand.kind().name);
        let spot = Spot::new(is_ruled, index, at - strand.address());
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

// SAFETY: as `find` says. What ports carry is `Sync`.
unsafe impl<T> InBlock for Port<T> {
    #[inline(always)]
    fn front(&self) -> &Strand {
        self.line.own().strand()
    }
}
