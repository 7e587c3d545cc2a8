//! Follows ends of channels with a protocol, and requests, through every body: in which
//! states they may be, whether they were given away, and whether requests are answered.
//!
//! A body becomes a graph (`build`, `graph`); `solve` finds what may hold at the entry of
//! each block, with `transfer` as the meaning of what happens; `agents` runs the
//! constructors of agents over their channel, and `summary` remembers what methods do to it;
//! `instances` asks what generic code does to what is moved.
//! The protocols themselves are checked by `machine`.

mod agents;
mod broadcast;
mod build;
mod cases;
mod env;
mod graph;
mod instances;
mod kind;
mod report;
mod solve;
mod status;
mod summary;
mod touch;
mod transfer;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diag::Diagnostic;
use crate::hir::*;
use crate::isolation::Effects;
use crate::types::Types;
use kind::Kinds;

pub(super) use kind::Kind;
pub(super) use status::{Into, Owner};

/// Which end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Side {
    Using,
    Impl,
}

/// What all graphs are built from.
struct Shared<'a> {
    program: &'a Program,
    types: &'a Types,
    effects: &'a Effects,
    kinds: Kinds<'a>,
    /// Methods that use the channel of their agent, themselves or by what they call.
    touching: Rc<BTreeSet<MethodId>>,
    /// Ports of channels with a guard somewhere in the protocol.
    guarded: Rc<BTreeSet<(ChannelId, PortId)>>,
}

impl Shared<'_> {
    fn touches(&self, method: MethodId) -> bool {
        self.touching.contains(&method)
    }

    /// Whether a call of the method may throw.
    fn throws(&self, method: MethodId) -> bool {
        match &self.program.methods[method].native {
            Some(native) => native.throws,
            // A derived agent may override it with one that throws.
            None => {
                self.effects.methods.get(method).is_none_or(|it| it.throws)
                    || self.program.methods[method].overridable != item::Overridable::No
            }
        }
    }
}

/// Checks every body.
pub(super) fn check(
    program: &Program,
    types: &Types,
    effects: &Effects,
    found: &mut Vec<Diagnostic>,
) {
    let touching = Rc::new(touch::touching(program));
    let kinds = Kinds::new(program);
    let moves = program.channels.enumerate().flat_map(|(id, channel)| {
        channel.states.iter().flat_map(move |it| it.moves.iter().map(move |it| (id, it)))
    });
    let guarded = moves.filter(|it| it.1.guard.is_some()).map(|it| (it.0, it.1.port));
    let guarded = Rc::new(guarded.collect());
    let cx = Shared { program, types, effects, kinds, touching, guarded };
    let mut summaries = summary::Summaries::new(&cx);
    agents::check(&mut summaries);
    broadcast::check(&cx, &mut summaries.reports);
    instances::check(&cx, &mut summaries.reports);
    found.append(&mut summaries.reports.found);
}
