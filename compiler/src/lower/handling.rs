//! `try`, `throw` and `using`. A failure in the body of a `try` leaves a labelled block;
//! what else leaves a `try` with `finally` (`return`, `break`, `continue`) goes to the end
//! of that block first, and on from behind the `finally`. Which code can fail is settled
//! later, by `settle` and `escape`.

use crate::hir::body::{Block as HirBlock, Catch, ExprKind as HirKind};
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId, MethodId};
use crate::ir;
use crate::ir::{Block, Expr, ExprKind, Label, Pattern, Stmt, Var};
use crate::support::span::Span;

use super::body::{Fx, ScopeKind, SlotKind};
use super::build::{At, Flags, stmt_block, value_block};
use super::function::{diverges_block, diverges_stmt};

/// A longer chain of `catch` is lowered flat: the target does not take deep nesting.
const MAX_CATCHES: usize = 32;

const NEVER_HERE: &str = "control never gets here";

/// One `catch`, lowered.
struct Handler {
    at: At,
    /// `None` where it takes everything.
    condition: Option<Expr>,
    body: Block,
}

impl Fx<'_, '_> {
    pub(super) fn try_stmt(
        &mut self,
        span: Span,
        body: &HirBlock,
        catches: &[Catch],
        finally: Option<&HirBlock>,
    ) {
        match finally {
            None => {
                self.catching(body, catches);
                if self.frame.types.dead_ends.contains(&span) {
                    self.never_here();
                }
            }
            Some(finally) => self.finally(
                span,
                |cx| match catches.is_empty() {
                    true => cx.stmts(&body.stmts),
                    false => cx.catching(body, catches),
                },
                |cx| cx.stmts(&finally.stmts),
            ),
        }
    }

    /// `try { … } catch { … }`
    fn catching(&mut self, body: &HirBlock, catches: &[Catch]) {
        let at = self.at;
        let (done, failed, var) = (self.new_label(), self.new_label(), self.temp());
        let (_, (body, handler, held)) = self.scope(ScopeKind::Handled, |cx| {
            let body = cx.block(|cx| cx.stmts(&body.stmts));
            let mut held = cx.held;
            let mut handlers = Vec::new();
            for catch in catches {
                cx.held = false;
                handlers.push(cx.handler(var, catch));
                held &= cx.held;
            }
            cx.at = at;
            (body, cx.chosen(at, var, handlers), held)
        });
        self.held = held;
        let done = (!diverges_block(&body)).then_some(done);
        let handled = ExprKind::Handled { done, failed, body, var, handler };
        self.push_expr(at.expr(handled));
    }

    /// Control never gets to this point, also where the target cannot see it.
    fn never_here(&mut self) {
        let at = self.at;
        if !self.seq.stmts.last().is_some_and(|it| diverges_stmt(&it.kind)) {
            self.push_expr(at.expr(ExprKind::Unreachable(NEVER_HERE)));
        }
    }

    fn handler(&mut self, var: Var, catch: &Catch) -> Handler {
        let at = self.go(catch.span);
        let root = self.lower.program.lang.exception;
        let kind = match &catch.ty {
            Some((Ty::Record(id, _), _)) if Some(*id) != root => {
                Some(self.lower.exception_kind(*id))
            }
            _ => None,
        };
        let is = kind.map(|it| at.method(at.var(var), "is", vec![at.text(&it)]));
        let filter = catch.filter.map(|it| self.filter(var, catch.local, it));
        self.at = at;
        let condition = match (is, filter) {
            (Some(is), Some(filter)) => Some(at.binary(ir::BinaryOp::And, is, filter)),
            (condition, None) | (None, condition) => condition,
        };
        self.caught.push(var);
        let body = self.block(|cx| {
            cx.name_caught(var, catch.local);
            cx.stmts(&catch.body.stmts);
        });
        self.caught.pop();
        Handler { at, condition, body }
    }

    fn name_caught(&mut self, var: Var, local: Option<LocalId>) {
        let Some(local) = local else { return };
        let at = self.at;
        let named = self.declare(local, SlotKind::Value);
        let value = at.clone(at.var(var));
        self.push(at.bind(Pattern::Var(named), None, Some(value)));
    }

    /// `when (condition)`: one that throws does not hold.
    fn filter(&mut self, var: Var, local: Option<LocalId>, filter: ExprId) -> Expr {
        let at = self.at;
        let (done, failed, lost) = (self.new_label(), self.new_label(), self.temp());
        let (_, body) = self.scope(ScopeKind::Handled, |cx| {
            cx.value_block(|cx| {
                cx.name_caught(var, local);
                cx.value(filter)
            })
        });
        let handler = value_block(at.bool(false));
        let done = Some(done);
        at.expr(ExprKind::Handled { done, failed, body, var: lost, handler })
    }

    /// The first handler whose condition holds; without one the exception goes on.
    fn chosen(&mut self, at: At, var: Var, mut handlers: Vec<Handler>) -> Block {
        if let Some(all) = handlers.iter().position(|it| it.condition.is_none()) {
            handlers.truncate(all + 1);
        }
        let rest = match handlers.pop_if(|it| it.condition.is_none()) {
            Some(all) => all.body,
            None => stmt_block(vec![at.stmt(throw(at, at.clone(at.var(var)), None))]),
        };
        if handlers.len() > MAX_CATCHES {
            let label = self.new_label();
            return flat(at, label, handlers, rest);
        }
        handlers.into_iter().rev().fold(rest, |rest, it| {
            let condition = it.condition.unwrap_or_else(|| it.at.bool(true));
            let chain = it.at.if_else(condition, it.body, rest);
            stmt_block(vec![it.at.stmt(chain)])
        })
    }

    /// Runs `finally` behind `body`, on whichever way that is left.
    fn finally(
        &mut self,
        span: Span,
        body: impl FnOnce(&mut Self),
        finally: impl FnOnce(&mut Self),
    ) {
        let at = self.at;
        let (failed, var, way) = (self.new_label(), self.temp(), self.temp());
        let (done, left, mut body) = self.guarded(|cx| cx.block(body));
        let plain = left == super::body::Left::default();
        let (ended, thrown, ty) = match plain {
            true => {
                let ty = ir::Ty::Rt("Exception".into(), vec![]);
                (at.expr(ExprKind::None), at.some(at.var(var)), ir::Ty::Option(ty.into()))
            }
            false => {
                let value = if left.returns { ir::Ty::Infer } else { ir::Ty::Unit };
                let ty = ir::Ty::Rt("Left".into(), vec![value]);
                let ended = at.expr(ExprKind::RtConst("Left::Ended".into()));
                (ended, at.rt("Left::Thrown", vec![at.var(var)]), ty)
            }
        };
        body.value = Some(Box::new(ended));
        let handler = value_block(thrown);
        let done = Some(done);
        let handled = ExprKind::Handled { done, failed, body, var, handler };
        self.push(at.bind(Pattern::Var(way), Some(ty), Some(at.expr(handled))));
        self.held = false;
        finally(self);
        self.at = at;
        let held = self.held;
        let arms = self.ways_on(at, failed, &left, span);
        self.held = held;
        let way = at.clone(at.var(way));
        self.push_expr(at.matching(way, arms));
    }

    /// Where control goes behind a `finally`.
    fn ways_on(
        &mut self,
        at: At,
        failed: Label,
        left: &super::body::Left,
        span: Span,
    ) -> Vec<ir::Arm> {
        let plain = *left == super::body::Left::default();
        let var = self.temp();
        let thrown = match plain {
            true => Pattern::Some(Box::new(Pattern::Var(var))),
            false => Pattern::RtCase("Left::Thrown", vec![Pattern::Var(var)]),
        };
        let again = stmt_block(vec![at.stmt(throw(at, at.var(var), Some(failed)))]);
        let mut arms = vec![at.arm(thrown, None, again)];
        if left.returns {
            let var = self.temp();
            let pattern = Pattern::RtCase("Left::Returned", vec![Pattern::Var(var)]);
            let value = left.gives.then(|| at.var(var));
            arms.push(at.arm(pattern, None, self.block(|cx| cx.give_back(value))));
        }
        if left.breaks {
            let body = self.block(Self::leave);
            arms.push(at.arm(Pattern::RtConst("Left::Broken"), None, body));
        }
        if left.continues {
            let body = self.block(Self::next);
            arms.push(at.arm(Pattern::RtConst("Left::Continued"), None, body));
        }
        let rest = match self.frame.types.dead_ends.contains(&span) {
            true => value_block(at.expr(ExprKind::Unreachable(NEVER_HERE))),
            false => stmt_block(vec![]),
        };
        arms.push(at.arm(Pattern::Wildcard, None, rest));
        arms
    }

    /// `return value;`
    pub(super) fn give_back(&mut self, value: Option<Expr>) {
        let at = self.at;
        match self.scopes.iter_mut().rev().find(|it| it.kind == ScopeKind::Finally) {
            Some(scope) => {
                scope.left.returns = true;
                scope.left.gives |= value.is_some();
                let label = scope.label;
                let value = value.unwrap_or_else(|| at.unit());
                self.leave_with(label, at.rt("Left::Returned", vec![value]));
            }
            None => {
                let value = value.map(Box::new);
                self.push_expr(at.expr(ExprKind::Return(value)));
            }
        }
    }

    pub(super) fn leave_with(&mut self, label: Label, way: Expr) {
        let jump = ExprKind::Break(Some(label), Some(Box::new(way)));
        self.push_expr(self.at.expr(jump));
    }

    /// `throw value;`, and `throw;`
    pub(super) fn throw_stmt(&mut self, value: Option<ExprId>) {
        let thrown = match value {
            Some(value) => self.thrown(value),
            None => {
                let at = self.at;
                let var = self.caught.last().copied();
                let var =
                    var.unwrap_or_else(|| unreachable!("`throw;` stands in a `catch`"));
                throw(at, at.clone(at.var(var)), None)
            }
        };
        self.push_expr(thrown);
    }

    /// `throw value`. What was made elsewhere is thrown here.
    pub(super) fn thrown(&mut self, value: ExprId) -> Expr {
        let at = self.at;
        let made_here = matches!(self.frame.body.exprs[value].kind, HirKind::New { .. });
        let value = self.value(value);
        self.at = at;
        throw(
            at,
            match made_here {
                true => value,
                false => at.method(value, "thrown", vec![]),
            },
            None,
        )
    }

    /// `using (var x = e) body`
    pub(super) fn using(
        &mut self,
        span: Span,
        local: Option<LocalId>,
        resource: ExprId,
        body: &HirBlock,
    ) {
        let at = self.at;
        let ty = self.converted_ty(resource);
        let method = self.frame.types.disposals.get(resource).copied();
        let value = self.value(resource);
        let block = self.block(|cx| {
            cx.at = at;
            let (var, declared) = match local {
                Some(local) => {
                    let declared = cx.local_ty(local);
                    let declared = cx.lower.ty(&declared);
                    (cx.declare(local, SlotKind::Value), Some(declared))
                }
                None => (cx.temp(), None),
            };
            cx.push(at.bind(Pattern::Var(var), declared, Some(value)));
            cx.finally(
                span,
                |cx| cx.stmts(&body.stmts),
                |cx| cx.dispose(at, var, &ty, method),
            );
        });
        self.push_expr(at.expr(ExprKind::Block(block)));
    }

    /// Calls what `using` calls at the end.
    fn dispose(&mut self, at: At, var: Var, ty: &Ty, method: Option<MethodId>) {
        self.at = at;
        let program = self.lower.program;
        let (stmts, call): (Vec<Stmt>, Expr) = self.seq(|cx| {
            let Some(method) = method else {
                return at.method(at.var(var), "close", vec![]);
            };
            let Some(native) = &program.methods[method].native else {
                let place = cx.var_place(var, ty.clone());
                return cx.record_call(place, method, &[], &[].into());
            };
            let call = at.method(at.var(var), &native.rust, vec![]);
            let call = if native.throws { call.fallible() } else { call };
            if !native.suspends {
                return call;
            }
            cx.suspend();
            call.awaited()
        });
        for stmt in stmts {
            self.push(stmt);
        }
        self.discard(call);
    }
}

/// Handlers one after the other.
fn flat(at: At, label: Label, handlers: Vec<Handler>, rest: Block) -> Block {
    let mut stmts = Vec::new();
    for it in handlers {
        let mut body = it.body;
        body.stmts.push(it.at.stmt(it.at.expr(ExprKind::Break(Some(label), None))));
        let condition = it.condition.unwrap_or_else(|| it.at.bool(true));
        stmts.push(it.at.stmt(it.at.if_then(condition, body)));
    }
    stmts.extend(rest.stmts);
    stmt_block(vec![at.stmt(at.expr(ExprKind::Labeled(label, stmt_block(stmts))))])
}

fn throw(at: At, value: Expr, of: Option<Label>) -> Expr {
    at.expr(ExprKind::Throw { value: Box::new(value), of })
}
