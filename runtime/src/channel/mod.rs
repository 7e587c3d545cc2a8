//! Channels: two ends, ports between them, and the protocol that both follow.
//! It does not wait; the ports' queues are `port::line`s.
//!
//! # Who goes when, and what the other sees
//! Each port has a sending and a receiving side, each counted by its handles ([`port`]). The handles of
//! one end together are counted by the end's token ([`endpoint`]).
//! | event | effect |
//! |---|---|
//! | the last sending handle of a port goes | the port completes: what is queued is still delivered |
//! | the last receiving handle of a port goes | the port shuts: what is queued is dropped, requests get no reply |
//! | `close()` of an end | every port it sends on completes; the other end's `Done` delivers |
//! | the last handle of an end goes | all of the above for each of its ports |
//! | the implementing agent ends | its outputs complete with its outcome, its inputs shut, the users' `Done` delivers the outcome |
//! | an end reaches the state `End` | every port it sends on completes, its own receives are over, both `Done` deliver |

pub(crate) mod endpoint;
pub(crate) mod port;
pub(crate) mod protocol;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::port::event::Event;
use crate::port::source::Ending;
use crate::scheduler::waits::PortOf;
use crate::sync::{AtomicUsize, Ordering};
use protocol::{Protocol, ProtocolWalk};

pub use endpoint::{ChannelCore, Impl, Using};
pub use port::Port;

/// A channel type: the generated struct of its ports.
pub trait Channel: Sized + Send + Sync + 'static {
    /// Its name in the program.
    const NAME: &'static str;
    /// Its protocol, if it declares one.
    const PROTOCOL: Option<&'static Protocol> = None;
    /// Makes the ports of one end; called once for each end, with the ports in the same order.
    fn open(core: &ChannelCore) -> Self;
}

/// A channel that derives from another: it has the ports of that one, and more.
pub trait Derived: Channel {
    /// The channel it derives from.
    type Base: Channel;
    /// The ports of that one.
    fn base(&self) -> Self::Base;
}

/// The channel of agents that have none.
#[derive(Debug)]
pub struct NoChannel;

impl Channel for NoChannel {
    const NAME: &'static str = "";

    fn open(_: &ChannelCore) -> Self {
        Self
    }
}

/// The two ends of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Using = 0,
    Impl = 1,
}

impl Side {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Using => Self::Impl,
            Self::Impl => Self::Using,
        }
    }
}

/// What both ends of one channel share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) name: &'static str,
    /// The name of the agent that implements it.
    pub(crate) agent: &'static str,
    /// The address of its strand, only to be compared; 0 once it has ended.
    pub(crate) strand: AtomicUsize,
    pub(crate) protocol: Option<&'static Protocol>,
    ends: [EndState; 2],
}

#[derive(Debug)]
struct EndState {
    /// What this end learns of the other's going.
    done: Arc<Event<Ending>>,
    walk: ProtocolWalk,
}

impl Shared {
    pub(crate) fn new<C: Channel>(agent: &'static str, strand: usize) -> Arc<Self> {
        let end = || EndState { done: Event::new("Done"), walk: ProtocolWalk::new() };
        Arc::new(Self {
            name: C::NAME,
            agent,
            strand: AtomicUsize::new(strand),
            protocol: C::PROTOCOL,
            ends: [end(), end()],
        })
    }

    /// A port of the channel, for reports; an empty name for the channel as a whole.
    pub(crate) fn port_of(&self, port: &'static str) -> PortOf {
        let strand = self.strand.load(Ordering::Relaxed);
        PortOf { channel: self.name, port, agent: self.agent, strand }
    }

    pub(crate) fn done(&self, side: Side) -> &Arc<Event<Ending>> {
        &self.ends[side as usize].done
    }

    pub(crate) fn walk(&self, side: Side) -> &ProtocolWalk {
        &self.ends[side as usize].walk
    }

    /// `side` has gone: the other learns the outcome. Only the first going counts.
    pub(crate) fn gone(&self, side: Side, ending: Ending) {
        let _ = self.done(side.other()).set(ending);
    }
}
