//! `target <-- value`, and `receive(source)`.

use crate::hir::body::{ExprKind as HirKind, Strictness};
use crate::hir::item::Policy;
use crate::hir::{ExprId, PortId};
use crate::ir::{Expr, ExprKind};
use crate::types::tables::{Member, SendKind, SourceKind};

use super::body::{Fx, Host};
use super::build::{At, Flags};
use super::place::Place;

impl Fx<'_, '_> {
    /// A send. Of a request the value is its correlator, a source like any other.
    pub(super) fn send(&mut self, id: ExprId, target: ExprId, value: ExprId) -> Expr {
        let at = self.at;
        let sent = self.send_bare(id, target, value);
        match self.frame.types.sends.get(target) {
            Some(SendKind::Request(_)) => at.method(sent, "source", vec![]),
            _ => sent,
        }
    }

    /// A send whose correlator is received from at once.
    fn send_bare(&mut self, id: ExprId, target: ExprId, value: ExprId) -> Expr {
        let at = self.at;
        let strict = self.frame.body.strict.get(id).copied();
        let Some(kind) = self.frame.types.sends.get(target) else {
            unreachable!("every target of a checked program is known")
        };
        if let SendKind::Reply = kind {
            let request = self.request_of(target);
            let value = self.value(value);
            let value = self.hold(value);
            self.at = at;
            return self.access(request, false, vec![value], |at, it, args| {
                at.method(it.expr, "reply", args).fallible()
            });
        }
        let place = match kind {
            SendKind::End(port) => {
                let end = self.place(target);
                self.at = at;
                self.port_of(end, target, *port)
            }
            _ => self.place(target),
        };
        let value = self.value(value);
        let value = self.hold(value);
        self.at = at;
        match kind {
            SendKind::Request(port) => {
                let checked = strict.is_some() || self.may_refuse(*port);
                let name = match strict {
                    Some(_) => "request_strictly",
                    None if checked => "request_checked",
                    None => "request",
                };
                let sent = self.access(place, false, vec![value], |at, it, mut args| {
                    args.insert(0, it.borrow(at));
                    args.extend(demands(at, strict));
                    let call = at.rt(name, args);
                    if checked { call.fallible() } else { call }
                });
                if !self.holds_back(*port, strict) {
                    return sent;
                }
                let correlator = self.bind(sent);
                let room = self.room();
                self.push_expr(room);
                correlator
            }
            SendKind::Port(port) if self.exits(target, *port) => {
                let args = vec![value];
                let exit = self.access(place, false, args, |at, it, mut args| {
                    args.insert(0, it.borrow(at));
                    at.rt("exit", args)
                });
                self.suspend();
                exit.awaited()
            }
            SendKind::Port(port) | SendKind::End(port) => {
                let checked = self.may_refuse(*port);
                let sent = self.send_to(place, value, checked, strict);
                if !self.holds_back(*port, strict) {
                    return sent;
                }
                self.push_expr(sent);
                self.room()
            }
            SendKind::Target => self.send_to(place, value, true, strict),
            SendKind::Reply => unreachable!("handled above"),
        }
    }

    /// Whether a send on the port can throw.
    fn may_refuse(&self, port: PortId) -> bool {
        self.lower.has_protocol(port)
            || self.lower.program.ports[port].policy() == Some(Policy::Fail)
    }

    /// Whether code that sends on the port waits while it is full.
    fn holds_back(&self, port: PortId, strict: Option<Strictness>) -> bool {
        self.suspends
            && self.lower.program.ports[port].policy() == Some(Policy::Suspend)
            && strict.is_none_or(|it| !it.no_suspend)
    }

    /// Waits for room at the ports that hold the code back.
    fn room(&mut self) -> Expr {
        let at = self.at;
        self.suspend();
        at.rt("room", vec![]).awaited()
    }

    fn send_to(
        &mut self,
        place: Place,
        value: super::order::Held,
        checked: bool,
        strict: Option<Strictness>,
    ) -> Expr {
        if strict.is_some() {
            return self.access(place, false, vec![value], |at, it, mut args| {
                args.insert(0, it.borrow(at));
                args.extend(demands(at, strict));
                at.rt("send_strictly", args).fallible()
            });
        }
        self.access(place, false, vec![value], |at, it, args| match checked {
            true => at.method(it.expr, "send_checked", args).fallible(),
            false => at.method(it.expr, "send", args),
        })
    }

    /// The request that `rq <-- x` or `rq::Reply <-- x` answers.
    fn request_of(&mut self, target: ExprId) -> Place {
        let reply = self.frame.types.members.get(target) == Some(&Member::RequestReply);
        match self.frame.body.exprs[target].kind {
            HirKind::Port { base, .. } | HirKind::Member { base, .. } if reply => {
                self.place(base)
            }
            _ => self.place(target),
        }
    }

    /// A port of the channel end in `place`, which is the value of `end`.
    pub(super) fn port_of(
        &mut self,
        mut place: Place,
        end: ExprId,
        port: PortId,
    ) -> Place {
        self.uses_port_of(&self.ty(end), port);
        place.steps.push(super::place::Step::Field(self.lower.port_name(port)));
        place
    }

    /// Whether sending to the port ends the program: `ExitCode` and `Done` of the own
    /// `Application`, from code that can wait for the end.
    fn exits(&self, target: ExprId, port: PortId) -> bool {
        let program = self.lower.program;
        let Host::Agent { .. } = self.host else { return false };
        let port = &program.ports[port];
        let own = match self.frame.body.exprs[target].kind {
            HirKind::OwnPort(_) => true,
            HirKind::Port { base, .. } | HirKind::Member { base, .. } => {
                matches!(self.frame.body.exprs[base].kind, HirKind::PrimaryChannel)
            }
            _ => false,
        };
        own && self.suspends
            && Some(port.channel) == program.lang.application
            && port.direction == crate::hir::item::Direction::Output
    }

    /// `receive(source)`, `receive(source, time)`
    pub(super) fn receive(&mut self, source: ExprId, timeout: Option<ExprId>) -> Expr {
        let at = self.at;
        let source = self.source(source);
        let mut held = vec![source];
        if let Some(timeout) = timeout {
            let timeout = self.value(timeout);
            held.push(self.hold(timeout));
        }
        self.at = at;
        let mut args = self.settled(held);
        args[0] = at.borrow(std::mem::replace(&mut args[0], at.unit()));
        let name = if timeout.is_some() { "receive_within" } else { "receive" };
        self.suspend();
        at.rt(name, args).fallible().awaited()
    }

    /// A source to borrow: a port where it is, anything else as a value.
    pub(super) fn source(&mut self, id: ExprId) -> super::order::Held {
        if let HirKind::Send { target, value } = self.frame.body.exprs[id].kind
            && !self.frame.types.conversions.contains(id)
        {
            self.go(self.frame.body.exprs[id].span);
            let correlator = self.send_bare(id, target, value);
            return self.hold(correlator);
        }
        let kind = self.frame.types.sources.get(id).cloned();
        let place = self.place(id);
        let place = match kind {
            Some(SourceKind::End(port)) => self.port_of(place, id, port),
            _ => place,
        };
        // Waiting cannot happen inside a closure over state: a handle is taken out.
        let outside = !Self::in_state(&place);
        let is_port = matches!(kind, Some(SourceKind::Port(_) | SourceKind::End(_)));
        let value = self.access(place, false, vec![], |at, it, _| match outside {
            true if it.by_ref => at.deref(it.expr),
            true => it.expr,
            false if is_port => at.method(it.expr, "source", vec![]),
            false => at.clone(it.place(at)),
        });
        match value.kind {
            ExprKind::Field(..) | ExprKind::Var(_) | ExprKind::TupleField(..) => {
                self.hold_place(value)
            }
            _ => self.hold(value),
        }
    }
}

/// What the attributes before a send ask for, as arguments.
fn demands(at: At, strict: Option<Strictness>) -> Vec<Expr> {
    let parts = strict.map(|it| [it.no_drop, it.no_suspend]);
    parts.into_iter().flatten().map(|it| at.bool(it)).collect()
}
