//! Places: what can be assigned and changed in place (decision 20). It does not know
//! which captured locals a lambda may not assign: `isolation` does.

use super::cx::{Cx, Why};
use super::errors::names;
use super::tables::Member;
use crate::hir::body::{AssignOp, Context, ExprKind, LocalKind};
use crate::hir::item::{Owner, RecordKind};
use crate::hir::ty::Ty;
use crate::hir::*;

/// Why something is no place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NoPlace {
    Foreach(LocalId),
    ConstLocal(LocalId),
    Using(LocalId),
    Readonly(FieldId),
    /// A field of a schema.
    Schema(FieldId),
    /// The result of a call, `?.`, or another value that nobody else holds.
    Temporary,
    /// A property or indexer that can only be read.
    ReadOnlyMember,
    /// A name, a constant, a literal.
    NotAValue,
}

impl Cx<'_> {
    /// `target = value` and its compound forms.
    pub(super) fn assign(
        &mut self,
        id: ExprId,
        target: ExprId,
        op: Option<AssignOp>,
        value: ExprId,
    ) -> Ty {
        match op {
            Some(AssignOp::Op(op)) => self.compound(id, op, target, value),
            Some(AssignOp::Coalesce) => self.coalesce_assign(target, value),
            None => self.plain_assign(target, value),
        }
    }

    fn plain_assign(&mut self, target: ExprId, value: ExprId) -> Ty {
        if let ExprKind::Placeholder = self.kind(target) {
            let ty = self.value(value);
            self.out.exprs.insert(target, ty.clone());
            return ty;
        }
        if let ExprKind::Tuple(parts) = self.kind(target) {
            let elements: Vec<Ty> =
                parts.iter().map(|(_, part)| self.assign_target(*part, false)).collect();
            let ty = Ty::tuple(elements.iter().cloned());
            self.out.exprs.insert(target, ty.clone());
            self.check(value, &ty, Why::Nothing);
            for ((_, part), element) in parts.iter().zip(&elements) {
                self.assigned(*part, element);
            }
            return ty;
        }
        let ty = self.assign_target(target, false);
        let why = self.why_place(target);
        if ty.is_error() {
            self.absorb(value);
            return Ty::Error;
        }
        let found = self.infer(value, Some(&ty));
        self.adapt(value, &found, &ty, why);
        self.assigned(target, &found);
        ty
    }

    fn why_place(&self, id: ExprId) -> Why {
        match (self.kind(id), self.out.members.get(id)) {
            (ExprKind::Local(local), _) => Why::Local(*local),
            (ExprKind::Field(field), _) | (_, Some(Member::Field(field))) => {
                Why::Field(*field)
            }
            _ => Why::Nothing,
        }
    }

    /// The declared type of what is assigned; reports what is no place. `read` says that
    /// the old value is used too.
    pub(super) fn assign_target(&mut self, id: ExprId, read: bool) -> Ty {
        let ty = match self.kind(id) {
            ExprKind::Local(local) if !read => {
                let ty = self.out.locals.get(*local).cloned().unwrap_or(Ty::Error);
                self.out.exprs.insert(id, ty.clone());
                ty
            }
            ExprKind::Field(field) if !read => {
                let ty = self.own_field_type(*field);
                self.out.members.insert(id, Member::Field(*field));
                self.out.exprs.insert(id, ty.clone());
                ty
            }
            _ => {
                let ty = self.infer(id, None);
                self.as_declared(id, ty)
            }
        };
        if ty.is_error() {
            return ty;
        }
        if ty == Ty::Void {
            let problem = names::not_assignable(self, id, NoPlace::Temporary);
            self.report(problem);
            return Ty::Error;
        }
        if let Err(reason) = self.is_place(id, true) {
            let problem = names::not_assignable(self, id, reason);
            self.report(problem);
        }
        ty
    }

    /// Notes what an assignment of a value of this type tells about the place.
    pub(super) fn assigned(&mut self, target: ExprId, value: &Ty) {
        self.flow.split = None;
        let non_null = !matches!(value, Ty::Nullable(_) | Ty::Null | Ty::Error);
        match self.kind(target) {
            ExprKind::Local(local) => {
                let nullable =
                    matches!(self.out.locals.get(*local), Some(Ty::Nullable(_)));
                self.flow.assign(*local, nullable && non_null);
            }
            ExprKind::Field(field) => self.flow.assign_field(*field),
            _ => {}
        }
    }

    /// Whether the expression names a place. `whole` asks about assigning the place itself,
    /// else only about changing the value in it.
    pub(super) fn is_place(&self, id: ExprId, whole: bool) -> Result<(), NoPlace> {
        self.is_place_behind(id, whole, whole)
    }

    /// The same of what a call is behind; `tested`: by `?.`. What one `?.` finds is changed where it
    /// is, but nothing is assigned by way of it, and what a second one finds is a copy.
    pub(super) fn is_place_behind(
        &self,
        id: ExprId,
        whole: bool,
        tested: bool,
    ) -> Result<(), NoPlace> {
        let mut at = id;
        let (mut whole, mut tested) = (whole, tested);
        loop {
            // In parentheses it is a value of its own.
            if self.out.null_chains.contains(at) {
                return Err(NoPlace::Temporary);
            }
            match self.kind(at) {
                ExprKind::Error => return Ok(()),
                ExprKind::Local(local) => return self.local_place(*local),
                ExprKind::Field(field) => return self.field_place(*field, true),
                ExprKind::This => {
                    return match self.body.context {
                        Context::Record(_) if !whole => Ok(()),
                        _ => Err(NoPlace::NotAValue),
                    };
                }
                ExprKind::Member { base, null_safe, .. } => {
                    if *null_safe && std::mem::replace(&mut tested, true) {
                        return Err(NoPlace::Temporary);
                    }
                    match self.out.members.get(at) {
                        Some(Member::Field(field)) => self.field_place(*field, false)?,
                        Some(Member::TupleElement(_)) => {}
                        // What is inside is changed, or null throws.
                        Some(Member::NullableValue) if !whole => {}
                        Some(Member::Property { method, .. }) => {
                            let settable = self.is_settable(*method);
                            if !settable || !whole {
                                return Err(if whole {
                                    NoPlace::ReadOnlyMember
                                } else {
                                    NoPlace::Temporary
                                });
                            }
                            // What a handle names is changed, not the handle.
                            return Ok(());
                        }
                        Some(_) => return Err(NoPlace::ReadOnlyMember),
                        None => return Ok(()),
                    }
                    at = *base;
                }
                ExprKind::Index { base, null_safe, .. } => {
                    if *null_safe {
                        return Err(NoPlace::Temporary);
                    }
                    match self.out.calls.get(at) {
                        Some(super::tables::Call::Method { method, .. })
                            if self.is_settable(*method) => {}
                        _ => return Err(NoPlace::ReadOnlyMember),
                    }
                    at = *base;
                }
                ExprKind::NonNull(inner) if !whole => at = *inner,
                ExprKind::Literal(_)
                | ExprKind::Const(_)
                | ExprKind::Method(_)
                | ExprKind::BaseMethod(_)
                | ExprKind::PrimaryChannel
                | ExprKind::OwnPort(_)
                | ExprKind::Port { .. } => return Err(NoPlace::NotAValue),
                _ => return Err(NoPlace::Temporary),
            }
            whole = false;
        }
    }

    fn is_settable(&self, method: MethodId) -> bool {
        let method = &self.program.methods[method];
        method.native.as_ref().is_some_and(|it| it.settable)
    }

    fn local_place(&self, local: LocalId) -> Result<(), NoPlace> {
        match self.body.locals[local].kind {
            LocalKind::Foreach => Err(NoPlace::Foreach(local)),
            LocalKind::Const => Err(NoPlace::ConstLocal(local)),
            LocalKind::Using => Err(NoPlace::Using(local)),
            LocalKind::Param
            | LocalKind::Variable
            | LocalKind::Bound
            | LocalKind::LambdaParam => Ok(()),
        }
    }

    fn field_place(&self, field: FieldId, own: bool) -> Result<(), NoPlace> {
        let declared = &self.program.fields[field];
        if let Owner::Record(record) = declared.owner
            && self.program.records[record].kind != RecordKind::Struct
        {
            return Err(NoPlace::Schema(field));
        }
        // Only the constructor of what declares the field may assign it, and itself: a lambda may
        // run later.
        let of_owner = match (declared.owner, self.body.context) {
            (Owner::Domain(owner), Context::Domain(this)) => owner == this,
            (Owner::Agent(_), Context::Agent(_)) => true,
            _ => false,
        };
        let in_constructor =
            own && of_owner && self.frames.last().is_some_and(|it| it.constructor);
        if declared.readonly && !in_constructor {
            return Err(NoPlace::Readonly(field));
        }
        Ok(())
    }
}
