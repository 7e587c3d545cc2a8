//! Schemas that derive `Exception`. All are values of the runtime's one exception type;
//! fields that the program declares are in a struct that the exception carries.

use crate::hir::body::ExprKind as HirKind;
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, FieldId, RecordId};
use crate::ir::{Expr, ExprKind, ItemRef, Pattern};
use crate::types::tables::Call;

use super::Lower;
use super::body::Fx;
use super::build::{At, value_block};
use super::names::Key;
use super::order::Held;
use super::place::Place;
use super::record::part;
use crate::support::Name;

impl Lower<'_> {
    /// Whether a field is one of an exception.
    pub(super) fn is_exception_field(&self, field: FieldId) -> bool {
        matches!(self.program.fields[field].owner, Owner::Record(it) if self.is_exception(it))
    }

    /// Whether the runtime keeps the field: the library declares it.
    fn is_kept(&self, field: FieldId) -> bool {
        matches!(
            self.program.fields[field].owner,
            Owner::Record(it) if self.program.records[it].decl.library
        )
    }

    /// What an exception is known by when the program runs. Its name behind the last `.` is
    /// what is printed.
    pub(super) fn exception_kind(&self, id: RecordId) -> Name {
        let record = &self.program.records[id].decl;
        if record.library {
            return record.name.name.clone();
        }
        let mut parts = record.namespace.clone();
        parts.extend(self.path(record.owner, &record.name.name));
        let hidden = |it: &&crate::hir::item::Record| {
            it.decl.library && it.decl.name.name == record.name.name
        };
        if parts.len() == 1 && self.program.records.iter().any(|it| hidden(&it)) {
            parts.insert(0, "".into());
        }
        parts.join(".").into()
    }

    /// The fields that the struct of an exception has: the program's own.
    pub(super) fn exception_fields(&self, id: RecordId) -> Vec<(FieldId, Ty)> {
        let fields = self.record_fields(id, &[].into());
        fields.into_iter().filter(|it| !self.is_kept(it.0)).collect()
    }

    /// The program's exceptions that are or derive from `base`, the most derived first.
    fn exceptions_from(&self, base: RecordId) -> Vec<RecordId> {
        let program = self.program;
        let mut found: Vec<RecordId> = program
            .records
            .ids()
            .filter(|it| {
                !program.records[*it].decl.library && self.derives_from(*it, base)
            })
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(self.bases(*it, &[].into()).len()));
        found
    }
}

impl Fx<'_, '_> {
    /// A field of the exception in `place`. `wanted` is the type that it is read as.
    pub(super) fn exception_field(
        &mut self,
        place: Place,
        field: FieldId,
        wanted: &Ty,
    ) -> Expr {
        let at = self.at;
        let name = self.lower.program.fields[field].name.name.clone();
        if self.lower.is_kept(field) {
            let name = match &*name {
                "Message" => "message",
                "Cause" => "cause",
                _ => "agent",
            };
            let value = self.access(place, false, vec![], |at, it, _| {
                at.method(it.expr, name, vec![])
            });
            return match (name, wanted) {
                ("message", Ty::Nullable(_)) => at.some(value),
                _ => value,
            };
        }
        let Owner::Record(owner) = self.lower.program.fields[field].owner else {
            unreachable!("an exception's field is declared by a schema")
        };
        let exception = self.read(place);
        let exception = match exception.kind {
            ExprKind::Var(_) => exception,
            ExprKind::Clone(inner) if matches!(inner.kind, ExprKind::Var(_)) => *inner,
            _ => self.bind(exception),
        };
        let ty = self.lower.program.fields[field].ty.clone();
        let copy = self.lower.is_copy(&ty);
        // What it carries is of the type that made it, which may derive from the declared one.
        let never =
            at.expr(ExprKind::Unreachable("an exception of the type carries its fields"));
        self.lower.exceptions_from(owner).into_iter().rev().fold(never, |rest, id| {
            let item = self.lower.need(Key::Record(id, [].into()));
            let value = carried(at, &exception, item);
            let var = self.temp();
            let found = at.field(at.var(var), &name);
            let found = if copy { found } else { at.clone(found) };
            let arms = vec![
                at.arm(
                    Pattern::Some(Box::new(Pattern::Var(var))),
                    None,
                    value_block(found),
                ),
                at.arm(Pattern::None, None, value_block(rest)),
            ];
            at.matching(value, arms)
        })
    }

    /// `new Exception("text")`, of any schema that derives `Exception`.
    pub(super) fn new_exception(
        &mut self,
        record: RecordId,
        fields: &[(FieldId, ExprId)],
    ) -> Expr {
        let at = self.at;
        let mut held = Vec::new();
        for (field, value) in fields {
            let kept = self.lower.is_kept(*field);
            let value = match kept {
                true => self.kept_value(*value),
                false => {
                    let value = self.value(*value);
                    self.hold(value)
                }
            };
            held.push(value);
        }
        self.at = at;
        let values = self.settled(held);
        let (mut message, mut cause, mut own) = (None, None, Vec::new());
        for ((field, _), value) in fields.iter().zip(values) {
            match &*self.lower.program.fields[*field].name.name {
                "Message" if self.lower.is_kept(*field) => message = Some(value),
                "Cause" if self.lower.is_kept(*field) => cause = Some(value),
                _ if self.lower.is_kept(*field) => self.discard(value),
                _ => own.push((*field, value)),
            }
        }
        let made = self.made(at, record, message, own);
        match cause {
            None => made,
            Some(cause) => match cause.kind {
                ExprKind::None => made,
                ExprKind::Some(cause) => at.method(made, "caused_by", vec![*cause]),
                kind => at.method(made, "caused_by_any", vec![at.expr(kind)]),
            },
        }
    }

    /// A value for a field that the runtime keeps, as a nullable.
    fn kept_value(&mut self, id: ExprId) -> Held {
        let value = self.value(id);
        let at = self.at;
        let value = match (&value.kind, self.converted_ty(id)) {
            (_, Ty::Nullable(_) | Ty::Null) => value,
            _ => at.some(value),
        };
        self.hold(value)
    }

    fn made(
        &mut self,
        at: At,
        record: RecordId,
        message: Option<Expr>,
        own: Vec<(FieldId, Expr)>,
    ) -> Expr {
        let program = self.lower.program;
        let name = program.records[record].decl.name.name.clone();
        if program.records[record].decl.library {
            let message = match message.map(|it| it.kind) {
                None | Some(ExprKind::None) => at.text(&name),
                Some(ExprKind::Some(message)) => *message,
                Some(kind) => at.method(at.expr(kind), "unwrap_or", vec![at.str(&name)]),
            };
            return at.rt("Exception::new", vec![at.text(&name), message]);
        }
        let kinds: Vec<Expr> = self
            .lower
            .bases(record, &[].into())
            .iter()
            .rev()
            .filter(|it| Some(it.0) != program.lang.exception)
            .map(|it| at.text(&self.lower.exception_kind(it.0)))
            .collect();
        let message = message.unwrap_or_else(|| at.expr(ExprKind::None));
        let whole = Ty::Record(record, [].into());
        let all = self.lower.exception_fields(record);
        let mut parts = Vec::new();
        for (field, value) in own {
            let ty = program.fields[field].ty.clone();
            parts.push(part(self, at, field, &ty, &whole, value));
        }
        for (field, ty) in all {
            let name = self.lower.field_name(field);
            if parts.iter().all(|it| it.0 != name) {
                let value = self.start_value(field, &ty, &whole);
                self.at = at;
                parts.push(part(self, at, field, &ty, &whole, value));
            }
        }
        let item = self.lower.need(Key::Record(record, [].into()));
        let value = at.expr(ExprKind::Struct { item, fields: parts, rest: None });
        let kinds = at.expr(ExprKind::Slice(kinds));
        let made = at.rt("Exception::with_value", vec![kinds, message, value]);
        self.checked(at, record, made)
    }

    /// An exception, checked against the rules of its schema.
    fn checked(&mut self, at: At, record: RecordId, exception: Expr) -> Expr {
        if !self.lower.has_rules(record) {
            return exception;
        }
        let check = self.lower.need(Key::CheckRules(record, [].into()));
        at.call(check, vec![exception])
    }

    /// `e with { … }`: an exception of the type that made `e`, which may derive from the
    /// declared one, and so keeps the rules of that type.
    pub(super) fn exception_with(
        &mut self,
        id: ExprId,
        operand: ExprId,
        record: RecordId,
    ) -> Expr {
        let at = self.at;
        let Some(Call::NewRecord { fields, .. }) = self.frame.types.calls.get(id) else {
            unreachable!("`with` has its fields")
        };
        let base = self.value(operand);
        let mut held = vec![self.hold(base)];
        for (field, value) in fields {
            let value = match self.lower.is_kept(*field) {
                true => self.kept_value(*value),
                false => {
                    let value = self.value(*value);
                    self.hold(value)
                }
            };
            held.push(value);
        }
        self.at = at;
        let values = self.settled(held);
        // They are used once for each type that the exception may have.
        let values: Vec<Expr> = values.into_iter().map(|it| self.bind(it)).collect();
        let (base, values) = values.split_first().expect("the operand comes first");
        let fields: Vec<FieldId> = fields.iter().map(|it| it.0).collect();
        let changes: Vec<(FieldId, &Expr)> = fields.into_iter().zip(values).collect();
        let plain = self.with_kept(at, at.clone(base.clone()), &changes);
        let types = self.lower.exceptions_from(record).into_iter().rev();
        types.fold(plain, |rest, id| self.changed_as(at, id, (base, &changes), rest))
    }

    /// The exception with changes if it was made as `id`, else `rest`.
    fn changed_as(
        &mut self,
        at: At,
        id: RecordId,
        (base, changes): (&Expr, &[(FieldId, &Expr)]),
        rest: Expr,
    ) -> Expr {
        let own = changes.iter().filter(|it| !self.lower.is_kept(it.0));
        let own: Vec<&(FieldId, &Expr)> = own.collect();
        if own.is_empty() && !self.lower.has_rules(id) {
            return rest;
        }
        let whole = Ty::Record(id, [].into());
        let item = self.lower.need(Key::Record(id, [].into()));
        let var = self.temp();
        let changed = self.value_block(|cx| {
            let mut fields = Vec::new();
            for (field, value) in own {
                let ty = cx.lower.program.fields[*field].ty.clone();
                let value = at.clone((*value).clone());
                fields.push(part(cx, at, *field, &ty, &whole, value));
            }
            let made = match fields.len() {
                0 => at.clone(base.clone()),
                n => {
                    let n_fields = cx.lower.exception_fields(id).len();
                    let others = || Box::new(at.clone(at.deref(at.var(var))));
                    let rest = (n < n_fields).then(others);
                    let value = at.expr(ExprKind::Struct { item, fields, rest });
                    at.method(base.clone(), "with_fields", vec![value])
                }
            };
            let made = cx.with_kept(at, made, changes);
            cx.checked(at, id, made)
        });
        let value = carried(at, base, item);
        let found = Pattern::Some(Box::new(Pattern::Var(var)));
        let arms = vec![
            at.arm(found, None, changed),
            at.arm(Pattern::None, None, value_block(rest)),
        ];
        at.matching(value, arms)
    }

    /// The exception with those of the changes that are to fields which the runtime keeps.
    fn with_kept(&self, at: At, made: Expr, changes: &[(FieldId, &Expr)]) -> Expr {
        let kept = changes.iter().filter(|it| self.lower.is_kept(it.0));
        kept.fold(made, |made, (field, value)| {
            let set = match &*self.lower.program.fields[*field].name.name {
                "Message" => "with_text",
                "Cause" => "with_cause",
                // Which agent failed is the runtime's to say.
                _ => return made,
            };
            at.method(made, set, vec![at.clone((*value).clone())])
        })
    }

    /// Whether an expression is a field of an exception; then its value.
    pub(super) fn exception_part(&mut self, id: ExprId) -> Option<Expr> {
        let member = self.frame.types.members.get(id);
        match (&self.frame.body.exprs[id].kind, member) {
            (HirKind::Field(field), _) if self.lower.is_exception_field(*field) => {
                let place = self.this_place();
                let wanted = self.ty(id);
                Some(self.exception_field(place, *field, &wanted))
            }
            (
                HirKind::Member { base, .. },
                Some(crate::types::tables::Member::Field(field)),
            ) if self.lower.is_exception_field(*field) => {
                let at = self.at;
                let place = self.place(*base);
                self.at = at;
                let wanted = self.ty(id);
                Some(self.exception_field(place, *field, &wanted))
            }
            _ => None,
        }
    }
}

/// What an exception carries, if that is of the type.
fn carried(at: At, exception: &Expr, item: ItemRef) -> Expr {
    let mut value = at.method(exception.clone(), "value", vec![]);
    if let ExprKind::Method { generics, .. } = &mut value.kind {
        generics.push(crate::ir::Ty::Item(item));
    }
    value
}
