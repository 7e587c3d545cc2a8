//! Constructors that the grammar's actions call: one tree node each. They group and convert
//! what was parsed, check nothing and report nothing.

mod expr;
mod item;
mod part;
mod stmt;

pub(super) use expr::*;
pub(super) use item::*;
pub(super) use part::*;
pub(super) use stmt::*;

use super::ast;
use crate::support::Name;
use crate::support::span::{FileId, Span};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

/// What every constructor may need: the file, its names, its doc comments, and the regions
/// that were parsed on their own.
#[derive(Debug)]
pub(super) struct Cx<'s> {
    file: FileId,
    /// Doc comments by the offset of the token behind them.
    docs: BTreeMap<u32, Vec<&'s str>>,
    names: RefCell<HashMap<&'s str, Name>>,
    store: RefCell<Vec<Parsed>>,
    /// Whether the parser only tries: then nothing is taken out of the store.
    rehearsing: Cell<bool>,
}

/// The content of a braced region.
#[derive(Debug, Default)]
pub(super) enum Parsed {
    #[default]
    Nothing,
    Entries(Vec<Entry>),
    Items(Vec<ast::Item>),
    Channel(Vec<ChannelPart>),
    Schema(Vec<SchemaPart>),
    Enum(Vec<ast::EnumCase>),
    Native(Vec<ast::NativeMember>),
    Protocol(Vec<ast::Transition>),
    Stmts(Vec<ast::Stmt>),
    Switch(Vec<SwitchPart>),
    Receive(Vec<ReceivePart>),
}

impl<'s> Cx<'s> {
    pub(super) fn new(file: FileId, docs: BTreeMap<u32, Vec<&'s str>>) -> Self {
        let (names, store) = (RefCell::default(), RefCell::default());
        Self { file, docs, names, store, rehearsing: Cell::new(false) }
    }

    pub(super) fn span(&self, lo: u32, hi: u32) -> Span {
        Span { file: self.file, lo, hi: hi.max(lo) }
    }

    /// One shared name for each spelling.
    pub(super) fn name(&self, text: &'s str) -> Name {
        self.names.borrow_mut().entry(text).or_insert_with(|| text.into()).clone()
    }

    pub(super) fn ident(&self, lo: u32, text: &'s str, hi: u32) -> ast::Ident {
        ast::Ident { name: self.name(text), span: self.span(lo, hi) }
    }

    /// A built-in type, which is a type of that name.
    pub(super) fn builtin(&self, lo: u32, text: &'s str, hi: u32) -> ast::Type {
        let name = self.ident(lo, text, hi);
        ty(name.span, ast::TypeKind::Named(vec![type_part(name, Vec::new())]))
    }

    /// Lines of the doc comment before the token at `lo`.
    fn docs(&self, lo: u32) -> Vec<String> {
        self.docs.get(&lo).map_or_else(Vec::new, |lines| {
            lines
                .iter()
                .map(|it| it.strip_prefix(' ').unwrap_or(it).to_string())
                .collect()
        })
    }

    /// Keeps what was parsed on its own; the number stands for it in a token.
    pub(super) fn keep(&self, parsed: Parsed) -> u32 {
        let mut store = self.store.borrow_mut();
        store.push(parsed);
        u32::try_from(store.len() - 1).unwrap_or(u32::MAX)
    }

    /// Says whether the parser only tries.
    pub(super) fn rehearse(&self, on: bool) {
        self.rehearsing.set(on);
    }

    /// What was kept under a number.
    pub(super) fn take(&self, number: u32) -> Parsed {
        if self.rehearsing.get() {
            return Parsed::Nothing;
        }
        self.store
            .borrow_mut()
            .get_mut(number as usize)
            .map(std::mem::take)
            .unwrap_or_default()
    }
}

/// A list with an optional last element behind its last comma.
pub(super) fn listed<T>(mut all: Vec<T>, last: Option<T>) -> Vec<T> {
    all.extend(last);
    all
}

/// `all` with `next` at its end.
pub(super) fn pushed<T>(mut all: Vec<T>, next: T) -> Vec<T> {
    all.push(next);
    all
}

/// `rest` with `first` before it.
pub(super) fn fronted<T>(first: T, mut rest: Vec<T>) -> Vec<T> {
    rest.insert(0, first);
    rest
}

pub(super) fn path(span: Span, parts: Vec<ast::Ident>) -> ast::Path {
    ast::Path { parts, span }
}

pub(super) fn ty(span: Span, kind: ast::TypeKind) -> ast::Type {
    ast::Type { span, kind }
}

pub(super) fn type_part(name: ast::Ident, args: Vec<ast::Type>) -> ast::TypePart {
    ast::TypePart { name, args }
}

/// A type of one part.
pub(super) fn named(span: Span, name: ast::Ident, args: Vec<ast::Type>) -> ast::Type {
    ty(span, ast::TypeKind::Named(vec![type_part(name, args)]))
}

type NamedElement = (ast::Type, Option<ast::Ident>);

pub(super) fn tuple_type(
    span: Span,
    first: NamedElement,
    rest: Vec<NamedElement>,
) -> ast::Type {
    let mut all = vec![first];
    all.extend(rest);
    ty(span, ast::TypeKind::Tuple(all))
}

/// The type `var` without a place of its own, for names that a leading `var` covers.
fn var_type(span: Span) -> ast::Type {
    ty(span, ast::TypeKind::Var)
}
