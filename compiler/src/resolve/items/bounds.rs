//! `[Bounded(n, Overflow.X)]` before a port: its parts, resolved. The value of the capacity is
//! found by `types`.

use super::super::scope::{Def, ScopeId};
use super::super::{Code, Cx, Work, errors, types};
use crate::hir::body::Context;
use crate::hir::item::{Bounds, Policy};
use crate::syntax::ast::{self, ExprKind, TypePart};

/// The bounds of a port by its attributes.
pub(super) fn of_port<'a>(
    cx: &mut Cx<'a>,
    scope: ScopeId,
    attributes: &'a [ast::Attribute],
) -> Option<Bounds> {
    let mut all = attributes.iter().filter_map(|it| {
        let name = it.name.parts.last().filter(|it| &*it.name == "Bounded")?;
        Some((name, it))
    });
    let (first, attribute) = all.next()?;
    for (name, _) in all {
        cx.report(errors::duplicate("attribute", name, Some(first.span)));
    }
    let span = attribute.span;
    let (capacity, policy) = match &*attribute.args {
        [capacity] => (capacity, None),
        [capacity, policy] => (capacity, Some(policy)),
        [] => {
            cx.report(errors::bounds_count(0, first.span));
            return None;
        }
        args => {
            let span = args[2].span.to(args[args.len() - 1].span);
            cx.report(errors::bounds_count(args.len(), span));
            return None;
        }
    };
    let mut args = [Some(capacity), policy].into_iter().flatten();
    if let Some(name) = args.find_map(|it| it.name.as_ref()) {
        cx.report(errors::bounds_named(name));
        return None;
    }
    let policy = match policy {
        Some(arg) => policy_of(cx, scope, &arg.value)?,
        None => Policy::Suspend,
    };
    let (context, code, params) =
        (Context::Free, Code::Expr(&capacity.value), Vec::new());
    let work = Work { context, scope, params, code, span: capacity.value.span };
    Some(Bounds { span, capacity: cx.queue(work), policy })
}

/// The case of the library's `Overflow` that an argument names.
fn policy_of(cx: &mut Cx<'_>, scope: ScopeId, arg: &ast::Expr) -> Option<Policy> {
    // `Redirect(target)` is made like a call.
    let named = match &*arg.kind {
        ExprKind::Call { callee, .. } => callee,
        _ => arg,
    };
    let mut parts = Vec::new();
    let mut at = named;
    loop {
        match &*at.kind {
            ExprKind::Member { base, name, .. } => {
                parts.push(name);
                at = base;
            }
            ExprKind::Name(name) => {
                parts.push(name);
                break;
            }
            _ => {
                cx.report(errors::no_policy(arg.span));
                return None;
            }
        }
    }
    let case = parts.remove(0);
    let parts = parts.into_iter().rev();
    let parts: Vec<TypePart> =
        parts.map(|name| TypePart { name: name.clone(), args: Vec::new() }).collect();
    if parts.is_empty() {
        cx.report(errors::no_policy(arg.span));
        return None;
    }
    let Def::Enum(id) = types::path(cx, scope, &parts)?.def else {
        cx.report(errors::no_policy(arg.span));
        return None;
    };
    let decl = &cx.program.enums[id].decl;
    if !decl.library || &*decl.name.name != "Overflow" {
        cx.report(errors::no_policy(arg.span));
        return None;
    }
    let found = Policy::ALL.into_iter().find(|it| it.name() == &*case.name);
    match found {
        Some(_) if !std::ptr::eq(named, arg) => {
            cx.report(errors::no_policy(arg.span));
            None
        }
        Some(policy) => Some(policy),
        None => {
            cx.report(match &*case.name {
                "Redirect" => errors::redirect_at_port(arg.span),
                _ => errors::unknown_policy(case),
            });
            None
        }
    }
}
