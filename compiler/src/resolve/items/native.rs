//! What the library declares of the runtime: native types and namespaces. Programs have
//! neither; `collect` says so.

use super::super::scope::ScopeId;
use super::super::{Code, Cx, NativeSource, Work, errors, types};
use super::{find_attribute, method, rust_name, snake_case};
use crate::hir::MethodId;
use crate::hir::body::Context;
use crate::hir::item::{
    Decl, MethodKind, NativeSignature, Overridable, Owner, Param, Visibility,
};
use crate::hir::ty::Ty;
use crate::syntax::ast::{Ident, ModifierKind, NativeMember, NativeMemberKind};

/// Attributes of native members.
const KNOWN: [&str; 7] =
    ["Rust", "Suspends", "Io", "Sends", "Receives", "Format", "Constant"];

/// Resolves the members of all native types and namespaces.
pub(super) fn resolve(cx: &mut Cx<'_>) {
    for id in cx.program.natives.ids() {
        let NativeSource { members, bases, scope } = cx.sources.natives[id];
        let bases = bases.iter().map(|it| types::value(cx, scope, it)).collect();
        cx.program.natives[id].bases = bases;
        let handle = cx.program.natives[id].handle;
        for node in members {
            if let Some(member) = member(cx, Owner::Native(id), scope, node, !handle) {
                cx.program.natives[id].members.push(member);
            }
        }
    }
    for id in cx.program.spaces.ids() {
        let NativeSource { members, scope, .. } = cx.sources.spaces[id];
        for node in members {
            if let Some(member) = member(cx, Owner::Space(id), scope, node, false) {
                cx.program.spaces[id].members.push(member);
            }
        }
    }
}

/// What the kinds of members differ in.
struct Shape {
    name: Ident,
    kind: MethodKind,
    params: Vec<Param>,
    returns: Ty,
    throws: bool,
    settable: bool,
}

fn member<'a>(
    cx: &mut Cx<'a>,
    owner: Owner,
    scope: ScopeId,
    node: &'a NativeMember,
    value: bool,
) -> Option<MethodId> {
    for attribute in &node.attributes {
        let name = attribute.name.parts.last()?;
        if !KNOWN.contains(&&*name.name) {
            cx.report(errors::unknown_attribute(name, &KNOWN));
        }
    }
    let word = |name: &str, span| Ident { name: name.into(), span };
    let decl = |name: Ident, cx: &Cx<'_>| Decl {
        name,
        span: node.span,
        owner,
        visibility: Visibility::Public,
        namespace: method::namespace_of(cx, owner),
        docs: node.docs.clone(),
        library: true,
    };
    let ident = match &node.kind {
        NativeMemberKind::OpaqueType(name) => {
            cx.report(errors::library_only(name));
            return None;
        }
        NativeMemberKind::Method(method) => method.name.clone(),
        NativeMemberKind::New { .. } => word("new", node.span),
        NativeMemberKind::Property { name, .. } => name.clone(),
        NativeMemberKind::Indexer { .. } => word("this", node.span),
    };
    let blank = method::blank(decl(ident, cx), MethodKind::Method, node.span);
    let id = cx.program.methods.push(blank);
    let shape = shape(cx, id, owner, scope, node);
    let has = |name: &str| find_attribute(&node.attributes, name).is_some();
    let function = node.modifiers.iter().find(|it| it.kind == ModifierKind::Function);
    let is_method = matches!(shape.kind, MethodKind::Method);
    let default_name = match shape.kind {
        MethodKind::Indexer => "at".to_owned(),
        _ => snake_case(&shape.name.name),
    };
    let constant = find_attribute(&node.attributes, "Constant");
    let constant = constant.and_then(|it| it.args.first()).map(|arg| {
        cx.queue(Work {
            context: Context::Free,
            scope,
            params: Vec::new(),
            code: Code::Expr(&arg.value),
            span: arg.value.span,
        })
    });
    let native = NativeSignature {
        rust: rust_name(&node.attributes).unwrap_or(default_name),
        throws: shape.throws,
        suspends: has("Suspends"),
        io: has("Io"),
        sends: has("Sends"),
        receives: has("Receives"),
        mutates: value && is_method && function.is_none(),
        format: has("Format"),
        settable: shape.settable,
        constant,
        module: None,
    };
    let method = &mut cx.program.methods[id];
    method.decl.name = shape.name;
    method.kind = shape.kind;
    method.function = function.map(|it| it.span);
    method.overridable = Overridable::No;
    method.params = shape.params;
    method.returns = shape.returns;
    method.native = Some(native);
    Some(id)
}

fn shape<'a>(
    cx: &mut Cx<'a>,
    id: MethodId,
    owner: Owner,
    scope: ScopeId,
    node: &'a NativeMember,
) -> Shape {
    let name = cx.program.methods[id].decl.name.clone();
    match &node.kind {
        NativeMemberKind::Method(method) => {
            let inner = method::generics(cx, id, method, scope);
            Shape {
                name,
                kind: MethodKind::Method,
                params: method::params(cx, inner, &method.params),
                returns: types::result(cx, inner, &method.returns),
                throws: method.throws,
                settable: false,
            }
        }
        NativeMemberKind::New { params, throws } => Shape {
            name,
            kind: MethodKind::Constructor,
            params: method::params(cx, scope, params),
            returns: own_type(cx, owner),
            throws: *throws,
            settable: false,
        },
        NativeMemberKind::Property { ty, throws, settable, .. } => Shape {
            name,
            kind: MethodKind::Property,
            params: Vec::new(),
            returns: types::value(cx, scope, ty),
            throws: *throws,
            settable: *settable,
        },
        NativeMemberKind::Indexer { ty, params, throws, settable } => Shape {
            name,
            kind: MethodKind::Indexer,
            params: method::params(cx, scope, params),
            returns: types::value(cx, scope, ty),
            throws: *throws,
            settable: *settable,
        },
        NativeMemberKind::OpaqueType(_) => unreachable!("`member` reported it"),
    }
}

/// What a constructor of a native type gives.
fn own_type(cx: &Cx<'_>, owner: Owner) -> Ty {
    let Owner::Native(id) = owner else { return Ty::Error };
    let native = &cx.program.natives[id];
    let args: Vec<Ty> = native.type_params.iter().map(|it| Ty::Param(*it)).collect();
    let name = &native.decl.name.name;
    match super::super::builtin::named(name) {
        Some(builtin) => match (builtin.ty(), args.first()) {
            (Some(ty), _) => ty,
            (None, Some(element)) if &**name == "Array" => Ty::array(element.clone()),
            (None, Some(inner)) => Ty::nullable(inner.clone()),
            (None, None) => Ty::Error,
        },
        None => Ty::Native(id, args.into()),
    }
}
