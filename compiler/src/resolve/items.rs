//! What declarations say: bases, fields, ports, signatures. Bodies are queued, not
//! resolved; the names of the items are known already.

mod bounds;
mod channel;
mod header;
mod members;
mod method;
mod module;
mod native;
mod overrides;
mod record;

pub(super) use crate::support::snake_case;
pub(super) use channel::port_names;
pub(super) use method::blank;

use super::scope::ScopeId;
use super::{Cx, Source, errors, modifiers};
use crate::hir::item::{self, Owner};
use crate::support::index::{Id, IdMap};
use crate::syntax::ast::{self, ItemKind, Literal, ModifierKind};

/// Resolves everything but bodies.
pub(super) fn resolve(cx: &mut Cx<'_>) {
    header::bases(cx);
    channel::ports(cx);
    channel::protocols(cx);
    record::enums(cx);
    record::records(cx);
    for id in cx.program.domains.ids() {
        let Source { item, node, scope } = &cx.sources.domains[id];
        let (item, members, scope) = (*item, &node.members, *scope);
        attributes(cx, &item.attributes, "a domain", &[], &["Supervise"]);
        members::resolve(cx, Owner::Domain(id), scope, members);
    }
    let agents = &cx.program.agents;
    for id in base_first(agents.ids(), |id| agents[id].base) {
        let Source { item, node, scope } = &cx.sources.agents[id];
        let (item, members, scope) = (*item, &node.members, *scope);
        let allowed = ["Drain"];
        cx.program.agents[id].attributes =
            attributes(cx, &item.attributes, "an agent", &allowed, &["Supervise"]);
        members::resolve(cx, Owner::Agent(id), scope, members);
    }
    native::resolve(cx);
    module::resolve(cx);
    functions(cx);
    constants(cx);
    statics(cx);
    overrides::check(cx);
}

/// A namespace holds no state. Where the type is unknown too, something else was meant.
fn statics(cx: &mut Cx<'_>) {
    for (scope, field) in std::mem::take(&mut cx.sources.statics) {
        if super::types::value(cx, scope, &field.ty).is_error() {
            continue;
        }
        for declarator in &field.declarators {
            let name = &declarator.name;
            cx.report(errors::mutable_static(name, name.span));
        }
    }
}

/// Bases before what derives from them; else in order.
fn base_first<I: Id>(
    ids: impl Iterator<Item = I>,
    base: impl Fn(I) -> Option<I>,
) -> Vec<I> {
    let mut order = Vec::new();
    let mut done: IdMap<I, ()> = IdMap::new();
    for id in ids {
        let chain = std::iter::successors(Some(id), |it| base(*it));
        let chain: Vec<I> = chain.take_while(|it| !done.contains(*it)).collect();
        for next in chain.into_iter().rev() {
            done.insert(next, ());
            order.push(next);
        }
    }
    order
}

fn functions(cx: &mut Cx<'_>) {
    for (id, Source { item, node, scope }) in std::mem::take(&mut cx.sources.functions) {
        let all = &item.modifiers;
        if modifiers::find(all, ModifierKind::Function).is_none() {
            cx.report(errors::namespace_method(&node.name, node.returns.span));
        }
        method::fill(cx, id, item, node, (Owner::Namespace, scope));
        if cx.program.methods[id].function.is_none() {
            cx.program.methods[id].function = Some(node.name.span);
        }
    }
}

fn constants(cx: &mut Cx<'_>) {
    for id in cx.program.consts.ids() {
        let source = &cx.sources.consts[id];
        let (ty, init, scope) = (source.ty, source.init, source.scope);
        let name = cx.program.consts[id].decl.name.clone();
        let code = match init {
            Some(init) => super::Code::Expr(init),
            None => {
                cx.report(errors::const_without_value(&name));
                super::Code::Missing
            }
        };
        cx.program.consts[id].ty = super::types::value(cx, scope, ty);
        cx.program.consts[id].value = cx.queue(super::Work {
            context: crate::hir::body::Context::Free,
            scope,
            params: Vec::new(),
            code,
            span: init.map_or(name.span, |it| it.span),
        });
    }
}

/// Every attribute of the language; the library's own are not for programs.
const KNOWN: [&str; 6] =
    ["Bounded", "Supervise", "Drain", "Unordered", "NoDrop", "NoSuspend"];

/// The attributes of one declaration: those in `allowed` are kept, those in `later` are
/// not supported yet.
pub(super) fn attributes(
    cx: &mut Cx<'_>,
    list: &[ast::Attribute],
    what: &str,
    allowed: &[&str],
    later: &[&str],
) -> Vec<item::Attribute> {
    let mut result = Vec::new();
    for attribute in list {
        let Some(name) = attribute.name.parts.last() else { continue };
        let text = &*name.name;
        if later.contains(&text) {
            let subject = format!("attribute `{text}` is");
            cx.report(errors::not_yet(&subject, attribute.span));
        } else if allowed.contains(&text) {
            let n_args = attribute.args.len();
            // What stands behind `Bounded` is looked at by itself.
            if n_args > 0 && text != "Bounded" {
                let span = attribute.args[0].span.to(attribute.args[n_args - 1].span);
                let name = format!("attribute `{text}`");
                cx.report(errors::arguments(&name, "no arguments", n_args, span));
            }
            result
                .push(item::Attribute { name: name.name.clone(), span: attribute.span });
        } else if KNOWN.contains(&text) {
            cx.report(errors::misplaced_attribute(name, what, places(text)));
        } else {
            cx.report(errors::unknown_attribute(name, &KNOWN));
        }
    }
    result
}

/// Where an attribute of the language means something.
fn places(attribute: &str) -> &'static [&'static str] {
    match attribute {
        "Bounded" => &["a port"],
        "Supervise" => &["an agent", "a domain"],
        "Drain" => &["the entry agent"],
        "Unordered" => &["a method", "a network statement"],
        _ => &["a send statement"],
    }
}

/// The text of `[Rust("name")]`.
pub(super) fn rust_name(attributes: &[ast::Attribute]) -> Option<String> {
    let attribute = find_attribute(attributes, "Rust")?;
    match &*attribute.args.first()?.value.kind {
        ast::ExprKind::Literal(Literal::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

fn find_attribute<'a>(
    attributes: &'a [ast::Attribute],
    name: &str,
) -> Option<&'a ast::Attribute> {
    attributes.iter().find(|it| it.name.parts.last().is_some_and(|it| &*it.name == name))
}

/// What else may stand among members.
fn is_nested_item(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Namespace { .. }
            | ItemKind::Agent(_)
            | ItemKind::Channel(_)
            | ItemKind::Domain(_)
            | ItemKind::Schema(_)
            | ItemKind::Struct(_)
            | ItemKind::Enum(_)
            | ItemKind::Native(_)
            | ItemKind::Test(_)
            | ItemKind::Unsupported { .. }
            | ItemKind::Error
    )
}

/// The item that the type names, with its place, for bases.
fn base_def(
    cx: &mut Cx<'_>,
    scope: ScopeId,
    ty: &ast::Type,
) -> Option<super::types::Found> {
    match &ty.kind {
        ast::TypeKind::Named(parts) => super::types::path(cx, scope, parts),
        ast::TypeKind::Error => None,
        _ => {
            let found = "no name of an item";
            cx.report(errors::wrong_base("this", found, &["a name"], ty.span));
            None
        }
    }
}
