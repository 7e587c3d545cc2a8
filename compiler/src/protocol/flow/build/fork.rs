//! Conditions of `if` by their two ways out: a pattern that takes a local apart does so where it
//! matches, and leaves it whole where it does not.

use super::super::graph::*;
use super::Build;
use crate::hir::ExprId;
use crate::hir::body::{BinaryOp, ExprKind, PatternKind, UnaryOp};

impl<'a> Build<'a, '_> {
    /// Evaluates a condition; gives where control goes on if it holds, and if it fails.
    pub(super) fn fork(&mut self, condition: ExprId) -> (BlockRef, BlockRef) {
        if !self.takes_apart(condition) {
            self.used(condition);
            self.end_temps();
            let before = self.at;
            let holds = self.way(self.is_constant(condition, false));
            self.at = before;
            return (holds, self.way(self.is_constant(condition, true)));
        }
        match &self.body.exprs[condition].kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let (holds, fails) = self.fork(*operand);
                (fails, holds)
            }
            ExprKind::Is { operand, pattern } => {
                let value = self.value(*operand, None);
                if let Some(slot) = value {
                    self.op(Op::Use { slot, span: self.span(*operand) });
                }
                let before = self.at;
                let other = self.go_on();
                self.at = before;
                self.go_on();
                match &pattern.kind {
                    PatternKind::Not(inner) => {
                        self.pattern(inner, value);
                        (other, self.at)
                    }
                    _ => {
                        self.pattern(pattern, value);
                        (self.at, other)
                    }
                }
            }
            ExprKind::Binary { op, .. } => {
                let op = *op;
                let mut early = Vec::new();
                for operand in self.operands(condition, op) {
                    let (holds, fails) = self.fork(operand);
                    let (on, out) = match op {
                        BinaryOp::And => (holds, fails),
                        _ => (fails, holds),
                    };
                    early.push(out);
                    self.at = on;
                }
                let out = self.new_block();
                for block in early {
                    self.edge(block, out);
                }
                match op {
                    BinaryOp::And => (self.at, out),
                    _ => (out, self.at),
                }
            }
            _ => unreachable!("nothing else takes a local apart"),
        }
    }

    /// A block that control reaches from the one at hand, unless it is dead.
    fn way(&mut self, dead: bool) -> BlockRef {
        match dead {
            true => self.stop(),
            false => _ = self.go_on(),
        }
        self.at
    }

    /// Whether the condition tests a followed local by a pattern.
    fn takes_apart(&self, condition: ExprId) -> bool {
        match &self.body.exprs[condition].kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.takes_apart(*operand),
            ExprKind::Is { operand, .. } => match self.body.exprs[*operand].kind {
                ExprKind::Local(local) => self.slot_of(local).is_some(),
                _ => false,
            },
            ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), .. } => {
                self.operands(condition, *op).into_iter().any(|it| self.takes_apart(it))
            }
            _ => false,
        }
    }

    /// The operands of a chain of one operator, which may be long.
    fn operands(&self, chain: ExprId, of: BinaryOp) -> Vec<ExprId> {
        let mut operands = Vec::new();
        let mut at = chain;
        while let ExprKind::Binary { op, left, right } = &self.body.exprs[at].kind
            && *op == of
        {
            operands.push(*right);
            at = *left;
        }
        operands.push(at);
        operands.reverse();
        operands
    }
}
