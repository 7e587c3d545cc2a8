//! Type parameters and what `where` asks of them. It declares no items.

use super::name_span;
use crate::hir::TypeParamId;
use crate::hir::item::{self, Constraint};
use crate::resolve::scope::{Def, ScopeId};
use crate::resolve::{Cx, errors};
use crate::syntax::ast;

/// Declares type parameters in `scope`. Only the library has generics so far.
pub(in crate::resolve) fn type_params(
    cx: &mut Cx<'_>,
    scope: ScopeId,
    (params, wheres): (&[ast::TypeParam], &[ast::WhereClause]),
    what: &str,
) -> Vec<TypeParamId> {
    if let Some(first) = params.first()
        && !cx.scopes.scopes[scope].library
    {
        let span = first.name.span.to(params[params.len() - 1].name.span);
        cx.report(errors::not_yet(&format!("{what} with type parameters are"), span));
    }
    let mut ids = Vec::new();
    for param in params {
        let mut constraints = Vec::new();
        for clause in wheres.iter().filter(|it| it.param.name == param.name.name) {
            for ident in &clause.constraints {
                match constraint(&ident.name) {
                    Some(constraint) => constraints.push(constraint),
                    None => cx.report(errors::unknown_constraint(ident)),
                }
            }
        }
        let name = param.name.clone();
        let id = cx.program.type_params.push(item::TypeParam { name, constraints });
        let names = &mut cx.scopes.scopes[scope].names;
        if let Some(first) = names.insert(param.name.name.clone(), Def::Param(id)) {
            let span = name_span(cx, first);
            cx.report(errors::duplicate("type parameter", &param.name, span));
        }
        ids.push(id);
    }
    for clause in wheres {
        let known = |it: &ast::TypeParam| it.name.name == clause.param.name;
        if !params.iter().any(known) && !in_scope(cx, scope, clause) {
            let names = params.iter().map(|it| &*it.name.name);
            cx.report(errors::unknown_type(&clause.param, names));
        }
    }
    ids
}

/// Whether the item around declares the type parameter.
fn in_scope(cx: &Cx<'_>, scope: ScopeId, clause: &ast::WhereClause) -> bool {
    matches!(cx.scopes.lookup(scope, &clause.param.name), Some(Def::Param(_)))
}

/// What `where` asks of type parameters that the item around declares.
pub(in crate::resolve) fn outer_constraints(
    cx: &Cx<'_>,
    scope: ScopeId,
    own: &[ast::TypeParam],
    wheres: &[ast::WhereClause],
) -> Vec<(TypeParamId, Constraint)> {
    let mut result = Vec::new();
    for clause in wheres {
        if own.iter().any(|it| it.name.name == clause.param.name) {
            continue;
        }
        if let Some(Def::Param(id)) = cx.scopes.lookup(scope, &clause.param.name) {
            let all = clause.constraints.iter().filter_map(|it| constraint(&it.name));
            result.extend(all.map(|it| (id, it)));
        }
    }
    result
}

fn constraint(name: &str) -> Option<Constraint> {
    Some(match name {
        "comparable" => Constraint::Comparable,
        "equatable" => Constraint::Equatable,
        "hashable" => Constraint::Hashable,
        "number" => Constraint::Number,
        _ => return None,
    })
}
