//! Members of sequences. A chain of them is one expression of the target, whose steps have
//! types of their own; only where a sequence is kept does it become a value. Which members
//! there are stands in the library's declarations.

use crate::hir::body::ExprKind as HirKind;
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::{ExprId, MethodId};
use crate::ir::{Block, Expr, ExprKind};
use crate::types::tables::{ArgBinding, Call};

use super::body::Fx;
use super::build::{At, Flags};

/// A longer chain is cut by values: the target's types grow with every step.
const MAX_STEPS: u32 = 12;

impl Fx<'_, '_> {
    /// Whether the method is a member of `IEnumerable<T>` itself.
    pub(super) fn is_sequence_member(&self, method: MethodId) -> bool {
        match self.lower.program.methods[method].decl.owner {
            Owner::Native(native) => Some(native) == self.lower.program.lang.sequence,
            _ => false,
        }
    }

    /// Whether a library member gives a sequence: a step of a chain.
    fn is_step(&self, method: MethodId) -> bool {
        let it = &self.lower.program.methods[method];
        it.native.is_some()
            && matches!(&it.returns, Ty::Native(id, _)
                if Some(*id) == self.lower.program.lang.sequence)
    }

    /// What a library member gave, as a value: a chain that ends here becomes one.
    pub(super) fn kept_sequence(&self, method: MethodId, value: Expr) -> Expr {
        match self.is_step(method) {
            true => At(value.line).method(value, "sequence", vec![]),
            false => value,
        }
    }

    /// A member of `IEnumerable<T>` of whatever `base` is.
    pub(super) fn sequence_member(
        &mut self,
        method: MethodId,
        base: ExprId,
        args: &[ArgBinding],
    ) -> Expr {
        let at = self.at;
        let element = last_arg(&self.converted_ty(base));
        let receiver = self.sequence_chain(base);
        let mut held = vec![self.hold(receiver)];
        let outer = std::mem::take(&mut self.n_steps);
        held.extend(self.arguments(method, args));
        self.n_steps = outer;
        self.at = at;
        // What the functions of the chain look at, they look at now.
        self.turn();
        let mut operands = self.settled(held).into_iter();
        let receiver = operands.next().expect("the receiver is the first operand");
        self.sequence_step(at, method, receiver, operands.collect(), &element)
    }

    /// Calls a member on a chain.
    pub(super) fn sequence_step(
        &self,
        at: At,
        method: MethodId,
        chain: Expr,
        args: Vec<Expr>,
        element: &Ty,
    ) -> Expr {
        let it = &self.lower.program.methods[method];
        let sig = it.native.as_ref();
        let sig = sig.unwrap_or_else(|| unreachable!("members of sequences are native"));
        let args = it
            .params
            .iter()
            .zip(args)
            .map(|(param, arg)| match &param.ty {
                Ty::Func { params, .. } => as_closure(arg, params.len()),
                _ => arg,
            })
            .collect();
        let call = at.method(chain, &sig.rust, args);
        let call = if sig.throws { call.fallible() } else { call };
        // `T?` is `T` where `T` may be null itself.
        let flat =
            matches!(&it.returns, Ty::Nullable(_)) && matches!(element, Ty::Nullable(_));
        if flat { at.method(call, "flatten", vec![]) } else { call }
    }

    /// The chain that an expression is, or one that begins with its value.
    fn sequence_chain(&mut self, base: ExprId) -> Expr {
        let table = self.frame.types;
        let plain = !table.conversions.contains(base)
            && !table.null_chains.contains(base)
            && !self.known.contains_key(&self.expr_key(base));
        if plain
            && self.n_steps < MAX_STEPS
            && matches!(self.frame.body.exprs[base].kind, HirKind::Call { .. })
            && let Some(Call::Method { method, receiver, type_args, args }) =
                table.calls.get(base)
            && self.is_step(*method)
        {
            self.n_steps += 1;
            self.go(self.frame.body.exprs[base].span);
            let type_args = self.tys(type_args);
            let chain = self.native_call(*method, receiver, args, &type_args);
            self.n_steps -= 1;
            return chain;
        }
        let outer = std::mem::take(&mut self.n_steps);
        let place = self.place(base);
        let chain = self
            .access(place, false, vec![], |at, it, _| at.method(it.expr, "lazy", vec![]));
        self.n_steps = outer;
        chain
    }
}

/// What the elements of a collection or sequence are, as far as null matters.
pub(super) fn last_arg(ty: &Ty) -> Ty {
    match ty {
        Ty::Array(element) => (**element).clone(),
        Ty::Native(_, args) => args.last().cloned().unwrap_or(Ty::Error),
        _ => Ty::Error,
    }
}

/// A function value as the closure that it is made from, so that the target can inline it.
fn as_closure(function: Expr, n_params: usize) -> Expr {
    let line = function.line;
    match function.kind {
        ExprKind::Func(closure) => *closure,
        ExprKind::Block(Block { stmts, value: Some(value) }) => {
            let value = Box::new(as_closure(*value, n_params));
            Expr { line, kind: ExprKind::Block(Block { stmts, value: Some(value) }) }
        }
        kind => At(line).rt(&format!("call{n_params}"), vec![Expr { line, kind }]),
    }
}
