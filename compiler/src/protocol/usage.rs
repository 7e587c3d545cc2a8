//! Requests that are answered twice. It follows the statements of each body and knows, at
//! every answer, whether all paths to it have answered already; answers inside larger
//! expressions and by other methods are left to the runtime.

use std::collections::{BTreeMap, BTreeSet};

use super::errors;
use crate::diag::Diagnostic;
use crate::hir::body::*;
use crate::hir::*;
use crate::support::span::Span;
use crate::types::tables::{BodyTypes, Call, Constant, Member, SendKind};

/// Locals whose request every path has answered, with one of the answers. `None` where
/// control does not come.
type Answered = Option<BTreeMap<LocalId, Span>>;

/// Checks the answers of one body, its lambdas and its local functions.
pub(super) fn check(body: &Body, table: &BodyTypes, found: &mut Vec<Diagnostic>) {
    let assigned = body.exprs.iter().filter_map(|it| match it.kind {
        ExprKind::Assign { target, .. } => match body.exprs[target].kind {
            ExprKind::Local(local) => Some(local),
            _ => None,
        },
        _ => None,
    });
    let assigned = assigned.collect();
    let mut cx = Cx { body, table, found, assigned, loops: Vec::new() };
    let inner = body.lambdas.iter().map(|it| &it.body);
    let inner = inner.chain(body.local_fns.iter().map(|it| &it.body));
    for root in std::iter::once(&body.root).chain(inner) {
        if let Root::Block(block) = root {
            cx.block(block, Some(BTreeMap::new()));
        }
    }
}

struct Cx<'a, 'f> {
    body: &'a Body,
    table: &'a BodyTypes,
    found: &'f mut Vec<Diagnostic>,
    /// Locals that come to hold another value: they are not followed.
    assigned: BTreeSet<LocalId>,
    /// What has been answered at each `break` of the loops and cases around, innermost last.
    loops: Vec<Vec<Answered>>,
}

impl<'a> Cx<'a, '_> {
    fn block(&mut self, block: &'a Block, before: Answered) -> Answered {
        block.stmts.iter().fold(before, |state, stmt| self.stmt(stmt, state))
    }

    fn stmt(&mut self, stmt: &'a Stmt, before: Answered) -> Answered {
        let mut state = before;
        match &stmt.kind {
            StmtKind::Local { local, .. } => {
                if let Some(answered) = &mut state {
                    answered.remove(local);
                }
            }
            StmtKind::Expr(expr) | StmtKind::YieldReturn(expr) => {
                self.expr(*expr, &mut state);
            }
            StmtKind::Block(block)
            | StmtKind::Checked { body: block, .. }
            | StmtKind::Using { body: block, .. } => return self.block(block, state),
            StmtKind::If { .. } => return self.branches(stmt, state),
            StmtKind::While { condition, body } => {
                let forever = self.is_true(*condition);
                return self.repeat(body, state, forever);
            }
            StmtKind::For { init, condition, body, .. } => {
                let state = init.iter().fold(state, |state, it| self.stmt(it, state));
                let forever = condition.is_none_or(|it| self.is_true(it));
                return self.repeat(body, state, forever);
            }
            StmtKind::Foreach { body, .. } => return self.repeat(body, state, false),
            StmtKind::DoWhile { body, .. } => {
                self.loops.push(Vec::new());
                let end = self.stmt(body, state);
                let breaks = self.loops.pop().unwrap_or_default();
                return breaks.into_iter().fold(end, join);
            }
            StmtKind::Switch { sections, .. } => {
                let covered = self.table.exhaustive.contains(&stmt.span)
                    || sections.iter().flat_map(|it| &it.labels).any(is_default);
                let bodies = sections.iter().map(|it| &it.body);
                return self.cases(bodies, state, !covered);
            }
            StmtKind::Receive(cases) => {
                return self.cases(cases.iter().map(|it| &it.body), state, false);
            }
            StmtKind::Break => {
                if let Some(breaks) = self.loops.last_mut() {
                    breaks.push(state);
                }
                return None;
            }
            StmtKind::Continue
            | StmtKind::Return(_)
            | StmtKind::Throw(_)
            | StmtKind::YieldBreak => return None,
            StmtKind::Try { body, catches, finally } => {
                // An exception may come before the body answers anything.
                let mut after = self.block(body, state.clone());
                for catch in catches {
                    let end = self.block(&catch.body, state.clone());
                    after = join(after, end);
                }
                let Some(finally) = finally else { return after };
                return match after {
                    Some(answered) => self.block(finally, Some(answered)),
                    None => {
                        self.block(finally, state);
                        None
                    }
                };
            }
            StmtKind::Error
            | StmtKind::Empty
            | StmtKind::Deconstruct { .. }
            | StmtKind::Yield
            | StmtKind::LocalFn(_) => {}
        }
        state
    }

    /// A chain of `else if` is walked in a loop: it may be long.
    fn branches(&mut self, first: &'a Stmt, before: Answered) -> Answered {
        let mut after: Answered = None;
        let mut at = first;
        while let StmtKind::If { then, otherwise, .. } = &at.kind {
            let end = self.stmt(then, before.clone());
            after = join(after, end);
            match otherwise {
                Some(next) => at = next,
                None => return join(after, before),
            }
        }
        let end = self.stmt(at, before);
        join(after, end)
    }

    fn cases(
        &mut self,
        bodies: impl Iterator<Item = &'a Block>,
        before: Answered,
        none: bool,
    ) -> Answered {
        self.loops.push(Vec::new());
        let mut after = if none { before.clone() } else { None };
        for body in bodies {
            let end = self.block(body, before.clone());
            after = join(after, end);
        }
        self.loops.pop().unwrap_or_default().into_iter().fold(after, join)
    }

    /// A loop: nothing that its body answers is certain before the first round.
    fn repeat(&mut self, body: &'a Stmt, before: Answered, forever: bool) -> Answered {
        self.loops.push(Vec::new());
        self.stmt(body, before.clone());
        let breaks = self.loops.pop().unwrap_or_default();
        breaks.into_iter().fold(if forever { None } else { before }, join)
    }

    fn expr(&mut self, expr: ExprId, state: &mut Answered) {
        let target = match (&self.body.exprs[expr].kind, self.table.calls.get(expr)) {
            (ExprKind::Send { target, .. }, _) | (_, Some(Call::Send { target, .. })) => {
                *target
            }
            _ => return,
        };
        let kind = self.table.sends.get(target).or_else(|| self.table.sends.get(expr));
        let (Some(SendKind::Reply), Some(local)) = (kind, self.request(target)) else {
            return;
        };
        let Some(answered) = state.as_mut().filter(|_| !self.assigned.contains(&local))
        else {
            return;
        };
        let span = self.body.exprs[expr].span;
        let data = &self.body.locals[local];
        match answered.get(&local) {
            Some(first) => {
                self.found.push(errors::answered_twice(&data.name, span, *first));
            }
            None => {
                answered.insert(local, span);
            }
        }
    }

    /// The local that holds the request answered by a send to `target`.
    fn request(&self, target: ExprId) -> Option<LocalId> {
        match &self.body.exprs[target].kind {
            ExprKind::Local(local) => Some(*local),
            ExprKind::Port { base, .. } | ExprKind::Member { base, .. }
                if self.table.members.get(target) == Some(&Member::RequestReply) =>
            {
                self.request(*base)
            }
            _ => None,
        }
    }

    fn is_true(&self, condition: ExprId) -> bool {
        self.table.constants.get(condition) == Some(&Constant::Bool(true))
            || matches!(
                self.body.exprs[condition].kind,
                ExprKind::Literal(Literal::Bool(true))
            )
    }
}

fn is_default(label: &SwitchLabel) -> bool {
    label.pattern.is_none() && label.guard.is_none()
}

/// What both paths have answered; a path on which control does not come counts for nothing.
fn join(left: Answered, right: Answered) -> Answered {
    match (left, right) {
        (Some(mut left), Some(right)) => {
            left.retain(|local, _| right.contains_key(local));
            Some(left)
        }
        (known, None) | (None, known) => known,
    }
}
