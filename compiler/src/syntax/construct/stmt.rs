//! Constructors of statements.

use super::{Parsed, cases, sections};
use crate::support::span::Span;
use crate::syntax::ast::{self, ExprKind, StmtKind};

pub(in crate::syntax) fn stmt(span: Span, kind: StmtKind) -> ast::Stmt {
    ast::Stmt { span, attributes: Vec::new(), kind }
}

pub(in crate::syntax) fn block(span: Span, body: Parsed) -> ast::Block {
    let stmts = match body {
        Parsed::Stmts(stmts) => stmts,
        _ => Vec::new(),
    };
    ast::Block { span, stmts }
}

pub(in crate::syntax) fn if_else(
    span: Span,
    condition: ast::Expr,
    then: ast::Stmt,
    otherwise: Option<ast::Stmt>,
) -> ast::Stmt {
    let (then, otherwise) = (Box::new(then), otherwise.map(Box::new));
    stmt(span, StmtKind::If { condition, then, otherwise })
}

pub(in crate::syntax) fn while_loop(
    span: Span,
    condition: ast::Expr,
    body: ast::Stmt,
) -> ast::Stmt {
    stmt(span, StmtKind::While { condition, body: Box::new(body) })
}

pub(in crate::syntax) fn do_while(body: ast::Stmt, condition: ast::Expr) -> StmtKind {
    StmtKind::DoWhile { body: Box::new(body), condition }
}

pub(in crate::syntax) fn for_loop(
    span: Span,
    init: Vec<ast::Stmt>,
    condition: Option<ast::Expr>,
    update: Vec<ast::Expr>,
    body: ast::Stmt,
) -> ast::Stmt {
    stmt(span, StmtKind::For { init, condition, update, body: Box::new(body) })
}

pub(in crate::syntax) fn for_local(
    span: Span,
    ty: ast::Type,
    declarators: Vec<ast::Declarator>,
) -> Vec<ast::Stmt> {
    vec![stmt(span, StmtKind::Local { constant: false, ty, declarators })]
}

pub(in crate::syntax) fn for_exprs(exprs: Vec<ast::Expr>) -> Vec<ast::Stmt> {
    exprs.into_iter().map(|it| stmt(it.span, StmtKind::Expr(it))).collect()
}

pub(in crate::syntax) fn foreach(
    span: Span,
    binding: ast::ForeachBinding,
    iterable: ast::Expr,
    body: ast::Stmt,
) -> ast::Stmt {
    stmt(span, StmtKind::Foreach { binding, iterable, body: Box::new(body) })
}

pub(in crate::syntax) fn each_single(
    ty: ast::Type,
    name: ast::Ident,
) -> ast::ForeachBinding {
    ast::ForeachBinding::Single { ty, name }
}

pub(in crate::syntax) fn using(
    span: Span,
    resource: ast::UsingResource,
    body: ast::Stmt,
) -> ast::Stmt {
    stmt(span, StmtKind::Using { resource, body: Box::new(body) })
}

pub(in crate::syntax) fn resource_local(
    ty: ast::Type,
    declarators: Vec<ast::Declarator>,
) -> ast::UsingResource {
    ast::UsingResource::Local { ty, declarators }
}

pub(in crate::syntax) fn using_var(
    ty: ast::Type,
    declarators: Vec<ast::Declarator>,
) -> StmtKind {
    StmtKind::UsingVar { ty, declarators }
}

pub(in crate::syntax) fn attributed(
    span: Span,
    mut attributes: Vec<ast::Attribute>,
    inner: ast::Stmt,
) -> ast::Stmt {
    attributes.extend(inner.attributes);
    ast::Stmt { span, attributes, kind: inner.kind }
}

pub(in crate::syntax) fn one_modifier(
    kind: ast::ModifierKind,
    span: Span,
) -> Vec<ast::Modifier> {
    vec![ast::Modifier { kind, span }]
}

pub(in crate::syntax) fn next_modifier(
    mut all: Vec<ast::Modifier>,
    kind: ast::ModifierKind,
    span: Span,
) -> Vec<ast::Modifier> {
    all.push(ast::Modifier { kind, span });
    all
}

/// A local; of all modifiers only `const` has a meaning here.
pub(in crate::syntax) fn local(
    modifiers: Vec<ast::Modifier>,
    ty: ast::Type,
    declarators: Vec<ast::Declarator>,
) -> StmtKind {
    let other = modifiers.iter().find(|it| it.kind != ast::ModifierKind::Const);
    if let Some(other) = other {
        return StmtKind::Unsupported {
            what: format!("{} local", other.kind.text()).into(),
        };
    }
    StmtKind::Local { constant: !modifiers.is_empty(), ty, declarators }
}

pub(in crate::syntax) fn local_function(
    modifiers: Vec<ast::Modifier>,
    head: ast::Method,
    body: ast::MethodBody,
) -> StmtKind {
    let method = Box::new(ast::Method { body, ..head });
    StmtKind::LocalFunction { modifiers, method }
}

pub(in crate::syntax) fn deconstruct(
    pattern: ast::TuplePattern,
    value: ast::Expr,
) -> StmtKind {
    StmtKind::Deconstruct { pattern, value }
}

/// An expression as a statement; a `throw` expression is the statement of that name.
pub(in crate::syntax) fn expr_stmt(expr: ast::Expr) -> StmtKind {
    match *expr.kind {
        ExprKind::Throw(value) => StmtKind::Throw(Some(value)),
        _ => StmtKind::Expr(expr),
    }
}

type Element = (Option<ast::Ident>, ast::Expr);

/// `switch (e)`, `switch (a, b)`
pub(in crate::syntax) fn switch(
    span: Span,
    mut subject: Vec<Element>,
    body: Parsed,
) -> StmtKind {
    let subject = match subject.pop() {
        Some((None, only)) if subject.is_empty() => only,
        last => {
            subject.extend(last);
            super::expr(span, ExprKind::Tuple(subject))
        }
    };
    StmtKind::Switch { subject, sections: sections(body) }
}

pub(in crate::syntax) fn try_catch(
    body: ast::Block,
    catches: Vec<ast::Catch>,
    finally: Option<ast::Block>,
) -> StmtKind {
    StmtKind::Try { body, catches, finally }
}

pub(in crate::syntax) fn catch(
    span: Span,
    what: Option<(ast::Type, Option<ast::Ident>)>,
    filter: Option<ast::Expr>,
    body: ast::Block,
) -> ast::Catch {
    let (ty, name) = match what {
        Some((ty, name)) => (Some(ty), name),
        None => (None, None),
    };
    ast::Catch { span, ty, name, filter, body }
}

pub(in crate::syntax) fn checked_block(checked: bool, body: ast::Block) -> StmtKind {
    StmtKind::Checked { checked, body }
}

pub(in crate::syntax) fn receive_stmt(body: Parsed) -> StmtKind {
    StmtKind::Receive(cases(body))
}

pub(in crate::syntax) fn expect_throws(ty: ast::Type, body: ast::Block) -> StmtKind {
    StmtKind::ExpectThrows { ty, body }
}

pub(in crate::syntax) fn unsupported_stmt(what: &str) -> StmtKind {
    StmtKind::Unsupported { what: what.into() }
}
