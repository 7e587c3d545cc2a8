//! Runs the constructors of each agent over its channel, from `Start` on, and looks at all
//! other code with nothing known about the channel.

use super::status::{Event, Set, Status, path};
use super::summary::Summaries;
use crate::hir::item::Overridable;
use crate::hir::*;

pub(super) fn check(summaries: &mut Summaries<'_, '_>) {
    let program = summaries.cx.program;
    for (id, agent) in program.agents.enumerate() {
        if !agent.decl.library && summaries.channel(id).is_some() {
            constructors(summaries, id);
        }
    }
    for (id, body) in program.bodies.enumerate() {
        if body.span.file.0 < program.n_user_files && !summaries.is_done(id) {
            let unknown = Set::unknown();
            summaries.body(None, id, Some(&unknown));
        }
    }
}

/// The constructors of the bases, then its own.
fn constructors(summaries: &mut Summaries<'_, '_>, id: AgentId) {
    let program = summaries.cx.program;
    let mut chain = vec![id];
    while let Some(base) = chain.last().and_then(|it| program.agents[*it].base) {
        chain.push(base);
    }
    let class = class(program, &chain);
    let start = Status::state(0);
    let mut set = Some(Set::unknown());
    if !initialisers_touch(summaries, &chain) {
        let span = program.agents[id].decl.name.span;
        set = Some(Set::one(start, path(span, Event::Began, start)));
    }
    for agent in chain.into_iter().rev() {
        let Some(method) = program.agents[agent].constructor else { continue };
        let Some(body) = program.methods[method].body else { continue };
        // An earlier constructor may never end.
        let Some(entry) = set else { return };
        set = summaries.body(Some(class), body, Some(&entry)).after;
    }
}

/// The agent of the chain whose overrides decide what runs: agents that override nothing
/// run what their bases do.
fn class(program: &Program, chain: &[AgentId]) -> AgentId {
    let overrides = |agent: &&AgentId| {
        let mut methods = program.agents[**agent].methods.iter();
        methods.any(|it| {
            matches!(program.methods[*it].overridable, Overridable::Override(_))
        })
    };
    chain.iter().find(overrides).or(chain.last()).copied().unwrap_or(chain[0])
}

/// Whether code that runs before a constructor or between two uses the channel.
fn initialisers_touch(summaries: &Summaries<'_, '_>, chain: &[AgentId]) -> bool {
    use crate::hir::body::ExprKind;
    let program = summaries.cx.program;
    let fields = chain.iter().flat_map(|it| &program.agents[*it].fields);
    let inits = fields.filter_map(|it| program.fields[*it].init);
    let constructors = chain.iter().filter_map(|it| program.agents[*it].constructor);
    let base_args = constructors.filter_map(|it| program.methods[it].base_args.as_ref());
    let mut bodies = inits.chain(base_args.flatten().copied());
    bodies.any(|it| {
        let mut exprs = program.bodies[it].exprs.iter();
        exprs.any(|it| match &it.kind {
            ExprKind::OwnPort(_) | ExprKind::PrimaryChannel => true,
            ExprKind::Method(it) | ExprKind::BaseMethod(it) => summaries.cx.touches(*it),
            _ => false,
        })
    })
}
