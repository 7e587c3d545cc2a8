//! Ports, sends and receives: which end uses a port how, and what goes over it. It follows
//! no protocol: `protocol` does.

use super::convert::{End, PortUse};
use super::cx::{Cx, Why};
use super::errors::ports;
use super::tables::{Conversion, Member, SendKind, SourceKind};
use crate::hir::body::{ExprKind, Ident};
use crate::hir::ty::Ty;
use crate::hir::*;

/// What `c::Name`, or a bare port name, is.
#[derive(Clone, Debug)]
pub(super) enum PortRef {
    Port {
        port: PortId,
        end: End,
        payload: Ty,
        reply: Option<Ty>,
    },
    /// The built-in `c::Done`.
    Completion,
    /// `request::Reply`
    Reply(Ty),
    Error,
}

impl Cx<'_> {
    pub(super) fn is_port(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::OwnPort(_) | ExprKind::Port { .. })
    }

    /// What a port expression names; unknown ports are reported once.
    pub(super) fn port_ref(&mut self, id: ExprId) -> PortRef {
        if let Some(known) = self.port_refs.get(&id) {
            return known.clone();
        }
        let found = match self.kind(id) {
            ExprKind::OwnPort(port) => match self.own_channel() {
                Some(end) => self.port_of_end(*port, &end),
                None => PortRef::Error,
            },
            ExprKind::Port { base, name } => self.port_by_name(*base, name),
            _ => PortRef::Error,
        };
        let member = match &found {
            PortRef::Port { port, .. } => Some(Member::Port(*port)),
            PortRef::Completion => Some(Member::Completion),
            PortRef::Reply(_) => Some(Member::RequestReply),
            PortRef::Error => None,
        };
        if let Some(member) = member {
            self.out.members.insert(id, member);
        }
        let ty = self.port_type(&found);
        self.out.exprs.insert(id, ty);
        self.port_refs.insert(id, found.clone());
        found
    }

    fn port_of_end(&self, port: PortId, end: &Ty) -> PortRef {
        PortRef::Port {
            port,
            end: if matches!(end, Ty::Impl(..)) { End::Impl } else { End::Using },
            payload: self.shared.port_payload(end, port),
            reply: self.shared.port_reply(end, port),
        }
    }

    fn port_by_name(&mut self, base: ExprId, name: &Ident) -> PortRef {
        let ty = self.value(base);
        match &ty {
            Ty::Error => PortRef::Error,
            Ty::Using(channel, ..) | Ty::Impl(channel, ..) => {
                match self.shared.index.port(self.program, *channel, &name.name) {
                    Some(port) => self.port_of_end(port, &ty),
                    None if &*name.name == "Done" => PortRef::Completion,
                    None => {
                        let problem = ports::unknown_port(self, *channel, name);
                        self.report(problem);
                        PortRef::Error
                    }
                }
            }
            Ty::Request(_, reply) if &*name.name == "Reply" => {
                PortRef::Reply((**reply).clone())
            }
            _ => {
                let problem = ports::no_ports(self, base, &ty, name);
                self.report(problem);
                PortRef::Error
            }
        }
    }

    /// The type of a port as a value: a source or a target.
    fn port_type(&self, found: &PortRef) -> Ty {
        match found {
            PortRef::Port { port, end, payload, reply } => {
                match self.shared.port_use(*port, *end) {
                    PortUse::Receive => self.source_of(message(payload, reply.as_ref())),
                    PortUse::Send => self.target_of(payload.clone()),
                }
            }
            PortRef::Completion => self.completion_type(),
            PortRef::Reply(reply) => self.target_of(reply.clone()),
            PortRef::Error => Ty::Error,
        }
    }

    /// A port where a value is wanted: it becomes a source or target.
    pub(super) fn port_value(&mut self, id: ExprId) -> Ty {
        let found = self.port_ref(id);
        let ty = self.port_type(&found);
        match found {
            PortRef::Port { port, end, reply, .. } => {
                let how = self.shared.port_use(port, end);
                if how == PortUse::Send && reply.is_some() {
                    let problem = ports::request_port_as_value(self, port, self.span(id));
                    self.report(problem);
                    return Ty::Error;
                }
                let conversion = match how {
                    PortUse::Receive => Conversion::ToSource,
                    PortUse::Send => Conversion::ToTarget,
                };
                self.convert(id, conversion);
            }
            PortRef::Reply(_) => self.convert(id, Conversion::ToTarget),
            PortRef::Completion | PortRef::Error => {}
        }
        ty
    }

    /// Whether a value of this type can be received from, perhaps after a remedy that
    /// [`Cx::source`] names.
    pub(super) fn may_be_source(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Using(..) | Ty::Impl(..) => true,
            Ty::Nullable(inner) => self.may_be_source(inner),
            _ => self.shared.source_element(ty).is_some(),
        }
    }

    /// Whether a value of this type can be sent to, or is a request that can be answered.
    pub(super) fn may_be_target(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Using(..) | Ty::Impl(..) | Ty::Request(..) => true,
            _ => self.shared.target_element(ty).is_some(),
        }
    }

    /// `ISource<T>`
    pub(super) fn source_of(&self, element: Ty) -> Ty {
        match self.program.lang.source {
            Some(native) => Ty::Native(native, [element].into()),
            None => Ty::Error,
        }
    }

    /// `ITarget<T>`
    pub(super) fn target_of(&self, element: Ty) -> Ty {
        match self.program.lang.target {
            Some(native) => Ty::Native(native, [element].into()),
            None => Ty::Error,
        }
    }

    /// Messages that can be received from an expression; reports what is no source.
    pub(super) fn source(&mut self, id: ExprId) -> Option<Ty> {
        if self.is_port(id) {
            return self.port_source(id);
        }
        let ty = self.value(id);
        if ty.is_error() {
            return None;
        }
        if let Some(element) = self.shared.source_element(&ty) {
            self.out.sources.insert(id, SourceKind::Source);
            return Some(element);
        }
        if matches!(ty, Ty::Using(..) | Ty::Impl(..)) {
            let port = self.fitting_port(id, &ty, PortUse::Receive)?;
            self.out.sources.insert(id, SourceKind::End(port));
            let payload = self.shared.port_payload(&ty, port);
            return Some(message(&payload, self.shared.port_reply(&ty, port).as_ref()));
        }
        let problem = ports::no_source(self, id, &ty);
        self.report(problem);
        None
    }

    fn port_source(&mut self, id: ExprId) -> Option<Ty> {
        match self.port_ref(id) {
            PortRef::Port { port, end, payload, reply } => {
                if self.shared.port_use(port, end) == PortUse::Send {
                    let problem = ports::direction(
                        self,
                        port,
                        end,
                        self.span(id),
                        PortUse::Receive,
                    );
                    self.report(problem);
                    return None;
                }
                self.out.sources.insert(id, SourceKind::Port(port));
                Some(message(&payload, reply.as_ref()))
            }
            PortRef::Completion => {
                self.out.sources.insert(id, SourceKind::Completion);
                match self.completion_type() {
                    Ty::Native(_, args) => args.first().cloned(),
                    _ => None,
                }
            }
            PortRef::Reply(_) => {
                let span = self.span(id);
                self.report(ports::reply_received(span));
                None
            }
            PortRef::Error => None,
        }
    }

    /// The one port of an end that fits where the end itself is used as source or target.
    pub(super) fn fitting_port(
        &mut self,
        id: ExprId,
        end: &Ty,
        how: PortUse,
    ) -> Option<PortId> {
        let fitting = self.shared.fitting_ports(end, how);
        match fitting.as_slice() {
            [port] => Some(*port),
            several => {
                let problem = ports::ambiguous_end(self, id, end, how, several);
                self.report(problem);
                None
            }
        }
    }

    /// `receive(source)` and `receive(source, timeout)`
    pub(super) fn receive(&mut self, source: ExprId, timeout: Option<ExprId>) -> Ty {
        let element = self.source(source);
        if let Some(timeout) = timeout {
            self.check(timeout, &Ty::Duration, Why::Nothing);
        }
        element.unwrap_or(Ty::Error)
    }

    /// `target <-- value`
    pub(super) fn send(&mut self, id: ExprId, target: ExprId, value: ExprId) -> Ty {
        if self.is_port(target) {
            return match self.port_ref(target) {
                PortRef::Port { port, end, payload, reply } => {
                    if self.shared.port_use(port, end) == PortUse::Receive {
                        let span = self.span(target);
                        let problem =
                            ports::direction(self, port, end, span, PortUse::Send);
                        self.report(problem);
                        self.absorb(value);
                        return reply.map_or(Ty::Void, |_| Ty::Error);
                    }
                    let kind = match &reply {
                        Some(_) => SendKind::Request(port),
                        None => SendKind::Port(port),
                    };
                    self.out.sends.insert(target, kind);
                    self.check(value, &payload, Why::Port(port));
                    reply.map_or(Ty::Void, |it| self.source_of(it))
                }
                PortRef::Reply(reply) => {
                    self.out.sends.insert(target, SendKind::Reply);
                    self.check(value, &reply, Why::Reply(target));
                    Ty::Void
                }
                PortRef::Completion => {
                    self.absorb(value);
                    let span = self.span(target);
                    self.report(ports::sent_to_completion(span));
                    Ty::Error
                }
                PortRef::Error => {
                    self.absorb(value);
                    Ty::Error
                }
            };
        }
        let ty = self.value(target);
        self.send_to_value(id, target, &ty, value)
    }

    fn send_to_value(
        &mut self,
        id: ExprId,
        target: ExprId,
        ty: &Ty,
        value: ExprId,
    ) -> Ty {
        match ty {
            Ty::Error => {
                self.absorb(value);
                Ty::Error
            }
            Ty::Request(_, reply) => {
                self.out.sends.insert(target, SendKind::Reply);
                self.check(value, reply, Why::Reply(target));
                Ty::Void
            }
            Ty::Using(..) | Ty::Impl(..) => {
                let Some(port) = self.fitting_port(target, ty, PortUse::Send) else {
                    self.absorb(value);
                    return Ty::Error;
                };
                self.out.sends.insert(target, SendKind::End(port));
                let payload = self.shared.port_payload(ty, port);
                self.check(value, &payload, Why::Port(port));
                let reply = self.shared.port_reply(ty, port);
                reply.map_or(Ty::Void, |it| self.source_of(it))
            }
            _ => match self.shared.target_element(ty) {
                Some(element) => {
                    self.out.sends.insert(target, SendKind::Target);
                    self.check(value, &element, Why::Nothing);
                    Ty::Void
                }
                None => {
                    self.absorb(value);
                    let problem = ports::no_target(self, id, target, ty);
                    self.report(problem);
                    Ty::Error
                }
            },
        }
    }
}

/// What a receiver gets from a port: the payload, or the request that carries it.
pub(super) fn message(payload: &Ty, reply: Option<&Ty>) -> Ty {
    match reply {
        Some(reply) => Ty::Request(payload.clone().into(), reply.clone().into()),
        None => payload.clone(),
    }
}
