//! Functions that give plain values and yet are left early, by unwinding, when the stack is
//! used up. Calls of them in the body of a `try`, in a function value or in code that waits
//! become calls that fail: nothing unwinds further than that.

use crate::ir::{Block, Callee, Expr, ExprKind, ItemRef, Pattern, Stmt, StmtKind, Var};
use crate::support::Name;

use super::build::{At, Flags, value_block};
use super::rewrite::{self, Part};
use super::settle::is_access;
use super::stable::is_place;

/// Whether a call in the block, outside of what catches it, may unwind.
pub(super) fn block(unwinds: &dyn Fn(ItemRef) -> bool, it: &mut Block) -> bool {
    let stmts = it.stmts.iter_mut().any(|it| match &mut it.kind {
        StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) => expr(unwinds, it),
        StmtKind::Let { init: None, .. } | StmtKind::Note(_) => false,
    });
    stmts || it.value.as_mut().is_some_and(|it| expr(unwinds, it))
}

fn expr(unwinds: &dyn Fn(ItemRef) -> bool, it: &mut Expr) -> bool {
    let access = is_access(it);
    match &mut it.kind {
        ExprKind::Closure { throws: true, .. } | ExprKind::Async { .. } => false,
        ExprKind::Handled { handler, .. } => block(unwinds, handler),
        ExprKind::Method { receiver, .. } if access => expr(unwinds, receiver),
        ExprKind::Call { callee: Callee::Item(item) | Callee::Method(item), .. }
            if unwinds(*item) =>
        {
            true
        }
        _ => {
            let mut found = false;
            rewrite::parts(it, &mut |part| {
                found = found
                    || match part {
                        Part::Expr(it) => expr(unwinds, it),
                        Part::Block(it) => block(unwinds, it),
                    };
            });
            found
        }
    }
}

/// Makes a call that may unwind one that fails. Gives the statements that evaluate what
/// the call is given: inside of a closure they could neither wait nor leave.
pub(super) fn caught(it: &mut Expr, vars: &mut Vec<Name>) -> Vec<Stmt> {
    let at = At(it.line);
    let call = std::mem::replace(it, at.unit());
    let ExprKind::Call { callee, args, throws, .. } = call.kind else {
        unreachable!("only calls unwind")
    };
    let method = matches!(callee, Callee::Method(_));
    let mut stmts = Vec::new();
    let mut kept = Vec::new();
    for (index, arg) in args.into_iter().enumerate() {
        let stays = match &arg.kind {
            ExprKind::Literal(_) | ExprKind::None | ExprKind::This => true,
            ExprKind::Ref(place) | ExprKind::RefMut(place) => is_place(place),
            _ => method && index == 0 && is_place(&arg),
        };
        if stays {
            kept.push(arg);
            continue;
        }
        vars.push("ax".into());
        let index = u32::try_from(vars.len() - 1).expect("fewer than 2^32 variables");
        stmts.push(at.bind(Pattern::Var(Var(index)), None, Some(arg)));
        kept.push(at.var(Var(index)));
    }
    let closure = at.expr(ExprKind::Closure {
        params: vec![],
        moves: false,
        suspends: false,
        returns: None,
        throws: false,
        body: value_block(at.callee(callee, kept)),
    });
    let path = if throws { "caught_flat" } else { "caught" };
    *it = at.rt(path, vec![closure]).fallible();
    stmts
}
