//! Short ways to write IR expressions. It takes no decisions.

use crate::ir::{
    Arm, BinaryOp, Block, Callee, Expr, ExprKind, ItemRef, Line, Literal, Pattern, Stmt,
    StmtKind, Ty, UnaryOp, Var,
};
use crate::support::Name;

/// Makes expressions of one source line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At(pub(super) Line);

impl At {
    pub(super) fn expr(self, kind: ExprKind) -> Expr {
        Expr { line: self.0, kind }
    }

    pub(super) fn stmt(self, expr: Expr) -> Stmt {
        Stmt { line: self.0, kind: StmtKind::Expr(expr) }
    }

    pub(super) fn bind(
        self,
        pattern: Pattern,
        ty: Option<Ty>,
        init: Option<Expr>,
    ) -> Stmt {
        Stmt { line: self.0, kind: StmtKind::Let { pattern, ty, init } }
    }

    pub(super) fn var(self, var: Var) -> Expr {
        self.expr(ExprKind::Var(var))
    }

    pub(super) fn literal(self, literal: Literal) -> Expr {
        self.expr(ExprKind::Literal(literal))
    }

    pub(super) fn bool(self, value: bool) -> Expr {
        self.literal(Literal::Bool(value))
    }

    pub(super) fn int(self, value: i32) -> Expr {
        self.literal(Literal::Int(value.into(), "i32"))
    }

    /// `rt::Str::lit("…")`
    pub(super) fn str(self, text: &str) -> Expr {
        self.literal(Literal::Str(text.into()))
    }

    /// A plain `&'static str`.
    pub(super) fn text(self, text: &str) -> Expr {
        self.literal(Literal::Text(text.into()))
    }

    pub(super) fn unit(self) -> Expr {
        self.literal(Literal::Unit)
    }

    pub(super) fn field(self, base: Expr, name: &Name) -> Expr {
        self.expr(ExprKind::Field(Box::new(base), name.clone()))
    }

    pub(super) fn clone(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Clone(Box::new(inner)))
    }

    pub(super) fn borrow(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Ref(Box::new(inner)))
    }

    pub(super) fn borrow_mut(self, inner: Expr) -> Expr {
        self.expr(ExprKind::RefMut(Box::new(inner)))
    }

    pub(super) fn deref(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Deref(Box::new(inner)))
    }

    pub(super) fn some(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Some(Box::new(inner)))
    }

    pub(super) fn ok(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Ok(Box::new(inner)))
    }

    pub(super) fn not(self, inner: Expr) -> Expr {
        self.expr(ExprKind::Unary(UnaryOp::Not, Box::new(inner)))
    }

    pub(super) fn binary(self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        self.expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))
    }

    pub(super) fn cast(self, inner: Expr, ty: Ty) -> Expr {
        self.expr(ExprKind::Cast(Box::new(inner), ty))
    }

    pub(super) fn assign(self, place: Expr, value: Expr) -> Expr {
        self.expr(ExprKind::Assign { place: Box::new(place), value: Box::new(value) })
    }

    pub(super) fn call(self, item: ItemRef, args: Vec<Expr>) -> Expr {
        self.callee(Callee::Item(item), args)
    }

    /// A function of the runtime.
    pub(super) fn rt(self, path: &str, args: Vec<Expr>) -> Expr {
        self.callee(Callee::Rt(path.to_owned(), Vec::new()), args)
    }

    pub(super) fn callee(self, callee: Callee, args: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Call { callee, args, suspends: false, throws: false })
    }

    pub(super) fn method(self, receiver: Expr, name: &str, args: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Method {
            receiver: Box::new(receiver),
            name: name.to_owned(),
            generics: Vec::new(),
            args,
            suspends: false,
            throws: false,
        })
    }

    pub(super) fn if_else(self, condition: Expr, then: Block, otherwise: Block) -> Expr {
        self.expr(ExprKind::If {
            condition: Box::new(condition),
            then,
            otherwise: Some(otherwise),
        })
    }

    pub(super) fn if_then(self, condition: Expr, then: Block) -> Expr {
        self.expr(ExprKind::If { condition: Box::new(condition), then, otherwise: None })
    }

    pub(super) fn matching(self, subject: Expr, arms: Vec<Arm>) -> Expr {
        self.expr(ExprKind::Match { subject: Box::new(subject), arms })
    }

    pub(super) fn arm(self, pattern: Pattern, guard: Option<Expr>, body: Block) -> Arm {
        Arm { line: self.0, pattern, guard, body }
    }

    /// A block around the value, or the value itself if there is nothing to run before.
    pub(super) fn block(self, stmts: Vec<Stmt>, value: Expr) -> Expr {
        if stmts.is_empty() {
            return value;
        }
        self.expr(ExprKind::Block(Block { stmts, value: Some(Box::new(value)) }))
    }

    /// A closure that runs where it stands and can hand on failures: see `settle`.
    pub(super) fn access(self, param: Var, body: Block) -> Expr {
        self.expr(ExprKind::Closure {
            params: vec![(Pattern::Var(param), None)],
            moves: false,
            suspends: false,
            returns: None,
            throws: false,
            body,
        })
    }
}

/// A block that is only a value.
pub(super) fn value_block(value: Expr) -> Block {
    Block { stmts: Vec::new(), value: Some(Box::new(value)) }
}

/// A block that is only statements.
pub(super) fn stmt_block(stmts: Vec<Stmt>) -> Block {
    Block { stmts, value: None }
}

/// Marks calls.
pub(super) trait Flags {
    /// Adds `?`.
    fn fallible(self) -> Self;
    /// Adds `.await`.
    fn awaited(self) -> Self;
}

impl Flags for Expr {
    fn fallible(mut self) -> Self {
        match &mut self.kind {
            ExprKind::Call { throws, .. }
            | ExprKind::CallValue { throws, .. }
            | ExprKind::Method { throws, .. } => *throws = true,
            _ => unreachable!("only calls are marked"),
        }
        self
    }

    fn awaited(mut self) -> Self {
        match &mut self.kind {
            ExprKind::Call { suspends, .. } | ExprKind::Method { suspends, .. } => {
                *suspends = true;
            }
            _ => unreachable!("only calls are marked"),
        }
        self
    }
}
