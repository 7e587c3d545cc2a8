//! The walk over calls, creations and sends: which code they run, and what library members
//! do by their signatures.

use super::unit::*;
use super::value::Use;
use super::walk::Walk;
use crate::hir::body::*;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{AgentDomain, ArgBinding, Call, Receiver, SendKind};

impl Walk<'_, '_> {
    /// A call, creation or indexing; `callee` and `args` are as written, and are only
    /// visited as they stand where `types` found no meaning.
    pub(super) fn call(&mut self, id: ExprId, callee: Option<ExprId>, args: &[Arg]) {
        let span = self.span(id);
        let Some(call) = self.table.calls.get(id) else {
            for expr in callee.into_iter().chain(args.iter().map(|it| it.value)) {
                self.push(expr, Use::Stored);
            }
            return;
        };
        match call {
            Call::Method { method, receiver, args, .. } => {
                self.method_call(id, callee, *method, receiver, args);
            }
            Call::LocalFn { local_fn, args } => {
                if let Some(&unit) =
                    self.cx.units.local_fns.get(&(self.body_id, *local_fn))
                {
                    self.site(span, Target::Unit(unit), Mode::Call);
                }
                self.push_all(args.iter().copied());
            }
            Call::Value { callee, args } => {
                self.throws();
                self.push(*callee, Use::Called);
                self.push_all(args.iter().copied());
            }
            Call::EnumCase { args, .. } => self.push_all(args.iter().copied()),
            Call::CreateAgent { agent, domain, args, .. } => {
                self.create(span, *agent, domain);
                self.crossing(args);
            }
            Call::NewDomain { domain, nested, args } => {
                if nested.is_some() {
                    self.uses_agent();
                }
                self.construct(span, *domain);
                self.crossing(args);
            }
            Call::NewRecord { record, fields } => {
                self.here().direct.throws |= has_rules(self.cx.program, *record);
                self.field_defaults(span, *record, fields);
                for (_, value) in fields {
                    self.push(*value, self.field_use(Some(*record)));
                }
            }
            Call::NewNative { constructor, args, .. } => {
                self.native(*constructor, span, None);
                self.arguments(span, *constructor, args);
            }
            Call::CloseEnd(end) => {
                self.fact(span, FactKind::Close);
                self.push(*end, Use::Stored);
            }
            Call::ToJson(expr) | Call::FromJson { text: expr, .. } => {
                self.throws();
                self.push(*expr, Use::Stored);
            }
            Call::Monitor(expr) | Call::ToText(expr) => self.push(*expr, Use::Stored),
        }
    }

    /// What becomes of a value that is given to a field of a new value.
    pub(super) fn field_use(&self, made: Option<RecordId>) -> Use {
        match made.map(|it| self.cx.program.records[it].kind) {
            Some(item::RecordKind::Exception) => Use::Thrown,
            _ => self.parts,
        }
    }

    fn method_call(
        &mut self,
        id: ExprId,
        callee: Option<ExprId>,
        method: MethodId,
        receiver: &Receiver,
        args: &[ArgBinding],
    ) {
        let span = self.span(id);
        self.arguments(span, method, args);
        let data = &self.cx.program.methods[method];
        let object = match receiver {
            Receiver::Expr(expr) => Some(*expr),
            Receiver::None | Receiver::This | Receiver::Domain(_) => None,
        };
        if data.native.is_some() {
            self.native(method, span, object);
            return;
        }
        if matches!(receiver, Receiver::Domain(_)) {
            // Its domain is reached by way of the agent, whatever the method does.
            self.uses_agent();
        }
        let dispatch = self.dispatch(callee.unwrap_or(id));
        let place = self.receiver_place(receiver);
        if let Some(object) = object {
            self.push(object, Use::Stored);
        }
        let target = Target::Method { method, dispatch };
        self.here().sites.push(Site { span, target, mode: Mode::Call, receiver: place });
    }

    /// Whether the method that runs may depend on the agent that runs the code: only those of
    /// agents can be overridden, and they are called on no other.
    pub(super) fn dispatch(&self, callee: ExprId) -> Dispatch {
        match self.body.exprs[callee].kind {
            ExprKind::BaseMethod(_) => Dispatch::Exact,
            _ => Dispatch::Virtual,
        }
    }

    /// Where the value of a receiver lives; `None` for the own agent and its domains, whose
    /// state is one for all their code, and for the own record.
    pub(super) fn receiver_place(&self, receiver: &Receiver) -> Option<(Place, Span)> {
        let Receiver::Expr(expr) = receiver else { return None };
        Some((self.place(*expr), self.span(*expr)))
    }

    /// Visits the value a method name is bound to.
    pub(super) fn receiver_value(&mut self, receiver: &Receiver) {
        if let Receiver::Expr(expr) = receiver {
            self.push(*expr, Use::Stored);
        }
    }

    fn arguments(&mut self, span: Span, method: MethodId, args: &[ArgBinding]) {
        for (param, arg) in args.iter().enumerate() {
            match arg {
                ArgBinding::Expr(expr) => self.push(*expr, Use::Passed { method, param }),
                ArgBinding::Default(body) => self.default(span, *body),
                ArgBinding::Rest(exprs) => self.push_all(exprs.iter().copied()),
            }
        }
    }

    /// Arguments of agents and domains: they cross into another domain.
    fn crossing(&mut self, args: &[ArgBinding]) {
        for arg in args {
            match arg {
                ArgBinding::Expr(expr) => self.push(*expr, Use::Sent),
                ArgBinding::Default(body) => self.default(self.body.span, *body),
                ArgBinding::Rest(exprs) => self.push_all(exprs.iter().copied()),
            }
        }
    }

    fn default(&mut self, span: Span, body: BodyId) {
        if let Some(&unit) = self.cx.units.roots.get(body) {
            self.site(span, Target::Unit(unit), Mode::Call);
        }
    }

    fn create(&mut self, span: Span, agent: AgentId, domain: &AgentDomain) {
        self.fact(span, FactKind::Create(agent));
        match domain {
            AgentDomain::New => self.construct_home(span, agent),
            AgentDomain::NewNested(_) => {
                self.uses_agent();
                self.construct_home(span, agent);
            }
            AgentDomain::Current(_) => self.uses_agent(),
            AgentDomain::Handle(handle) => self.push(*handle, Use::Stored),
        }
    }

    /// The domain that is made along with an agent; its constructor gets the defaults.
    fn construct_home(&mut self, span: Span, agent: AgentId) {
        let program = self.cx.program;
        let Some(domain) = program.agents[agent].domain else { return };
        if let Some(constructor) = program.domains[domain].constructor {
            for param in &program.methods[constructor].params {
                if let Some(body) = param.default {
                    self.default(span, body);
                }
            }
        }
        self.construct(span, domain);
    }

    /// A new instance of a domain: its initialisers and constructor run here.
    fn construct(&mut self, span: Span, domain: DomainId) {
        let program = self.cx.program;
        let depth = super::effects::depth(program, domain);
        for unit in self.cx.units.of_domain(program, &program.domains[domain]) {
            self.site(span, Target::Unit(unit), Mode::Construct(depth));
        }
    }

    /// Initialisers of the fields that a creation leaves out.
    fn field_defaults(
        &mut self,
        span: Span,
        record: RecordId,
        given: &[(FieldId, ExprId)],
    ) {
        let program = self.cx.program;
        let bases = bases_of_record(program, record);
        for &field in bases.iter().flat_map(|&it| &program.records[it].fields) {
            if given.iter().any(|(it, _)| *it == field) {
                continue;
            }
            let unit =
                program.fields[field].init.and_then(|it| self.cx.units.roots.get(it));
            if let Some(&unit) = unit {
                self.site(span, Target::Unit(unit), Mode::Call);
            }
        }
    }

    /// A schema value comes into being other than by `new`: its rules are checked.
    pub(super) fn schema_made(&mut self, id: ExprId) {
        if let Some(Ty::Record(record, _)) = self.ty(id)
            && has_rules(self.cx.program, *record)
        {
            self.throws();
        }
    }

    /// A member of the library, on the value of `object`.
    pub(super) fn native(
        &mut self,
        method: MethodId,
        span: Span,
        object: Option<ExprId>,
    ) {
        let Some(signature) = &self.cx.program.methods[method].native else { return };
        self.here().direct.throws |= signature.throws;
        if signature.io || signature.suspends || signature.sends || signature.receives {
            self.fact(span, FactKind::Native(method));
        }
        let Some(object) = object else { return };
        if signature.mutates {
            self.write(object, true);
            self.push_target(object);
        } else {
            self.push(object, Use::Stored);
        }
    }

    /// The end of a `using`: `Dispose` or `Close` of the resource.
    pub(super) fn disposal(&mut self, resource: ExprId) {
        let span = self.span(resource);
        let Some(&method) = self.table.disposals.get(resource) else {
            // A channel end.
            return self.fact(span, FactKind::Close);
        };
        let n_facts = self.here().facts.len();
        self.native(method, span, None);
        let target = Target::Method { method, dispatch: Dispatch::Exact };
        let receiver = Some((Place::Temporary, span));
        let unit = self.here();
        unit.disposals.0.extend(n_facts..unit.facts.len());
        unit.disposals.1.insert(unit.sites.len());
        unit.sites.push(Site { span, target, mode: Mode::Call, receiver });
    }

    /// A message to `target`, by the expression `id` or a call.
    pub(super) fn send(&mut self, span: Span, id: ExprId, target: ExprId) {
        let kind = self.table.sends.get(target).or_else(|| self.table.sends.get(id));
        let port = match kind {
            Some(
                SendKind::Port(port) | SendKind::Request(port) | SendKind::End(port),
            ) => Some(*port),
            // A second answer, a second write, a full point.
            Some(SendKind::Reply | SendKind::Target) => {
                self.throws();
                None
            }
            None => None,
        };
        let ends = port.is_some_and(|port| {
            let port = &self.cx.program.ports[port];
            port.direction == item::Direction::Output
                && self.cx.program.lang.application == Some(port.channel)
        });
        let strict = self.body.strict.get(id);
        let policy = port.and_then(|it| self.cx.program.ports[it].policy());
        self.here().direct.throws |= strict.is_some()
            || policy == Some(item::Policy::Fail)
            || port.is_some_and(|it| self.cx.guarded_ports[it]);
        let waits = policy == Some(item::Policy::Suspend)
            && strict.is_none_or(|it| !it.no_suspend);
        let kind = match port {
            _ if ends => FactKind::Exit,
            Some(port) if waits => FactKind::SendOrWait(port),
            _ => FactKind::Send,
        };
        self.fact(span, kind);
    }
}

/// Whether making a value of `record` checks a rule, its own or a base's.
fn has_rules(program: &Program, record: RecordId) -> bool {
    bases_of_record(program, record)
        .iter()
        .any(|&it| !program.records[it].rules.is_empty())
}
