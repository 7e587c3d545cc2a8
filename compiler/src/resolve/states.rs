//! States of protocols in types: `C@State`, and where it may not stand. What the states mean
//! is checked by `protocol`.

use std::collections::BTreeSet;

use super::scope::ScopeId;
use super::types::value;
use super::{Cx, errors};
use crate::hir;
use crate::hir::ty::Ty;
use crate::syntax::ast::{self, Ident, TypeKind};

/// The type of a field, a message, or a part of another value: its state changes where
/// nobody looks, so that it can have none by its type.
pub(super) fn part(cx: &mut Cx<'_>, scope: ScopeId, ty: &ast::Type) -> Ty {
    refuse_state(cx, ty);
    value(cx, scope, ty)
}

/// Reports a state where the type of a part is written.
pub(super) fn refuse_state(cx: &mut Cx<'_>, ty: &ast::Type) {
    let inner = match &ty.kind {
        TypeKind::Nullable(inner) => inner,
        _ => ty,
    };
    if let TypeKind::AtState(end, state) = &inner.kind {
        cx.report(errors::state_of_part(state, inner.span, end.span));
    }
}

pub(super) fn at_state(
    cx: &mut Cx<'_>,
    scope: ScopeId,
    end: &ast::Type,
    state: &Ident,
) -> Ty {
    let ty = value(cx, scope, end);
    match ty {
        Ty::Using(id, args, None) => {
            let state = state_index(cx, id, state);
            Ty::Using(id, args, state)
        }
        Ty::Impl(id, args, None) => {
            let state = state_index(cx, id, state);
            Ty::Impl(id, args, state)
        }
        Ty::Error => Ty::Error,
        _ => {
            cx.report(errors::state_of_no_channel(state, end.span));
            Ty::Error
        }
    }
}

/// States of the protocol of a channel in the order of `hir`: `Start` first. Those declared
/// again are left out.
pub(super) fn states<'a>(
    cx: &Cx<'a>,
    channel: hir::ChannelId,
) -> Vec<&'a ast::ProtocolState> {
    let mut at = Some(channel);
    // Bases may still be cyclic when a base itself is resolved.
    for _ in 0..=cx.program.channels.len() {
        let Some(id) = at else { break };
        let states = &cx.sources.channels[id].node.states;
        if !states.is_empty() {
            let is_start = |it: &&ast::ProtocolState| &*it.name.name == "Start";
            let start = states.iter().filter(is_start);
            let others = states.iter().filter(|it| !is_start(it));
            let mut seen = BTreeSet::from(["End"]);
            return start.chain(others).filter(|it| seen.insert(&it.name.name)).collect();
        }
        at = cx.program.channels[id].base.as_ref().map(|(base, _)| *base);
    }
    Vec::new()
}

fn state_index(cx: &mut Cx<'_>, channel: hir::ChannelId, state: &Ident) -> Option<usize> {
    let states = states(cx, channel);
    let found = states.iter().position(|it| it.name.name == state.name);
    if found.is_none() && &*state.name == "End" && !states.is_empty() {
        // Behind all others.
        return Some(states.len());
    }
    let silent = cx.is_lost(&state.name);
    if found.is_none() && !silent && !cx.is_open_channel(channel) {
        let decl = &cx.program.channels[channel].decl;
        let problem = if states.is_empty() {
            errors::no_protocol(state, &decl.name.name, decl.name.span)
        } else {
            let names = states.iter().map(|it| &*it.name.name);
            errors::unknown_state(state, &decl.name.name, names)
        };
        cx.report(problem);
    }
    found
}
