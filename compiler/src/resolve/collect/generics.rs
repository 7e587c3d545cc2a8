//! Type parameters and what `where` asks of them. It declares no items.

use super::name_span;
use crate::hir::TypeParamId;
use crate::hir::item::{self, Constraint};
use crate::resolve::scope::{Def, ScopeId};
use crate::resolve::{Cx, errors};
use crate::support::span::Span;
use crate::syntax::ast;

/// Declares type parameters in `scope`.
pub(in crate::resolve) fn type_params(
    cx: &mut Cx<'_>,
    scope: ScopeId,
    (params, wheres): (&[ast::TypeParam], &[ast::WhereClause]),
) -> Vec<TypeParamId> {
    let mut ids = Vec::new();
    for param in params {
        let around = cx.scopes.lookup(scope, &param.name.name);
        let mut constraints: Vec<(Constraint, Span)> = Vec::new();
        for clause in wheres.iter().filter(|it| it.param.name == param.name.name) {
            for ident in &clause.constraints {
                match constraint(&ident.name) {
                    Some(constraint) => constraints.push((constraint, ident.span)),
                    None => cx.report(errors::unknown_constraint(ident)),
                }
            }
        }
        let name = param.name.clone();
        let id = cx.program.type_params.push(item::TypeParam { name, constraints });
        let names = &mut cx.scopes.scopes[scope].names;
        let own = names.insert(param.name.name.clone(), Def::Param(id));
        // What has the name of a type parameter around it would hide that.
        if let Some(first) = own.or(around.filter(|it| matches!(it, Def::Param(_)))) {
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
    cx: &mut Cx<'_>,
    scope: ScopeId,
    own: &[ast::TypeParam],
    wheres: &[ast::WhereClause],
) -> Vec<(TypeParamId, Constraint, Span)> {
    let mut result = Vec::new();
    for clause in wheres {
        if own.iter().any(|it| it.name.name == clause.param.name) {
            continue;
        }
        if let Some(Def::Param(id)) = cx.scopes.lookup(scope, &clause.param.name) {
            for ident in &clause.constraints {
                match constraint(&ident.name) {
                    Some(it) => result.push((id, it, ident.span)),
                    None => cx.report(errors::unknown_constraint(ident)),
                }
            }
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
