//! Calls of the program's own functions and methods, and of function values.

use crate::hir::ExprId;
use crate::hir::body::ExprKind as HirKind;
use crate::hir::item::Owner;
use crate::hir::ty::{Args, Ty};
use crate::hir::{AgentId, MethodId, TypeParamId};
use crate::ir::{Callee, Expr, ExprKind, ItemRef};
use crate::isolation::tables::Effect;
use crate::types::tables::{ArgBinding, Call, Receiver};

use super::body::{Fx, Host};
use super::build::Flags;
use super::names::{HostKey, Key};
use super::order::Held;
use super::place::Place;

/// A method of the program, ready to be called.
pub(super) struct Target {
    pub(super) item: ItemRef,
    pub(super) effect: Effect,
    /// It waits and can come back to itself: its future has no fixed size.
    recursive: bool,
    /// Whose it is.
    host: HostKey,
}

impl Fx<'_, '_> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId) -> Expr {
        let table = self.frame.types;
        let Some(call) = table.calls.get(id) else {
            unreachable!("every call of a checked program is known")
        };
        let callee_kind = &self.frame.body.exprs[callee].kind;
        match call {
            Call::Method { method, receiver, args, .. } => {
                let fixed = matches!(callee_kind, HirKind::BaseMethod(_));
                let type_args = self.call_type_args(call);
                if self.lower.program.methods[*method].native.is_some() {
                    let value = self.native_call(*method, receiver, args, &type_args);
                    return self.kept_sequence(*method, value);
                }
                self.method_call(*method, receiver, args, (&type_args, fixed))
            }
            Call::LocalFn { local_fn, args } => self.local_fn_call(*local_fn, args),
            Call::Value { callee, args } => self.value_call(*callee, args),
            Call::EnumCase { id: enum_id, case, args } => {
                let at = self.at;
                let args = self.values(args);
                let ty = match self.ty(id) {
                    Ty::Nullable(inner) => (*inner).clone(),
                    other => other,
                };
                self.enum_case(at, *enum_id, *case, ty, args)
            }
            Call::CreateAgent { agent, type_args, domain, args } => {
                let type_args = self.tys(type_args);
                self.create(*agent, &type_args, domain, args)
            }
            Call::NewDomain { domain, nested, args } => {
                self.new_domain(*domain, *nested, args, id)
            }
            Call::NewRecord { record, fields } => self.new_record(id, *record, fields),
            Call::NewNative { native, constructor, args, .. } => {
                self.new_native(*native, *constructor, args, id)
            }
            Call::CloseEnd(end) => {
                let end = self.place(*end);
                self.access(end, false, vec![], |at, it, _| {
                    at.method(it.expr, "close", vec![])
                })
            }
            Call::Monitor(end) => {
                let end = self.place(*end);
                self.access(end, false, vec![], |at, it, _| {
                    at.method(it.expr, "completion", vec![])
                })
            }
            Call::ToJson(value) => self.to_json(*value),
            Call::FromJson { text, ty } => self.from_json(*text, ty),
            Call::ToText(value) => {
                let at = self.at;
                let value = self.printed(*value);
                let value = self.settled(vec![value]).remove(0);
                at.rt("to_str", vec![super::format::shown(at, value)])
            }
        }
    }

    fn call_type_args(&self, call: &Call) -> Args {
        match call {
            Call::Method { type_args, .. } => self.tys(type_args),
            _ => [].into(),
        }
    }

    /// Arguments in the order of the parameters. Those of type `any` are only looked at.
    pub(super) fn arguments(
        &mut self,
        method: MethodId,
        args: &[ArgBinding],
    ) -> Vec<Held> {
        self.arguments_in(method, (&[], &[].into()), args)
    }

    /// The same of a generic method: its defaults may speak of its type parameters.
    pub(super) fn arguments_in(
        &mut self,
        method: MethodId,
        generics: (&[TypeParamId], &Args),
        args: &[ArgBinding],
    ) -> Vec<Held> {
        let params = &self.lower.program.methods[method].params;
        if let Some(held) = self.out_of_order(args) {
            return held;
        }
        let mut held = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let any = params.get(index).is_some_and(|it| it.ty == Ty::Any);
            match arg {
                ArgBinding::Expr(id) if any => held.push(self.printed(*id)),
                ArgBinding::Expr(id) => {
                    let value = self.value(*id);
                    held.push(self.hold(value));
                }
                ArgBinding::Default(body) => {
                    let value = self.in_body(*body, generics, Self::root_value);
                    held.push(self.hold(value));
                }
                ArgBinding::Rest(ids) => {
                    for id in ids {
                        held.push(self.printed(*id));
                    }
                }
            }
        }
        // What a function value touches, it touches in the turn of whoever passes it.
        if self.takes_functions(method) {
            self.turn();
        }
        held
    }

    /// Named arguments are evaluated as they are written, which need not be the order of the
    /// parameters.
    pub(super) fn out_of_order(&mut self, args: &[ArgBinding]) -> Option<Vec<Held>> {
        let mut written: Vec<(u32, usize, ExprId)> = Vec::new();
        for (param, arg) in args.iter().enumerate() {
            if let ArgBinding::Expr(id) = arg {
                written.push((self.frame.body.exprs[*id].span.lo, param, *id));
            }
        }
        if written.is_sorted() {
            return None;
        }
        written.sort_unstable();
        let mut held: Vec<Option<Held>> = args.iter().map(|_| None).collect();
        for (_, param, id) in written {
            let value = self.value(id);
            let value = self.bind(value);
            held[param] = Some(self.hold(value));
        }
        let defaults = args.iter().enumerate().filter_map(|(param, arg)| match arg {
            ArgBinding::Default(body) => Some((param, *body)),
            _ => None,
        });
        for (param, body) in defaults {
            let value = self.in_body(body, (&[], &[].into()), Self::root_value);
            held[param] = Some(self.hold(value));
        }
        Some(held.into_iter().flatten().collect())
    }

    /// Whether arguments of the method may be or hold function values, or sequences, which
    /// run code when they are gone through.
    pub(super) fn takes_functions(&self, method: MethodId) -> bool {
        let params = &self.lower.program.methods[method].params;
        params.iter().any(|it| self.lower.holds_functions(&it.ty))
    }

    /// The value of a body that is an expression.
    pub(super) fn root_value(&mut self) -> Expr {
        match self.root() {
            crate::hir::body::Root::Expr(id) => self.with_slots(|cx| cx.value(*id)),
            crate::hir::body::Root::Block(_) => {
                unreachable!("initialisers and defaults are expressions")
            }
        }
    }

    /// What a method stands for here, with virtual calls resolved for the running agent.
    pub(super) fn target(
        &mut self,
        method: MethodId,
        type_args: &Args,
        fixed: bool,
    ) -> Target {
        let running = match &self.host {
            Host::Agent { agent, args, .. } => Some((*agent, args.clone())),
            _ => None,
        };
        let agent = running.as_ref().map(|it| it.0);
        let owner = self.lower.program.methods[method].decl.owner;
        let (method, host) = match (owner, running) {
            (Owner::Agent(_), Some((agent, args))) => {
                let method =
                    if fixed { method } else { self.lower.overriding(agent, method) };
                (method, HostKey::Agent(agent, args))
            }
            (Owner::Domain(domain), _) => {
                let args = match &self.host {
                    Host::Agent { agent, args, .. } => {
                        self.lower.program.args_of_domain(*agent, args, domain)
                    }
                    Host::Domain { args, .. } => {
                        self.lower.program.args_around(args, domain)
                    }
                    _ => [].into(),
                };
                (method, HostKey::Domain(domain, args))
            }
            (Owner::Record(_), _) => unreachable!("methods of values have a receiver"),
            _ => (method, HostKey::Free),
        };
        let effect = self.lower.effects.method(agent, method);
        let recursive = effect.suspends && self.lower.effects.recursive.contains(&method);
        let args = type_args.clone();
        let item = self.lower.need(Key::Method { method, host: host.clone(), args });
        Target { item, effect, recursive, host }
    }

    fn method_call(
        &mut self,
        method: MethodId,
        receiver: &Receiver,
        args: &[ArgBinding],
        (type_args, fixed): (&Args, bool),
    ) -> Expr {
        let at = self.at;
        if let Owner::Record(_) = self.lower.program.methods[method].decl.owner {
            let place = match receiver {
                Receiver::Expr(base) => self.place(*base),
                _ => self.this_place(),
            };
            self.at = at;
            return self.record_call(place, method, args, type_args);
        }
        let target = self.target(method, type_args, fixed);
        let (params, all) = self.lower.generics_of(&target.host, method, type_args);
        let args = self.arguments_in(method, (&params, &all), args);
        self.at = at;
        self.call_target(&target, receiver, args)
    }

    /// Calls a method with arguments that are lowered.
    pub(super) fn call_target(
        &mut self,
        target: &Target,
        receiver: &Receiver,
        args: Vec<Held>,
    ) -> Expr {
        let at = self.at;
        if target.effect.needs_turn() {
            self.turn();
        }
        let mut args = self.settled(args);
        match (receiver, &self.host) {
            (Receiver::Domain(level), _) => args.insert(0, self.dom_ref(*level)),
            (Receiver::This, Host::Domain { .. }) => args.insert(0, self.dom_ref(0)),
            (Receiver::This, _) if target.effect.uses_agent => {
                args.insert(0, self.me_ref());
            }
            _ => {}
        }
        if target.effect.suspends && matches!(target.host, HostKey::Domain(..)) {
            args.insert(1, self.turns_ref());
        }
        let call = at.call(target.item, args);
        if !target.effect.suspends {
            return call;
        }
        self.suspend();
        match target.recursive {
            true => at.rt("boxed", vec![call]).awaited(),
            false => call.awaited(),
        }
    }

    /// A method of a struct or schema.
    pub(super) fn record_call(
        &mut self,
        place: Place,
        method: MethodId,
        args: &[ArgBinding],
        type_args: &Args,
    ) -> Expr {
        let Ty::Record(id, own_args) = place.ty.clone() else {
            unreachable!("the receiver is a value of the record")
        };
        let owner = match self.lower.program.methods[method].decl.owner {
            Owner::Record(owner) => owner,
            _ => unreachable!("asked for methods of records only"),
        };
        debug_assert!(self.lower.derives_from(id, owner), "the method is the receiver's");
        let host = HostKey::Record(id, own_args);
        let (params, all) = self.lower.generics_of(&host, method, type_args);
        let key = Key::Method { method, host, args: type_args.clone() };
        let item = self.lower.need(key);
        let args = self.arguments_in(method, (&params, &all), args);
        self.record_item_call(place, method, item, args)
    }

    /// The same with arguments that are values of their own.
    pub(super) fn record_call_with(
        &mut self,
        place: Place,
        (method, type_args): (MethodId, &Args),
        args: Vec<Expr>,
    ) -> Expr {
        let Ty::Record(id, own_args) = place.ty.clone() else {
            unreachable!("the receiver is a value of the record")
        };
        let (host, type_args) = (HostKey::Record(id, own_args), type_args.clone());
        let item = self.lower.need(Key::Method { method, host, args: type_args });
        let args = args.into_iter().map(|it| self.hold(it)).collect();
        self.record_item_call(place, method, item, args)
    }

    fn record_item_call(
        &mut self,
        place: Place,
        method: MethodId,
        item: ItemRef,
        args: Vec<Held>,
    ) -> Expr {
        let effect = self.lower.effects.method(None, method);
        if matches!(place.ty, Ty::Record(id, _) if self.lower.is_exception(id)) {
            let at = self.at;
            let this = self.read(place);
            let mut all = vec![self.hold(this)];
            all.extend(args);
            let args = self.settled(all);
            return at.call(item, args);
        }
        let mutable = effect.writes_own;
        if effect.suspends {
            return self.suspending_record_call(place, mutable, (item, args));
        }
        // Function values may look at the state themselves: they run outside its closure.
        let runs_functions =
            self.takes_functions(method) || self.lower.holds_functions(&place.ty);
        if runs_functions && Self::in_state(&place) {
            return self.on_copy(place, mutable, args, |at, receiver, mut args| {
                args.insert(0, receiver);
                at.callee(Callee::Method(item), args)
            });
        }
        self.access(place, mutable, args, |at, it, mut args| {
            let receiver = if mutable { it.receiver_mut(at) } else { it.expr };
            args.insert(0, receiver);
            at.callee(Callee::Method(item), args)
        })
    }

    /// A method that waits cannot run inside a closure over state: it works on a copy.
    fn suspending_record_call(
        &mut self,
        place: Place,
        mutable: bool,
        (item, args): (ItemRef, Vec<Held>),
    ) -> Expr {
        self.suspend();
        self.on_copy(place, mutable, args, |at, receiver, mut args| {
            args.insert(0, receiver);
            at.callee(Callee::Method(item), args).awaited()
        })
    }

    /// Calls something on a copy of a value; one that changes it is stored back.
    pub(super) fn on_copy(
        &mut self,
        mut place: Place,
        mutable: bool,
        args: Vec<Held>,
        call: impl FnOnce(super::build::At, Expr, Vec<Expr>) -> Expr,
    ) -> Expr {
        let at = self.at;
        let args = self.settled(args);
        self.freeze(&mut place);
        let copy = self.read(place.clone());
        let copy = self.bind(copy);
        if !mutable {
            return call(at, copy, args);
        }
        let call = call(at, at.borrow_mut(copy.clone()), args);
        let result = self.bind(call);
        let copy = self.hold(copy);
        let store = self.store(place, copy);
        self.push_expr(store);
        result
    }

    /// `this`, as the receiver of a method of the same record.
    pub(super) fn this_place(&mut self) -> Place {
        let Host::Record { record, args, this } = &self.host else {
            unreachable!("only code of a record calls its methods by name")
        };
        let ty = Ty::Record(*record, args.clone());
        let root = super::place::Root::This(*this);
        Place { at: self.at, root, steps: Vec::new(), ty }
    }

    /// `f(x)` of a function value. It may touch the domain, which only it knows.
    fn value_call(&mut self, callee: ExprId, args: &[ExprId]) -> Expr {
        let at = self.at;
        let function = self.value(callee);
        let function = match function.kind {
            ExprKind::Clone(place) => self.hold_place(*place),
            _ => self.hold(function),
        };
        let mut held = vec![function];
        for arg in args {
            let value = self.value(*arg);
            held.push(self.hold(value));
        }
        self.at = at;
        self.turn();
        let mut operands = self.settled(held).into_iter();
        let callee = Box::new(operands.next().expect("the callee is the first operand"));
        let args = operands.collect();
        at.expr(ExprKind::CallValue { callee, args, throws: true })
    }

    /// The effect of a method when the running agent calls it.
    pub(super) fn effect_of(&self, method: MethodId) -> Effect {
        let agent: Option<AgentId> = match self.host {
            Host::Agent { agent, .. } => Some(agent),
            _ => None,
        };
        let method = match agent {
            Some(agent) => self.lower.overriding(agent, method),
            None => method,
        };
        self.lower.effects.method(agent, method)
    }
}
