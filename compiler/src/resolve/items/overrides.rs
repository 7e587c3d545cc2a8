//! `virtual` and `override` between an agent and its base. Which body a call reaches is
//! decided where agents are lowered.

use super::super::{Cx, Member, errors};
use crate::hir::item::{Method, Overridable};
use crate::hir::print::ty_text;
use crate::hir::ty::Ty;
use crate::hir::{AgentId, MethodId, Program};

/// Checks the methods of all agents against those of their bases.
pub(super) fn check(cx: &mut Cx<'_>) {
    for id in cx.program.agents.ids() {
        for method in cx.program.agents[id].methods.clone() {
            check_method(cx, id, method);
        }
    }
}

fn check_method(cx: &mut Cx<'_>, agent: AgentId, id: MethodId) {
    let base = cx.program.agents[agent].base;
    let method = &cx.program.methods[id];
    let name = method.decl.name.clone();
    let inherited = base.and_then(|it| cx.agent_member(it, &name.name));
    let overrides = matches!(method.overridable, Overridable::Override(_));
    let problem = match inherited {
        None if overrides && cx.is_open_agent(agent) => return,
        None if overrides && cx.is_lost(&name.name) => return,
        None if overrides => nothing(cx, base, id),
        None => return,
        Some(Member::Method(first)) if overrides => {
            let first = &cx.program.methods[first];
            let span = first.decl.name.span;
            if first.overridable == Overridable::No {
                errors::not_virtual(&name, span)
            } else if same_signature(method, &seen_from(cx, agent, method, first)) {
                return;
            } else {
                let found = signature(&cx.program, method);
                let expected = signature(&cx.program, first);
                errors::override_mismatch(&name, &found, &expected, span)
            }
        }
        Some(first) => {
            let overridable = matches!(first, Member::Method(it)
                if cx.program.methods[it].overridable != Overridable::No);
            let span = cx.member_span(first);
            errors::hides_base(&name, "method", span, overridable)
        }
    };
    cx.used_methods.insert(id);
    cx.report(problem);
}

fn nothing(
    cx: &Cx<'_>,
    base: Option<AgentId>,
    method: MethodId,
) -> crate::diag::Diagnostic {
    let name = &cx.program.methods[method].decl.name;
    let Some(base) = base else {
        return errors::nothing_to_override(name, None, []);
    };
    let agents = &cx.program.agents;
    let chain = std::iter::successors(Some(base), |&it| agents[it].base);
    let candidates = chain
        .flat_map(|it| &agents[it].methods)
        .map(|it| &cx.program.methods[*it])
        .filter(|it| it.overridable != Overridable::No)
        .map(|it| &*it.decl.name.name);
    errors::nothing_to_override(name, Some(&agents[base].decl.name.name), candidates)
}

/// A method of a base with what its type parameters stand for in the agent that derives.
fn seen_from(cx: &Cx<'_>, agent: AgentId, method: &Method, base: &Method) -> Method {
    let program = &cx.program;
    let own: Vec<Ty> =
        program.agents[agent].type_params.iter().map(|it| Ty::Param(*it)).collect();
    let (mut params, args) = program.agent_generics(agent, &own, base.decl.owner);
    let mut args = args.to_vec();
    if method.type_params.len() == base.type_params.len() {
        params.extend(&base.type_params);
        args.extend(method.type_params.iter().map(|it| Ty::Param(*it)));
    }
    let mut seen = base.clone();
    seen.returns = seen.returns.substitute(&params, &args);
    for param in &mut seen.params {
        param.ty = param.ty.substitute(&params, &args);
    }
    seen
}

fn same_signature(method: &Method, base: &Method) -> bool {
    let known = |it: &Method| {
        !it.returns.is_error() && it.params.iter().all(|it| !it.ty.is_error())
    };
    // What did not resolve was reported.
    if !known(method) || !known(base) {
        return true;
    }
    let types =
        |it: &Method| it.params.iter().map(|it| it.ty.clone()).collect::<Vec<_>>();
    method.returns == base.returns && types(method) == types(base)
}

fn signature(program: &Program, method: &Method) -> String {
    let params: Vec<String> =
        method.params.iter().map(|it| ty_text(program, &it.ty)).collect();
    let name = &method.decl.name.name;
    format!("{} {name}({})", ty_text(program, &method.returns), params.join(", "))
}
