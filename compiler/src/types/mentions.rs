//! What a piece of code mentions: generic types, calls of generic methods, creation of
//! generic agents, and values of unknown type that it sends. It follows nothing:
//! `instances` does.

use std::collections::HashSet;

use super::cx::Shared;
use super::generics::{self, base_args, own};
use super::instances::{own_args, owner_params, params_of};
use super::tables::{
    AgentDomain, ArgBinding, BodyTypes, Call, Conversion, NodeKind, Operand, Receiver,
    Types,
};
use crate::hir::body::{Body, Context, ExprKind};
use crate::hir::item::{MethodKind, Overridable, Owner};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// Something that has an instance for each list of type arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Code {
    Record(RecordId),
    Enum(EnumId),
    Channel(ChannelId),
    /// Its fields and its constructor.
    Agent(AgentId),
    Domain(DomainId),
    Method(MethodId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mention {
    Instance {
        code: Code,
        args: Vec<Ty>,
        span: Span,
    },
    /// A value of a type that depends on a type parameter leaves its domain.
    Sent {
        ty: Ty,
        span: Span,
    },
}

pub(super) struct Mentions<'s, 'p> {
    pub(super) shared: &'s Shared<'p>,
    pub(super) types: &'s Types,
}

/// What one piece of code was found to mention, each only once.
#[derive(Default)]
struct Found {
    seen: HashSet<(Code, Vec<Ty>)>,
    all: Vec<Mention>,
}

impl Found {
    fn instance(&mut self, code: Code, args: Vec<Ty>, span: Span) {
        let fresh = !args.is_empty() && self.seen.insert((code, args.clone()));
        if fresh {
            self.all.push(Mention::Instance { code, args, span });
        }
    }

    /// Every generic type in a type.
    fn ty(&mut self, ty: &Ty, span: Span) {
        generics::each(ty, &mut |it| {
            let (code, args) = match it {
                Ty::Record(id, args) => (Code::Record(*id), args),
                Ty::Enum(id, args) => (Code::Enum(*id), args),
                Ty::Using(id, args, _) | Ty::Impl(id, args, _) => {
                    (Code::Channel(*id), args)
                }
                Ty::Domain(id, args) => (Code::Domain(*id), args),
                _ => return,
            };
            self.instance(code, args.to_vec(), span);
        });
    }

    fn sent(&mut self, ty: &Ty, span: Span) {
        if !generics::params_in(ty).is_empty() {
            self.all.push(Mention::Sent { ty: ty.clone(), span });
        }
    }
}

impl Mentions<'_, '_> {
    /// All pieces of code, in order.
    pub(super) fn all(&self) -> Vec<Code> {
        let program = self.shared.program;
        let records = program.records.ids().map(Code::Record);
        let enums = program.enums.ids().map(Code::Enum);
        let channels = program.channels.ids().map(Code::Channel);
        let agents = program.agents.ids().map(Code::Agent);
        let domains = program.domains.ids().map(Code::Domain);
        let methods = program.methods.ids().map(Code::Method);
        let types = records.chain(enums).chain(channels);
        types.chain(agents).chain(domains).chain(methods).collect()
    }

    pub(super) fn params(&self, code: Code) -> Vec<TypeParamId> {
        params_of(self.shared.program, code)
    }

    /// What a piece of code mentions, in terms of its own type parameters.
    pub(super) fn of(&self, code: Code) -> Vec<Mention> {
        let program = self.shared.program;
        let mut found = Found::default();
        match code {
            Code::Record(id) => {
                let record = &program.records[id];
                if let Some((base, args)) = &record.base {
                    let args = args.to_vec();
                    found.instance(Code::Record(*base), args, record.decl.name.span);
                }
                self.fields(&record.fields, &mut found);
                for rule in &record.rules {
                    self.body(*rule, &mut found);
                }
            }
            Code::Enum(id) => {
                for (name, ty) in
                    program.enums[id].cases.iter().flat_map(|it| &it.payload)
                {
                    found.ty(ty, name.span);
                }
            }
            Code::Channel(id) => {
                let channel = &program.channels[id];
                if let Some((base, args)) = &channel.base {
                    let args = args.to_vec();
                    found.instance(Code::Channel(*base), args, channel.decl.name.span);
                }
                for port in &channel.ports {
                    let port = &program.ports[*port];
                    for (ty, span) in port.types() {
                        found.ty(ty, span);
                    }
                }
            }
            Code::Agent(id) => self.agent(id, &mut found),
            Code::Domain(id) => {
                let domain = &program.domains[id];
                self.fields(&domain.fields, &mut found);
                self.constructor(domain.constructor, &mut found);
            }
            Code::Method(id) => {
                if program.methods[id].kind != MethodKind::Constructor {
                    self.method(id, &mut found);
                }
            }
        }
        found.all
    }

    fn fields(&self, fields: &[FieldId], found: &mut Found) {
        for field in fields {
            let field = &self.shared.program.fields[*field];
            found.ty(&field.ty, field.ty_span);
            if let Some(init) = field.init {
                self.body(init, found);
            }
        }
    }

    fn constructor(&self, constructor: Option<MethodId>, found: &mut Found) {
        if let Some(constructor) = constructor {
            self.method(constructor, found);
        }
    }

    fn agent(&self, id: AgentId, found: &mut Found) {
        let program = self.shared.program;
        let agent = &program.agents[id];
        let span = agent.decl.name.span;
        if let Some((channel, args)) = &agent.channel {
            found.instance(Code::Channel(*channel), args.to_vec(), span);
        }
        if let Some(base) = agent.base {
            found.instance(Code::Agent(base), agent.base_args.to_vec(), span);
        }
        self.fields(&agent.fields, found);
        self.constructor(agent.constructor, found);
        // What overrides is called by code of the base.
        for method in &agent.methods {
            if matches!(program.methods[*method].overridable, Overridable::Override(_)) {
                let args = own_args(program, Code::Method(*method));
                found.instance(Code::Method(*method), args, span);
            }
        }
    }

    fn method(&self, id: MethodId, found: &mut Found) {
        let method = &self.shared.program.methods[id];
        found.ty(&method.returns, method.returns_span);
        for param in &method.params {
            found.ty(&param.ty, param.ty_span);
            if let Some(default) = param.default {
                self.body(default, found);
            }
        }
        for body in method.base_args.iter().flatten().chain(&method.body) {
            self.body(*body, found);
        }
    }

    fn body(&self, id: BodyId, found: &mut Found) {
        let program = self.shared.program;
        let (Some(body), Some(table)) =
            (program.bodies.get(id), self.types.bodies.get(id))
        else {
            return;
        };
        for (expr, data) in body.exprs.enumerate() {
            let span = data.span;
            if let Some(ty) = table.exprs.get(expr) {
                found.ty(ty, span);
            }
            if let Some(conversion) = table.conversions.get(expr) {
                self.conversion(conversion, (body, table), span, found);
            }
            if let Some(call) = table.calls.get(expr) {
                self.call(call, (body, table), span, found);
            }
            if let Some(Operand::Node(node)) = table.operands.get(expr)
                && let NodeKind::Method { method, receiver, type_args } = &node.kind
            {
                let of = (*method, receiver, &type_args[..]);
                self.method_use(of, (body, table), span, found);
            }
            if let ExprKind::Send { value, .. } = data.kind
                && let Some(ty) = table.exprs.get(value)
            {
                found.sent(ty, span);
            }
        }
        for (local, ty) in table.locals.iter() {
            found.ty(ty, body.locals[local].span);
        }
        for (lambda, types) in table.lambdas.iter() {
            let span = body.lambdas[lambda].span;
            for ty in types.params.iter().chain([&types.returns]) {
                found.ty(ty, span);
            }
        }
    }

    fn conversion(
        &self,
        conversion: &Conversion,
        at: (&Body, &BodyTypes),
        span: Span,
        found: &mut Found,
    ) {
        match conversion {
            Conversion::MethodToFunc { method, receiver, type_args } => {
                self.method_use((*method, receiver, type_args), at, span, found);
            }
            Conversion::Then(first, second) => {
                self.conversion(first, at, span, found);
                self.conversion(second, at, span, found);
            }
            Conversion::Inside(inner)
            | Conversion::Each(inner)
            | Conversion::Values(inner) => self.conversion(inner, at, span, found),
            Conversion::Tuple(parts) => {
                for part in parts.iter().flatten() {
                    self.conversion(part, at, span, found);
                }
            }
            _ => {}
        }
    }

    fn call(&self, call: &Call, at: (&Body, &BodyTypes), span: Span, found: &mut Found) {
        match call {
            Call::Method { method, receiver, type_args, .. } => {
                self.method_use((*method, receiver, type_args), at, span, found);
            }
            Call::CreateAgent { agent, type_args, domain, args } => {
                found.instance(Code::Agent(*agent), type_args.clone(), span);
                if !matches!(domain, AgentDomain::Current(_)) {
                    crossing(args, at.1, span, found);
                }
            }
            Call::NewDomain { args, .. } => crossing(args, at.1, span, found),
            _ => {}
        }
    }

    /// A method by its name: what its owner's type parameters stand for, then its own.
    fn method_use(
        &self,
        (method, receiver, type_args): (MethodId, &Receiver, &[Ty]),
        (body, table): (&Body, &BodyTypes),
        span: Span,
        found: &mut Found,
    ) {
        let program = self.shared.program;
        let declared = &program.methods[method];
        if declared.native.is_some() {
            return;
        }
        let owner = declared.decl.owner;
        let mut args = match (owner, receiver, body.context) {
            (Owner::Record(base), Receiver::Expr(expr), _) => {
                let ty = table.exprs.get(*expr);
                let ty = match ty {
                    Some(Ty::Nullable(inner)) => Some(&**inner),
                    other => other,
                };
                match ty {
                    Some(Ty::Record(id, args)) => {
                        base_args(program, *id, args, base).to_vec()
                    }
                    _ => return,
                }
            }
            (Owner::Record(base), _, Context::Record(id)) => {
                let args = own(&program.records[id].type_params);
                base_args(program, id, &args, base).to_vec()
            }
            (Owner::Agent(_), _, Context::Agent(id)) => {
                let args = own(&program.agents[id].type_params);
                program.agent_generics(id, &args, owner).1.to_vec()
            }
            _ => own(&owner_params(program, owner)).to_vec(),
        };
        args.extend(type_args.iter().cloned());
        found.instance(Code::Method(method), args, span);
    }
}

/// Arguments that go to another domain.
fn crossing(args: &[ArgBinding], table: &BodyTypes, span: Span, found: &mut Found) {
    for arg in args {
        if let ArgBinding::Expr(expr) = arg
            && let Some(ty) = table.exprs.get(*expr)
        {
            found.sent(ty, span);
        }
    }
}
