//! Signatures of methods, functions and constructors. Bodies are queued.

use super::super::modifiers::{self, find};
use super::super::scope::ScopeId;
use super::super::{Code, Cx, Work, collect, context_of, errors, types};
use super::attributes;
use crate::hir::MethodId;
use crate::hir::body::Context;
use crate::hir::item::{self, Decl, MethodKind, Overridable, Owner, Visibility};
use crate::hir::ty::Ty;
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, MethodBody, ModifierKind};

/// Who declares a method, and the scope of its inside.
pub(super) type Home = (Owner, ScopeId);

/// Declares a method of an agent, domain or record.
pub(super) fn declare<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Method,
    home: Home,
) -> MethodId {
    let (owner, scope) = home;
    let private = matches!(owner, Owner::Agent(_) | Owner::Domain(_));
    let default = if private { Visibility::Private } else { Visibility::Public };
    let visibility = modifiers::visibility(&item.modifiers, default);
    let decl = Decl {
        name: node.name.clone(),
        span: item.span,
        owner,
        visibility,
        namespace: namespace_of(cx, owner),
        docs: item.docs.clone(),
        library: cx.scopes.scopes[scope].library,
    };
    let id = cx.program.methods.push(blank(decl, MethodKind::Method, node.returns.span));
    if let Owner::Agent(agent) = owner
        && let Some(public) = find(&item.modifiers, ModifierKind::Public)
        && !cx.program.agents[agent].decl.library
    {
        let agent = cx.program.agents[agent].decl.name.name.clone();
        cx.report(errors::public_agent_member(&agent, &node.name, public));
    }
    fill(cx, id, item, node, home);
    id
}

/// A method of which only the declaration is known.
pub(in crate::resolve) fn blank(
    decl: Decl,
    kind: MethodKind,
    returns_span: Span,
) -> item::Method {
    item::Method {
        decl,
        kind,
        function: None,
        asynchronous: None,
        overridable: Overridable::No,
        type_params: Vec::new(),
        constraints: Vec::new(),
        params: Vec::new(),
        returns: Ty::Void,
        returns_span,
        body: None,
        native: None,
        base_args: None,
        base_names: Vec::new(),
        attributes: Vec::new(),
    }
}

/// The namespace of the item that declares a member.
pub(super) fn namespace_of(cx: &Cx<'_>, owner: Owner) -> Vec<Name> {
    let program = &cx.program;
    match owner {
        Owner::Agent(id) => program.agents[id].decl.namespace.clone(),
        Owner::Domain(id) => program.domains[id].decl.namespace.clone(),
        Owner::Record(id) => program.records[id].decl.namespace.clone(),
        Owner::Channel(id) => program.channels[id].decl.namespace.clone(),
        Owner::Enum(id) => program.enums[id].decl.namespace.clone(),
        Owner::Native(id) => program.natives[id].decl.namespace.clone(),
        Owner::Space(id) => program.spaces[id].decl.namespace.clone(),
        Owner::Namespace => Vec::new(),
    }
}

/// Resolves the signature of a declared method and queues its body.
pub(super) fn fill<'a>(
    cx: &mut Cx<'a>,
    id: MethodId,
    item: &'a ast::Item,
    node: &'a ast::Method,
    (owner, scope): Home,
) {
    let words = &item.modifiers;
    let in_agent = matches!(owner, Owner::Agent(_));
    let allowed: &[ModifierKind] = if in_agent {
        &[
            ModifierKind::Function,
            ModifierKind::Asynchronous,
            ModifierKind::Virtual,
            ModifierKind::Override,
        ]
    } else {
        &[ModifierKind::Function, ModifierKind::Asynchronous]
    };
    modifiers::check(cx, words, "this method", allowed);
    let is_abstract = find(words, ModifierKind::Abstract).is_some();
    let known = attributes(cx, &item.attributes, "a method", &["Unordered"], &[]);
    let scope = generics(cx, id, node, scope);
    let list = params(cx, scope, &node.params);
    let returns = types::result(cx, scope, &node.returns);
    let inputs = inputs(&list);
    let code = match &node.body {
        MethodBody::Block(block) => Some((Code::Block(block), block.span)),
        MethodBody::Expr(expr) => Some((Code::Arrow(expr), expr.span)),
        MethodBody::None => {
            // `abstract` has been reported, and what to write instead of it.
            if !is_abstract {
                cx.report(errors::no_body(&node.name));
            }
            Some((Code::Missing, node.name.span))
        }
    };
    let body = code.map(|(code, span)| {
        let context = context_of(owner);
        cx.queue(Work { context, scope, params: inputs, code, span })
    });
    let method = &mut cx.program.methods[id];
    method.function = find(words, ModifierKind::Function);
    method.asynchronous = find(words, ModifierKind::Asynchronous);
    method.overridable = match find(words, ModifierKind::Override) {
        Some(span) if in_agent => Overridable::Override(span),
        _ if in_agent
            && (is_abstract || find(words, ModifierKind::Virtual).is_some()) =>
        {
            Overridable::Virtual
        }
        _ => Overridable::No,
    };
    method.params = list;
    method.returns = returns;
    method.body = body;
    method.attributes = known;
}

/// Declares the method's own type parameters; gives the scope of its signature.
pub(super) fn generics(
    cx: &mut Cx<'_>,
    id: MethodId,
    node: &ast::Method,
    scope: ScopeId,
) -> ScopeId {
    if node.type_params.is_empty() && node.wheres.is_empty() {
        return scope;
    }
    let owner = cx.scopes.scopes[scope].owner;
    let inner = cx.scopes.open(Some(scope), owner);
    let own = (&node.type_params[..], &node.wheres[..]);
    let type_params = collect::type_params(cx, inner, own);
    let constraints =
        collect::outer_constraints(cx, scope, &node.type_params, &node.wheres);
    let method = &mut cx.program.methods[id];
    method.type_params = type_params;
    method.constraints = constraints;
    inner
}

/// Resolves parameters; reports two of one name.
pub(super) fn params<'a>(
    cx: &mut Cx<'a>,
    scope: ScopeId,
    list: &'a [ast::Param],
) -> Vec<item::Param> {
    let mut result: Vec<item::Param> = Vec::with_capacity(list.len());
    let mut seen = std::collections::BTreeMap::new();
    for param in list {
        if let Some(first) = seen.insert(&param.name.name, param.name.span) {
            cx.report(errors::duplicate("parameter", &param.name, Some(first)));
        }
        if let Some(word) = &param.passing {
            cx.report(errors::not_in_language(&word.name, word.span));
        }
        let default = param.default.as_ref().map(|value| {
            cx.queue(Work {
                context: Context::Free,
                scope,
                params: Vec::new(),
                code: Code::Expr(value),
                span: value.span,
            })
        });
        let ty = types::value(cx, scope, &param.ty);
        let ty_span = param.ty.span;
        result.push(item::Param { name: param.name.clone(), ty, ty_span, default });
    }
    result
}

/// What a body sees of parameters.
fn inputs(params: &[item::Param]) -> Vec<(Ident, Ty)> {
    params.iter().map(|it| (it.name.clone(), it.ty.clone())).collect()
}

/// Declares the constructor of an agent or domain.
pub(super) fn constructor<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Constructor,
    (owner, scope): Home,
    base_args: Option<&'a Vec<ast::Arg>>,
) -> MethodId {
    modifiers::check(cx, &item.modifiers, "a constructor", &[ModifierKind::Asynchronous]);
    attributes(cx, &item.attributes, "a constructor", &[], &[]);
    let decl = Decl {
        name: node.name.clone(),
        span: item.span,
        owner,
        visibility: modifiers::visibility(&item.modifiers, Visibility::Public),
        namespace: namespace_of(cx, owner),
        docs: item.docs.clone(),
        library: cx.scopes.scopes[scope].library,
    };
    let list = params(cx, scope, &node.params);
    let context = context_of(owner);
    let arguments = base_args.map(|args| {
        let mut bodies = Vec::with_capacity(args.len());
        for arg in args {
            bodies.push(cx.queue(Work {
                context,
                scope,
                params: inputs(&list),
                code: Code::Expr(&arg.value),
                span: arg.value.span,
            }));
        }
        bodies
    });
    let body = cx.queue(Work {
        context,
        scope,
        params: inputs(&list),
        code: Code::Block(&node.body),
        span: node.body.span,
    });
    let mut method = blank(decl, MethodKind::Constructor, node.name.span);
    method.asynchronous = find(&item.modifiers, ModifierKind::Asynchronous);
    method.params = list;
    method.body = Some(body);
    method.base_args = arguments;
    method.base_names =
        base_args.into_iter().flatten().map(|it| it.name.clone()).collect();
    cx.program.methods.push(method)
}
