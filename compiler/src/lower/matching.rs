//! `x is pattern`: as a condition of `if`, where its variables live in the branch, and
//! anywhere else, where they are slots that are filled when it matches.

use std::collections::BTreeSet;

use crate::hir::body::{
    BinaryOp as HirOp, ExprKind as HirKind, Pattern as HirPattern, PatternKind, Stmt,
    StmtKind,
};
use crate::hir::{ExprId, LocalId};
use crate::ir::{self, Expr, ExprKind, Pattern};

use super::body::{Fx, SlotKind};
use super::build::{stmt_block, value_block};
use super::pattern::{Beside, binds, bound, conjunction, tuple};
use super::walk;

impl Fx<'_, '_> {
    /// `x is pattern` as a value.
    pub(super) fn is_pattern(&mut self, operand: ExprId, pattern: &HirPattern) -> Expr {
        let at = self.at;
        let ty = self.converted_ty(operand);
        if !binds(pattern) {
            let place = self.storage(operand);
            // The test may need statements, which cannot stand inside a closure.
            let value = match Self::in_state(&place) {
                true => {
                    let value = self.read(place);
                    self.bind(value)
                }
                false => self.access(place, false, vec![], |at, it, _| it.place(at)),
            };
            self.at = at;
            return self.test(pattern, value, &ty);
        }
        // `is not p` binds where it does not match.
        let (pattern, negated) = match &pattern.kind {
            PatternKind::Not(inner) => (&**inner, true),
            _ => (pattern, false),
        };
        let value = self.matched(operand, pattern);
        self.at = at;
        let mut beside = Beside::default();
        let compiled = self.pattern(pattern, &ty, true, &mut beside);
        let body = self.opened(beside.inner, |cx| {
            let mut stmts = Vec::new();
            for local in bound(pattern) {
                let found = cx.slot(local).var;
                let declared = cx.local_ty(local);
                let declared = ir::Ty::Option(Box::new(cx.lower.ty(&declared)));
                let slot = cx.declare(local, SlotKind::Late);
                let none = at.expr(ExprKind::None);
                cx.late_slots.push(at.bind(
                    Pattern::Var(slot),
                    Some(declared),
                    Some(none),
                ));
                let store = at.assign(at.var(slot), at.some(at.var(found)));
                stmts.push(at.stmt(store));
            }
            ir::Block { stmts, value: Some(Box::new(at.bool(!negated))) }
        });
        let guard = conjunction(at, beside.conditions);
        let arms = vec![
            at.arm(compiled, guard, body),
            at.arm(Pattern::Wildcard, None, value_block(at.bool(negated))),
        ];
        at.matching(value, arms)
    }

    /// `if (x is not pattern) return;`, whose variables live in the code behind it:
    /// `let (a, b) = match x { pattern => (a, b), _ => return };` Whether it is one.
    pub(super) fn is_guard_clause(&self, condition: ExprId, then: &Stmt) -> bool {
        let HirKind::Is { pattern, .. } = &self.frame.body.exprs[condition].kind else {
            return false;
        };
        matches!(pattern.kind, PatternKind::Not(_)) && binds(pattern) && jumps(then)
    }

    pub(super) fn guard_clause(&mut self, condition: ExprId, then: &Stmt) {
        let at = self.at;
        let HirKind::Is { operand, pattern } = &self.frame.body.exprs[condition].kind
        else {
            unreachable!("asked for `is` only")
        };
        let PatternKind::Not(pattern) = &pattern.kind else {
            unreachable!("asked for `is not` only")
        };
        let ty = self.converted_ty(*operand);
        let value = self.matched(*operand, pattern);
        self.at = at;
        let mut beside = Beside::default();
        let compiled = self.pattern(pattern, &ty, true, &mut beside);
        let guard = conjunction(at, beside.conditions);
        let locals = bound(pattern);
        let found = self.opened(beside.inner, |cx| {
            let vars = locals.iter().map(|it| at.var(cx.slot(*it).var));
            value_block(tuple(at, vars.collect()))
        });
        let held = self.held;
        let then = self.block(|cx| cx.stmt(then));
        self.held = held;
        let vars = locals.iter().map(|it| self.declare(*it, SlotKind::Value));
        let mut vars: Vec<Pattern> = vars.map(Pattern::Var).collect();
        let variables = match vars.len() {
            1 => vars.remove(0),
            _ => Pattern::Tuple(vars),
        };
        let arms =
            vec![at.arm(compiled, guard, found), at.arm(Pattern::Wildcard, None, then)];
        self.push(at.bind(variables, None, Some(at.matching(value, arms))));
    }

    /// What a pattern is matched against: a place, if nothing is moved out of it.
    fn matched(&mut self, operand: ExprId, pattern: &HirPattern) -> Expr {
        let value = self.value(operand);
        match value.kind {
            ExprKind::Clone(place) if !self.moves(pattern) => *place,
            _ => value,
        }
    }

    /// Whether a condition is `x is pattern && …` whose variables only the branch uses.
    pub(super) fn is_match(&self, condition: ExprId, then: &Stmt) -> bool {
        let (first, rest) = self.conjuncts(condition);
        let HirKind::Is { pattern, .. } = &self.frame.body.exprs[first].kind else {
            return false;
        };
        binds(pattern)
            && !matches!(pattern.kind, PatternKind::Not(_))
            && !self.frame.types.conversions.contains(first)
            && rest.iter().all(|it| !self.has_binding(*it))
            && !self.used_after(&bound(pattern), condition, then)
    }

    fn has_binding(&self, id: ExprId) -> bool {
        let body = self.frame.body;
        let mut found = false;
        walk::expressions(body, &crate::hir::body::Root::Expr(id), &mut |id| {
            if let HirKind::Is { pattern, .. } = &body.exprs[id].kind {
                found |= binds(pattern);
            }
        });
        found
    }

    /// The operands of a chain of `&&`: the first, and the rest in order.
    fn conjuncts(&self, condition: ExprId) -> (ExprId, Vec<ExprId>) {
        let mut rest = Vec::new();
        let mut at = condition;
        while let HirKind::Binary { op: HirOp::And, left, right } =
            self.frame.body.exprs[at].kind
        {
            rest.push(right);
            at = left;
        }
        rest.reverse();
        (at, rest)
    }

    /// Whether a variable bound in the condition occurs behind the branch of the `if`.
    fn used_after(&self, locals: &[LocalId], condition: ExprId, then: &Stmt) -> bool {
        let body = self.frame.body;
        let (lo, hi) = (body.exprs[condition].span.lo, then.span.hi);
        let locals: BTreeSet<LocalId> = locals.iter().copied().collect();
        body.exprs.iter().any(|it| match it.kind {
            HirKind::Local(local) => {
                locals.contains(&local) && (it.span.lo < lo || it.span.hi > hi)
            }
            _ => false,
        })
    }

    /// `if (x is pattern && …) then else otherwise` → `match x { pattern if … => then, _ => otherwise }`
    pub(super) fn if_matches(
        &mut self,
        condition: ExprId,
        then: &Stmt,
        otherwise: Option<&Stmt>,
    ) {
        let at = self.at;
        let (first, rest) = self.conjuncts(condition);
        let HirKind::Is { operand, pattern } = &self.frame.body.exprs[first].kind else {
            unreachable!("asked for `is` only")
        };
        let ty = self.converted_ty(*operand);
        let value = self.matched(*operand, pattern);
        self.at = at;
        let held = self.held;
        let mut beside = Beside::default();
        let compiled = self.pattern(pattern, &ty, true, &mut beside);
        let mut conditions = beside.conditions;
        for it in rest {
            let (stmts, value) = self.seq(|cx| {
                let inner = cx.used_parts(&beside.inner, it);
                let block = cx.opened(inner, |cx| cx.value_block(|cx| cx.value(it)));
                match (block.stmts.is_empty(), block.value) {
                    (true, Some(value)) => *value,
                    (_, value) => {
                        at.expr(ExprKind::Block(ir::Block { stmts: block.stmts, value }))
                    }
                }
            });
            conditions.push(at.block(stmts, value));
        }
        self.at = at;
        let guard = conjunction(at, conditions);
        let then = self.opened(beside.inner, |cx| cx.block(|cx| cx.stmt(then)));
        let after = std::mem::replace(&mut self.held, held);
        let otherwise = match otherwise {
            Some(it) => self.block(|cx| cx.stmt(it)),
            None => stmt_block(vec![]),
        };
        self.held &= after;
        let arms = vec![
            at.arm(compiled, guard, then),
            at.arm(Pattern::Wildcard, None, otherwise),
        ];
        self.push_expr(at.matching(value, arms));
    }
}

/// Whether control never gets behind the statement, as far as its last word tells.
fn jumps(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Return(_)
        | StmtKind::Throw(_)
        | StmtKind::Break
        | StmtKind::Continue => true,
        StmtKind::Block(block) => block.stmts.last().is_some_and(jumps),
        _ => false,
    }
}
