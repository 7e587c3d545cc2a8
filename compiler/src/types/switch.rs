//! `switch`, as a statement and as an expression, and the cases of `receive { }`.

use super::cx::{Breakable, Cx};
use super::errors::{flow, patterns};
use super::exhaustive::{Case, Cover};
use super::flow::State;
use super::pattern::Bound;
use super::ty::is_known;
use crate::hir::body::{
    Pattern, PatternKind, StmtKind, SwitchArm, SwitchLabel, SwitchSection,
};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

impl<'p> Cx<'p> {
    /// The subject of a switch, with its null if it has one.
    fn subject<'a>(
        &mut self,
        subject: ExprId,
        patterns: impl Iterator<Item = &'a Pattern>,
    ) -> Ty {
        let ty = self.value(subject);
        self.flow.split = None;
        let ty = self.as_declared(subject, ty);
        self.matched(subject, ty, patterns)
    }

    pub(super) fn switch_stmt(
        &mut self,
        span: Span,
        subject: ExprId,
        sections: &'p [SwitchSection],
    ) {
        let labels = sections.iter().flat_map(|it| &it.labels);
        let ty = self.subject(subject, labels.filter_map(|it| it.pattern.as_ref()));
        for stmt in sections.iter().flat_map(|it| &it.body.stmts) {
            match stmt.kind {
                StmtKind::Local { local, .. }
                    if self.body.locals[local].across_sections =>
                {
                    self.flow.declare_unassigned(local);
                }
                _ => {}
            }
        }
        let mut before = self.flow.state.clone();
        let mut cases = Vec::new();
        let mut default = None;
        let mut runs_on = false;
        let mut end = State::unreachable();
        for (at, section) in sections.iter().enumerate() {
            self.flow.state = before.clone();
            let state =
                self.labels(subject, &ty, &section.labels, &mut before, &mut cases);
            if let Some(label) = section.labels.iter().find(|it| it.pattern.is_none()) {
                default = Some((label.span, section.labels.len() == 1));
            }
            self.flow.state = state;
            let left = self.breakable_body(&section.body);
            end = end.join(&left);
            let lost = matches!(
                section.body.stmts.last().map(|it| &it.kind),
                Some(StmtKind::Error)
            );
            if lost {
                // It may have been meant to leave: `goto case 2;`
                runs_on = true;
            } else if !self.flow.state.dead && !section.labels.is_empty() {
                self.report(flow::falls_through(section, sections.get(at + 1)));
                runs_on = true;
            }
        }
        let n_labels = cases.len();
        if let Some((span, _)) = default {
            // Wherever it stands, it is tried last.
            cases.push(Case { cover: Cover::All, guarded: false, broken: false, span });
        }
        let keyword = Span { hi: span.lo + 6, ..span };
        let alone = default.is_some_and(|it| it.1);
        if self.judge(Some(keyword), subject, &ty, &cases, alone.then_some(n_labels)) {
            self.out.exhaustive.insert(span);
        } else if must_cover(&ty) {
            runs_on = true;
        } else {
            end = end.join(&before);
        }
        if runs_on {
            // What follows is not to blame for the missing case or `break`.
            self.flow.warned = end.dead;
        }
        self.flow.state = end;
    }

    /// Asks whether the cases cover every value and each of them some, and reports; says
    /// whether all are covered. `default` is the case that is one of its own, if any.
    fn judge(
        &mut self,
        keyword: Option<Span>,
        subject: ExprId,
        ty: &Ty,
        cases: &[Case],
        default: Option<usize>,
    ) -> bool {
        if ty.is_error() || cases.iter().any(|it| it.broken) {
            return true;
        }
        let verdict = self.shared.judge(ty, cases);
        for useless in &verdict.useless {
            let is_default = default == Some(useless.case);
            if default.is_none() && keyword.is_some() && useless.case + 1 == cases.len() {
                // It shares its section with cases, for whom it stands too.
                if matches!(cases[useless.case].cover, Cover::All) {
                    continue;
                }
            }
            let span = cases[useless.case].span;
            self.report(match useless.alternative {
                Some(span) => patterns::useless_alternative(span, &useless.by),
                None => patterns::useless_case(is_default, span, &useless.by),
            });
        }
        if verdict.exhaustive() {
            return true;
        }
        if keyword.is_none() || must_cover(ty) {
            self.report(if verdict.unknown {
                patterns::too_many_combinations(self, keyword, subject)
            } else {
                patterns::not_exhaustive(self, keyword, subject, ty, &verdict.missing)
            });
        }
        false
    }

    /// Checks the labels of a section; gives the state in which its body starts. What no
    /// label lets through is known behind it.
    fn labels(
        &mut self,
        subject: ExprId,
        ty: &Ty,
        labels: &'p [SwitchLabel],
        behind: &mut State,
        cases: &mut Vec<Case>,
    ) -> State {
        let mut start = State::unreachable();
        for label in labels {
            match &label.pattern {
                Some(pattern) => {
                    let case = (pattern, label.guard);
                    let state = self.one_case(subject, ty, case, behind, cases);
                    start = start.join(&state);
                }
                None => start = start.join(behind),
            }
        }
        start
    }

    /// Checks a pattern with its guard; gives the state where it matched.
    fn one_case(
        &mut self,
        subject: ExprId,
        ty: &Ty,
        (pattern, guard): (&Pattern, Option<ExprId>),
        behind: &mut State,
        cases: &mut Vec<Case>,
    ) -> State {
        let mut state = behind.clone();
        let mut bound = Bound::default();
        self.flow.state = state.clone();
        let (cover, broken) = self.whole_pattern(pattern, ty, &mut bound);
        self.bind_matched(&mut state, subject, pattern, &bound);
        let mut guarded = false;
        if let Some(guard) = guard {
            self.flow.state = state;
            let (when_true, when_false) = self.condition(guard);
            // `when true` turns nothing away.
            guarded = !when_false.dead;
            state = when_true;
        }
        if !guarded && matches!(pattern.kind, PatternKind::Null) {
            self.learn_non_null(behind, subject);
        }
        cases.push(Case { cover, guarded, broken, span: pattern.span });
        state
    }

    /// Checks a body that `break` leaves; gives the state where it was left so.
    pub(super) fn breakable_body(&mut self, body: &'p body::Block) -> State {
        self.breakables.push(Breakable {
            is_loop: false,
            breaks: State::unreachable(),
            continues: State::unreachable(),
        });
        self.block(body);
        self.breakables.pop().expect("pushed above").breaks
    }

    pub(super) fn switch_expr(
        &mut self,
        id: ExprId,
        subject: ExprId,
        arms: &'p [SwitchArm],
        hint: Option<&Ty>,
    ) -> Ty {
        let ty = self.subject(subject, arms.iter().map(|it| &it.pattern));
        let wanted = hint.filter(|it| is_known(it) && **it != Ty::Void).cloned();
        let mut behind = self.flow.state.clone();
        let mut cases = Vec::new();
        let mut found = Vec::new();
        let mut end = State::unreachable();
        for arm in arms {
            let case = (&arm.pattern, arm.guard);
            self.flow.state = self.one_case(subject, &ty, case, &mut behind, &mut cases);
            let value = self.branch(arm.value, wanted.as_ref());
            self.flow.split = None;
            if value != Ty::Never {
                end = end.join(&self.flow.state);
            }
            found.push((arm.value, value));
        }
        self.flow.state = end;
        if self.judge(None, subject, &ty, &cases, None) {
            self.out.exhaustive.insert(self.span(id));
        }
        match wanted {
            Some(wanted) => wanted,
            None => self.common(&found).unwrap_or(Ty::Error),
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
