//! Chains with `?.`: `a?.b.c?.d` tests as it goes, and gives null where it meets null.

use crate::hir::ExprId;
use crate::hir::body::ExprKind as HirKind;
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Pattern};
use crate::types::tables::Call;

use super::body::Fx;
use super::build::{stmt_block, value_block};

impl Fx<'_, '_> {
    /// The value of a whole chain; `inner` is its type where no null was met.
    pub(super) fn null_chain(&mut self, id: ExprId, inner: &Ty) -> Expr {
        let mut chain = Chain {
            id,
            inner: inner.clone(),
            tested: Vec::new(),
            mutates: false,
            inside: false,
        };
        let mut at = Some(id);
        while let Some(expr) = at {
            at = match &self.frame.body.exprs[expr].kind {
                HirKind::Member { base, null_safe, .. }
                | HirKind::Index { base, null_safe, .. } => {
                    if *null_safe {
                        chain.tested.push(*base);
                    }
                    // A chain in parentheses inside is one of its own.
                    let own = self.frame.types.null_chains.contains(*base);
                    (!own).then_some(*base)
                }
                HirKind::Call { callee, .. } => {
                    chain.mutates |= self.mutates(expr);
                    Some(*callee)
                }
                HirKind::NonNull(base) | HirKind::Port { base, .. } => Some(*base),
                _ => None,
            };
        }
        let key = self.expr_key(id);
        self.open_chains.insert(key);
        let value = self.tests(&mut chain);
        self.open_chains.remove(&key);
        value
    }

    /// Whether a call changes its receiver.
    fn mutates(&self, id: ExprId) -> bool {
        match self.frame.types.calls.get(id) {
            Some(Call::Method { method, .. }) => {
                match &self.lower.program.methods[*method].native {
                    Some(sig) => sig.mutates,
                    None => self.lower.effects.method(None, *method).writes_own,
                }
            }
            _ => false,
        }
    }

    /// `match &base { Some(it) => … Some(value), None => None }`, from the innermost base.
    fn tests(&mut self, chain: &mut Chain) -> Expr {
        let at = self.at;
        let Some(base) = chain.tested.pop() else {
            let value = self.raw(chain.id);
            return match &chain.inner {
                Ty::Nullable(_) | Ty::Void => value,
                _ => at.some(value),
            };
        };
        let mut place = self.storage(base);
        let ty = match &place.ty {
            Ty::Nullable(inner) => (**inner).clone(),
            other => other.clone(),
        };
        // A value in state is copied: the rest of the chain cannot run inside its closure.
        let stored = Self::in_state(&place) && chain.mutates;
        if stored {
            self.freeze(&mut place);
            let copy = self.read(place.clone());
            let copy = self.bind(copy);
            let value = self.tested(chain, base, ty, at.borrow_mut(copy.clone()));
            let value = match chain.inner {
                Ty::Void => {
                    self.push_expr(value);
                    at.unit()
                }
                _ => self.bind(value),
            };
            let copy = self.hold(copy);
            let store = self.store(place, copy);
            self.push_expr(store);
            value
        } else if chain.mutates && chain.inside {
            // What a test gives is a value of no name: changing it changes a copy.
            let copy = self.read(place);
            let copy = self.bind(copy);
            self.tested(chain, base, ty, at.borrow_mut(copy))
        } else if Self::in_state(&place) {
            let copy = self.read(place);
            self.tested(chain, base, ty, at.borrow(copy))
        } else {
            let mutable = chain.mutates;
            let borrow = self.access(place, mutable, vec![], |at, it, _| match mutable {
                true => it.borrow_mut(at),
                false => it.borrow(at),
            });
            self.tested(chain, base, ty, borrow)
        }
    }

    fn tested(&mut self, chain: &mut Chain, base: ExprId, ty: Ty, borrow: Expr) -> Expr {
        let at = self.at;
        chain.inside = true;
        let var = self.temp();
        let key = self.expr_key(base);
        self.known.insert(key, (var, ty));
        let held = self.held;
        let void = chain.inner == Ty::Void;
        let found = match void {
            true => self.block(|cx| {
                let call = cx.tests(chain);
                cx.push_expr(call);
            }),
            false => self.value_block(|cx| cx.tests(chain)),
        };
        self.held &= held;
        self.known.remove(&key);
        let none = match void {
            true => stmt_block(vec![]),
            false => value_block(at.expr(ExprKind::None)),
        };
        let arms = vec![
            at.arm(Pattern::Some(Box::new(Pattern::Var(var))), None, found),
            at.arm(Pattern::None, None, none),
        ];
        at.matching(borrow, arms)
    }
}

/// A chain while its tests are lowered.
struct Chain {
    id: ExprId,
    /// The type where no null was met.
    inner: Ty,
    /// Bases that are tested, the innermost last.
    tested: Vec<ExprId>,
    /// Something in it changes what it is called on.
    mutates: bool,
    /// A base was tested already.
    inside: bool,
}
