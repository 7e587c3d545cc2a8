//! `receive { … }` → the runtime's `Select` and a `match` on the case that it chose.

use crate::hir::body::{
    Binding, ExprKind as HirKind, ReceiveCase, ReceiveCaseKind, Root,
};
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId};
use crate::ir::{self, Expr, ExprKind, Literal, Pattern, Var};

use super::body::{Fx, ScopeKind};
use super::build::{Flags, value_block};
use super::{pattern, walk};

impl Fx<'_, '_> {
    pub(super) fn receive_cases(&mut self, cases: &[ReceiveCase]) {
        let at = self.at;
        let select = self.new_var("select");
        let new = at.rt("Select::new", vec![]);
        self.push(at.bind(Pattern::Var(select), None, Some(new)));
        let mut patterns = Vec::new();
        let mut n_cases = 0;
        for case in cases {
            let at = self.go(case.span);
            patterns.push(match &case.kind {
                ReceiveCaseKind::From { sources, into, guard } => {
                    self.from_case(select, sources, into.as_ref(), *guard);
                    n_cases += 1;
                    Pattern::Literal(Literal::Int(n_cases - 1, "i32"))
                }
                ReceiveCaseKind::Timeout(limit) => {
                    let limit = self.value(*limit);
                    self.select_call(select, "timeout", vec![limit]);
                    self.at = at;
                    Pattern::RtConst("Select::TIMEOUT")
                }
                ReceiveCaseKind::Default => {
                    self.select_call(select, "default_case", vec![]);
                    Pattern::RtConst("Select::DEFAULT")
                }
            });
        }
        self.at = at;
        let wait = at.method(at.borrow_mut(at.var(select)), "wait", vec![]);
        let wait = wait.fallible().awaited();
        self.suspend();
        let mut after = true;
        let (label, mut arms) = self.scope(ScopeKind::Leave, |cx| {
            let mut arms = Vec::new();
            for (case, pattern) in cases.iter().zip(patterns) {
                let at = cx.go(case.span);
                cx.held = false;
                let body = cx.block(|cx| {
                    if let ReceiveCaseKind::From { sources, into, guard } = &case.kind {
                        if let Some(into) = into {
                            let message = cx.message_of(sources);
                            cx.take(select, into, &message);
                        }
                        cx.bind_by_guard(*guard);
                    }
                    cx.stmts(super::switch::without_break(&case.body.stmts));
                });
                after &= cx.held;
                arms.push(at.arm(pattern, None, body));
            }
            arms
        });
        self.held = after;
        let never = at.expr(ExprKind::Unreachable("there is no such case"));
        arms.push(at.arm(Pattern::Wildcard, None, value_block(never)));
        let matching = at.matching(wait, arms);
        match label {
            Some(label) => {
                let block = super::build::stmt_block(vec![at.stmt(matching)]);
                self.push_expr(at.expr(ExprKind::Labeled(label, block)));
            }
            None => self.push_expr(matching),
        }
    }

    fn select_call(&mut self, select: Var, name: &str, args: Vec<Expr>) {
        let at = self.at;
        self.push_expr(at.method(at.borrow_mut(at.var(select)), name, args));
    }

    /// `from a, b into (var x, var y) when …:`
    fn from_case(
        &mut self,
        select: Var,
        ids: &[ExprId],
        into: Option<&Binding>,
        guard: Option<ExprId>,
    ) {
        let at = self.at;
        let message = self.message_of(ids);
        let mut held = Vec::new();
        for id in ids {
            let source = self.source(*id);
            held.push(source);
        }
        self.at = at;
        let sources = self.settled(held);
        let mut args: Vec<Expr> = sources.into_iter().map(|it| at.borrow(it)).collect();
        let join = match args.len() {
            1 => String::from("case"),
            n => format!("join{n}"),
        };
        let Some(guard) = guard else {
            return self.select_call(select, &join, args);
        };
        // Variables of the case itself are new each time; a statement may be lowered again, where
        // it is in a `finally`.
        let exprs = &self.frame.body.exprs;
        let begin = ids.last().map_or(exprs[guard].span.lo, |it| exprs[*it].span.hi);
        let end = exprs[guard].span.hi;
        let is_own = |it: &LocalId| {
            let span = self.frame.body.locals[*it].span;
            begin <= span.lo && span.hi <= end
        };
        let mut captured = self.captured_by(&Root::Expr(guard));
        captured.retain(|it| !is_own(it));
        let touched = std::mem::replace(&mut self.touched, false);
        let closure = self.taking(at, &captured, |cx| cx.guard(into, guard, &message));
        if std::mem::replace(&mut self.touched, touched) {
            let turns = self.entering();
            self.select_call(select, "in_turns", vec![turns]);
        }
        args.push(closure);
        self.select_call(select, &format!("{join}_when"), args);
    }

    /// Variables that patterns of the guard bind are bound again for the body of the case:
    /// nothing that the guard looks at has changed since.
    fn bind_by_guard(&mut self, guard: Option<ExprId>) {
        let Some(guard) = guard else { return };
        let body = self.frame.body;
        let mut binds = false;
        walk::expressions(body, &Root::Expr(guard), &mut |id| {
            if let HirKind::Is { pattern, .. } = &body.exprs[id].kind {
                binds |= !pattern::bound(pattern).is_empty();
            }
        });
        if binds {
            let at = self.at;
            let holds = self.with_slots(|cx| cx.value(guard));
            self.push(at.bind(Pattern::Wildcard, None, Some(holds)));
        }
    }

    /// What a case takes: of several sources, the tuple of their messages.
    fn message_of(&self, sources: &[ExprId]) -> Ty {
        let of = |id: &ExprId| match self.frame.types.messages.get(*id) {
            Some(ty) => self.substitute(ty),
            None => unreachable!("every source of a checked program is known"),
        };
        match sources {
            [one] => of(one),
            several => Ty::tuple(several.iter().map(of)),
        }
    }

    /// `|x: &T| -> Result<bool> { … }`
    fn guard(&mut self, into: Option<&Binding>, guard: ExprId, message: &Ty) -> Expr {
        let at = self.at;
        let ty = ir::Ty::Ref(Box::new(self.lower.ty(message)));
        let mut late = Vec::new();
        let pattern = match (into, message) {
            (None, _) => Pattern::Wildcard,
            (Some(Binding::Single(local)), _) => self.borrowed(*local, &mut late),
            (Some(Binding::Tuple(pattern)), Ty::Tuple(_)) => {
                self.borrowed_parts(pattern, &mut late)
            }
            (Some(Binding::Tuple(_)), _) => Pattern::Var(self.temp()),
        };
        let body = self.value_block(|cx| {
            if let (Some(Binding::Tuple(parts)), Pattern::Var(var)) = (into, &pattern) {
                cx.deconstruct(at, parts, at.clone(at.deref(at.var(*var))), message);
            }
            cx.bind_converted(late);
            cx.with_slots(|cx| cx.value(guard))
        });
        at.expr(ExprKind::Closure {
            params: vec![(pattern, Some(ty))],
            moves: true,
            suspends: false,
            returns: Some(ir::Ty::Prim("bool")),
            throws: true,
            body,
        })
    }

    /// `let x: T = select.take();`
    fn take(&mut self, select: Var, into: &Binding, message: &Ty) {
        let at = self.at;
        let ty = self.lower.ty(message);
        let (pattern, first) = self.binding(into, message);
        let taken = at.method(at.borrow_mut(at.var(select)), "take", vec![]);
        self.push(at.bind(pattern, Some(ty), Some(taken)));
        for stmt in first {
            self.push(stmt);
        }
    }
}
