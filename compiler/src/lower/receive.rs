//! `receive { … }` → the runtime's `Select` and a `match` on the case that it chose.

use crate::hir::body::{
    Binding, ReceiveCase, ReceiveCaseKind, TuplePattern, TuplePatternPart,
};
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId};
use crate::ir::{self, Expr, ExprKind, Literal, Pattern, Var};

use super::body::{Fx, ScopeKind, SlotKind};
use super::build::{Flags, value_block};

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
                    if let ReceiveCaseKind::From { into: Some(into), .. } = &case.kind {
                        cx.take(select, into);
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
        sources: &[ExprId],
        into: Option<&Binding>,
        guard: Option<ExprId>,
    ) {
        let at = self.at;
        let mut held = Vec::new();
        for id in sources {
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
        let bound = into.map(locals).unwrap_or_default();
        let used = self.used_locals_of(guard);
        if !bound.iter().any(|it| used.contains(it)) {
            // It is the same for every message: looked at once.
            let condition = self.value(guard);
            self.at = at;
            let case = self.block(|cx| cx.select_call(select, &join, args));
            let never = self.block(|cx| cx.select_call(select, "never", vec![]));
            return self.push_expr(at.if_else(condition, case, never));
        }
        let into =
            into.unwrap_or_else(|| unreachable!("the guard uses a variable of it"));
        let n_params = args.len();
        let captured: Vec<LocalId> =
            used.into_iter().filter(|it| self.has_slot(*it)).collect();
        let closure = self.taking(at, &captured, |cx| cx.guard(into, guard, n_params));
        args.push(closure);
        self.select_call(select, &format!("{join}_when"), args);
    }

    /// `|x: &T| -> Result<bool> { … }`
    fn guard(&mut self, into: &Binding, guard: ExprId, n_params: usize) -> Expr {
        let at = self.at;
        let params: Vec<(Pattern, Option<ir::Ty>)> = match (into, n_params) {
            (Binding::Single(local), _) => {
                let ty = self.local_ty(*local);
                let ty = ir::Ty::Ref(Box::new(self.lower.ty(&ty)));
                let var = self.declare(*local, SlotKind::Ref);
                vec![(Pattern::Var(var), Some(ty))]
            }
            (Binding::Tuple(pattern), 1) => {
                let ty = ir::Ty::Ref(Box::new(self.tuple_ty(pattern)));
                vec![(self.borrowed_pattern(pattern), Some(ty))]
            }
            (Binding::Tuple(pattern), _) => pattern
                .parts
                .iter()
                .map(|part| {
                    let ty = ir::Ty::Ref(Box::new(self.part_ty(part)));
                    (self.borrowed_part(part), Some(ty))
                })
                .collect(),
        };
        let body = self.value_block(|cx| cx.value(guard));
        at.expr(ExprKind::Closure {
            params,
            moves: true,
            suspends: false,
            returns: Some(ir::Ty::Prim("bool")),
            throws: true,
            body,
        })
    }

    fn borrowed_pattern(&mut self, pattern: &TuplePattern) -> Pattern {
        Pattern::Tuple(pattern.parts.iter().map(|it| self.borrowed_part(it)).collect())
    }

    fn borrowed_part(&mut self, part: &TuplePatternPart) -> Pattern {
        match part {
            TuplePatternPart::Local(local) => {
                Pattern::Var(self.declare(*local, SlotKind::Ref))
            }
            TuplePatternPart::Discard(_) => Pattern::Wildcard,
            TuplePatternPart::Nested(inner) => self.borrowed_pattern(inner),
        }
    }

    fn tuple_ty(&mut self, pattern: &TuplePattern) -> ir::Ty {
        ir::Ty::Tuple(pattern.parts.iter().map(|it| self.part_ty(it)).collect())
    }

    fn part_ty(&mut self, part: &TuplePatternPart) -> ir::Ty {
        match part {
            TuplePatternPart::Local(local) => {
                let ty: Ty = self.local_ty(*local);
                self.lower.ty(&ty)
            }
            TuplePatternPart::Discard(_) => ir::Ty::Infer,
            TuplePatternPart::Nested(inner) => self.tuple_ty(inner),
        }
    }

    /// `let x: T = select.take();`
    fn take(&mut self, select: Var, into: &Binding) {
        let at = self.at;
        let ty = match into {
            Binding::Single(local) => {
                let ty = self.local_ty(*local);
                self.lower.ty(&ty)
            }
            Binding::Tuple(pattern) => self.tuple_ty(pattern),
        };
        let element = Ty::tuple([]);
        let (pattern, first) = self.binding(into, &element);
        let taken = at.method(at.borrow_mut(at.var(select)), "take", vec![]);
        self.push(at.bind(pattern, Some(ty), Some(taken)));
        for stmt in first {
            self.push(stmt);
        }
    }
}

/// Variables of a binding.
fn locals(binding: &Binding) -> Vec<LocalId> {
    fn of(pattern: &TuplePattern) -> Vec<LocalId> {
        pattern
            .parts
            .iter()
            .flat_map(|it| match it {
                TuplePatternPart::Local(local) => vec![*local],
                TuplePatternPart::Discard(_) => vec![],
                TuplePatternPart::Nested(inner) => of(inner),
            })
            .collect()
    }
    match binding {
        Binding::Single(local) => vec![*local],
        Binding::Tuple(pattern) => of(pattern),
    }
}
