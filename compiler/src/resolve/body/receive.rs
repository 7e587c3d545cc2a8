//! Cases of `receive { … }`. That a case can be taken at all is checked by `types`.

use super::BodyCx;
use super::env::Target;
use super::stmt::body_span;
use crate::hir::body::{
    Binding, Block, LocalKind, ReceiveCase, ReceiveCaseKind, TuplePattern,
    TuplePatternPart,
};
use crate::hir::{ExprId, LocalId};
use crate::resolve::{errors, types};
use crate::support::index::Id;
use crate::syntax::ast::{self, Ident};

impl<'a> BodyCx<'_, 'a> {
    pub(super) fn receive_case(&mut self, case: &'a ast::ReceiveCase) -> ReceiveCase {
        self.scoped(|this| {
            let kind = match &case.kind {
                ast::ReceiveCaseKind::From { sources, into, guard } => {
                    let sources: Vec<ExprId> =
                        sources.iter().map(|it| this.expr(it)).collect();
                    let into = into.as_ref().map(|it| this.receive_binding(it));
                    let guard = guard.as_ref().map(|it| this.expr(it));
                    ReceiveCaseKind::From { sources, into, guard }
                }
                ast::ReceiveCaseKind::Timeout(time) => {
                    ReceiveCaseKind::Timeout(this.expr(time))
                }
                ast::ReceiveCaseKind::Default => ReceiveCaseKind::Default,
            };
            let stmts = this.stmts(&case.body);
            let body = Block { span: body_span(case.span, &case.body), stmts };
            ReceiveCase { span: case.span, kind, body }
        })
    }

    fn receive_binding(&mut self, binding: &'a ast::ReceiveBinding) -> Binding {
        match binding {
            ast::ReceiveBinding::Single { ty, name } => {
                let ty = types::local(self.cx, self.scope, ty);
                Binding::Single(self.bind(name, LocalKind::Bound, ty))
            }
            ast::ReceiveBinding::Bare(name) => Binding::Single(self.bare_into(name)),
            ast::ReceiveBinding::Tuple(pattern) => {
                Binding::Tuple(self.into_tuple(pattern))
            }
        }
    }

    fn into_tuple(&mut self, pattern: &'a ast::TuplePattern) -> TuplePattern {
        let part = |part: &'a ast::TuplePatternPart| match part {
            ast::TuplePatternPart::Bare(name)
            | ast::TuplePatternPart::Name { name, .. }
                if &*name.name == "_" =>
            {
                TuplePatternPart::Discard(name.span)
            }
            ast::TuplePatternPart::Bare(name) => {
                TuplePatternPart::Local(self.bare_into(name))
            }
            ast::TuplePatternPart::Name { ty, name } => {
                let ty = types::local(self.cx, self.scope, ty);
                TuplePatternPart::Local(self.bind(name, LocalKind::Bound, ty))
            }
            ast::TuplePatternPart::Nested(inner) => {
                TuplePatternPart::Nested(self.into_tuple(inner))
            }
        };
        let parts = pattern.parts.iter().map(part).collect();
        TuplePattern { span: pattern.span, parts }
    }

    /// `into x`: a case declares its variable, and assigns no other one.
    fn bare_into(&mut self, name: &Ident) -> LocalId {
        let outer = match self.env.get(&name.name) {
            Some(Target::Local(id)) => Some(id),
            _ => None,
        };
        let declared = outer.map(|it| self.locals[it].span);
        self.report(errors::into_without_type(name, declared));
        // It counts as assigned behind the statement, which is what was meant.
        let id = outer.unwrap_or_else(|| self.bind_quietly(name, LocalKind::Bound, None));
        self.used[id.index()] = true;
        id
    }
}
