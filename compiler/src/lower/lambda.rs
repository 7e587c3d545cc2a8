//! Lambdas and method names as function values. What they use of the code around them is
//! copied when they are made: captures are by value.

use crate::hir::body::Root;
use crate::hir::item::Owner;
use crate::hir::ty::{Args, Ty};
use crate::hir::{LambdaId, LocalId, MethodId};
use crate::ir::{Block, Callee, Expr, ExprKind, Pattern, Stmt, Var};
use crate::types::tables::Receiver;

use super::body::{Fx, Handle, Host, Slot, SlotKind};
use super::build::{At, Flags};
use super::names::HostKey;
use super::node::closure;

/// Something of the code around that a closure takes along.
pub(super) struct Taken {
    var: Var,
    copy: Expr,
}

/// What a closure's code changes of the context around it.
pub(super) struct Outside {
    suspends: bool,
    held: bool,
    scopes: Vec<super::body::Scope>,
    pub(super) host: Host,
}

impl Fx<'_, '_> {
    /// A lambda as a function value.
    pub(super) fn lambda_value(&mut self, lambda: LambdaId) -> Expr {
        let at = self.at;
        let locals = self.captured(lambda);
        self.taking(at, &locals, |cx| cx.closure_of(lambda))
    }

    /// Makes a closure that lives on by itself: what it uses of the locals, and of the
    /// agent, domain or record at hand, is copied for it first.
    pub(super) fn taking(
        &mut self,
        at: At,
        locals: &[LocalId],
        make: impl FnOnce(&mut Self) -> Expr,
    ) -> Expr {
        let (lets, closure) = self.with_taken(at, locals, |cx| {
            let outside = cx.outside();
            let host = cx.take_host(at);
            let closure = make(cx);
            cx.restore(outside);
            (host.into_iter().collect(), closure)
        });
        at.block(lets, closure)
    }

    /// Like [`Self::taking`], of locals only.
    pub(super) fn taking_locals(
        &mut self,
        at: At,
        locals: &[LocalId],
        make: impl FnOnce(&mut Self) -> Expr,
    ) -> Expr {
        let (lets, closure) = self.with_taken(at, locals, |cx| (vec![], make(cx)));
        at.block(lets, closure)
    }

    /// Makes something that uses copies of these locals, and of state that was copied
    /// before; gives the copies that it needs in front.
    pub(super) fn with_taken(
        &mut self,
        at: At,
        locals: &[LocalId],
        make: impl FnOnce(&mut Self) -> (Vec<Taken>, Expr),
    ) -> (Vec<Stmt>, Expr) {
        let mut taken = Vec::new();
        let mut slots = Vec::new();
        for &local in locals {
            let slot = self.slot(local);
            slots.push((local, slot));
            let ty = self.local_ty(local);
            let value = at.var(slot.var);
            let by_value = matches!(slot.kind, SlotKind::Value | SlotKind::Late);
            let copies = self.lower.is_copy(&ty);
            let copy = match (by_value, copies) {
                (true, true) => continue,
                (true, false) => at.clone(value),
                (false, true) => at.deref(value),
                (false, false) => at.clone(at.deref(value)),
            };
            let var = self.new_var(&self.vars[slot.var.0 as usize].clone());
            let kind = match slot.kind {
                SlotKind::Late | SlotKind::LateRef | SlotKind::LateRefMut => {
                    SlotKind::Late
                }
                _ => SlotKind::Value,
            };
            self.place_local(local, var, kind);
            taken.push(Taken { var, copy });
        }
        let copied = self.copied.clone();
        for (field, var) in &copied {
            let copy = self.new_var(&self.vars[var.0 as usize].clone());
            self.copied.insert(*field, copy);
            taken.push(Taken { var: copy, copy: at.clone(at.var(*var)) });
        }
        let (host, closure) = make(self);
        taken.extend(host);
        self.copied = copied;
        for (local, Slot { var, kind }) in slots {
            self.place_local(local, var, kind);
        }
        let used =
            taken.into_iter().filter(|it| super::access::mentions(&closure, it.var));
        let lets = used.map(|it| at.bind(Pattern::Var(it.var), None, Some(it.copy)));
        (lets.collect(), closure)
    }

    /// A copy of what is at hand, which is then what is at hand inside.
    pub(super) fn take_host(&mut self, at: At) -> Option<Taken> {
        match self.host.clone() {
            Host::Agent { agent, args, me: Some(me) } => {
                let var = self.new_var("me");
                self.host =
                    Host::Agent { agent, args, me: Some(Handle { var, by_ref: false }) };
                Some(Taken { var, copy: handle_copy(at, me) })
            }
            Host::Domain { domain, args, dom: Some(dom) } => {
                let var = self.new_var("dom");
                let dom_var = Some(Handle { var, by_ref: false });
                self.host = Host::Domain { domain, args, dom: dom_var };
                Some(Taken { var, copy: handle_copy(at, dom) })
            }
            Host::Record { record, args, this } => {
                let var = self.new_var("this");
                let copy = match this {
                    Some(this) => at.clone(at.var(this)),
                    None => at.clone(at.deref(at.expr(ExprKind::This))),
                };
                self.host = Host::Record { record, args, this: Some(var) };
                Some(Taken { var, copy })
            }
            _ => None,
        }
    }

    /// Leaves the context of the code around a closure.
    pub(super) fn outside(&mut self) -> Outside {
        Outside {
            suspends: std::mem::replace(&mut self.suspends, false),
            held: std::mem::replace(&mut self.held, false),
            scopes: std::mem::take(&mut self.scopes),
            host: self.host.clone(),
        }
    }

    pub(super) fn restore(&mut self, outside: Outside) {
        self.suspends = outside.suspends;
        self.held = outside.held;
        self.scopes = outside.scopes;
        self.host = outside.host;
    }

    fn closure_of(&mut self, lambda: LambdaId) -> Expr {
        let at = self.at;
        let (params, returns) = self.lambda_types(lambda);
        let locals = &self.frame.body.lambdas[lambda].params;
        let mut closure_params = Vec::new();
        for (local, ty) in locals.iter().zip(&*params) {
            let var = self.declare(*local, SlotKind::Value);
            let ty = self.lower.ty(ty);
            closure_params.push((Pattern::Var(var), Some(ty)));
        }
        let body = self.lambda_body(lambda, &returns);
        self.at = at;
        let closure = at.expr(ExprKind::Closure {
            params: closure_params,
            moves: true,
            suspends: false,
            returns: None,
            throws: true,
            body,
        });
        at.expr(ExprKind::Func(Box::new(closure)))
    }

    pub(super) fn lambda_types(&self, lambda: LambdaId) -> (Args, Ty) {
        match self.frame.types.lambdas.get(lambda) {
            Some(it) => (self.tys(&it.params), self.substitute(&it.returns)),
            None => unreachable!("every lambda of a checked program has types"),
        }
    }

    /// The code of a lambda.
    pub(super) fn lambda_body(&mut self, lambda: LambdaId, returns: &Ty) -> Block {
        let body = self.frame.body;
        let root: &Root = &body.lambdas[lambda].body;
        self.block_of(root, returns)
    }

    /// A method's name as a function value.
    pub(super) fn method_value(
        &mut self,
        (method, type_args): (MethodId, &Args),
        receiver: &Receiver,
    ) -> Expr {
        let at = self.at;
        let (first, receiver) = self.bound_receiver(receiver);
        let tys = self.parameter_tys((method, type_args), &receiver);
        let value = self.taking(at, &[], |cx| {
            let mut params = Vec::new();
            let mut args = Vec::new();
            for ty in &tys {
                let var = cx.temp();
                params.push((Pattern::Var(var), Some(cx.lower.ty(ty))));
                args.push(at.var(var));
            }
            let body =
                cx.value_block(|cx| cx.call_with((method, type_args), &receiver, args));
            at.expr(ExprKind::Func(Box::new(closure(at, params, body))))
        });
        at.block(first, value)
    }

    /// Types of the parameters of a method that is no call's here.
    fn parameter_tys(
        &self,
        (method, type_args): (MethodId, &Args),
        receiver: &Bound,
    ) -> Vec<Ty> {
        let host = match (receiver, &self.host) {
            (Bound::Value(_, Ty::Record(id, args)), _) => {
                HostKey::Record(*id, args.clone())
            }
            (Bound::Here(_), Host::Record { record, args, .. }) => {
                HostKey::Record(*record, args.clone())
            }
            _ => HostKey::Free,
        };
        let (params, args) = self.lower.generics_of(&host, method, type_args);
        let declared = &self.lower.program.methods[method].params;
        let own = declared.iter().map(|it| it.ty.substitute(&params, &args));
        own.map(|it| self.substitute(&it)).collect()
    }

    /// The receiver of a method that is called later: a value is copied now.
    pub(super) fn bound_receiver(&mut self, receiver: &Receiver) -> (Vec<Stmt>, Bound) {
        let at = self.at;
        match receiver {
            Receiver::Expr(base) => {
                let ty = self.converted_ty(*base);
                let value = self.value(*base);
                self.at = at;
                let var = self.temp();
                let stmt = at.bind(Pattern::Var(var), None, Some(value));
                (vec![stmt], Bound::Value(var, ty))
            }
            other => (vec![], Bound::Here(other.clone())),
        }
    }

    /// Calls a method of any kind with arguments that are values of their own.
    pub(super) fn call_with(
        &mut self,
        (method, type_args): (MethodId, &Args),
        receiver: &Bound,
        args: Vec<Expr>,
    ) -> Expr {
        let at = self.at;
        let it = &self.lower.program.methods[method];
        if let Some(sig) = &it.native {
            let mut all = Vec::new();
            for (index, arg) in args.into_iter().enumerate() {
                let any = it.params.get(index).is_some_and(|it| it.ty == Ty::Any);
                all.push(if any { at.borrow(arg) } else { arg });
            }
            if let (Bound::Value(var, ty), true) =
                (receiver, self.is_sequence_member(method))
            {
                let element = super::sequence::last_arg(ty);
                let chain = at.method(at.var(*var), "lazy", vec![]);
                let call = self.sequence_step(at, method, chain, all, &element);
                return self.kept_sequence(method, call);
            }
            let call = match receiver {
                Bound::Value(var, _) => at.method(at.var(*var), &sig.rust, all),
                Bound::Here(_) if sig.module.is_some() => {
                    at.callee(Callee::Item(self.lower.foreign_item(method)), all)
                }
                Bound::Here(_) => at.rt(&self.function_path(method), all),
            };
            let call = if sig.throws { call.fallible() } else { call };
            if !sig.suspends {
                return call;
            }
            self.suspend();
            return call.awaited();
        }
        match (receiver, it.decl.owner) {
            (Bound::Value(var, ty), Owner::Record(_)) => {
                let place = self.var_place(*var, ty.clone());
                self.record_call_with(place, (method, type_args), args)
            }
            (Bound::Here(_), Owner::Record(_)) => {
                let place = self.this_place();
                self.record_call_with(place, (method, type_args), args)
            }
            (Bound::Here(receiver), _) => {
                let target = self.target(method, type_args, false);
                let held = args.into_iter().map(|it| self.hold(it)).collect();
                self.call_target(&target, receiver, held)
            }
            (Bound::Value(..), _) => {
                unreachable!("methods of agents and domains have no receiver")
            }
        }
    }
}

/// A receiver that a closure has at hand.
#[derive(Clone)]
pub(super) enum Bound {
    Value(Var, Ty),
    Here(Receiver),
}

fn handle_copy(at: At, handle: Handle) -> Expr {
    let var = at.var(handle.var);
    at.clone(if handle.by_ref { at.deref(var) } else { var })
}
