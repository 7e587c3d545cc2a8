//! `agent A : channel C { … }` → the struct of its state and the functions that it runs.
//! Inheritance is gone here: a derived agent has the fields of its bases, and their
//! methods are lowered for it again with its own overrides in place.

use crate::hir::item::{Access, Owner};
use crate::hir::ty::{Args, Ty};
use crate::hir::{AgentId, FieldId, MethodId, TypeParamId};
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef};
use crate::support::Name;
use crate::types::tables::BaseArg;

use super::Lower;
use super::body::{Fx, Host, SlotKind};
use super::build::{At, Flags};
use super::function::Shape;
use super::names::Key;

impl Lower<'_> {
    pub(super) fn agent(&mut self, name: ItemRef, id: AgentId, args: &Args) {
        let it = &self.program.agents[id];
        let fields = self.agent_fields(id);
        let fields = self.state(&fields, &|cx, field| cx.agent_field_ty(id, args, field));
        let channel = it.channel.as_ref().map(|(channel, of)| {
            let of = super::ty::all(of, &it.type_params, args);
            self.need(Key::Channel(*channel, of))
        });
        let domain = it.domain.map(|it| {
            let of = self.program.args_of_domain(id, args, it);
            self.need(Key::Domain(it, of))
        });
        let access = match self.rights(id) {
            Access::Reader => ir::Access::Read,
            Access::Writer => ir::Access::Write,
            Access::Neither => ir::Access::None,
        };
        let kind = ItemKind::Agent(ir::Agent { fields, channel, domain, access });
        self.add(name, &it.decl, kind);
    }

    /// What turns the agent takes on its domain. `readonly` fields are no state, but
    /// reaching them takes a reader's turn.
    pub(super) fn rights(&self, id: AgentId) -> Access {
        let it = &self.program.agents[id];
        match (it.domain, it.access) {
            (None, _) => Access::Neither,
            (_, Access::Neither) if self.effects.fixed_readers.contains(&id) => {
                Access::Reader
            }
            (_, access) => access,
        }
    }

    /// Names and types of the fields of a state.
    pub(super) fn state(
        &mut self,
        fields: &[FieldId],
        ty_of: &dyn Fn(&Self, FieldId) -> Ty,
    ) -> Vec<(Name, ir::Ty)> {
        fields
            .iter()
            .map(|&field| {
                let ty = ty_of(self, field);
                let ty = self.ty(&ty);
                let ty = match self.is_late(field) {
                    true => ir::Ty::Option(Box::new(ty)),
                    false => ty,
                };
                (self.field_name(field), ty)
            })
            .collect()
    }

    /// The type of a field of an agent, its own or inherited.
    fn agent_field_ty(&self, id: AgentId, args: &Args, field: FieldId) -> Ty {
        let it = &self.program.fields[field];
        let (params, args) = self.program.agent_generics(id, args, it.owner);
        it.ty.substitute(&params, &args)
    }

    /// Fields of the bases first.
    pub(super) fn agent_fields(&self, id: AgentId) -> Vec<FieldId> {
        let it = &self.program.agents[id];
        let mut fields = it.base.map_or_else(Vec::new, |base| self.agent_fields(base));
        fields.extend(&it.fields);
        fields
    }

    /// The nearest constructor of the agent or a base, and whose it is.
    pub(super) fn constructor(&self, id: AgentId) -> Option<(AgentId, MethodId)> {
        let mut at = Some(id);
        while let Some(id) = at {
            let it = &self.program.agents[id];
            if let Some(constructor) = it.constructor {
                return Some((id, constructor));
            }
            at = it.base;
        }
        None
    }

    /// `async fn A_new(me: Me<A>, …)`: what the agent does.
    pub(super) fn run_agent(&mut self, name: ItemRef, id: AgentId, args: &Args) {
        let constructor = self.constructor(id);
        let decl = match constructor {
            Some((owner, method)) if owner == id => &self.program.methods[method].decl,
            _ => &self.program.agents[id].decl,
        };
        let fields = self.agent_fields(id);
        self.behaviour(name, (id, args), (constructor, &fields, false), decl);
    }

    /// `async fn A_Base_new(me: &Me<A>, …)`: the constructor of a base.
    pub(super) fn run_base(
        &mut self,
        name: ItemRef,
        agent: AgentId,
        args: &Args,
        base: AgentId,
    ) {
        let constructor = self.constructor(base);
        let decl = match constructor {
            Some((_, method)) => &self.program.methods[method].decl,
            None => &self.program.agents[base].decl,
        };
        self.behaviour(name, (agent, args), (constructor, &[], true), decl);
    }

    fn behaviour(
        &mut self,
        name: ItemRef,
        (agent, args): (AgentId, &Args),
        (constructor, fields, by_ref): (Option<(AgentId, MethodId)>, &[FieldId], bool),
        decl: &crate::hir::item::Decl,
    ) {
        let program = self.program;
        let body = constructor.and_then(|it| program.methods[it.1].body);
        let (params, all) = match constructor {
            Some((owner, _)) => program.agent_generics(agent, args, Owner::Agent(owner)),
            None => (Vec::new(), [].into()),
        };
        let mut fx = Fx::new(self, name, Host::Free, body, (&params, &all));
        fx.suspends = true;
        fx.go(decl.name.span);
        let mut shape = Shape {
            receiver: None,
            params: Vec::new(),
            returns: ir::Ty::Unit,
            throws: true,
            suspends: true,
        };
        let me = fx.me_param((agent, args), by_ref, &mut shape);
        fx.host = Host::Agent { agent, args: args.clone(), me: Some(me) };
        if let Some((_, method)) = constructor {
            fx.method_params(method, &mut shape);
        }
        fx.note_shared();
        let block = fx.block(|cx| {
            for &field in fields {
                cx.initialise(field);
            }
            if let Some((owner, method)) = constructor {
                cx.base_constructor((agent, args), owner, method);
                if let crate::hir::body::Root::Block(block) = cx.root() {
                    cx.stmts(&block.stmts);
                }
            }
        });
        let function = fx.finish(shape, block);
        self.add(name, decl, ItemKind::Function(function));
    }

    /// `fn A_create(domain: Dom<D>, …) -> Using<C>`
    pub(super) fn create_agent(&mut self, name: ItemRef, id: AgentId, type_args: &Args) {
        let it = &self.program.agents[id];
        let at = At(self.line(it.decl.name.span));
        let no_args = [].into();
        let mut fx = Fx::new(self, name, Host::Free, None, (&[], &no_args));
        fx.at = at;
        let domain = fx.new_var("domain");
        let domain_ty = match it.domain {
            Some(it) => {
                let of = fx.lower.program.args_of_domain(id, type_args, it);
                ir::Ty::Item(fx.lower.need(Key::Domain(it, of)))
            }
            None => ir::Ty::Rt("NoDomain".into(), vec![]),
        };
        let domain_ty = ir::Ty::Rt("Dom".into(), vec![domain_ty]);
        let mut params = vec![ir::Param { var: domain, ty: domain_ty }];
        let mut args = Vec::new();
        if let Some((owner, method)) = fx.lower.constructor(id) {
            let program = fx.lower.program;
            let owner = Owner::Agent(owner);
            let (of, seen) = program.agent_generics(id, type_args, owner);
            for param in &program.methods[method].params {
                let var = fx.new_var(&param.name.name);
                let ty = fx.lower.ty(&param.ty.substitute(&of, &seen));
                params.push(ir::Param { var, ty });
                args.push(at.var(var));
            }
        }
        let (stmts, value) = fx.seq(|cx| cx.spawn((id, type_args), at.var(domain), args));
        let body = ir::Block { stmts, value: Some(Box::new(value)) };
        let returns = fx.lower.end_ty(id, type_args);
        let shape =
            Shape { receiver: None, params, returns, throws: false, suspends: false };
        let function = fx.finish(shape, body);
        self.add(name, &it.decl, ItemKind::Function(function));
    }

    /// The type of the using end of an agent's channel.
    fn end_ty(&mut self, id: AgentId, args: &Args) -> ir::Ty {
        let it = &self.program.agents[id];
        let channel = match &it.channel {
            Some((channel, of)) => {
                let of = super::ty::all(of, &it.type_params, args);
                ir::Ty::Item(self.need(Key::Channel(*channel, of)))
            }
            None => ir::Ty::Rt("NoChannel".into(), vec![]),
        };
        ir::Ty::Rt("Using".into(), vec![channel])
    }

    /// The start of the program.
    pub(super) fn entry(&mut self, id: AgentId) -> ir::Entry {
        let it = &self.program.agents[id];
        let application = match &it.channel {
            Some((channel, args)) => self.need(Key::Channel(*channel, args.clone())),
            None => unreachable!("the entry agent implements `Application`"),
        };
        let at = At(self.line(it.decl.name.span));
        let domain = it.domain;
        let name = ItemRef(0);
        let no_args = [].into();
        let mut fx = Fx::new(self, name, Host::Free, None, (&[], &no_args));
        fx.at = at;
        let (stmts, value) = fx.seq(|cx| {
            let no_args = [].into();
            let domain = cx.fresh_domain(domain, &no_args);
            cx.spawn((id, &no_args), domain, vec![])
        });
        let create = ir::Block { stmts, value: Some(Box::new(value)) };
        let waits = domain.is_some_and(|it| fx.lower.making_waits(it));
        let agents = &fx.lower.program.agents;
        let drains = std::iter::successors(Some(id), |&it| agents[it].base)
            .any(|it| agents[it].attributes.iter().any(|it| &*it.name == "Drain"));
        ir::Entry { vars: fx.vars, application, create, waits, drains }
    }
}

impl Fx<'_, '_> {
    /// Starts an agent with arguments that are values of their own.
    pub(super) fn spawn(
        &mut self,
        (id, type_args): (AgentId, &Args),
        domain: Expr,
        args: Vec<Expr>,
    ) -> Expr {
        let at = self.at;
        let item = self.lower.need(Key::Agent(id, type_args.clone()));
        let fields = self.lower.agent_fields(id);
        let program = self.lower.program;
        let generics = |owner| program.agent_generics(id, type_args, owner);
        let fields = self.start_of_state(&fields, &generics);
        let state = at.expr(ExprKind::Struct { item, fields, rest: None });
        let run = self.lower.need(Key::RunAgent(id, type_args.clone()));
        let me = self.new_var("me");
        let moves = !args.is_empty();
        let mut all = vec![at.var(me)];
        all.extend(args);
        let body = super::build::value_block(at.call(run, all));
        let closure = at.expr(ExprKind::Closure {
            params: vec![(ir::Pattern::Var(me), None)],
            moves,
            suspends: false,
            returns: None,
            throws: false,
            body,
        });
        at.rt("spawn", vec![domain, state, closure])
    }

    /// The fields of a state before its first code runs.
    pub(super) fn start_of_state(
        &mut self,
        fields: &[FieldId],
        generics: &dyn Fn(Owner) -> (Vec<TypeParamId>, Args),
    ) -> Vec<(Name, Expr)> {
        let at = self.at;
        let mut start = Vec::new();
        for &field in fields {
            let it = &self.lower.program.fields[field];
            let (params, args) = generics(it.owner);
            let value = match it.init {
                Some(init) if self.lower.is_plain_init(init) => {
                    self.in_body(init, (&params, &args), Self::root_value)
                }
                _ if self.lower.is_late(field) => at.expr(ExprKind::None),
                _ => self.default_value(at, &it.ty.substitute(&params, &args)),
            };
            self.at = at;
            start.push((self.lower.field_name(field), value));
        }
        start
    }

    /// What the type parameters of the agent or domain that declares something stand for
    /// in the code at hand.
    pub(super) fn state_generics(&self, owner: Owner) -> (Vec<TypeParamId>, Args) {
        let program = self.lower.program;
        match (&self.host, owner) {
            (Host::Agent { agent, args, .. }, _) => {
                program.agent_generics(*agent, args, owner)
            }
            (Host::Domain { args, .. }, Owner::Domain(of)) => {
                (program.domains[of].type_params.clone(), program.args_around(args, of))
            }
            _ => (Vec::new(), [].into()),
        }
    }

    /// Runs the initialiser of a field, unless the state began with its value.
    pub(super) fn initialise(&mut self, field: FieldId) {
        let Some(init) = self.lower.program.fields[field].init else { return };
        if self.lower.is_plain_init(init) {
            return;
        }
        self.go(self.lower.program.bodies[init].span);
        let (params, args) = self.state_generics(self.lower.program.fields[field].owner);
        let (stmts, ()) = self.seq(|cx| {
            let place = cx.field_place(field);
            let value = cx.in_body(init, (&params, &args), Self::root_value);
            let value = cx.hold(value);
            let store = cx.store(place, value);
            cx.push_expr(store);
        });
        for stmt in stmts {
            self.push(stmt);
        }
    }

    /// Calls the constructor of the base of `owner`, if there is one.
    fn base_constructor(
        &mut self,
        (agent, type_args): (AgentId, &Args),
        owner: AgentId,
        method: MethodId,
    ) {
        let program = self.lower.program;
        let Some(base) = program.agents[owner].base else { return };
        let Some((base, _)) = self.lower.constructor(base) else { return };
        let at = self.at;
        let mut given = vec![];
        let bound = self.lower.types.base_args.get(method).map_or(&[][..], |it| it);
        for body in program.methods[method].base_args.iter().flatten() {
            let params = self.frame.body.params.clone();
            let vars: Vec<_> = params.iter().map(|it| self.slot(*it).var).collect();
            let (of, seen) = self.state_generics(Owner::Agent(owner));
            let value = self.in_body(*body, (&of, &seen), |cx| {
                let params = cx.frame.body.params.clone();
                for (param, var) in params.into_iter().zip(vars) {
                    cx.place_local(param, var, SlotKind::Value);
                }
                cx.root_value()
            });
            given.push(self.hold(value));
        }
        self.at = at;
        let mut given: Vec<_> = self.settled(given).into_iter().map(Some).collect();
        let mut args = Vec::with_capacity(bound.len());
        for arg in bound {
            args.push(match arg {
                BaseArg::Given(at) => {
                    given[*at].take().expect("each argument is for one")
                }
                BaseArg::Default(body) => {
                    let (of, seen) = self.state_generics(Owner::Agent(base));
                    self.in_body(*body, (&of, &seen), Self::root_value)
                }
            });
        }
        self.at = at;
        args.insert(0, self.me_ref());
        let args_of = type_args.clone();
        let item = self.lower.need(Key::RunBase { agent, args: args_of, base });
        self.suspend();
        self.push_expr(at.call(item, args).awaited());
    }
}
