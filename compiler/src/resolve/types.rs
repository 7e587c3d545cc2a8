//! Types as written to types. It finds no types of expressions, and reports only what a
//! written type itself gets wrong.

use std::rc::Rc;

use super::scope::{self, Builtin, Def, LIBRARY, ScopeId};
use super::{Cx, builtin, errors, import, states};

pub(super) use super::states::{part, refuse_state, states};
use crate::hir;
use crate::hir::item::{Decl, Owner, RecordKind, Visibility};
use crate::hir::ty::{Args, TupleElement, Ty};
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, TypeKind, TypePart};

/// The type of a value.
pub(super) fn value(cx: &mut Cx<'_>, scope: ScopeId, ty: &ast::Type) -> Ty {
    match result(cx, scope, ty) {
        Ty::Void => {
            cx.report(errors::void_value(ty.span));
            Ty::Error
        }
        ty => ty,
    }
}

/// The type that a method gives; `void` is one.
pub(super) fn result(cx: &mut Cx<'_>, scope: ScopeId, ty: &ast::Type) -> Ty {
    match &ty.kind {
        TypeKind::Named(parts) => named(cx, scope, parts),
        TypeKind::Var => {
            cx.report(errors::var_needs_type(ty.span));
            Ty::Error
        }
        TypeKind::Void => Ty::Void,
        TypeKind::Array(element) => match part(cx, scope, element) {
            Ty::Error => Ty::Error,
            element => Ty::array(element),
        },
        TypeKind::Nullable(inner) => Ty::nullable(value(cx, scope, inner)),
        TypeKind::Tuple(elements) => tuple(cx, scope, elements),
        TypeKind::AtState(end, state) => states::at_state(cx, scope, end, state),
        TypeKind::Error => {
            cx.incomplete = true;
            Ty::Error
        }
    }
}

/// The type of a local; `None` for `var`.
pub(super) fn local(cx: &mut Cx<'_>, scope: ScopeId, ty: &ast::Type) -> Option<Ty> {
    match ty.kind {
        TypeKind::Var => None,
        _ => Some(value(cx, scope, ty)),
    }
}

fn tuple(cx: &mut Cx<'_>, scope: ScopeId, elements: &[(ast::Type, Option<Ident>)]) -> Ty {
    let mut result = Vec::with_capacity(elements.len());
    for (index, (ty, name)) in elements.iter().enumerate() {
        if let Some(name) = name {
            let same = |it: &&Ident| it.name == name.name;
            let mut earlier = elements[..index].iter().filter_map(|it| it.1.as_ref());
            if let Some(first) = earlier.find(same) {
                let first = Some(first.span);
                cx.report(errors::duplicate("element", name, first));
            }
        }
        let ty = part(cx, scope, ty);
        result.push(TupleElement { name: name.as_ref().map(|it| it.name.clone()), ty });
    }
    match result.iter().any(|it| it.ty.is_error()) {
        true => Ty::Error,
        false => Ty::Tuple(result.into()),
    }
}

/// What a dotted name with type arguments stands for.
#[derive(Debug)]
pub(super) struct Found {
    pub def: Def,
    pub ident: Ident,
    pub args: Vec<Ty>,
    pub args_span: Span,
    /// How many of the arguments are those of the domain around.
    pub n_outer: usize,
}

fn named(cx: &mut Cx<'_>, scope: ScopeId, parts: &[TypePart]) -> Ty {
    match path(cx, scope, parts) {
        Some(found) => of_def(cx, &found),
        None => Ty::Error,
    }
}

/// Follows a dotted name; reports and gives `None` where it ends.
pub(super) fn path(cx: &mut Cx<'_>, scope: ScopeId, parts: &[TypePart]) -> Option<Found> {
    let (first, rest) = parts.split_first()?;
    let def = match cx.scopes.find(scope, &first.name.name) {
        Some(found) => {
            let def = settle(cx, found, &first.name);
            check_access(cx, scope, def, &first.name);
            def
        }
        None => match builtin::named(&first.name.name) {
            Some(builtin) => Def::Builtin(builtin),
            None => {
                unknown(cx, scope, &first.name);
                // Arguments may be wrong on their own account.
                args(cx, scope, first);
                return None;
            }
        },
    };
    let mut found = Found {
        def,
        ident: first.name.clone(),
        args: args(cx, scope, first),
        args_span: args_span(first),
        n_outer: 0,
    };
    within(cx, scope, &[], &mut found);
    for part in rest {
        if !found.args.is_empty() && n_params(cx, found.def) == 0 {
            of_def(cx, &found);
            return None;
        }
        let def = inner(cx, found.def, &found.ident, &part.name)?;
        check_access(cx, scope, def, &part.name);
        let outer = found.args;
        found = Found {
            def,
            ident: part.name.clone(),
            args: args(cx, scope, part),
            args_span: args_span(part),
            n_outer: 0,
        };
        within(cx, scope, &outer, &mut found);
    }
    Some(found)
}

/// The type arguments of a nested domain begin with those of the domain around it: as they
/// are written there, or its own where code inside it names the nested one alone. Those of
/// an agent begin with its domain's, where they are written.
pub(super) fn within(cx: &Cx<'_>, scope: ScopeId, outer: &[Ty], found: &mut Found) {
    let domains = &cx.program.domains;
    let parent = match found.def {
        Def::Domain(id) => domains[id].parent,
        Def::Agent(id) => cx.program.agents[id].domain.filter(|_| !outer.is_empty()),
        _ => None,
    };
    let Some(parent) = parent else { return };
    let params = &domains[parent].type_params;
    let own: Vec<Ty> = match outer.len() == params.len() {
        true => outer.to_vec(),
        false => {
            let seen = |it: &&hir::TypeParamId| {
                let name = &cx.program.type_params[**it].name.name;
                cx.scopes.lookup(scope, name) == Some(Def::Param(**it))
            };
            params.iter().take_while(seen).map(|it| Ty::Param(*it)).collect()
        }
    };
    if own.len() == params.len() {
        found.n_outer = own.len();
        found.args.splice(0..0, own);
    }
}

fn args(cx: &mut Cx<'_>, scope: ScopeId, part: &TypePart) -> Vec<Ty> {
    let mut args = Vec::with_capacity(part.args.len());
    for arg in &part.args {
        // `Impl<C@State>` is `Impl<C>@State`.
        if &*part.name.name != "Impl" {
            refuse_state(cx, arg);
        }
        args.push(result(cx, scope, arg));
    }
    args
}

fn args_span(part: &TypePart) -> Span {
    match (part.args.first(), part.args.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => part.name.span,
    }
}

/// The item `name` inside the item or namespace `outer`; reports and gives `None` if there
/// is none.
pub(super) fn inner(
    cx: &mut Cx<'_>,
    outer: Def,
    outer_name: &Ident,
    name: &Ident,
) -> Option<Def> {
    if let Def::Namespace(namespace) = outer {
        if let Some(found) = cx.scopes.in_namespace(namespace, &name.name) {
            return Some(settle(cx, found, name));
        }
        // `System.String`, `System.Int32`.
        if cx.scopes.reaches_library(namespace)
            && let Some(builtin) = builtin::named(&name.name)
        {
            return Some(Def::Builtin(builtin));
        }
        if cx.is_lost(&name.name) {
            return None;
        }
        let problem = {
            let namespace = &cx.scopes.namespaces[namespace];
            let others = namespace.others.iter().map(|it| &cx.scopes.namespaces[*it]);
            let all = std::iter::once(namespace).chain(others);
            let mut names: Vec<&str> =
                all.flat_map(|it| it.names.keys().map(|it| &**it)).collect();
            if namespace.library || namespace.twin.is_some() {
                let library = &cx.scopes.namespaces[LIBRARY].names;
                names.extend(library.keys().map(|it| &**it));
            }
            errors::not_in_namespace(name, &namespace.path.join("."), names)
        };
        cx.report(problem);
        return None;
    }
    if outer == Def::Error {
        return None;
    }
    if let Some(def) = nested(cx, outer, name) {
        return Some(def);
    }
    if cx.is_lost(&name.name) {
        return None;
    }
    let what = format!("{} `{}`", describe(cx, outer), outer_name.name);
    let what = what.split_once(' ').map_or(&*what, |(_, rest)| rest).to_owned();
    let problem = match inside(cx, outer) {
        Some(scope) => {
            let names = cx.scopes.scopes[scope].names.keys().map(|it| &**it);
            errors::no_nested_type(name, &what, names)
        }
        None => errors::no_nested_type(name, &what, []),
    };
    cx.report(problem);
    None
}

/// The item `name` declared inside the item `outer`.
pub(super) fn nested(cx: &Cx<'_>, outer: Def, name: &Ident) -> Option<Def> {
    let scope = inside(cx, outer)?;
    let def = cx.scopes.scopes[scope].names.get(&name.name).copied()?;
    (!matches!(def, Def::Param(_))).then_some(def)
}

/// The scope of the inside of an item that can hold others.
fn inside(cx: &Cx<'_>, outer: Def) -> Option<ScopeId> {
    Some(match outer {
        Def::Agent(id) => cx.sources.agents[id].scope,
        Def::Channel(id) => cx.sources.channels[id].scope,
        Def::Domain(id) => cx.sources.domains[id].scope,
        Def::Record(id) => cx.sources.records[id].scope,
        _ => return None,
    })
}

/// What every declared item has.
pub(super) fn decl<'p>(cx: &'p Cx<'_>, def: Def) -> Option<&'p Decl> {
    let program = &cx.program;
    Some(match def {
        Def::Agent(id) => &program.agents[id].decl,
        Def::Channel(id) => &program.channels[id].decl,
        Def::Domain(id) => &program.domains[id].decl,
        Def::Record(id) => &program.records[id].decl,
        Def::Enum(id) => &program.enums[id].decl,
        Def::Native(id) => &program.natives[id].decl,
        Def::Function(id) => &program.methods[id].decl,
        Def::Const(id) => &program.consts[id].decl,
        Def::Namespace(_) | Def::Param(_) | Def::Builtin(_) | Def::Error => return None,
    })
}

/// Reports AX0108 where a private item is named from outside its owner.
pub(super) fn check_access(cx: &mut Cx<'_>, scope: ScopeId, def: Def, name: &Ident) {
    let Some(decl) = decl(cx, def) else { return };
    if decl.visibility == Visibility::Public {
        return;
    }
    let owner = match decl.owner {
        Owner::Namespace => {
            let home = cx.packages.of_file(decl.name.span.file);
            let here = &cx.scopes.namespaces[cx.scopes.namespace_of(scope)];
            if home == here.package {
                if here.path.starts_with(&decl.namespace) {
                    return;
                }
                format!("namespace `{}`", decl.namespace.join("."))
            } else {
                format!("package `{}`", cx.packages.name(home))
            }
        }
        owner if cx.scopes.is_inside(scope, owner) => return,
        Owner::Agent(id) => format!("agent `{}`", cx.program.agents[id].decl.name.name),
        Owner::Domain(id) => {
            format!("domain `{}`", cx.program.domains[id].decl.name.name)
        }
        Owner::Channel(id) => {
            format!("channel `{}`", cx.program.channels[id].decl.name.name)
        }
        Owner::Record(id) => format!("`{}`", cx.program.records[id].decl.name.name),
        Owner::Enum(_) | Owner::Native(_) | Owner::Space(_) => return,
    };
    let declared = decl.name.span;
    cx.report(errors::private(name, &owner, declared));
}

/// The one thing that a name stands for; reports AX0109 if there are two.
pub(super) fn settle(cx: &mut Cx<'_>, found: scope::Found, name: &Ident) -> Def {
    let Some(rival) = found.rival else { return found.def };
    let shown = |def: Def| {
        let decl = decl(cx, def)?;
        let mut path = decl.namespace.join(".");
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&decl.name.name);
        let package = cx.packages.of_file(decl.name.span.file);
        Some((path, cx.packages.name(package), decl.name.span))
    };
    // What was reported where it is declared is no rival.
    if let (Some(one), Some(other)) = (shown(found.def), shown(rival)) {
        let problem = errors::ambiguous(name, &one, &other);
        cx.report(problem);
    }
    Def::Error
}

fn unknown(cx: &mut Cx<'_>, scope: ScopeId, name: &Ident) {
    if cx.is_lost(&name.name) {
        return;
    }
    if errors::is_planned(&name.name) {
        cx.report(errors::not_yet(&format!("`{}` is", name.name), name.span));
        return;
    }
    let package = cx.scopes.namespaces[cx.scopes.namespace_of(scope)].package;
    let path = std::slice::from_ref(&name.name);
    if let Some(problem) = import::out_of_reach(cx, package, path, name.span) {
        cx.report(problem);
        return;
    }
    let worth = cx.may_suggest();
    let visible = if worth { cx.scopes.visible(scope) } else { Vec::new() };
    let is_type =
        |def: &Def| !matches!(def, Def::Function(_) | Def::Const(_) | Def::Error);
    let names = visible
        .iter()
        .filter(|(_, def)| is_type(def))
        .map(|(name, _)| &**name)
        .chain(builtin::candidates(&name.name));
    let elsewhere = import::elsewhere(cx, scope, &name.name).filter(|_| worth);
    let problem = match elsewhere {
        Some(it) => errors::with_using(errors::unknown_type(name, []), &it),
        None => errors::unknown_type(name, names),
    };
    cx.report(problem);
}

/// What kind of thing it is, with its article.
pub(super) fn describe(cx: &Cx<'_>, def: Def) -> &'static str {
    match def {
        Def::Namespace(_) => "a namespace",
        Def::Agent(_) => "an agent",
        Def::Channel(_) => "a channel",
        Def::Domain(_) => "a domain",
        Def::Record(id) => match cx.program.records[id].kind {
            RecordKind::Struct => "a struct",
            RecordKind::Schema | RecordKind::Exception => "a schema",
        },
        Def::Enum(_) => "an enum",
        Def::Native(_) | Def::Builtin(_) => "a type",
        Def::Function(_) => "a function",
        Def::Const(_) => "a constant",
        Def::Param(_) => "a type parameter",
        Def::Error => "an item",
    }
}

/// Number of type parameters of an item.
fn n_params(cx: &Cx<'_>, def: Def) -> usize {
    let program = &cx.program;
    match def {
        Def::Agent(id) => program.agents[id].type_params.len(),
        Def::Channel(id) => program.channels[id].type_params.len(),
        Def::Domain(id) => program.domains[id].type_params.len(),
        Def::Record(id) => program.records[id].type_params.len(),
        Def::Enum(id) => program.enums[id].type_params.len(),
        Def::Native(id) => program.natives[id].type_params.len(),
        _ => 0,
    }
}

/// The type that an item with arguments is, reported if it is none.
pub(super) fn of_def(cx: &mut Cx<'_>, found: &Found) -> Ty {
    let name = &found.ident.name;
    match found.def {
        Def::Error => return Ty::Error,
        Def::Builtin(builtin) => return of_builtin(cx, builtin, found),
        Def::Namespace(_) | Def::Function(_) | Def::Const(_) => {
            let what = describe(cx, found.def);
            let declared = super::collect::name_span(cx, found.def)
                .filter(|it| it.file.0 < cx.program.n_user_files);
            let hides = cx.scopes.namespaces[LIBRARY].names.contains_key(name);
            cx.report(match declared {
                Some(span) => errors::no_type_but(&found.ident, what, (span, hides)),
                None => errors::no_type(name, what, found.ident.span),
            });
            return Ty::Error;
        }
        Def::Agent(id) => {
            let agent = &cx.program.agents[id];
            let channel = agent.channel.as_ref().map(|(id, _)| {
                let channel = &cx.program.channels[*id].decl.name.name;
                channel.to_string()
            });
            cx.report(errors::agent_as_type(&found.ident, channel.as_deref()));
            return Ty::Error;
        }
        _ => {}
    }
    let expected = n_params(cx, found.def);
    if expected != found.args.len() {
        let problem = errors::type_arguments(
            name,
            expected - found.n_outer,
            found.args.len() - found.n_outer,
            found.args_span,
        );
        cx.report(problem);
        return Ty::Error;
    }
    if found.args.contains(&Ty::Void) {
        cx.report(errors::void_value(found.args_span));
        return Ty::Error;
    }
    // A part that was reported makes the whole unknown.
    if found.args.contains(&Ty::Error) {
        return Ty::Error;
    }
    let args: Args = found.args.clone().into();
    match found.def {
        Def::Channel(id) => Ty::Using(id, args, None),
        Def::Domain(id) => Ty::Domain(id, args),
        Def::Record(id) => Ty::Record(id, args),
        Def::Enum(id) => Ty::Enum(id, args),
        Def::Native(id) => Ty::Native(id, args),
        Def::Param(id) => Ty::Param(id),
        _ => unreachable!("handled above"),
    }
}

fn of_builtin(cx: &mut Cx<'_>, builtin: Builtin, found: &Found) -> Ty {
    let span = found.ident.span;
    let name = &found.ident.name;
    let given = found.args.len();
    let arity = |expected: usize, cx: &mut Cx<'_>| {
        if given != expected {
            cx.report(errors::type_arguments(name, expected, given, found.args_span));
        }
        given == expected
    };
    match builtin {
        Builtin::Object => {
            cx.report(errors::not_in_language(name, span));
            Ty::Error
        }
        Builtin::Any | Builtin::Range if !in_library(cx, span) => {
            let names = builtin::candidates(name);
            cx.report(errors::unknown_type(&found.ident, names));
            Ty::Error
        }
        Builtin::Func if given > 0 => {
            let (returns, params) = found.args.split_last().expect("not empty");
            func(cx, params, returns.clone(), found)
        }
        Builtin::Func => {
            arity(1, cx);
            Ty::Error
        }
        Builtin::Action => func(cx, &found.args, Ty::Void, found),
        Builtin::Array | Builtin::Nullable | Builtin::Request
            if found.args.contains(&Ty::Error) =>
        {
            Ty::Error
        }
        Builtin::Array if arity(1, cx) => Ty::array(found.args[0].clone()),
        Builtin::Nullable if arity(1, cx) => Ty::nullable(found.args[0].clone()),
        Builtin::Request if arity(2, cx) => {
            Ty::Request(Rc::new(found.args[0].clone()), Rc::new(found.args[1].clone()))
        }
        Builtin::Impl if arity(1, cx) => match &found.args[0] {
            Ty::Using(id, args, state) => Ty::Impl(*id, args.clone(), *state),
            Ty::Error => Ty::Error,
            _ => {
                cx.report(errors::impl_of_no_channel(found.args_span));
                Ty::Error
            }
        },
        Builtin::Array | Builtin::Nullable | Builtin::Request | Builtin::Impl => {
            Ty::Error
        }
        _ if arity(0, cx) => builtin.ty().expect("all others are types by themselves"),
        _ => Ty::Error,
    }
}

fn func(cx: &mut Cx<'_>, params: &[Ty], returns: Ty, found: &Found) -> Ty {
    if params.contains(&Ty::Void) {
        cx.report(errors::void_value(found.args_span));
        return Ty::Error;
    }
    if params.contains(&Ty::Error) || returns.is_error() {
        return Ty::Error;
    }
    Ty::Func { params: params.into(), returns: Rc::new(returns) }
}

fn in_library(cx: &Cx<'_>, span: Span) -> bool {
    span.file.0 >= cx.program.n_user_files
}
