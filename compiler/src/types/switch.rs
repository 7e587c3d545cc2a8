//! `switch`, as a statement and as an expression, and the cases of `receive { }`.

use super::cx::{Breakable, Cx, Why};
use super::errors::flow;
use super::exhaustive::Cover;
use super::flow::State;
use super::pattern::Bound;
use super::ty::is_known;
use crate::hir::body::{
    Binding, PatternKind, ReceiveCase, ReceiveCaseKind, SwitchArm, SwitchLabel,
    SwitchSection,
};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

impl<'p> Cx<'p> {
    /// The subject of a switch, with its null if it has one.
    fn subject(&mut self, subject: ExprId) -> Ty {
        let ty = self.value(subject);
        self.flow.split = None;
        self.as_declared(subject, ty)
    }

    pub(super) fn switch_stmt(
        &mut self,
        span: Span,
        subject: ExprId,
        sections: &'p [SwitchSection],
    ) {
        let ty = self.subject(subject);
        let mut before = self.flow.state.clone();
        let mut rows = Vec::new();
        let mut has_default = false;
        let mut end = State::unreachable();
        for (at, section) in sections.iter().enumerate() {
            self.flow.state = before.clone();
            let state =
                self.labels(subject, &ty, &section.labels, &mut before, &mut rows);
            has_default |= section.labels.iter().any(|it| it.pattern.is_none());
            self.flow.state = state;
            let left = self.breakable_body(&section.body);
            end = end.join(&left);
            if self.flow.state.dead {
                continue;
            }
            if at + 1 < sections.len() {
                self.report(flow::falls_through(section, &sections[at + 1]));
            } else {
                end = end.join(&self.flow.state);
            }
        }
        let covered = has_default || self.covers_all(&ty, &rows);
        if covered {
            self.out.exhaustive.insert(span);
        } else {
            if must_cover(&ty) {
                let keyword = Span { hi: span.lo + 6, ..span };
                self.report_uncovered(keyword, subject, &ty, &rows);
                // What follows is not to blame for the missing case.
                self.flow.warned = end.dead;
            } else {
                end = end.join(&before);
            }
        }
        self.flow.state = end;
    }

    /// Checks the labels of a section; gives the state in which its body starts. What no
    /// label lets through is known behind it.
    fn labels(
        &mut self,
        subject: ExprId,
        ty: &Ty,
        labels: &'p [SwitchLabel],
        behind: &mut State,
        rows: &mut Vec<Cover>,
    ) -> State {
        let mut start = State::unreachable();
        for label in labels {
            let mut state = behind.clone();
            let Some(pattern) = &label.pattern else {
                start = start.join(&state);
                continue;
            };
            let mut bound = Bound::default();
            self.flow.state = state.clone();
            let cover = self.pattern(pattern, ty, &mut bound);
            self.bind_matched(&mut state, subject, pattern, &bound);
            match label.guard {
                Some(guard) => {
                    self.flow.state = state;
                    let (when_true, _) = self.condition(guard);
                    state = when_true;
                }
                None => {
                    rows.push(cover);
                    if matches!(pattern.kind, PatternKind::Null) {
                        self.learn_non_null(behind, subject);
                    }
                }
            }
            start = start.join(&state);
        }
        start
    }

    /// Checks a body that `break` leaves; gives the state where it was left so.
    fn breakable_body(&mut self, body: &'p body::Block) -> State {
        self.breakables.push(Breakable {
            is_loop: false,
            breaks: State::unreachable(),
            continues: State::unreachable(),
        });
        self.block(body);
        self.breakables.pop().expect("pushed above").breaks
    }

    fn covers_all(&self, ty: &Ty, rows: &[Cover]) -> bool {
        ty.is_error() || self.shared.uncovered(ty, rows).is_empty()
    }

    fn report_uncovered(&mut self, span: Span, subject: ExprId, ty: &Ty, rows: &[Cover]) {
        let missing = self.shared.uncovered(ty, rows);
        let problem = flow::not_exhaustive(self, span, subject, ty, &missing);
        self.report(problem);
    }

    pub(super) fn switch_expr(
        &mut self,
        id: ExprId,
        subject: ExprId,
        arms: &'p [SwitchArm],
        hint: Option<&Ty>,
    ) -> Ty {
        let ty = self.subject(subject);
        let wanted = hint.filter(|it| is_known(it) && **it != Ty::Void).cloned();
        let mut behind = self.flow.state.clone();
        let mut rows = Vec::new();
        let mut found = Vec::new();
        let mut end = State::unreachable();
        for arm in arms {
            let mut state = behind.clone();
            let mut bound = Bound::default();
            self.flow.state = state.clone();
            let cover = self.pattern(&arm.pattern, &ty, &mut bound);
            self.bind_matched(&mut state, subject, &arm.pattern, &bound);
            self.flow.state = state;
            match arm.guard {
                Some(guard) => {
                    let (when_true, _) = self.condition(guard);
                    self.flow.state = when_true;
                }
                None => {
                    rows.push(cover);
                    if matches!(arm.pattern.kind, PatternKind::Null) {
                        self.learn_non_null(&mut behind, subject);
                    }
                }
            }
            let value = self.branch(arm.value, wanted.as_ref());
            self.flow.split = None;
            if value != Ty::Never {
                end = end.join(&self.flow.state);
            }
            found.push((arm.value, value));
        }
        self.flow.state = end;
        let span = self.span(id);
        if self.covers_all(&ty, &rows) {
            self.out.exhaustive.insert(span);
        } else {
            self.report_uncovered(span, subject, &ty, &rows);
        }
        match wanted {
            Some(wanted) => wanted,
            None => self.common(&found).unwrap_or(Ty::Error),
        }
    }

    /// `receive { … }`: one of the cases runs.
    pub(super) fn receive_stmt(&mut self, cases: &'p [ReceiveCase]) {
        let before = self.flow.state.clone();
        let mut end = State::unreachable();
        for case in cases {
            self.flow.state = before.clone();
            match &case.kind {
                ReceiveCaseKind::From { sources, into, guard } => {
                    self.receive_from(sources, into.as_ref(), *guard);
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

    fn receive_from(
        &mut self,
        sources: &[ExprId],
        into: Option<&'p Binding>,
        guard: Option<ExprId>,
    ) {
        let elements: Vec<Ty> =
            sources.iter().map(|it| self.source(*it).unwrap_or(Ty::Error)).collect();
        let message = match elements.as_slice() {
            [one] => one.clone(),
            _ if elements.iter().any(Ty::is_error) => Ty::Error,
            several => Ty::tuple(several.iter().cloned()),
        };
        match into {
            Some(Binding::Single(local)) => self.bind_one(*local, message),
            Some(Binding::Tuple(pattern)) => self.bind_tuple(pattern, &message),
            None => {}
        }
        if let Some(guard) = guard {
            let (when_true, _) = self.condition(guard);
            self.flow.state = when_true;
        }
    }
}

/// Whether a `switch` statement over this type must cover every value (decision 27).
fn must_cover(ty: &Ty) -> bool {
    match ty {
        Ty::Bool | Ty::Enum(..) | Ty::Nullable(_) => true,
        Ty::Tuple(elements) => elements.iter().all(|it| must_cover(&it.ty)),
        _ => false,
    }
}
