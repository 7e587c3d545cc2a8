//! The walk over expressions: what a value was computed from, and what is written with it.
//! Operands are taken in the order of their evaluation.

use super::flow::Flow;
use super::taint::{Origin, State, Taint, Taints, Wait};
use super::{Found, name_at};
use crate::hir::body::*;
use crate::hir::item::Owner;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{ArgBinding, Call, Member};

/// Deeper expressions are not followed: chains of one level have no depth.
const DEEPEST: usize = 300;

impl<'a> Flow<'a, '_> {
    /// Evaluates an expression; gives the state in its value.
    pub(super) fn value(&mut self, id: ExprId) -> Taints {
        if self.depth > DEEPEST {
            return Taints::default();
        }
        self.depth += 1;
        // Chains lean to the left and may be very long: they are followed without recursion.
        let mut spine = Vec::new();
        let mut at = id;
        while let Some(first) = first_operand(&self.body.exprs[at].kind) {
            spine.push(at);
            at = first;
        }
        let mut value = self.innermost(at);
        while let Some(at) = spine.pop() {
            value = self.rest(at, value);
            let n_waits = self.n_waits;
            self.may_wait(self.body.exprs[at].span);
            if self.n_waits > n_waits {
                value.wait(self.last_wait);
            }
        }
        self.depth -= 1;
        value
    }

    /// Evaluates operands in order: the values of earlier ones are kept while later ones wait.
    fn all(
        &mut self,
        mut first: Taints,
        ids: impl IntoIterator<Item = ExprId>,
    ) -> Taints {
        for id in ids {
            let n_waits = self.n_waits;
            let value = self.value(id);
            if self.n_waits > n_waits {
                first.wait(self.last_wait);
            }
            first.join(&value);
        }
        first.inside()
    }

    /// An operand that may be left out.
    fn maybe(&mut self, first: Taints, id: ExprId) -> Taints {
        let before = self.state.clone();
        let value = self.all(first, [id]);
        self.state.join(&before);
        value
    }

    /// An expression behind its first operand, whose value is given.
    fn rest(&mut self, id: ExprId, first: Taints) -> Taints {
        match &self.body.exprs[id].kind {
            ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, right, .. }
            | ExprKind::Coalesce { right, .. } => self.maybe(first, *right),
            ExprKind::Binary { right, .. } => self.all(first, [*right]),
            ExprKind::Network { right, .. } => {
                self.all(first, [*right]);
                Taints::default()
            }
            ExprKind::Member { base, .. } => self.member(id, *base, first),
            ExprKind::Index { args, .. } => self.all(first, args.iter().copied()),
            ExprKind::Call { args, .. } => {
                let given: Vec<_> = args.iter().map(|it| it.value).collect();
                self.call(id, first, &given)
            }
            ExprKind::NonNull(_) | ExprKind::Cast { .. } | ExprKind::Checked { .. } => {
                first
            }
            ExprKind::Is { pattern, .. } => {
                let value = first.inside();
                self.bind(pattern, &value);
                value
            }
            ExprKind::With { fields, .. } => {
                self.all(first, fields.iter().map(|(_, value)| *value))
            }
            ExprKind::Receive { timeout, .. } => {
                self.all(first, *timeout);
                Taints::default()
            }
            _ => first.inside(),
        }
    }

    /// An expression without a first operand, or one that is not always evaluated in order.
    fn innermost(&mut self, id: ExprId) -> Taints {
        let expr = &self.body.exprs[id];
        let value = match &expr.kind {
            ExprKind::Local(local) => {
                let value = self.state.get(*local);
                self.uses.extend(
                    value.0.iter().filter(|it| it.whole).map(|it| (expr.span, *it)),
                );
                value
            }
            ExprKind::Field(field) => self.read(*field, expr.span),
            ExprKind::Assign { target, op, value } => {
                return self.assign(id, *target, *op, *value);
            }
            ExprKind::Increment { operand, .. } => {
                self.parts_of_place(*operand);
                Taints::default()
            }
            ExprKind::Send { target, value } => {
                self.all(Taints::default(), [*target, *value]);
                Taints::default()
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                let condition = self.value(*condition);
                let before = self.state.clone();
                let mut value = self.all(condition.clone(), [*then]);
                let after = std::mem::replace(&mut self.state, before);
                let other = self.all(condition, [*otherwise]);
                value.join(&other);
                self.state.join(&after);
                value
            }
            ExprKind::Switch { subject, arms } => self.arms(*subject, arms),
            ExprKind::Throw(value) => {
                self.value(*value);
                self.state = State::dead();
                Taints::default()
            }
            ExprKind::New { args, init, .. } => {
                let mut parts: Vec<_> = args.iter().map(|it| it.value).collect();
                match init {
                    Some(Initializer::Items(items)) => parts.extend(items),
                    Some(Initializer::Pairs(pairs)) => {
                        parts.extend(pairs.iter().flat_map(|&(key, value)| [key, value]));
                    }
                    Some(Initializer::Fields(fields)) => {
                        parts.extend(fields.iter().map(|(_, value)| *value));
                    }
                    None => {}
                }
                self.all(Taints::default(), parts)
            }
            ExprKind::NewArray { size, .. } => self.all(Taints::default(), [*size]),
            ExprKind::NewArrayInit { items, .. } | ExprKind::Vector(items) => {
                self.all(Taints::default(), items.iter().copied())
            }
            ExprKind::Tuple(items) => {
                self.all(Taints::default(), items.iter().map(|(_, item)| *item))
            }
            ExprKind::Interpolated(parts) => {
                let holes = parts.iter().filter_map(|it| match it {
                    InterpolationPart::Hole { value, .. } => Some(*value),
                    InterpolationPart::Text(_) => None,
                });
                self.all(Taints::default(), holes)
            }
            ExprKind::Range { from, to } => {
                self.all(Taints::default(), from.iter().chain(to).copied())
            }
            _ => Taints::default(),
        };
        let n_waits = self.n_waits;
        self.may_wait(expr.span);
        let mut value = value;
        if self.n_waits > n_waits {
            value.wait(self.last_wait);
        }
        value
    }

    fn arms(&mut self, subject: ExprId, arms: &'a [SwitchArm]) -> Taints {
        let mut subject = self.value(subject).inside();
        let mut before = self.state.clone();
        let mut after = State::dead();
        let mut sum = Taints::default();
        for arm in arms {
            self.state.clone_from(&before);
            self.bind(&arm.pattern, &subject);
            if let Some(guard) = arm.guard {
                self.guard(guard, &mut subject);
                before.join(&self.state);
            }
            let value = self.all(subject.clone(), [arm.value]);
            sum.join(&value);
            after.join(&self.state);
        }
        self.state = after;
        sum
    }

    fn read(&self, field: FieldId, span: Span) -> Taints {
        if !self.cx.may_change(self.unit, field) {
            return Taints::default();
        }
        let origin = Origin::Field(field, None);
        let shared = self.is_shared(field);
        Taints::one(Taint { origin, read: span, shared, wait: None, whole: true })
    }

    fn is_shared(&self, field: FieldId) -> bool {
        matches!(self.cx.facts.program.fields[field].owner, Owner::Domain(_))
    }

    fn member(&mut self, id: ExprId, base: ExprId, first: Taints) -> Taints {
        let Some(Member::Field(field)) = self.table.members.get(id) else {
            return first.inside();
        };
        let own = matches!(self.body.exprs[base].kind, ExprKind::This);
        let of_record =
            matches!(self.cx.facts.program.fields[*field].owner, Owner::Record(_));
        if !of_record || own {
            return self.read(*field, self.body.exprs[id].span);
        }
        let mut value = first;
        for taint in &mut value.0 {
            match &mut taint.origin {
                Origin::Field(_, part @ None) if taint.whole => *part = Some(*field),
                _ => {}
            }
            taint.whole = false;
        }
        value
    }

    fn call(&mut self, id: ExprId, first: Taints, given: &[ExprId]) -> Taints {
        let span = self.body.exprs[id].span;
        let mut values: Vec<(ExprId, Taints)> = Vec::new();
        let mut sum = first;
        for &arg in given {
            let n_waits = self.n_waits;
            let value = self.value(arg);
            if self.n_waits > n_waits {
                sum.wait(self.last_wait);
                for (_, earlier) in &mut values {
                    earlier.wait(self.last_wait);
                }
            }
            sum.join(&value);
            values.push((arg, value));
        }
        match self.table.calls.get(id) {
            Some(Call::Method { method, args, .. }) => {
                let Some(summary) = self.cx.methods.get(method) else {
                    return sum.inside();
                };
                for &origin in &summary.gives {
                    let Origin::Field(field, _) = origin else { continue };
                    if self.cx.may_change(self.unit, field) {
                        let shared = self.is_shared(field);
                        let (wait, whole) = (None, false);
                        sum.add(Taint { origin, read: span, shared, wait, whole });
                    }
                }
                for &(param, origin, wait) in &summary.sets {
                    let Some(ArgBinding::Expr(arg)) = args.get(param) else { continue };
                    let value = values.iter().find(|it| it.0 == *arg);
                    let mut value = value.map(|it| it.1.clone()).unwrap_or_default();
                    if let Some(span) = wait {
                        value.wait(Wait { span, ends_turn: true });
                    }
                    self.written(origin, &value, span, None);
                }
            }
            Some(Call::LocalFn { local_fn, .. }) => {
                // What it assigns is not followed.
                let units = self.cx.facts.units;
                if let Some(&unit) = units.local_fns.get(&(self.body_id, *local_fn)) {
                    for &(local, _) in &units.all[unit].assigns {
                        self.state.set(local, Taints::default());
                    }
                }
            }
            _ => {}
        }
        sum.inside()
    }

    fn assign(
        &mut self,
        id: ExprId,
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    ) -> Taints {
        self.parts_of_place(target);
        let outer = std::mem::take(&mut self.uses);
        let taints = self.value(value);
        let uses = std::mem::replace(&mut self.uses, outer);
        let span = self.body.exprs[id].span;
        match self.place(target) {
            Some((Root::Local(local), true)) if op.is_none() => {
                self.state.set(local, taints.clone());
            }
            Some((Root::Local(local), _)) => self.state.add(local, &taints),
            // The assignment reads it anew, in the turn in which it writes.
            Some((Root::State(_), _)) if op.is_some() => {}
            Some((Root::State(origin), whole)) => {
                let fix = Written { target, value, whole, uses: &uses };
                self.written(origin, &taints, span, Some(&fix));
            }
            None => {}
        }
        taints
    }

    /// Indices of a place are evaluated before it is assigned.
    fn parts_of_place(&mut self, target: ExprId) {
        let mut at = target;
        loop {
            at = match &self.body.exprs[at].kind {
                ExprKind::Index { base, args, .. } => {
                    self.all(Taints::default(), args.iter().copied());
                    *base
                }
                ExprKind::Member { base, .. } | ExprKind::NonNull(base) => *base,
                ExprKind::Tuple(items) => {
                    for (_, item) in items {
                        if let Some((Root::Local(local), true)) = self.place(*item) {
                            self.state.set(local, Taints::default());
                        }
                    }
                    return;
                }
                _ => return,
            };
        }
    }

    /// Where a place lies, and whether all of it is meant.
    fn place(&self, target: ExprId) -> Option<(Root, bool)> {
        let mut at = target;
        let mut part = None;
        loop {
            at = match &self.body.exprs[at].kind {
                ExprKind::Local(local) => {
                    return Some((Root::Local(*local), at == target));
                }
                ExprKind::Field(field) => {
                    return Some((
                        Root::State(Origin::Field(*field, part)),
                        at == target,
                    ));
                }
                ExprKind::Index { base, .. } | ExprKind::NonNull(base) => {
                    part = None;
                    *base
                }
                ExprKind::Member { base, .. } => match self.table.members.get(at) {
                    Some(Member::Field(field)) => {
                        let own = matches!(self.body.exprs[*base].kind, ExprKind::This);
                        match self.cx.facts.program.fields[*field].owner {
                            Owner::Record(_) if !own => part = Some(*field),
                            _ => {
                                let origin = Origin::Field(*field, part);
                                return Some((Root::State(origin), at == target));
                            }
                        }
                        *base
                    }
                    _ => {
                        part = None;
                        *base
                    }
                },
                _ => return None,
            };
        }
    }

    /// State is written with a value.
    fn written(
        &mut self,
        origin: Origin,
        value: &Taints,
        span: Span,
        written: Option<&Written<'_>>,
    ) {
        let Origin::Field(field, _) = origin else { return };
        for taint in &value.0 {
            if let Origin::Param(local) = taint.origin {
                let at = self.body.params.iter().position(|it| *it == local);
                if let Some(at) = at.filter(|_| self.sets.len() < 16) {
                    self.sets.push((at, origin, taint.wait));
                }
            }
            let Some(wait) = taint.wait.filter(|_| origin.replaces(taint.origin)) else {
                continue;
            };
            let fix = written.and_then(|it| self.fix(field, taint, it));
            let found = Found { read: taint.read, wait, write: span, field, fix };
            self.found.entry(taint.read).or_insert(found);
        }
    }

    /// `x = x + receive(p)` is `x += receive(p)`; a local that holds what was read can be
    /// replaced by reading again.
    fn fix(
        &self,
        field: FieldId,
        taint: &Taint,
        written: &Written<'_>,
    ) -> Option<(String, Span, String)> {
        let span = |id: ExprId| self.body.exprs[id].span;
        let name = name_at(self.cx.facts, field, taint)?;
        if let ExprKind::Binary { op, left, right } = &self.body.exprs[written.value].kind
            && written.whole
            && span(*left) == taint.read
            && span(*right).hi == span(written.value).hi
            && let Some(op) = assigned(*op)
        {
            let between =
                Span { lo: span(written.target).hi, hi: span(*right).lo, ..taint.read };
            let what = format!("let the assignment read it: `{name} {op} …`");
            return Some((what, between, format!(" {op} ")));
        }
        let mut uses = written.uses.iter().filter(|it| it.1.origin == taint.origin);
        match (uses.next(), uses.next()) {
            (Some((at, it)), None) if it.read == taint.read => {
                Some((format!("read `{name}` again after the wait"), *at, name))
            }
            _ => None,
        }
    }
}

/// What is assigned.
enum Root {
    Local(LocalId),
    State(Origin),
}

/// An assignment of state.
struct Written<'u> {
    target: ExprId,
    value: ExprId,
    /// All of a field is assigned.
    whole: bool,
    uses: &'u [(Span, Taint)],
}

/// The operand that is evaluated first, where a chain may go on to the left.
fn first_operand(kind: &ExprKind) -> Option<ExprId> {
    match kind {
        ExprKind::Binary { left, .. }
        | ExprKind::Coalesce { left, .. }
        | ExprKind::Network { left, .. } => Some(*left),
        ExprKind::Member { base, .. }
        | ExprKind::Index { base, .. }
        | ExprKind::Port { base, .. } => Some(*base),
        ExprKind::Call { callee, .. } => Some(*callee),
        ExprKind::Unary { operand, .. }
        | ExprKind::FromEnd(operand)
        | ExprKind::Cast { operand, .. }
        | ExprKind::Checked { operand, .. }
        | ExprKind::Is { operand, .. }
        | ExprKind::With { operand, .. }
        | ExprKind::NonNull(operand) => Some(*operand),
        ExprKind::Receive { source, .. } => Some(*source),
        _ => None,
    }
}

/// The compound assignment of an operator.
fn assigned(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "+=",
        BinaryOp::Sub => "-=",
        BinaryOp::Mul => "*=",
        BinaryOp::Div => "/=",
        BinaryOp::Rem => "%=",
        _ => return None,
    })
}
