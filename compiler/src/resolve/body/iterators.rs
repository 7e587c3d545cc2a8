//! `yield return` and `yield break`: they make the code around them an iterator. What an
//! iterator must return is for `types`.

use super::BodyCx;
use crate::hir::body::StmtKind;
use crate::resolve::errors;
use crate::support::span::Span;
use crate::syntax::ast;

impl<'a> BodyCx<'_, 'a> {
    pub(super) fn yield_return(&mut self, span: Span, value: &'a ast::Expr) -> StmtKind {
        let here = self.may_yield(span);
        let value = self.expr(value);
        if here { StmtKind::YieldReturn(value) } else { StmtKind::Error }
    }

    pub(super) fn yield_break(&mut self, span: Span) -> StmtKind {
        if self.may_yield(span) { StmtKind::YieldBreak } else { StmtKind::Error }
    }

    /// Notes that the code around yields; reports it in a lambda, which cannot.
    fn may_yield(&mut self, span: Span) -> bool {
        if self.in_lambda {
            self.report(errors::yield_in_lambda(Span { hi: span.lo + 5, ..span }));
            self.incomplete = true;
            return false;
        }
        if self.in_finally {
            self.report(errors::yield_in_finally(Span { hi: span.lo + 5, ..span }));
            self.incomplete = true;
        }
        self.iterator = true;
        !self.in_finally
    }
}
