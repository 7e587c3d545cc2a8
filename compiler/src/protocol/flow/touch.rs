//! Which methods use the channel of their agent. It does not know how.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::body::ExprKind;
use crate::hir::item::Overridable;
use crate::hir::*;

/// Methods that mention the own channel, by what they call or override too.
pub(super) fn touching(program: &Program) -> BTreeSet<MethodId> {
    let mut queue = Vec::new();
    // Who is to be looked at again once a method is known to use the channel.
    let mut callers: BTreeMap<MethodId, Vec<MethodId>> = BTreeMap::new();
    for agent in program.agents.iter() {
        if !agent.channel.as_ref().is_some_and(|it| has_protocol(program, it.0)) {
            continue;
        }
        for &method in agent.methods.iter().chain(&agent.constructor) {
            if mentions(program, method, &mut callers) {
                queue.push(method);
            }
            if program.methods[method].overridable != Overridable::No {
                overridden(program, agent, method, &mut callers);
            }
        }
    }
    let mut touching = BTreeSet::new();
    while let Some(method) = queue.pop() {
        if touching.insert(method) {
            queue.extend(callers.get(&method).into_iter().flatten());
        }
    }
    touching
}

pub(super) fn has_protocol(program: &Program, channel: ChannelId) -> bool {
    !program.channels[channel].states.is_empty()
}

/// Whether the method itself mentions the channel; notes what else it mentions.
fn mentions(
    program: &Program,
    method: MethodId,
    callers: &mut BTreeMap<MethodId, Vec<MethodId>>,
) -> bool {
    let mut found = false;
    let data = &program.methods[method];
    for &id in data.body.iter().chain(data.base_args.iter().flatten()) {
        for it in program.bodies[id].exprs.iter() {
            let callee = match &it.kind {
                ExprKind::OwnPort(_) | ExprKind::PrimaryChannel => {
                    found = true;
                    None
                }
                ExprKind::Method(callee) | ExprKind::BaseMethod(callee) => Some(*callee),
                _ => None,
            };
            if let Some(callee) =
                callee.filter(|it| program.methods[*it].native.is_none())
            {
                callers.entry(callee).or_default().push(method);
            }
        }
    }
    found
}

/// A call of a method may run what overrides it.
fn overridden(
    program: &Program,
    agent: &item::Agent,
    method: MethodId,
    callers: &mut BTreeMap<MethodId, Vec<MethodId>>,
) {
    let name = &program.methods[method].decl.name.name;
    let mut at = agent.base;
    while let Some(base) = at {
        let mut methods = program.agents[base].methods.iter();
        let same = methods.find(|it| program.methods[**it].decl.name.name == *name);
        if let Some(&base) = same {
            // Those further out are overridden by this one.
            callers.entry(method).or_default().push(base);
            return;
        }
        at = program.agents[base].base;
    }
}
