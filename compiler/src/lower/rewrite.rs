//! Changes finished IR in place, innermost expressions first.

use crate::ir::{Block, Expr, ExprKind, Stmt, StmtKind};

/// Calls `each` for every expression of the block.
pub(super) fn block(it: &mut Block, each: &mut dyn FnMut(&mut Expr)) {
    for it in &mut it.stmts {
        stmt(it, each);
    }
    if let Some(value) = &mut it.value {
        expr(value, each);
    }
}

fn stmt(it: &mut Stmt, each: &mut dyn FnMut(&mut Expr)) {
    match &mut it.kind {
        StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) => expr(it, each),
        StmtKind::Let { init: None, .. } | StmtKind::Note(_) => {}
    }
}

/// Calls `each` for the parts of the expression and then for itself.
pub(super) fn expr(it: &mut Expr, each: &mut dyn FnMut(&mut Expr)) {
    parts(it, &mut |part| match part {
        Part::Expr(it) => expr(it, each),
        Part::Block(it) => block(it, each),
    });
    each(it);
}

/// A part of an expression.
pub(super) enum Part<'e> {
    Expr(&'e mut Expr),
    Block(&'e mut Block),
}

/// Calls `each` for the direct parts of an expression, in the order in which the target
/// evaluates them.
pub(super) fn parts<'e>(it: &'e mut Expr, each: &mut dyn FnMut(Part<'e>)) {
    let mut all = |exprs: &'e mut [Expr]| {
        for it in exprs {
            each(Part::Expr(it));
        }
    };
    match &mut it.kind {
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
        | ExprKind::Try(a) => each(Part::Expr(a)),
        ExprKind::Break(_, a) | ExprKind::Return(a) => {
            if let Some(a) = a {
                each(Part::Expr(a));
            }
        }
        ExprKind::Binary(_, a, b) => {
            each(Part::Expr(a));
            each(Part::Expr(b));
        }
        ExprKind::Assign { place, value }
        | ExprKind::CompoundAssign { place, value, .. } => {
            each(Part::Expr(value));
            each(Part::Expr(place));
        }
        ExprKind::Call { args, .. }
        | ExprKind::Tuple(args)
        | ExprKind::Vec(args)
        | ExprKind::Slice(args)
        | ExprKind::Case { args, .. } => all(args),
        ExprKind::CallValue { callee, args, .. } => {
            each(Part::Expr(callee));
            for it in args {
                each(Part::Expr(it));
            }
        }
        ExprKind::Method { receiver, args, .. } => {
            each(Part::Expr(receiver));
            for it in args {
                each(Part::Expr(it));
            }
        }
        ExprKind::Struct { fields, rest, .. } => {
            for (_, value) in fields {
                each(Part::Expr(value));
            }
            if let Some(rest) = rest {
                each(Part::Expr(rest));
            }
        }
        kind => control(kind, each),
    }
}

/// The parts of an expression that has blocks.
fn control<'e>(it: &'e mut ExprKind, each: &mut dyn FnMut(Part<'e>)) {
    match it {
        ExprKind::If { condition, then, otherwise } => {
            each(Part::Expr(condition));
            each(Part::Block(then));
            if let Some(otherwise) = otherwise {
                each(Part::Block(otherwise));
            }
        }
        ExprKind::Match { subject, arms } => {
            each(Part::Expr(subject));
            for arm in arms {
                if let Some(guard) = &mut arm.guard {
                    each(Part::Expr(guard));
                }
                each(Part::Block(&mut arm.body));
            }
        }
        ExprKind::Handled { body, handler, .. } => {
            each(Part::Block(body));
            each(Part::Block(handler));
        }
        ExprKind::Block(it)
        | ExprKind::Labeled(_, it)
        | ExprKind::Loop { body: it, .. }
        | ExprKind::Closure { body: it, .. }
        | ExprKind::Async { body: it, .. } => each(Part::Block(it)),
        ExprKind::While { condition, body, .. } => {
            each(Part::Expr(condition));
            each(Part::Block(body));
        }
        ExprKind::For { iterable, body, .. } => {
            each(Part::Expr(iterable));
            each(Part::Block(body));
        }
        _ => unreachable!("every other expression is handled by `parts`"),
    }
}
