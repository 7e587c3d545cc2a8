//! Iterators and loops over sequences: what `yield return` may give, what `foreach` goes over,
//! and which types have elements. Members of sequences are found by `member`.

use super::cx::{Cx, Shared, Why};
use super::errors::{iterators, names};
use super::member::Natives;
use super::tables::{Iteration, Receiver};
use crate::hir::body::{Binding, Stmt};
use crate::hir::item::MethodKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

impl Shared<'_> {
    /// What a `foreach` over a value of the type gives, messages of sources aside.
    pub(super) fn iterated(&self, ty: &Ty) -> Option<Ty> {
        let lang = &self.program.lang;
        match ty {
            Ty::Array(element) => Some((**element).clone()),
            Ty::String => Some(Ty::Char),
            Ty::Native(id, args) => {
                let id = Some(*id);
                let last = [
                    lang.list,
                    lang.set,
                    lang.queue,
                    lang.stack,
                    lang.sequence,
                    lang.ordered,
                    lang.grouping,
                ];
                if last.contains(&id) {
                    return args.last().cloned();
                }
                if id != lang.dictionary {
                    return None;
                }
                let entry = self.index.native_named("KeyValue");
                entry.map(|it| Ty::Native(it, args.clone()))
            }
            _ => None,
        }
    }

    /// Whether asking for an element runs code.
    pub(super) fn is_lazy(&self, ty: &Ty) -> bool {
        let lang = &self.program.lang;
        matches!(ty, Ty::Native(id, _) if [lang.sequence, lang.ordered].contains(&Some(*id)))
    }

    /// The type as a sequence, where a sequence is wanted and it can be one.
    pub(super) fn seen_as(&self, want: &Ty, have: &Ty) -> Ty {
        match (self.sequence_element(want), self.iterated(have)) {
            (Some(_), Some(element)) => self.sequence_of(element),
            _ => have.clone(),
        }
    }

    /// Whether a value of type `have` may be one of type `want`, of which parts are unknown.
    pub(super) fn may_become(&self, have: &Ty, want: &Ty) -> bool {
        match (have, want) {
            (_, Ty::Infer(_)) => true,
            (Ty::Nullable(have), Ty::Nullable(want)) => self.may_become(have, want),
            (_, Ty::Nullable(want)) => self.may_become(have, want),
            (Ty::Array(_), Ty::Array(_))
            | (Ty::Tuple(_), Ty::Tuple(_))
            | (Ty::Func { .. }, Ty::Func { .. }) => true,
            (_, Ty::Native(id, _)) if Some(*id) == self.program.lang.sequence => {
                self.iterated(have).is_some()
            }
            (Ty::Native(have, _), Ty::Native(want, _)) => {
                have == want || !self.program.natives[*have].bases.is_empty()
            }
            (_, Ty::Array(_) | Ty::Tuple(_) | Ty::Func { .. }) => false,
            _ => true,
        }
    }

    /// The element type of `IEnumerable<T>` itself.
    pub(super) fn sequence_element(&self, ty: &Ty) -> Option<Ty> {
        match ty {
            Ty::Native(id, args) if Some(*id) == self.program.lang.sequence => {
                args.first().cloned()
            }
            _ => None,
        }
    }

    /// `IEnumerable<T>`
    pub(super) fn sequence_of(&self, element: Ty) -> Ty {
        match self.program.lang.sequence {
            Some(native) => Ty::Native(native, [element].into()),
            None => Ty::Error,
        }
    }
}

impl<'p> Cx<'p> {
    /// What the elements of an iterator with this return type are; reports a type that no
    /// iterator can have.
    pub(super) fn elements(&mut self, returns: &Ty, why: Why, name: Span) -> Ty {
        if returns.is_error() {
            return Ty::Error;
        }
        if let Some(element) = self.shared.sequence_element(returns) {
            return element;
        }
        if let Ty::Native(id, args) = returns
            && Some(*id) == self.program.lang.source
            && self.agent().is_some()
        {
            return args.first().cloned().unwrap_or(Ty::Error);
        }
        let problem = iterators::no_sequence(self, returns, why, name);
        self.report(problem);
        Ty::Error
    }

    pub(super) fn yield_return(&mut self, _span: Span, value: ExprId) {
        let (elements, why) = match self.frames.last() {
            Some(frame) => (frame.elements.clone(), frame.why),
            None => (None, Why::Nothing),
        };
        let elements = elements.unwrap_or(Ty::Error);
        self.check(value, &elements, why);
    }

    pub(super) fn yield_break(&mut self) {
        let state = self.flow.state.clone();
        if let Some(frame) = self.frames.last_mut() {
            let before = std::mem::take(&mut frame.exits);
            frame.exits = before.join(&state);
        }
        self.flow.stop();
    }

    /// `return` where elements are yielded.
    pub(super) fn return_in_iterator(&mut self, span: Span, value: Option<ExprId>) {
        if let Some(value) = value {
            self.absorb(value);
        }
        let problem = iterators::return_in_iterator(span, value.is_some());
        self.report(problem);
        self.yield_break();
    }

    pub(super) fn foreach(
        &mut self,
        span: Span,
        binding: &'p Binding,
        iterable: ExprId,
        body: &'p Stmt,
    ) {
        let element = self.iteration(iterable);
        self.flow.enter_loop(span);
        let before = self.flow.state.clone();
        match binding {
            Binding::Single(local) => self.bind_one(*local, element),
            Binding::Tuple(pattern) => self.bind_tuple(pattern, &element),
        }
        let left = self.loop_body(body);
        self.flow.state = before.join(&left.breaks);
    }

    /// What a `foreach` goes over, element by element.
    fn iteration(&mut self, iterable: ExprId) -> Ty {
        if !self.is_port(iterable) {
            let ty = self.value(iterable);
            if ty.is_error() {
                return Ty::Error;
            }
            if let Some(element) = self.shared.iterated(&ty) {
                let iteration = match self.shared.is_lazy(&ty) {
                    true => Iteration::Sequence(element.clone()),
                    false => Iteration::Collection(element.clone()),
                };
                self.out.iterations.insert(iterable, iteration);
                return element;
            }
            if !self.may_be_source(&ty) {
                let problem = names::not_iterable(self, iterable, &ty);
                self.report(problem);
                return Ty::Error;
            }
        }
        let Some(element) = self.source(iterable) else { return Ty::Error };
        self.out.iterations.insert(iterable, Iteration::Source(element.clone()));
        element
    }

    /// A member that a collection has as a sequence of its elements.
    pub(super) fn sequence_member(
        &self,
        ty: &Ty,
        base: ExprId,
        name: &str,
    ) -> Option<Natives<'p>> {
        let (sequence, element) =
            self.program.lang.sequence.zip(self.shared.iterated(ty))?;
        self.native_member(sequence, &[element], base, name, 0)
    }

    /// What a call of a member means where the type itself has only a property of the name:
    /// `list.Count()`.
    pub(super) fn called_natives(&self, natives: Natives<'p>, name: &str) -> Natives<'p> {
        let is_property =
            |it: &MethodId| self.program.methods[*it].kind == MethodKind::Property;
        let Receiver::Expr(base) = natives.receiver else { return natives };
        if !natives.methods.iter().all(is_property) {
            return natives;
        }
        let ty = self.done(base);
        let ty = match &ty {
            Some(Ty::Nullable(inner)) => inner,
            Some(ty) => ty,
            None => return natives,
        };
        self.sequence_member(ty, base, name).unwrap_or(natives)
    }
}
