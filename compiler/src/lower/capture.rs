//! What lambdas and local functions use of the code around them.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::body::{ExprKind, LocalKind, Root, Stmt};
use crate::hir::{ExprId, LambdaId, LocalFnId, LocalId};
use crate::types::tables::{Call, Receiver};

use super::body::Fx;
use super::walk;

/// What a piece of code uses.
#[derive(Clone, Debug, Default)]
struct Uses {
    /// Locals, and whether they are changed.
    locals: BTreeMap<LocalId, bool>,
    fns: BTreeSet<LocalFnId>,
}

impl Fx<'_, '_> {
    /// Locals of the code around a lambda that it uses, by its own code or by the local
    /// functions that it calls.
    pub(super) fn captured(&self, lambda: LambdaId) -> Vec<LocalId> {
        self.captured_by(&self.frame.body.lambdas[lambda].body)
    }

    /// The same of any code that becomes a closure.
    pub(super) fn captured_by(&self, root: &Root) -> Vec<LocalId> {
        let uses = self.uses(root);
        let mut locals: BTreeSet<LocalId> = uses.locals.keys().copied().collect();
        for id in uses.fns {
            if let Some(slot) = self.local_fns.get(&self.local_fn_key(id)) {
                locals.extend(slot.captures.iter().map(|it| it.0));
            }
        }
        locals.retain(|local| self.has_slot(*local));
        locals.into_iter().collect()
    }

    /// Locals that occur in code.
    pub(super) fn locals_in(&self, root: &Root) -> Vec<LocalId> {
        self.uses(root).locals.into_keys().collect()
    }

    /// Locals that occur in an expression.
    pub(super) fn used_locals_of(&self, id: ExprId) -> Vec<LocalId> {
        self.locals_in(&Root::Expr(id))
    }

    /// For each of the local functions what it takes of the code around it, by its own
    /// code or by those that it calls.
    pub(super) fn local_fn_captures(
        &self,
        fns: &[LocalFnId],
    ) -> BTreeMap<LocalFnId, Vec<(LocalId, bool)>> {
        let body = self.frame.body;
        let mut all: BTreeMap<LocalFnId, Uses> = BTreeMap::new();
        for &id in fns {
            let mut uses = self.uses(&body.local_fns[id].body);
            // Those of blocks around have their captures already.
            for inner in uses.fns.clone() {
                if let Some(slot) = self.local_fns.get(&self.local_fn_key(inner)) {
                    for (local, changed) in &slot.captures {
                        *uses.locals.entry(*local).or_default() |= changed;
                    }
                }
            }
            self.include_nested(id, &mut uses);
            all.insert(id, uses);
        }
        loop {
            let before = all.clone();
            let mut grew = false;
            for uses in all.values_mut() {
                for inner in &uses.fns {
                    let Some(other) = before.get(inner) else { continue };
                    // What the other declares itself is none of its captures.
                    let outer =
                        other.locals.iter().filter(|it| !self.is_inside(*it.0, *inner));
                    for (local, changed) in outer {
                        let at = uses.locals.entry(*local).or_insert_with(|| {
                            grew = true;
                            false
                        });
                        grew |= *changed && !*at;
                        *at |= changed;
                    }
                }
            }
            if !grew {
                break;
            }
        }
        all.into_iter()
            .map(|(id, uses)| {
                let outer =
                    uses.locals.into_iter().filter(|it| !self.is_inside(it.0, id));
                (id, outer.collect())
            })
            .collect()
    }

    /// Adds what the local functions declared inside another one use.
    fn include_nested(&self, id: LocalFnId, uses: &mut Uses) {
        let body = self.frame.body;
        for inner in body.local_fns.ids().filter(|it| *it != id) {
            if uses.fns.contains(&inner) && self.is_declared_in(inner, id) {
                let nested = self.uses(&body.local_fns[inner].body);
                for (local, changed) in nested.locals {
                    *uses.locals.entry(local).or_default() |= changed;
                }
                uses.fns.extend(nested.fns);
            }
        }
    }

    fn is_declared_in(&self, inner: LocalFnId, outer: LocalFnId) -> bool {
        fn within(stmts: &[Stmt], inner: LocalFnId) -> bool {
            walk::declared_anywhere(stmts).contains(&inner)
        }
        match &self.frame.body.local_fns[outer].body {
            Root::Block(block) => within(&block.stmts, inner),
            Root::Expr(_) => false,
        }
    }

    /// Whether a local is declared by a local function or inside it.
    fn is_inside(&self, local: LocalId, id: LocalFnId) -> bool {
        match self.frame.body.locals[local].local_fn {
            Some(owner) => owner == id || self.is_declared_in(owner, id),
            None => false,
        }
    }

    fn uses(&self, root: &Root) -> Uses {
        let body = self.frame.body;
        let mut uses = Uses::default();
        walk::expressions(body, root, &mut |id| match &body.exprs[id].kind {
            ExprKind::Local(local) => {
                uses.locals.entry(*local).or_insert(false);
            }
            ExprKind::LocalFn(id) => {
                uses.fns.insert(*id);
            }
            ExprKind::Assign { target, .. } => self.change(*target, &mut uses),
            ExprKind::Increment { operand, .. } => self.change(*operand, &mut uses),
            ExprKind::Call { .. } => self.change_by_call(id, &mut uses),
            _ => {}
        });
        uses
    }

    fn change_by_call(&self, id: ExprId, uses: &mut Uses) {
        match self.frame.types.calls.get(id) {
            Some(Call::Method { method, receiver: Receiver::Expr(base), .. }) => {
                let mutates = match &self.lower.program.methods[*method].native {
                    Some(sig) => sig.mutates,
                    None => self.lower.effects.method(None, *method).writes_own,
                };
                if mutates {
                    self.change(*base, uses);
                }
            }
            Some(Call::LocalFn { local_fn, .. }) => {
                uses.fns.insert(*local_fn);
            }
            _ => {}
        }
    }

    fn change(&self, place: ExprId, uses: &mut Uses) {
        let mut at = place;
        loop {
            match &self.frame.body.exprs[at].kind {
                ExprKind::Local(local) => {
                    if self.frame.body.locals[*local].kind != LocalKind::Const {
                        uses.locals.insert(*local, true);
                    }
                    return;
                }
                ExprKind::Member { base, .. }
                | ExprKind::Index { base, .. }
                | ExprKind::NonNull(base) => at = *base,
                ExprKind::Tuple(parts) => {
                    for (_, part) in parts {
                        self.change(*part, uses);
                    }
                    return;
                }
                _ => return,
            }
        }
    }
}
