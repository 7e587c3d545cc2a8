//! `switch`, as a statement and as an expression.

use super::super::graph::*;
use super::super::status::Into;
use super::{Build, Value};
use crate::hir::ExprId;
use crate::hir::body::{Pattern, SwitchArm, SwitchSection};
use crate::support::span::Span;

impl<'a> Build<'a, '_> {
    fn subject(&mut self, subject: ExprId) -> Value {
        let value = self.value(subject, None);
        if let Some(slot) = value {
            self.op(Op::Use { slot, span: self.span(subject) });
        }
        value
    }

    pub(super) fn switch(
        &mut self,
        span: Span,
        subject: ExprId,
        sections: &'a [SwitchSection],
    ) {
        let value = self.subject(subject);
        let (mut next, after) = (self.at, self.new_block());
        let mut default = None;
        for section in sections {
            let body = self.new_block();
            let end = Span { lo: section.span.hi.saturating_sub(1), ..section.span };
            self.in_cases(after, |cx| {
                cx.scope(end, |cx| {
                    for label in &section.labels {
                        match &label.pattern {
                            Some(pattern) => {
                                next = cx.test(next, pattern, label.guard, value);
                                cx.edge(cx.at, body);
                            }
                            // It is tried last, wherever it stands.
                            None => default = Some(body),
                        }
                    }
                    cx.at = body;
                    cx.block(&section.body);
                });
            });
        }
        if let Some(body) = default {
            self.edge(next, body);
        } else if !self.table.exhaustive.contains(&span) {
            self.edge(next, after);
        }
        self.at = after;
    }

    pub(super) fn switch_expr(
        &mut self,
        id: ExprId,
        subject: ExprId,
        arms: &'a [SwitchArm],
    ) -> Value {
        let value = self.subject(subject);
        let slot = self.kind(id).map(|kind| self.new_slot(kind));
        let (mut next, after) = (self.at, self.new_block());
        for arm in arms {
            next = self.test(next, &arm.pattern, arm.guard, value);
            self.option(slot, arm.value);
            self.edge(self.at, after);
        }
        self.at = after;
        slot
    }

    /// Looks whether a case applies, which begins in the block `before`, and goes on where it does;
    /// gives the block where it does not. What a guard has done is done there, too; what the
    /// pattern takes is taken only where the guard holds.
    fn test(
        &mut self,
        before: BlockRef,
        pattern: &'a Pattern,
        guard: Option<ExprId>,
        subject: Value,
    ) -> BlockRef {
        self.at = before;
        let other = self.new_block();
        self.edge(before, other);
        let first = self.go_on();
        let (from, to) = self.pattern_parts(pattern, subject);
        if let Some(guard) = guard {
            self.used(guard);
            let holds = self.go_on();
            // A guard that gives a part away breaks the whole, whatever it answers.
            let broken = self.blocks[first as usize..holds as usize]
                .iter()
                .flat_map(|it| &it.ops)
                .any(|op| matches!(op, Op::Move { slot, .. } if to.contains(slot)));
            if broken {
                self.taken(from, pattern.span);
            }
            self.edge(self.at, other);
            if !broken {
                self.go_on();
                self.taken(from, pattern.span);
            }
        } else {
            self.taken(from, pattern.span);
        }
        other
    }

    /// What a pattern took parts from is whole no more.
    fn taken(&mut self, from: Value, span: Span) {
        if let Some(slot) = from {
            self.op(Op::Move { slot, to: None, into: Into::Value, span });
        }
    }
}
