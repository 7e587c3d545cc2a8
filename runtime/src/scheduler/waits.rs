//! What an activity waits for, in the words of the program. Noted when it goes to sleep, read
//! when the whole program is at rest. It decides nothing; `rest` does.

use std::panic::Location;

use super::strand::Strand;
use crate::port::outlook::Outlook;

/// A place in the program.
pub(crate) type Place = &'static Location<'static>;

/// A port of a channel, and the agent that implements the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PortOf {
    pub(crate) channel: &'static str,
    /// Empty where the channel as a whole is meant.
    pub(crate) port: &'static str,
    pub(crate) agent: &'static str,
    /// The address of the agent's strand, only to be compared.
    pub(crate) strand: usize,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Port(PortOf),
    /// The reply to the request that was sent to the port at this place.
    Reply(PortOf, Place),
    /// `Done` of the using end: the end of the agent.
    EndOf(PortOf),
    /// `Done` of the implementing end.
    EndOfUsers,
    /// No source: room in the port, which the activity has sent more to than it holds.
    Room(PortOf),
    /// A point of this kind that was made at this place.
    Point(&'static str, Place),
    /// No source: room in such a point.
    RoomOfPoint(&'static str, Place),
    Other(&'static str),
}

/// One of the things that an activity waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) what: What,
    /// A network stands between.
    pub(crate) through: bool,
    /// Wanted together with the one before, not instead of it.
    pub(crate) joined: bool,
    /// Something is there that the condition of the case refuses.
    pub(crate) refused: bool,
}

impl From<What> for Origin {
    fn from(what: What) -> Self {
        Self { what, through: false, joined: false, refused: false }
    }
}

impl Origin {
    /// A source without a name in the program.
    pub(crate) fn other(name: &'static str) -> Self {
        What::Other(name).into()
    }

    pub(crate) fn through(self) -> Self {
        Self { through: true, ..self }
    }

    /// Whether it is a port of the channel that the agent on this strand implements.
    pub(crate) fn is_own_port(&self, strand: usize) -> bool {
        matches!(&self.what, What::Port(of) if of.strand == strand)
    }

    pub(crate) fn joined(self) -> Self {
        Self { joined: true, ..self }
    }
}

/// What an agent's activities wait for.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    /// Those that wait in the program's own code.
    pub(crate) places: Vec<Waited>,
    /// It has led a port of its own channel into a network.
    pub(crate) serves: bool,
}

/// The wait of one activity.
#[derive(Debug)]
pub(crate) struct Waited {
    /// The number of the activity.
    pub(crate) index: u32,
    pub(crate) place: WaitPlace,
    /// The rest of what it waits for.
    pub(crate) more: Vec<Origin>,
    pub(crate) outlook: Outlook,
}

/// Where an activity waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WaitPlace {
    pub(crate) at: Place,
    /// The first of what it waits for; the others are in the activity's `more`.
    pub(crate) origin: Origin,
    /// One of the sources is a port of the agent's own channel: it serves, and waits for nobody.
    pub(crate) serving: bool,
}

/// A suspended operation that can tell what it waits for.
pub(crate) trait Tells {
    /// Where it stands in the program.
    fn at(&self) -> Place;

    /// What it waits for; at least one.
    fn origins(&self, into: &mut Vec<Origin>);

    /// Whether a source is a port of the channel that the agent on `strand` implements.
    fn is_own(&self, strand: &Strand) -> bool;

    /// Whether what it waits for can still come.
    fn outlook(&self) -> Outlook;
}
