//! What items derive from, and that nothing derives from itself. It looks at no members.

use super::super::scope::Def;
use super::super::types::{self, Found, describe};
use super::super::{Cx, RecordNode, errors};
use super::base_def;
use crate::hir::item::RecordKind;
use crate::hir::ty::{Args, Ty};
use crate::hir::{AgentId, ChannelId, RecordId};
use crate::support::index::{Id, IdVec};
use crate::syntax::ast::{self, Ident};

/// Resolves the bases of channels, records and agents, and breaks cycles.
pub(super) fn bases(cx: &mut Cx<'_>) {
    for id in cx.program.channels.ids() {
        channel(cx, id);
    }
    let channels: IdVec<ChannelId, _> =
        collect(cx.program.channels.iter().map(|it| it.base.as_ref().map(|it| it.0)));
    for cycle in cycles(&channels) {
        let names = names(&cycle, |id| cx.program.channels[id].decl.name.clone());
        cx.report(errors::cyclic_base("channel", &names[0], &names[1..]));
        cx.program.channels[cycle[0]].base = None;
        cx.open.channels.insert(cycle[0]);
    }
    for id in cx.program.records.ids() {
        record(cx, id);
    }
    let records: IdVec<RecordId, _> =
        collect(cx.program.records.iter().map(|it| it.base.as_ref().map(|it| it.0)));
    for cycle in cycles(&records) {
        let names = names(&cycle, |id| cx.program.records[id].decl.name.clone());
        cx.report(errors::cyclic_base("schema", &names[0], &names[1..]));
        cx.program.records[cycle[0]].base = None;
        cx.open.records.insert(cycle[0]);
    }
    exceptions(cx);
    for id in cx.program.agents.ids() {
        agent(cx, id);
    }
    let agents: IdVec<AgentId, _> = collect(cx.program.agents.iter().map(|it| it.base));
    for cycle in cycles(&agents) {
        let names = names(&cycle, |id| cx.program.agents[id].decl.name.clone());
        cx.report(errors::cyclic_base("agent", &names[0], &names[1..]));
        cx.program.agents[cycle[0]].base = None;
        cx.open.agents.insert(cycle[0]);
    }
    inherited_channels(cx);
}

fn collect<I: Id, T>(items: impl Iterator<Item = T>) -> IdVec<I, T> {
    let mut all = IdVec::new();
    for item in items {
        all.push(item);
    }
    all
}

fn names<I: Id>(cycle: &[I], name: impl Fn(I) -> Ident) -> Vec<Ident> {
    cycle.iter().map(|&id| name(id)).collect()
}

/// Circles of a relation in which everything has at most one successor, each from its
/// first member on.
fn cycles<I: Id>(next: &IdVec<I, Option<I>>) -> Vec<Vec<I>> {
    // The number of the walk that came by, from 1.
    let mut seen = vec![0_usize; next.len()];
    let mut found = Vec::new();
    for (walk, start) in next.ids().enumerate() {
        let mut at = Some(start);
        while let Some(id) = at {
            match seen[id.index()] {
                0 => seen[id.index()] = walk + 1,
                earlier => {
                    if earlier == walk + 1 {
                        found.push(circle(next, id));
                    }
                    break;
                }
            }
            at = next[id];
        }
    }
    found
}

/// The circle through `start`, turned so that its smallest id comes first.
fn circle<I: Id>(next: &IdVec<I, Option<I>>, start: I) -> Vec<I> {
    let mut circle = vec![start];
    let mut at = next[start];
    while let Some(id) = at.filter(|it| *it != start) {
        circle.push(id);
        at = next[id];
    }
    let smallest = circle.iter().min().copied();
    let turn = circle.iter().position(|it| Some(*it) == smallest).unwrap_or(0);
    circle.rotate_left(turn);
    circle
}

fn channel(cx: &mut Cx<'_>, id: ChannelId) {
    let source = &cx.sources.channels[id];
    let (Some(base), scope) = (&source.node.base, source.scope) else { return };
    if let Some(found) = base_def(cx, scope, base) {
        match found.def {
            Def::Channel(_) => {
                if let Ty::Using(base, args, _) = types::of_def(cx, &found) {
                    cx.program.channels[id].base = Some((base, args));
                }
            }
            _ => wrong(cx, &found, &["a channel"]),
        }
    }
    if cx.program.channels[id].base.is_none() {
        cx.open.channels.insert(id);
    }
}

fn record(cx: &mut Cx<'_>, id: RecordId) {
    let source = &cx.sources.records[id];
    let RecordNode::Schema(ast::Schema { base: Some(base), .. }) = source.node else {
        return;
    };
    let scope = source.scope;
    if let Some(found) = base_def(cx, scope, base) {
        match found.def {
            Def::Record(base) if cx.program.records[base].kind != RecordKind::Struct => {
                if let Ty::Record(base, args) = types::of_def(cx, &found) {
                    cx.program.records[id].base = Some((base, args));
                }
            }
            _ => wrong(cx, &found, &["a schema"]),
        }
    }
    if cx.program.records[id].base.is_none() {
        cx.open.records.insert(id);
    }
}

/// Marks `Exception` and what derives from it.
fn exceptions(cx: &mut Cx<'_>) {
    let Some(root) = cx.program.lang.exception else { return };
    for id in cx.program.records.ids() {
        let records = &cx.program.records;
        let base = |id: &RecordId| records[*id].base.as_ref().map(|it| it.0);
        if std::iter::successors(Some(id), base).any(|it| it == root) {
            cx.program.records[id].kind = RecordKind::Exception;
            let decl = &cx.program.records[id].decl;
            if !cx.program.records[id].type_params.is_empty() && !decl.library {
                let span = decl.name.span;
                cx.report(errors::not_yet("exceptions with type parameters are", span));
            }
        }
    }
}

fn agent(cx: &mut Cx<'_>, id: AgentId) {
    let source = &cx.sources.agents[id];
    let (Some(base), scope) = (&source.node.base, source.scope) else { return };
    if let Some(found) = base_def(cx, scope, &base.ty) {
        match found.def {
            // The word `channel` may be missing, as in articles of 2009.
            Def::Channel(channel) => {
                if !base.channel {
                    let declared = cx.program.channels[channel].decl.name.clone();
                    cx.report(errors::bare_channel(&declared, base.ty.span));
                }
                if let Ty::Using(channel, args, _) = types::of_def(cx, &found) {
                    cx.program.agents[id].channel = Some((channel, args));
                }
            }
            Def::Agent(base_id) if !base.channel => {
                cx.program.agents[id].base = Some(base_id);
                cx.program.agents[id].base_args = base_args(cx, base_id, &found);
                base_domain(cx, id, base_id, &found);
            }
            Def::Agent(_) => {
                cx.report(errors::agent_as_channel(&found.ident));
            }
            _ => wrong(cx, &found, &["a channel", "an agent"]),
        }
    }
    let agent = &cx.program.agents[id];
    if agent.base.is_none() && agent.channel.is_none() {
        cx.open.agents.insert(id);
    }
}

/// The type arguments that are written behind a base, with those of its domain.
fn base_args(cx: &mut Cx<'_>, base: AgentId, found: &Found) -> Args {
    let program = &cx.program;
    let n_outer = program.n_domain_params(base);
    let params = &program.agents[base].type_params;
    let outer = params[..n_outer].iter().map(|it| Ty::Param(*it));
    let n_own = params.len() - n_outer;
    let given = found.args.len();
    if given == n_own {
        return outer.chain(found.args.iter().cloned()).collect();
    }
    let errors = params.iter().map(|_| Ty::Error).collect();
    let name = &found.ident.name;
    cx.report(errors::type_arguments(name, n_own, given, found.args_span));
    errors
}

/// An agent reads the domain it stands in; so can what derives from it only there.
fn base_domain(cx: &mut Cx<'_>, id: AgentId, base: AgentId, found: &Found) {
    let Some(domain) = cx.program.agents[base].domain else { return };
    if cx.program.agents[id].domain != Some(domain) {
        let domain = &cx.program.domains[domain].decl.name.name;
        let problem =
            errors::wrong_domain_base(&found.ident.name, domain, found.ident.span);
        cx.report(problem);
    }
}

fn wrong(cx: &mut Cx<'_>, found: &Found, expected: &[&str]) {
    if found.def != Def::Error {
        let what = describe(cx, found.def);
        cx.report(errors::wrong_base(
            &found.ident.name,
            what,
            expected,
            found.ident.span,
        ));
    }
}

/// Gives agents the channels of what they derive from.
fn inherited_channels(cx: &mut Cx<'_>) {
    for id in cx.program.agents.ids() {
        let agents = &cx.program.agents;
        let own: Vec<Ty> =
            agents[id].type_params.iter().map(|it| Ty::Param(*it)).collect();
        let channel: Option<(ChannelId, Args)> =
            std::iter::successors(Some(id), |&it| agents[it].base).find_map(|it| {
                let (channel, args) = agents[it].channel.as_ref()?;
                let params = &agents[it].type_params;
                let seen = cx.program.agent_args(id, &own, it);
                let args = args.iter().map(|arg| arg.substitute(params, &seen));
                Some((*channel, args.collect()))
            });
        cx.program.agents[id].channel = channel;
    }
}
