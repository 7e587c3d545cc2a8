//! Declares every item, so that names can be used before they are declared. It resolves
//! no name; what an item says is left empty until `items`.

use std::collections::BTreeMap;

use super::modifiers;
use super::scope::{Def, GLOBAL, LIBRARY, NsId, ScopeId};
use super::{
    ConstSource, Cx, Member, NativeSource, RecordNode, RecordSource, Source, errors,
    import, items,
};
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

/// Declares the items of one file.
pub(super) fn file<'a>(cx: &mut Cx<'a>, file: &'a ast::File, library: bool) {
    let scope = cx.scopes.open(None, Owner::Namespace);
    let namespace = if library { LIBRARY } else { GLOBAL };
    cx.scopes.scopes[scope].library = library;
    cx.scopes.scopes[scope].namespace = Some(namespace);
    cx.usings.extend(file.usings.iter().map(|path| (scope, path)));
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
        ItemKind::Native(node) => native(cx, item, node, place),
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
            let _ = node;
            cx.report(errors::not_yet("test blocks are", head));
        }
        ItemKind::Unsupported { what, name } => {
            cx.report(errors::not_in_language(what, foreign_span(item, what, name)));
            // Uses of the name would only repeat the report.
            if let Some(name) = name {
                insert(cx, place, name, Def::Error, "item");
            }
        }
        ItemKind::Error => cx.incomplete = true,
    }
}

/// What to point at in a construct of another language: its keyword, if that comes first.
fn foreign_span(item: &ast::Item, what: &str, name: &Option<Ident>) -> Span {
    let keyword =
        ["class", "interface", "delegate", "event", "using alias", "using static"];
    let first = item.modifiers.is_empty() && item.attributes.is_empty();
    match name {
        _ if first && keyword.contains(&what) => {
            let word = what.split(' ').next().unwrap_or(what);
            let length = u32::try_from(word.len()).unwrap_or(0);
            Span { hi: item.span.lo + length, ..item.span }
        }
        Some(name) => name.span,
        None => item.span,
    }
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
            let names = &mut cx.scopes.namespaces[home].names;
            let first = names.get(&name.name).copied();
            if first.is_none() {
                names.insert(name.name.clone(), def);
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
    what: &str,
) -> (Place, Vec<crate::hir::TypeParamId>) {
    let scope = cx.scopes.open(Some(place.scope), owner);
    let inner = Place { scope, owner, ..place };
    let params = type_params(cx, scope, generics, what);
    (inner, params)
}

/// Declares type parameters in `scope`. Only the library has generics so far.
pub(super) fn type_params(
    cx: &mut Cx<'_>,
    scope: ScopeId,
    (params, wheres): (&[ast::TypeParam], &[ast::WhereClause]),
    what: &str,
) -> Vec<crate::hir::TypeParamId> {
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
pub(super) fn outer_constraints(
    cx: &Cx<'_>,
    scope: ScopeId,
    own: &[ast::TypeParam],
    wheres: &[ast::WhereClause],
) -> Vec<(crate::hir::TypeParamId, item::Constraint)> {
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

fn constraint(name: &str) -> Option<item::Constraint> {
    Some(match name {
        "comparable" => item::Constraint::Comparable,
        "equatable" => item::Constraint::Equatable,
        "hashable" => item::Constraint::Hashable,
        "number" => item::Constraint::Number,
        _ => return None,
    })
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
        domain,
        fields: Vec::new(),
        constructor: None,
        methods: Vec::new(),
        attributes: Vec::new(),
    });
    cx.members.agents.push(BTreeMap::new());
    insert(cx, place, &node.name, Def::Agent(id), what);
    let generics = (&node.type_params[..], &node.wheres[..]);
    let (inner, params) = inside(cx, place, Owner::Agent(id), generics, "agents");
    cx.program.agents[id].type_params = params;
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
    let (inner, params) = inside(cx, place, Owner::Channel(id), generics, "channels");
    cx.program.channels[id].type_params = params;
    cx.sources.channels.push(Source { item, node, scope: inner.scope });
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
    let (inner, params) = inside(cx, place, Owner::Domain(id), generics, "domains");
    cx.program.domains[id].type_params = params;
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
    let (kind, what, plural, members) = match node {
        RecordNode::Struct(it) => {
            (item::RecordKind::Struct, "struct", "structs", &it.members)
        }
        RecordNode::Schema(it) => {
            (item::RecordKind::Schema, "schema", "schemas", &it.members)
        }
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
    let (inner, params) = inside(cx, place, Owner::Record(id), generics, plural);
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
    let (inner, params) = inside(cx, place, Owner::Enum(id), generics, "enums");
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
            for declarator in &field.declarators {
                let problem =
                    errors::mutable_static(&declarator.name, declarator.name.span);
                cx.report(problem);
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

fn native<'a>(cx: &mut Cx<'a>, item: &'a ast::Item, node: &'a ast::Native, place: Place) {
    match node {
        ast::Native::Module { items, .. } => {
            let head = Span { hi: item.span.lo + 6, ..item.span };
            cx.report(errors::not_yet("native blocks are", head));
            for member in items {
                if let Some(name) = native_name(&member.kind) {
                    insert(cx, place, name, Def::Error, "item");
                }
            }
        }
        ast::Native::Type { name, .. } | ast::Native::Namespace { name, .. }
            if !place.library =>
        {
            cx.report(errors::library_only(name));
            insert(cx, place, name, Def::Error, "item");
        }
        ast::Native::Type { handle, name, type_params, bases, wheres, members } => {
            let decl = decl(cx, item, name, place);
            let rust = items::rust_name(&item.attributes)
                .unwrap_or_else(|| name.name.to_string());
            let id = cx.program.natives.push(item::Native {
                decl,
                rust,
                handle: *handle,
                type_params: Vec::new(),
                bases: Vec::new(),
                members: Vec::new(),
            });
            // Names that the compiler knows keep their own meaning.
            if super::builtin::named(&name.name).is_none() {
                insert(cx, place, name, Def::Native(id), "type");
            }
            let generics = (&type_params[..], &wheres[..]);
            let (inner, ids) = inside(cx, place, Owner::Native(id), generics, "types");
            cx.program.natives[id].type_params = ids;
            let source = NativeSource { members, bases, scope: inner.scope };
            cx.sources.natives.push(source);
        }
        ast::Native::Namespace { name, members } => {
            let decl = decl(cx, item, name, place);
            let rust = items::rust_name(&item.attributes)
                .unwrap_or_else(|| items::snake_case(&name.name));
            let space = item::Space { decl, rust, members: Vec::new() };
            let id = cx.program.spaces.push(space);
            cx.scopes.spaces.insert(name.name.clone(), id);
            let names: std::collections::BTreeSet<Name> = members
                .iter()
                .filter_map(|it| native_name(&it.kind).map(|it| it.name.clone()))
                .collect();
            cx.members.spaces.push(names);
            let scope = cx.scopes.open(Some(place.scope), Owner::Space(id));
            cx.sources.spaces.push(NativeSource { members, bases: &[], scope });
        }
    }
}

fn native_name(kind: &ast::NativeMemberKind) -> Option<&Ident> {
    match kind {
        ast::NativeMemberKind::OpaqueType(name)
        | ast::NativeMemberKind::Property { name, .. } => Some(name),
        ast::NativeMemberKind::Method(method) => Some(&method.name),
        ast::NativeMemberKind::New { .. } | ast::NativeMemberKind::Indexer { .. } => None,
    }
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
