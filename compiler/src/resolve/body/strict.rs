//! Attributes before statements: `[NoDrop]` and `[NoSuspend]` before sends, `[Unordered]` before
//! networks.

use super::super::errors;
use super::BodyCx;
use crate::hir::ExprId;
use crate::hir::body::{ExprKind, Stmt, StmtKind};
use crate::syntax::ast;

/// What stands before statements.
const KNOWN: [&str; 3] = ["Unordered", "NoDrop", "NoSuspend"];

impl BodyCx<'_, '_> {
    /// The attributes of a statement, which has become `stmts`.
    pub(super) fn stmt_attributes(&mut self, stmt: &ast::Stmt, stmts: &[Stmt]) {
        for attribute in &stmt.attributes {
            let Some(name) = attribute.name.parts.last() else { continue };
            let (no_drop, no_suspend) = match &*name.name {
                // Order is a promise that may be kept even where it is not asked for.
                "Unordered" => continue,
                "NoDrop" => (true, false),
                "NoSuspend" => (false, true),
                _ => {
                    self.report(errors::unknown_attribute(name, &KNOWN));
                    continue;
                }
            };
            if let [first, .., last] | [first @ last] = &*attribute.args {
                let span = first.span.to(last.span);
                let what = format!("attribute `{}`", name.name);
                let n_args = attribute.args.len();
                self.report(errors::arguments(&what, "no arguments", n_args, span));
            }
            let sends: Vec<ExprId> =
                stmts.iter().filter_map(|it| self.send_of(it)).collect();
            if sends.is_empty() && !self.is_faulty(stmts) {
                let what = "this statement, which sends nothing itself";
                self.report(errors::misplaced_attribute(
                    name,
                    what,
                    &["a send statement"],
                ));
            }
            for send in sends {
                let mut strict = self.strict.get(send).copied().unwrap_or_default();
                strict.no_drop |= no_drop;
                strict.no_suspend |= no_suspend;
                self.strict.insert(send, strict);
            }
        }
    }

    /// The send that a statement consists of: by itself, as what a local begins with or is
    /// assigned, or as a request whose reply is received at once.
    fn send_of(&self, stmt: &Stmt) -> Option<ExprId> {
        let mut at = match stmt.kind {
            StmtKind::Expr(expr) => expr,
            StmtKind::Local { init, .. } => init?,
            StmtKind::Return(value) => value?,
            _ => return None,
        };
        loop {
            at = match self.exprs[at].kind {
                ExprKind::Send { .. } => return Some(at),
                ExprKind::Assign { value, .. } => value,
                ExprKind::Receive { source, .. } => source,
                _ => return None,
            };
        }
    }

    /// Whether what the statement does is not known, because of a fault that was reported.
    fn is_faulty(&self, stmts: &[Stmt]) -> bool {
        stmts.iter().any(|it| match it.kind {
            StmtKind::Error => true,
            StmtKind::Expr(expr) => match self.exprs[expr].kind {
                ExprKind::Call { callee, .. } => {
                    matches!(self.exprs[callee].kind, ExprKind::Error)
                }
                ExprKind::Error => true,
                _ => false,
            },
            _ => false,
        })
    }
}
