//! Networks: operators between sources, nodes and targets. A chain is checked from the
//! left, operator by operator, in a loop; `left` says what flows out of an operand,
//! `right` what an operand takes. Elements must have the very type that is taken: nothing
//! converts along a link.
//!
//! A network kept as a value has type `Ty::Native(lang.network, [U])`, where `U` is what
//! can be received from it, `void` for nothing; the declared type `INetwork` has no
//! argument, and `Conversion::ToNetwork` leads there. Operands that are sources have an
//! entry in `sources` too, and those that are targets one in `sends`.

mod left;
mod node;
mod right;

use super::cx::Cx;
use super::errors::network as errors;
use super::tables::{Network, Operand};
use crate::hir::body::{ExprKind, NetworkOp};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

use right::Offer;

/// What flows out of an operand.
#[derive(Clone, Debug)]
struct Stream {
    /// The operand whose messages they are.
    expr: ExprId,
    message: Ty,
    /// Set while answers go back along the network.
    request: Option<Request>,
}

impl Stream {
    /// Whether one taker cannot take from both.
    fn differs(&self, other: &Self) -> bool {
        if self.message.is_error() || other.message.is_error() {
            return false;
        }
        let replies = match (&self.request, &other.request) {
            (Some(one), Some(other)) => unlike(&one.reply, &other.reply),
            (one, other) => one.is_some() != other.is_some(),
        };
        replies || self.message != other.message
    }
}

/// A request that a message carries along.
#[derive(Clone, Debug)]
struct Request {
    port: PortId,
    payload: Ty,
    reply: Ty,
    /// Straight from the port: what comes next may take the request itself instead.
    fresh: bool,
}

/// What flows on behind an operator.
#[derive(Clone, Debug)]
enum Flow {
    One(Stream),
    /// The sources of a vector; one stands for all where their number is known at run time.
    Many(Vec<Stream>),
    /// It ended in targets or sinks.
    Ended,
    /// It was reported.
    Error,
}

/// One operator with its operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    id: ExprId,
    /// The whole chain.
    pub(super) root: ExprId,
    pub(super) op: NetworkOp,
    pub(super) op_span: Span,
    pub(super) left: ExprId,
    pub(super) right: ExprId,
}

impl Cx<'_> {
    /// A network as a statement: its maker cares only about the links.
    pub(super) fn network(&mut self, id: ExprId) -> Option<Network> {
        let (flow, right) = self.chain(id)?;
        self.answers(&flow, right);
        self.out.exprs.insert(id, self.network_type(&Ty::Void));
        self.out.networks.get(id).cloned()
    }

    /// A network whose value is used.
    pub(super) fn network_value(&mut self, id: ExprId) -> Ty {
        let ty = self.kept_network(id);
        self.out.exprs.insert(id, ty.clone());
        ty
    }

    fn kept_network(&mut self, id: ExprId) -> Ty {
        let Some((flow, right)) = self.chain(id) else { return Ty::Error };
        self.answers(&flow, right);
        let Some(network) = self.out.networks.get(id) else { return Ty::Error };
        if network.reply.is_some() || network.through_point {
            return self.network_type(&Ty::Void);
        }
        let results = network.results.clone().unwrap_or(Ty::Void);
        if network.vector {
            self.results_unused(id, &results);
            return self.network_type(&Ty::Void);
        }
        self.network_type(&results)
    }

    /// Warns of results that nobody can receive.
    pub(super) fn results_unused(&mut self, id: ExprId, results: &Ty) {
        if !results.is_error() {
            let problem = errors::results_unused(self, self.span(id), results);
            self.report(problem);
        }
    }

    fn network_type(&self, results: &Ty) -> Ty {
        match self.program.lang.network {
            Some(native) => Ty::Native(native, [results.clone()].into()),
            None => Ty::Error,
        }
    }

    /// Checks a chain of operators; gives what flows out of it, and its last operand.
    fn chain(&mut self, id: ExprId) -> Option<(Flow, ExprId)> {
        let mut links = Vec::new();
        let mut at = id;
        while let ExprKind::Network { op, op_span, left, right } = self.kind(at) {
            let (op, op_span, left, right) = (*op, *op_span, *left, *right);
            links.push(Link { id: at, root: id, op, op_span, left, right });
            at = left;
        }
        let first = links.last()?;
        let mut flow = self.first_operand(first);
        let mut last = at;
        for link in links.iter().rev() {
            flow = self.link(link, flow, last);
            self.note_inner(link, &flow);
            last = link.right;
        }
        Some((flow, last))
    }

    /// Notes what the network is to the operator behind it.
    fn note_inner(&mut self, link: &Link, flow: &Flow) {
        let operand = match flow {
            Flow::One(it) => Operand::Network(it.message.clone()),
            Flow::Many(all) => match all.first() {
                Some(it) => Operand::NetworkVector(it.message.clone()),
                None => return,
            },
            Flow::Ended | Flow::Error => return,
        };
        self.out.operands.insert(link.id, operand);
        let ty = self.network_type(&Ty::Void);
        self.out.exprs.insert(link.id, ty);
    }

    /// One operator: what flows in, what takes it, and what flows on.
    fn link(&mut self, link: &Link, flow: Flow, last: ExprId) -> Flow {
        if matches!(flow, Flow::Error) {
            self.skip_right(link.right);
            return Flow::Error;
        }
        if matches!(flow, Flow::Ended) {
            self.skip_right(link.right);
            let problem = errors::ended(self, last, link.op_span);
            self.report(problem);
            return Flow::Error;
        }
        match link.op {
            NetworkOp::Forward | NetworkOp::ForwardOnce => self.forward(link, flow),
            NetworkOp::Broadcast | NetworkOp::Alternate => self.fan_out(link, flow),
            NetworkOp::Multiplex => self.multiplex(link, flow),
            NetworkOp::Combine => self.combine(link, flow),
            NetworkOp::Scatter => {
                self.skip_right(link.right);
                let problem =
                    super::errors::values::not_supported("scatter `-<&`", link.op_span);
                self.report(problem);
                Flow::Error
            }
        }
    }

    fn forward(&mut self, link: &Link, flow: Flow) -> Flow {
        let Flow::One(stream) = flow else {
            return self.vector_left(link, &flow);
        };
        let offer = Offer::of(&stream);
        let Some(consumer) = self.consumer(link, link.right, &offer) else {
            return Flow::Error;
        };
        self.note_source(&stream, consumer.raw);
        let request = stream.request.filter(|_| !consumer.raw);
        self.note_network(link, &consumer, request.as_ref(), false);
        self.behind(link, link.right, consumer, request)
    }

    /// What flows out of a single taker.
    fn behind(
        &mut self,
        link: &Link,
        expr: ExprId,
        consumer: right::Consumer,
        request: Option<Request>,
    ) -> Flow {
        if let Some(request) = &request
            && !self.may_answer(link, expr, &consumer, request)
        {
            return Flow::Error;
        }
        match consumer.gives {
            Some(message) => {
                let request = request.map(|it| Request { fresh: false, ..it });
                Flow::One(Stream { expr, message, request })
            }
            None => Flow::Ended,
        }
    }

    /// Whether a taker may stand on the way of a request (decisions 70, 112).
    fn may_answer(
        &mut self,
        link: &Link,
        expr: ExprId,
        consumer: &right::Consumer,
        request: &Request,
    ) -> bool {
        let many = consumer.node.as_ref().is_some_and(|it| it.many);
        let problem = if consumer.node.is_none() {
            errors::request_into_target(self, link.op, expr, request.port)
        } else if many {
            errors::many_on_request(self, expr, request.port)
        } else if consumer.gives.is_none() && unlike(&request.reply, &Ty::Signal) {
            errors::sink_on_request(self, expr, request.port, &request.reply)
        } else {
            return true;
        };
        self.report(problem);
        false
    }

    fn fan_out(&mut self, link: &Link, flow: Flow) -> Flow {
        let Flow::One(stream) = flow else {
            return self.vector_left(link, &flow);
        };
        let offer = Offer::of(&stream);
        let Some(consumers) = self.consumers(link, &offer) else {
            return Flow::Error;
        };
        if let (Some(request), NetworkOp::Broadcast) = (&stream.request, link.op) {
            let problem =
                errors::request_not_through(self, link.op, link.op_span, request.port);
            self.report(problem);
            return Flow::Error;
        }
        let raw = consumers.iter().all(|it| it.1.raw);
        self.note_source(&stream, raw);
        if !raw && let Some((expr, _)) = consumers.iter().find(|it| it.1.raw) {
            // The others want the payload: either all answer by hand or none.
            let takes = offer.choices.last().map_or(Ty::Error, |it| it.message.clone());
            let problem = errors::types(self, link, *expr, offer.first(), &takes);
            self.report(problem);
            return Flow::Error;
        }
        let request = stream.request.filter(|_| !raw);
        let mut streams = Vec::new();
        let mut first = None;
        for (expr, consumer) in consumers {
            if consumer.node.as_ref().is_some_and(|it| it.many) {
                let what = "in a vector, a node that gives many messages for one";
                let problem = super::errors::values::not_supported(what, self.span(expr));
                self.report(problem);
                return Flow::Error;
            }
            first.get_or_insert_with(|| consumer.clone());
            match self.behind(link, expr, consumer, request.clone()) {
                Flow::One(stream) => streams.push(Some(stream)),
                Flow::Error => return Flow::Error,
                _ => streams.push(None),
            }
        }
        let Some(consumer) = first else { return Flow::Error };
        let all: Option<Vec<Stream>> = streams.iter().cloned().collect();
        let Some(all) = all else {
            // Where one of them ends the flow, nothing can be taken from the vector.
            if request.is_none() {
                self.drop_results(&streams);
            }
            let sink = right::Consumer { gives: None, ..consumer };
            self.note_network(link, &sink, request.as_ref(), false);
            return Flow::Ended;
        };
        let other = all.iter().find(|it| unlike(&it.message, &all[0].message));
        if let Some(other) = other {
            let span = self.span(other.expr);
            let problem = super::errors::values::not_supported(
                "a vector of nodes that give unlike results",
                span,
            );
            self.report(problem);
            return Flow::Error;
        }
        self.note_network(link, &consumer, request.as_ref(), true);
        Flow::Many(all)
    }

    /// Warns of what nodes beside a sink return. A point keeps what it took.
    fn drop_results(&mut self, streams: &[Option<Stream>]) {
        for stream in streams.iter().flatten() {
            if matches!(self.out.operands.get(stream.expr), Some(Operand::Node(_))) {
                self.results_unused(stream.expr, &stream.message);
            }
        }
    }

    fn multiplex(&mut self, link: &Link, flow: Flow) -> Flow {
        let Flow::Many(streams) = flow else {
            return self.scalar_left(link);
        };
        let Some(first) = streams.first().cloned() else { return Flow::Error };
        let reply = |it: &Stream| it.request.as_ref().map(|it| it.reply.clone());
        if let Some(unlike) = streams.iter().find(|it| first.differs(it)) {
            let problem = match (reply(&first), reply(unlike)) {
                (Some(one), Some(other)) if first.message == unlike.message => {
                    errors::unlike_replies(self, link, &one, (unlike.expr, &other))
                }
                _ => errors::unlike_sources(
                    self,
                    link,
                    &first.message,
                    (unlike.expr, &unlike.message),
                ),
            };
            self.report(problem);
            self.skip_right(link.right);
            return Flow::Error;
        }
        let offer = Offer::of(&first);
        let consumer = self.consumer(link, link.right, &offer);
        let raw = consumer.as_ref().is_some_and(|it| it.raw);
        for stream in &streams {
            self.note_source(stream, raw);
        }
        let Some(consumer) = consumer else { return Flow::Error };
        let request = first.request.filter(|_| !raw);
        self.note_network(link, &consumer, request.as_ref(), false);
        self.behind(link, link.right, consumer, request)
    }

    fn combine(&mut self, link: &Link, flow: Flow) -> Flow {
        let Flow::Many(streams) = flow else {
            return self.scalar_left(link);
        };
        for stream in &streams {
            self.note_source(stream, false);
            if let Some(request) = &stream.request {
                let problem = errors::request_not_through(
                    self,
                    link.op,
                    link.op_span,
                    request.port,
                );
                self.report(problem);
                self.skip_right(link.right);
                return Flow::Error;
            }
        }
        let messages: Vec<Ty> = streams.iter().map(|it| it.message.clone()).collect();
        let Some(offer) = Offer::combined(&messages) else {
            let problem = errors::wide_combine(self, link, messages.len());
            self.report(problem);
            self.skip_right(link.right);
            return Flow::Error;
        };
        let Some(consumer) = self.consumer(link, link.right, &offer) else {
            return Flow::Error;
        };
        self.note_network(link, &consumer, None, false);
        self.behind(link, link.right, consumer, None)
    }

    /// Notes what an operator builds.
    fn note_network(
        &mut self,
        link: &Link,
        consumer: &right::Consumer,
        request: Option<&Request>,
        vector: bool,
    ) {
        let network = Network {
            results: consumer.gives.clone(),
            reply: request.map(|it| it.reply.clone()),
            vector,
            tuple: consumer.tuple,
            through_point: consumer.point,
        };
        self.out.networks.insert(link.id, network);
    }

    /// The end of a chain that carries requests gives the replies.
    fn answers(&mut self, flow: &Flow, right: ExprId) {
        let streams: &[Stream] = match flow {
            Flow::One(stream) => std::slice::from_ref(stream),
            Flow::Many(streams) => streams,
            Flow::Ended | Flow::Error => &[],
        };
        for stream in streams {
            if let Some(request) = &stream.request
                && unlike(&request.reply, &stream.message)
            {
                let problem = errors::wrong_reply(
                    self,
                    right,
                    request.port,
                    &request.reply,
                    &stream.message,
                );
                self.report(problem);
                return;
            }
        }
    }

    /// A vector stands where a single source is needed.
    fn vector_left(&mut self, link: &Link, flow: &Flow) -> Flow {
        self.skip_right(link.right);
        let message = match flow {
            Flow::Many(streams) => streams.first().map(|it| it.message.clone()),
            _ => None,
        };
        let problem = errors::vector_on_left(self, link, message.as_ref());
        self.report(problem);
        Flow::Error
    }

    /// A single source stands where a vector is needed.
    fn scalar_left(&mut self, link: &Link) -> Flow {
        self.skip_right(link.right);
        let problem = errors::scalar_on_left(self, link);
        self.report(problem);
        Flow::Error
    }
}

/// Whether two types differ; one that was reported is like any other.
fn unlike(one: &Ty, other: &Ty) -> bool {
    one != other && !one.is_error() && !other.is_error()
}
