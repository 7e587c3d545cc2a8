//! Constructors of expressions.

use crate::support::span::Span;
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::syntax::token::HoleTail;

pub(in crate::syntax) fn expr(span: Span, kind: ExprKind) -> Expr {
    Expr { span, kind: Box::new(kind) }
}

pub(in crate::syntax) fn literal(span: Span, value: ast::Literal) -> Expr {
    expr(span, ExprKind::Literal(value))
}

/// A name; `_` is a discard or the message of a placeholder call.
pub(in crate::syntax) fn name(name: ast::Ident) -> Expr {
    let kind = if &*name.name == "_" {
        ExprKind::Placeholder
    } else {
        ExprKind::Name(name.clone())
    };
    expr(name.span, kind)
}

pub(in crate::syntax) fn generic_name(
    span: Span,
    name: ast::Ident,
    args: Vec<ast::Type>,
) -> Expr {
    expr(span, ExprKind::GenericName { name, args })
}

pub(in crate::syntax) fn type_name(ty: ast::Type) -> Expr {
    expr(ty.span, ExprKind::TypeName(ty))
}

/// `T[]` where an expression may stand.
pub(in crate::syntax) fn array_name(
    span: Span,
    element: ast::Type,
    ranks: usize,
) -> Expr {
    expr(span, ExprKind::TypeName(ast::Type { span, ..ranked(element, ranks) }))
}

pub(in crate::syntax) fn paren(span: Span, inner: Expr) -> Expr {
    expr(span, ExprKind::Paren(inner))
}

type Element = (Option<ast::Ident>, Expr);

pub(in crate::syntax) fn tuple(span: Span, first: Element, rest: Vec<Element>) -> Expr {
    let mut all = vec![first];
    all.extend(rest);
    expr(span, ExprKind::Tuple(all))
}

pub(in crate::syntax) fn vector(span: Span, items: Vec<Expr>) -> Expr {
    expr(span, ExprKind::Vector(items))
}

pub(in crate::syntax) fn member(
    span: Span,
    base: Expr,
    name: ast::Ident,
    args: Option<Vec<ast::Type>>,
) -> Expr {
    expr(span, ExprKind::Member { base, name, args: args.unwrap_or_default() })
}

pub(in crate::syntax) fn null_member(
    span: Span,
    base: Expr,
    name: ast::Ident,
    args: Option<Vec<ast::Type>>,
) -> Expr {
    expr(span, ExprKind::NullMember { base, name, args: args.unwrap_or_default() })
}

pub(in crate::syntax) fn port(span: Span, base: Expr, name: ast::Ident) -> Expr {
    expr(span, ExprKind::Port { base, name })
}

pub(in crate::syntax) fn index(span: Span, base: Expr, args: Vec<Expr>) -> Expr {
    expr(span, ExprKind::Index { base, args })
}

pub(in crate::syntax) fn null_index(span: Span, base: Expr, args: Vec<Expr>) -> Expr {
    expr(span, ExprKind::NullIndex { base, args })
}

pub(in crate::syntax) fn call(span: Span, callee: Expr, args: Vec<ast::Arg>) -> Expr {
    expr(span, ExprKind::Call { callee, args })
}

pub(in crate::syntax) fn arg(
    span: Span,
    name: Option<ast::Ident>,
    value: Expr,
) -> ast::Arg {
    ast::Arg { span, name, assigned: false, value }
}

/// Arguments where `Name = e` gives a name: of `new T(…)` and of attributes.
pub(in crate::syntax) fn assigned_args(args: Vec<ast::Arg>) -> Vec<ast::Arg> {
    args.into_iter().map(assigned_arg).collect()
}

fn assigned_arg(arg: ast::Arg) -> ast::Arg {
    match *arg.value.kind {
        ExprKind::Assign { ref target, op: None, ref value } if arg.name.is_none() => {
            match &*target.kind {
                ExprKind::Name(name) => ast::Arg {
                    span: arg.span,
                    name: Some(name.clone()),
                    assigned: true,
                    value: value.clone(),
                },
                _ => arg,
            }
        }
        _ => arg,
    }
}

pub(in crate::syntax) fn new(
    span: Span,
    ty: Option<ast::Type>,
    args: Vec<ast::Arg>,
    init: Option<ast::Initializer>,
) -> Expr {
    expr(span, ExprKind::New { ty, args: assigned_args(args), init })
}

/// `element` with `ranks` times `[]` behind it.
fn ranked(element: ast::Type, ranks: usize) -> ast::Type {
    (0..ranks)
        .fold(element, |it, _| super::ty(it.span, ast::TypeKind::Array(Box::new(it))))
}

/// `new T[size][]…`: the further ranks belong to the element type.
pub(in crate::syntax) fn new_array(
    span: Span,
    element: ast::Type,
    size: Expr,
    ranks: usize,
) -> Expr {
    expr(span, ExprKind::NewArray { element: ranked(element, ranks), size })
}

/// `new T[] { … }`, `new T[][] { … }`
pub(in crate::syntax) fn new_array_items(
    span: Span,
    element: ast::Type,
    ranks: usize,
    items: Vec<Expr>,
) -> Expr {
    let element = Some(ranked(element, ranks.saturating_sub(1)));
    expr(span, ExprKind::NewArrayInit { element, items })
}

pub(in crate::syntax) fn new_items(span: Span, items: Vec<Expr>) -> Expr {
    expr(span, ExprKind::NewArrayInit { element: None, items })
}

/// An element between the braces of an initialiser.
#[derive(Debug)]
pub(in crate::syntax) enum InitItem {
    Value(Expr),
    Pair(Expr, Expr),
}

/// `{ A = 1 }` sets fields, `{ { k, v } }` and `{ [k] = v }` pairs, anything else adds items.
pub(in crate::syntax) fn initializer(items: Vec<InitItem>) -> ast::Initializer {
    let is_field = |it: &InitItem| match it {
        InitItem::Value(value) => matches!(
            &*value.kind,
            ExprKind::Assign { target, op: None, .. } if matches!(*target.kind, ExprKind::Name(_))
        ),
        InitItem::Pair(..) => false,
    };
    let is_pair = |it: &InitItem| match it {
        InitItem::Value(value) => {
            matches!(&*value.kind, ExprKind::Vector(pair) if pair.len() == 2)
        }
        InitItem::Pair(..) => true,
    };
    if !items.is_empty() && items.iter().all(is_field) {
        return ast::Initializer::Fields(items.into_iter().filter_map(field).collect());
    }
    if !items.is_empty() && items.iter().all(is_pair) {
        return ast::Initializer::Pairs(items.into_iter().filter_map(pair).collect());
    }
    ast::Initializer::Items(items.into_iter().map(item).collect())
}

fn field(item: InitItem) -> Option<(ast::Ident, Expr)> {
    let InitItem::Value(value) = item else { return None };
    let ExprKind::Assign { target, value, .. } = *value.kind else { return None };
    let ExprKind::Name(name) = *target.kind else { return None };
    Some((name, value))
}

fn pair(item: InitItem) -> Option<(Expr, Expr)> {
    let value = match item {
        InitItem::Pair(key, value) => return Some((key, value)),
        InitItem::Value(value) => value,
    };
    let ExprKind::Vector(both) = *value.kind else { return None };
    let mut both = both.into_iter();
    Some((both.next()?, both.next()?))
}

/// `[k] = v` among plain items keeps its value.
fn item(item: InitItem) -> Expr {
    match item {
        InitItem::Value(value) => value,
        InitItem::Pair(key, value) => {
            let span = key.span.to(value.span);
            vector(span, vec![key, value])
        }
    }
}

pub(in crate::syntax) fn unary(span: Span, op: ast::UnaryOp, operand: Expr) -> Expr {
    expr(span, ExprKind::Unary { op, operand })
}

pub(in crate::syntax) fn increment(
    span: Span,
    prefix: bool,
    decrement: bool,
    operand: Expr,
) -> Expr {
    expr(span, ExprKind::Increment { prefix, decrement, operand })
}

pub(in crate::syntax) fn from_end(span: Span, operand: Expr) -> Expr {
    expr(span, ExprKind::FromEnd(operand))
}

pub(in crate::syntax) fn cast(span: Span, ty: ast::Type, operand: Expr) -> Expr {
    expr(span, ExprKind::Cast { ty, operand })
}

pub(in crate::syntax) fn non_null(span: Span, operand: Expr) -> Expr {
    expr(span, ExprKind::NonNull(operand))
}

pub(in crate::syntax) fn binary(
    span: Span,
    op: ast::BinaryOp,
    left: Expr,
    right: Expr,
) -> Expr {
    expr(span, ExprKind::Binary { op, left, right })
}

pub(in crate::syntax) fn coalesce(span: Span, left: Expr, right: Expr) -> Expr {
    expr(span, ExprKind::Coalesce { left, right })
}

pub(in crate::syntax) fn conditional(
    span: Span,
    condition: Expr,
    then: Expr,
    otherwise: Expr,
) -> Expr {
    expr(span, ExprKind::Conditional { condition, then, otherwise })
}

pub(in crate::syntax) fn assign(
    span: Span,
    target: Expr,
    op: Option<ast::AssignOp>,
    value: Expr,
) -> Expr {
    expr(span, ExprKind::Assign { target, op, value })
}

pub(in crate::syntax) fn is(span: Span, operand: Expr, pattern: ast::Pattern) -> Expr {
    expr(span, ExprKind::Is { operand, pattern })
}

pub(in crate::syntax) fn with(
    span: Span,
    operand: Expr,
    fields: Vec<(ast::Ident, Expr)>,
) -> Expr {
    expr(span, ExprKind::With { operand, fields })
}

pub(in crate::syntax) fn switch_expr(
    span: Span,
    subject: Expr,
    arms: Vec<ast::SwitchArm>,
) -> Expr {
    expr(span, ExprKind::SwitchExpr { subject, arms })
}

pub(in crate::syntax) fn switch_arm(
    span: Span,
    pattern: ast::Pattern,
    guard: Option<Expr>,
    value: Expr,
) -> ast::SwitchArm {
    ast::SwitchArm { span, pattern, guard, value }
}

pub(in crate::syntax) fn lambda(
    span: Span,
    params: Vec<ast::LambdaParam>,
    body: ast::LambdaBody,
) -> Expr {
    expr(span, ExprKind::Lambda { params, body })
}

pub(in crate::syntax) fn lambda_param(
    ty: Option<ast::Type>,
    name: ast::Ident,
) -> ast::LambdaParam {
    ast::LambdaParam { ty, name }
}

/// The parameter of `x => …`.
pub(in crate::syntax) fn bare_param(name: ast::Ident) -> Vec<ast::LambdaParam> {
    vec![lambda_param(None, name)]
}

pub(in crate::syntax) fn throw(span: Span, value: Expr) -> Expr {
    expr(span, ExprKind::Throw(value))
}

pub(in crate::syntax) fn checked(span: Span, checked: bool, operand: Expr) -> Expr {
    expr(span, ExprKind::Checked { checked, operand })
}

pub(in crate::syntax) fn range(span: Span, from: Option<Expr>, to: Option<Expr>) -> Expr {
    expr(span, ExprKind::Range { from, to })
}

pub(in crate::syntax) fn receive(
    span: Span,
    source: Expr,
    timeout: Option<Expr>,
) -> Expr {
    expr(span, ExprKind::Receive { source, timeout })
}

pub(in crate::syntax) fn send(span: Span, target: Expr, value: Expr) -> Expr {
    expr(span, ExprKind::Send { target, value })
}

pub(in crate::syntax) fn network(
    span: Span,
    left: Expr,
    (op, op_span): (ast::NetworkOp, Span),
    right: Expr,
) -> Expr {
    expr(span, ExprKind::Network { op, op_span, left, right })
}

pub(in crate::syntax) fn unsupported_expr(span: Span, what: &str) -> Expr {
    expr(span, ExprKind::Unsupported { what: what.into() })
}

pub(in crate::syntax) fn interpolated(
    span: Span,
    parts: Vec<ast::InterpolationPart>,
) -> Expr {
    expr(span, ExprKind::Interpolated(parts))
}

pub(in crate::syntax) fn hole(value: Expr, tail: &HoleTail) -> ast::InterpolationPart {
    let format = tail.format.as_ref().map(|it| it.to_string());
    ast::InterpolationPart::Hole { value, alignment: tail.alignment, format }
}
