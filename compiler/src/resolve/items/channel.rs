//! Ports and protocols of channels. What a protocol means, such as whose move it is and
//! whether every state leads to `End`, is checked by `protocol`.

use std::collections::BTreeMap;

use super::super::{Code, Cx, Work, errors, types};
use super::{attributes, base_first, bounds};
use crate::hir::body::Context;
use crate::hir::item::{self, Move, State};
use crate::hir::ty::Ty;
use crate::hir::{ChannelId, PortId};
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident};

/// Resolves the ports of all channels.
pub(super) fn ports(cx: &mut Cx<'_>) {
    for id in cx.program.channels.ids() {
        let source = &cx.sources.channels[id];
        let (node, scope) = (source.node, source.scope);
        attributes(cx, &source.item.attributes, "a channel", &[], &[]);
        for port in &node.ports {
            attributes(cx, &port.attributes, "a port", &["Bounded"], &[]);
            let bounds = bounds::of_port(cx, scope, &port.attributes);
            let payload = match &port.payload {
                Some(ty) => types::part(cx, scope, ty),
                None => Ty::Signal,
            };
            let reply = port.reply.as_ref().map(|ty| types::part(cx, scope, ty));
            let payload_span = port.payload.as_ref().map_or(port.name.span, |it| it.span);
            let new = cx.program.ports.push(item::Port {
                name: port.name.clone(),
                span: port.span,
                channel: id,
                direction: port.direction,
                payload,
                payload_span,
                reply,
                reply_span: port.reply.as_ref().map_or(port.span, |it| it.span),
                bounds,
            });
            let table = &mut cx.members.ports[id];
            match table.get(&port.name.name) {
                Some(first) => {
                    let first = cx.program.ports[*first].name.span;
                    cx.report(errors::duplicate("port", &port.name, Some(first)));
                }
                None => {
                    table.insert(port.name.name.clone(), new);
                    cx.program.channels[id].ports.push(new);
                }
            }
        }
    }
    for id in cx.program.channels.ids() {
        inherited_duplicates(cx, id);
    }
}

/// A port of the base cannot be declared anew.
fn inherited_duplicates(cx: &mut Cx<'_>, id: ChannelId) {
    let Some((base, _)) = cx.program.channels[id].base.clone() else { return };
    for port in cx.program.channels[id].ports.clone() {
        let name = cx.program.ports[port].name.clone();
        if let Some(first) = cx.port(base, &name.name) {
            let first = cx.program.ports[first].name.span;
            cx.report(errors::duplicate("port", &name, Some(first)));
        }
    }
}

/// Resolves the protocols of all channels, of bases before what derives from them.
pub(super) fn protocols(cx: &mut Cx<'_>) {
    let channels = &cx.program.channels;
    let base = |id: ChannelId| channels[id].base.as_ref().map(|it| it.0);
    for id in base_first(channels.ids(), base) {
        protocol(cx, id);
    }
}

fn protocol(cx: &mut Cx<'_>, id: ChannelId) {
    let node = cx.sources.channels[id].node;
    let Some(first) = node.states.first() else {
        // A channel without a protocol of its own follows that of its base.
        if let Some((base, _)) = cx.program.channels[id].base {
            cx.program.channels[id].states = cx.program.channels[base].states.clone();
        }
        return;
    };
    let channel = node.name.clone();
    let mut by_name: BTreeMap<Name, Span> = BTreeMap::new();
    for state in &node.states {
        if &*state.name.name == "End" {
            cx.report(errors::end_declared(&state.name));
        } else if let Some(first) = by_name.get(&state.name.name) {
            cx.report(errors::duplicate("state", &state.name, Some(*first)));
        } else {
            by_name.insert(state.name.name.clone(), state.name.span);
        }
    }
    let has_start = by_name.contains_key("Start");
    if !has_start {
        cx.report(errors::no_start(&channel, &first.name));
    }
    let ordered = types::states(cx, id);
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, state) in ordered.iter().enumerate() {
        index.entry(&state.name.name).or_insert(at);
    }
    let mut states = Vec::with_capacity(ordered.len());
    for state in ordered {
        let moves = moves(cx, id, state, &index);
        let complete = moves.len() == state.transitions.len();
        states.push(State { name: state.name.clone(), moves, complete });
    }
    // Without `Start` there is no machine that later phases could follow.
    if has_start {
        cx.program.channels[id].states = states;
    }
}

fn moves<'a>(
    cx: &mut Cx<'a>,
    id: ChannelId,
    state: &'a ast::ProtocolState,
    index: &BTreeMap<&str, usize>,
) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for transition in &state.transitions {
        let next = match index.get(&*transition.next.name) {
            Some(next) => Some(Some(*next)),
            None if &*transition.next.name == "End" => Some(None),
            None if cx.is_lost(&transition.next.name) => None,
            None => {
                let channel = &cx.program.channels[id].decl.name.name;
                let names = index.keys().copied().chain(["End"]);
                let problem = errors::unknown_state(&transition.next, channel, names);
                cx.report(problem);
                None
            }
        };
        let Some(port) = cx.port(id, &transition.port.name) else {
            unknown_port(cx, id, &transition.port);
            continue;
        };
        let guard = guard(cx, id, port, transition);
        if let Some(next) = next {
            moves.push(Move { span: transition.span, port, next, guard });
        }
    }
    moves
}

fn guard<'a>(
    cx: &mut Cx<'a>,
    id: ChannelId,
    port: PortId,
    transition: &'a ast::Transition,
) -> Option<crate::hir::BodyId> {
    let scope = cx.sources.channels[id].scope;
    let guard = transition.guard.as_ref()?;
    let payload = cx.program.ports[port].payload.clone();
    let params = transition.binding.iter().map(|it| (it.clone(), payload.clone()));
    let params = params.collect();
    let (context, code) = (Context::Free, Code::Expr(guard));
    Some(cx.queue(Work { context, scope, params, code, span: guard.span }))
}

fn unknown_port(cx: &mut Cx<'_>, id: ChannelId, ident: &Ident) {
    if cx.is_lost(&ident.name) || cx.is_open_channel(id) {
        return;
    }
    let channel = cx.program.channels[id].decl.name.name.clone();
    let names = port_names(cx, id);
    let names = names.iter().map(|it| &**it);
    let problem = errors::unknown_state_port(ident, &channel, names);
    cx.report(problem);
}

/// Names of all ports of a channel, those of its bases included.
pub(in crate::resolve) fn port_names(cx: &Cx<'_>, channel: ChannelId) -> Vec<Name> {
    let base = |it: &ChannelId| cx.program.channels[*it].base.as_ref().map(|it| it.0);
    std::iter::successors(Some(channel), base)
        .flat_map(|it| cx.members.ports[it].keys().cloned())
        .collect()
}
