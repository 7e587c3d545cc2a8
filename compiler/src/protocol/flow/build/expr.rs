//! Expressions, in the order in which they are evaluated.

use super::super::graph::*;
use super::super::status::{Event, Into, Owner, Set, Status, path};
use super::{Build, Value, borrowed};
use crate::hir::body::{AssignOp, BinaryOp, ExprKind, Initializer, InterpolationPart};
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{Member, OperatorKind};

impl<'a> Build<'a, '_> {
    /// Evaluates an expression; `declared` is where the type stands that is wanted.
    pub(super) fn value(&mut self, id: ExprId, declared: Option<Span>) -> Value {
        let value = self.plain(id);
        self.converted(id, value, declared)
    }

    fn all_used(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        for id in ids {
            self.used(id);
        }
    }

    fn all_stored(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        for id in ids {
            self.stored(id, Into::Value);
        }
    }

    /// A value that has just been put together.
    pub(super) fn made(&mut self, id: ExprId) -> Value {
        let kind = self.kind(id)?;
        Some(self.temp(kind, Set::unknown()))
    }

    fn plain(&mut self, id: ExprId) -> Value {
        let expr = &self.body.exprs[id];
        match &expr.kind {
            ExprKind::Local(local) => return self.slot_of(*local),
            ExprKind::PrimaryChannel => return self.own,
            ExprKind::Field(_) => {
                let kind = self.kind(id)?;
                return Some(self.temp(kind, borrowed(Owner::Field, expr.span)));
            }
            ExprKind::This => {
                let kind = self.kind(id)?;
                return Some(self.temp(kind, borrowed(Owner::Caller, expr.span)));
            }
            ExprKind::OwnPort(_) => self.port_value(id),
            ExprKind::Port { base, .. } => match self.table.members.get(id) {
                Some(Member::Port(_)) => self.port_value(id),
                _ => self.used(*base),
            },
            ExprKind::Member { base, .. } => return self.member(id, *base),
            ExprKind::Index { base, args, .. } => {
                match self.body.exprs[*base].kind {
                    ExprKind::Local(_) => self.used(*base),
                    _ => self.place(*base),
                }
                self.all_used(args.iter().copied());
                self.throws();
                return self.part(id, *base);
            }
            ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
                self.mentioned(*method);
            }
            ExprKind::Call { .. } => return self.call(id),
            ExprKind::New { init, .. } => {
                let value = self.call(id);
                self.initializer(init.as_ref());
                return value;
            }
            ExprKind::NewArrayInit { items, .. } | ExprKind::Vector(items) => {
                self.all_stored(items.iter().copied());
                return self.made(id);
            }
            ExprKind::Tuple(items) => {
                self.all_stored(items.iter().map(|it| it.1));
                return self.made(id);
            }
            ExprKind::Binary { .. } => self.binary(id),
            ExprKind::Network { .. } => self.network(id),
            ExprKind::Coalesce { left, right } => {
                return self.coalesce(id, *left, *right);
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                self.used(*condition);
                return self.choice(id, &[*then, *otherwise]);
            }
            ExprKind::Assign { target, op, value } => {
                self.assignment(id, *target, *op, *value);
            }
            ExprKind::Is { operand, pattern } => {
                let value = self.value(*operand, None);
                if let Some(slot) = value {
                    self.op(Op::Use { slot, span: self.span(*operand) });
                }
                self.pattern(pattern, value);
            }
            ExprKind::Switch { subject, arms } => {
                return self.switch_expr(id, *subject, arms);
            }
            ExprKind::Lambda(lambda) => self.lambda(*lambda, expr.span),
            ExprKind::Receive { source, timeout } => {
                return self.receive(id, *source, *timeout);
            }
            ExprKind::Send { target, value } => self.send(id, *target, *value),
            ExprKind::NonNull(operand) => {
                let value = self.value(*operand, None);
                self.throws();
                return value;
            }
            ExprKind::Checked { operand, .. } => return self.value(*operand, None),
            ExprKind::Cast { operand, .. } => {
                let value = self.value(*operand, None);
                self.throws();
                return value;
            }
            _ => self.copied(id),
        }
        None
    }

    /// Expressions through which no followed value passes.
    fn copied(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let InterpolationPart::Hole { value, format, .. } = part {
                        self.used(*value);
                        if format.is_some() {
                            self.throws();
                        }
                    }
                }
            }
            ExprKind::NewArray { size, .. } => {
                self.used(*size);
                self.throws();
            }
            ExprKind::Unary { operand, .. } | ExprKind::FromEnd(operand) => {
                self.used(*operand);
                self.operator(id, None);
            }
            ExprKind::Increment { operand, .. } => {
                self.used(*operand);
                self.operator(id, None);
            }
            ExprKind::With { operand, fields } => {
                self.stored(*operand, Into::Value);
                self.all_stored(fields.iter().map(|it| it.1));
                self.throws();
            }
            ExprKind::Range { from, to } => {
                self.all_used(from.iter().chain(to).copied());
            }
            ExprKind::Throw(value) => {
                self.stored(*value, Into::Value);
                self.throws();
                self.stop();
            }
            _ => {}
        }
    }

    /// Evaluates the parts of a place whose value itself is not looked at.
    pub(super) fn place(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Local(_)
            | ExprKind::Field(_)
            | ExprKind::This
            | ExprKind::Parent(_) => {}
            ExprKind::Member { base, .. } if self.owner(id).is_some() => {
                self.place(*base)
            }
            _ => self.used(id),
        }
    }

    fn member(&mut self, id: ExprId, base: ExprId) -> Value {
        match self.table.members.get(id) {
            Some(Member::Field(_) | Member::TupleElement(_)) => {
                // Parts that are copied outlive what was taken out of the whole.
                self.place(base);
                self.part(id, base)
            }
            Some(Member::NullableValue) => {
                let value = self.value(base, None);
                self.throws();
                value
            }
            Some(Member::Property { method, .. }) => {
                let place = self.shows(base);
                self.used(base);
                if self.cx.throws(*method) {
                    self.throws();
                }
                let kind = self.kind(id)?;
                let set = match place {
                    true => borrowed(Owner::Collection, self.span(id)),
                    false => Set::unknown(),
                };
                Some(self.temp(kind, set))
            }
            _ => {
                self.used(base);
                self.made(id)
            }
        }
    }

    fn initializer(&mut self, init: Option<&'a Initializer>) {
        match init {
            Some(Initializer::Items(items)) => self.all_stored(items.iter().copied()),
            Some(Initializer::Pairs(pairs)) => {
                self.all_stored(pairs.iter().flat_map(|&(key, value)| [key, value]));
            }
            // `Call::NewRecord` has the values of fields.
            Some(Initializer::Fields(_)) | None => {}
        }
    }

    /// Chains of operators are walked along their left spine: they may be long.
    fn binary(&mut self, id: ExprId) {
        let mut spine = Vec::new();
        let mut at = id;
        while let ExprKind::Binary { op, left, right } = &self.body.exprs[at].kind {
            spine.push((at, *op, *right));
            at = *left;
        }
        self.used(at);
        for (id, op, right) in spine.into_iter().rev() {
            match op {
                BinaryOp::And | BinaryOp::Or => self.perhaps(|cx| cx.used(right)),
                _ => self.used(right),
            }
            self.operator(id, Some(op));
        }
    }

    fn operator(&mut self, id: ExprId, op: Option<BinaryOp>) {
        let Some(operator) = self.table.operators.get(id) else { return };
        let divides = matches!(op, Some(BinaryOp::Div | BinaryOp::Rem));
        let decimal = operator.kind == OperatorKind::Decimal;
        let float = operator.kind == OperatorKind::Float;
        if operator.checked || decimal || divides && !float {
            self.throws();
        }
    }

    fn network(&mut self, id: ExprId) {
        let mut spine = Vec::new();
        let mut at = id;
        while let ExprKind::Network { left, right, .. } = &self.body.exprs[at].kind {
            spine.push(*right);
            at = *left;
        }
        self.linked(at);
        for right in spine.into_iter().rev() {
            self.linked(right);
        }
        self.throws();
    }

    /// What a network is made of: it may use an end at any time.
    fn linked(&mut self, id: ExprId) {
        let Some(slot) = self.value(id, None) else { return };
        self.op(Op::Use { slot, span: self.span(id) });
        self.op(Op::Forget { slot });
    }

    fn coalesce(&mut self, id: ExprId, left: ExprId, right: ExprId) -> Value {
        let Some(kind) = self.kind(id) else {
            self.used(left);
            self.perhaps(|cx| cx.used(right));
            return None;
        };
        let slot = self.new_slot(kind);
        let from = self.value(left, None);
        self.put(slot, from, self.span(left));
        self.perhaps(|cx| {
            let from = cx.value(right, None);
            cx.put(slot, from, cx.span(right));
        });
        Some(slot)
    }

    /// One of several expressions, the subject of whose choice is already evaluated.
    pub(super) fn choice(&mut self, id: ExprId, options: &[ExprId]) -> Value {
        let slot = self.kind(id).map(|kind| self.new_slot(kind));
        let (before, after) = (self.at, self.new_block());
        for &option in options {
            self.at = before;
            self.go_on();
            self.option(slot, option);
            self.edge(self.at, after);
        }
        self.at = after;
        slot
    }

    pub(super) fn option(&mut self, slot: Value, option: ExprId) {
        match slot {
            Some(slot) => {
                let from = self.value(option, None);
                self.put(slot, from, self.span(option));
            }
            None => self.used(option),
        }
    }

    fn assignment(
        &mut self,
        id: ExprId,
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    ) {
        match op {
            None => self.assign(target, value),
            Some(AssignOp::Coalesce) => self.perhaps(|cx| cx.assign(target, value)),
            Some(AssignOp::Op(op)) => {
                self.target(target);
                self.used(value);
                self.operator(id, Some(op));
            }
        }
    }

    /// A lambda takes what it mentions with it.
    fn lambda(&mut self, id: LambdaId, span: Span) {
        let inside = self.mentions.within(self.body.lambdas[id].span);
        for slot in inside.slots {
            self.op(Op::Move { slot, to: None, into: Into::Lambda, span });
        }
        if inside.own
            && let Some(slot) = self.own
        {
            self.op(Op::Forget { slot });
        }
    }

    /// A new end of an agent.
    pub(super) fn created(&mut self, id: ExprId) -> Value {
        let kind = self.kind(id)?;
        let start = Status::state(0);
        let set = Set::one(start, path(self.span(id), Event::Created, start));
        Some(self.temp(kind, set))
    }
}
