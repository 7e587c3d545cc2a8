//! Calls: what is called, and how arguments meet parameters. Overloads of the library are
//! chosen in `overload`, agents are made in `agent`.

use super::cx::{Cx, Why};
use super::early::Code;
use super::errors::{flow, names};
use super::generics::Subst;
use super::infer::{Inference, Wanted};
use super::member::Found;
use super::place::NoPlace;
use super::tables::{ArgBinding, Call, Member, Receiver};
use super::ty::is_known;
use crate::hir::body::{Arg, ExprKind, Ident};
use crate::hir::ty::{Args, Ty};
use crate::hir::*;
use crate::support::span::Span;

/// A parameter list that arguments are matched with.
pub(super) struct Signature<'s> {
    /// How messages call what is called: `` `Add` ``, `` `Calculator.Add` ``.
    pub(super) what: String,
    pub(super) params: Vec<&'s Ident>,
    /// Whether the parameter at that position may be left out.
    pub(super) optional: Vec<bool>,
    /// Where it is declared.
    pub(super) span: Option<Span>,
}

impl<'p> Cx<'p> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        callee: ExprId,
        type_args: &'p [Ty],
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        match self.kind(callee) {
            ExprKind::Error => {
                self.absorb_args(args);
                Ty::Error
            }
            ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
                self.early_reads(Code::Method(*method), callee);
                let receiver = self.receiver_of(*method);
                self.out.members.insert(callee, Member::Method(*method));
                let owner = self.own_owner(*method);
                let how = (receiver, owner, type_args);
                self.call_method(id, *method, how, args, hint)
            }
            ExprKind::LocalFn(local_fn) => self.call_local_fn(id, *local_fn, args),
            ExprKind::BareCase(name) => self.call_bare_case(id, name, args, hint),
            ExprKind::CreateIn { domain, agent } => {
                self.create_in(id, callee, (*domain, *agent), args, hint)
            }
            ExprKind::Member { base, name, type_args: more, null_safe } => {
                let type_args = if type_args.is_empty() { more } else { type_args };
                let member = (*base, name, *null_safe);
                self.call_member(id, callee, member, type_args, args, hint)
            }
            _ => self.call_value(id, callee, args),
        }
    }

    fn call_member(
        &mut self,
        id: ExprId,
        callee: ExprId,
        (base, name, null_safe): (ExprId, &'p Ident, bool),
        type_args: &'p [Ty],
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let (found, in_chain) = self.member(callee, base, name, null_safe);
        let ty = match found {
            Found::Error => {
                self.absorb_args(args);
                Ty::Error
            }
            Found::Method(method, owner) => {
                self.out.members.insert(callee, Member::Method(method));
                self.warn_of_mutation(id, method, base, name);
                let how = (Receiver::Expr(base), owner, type_args);
                self.call_method(id, method, how, args, hint)
            }
            Found::Natives(natives) => {
                let natives = self.called_natives(natives, &name.name);
                self.call_natives(id, callee, &natives, name, type_args, args)
            }
            Found::Case(declared, case_args, case) => {
                self.call_case(id, (declared, case, &case_args), name, args, hint)
            }
            Found::Create(agent, how) => self.create(id, (base, agent), how, args, hint),
            Found::Close => {
                self.no_arguments(name, args);
                self.out.calls.insert(id, Call::CloseEnd(base));
                Ty::Void
            }
            Found::Monitor => {
                self.no_arguments(name, args);
                self.out.calls.insert(id, Call::Monitor(base));
                self.completion_type()
            }
            Found::ToText => {
                self.no_arguments(name, args);
                self.out.calls.insert(id, Call::ToText(base));
                Ty::String
            }
            Found::ToJson => {
                self.no_arguments(name, args);
                self.out.calls.insert(id, Call::ToJson(base));
                Ty::String
            }
            Found::FromJson(ty) => self.read_json(id, ty, name, args),
            Found::Value(ty) => {
                self.out.exprs.insert(callee, ty.clone());
                self.call_function_value(id, callee, &ty, args)
            }
        };
        if in_chain { self.close_chain(id, ty) } else { ty }
    }

    fn no_arguments(&mut self, name: &Ident, args: &'p [Arg]) {
        let signature = Signature {
            what: format!("`{}`", name.name),
            params: Vec::new(),
            optional: Vec::new(),
            span: None,
        };
        let span = name.span;
        self.bind(&signature, args, span);
    }

    /// A call of a method or function of the program: whose it is, what the type parameters
    /// of its owner stand for, and the type arguments that are written.
    pub(super) fn call_method(
        &mut self,
        id: ExprId,
        method: MethodId,
        (receiver, owner, type_args): (Receiver, Subst, &'p [Ty]),
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let declared = &self.program.methods[method];
        let span = self.span(id);
        self.meets_owner(&declared.constraints, &owner, span);
        let returns = owner.apply(&declared.returns);
        let n_params = declared.type_params.len();
        if !type_args.is_empty() && type_args.len() != n_params {
            self.absorb_args(args);
            let problem =
                names::type_argument_count(self, declared, type_args.len(), span);
            self.report(problem);
            return if n_params == 0 { returns } else { Ty::Error };
        }
        if n_params == 0 {
            if let Some(args) = self.bind_method(method, &owner, args, span) {
                let call = Call::Method { method, receiver, type_args: Vec::new(), args };
                self.out.calls.insert(id, call);
            }
            return returns;
        }
        self.call_generic(id, method, (receiver, owner, type_args), args, hint)
    }

    /// A call of what has type parameters of its own.
    fn call_generic(
        &mut self,
        id: ExprId,
        method: MethodId,
        (receiver, owner, type_args): (Receiver, Subst, &'p [Ty]),
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let declared = &self.program.methods[method];
        let span = self.span(id);
        for ty in type_args {
            self.well_formed(ty, span);
        }
        let Some(slots) = self.method_slots(method, args, span) else { return Ty::Error };
        let before = self.problems.len();
        let mut inference = Inference::new(&declared.type_params, type_args);
        let param_of = param_of(&slots, args.len());
        let wanted: Vec<Wanted> = args
            .iter()
            .zip(&param_of)
            .map(|(arg, &param)| Wanted {
                value: arg.value,
                ty: inference.open(&owner.apply(&declared.params[param].ty)),
                why: Why::Param(method, param),
            })
            .collect();
        let returns = owner.apply(&declared.returns);
        let open = inference.open(&returns);
        self.infer_from(&mut inference, &wanted, &open, hint);
        let name = &declared.decl.name;
        let how = |args: &str| format!("{}{args}(…)", name.name);
        let Some(solved) = self.solve(&inference, name, (span, before), &how) else {
            return Ty::Error;
        };
        let returns = returns.substitute(&declared.type_params, &solved);
        if let Some(args) = self.bindings(method, &slots, args) {
            let call = Call::Method { method, receiver, type_args: solved, args };
            self.out.calls.insert(id, call);
        }
        returns
    }

    /// Matches arguments with the parameters of a method and checks them.
    pub(super) fn bind_method(
        &mut self,
        method: MethodId,
        owner: &Subst,
        args: &'p [Arg],
        span: Span,
    ) -> Option<Vec<ArgBinding>> {
        let declared = &self.program.methods[method];
        let slots = self.method_slots(method, args, span)?;
        for (arg, &param) in args.iter().zip(&param_of(&slots, args.len())) {
            let want = owner.apply(&declared.params[param].ty);
            self.check(arg.value, &want, Why::Param(method, param));
        }
        self.bindings(method, &slots, args)
    }

    /// For each parameter of a method the position of its argument.
    pub(super) fn method_slots(
        &mut self,
        method: MethodId,
        args: &'p [Arg],
        span: Span,
    ) -> Option<Vec<Option<usize>>> {
        let declared = &self.program.methods[method];
        let signature = Signature {
            what: format!("`{}`", declared.decl.name.name),
            params: declared.params.iter().map(|it| &it.name).collect(),
            optional: declared.params.iter().map(|it| it.default.is_some()).collect(),
            span: Some(declared.decl.name.span),
        };
        self.bind(&signature, args, span)
    }

    pub(super) fn bindings(
        &self,
        method: MethodId,
        slots: &[Option<usize>],
        args: &[Arg],
    ) -> Option<Vec<ArgBinding>> {
        let params = &self.program.methods[method].params;
        slots
            .iter()
            .zip(params)
            .map(|(slot, param)| match slot {
                Some(arg) => Some(ArgBinding::Expr(args[*arg].value)),
                None => param.default.map(ArgBinding::Default),
            })
            .collect()
    }

    /// For each parameter the argument that it gets, if any. Reports AX0105, and checks
    /// the arguments for themselves then.
    pub(super) fn bind(
        &mut self,
        signature: &Signature<'_>,
        args: &'p [Arg],
        span: Span,
    ) -> Option<Vec<Option<usize>>> {
        match match_args(signature, args) {
            Ok(slots) => Some(slots),
            Err(fault) => {
                self.absorb_args(args);
                // What did not parse may have been several arguments.
                let is_lost = |it: &Arg| matches!(self.kind(it.value), ExprKind::Error);
                if !args.iter().any(is_lost) {
                    let problem = names::arguments(self, signature, args, span, &fault);
                    self.report(problem);
                }
                None
            }
        }
    }

    pub(super) fn absorb_args(&mut self, args: &[Arg]) {
        for arg in args {
            self.absorb(arg.value);
        }
    }

    fn call_local_fn(&mut self, id: ExprId, local_fn: LocalFnId, args: &'p [Arg]) -> Ty {
        let declared = &self.body.local_fns[local_fn];
        let idents: Vec<Ident> = declared
            .params
            .iter()
            .map(|it| {
                let local = &self.body.locals[*it];
                Ident { name: local.name.clone(), span: local.span }
            })
            .collect();
        let signature = Signature {
            what: format!("`{}`", declared.name.name),
            params: idents.iter().collect(),
            optional: declared.defaults.iter().map(Option::is_some).collect(),
            span: Some(declared.name.span),
        };
        let slots = self.bind(&signature, args, self.span(id));
        if let Some(slots) = slots {
            // They are evaluated as they are written.
            for (given, arg) in args.iter().enumerate() {
                let Some(at) = slots.iter().position(|it| *it == Some(given)) else {
                    continue;
                };
                let ty = self.body.locals[declared.params[at]].declared.clone();
                let why = Why::LocalFnParam(local_fn, at);
                self.check(arg.value, &ty.unwrap_or(Ty::Error), why);
            }
            // Left out: the constant was checked with the function.
            let values = slots.iter().zip(&declared.defaults);
            let values = values.filter_map(|(slot, default)| match slot {
                Some(given) => Some(args[*given].value),
                None => *default,
            });
            let values = values.collect();
            self.out.calls.insert(id, Call::LocalFn { local_fn, args: values });
        }
        if let Some(body) = self.body_id {
            self.early_reads(Code::LocalFn(body, local_fn), id);
        }
        self.after_local_fn(local_fn, self.span(id));
        declared.returns.clone()
    }

    /// A constructor assigns fields before it runs what reads them.
    pub(super) fn early_reads(&mut self, code: Code, callee: ExprId) {
        if self.constructor.is_none() {
            return;
        }
        let shared = self.shared;
        let Some(reads) = shared.early.get(&code) else { return };
        let Some(fields) = self.constructor.clone() else { return };
        for (&field, &read) in reads {
            if fields.contains(&field) && !self.flow.field_assigned(field) {
                let span = self.span(callee);
                let problem =
                    flow::field_unassigned_in_call(self, (code, field), span, read);
                self.report(problem);
                self.flow.assign_field(field);
            }
        }
    }

    /// What a call of a local function needs and what holds behind it.
    fn after_local_fn(&mut self, local_fn: LocalFnId, span: Span) {
        let facts = self.local_fn_facts(local_fn);
        for local in &facts.needs {
            if self.flow.is_assigned(*local) {
                continue;
            }
            match &mut self.needs {
                Some(needs) => needs.push(*local),
                None => {
                    let problem = flow::unassigned_in_call(self, *local, local_fn, span);
                    self.report(problem);
                }
            }
        }
        for local in &facts.assigns {
            self.flow.assign(*local, false);
        }
    }

    fn call_value(&mut self, id: ExprId, callee: ExprId, args: &'p [Arg]) -> Ty {
        if !self.is_value(callee) {
            self.absorb_args(args);
            let problem = names::not_callable(self, callee, None);
            self.report(problem);
            return Ty::Error;
        }
        let ty = self.value(callee);
        self.call_function_value(id, callee, &ty, args)
    }

    fn call_function_value(
        &mut self,
        id: ExprId,
        callee: ExprId,
        ty: &Ty,
        args: &'p [Arg],
    ) -> Ty {
        let Ty::Func { params, returns } = ty else {
            self.absorb_args(args);
            if !ty.is_error() {
                let problem = names::not_callable(self, callee, Some(ty));
                self.report(problem);
            }
            return Ty::Error;
        };
        let named = args.iter().any(|it| it.name.is_some());
        if named || args.len() != params.len() {
            self.absorb_args(args);
            let problem = names::function_value_arguments(
                self,
                ty,
                params.len(),
                args,
                self.span(id),
            );
            self.report(problem);
            return (**returns).clone();
        }
        for (arg, want) in args.iter().zip(params.iter()) {
            self.check(arg.value, want, Why::Nothing);
        }
        let args = args.iter().map(|it| it.value).collect();
        self.out.calls.insert(id, Call::Value { callee, args });
        (**returns).clone()
    }

    fn call_bare_case(
        &mut self,
        id: ExprId,
        name: &'p Ident,
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let expected = match hint {
            Some(Ty::Nullable(inner)) => Some(&**inner),
            other => other,
        };
        let case = match expected {
            Some(Ty::Enum(declared, case_args)) => self
                .shared
                .index
                .case(*declared, &name.name)
                .map(|case| (*declared, case_args.clone(), case)),
            _ => None,
        };
        match case {
            Some((declared, case_args, case)) => {
                self.call_case(id, (declared, case, &case_args), name, args, None)
            }
            None => {
                self.absorb_args(args);
                if !matches!(expected, Some(Ty::Error)) {
                    let problem = names::unknown_case(self, name, expected);
                    self.report(problem);
                }
                Ty::Error
            }
        }
    }

    fn call_case(
        &mut self,
        id: ExprId,
        (declared, case, given): (EnumId, usize, &Args),
        name: &Ident,
        args: &'p [Arg],
        hint: Option<&Ty>,
    ) -> Ty {
        let item = &self.program.enums[declared];
        let payload = &item.cases[case].payload;
        let signature = Signature {
            what: format!("`{}`", name.name),
            params: payload.iter().map(|it| &it.0).collect(),
            optional: vec![false; payload.len()],
            span: Some(item.cases[case].name.span),
        };
        let known = given.len() == item.type_params.len() && given.iter().all(is_known);
        let Some(slots) = self.bind(&signature, args, self.span(id)) else {
            let known = known.then(|| Ty::Enum(declared, given.clone()));
            return known.unwrap_or(Ty::Error);
        };
        let order: Vec<usize> = slots.into_iter().flatten().collect();
        let values: Vec<ExprId> = order.iter().map(|it| args[*it].value).collect();
        let of = (declared, case, given);
        let Some(found) = self.case_args(id, of, name, &values, hint) else {
            return Ty::Error;
        };
        self.out.calls.insert(id, Call::EnumCase { id: declared, case, args: values });
        Ty::Enum(declared, found)
    }

    /// A method that changes its receiver, called on what is no place.
    pub(super) fn warn_of_mutation(
        &mut self,
        call: ExprId,
        method: MethodId,
        base: ExprId,
        name: &Ident,
    ) {
        if !self.shared.mutates(method) {
            return;
        }
        let tested = match self.kind(call) {
            ExprKind::Call { callee, .. } => {
                matches!(self.kind(*callee), ExprKind::Member { null_safe: true, .. })
            }
            _ => false,
        };
        match self.is_place_behind(base, false, tested) {
            Ok(()) => {}
            Err(
                reason @ (NoPlace::Readonly(_)
                | NoPlace::Schema(_)
                | NoPlace::ConstLocal(_)),
            ) => {
                let problem = names::not_assignable(self, base, reason);
                self.report(problem);
            }
            Err(reason) => {
                let problem = names::mutates_temporary(self, call, base, name, reason);
                self.report(problem);
            }
        }
    }
}

/// For each argument the position of its parameter.
fn param_of(slots: &[Option<usize>], n_args: usize) -> Vec<usize> {
    let mut params = vec![0; n_args];
    for (param, slot) in slots.iter().enumerate() {
        if let Some(arg) = slot {
            params[*arg] = param;
        }
    }
    params
}

/// Why arguments do not fit parameters.
pub(super) enum ArgFault {
    /// More or fewer than wanted.
    Count,
    /// The argument at this position has a name that no parameter has.
    UnknownName(usize),
    /// The argument at this position is for a parameter that has one already.
    Twice(usize),
    /// The parameter at this position has no argument, though the count would do.
    Missing(usize),
}

/// For each parameter the position of its argument.
pub(super) fn match_args(
    signature: &Signature<'_>,
    args: &[Arg],
) -> Result<Vec<Option<usize>>, ArgFault> {
    let names: Vec<_> = args.iter().map(|it| it.name.as_ref()).collect();
    match_names(signature, &names)
}

/// The same, given the name of each argument.
pub(super) fn match_names(
    signature: &Signature<'_>,
    names: &[Option<&Ident>],
) -> Result<Vec<Option<usize>>, ArgFault> {
    let n = signature.params.len();
    if names.len() > n {
        return Err(ArgFault::Count);
    }
    let mut slots: Vec<Option<usize>> = vec![None; n];
    for (at, name) in names.iter().enumerate() {
        let param = match name {
            None => at,
            Some(name) => signature
                .params
                .iter()
                .position(|it| it.name == name.name)
                .ok_or(ArgFault::UnknownName(at))?,
        };
        if slots[param].replace(at).is_some() {
            return Err(ArgFault::Twice(at));
        }
    }
    let missing = (0..n).find(|at| slots[*at].is_none() && !signature.optional[*at]);
    match missing {
        Some(_) if names.iter().all(Option::is_none) => Err(ArgFault::Count),
        Some(at) => Err(ArgFault::Missing(at)),
        None => Ok(slots),
    }
}
