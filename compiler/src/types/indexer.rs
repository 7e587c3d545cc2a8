//! `base[index]`: elements of collections, entries of dictionaries, slices.

use super::cx::{Cx, Why};
use super::errors::shapes;
use super::member::Natives;
use super::tables::{ArgBinding, Call, Receiver};
use crate::hir::ty::Ty;
use crate::hir::*;

impl<'p> Cx<'p> {
    pub(super) fn index(
        &mut self,
        id: ExprId,
        base: ExprId,
        args: &'p [ExprId],
        null_safe: bool,
    ) -> Ty {
        let (ty, in_chain) = self.chain_base(base, null_safe);
        let element = self.element_of(id, base, &ty, args);
        if in_chain { self.close_chain(id, element) } else { element }
    }

    fn element_of(&mut self, id: ExprId, base: ExprId, ty: &Ty, args: &[ExprId]) -> Ty {
        let found: Vec<Ty> = args.iter().map(|it| self.value(*it)).collect();
        if ty.is_error() || found.iter().any(Ty::is_error) {
            return Ty::Error;
        }
        let indexers = self.receiver_native(ty).map(|(native, type_args)| Natives {
            methods: self.shared.index.indexers(native),
            params: &self.program.natives[native].type_params,
            args: type_args,
            receiver: Receiver::Expr(base),
        });
        if let Some(indexers) = &indexers
            && let Some(method) = self.indexer(indexers, args, &found)
        {
            return self.apply_indexer(id, indexers, method, args, &found);
        }
        if found == [Ty::Range] && self.is_sliced(ty) {
            return ty.clone();
        }
        let has_indexer = indexers.is_some_and(|it| !it.methods.is_empty());
        let problem = if matches!(ty, Ty::Nullable(_)) {
            shapes::index_of_null(self, base, ty)
        } else if has_indexer && args.len() == 1 {
            shapes::index_type(self, args[0], ty, &found[0])
        } else {
            shapes::not_indexed(self, base, ty, args.len())
        };
        self.report(problem);
        Ty::Error
    }

    /// Arrays, lists and strings have slices.
    fn is_sliced(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Array(_) | Ty::String => true,
            Ty::Native(id, _) => Some(*id) == self.program.lang.list,
            _ => false,
        }
    }

    /// The first indexer whose parameters have the types of the indices, else the first
    /// to which they convert.
    fn indexer(
        &self,
        natives: &Natives<'p>,
        args: &[ExprId],
        found: &[Ty],
    ) -> Option<MethodId> {
        let fits = |method: &MethodId, exact: bool| {
            let params = &self.program.methods[*method].params;
            params.len() == found.len()
                && params.iter().zip(found).zip(args).all(|((param, have), arg)| {
                    let want = param.ty.substitute(natives.params, &natives.args);
                    if exact {
                        return *have == want;
                    }
                    // `^1` counts from the end in an `int`.
                    (*have == Ty::Index && want == Ty::INT)
                        || self.shared.implicit(have, &want, self.constant(*arg)).fits()
                })
        };
        let methods = natives.methods.iter();
        methods
            .clone()
            .find(|it| fits(it, true))
            .or_else(|| methods.clone().find(|it| fits(it, false)))
            .copied()
    }

    fn apply_indexer(
        &mut self,
        id: ExprId,
        natives: &Natives<'p>,
        method: MethodId,
        args: &[ExprId],
        found: &[Ty],
    ) -> Ty {
        let declared = &self.program.methods[method];
        for (at, (arg, have)) in args.iter().zip(found).enumerate() {
            let want = declared.params[at].ty.substitute(natives.params, &natives.args);
            if *have != Ty::Index {
                self.adapt(*arg, have, &want, Why::Param(method, at));
            }
        }
        let call = Call::Method {
            method,
            receiver: natives.receiver.clone(),
            type_args: Vec::new(),
            args: args.iter().map(|it| ArgBinding::Expr(*it)).collect(),
        };
        self.out.calls.insert(id, call);
        declared.returns.substitute(natives.params, &natives.args)
    }
}

/// The element that `Item1` or a name of the tuple type means.
pub(super) fn tuple_element(
    elements: &[crate::hir::ty::TupleElement],
    name: &str,
) -> Option<usize> {
    if let Some(at) = elements.iter().position(|it| it.name.as_deref() == Some(name)) {
        return Some(at);
    }
    let digits = name.strip_prefix("Item")?;
    let number: usize = digits.parse().ok()?;
    let canonical = !digits.starts_with(['0', '+']);
    (canonical && number >= 1 && number <= elements.len()).then(|| number - 1)
}
