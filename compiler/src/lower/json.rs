//! `x.ToJson()` and `T.FromJson(text)`: calls of the runtime, and for each struct, schema
//! and enum that they meet how it is written or read. What is not met gets none of it.

use crate::hir::ExprId;
use crate::hir::item::Decl;
use crate::hir::ty::Ty;
use crate::ir::{self, Callee, Expr, ExprKind, ItemKind, ItemRef, JsonField, JsonShape};

use super::Lower;
use super::body::Fx;
use super::build::Flags;
use super::names::Key;

impl Fx<'_, '_> {
    pub(super) fn to_json(&mut self, value: ExprId) -> Expr {
        let at = self.at;
        let of = self.converted_ty(value);
        self.lower.speaks_json(&of, false);
        let value = self.printed(value);
        let value = self.settled(vec![value]).remove(0);
        let value = match value.kind {
            ExprKind::Deref(inner)
                if matches!(inner.kind, ExprKind::Var(_) | ExprKind::This) =>
            {
                *inner
            }
            _ => at.borrow(value),
        };
        at.rt("json::encode", vec![value]).fallible()
    }

    pub(super) fn from_json(&mut self, text: ExprId, of: &Ty) -> Expr {
        let at = self.at;
        let of = self.substitute(of);
        self.lower.speaks_json(&of, true);
        let text = self.value(text);
        let generics = vec![self.lower.ty(&of)];
        at.callee(Callee::Rt("json::decode".into(), generics), vec![text]).fallible()
    }
}

impl Lower<'_> {
    /// Needs what writes, or reads, the declared types in this one.
    fn speaks_json(&mut self, ty: &Ty, reads: bool) {
        match ty {
            Ty::Array(it) | Ty::Nullable(it) => self.speaks_json(it, reads),
            Ty::Tuple(parts) => {
                parts.iter().for_each(|it| self.speaks_json(&it.ty, reads));
            }
            Ty::Native(_, args) => args.iter().for_each(|it| self.speaks_json(it, reads)),
            Ty::Record(..) | Ty::Enum(..) => {
                self.need(Key::Json { ty: ty.clone(), reads });
            }
            _ => {}
        }
    }

    pub(super) fn json(&mut self, name: ItemRef, whole: &Ty, reads: bool) {
        let (decl, shape): (&Decl, _) = match whole {
            Ty::Record(id, args) => {
                let fields = self.record_fields(*id, args).into_iter();
                let fields = fields
                    .map(|(field, ty)| {
                        let key = self.program.fields[field].name.name.clone();
                        let field = self.field_name(field);
                        self.json_field(key, field, &ty, whole, reads)
                    })
                    .collect();
                let checks = reads && self.has_rules(*id);
                let check = checks.then(|| self.need(Key::CheckRules(*id, args.clone())));
                let shape = JsonShape::Record { fields, check };
                (&self.program.records[*id].decl, shape)
            }
            Ty::Enum(id, args) => {
                let declared = &self.program.enums[*id];
                let cases = declared.cases.iter().enumerate().map(|(index, case)| {
                    let tys = self.payload_tys(*id, index, args);
                    let payload = case.payload.iter().zip(tys);
                    let fields = payload.enumerate().map(|(at, ((key, _), ty))| {
                        let field = format!("ax_{at}").into();
                        self.json_field(key.name.clone(), field, &ty, whole, reads)
                    });
                    (case.name.name.clone(), fields.collect())
                });
                let shape = JsonShape::Enum(cases.collect());
                (&declared.decl, shape)
            }
            _ => unreachable!("asked for declared types only"),
        };
        let ir::Ty::Item(of) = self.ty(whole) else {
            unreachable!("types of the runtime write themselves")
        };
        let shown = decl.name.name.clone();
        self.add(name, decl, ItemKind::Json(ir::Json { of, shown, reads, shape }));
    }

    fn json_field(
        &mut self,
        key: crate::support::Name,
        field: crate::support::Name,
        ty: &Ty,
        whole: &Ty,
        reads: bool,
    ) -> JsonField {
        self.speaks_json(ty, reads);
        JsonField { key, field, ty: self.part_ty(ty, whole) }
    }
}
