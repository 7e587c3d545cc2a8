//! `enum E { A, B(int n) }` → an enum of the target.

use crate::hir::EnumId;
use crate::hir::ty::{Args, Ty};
use crate::ir::{self, Expr, ItemKind, ItemRef};

use super::Lower;
use super::body::Fx;

impl Lower<'_> {
    pub(super) fn enumeration(&mut self, name: ItemRef, id: EnumId, args: &Args) {
        let it = &self.program.enums[id];
        let whole = Ty::Enum(id, args.clone());
        let mut cases = Vec::new();
        for case in &it.cases {
            let mut payload = Vec::new();
            for (_, ty) in &case.payload {
                let ty = ty.substitute(&it.type_params, args);
                payload.push(self.part_ty(&ty, &whole));
            }
            cases.push((case.name.name.clone(), payload));
        }
        let derives = self.derives(&whole);
        let mut numbers = self.types.enum_numbers.get(id).cloned().unwrap_or_default();
        if numbers.iter().zip(0..).all(|(number, at)| *number == at) {
            numbers.clear();
        }
        let kind = ItemKind::Enum(ir::Enum { derives, cases, numbers });
        self.add(name, &it.decl, kind);
    }

    /// The type of a field or payload: behind a pointer if it can hold a `whole` itself.
    pub(super) fn part_ty(&mut self, part: &Ty, whole: &Ty) -> ir::Ty {
        if !self.holds(part, whole) {
            return self.ty(part);
        }
        match part {
            Ty::Nullable(inner) => {
                let inner = self.ty(inner);
                ir::Ty::Rt("Link".into(), vec![inner])
            }
            _ => {
                let ty = self.ty(part);
                ir::Ty::Rt("Shared".into(), vec![ty])
            }
        }
    }

    /// Types of a case's payload.
    pub(super) fn payload_tys(&self, id: EnumId, case: usize, args: &Args) -> Vec<Ty> {
        let it = &self.program.enums[id];
        let payload = it.cases[case].payload.iter();
        payload.map(|(_, ty)| ty.substitute(&it.type_params, args)).collect()
    }
}

impl Fx<'_, '_> {
    /// Puts payloads behind pointers where the case holds them so.
    pub(super) fn boxed_payload(
        &mut self,
        id: EnumId,
        case: usize,
        whole: &Ty,
        args: Vec<Expr>,
    ) -> Vec<Expr> {
        let at = self.at;
        let Ty::Enum(_, type_args) = whole else { return args };
        let tys = self.lower.payload_tys(id, case, type_args);
        args.into_iter()
            .zip(tys)
            .map(|(arg, ty)| match self.lower.holds(&ty, whole) {
                true => at.rt(pointer_to(&ty), vec![arg]),
                false => arg,
            })
            .collect()
    }
}

/// What puts a field or payload of this type behind a pointer. Null needs none.
pub(super) fn pointer_to(part: &Ty) -> &'static str {
    match part {
        Ty::Nullable(_) => "Link::new",
        _ => "Shared::new",
    }
}
