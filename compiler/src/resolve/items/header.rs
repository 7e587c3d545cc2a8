//! What items derive from, and that nothing derives from itself. It looks at no members.

use super::super::scope::Def;
use super::super::types::{self, Found, describe};
use super::super::{Cx, RecordNode, errors};
use super::base_def;
use crate::hir::item::RecordKind;
use crate::hir::ty::{Args, Ty};
use crate::hir::{AgentId, ChannelId, Program, RecordId};
use crate::support::index::{Id, IdVec};
use crate::syntax::ast::{self, Ident};

/// How many bases an item has at most, one above the other. What an item inherits is copied for it in some
/// places, so that without a bound a program could make the compiler work by the square of its own size.
const MOST_BASES: usize = 100;

/// Resolves the bases of channels, records and agents, and cuts those that lead nowhere.
pub(super) fn bases(cx: &mut Cx<'_>) {
    for id in cx.program.channels.ids() {
        channel(cx, id);
    }
    let bases =
        collect(cx.program.channels.iter().map(|it| it.base.as_ref().map(|it| it.0)));
    for id in cut(cx, "channel", bases, |it, id| &it.channels[id].decl.name) {
        cx.program.channels[id].base = None;
        cx.open.channels.insert(id);
    }
    for id in cx.program.records.ids() {
        record(cx, id);
    }
    let bases =
        collect(cx.program.records.iter().map(|it| it.base.as_ref().map(|it| it.0)));
    for id in cut(cx, "schema", bases, |it, id| &it.records[id].decl.name) {
        cx.program.records[id].base = None;
        cx.open.records.insert(id);
    }
    exceptions(cx);
    for id in cx.program.agents.ids() {
        agent(cx, id);
    }
    let bases = collect(cx.program.agents.iter().map(|it| it.base));
    for id in cut(cx, "agent", bases, |it, id| &it.agents[id].decl.name) {
        cx.program.agents[id].base = None;
        cx.open.agents.insert(id);
    }
    inherited_channels(cx);
}

/// Reports the cycles and the lines that are too long. What it gives back is to have no base.
fn cut<I: Id>(
    cx: &mut Cx<'_>,
    what: &str,
    mut bases: IdVec<I, Option<I>>,
    name: impl Fn(&Program, I) -> &Ident,
) -> Vec<I> {
    let mut found = Vec::new();
    for cycle in cycles(&bases) {
        let names: Vec<Ident> =
            cycle.iter().map(|&id| name(&cx.program, id).clone()).collect();
        cx.report(errors::cyclic_base(what, &names[0], &names[1..]));
        bases[cycle[0]] = None;
        found.push(cycle[0]);
    }
    for (last, first) in long_lines(&bases) {
        let (last_name, first_name) = (name(&cx.program, last), name(&cx.program, first));
        let problem = errors::too_many_bases(what, last_name, first_name, MOST_BASES);
        cx.report(problem);
        found.push(last);
    }
    found
}

/// Items with one base too many, each with the first of its line. There is no cycle.
fn long_lines<I: Id>(bases: &IdVec<I, Option<I>>) -> Vec<(I, I)> {
    // How many bases an item has, and the last of them; both anew behind a line that is too long.
    let mut known: IdVec<I, Option<(usize, I)>> = collect(bases.iter().map(|_| None));
    let mut found = Vec::new();
    for start in bases.ids() {
        let mut open = Vec::new();
        let mut at = Some(start);
        while let Some(id) = at.filter(|&id| known[id].is_none()) {
            open.push(id);
            at = bases[id];
        }
        let mut above = at.and_then(|id| known[id]);
        while let Some(id) = open.pop() {
            let here = match above {
                Some((n_bases, first)) if n_bases < MOST_BASES => (n_bases + 1, first),
                Some((_, first)) => {
                    found.push((id, first));
                    (0, id)
                }
                None => (0, id),
            };
            known[id] = Some(here);
            above = Some(here);
        }
    }
    found
}

fn collect<I: Id, T>(items: impl Iterator<Item = T>) -> IdVec<I, T> {
    let mut all = IdVec::new();
    for item in items {
        all.push(item);
    }
    all
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
