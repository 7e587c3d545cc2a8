//! `try`, `catch` and `throw`: what is an exception, and how control and facts go through
//! them. Which methods throw is found by `isolation` and `lower`.

use super::cx::{Cx, Why};
use super::errors::{flow, names};
use super::flow::State;
use super::index;
use super::tables::Member;
use crate::hir::body::{Block, Catch, ExprKind};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// What of the code around decides about a statement inside; code of a lambda or local
/// function begins anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Handling {
    /// Bodies of `catch` around.
    catches: usize,
    /// Each `finally` that runs when the code at hand is left, with the number of loops and
    /// cases around its `try`.
    finallies: Vec<(usize, Span)>,
}

/// A type that an earlier `catch` takes whole.
struct Caught {
    ty: Ty,
    span: Span,
}

impl<'p> Cx<'p> {
    pub(super) fn try_stmt(
        &mut self,
        span: Span,
        body: &'p Block,
        catches: &'p [Catch],
        finally: Option<&'p Block>,
    ) {
        let before = self.flow.state.clone();
        let around = finally.map(|_| self.breakables.clone());
        if let Some(finally) = finally {
            let n_around = self.breakables.len();
            self.handling.finallies.push((n_around, finally.span));
        }
        self.block(body);
        let mut end = std::mem::take(&mut self.flow.state);
        // The exception may come from anywhere in the body: nothing that the body assigns
        // is certain, and what it assigns may be null again.
        self.flow.state = before.clone();
        self.flow.enter_loop(body.span);
        let thrown = self.flow.state.clone();
        let mut earlier = Vec::new();
        for catch in catches {
            self.flow.state = thrown.clone();
            self.catch(catch, &mut earlier);
            let after = std::mem::take(&mut self.flow.state);
            end = end.join(&after);
        }
        if let Some(finally) = finally {
            self.handling.finallies.pop();
            let last = catches.last().map_or(body.span, |it| it.span);
            self.flow.state = before;
            self.flow.enter_loop(body.span.to(last));
            self.block(finally);
            let gained = std::mem::replace(&mut self.flow.state, end);
            self.flow.enter_loop(finally.span);
            if let (true, Some(around)) = (gained.dead, around) {
                // Nothing that was to be left by way of the `finally` is ever left so.
                self.breakables = around;
            }
            self.flow.state = match gained.dead {
                true => State::unreachable(),
                false => std::mem::take(&mut self.flow.state).and_also(&gained),
            };
        } else {
            self.flow.state = end;
        }
        if self.flow.state.dead {
            self.out.dead_ends.insert(span);
        }
    }

    fn catch(&mut self, catch: &'p Catch, earlier: &mut Vec<Caught>) {
        let ty = match &catch.ty {
            Some((ty, span)) => self.caught_type(ty, *span),
            None => self.exception_type(),
        };
        let place = catch.ty.as_ref().map_or(catch.head(), |it| it.1);
        if let Some(first) = earlier.iter().find(|it| self.takes(&it.ty, &ty)) {
            let problem = flow::caught_before(self, &ty, place, first.span);
            self.report(problem);
        }
        if let Some(local) = catch.local {
            self.out.locals.insert(local, ty.clone());
            self.flow.assign(local, false);
        }
        match catch.filter {
            Some(filter) => {
                let (when_true, _) = self.condition(filter);
                self.flow.state = when_true;
            }
            None => earlier.push(Caught { ty, span: place }),
        }
        self.handling.catches += 1;
        self.block(&catch.body);
        self.handling.catches -= 1;
    }

    fn caught_type(&mut self, ty: &Ty, span: Span) -> Ty {
        match ty {
            Ty::Error => Ty::Error,
            Ty::Record(id, _) if self.shared.is_exception(*id) => {
                self.well_formed(ty, span);
                ty.clone()
            }
            _ => {
                let problem = flow::catches_no_exception(self, ty, span);
                self.report(problem);
                Ty::Error
            }
        }
    }

    /// Whether every exception of type `ty` is one of type `base`.
    fn takes(&self, base: &Ty, ty: &Ty) -> bool {
        let (Ty::Record(base, base_args), Ty::Record(id, args)) = (base, ty) else {
            return false;
        };
        if base == id {
            return base_args == args;
        }
        base_args.is_empty() && index::records(self.program, *id).any(|it| it == *base)
    }

    fn exception_type(&self) -> Ty {
        match self.program.lang.exception {
            Some(id) => Ty::Record(id, [].into()),
            None => Ty::Error,
        }
    }

    pub(super) fn throw_stmt(&mut self, span: Span, value: Option<ExprId>) {
        match value {
            Some(value) => self.thrown(value),
            None if self.handling.catches == 0 => {
                self.report(flow::nothing_to_rethrow(span));
            }
            None => {}
        }
        self.flow.stop();
    }

    /// `throw e` as an expression.
    pub(super) fn throw_expr(&mut self, value: ExprId) -> Ty {
        self.thrown(value);
        self.flow.stop();
        Ty::Never
    }

    /// Checks that a value can be thrown. It keeps its own type on the way.
    fn thrown(&mut self, value: ExprId) {
        let want = self.exception_type();
        let ty = self.infer(value, Some(&want));
        match &ty {
            Ty::Error => {}
            Ty::Record(id, _) if self.shared.is_exception(*id) => {}
            Ty::Null | Ty::Nullable(_) => self.adapt(value, &ty, &want, Why::Nothing),
            _ => {
                let problem = flow::throws_no_exception(self, value, &ty);
                self.report(problem);
            }
        }
    }

    /// Whether the expression is the message of an exception: every exception has one, also
    /// where it was made without.
    pub(super) fn is_message(&self, id: ExprId) -> bool {
        let field = match (self.kind(id), self.out.members.get(id)) {
            (ExprKind::Member { .. }, Some(Member::Field(field))) => *field,
            (ExprKind::Field(field), _) => *field,
            _ => return false,
        };
        let declared = &self.program.fields[field];
        matches!(declared.owner, item::Owner::Record(it) if Some(it) == self.program.lang.exception)
            && &*declared.name.name == "Message"
    }

    /// Finds what `using` calls at the end of its body.
    pub(super) fn disposal(&mut self, resource: ExprId, ty: &Ty) {
        if matches!(ty, Ty::Error | Ty::Using(..) | Ty::Impl(..)) {
            return;
        }
        let found = ["Dispose", "Close"].iter().find_map(|name| match ty {
            Ty::Record(id, _) => self.shared.index.record_method(self.program, *id, name),
            _ => {
                let (native, _) = self.receiver_native(ty)?;
                self.shared.index.native(native, name).first().copied()
            }
        });
        let plain = |it: &MethodId| {
            let method = &self.program.methods[*it];
            method.params.is_empty() && method.type_params.is_empty()
        };
        match found.filter(plain) {
            Some(method) => {
                self.out.disposals.insert(resource, method);
            }
            None => {
                let problem = names::not_disposable(self, resource, ty);
                self.report(problem);
            }
        }
    }

    /// Takes from `state`, in which loop or case number `target` is left, what is not
    /// certain behind the `finally` blocks on the way.
    pub(super) fn through_finallies(&mut self, state: State, target: usize) -> State {
        let crossed = |it: &&(usize, Span)| it.0 > target;
        let spans: Vec<Span> =
            self.handling.finallies.iter().filter(crossed).map(|it| it.1).collect();
        if spans.is_empty() {
            return state;
        }
        let here = std::mem::replace(&mut self.flow.state, state);
        for span in spans {
            self.flow.enter_loop(span);
        }
        std::mem::replace(&mut self.flow.state, here)
    }
}
