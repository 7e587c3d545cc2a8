//! Constructors of declarations.

use super::{Cx, Parsed};
use crate::support::span::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::token::Foreign;

/// One piece of a file or namespace.
#[derive(Debug)]
pub(in crate::syntax) enum Entry {
    Using(ast::Path),
    Item(Box<ast::Item>),
    /// `namespace A.B;`: it holds everything behind it.
    FileNamespace(Box<ast::Item>, ast::Path),
}

/// One piece of a channel.
#[derive(Debug)]
pub(in crate::syntax) enum ChannelPart {
    Port(ast::Port),
    State(ast::ProtocolState),
    Item(Box<ast::Item>),
}

/// One piece of a schema.
#[derive(Debug)]
pub(in crate::syntax) enum SchemaPart {
    Fields(Vec<ast::SchemaField>),
    Rule(ast::Rule),
    Item(Box<ast::Item>),
}

/// What stands before a declaration.
#[derive(Debug, Default)]
pub(in crate::syntax) struct Head {
    attributes: Vec<ast::Attribute>,
    modifiers: Vec<ast::Modifier>,
}

pub(in crate::syntax) fn head_attributes(
    mut head: Head,
    more: Vec<ast::Attribute>,
) -> Head {
    head.attributes.extend(more);
    head
}

pub(in crate::syntax) fn head_modifier(
    mut head: Head,
    kind: ast::ModifierKind,
    span: Span,
) -> Head {
    head.modifiers.push(ast::Modifier { kind, span });
    head
}

pub(in crate::syntax) fn attribute(
    span: Span,
    name: ast::Path,
    args: Option<Vec<ast::Arg>>,
) -> ast::Attribute {
    ast::Attribute { name, args: super::assigned_args(args.unwrap_or_default()), span }
}

/// The entries of a file or namespace as usings and items; what follows `namespace N;`
/// belongs to it.
pub(in crate::syntax) fn grouped(
    entries: Vec<Entry>,
) -> (Vec<ast::Path>, Vec<ast::Item>) {
    let (mut usings, mut items) = (Vec::new(), Vec::new());
    let mut rest = entries.into_iter();
    while let Some(entry) = rest.next() {
        match entry {
            Entry::Using(path) => usings.push(path),
            Entry::Item(item) => items.push(*item),
            Entry::FileNamespace(mut item, path) => {
                let (inner_usings, inner) = grouped_flat(rest.by_ref());
                item.kind =
                    ItemKind::Namespace { path, usings: inner_usings, items: inner };
                items.push(*item);
            }
        }
    }
    (usings, items)
}

/// The same behind a `namespace N;`, where a second one stands beside the first.
fn grouped_flat(
    entries: impl Iterator<Item = Entry>,
) -> (Vec<ast::Path>, Vec<ast::Item>) {
    let (mut usings, mut items): (Vec<ast::Path>, Vec<ast::Item>) =
        (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Using(path) => usings.push(path),
            Entry::Item(item) => items.push(*item),
            Entry::FileNamespace(mut item, path) => {
                let inner = (Vec::new(), Vec::new());
                item.kind = ItemKind::Namespace { path, usings: inner.0, items: inner.1 };
                items.push(*item);
            }
        }
    }
    (usings, items)
}

pub(in crate::syntax) fn file_namespace(
    cx: &Cx<'_>,
    span: Span,
    head: Head,
    path: ast::Path,
) -> Entry {
    let item = cx.item(span.lo, span.hi, head, ItemKind::Error);
    Entry::FileNamespace(Box::new(item), path)
}

pub(in crate::syntax) fn namespace(path: ast::Path, body: Parsed) -> ItemKind {
    let entries = match body {
        Parsed::Entries(entries) => entries,
        _ => Vec::new(),
    };
    let (usings, items) = grouped(entries);
    ItemKind::Namespace { path, usings, items }
}

impl<'s> Cx<'s> {
    pub(in crate::syntax) fn item(
        &self,
        lo: u32,
        hi: u32,
        head: Head,
        kind: ItemKind,
    ) -> ast::Item {
        let Head { attributes, modifiers } = head;
        ast::Item {
            span: self.span(lo, hi),
            docs: self.docs(lo),
            attributes,
            modifiers,
            kind,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one for each part of a port's declaration"
    )]
    pub(in crate::syntax) fn port(
        &self,
        lo: u32,
        hi: u32,
        head: Head,
        direction: ast::Direction,
        payload: Option<ast::Type>,
        name: ast::Ident,
        reply: Option<ast::Type>,
    ) -> ChannelPart {
        let (span, docs) = (self.span(lo, hi), self.docs(lo));
        let attributes = head.attributes;
        ChannelPart::Port(ast::Port {
            span,
            docs,
            attributes,
            direction,
            payload,
            name,
            reply,
        })
    }

    pub(in crate::syntax) fn schema_fields(
        &self,
        lo: u32,
        hi: u32,
        head: Head,
        optional: bool,
        ty: ast::Type,
        declarators: Vec<ast::Declarator>,
    ) -> SchemaPart {
        let item = self.item(lo, hi, head, ItemKind::Error);
        SchemaPart::Fields(fields(&item, optional, &ty, declarators))
    }

    pub(in crate::syntax) fn enum_case(
        &self,
        lo: u32,
        hi: u32,
        name: ast::Ident,
        payload: Option<Vec<ast::Param>>,
        value: Option<ast::Expr>,
    ) -> ast::EnumCase {
        let payload = payload.unwrap_or_default();
        ast::EnumCase {
            span: self.span(lo, hi),
            docs: self.docs(lo),
            name,
            payload,
            value,
        }
    }

    pub(in crate::syntax) fn native_member(
        &self,
        lo: u32,
        hi: u32,
        head: Head,
        kind: ast::NativeMemberKind,
    ) -> ast::NativeMember {
        let Head { attributes, modifiers } = head;
        let (span, docs) = (self.span(lo, hi), self.docs(lo));
        ast::NativeMember { span, docs, attributes, modifiers, kind }
    }
}

/// One field for each name declared.
fn fields(
    item: &ast::Item,
    optional: bool,
    ty: &ast::Type,
    declarators: Vec<ast::Declarator>,
) -> Vec<ast::SchemaField> {
    let field = |it: ast::Declarator| ast::SchemaField {
        span: item.span,
        docs: item.docs.clone(),
        attributes: item.attributes.clone(),
        optional,
        ty: ty.clone(),
        name: it.name,
        init: it.init,
    };
    declarators.into_iter().map(field).collect()
}

/// A field without a keyword is required; with a modifier beyond `public` it stays what it
/// is, for `resolve` to judge.
pub(in crate::syntax) fn schema_item(item: ast::Item) -> SchemaPart {
    let plain = item.modifiers.iter().all(|it| it.kind == ast::ModifierKind::Public);
    match item.kind {
        ItemKind::Field(ref field) if plain => {
            let declarators = field.declarators.clone();
            SchemaPart::Fields(fields(&item, false, &field.ty, declarators))
        }
        _ => SchemaPart::Item(Box::new(item)),
    }
}

pub(in crate::syntax) fn rule(span: Span, condition: ast::Expr) -> SchemaPart {
    SchemaPart::Rule(ast::Rule { span, condition })
}

pub(in crate::syntax) fn type_params(names: Vec<ast::Ident>) -> Vec<ast::TypeParam> {
    names.into_iter().map(|name| ast::TypeParam { name }).collect()
}

pub(in crate::syntax) fn agent_base(channel: bool, ty: ast::Type) -> ast::AgentBase {
    ast::AgentBase { channel, ty }
}

pub(in crate::syntax) fn where_clause(
    param: ast::Ident,
    constraints: Vec<ast::Ident>,
) -> ast::WhereClause {
    ast::WhereClause { param, constraints }
}

type Params = Vec<ast::TypeParam>;
type Wheres = Vec<ast::WhereClause>;

fn items(body: Parsed) -> Vec<ast::Item> {
    match body {
        Parsed::Items(items) => items,
        _ => Vec::new(),
    }
}

pub(in crate::syntax) fn agent(
    name: ast::Ident,
    type_params: Params,
    base: Option<ast::AgentBase>,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    ItemKind::Agent(ast::Agent { name, type_params, wheres, base, members: items(body) })
}

pub(in crate::syntax) fn channel(
    name: ast::Ident,
    type_params: Params,
    base: Option<ast::Type>,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    let (mut ports, mut states, mut items) = (Vec::new(), Vec::new(), Vec::new());
    let Parsed::Channel(parts) = body else { return ItemKind::Error };
    for part in parts {
        match part {
            ChannelPart::Port(port) => ports.push(port),
            ChannelPart::State(state) => states.push(state),
            ChannelPart::Item(item) => items.push(*item),
        }
    }
    ItemKind::Channel(ast::Channel {
        name,
        type_params,
        wheres,
        base,
        ports,
        states,
        items,
    })
}

pub(in crate::syntax) fn domain(
    name: ast::Ident,
    type_params: Params,
    base: Option<ast::Type>,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    ItemKind::Domain(ast::Domain {
        name,
        type_params,
        wheres,
        base,
        members: items(body),
    })
}

pub(in crate::syntax) fn schema(
    name: ast::Ident,
    type_params: Params,
    base: Option<ast::Type>,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    let (mut fields, mut rules, mut members) = (Vec::new(), Vec::new(), Vec::new());
    let Parsed::Schema(parts) = body else { return ItemKind::Error };
    for part in parts {
        match part {
            SchemaPart::Fields(more) => fields.extend(more),
            SchemaPart::Rule(rule) => rules.push(rule),
            SchemaPart::Item(item) => members.push(*item),
        }
    }
    ItemKind::Schema(ast::Schema {
        name,
        type_params,
        wheres,
        base,
        fields,
        rules,
        members,
    })
}

pub(in crate::syntax) fn structure(
    name: ast::Ident,
    type_params: Params,
    base: Option<ast::Type>,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    ItemKind::Struct(ast::Struct {
        name,
        type_params,
        wheres,
        base,
        members: items(body),
    })
}

pub(in crate::syntax) fn enumeration(
    name: ast::Ident,
    type_params: Params,
    wheres: Wheres,
    body: Parsed,
) -> ItemKind {
    let Parsed::Enum(cases) = body else { return ItemKind::Error };
    ItemKind::Enum(ast::Enum { name, type_params, wheres, cases })
}

pub(in crate::syntax) fn test(name: ast::Literal, body: ast::Block) -> ItemKind {
    ItemKind::Test(ast::Test { name, body })
}

pub(in crate::syntax) fn method(
    returns: ast::Type,
    name: ast::Ident,
    type_params: Params,
    params: Vec<ast::Param>,
    (wheres, throws): (Wheres, bool),
) -> ast::Method {
    let body = ast::MethodBody::None;
    ast::Method { returns, name, type_params, params, wheres, throws, body }
}

pub(in crate::syntax) fn tail_where(
    (mut wheres, throws): (Wheres, bool),
    next: ast::WhereClause,
) -> (Wheres, bool) {
    wheres.push(next);
    (wheres, throws)
}

pub(in crate::syntax) fn tail_throws((wheres, _): (Wheres, bool)) -> (Wheres, bool) {
    (wheres, true)
}

pub(in crate::syntax) fn method_item(
    head: ast::Method,
    body: ast::MethodBody,
) -> ItemKind {
    ItemKind::Method(ast::Method { body, ..head })
}

pub(in crate::syntax) fn param(
    span: Span,
    passing: Option<ast::Ident>,
    ty: ast::Type,
    name: ast::Ident,
    default: Option<ast::Expr>,
) -> ast::Param {
    ast::Param { span, passing, ty, name, default }
}

pub(in crate::syntax) fn declarator(
    name: ast::Ident,
    init: Option<ast::Expr>,
) -> ast::Declarator {
    ast::Declarator { name, init }
}

pub(in crate::syntax) fn field(
    ty: ast::Type,
    declarators: Vec<ast::Declarator>,
) -> ItemKind {
    ItemKind::Field(ast::FieldDecl { ty, declarators })
}

pub(in crate::syntax) fn constructor(
    name: ast::Ident,
    params: Vec<ast::Param>,
    base_args: Option<Vec<ast::Arg>>,
    body: ast::Block,
) -> ItemKind {
    ItemKind::Constructor(ast::Constructor { name, params, base_args, body })
}

pub(in crate::syntax) fn unsupported_item<'s>(
    cx: &Cx<'s>,
    foreign: &Foreign<'s>,
) -> ItemKind {
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(0);
    let name = foreign.name.map(|(text, at)| cx.ident(at, text, at + length(text)));
    ItemKind::Unsupported { what: foreign.what.into(), name }
}

pub(in crate::syntax) fn protocol_state(
    span: Span,
    name: ast::Ident,
    body: Parsed,
) -> ChannelPart {
    let transitions = match body {
        Parsed::Protocol(transitions) => transitions,
        _ => Vec::new(),
    };
    ChannelPart::State(ast::ProtocolState { span, name, transitions })
}

pub(in crate::syntax) fn transition(
    span: Span,
    port: ast::Ident,
    binding: Option<ast::Ident>,
    guard: Option<ast::Expr>,
    next: ast::Ident,
) -> ast::Transition {
    ast::Transition { span, port, binding, guard, next }
}

fn native_members(body: Parsed) -> Vec<ast::NativeMember> {
    match body {
        Parsed::Native(members) => members,
        _ => Vec::new(),
    }
}

pub(in crate::syntax) fn native_module(
    path: ast::Ident,
    uses: Vec<ast::Use>,
    body: Parsed,
) -> ast::Native {
    ast::Native::Module { path, uses, items: native_members(body) }
}

pub(in crate::syntax) fn native_type(
    handle: bool,
    name: ast::Ident,
    type_params: Params,
    bases: Vec<ast::Type>,
    wheres: Wheres,
    body: Parsed,
) -> ast::Native {
    let members = native_members(body);
    ast::Native::Type { handle, name, type_params, bases, wheres, members }
}

pub(in crate::syntax) fn native_namespace(name: ast::Ident, body: Parsed) -> ast::Native {
    ast::Native::Namespace { name, members: native_members(body) }
}

pub(in crate::syntax) fn native_new(
    params: Vec<ast::Param>,
    throws: bool,
) -> ast::NativeMemberKind {
    ast::NativeMemberKind::New { params, throws }
}

pub(in crate::syntax) fn native_property(
    ty: ast::Type,
    name: ast::Ident,
    throws: bool,
    settable: bool,
) -> ast::NativeMemberKind {
    ast::NativeMemberKind::Property { ty, name, throws, settable }
}

pub(in crate::syntax) fn native_indexer(
    ty: ast::Type,
    params: Vec<ast::Param>,
    throws: bool,
    settable: bool,
) -> ast::NativeMemberKind {
    ast::NativeMemberKind::Indexer { ty, params, throws, settable }
}
