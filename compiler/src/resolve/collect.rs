//! Declares every item, so that names can be used before they are declared. It resolves
//! no name; what an item says is left empty until `items`.

mod generics;
mod module;
mod native;

pub(super) use generics::{outer_constraints, type_params};

use std::collections::BTreeMap;

use super::modifiers;
use super::scope::{Def, LIBRARY, NsId, ScopeId};
use super::{
    Code, ConstSource, Cx, Member, RecordNode, RecordSource, Source, Work, errors,
    import, packages, types,
};
use crate::hir::body::Context;
use crate::hir::item::{self, Decl, Owner, Visibility};
use crate::hir::ty::Ty;
use crate::support::Name;
use crate::support::span::Span;
use crate::syntax::ast::{self, Ident, ItemKind, ModifierKind};

/// Where items are declared.
#[derive(Clone, Copy, Debug)]
struct Place {
    scope: ScopeId,
    namespace: NsId,
    owner: Owner,
    library: bool,
}

/// Declares the items of one file; `package` is that of a file of the program.
pub(super) fn file<'a>(cx: &mut Cx<'a>, file: &'a ast::File, package: Option<usize>) {
    let scope = cx.scopes.open(None, Owner::Namespace);
    let library = package.is_none();
    let namespace = package.map_or(LIBRARY, |it| packages::global(cx, it));
    cx.scopes.scopes[scope].library = library;
    cx.scopes.scopes[scope].namespace = Some(namespace);
    cx.usings.extend(file.usings.iter().map(|path| (scope, path)));
    cx.program.lost.extend(file.lost.iter().map(|it| it.name.clone()));
    cx.incomplete |= !file.lost.is_empty();
    let place = Place { scope, namespace, owner: Owner::Namespace, library };
    declare_all(cx, &file.items, place);
}

fn declare_all<'a>(cx: &mut Cx<'a>, list: &'a [ast::Item], place: Place) {
    for item in list {
        declare(cx, item, place);
    }
}

fn declare<'a>(cx: &mut Cx<'a>, item: &'a ast::Item, place: Place) {
    match &item.kind {
        ItemKind::Namespace { path, usings, items } => {
            namespace(cx, path, usings, items, place);
        }
        ItemKind::Agent(node) => agent(cx, item, node, place),
        ItemKind::Channel(node) => channel(cx, item, node, place),
        ItemKind::Domain(node) => domain(cx, item, node, place),
        ItemKind::Schema(node) => {
            let source = RecordNode::Schema(node);
            record(
                cx,
                item,
                source,
                &node.name,
                (&node.type_params, &node.wheres),
                place,
            );
        }
        ItemKind::Struct(node) => {
            let source = RecordNode::Struct(node);
            record(
                cx,
                item,
                source,
                &node.name,
                (&node.type_params, &node.wheres),
                place,
            );
        }
        ItemKind::Enum(node) => enumeration(cx, item, node, place),
        ItemKind::Native(node) => native::native(cx, item, node, place),
        ItemKind::Field(field) => constants(cx, item, field, place),
        ItemKind::Method(node) if place.owner == Owner::Namespace => {
            function(cx, item, node, place);
        }
        ItemKind::Constructor(node) if place.owner == Owner::Namespace => {
            let problem =
                errors::not_in_language("a method without a type", node.name.span);
            cx.report(problem);
        }
        // Members: `items` declares them.
        ItemKind::Method(_) | ItemKind::Constructor(_) => {}
        ItemKind::Test(node) => {
            let head = Span { hi: item.span.lo + 4, ..item.span };
            cx.report(errors::not_yet("test blocks are", head));
            test(cx, item, node, place);
        }
        ItemKind::Unsupported { what, name } => {
            let span = name.as_ref().map_or(item.span, |it| it.span);
            cx.report(errors::not_in_language(what, span));
            // Uses of the name would only repeat the report.
            if let Some(name) = name {
                insert(cx, place, name, Def::Error, "item");
            }
        }
        ItemKind::Error => cx.incomplete = true,
    }
}

/// A test is known, so that a program of tests needs no entry agent; its body is not
/// looked at.
fn test<'a>(cx: &mut Cx<'a>, item: &'a ast::Item, node: &'a ast::Test, place: Place) {
    let name = match &node.name {
        ast::Literal::String(text) => text.to_string(),
        _ => String::new(),
    };
    let body = cx.queue(Work {
        context: Context::Test,
        scope: place.scope,
        params: Vec::new(),
        code: Code::Missing,
        span: item.span,
    });
    cx.program.tests.push(item::Test { name, span: item.span, body });
}

fn namespace<'a>(
    cx: &mut Cx<'a>,
    path: &'a ast::Path,
    usings: &'a [ast::Path],
    list: &'a [ast::Item],
    mut place: Place,
) {
    if place.owner != Owner::Namespace {
        cx.report(errors::misplaced_item("a namespace", "another namespace", path.span));
        return;
    }
    for part in &path.parts {
        place.namespace = import::child(cx, place.namespace, &part.name);
        place.scope = cx.scopes.open(Some(place.scope), Owner::Namespace);
        cx.scopes.scopes[place.scope].namespace = Some(place.namespace);
    }
    cx.usings.extend(usings.iter().map(|path| (place.scope, path)));
    declare_all(cx, list, place);
}

/// What every declaration has.
fn decl(cx: &Cx<'_>, item: &ast::Item, name: &Ident, place: Place) -> Decl {
    Decl {
        name: name.clone(),
        span: item.span,
        owner: place.owner,
        visibility: modifiers::visibility(&item.modifiers, Visibility::Public),
        namespace: cx.scopes.namespaces[place.namespace].path.clone(),
        docs: item.docs.clone(),
        library: place.library,
    }
}

/// Gives `name` its meaning; the first declaration of a name keeps it.
fn insert(cx: &mut Cx<'_>, place: Place, name: &Ident, def: Def, what: &str) {
    // All names of the library can be used without their namespace (decision 1).
    let first = match place.owner {
        Owner::Namespace => {
            let home = if place.library { LIBRARY } else { place.namespace };
            let private = types::decl(cx, def)
                .is_some_and(|it| it.visibility == Visibility::Private);
            let namespace = &mut cx.scopes.namespaces[home];
            let first = namespace.names.get(&name.name).copied();
            if first.is_none() {
                namespace.names.insert(name.name.clone(), def);
                if private {
                    namespace.private.insert(name.name.clone());
                }
            }
            first
        }
        _ => {
            let names = &mut cx.scopes.scopes[place.scope].names;
            let first = names.get(&name.name).copied();
            if first.is_none() {
                names.insert(name.name.clone(), def);
            }
            first
        }
    };
    if let Some(first) = first.filter(|it| *it != Def::Error) {
        let span = name_span(cx, first);
        cx.report(errors::duplicate(what, name, span));
    }
}

/// Where the name of an item stands.
pub(super) fn name_span(cx: &Cx<'_>, def: Def) -> Option<Span> {
    let program = &cx.program;
    match def {
        Def::Agent(id) => Some(program.agents[id].decl.name.span),
        Def::Channel(id) => Some(program.channels[id].decl.name.span),
        Def::Domain(id) => Some(program.domains[id].decl.name.span),
        Def::Record(id) => Some(program.records[id].decl.name.span),
        Def::Enum(id) => Some(program.enums[id].decl.name.span),
        Def::Native(id) => Some(program.natives[id].decl.name.span),
        Def::Function(id) => Some(program.methods[id].decl.name.span),
        Def::Const(id) => Some(program.consts[id].decl.name.span),
        Def::Param(id) => Some(program.type_params[id].name.span),
        Def::Namespace(_) | Def::Builtin(_) | Def::Error => None,
    }
}

/// Opens the inside of an item, with its type parameters.
fn inside(
    cx: &mut Cx<'_>,
    place: Place,
    owner: Owner,
    generics: (&[ast::TypeParam], &[ast::WhereClause]),
) -> (Place, Vec<crate::hir::TypeParamId>) {
    let scope = cx.scopes.open(Some(place.scope), owner);
    // Types are types wherever they stand: only agents and domains are of their domain.
    let nested = matches!(owner, Owner::Agent(_) | Owner::Domain(_));
    cx.scopes.scopes[scope].closed = !nested;
    let inner = Place { scope, owner, ..place };
    let params = type_params(cx, scope, generics);
    (inner, params)
}

fn agent<'a>(cx: &mut Cx<'a>, item: &'a ast::Item, node: &'a ast::Agent, place: Place) {
    let what = "agent";
    modifiers::check(
        cx,
        &item.modifiers,
        "an agent",
        &[ModifierKind::Reader, ModifierKind::Writer],
    );
    let domain = match place.owner {
        Owner::Domain(id) => Some(id),
        Owner::Namespace => None,
        _ => {
            let places = "a namespace or a domain";
            cx.report(errors::misplaced_item("an agent", places, node.name.span));
            return;
        }
    };
    let (access, access_span) = modifiers::access(&item.modifiers);
    if let (Some(span), None) = (access_span, domain) {
        let word = match access {
            item::Access::Reader => ModifierKind::Reader.text(),
            _ => ModifierKind::Writer.text(),
        };
        cx.report(errors::access_without_domain(&node.name, word, span));
    }
    let decl = decl(cx, item, &node.name, place);
    let id = cx.program.agents.push(item::Agent {
        decl,
        access,
        access_span,
        type_params: Vec::new(),
        channel: None,
        base: None,
        base_args: [].into(),
        domain,
        fields: Vec::new(),
        constructor: None,
        methods: Vec::new(),
        attributes: Vec::new(),
    });
    cx.members.agents.push(BTreeMap::new());
    insert(cx, place, &node.name, Def::Agent(id), what);
    let generics = (&node.type_params[..], &node.wheres[..]);
    let (inner, params) = inside(cx, place, Owner::Agent(id), generics);
    let outer = domain.map(|it| cx.program.domains[it].type_params.clone());
    let all = outer.unwrap_or_default().into_iter().chain(params);
    cx.program.agents[id].type_params = all.collect();
    if let Some(domain) = domain {
        cx.program.domains[domain].agents.push(id);
        let name = node.name.name.clone();
        cx.domain_agents.entry(name).or_default().push(id);
    }
    cx.sources.agents.push(Source { item, node, scope: inner.scope });
    declare_all(cx, &node.members, inner);
}

fn channel<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Channel,
    place: Place,
) {
    modifiers::check(cx, &item.modifiers, "a channel", &[]);
    let decl = decl(cx, item, &node.name, place);
    let id = cx.program.channels.push(item::Channel {
        decl,
        type_params: Vec::new(),
        base: None,
        ports: Vec::new(),
        states: Vec::new(),
    });
    cx.members.ports.push(BTreeMap::new());
    insert(cx, place, &node.name, Def::Channel(id), "channel");
    let generics = (&node.type_params[..], &node.wheres[..]);
    let (inner, params) = inside(cx, place, Owner::Channel(id), generics);
    cx.program.channels[id].type_params = params;
    cx.sources.channels.push(Source { item, node, scope: inner.scope });
    for member in &node.items {
        match &member.kind {
            ItemKind::Method(ast::Method { name, .. })
            | ItemKind::Constructor(ast::Constructor { name, .. }) => {
                let places = "an agent that implements the channel";
                cx.report(errors::misplaced_item("a method", places, name.span));
                cx.program.lost.insert(name.name.clone());
            }
            ItemKind::Field(field) => {
                for declarator in &field.declarators {
                    cx.report(errors::no_direction(&declarator.name, field.ty.span));
                    cx.program.lost.insert(declarator.name.name.clone());
                }
            }
            _ => {}
        }
    }
    declare_all(cx, &node.items, inner);
}

fn domain<'a>(cx: &mut Cx<'a>, item: &'a ast::Item, node: &'a ast::Domain, place: Place) {
    modifiers::check(cx, &item.modifiers, "a domain", &[]);
    let parent = match place.owner {
        Owner::Domain(id) => Some(id),
        Owner::Namespace => None,
        _ => {
            let places = "a namespace or a domain";
            cx.report(errors::misplaced_item("a domain", places, node.name.span));
            return;
        }
    };
    if let Some(base) = &node.base {
        let hint = "nest it in the other domain, and reach that with `parent`";
        cx.report(errors::no_base("domain", base.span, hint));
    }
    let decl = decl(cx, item, &node.name, place);
    let id = cx.program.domains.push(item::Domain {
        decl,
        type_params: Vec::new(),
        parent,
        fields: Vec::new(),
        constructor: None,
        methods: Vec::new(),
        agents: Vec::new(),
    });
    cx.members.domains.push(BTreeMap::new());
    insert(cx, place, &node.name, Def::Domain(id), "domain");
    let generics = (&node.type_params[..], &node.wheres[..]);
    let (inner, params) = inside(cx, place, Owner::Domain(id), generics);
    let outer = parent.map(|it| cx.program.domains[it].type_params.clone());
    let all = outer.unwrap_or_default().into_iter().chain(params);
    cx.program.domains[id].type_params = all.collect();
    cx.sources.domains.push(Source { item, node, scope: inner.scope });
    declare_all(cx, &node.members, inner);
}

fn record<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: RecordNode<'a>,
    name: &'a Ident,
    generics: (&'a [ast::TypeParam], &'a [ast::WhereClause]),
    place: Place,
) {
    let (kind, what, members) = match node {
        RecordNode::Struct(it) => (item::RecordKind::Struct, "struct", &it.members),
        RecordNode::Schema(it) => (item::RecordKind::Schema, "schema", &it.members),
    };
    modifiers::check(cx, &item.modifiers, &format!("a {what}"), &[]);
    if let RecordNode::Struct(ast::Struct { base: Some(base), .. }) = node {
        let hint = "hold the other struct in a field, or use a `schema`";
        cx.report(errors::no_base("struct", base.span, hint));
    }
    let decl = decl(cx, item, name, place);
    let id = cx.program.records.push(item::Record {
        decl,
        kind,
        type_params: Vec::new(),
        base: None,
        fields: Vec::new(),
        methods: Vec::new(),
        rules: Vec::new(),
    });
    cx.members.records.push(BTreeMap::new());
    insert(cx, place, name, Def::Record(id), what);
    let (inner, params) = inside(cx, place, Owner::Record(id), generics);
    cx.program.records[id].type_params = params;
    cx.sources.records.push(RecordSource { item, node, scope: inner.scope });
    declare_all(cx, members, inner);
}

fn enumeration<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Enum,
    place: Place,
) {
    modifiers::check(cx, &item.modifiers, "an enum", &[]);
    let decl = decl(cx, item, &node.name, place);
    let id = cx.program.enums.push(item::Enum {
        decl,
        type_params: Vec::new(),
        cases: Vec::new(),
    });
    insert(cx, place, &node.name, Def::Enum(id), "enum");
    let generics = (&node.type_params[..], &node.wheres[..]);
    let (inner, params) = inside(cx, place, Owner::Enum(id), generics);
    cx.program.enums[id].type_params = params;
    cx.sources.enums.push(Source { item, node, scope: inner.scope });
    for case in &node.cases {
        cx.cases.entry(case.name.name.clone()).or_insert(id);
    }
}

/// `const` members are items: they have no instance and can be named from anywhere inside.
fn constants<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    field: &'a ast::FieldDecl,
    place: Place,
) {
    let is_const = modifiers::find(&item.modifiers, ModifierKind::Const).is_some();
    if !is_const {
        if place.owner == Owner::Namespace {
            cx.sources.statics.push((place.scope, field));
            for declarator in &field.declarators {
                insert(cx, place, &declarator.name, Def::Error, "item");
            }
        }
        return;
    }
    let allowed = [ModifierKind::Const];
    modifiers::check(cx, &item.modifiers, "a constant", &allowed);
    for declarator in &field.declarators {
        let name = &declarator.name;
        let decl = decl(cx, item, name, place);
        let id = cx.program.consts.push(item::Const {
            decl,
            ty: Ty::Error,
            value: crate::hir::BodyId(0),
        });
        insert(cx, place, name, Def::Const(id), "constant");
        let init = declarator.init.as_ref();
        cx.sources.consts.push(ConstSource { ty: &field.ty, init, scope: place.scope });
    }
}

fn function<'a>(
    cx: &mut Cx<'a>,
    item: &'a ast::Item,
    node: &'a ast::Method,
    place: Place,
) {
    let decl = decl(cx, item, &node.name, place);
    let id = cx.program.methods.push(item::Method {
        decl,
        kind: item::MethodKind::Method,
        function: None,
        asynchronous: None,
        overridable: item::Overridable::No,
        type_params: Vec::new(),
        constraints: Vec::new(),
        params: Vec::new(),
        returns: Ty::Error,
        returns_span: node.returns.span,
        body: None,
        native: None,
        base_args: None,
        base_names: Vec::new(),
        attributes: Vec::new(),
    });
    if let Some(Def::Function(first)) =
        cx.scopes.namespaces[place.namespace].names.get(&node.name.name)
    {
        let first = cx.program.methods[*first].decl.name.span;
        cx.report(errors::overload(&node.name, first));
    } else {
        insert(cx, place, &node.name, Def::Function(id), "function");
    }
    cx.sources.functions.push((id, Source { item, node, scope: place.scope }));
}

/// Adds a member that code of its owner names bare; gives the first one of that name.
pub(super) fn add_member(
    table: &mut BTreeMap<Name, Member>,
    name: &Name,
    member: Member,
) -> Option<Member> {
    let first = table.get(name).copied();
    if first.is_none() {
        table.insert(name.clone(), member);
    }
    first
}
