//! Where failures go: those in the body of a `try` leave its label, all others the function.
//! A body in which nothing fails needs no handler. Runs when `settle` has marked what can
//! fail; decides nothing about that.

use std::collections::BTreeSet;

use crate::ir::visit::{self, Visitor};
use crate::ir::{
    Arm, Block, Callee, Expr, ExprKind, ItemRef, Label, Pattern, Stmt, StmtKind, Var,
};
use crate::support::Name;

use super::build::At;
use super::rewrite::{self, Part};
use super::unwind;

/// Gives every failure in the body of a function its way. `waits`: the function suspends,
/// and nothing unwinds out of it.
pub(super) fn function(
    body: &mut Block,
    vars: &mut Vec<Name>,
    waits: bool,
    unwinds: &dyn Fn(ItemRef) -> bool,
) {
    let target = Target::Function { catches: waits };
    let mut cx = Cx {
        vars,
        unwinds,
        targets: vec![target],
        used: BTreeSet::new(),
        dead: BTreeSet::new(),
        plain: BTreeSet::new(),
    };
    cx.block(body);
}

/// Where a failure goes.
#[derive(Clone, Copy)]
enum Target {
    Label(Label),
    /// Out of the function, or of the function value. `catches`: what unwinds fails here.
    Function {
        catches: bool,
    },
}

struct Cx<'a> {
    vars: &'a mut Vec<Name>,
    unwinds: &'a dyn Fn(ItemRef) -> bool,
    /// Where a failure goes, innermost last.
    targets: Vec<Target>,
    /// Labels that some failure leaves.
    used: BTreeSet<Label>,
    /// Labels of bodies that are finished and in which nothing fails.
    dead: BTreeSet<Label>,
    /// Variables that would say how such a body was left.
    plain: BTreeSet<Var>,
}

impl Cx<'_> {
    fn block(&mut self, it: &mut Block) {
        let mut stmts = Vec::with_capacity(it.stmts.len());
        for mut stmt in std::mem::take(&mut it.stmts) {
            match &mut stmt.kind {
                StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) => {
                    self.expr(it);
                }
                StmtKind::Let { init: None, .. } | StmtKind::Note(_) => {}
            }
            match self.plain(&mut stmt.kind) {
                Some(inner) => stmts.extend(inner),
                None => stmts.push(stmt),
            }
        }
        it.stmts = stmts;
        if let Some(value) = &mut it.value {
            self.expr(value);
        }
    }

    fn within(&mut self, target: Target, it: &mut Block) {
        self.targets.push(target);
        self.block(it);
        self.targets.pop();
    }

    fn expr(&mut self, it: &mut Expr) {
        match &mut it.kind {
            ExprKind::Handled { failed, body, handler, .. } => {
                let failed = *failed;
                self.within(Target::Label(failed), body);
                if self.used.contains(&failed) {
                    self.block(handler);
                } else {
                    self.dead.insert(failed);
                    unhandled(it);
                }
            }
            ExprKind::Closure { body, throws, .. } => {
                self.within(Target::Function { catches: *throws }, body);
            }
            ExprKind::Async { body, throws } => {
                self.within(Target::Function { catches: *throws }, body);
            }
            ExprKind::Match { subject, arms } => {
                arms.retain(|it| !self.is_dead(it));
                self.expr(subject);
                for arm in arms {
                    if let Some(guard) = &mut arm.guard {
                        self.expr(guard);
                    }
                    self.block(&mut arm.body);
                }
            }
            _ => rewrite::parts(it, &mut |part| match part {
                Part::Expr(it) => self.expr(it),
                Part::Block(it) => self.block(it),
            }),
        }
        self.lead(it);
    }

    /// The statements that are left of a statement. A body with a `finally` that is left at
    /// its end only needs nothing that says how it was left.
    fn plain(&mut self, it: &mut StmtKind) -> Option<Vec<Stmt>> {
        match it {
            StmtKind::Let {
                pattern: Pattern::Var(var),
                init: Some(Expr { kind: ExprKind::Block(body), .. }),
                ..
            } if matches!(&body.value, Some(it) if matches!(it.kind, ExprKind::None)) => {
                self.plain.insert(*var);
                Some(std::mem::take(&mut body.stmts))
            }
            StmtKind::Expr(Expr { kind: ExprKind::Match { subject, arms }, .. }) => {
                let way = match &subject.kind {
                    ExprKind::Clone(it) => &it.kind,
                    other => other,
                };
                let ExprKind::Var(way) = way else { return None };
                if !self.plain.contains(way) {
                    return None;
                }
                let rest = arms.pop()?.body;
                let value = rest
                    .value
                    .map(|it| Stmt { line: it.line, kind: StmtKind::Expr(*it) });
                Some(rest.stmts.into_iter().chain(value).collect())
            }
            _ => None,
        }
    }

    /// Leads the failure of one expression to where it is handled.
    fn lead(&mut self, it: &mut Expr) {
        if self.is_to_be_caught(it) {
            let stmts = unwind::caught(it, self.vars);
            self.lead(it);
            if !stmts.is_empty() {
                let value = take(it);
                *it = At(value.line).block(stmts, value);
            }
            return;
        }
        let Some(Target::Label(target)) = self.targets.last().copied() else { return };
        match &mut it.kind {
            ExprKind::Call { throws, .. }
            | ExprKind::CallValue { throws, .. }
            | ExprKind::Method { throws, .. }
                if *throws =>
            {
                *throws = false;
                let inner = take(it);
                it.kind = ExprKind::OrBreak(target, Box::new(inner));
            }
            ExprKind::Try(_) => {
                let ExprKind::Try(inner) = take(it).kind else {
                    unreachable!("matched above")
                };
                it.kind = ExprKind::OrBreak(target, inner);
            }
            ExprKind::Throw { .. } => {
                let ExprKind::Throw { value, .. } = take(it).kind else {
                    unreachable!("matched above")
                };
                it.kind = ExprKind::Break(Some(target), Some(value));
            }
            _ => return,
        }
        self.used.insert(target);
    }

    /// Whether the expression is a call that unwinds, where unwinding has to end.
    fn is_to_be_caught(&self, it: &Expr) -> bool {
        let ends = match self.targets.last() {
            Some(Target::Function { catches }) => *catches,
            Some(Target::Label(_)) => true,
            None => false,
        };
        match &it.kind {
            ExprKind::Call {
                callee: Callee::Item(item) | Callee::Method(item), ..
            } => ends && (self.unwinds)(*item),
            _ => false,
        }
    }

    /// Whether an arm only hands on what failed where nothing fails.
    fn is_dead(&self, arm: &Arm) -> bool {
        let [stmt] = &arm.body.stmts[..] else { return false };
        match &stmt.kind {
            StmtKind::Expr(Expr {
                kind: ExprKind::Throw { of: Some(label), .. },
                ..
            }) => self.dead.contains(label),
            _ => false,
        }
    }
}

fn take(it: &mut Expr) -> Expr {
    let nothing = Expr { line: it.line, kind: ExprKind::None };
    std::mem::replace(it, nothing)
}

/// Leaves only the body of a `Handled`.
fn unhandled(it: &mut Expr) {
    let ExprKind::Handled { done, body, .. } = take(it).kind else {
        unreachable!("called for these only")
    };
    it.kind = match done.filter(|it| leaves(&body, *it)) {
        Some(done) => ExprKind::Labeled(done, body),
        None => match body.value {
            // Braces with nothing before the value would only be in the way.
            Some(value) if body.stmts.is_empty() => value.kind,
            _ => ExprKind::Block(body),
        },
    };
}

fn leaves(body: &Block, label: Label) -> bool {
    struct Leaves(Label, bool);
    impl Visitor for Leaves {
        fn expr(&mut self, expr: &Expr) {
            self.1 |= matches!(expr.kind, ExprKind::Break(Some(it), _) if it == self.0);
        }
        fn binding(&mut self, _pattern: &Pattern, _initialised: bool) {}
    }
    let mut found = Leaves(label, false);
    visit::block(body, &mut found);
    found.1
}
