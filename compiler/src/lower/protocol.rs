//! States of protocols as values: what an end is asked for when it takes a type `C@State`.

use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Literal};

use super::body::Fx;

impl Fx<'_, '_> {
    /// The number by which the runtime knows a state of the end's protocol.
    pub(super) fn protocol_state(&self, end: &Ty, state: usize) -> Expr {
        let n_states = match end {
            Ty::Using(id, ..) | Ty::Impl(id, ..) => {
                self.lower.program.channels[*id].states.len()
            }
            _ => usize::MAX,
        };
        match i128::try_from(state) {
            Ok(number) if state < n_states => {
                self.at.literal(Literal::Int(number, "usize"))
            }
            _ => self.at.expr(ExprKind::RtConst("Protocol::END".into())),
        }
    }
}
