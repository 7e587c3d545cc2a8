//! Constructors of patterns and of the parts of `switch` and `receive`.

use super::{Parsed, expr, ty, var_type};
use crate::support::span::Span;
use crate::syntax::ast::{self, ExprKind, PatternKind, TypeKind};

/// A label or statement of a `switch`.
#[derive(Debug)]
pub(in crate::syntax) enum SwitchPart {
    Label(ast::SwitchLabel),
    Stmt(ast::Stmt),
}

/// A case or statement of a `receive`.
#[derive(Debug)]
pub(in crate::syntax) enum ReceivePart {
    Case(Span, ast::ReceiveCaseKind),
    Stmt(ast::Stmt),
}

pub(in crate::syntax) fn case_label(
    span: Span,
    pattern: Option<ast::Pattern>,
    guard: Option<ast::Expr>,
) -> SwitchPart {
    SwitchPart::Label(ast::SwitchLabel { span, pattern, guard })
}

/// Labels with the statements behind them. What stands before the first was reported.
pub(in crate::syntax) fn sections(body: Parsed) -> Vec<ast::SwitchSection> {
    let Parsed::Switch(parts) = body else { return Vec::new() };
    let mut sections: Vec<ast::SwitchSection> = Vec::new();
    for part in parts {
        match part {
            SwitchPart::Label(label) => match sections.last_mut() {
                Some(last) if last.body.is_empty() => {
                    last.span = last.span.to(label.span);
                    last.labels.push(label);
                }
                _ => {
                    let span = label.span;
                    sections.push(ast::SwitchSection {
                        span,
                        labels: vec![label],
                        body: vec![],
                    });
                }
            },
            SwitchPart::Stmt(stmt) => {
                if let Some(last) = sections.last_mut() {
                    last.span = last.span.to(stmt.span);
                    last.body.push(stmt);
                }
            }
        }
    }
    sections
}

pub(in crate::syntax) fn from_case(
    span: Span,
    sources: Vec<ast::Expr>,
    into: Option<ast::ReceiveBinding>,
    guard: Option<ast::Expr>,
) -> ReceivePart {
    ReceivePart::Case(span, ast::ReceiveCaseKind::From { sources, into, guard })
}

pub(in crate::syntax) fn timeout_case(span: Span, after: ast::Expr) -> ReceivePart {
    ReceivePart::Case(span, ast::ReceiveCaseKind::Timeout(after))
}

pub(in crate::syntax) fn default_case(span: Span) -> ReceivePart {
    ReceivePart::Case(span, ast::ReceiveCaseKind::Default)
}

/// Cases with the statements behind them. What stands before the first was reported, and may
/// have been meant as one.
pub(in crate::syntax) fn cases(body: Parsed) -> Vec<ast::ReceiveCase> {
    let Parsed::Receive(parts) = body else { return Vec::new() };
    let mut cases: Vec<ast::ReceiveCase> = Vec::new();
    let mut lost = None;
    for part in parts {
        match part {
            ReceivePart::Case(span, kind) => {
                cases.push(ast::ReceiveCase { span, kind, body: Vec::new() });
            }
            ReceivePart::Stmt(stmt) => {
                lost = Some(stmt.span);
                if let Some(last) = cases.last_mut() {
                    last.span = last.span.to(stmt.span);
                    last.body.push(stmt);
                }
            }
        }
    }
    if let (Some(span), true) = (lost, cases.is_empty()) {
        let kind = lost_case(span);
        cases.push(ast::ReceiveCase { span, kind, body: Vec::new() });
    }
    cases
}

/// A case that could not be read.
pub(in crate::syntax) fn lost_case(span: Span) -> ast::ReceiveCaseKind {
    let source = ast::Expr { span, kind: Box::new(ast::ExprKind::Error) };
    ast::ReceiveCaseKind::From { sources: vec![source], into: None, guard: None }
}

pub(in crate::syntax) fn into_single(
    ty: ast::Type,
    name: ast::Ident,
) -> ast::ReceiveBinding {
    ast::ReceiveBinding::Single { ty, name }
}

pub(in crate::syntax) fn tuple_pattern(
    span: Span,
    parts: Vec<ast::TuplePatternPart>,
) -> ast::TuplePattern {
    ast::TuplePattern { span, parts }
}

pub(in crate::syntax) fn typed_part(
    ty: ast::Type,
    name: ast::Ident,
) -> ast::TuplePatternPart {
    ast::TuplePatternPart::Name { ty, name }
}

pub(in crate::syntax) fn var_part(name: ast::Ident) -> ast::TuplePatternPart {
    ast::TuplePatternPart::Name { ty: var_type(name.span), name }
}

pub(in crate::syntax) fn bare_part(name: ast::Ident) -> ast::TuplePatternPart {
    ast::TuplePatternPart::Bare(name)
}

pub(in crate::syntax) fn nested_part(
    span: Span,
    parts: Vec<ast::TuplePatternPart>,
) -> ast::TuplePatternPart {
    ast::TuplePatternPart::Nested(ast::TuplePattern { span, parts })
}

fn pattern(span: Span, kind: PatternKind) -> ast::Pattern {
    ast::Pattern { span, kind }
}

pub(in crate::syntax) fn pattern_or(
    span: Span,
    a: ast::Pattern,
    b: ast::Pattern,
) -> ast::Pattern {
    pattern(span, PatternKind::Or(Box::new(a), Box::new(b)))
}

pub(in crate::syntax) fn pattern_and(
    span: Span,
    a: ast::Pattern,
    b: ast::Pattern,
) -> ast::Pattern {
    pattern(span, PatternKind::And(Box::new(a), Box::new(b)))
}

pub(in crate::syntax) fn pattern_not(span: Span, inner: ast::Pattern) -> ast::Pattern {
    pattern(span, PatternKind::Not(Box::new(inner)))
}

/// `var x`, `T x`; `var _` and `T _` keep the name.
pub(in crate::syntax) fn pattern_typed(
    span: Span,
    ty: ast::Type,
    name: ast::Ident,
) -> ast::Pattern {
    let kind = match ty.kind {
        TypeKind::Var if &*name.name == "_" => PatternKind::Wildcard,
        TypeKind::Var => PatternKind::Var(name),
        _ => PatternKind::Typed { ty, name },
    };
    pattern(span, kind)
}

/// `var (a, b)` as a pattern.
pub(in crate::syntax) fn pattern_vars(tuple: ast::TuplePattern) -> ast::Pattern {
    let part = |it: ast::TuplePatternPart| match it {
        ast::TuplePatternPart::Name { ty, name } => pattern_typed(name.span, ty, name),
        ast::TuplePatternPart::Bare(name) => {
            pattern_typed(name.span, var_type(name.span), name)
        }
        ast::TuplePatternPart::Nested(inner) => pattern_vars(inner),
    };
    pattern(tuple.span, PatternKind::Tuple(tuple.parts.into_iter().map(part).collect()))
}

pub(in crate::syntax) fn pattern_relation(
    span: Span,
    op: ast::BinaryOp,
    value: ast::Expr,
) -> ast::Pattern {
    pattern(span, PatternKind::Relational { op, value })
}

/// `(p)` is `p`, `(p, q)` a tuple.
pub(in crate::syntax) fn pattern_tuple(
    span: Span,
    mut parts: Vec<ast::Pattern>,
) -> ast::Pattern {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            pattern(span, PatternKind::Tuple(parts))
        }
    }
}

/// `Option<int>.Some(var x)`; type arguments add nothing to what the subject's type says.
pub(in crate::syntax) fn pattern_case(
    span: Span,
    parts: Vec<ast::TypePart>,
    args: Vec<ast::Pattern>,
) -> ast::Pattern {
    let parts: Vec<_> = parts.into_iter().map(|it| it.name).collect();
    let path_span = match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => span,
    };
    pattern(span, PatternKind::Case { path: ast::Path { parts, span: path_span }, args })
}

pub(in crate::syntax) fn pattern_fields(
    span: Span,
    ty: Option<ast::Type>,
    fields: Vec<(ast::Ident, ast::Pattern)>,
    name: Option<ast::Ident>,
) -> ast::Pattern {
    pattern(span, PatternKind::Properties { ty, fields, name })
}

pub(in crate::syntax) fn pattern_constant(value: ast::Expr) -> ast::Pattern {
    let kind = match *value.kind {
        ExprKind::Placeholder => PatternKind::Wildcard,
        ExprKind::Error => PatternKind::Error,
        _ => return pattern(value.span, PatternKind::Expr(value)),
    };
    pattern(value.span, kind)
}

/// A dotted name where an expression stands.
pub(in crate::syntax) fn type_as_expr(named: ast::Type) -> ast::Expr {
    let TypeKind::Named(parts) = named.kind else {
        return expr(named.span, ExprKind::TypeName(named));
    };
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return expr(named.span, ExprKind::Error) };
    let base = match first.args.is_empty() {
        _ if is_builtin(&first.name.name) => {
            let span = first.name.span;
            expr(span, ExprKind::TypeName(ty(span, TypeKind::Named(vec![first]))))
        }
        true => super::name(first.name),
        false => super::generic_name(first.name.span, first.name, first.args),
    };
    parts.fold(base, |base, part| {
        let span = base.span.to(part.name.span);
        super::member(span, base, part.name, Some(part.args))
    })
}

fn is_builtin(name: &str) -> bool {
    use logos::Logos;
    matches!(
        crate::syntax::token::Tok::lexer(name).next(),
        Some(Ok(crate::syntax::token::Tok::Builtin(_)))
    )
}
