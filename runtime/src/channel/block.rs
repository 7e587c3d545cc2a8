//! A channel as it is in memory: a header, then the struct of its ports, which both ends share. It lies in the
//! block of its agent, right behind the strand ([`Part`]). Here are all pointers to it: who counts, and when it goes. It does not know what
//! the ports queue.
//!
//! # Counts
//! | count | of what | when it falls to zero |
//! |---|---|---|
//! | `Header::handles`, `Rare::below` | the handles to one end, by the channel type that they are seen as | the ports of that type lose one holder on the side of the end, and the handles to the base type one |
//! | `Rare::holders` | those who hold one side of a port: the handles of its end together, and each source or target made of it | the port completes or shuts |
//! | `Header::ends`: parts | what one end consists of: its handles together, and each source or target made of its ports | the end is gone; the channel loses one |
//! | `Header::ends`: ends | the ends that are not gone | the channel is dropped, and lets its block go |
//!
//! Each count stands for one of the count below it, and is given back only after the last step that
//! touches the block on its behalf. So whoever has a handle, a source or a target has the block.
//!
//! A count is only added to by somebody who has one of it, or one that stands above it. A port of an end that
//! is gone cannot be held for it again ([`PortHold::new`] asks). So whoever has the only one of a
//! count finds that out by looking, and need not count it down: most agents die without an atomic exchange.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::count::{add, leave, leave_for_good};
use super::declared::Kind;
use super::header::Header;
use super::port::{Inner, Port};
use super::{Channel, ChannelCore, Side, endpoint};
use crate::port::Value;
use crate::port::source::Ending;
use crate::scheduler::strand::{Owner, Owning, Part, Share, drop_part, strand_of};
use crate::sync::{AtomicU32, Ordering};

/// The channel as it is in memory.
#[repr(C)]
pub(crate) struct Together<C> {
    header: Header,
    ports: C,
}

/// What [`port`] and [`end`] are for a type.
pub(super) type PortOf = unsafe fn(NonNull<Header>, usize) -> NonNull<dyn Inner>;
pub(super) type EndOf = unsafe fn(NonNull<Header>, Side, &Ending);

/// A channel that is alive as long as `'a`.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    header: NonNull<Header>,
    lives: PhantomData<&'a Header>,
}

impl Deref for Here<'_> {
    type Target = Header;

    fn deref(&self) -> &Header {
        self.all()
    }
}

impl fmt::Debug for Here<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Here({})", self.kind().name)
    }
}

impl<'a> Here<'a> {
    /// # Safety
    /// `header` came from `open`, and its block lives as long as `'a`.
    unsafe fn at(header: NonNull<Header>) -> Self {
        Self { header, lives: PhantomData }
    }

    /// The header for as long as the channel is alive.
    pub(crate) fn all(self) -> &'a Header {
        // SAFETY: the block lives as long as `'a`.
        unsafe { self.header.as_ref() }
    }

    pub(crate) fn port(self, index: usize) -> &'a dyn Inner {
        // SAFETY: the header is that of a block of this kind, which lives as long as `'a`.
        let port = unsafe { (self.kind().port)(self.header, index).as_ref() };
        assert!(port.held().is(self.header), "a port is declared that is another's");
        port
    }

    /// Ends the ports for `side`.
    #[inline]
    pub(super) fn end_ports(self, side: Side, ending: &Ending) {
        // SAFETY: as in `port`.
        unsafe { (self.kind().end)(self.header, side, ending) };
    }

    /// One more of what `side` consists of, for somebody who has the end.
    pub(crate) fn hold(self, side: Side) -> EndHold {
        self.ends.add(side);
        EndHold { header: self.header, side }
    }

    /// The name of the agent.
    pub(super) fn agent(self) -> &'static str {
        // SAFETY: the channel lies behind the strand, in a block that lives.
        unsafe { strand_of(self.header) }.name()
    }

    pub(crate) fn address(self) -> usize {
        self.header.addr().get()
    }
}

/// Where a port is: so many bytes behind the header of its channel, twice that, and whether its messages follow a
/// protocol. It lies in the number of its line, which only this file sets, once, when the block is made.
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

impl<'a> Held<'a> {
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

    fn is(&self, header: NonNull<Header>) -> bool {
        self.port - (self.get() / 2) as usize == header.addr().get()
    }

    /// The channel of a port. Ports are only reached through what keeps their block.
    #[inline]
    pub(crate) fn here(&self) -> Here<'a> {
        let offset = (self.get() / 2) as usize;
        assert!(offset > 0, "the port is in no channel");
        let header = ptr::with_exposed_provenance_mut(self.port - offset);
        // SAFETY: only `make` sets the offset, for a port within the block, and has exposed the header; the port is
        // borrowed from there, so the block lives.
        unsafe { Here::at(NonNull::new_unchecked(header)) }
    }
}

impl<C: Channel> Part for Together<C> {
    const IS_SHARED: bool = true;

    #[inline]
    fn new(agent: &'static str, strand: usize) -> Self {
        let core = ChannelCore { channel: C::NAME, agent, strand };
        Self { header: Header::new::<C>(), ports: C::open(&core) }
    }

    #[inline]
    fn settle(&self) {
        const { assert!(mem::offset_of!(Self, ports) == size_of::<Header>()) };
        let ruled = if C::PROTOCOL.is_some() { RULED } else { 0 };
        let at = ptr::from_ref(self).expose_provenance();
        let block = at..at + size_of::<Self>();
        for declared in C::PORTS {
            let port = (declared.port)(&self.ports).inner();
            let held = port.held();
            let address = ptr::from_ref(port).addr();
            assert!(
                block.contains(&address) && held.get() == 0,
                "the ports of `{}` are declared wrongly",
                C::NAME
            );
            let offset = u32::try_from(2 * (address - at));
            let offset = offset.expect("channels are small");
            held.number.store(offset | ruled, Ordering::Relaxed);
        }
    }

    #[inline]
    fn leave(share: Share<Self, true>) {
        drop(Handle::<C, true>::first(share));
    }
}

impl<C: Channel> Together<C> {
    /// The first handle of the using end.
    #[inline]
    pub(crate) fn using(share: Share<Self, false>) -> endpoint::Using<C> {
        endpoint::Using::new(Handle::first(share))
    }

    #[inline]
    pub(crate) fn ports(&self) -> &C {
        &self.ports
    }

    /// The agent has ended. If it `goes`, it has only its first handle of the end, which goes next.
    pub(crate) fn finish(&self, ending: &Ending, goes: bool) {
        // SAFETY: the channel is borrowed.
        let here = unsafe { Here::at(NonNull::from(self).cast()) };
        // Then all ends with the handle, and nobody looks.
        if !(goes && here.is_alone(Side::Impl)) {
            here.finish(Side::Impl, ending);
        }
    }
}

impl<C: Channel, O: Owner<Part = Together<C>>> Owning<O> {
    /// The implementing end.
    pub(crate) fn impl_end(&self) -> endpoint::Impl<C> {
        // The owner has the first, which stays.
        let first = ManuallyDrop::new(Handle::at(NonNull::from(self.part())));
        endpoint::Impl::new(Handle::clone(&first))
    }
}

/// # Safety
/// `header` is that of a block of a `C` that is alive.
pub(super) unsafe fn port<C: Channel>(
    header: NonNull<Header>,
    index: usize,
) -> NonNull<dyn Inner> {
    // SAFETY: the caller says so, and the header is the first field.
    let block = unsafe { header.cast::<Together<C>>().as_ref() };
    NonNull::from((C::PORTS[index].port)(&block.ports).inner())
}

/// Ends all ports for `side`.
///
/// # Safety
/// As `port`.
pub(super) unsafe fn end<C: Channel>(
    header: NonNull<Header>,
    side: Side,
    ending: &Ending,
) {
    // SAFETY: as in `port`.
    let block = unsafe { header.cast::<Together<C>>().as_ref() };
    for declared in C::PORTS {
        let port = (declared.port)(&block.ports).inner();
        port.end(declared.about.sender == side, ending.clone());
    }
}

/// A handle to one end, seen as a `C`: the type with which the channel was opened, or one that it
/// derives from, whose ports are the first. So the header lies before them.
pub(super) struct Handle<C: Channel, const IMPL: bool>(NonNull<C>);

pub(super) type Using<C> = Handle<C, false>;
pub(super) type Impl<C> = Handle<C, true>;

// SAFETY: a handle gives `&C` to whatever thread has it, and drops the `C` in any; channels are `Send` and
// `Sync`, and what the header has is atomic or never changes.
unsafe impl<C: Channel, const IMPL: bool> Send for Handle<C, IMPL> {}
// SAFETY: as above.
unsafe impl<C: Channel, const IMPL: bool> Sync for Handle<C, IMPL> {}

impl<C: Channel, const IMPL: bool> Handle<C, IMPL> {
    pub(super) const SIDE: Side = if IMPL { Side::Impl } else { Side::Using };

    /// The handle that is counted from the beginning.
    #[inline]
    fn first(share: Share<Together<C>, IMPL>) -> Self {
        Self::at(share.as_ptr())
    }

    #[inline]
    fn at(all: NonNull<Together<C>>) -> Self {
        // SAFETY: the ports are in there.
        Self(unsafe { NonNull::new_unchecked(&raw mut (*all.as_ptr()).ports) })
    }

    #[inline]
    pub(super) fn here(&self) -> Here<'_> {
        // SAFETY: this handle is counted, so the block is alive; `make` and `base_end` saw to it that the
        // ports lie behind the header.
        unsafe { Here::at(self.0.byte_sub(size_of::<Header>()).cast()) }
    }

    #[inline]
    pub(super) fn ports(&self) -> &C {
        // SAFETY: as in `here`; the ports are in the block.
        unsafe { self.0.as_ref() }
    }

    /// How often one has to go to the base type to come from the block's type to `C`.
    #[inline]
    fn level(&self) -> usize {
        self.here().kind().depth - Kind::of::<C>().depth
    }

    /// The same end as one of the channel that this one derives from.
    pub(super) fn base_end<B: Channel>(&self) -> Handle<B, IMPL>
    where
        C: Deref<Target = B>,
    {
        assert!(
            ptr::addr_eq(&raw const **self.ports(), self.0.as_ptr())
                && C::BASE.is_some_and(|base| (base.id)() == TypeId::of::<B>()),
            "`{}` does not begin with `{}`",
            C::NAME,
            B::NAME
        );
        // The handles to `C` together have one of the base's.
        add(self.here().handles(self.level() + 1, Self::SIDE));
        Handle(self.0.cast())
    }
}

impl<C: Channel, const IMPL: bool> Clone for Handle<C, IMPL> {
    fn clone(&self) -> Self {
        add(self.here().handles(self.level(), Self::SIDE));
        Self(self.0)
    }
}

impl<C: Channel, const IMPL: bool> Drop for Handle<C, IMPL> {
    fn drop(&mut self) {
        let level = self.level();
        if leave_for_good(self.here().handles(level, Self::SIDE)) {
            // SAFETY: those who had handles at this level have one of the end, which goes with the
            // call.
            unsafe {
                leave_level(self.here().header, Self::SIDE, level, Kind::of::<C>())
            };
        }
    }
}

/// The last handle at a level goes: those who hold only through handles lose the ports of that level,
/// and the end as the base type.
///
/// # Safety
/// The block is alive, and the caller has what the handles at `level`, which is that of `kind`, had
/// together.
#[inline(never)]
unsafe fn leave_level(
    header: NonNull<Header>,
    side: Side,
    mut level: usize,
    mut kind: &'static Kind,
) {
    // SAFETY: the handles of the lowest level together have one of the end. It is given back below.
    let here = unsafe { Here::at(header) };
    let is_whole = level == 0 && (kind.base.is_none() || here.rare().is_none());
    // Acquire pairs with the leaving of all others.
    let ends = here.ends.now();
    if is_whole && ends.is_one(side) {
        // Nobody else holds any of the end's ports. Nobody looks at them if the other end is gone.
        if !ends.is_last() && !here.has_finished(side) {
            here.end_ports(side, &Ending::Normal);
        }
        // SAFETY: the caller says so.
        return unsafe { leave_end(header, side) };
    }
    loop {
        for index in kind.base.map_or(0, |it| it.n_ports)..kind.n_ports {
            let sends = here.about(index).sender == side;
            let port = here.port(index);
            // Without counts the handles have the only one.
            if here.rare().is_none_or(|rare| leave(rare.holders(index, sends))) {
                port.end(sends, Ending::Normal);
            }
        }
        let Some(base) = kind.base else { break };
        (kind, level) = (base, level + 1);
        // Without handles to the base type this level has the only one.
        if let Some(rare) = here.rare()
            && !leave(&rare.below[level - 1][side as usize])
        {
            return;
        }
    }
    // SAFETY: these were all handles.
    unsafe { leave_end(header, side) };
}

/// One part of an end goes.
///
/// # Safety
/// The caller has it, and does not use it any more.
unsafe fn leave_end(header: NonNull<Header>, side: Side) {
    // SAFETY: the block is alive while an end is.
    let here = unsafe { Here::at(header) };
    // Acquire pairs with the release of the other end's leaving: nothing of that is left.
    let ends = here.ends.now();
    let is_last = ends.is_last();
    // Nobody looks at the parts of the last end once they are gone: the last one stays.
    if !(is_last && ends.is_one(side) || here.ends.leave(side)) {
        return;
    }
    // Nobody can ask for the outcome of the last end who has not asked yet.
    if !is_last || here.rare().is_some() {
        here.gone(side, Ending::Normal);
    }
    if is_last || here.ends.end() {
        // SAFETY: both ends are gone, and with them all that points to the block.
        unsafe { drop_part(header) };
    }
}

/// Keeps an end alive without being one of its handles or ports.
pub(crate) struct EndHold {
    header: NonNull<Header>,
    side: Side,
}

// SAFETY: as for handles.
unsafe impl Send for EndHold {}
// SAFETY: as for handles.
unsafe impl Sync for EndHold {}

impl EndHold {
    pub(crate) fn here(&self) -> Here<'_> {
        // SAFETY: this one is counted, so the block is alive.
        unsafe { Here::at(self.header) }
    }

    pub(crate) fn side(&self) -> Side {
        self.side
    }
}

impl Clone for EndHold {
    fn clone(&self) -> Self {
        self.here().hold(self.side)
    }
}

impl Drop for EndHold {
    fn drop(&mut self) {
        // SAFETY: this one is counted, and goes.
        unsafe { leave_end(self.header, self.side) };
    }
}

/// Holds one side of a port, without the end that it belongs to.
pub(crate) struct PortHold<T, const SENDS: bool>(NonNull<Port<T>>);

// SAFETY: as for handles; what is queued is a `Value`, so `Send` and `Sync`.
unsafe impl<T: Value, const SENDS: bool> Send for PortHold<T, SENDS> {}
// SAFETY: as above.
unsafe impl<T: Value, const SENDS: bool> Sync for PortHold<T, SENDS> {}

impl<T, const SENDS: bool> PortHold<T, SENDS> {
    /// For somebody who has that side.
    pub(crate) fn new(port: &Port<T>) -> Self {
        // A port in no channel is not kept by what it is borrowed from.
        let here = port.here();
        let is_there = here.ends.add_if_there(side(port, SENDS));
        assert!(is_there, "a side of a port is used that is the other end's");
        add(here.make_rare().holders(port.index(), SENDS));
        Self(NonNull::from(port))
    }
}

/// The end that has this side of the port.
fn side<T>(port: &Port<T>, sends: bool) -> Side {
    let sender = port.about().sender;
    if sends { sender } else { sender.other() }
}

impl<T, const SENDS: bool> Deref for PortHold<T, SENDS> {
    type Target = Port<T>;

    #[inline]
    fn deref(&self) -> &Port<T> {
        // SAFETY: this one is counted, so the block of the port is alive.
        unsafe { self.0.as_ref() }
    }
}

impl<T, const SENDS: bool> Clone for PortHold<T, SENDS> {
    fn clone(&self) -> Self {
        add(self.here().make_rare().holders(self.index(), SENDS));
        self.here().ends.add(side(self, SENDS));
        Self(self.0)
    }
}

impl<T, const SENDS: bool> Drop for PortHold<T, SENDS> {
    fn drop(&mut self) {
        let (here, index) = (self.here(), self.index());
        let (header, side) = (here.header, side(self, SENDS));
        if leave(here.make_rare().holders(index, SENDS)) {
            here.port(index).end(SENDS, Ending::Normal);
        }
        // SAFETY: this one had one of the end.
        unsafe { leave_end(header, side) };
    }
}
