//! Members of the library: choice among overloads, inference of type arguments,
//! constraints. Candidates are tried by number of arguments, then by exact types, then by
//! implicit conversions, in the order of their declarations.

use super::call::{Signature, match_args};
use super::cx::{Cx, Shared, Why};
use super::errors::names;
use super::generics::{self, Subst};
use super::member::Natives;
use super::tables::{ArgBinding, Call, Member, Receiver};
use super::ty::{is_known, satisfies};
use super::unify::Holes;
use crate::diag::Diagnostic;
use crate::hir::body::{Arg, ExprKind, Ident};
use crate::hir::item::MethodKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// A chosen overload with its arguments in order.
pub(super) struct Chosen {
    pub(super) method: MethodId,
    pub(super) type_args: Vec<Ty>,
    pub(super) args: Vec<ArgBinding>,
    pub(super) returns: Ty,
}

impl<'p> Cx<'p> {
    /// A call of a member of the library.
    pub(super) fn call_natives(
        &mut self,
        id: ExprId,
        callee: ExprId,
        natives: &Natives<'p>,
        name: &Ident,
        type_args: &'p [Ty],
        args: &'p [Arg],
    ) -> Ty {
        let first = natives.methods[0];
        let is_property =
            |it: &MethodId| self.program.methods[*it].kind == MethodKind::Property;
        // A property and methods may share a name: `Count` and `Count(predicate)`.
        if is_property(&first)
            && (args.is_empty() || natives.methods.iter().all(is_property))
        {
            // A property that holds a function value may be called.
            let ty = self.program.methods[first]
                .returns
                .substitute(natives.params, &natives.args);
            self.absorb_args(args);
            let problem = names::property_called(name, &self.show(&ty));
            self.report(problem);
            return ty;
        }
        let what = format!("`{}`", name.name);
        let chosen = self.choose(natives, &what, type_args, args, self.span(id));
        let Some(chosen) = chosen else { return self.agreed_result(natives) };
        self.out.members.insert(callee, Member::Method(chosen.method));
        if let Receiver::Expr(base) = natives.receiver {
            self.warn_of_mutation(id, chosen.method, base, name);
        }
        self.check_format(&chosen);
        let call = Call::Method {
            method: chosen.method,
            receiver: natives.receiver.clone(),
            type_args: chosen.type_args,
            args: chosen.args,
        };
        self.out.calls.insert(id, call);
        chosen.returns
    }

    /// What all overloads give back, so that a wrong argument has no consequences.
    fn agreed_result(&self, natives: &Natives<'p>) -> Ty {
        let mut returns =
            natives.methods.iter().map(|it| &self.program.methods[*it].returns);
        let first = returns.next().cloned().unwrap_or(Ty::Error);
        let generic = natives
            .methods
            .iter()
            .any(|it| !self.program.methods[*it].type_params.is_empty());
        if generic || returns.any(|it| *it != first) {
            return Ty::Error;
        }
        first.substitute(natives.params, &natives.args)
    }

    /// Chooses among overloads and checks the arguments.
    pub(super) fn choose(
        &mut self,
        natives: &Natives<'p>,
        what: &str,
        type_args: &[Ty],
        args: &'p [Arg],
        span: Span,
    ) -> Option<Chosen> {
        let program = self.program;
        let fitting: Vec<MethodId> = natives
            .methods
            .iter()
            .copied()
            .filter(|it| {
                let method = &program.methods[*it];
                let generic =
                    type_args.is_empty() || type_args.len() == method.type_params.len();
                let called = method.kind != MethodKind::Property;
                called && generic && takes(method, args)
            })
            .collect();
        match fitting.as_slice() {
            [] => {
                self.absorb_args(args);
                let problem = names::no_overload(self, natives, what, args, span);
                self.report(problem);
                None
            }
            [only] => self.apply(natives, *only, type_args, args, span),
            several => {
                let method = self.best(natives, several, type_args, args)?;
                self.apply(natives, method, type_args, args, span)
            }
        }
    }

    /// The best of several overloads that take this number of arguments.
    fn best(
        &mut self,
        natives: &Natives<'p>,
        candidates: &[MethodId],
        type_args: &[Ty],
        args: &'p [Arg],
    ) -> Option<MethodId> {
        let found: Vec<Option<Ty>> = args
            .iter()
            .map(|it| {
                (!self.needs_expectation(it.value)).then(|| self.infer(it.value, None))
            })
            .collect();
        if found.iter().flatten().any(Ty::is_error) {
            self.absorb_args(args);
            return None;
        }
        let exact = candidates
            .iter()
            .copied()
            .find(|it| self.suits(natives, *it, type_args, args, &found, true));
        let chosen = exact.or_else(|| {
            candidates
                .iter()
                .copied()
                .find(|it| self.suits(natives, *it, type_args, args, &found, false))
        });
        // None suits: the last one is usually the most general, and says what is wrong.
        chosen.or(candidates.last().copied())
    }

    /// Whether arguments of these types go with the overload.
    fn suits(
        &self,
        natives: &Natives<'p>,
        method: MethodId,
        type_args: &[Ty],
        args: &[Arg],
        found: &[Option<Ty>],
        exact: bool,
    ) -> bool {
        let method = &self.program.methods[method];
        let Some(params) = param_of_args(method, args) else { return false };
        let mut holes = Holes::new(method.type_params.len());
        for (hole, given) in holes.found.iter_mut().zip(type_args) {
            *hole = Some(given.clone());
        }
        args.iter().zip(params).zip(found).all(|((arg, param), have)| {
            let want = method.params[param].ty.substitute(natives.params, &natives.args);
            let want = Holes::open(&method.type_params, &want);
            let Some(have) = have else { return self.may_suit(arg.value, &want) };
            holes.bind(&want, &self.shared.seen_as(&want, have));
            let want = holes.fill(&want);
            if !is_known(&want) {
                return !exact && self.shared.may_become(have, &want);
            }
            if exact {
                *have == want || want == Ty::Any
            } else {
                self.shared.implicit(have, &want, self.constant(arg.value)).fits()
            }
        })
    }

    /// Whether an argument that has no type of its own may go with a parameter.
    fn may_suit(&self, id: ExprId, want: &Ty) -> bool {
        match self.kind(id) {
            ExprKind::Lambda(lambda) => match want {
                Ty::Func { params, .. } => {
                    params.len() == self.body.lambdas[*lambda].params.len()
                }
                _ => false,
            },
            ExprKind::Method(method) => match want {
                Ty::Func { params, .. } => {
                    params.len() == self.program.methods[*method].params.len()
                }
                _ => false,
            },
            ExprKind::Literal(_) => matches!(want, Ty::Nullable(_) | Ty::Any),
            ExprKind::Vector(_) | ExprKind::NewArrayInit { .. } => {
                matches!(want, Ty::Array(_))
            }
            ExprKind::BareCase(_) | ExprKind::Call { .. } => matches!(want, Ty::Enum(..)),
            _ => *want != Ty::Any,
        }
    }

    /// Checks the arguments of the overload that was chosen.
    fn apply(
        &mut self,
        natives: &Natives<'p>,
        id: MethodId,
        type_args: &[Ty],
        args: &'p [Arg],
        span: Span,
    ) -> Option<Chosen> {
        let before = self.problems.len();
        let method = &self.program.methods[id];
        let params = param_of_args(method, args)?;
        let mut holes = Holes::new(method.type_params.len());
        for (hole, given) in holes.found.iter_mut().zip(type_args) {
            *hole = Some(given.clone());
        }
        let wanted: Vec<Ty> = params
            .iter()
            .map(|it| {
                let ty = method.params[*it].ty.substitute(natives.params, &natives.args);
                Holes::open(&method.type_params, &ty)
            })
            .collect();
        // Lambdas come last: the other arguments tell what their parameters are.
        let (last, first): (Vec<usize>, Vec<usize>) =
            (0..args.len()).partition(|at| self.is_function(args[*at].value));
        for at in first.into_iter().chain(last) {
            let value = args[at].value;
            let want = holes.fill(&wanted[at]);
            if is_known(&want) {
                self.check(value, &want, Why::Param(id, params[at]));
            } else {
                let found = self.infer(value, Some(&want));
                let found = self.not_void(value, found);
                holes.bind(&want, &self.shared.seen_as(&want, &found));
                let want = holes.fill(&wanted[at]);
                self.adapt(value, &found, &want, Why::Param(id, params[at]));
            }
        }
        let Some(solved) = holes.solved() else {
            if self.problems.len() == before {
                let name = &method.decl.name.name;
                self.report(names::type_arguments_unknown(name, span));
            }
            return None;
        };
        for (param, arg) in method.type_params.iter().zip(&solved) {
            self.meets(*param, arg, span);
        }
        let owner = Subst::new(natives.params, &natives.args);
        let fits = self.meets_owner(&method.constraints, &owner, span);
        let returns = method
            .returns
            .substitute(natives.params, &natives.args)
            .substitute(&method.type_params, &solved);
        let args = bindings(method, args, &params)?;
        let returns = if fits { returns } else { Ty::Error };
        Some(Chosen { method: id, type_args: solved, args, returns })
    }

    /// Checks the constraints of every library type that a type mentions.
    pub(super) fn well_formed(&mut self, ty: &Ty, span: Span) {
        self.shared.well_formed(ty, span, &mut self.problems);
    }
}

impl Shared<'_> {
    /// Reports type arguments that lack what a constraint demands.
    pub(super) fn check_constraints(
        &self,
        params: &[TypeParamId],
        args: &[Ty],
        span: Span,
        problems: &mut Vec<Diagnostic>,
    ) {
        for (id, arg) in params.iter().zip(args) {
            let param = &self.program.type_params[*id];
            for &(constraint, asked) in &param.constraints {
                if !satisfies(self.program, &self.properties, arg, constraint) {
                    let asked = (*id, asked);
                    problems.push(names::constraint(self, arg, constraint, span, asked));
                }
            }
        }
    }

    /// Checks the constraints of every generic type that a type mentions.
    pub(super) fn well_formed(
        &self,
        ty: &Ty,
        span: Span,
        problems: &mut Vec<Diagnostic>,
    ) {
        generics::each(ty, &mut |ty| {
            let program = self.program;
            let (params, args) = match ty {
                Ty::Native(id, args) => (&program.natives[*id].type_params, args),
                Ty::Record(id, args) => (&program.records[*id].type_params, args),
                Ty::Enum(id, args) => (&program.enums[*id].type_params, args),
                Ty::Using(id, args, _) | Ty::Impl(id, args, _) => {
                    (&program.channels[*id].type_params, args)
                }
                Ty::Domain(id, args) => (&program.domains[*id].type_params, args),
                _ => return,
            };
            self.check_constraints(params, args, span, problems);
        });
    }
}

/// Whether the method can be called with these arguments, types aside.
fn takes(method: &item::Method, args: &[Arg]) -> bool {
    param_of_args(method, args).is_some()
}

fn is_format(method: &item::Method) -> bool {
    method.native.as_ref().is_some_and(|it| it.format)
}

/// For each argument the position of its parameter; those behind a format share the last.
fn param_of_args(method: &item::Method, args: &[Arg]) -> Option<Vec<usize>> {
    let n = method.params.len();
    if is_format(method) && n > 0 {
        let named = args.iter().any(|it| it.name.is_some());
        let enough = !named && !args.is_empty();
        return enough.then(|| (0..args.len()).map(|at| at.min(n - 1)).collect());
    }
    let signature = Signature {
        what: String::new(),
        params: method.params.iter().map(|it| &it.name).collect(),
        optional: method.params.iter().map(|it| it.default.is_some()).collect(),
        span: None,
    };
    let slots = match_args(&signature, args).ok()?;
    let mut params = vec![0; args.len()];
    for (param, slot) in slots.iter().enumerate() {
        if let Some(arg) = slot {
            params[*arg] = param;
        }
    }
    Some(params)
}

fn bindings(
    method: &item::Method,
    args: &[Arg],
    params: &[usize],
) -> Option<Vec<ArgBinding>> {
    if is_format(method) {
        let mut values = args.iter().map(|it| it.value);
        let format = ArgBinding::Expr(values.next()?);
        return Some(vec![format, ArgBinding::Rest(values.collect())]);
    }
    let mut out: Vec<Option<ArgBinding>> =
        method.params.iter().map(|it| it.default.map(ArgBinding::Default)).collect();
    for (arg, param) in args.iter().zip(params) {
        out[*param] = Some(ArgBinding::Expr(arg.value));
    }
    out.into_iter().collect()
}
