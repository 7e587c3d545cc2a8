//! Variables that take parts of a value: of `var (a, b) = …`, `foreach` and `into`. It
//! lowers no values.

use crate::hir::LocalId;
use crate::hir::body::{Binding, TuplePattern, TuplePatternPart};
use crate::hir::ty::Ty;
use crate::ir::{Expr, Pattern, Stmt};

use super::body::{Fx, SlotKind};
use super::build::At;

/// A local that a converted value is bound to, behind the pattern.
pub(super) struct Late {
    pub(super) local: LocalId,
    /// Holds the part.
    pub(super) var: crate::ir::Var,
    /// Or names it where it is.
    pub(super) borrowed: bool,
}

impl Fx<'_, '_> {
    /// `var (a, b) = value;`
    pub(super) fn deconstruct(
        &mut self,
        at: At,
        pattern: &TuplePattern,
        value: Expr,
        ty: &Ty,
    ) {
        let value = match ty {
            Ty::Tuple(_) => value,
            _ => at.method(value, "deconstruct", vec![]),
        };
        let mut late = Vec::new();
        let pattern = self.tuple_pattern(pattern, &mut late);
        self.push(at.bind(pattern, None, Some(value)));
        self.bind_converted(late);
    }

    fn tuple_pattern(&mut self, pattern: &TuplePattern, late: &mut Vec<Late>) -> Pattern {
        let parts = pattern.parts.iter().map(|part| match part {
            TuplePatternPart::Local(local) => self.bound(*local, late),
            TuplePatternPart::Discard(_) => Pattern::Wildcard,
            TuplePatternPart::Nested(inner) => self.tuple_pattern(inner, late),
        });
        Pattern::Tuple(parts.collect())
    }

    /// The pattern of a local; one of another type than its part is bound later.
    fn bound(&mut self, local: LocalId, late: &mut Vec<Late>) -> Pattern {
        if !self.frame.types.bindings.contains(local) {
            return Pattern::Var(self.declare(local, SlotKind::Value));
        }
        let var = self.temp();
        late.push(Late { local, var, borrowed: false });
        Pattern::Var(var)
    }

    /// Binds locals to parts that have to be converted.
    pub(super) fn bind_converted(&mut self, late: Vec<Late>) {
        let at = self.at;
        for Late { local, var, borrowed } in late {
            let Some((from, how)) = self.frame.types.bindings.get(local) else {
                continue;
            };
            let from = self.substitute(from);
            let part = match borrowed {
                true => at.clone(at.deref(at.var(var))),
                false => at.var(var),
            };
            let value = self.convert(part, &from, how);
            let declared = self.local_ty(local);
            let declared = self.lower.ty(&declared);
            let var = self.declare(local, SlotKind::Value);
            self.push(at.bind(Pattern::Var(var), Some(declared), Some(value)));
        }
    }

    /// The pattern of a variable that takes each value of a loop or case, and what has to
    /// run at the beginning of its body.
    pub(super) fn binding(
        &mut self,
        binding: &Binding,
        element: &Ty,
    ) -> (Pattern, Vec<Stmt>) {
        let at = self.at;
        let mut late = Vec::new();
        match (binding, element) {
            (Binding::Single(local), _) => {
                let pattern = self.bound(*local, &mut late);
                (pattern, self.seq(|cx| cx.bind_converted(late)).0)
            }
            (Binding::Tuple(pattern), Ty::Tuple(_)) => {
                let pattern = self.tuple_pattern(pattern, &mut late);
                (pattern, self.seq(|cx| cx.bind_converted(late)).0)
            }
            (Binding::Tuple(pattern), _) => {
                let var = self.temp();
                let (stmts, ()) =
                    self.seq(|cx| cx.deconstruct(at, pattern, at.var(var), element));
                (Pattern::Var(var), stmts)
            }
        }
    }

    /// The same of what is borrowed: the message that a guard looks at.
    pub(super) fn borrowed_parts(
        &mut self,
        pattern: &TuplePattern,
        late: &mut Vec<Late>,
    ) -> Pattern {
        let parts = pattern.parts.iter().map(|part| match part {
            TuplePatternPart::Local(local) => self.borrowed(*local, late),
            TuplePatternPart::Discard(_) => Pattern::Wildcard,
            TuplePatternPart::Nested(inner) => self.borrowed_parts(inner, late),
        });
        Pattern::Tuple(parts.collect())
    }

    /// The pattern of a variable that the guard sees; one of another type than its part is
    /// bound later.
    pub(super) fn borrowed(&mut self, local: LocalId, late: &mut Vec<Late>) -> Pattern {
        if !self.frame.types.bindings.contains(local) {
            return Pattern::Var(self.declare(local, SlotKind::Ref));
        }
        let var = self.temp();
        late.push(Late { local, var, borrowed: true });
        Pattern::Var(var)
    }
}
