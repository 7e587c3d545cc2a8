//! Walks over the IR in evaluation order. It changes nothing and knows no meanings.

use super::{Block, Expr, ExprKind, Pattern, Stmt, StmtKind, Ty, Var};

/// What a walk is told about.
pub trait Visitor {
    /// An expression, before its parts.
    fn expr(&mut self, _expr: &Expr) {}
    /// A `let`, before its initial value.
    fn binding(&mut self, _pattern: &Pattern, _initialised: bool) {}
    /// Entering (`true`) or leaving a loop's or closure's body.
    fn repeat(&mut self, _enter: bool) {}
}

/// Walks the statements and the value of `block`.
pub fn block(block: &Block, visitor: &mut dyn Visitor) {
    for it in &block.stmts {
        stmt(it, visitor);
    }
    if let Some(value) = &block.value {
        expr(value, visitor);
    }
}

/// Walks one statement.
pub fn stmt(stmt: &Stmt, visitor: &mut dyn Visitor) {
    match &stmt.kind {
        StmtKind::Let { pattern, init, .. } => {
            visitor.binding(pattern, init.is_some());
            if let Some(init) = init {
                expr(init, visitor);
            }
        }
        StmtKind::Expr(it) => expr(it, visitor),
        StmtKind::Note(_) => {}
    }
}

fn all(exprs: &[Expr], visitor: &mut dyn Visitor) {
    for it in exprs {
        expr(it, visitor);
    }
}

fn body(pattern: Option<&Pattern>, it: &Block, visitor: &mut dyn Visitor) {
    visitor.repeat(true);
    if let Some(pattern) = pattern {
        visitor.binding(pattern, true);
    }
    block(it, visitor);
    visitor.repeat(false);
}

/// Walks `it` and its parts.
pub fn expr(it: &Expr, visitor: &mut dyn Visitor) {
    visitor.expr(it);
    match &it.kind {
        ExprKind::Literal(_)
        | ExprKind::Var(_)
        | ExprKind::This
        | ExprKind::Continue(_)
        | ExprKind::None
        | ExprKind::NoneOf(_)
        | ExprKind::RtConst(_)
        | ExprKind::Unreachable(_) => {}
        ExprKind::Field(a, _)
        | ExprKind::TupleField(a, _)
        | ExprKind::Clone(a)
        | ExprKind::Ref(a)
        | ExprKind::RefMut(a)
        | ExprKind::Deref(a)
        | ExprKind::Unary(_, a)
        | ExprKind::Cast(a, _)
        | ExprKind::Func(a)
        | ExprKind::Some(a)
        | ExprKind::Ok(a)
        | ExprKind::Err(a)
        | ExprKind::Matches(a, _)
        | ExprKind::OrBreak(_, a)
        | ExprKind::Throw { value: a, .. }
        | ExprKind::Try(a) => expr(a, visitor),
        ExprKind::Break(_, a) | ExprKind::Return(a) => {
            if let Some(a) = a {
                expr(a, visitor);
            }
        }
        ExprKind::Binary(_, a, b) => {
            expr(a, visitor);
            expr(b, visitor);
        }
        ExprKind::Assign { place, value }
        | ExprKind::CompoundAssign { place, value, .. } => {
            expr(value, visitor);
            expr(place, visitor);
        }
        ExprKind::Call { args, .. }
        | ExprKind::Tuple(args)
        | ExprKind::Vec(args)
        | ExprKind::Slice(args)
        | ExprKind::Case { args, .. } => all(args, visitor),
        ExprKind::CallValue { callee, args, .. } => {
            expr(callee, visitor);
            all(args, visitor);
        }
        ExprKind::Method { receiver, args, .. } => {
            expr(receiver, visitor);
            all(args, visitor);
        }
        ExprKind::Struct { fields, rest, .. } => {
            for (_, value) in fields {
                expr(value, visitor);
            }
            if let Some(rest) = rest {
                expr(rest, visitor);
            }
        }
        _ => control(it, visitor),
    }
}

/// Walks the parts of an expression that has blocks.
fn control(it: &Expr, visitor: &mut dyn Visitor) {
    match &it.kind {
        ExprKind::If { condition, then, otherwise } => {
            expr(condition, visitor);
            block(then, visitor);
            if let Some(otherwise) = otherwise {
                block(otherwise, visitor);
            }
        }
        ExprKind::Match { subject, arms } => {
            expr(subject, visitor);
            for arm in arms {
                visitor.binding(&arm.pattern, true);
                if let Some(guard) = &arm.guard {
                    expr(guard, visitor);
                }
                block(&arm.body, visitor);
            }
        }
        ExprKind::Handled { body, var, handler, .. } => {
            block(body, visitor);
            visitor.binding(&Pattern::Var(*var), true);
            block(handler, visitor);
        }
        ExprKind::Block(it)
        | ExprKind::Labeled(_, it)
        | ExprKind::Async { body: it, .. } => block(it, visitor),
        ExprKind::Loop { body: it, .. } => body(None, it, visitor),
        ExprKind::While { condition, body: it, .. } => {
            visitor.repeat(true);
            expr(condition, visitor);
            visitor.repeat(false);
            body(None, it, visitor);
        }
        ExprKind::For { pattern, iterable, body: it, .. } => {
            expr(iterable, visitor);
            body(Some(pattern), it, visitor);
        }
        ExprKind::Closure { params, body: it, .. } => closure(params, it, visitor),
        _ => unreachable!("every other expression is walked by `expr`"),
    }
}

fn closure(params: &[(Pattern, Option<Ty>)], it: &Block, visitor: &mut dyn Visitor) {
    visitor.repeat(true);
    for (pattern, _) in params {
        visitor.binding(pattern, true);
    }
    block(it, visitor);
    visitor.repeat(false);
}

/// Variables that a pattern binds, in order.
pub fn bound(pattern: &Pattern, each: &mut dyn FnMut(Var)) {
    match pattern {
        Pattern::Wildcard | Pattern::Literal(_) | Pattern::None | Pattern::RtConst(_) => {
        }
        Pattern::Var(var) | Pattern::RefVar(var) => each(*var),
        Pattern::Tuple(parts)
        | Pattern::Or(parts)
        | Pattern::RtCase(_, parts)
        | Pattern::Case { args: parts, .. } => {
            for part in parts {
                bound(part, each);
            }
        }
        Pattern::Struct { fields, .. } => {
            for (_, part) in fields {
                bound(part, each);
            }
        }
        Pattern::Some(part) => bound(part, each),
    }
}
