//! The walk over places: assignments, changes in place, and where a value lives.

use super::unit::*;
use super::value::Use;
use super::walk::Walk;
use crate::hir::body::*;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::Member;

impl Walk<'_, '_> {
    /// The parts of a place that are evaluated when it is assigned, without reading it.
    pub(super) fn target(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Local(_) | ExprKind::This => {}
            ExprKind::Field(_) => self.field_used(),
            ExprKind::Member { base, .. } => match self.table.members.get(id) {
                Some(Member::Field(field)) => {
                    match self.cx.program.fields[*field].owner {
                        item::Owner::Record(_) => self.push_target(*base),
                        _ => self.field_used(),
                    }
                }
                Some(Member::NullableValue) => {
                    self.throws();
                    self.push_target(*base);
                }
                Some(Member::Property { method, .. }) => {
                    self.native(*method, self.span(id), None);
                    self.push_target(*base);
                }
                _ => self.push_target(*base),
            },
            ExprKind::Index { base, args, .. } => {
                self.throws();
                self.push_target(*base);
                self.push_all(args.iter().copied());
            }
            ExprKind::NonNull(operand) => {
                self.throws();
                self.push_target(*operand);
            }
            ExprKind::Tuple(items) => {
                for (_, item) in items {
                    self.write(*item, false);
                    self.push_target(*item);
                }
            }
            _ => self.push(id, Use::Stored),
        }
    }

    pub(super) fn field_used(&mut self) {
        if !matches!(self.body.context, Context::Record(_)) {
            self.uses_agent();
        }
    }

    pub(super) fn read(&mut self, field: FieldId, span: Span) {
        self.field_used();
        self.fact(span, FactKind::Read(field));
    }

    /// Notes that the value at `expr` changes; `reads`: and that the old one matters.
    pub(super) fn write(&mut self, expr: ExprId, reads: bool) {
        let span = self.span(expr);
        let whole = matches!(
            self.body.exprs[expr].kind,
            ExprKind::Local(_) | ExprKind::Field(_) | ExprKind::Tuple(_)
        );
        match self.place(expr) {
            Place::Field(field) => {
                self.field_used();
                self.fact(span, FactKind::Write(field));
                if reads || !whole {
                    let state = super::effects::of_read(self.cx.program, field);
                    self.here().direct.include(&state);
                }
            }
            Place::This => self.fact(span, FactKind::WriteThis),
            Place::Local(local) => {
                self.here().assigns.push((local, span));
                if whole {
                    self.cx.flow.assigned.insert((self.body_id, local));
                }
            }
            Place::Temporary => {}
        }
    }

    /// Where the value of `expr` lives.
    pub(super) fn place(&self, expr: ExprId) -> Place {
        let mut at = expr;
        loop {
            at = match &self.body.exprs[at].kind {
                ExprKind::Local(local) => return Place::Local(*local),
                ExprKind::Field(field) => return Place::Field(*field),
                ExprKind::This if matches!(self.body.context, Context::Record(_)) => {
                    return Place::This;
                }
                ExprKind::Index { base, .. } | ExprKind::NonNull(base) => *base,
                ExprKind::Member { base, .. } => match self.table.members.get(at) {
                    Some(Member::Field(field)) => {
                        let own = matches!(self.body.exprs[*base].kind, ExprKind::This);
                        match self.cx.program.fields[*field].owner {
                            item::Owner::Record(_) if !own => *base,
                            _ => return Place::Field(*field),
                        }
                    }
                    Some(
                        Member::TupleElement(_)
                        | Member::NullableValue
                        | Member::Property { .. },
                    ) => *base,
                    _ => return Place::Temporary,
                },
                _ => return Place::Temporary,
            };
        }
    }
}
