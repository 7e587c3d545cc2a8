//! Methods and functions of the program, and constants that are computed.

use crate::hir::body::Root;
use crate::hir::item::Owner;
use crate::hir::ty::{Args, Ty};
use crate::hir::{ConstId, MethodId, TypeParamId};
use crate::ir::{
    self, Block, Expr, ExprKind, Function, ItemKind, ItemRef, SelfMode, StmtKind,
};

use super::Lower;
use super::body::{Fx, Handle, Host, SlotKind};
use super::build::At;
use super::names::{HostKey, Key};

/// What a function is from outside.
pub(super) struct Shape {
    pub(super) receiver: Option<(ItemRef, SelfMode)>,
    pub(super) params: Vec<ir::Param>,
    pub(super) returns: ir::Ty,
    /// It gives a `Result` even if nothing in it can fail.
    pub(super) throws: bool,
    pub(super) suspends: bool,
}

impl Lower<'_> {
    pub(super) fn method(
        &mut self,
        name: ItemRef,
        method: MethodId,
        host: &HostKey,
        args: &Args,
    ) {
        let it = &self.program.methods[method];
        let Some(body) = it.body else {
            if let Some(module) = it.native.as_ref().and_then(|it| it.module) {
                self.foreign(name, method, module.id);
            }
            return;
        };
        let (params, args) = self.generics_of(host, method, args);
        let agent = match host {
            HostKey::Agent(agent, _) => Some(*agent),
            _ => None,
        };
        let effect = self.effects.method(agent, method);
        let receiver = match host {
            HostKey::Record(id, own) if !self.is_exception(*id) => {
                let mode = if effect.writes_own { SelfMode::Mut } else { SelfMode::Ref };
                Some((self.need(Key::Record(*id, own.clone())), mode))
            }
            _ => None,
        };
        let mut fx = Fx::new(self, name, Host::Free, Some(body), (&params, &args));
        fx.suspends = effect.suspends;
        let mut shape = Shape {
            receiver,
            params: Vec::new(),
            returns: ir::Ty::Unit,
            throws: false,
            suspends: effect.suspends,
        };
        fx.set_host(host, effect.uses_agent, &mut shape);
        if effect.suspends && matches!(host, HostKey::Domain(..)) {
            fx.turns_param(&mut shape);
        }
        fx.method_params(method, &mut shape);
        let returns = fx.substitute(&it.returns);
        shape.returns = fx.lower.ty(&returns);
        let body = match fx.frame.body.iterator {
            true => {
                fx.note_shared();
                let params = &fx.frame.body.params;
                fx.iterator_of(fx.root(), &returns, params)
            }
            false => fx.function_body(&returns),
        };
        let function = fx.finish(shape, body);
        self.add(name, &it.decl, ItemKind::Function(function));
    }

    /// Type parameters that a method's body may mention, with what they stand for.
    pub(super) fn generics_of(
        &self,
        host: &HostKey,
        method: MethodId,
        args: &Args,
    ) -> (Vec<TypeParamId>, Args) {
        let program = self.program;
        let (mut params, own): (Vec<TypeParamId>, Args) = match host {
            HostKey::Record(id, own) => {
                let owner = match program.methods[method].decl.owner {
                    Owner::Record(owner) => owner,
                    _ => *id,
                };
                let own = self.base_args(*id, own, owner);
                (program.records[owner].type_params.clone(), own)
            }
            HostKey::Agent(id, own) => {
                program.agent_generics(*id, own, program.methods[method].decl.owner)
            }
            HostKey::Domain(id, own) => {
                (program.domains[*id].type_params.clone(), own.clone())
            }
            _ => (Vec::new(), [].into()),
        };
        params.extend(&program.methods[method].type_params);
        let args = own.iter().chain(args.iter()).cloned().collect();
        (params, args)
    }

    /// A constant as a function.
    pub(super) fn constant_fn(&mut self, name: ItemRef, id: ConstId) {
        let it = &self.program.consts[id];
        let no_args: Args = [].into();
        let mut fx = Fx::new(self, name, Host::Free, Some(it.value), (&[], &no_args));
        let body = fx.function_body(&it.ty);
        let returns = fx.lower.ty(&it.ty);
        let shape = Shape {
            receiver: None,
            params: Vec::new(),
            returns,
            throws: false,
            suspends: false,
        };
        let function = fx.finish(shape, body);
        self.add(name, &it.decl, ItemKind::Function(function));
    }
}

impl Fx<'_, '_> {
    /// Gives the code its agent, domain or record, as a first parameter if it needs one.
    fn set_host(&mut self, host: &HostKey, uses_agent: bool, shape: &mut Shape) {
        self.host = match host {
            HostKey::Free => Host::Free,
            HostKey::Agent(agent, args) => {
                let me = uses_agent.then(|| self.me_param((*agent, args), true, shape));
                Host::Agent { agent: *agent, args: args.clone(), me }
            }
            HostKey::Domain(domain, args) => {
                let var = self.new_var("dom");
                let item = self.lower.need(Key::Domain(*domain, args.clone()));
                let ty = ir::Ty::Rt("Dom".into(), vec![ir::Ty::Item(item)]);
                shape.params.push(ir::Param { var, ty: ir::Ty::Ref(Box::new(ty)) });
                let dom = Some(Handle { var, by_ref: true });
                Host::Domain { domain: *domain, args: args.clone(), dom }
            }
            HostKey::Record(record, args) if self.lower.is_exception(*record) => {
                let var = self.new_var("this");
                let ty = self.lower.ty(&Ty::Record(*record, args.clone()));
                shape.params.push(ir::Param { var, ty });
                Host::Record { record: *record, args: args.clone(), this: Some(var) }
            }
            HostKey::Record(record, args) => {
                Host::Record { record: *record, args: args.clone(), this: None }
            }
        };
    }

    /// The parameter `me` of code that an agent runs.
    pub(super) fn me_param(
        &mut self,
        (agent, args): (crate::hir::AgentId, &Args),
        by_ref: bool,
        shape: &mut Shape,
    ) -> Handle {
        let var = self.new_var("me");
        let item = self.lower.need(Key::Agent(agent, args.clone()));
        let mut ty = ir::Ty::Rt("Me".into(), vec![ir::Ty::Item(item)]);
        if by_ref {
            ty = ir::Ty::Ref(Box::new(ty));
        }
        shape.params.push(ir::Param { var, ty });
        Handle { var, by_ref }
    }

    /// Declares the parameters of the method whose body is read.
    pub(super) fn method_params(&mut self, method: MethodId, shape: &mut Shape) {
        let params = &self.lower.program.methods[method].params;
        for (param, local) in params.iter().zip(&self.frame.body.params) {
            let ty = self.substitute(&param.ty);
            let ty = self.lower.ty(&ty);
            let var = self.declare(*local, SlotKind::Value);
            shape.params.push(ir::Param { var, ty });
        }
    }

    /// The code of the body as that of a function that returns this type.
    pub(super) fn function_body(&mut self, returns: &Ty) -> Block {
        self.note_shared();
        self.note_protected();
        self.block_of(self.root(), returns)
    }

    /// The code of a function, lambda or local function.
    pub(super) fn block_of(&mut self, root: &Root, returns: &Ty) -> Block {
        let void = matches!(returns, Ty::Void | Ty::Never);
        match root {
            Root::Expr(id) if void => self.block(|cx| cx.with_slots(|cx| cx.effect(*id))),
            Root::Expr(id) => self.value_block(|cx| cx.with_slots(|cx| cx.value(*id))),
            Root::Block(block) => {
                let mut body = self.block(|cx| cx.stmts(&block.stmts));
                if !void && !body.stmts.last().is_some_and(|it| diverges_stmt(&it.kind)) {
                    let at = At(body.stmts.last().map_or(self.at.0, |it| it.line));
                    let never = ExprKind::Unreachable("every path returns before");
                    body.value = Some(Box::new(at.expr(never)));
                }
                body
            }
        }
    }

    pub(super) fn finish(self, shape: Shape, body: Block) -> Function {
        Function {
            receiver: shape.receiver,
            vars: self.vars,
            params: shape.params,
            returns: shape.returns,
            throws: shape.throws,
            suspends: shape.suspends,
            hidden: false,
            body,
        }
    }
}

/// Whether control clearly never gets behind the statement.
pub(super) fn diverges_stmt(it: &StmtKind) -> bool {
    match it {
        StmtKind::Expr(it) => diverges(it),
        StmtKind::Let { init: Some(it), .. } => diverges(it),
        _ => false,
    }
}

pub(super) fn diverges_block(it: &Block) -> bool {
    it.stmts.iter().any(|it| diverges_stmt(&it.kind))
        || it.value.as_ref().is_some_and(|it| diverges(it))
}

fn diverges(it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Return(_)
        | ExprKind::Break(..)
        | ExprKind::Continue(_)
        | ExprKind::Throw { .. }
        | ExprKind::Unreachable(_) => true,
        ExprKind::Handled { body, handler, .. } => {
            diverges_block(body) && diverges_block(handler)
        }
        ExprKind::If { then, otherwise: Some(otherwise), .. } => {
            diverges_block(then) && diverges_block(otherwise)
        }
        ExprKind::Match { arms, .. } => {
            !arms.is_empty() && arms.iter().all(|it| diverges_block(&it.body))
        }
        ExprKind::Block(block) => diverges_block(block),
        ExprKind::Loop { body, .. } => !leaves(body),
        _ => false,
    }
}

/// Whether a `break` occurs that may be this loop's.
fn leaves(body: &Block) -> bool {
    struct Leaves(bool);
    impl ir::visit::Visitor for Leaves {
        fn expr(&mut self, expr: &Expr) {
            self.0 |= matches!(expr.kind, ExprKind::Break(..));
        }
    }
    let mut found = Leaves(false);
    ir::visit::block(body, &mut found);
    found.0
}
