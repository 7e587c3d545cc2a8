//! `receive { … }` → the runtime's `Select` and a `match` on the case that it chose.

use crate::hir::body::{
    Binding, ExprKind as HirKind, ReceiveCase, ReceiveCaseKind, Root,
};
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId};
use crate::ir::{self, Expr, ExprKind, Literal, Pattern, Var};

use super::body::{Fx, ScopeKind};
use super::build::{Flags, value_block};
use super::stable::is_place;
use super::{pattern, walk};

impl Fx<'_, '_> {
    pub(super) fn receive_cases(&mut self, cases: &[ReceiveCase]) {
        let at = self.at;
        let new = at.rt("Select::new", vec![]);
        let mut select = self.named("select", new);
        let plain = self.plain_sources(cases);
        let mut plain = plain.into_iter().flatten();
        let mut patterns = Vec::new();
        let mut messages = Vec::new();
        for case in cases {
            let at = self.go(case.span);
            let mut message = None;
            patterns.push(match &case.kind {
                ReceiveCaseKind::From { sources, into, guard } => {
                    let none = at.expr(ExprKind::None);
                    let slot = self.named("message", none);
                    message = Some(slot);
                    select = match plain.next() {
                        Some(source) => {
                            self.select_case(select, "case", vec![source], slot)
                        }
                        None => {
                            self.from_case(select, sources, into.as_ref(), *guard, slot)
                        }
                    };
                    let n_before = messages.iter().flatten().count();
                    Pattern::Literal(Literal::Int(n_before as i128, "i32"))
                }
                ReceiveCaseKind::Timeout(limit) => {
                    let limit = self.value(*limit);
                    select = self.select_call(select, "timeout", vec![limit]);
                    self.at = at;
                    Pattern::RtConst("Select::TIMEOUT")
                }
                ReceiveCaseKind::Default => {
                    select = self.select_call(select, "default_case", vec![]);
                    Pattern::RtConst("Select::DEFAULT")
                }
            });
            messages.push(message);
        }
        self.at = at;
        let wait = at.method(at.var(select), "wait", vec![]);
        let wait = wait.fallible().awaited();
        self.suspend();
        let mut after = true;
        let (label, mut arms) = self.scope(ScopeKind::Leave, |cx| {
            let mut arms = Vec::new();
            for ((case, pattern), message) in cases.iter().zip(patterns).zip(messages) {
                let at = cx.go(case.span);
                cx.held = false;
                let body = cx.block(|cx| {
                    if let ReceiveCaseKind::From { sources, into, guard } = &case.kind {
                        if let (Some(into), Some(slot)) = (into, message) {
                            let message = cx.message_of(sources);
                            cx.take(slot, into, &message);
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

    /// `let name = value;`
    fn named(&mut self, name: &str, value: Expr) -> Var {
        let var = self.new_var(name);
        let at = self.at;
        self.push(at.bind(Pattern::Var(var), None, Some(value)));
        var
    }

    /// The statement with one thing more, by a new name.
    fn select_call(&mut self, select: Var, name: &str, args: Vec<Expr>) -> Var {
        let at = self.at;
        let more = at.method(at.var(select), name, args);
        self.named("select", more)
    }

    /// The statement with one case more, whose message goes to `slot`.
    fn select_case(
        &mut self,
        select: Var,
        name: &str,
        mut args: Vec<Expr>,
        slot: Var,
    ) -> Var {
        let at = self.at;
        args.push(at.borrow_mut(at.var(slot)));
        self.select_call(select, name, args)
    }

    /// The sources of all cases, borrowed, where nothing but the statement happens before it waits:
    /// all are places that stay, and neither a guard nor a limit has code of its own.
    fn plain_sources(&mut self, cases: &[ReceiveCase]) -> Option<Vec<Expr>> {
        let exprs = &self.frame.body.exprs;
        let mut ids = Vec::new();
        for case in cases {
            match &case.kind {
                ReceiveCaseKind::From { sources, guard: None, .. } => {
                    match &sources[..] {
                        [one] => ids.push(*one),
                        _ => return None,
                    }
                }
                ReceiveCaseKind::Timeout(limit) => {
                    if !matches!(exprs[*limit].kind, HirKind::Literal(_)) {
                        return None;
                    }
                }
                ReceiveCaseKind::From { .. } => return None,
                ReceiveCaseKind::Default => {}
            }
        }
        let at = self.at;
        let places: Option<Vec<Expr>> = ids.iter().map(|id| self.lasting(*id)).collect();
        self.at = at;
        Some(places?.into_iter().map(|place| at.borrow(place)).collect())
    }

    /// The source, if it is a place that stays and needs no code to be found.
    fn lasting(&mut self, id: ExprId) -> Option<Expr> {
        let n_vars = self.vars.len();
        let (stmts, source) = self.seq(|cx| cx.source(id).expr);
        (stmts.is_empty() && self.vars.len() == n_vars && stays(&source))
            .then_some(source)
    }

    /// `from a, b into (var x, var y) when …:`
    fn from_case(
        &mut self,
        mut select: Var,
        ids: &[ExprId],
        into: Option<&Binding>,
        guard: Option<ExprId>,
        slot: Var,
    ) -> Var {
        let at = self.at;
        let message = self.message_of(ids);
        let mut held = Vec::new();
        for id in ids {
            let source = self.source(*id);
            held.push(source);
        }
        self.at = at;
        let sources = self.settled(held);
        // One source goes into the statement, since what follows may use up the variable that has it.
        let mut args: Vec<Expr> = match <[Expr; 1]>::try_from(sources) {
            Ok([it]) if is_place(&it) => vec![at.method(it, "source", vec![])],
            Ok([it]) => vec![it],
            Err(several) => several.into_iter().map(|it| at.borrow(it)).collect(),
        };
        let join = match args.len() {
            1 => String::from("case"),
            n => format!("join{n}"),
        };
        let Some(guard) = guard else {
            return self.select_case(select, &join, args, slot);
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
            select = self.select_call(select, "in_turns", vec![turns]);
        }
        args.push(closure);
        self.select_case(select, &format!("{join}_when"), args, slot)
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

    /// `let x: T = rt::taken(message);`
    fn take(&mut self, slot: Var, into: &Binding, message: &Ty) {
        let at = self.at;
        let ty = self.lower.ty(message);
        let (pattern, first) = self.binding(into, message);
        let taken = at.rt("taken", vec![at.var(slot)]);
        self.push(at.bind(pattern, Some(ty), Some(taken)));
        for stmt in first {
            self.push(stmt);
        }
    }
}

/// Whether a borrow of it is good for as long as its variable is: it is reached by fields, and by ports
/// of the agent itself.
fn stays(source: &Expr) -> bool {
    match &source.kind {
        ExprKind::Var(_) | ExprKind::This => true,
        ExprKind::Field(base, _)
        | ExprKind::TupleField(base, _)
        | ExprKind::Deref(base) => stays(base),
        ExprKind::Method { receiver, name, args, .. } => {
            name == "port" && args.is_empty() && stays(receiver)
        }
        _ => false,
    }
}
