//! Right operands: targets, points and nodes, and what they take.

use super::super::convert::PortUse;
use super::super::cx::Cx;
use super::super::errors::{network as errors, ports, values};
use super::super::port::{PortRef, message};
use super::super::tables::{Node, Operand, SendKind};
use super::{Link, Stream, unlike};
use crate::hir::body::ExprKind;
use crate::hir::ty::{MAX_TUPLE, Ty};
use crate::hir::*;

/// What is on offer to a taker: types of the message, the preferred one first.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) message: Ty,
    /// The request itself, to be answered by hand.
    pub(super) raw: bool,
    /// One message of each source, as a tuple.
    pub(super) tuple: bool,
}

impl Offer {
    pub(super) fn of(stream: &Stream) -> Self {
        let mut choices =
            vec![Choice { message: stream.message.clone(), raw: false, tuple: false }];
        if let Some(request) = &stream.request
            && request.fresh
        {
            let raw = message(&request.payload, Some(&request.reply));
            choices.push(Choice { message: raw, raw: true, tuple: false });
        }
        Self { choices }
    }

    /// Like types make an array, unlike ones a tuple; a taker may ask for a tuple anyway. There is
    /// no such message where unlike ones are more than a tuple holds.
    pub(super) fn combined(messages: &[Ty]) -> Option<Self> {
        if messages.iter().any(Ty::is_error) {
            let unknown = Choice { message: Ty::Error, raw: false, tuple: false };
            return Some(Self { choices: vec![unknown] });
        }
        let mut choices = Vec::new();
        if messages.iter().all(|it| *it == messages[0]) {
            let array = Ty::array(messages[0].clone());
            choices.push(Choice { message: array, raw: false, tuple: false });
        }
        if (2..=MAX_TUPLE).contains(&messages.len()) {
            let tuple = Ty::tuple(messages.iter().cloned());
            choices.push(Choice { message: tuple, raw: false, tuple: true });
        }
        (!choices.is_empty()).then_some(Self { choices })
    }

    pub(super) fn first(&self) -> &Ty {
        &self.choices[0].message
    }

    /// The choice whose message has exactly this type.
    pub(super) fn exactly(&self, ty: &Ty) -> Option<&Choice> {
        self.choices.iter().find(|it| !unlike(&it.message, ty))
    }
}

/// How an operand takes messages.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    /// What flows out of it.
    pub(super) gives: Option<Ty>,
    /// It is a point: a target, and a source of what it took.
    pub(super) point: bool,
    pub(super) raw: bool,
    pub(super) tuple: bool,
    /// Set for nodes.
    pub(super) node: Option<Node>,
}

impl Consumer {
    fn target(choice: &Choice, gives: Option<Ty>) -> Self {
        let point = gives.is_some();
        Self { gives, point, raw: choice.raw, tuple: choice.tuple, node: None }
    }

    pub(super) fn node(choice: &Choice, node: Node) -> Self {
        let gives = (node.gives != Ty::Void).then(|| node.gives.clone());
        Self {
            gives,
            point: false,
            raw: choice.raw,
            tuple: choice.tuple,
            node: Some(node),
        }
    }
}

impl Cx<'_> {
    /// A single taker; notes its role.
    pub(super) fn consumer(
        &mut self,
        link: &Link,
        id: ExprId,
        offer: &Offer,
    ) -> Option<Consumer> {
        if matches!(self.kind(id), ExprKind::Vector(_)) {
            self.skip_right(id);
            let problem = errors::vector_on_right(self, link, id);
            self.report(problem);
            return None;
        }
        let consumer = match self.kind(id) {
            ExprKind::OwnPort(_) | ExprKind::Port { .. } => {
                self.port_consumer(link, id, offer)?
            }
            ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
                self.method_node(link, id, *method, offer)?
            }
            ExprKind::Lambda(lambda) => self.lambda_node(link, id, *lambda, offer)?,
            ExprKind::Member { .. } => self.member_consumer(link, id, offer)?,
            ExprKind::Call { args, .. }
                if args
                    .iter()
                    .any(|it| matches!(self.kind(it.value), ExprKind::Placeholder)) =>
            {
                let span = self.span(id);
                self.report(values::not_supported("a call with `_` as a node", span));
                return None;
            }
            // `source ==> Node()` is meant without the parentheses.
            ExprKind::Call { callee, args, .. }
                if args.is_empty() && self.takes_arguments(*callee) =>
            {
                let problem = errors::no_target(self, link, id, None);
                self.report(problem);
                return None;
            }
            ExprKind::LocalFn(_) => {
                let problem = errors::no_target(self, link, id, None);
                self.report(problem);
                return None;
            }
            _ => {
                let ty = self.value(id);
                self.value_consumer(link, id, &ty, offer)?
            }
        };
        let ty = self.done(id).unwrap_or(Ty::Error);
        let operand = self.operand(id, &ty, &consumer);
        self.out.operands.insert(id, operand);
        Some(consumer)
    }

    /// Whether this names a method that is not called without arguments.
    fn takes_arguments(&self, callee: ExprId) -> bool {
        let ExprKind::Method(method) = self.kind(callee) else { return false };
        self.program.methods[*method].params.iter().any(|it| it.default.is_none())
    }

    /// The role of a taker of this type.
    fn operand(&self, id: ExprId, ty: &Ty, consumer: &Consumer) -> Operand {
        match (&consumer.node, self.out.sends.get(id)) {
            (Some(node), _) => Operand::Node(node.clone()),
            (None, Some(SendKind::End(port))) => {
                Operand::Target(self.shared.port_payload(ty, *port))
            }
            (None, _) => {
                Operand::Target(self.shared.target_element(ty).unwrap_or(Ty::Error))
            }
        }
    }

    fn port_consumer(
        &mut self,
        link: &Link,
        id: ExprId,
        offer: &Offer,
    ) -> Option<Consumer> {
        match self.port_ref(id) {
            PortRef::Port { port, end, payload, reply } => {
                if self.shared.port_use(port, end) == PortUse::Receive {
                    let span = self.span(id);
                    let problem = ports::direction(self, port, end, span, PortUse::Send);
                    self.report(problem);
                    return None;
                }
                if reply.is_some() {
                    let problem = errors::link_to_request_port(self, link.op, id, port);
                    self.report(problem);
                    return None;
                }
                self.out.sends.insert(id, SendKind::Port(port));
                self.target_consumer(link, id, &payload, None, offer)
            }
            PortRef::Completion | PortRef::Reply(_) => {
                let problem = errors::no_target(self, link, id, None);
                self.report(problem);
                None
            }
            PortRef::Error => None,
        }
    }

    fn target_consumer(
        &mut self,
        link: &Link,
        id: ExprId,
        takes: &Ty,
        gives: Option<Ty>,
        offer: &Offer,
    ) -> Option<Consumer> {
        match offer.exactly(takes) {
            Some(choice) => Some(Consumer::target(choice, gives)),
            None => {
                let problem = errors::types(self, link, id, offer.first(), takes);
                self.report(problem);
                None
            }
        }
    }

    /// A value: a function, a target, a point, or an end with one fitting port.
    pub(super) fn value_consumer(
        &mut self,
        link: &Link,
        id: ExprId,
        ty: &Ty,
        offer: &Offer,
    ) -> Option<Consumer> {
        match ty {
            Ty::Error => None,
            Ty::Func { params, returns } => {
                self.function_node(link, id, params, returns, offer)
            }
            Ty::Using(..) | Ty::Impl(..) => {
                let port = self.fitting_port(id, ty, PortUse::Send)?;
                if self.program.ports[port].reply.is_some() {
                    let problem = errors::link_to_request_port(self, link.op, id, port);
                    self.report(problem);
                    return None;
                }
                self.out.sends.insert(id, SendKind::End(port));
                let payload = self.shared.port_payload(ty, port);
                self.target_consumer(link, id, &payload, None, offer)
            }
            _ => match self.shared.target_element(ty) {
                Some(takes) => {
                    self.out.sends.insert(id, SendKind::Target);
                    let gives = self.shared.source_element(ty);
                    self.target_consumer(link, id, &takes, gives, offer)
                }
                None => {
                    let vector = self.collection_element(ty).is_some_and(|it| {
                        self.shared.target_element(&it).is_some()
                            || matches!(it, Ty::Func { .. })
                    });
                    let problem = match ty {
                        _ if vector => errors::vector_on_right(self, link, id),
                        Ty::Nullable(inner) if self.may_be_target(inner) => {
                            let text = self.show(ty);
                            ports::may_be_null(self, id, &text, "a target")
                        }
                        _ => errors::no_target(self, link, id, Some(ty)),
                    };
                    self.report(problem);
                    None
                }
            },
        }
    }

    /// The takers of a vector; one stands for all where their number is known at run time.
    pub(super) fn consumers(
        &mut self,
        link: &Link,
        offer: &Offer,
    ) -> Option<Vec<(ExprId, Consumer)>> {
        let right = link.right;
        if let ExprKind::Vector(items) = self.kind(right) {
            self.out.operands.insert(right, Operand::Vector(items.clone()));
            self.out.exprs.insert(right, Ty::Void);
            if items.is_empty() {
                let span = self.span(right);
                self.report(errors::empty_vector(span));
                return None;
            }
            let found: Vec<Option<(ExprId, Consumer)>> = items
                .iter()
                .map(|it| self.consumer(link, *it, offer).map(|found| (*it, found)))
                .collect();
            return found.into_iter().collect();
        }
        if self.is_plain_value(right) {
            let ty = self.value(right);
            if ty.is_error() {
                return None;
            }
            if let Some(element) = self.collection_element(&ty) {
                let consumer = self.value_consumer(link, right, &element, offer)?;
                let inner = Box::new(self.operand(right, &element, &consumer));
                self.out.operands.insert(right, Operand::RunTimeVector(inner));
                return Some(vec![(right, consumer)]);
            }
        }
        self.skip_right(right);
        let problem = errors::scalar_on_right(self, link);
        self.report(problem);
        None
    }

    /// Checks an operand for its own errors where nothing is known of what it takes.
    pub(super) fn skip_right(&mut self, id: ExprId) {
        match self.kind(id) {
            ExprKind::Vector(items) => {
                for item in items {
                    self.skip_right(*item);
                }
            }
            ExprKind::Method(_)
            | ExprKind::BaseMethod(_)
            | ExprKind::LocalFn(_)
            | ExprKind::Member { .. } => {}
            ExprKind::OwnPort(_) | ExprKind::Port { .. } => {
                self.port_ref(id);
            }
            _ => self.absorb(id),
        }
    }
}
