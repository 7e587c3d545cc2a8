//! `switch`, as a statement and as an expression.

use super::super::graph::*;
use super::{Build, Value};
use crate::hir::ExprId;
use crate::hir::body::{SwitchArm, SwitchSection};
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
        let default =
            sections.iter().flat_map(|it| &it.labels).any(|it| it.pattern.is_none());
        let (before, after) = (self.at, self.new_block());
        if !default && !self.table.exhaustive.contains(&span) {
            self.edge(before, after);
        }
        for section in sections {
            self.at = before;
            self.go_on();
            let end = Span { lo: section.span.hi.saturating_sub(1), ..section.span };
            self.in_cases(after, |cx| {
                cx.scope(end, |cx| {
                    for label in &section.labels {
                        if let Some(pattern) = &label.pattern {
                            cx.pattern(pattern, value);
                        }
                        if let Some(guard) = label.guard {
                            cx.used(guard);
                        }
                    }
                    cx.block(&section.body);
                });
            });
            self.edge(self.at, after);
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
        let (before, after) = (self.at, self.new_block());
        for arm in arms {
            self.at = before;
            self.go_on();
            self.pattern(&arm.pattern, value);
            if let Some(guard) = arm.guard {
                self.used(guard);
            }
            self.option(slot, arm.value);
            self.edge(self.at, after);
        }
        self.at = after;
        slot
    }
}
