//! A body as the analysis sees it: blocks of what happens to the values that it follows. It
//! decides nothing; `build` makes it and `solve` follows it.

use super::kind::Kind;
use super::status::{Into, Set};
use crate::hir::*;
use crate::support::Name;
use crate::support::span::Span;

/// Number of a followed value.
pub(super) type Slot = u32;
/// Number of a block.
pub(super) type BlockRef = u32;

/// A local, or a value that has no name.
#[derive(Clone, Debug)]
pub(super) struct SlotData {
    pub(super) kind: Kind,
    /// How the user calls it; `None` for values without a name.
    pub(super) name: Option<Name>,
    /// The value that it is a part of: giving the part away breaks the whole.
    pub(super) whole: Option<Slot>,
    /// Somewhere it is answered or given away.
    pub(super) given: bool,
}

/// How a port is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Send,
    Receive,
    /// A case of `receive { }`: it is chosen only where the state allows it.
    Case,
    /// A round of `foreach`, which the end of the conversation ends.
    Round,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// The value is used where it is.
    Use { slot: Slot, span: Span },
    /// It moves by its protocol.
    Step { slot: Slot, port: PortId, how: How, span: Span },
    /// One message of each of these ports, in whatever order they were sent.
    Join { slot: Slot, ports: Vec<(PortId, Span)> },
    /// `receive { }` over ports of this end: those of each case. One without any comes by itself.
    Wait { slot: Slot, cases: Vec<Vec<PortId>>, span: Span },
    /// The request is answered.
    Answer { slot: Slot, span: Span },
    /// The value goes away, into another slot or out of sight.
    Move { slot: Slot, to: Option<Slot>, into: Into, span: Span },
    /// A field of a value comes into the slot `to`.
    Take { from: Slot, to: Slot, span: Span },
    /// The slot holds another value.
    Set { slot: Slot, set: Set },
    /// The value must be in this state; one whose state is unknown is looked at when the
    /// program runs.
    Expect { slot: Slot, state: u32, declared: Option<Span>, span: Span },
    /// From here on others may use it too.
    Forget { slot: Slot },
    /// The slot goes out of sight; `span` is where.
    Drop { slot: Slot, span: Span },
    /// What comes next may throw.
    Throw,
    /// A method of the same agent, or one to which `PrimaryChannel` is lent.
    Call { method: MethodId, virtual_call: bool, lent: Vec<usize> },
}

#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) ops: Vec<Op>,
    pub(super) next: Vec<BlockRef>,
    /// Where exceptions go.
    pub(super) handler: BlockRef,
}

/// Code that runs as one: a body, a lambda or a local function.
#[derive(Debug)]
pub(super) struct Routine {
    pub(super) blocks: Vec<Block>,
    pub(super) entry: BlockRef,
    /// Control gets here at a normal end.
    pub(super) exit: BlockRef,
    /// Exceptions that leave the routine.
    pub(super) thrown: BlockRef,
    /// What each slot is at the entry, the own channel aside.
    pub(super) start: Vec<(Slot, Set)>,
}

/// The routines of one body.
#[derive(Debug)]
pub(super) struct Graph {
    /// Where the body stands.
    pub(super) span: Span,
    pub(super) slots: Vec<SlotData>,
    /// The implementing end of the own agent.
    pub(super) own: Option<Slot>,
    /// Slot of each parameter that is followed.
    pub(super) params: Vec<Option<Slot>>,
    pub(super) main: Routine,
    /// Lambdas and local functions.
    pub(super) inner: Vec<Routine>,
}
