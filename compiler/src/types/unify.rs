//! Inference of type arguments: matches the type a parameter wants, holes in it, with the
//! type an argument has. It has no notion of conversion: a hole takes the type it meets
//! first.

use std::rc::Rc;

use super::ty::is_known;
use crate::hir::ty::Ty;
use crate::hir::*;

/// Type arguments of a call as far as they are known; `Ty::Infer(i)` stands for the `i`th.
#[derive(Clone, Debug)]
pub(super) struct Holes {
    pub(super) found: Vec<Option<Ty>>,
}

impl Holes {
    pub(super) fn new(n: usize) -> Self {
        Self { found: vec![None; n] }
    }

    /// `ty` with the type parameters `params` as holes.
    pub(super) fn open(params: &[TypeParamId], ty: &Ty) -> Ty {
        let holes: Vec<Ty> = (0..params.len())
            .map(|at| Ty::Infer(u32::try_from(at).unwrap_or(0)))
            .collect();
        ty.substitute(params, &holes)
    }

    /// `ty` with what is known put in.
    pub(super) fn fill(&self, ty: &Ty) -> Ty {
        let all = |tys: &Rc<[Ty]>| tys.iter().map(|it| self.fill(it)).collect();
        match ty {
            Ty::Infer(at) => match self.found.get(*at as usize) {
                Some(Some(found)) => found.clone(),
                _ => ty.clone(),
            },
            Ty::Array(it) => Ty::array(self.fill(it)),
            Ty::Nullable(it) => match self.fill(it) {
                error @ Ty::Error => error,
                inner => Ty::Nullable(Rc::new(inner)),
            },
            Ty::Tuple(elements) => Ty::Tuple(
                elements
                    .iter()
                    .map(|it| crate::hir::ty::TupleElement {
                        name: it.name.clone(),
                        ty: self.fill(&it.ty),
                    })
                    .collect(),
            ),
            Ty::Func { params, returns } => {
                Ty::Func { params: all(params), returns: Rc::new(self.fill(returns)) }
            }
            Ty::Record(id, args) => Ty::Record(*id, all(args)),
            Ty::Enum(id, args) => Ty::Enum(*id, all(args)),
            Ty::Native(id, args) => Ty::Native(*id, all(args)),
            Ty::Using(id, args, state) => Ty::Using(*id, all(args), *state),
            Ty::Impl(id, args, state) => Ty::Impl(*id, all(args), *state),
            Ty::Domain(id, args) => Ty::Domain(*id, all(args)),
            Ty::Request(value, reply) => {
                Ty::Request(Rc::new(self.fill(value)), Rc::new(self.fill(reply)))
            }
            other => other.clone(),
        }
    }

    /// Finds holes of `wanted` in `have`, as far as the two have the same shape.
    pub(super) fn bind(&mut self, wanted: &Ty, have: &Ty) {
        if let Ty::Infer(at) = wanted {
            if let Some(hole @ None) = self.found.get_mut(*at as usize)
                && !matches!(have, Ty::Null | Ty::Never | Ty::Void)
                && is_known(have)
            {
                *hole = Some(have.clone());
            }
            return;
        }
        match (wanted, have) {
            (Ty::Array(a), Ty::Array(b)) | (Ty::Nullable(a), Ty::Nullable(b)) => {
                self.bind(a, b);
            }
            (Ty::Nullable(a), b) => self.bind(a, b),
            (Ty::Tuple(a), Ty::Tuple(b)) => {
                for (a, b) in a.iter().zip(b.iter()) {
                    self.bind(&a.ty, &b.ty);
                }
            }
            (
                Ty::Func { params: a, returns: ar },
                Ty::Func { params: b, returns: br },
            ) => {
                self.bind_all(a, b);
                self.bind(ar, br);
            }
            (Ty::Record(a, x), Ty::Record(b, y)) if a == b => self.bind_all(x, y),
            (Ty::Enum(a, x), Ty::Enum(b, y)) if a == b => self.bind_all(x, y),
            (Ty::Native(a, x), Ty::Native(b, y)) if a == b => self.bind_all(x, y),
            (Ty::Using(a, x, _), Ty::Using(b, y, _))
            | (Ty::Impl(a, x, _), Ty::Impl(b, y, _))
                if a == b =>
            {
                self.bind_all(x, y);
            }
            (Ty::Domain(a, x), Ty::Domain(b, y)) if a == b => self.bind_all(x, y),
            (Ty::Request(a, ar), Ty::Request(b, br)) => {
                self.bind(a, b);
                self.bind(ar, br);
            }
            _ => {}
        }
    }

    fn bind_all(&mut self, wanted: &[Ty], have: &[Ty]) {
        for (a, b) in wanted.iter().zip(have) {
            self.bind(a, b);
        }
    }

    /// All of them, if all are known.
    pub(super) fn solved(&self) -> Option<Vec<Ty>> {
        self.found.iter().cloned().collect()
    }
}
