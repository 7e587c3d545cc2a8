//! What both ends of a channel share besides the ports: the counts, and what few channels have, in a box
//! that is made when it is first needed. It counts nothing itself; `block` does.

use std::ptr;
use std::sync::Arc;

use super::declared::Kind;
use super::protocol::ProtocolWalk;
use super::{Channel, ChannelCore, Side};
use crate::port::event::Event;
use crate::port::line::Line;
use crate::port::source::Ending;
use crate::scheduler::waits::PortOf;
use crate::sync::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};

/// What both ends of one channel share besides the ports.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) kind: &'static Kind,
    /// The name of the agent that implements it.
    agent: &'static &'static str,
    /// The address of that agent's strand, only to be compared; 0 after its end.
    strand: AtomicUsize,
    /// What most channels never have; in the lower bits which ends are gone.
    rare: AtomicPtr<Rare>,
    handles: [AtomicU32; 2],
    pub(super) sides: [AtomicU32; 2],
    pub(super) n_ends: AtomicU32,
}

/// What few channels have.
#[derive(Debug)]
pub(crate) struct Rare {
    /// What each end learns of the other's going.
    done: [Arc<Event<Ending>>; 2],
    /// How far each end has come in the protocol.
    walks: [ProtocolWalk; 2],
    /// Of the queued messages of each port, counted over all ports of the sender; only under a protocol.
    numbers: Box<[Line<usize>]>,
    /// The handles to each end as a channel that this one derives from, nearest first. One stands for
    /// all handles to the deriving one.
    pub(super) below: Box<[[AtomicU32; 2]]>,
}

impl Header {
    pub(super) fn new<C: Channel>(core: &ChannelCore) -> Self {
        let count = |n: usize| AtomicU32::new(u32::try_from(n).unwrap_or(u32::MAX));
        let one_more = C::PORTS.len() + 1;
        let rare = match C::PROTOCOL {
            Some(_) => Box::into_raw(Box::new(Rare::new(Kind::of::<C>()))),
            None => ptr::null_mut(),
        };
        Self {
            kind: Kind::of::<C>(),
            agent: core.agent,
            strand: AtomicUsize::new(core.strand),
            rare: AtomicPtr::new(rare),
            handles: [count(1), count(1)],
            sides: [count(one_more), count(one_more)],
            n_ends: count(2),
        }
    }

    /// A port of the channel, for reports; an empty name for the channel as a whole.
    pub(crate) fn port_of(&self, port: &'static str) -> PortOf {
        PortOf { channel: self.kind.name, port, agent: self.agent, strand: self.strand() }
    }

    /// The address of the strand of the implementing agent, while there is one.
    pub(crate) fn strand(&self) -> usize {
        // Relaxed: only compared, by the agent itself or at rest.
        self.strand.load(Ordering::Relaxed)
    }

    /// The implementing agent has ended.
    pub(crate) fn forget_strand(&self) {
        self.strand.store(0, Ordering::Relaxed);
    }

    /// What `side` learns of the other's going.
    pub(crate) fn done(&self, side: Side) -> &Arc<Event<Ending>> {
        &self.make_rare().done[side as usize]
    }

    /// How far `side` has come in the protocol.
    pub(crate) fn walk(&self, side: Side) -> &ProtocolWalk {
        &self.make_rare().walks[side as usize]
    }

    /// The numbers of the messages of a port.
    pub(crate) fn numbers(&self, index: usize) -> Option<&Line<usize>> {
        self.make_rare().numbers.get(index)
    }

    pub(super) fn rare(&self) -> Option<&Rare> {
        // Acquire pairs with the release in `make_rare`.
        let (rare, _) = split(self.rare.load(Ordering::Acquire));
        // SAFETY: a pointer other than null came from a box, which lives as long as the header.
        unsafe { rare.as_ref() }
    }

    fn change(&self, from: *mut Rare, to: *mut Rare) -> Result<*mut Rare, *mut Rare> {
        self.rare.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
    }

    fn make_rare(&self) -> &Rare {
        if let Some(rare) = self.rare() {
            return rare;
        }
        let made = Box::into_raw(Box::new(Rare::new(self.kind)));
        let mut now = self.rare.load(Ordering::Acquire);
        loop {
            let (other, gone) = split(now);
            // SAFETY: as in `rare`.
            if let Some(other) = unsafe { other.as_ref() } {
                // SAFETY: another was first, so nobody has seen this box.
                drop(unsafe { Box::from_raw(made) });
                return other;
            }
            let marked = made.map_addr(|it| it | gone);
            // Release publishes the box, acquire pairs with `gone`.
            match self.change(now, marked) {
                Ok(_) => {
                    // SAFETY: it was a box until now, and lives as long as the header.
                    let rare = unsafe { &*made };
                    for side in [Side::Using, Side::Impl] {
                        if gone & side.bit() != 0 {
                            rare.tell(side, Ending::Normal);
                        }
                    }
                    return rare;
                }
                Err(other) => now = other,
            }
        }
    }

    /// `side` has gone: the other learns the outcome. Only the first going counts. It is a mark as long
    /// as nobody can have asked for it: who makes `Rare` finds the mark.
    pub(crate) fn gone(&self, side: Side, ending: Ending) {
        if !matches!(ending, Ending::Normal) {
            self.make_rare();
        }
        let mut now = self.rare.load(Ordering::Acquire);
        loop {
            let (rare, gone) = split(now);
            if gone & side.bit() != 0 {
                return;
            }
            let marked = now.map_addr(|it| it | side.bit());
            // Acquire and release pair with `make_rare`: one of the two sees the other.
            match self.change(now, marked) {
                Ok(_) => {
                    // SAFETY: as in `rare`.
                    if let Some(rare) = unsafe { rare.as_ref() } {
                        rare.tell(side, ending);
                    }
                    return;
                }
                Err(other) => now = other,
            }
        }
    }

    /// The handles to an end as the channel's own type (level 0), or as one it derives from.
    pub(super) fn handles(&self, level: usize, side: Side) -> &AtomicU32 {
        let handles = match level {
            0 => &self.handles,
            _ => &self.make_rare().below[level - 1],
        };
        &handles[side as usize]
    }
}

impl Drop for Header {
    fn drop(&mut self) {
        // Relaxed: nobody else has the header any more.
        let (rare, _) = split(self.rare.load(Ordering::Relaxed));
        if !rare.is_null() {
            // SAFETY: it came from a box, and nobody reads it any more.
            drop(unsafe { Box::from_raw(rare) });
        }
    }
}

/// The pointer without its marks, and the marks.
fn split(raw: *mut Rare) -> (*mut Rare, usize) {
    const MARKS: usize = 3;
    (raw.map_addr(|it| it & !MARKS), raw.addr() & MARKS)
}

impl Rare {
    fn new(kind: &Kind) -> Self {
        let n_numbers = kind.protocol.map_or(0, |_| kind.n_ports);
        let one = || AtomicU32::new(1);
        Self {
            done: [Event::new("Done"), Event::new("Done")],
            walks: [ProtocolWalk::new(), ProtocolWalk::new()],
            numbers: (0..n_numbers).map(|_| Line::unbounded()).collect(),
            below: (0..kind.depth).map(|_| [one(), one()]).collect(),
        }
    }

    /// `side` has gone.
    fn tell(&self, side: Side, ending: Ending) {
        let _ = self.done[side.other() as usize].set(ending);
    }
}
