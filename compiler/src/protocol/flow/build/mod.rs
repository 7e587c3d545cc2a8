//! Bodies into graphs: statements. Expressions are in `expr`, calls in `call`, ports in
//! `port`, what values are bound to in `bind`, and jumps in `jump`.

mod bind;
mod call;
mod cases;
mod expr;
mod fork;
mod jump;
mod port;
mod start;

use std::collections::BTreeMap;

use super::Shared;
use super::graph::*;
use super::kind::Kind;
use super::status::{Event, Into, Owner, Set, Status, path};
use crate::hir::body::{Binding, Block as Code, Body, ExprKind, Literal, Stmt, StmtKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{BodyTypes, Constant, Iteration};
use jump::{Frame, Target};
use start::Mentions;

pub(super) use start::{Role, graph};

/// The value of an expression, if it is one that is followed.
type Value = Option<Slot>;

struct Build<'a, 's> {
    cx: &'s Shared<'a>,
    body: &'a Body,
    table: &'a BodyTypes,
    slots: Vec<SlotData>,
    locals: BTreeMap<LocalId, Slot>,
    own: Option<Slot>,
    mentions: &'s Mentions,
    /// What the code at hand returns.
    returns: Option<Span>,
    blocks: Vec<Block>,
    at: BlockRef,
    handler: BlockRef,
    exit: BlockRef,
    frames: Vec<Frame<'a>>,
    /// Copies of `finally` by the number of its `try` and where the jumps lead.
    copies: BTreeMap<(usize, Target), BlockRef>,
    n_tries: usize,
    /// How many `finally` stand around the code at hand.
    n_finally: usize,
    /// Slots that go out of sight at the end of each scope, innermost last.
    scopes: Vec<Vec<Slot>>,
    /// Requests without a name that the statement at hand has received.
    temps: Vec<Slot>,
    /// Slots that came into being, in order.
    made: Vec<Slot>,
}

impl<'a> Build<'a, '_> {
    fn op(&mut self, op: Op) {
        let ops = &mut self.blocks[self.at as usize].ops;
        // Nothing has changed since the last place that may throw.
        if matches!((&op, ops.last()), (Op::Throw, Some(Op::Throw))) {
            return;
        }
        if let Op::Answer { slot, .. } | Op::Move { slot, .. } = &op {
            self.slots[*slot as usize].given = true;
        }
        ops.push(op);
    }

    fn throws(&mut self) {
        self.op(Op::Throw);
    }

    fn new_block(&mut self) -> BlockRef {
        let handler = self.handler;
        self.blocks.push(Block { handler, ..Block::default() });
        u32::try_from(self.blocks.len() - 1).unwrap_or(u32::MAX)
    }

    fn edge(&mut self, from: BlockRef, to: BlockRef) {
        self.blocks[from as usize].next.push(to);
    }

    /// Goes on in a new block that the one at hand leads to.
    fn go_on(&mut self) -> BlockRef {
        let next = self.new_block();
        self.edge(self.at, next);
        self.at = next;
        next
    }

    /// Control does not go on.
    fn stop(&mut self) {
        self.at = self.new_block();
    }

    /// Code that may run or not.
    fn perhaps(&mut self, code: impl FnOnce(&mut Self)) {
        let before = self.at;
        let start = self.go_on();
        code(self);
        if self.at == start
            && self.blocks.len() == start as usize + 1
            && self.blocks[start as usize].ops.is_empty()
        {
            // Nothing happened.
            self.blocks.pop();
            self.blocks[before as usize].next.pop();
            self.at = before;
            return;
        }
        let after = self.go_on();
        self.edge(before, after);
    }

    fn new_slot(&mut self, kind: Kind) -> Slot {
        self.slots.push(SlotData { kind, name: None, whole: None, given: false });
        u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
    }

    /// A new value without a name.
    fn temp(&mut self, kind: Kind, set: Set) -> Slot {
        let slot = self.new_slot(kind);
        self.op(Op::Set { slot, set });
        if kind == Kind::Request {
            self.temps.push(slot);
            self.made.push(slot);
        }
        slot
    }

    fn span(&self, expr: ExprId) -> Span {
        self.body.exprs[expr].span
    }

    fn kind(&self, expr: ExprId) -> Option<Kind> {
        self.cx.kinds.of(self.table.exprs.get(expr)?)
    }

    fn scope(&mut self, end: Span, code: impl FnOnce(&mut Self)) {
        self.scopes.push(Vec::new());
        code(self);
        for slot in self.scopes.pop().unwrap_or_default() {
            self.op(Op::Drop { slot, span: end });
        }
    }

    fn block(&mut self, block: &'a Code) {
        let end = Span { lo: block.span.hi.saturating_sub(1), ..block.span };
        self.scope(end, |cx| {
            for stmt in &block.stmts {
                cx.stmt(stmt);
            }
        });
    }

    /// Requests that the statement received and gave to nobody go away with it.
    fn end_temps(&mut self) {
        for slot in std::mem::take(&mut self.temps) {
            let span = Span::default();
            self.op(Op::Drop { slot, span });
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Error | StmtKind::Empty | StmtKind::LocalFn(_) => {}
            StmtKind::Block(block) | StmtKind::Checked { body: block, .. } => {
                self.block(block);
            }
            StmtKind::Local { local, init } => self.local(*local, *init),
            StmtKind::Deconstruct { pattern, value } => {
                self.deconstruct(pattern, *value);
                self.end_temps();
            }
            StmtKind::Using { local, resource, body } => {
                let end = Span { lo: stmt.span.hi.saturating_sub(1), ..stmt.span };
                self.scope(end, |cx| {
                    match local {
                        Some(local) => cx.local(*local, Some(*resource)),
                        None => cx.used(*resource),
                    }
                    let disposal = cx.table.disposals.get(*resource);
                    if disposal.is_some_and(|it| cx.cx.throws(*it)) {
                        cx.in_using(|cx| cx.block(body));
                        cx.throws();
                    } else {
                        cx.block(body);
                    }
                });
            }
            StmtKind::Expr(expr) => {
                self.used(*expr);
                self.end_temps();
            }
            StmtKind::If { .. } => self.branches(stmt),
            StmtKind::While { condition, body } => {
                self.round(Some(*condition), body, &[], true);
            }
            StmtKind::DoWhile { condition, body } => {
                self.round(Some(*condition), body, &[], false);
            }
            StmtKind::For { init, condition, update, body } => {
                let end = Span { lo: stmt.span.hi.saturating_sub(1), ..stmt.span };
                self.scope(end, |cx| {
                    for stmt in init {
                        cx.stmt(stmt);
                    }
                    cx.round(*condition, body, update, true);
                });
            }
            StmtKind::Foreach { binding, iterable, body } => {
                self.foreach(binding, *iterable, body);
            }
            StmtKind::Switch { subject, sections } => {
                self.switch(stmt.span, *subject, sections);
            }
            StmtKind::Receive(cases) => self.receive_cases(stmt.span, cases),
            StmtKind::Break => self.break_out(stmt.span),
            StmtKind::Continue => self.continue_loop(stmt.span),
            StmtKind::Return(value) => self.return_from(stmt.span, *value),
            StmtKind::YieldBreak => self.return_from(stmt.span, None),
            StmtKind::Try { body, catches, finally } => {
                self.try_stmt(body, catches, finally.as_ref());
            }
            StmtKind::Throw(value) => {
                if let Some(value) = value {
                    self.stored(*value, Into::Value);
                }
                self.throws();
                self.stop();
            }
            StmtKind::Yield => self.throws(),
            StmtKind::YieldReturn(value) => {
                self.stored(*value, Into::Returned);
                self.throws();
            }
        }
    }

    /// A chain of `else if` is walked in a loop: it may be long.
    fn branches(&mut self, first: &'a Stmt) {
        let after = self.new_block();
        let mut at = first;
        while let StmtKind::If { condition, then, otherwise } = &at.kind {
            let (holds, fails) = self.fork(*condition);
            self.at = holds;
            self.stmt(then);
            self.edge(self.at, after);
            self.at = fails;
            match otherwise {
                Some(next) => at = next,
                None => {
                    self.edge(self.at, after);
                    self.at = after;
                    return;
                }
            }
        }
        self.stmt(at);
        self.edge(self.at, after);
        self.at = after;
    }

    /// A loop: `while` and `for` look at the condition first.
    fn round(
        &mut self,
        condition: Option<ExprId>,
        body: &'a Stmt,
        update: &[ExprId],
        first: bool,
    ) {
        let (head, next, after) = (self.new_block(), self.new_block(), self.new_block());
        self.edge(self.at, head);
        self.at = head;
        let test = |cx: &mut Self| {
            let forever = match condition {
                Some(condition) => {
                    cx.used(condition);
                    cx.end_temps();
                    cx.is_constant(condition, true)
                }
                None => true,
            };
            if !forever {
                cx.edge(cx.at, after);
            }
        };
        if first {
            test(self);
            self.go_on();
        }
        self.in_loop(next, after, |cx| cx.stmt(body));
        self.edge(self.at, next);
        self.at = next;
        for expr in update {
            self.used(*expr);
        }
        self.end_temps();
        if !first {
            test(self);
        }
        self.edge(self.at, head);
        self.at = after;
    }

    fn foreach(&mut self, binding: &'a Binding, iterable: ExprId, body: &'a Stmt) {
        let end = Span { lo: body.span.hi.saturating_sub(1), ..body.span };
        let over = self.table.iterations.get(iterable);
        let source = matches!(over, Some(Iteration::Source(_)));
        let port = if source { self.source(iterable) } else { None };
        let value = if source { None } else { self.value(iterable, None) };
        let of_place = value.is_some() && self.is_place(iterable);
        if let Some(slot) = value {
            self.op(Op::Use { slot, span: self.span(iterable) });
        }
        let (head, after) = (self.new_block(), self.new_block());
        self.edge(self.at, head);
        self.at = head;
        if source || matches!(over, Some(Iteration::Sequence(_))) {
            self.throws();
        }
        self.edge(head, after);
        self.go_on();
        let span = self.span(iterable);
        if let Some((slot, port)) = port {
            self.op(Op::Step { slot, port, how: How::Round, span });
        }
        self.in_loop(head, after, |cx| {
            cx.scope(end, |cx| {
                let owner = of_place.then_some(Owner::Collection);
                cx.bind_all(binding, source, owner, span);
                cx.stmt(body);
            });
        });
        self.edge(self.at, head);
        self.at = after;
    }

    fn is_constant(&self, condition: ExprId, value: bool) -> bool {
        self.table.constants.get(condition) == Some(&Constant::Bool(value))
            || matches!(
                self.body.exprs[condition].kind,
                ExprKind::Literal(Literal::Bool(it)) if it == value
            )
    }
}

/// What a value that comes from somewhere else is at first.
fn arrived(kind: Kind, received: bool, span: Span) -> Set {
    match kind {
        Kind::Request if received => {
            let way = path(span, Event::Request, Status::OPEN);
            Set::one(Status::OPEN, way)
        }
        _ => Set::unknown(),
    }
}

/// What a value that another owns is at first.
fn borrowed(owner: Owner, span: Span) -> Set {
    let way = path(span, Event::Borrowed(owner), Status::Borrowed);
    Set::one(Status::Borrowed, way)
}

/// The state that a type `C@State` names.
pub(in super::super) fn state_of(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::Using(_, _, state) | Ty::Impl(_, _, state) => *state,
        Ty::Nullable(inner) => state_of(inner),
        _ => None,
    }
}
