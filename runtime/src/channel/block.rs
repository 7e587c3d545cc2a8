//! A channel in memory: what both ends share, then the struct of the ports. It lies in the block of its agent, right
//! behind the strand ([`Part`](crate::scheduler::strand::Part)). Here are all pointers to it. It does not know what the
//! ports queue, nor when they end.
//!
//! One count keeps the memory ([`Ends`]), of parts: each [`End`] and each [`Kept`] is one part of one end, and the last
//! part of the last end gives the block back. Both are made of a part of the same end, by counting it, or of
//! anything that shows the channel to be alive, if the end still has a part. All other counts are safe code
//! ([`hold`](super::hold)): were one wrong, a port would end too early or too late.

mod ends;

#[cfg(all(test, loom))]
mod tests;

use std::any::TypeId;
use std::marker::PhantomData;
use std::mem;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::declared::Ports;
use super::header::Header;
use super::port::Port;
use super::{Channel, Side};
use crate::port::Value;
use crate::scheduler::strand::{Share, Strand, drop_part, strand_of};
use crate::sync::{AtomicU32, Ordering};
use ends::Ends;

/// What both ends share. Only this file counts parts.
pub(crate) struct Common {
    ends: Ends,
    header: Header,
}

/// The channel as it is in memory. Nothing is ever moved out of it.
#[repr(C)]
pub(crate) struct Together<C> {
    common: Common,
    ports: C,
}

impl<C: Channel> Together<C> {
    pub(super) fn of(ports: C) -> Self {
        const { assert!(mem::offset_of!(Self, ports) == size_of::<Common>()) };
        let header = Header::new::<C>();
        let common = Common { ends: Ends::new(header.rare().is_some()), header };
        Self { common, ports }
    }

    /// It is at its place now: its ports learn where they are.
    #[inline]
    pub(super) fn place_ports(&self) {
        let ruled = if C::PROTOCOL.is_some() { RULED } else { 0 };
        let at = ptr::from_ref(self).expose_provenance();
        for declared in C::PORTS {
            let place = (declared.port)(&self.ports).inner().place();
            let address = ptr::from_ref(place).addr();
            assert!(
                (at..at + size_of::<Self>()).contains(&address)
                    && place.0.load(Ordering::Relaxed) == 0,
                "the ports of `{}` are declared wrongly",
                C::NAME
            );
            let offset = u32::try_from(2 * (address - at));
            let offset = offset.expect("channels are small");
            place.0.store(offset | ruled, Ordering::Relaxed);
        }
    }

    #[inline]
    pub(crate) fn ports(&self) -> &C {
        &self.ports
    }

    pub(super) fn here(&self) -> Here<'_> {
        Here { at: NonNull::from(self).cast(), lives: PhantomData }
    }
}

/// See [`Here::ports`].
pub(super) type PortsOf = unsafe fn(NonNull<Common>) -> NonNull<dyn Ports>;

/// What finds the ports of channels of one type.
pub(super) const fn ports_of<C: Channel>() -> PortsOf {
    // SAFETY: it is called for such channels that are alive.
    |at| NonNull::from(&unsafe { at.cast::<Together<C>>().as_ref() }.ports)
}

/// A channel that is alive as long as `'a`. The pointer may reach all of it.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    at: NonNull<Common>,
    lives: PhantomData<&'a Common>,
}

impl<'a> Here<'a> {
    #[inline]
    fn common(self) -> &'a Common {
        // SAFETY: the channel is alive.
        unsafe { self.at.as_ref() }
    }

    /// The header for as long as the channel is alive.
    #[inline]
    pub(crate) fn all(self) -> &'a Header {
        &self.common().header
    }

    #[inline]
    pub(super) fn ends(self) -> &'a Ends {
        &self.common().ends
    }

    #[inline]
    pub(super) fn all_ports(self) -> &'a dyn Ports {
        // SAFETY: a channel is made with the header of its type, and is alive.
        unsafe { (self.all().kind().ports)(self.at).as_ref() }
    }

    /// The last part of an end has gone. Whether that was the last end.
    #[inline(never)]
    fn is_gone(self, side: Side) -> bool {
        self.end_is_gone(side);
        self.ends().end()
    }

    /// The strand whose channel it is.
    pub(super) fn owner(self) -> &'a Strand {
        // SAFETY: the channel lies behind its strand, in a block that is alive.
        unsafe { strand_of(self.at) }
    }

    pub(crate) fn address(self) -> usize {
        self.at.addr().get()
    }
}

/// Where a port is, in which this lies: this is so many bytes behind the beginning of a channel, twice that, and whether
/// its messages follow a protocol; 0 as long as the port is in none. Only a channel sets it, once.
#[derive(Debug, Default)]
pub(crate) struct Place(AtomicU32);

/// The channel has a protocol.
const RULED: u32 = 1;

impl Place {
    /// Whether messages of the port follow a protocol.
    #[inline(always)]
    pub(crate) fn is_ruled(&self) -> bool {
        // Relaxed: set before the port is shared.
        self.0.load(Ordering::Relaxed) & RULED != 0
    }

    /// The channel of the port.
    #[inline]
    pub(crate) fn here(&self) -> Here<'_> {
        let offset = (self.0.load(Ordering::Relaxed) / 2) as usize;
        assert!(offset > 0, "the port is in no channel");
        let at = ptr::with_exposed_provenance_mut(ptr::from_ref(self).addr() - offset);
        // SAFETY: this is so far behind the beginning of a channel, and is borrowed from there.
        Here { at: unsafe { NonNull::new_unchecked(at) }, lives: PhantomData }
    }
}

/// One part of an end, whose channel is seen as a `C`: the type with which it was opened, or one that that derives
/// from, whose ports are the first; or `()`.
pub(super) struct End<C, const IMPL: bool> {
    at: NonNull<Common>,
    of: PhantomData<C>,
}

// SAFETY: it gives `&C` to whatever thread has it, and drops the `C` in any; what is common is for all threads.
unsafe impl<C: Send + Sync, const IMPL: bool> Send for End<C, IMPL> {}
// SAFETY: as above.
unsafe impl<C: Send + Sync, const IMPL: bool> Sync for End<C, IMPL> {}

impl<C, const IMPL: bool> End<C, IMPL> {
    pub(super) const SIDE: Side = if IMPL { Side::Impl } else { Side::Using };

    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        Here { at: self.at, lives: PhantomData }
    }

    /// One part more, if the end is not gone.
    fn one_more(here: Here<'_>) -> Option<Self> {
        let is_there = here.ends().add_if_there(Self::SIDE);
        is_there.then_some(Self { at: here.at, of: PhantomData })
    }
}

impl<const IMPL: bool> End<(), IMPL> {
    /// One part more, if the end is not gone.
    pub(super) fn of(here: Here<'_>) -> Option<Self> {
        Self::one_more(here)
    }
}

impl<C: Channel, const IMPL: bool> End<C, IMPL> {
    /// The part that is counted from the beginning.
    #[inline]
    pub(super) fn first(share: Share<Together<C>, IMPL>) -> Self {
        Self { at: share.as_ptr().cast(), of: PhantomData }
    }

    /// One part more, if the end is not gone.
    pub(super) fn of_channel(all: &Together<C>) -> Option<Self> {
        Self::one_more(all.here())
    }

    #[inline]
    pub(super) fn ports(&self) -> &C {
        // SAFETY: the channel is alive, and a `C` lies behind what is common; `base` has seen to it.
        unsafe { self.at.byte_add(size_of::<Common>()).cast().as_ref() }
    }

    /// One part more, seen as one of the channel that this one derives from.
    pub(super) fn base<B: Channel>(&self) -> End<B, IMPL>
    where
        C: Deref<Target = B>,
    {
        assert!(
            ptr::addr_eq(&raw const **self.ports(), self.ports())
                && C::BASE.is_some_and(|base| (base.id)() == TypeId::of::<B>()),
            "`{}` does not begin with `{}`",
            C::NAME,
            B::NAME
        );
        self.here().ends().add(Self::SIDE);
        End { at: self.at, of: PhantomData }
    }
}

impl<C, const IMPL: bool> Clone for End<C, IMPL> {
    fn clone(&self) -> Self {
        self.here().ends().add(Self::SIDE);
        Self { at: self.at, of: PhantomData }
    }
}

impl<C, const IMPL: bool> Drop for End<C, IMPL> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this one goes.
        unsafe { leave(self.at, Self::SIDE) };
    }
}

/// A port, and one part of an end of its channel.
pub(super) struct Kept<T> {
    port: NonNull<Port<T>>,
    pub(super) side: Side,
}

// SAFETY: as for ends; what is queued is a `Value`, so `Send` and `Sync`.
unsafe impl<T: Value> Send for Kept<T> {}
// SAFETY: as above.
unsafe impl<T: Value> Sync for Kept<T> {}

impl<T> Kept<T> {
    /// `None` if the end is gone.
    pub(super) fn new(port: &Port<T>, side: Side) -> Option<Self> {
        let is_there = port.here().ends().add_if_there(side);
        is_there.then_some(Self { port: NonNull::from(port), side })
    }
}

impl<T> Deref for Kept<T> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        // SAFETY: the part keeps the channel, in which the port lies.
        unsafe { self.port.as_ref() }
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        self.here().ends().add(self.side);
        Self { ..*self }
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        // SAFETY: this one goes.
        unsafe { leave(self.here().at, self.side) };
    }
}

/// One part goes.
///
/// # Safety
/// The caller has it, and does not use it any more.
#[inline]
unsafe fn leave(at: NonNull<Common>, side: Side) {
    let here = Here { at, lives: PhantomData };
    if here.ends().leave(side) && here.is_gone(side) {
        // SAFETY: there is no part of either end any more.
        unsafe { drop_part(at) };
    }
}
