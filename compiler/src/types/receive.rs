//! `receive { … }`: what its cases take, and which cases it may have. What a source is,
//! `port` says; whether a guard has an effect, `isolation` does.

use super::cx::{Cx, Why};
use super::errors::receive as errors;
use super::flow::State;
use super::tables::SourceKind;
use crate::hir::body::{Binding, ReceiveCase, ReceiveCaseKind};
use crate::hir::ty::{MAX_TUPLE, Ty};
use crate::hir::*;
use crate::support::span::Span;

impl<'p> Cx<'p> {
    /// `receive { … }`: one of the cases runs.
    pub(super) fn receive_stmt(&mut self, span: Span, cases: &'p [ReceiveCase]) {
        self.receive_shape(span, cases);
        let before = self.flow.state.clone();
        let mut end = State::unreachable();
        for case in cases {
            self.flow.state = before.clone();
            match &case.kind {
                ReceiveCaseKind::From { sources, into, guard } => {
                    self.receive_from(case.span, sources, into.as_ref(), *guard);
                }
                ReceiveCaseKind::Timeout(time) => {
                    self.check(*time, &Ty::Duration, Why::Nothing);
                }
                ReceiveCaseKind::Default => {}
            }
            self.flow.split = None;
            let left = self.breakable_body(&case.body);
            end = end.join(&left).join(&self.flow.state);
        }
        self.flow.state = if cases.is_empty() { before } else { end };
    }

    /// At least one case, and at most one `timeout` and one `default`. Beside `default` a
    /// `timeout` never runs.
    fn receive_shape(&mut self, span: Span, cases: &[ReceiveCase]) {
        if cases.is_empty() {
            self.report(errors::no_cases(head(span, "receive")));
        }
        let (mut timeout, mut default) = (None, None);
        for case in cases {
            let (word, first) = match case.kind {
                ReceiveCaseKind::Timeout(_) => ("timeout", &mut timeout),
                ReceiveCaseKind::Default => ("default", &mut default),
                ReceiveCaseKind::From { .. } => continue,
            };
            let here = head(case.span, word);
            match *first {
                Some(first) => self.report(errors::second_case(word, here, first)),
                None => *first = Some(here),
            }
        }
        if let (Some(timeout), Some(default)) = (timeout, default) {
            self.report(errors::timeout_beside_default(timeout, default));
        }
    }

    fn receive_from(
        &mut self,
        span: Span,
        sources: &[ExprId],
        into: Option<&'p Binding>,
        guard: Option<ExprId>,
    ) {
        let elements: Vec<Ty> = sources
            .iter()
            .map(|it| {
                let element = self.source(*it).unwrap_or(Ty::Error);
                self.out.messages.insert(*it, element.clone());
                element
            })
            .collect();
        let message = match elements.as_slice() {
            [one] => one.clone(),
            _ if elements.iter().any(Ty::is_error) => Ty::Error,
            several if several.len() > MAX_TUPLE => {
                self.report(errors::wide_join(head(span, "from"), several.len()));
                Ty::Error
            }
            several => Ty::tuple(several.iter().cloned()),
        };
        let n_before = self.problems.len();
        match into {
            Some(Binding::Single(local)) => self.bind_one(*local, message),
            Some(Binding::Tuple(pattern)) => self.bind_tuple(pattern, &message),
            None => {}
        }
        self.explain_binding(n_before, sources);
        if let Some(guard) = guard {
            let (when_true, _) = self.condition(guard);
            self.flow.state = when_true;
        }
    }

    /// Shows at the declaration of the port what it carries, if that did not fit.
    fn explain_binding(&mut self, n_before: usize, sources: &[ExprId]) {
        let &[source] = sources else { return };
        let Some(SourceKind::Port(port)) = self.out.sources.get(source) else { return };
        let port = *port;
        for at in n_before..self.problems.len() {
            let problem = self.problems[at].clone();
            self.problems[at] = errors::carried_by(self, problem, port);
        }
    }
}

/// The word that a statement or case begins with.
fn head(span: Span, word: &str) -> Span {
    Span { hi: span.hi.min(span.lo + word.len() as u32), ..span }
}
