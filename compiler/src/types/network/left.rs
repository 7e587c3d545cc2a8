//! Left operands: what flows out of them.

use super::super::convert::PortUse;
use super::super::cx::Cx;
use super::super::errors::network as errors;
use super::super::port::PortRef;
use super::super::tables::{Operand, SourceKind};
use super::{Flow, Link, Request, Stream};
use crate::hir::body::ExprKind;
use crate::hir::ty::Ty;
use crate::hir::*;

impl Cx<'_> {
    /// The operand that a chain begins with.
    pub(super) fn first_operand(&mut self, link: &Link) -> Flow {
        if let ExprKind::Vector(items) = self.kind(link.left) {
            self.out.operands.insert(link.left, Operand::Vector(items.clone()));
            self.out.exprs.insert(link.left, Ty::Void);
            if items.is_empty() {
                let span = self.span(link.left);
                self.report(errors::empty_vector(span));
                return Flow::Error;
            }
            let streams: Vec<Option<Stream>> =
                items.iter().map(|it| self.element(link, *it)).collect();
            let all: Option<Vec<Stream>> = streams.into_iter().collect();
            return all.map_or(Flow::Error, Flow::Many);
        }
        if let Some(element) = self.run_time_sources(link.left) {
            return Flow::Many(vec![element]);
        }
        match self.single(link, link.left) {
            Some(stream) => Flow::One(stream),
            None => Flow::Error,
        }
    }

    /// One element of a vector: a source, or a network that ends in one.
    fn element(&mut self, link: &Link, id: ExprId) -> Option<Stream> {
        if !matches!(self.kind(id), ExprKind::Network { .. }) {
            return self.single(link, id);
        }
        match self.chain(id)?.0 {
            Flow::One(stream) => Some(Stream { expr: id, ..stream }),
            Flow::Error => None,
            Flow::Ended => {
                let problem = errors::element_ended(self, id);
                self.report(problem);
                None
            }
            Flow::Many(_) => {
                let problem = errors::nested_vector(self, id);
                self.report(problem);
                None
            }
        }
    }

    /// An array or list of sources.
    fn run_time_sources(&mut self, id: ExprId) -> Option<Stream> {
        if !self.is_plain_value(id) {
            return None;
        }
        let ty = self.infer(id, None);
        let element = self.collection_element(&ty)?;
        let message = match self.shared.source_element(&element) {
            Some(message) => {
                self.out.sources.insert(id, SourceKind::Source);
                message
            }
            None => {
                let port = self.shared.end_port(&element, PortUse::Receive)?;
                if self.program.ports[port].reply.is_some() {
                    return None;
                }
                self.out.sources.insert(id, SourceKind::End(port));
                self.shared.port_payload(&element, port)
            }
        };
        Some(Stream { expr: id, message, request: None })
    }

    /// What an array, list, set or queue holds.
    pub(super) fn collection_element(&self, ty: &Ty) -> Option<Ty> {
        let lang = &self.program.lang;
        match ty {
            Ty::Array(element) => Some((**element).clone()),
            Ty::Native(id, args)
                if [lang.list, lang.set, lang.queue, lang.stack].contains(&Some(*id)) =>
            {
                args.first().cloned()
            }
            _ => None,
        }
    }

    /// Whether the expression is a value rather than a port, method, lambda or name.
    pub(super) fn is_plain_value(&self, id: ExprId) -> bool {
        !self.is_port(id)
            && !matches!(
                self.kind(id),
                ExprKind::Method(_)
                    | ExprKind::BaseMethod(_)
                    | ExprKind::LocalFn(_)
                    | ExprKind::Lambda(_)
                    | ExprKind::Vector(_)
                    | ExprKind::Network { .. }
            )
            && !matches!(self.kind(id), ExprKind::Member { base, .. } if !self.is_value(*base))
    }

    /// A single source.
    fn single(&mut self, link: &Link, id: ExprId) -> Option<Stream> {
        if self.is_port(id)
            && let PortRef::Port { port, end, payload, reply: Some(reply) } =
                self.port_ref(id)
            && self.shared.port_use(port, end) == PortUse::Receive
        {
            self.out.sources.insert(id, SourceKind::Port(port));
            let request = Request { port, payload: payload.clone(), reply, fresh: true };
            return Some(Stream { expr: id, message: payload, request: Some(request) });
        }
        if self.is_port(id) {
            let message = self.source(id)?;
            return Some(Stream { expr: id, message, request: None });
        }
        let is_node = matches!(
            self.kind(id),
            ExprKind::Method(_)
                | ExprKind::BaseMethod(_)
                | ExprKind::LocalFn(_)
                | ExprKind::Lambda(_)
        );
        if is_node {
            let problem = errors::no_source(self, link, id, None);
            self.report(problem);
            return None;
        }
        let ty = self.value(id);
        if ty.is_error() {
            return None;
        }
        if self.may_be_source(&ty) {
            let message = self.source(id)?;
            return Some(self.value_stream(id, &ty, message));
        }
        let problem = errors::no_source(self, link, id, Some(&ty));
        self.report(problem);
        None
    }

    /// A channel end may stand for its request port.
    fn value_stream(&mut self, id: ExprId, ty: &Ty, message: Ty) -> Stream {
        let port = match self.out.sources.get(id) {
            Some(SourceKind::End(port)) => Some(*port),
            _ => None,
        };
        let reply =
            port.and_then(|it| self.shared.port_reply(ty, it).map(|reply| (it, reply)));
        match reply {
            Some((port, reply)) => {
                let payload = self.shared.port_payload(ty, port);
                let request =
                    Request { port, payload: payload.clone(), reply, fresh: true };
                Stream { expr: id, message: payload, request: Some(request) }
            }
            None => Stream { expr: id, message, request: None },
        }
    }

    /// Notes the role of a left operand, now that it is known whether its requests are
    /// answered by the network or handed on as they are.
    pub(super) fn note_source(&mut self, stream: &Stream, raw: bool) {
        // Behind another operator the role is that of the network inside.
        if self.out.operands.contains(stream.expr) {
            return;
        }
        let operand = match &stream.request {
            Some(request) if !raw => Operand::RequestSource {
                payload: request.payload.clone(),
                reply: request.reply.clone(),
                port: request.port,
            },
            Some(request) => Operand::Source(super::super::port::message(
                &request.payload,
                Some(&request.reply),
            )),
            None => Operand::Source(stream.message.clone()),
        };
        let ty = self.done(stream.expr);
        let vector = ty.and_then(|ty| self.collection_element(&ty)).is_some();
        let operand =
            if vector { Operand::RunTimeVector(Box::new(operand)) } else { operand };
        self.out.operands.insert(stream.expr, operand);
    }
}
