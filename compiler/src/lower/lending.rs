//! Loops over a collection of channel ends that only send and receive by them borrow each end instead of
//! counting a handle: `for end in ends.as_slice()` in place of `ends.iter_values()`. Only where the
//! collection is a variable that the loop does not name, so nobody can tell. Runs over finished functions.

use std::collections::BTreeSet;

use crate::ir::visit::{self, Visitor};
use crate::ir::{Block, Expr, ExprKind, Function, Pattern, StmtKind, Ty, Var};

use super::rewrite::{self, Part};

/// Looks at the loops of a function.
pub(super) fn function(it: &mut Function) {
    let mut ends: BTreeSet<Var> =
        it.params.iter().filter(|it| holds_ends(&it.ty)).map(|it| it.var).collect();
    note(&mut it.body, &mut ends);
    if !ends.is_empty() {
        rewrite::block(&mut it.body, &mut |it| lend(it, &ends));
    }
}

/// Whether it is an array or list of channel ends.
fn holds_ends(ty: &Ty) -> bool {
    let Ty::Rt(name, args) = ty else { return false };
    matches!(&**name, "Array" | "List")
        && matches!(args.as_slice(), [Ty::Rt(of, _)] if matches!(&**of, "Using" | "Impl"))
}

/// The variables that hold collections of ends from where they are declared.
fn note(it: &mut Block, ends: &mut BTreeSet<Var>) {
    for stmt in &mut it.stmts {
        match &mut stmt.kind {
            StmtKind::Let { pattern, ty, init: Some(init) } => {
                if let (Pattern::Var(var), Some(ty)) = (&*pattern, &*ty)
                    && holds_ends(ty)
                {
                    ends.insert(*var);
                }
                note_in(init, ends);
            }
            StmtKind::Expr(it) => note_in(it, ends),
            StmtKind::Let { init: None, .. } | StmtKind::Note(_) => {}
        }
    }
    if let Some(value) = &mut it.value {
        note_in(value, ends);
    }
}

fn note_in(it: &mut Expr, ends: &mut BTreeSet<Var>) {
    rewrite::parts(it, &mut |part| match part {
        Part::Expr(it) => note_in(it, ends),
        Part::Block(it) => note(it, ends),
    });
}

fn lend(it: &mut Expr, ends: &BTreeSet<Var>) {
    let ExprKind::For { pattern: Pattern::Var(each), iterable, body, .. } = &mut it.kind
    else {
        return;
    };
    if let ExprKind::Method { receiver, name, .. } = &mut iterable.kind
        && name == "iter_values"
        && let ExprKind::Var(of) = receiver.kind
        && ends.contains(&of)
        && only_reaches(body, *each, of)
    {
        "as_slice".clone_into(name);
    }
}

/// Whether the loop uses `each` for nothing but its ports, outside of closures, and does not name `of`.
fn only_reaches(body: &Block, each: Var, of: Var) -> bool {
    let mut uses = Uses { each, of, n_named: 0, n_reached: 0, is_kept: false };
    visit::block(body, &mut uses);
    !uses.is_kept && uses.n_named == uses.n_reached
}

struct Uses {
    each: Var,
    of: Var,
    n_named: usize,
    /// As what a field is of.
    n_reached: usize,
    is_kept: bool,
}

impl Visitor for Uses {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Var(var) if *var == self.of => self.is_kept = true,
            ExprKind::Var(var) if *var == self.each => self.n_named += 1,
            ExprKind::Field(of, _) if matches!(of.kind, ExprKind::Var(it) if it == self.each) =>
            {
                self.n_reached += 1;
            }
            ExprKind::Closure { .. } | ExprKind::Async { .. } => self.is_kept = true,
            _ => {}
        }
    }
}
