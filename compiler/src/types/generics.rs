//! What type parameters stand for: in members of a generic type, and in the bodies of its
//! methods. How they are inferred is in `infer`.

use super::convert::Fit;
use super::cx::{Cx, Shared};
use super::tables::Conversion;
use crate::hir::body::Context;
use crate::hir::item::Owner;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;

/// Type parameters with what they stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Subst {
    pub(super) params: Vec<TypeParamId>,
    pub(super) args: Vec<Ty>,
}

impl Subst {
    pub(super) fn new(params: &[TypeParamId], args: &[Ty]) -> Self {
        Self { params: params.to_vec(), args: args.to_vec() }
    }

    pub(super) fn apply(&self, ty: &Ty) -> Ty {
        ty.substitute(&self.params, &self.args)
    }
}

/// Type parameters as the types that code which declares them sees.
pub(super) fn own(params: &[TypeParamId]) -> Args {
    params.iter().map(|it| Ty::Param(*it)).collect()
}

/// Type arguments of `base` in a record with arguments of its own.
pub(super) fn base_args(
    program: &Program,
    mut id: RecordId,
    args: &Args,
    base: RecordId,
) -> Args {
    let mut args = args.clone();
    // Bases form no cycle, but a broken program may have lost some.
    for _ in 0..program.records.len() {
        if id == base {
            break;
        }
        let record = &program.records[id];
        let Some((next, next_args)) = &record.base else { break };
        args = next_args
            .iter()
            .map(|it| it.substitute(&record.type_params, &args))
            .collect();
        id = *next;
    }
    args
}

/// Fields of a record with their types, those of its bases first.
pub(super) fn record_fields(
    program: &Program,
    id: RecordId,
    args: &Args,
) -> Vec<(FieldId, Ty)> {
    let fields = super::index::record_fields(program, id);
    fields.into_iter().map(|it| (it, field_type(program, id, args, it))).collect()
}

/// The type of a field, own or inherited, of a record.
pub(super) fn field_type(
    program: &Program,
    id: RecordId,
    args: &Args,
    field: FieldId,
) -> Ty {
    let declared = &program.fields[field];
    let Owner::Record(owner) = declared.owner else { return declared.ty.clone() };
    let args = base_args(program, id, args, owner);
    declared.ty.substitute(&program.records[owner].type_params, &args)
}

/// Type parameters that stand somewhere in a type.
pub(super) fn params_in(ty: &Ty) -> Vec<TypeParamId> {
    let mut found = Vec::new();
    each(ty, &mut |it| {
        if let Ty::Param(id) = it
            && !found.contains(id)
        {
            found.push(*id);
        }
    });
    found
}

/// How many types a type is made of; `None` if more than `most`.
pub(super) fn parts(ty: &Ty, most: usize) -> Option<usize> {
    let mut n = 0;
    count(ty, &mut n, most);
    (n <= most).then_some(n)
}

fn count(ty: &Ty, n: &mut usize, most: usize) {
    *n += 1;
    if *n > most {
        return;
    }
    match ty {
        Ty::Array(it) | Ty::Nullable(it) => count(it, n, most),
        Ty::Tuple(elements) => elements.iter().for_each(|it| count(&it.ty, n, most)),
        Ty::Func { params, returns } => {
            params.iter().for_each(|it| count(it, n, most));
            count(returns, n, most);
        }
        Ty::Record(_, args)
        | Ty::Enum(_, args)
        | Ty::Native(_, args)
        | Ty::Using(_, args, _)
        | Ty::Impl(_, args, _)
        | Ty::Domain(_, args) => args.iter().for_each(|it| count(it, n, most)),
        Ty::Request(value, reply) => {
            count(value, n, most);
            count(reply, n, most);
        }
        _ => {}
    }
}

/// Visits a type and all types in it.
pub(super) fn each(ty: &Ty, visit: &mut impl FnMut(&Ty)) {
    visit(ty);
    match ty {
        Ty::Array(it) | Ty::Nullable(it) => each(it, visit),
        Ty::Tuple(elements) => {
            for element in elements.iter() {
                each(&element.ty, visit);
            }
        }
        Ty::Func { params, returns } => {
            for param in params.iter() {
                each(param, visit);
            }
            each(returns, visit);
        }
        Ty::Record(_, args)
        | Ty::Enum(_, args)
        | Ty::Native(_, args)
        | Ty::Using(_, args, _)
        | Ty::Impl(_, args, _)
        | Ty::Domain(_, args) => {
            for arg in args.iter() {
                each(arg, visit);
            }
        }
        Ty::Request(value, reply) => {
            each(value, visit);
            each(reply, visit);
        }
        _ => {}
    }
}

impl Shared<'_> {
    /// The type as one of the shape that is wanted, if it converts to that: so a hole in
    /// the wanted type finds what is in the place that it converts to.
    pub(super) fn seen_by(&self, want: &Ty, have: &Ty) -> Ty {
        let lang = &self.program.lang;
        match (want, have) {
            (Ty::Nullable(want), Ty::Nullable(have)) => {
                Ty::Nullable(self.seen_by(want, have).into())
            }
            (Ty::Nullable(want), _) => self.seen_by(want, have),
            (Ty::Record(base, _), Ty::Record(id, args)) if id != base => {
                match super::index::records(self.program, *id).any(|it| it == *base) {
                    true => Ty::Record(*base, base_args(self.program, *id, args, *base)),
                    false => have.clone(),
                }
            }
            (Ty::Native(id, _), _) if Some(*id) == lang.source => {
                match self.source_element(have) {
                    Some(element) => Ty::Native(*id, [element].into()),
                    None => have.clone(),
                }
            }
            (Ty::Native(id, _), _) if Some(*id) == lang.target => {
                match self.target_element(have) {
                    Some(element) => Ty::Native(*id, [element].into()),
                    None => have.clone(),
                }
            }
            _ => self.seen_as(want, have),
        }
    }

    /// A schema's value as one of a schema that it derives from, type arguments included.
    pub(super) fn to_base(&self, from: (RecordId, &Args), to: (RecordId, &Args)) -> Fit {
        let derives = super::index::records(self.program, from.0).any(|it| it == to.0);
        if derives && base_args(self.program, from.0, from.1, to.0) == *to.1 {
            return Fit::By(Conversion::ToBaseRecord { from: from.0, to: to.0 });
        }
        Fit::No
    }
}

impl Cx<'_> {
    /// What the type parameters of a method's owner stand for in a value of a record.
    pub(super) fn owner_in(&self, method: MethodId, id: RecordId, args: &Args) -> Subst {
        let Owner::Record(owner) = self.program.methods[method].decl.owner else {
            return Subst::default();
        };
        let args = base_args(self.program, id, args, owner);
        Subst::new(&self.program.records[owner].type_params, &args)
    }

    /// What the type parameters of a declaration stand for in the code at hand, which
    /// names it without a receiver.
    pub(super) fn own_subst(&self, owner: Owner) -> Subst {
        let program = self.program;
        match (owner, self.body.context) {
            (Owner::Record(base), Context::Record(id)) => {
                let args = own(&program.records[id].type_params);
                let args = base_args(program, id, &args, base);
                Subst::new(&program.records[base].type_params, &args)
            }
            (Owner::Agent(_), Context::Agent(id)) => {
                let args = own(&program.agents[id].type_params);
                let (params, args) = program.agent_generics(id, &args, owner);
                Subst { params, args: args.to_vec() }
            }
            // A domain's parameters are those of its agents as well.
            _ => Subst::default(),
        }
    }

    /// The same for a method.
    pub(super) fn own_owner(&self, method: MethodId) -> Subst {
        self.own_subst(self.program.methods[method].decl.owner)
    }

    /// The type of a field by its bare name.
    pub(super) fn own_field_type(&self, field: FieldId) -> Ty {
        let field = &self.program.fields[field];
        self.own_subst(field.owner).apply(&field.ty)
    }
}
