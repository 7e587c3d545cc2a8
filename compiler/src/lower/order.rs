//! Statements before the expression at hand, and the order of operands.
//!
//! Evaluation is left to right. An operand whose code needs statements first pushes them to
//! the current sequence; operands lowered before it are then put into temporaries ahead of
//! them, unless nothing can tell the difference: [`Fx::hold`] notes where an operand stands,
//! [`Fx::settle`] decides. It does not know what operands mean.

use crate::ir::{self, Expr, Pattern, Stmt};

use super::body::Fx;
use super::build::{At, stmt_block};
use super::stable::{is_place, is_stable};

/// Statements before the expression at hand.
#[derive(Debug, Default)]
pub(super) struct Seq {
    pub(super) stmts: Vec<Stmt>,
    /// The turn has to be taken before all of it.
    pub(super) enter: bool,
    /// Number of suspensions when it began.
    pub(super) began: u32,
}

/// An operand that is lowered but not yet evaluated.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) expr: Expr,
    /// Number of statements of the sequence when it was lowered.
    at: usize,
    /// It is a place to borrow, not a value.
    borrowed: bool,
}

impl<'a> Fx<'_, 'a> {
    pub(super) fn push(&mut self, stmt: Stmt) {
        self.seq.stmts.push(stmt);
    }

    pub(super) fn push_expr(&mut self, expr: Expr) {
        let stmt = Stmt { line: expr.line, kind: ir::StmtKind::Expr(expr) };
        self.push(stmt);
    }

    /// Evaluates `expr` here and names its value.
    pub(super) fn bind(&mut self, expr: Expr) -> Expr {
        let (var, at) = (self.temp(), At(expr.line));
        self.push(at.bind(Pattern::Var(var), None, Some(expr)));
        at.var(var)
    }

    /// Lowers into a sequence of its own; gives its statements.
    pub(super) fn seq<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> (Vec<Stmt>, R) {
        let inner = Seq { began: self.n_suspensions, ..Seq::default() };
        let outer = std::mem::replace(&mut self.seq, inner);
        let result = run(self);
        let inner = std::mem::replace(&mut self.seq, outer);
        let mut stmts = inner.stmts;
        if inner.enter {
            stmts.insert(0, self.enter_stmt());
        }
        (stmts, result)
    }

    /// A block of the statements that `run` pushes.
    pub(super) fn block(&mut self, run: impl FnOnce(&mut Self)) -> ir::Block {
        stmt_block(self.seq(run).0)
    }

    /// A block that ends in the value that `run` gives.
    pub(super) fn value_block(
        &mut self,
        run: impl FnOnce(&mut Self) -> Expr,
    ) -> ir::Block {
        let (stmts, value) = self.seq(run);
        ir::Block { stmts, value: Some(Box::new(value)) }
    }

    /// Notes an operand and where it stands.
    pub(super) fn hold(&self, expr: Expr) -> Held {
        Held { expr, at: self.seq.stmts.len(), borrowed: false }
    }

    /// Notes a place that will be borrowed.
    pub(super) fn hold_place(&self, expr: Expr) -> Held {
        Held { expr, at: self.seq.stmts.len(), borrowed: true }
    }

    /// Keeps operands in order: one that statements lowered after it could influence, or
    /// be influenced by, is evaluated ahead of them. `held` is in order of evaluation.
    pub(super) fn settle<'h>(&mut self, held: impl IntoIterator<Item = &'h mut Held>)
    where
        'a: 'h,
    {
        let mut held: Vec<&mut Held> = held.into_iter().collect();
        let end = self.seq.stmts.len();
        for it in held.iter_mut().rev() {
            if it.at >= end || is_stable(&it.expr, &self.seq.stmts[it.at..]) {
                continue;
            }
            let (var, at) = (self.temp(), At(it.expr.line));
            let expr = std::mem::replace(&mut it.expr, at.var(var));
            let expr = match it.borrowed && is_place(&expr) {
                true => at.clone(expr),
                false => expr,
            };
            let stmt = at.bind(Pattern::Var(var), None, Some(expr));
            self.seq.stmts.insert(it.at, stmt);
        }
    }

    /// Settles and gives the operands.
    pub(super) fn settled(&mut self, mut held: Vec<Held>) -> Vec<Expr> {
        self.settle(&mut held);
        held.into_iter().map(|it| it.expr).collect()
    }
}
