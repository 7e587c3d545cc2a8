//! The walk over expressions: what each does, and which parts are visited how. Calls are in
//! `call`, assignments in `place`.

use super::transfer::function_parts;
use super::unit::*;
use super::value::{FnValue, Use, ValueUse};
use super::walk::Walk;
use crate::hir::body::*;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::types::tables::{
    Call, Constant, Conversion, Member, NodeKind, Operand, OperatorKind, Receiver,
};

impl<'a> Walk<'a, '_> {
    pub(super) fn expr(&mut self, id: ExprId, how: Use) {
        let expr = &self.body.exprs[id];
        let operand = self.table.operands.get(id);
        if operand.is_some_and(|it| self.operand(id, it)) {
            return;
        }
        let how = match operand {
            Some(Operand::Node(_)) => Use::Node,
            _ => how,
        };
        if let Some(conversion) = self.table.conversions.get(id) {
            if let Some((method, receiver)) = method_value(conversion) {
                let value = FnValue::Method { method, dispatch: self.dispatch(id) };
                self.value(id, value, how);
                self.receiver_value(receiver);
                return;
            }
            self.conversion(conversion);
        }
        match &expr.kind {
            ExprKind::Lambda(lambda) => {
                let Some(&unit) = self.cx.units.lambdas.get(&(self.body_id, *lambda))
                else {
                    return;
                };
                self.value(id, FnValue::Lambda(unit), how);
                self.enter(unit, &self.body.lambdas[*lambda].body);
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                self.push(*condition, Use::Stored);
                self.push(*then, how);
                self.push(*otherwise, how);
            }
            ExprKind::Coalesce { left, right } => {
                self.push(*left, how);
                self.push(*right, how);
            }
            ExprKind::Throw(value) => {
                self.throws();
                self.push(*value, Use::Stored);
            }
            ExprKind::Checked { operand, .. } => self.push(*operand, how),
            ExprKind::NonNull(operand) => {
                self.throws();
                self.push(*operand, how);
            }
            ExprKind::Cast { operand, .. } => {
                if let Some(conversion) = self.table.casts.get(id) {
                    self.conversion(conversion);
                }
                self.push(*operand, how);
            }
            ExprKind::Switch { subject, arms } => {
                self.push(*subject, Use::Stored);
                for arm in arms {
                    self.push_all(arm.guard);
                    self.push(arm.value, how);
                }
            }
            kind => {
                if let Some(ty) = self.ty(id).and_then(function_type) {
                    let shape = self.cx.units.shape(ty);
                    let value = match kind {
                        ExprKind::Local(local) => FnValue::Local(*local, shape),
                        _ => FnValue::Unknown(shape),
                    };
                    self.value(id, value, how);
                } else if how.leaves() && self.is_made_here(id, kind) {
                    // What is put together here is sent part by part.
                    self.parts = how;
                } else if how.leaves()
                    && let Some(ty) = self.ty(id)
                {
                    self.parts_leave(id, ty, how);
                }
                self.plain(id, expr);
                self.parts = Use::Stored;
            }
        }
    }

    /// Whether the expression puts a value together from parts that stand in it.
    fn is_made_here(&self, id: ExprId, kind: &ExprKind) -> bool {
        match kind {
            ExprKind::New { .. }
            | ExprKind::NewArrayInit { .. }
            | ExprKind::Vector(_)
            | ExprKind::Tuple(_) => true,
            ExprKind::Call { .. } => {
                matches!(self.table.calls.get(id), Some(Call::EnumCase { .. }))
            }
            // A case without a payload has no parts.
            _ => matches!(self.table.members.get(id), Some(Member::EnumCase(..))),
        }
    }

    /// Notes that a value of a type leaves the agent, with the function values in it.
    fn parts_leave(&mut self, id: ExprId, ty: &Ty, how: Use) {
        for part in function_parts(self.cx.program, ty) {
            let shape = self.cx.units.shape(&part);
            self.value(id, FnValue::Unknown(shape), how);
        }
    }

    /// Notes how a function value is used.
    fn value(&mut self, expr: ExprId, value: FnValue, how: Use) {
        let (unit, body, span) = (self.unit, self.body_id, self.span(expr));
        let direct = true;
        self.cx.flow.note(ValueUse { unit, body, expr, span, value, how, direct });
    }

    /// Expressions through which no function value passes.
    fn plain(&mut self, id: ExprId, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Field(field) => self.read(*field, expr.span),
            ExprKind::This => {
                // That of a domain is its handle, which is no state.
                if matches!(self.body.context, Context::Record(_)) {
                    self.here().direct.reads_own = true;
                }
            }
            ExprKind::OwnPort(_) | ExprKind::Parent(_) | ExprKind::PrimaryChannel => {
                self.uses_agent();
            }
            ExprKind::Member { base, .. } => self.member(id, *base),
            ExprKind::Port { base, .. } => self.push(*base, Use::Stored),
            ExprKind::Index { base, args, .. } => {
                self.throws();
                self.push_all(std::iter::once(*base).chain(args.iter().copied()));
            }
            ExprKind::Call { callee, args, .. } => self.call(id, Some(*callee), args),
            ExprKind::New { args, init, .. } => {
                self.call(id, None, args);
                match init {
                    Some(Initializer::Items(items)) => {
                        self.push_all(items.iter().copied())
                    }
                    Some(Initializer::Pairs(pairs)) => {
                        self.push_all(
                            pairs.iter().flat_map(|&(key, value)| [key, value]),
                        );
                    }
                    // A creation of a record deals with its fields.
                    Some(Initializer::Fields(_)) | None => {}
                }
            }
            ExprKind::NewArray { size, .. } => {
                self.throws();
                self.push(*size, Use::Stored);
            }
            ExprKind::NewArrayInit { items, .. } | ExprKind::Vector(items) => {
                self.push_all(items.iter().copied());
            }
            ExprKind::Tuple(items) => self.push_all(items.iter().map(|(_, item)| *item)),
            ExprKind::Unary { operand, .. } | ExprKind::FromEnd(operand) => {
                self.operator(id, None);
                self.push(*operand, Use::Stored);
            }
            ExprKind::Increment { operand, .. } => {
                self.operator(id, None);
                self.write(*operand, true);
                self.push_target(*operand);
            }
            ExprKind::Binary { op, left, right } => {
                self.operator(id, Some((*op, *right)));
                self.compared(*left);
                self.compared(*right);
            }
            ExprKind::Assign { target, op, value } => {
                if let Some(AssignOp::Op(op)) = op {
                    self.operator(id, Some((*op, *value)));
                }
                self.write(*target, op.is_some());
                self.push_target(*target);
                self.push(*value, Use::Stored);
            }
            ExprKind::Is { operand, pattern } => self.tested(*operand, pattern),
            ExprKind::With { operand, fields } => {
                self.schema_made(id);
                self.push(*operand, Use::Stored);
                let made = match self.ty(id) {
                    Some(Ty::Record(record, _)) => Some(*record),
                    _ => None,
                };
                for (_, value) in fields {
                    self.push(*value, self.field_use(made));
                }
            }
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let InterpolationPart::Hole { value, format, .. } = part {
                        self.push(*value, Use::Stored);
                        self.here().direct.throws |= format.is_some();
                    }
                }
            }
            ExprKind::Range { from, to } => self.push_all(from.iter().chain(to).copied()),
            ExprKind::Receive { source, timeout } => {
                self.throws();
                self.fact(expr.span, FactKind::Receive);
                self.push_all(std::iter::once(*source).chain(*timeout));
            }
            ExprKind::Send { target, value } => {
                self.send(expr.span, id, *target);
                self.push(*target, Use::Stored);
                self.push(*value, Use::Sent);
            }
            ExprKind::Network { right, .. } => self.network(id, *right),
            _ => {}
        }
    }

    fn tested(&mut self, id: ExprId, pattern: &Pattern) {
        match asks_for_null(pattern) {
            true => self.compared(id),
            false => self.push(id, Use::Stored),
        }
    }

    /// An operand. A function value is compared with nothing but `null`, so that of a local goes
    /// nowhere by it.
    fn compared(&mut self, id: ExprId) {
        if !matches!(self.body.exprs[id].kind, ExprKind::Local(_)) {
            self.push(id, Use::Stored);
        }
    }

    /// A chain of operators, which is one network.
    fn network(&mut self, id: ExprId, last: ExprId) {
        self.uses_agent();
        self.fact(self.span(id), FactKind::Link);
        let network = self.table.networks.get(id);
        if let Some(reply) = network.and_then(|it| it.reply.as_ref()) {
            self.parts_leave(last, reply, Use::Sent);
        }
        let mut at = id;
        while let ExprKind::Network { left, right, .. } = &self.body.exprs[at].kind {
            self.push(*right, Use::Stored);
            at = *left;
        }
        self.push(at, Use::Stored);
    }

    /// An operand of a network; whether it was a node and is dealt with.
    fn operand(&mut self, id: ExprId, operand: &'a Operand) -> bool {
        let span = self.span(id);
        match operand {
            Operand::Node(node) => match &node.kind {
                NodeKind::Method { method, receiver, .. } => {
                    let dispatch = self.dispatch(id);
                    let place = self.receiver_place(receiver);
                    let target = Target::Method { method: *method, dispatch };
                    self.here().sites.push(Site {
                        span,
                        target,
                        mode: Mode::Node,
                        receiver: place,
                    });
                    self.receiver_value(receiver);
                    true
                }
                NodeKind::Lambda(lambda) => {
                    let key = (self.body_id, *lambda);
                    if let Some(&unit) = self.cx.units.lambdas.get(&key) {
                        self.site(span, Target::Unit(unit), Mode::Node);
                        self.enter(unit, &self.body.lambdas[*lambda].body);
                    }
                    true
                }
                NodeKind::Value => false,
            },
            Operand::RunTimeVector(inner) => match (inner.as_ref(), self.ty(id)) {
                (Operand::Node(_), Some(ty)) => {
                    for part in function_parts(self.cx.program, ty) {
                        let shape = self.cx.units.shape(&part);
                        self.value(id, FnValue::Unknown(shape), Use::Node);
                    }
                    false
                }
                (inner, _) => self.operand(id, inner),
            },
            Operand::Target(takes) => {
                self.parts_leave(id, takes, Use::Sent);
                false
            }
            Operand::Vector(_)
            | Operand::Source(_)
            | Operand::RequestSource { .. }
            | Operand::Network(_)
            | Operand::NetworkVector(_) => false,
        }
    }

    fn member(&mut self, id: ExprId, base: ExprId) {
        match self.table.members.get(id) {
            Some(Member::Property { method, .. }) => {
                self.native(*method, self.span(id), None);
                self.push(base, Use::Stored);
            }
            Some(Member::NullableValue) => {
                self.throws();
                self.push(base, Use::Stored);
            }
            _ => self.push(base, Use::Stored),
        }
    }

    /// What an operator can throw; `divisor` is the right side of a division.
    fn operator(&mut self, id: ExprId, right: Option<(BinaryOp, ExprId)>) {
        let Some(operator) = self.table.operators.get(id) else { return };
        let divides = matches!(right, Some((BinaryOp::Div | BinaryOp::Rem, _)));
        let safe = right.is_some_and(|(_, divisor)| self.is_safe_divisor(divisor));
        let throws = match operator.kind {
            OperatorKind::Int => operator.checked || divides && !safe,
            OperatorKind::Duration => operator.checked || divides,
            OperatorKind::Decimal => right.is_some(),
            _ => operator.checked,
        };
        self.here().direct.throws |= throws;
    }

    fn is_safe_divisor(&self, id: ExprId) -> bool {
        let value = match (self.table.constants.get(id), &self.body.exprs[id].kind) {
            (Some(Constant::Int(value)), _) => *value,
            (None, ExprKind::Literal(Literal::Int { value, .. })) => i128::from(*value),
            _ => return false,
        };
        value != 0 && value != -1
    }

    fn conversion(&mut self, conversion: &Conversion) {
        let throws = match conversion {
            Conversion::Numeric {
                from: Ty::Float | Ty::Double, to: Ty::Decimal, ..
            } => true,
            Conversion::Numeric {
                from: Ty::Decimal, to: Ty::Int(_) | Ty::Char, ..
            } => true,
            Conversion::Numeric { checked, .. } => *checked,
            // The rules of what is made may be broken.
            Conversion::Coerce { .. } => true,
            Conversion::Unwrap | Conversion::IntToEnum(_) | Conversion::AtState(_) => {
                true
            }
            Conversion::Inside(inner)
            | Conversion::Each(inner)
            | Conversion::Values(inner) => return self.conversion(inner),
            Conversion::Then(first, second) => {
                self.conversion(first);
                return self.conversion(second);
            }
            Conversion::Tuple(parts) => {
                return parts.iter().flatten().for_each(|it| self.conversion(it));
            }
            _ => false,
        };
        self.here().direct.throws |= throws;
    }
}

/// Whether a pattern tells `null` from everything else, and binds nothing.
fn asks_for_null(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Null | PatternKind::NonNull(None) => true,
        PatternKind::Not(inner) => asks_for_null(inner),
        _ => false,
    }
}

/// The method that a conversion makes a function value of.
fn method_value(conversion: &Conversion) -> Option<(MethodId, &Receiver)> {
    match conversion {
        Conversion::MethodToFunc { method, receiver, .. } => Some((*method, receiver)),
        Conversion::Then(first, _) => method_value(first),
        _ => None,
    }
}
