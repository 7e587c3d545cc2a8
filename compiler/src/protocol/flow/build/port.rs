//! Ports, sends and receives: which end each works on.

use std::collections::BTreeSet;

use super::super::graph::*;
use super::super::kind::Kind;
use super::super::status::Into;
use super::{Build, Value, arrived};
use crate::hir::body::{ExprKind, ReceiveCase, ReceiveCaseKind};
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{Member, SendKind, SourceKind};

impl<'a> Build<'a, '_> {
    /// The end and the port that a port expression names, if the end is followed.
    fn port(&mut self, id: ExprId) -> Option<(Slot, PortId)> {
        match &self.body.exprs[id].kind {
            ExprKind::OwnPort(port) => self.own.map(|it| (it, *port)),
            ExprKind::Port { base, .. } | ExprKind::Member { base, .. } => {
                let slot = self.value(*base, None)?;
                match self.table.members.get(id) {
                    Some(Member::Port(port)) if self.is_end(slot) => Some((slot, *port)),
                    _ => {
                        self.op(Op::Use { slot, span: self.span(*base) });
                        None
                    }
                }
            }
            _ => None,
        }
    }

    fn is_end(&self, slot: Slot) -> bool {
        matches!(self.slots[slot as usize].kind, Kind::End(..))
    }

    /// A port as a value: whoever has it may use it.
    pub(super) fn port_value(&mut self, id: ExprId) {
        if let Some((slot, _)) = self.port(id) {
            self.op(Op::Use { slot, span: self.span(id) });
            self.op(Op::Forget { slot });
        }
    }

    /// What is received from, if it is a port of an end that is followed.
    pub(super) fn source(&mut self, id: ExprId) -> Option<(Slot, PortId)> {
        match self.table.sources.get(id) {
            Some(SourceKind::Port(_)) => self.port(id),
            Some(SourceKind::End(port)) => {
                let slot = self.value(id, None)?;
                self.is_end(slot).then_some((slot, *port))
            }
            _ => {
                self.used(id);
                None
            }
        }
    }

    pub(super) fn receive(
        &mut self,
        id: ExprId,
        source: ExprId,
        timeout: Option<ExprId>,
    ) -> Value {
        let port = self.source(source);
        if let Some(timeout) = timeout {
            self.used(timeout);
        }
        self.throws();
        if let Some((slot, port)) = port {
            let (how, span) = (How::Receive, self.span(source));
            self.op(Op::Step { slot, port, how, span });
        }
        let kind = self.kind(id)?;
        Some(self.temp(kind, arrived(kind, true, self.span(id))))
    }

    /// `target <-- value`; of a request it gives the correlator, which is not followed.
    pub(super) fn send(&mut self, id: ExprId, target: ExprId, value: ExprId) {
        let kind = self.table.sends.get(target).or_else(|| self.table.sends.get(id));
        match kind {
            Some(SendKind::Reply) => {
                let request = match &self.body.exprs[target].kind {
                    ExprKind::Port { base, .. } | ExprKind::Member { base, .. }
                        if self.table.members.get(target)
                            == Some(&Member::RequestReply) =>
                    {
                        *base
                    }
                    _ => target,
                };
                let slot = self.value(request, None);
                self.stored(value, Into::Message);
                if let Some(slot) = slot {
                    self.op(Op::Answer { slot, span: self.span(id) });
                }
            }
            Some(&(SendKind::Port(named) | SendKind::Request(named))) => {
                let port = self.port(target);
                self.stored(value, Into::Message);
                self.may_be_refused(id, named);
                self.sent(port, self.span(target));
            }
            Some(SendKind::End(port)) => {
                let slot = self.value(target, None);
                self.stored(value, Into::Message);
                self.may_be_refused(id, *port);
                let port = slot.filter(|it| self.is_end(*it)).map(|it| (it, *port));
                self.sent(port, self.span(target));
            }
            Some(SendKind::Target) | None => {
                self.used(target);
                self.stored(value, Into::Message);
                self.throws();
            }
        }
    }

    /// Where the port is full the message may not be taken, and nothing has moved.
    fn may_be_refused(&mut self, send: ExprId, port: PortId) {
        let policy = self.cx.program.ports[port].policy();
        if policy == Some(item::Policy::Fail) || self.body.strict.contains(send) {
            self.throws();
        }
    }

    fn sent(&mut self, port: Option<(Slot, PortId)>, span: Span) {
        if let Some((slot, port)) = port {
            self.op(Op::Step { slot, port, how: How::Send, span });
        }
    }

    /// `receive { … }`
    pub(super) fn receive_cases(&mut self, span: Span, cases: &'a [ReceiveCase]) {
        let word = Span { hi: span.hi.min(span.lo + 7), ..span };
        let mut ports = Vec::new();
        for case in cases {
            let mut of_case = Vec::new();
            match &case.kind {
                ReceiveCaseKind::From { sources, .. } => {
                    for source in sources {
                        let port = self.source(*source);
                        of_case.extend(port.map(|it| (it.0, it.1, self.span(*source))));
                    }
                }
                ReceiveCaseKind::Timeout(limit) => self.used(*limit),
                ReceiveCaseKind::Default => {}
            }
            // A case without a port of an end comes by itself.
            ports.push(of_case);
        }
        self.throws();
        let mut all = ports.iter().flatten();
        if let Some(&(slot, ..)) = all.next()
            && all.all(|it| it.0 == slot)
        {
            let of_case = |it: &Vec<(_, PortId, _)>| it.iter().map(|it| it.1).collect();
            let cases = ports.iter().map(of_case).collect();
            self.op(Op::Wait { slot, cases, span: word });
        }
        let (before, after) = (self.at, self.new_block());
        for (case, ports) in cases.iter().zip(ports) {
            self.at = before;
            self.go_on();
            let end = Span { lo: case.span.hi.saturating_sub(1), ..case.span };
            self.in_cases(after, |cx| cx.scope(end, |cx| cx.receive_case(case, &ports)));
            self.edge(self.at, after);
        }
        self.at = after;
    }

    fn receive_case(&mut self, case: &'a ReceiveCase, ports: &[(Slot, PortId, Span)]) {
        if let ReceiveCaseKind::From { sources, into, guard } = &case.kind {
            let span = sources.first().map_or(case.span, |it| self.span(*it));
            if let Some(guard) = guard {
                self.used(*guard);
            }
            let slots: BTreeSet<Slot> = ports.iter().map(|it| it.0).collect();
            for slot in slots {
                let of_slot = ports.iter().filter(|it| it.0 == slot);
                let ports: Vec<_> = of_slot.map(|it| (it.1, it.2)).collect();
                self.op(match ports[..] {
                    [(port, span)] => Op::Step { slot, port, how: How::Case, span },
                    _ => Op::Join { slot, ports },
                });
            }
            match into {
                Some(into) => self.bind_all(into, true, None, span),
                None => self.not_bound(sources),
            }
        }
        self.block(&case.body);
    }

    /// Messages of a case that nothing holds.
    fn not_bound(&mut self, sources: &[ExprId]) {
        for &source in sources {
            let Some(SourceKind::Port(port) | SourceKind::End(port)) =
                self.table.sources.get(source)
            else {
                continue;
            };
            if self.cx.program.ports[*port].reply.is_some() {
                let set = arrived(Kind::Request, true, self.span(source));
                self.temp(Kind::Request, set);
            }
        }
        self.end_temps();
    }
}
