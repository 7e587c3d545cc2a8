//! What values are bound to: locals, patterns, fields and other places, and what it means
//! that an expression is used, kept or given away.

use super::super::graph::*;
use super::super::kind::Kind;
use super::super::status::{Event, Into, Owner, Set, Status, path};
use super::{Build, Value, arrived, borrowed, state_of};
use crate::hir::body::{
    Binding, ExprKind, Pattern, PatternKind, TuplePattern, TuplePatternPart,
};
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{Call, Conversion, Member, Receiver};

impl<'a> Build<'a, '_> {
    /// Evaluates an expression whose value stays where it is.
    pub(super) fn used(&mut self, id: ExprId) {
        if let Some(slot) = self.value(id, None) {
            self.op(Op::Use { slot, span: self.span(id) });
        }
    }

    /// Evaluates an expression whose value goes somewhere.
    pub(super) fn stored(&mut self, id: ExprId, into: Into) {
        self.stored_as(id, into, None);
    }

    /// The same, where a type that stands at `declared` is wanted.
    pub(super) fn stored_as(&mut self, id: ExprId, into: Into, declared: Option<Span>) {
        if let Some(slot) = self.value(id, declared) {
            self.op(Op::Move { slot, to: None, into, span: self.span(id) });
        }
    }

    pub(super) fn slot_of(&self, local: LocalId) -> Value {
        self.locals.get(&local).copied()
    }

    /// The slot of a local that comes into being here.
    fn declare(&mut self, local: LocalId) -> Value {
        let slot = self.slot_of(local)?;
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(slot);
        }
        if self.slots[slot as usize].kind == Kind::Request {
            self.made.push(slot);
        }
        Some(slot)
    }

    pub(super) fn local(&mut self, local: LocalId, init: Option<ExprId>) {
        let Some(init) = init else {
            if let Some(slot) = self.declare(local) {
                self.op(Op::Set { slot, set: Set::from([]) });
            }
            return;
        };
        let declared = self.body.locals[local].declared.as_ref();
        let declared = declared.and_then(state_of).map(|_| self.body.locals[local].span);
        let value = self.value(init, declared);
        if let Some(slot) = self.declare(local) {
            self.put(slot, value, self.span(init));
        }
        self.end_temps();
    }

    /// The slot takes over a value; nothing is known of one that was not followed.
    pub(super) fn put(&mut self, slot: Slot, value: Value, span: Span) {
        match value {
            Some(from) if from == slot => self.op(Op::Use { slot, span }),
            Some(from) => {
                let into = Into::Local;
                self.op(Op::Move { slot: from, to: Some(slot), into, span });
            }
            None => self.op(Op::Set { slot, set: Set::from([]) }),
        }
    }

    pub(super) fn assign(&mut self, target: ExprId, value: ExprId) {
        match &self.body.exprs[target].kind {
            ExprKind::Local(local) => match self.slot_of(*local) {
                Some(slot) => {
                    let declared = Some(self.body.locals[*local].span);
                    let from = self.value(value, declared);
                    self.op(Op::Drop { slot, span: self.span(target) });
                    self.put(slot, from, self.span(value));
                }
                None => self.used(value),
            },
            ExprKind::Tuple(parts) => {
                self.stored(value, Into::Value);
                for (_, part) in parts {
                    match &self.body.exprs[*part].kind {
                        ExprKind::Local(local) => {
                            if let Some(slot) = self.slot_of(*local) {
                                self.op(Op::Set { slot, set: Set::unknown() });
                            }
                        }
                        _ => self.target(*part),
                    }
                }
            }
            _ => {
                self.target(target);
                self.stored(value, Into::Field);
            }
        }
    }

    /// The parts of an assigned place that are evaluated.
    pub(super) fn target(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Member { base, .. } => self.target(*base),
            ExprKind::Index { base, args, .. } => {
                self.target(*base);
                for arg in args {
                    self.used(*arg);
                }
                self.throws();
            }
            _ => self.used(id),
        }
    }

    /// Who owns the value of an expression that names a place.
    pub(super) fn owner(&self, id: ExprId) -> Option<Owner> {
        match &self.body.exprs[id].kind {
            ExprKind::Member { .. } => match self.table.members.get(id) {
                Some(Member::Field(_) | Member::TupleElement(_)) => Some(Owner::Field),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the expression names a value that stays where it is, or shows what such a value
    /// holds.
    pub(super) fn is_place(&self, id: ExprId) -> bool {
        match &self.body.exprs[id].kind {
            ExprKind::Local(_) | ExprKind::Field(_) | ExprKind::PrimaryChannel => true,
            ExprKind::Member { base, .. } => match self.table.members.get(id) {
                Some(Member::Property { .. }) => self.shows(*base),
                _ => self.around(id).is_some_and(|it| self.is_place(it)),
            },
            ExprKind::Call { .. } => match self.table.calls.get(id) {
                Some(Call::Method {
                    method, receiver: Receiver::Expr(object), ..
                }) => {
                    let native = self.cx.program.methods[*method].native.as_ref();
                    native.is_some_and(|it| !it.mutates) && self.shows(*object)
                }
                _ => false,
            },
            ExprKind::Index { base, .. } | ExprKind::NonNull(base) => {
                self.is_place(*base)
            }
            _ => false,
        }
    }

    /// What the expression names a field of, or the value inside.
    fn around(&self, id: ExprId) -> Option<ExprId> {
        match &self.body.exprs[id].kind {
            ExprKind::Member { base, .. } => match self.table.members.get(id)? {
                Member::Field(_) | Member::TupleElement(_) | Member::NullableValue => {
                    Some(*base)
                }
                _ => None,
            },
            ExprKind::NonNull(base) => Some(*base),
            _ => None,
        }
    }

    /// Whether what the value tells of itself may be what it holds, and stays there.
    pub(super) fn shows(&self, id: ExprId) -> bool {
        self.kind(id).is_some() && self.is_place(id)
    }

    /// A part of a value. That of a local may be given away, and breaks the whole then; any
    /// other is borrowed if the whole stays somewhere.
    pub(super) fn part(&mut self, id: ExprId, whole: ExprId) -> Value {
        let kind = self.kind(id)?;
        let span = self.span(id);
        if self.owner(id) == Some(Owner::Field)
            && let Some(root) = self.root(whole)
        {
            let slot = self.new_slot(kind);
            self.slots[slot as usize].whole = Some(root);
            self.op(Op::Use { slot: root, span });
            self.op(Op::Take { from: root, to: slot, span });
            return Some(slot);
        }
        let owner = self.owner(id).unwrap_or(Owner::Collection);
        let set = match self.is_place(whole) {
            true => borrowed(owner, span),
            false => Set::unknown(),
        };
        Some(self.temp(kind, set))
    }

    /// The local whose field, or field of a field, it is.
    fn root(&self, mut id: ExprId) -> Value {
        loop {
            if let ExprKind::Local(local) = self.body.exprs[id].kind {
                return self.slot_of(local);
            }
            id = self.around(id)?;
        }
    }

    /// The locals of a binding get their values; `owner` is who keeps these.
    pub(super) fn bind_all(
        &mut self,
        binding: &'a Binding,
        received: bool,
        owner: Option<Owner>,
        span: Span,
    ) {
        match binding {
            Binding::Single(local) => self.bind(*local, received, owner, span),
            Binding::Tuple(pattern) => self.bind_tuple(pattern, received, owner, span),
        }
    }

    fn bind(&mut self, local: LocalId, received: bool, owner: Option<Owner>, span: Span) {
        let Some(slot) = self.declare(local) else { return };
        let set = match owner {
            Some(owner) => borrowed(owner, span),
            None => arrived(self.slots[slot as usize].kind, received, span),
        };
        self.op(Op::Set { slot, set });
    }

    fn bind_tuple(
        &mut self,
        pattern: &'a TuplePattern,
        received: bool,
        owner: Option<Owner>,
        span: Span,
    ) {
        for part in &pattern.parts {
            match part {
                TuplePatternPart::Local(local) => {
                    self.bind(*local, received, owner, span)
                }
                TuplePatternPart::Discard(_) => {}
                TuplePatternPart::Nested(inner) => {
                    self.bind_tuple(inner, received, owner, span);
                }
            }
        }
    }

    pub(super) fn deconstruct(&mut self, pattern: &'a TuplePattern, value: ExprId) {
        let slot = self.value(value, None);
        self.bind_tuple(pattern, false, None, self.span(value));
        if let Some(slot) = slot {
            let span = self.span(value);
            self.op(Op::Use { slot, span });
            // What is bound breaks the value that it comes from.
            if self.binds(pattern) {
                self.op(Op::Move { slot, to: None, into: Into::Value, span });
            }
        }
    }

    /// Whether something that is followed is bound.
    fn binds(&self, pattern: &TuplePattern) -> bool {
        pattern.parts.iter().any(|part| match part {
            TuplePatternPart::Local(local) => self.slot_of(*local).is_some(),
            TuplePatternPart::Discard(_) => false,
            TuplePatternPart::Nested(inner) => self.binds(inner),
        })
    }

    /// The variables of a pattern over a value, which it breaks.
    pub(super) fn pattern(&mut self, pattern: &'a Pattern, subject: Value) {
        if let (Some(slot), _) = self.pattern_parts(pattern, subject) {
            let (into, span) = (Into::Value, pattern.span);
            self.op(Op::Move { slot, to: None, into, span });
        }
    }

    /// The variables of a pattern, and the value that they are taken from if there are any.
    pub(super) fn pattern_parts(
        &mut self,
        pattern: &'a Pattern,
        subject: Value,
    ) -> (Value, Vec<Slot>) {
        let mut to = Vec::new();
        self.pattern_part(pattern, &mut to);
        (subject.filter(|_| !to.is_empty()), to)
    }

    fn pattern_part(&mut self, pattern: &'a Pattern, into: &mut Vec<Slot>) {
        match &pattern.kind {
            PatternKind::Var(local)
            | PatternKind::Typed { local, .. }
            | PatternKind::NonNull(Some(local)) => {
                self.bind(*local, false, None, pattern.span);
                into.extend(self.slot_of(*local));
            }
            PatternKind::Case { args: Some(parts), .. } | PatternKind::Tuple(parts) => {
                for part in parts {
                    self.pattern_part(part, into);
                }
            }
            PatternKind::Properties { fields, .. } => {
                for (_, part) in fields {
                    self.pattern_part(part, into);
                }
            }
            PatternKind::Or(left, right) | PatternKind::And(left, right) => {
                self.pattern_part(left, into);
                self.pattern_part(right, into);
            }
            PatternKind::Not(inner) => self.pattern_part(inner, into),
            _ => {}
        }
    }

    /// What the implicit conversion of a value does to it.
    pub(super) fn converted(
        &mut self,
        id: ExprId,
        value: Value,
        declared: Option<Span>,
    ) -> Value {
        // What does not fit goes nowhere.
        if self.table.misfits.contains(&id) {
            return None;
        }
        let Some(conversion) = self.table.conversions.get(id) else { return value };
        let slot = value?;
        let span = self.span(id);
        match end_conversion(conversion) {
            Some(Conversion::AtState(state)) => {
                let state = u32::try_from(*state).unwrap_or(u32::MAX);
                self.op(Op::Expect { slot, state, declared, span });
                Some(slot)
            }
            Some(_) => {
                self.op(Op::Use { slot, span });
                self.op(Op::Forget { slot });
                None
            }
            None => Some(slot),
        }
    }

    /// An end that a call or a declaration gives in a known state.
    pub(super) fn fresh(&self, state: usize, event: Event, span: Span) -> Set {
        let status = Status::state(state);
        Set::one(status, path(span, event, status))
    }
}

/// The part of a conversion that is about a channel end.
fn end_conversion(conversion: &Conversion) -> Option<&Conversion> {
    match conversion {
        Conversion::AtState(_)
        | Conversion::EndToSource(_)
        | Conversion::EndToTarget(_)
        | Conversion::ToSource
        | Conversion::ToTarget
        | Conversion::ToBoth => Some(conversion),
        Conversion::Inside(inner) => end_conversion(inner),
        Conversion::Then(first, second) => {
            end_conversion(first).or_else(|| end_conversion(second))
        }
        _ => None,
    }
}
