//! `switch` as a statement and as an expression → `match`.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::body::{
    Pattern as HirPattern, PatternKind, Stmt as HirStmt, StmtKind as HirKind, SwitchArm,
    SwitchLabel, SwitchSection,
};
use crate::hir::ty::Ty;
use crate::hir::{ExprId, LocalId};
use crate::ir::{Arm, BinaryOp, Block, Expr, ExprKind, Literal, Pattern};
use crate::support::span::Span;
use crate::types::tables::Constant;

use super::body::{Fx, ScopeKind, SlotKind};
use super::build::{stmt_block, value_block};
use super::pattern::{Beside, binds, bound, conjunction};

const COVERED: &str = "the cases cover every value";

/// One arm before its body is lowered.
struct Head<'p> {
    span: Span,
    /// Empty for `default`.
    patterns: Vec<&'p HirPattern>,
    guard: Option<ExprId>,
    /// The labels of the patterns, if there are several with variables or guards.
    labels: Vec<&'p SwitchLabel>,
}

impl Fx<'_, '_> {
    pub(super) fn switch(
        &mut self,
        span: Span,
        subject: ExprId,
        sections: &[SwitchSection],
    ) {
        let at = self.at;
        for stmt in sections.iter().flat_map(|it| &it.body.stmts) {
            match stmt.kind {
                HirKind::Local { local, .. }
                    if self.frame.body.locals[local].across_sections =>
                {
                    self.new_local(local, None);
                }
                _ => {}
            }
        }
        let mut arms: Vec<(Head<'_>, &SwitchSection)> = Vec::new();
        for section in sections {
            arms.extend(self.heads(section).into_iter().map(|it| (it, section)));
        }
        // `default` is looked at last, wherever it stands.
        arms.sort_by_key(|it| it.0.patterns.is_empty());
        let heads: Vec<&Head<'_>> = arms.iter().map(|it| &it.0).collect();
        let (subject, ty, text) = self.subject(subject, &heads);
        let held = self.held;
        let mut after = true;
        let (label, (mut lowered, open)) = self.scope(ScopeKind::Leave, |cx| {
            let mut lowered = Vec::new();
            let mut open = false;
            for (head, section) in &arms {
                cx.held = held;
                let (arm, narrowed) = cx.arm(head, (&ty, text), |cx| {
                    cx.block(|cx| cx.stmts(without_break(&section.body.stmts)))
                });
                open |= narrowed;
                after &= cx.held;
                lowered.push(arm);
            }
            (lowered, open)
        });
        self.held = after && held;
        let exhaustive = self.frame.types.exhaustive.contains(&span);
        if (open || !exhaustive) && !has_rest(&lowered) {
            // What is left over runs on behind the switch, if anything is.
            let rest = match exhaustive {
                true => value_block(at.expr(ExprKind::Unreachable(COVERED))),
                false => stmt_block(vec![]),
            };
            lowered.push(at.arm(Pattern::Wildcard, None, rest));
        }
        let matching = at.matching(subject, lowered);
        match label {
            Some(label) => {
                let block = stmt_block(vec![at.stmt(matching)]);
                self.push_expr(at.expr(ExprKind::Labeled(label, block)));
            }
            None => self.push_expr(matching),
        }
    }

    pub(super) fn switch_value(
        &mut self,
        id: ExprId,
        subject: ExprId,
        arms: &[SwitchArm],
    ) -> Expr {
        let at = self.at;
        let mut heads: Vec<(Head<'_>, &SwitchArm)> = arms
            .iter()
            .map(|arm| {
                let patterns = match (&arm.pattern.kind, arm.guard) {
                    (PatternKind::Wildcard, None) => vec![],
                    _ => vec![&arm.pattern],
                };
                (Head { span: arm.span, patterns, guard: arm.guard, labels: vec![] }, arm)
            })
            .collect();
        // What stands behind a case for everything is never reached.
        if let Some(rest) = heads.iter().position(|it| it.0.patterns.is_empty()) {
            heads.truncate(rest + 1);
        }
        let refs: Vec<&Head<'_>> = heads.iter().map(|it| &it.0).collect();
        let (subject, ty, text) = self.subject(subject, &refs);
        let held = self.held;
        let (mut after, mut open) = (true, false);
        let mut lowered = Vec::new();
        for (head, arm) in &heads {
            self.held = held;
            let (arm, narrowed) = self
                .arm(head, (&ty, text), |cx| cx.value_block(|cx| cx.value(arm.value)));
            open |= narrowed;
            after &= self.held;
            lowered.push(arm);
        }
        self.held = after && held;
        self.at = at;
        let span = self.frame.body.exprs[id].span;
        let exhaustive = self.frame.types.exhaustive.contains(&span) && !open;
        if !exhaustive && !has_rest(&lowered) {
            let never = at.expr(ExprKind::Unreachable(COVERED));
            lowered.push(at.arm(Pattern::Wildcard, None, value_block(never)));
        }
        at.matching(subject, lowered)
    }

    /// Arms of one section: one for all labels, and one more where `default` is among
    /// labels that ask something.
    fn heads<'p>(&self, section: &'p SwitchSection) -> Vec<Head<'p>> {
        let plain = section.labels.iter().all(|it| {
            it.guard.is_none() && it.pattern.as_ref().is_none_or(|it| !binds(it))
        });
        let rest = section.labels.iter().any(|it| it.pattern.is_none());
        let span = section.span;
        let labels = || section.labels.iter().filter(|it| it.pattern.is_some());
        let patterns = || labels().filter_map(|it| it.pattern.as_ref());
        let default = || Head { span, patterns: vec![], guard: None, labels: vec![] };
        if plain {
            let patterns = if rest { vec![] } else { patterns().collect() };
            return vec![Head { span, patterns, guard: None, labels: vec![] }];
        }
        let labels: Vec<&SwitchLabel> = labels().collect();
        let mut heads = vec![Head {
            span,
            patterns: patterns().collect(),
            guard: labels.first().and_then(|it| it.guard).filter(|_| labels.len() == 1),
            labels: if labels.len() == 1 { vec![] } else { labels },
        }];
        if rest {
            heads.push(default());
        }
        heads
    }

    /// What the arms look at, its type, and whether it is looked at as plain text.
    fn subject(&mut self, id: ExprId, heads: &[&Head<'_>]) -> (Expr, Ty, bool) {
        let at = self.at;
        let ty = self.converted_ty(id);
        let mut patterns = heads.iter().flat_map(|it| &it.patterns);
        let value = self.value(id);
        self.at = at;
        if patterns.clone().any(|it| self.moves(it)) {
            return (value, ty, false);
        }
        let value = match value.kind {
            ExprKind::Clone(place) => *place,
            _ => value,
        };
        if ty == Ty::String && patterns.all(|it| self.is_text(it)) {
            return (at.method(value, "as_str", vec![]), ty, true);
        }
        (value, ty, false)
    }

    fn is_text(&self, it: &HirPattern) -> bool {
        match &it.kind {
            PatternKind::Wildcard => true,
            PatternKind::Constant(id) => {
                matches!(self.frame.types.constants.get(*id), Some(Constant::String(_)))
                    || self.constant_text(*id).is_some()
            }
            PatternKind::Or(a, b) => self.is_text(a) && self.is_text(b),
            _ => false,
        }
    }

    fn text_pattern(&self, it: &HirPattern) -> Pattern {
        match &it.kind {
            PatternKind::Constant(id) => match self.constant_text(*id) {
                Some(text) => Pattern::Literal(Literal::Text(text.into())),
                None => Pattern::Wildcard,
            },
            PatternKind::Or(a, b) => {
                Pattern::Or(vec![self.text_pattern(a), self.text_pattern(b)])
            }
            _ => Pattern::Wildcard,
        }
    }

    /// One arm; also whether it matches less than its pattern says to the target.
    fn arm(
        &mut self,
        head: &Head<'_>,
        (ty, text): (&Ty, bool),
        body: impl FnOnce(&mut Self) -> Block,
    ) -> (Arm, bool) {
        let at = self.go(head.span);
        let mut beside = Beside::default();
        if !head.labels.is_empty() {
            let var = self.temp();
            let found = self.any_label(&head.labels, at.deref(at.var(var)), ty);
            self.at = at;
            let body = body(self);
            return (at.arm(Pattern::RefVar(var), Some(found), body), true);
        }
        let pattern = match &head.patterns[..] {
            [] => Pattern::Wildcard,
            [one] if text => self.text_pattern(one),
            many if text => {
                Pattern::Or(many.iter().map(|it| self.text_pattern(it)).collect())
            }
            [one] => self.pattern(one, ty, true, &mut beside),
            many => self.alternatives(many, ty, &mut beside),
        };
        let narrowed = !beside.conditions.is_empty();
        let mut conditions = beside.conditions;
        if let Some(guard) = head.guard {
            conditions.push(self.guard_behind(&beside.inner, guard));
        }
        self.at = at;
        let guard = conjunction(at, conditions);
        let body = self.opened(beside.inner, body);
        (at.arm(pattern, guard, body), narrowed)
    }

    /// `when guard`, behind the parts that it uses.
    fn guard_behind(&mut self, inner: &[(Expr, &HirPattern, Ty)], guard: ExprId) -> Expr {
        let at = self.at;
        let (stmts, value) = self.seq(|cx| {
            let inner = cx.used_parts(inner, guard);
            let block = cx.opened(inner, |cx| cx.value_block(|cx| cx.value(guard)));
            match (block.stmts.is_empty(), block.value) {
                (true, Some(value)) => *value,
                (_, value) => {
                    at.expr(ExprKind::Block(Block { stmts: block.stmts, value }))
                }
            }
        });
        at.block(stmts, value)
    }

    /// Whether one of several labels lets the value through: a condition that fills the
    /// slots of the variables that the label binds.
    fn any_label(&mut self, labels: &[&SwitchLabel], part: Expr, ty: &Ty) -> Expr {
        let at = self.at;
        let patterns = || labels.iter().filter_map(|it| it.pattern.as_ref());
        let moves = patterns().any(|it| self.moves(it));
        let locals: BTreeSet<LocalId> = patterns().flat_map(bound).collect();
        let mut slots = BTreeMap::new();
        let mut lowered = Vec::new();
        for label in labels {
            let Some(it) = &label.pattern else { continue };
            let mut beside = Beside::default();
            let pattern = self.pattern(it, ty, true, &mut beside);
            let mut conditions = beside.conditions;
            if let Some(guard) = label.guard {
                conditions.push(self.guard_behind(&beside.inner, guard));
            }
            let body = self.opened(beside.inner, |cx| {
                let stores = bound(it).into_iter().map(|local| {
                    let found = cx.slot(local).var;
                    let slot = *slots.entry(local).or_insert_with(|| {
                        let name = cx.frame.body.locals[local].name.clone();
                        cx.new_var(&name)
                    });
                    let store = at.assign(at.var(slot), at.some(at.var(found)));
                    at.stmt(store)
                });
                let stmts = stores.collect();
                crate::ir::Block { stmts, value: Some(Box::new(at.bool(true))) }
            });
            lowered.push(at.arm(pattern, conjunction(at, conditions), body));
        }
        let never = value_block(at.bool(false));
        lowered.push(at.arm(Pattern::Wildcard, None, never));
        for local in locals {
            let Some(&slot) = slots.get(&local) else { continue };
            self.place_local(local, slot, SlotKind::Late);
            let declared = self.local_ty(local);
            let declared = crate::ir::Ty::Option(Box::new(self.lower.ty(&declared)));
            let none = at.expr(ExprKind::None);
            self.late_slots.push(at.bind(Pattern::Var(slot), Some(declared), Some(none)));
        }
        let subject = if moves { at.clone(part) } else { part };
        at.matching(subject, lowered)
    }

    /// Several patterns that bind nothing.
    fn alternatives(
        &mut self,
        many: &[&HirPattern],
        ty: &Ty,
        beside: &mut Beside<'_>,
    ) -> Pattern {
        let mut simple = Beside::default();
        let mut parts = Vec::new();
        for it in many {
            match self.pattern(it, ty, false, &mut simple) {
                Pattern::Or(more) => parts.extend(more),
                one => parts.push(one),
            }
        }
        if simple.conditions.is_empty() {
            return Pattern::Or(parts);
        }
        let (at, var) = (self.at, self.temp());
        let part = at.deref(at.var(var));
        let mut tests = Vec::new();
        for it in many {
            tests.push(self.test(it, part.clone(), ty));
        }
        let any = tests.into_iter().reduce(|a, b| at.binary(BinaryOp::Or, a, b));
        beside.conditions.extend(any);
        Pattern::RefVar(var)
    }
}

/// Whether the arms have one for everything.
fn has_rest(arms: &[Arm]) -> bool {
    arms.iter().any(|it| {
        it.guard.is_none() && matches!(it.pattern, Pattern::Wildcard | Pattern::Var(_))
    })
}

/// A section without the `break` at its end, which the target does not need.
pub(super) fn without_break(stmts: &[HirStmt]) -> &[HirStmt] {
    match stmts.split_last() {
        Some((last, rest)) if matches!(last.kind, HirKind::Break) => rest,
        _ => stmts,
    }
}
