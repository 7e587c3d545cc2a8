//! `domain D { … }` → the struct of its state, and how an instance begins.

use crate::hir::ty::Args;
use crate::hir::{DomainId, ExprId};
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef};
use crate::isolation::tables::Effect;
use crate::types::tables::ArgBinding;

use super::Lower;
use super::body::{Fx, Handle, Host};
use super::build::{At, Flags, value_block};
use super::function::Shape;
use super::names::Key;

impl Lower<'_> {
    pub(super) fn domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let it = &self.program.domains[id];
        let fields = self.state(&it.fields, &|cx, field| {
            cx.program.fields[field].ty.substitute(&it.type_params, args)
        });
        let parent = it.parent.map(|it| {
            let of = self.program.args_around(args, it);
            self.need(Key::Domain(it, of))
        });
        self.add(name, &it.decl, ItemKind::Domain(ir::Domain { fields, parent }));
    }

    /// The type of a handle of a domain, or of none.
    fn dom_ty(&mut self, id: Option<DomainId>, args: &Args) -> ir::Ty {
        let inner = match id {
            Some(id) => ir::Ty::Item(self.need(Key::Domain(id, args.clone()))),
            None => ir::Ty::Rt("NoDomain".into(), vec![]),
        };
        ir::Ty::Rt("Dom".into(), vec![inner])
    }

    /// `fn D_create(parent: Dom<P>, …) -> Result<Dom<D>>`, or `-> Making<D>` where the
    /// constructor may wait: not an `async fn`, for the agents that it makes may make such
    /// domains again, and Rust looks for no end there.
    pub(super) fn create_domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let it = &self.program.domains[id];
        let at = At(self.line(it.decl.name.span));
        let waits = self.making_waits(id);
        let mut fx = Fx::new(self, name, Host::Free, None, (&[], args));
        fx.at = at;
        let parent = fx.new_var("parent");
        let around = match it.parent {
            Some(parent) => fx.lower.program.args_around(args, parent),
            None => [].into(),
        };
        let ty = fx.lower.dom_ty(it.parent, &around);
        let mut shape = Shape {
            receiver: None,
            params: vec![ir::Param { var: parent, ty }],
            returns: fx.lower.dom_ty(Some(id), args),
            throws: !waits,
            suspends: false,
        };
        if waits {
            fx.turns_param(&mut shape);
            let of = fx.lower.need(Key::Domain(id, args.clone()));
            shape.returns = ir::Ty::Rt("Making".into(), vec![ir::Ty::Item(of)]);
        }
        let mut given = Vec::new();
        for param in
            it.constructor.iter().flat_map(|it| &fx.lower.program.methods[*it].params)
        {
            let var = fx.new_var(&param.name.name);
            let ty = fx.lower.ty(&param.ty.substitute(&it.type_params, args));
            shape.params.push(ir::Param { var, ty });
            given.push(at.var(var));
        }
        let item = fx.lower.need(Key::Domain(id, args.clone()));
        let (stmts, value) = fx.seq(|cx| {
            let generics = |_| (it.type_params.clone(), args.clone());
            let fields = cx.start_of_state(&it.fields, &generics);
            let state = at.expr(ExprKind::Struct { item, fields, rest: None });
            let turns = cx.turns.map(|it| at.var(it));
            let closure = cx.initialising((id, args), given);
            match turns {
                Some(turns) => {
                    let args = vec![at.var(parent), turns, state, closure];
                    at.rt("Dom::create_waiting", args)
                }
                None => {
                    let args = vec![at.var(parent), state, closure];
                    at.rt("Dom::create", args).fallible()
                }
            }
        });
        let body = ir::Block { stmts, value: Some(Box::new(value)) };
        let function = fx.finish(shape, body);
        self.add(name, &it.decl, ItemKind::Function(function));
    }

    /// Whether the code that makes an instance may wait.
    pub(super) fn making_waits(&self, id: DomainId) -> bool {
        self.effects.domains.get(id).is_some_and(|it| it.suspends)
    }

    /// `fn D_new(dom: &Dom<D>, …) -> Result<()>`: initialisers, then the constructor.
    pub(super) fn init_domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let program = self.program;
        let it = &program.domains[id];
        let body = it.constructor.and_then(|it| program.methods[it].body);
        let decl = it.constructor.map_or(&it.decl, |it| &program.methods[it].decl);
        let params = it.type_params.clone();
        let waits = self.making_waits(id);
        let mut fx = Fx::new(self, name, Host::Free, body, (&params, args));
        fx.go(decl.name.span);
        let var = fx.new_var("dom");
        let ty = fx.lower.dom_ty(Some(id), args);
        let dom = Some(Handle { var, by_ref: true });
        fx.host = Host::Domain { domain: id, args: args.clone(), dom };
        let mut shape = Shape {
            receiver: None,
            params: vec![ir::Param { var, ty: ir::Ty::Ref(Box::new(ty)) }],
            returns: ir::Ty::Unit,
            throws: true,
            suspends: waits,
        };
        if waits {
            fx.suspends = true;
            fx.turns_param(&mut shape);
        }
        if let Some(method) = it.constructor {
            fx.method_params(method, &mut shape);
        }
        fx.note_shared();
        let block = fx.block(|cx| {
            for &field in &it.fields {
                cx.initialise(field);
            }
            if let crate::hir::body::Root::Block(block) = cx.root() {
                cx.stmts(&block.stmts);
            }
        });
        let function = fx.finish(shape, block);
        self.add(name, decl, ItemKind::Function(function));
    }
}

impl Fx<'_, '_> {
    /// The closure that runs the initialisers and the constructor of a new instance.
    fn initialising(&mut self, (id, args): (DomainId, &Args), given: Vec<Expr>) -> Expr {
        let at = self.at;
        let it = &self.lower.program.domains[id];
        let waits = self.turns.is_some();
        let dom = self.new_var("dom");
        let mut params = vec![(ir::Pattern::Wildcard, None)];
        let mut body = value_block(at.unit());
        let moves = waits || !given.is_empty();
        if it.constructor.is_some() || it.fields.iter().any(|it| self.runs(*it)) {
            let init = self.lower.need(Key::InitDomain(id, args.clone()));
            params[0].0 = ir::Pattern::Var(dom);
            let mut all = vec![at.var(dom)];
            if waits {
                let turns = self.new_var("turns");
                params.push((ir::Pattern::Var(turns), None));
                all = vec![at.borrow(at.var(dom)), at.borrow(at.var(turns))];
            }
            all.extend(given);
            let call = at.call(init, all);
            body = value_block(if waits { call.awaited() } else { call });
        }
        at.expr(ExprKind::Closure {
            params,
            moves,
            suspends: waits,
            returns: None,
            throws: true,
            body,
        })
    }

    /// Makes an instance: `parent` and the arguments are values already.
    pub(super) fn make_domain(
        &mut self,
        (id, type_args): (DomainId, Args),
        parent: Expr,
        args: Vec<Expr>,
    ) -> Expr {
        let at = self.at;
        let create = self.lower.need(Key::CreateDomain(id, type_args));
        let mut all = vec![parent];
        if !self.lower.making_waits(id) {
            all.extend(args);
            return at.call(create, all);
        }
        let nested = self.lower.program.domains[id].parent.is_some();
        all.push(match nested {
            true => self.turns_ref(),
            false => at.borrow(at.rt("Turns::none", vec![])),
        });
        all.extend(args);
        self.suspend();
        at.rt("made", vec![at.call(create, all)]).awaited().fallible()
    }

    /// Whether a field's initialiser runs code.
    fn runs(&self, field: crate::hir::FieldId) -> bool {
        let init = self.lower.program.fields[field].init;
        init.is_some_and(|it| !self.lower.is_plain_init(it))
    }

    /// A new instance of an agent's domain, or the absence of one.
    pub(super) fn fresh_domain(&mut self, domain: Option<DomainId>, args: &Args) -> Expr {
        let at = self.at;
        let Some(id) = domain else { return at.rt("Dom::none", vec![]) };
        let parent = self.parent_of(id);
        self.make_home((id, args.clone()), parent)
    }

    /// The domain that is made along with its agent: its constructor gets the defaults.
    pub(super) fn make_home(
        &mut self,
        (id, args): (DomainId, Args),
        parent: Expr,
    ) -> Expr {
        let it = &self.lower.program.domains[id];
        let params = it.type_params.clone();
        let held = match it.constructor {
            Some(constructor) => {
                let method = &self.lower.program.methods[constructor];
                let defaults = method.params.iter().filter_map(|it| it.default);
                let defaults: Vec<ArgBinding> =
                    defaults.map(ArgBinding::Default).collect();
                self.arguments_in(constructor, (&params, &args), &defaults)
            }
            None => Vec::new(),
        };
        self.turn_around(id);
        let given = self.settled(held);
        self.make_domain((id, args), parent, given)
    }

    /// An instance of the domain is made next: its constructor may touch outer state.
    pub(super) fn turn_around(&mut self, domain: DomainId) {
        if self.lower.effects.domains.get(domain).is_some_and(Effect::needs_turn) {
            self.turn();
        }
    }

    /// The instance in which a new one of the domain lies.
    fn parent_of(&mut self, id: DomainId) -> Expr {
        let at = self.at;
        match self.lower.program.domains[id].parent {
            Some(parent) => {
                let level = self.level(parent);
                self.dom_value(level)
            }
            None => at.rt("Dom::none", vec![]),
        }
    }

    /// `new Chatroom("news")`
    pub(super) fn new_domain(
        &mut self,
        domain: DomainId,
        nested: Option<usize>,
        args: &[ArgBinding],
        id: ExprId,
    ) -> Expr {
        let at = self.at;
        let type_args = match self.ty(id) {
            crate::hir::ty::Ty::Domain(_, args) => args,
            _ => [].into(),
        };
        let held = match self.lower.program.domains[domain].constructor {
            Some(constructor) => {
                let params = self.lower.program.domains[domain].type_params.clone();
                self.arguments_in(constructor, (&params, &type_args), args)
            }
            None => Vec::new(),
        };
        self.at = at;
        self.turn_around(domain);
        let args = self.settled(held);
        let parent = match nested {
            Some(level) => self.dom_value(level),
            None => at.rt("Dom::none", vec![]),
        };
        self.make_domain((domain, type_args), parent, args)
    }
}
