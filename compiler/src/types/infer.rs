//! Inference of type arguments: from what is expected, from values, and last from lambdas,
//! whose parameters the others tell. Holes and how they are matched are in `unify`.

use super::cx::{Cx, Why};
use super::errors::{calls, names};
use super::generics::Subst;
use super::ty::{is_known, satisfies};
use super::unify::Holes;
use crate::hir::body::{ExprKind, Ident};
use crate::hir::item::Constraint;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// A value that must take a type in which holes may stand.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) value: ExprId,
    /// The type with holes.
    pub(super) ty: Ty,
    pub(super) why: Why,
}

/// Type arguments that are looked for.
#[derive(Debug)]
pub(super) struct Inference<'p> {
    pub(super) params: &'p [TypeParamId],
    pub(super) holes: Holes,
    /// Where each was found.
    origins: Vec<Option<Span>>,
}

impl<'p> Inference<'p> {
    /// Some may be given: those that are known types.
    pub(super) fn new(params: &'p [TypeParamId], given: &[Ty]) -> Self {
        let mut holes = Holes::new(params.len());
        for (hole, ty) in holes.found.iter_mut().zip(given) {
            *hole = is_known(ty).then(|| ty.clone());
        }
        Self { params, holes, origins: vec![None; params.len()] }
    }

    /// A type of the declaration with its type parameters as holes.
    pub(super) fn open(&self, ty: &Ty) -> Ty {
        Holes::open(self.params, ty)
    }

    /// Finds holes of `wanted` in `have`, which stands at `span`.
    fn bind(&mut self, wanted: &Ty, have: &Ty, span: Option<Span>) {
        self.holes.bind(wanted, have);
        for (hole, origin) in self.holes.found.iter().zip(&mut self.origins) {
            if hole.is_some() && origin.is_none() {
                *origin = span;
            }
        }
    }

    /// What is known of the type that is expected.
    pub(super) fn expect(&mut self, returns: &Ty, hint: Option<&Ty>) {
        let Some(hint) = hint else { return };
        let hint = match (returns, hint) {
            (Ty::Nullable(_), _) => hint,
            (_, Ty::Nullable(inner)) => inner,
            _ => hint,
        };
        self.bind(returns, hint, None);
    }
}

/// Whether only the very type that is expected will do, so that it tells the arguments
/// better than values can, which convert.
fn is_built(returns: &Ty) -> bool {
    !matches!(returns, Ty::Infer(_) | Ty::Nullable(_) | Ty::Tuple(_))
}

impl<'p> Cx<'p> {
    /// Finds type arguments, and checks the values that they are found in.
    pub(super) fn infer_from(
        &mut self,
        inference: &mut Inference<'p>,
        wanted: &[Wanted],
        returns: &Ty,
        hint: Option<&Ty>,
    ) {
        if is_built(returns) {
            inference.expect(returns, hint);
        }
        let (late, early): (Vec<&Wanted>, Vec<&Wanted>) =
            wanted.iter().partition(|it| self.is_late(it.value));
        let mut found: Vec<(&Wanted, Ty)> = Vec::new();
        let given = inference.holes.clone();
        for it in early {
            let want = given.fill(&it.ty);
            if is_known(&want) {
                self.check(it.value, &want, it.why);
                continue;
            }
            let want = inference.holes.fill(&it.ty);
            let ty = self.infer(it.value, Some(&want));
            let ty = self.not_void(it.value, ty);
            self.widen(inference, it, &ty);
            let seen = self.shared.seen_by(&it.ty, &ty);
            inference.bind(&it.ty, &seen, Some(self.span(it.value)));
            found.push((it, ty));
        }
        inference.expect(returns, hint);
        // Lambdas come last: the other arguments tell what their parameters are.
        let (last, next): (Vec<&Wanted>, Vec<&Wanted>) =
            late.into_iter().partition(|it| self.is_function(it.value));
        for it in next.into_iter().chain(last) {
            let want = inference.holes.fill(&it.ty);
            if is_known(&want) {
                self.check(it.value, &want, it.why);
                continue;
            }
            let ty = self.infer(it.value, Some(&want));
            let ty = self.not_void(it.value, ty);
            let seen = self.shared.seen_by(&it.ty, &ty);
            inference.bind(&it.ty, &seen, Some(self.span(it.value)));
            let want = inference.holes.fill(&it.ty);
            self.adapt(it.value, &ty, &want, it.why);
        }
        for (it, ty) in found {
            let want = inference.holes.fill(&it.ty);
            self.adapt(it.value, &ty, &want, it.why);
        }
    }

    /// Whether a value can say nothing of a type before others have.
    fn is_late(&self, id: ExprId) -> bool {
        self.needs_expectation(id) || self.is_function(id)
    }

    pub(super) fn is_function(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Lambda(_) => true,
            _ => self.is_generic_name(id),
        }
    }

    /// `Max(1, 2.5)`: a later value may have a type that the earlier ones widen to.
    fn widen(&mut self, inference: &mut Inference<'p>, it: &Wanted, ty: &Ty) {
        let hole = match &it.ty {
            Ty::Infer(at) => *at as usize,
            Ty::Nullable(inner) => match &**inner {
                Ty::Infer(at) => *at as usize,
                _ => return,
            },
            _ => return,
        };
        let Some(Some(before)) = inference.holes.found.get(hole) else { return };
        let value = match (&it.ty, ty) {
            (Ty::Nullable(_), Ty::Nullable(inner)) => inner,
            _ => ty,
        };
        let narrower = self.shared.implicit(before, value, None).fits();
        let wider = self.shared.implicit(value, before, self.constant(it.value)).fits();
        if *value != Ty::Null && narrower && !wider {
            inference.holes.found[hole] = Some(value.clone());
        }
    }

    /// The type arguments, if all were found; reports it if not, and constraints that they
    /// do not meet.
    pub(super) fn solve(
        &mut self,
        inference: &Inference<'p>,
        name: &Ident,
        (whole, n_problems): (Span, usize),
        how: &dyn Fn(&str) -> String,
    ) -> Option<Vec<Ty>> {
        let Some(solved) = inference.holes.solved() else {
            if self.problems.len() == n_problems {
                let missing = inference.holes.found.iter().position(Option::is_none);
                let params: Vec<String> = inference
                    .params
                    .iter()
                    .zip(&inference.holes.found)
                    .map(|(param, found)| match found {
                        Some(ty) => self.show(ty),
                        None => self.program.type_params[*param].name.name.to_string(),
                    })
                    .collect();
                let written = how(&format!("<{}>", params.join(", ")));
                let missing = missing.map(|it| inference.params[it]);
                let problem =
                    calls::argument_unknown(self, name, missing, whole, &written);
                self.report(problem);
            }
            return None;
        };
        let mut met = true;
        for ((param, arg), origin) in
            inference.params.iter().zip(&solved).zip(&inference.origins)
        {
            met &= self.meets(*param, arg, origin.unwrap_or(whole));
        }
        met.then_some(solved)
    }

    /// Whether a type argument has what its parameter asks for; reports it if not.
    pub(super) fn meets(&mut self, param: TypeParamId, arg: &Ty, span: Span) -> bool {
        let before = self.problems.len();
        self.shared.check_constraints(
            &[param],
            std::slice::from_ref(arg),
            span,
            &mut self.problems,
        );
        self.problems.len() == before
    }

    /// Whether the owner's type arguments are what the member demands of them; reports it
    /// if not.
    pub(super) fn meets_owner(
        &mut self,
        constraints: &[(TypeParamId, Constraint, Span)],
        owner: &Subst,
        span: Span,
    ) -> bool {
        let mut fits = true;
        for (param, constraint, asked) in constraints {
            let at = owner.params.iter().position(|it| it == param);
            let Some(arg) = at.and_then(|it| owner.args.get(it)) else { continue };
            if !satisfies(self.program, &self.shared.properties, arg, *constraint) {
                let asked = (*param, *asked);
                let problem =
                    names::constraint(self.shared, arg, *constraint, span, asked);
                self.report(problem);
                fits = false;
            }
        }
        fits
    }

    /// The type arguments of a case, from what is given, expected and passed.
    pub(super) fn case_args(
        &mut self,
        id: ExprId,
        (declared, case, given): (EnumId, usize, &Args),
        name: &Ident,
        values: &[ExprId],
        hint: Option<&Ty>,
    ) -> Option<Args> {
        let item = &self.program.enums[declared];
        let before = self.problems.len();
        let mut inference = Inference::new(&item.type_params, given);
        let wanted: Vec<Wanted> = values
            .iter()
            .zip(&item.cases[case].payload)
            .map(|(value, (_, ty))| Wanted {
                value: *value,
                ty: inference.open(ty),
                why: Why::EnumCase(declared, case),
            })
            .collect();
        let returns = Ty::Enum(declared, super::generics::own(&item.type_params));
        let returns = inference.open(&returns);
        self.infer_from(&mut inference, &wanted, &returns, hint);
        let span = self.span(id);
        let of = item.decl.name.name.clone();
        let how = |args: &str| {
            let values = if values.is_empty() { "" } else { "(…)" };
            format!("{of}{args}.{}{values}", name.name)
        };
        let solved = self.solve(&inference, name, (span, before), &how)?;
        Some(solved.into())
    }
}
