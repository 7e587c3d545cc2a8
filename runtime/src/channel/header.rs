//! What both ends of a channel share besides the ports: the counts, and what few channels have, in a box
//! that is made when it is first needed. It counts nothing itself; `hold` does.

use std::sync::Arc;

use super::Side;
use super::declared::Kind;
use super::ends::Ends;
use super::here::Here;
use super::protocol::ProtocolWalk;
use crate::port::event::Event;
use crate::port::line::Line;
use crate::port::source::Ending;
use crate::sync::{BiasedU32, Late};

/// What both ends of one channel share besides the ports.
#[derive(Debug)]
pub(crate) struct Header {
    /// What most channels never have.
    rare: Late<Rare>,
    pub(super) handles: [BiasedU32; 2],
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
    pub(super) below: Box<[[BiasedU32; 2]]>,
    /// How many hold the sending and the receiving side of each port; the handles of an end together count as
    /// one. As long as nobody else holds one there are no counts.
    holders: Box<[[BiasedU32; 2]]>,
}

impl Header {
    #[inline]
    pub(super) fn new(kind: &Kind) -> Self {
        let count = BiasedU32::new;
        let rare = kind.protocol.map(|_| Rare::new(kind));
        Self { rare: Late::new(rare), handles: [count(1), count(1)] }
    }

    #[inline]
    pub(super) fn rare(&self) -> Option<&Rare> {
        self.rare.get()
    }
}

impl<'a> Here<'a> {
    /// The header for as long as the channel is alive.
    #[inline]
    pub(crate) fn all(self) -> &'a Header {
        &self.common().header
    }

    #[inline]
    pub(super) fn ends(self) -> &'a Ends {
        &self.common().ends
    }

    /// What `side` learns of the other's going.
    pub(crate) fn done(self, side: Side) -> &'a Arc<Event<Ending>> {
        &self.make_rare().done[side as usize]
    }

    /// How far `side` has come in the protocol.
    pub(crate) fn walk(self, side: Side) -> &'a ProtocolWalk {
        &self.make_rare().walks[side as usize]
    }

    /// The numbers of the messages of a port.
    pub(crate) fn numbers(self, index: usize) -> Option<&'a Line<usize>> {
        self.make_rare().numbers.get(index)
    }

    pub(super) fn make_rare(self) -> &'a Rare {
        match self.all().rare() {
            Some(rare) => rare,
            None => self.make_rare_now(),
        }
    }

    #[cold]
    #[inline(never)]
    fn make_rare_now(self) -> &'a Rare {
        let all = self.all();
        let rare = all.rare.get_or_make(|| Rare::new(self.kind()));
        let gone = self.ends().set_rare();
        for side in [Side::Using, Side::Impl] {
            if gone[side as usize] {
                rare.tell(side, Ending::Normal);
            }
        }
        rare
    }

    /// `side` has gone: the other learns the outcome. Only the first going counts. It is a mark as long
    /// as nobody can have asked for it: who makes `Rare` finds the mark.
    pub(crate) fn gone(self, side: Side, ending: Ending) {
        if !matches!(ending, Ending::Normal) {
            self.make_rare();
        }
        if self.ends().set_gone(side)
            && let Some(rare) = self.all().rare()
        {
            rare.tell(side, ending);
        }
    }

    /// The last part of `side` goes.
    pub(super) fn end_is_gone(self, side: Side) {
        // Nobody can ask for the outcome of the last end who has not asked yet.
        if !self.ends().now().is_last() || self.rare().is_some() {
            self.gone(side, Ending::Normal);
        }
    }

    /// The handles to an end as the channel's own type (level 0), or as one it derives from.
    #[inline]
    pub(super) fn handles(self, level: usize, side: Side) -> &'a BiasedU32 {
        match level {
            0 => &self.all().handles[side as usize],
            _ => &self.make_rare().below[level - 1][side as usize],
        }
    }
}

impl Rare {
    fn new(kind: &Kind) -> Self {
        let n_numbers = kind.protocol.map_or(0, |_| kind.n_ports);
        let one = || BiasedU32::new(1);
        Self {
            done: [Event::new("Done"), Event::new("Done")],
            walks: [ProtocolWalk::new(), ProtocolWalk::new()],
            numbers: (0..n_numbers).map(|_| Line::unbounded()).collect(),
            below: (0..kind.depth).map(|_| [one(), one()]).collect(),
            holders: (0..kind.n_ports).map(|_| [one(), one()]).collect(),
        }
    }

    pub(super) fn holders(&self, port: usize, sends: bool) -> &BiasedU32 {
        &self.holders[port][usize::from(!sends)]
    }

    /// Nobody waits any more.
    #[cold]
    pub(super) fn empty(&self) {
        self.done.iter().for_each(|done| done.wake());
        self.numbers.iter().for_each(Line::empty);
    }

    /// `side` has gone.
    fn tell(&self, side: Side, ending: Ending) {
        let _ = self.done[side.other() as usize].set(ending);
    }
}
