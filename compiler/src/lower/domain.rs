//! `domain D { … }` → the struct of its state, and how an instance begins.

use crate::hir::ty::Args;
use crate::hir::{DomainId, ExprId};
use crate::ir::{self, Expr, ExprKind, ItemKind, ItemRef};
use crate::isolation::tables::Effect;
use crate::types::tables::ArgBinding;

use super::Lower;
use super::body::{Fx, Handle, Host};
use super::build::{At, value_block};
use super::function::Shape;
use super::names::Key;

impl Lower<'_> {
    pub(super) fn domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let it = &self.program.domains[id];
        let fields = self.state(&it.fields, &|cx, field| {
            cx.program.fields[field].ty.substitute(&it.type_params, args)
        });
        let parent = it.parent.map(|it| self.need(Key::Domain(it, [].into())));
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

    /// `fn D_create(parent: Dom<P>, …) -> Result<Dom<D>>`
    pub(super) fn create_domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let it = &self.program.domains[id];
        let at = At(self.line(it.decl.name.span));
        let mut fx = Fx::new(self, name, Host::Free, None, (&[], args));
        fx.at = at;
        let parent = fx.new_var("parent");
        // Domains that others stand in have no type parameters.
        let no_args: Args = [].into();
        let ty = fx.lower.dom_ty(it.parent, &no_args);
        let mut params = vec![ir::Param { var: parent, ty }];
        let dom = fx.new_var("dom");
        let mut init_args = vec![at.var(dom)];
        for param in
            it.constructor.iter().flat_map(|it| &fx.lower.program.methods[*it].params)
        {
            let var = fx.new_var(&param.name.name);
            let ty = fx.lower.ty(&param.ty.substitute(&it.type_params, args));
            params.push(ir::Param { var, ty });
            init_args.push(at.var(var));
        }
        let item = fx.lower.need(Key::Domain(id, args.clone()));
        let (stmts, value) = fx.seq(|cx| {
            let generics = |_| (it.type_params.clone(), args.clone());
            let fields = cx.start_of_state(&it.fields, &generics);
            let state = at.expr(ExprKind::Struct { item, fields, rest: None });
            let runs =
                it.constructor.is_some() || it.fields.iter().any(|it| cx.runs(*it));
            let (pattern, body, moves) = if runs {
                let init = cx.lower.need(Key::InitDomain(id, args.clone()));
                let moves = init_args.len() > 1;
                (ir::Pattern::Var(dom), value_block(at.call(init, init_args)), moves)
            } else {
                (ir::Pattern::Wildcard, value_block(at.unit()), false)
            };
            let closure = at.expr(ExprKind::Closure {
                params: vec![(pattern, None)],
                moves,
                suspends: false,
                returns: None,
                throws: true,
                body,
            });
            let create = at.rt("Dom::create", vec![at.var(parent), state, closure]);
            super::build::Flags::fallible(create)
        });
        let body = ir::Block { stmts, value: Some(Box::new(value)) };
        let returns = fx.lower.dom_ty(Some(id), args);
        let shape =
            Shape { receiver: None, params, returns, throws: true, suspends: false };
        let function = fx.finish(shape, body);
        self.add(name, &it.decl, ItemKind::Function(function));
    }

    /// `fn D_new(dom: &Dom<D>, …) -> Result<()>`: initialisers, then the constructor.
    pub(super) fn init_domain(&mut self, name: ItemRef, id: DomainId, args: &Args) {
        let program = self.program;
        let it = &program.domains[id];
        let body = it.constructor.and_then(|it| program.methods[it].body);
        let decl = it.constructor.map_or(&it.decl, |it| &program.methods[it].decl);
        let params = it.type_params.clone();
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
            suspends: false,
        };
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
    /// Whether a field's initialiser runs code.
    fn runs(&self, field: crate::hir::FieldId) -> bool {
        let init = self.lower.program.fields[field].init;
        init.is_some_and(|it| !self.lower.is_plain_init(it))
    }

    /// A new instance of an agent's domain, or the absence of one.
    pub(super) fn fresh_domain(&mut self, domain: Option<DomainId>, args: &Args) -> Expr {
        let at = self.at;
        let Some(id) = domain else { return at.rt("Dom::none", vec![]) };
        self.turn_around(id);
        let parent = self.parent_of(id);
        let create = self.lower.need(Key::CreateDomain(id, args.clone()));
        at.call(create, vec![parent])
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
        let mut args = self.settled(held);
        let parent = match nested {
            Some(level) => self.dom_value(level),
            None => at.rt("Dom::none", vec![]),
        };
        args.insert(0, parent);
        let create = self.lower.need(Key::CreateDomain(domain, type_args));
        at.call(create, args)
    }
}
