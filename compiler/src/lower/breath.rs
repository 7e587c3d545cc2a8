//! Loops that send and do not wait let others run now and then: `rt::breathe().await` begins
//! each round. It is no suspension of the language, so it stands in no source and ends no turn; without
//! it, what such a loop sends piles up in memory. Runs over finished functions. Sends in functions
//! that the loop calls are not seen.

use crate::ir::{Block, Callee, Expr, ExprKind, Function, Stmt, StmtKind};

use super::build::{At, Flags};
use super::rewrite::{self, Part};

/// Looks at the loops of a function.
pub(super) fn function(it: &mut Function) {
    Breath { suspends: it.suspends }.block(&mut it.body);
}

/// Code that can give way, or not.
struct Breath {
    suspends: bool,
}

/// What is done whenever the code runs, besides what loops and closures in it do.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Perhaps only sometimes.
    sends: bool,
    waits: bool,
}

impl Seen {
    fn and(&mut self, other: Self) {
        self.sends |= other.sends;
        self.waits |= other.waits;
    }

    /// Of code that does not always run.
    fn perhaps(self) -> Self {
        Self { waits: false, ..self }
    }
}

impl Breath {
    fn block(&self, it: &mut Block) -> Seen {
        let mut seen = Seen::default();
        for stmt in &mut it.stmts {
            if let StmtKind::Let { init: Some(it), .. } | StmtKind::Expr(it) =
                &mut stmt.kind
            {
                seen.and(self.expr(it));
            }
        }
        if let Some(value) = &mut it.value {
            seen.and(self.expr(value));
        }
        seen
    }

    fn expr(&self, it: &mut Expr) -> Seen {
        let at = At(it.line);
        match &mut it.kind {
            ExprKind::Closure { suspends, body, .. } => {
                Self { suspends: *suspends }.block(body);
                return Seen::default();
            }
            ExprKind::Async { body, .. } => {
                Self { suspends: true }.block(body);
                return Seen::default();
            }
            ExprKind::Loop { body, .. } => {
                self.round(at, body, Seen::default());
                return Seen::default();
            }
            ExprKind::While { condition, body, .. } => {
                let seen = self.expr(condition);
                self.round(at, body, seen);
                return seen;
            }
            ExprKind::For { iterable, body, .. } => {
                self.round(at, body, Seen::default());
                return self.expr(iterable);
            }
            _ => {}
        }
        let mut seen = seen_here(it);
        let branches = matches!(
            it.kind,
            ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Handled { .. }
        );
        rewrite::parts(it, &mut |part| match part {
            Part::Expr(it) => seen.and(self.expr(it)),
            Part::Block(it) => {
                let inside = self.block(it);
                seen.and(if branches { inside.perhaps() } else { inside });
            }
        });
        seen
    }

    /// The body of a loop, `before` which this is done each time.
    fn round(&self, at: At, body: &mut Block, before: Seen) {
        let mut seen = self.block(body);
        seen.and(before);
        if self.suspends && seen.sends && !seen.waits {
            let breath: Stmt = at.stmt(at.rt("breathe", vec![]).awaited());
            body.stmts.insert(0, breath);
        }
    }
}

/// What the expression itself does, besides its parts.
fn seen_here(it: &Expr) -> Seen {
    match &it.kind {
        ExprKind::Call { callee, suspends, .. } => Seen {
            sends: matches!(callee, Callee::Rt(path, _) if SENDING.contains(&path.as_str())),
            waits: *suspends,
        },
        ExprKind::Method { name, suspends, .. } => {
            Seen { sends: SENDING.contains(&name.as_str()), waits: *suspends }
        }
        _ => Seen::default(),
    }
}

/// Functions and methods of the runtime.
const SENDING: &[&str] = &[
    "request",
    "request_checked",
    "request_strictly",
    "send",
    "send_checked",
    "send_strictly",
];
