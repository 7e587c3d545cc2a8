//! Which variables of a function are used, and which are changed in place: the emitter
//! writes `mut` and `_` from it. It decides nothing about moves.

use crate::ir::visit::{self, Visitor};
use crate::ir::{Block, Expr, ExprKind, Param, Pattern, Var};

/// What was seen of each variable of one function.
#[derive(Debug, Default)]
pub(super) struct Usage {
    vars: Vec<Seen>,
    depth: u32,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    used: bool,
    changed: bool,
    /// Declared without a value.
    late: bool,
    /// Loops and closures around the declaration.
    depth: u32,
    n_assigned: u32,
}

impl Usage {
    /// Looks through the body of a function with `n_vars` variables.
    pub(super) fn of(n_vars: usize, params: &[Param], body: &Block) -> Self {
        let mut usage = Self { vars: vec![Seen::default(); n_vars], depth: 0 };
        for param in params {
            usage.seen(param.var);
        }
        visit::block(body, &mut usage);
        usage
    }

    /// Whether the variable occurs at all.
    pub(super) fn is_used(&self, var: Var) -> bool {
        self.vars.get(var.0 as usize).is_some_and(|it| it.used)
    }

    /// Whether its binding needs `mut`.
    pub(super) fn is_mut(&self, var: Var) -> bool {
        self.vars
            .get(var.0 as usize)
            .is_some_and(|it| it.changed || it.n_assigned > u32::from(it.late))
    }

    fn seen(&mut self, var: Var) -> &mut Seen {
        let index = var.0 as usize;
        if index >= self.vars.len() {
            self.vars.resize(index + 1, Seen::default());
        }
        &mut self.vars[index]
    }

    fn change(&mut self, place: &Expr) {
        if let Some(var) = root(place) {
            self.seen(var).changed = true;
        }
    }
}

/// The variable whose own storage a place lies in.
fn root(place: &Expr) -> Option<Var> {
    match &place.kind {
        ExprKind::Var(var) => Some(*var),
        ExprKind::Field(base, _) | ExprKind::TupleField(base, _) => root(base),
        _ => None,
    }
}

impl Visitor for Usage {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Var(var) => self.seen(*var).used = true,
            ExprKind::RefMut(place) | ExprKind::CompoundAssign { place, .. } => {
                self.change(place);
            }
            ExprKind::Assign { place, .. } => match place.kind {
                ExprKind::Var(var) => {
                    let depth = self.depth;
                    let seen = self.seen(var);
                    // An assignment inside a loop around which the variable lives repeats.
                    seen.n_assigned += if depth > seen.depth { 2 } else { 1 };
                }
                _ => self.change(place),
            },
            _ => {}
        }
    }

    fn binding(&mut self, pattern: &Pattern, initialised: bool) {
        let depth = self.depth;
        visit::bound(pattern, &mut |var| {
            let seen = self.seen(var);
            seen.late = !initialised;
            seen.depth = depth;
        });
    }

    fn repeat(&mut self, enter: bool) {
        if enter {
            self.depth += 1;
        } else {
            self.depth -= 1;
        }
    }
}
