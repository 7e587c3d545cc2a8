//! Statements. A block of the source is one of the target where it declares something, which
//! goes at its end; every variable has a name of its own all the same.

use crate::hir::body::{Binding, Stmt as HirStmt, StmtKind as HirKind};
use crate::hir::item::Access;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId};
use crate::ir::{Block, Expr, ExprKind, Label, Literal, Pattern};
use crate::types::tables::{Call, Constant, Iteration};

use super::body::{Fx, ScopeKind, SlotKind};
use super::build::{At, Flags, stmt_block};

/// A longer chain of `else if` is lowered flat: the target does not take deep nesting.
const MAX_ELSE_IFS: usize = 32;

impl Fx<'_, '_> {
    pub(super) fn stmts(&mut self, stmts: &[HirStmt]) {
        self.declare_local_fns(stmts);
        for stmt in stmts {
            match &stmt.kind {
                HirKind::Block(block) if declares(&block.stmts) => {
                    self.scoped(stmt, block)
                }
                _ => self.stmt(stmt),
            }
        }
    }

    /// A block inside another. What it declares goes at its end: ends of channels close, and
    /// requests that nobody has answered are dropped.
    fn scoped(&mut self, stmt: &HirStmt, block: &crate::hir::body::Block) {
        let at = self.go(stmt.span);
        let inner = self.block(|cx| cx.stmts(&block.stmts));
        self.push_expr(at.expr(ExprKind::Block(inner)));
    }

    /// One statement, in a sequence of its own.
    pub(super) fn stmt(&mut self, stmt: &HirStmt) {
        self.go(stmt.span);
        self.with_slots(|cx| cx.stmt_here(stmt));
    }

    /// A sequence of its own, behind the slots that patterns in it fill.
    pub(super) fn with_slots<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::take(&mut self.late_slots);
        let (stmts, result) = self.seq(run);
        let slots = std::mem::replace(&mut self.late_slots, outer);
        for stmt in slots.into_iter().chain(stmts) {
            self.push(stmt);
        }
        result
    }

    fn stmt_here(&mut self, stmt: &HirStmt) {
        let at = self.at;
        match &stmt.kind {
            HirKind::Error | HirKind::Empty | HirKind::LocalFn(_) => {}
            HirKind::Block(block) | HirKind::Checked { body: block, .. } => {
                self.stmts(&block.stmts);
            }
            HirKind::Local { local, init } => self.local(*local, *init),
            HirKind::Deconstruct { pattern, value } => {
                let ty = self.converted_ty(*value);
                let value = self.value(*value);
                self.deconstruct(at, pattern, value, &ty);
            }
            HirKind::Using { local, resource, body } => {
                self.using(stmt.span, *local, *resource, body);
            }
            HirKind::Expr(id) => self.effect(*id),
            HirKind::If { .. } => self.if_chain(stmt),
            HirKind::While { condition, body } => self.while_loop(*condition, body),
            HirKind::DoWhile { body, condition } => self.do_while(body, *condition),
            HirKind::For { init, condition, update, body } => {
                for stmt in init {
                    self.stmt(stmt);
                }
                self.at = at;
                self.for_loop(*condition, update, body);
            }
            HirKind::Foreach { binding, iterable, body } => {
                self.foreach(binding, *iterable, body);
            }
            HirKind::Switch { subject, sections } => {
                self.switch(stmt.span, *subject, sections);
            }
            HirKind::Break => self.leave(),
            HirKind::Continue => self.next(),
            HirKind::Return(value) => {
                let value = value.map(|it| self.value(it));
                self.at = at;
                self.give_back(value);
            }
            HirKind::YieldReturn(value) => self.yield_return(*value),
            HirKind::YieldBreak => self.yield_break(),
            HirKind::Receive(cases) => self.receive_cases(cases),
            HirKind::Try { body, catches, finally } => {
                self.try_stmt(stmt.span, body, catches, finally.as_ref());
            }
            HirKind::Throw(value) => self.throw_stmt(*value),
            HirKind::Yield => {
                self.suspend();
                self.push_expr(at.rt("yield_now", vec![]).awaited());
            }
        }
    }

    fn local(&mut self, local: LocalId, init: Option<ExprId>) {
        if !self.frame.body.locals[local].across_sections {
            return self.new_local(local, init);
        }
        // It was declared before the `switch`.
        let Some(init) = init else { return };
        let value = self.value(init);
        let value = self.hold(value);
        let place = self.local_place(local);
        let store = self.store(place, value);
        self.push_expr(store);
    }

    pub(super) fn new_local(&mut self, local: LocalId, init: Option<ExprId>) {
        let at = self.at;
        let ty = self.local_ty(local);
        let value = init.map(|it| self.value(it));
        let shared = self.is_shared(local) || self.is_protected(local);
        let (kind, value) = match value {
            Some(value) => (SlotKind::Value, Some(value)),
            // A local function may be called, and so borrow it, before it is assigned; and
            // behind a `finally` the target does not know how its body was left.
            None if shared && self.lower.defaultable(&ty) => {
                (SlotKind::Value, Some(self.default_value(at, &ty)))
            }
            None if shared => (SlotKind::Late, Some(at.expr(ExprKind::None))),
            None => (SlotKind::Value, None),
        };
        let mut declared = self.lower.ty(&ty);
        if kind == SlotKind::Late {
            declared = crate::ir::Ty::Option(Box::new(declared));
        }
        let var = self.declare(local, kind);
        self.push(at.bind(Pattern::Var(var), Some(declared), value));
    }

    /// `if … else if … else …`
    fn if_chain(&mut self, stmt: &HirStmt) {
        let mut links = Vec::new();
        let mut rest = Some(stmt);
        while let Some(HirStmt {
            span,
            kind: HirKind::If { condition, then, otherwise },
        }) = rest
        {
            links.push((*span, *condition, &**then));
            rest = otherwise.as_deref();
        }
        if links.len() <= MAX_ELSE_IFS {
            let (_, condition, then) = links[0];
            let otherwise = match &stmt.kind {
                HirKind::If { otherwise, .. } => otherwise.as_deref(),
                _ => None,
            };
            return self.if_else(condition, then, otherwise);
        }
        let at = self.at;
        let label = self.new_label();
        let block = self.block(|cx| {
            for (span, condition, then) in links {
                cx.go(span);
                let (stmts, ()) = cx.seq(|cx| {
                    let held = cx.held;
                    let condition = cx.value(condition);
                    let mut then = cx.block(|cx| cx.stmt(then));
                    let leave = at.expr(ExprKind::Break(Some(label), None));
                    then.stmts.push(at.stmt(leave));
                    cx.push_expr(at.if_then(condition, then));
                    cx.held &= held;
                });
                for stmt in stmts {
                    cx.push(stmt);
                }
            }
            if let Some(rest) = rest {
                cx.stmt(rest);
            }
        });
        self.push_expr(at.expr(ExprKind::Labeled(label, block)));
    }

    fn if_else(
        &mut self,
        condition: ExprId,
        then: &HirStmt,
        otherwise: Option<&HirStmt>,
    ) {
        let at = self.at;
        if otherwise.is_none() && self.is_guard_clause(condition, then) {
            return self.guard_clause(condition, then);
        }
        if self.is_match(condition, then) {
            return self.if_matches(condition, then, otherwise);
        }
        let condition = self.value(condition);
        let held = self.held;
        let then = self.block(|cx| cx.stmt(then));
        let after = std::mem::replace(&mut self.held, held);
        let otherwise = otherwise.map(|it| self.block(|cx| cx.stmt(it)));
        self.held &= after;
        let condition = Box::new(condition);
        self.push_expr(at.expr(ExprKind::If { condition, then, otherwise }));
    }

    fn while_loop(&mut self, condition: ExprId, body: &HirStmt) {
        let at = self.at;
        self.looping(at, Some(condition), |cx| {
            cx.stmt(body);
        });
    }

    fn for_loop(&mut self, condition: Option<ExprId>, update: &[ExprId], body: &HirStmt) {
        let at = self.at;
        if update.is_empty() {
            return self.looping(at, condition, |cx| cx.stmt(body));
        }
        self.looping_with(at, condition, ScopeKind::Loop { continues: false }, |cx| {
            cx.with_next(at, |cx| cx.stmt(body));
            for id in update {
                let (stmts, ()) = cx.seq(|cx| cx.effect(*id));
                for stmt in stmts {
                    cx.push(stmt);
                }
            }
        });
    }

    fn looping(
        &mut self,
        at: At,
        condition: Option<ExprId>,
        body: impl FnOnce(&mut Self),
    ) {
        self.looping_with(at, condition, ScopeKind::Loop { continues: true }, body);
    }

    fn looping_with(
        &mut self,
        at: At,
        condition: Option<ExprId>,
        kind: ScopeKind,
        body: impl FnOnce(&mut Self),
    ) {
        self.held = false;
        let for_ever = condition.is_none_or(|it| {
            self.frame.types.constants.get(it) == Some(&Constant::Bool(true))
        });
        let (label, it) = self.scope(kind, |cx| {
            let condition = condition.filter(|_| !for_ever);
            let (mut stmts, condition) = cx.seq(|cx| condition.map(|it| cx.value(it)));
            match condition {
                Some(condition) if stmts.is_empty() => {
                    Looped::While(condition, cx.block(body))
                }
                condition => {
                    if let Some(condition) = condition {
                        let leave = at.stmt(at.expr(ExprKind::Break(None, None)));
                        let test =
                            at.if_then(negated(at, condition), stmt_block(vec![leave]));
                        stmts.push(at.stmt(test));
                    }
                    stmts.extend(cx.block(body).stmts);
                    Looped::Loop(stmt_block(stmts))
                }
            }
        });
        self.held = false;
        self.push_expr(at.expr(match it {
            Looped::While(condition, body) => {
                ExprKind::While { label, condition: Box::new(condition), body }
            }
            Looped::Loop(body) => ExprKind::Loop { label, body },
        }));
    }

    /// Code after which a loop goes on even if `continue` leaves it.
    fn with_next(&mut self, at: At, body: impl FnOnce(&mut Self)) {
        let (label, block) = self.scope(ScopeKind::Next, |cx| cx.block(body));
        self.push_labeled(at, label, block);
    }

    /// A block, with a label if something leaves it by name.
    pub(super) fn push_labeled(&mut self, at: At, label: Option<Label>, block: Block) {
        match label {
            Some(label) => self.push_expr(at.expr(ExprKind::Labeled(label, block))),
            None => {
                for stmt in block.stmts {
                    self.push(stmt);
                }
            }
        }
    }

    fn do_while(&mut self, body: &HirStmt, condition: ExprId) {
        let at = self.at;
        self.held = false;
        let (label, block) = self.scope(ScopeKind::Loop { continues: false }, |cx| {
            cx.block(|cx| {
                cx.with_next(at, |cx| cx.stmt(body));
                cx.at = at;
                let (stmts, condition) = cx.seq(|cx| cx.value(condition));
                for stmt in stmts {
                    cx.push(stmt);
                }
                let leave = at.stmt(at.expr(ExprKind::Break(None, None)));
                cx.push_expr(at.if_then(negated(at, condition), stmt_block(vec![leave])));
            })
        });
        self.held = false;
        self.push_expr(at.expr(ExprKind::Loop { label, body: block }));
    }

    fn foreach(&mut self, binding: &Binding, iterable: ExprId, body: &HirStmt) {
        match self.frame.types.iterations.get(iterable) {
            Some(Iteration::Source(element)) => {
                let element = self.substitute(element);
                self.foreach_message(binding, &element, iterable, body);
            }
            Some(Iteration::Collection(element)) => {
                let element = self.substitute(element);
                self.foreach_element(binding, &element, iterable, (body, false));
            }
            Some(Iteration::Sequence(element)) => {
                let element = self.substitute(element);
                self.foreach_element(binding, &element, iterable, (body, true));
            }
            None => unreachable!("what a loop goes over is known"),
        }
    }

    /// `foreach (var x in list)`; `lazy`: asking for an element may throw.
    fn foreach_element(
        &mut self,
        binding: &Binding,
        element: &Ty,
        iterable: ExprId,
        (body, lazy): (&HirStmt, bool),
    ) {
        let at = self.at;
        let place = self.place(iterable);
        let begin = if lazy { "iterate" } else { "iter_values" };
        let in_turns = lazy && self.suspends && self.rights() != Access::Neither;
        let splits = !lazy && self.is_library_call(iterable);
        let values = self.access(place, false, vec![], |at, it, _| {
            let mut whole = it.expr;
            match splits && make_parts(&mut whole) {
                true => whole,
                false => at.method(whole, begin, vec![]),
            }
        });
        self.held = false;
        let kind = ScopeKind::Loop { continues: true };
        let (label, (pattern, body)) = self.scope(kind, |cx| {
            cx.at = at;
            let (mut pattern, mut first) = cx.binding(binding, element);
            if lazy {
                let var = cx.temp();
                let next = at.expr(ExprKind::Try(Box::new(at.var(var))));
                first.insert(0, at.bind(pattern, None, Some(next)));
                pattern = Pattern::Var(var);
            }
            let mut block = cx.block(|cx| cx.stmt(body));
            block.stmts.splice(0..0, first);
            (pattern, block)
        });
        self.held = false;
        if in_turns {
            return self.foreach_in_turns(at, (label, pattern), values, body);
        }
        let iterable = Box::new(values);
        self.push_expr(at.expr(ExprKind::For { label, pattern, iterable, body }));
    }

    /// A loop over elements whose making may look at domain state: the turn is taken
    /// before each is asked for, because the body may have given it up.
    fn foreach_in_turns(
        &mut self,
        at: At,
        (label, pattern): (Option<Label>, Pattern),
        values: Expr,
        body: Block,
    ) {
        let elements = self.bind(values);
        let next = at.method(at.borrow_mut(elements), "next", vec![]);
        let leave = at.stmt(at.expr(ExprKind::Break(None, None)));
        let arms = vec![
            at.arm(Pattern::Some(Box::new(pattern)), None, body),
            at.arm(Pattern::None, None, stmt_block(vec![leave])),
        ];
        let enter = self.enter_stmt();
        let body = stmt_block(vec![enter, at.stmt(at.matching(next, arms))]);
        self.push_expr(at.expr(ExprKind::Loop { label, body }));
    }

    /// Whether the expression calls a member that the library has.
    fn is_library_call(&self, id: ExprId) -> bool {
        match self.frame.types.calls.get(id) {
            Some(Call::Method { method, .. }) => {
                self.lower.program.methods[*method].decl.library
            }
            _ => false,
        }
    }

    /// `foreach (var x in c::Port)`: until the source completes.
    fn foreach_message(
        &mut self,
        binding: &Binding,
        element: &Ty,
        iterable: ExprId,
        body: &HirStmt,
    ) {
        let at = self.at;
        let source = self.source(iterable);
        let source = self.settled(vec![source]).remove(0);
        let source = match source.kind {
            ExprKind::Field(..) | ExprKind::Var(_) => source,
            _ => self.bind(source),
        };
        self.suspend();
        let kind = ScopeKind::Loop { continues: true };
        let (label, arms) = self.scope(kind, |cx| {
            cx.at = at;
            let (pattern, first) = cx.binding(binding, element);
            let mut block = cx.block(|cx| cx.stmt(body));
            block.stmts.splice(0..0, first);
            let leave = at.stmt(at.expr(ExprKind::Break(None, None)));
            vec![
                at.arm(Pattern::Some(Box::new(pattern)), None, block),
                at.arm(Pattern::None, None, stmt_block(vec![leave])),
            ]
        });
        self.suspend();
        let next = at.rt("next", vec![at.borrow(source)]).fallible().awaited();
        let body = stmt_block(vec![at.stmt(at.matching(next, arms))]);
        self.push_expr(at.expr(ExprKind::Loop { label, body }));
    }

    /// `break;`
    pub(super) fn leave(&mut self) {
        let target = self
            .scopes
            .iter()
            .rposition(|it| matches!(it.kind, ScopeKind::Loop { .. } | ScopeKind::Leave));
        let target = target.unwrap_or_else(|| unreachable!("`break` stands in a loop"));
        if let Some(scope) = self.finally_within(target) {
            scope.left.breaks = true;
            let label = scope.label;
            let way = self.at.expr(ExprKind::RtConst("Left::Broken".into()));
            return self.leave_with(label, way);
        }
        let label = self.label_of(target);
        self.push_expr(self.at.expr(ExprKind::Break(label, None)));
    }

    /// `continue;`
    pub(super) fn next(&mut self) {
        let target = self
            .scopes
            .iter()
            .rposition(|it| matches!(it.kind, ScopeKind::Loop { .. } | ScopeKind::Next));
        let target =
            target.unwrap_or_else(|| unreachable!("`continue` stands in a loop"));
        if let Some(scope) = self.finally_within(target) {
            scope.left.continues = true;
            let label = scope.label;
            let way = self.at.expr(ExprKind::RtConst("Left::Continued".into()));
            return self.leave_with(label, way);
        }
        let jump = match self.scopes[target].kind {
            ScopeKind::Next => {
                self.scopes[target].used = true;
                ExprKind::Break(Some(self.scopes[target].label), None)
            }
            _ => ExprKind::Continue(self.label_of(target)),
        };
        self.push_expr(self.at.expr(jump));
    }

    /// The innermost `finally` that runs on the way out of a scope.
    fn finally_within(&mut self, target: usize) -> Option<&mut super::body::Scope> {
        let inner = self.scopes[target + 1..].iter_mut().rev();
        inner.into_iter().find(|it| it.kind == ScopeKind::Finally)
    }

    /// The label to leave a scope by; the innermost loop needs none.
    fn label_of(&mut self, target: usize) -> Option<Label> {
        let innermost = target + 1 == self.scopes.len();
        let scope = &mut self.scopes[target];
        if innermost && matches!(scope.kind, ScopeKind::Loop { .. }) {
            return None;
        }
        scope.used = true;
        Some(scope.label)
    }
}

/// Makes a text that is split give its parts one at a time, to go over them: nobody sees the
/// array that would hold all of them. Whether it is one.
fn make_parts(it: &mut Expr) -> bool {
    match &mut it.kind {
        ExprKind::Method { name, args, .. } if name == "split" && args.len() == 1 => {
            "split_values".clone_into(name);
            true
        }
        _ => false,
    }
}

enum Looped {
    While(Expr, Block),
    Loop(Block),
}

/// `!e`, without a second `!`.
pub(super) fn negated(at: At, condition: Expr) -> Expr {
    match condition.kind {
        ExprKind::Unary(crate::ir::UnaryOp::Not, inner) => *inner,
        ExprKind::Literal(Literal::Bool(value)) => at.bool(!value),
        _ => at.not(condition),
    }
}

/// Whether a block declares variables of its own.
fn declares(stmts: &[HirStmt]) -> bool {
    let declares = |it: &HirStmt| {
        matches!(it.kind, HirKind::Local { .. } | HirKind::Deconstruct { .. })
    };
    stmts.iter().any(declares)
}
