//! Declarations: which bodies there are, what each must give, and the rules between
//! declarations. Bodies themselves are checked by the other parts of the room.

use std::cell::RefCell;

use super::call::{self, ArgFault, Signature};
use super::constants::{self, Constants};
use super::cx::{Cx, Shared, Why};
use super::early::{self, EarlyReads, WithoutDefault};
use super::errors::{self, flow};
use super::generics;
use super::index::{self, Index};
use super::mutation;
use super::stmt::Code;
use super::tables::{BaseArg, Constant, Types};
use super::ty::Properties;
use crate::diag::Diagnostic;
use crate::hir::item::MethodKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// What a body is for.
#[derive(Clone, Debug)]
pub(super) enum Purpose<'p> {
    /// The code of a method, constructor or test.
    Code {
        returns: &'p Ty,
        why: Why,
        name: Span,
        /// Fields that the constructor must assign.
        constructor: Option<Vec<FieldId>>,
    },
    /// An expression that must have a type.
    Value { want: &'p Ty, why: Why, constant: bool },
}

pub(super) fn check(program: &Program) -> (Types, Vec<Diagnostic>) {
    let mut out = Types::default();
    let mut problems = Vec::new();
    let properties = Properties::default();
    let mut shared = Shared {
        program,
        index: Index::new(program),
        without_default: WithoutDefault::of(program, &properties),
        properties,
        constants: Constants::default(),
        early: EarlyReads::new(),
        mutating: mutation::mutating(program),
        coercions: RefCell::default(),
    };
    shared.early = early::reads(&shared);
    constants::evaluate(&mut shared, &mut out, &mut problems);
    super::bounds::check(&shared, &mut out, &mut problems);
    shared.check_ports(&mut problems);
    shared.check_exceptions(&mut problems);
    declared_types(&shared, &mut problems);
    for id in program.methods.ids() {
        method(&shared, id, &mut out, &mut problems);
    }
    for (id, field) in program.fields.enumerate() {
        if let Some(init) = field.init {
            let purpose =
                Purpose::Value { want: &field.ty, why: Why::Field(id), constant: false };
            body(&shared, init, &purpose, &mut out, &mut problems);
        }
    }
    for record in program.records.iter() {
        for rule in &record.rules {
            let purpose =
                Purpose::Value { want: &Ty::Bool, why: Why::Condition, constant: false };
            body(&shared, *rule, &purpose, &mut out, &mut problems);
        }
    }
    for channel in program.channels.iter() {
        for transition in channel.states.iter().flat_map(|it| &it.moves) {
            if let Some(guard) = transition.guard {
                self::guard(&shared, guard, transition.port, &mut out, &mut problems);
            }
        }
    }
    for test in &program.tests {
        let purpose = Purpose::Code {
            returns: &Ty::Void,
            why: Why::Nothing,
            name: test.span,
            constructor: None,
        };
        body(&shared, test.body, &purpose, &mut out, &mut problems);
    }
    unassigned_fields(&shared, &mut problems);
    early::in_bases(&shared, &mut problems);
    super::rules::check(&shared, &out, &mut problems);
    out.instances = super::instances::check(&shared, &out, &mut problems);
    super::starts::check(&shared, &out, &mut problems);
    out.coercions = shared.coercions.into_inner().plans;
    (out, problems)
}

/// Checks one body; gives its constant value, if it has one.
pub(super) fn body(
    shared: &Shared<'_>,
    id: BodyId,
    purpose: &Purpose<'_>,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) -> Option<Constant> {
    checked(shared, id, purpose, None, out, problems)
}

fn checked(
    shared: &Shared<'_>,
    id: BodyId,
    purpose: &Purpose<'_>,
    param: Option<&Ty>,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) -> Option<Constant> {
    let body = &shared.program.bodies[id];
    let mut cx = Cx::new(shared, body);
    cx.body_id = Some(id);
    for local in &body.params {
        let declared = body.locals[*local].declared.clone();
        let ty = declared.or_else(|| param.cloned()).unwrap_or(Ty::Error);
        cx.out.locals.insert(*local, ty);
    }
    let mut value = None;
    let pending = match purpose {
        Purpose::Value { why: Why::Field(field), .. } => {
            Some(early::before(shared, *field)).filter(|it| !it.is_empty())
        }
        Purpose::Value { .. } => match body.context {
            // An argument for the constructor of a base.
            body::Context::Agent(agent) => {
                let fields = early::before_base(shared, item::Owner::Agent(agent));
                Some(fields).filter(|it| !it.is_empty())
            }
            _ => None,
        },
        Purpose::Code { .. } => None,
    };
    match purpose {
        Purpose::Code { returns, why, name, constructor } => {
            cx.constructor.clone_from(constructor);
            let code = Code { root: &body.root, returns, iterator: body.iterator };
            let end = cx.code(&code, *why, *name);
            cx.out.falls_through = !cx.flow.state.dead;
            cx.flow.state = end;
            for field in constructor.iter().flatten() {
                if !cx.flow.field_assigned(*field) {
                    let problem = flow::field_never_assigned(&cx, *field, Some(*name));
                    cx.report(problem);
                }
            }
        }
        Purpose::Value { want, why, constant } => match &body.root {
            body::Root::Expr(expr) if pending.is_some() => {
                cx.constructor = pending;
                cx.check(*expr, want, *why);
            }
            body::Root::Expr(expr) if *constant => {
                cx.constant_expr(*expr, want, *why);
                value = cx.constant_value(*expr);
            }
            body::Root::Expr(expr) => cx.check(*expr, want, *why),
            body::Root::Block(_) => {
                let code = Code { root: &body.root, returns: want, iterator: false };
                cx.code(&code, *why, body.span);
            }
        },
    }
    problems.append(&mut cx.problems);
    out.bodies.insert(id, cx.out);
    value
}

/// A guard of a protocol, whose parameter is the message of the port.
fn guard(
    shared: &Shared<'_>,
    id: BodyId,
    port: PortId,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) {
    let payload = &shared.program.ports[port].payload;
    let purpose =
        Purpose::Value { want: &Ty::Bool, why: Why::Condition, constant: false };
    checked(shared, id, &purpose, Some(payload), out, problems);
}

fn method(
    shared: &Shared<'_>,
    id: MethodId,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) {
    let program = shared.program;
    let item = &program.methods[id];
    for (at, param) in item.params.iter().enumerate() {
        if let Some(default) = param.default {
            let why = Why::Param(id, at);
            let purpose = Purpose::Value { want: &param.ty, why, constant: false };
            body(shared, default, &purpose, out, problems);
        }
    }
    base_arguments(shared, id, out, problems);
    shared.properties.ask(&item.constraints);
    let Some(code) = item.body else { return };
    let is_constructor = item.kind == MethodKind::Constructor;
    let constructor = is_constructor.then(|| early::unassigned(shared, item.decl.owner));
    let purpose = Purpose::Code {
        returns: if is_constructor { &Ty::Void } else { &item.returns },
        why: Why::Returns(item.returns_span),
        name: item.decl.name.span,
        constructor,
    };
    body(shared, code, &purpose, out, problems);
    shared.properties.ask(&[]);
}

/// `: base(args)` of a constructor.
fn base_arguments(
    shared: &Shared<'_>,
    id: MethodId,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) {
    let program = shared.program;
    let item = &program.methods[id];
    let item::Owner::Agent(agent) = item.decl.owner else { return };
    if item.kind != MethodKind::Constructor {
        return;
    }
    let base = index::agents(program, agent)
        .skip(1)
        .find_map(|it| program.agents[it].constructor);
    let params: &[item::Param] = base.map_or(&[], |it| &program.methods[it].params);
    let least = params.iter().filter(|it| it.default.is_none()).count();
    let given = item.base_args.as_deref().unwrap_or(&[]);
    let signature = Signature {
        what: String::new(),
        params: params.iter().map(|it| &it.name).collect(),
        optional: params.iter().map(|it| it.default.is_some()).collect(),
        span: None,
    };
    let names: Vec<_> = item.base_names.iter().map(Option::as_ref).collect();
    let slots = match call::match_names(&signature, &names) {
        Ok(slots) => slots,
        Err(fault) => {
            let span =
                given.first().map_or(item.decl.name.span, |it| program.bodies[*it].span);
            let declared = base.map(|it| program.methods[it].decl.name.span);
            let problem = match fault {
                ArgFault::UnknownName(at) | ArgFault::Twice(at)
                    if let Some(Some(name)) = item.base_names.get(at) =>
                {
                    errors::calls::base_argument_name(program, name, declared)
                }
                _ => errors::calls::base_arguments(
                    program,
                    span,
                    (least, params.len()),
                    given.len(),
                    declared,
                ),
            };
            problems.push(problem);
            vec![None; params.len()]
        }
    };
    let mut bound = Vec::with_capacity(params.len());
    let mut param_of = vec![None; given.len()];
    for (param, slot) in slots.iter().enumerate() {
        match slot {
            Some(arg) => {
                param_of[*arg] = Some(param);
                bound.push(BaseArg::Given(*arg));
            }
            None => bound.extend(params[param].default.map(BaseArg::Default)),
        }
    }
    let own = generics::own(&program.agents[agent].type_params);
    let (of, seen) = match base {
        Some(it) => program.agent_generics(agent, &own, program.methods[it].decl.owner),
        None => (Vec::new(), [].into()),
    };
    for (arg, param) in given.iter().zip(param_of) {
        let want = param.map_or(Ty::Error, |it| params[it].ty.substitute(&of, &seen));
        let why = match (base, param) {
            (Some(base), Some(param)) => Why::Param(base, param),
            _ => Why::Nothing,
        };
        let purpose = Purpose::Value { want: &want, why, constant: false };
        body(shared, *arg, &purpose, out, problems);
    }
    out.base_args.insert(id, bound);
}

/// Constraints of library types in the signatures of user declarations.
fn declared_types(shared: &Shared<'_>, problems: &mut Vec<Diagnostic>) {
    let program = shared.program;
    let is_user = |span: Span| span.file.0 < program.n_user_files;
    let mut check = |ty: &Ty, span: Span| {
        if is_user(span) {
            shared.well_formed(ty, span, problems);
        }
    };
    for method in program.methods.iter() {
        check(&method.returns, method.returns_span);
        for param in &method.params {
            check(&param.ty, param.ty_span);
        }
    }
    for field in program.fields.iter() {
        check(&field.ty, field.ty_span);
    }
    for port in program.ports.iter() {
        for (ty, span) in port.types() {
            check(ty, span);
        }
    }
    for case in program.enums.iter().flat_map(|it| &it.cases) {
        for (name, ty) in &case.payload {
            check(ty, name.span);
        }
    }
    for item in program.consts.iter() {
        check(&item.ty, item.decl.name.span);
    }
    for item in program.channels.iter() {
        if let Some((id, args)) = &item.base {
            check(&Ty::Using(*id, args.clone(), None), item.decl.name.span);
        }
    }
    for item in program.records.iter() {
        if let Some((id, args)) = &item.base {
            check(&Ty::Record(*id, args.clone()), item.decl.name.span);
        }
    }
    for item in program.agents.iter() {
        let span = item.decl.name.span;
        // What is inherited was looked at where it is declared.
        if let (Some((id, args)), None) = (&item.channel, item.base) {
            check(&Ty::Using(*id, args.clone(), None), span);
        }
    }
    for item in program.agents.iter() {
        let span = item.decl.name.span;
        if let Some(base) = item.base
            && is_user(span)
        {
            let params = &program.agents[base].type_params;
            shared.check_constraints(params, &item.base_args, span, problems);
        }
    }
}

/// Fields without a value of agents and domains without a constructor.
fn unassigned_fields(shared: &Shared<'_>, problems: &mut Vec<Diagnostic>) {
    let program = shared.program;
    let agents = program
        .agents
        .enumerate()
        .filter(|it| it.1.constructor.is_none())
        .map(|it| item::Owner::Agent(it.0));
    let domains = program
        .domains
        .enumerate()
        .filter(|it| it.1.constructor.is_none())
        .map(|it| item::Owner::Domain(it.0));
    for owner in agents.chain(domains) {
        for field in early::unassigned(shared, owner) {
            let field = &program.fields[field];
            if field.name.span.file.0 < program.n_user_files {
                problems.push(flow::field_without_value(shared, field));
            }
        }
    }
}
