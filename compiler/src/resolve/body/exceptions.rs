//! `try`, `catch` and `throw`, as statements and as expressions. Whether what is thrown or
//! caught is an exception is checked by `types`.

use super::BodyCx;
use crate::hir::ExprId;
use crate::hir::body::{Catch, ExprKind, LocalKind, StmtKind};
use crate::resolve::{errors, types};
use crate::support::span::Span;
use crate::syntax::ast;

impl<'a> BodyCx<'_, 'a> {
    pub(super) fn try_kind(
        &mut self,
        body: &'a ast::Block,
        catches: &'a [ast::Catch],
        finally: Option<&'a ast::Block>,
    ) -> StmtKind {
        let body = self.block(body);
        let catches =
            catches.iter().map(|it| self.scoped(|this| this.catch(it))).collect();
        let finally = finally.map(|it| {
            let around = std::mem::replace(&mut self.in_finally, true);
            let block = self.block(it);
            self.in_finally = around;
            block
        });
        StmtKind::Try { body, catches, finally }
    }

    fn catch(&mut self, catch: &'a ast::Catch) -> Catch {
        let ty =
            catch.ty.as_ref().map(|it| (types::value(self.cx, self.scope, it), it.span));
        let local = catch.name.as_ref().map(|name| {
            let ty = ty.as_ref().map(|it| it.0.clone());
            self.bind(name, LocalKind::Bound, ty)
        });
        let filter = catch.filter.as_ref().map(|it| self.expr(it));
        let body = self.block(&catch.body);
        Catch { span: catch.span, ty, local, filter, body }
    }

    pub(super) fn throw_kind(&mut self, value: Option<&'a ast::Expr>) -> StmtKind {
        StmtKind::Throw(value.map(|it| self.expr(it)))
    }

    /// An expression in a place where `throw` may stand instead of a value.
    pub(super) fn value_or_throw(&mut self, expr: &'a ast::Expr) -> ExprId {
        match &*expr.kind {
            ast::ExprKind::Paren(inner) => self.value_or_throw(inner),
            ast::ExprKind::Throw(value) => {
                let value = self.expr(value);
                self.push(expr.span, ExprKind::Throw(value))
            }
            _ => self.expr(expr),
        }
    }

    /// `throw` where a value is needed.
    pub(super) fn misplaced_throw(
        &mut self,
        span: Span,
        value: &'a ast::Expr,
    ) -> ExprKind {
        let head = Span { hi: span.lo + 5, ..span };
        self.report(errors::misplaced_throw(head));
        self.expr(value);
        ExprKind::Error
    }
}
