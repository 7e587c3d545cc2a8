//! Channels: two ends, ports between them, and the protocol that both follow. A channel with all its ports
//! lies in the block of its agent, and both ends share it ([`here`]).
//! It does not wait; the ports' queues are `port::line`s.
//!
//! # Who goes when, and what the other sees
//! Each port counts who holds its sending and its receiving side, each end counts its handles and its ports
//! that are held ([`hold`]).
//! | event | effect |
//! |---|---|
//! | the last sending handle of a port goes | the port completes: what is queued is still delivered |
//! | the last receiving handle of a port goes | the port shuts: what is queued is dropped, requests get no reply |
//! | `close()` of an end | every port it sends on completes; the other end's `Done` delivers |
//! | the last handle of an end goes | all of the above for each of its ports that nothing else holds |
//! | the implementing agent ends | its outputs complete with its outcome, its inputs shut, the users' `Done` delivers the outcome |
//! | an end reaches the state `End` | every port it sends on completes, its own receives are over, both `Done` deliver |
//!
//! A handle to an end as a channel that its own derives from holds the ports of that one only.

pub(crate) mod block;
pub(crate) mod declared;
mod end;
pub(crate) mod endpoint;
mod ends;
pub(crate) mod header;
pub(crate) mod here;
pub(crate) mod hold;
mod part;
pub(crate) mod port;
pub(crate) mod protocol;
mod ruled;
mod spot;

#[cfg(test)]
mod tests;

use crate::scheduler::waits::PortOf;
use protocol::Protocol;

pub use declared::{AnyPort, Declared, Kind};
pub use endpoint::{Impl, Using};
pub use port::Port;

/// A channel type: the generated struct of its ports. One that derives from another is `repr(C)`, has that one's
/// struct as its first field, and derefs to it.
pub trait Channel: Sized + Send + Sync + 'static {
    /// Its name in the program.
    const NAME: &'static str;
    /// Its protocol, if it declares one.
    const PROTOCOL: Option<&'static Protocol> = None;
    /// The channel that it derives from.
    const BASE: Option<&'static Kind> = None;
    /// All its ports, each once; those of the base first.
    const PORTS: &'static [Declared<Self>];
    /// Makes the ports.
    fn open(core: &ChannelCore) -> Self;
}

/// What ports are made from.
#[derive(Debug)]
pub struct ChannelCore {
    kind: &'static Kind,
    strand: usize,
}

impl ChannelCore {
    fn port_of(&self, port: &'static str) -> PortOf {
        self.kind.port_of(port, self.strand)
    }
}

/// The channel of agents that have none.
#[derive(Debug)]
pub struct NoChannel;

impl Channel for NoChannel {
    const NAME: &'static str = "";
    const PORTS: &'static [Declared<Self>] = &[];

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
