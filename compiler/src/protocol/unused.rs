//! Ports that no implementer of a channel uses. An agent and those that derive from it are
//! one implementer: what one of them leaves to another is used.

use std::collections::{BTreeMap, BTreeSet};

use super::errors;
use crate::diag::Diagnostic;
use crate::hir::body::{Body, Context, ExprKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::types::Types;
use crate::types::tables::{BodyTypes, Member};

/// What the code of an implementer mentions.
#[derive(Debug, Default)]
struct Uses {
    ports: BTreeSet<PortId>,
    /// Its end is a value somewhere, or something was not understood.
    all: bool,
}

/// Warns of each port once.
pub(super) fn check(program: &Program, types: &Types, found: &mut Vec<Diagnostic>) {
    let mut of: BTreeMap<AgentId, Uses> = BTreeMap::new();
    // Through values of type `Impl<C>`, whose agent nobody knows.
    let mut elsewhere = BTreeSet::new();
    for (id, body) in program.bodies.enumerate() {
        let Some(table) = types.bodies.get(id) else { continue };
        let uses = match body.context {
            Context::Agent(agent) => Some(of.entry(first(program, agent)).or_default()),
            _ => None,
        };
        mentions(body, table, uses, &mut elsewhere);
    }
    let mut unused: BTreeMap<PortId, Vec<AgentId>> = BTreeMap::new();
    for (id, agent) in program.agents.enumerate() {
        if agent.decl.library || first(program, id) != id {
            continue;
        }
        let Some(uses) = of.get(&id).filter(|it| !it.all) else { continue };
        let mut at = agent.channel.as_ref().map(|it| it.0);
        let states = at.map(|it| &program.channels[it].states);
        while let Some(channel) = at {
            let data = &program.channels[channel];
            for &port in data.ports.iter().filter(|_| !data.decl.library) {
                // Those in no state of a protocol are warned of already.
                let named = states.is_none_or(|states| {
                    let mut moves = states.iter().flat_map(|it| &it.moves);
                    states.is_empty() || moves.any(|it| it.port == port)
                });
                if named && !uses.ports.contains(&port) && !elsewhere.contains(&port) {
                    unused.entry(port).or_default().push(id);
                }
            }
            at = data.base.as_ref().map(|(base, _)| *base);
        }
    }
    for (port, agents) in unused {
        found.push(errors::port_unused(program, port, &agents));
    }
}

/// The outermost base that implements a channel.
fn first(program: &Program, agent: AgentId) -> AgentId {
    let mut first = agent;
    for _ in 0..program.agents.len() {
        match program.agents[first].base {
            Some(base) if program.agents[base].channel.is_some() => first = base,
            _ => break,
        }
    }
    first
}

fn mentions(
    body: &Body,
    table: &BodyTypes,
    mut uses: Option<&mut Uses>,
    elsewhere: &mut BTreeSet<PortId>,
) {
    let mut bases = BTreeSet::new();
    let mut values = Vec::new();
    for (id, expr) in body.exprs.enumerate() {
        match &expr.kind {
            ExprKind::OwnPort(port) => {
                if let Some(uses) = &mut uses {
                    uses.ports.insert(*port);
                }
            }
            ExprKind::PrimaryChannel => values.push(id),
            ExprKind::Port { base, .. } | ExprKind::Member { base, .. } => {
                let own = matches!(body.exprs[*base].kind, ExprKind::PrimaryChannel);
                match table.members.get(id) {
                    Some(Member::Port(port)) if own => {
                        bases.insert(*base);
                        if let Some(uses) = &mut uses {
                            uses.ports.insert(*port);
                        }
                    }
                    Some(Member::Port(port)) => {
                        if matches!(table.exprs.get(*base), Some(Ty::Impl(..))) {
                            elsewhere.insert(*port);
                        }
                    }
                    // `PrimaryChannel::Done` and the like use no port.
                    _ => _ = bases.insert(*base),
                }
            }
            _ => {}
        }
    }
    let unclear = table.exprs.iter().any(|(_, ty)| ty.is_error());
    if let Some(uses) = uses
        && (unclear || values.iter().any(|it| !bases.contains(it)))
    {
        uses.all = true;
    }
}
