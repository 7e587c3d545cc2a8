//! Calls: what their arguments become, and what they give.

use super::super::graph::*;
use super::super::kind::Kind;
use super::super::status::{Event, Into, Owner, Set};
use super::{Build, Value, borrowed, state_of};
use crate::hir::body::ExprKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::types::tables::{AgentDomain, ArgBinding, Call, Receiver};

impl Build<'_, '_> {
    /// A call or creation.
    pub(super) fn call(&mut self, id: ExprId) -> Value {
        let Some(call) = self.table.calls.get(id) else { return self.unresolved(id) };
        match call {
            Call::Method { method, receiver, args, .. } => {
                return self.method_call(id, *method, receiver, args);
            }
            Call::LocalFn { local_fn, args } => {
                for arg in args {
                    self.stored(*arg, Into::Argument);
                }
                self.throws();
                self.local_fn(id, *local_fn);
                let returns = &self.body.local_fns[*local_fn].returns;
                return self.given(id, state_of(returns));
            }
            Call::Value { callee, args } => {
                self.used(*callee);
                for arg in args {
                    self.stored(*arg, Into::Argument);
                }
                self.throws();
            }
            Call::EnumCase { args, .. } => {
                for arg in args {
                    self.stored(*arg, Into::Value);
                }
            }
            Call::CreateAgent { domain, args, .. } => {
                if let AgentDomain::Handle(handle) = domain {
                    self.used(*handle);
                }
                self.arguments(None, args);
                self.throws();
                return self.created(id);
            }
            Call::NewDomain { args, .. } => {
                self.arguments(None, args);
                self.throws();
            }
            Call::NewRecord { fields, .. } => {
                for (_, value) in fields {
                    self.stored(*value, Into::Value);
                }
                self.throws();
            }
            Call::NewNative { constructor, args, .. } => {
                self.arguments(Some(*constructor), args);
                self.throws();
            }
            Call::CloseEnd(end) | Call::Monitor(end) => self.used(*end),
            Call::ToText(value) | Call::ToJson(value) => {
                self.used(*value);
                self.throws();
            }
            Call::FromJson { text, .. } => {
                self.used(*text);
                self.throws();
            }
        }
        self.made(id)
    }

    /// A call that `types` found no meaning for.
    fn unresolved(&mut self, id: ExprId) -> Value {
        match &self.body.exprs[id].kind {
            ExprKind::Call { callee, args, .. } => {
                self.used(*callee);
                for arg in args {
                    self.used(arg.value);
                }
            }
            ExprKind::New { args, .. } => {
                for arg in args {
                    self.used(arg.value);
                }
            }
            _ => {}
        }
        self.made(id)
    }

    /// What a call gives; `state` is that of its declared result.
    fn given(&mut self, id: ExprId, state: Option<usize>) -> Value {
        let kind = self.kind(id)?;
        let set = match state {
            Some(state) => self.fresh(state, Event::Declared, self.span(id)),
            None => Set::unknown(),
        };
        Some(self.temp(kind, set))
    }

    fn method_call(
        &mut self,
        id: ExprId,
        method: MethodId,
        receiver: &Receiver,
        args: &[ArgBinding],
    ) -> Value {
        let data = &self.cx.program.methods[method];
        let mut of_place = false;
        if let Receiver::Expr(object) = receiver {
            of_place = self.shows(*object);
            self.used(*object);
        }
        let Some(native) = &data.native else {
            let lent = self.arguments(Some(method), args);
            self.throws_of(method);
            self.run(id, method, lent);
            return self.given(id, state_of(&data.returns));
        };
        // What a library method that changes nothing is given, it does not keep.
        let keeps = match receiver {
            Receiver::Expr(_) => native.mutates,
            _ => self.kind(id).is_some(),
        };
        match keeps {
            true => _ = self.arguments(Some(method), args),
            false => self.looked_at(args),
        }
        self.throws_of(method);
        let kind = self.kind(id)?;
        // Nor does it give away what it shows.
        let set = match of_place && !native.mutates {
            true => borrowed(Owner::Collection, self.span(id)),
            false => Set::unknown(),
        };
        Some(self.temp(kind, set))
    }

    fn throws_of(&mut self, method: MethodId) {
        if self.cx.throws(method) {
            self.throws();
        }
    }

    fn looked_at(&mut self, args: &[ArgBinding]) {
        for arg in args {
            match arg {
                ArgBinding::Expr(expr) => self.used(*expr),
                ArgBinding::Default(_) => {}
                ArgBinding::Rest(exprs) => {
                    for expr in exprs {
                        self.used(*expr);
                    }
                }
            }
        }
    }

    /// Arguments that the callee gets; the numbers of those that are `PrimaryChannel`,
    /// which is lent.
    fn arguments(&mut self, method: Option<MethodId>, args: &[ArgBinding]) -> Vec<usize> {
        let mut lent = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            match arg {
                ArgBinding::Expr(expr) => {
                    let program = self.cx.program;
                    let param = method.and_then(|it| program.methods[it].params.get(at));
                    let declared = param.map(|it| it.ty_span);
                    let of_user =
                        method.is_some_and(|it| program.methods[it].body.is_some());
                    let own =
                        matches!(self.body.exprs[*expr].kind, ExprKind::PrimaryChannel);
                    if own
                        && of_user
                        && let Some(slot) = self.value(*expr, declared)
                    {
                        self.op(Op::Use { slot, span: self.span(*expr) });
                        lent.push(at);
                    } else {
                        self.stored_as(*expr, Into::Argument, declared);
                    }
                }
                ArgBinding::Default(_) => {}
                ArgBinding::Rest(exprs) => {
                    for expr in exprs {
                        self.used(*expr);
                    }
                }
            }
        }
        lent
    }

    /// What the method does to the own channel.
    fn run(&mut self, id: ExprId, method: MethodId, lent: Vec<usize>) {
        if self.own.is_none() {
            return;
        }
        if !lent.is_empty() || self.cx.touches(method) {
            let base = match &self.body.exprs[id].kind {
                ExprKind::Call { callee, .. } => {
                    matches!(self.body.exprs[*callee].kind, ExprKind::BaseMethod(_))
                }
                _ => false,
            };
            self.op(Op::Call { method, virtual_call: !base, lent });
        }
    }

    /// A method as a value or a node: it may run at any time from here on.
    pub(super) fn mentioned(&mut self, method: MethodId) {
        if let Some(slot) = self.own
            && self.cx.touches(method)
        {
            self.op(Op::Forget { slot });
        }
    }

    /// A call of a local function uses what it mentions, which may be in any state after it; what
    /// it assigns is there again.
    fn local_fn(&mut self, call: ExprId, id: LocalFnId) {
        let inside = self.mentions.of_local_fn(id);
        for slot in inside.slots {
            if inside.assigned.contains(&slot) {
                self.op(Op::Set { slot, set: Set::unknown() });
            } else {
                self.op(Op::Use { slot, span: self.span(call) });
                self.op(Op::Forget { slot });
            }
        }
        if inside.own
            && let Some(slot) = self.own
        {
            self.op(Op::Forget { slot });
        }
    }
}

/// Whether values of the type are ends in a state that the type names.
pub(super) fn declared_state(ty: &Ty, kind: Kind) -> Option<usize> {
    match kind {
        Kind::End(..) => state_of(ty),
        Kind::Request | Kind::Holds => None,
    }
}
