//! Operands that are evaluated before the one that they would force to be cloned.
//!
//! In `F(xs, xs[0])` the first argument is taken before the second one looks at `xs`, so it
//! would have to be a clone, and `F` would then copy the whole when it changes its parameter.
//! Reading an element first cannot be told apart: `{ let ax = xs.at(0)?; F(xs, ax) }`.

use crate::ir::visit::{self, Visitor};
use crate::ir::{Callee, Expr, ExprKind, Pattern, Stmt, Var};
use crate::support::Name;

use super::build::{At, stmt_block};

/// Calls with more operands are left alone.
const MAX_OPERANDS: usize = 16;

/// Names operands before an expression of which one takes a variable that `is_live` does not
/// tell of, and a later one only looks at it. Whether anything was named.
pub(super) fn name_operands(
    it: &mut Expr,
    vars: &mut Vec<Name>,
    is_live: impl Fn(Var) -> bool,
) -> bool {
    let at = At(it.line);
    let args = match &mut it.kind {
        ExprKind::Call { callee: Callee::Item(_) | Callee::Method(_), args, .. }
        | ExprKind::Tuple(args)
        | ExprKind::Case { args, .. } => args,
        _ => return false,
    };
    let taken = |it: &Expr| match &it.kind {
        ExprKind::Clone(inner) => match inner.kind {
            ExprKind::Var(var) if !is_live(var) => Some(var),
            _ => None,
        },
        _ => None,
    };
    // Every operand may be compared with every other one.
    if args.len() > MAX_OPERANDS {
        return false;
    }
    let looked_at = args.iter().enumerate().any(|(n, arg)| {
        taken(arg).is_some_and(|var| args[n + 1..].iter().any(|it| looks_at(it, var)))
    });
    if !looked_at || !args.iter().all(|it| is_still(it) || can_be_named(it)) {
        return false;
    }
    let mut stmts: Vec<Stmt> = Vec::new();
    for arg in args.iter_mut().filter(|it| !is_still(it)) {
        vars.push("ax".into());
        let var = Var(u32::try_from(vars.len() - 1).expect("fewer than 2^32 variables"));
        let value = std::mem::replace(arg, at.var(var));
        stmts.push(at.bind(Pattern::Var(var), None, Some(value)));
    }
    let value = std::mem::replace(it, at.unit());
    let mut block = stmt_block(stmts);
    block.value = Some(Box::new(value));
    *it = at.expr(ExprKind::Block(block));
    true
}

/// Whether the expression reads the variable without taking its value.
fn looks_at(it: &Expr, var: Var) -> bool {
    let mut looks = Looks { var, mentions: 0, takes: 0 };
    visit::expr(it, &mut looks);
    looks.mentions > 0 && looks.takes == 0
}

struct Looks {
    var: Var,
    mentions: usize,
    takes: usize,
}

impl Visitor for Looks {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Var(var) if *var == self.var => self.mentions += 1,
            ExprKind::Clone(inner) if matches!(inner.kind, ExprKind::Var(var) if var == self.var) =>
            {
                self.takes += 1;
            }
            _ => {}
        }
    }
}

/// Whether it does not matter when the operand is evaluated, as long as nothing is assigned.
fn is_still(it: &Expr) -> bool {
    match &it.kind {
        ExprKind::Literal(_) | ExprKind::Var(_) | ExprKind::This | ExprKind::None => true,
        ExprKind::Clone(inner) | ExprKind::Ref(inner) => {
            matches!(inner.kind, ExprKind::Var(_) | ExprKind::This)
        }
        _ => false,
    }
}

/// Whether the operand is a value of its own, which changes nothing but by calls.
fn can_be_named(it: &Expr) -> bool {
    struct Plain(bool);
    impl Visitor for Plain {
        fn expr(&mut self, expr: &Expr) {
            self.0 &= !matches!(
                expr.kind,
                ExprKind::Assign { .. }
                    | ExprKind::CompoundAssign { .. }
                    | ExprKind::RefMut(_)
                    | ExprKind::Return(_)
                    | ExprKind::Break(..)
                    | ExprKind::OrBreak(..)
                    | ExprKind::Continue(_)
                    | ExprKind::Closure { .. }
                    | ExprKind::Async { .. }
            );
        }
    }
    let mut plain = Plain(!matches!(it.kind, ExprKind::Ref(_) | ExprKind::Slice(_)));
    visit::expr(it, &mut plain);
    plain.0
}
