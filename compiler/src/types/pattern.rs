//! Patterns: what they mean for a subject of a type, what they bind, and what they cover.

use std::collections::{BTreeMap, BTreeSet};

use super::cx::{Cx, Why};
use super::errors::{self, names};
use super::exhaustive::{Cover, Head};
use super::flow::{Place, State};
use super::generics;
use super::tables::{Constant, PatternMeaning};
use super::ty::is_numeric;
use crate::hir::body::{BinaryOp, ExprKind, Ident, Literal, Pattern, PatternKind, Root};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// Locals that a pattern binds, and where.
#[derive(Debug, Default)]
pub(super) struct Bound {
    locals: BTreeMap<LocalId, Span>,
}

impl Bound {
    fn add(&mut self, local: LocalId, span: Span) {
        self.locals.entry(local).or_insert(span);
    }
}

impl Cx<'_> {
    /// `operand is pattern`
    pub(super) fn is(&mut self, operand: ExprId, pattern: &Pattern) -> Ty {
        let subject = self.value(operand);
        let subject = self.as_declared(operand, subject);
        let subject = self.matched(operand, subject, [pattern].into_iter());
        // `is not p` binds where it does not match.
        let (inner, negated) = match &pattern.kind {
            PatternKind::Not(inner) => (&**inner, true),
            _ => (pattern, false),
        };
        let mut bound = Bound::default();
        let (cover, broken) = self.whole_pattern(inner, &subject, &mut bound);
        if !broken && !self.shared.is_satisfiable(&subject, &cover) {
            self.report(errors::patterns::matches_nothing(inner.span));
        }
        let here = self.flow.state.clone();
        let (mut matched, mut missed) = (here.clone(), here);
        self.bind_matched(&mut matched, operand, inner, &bound);
        if matches!(inner.kind, PatternKind::Null) {
            self.learn_non_null(&mut missed, operand);
        }
        if negated {
            self.split(missed, matched);
        } else {
            self.split(matched, missed);
        }
        Ty::Bool
    }

    /// The type that patterns see. One that looks into the message of a source or the value of
    /// a request finds neither there, which is reported once for all of them.
    pub(super) fn matched<'a>(
        &mut self,
        subject: ExprId,
        ty: Ty,
        mut patterns: impl Iterator<Item = &'a Pattern>,
    ) -> Ty {
        let inner = match &ty {
            Ty::Request(value, _) => Some((**value).clone()),
            _ => self.shared.source_element(&ty),
        };
        let Some(inner) = inner.filter(|_| patterns.any(looks_inside)) else { return ty };
        let problem = errors::patterns::not_the_message(self, subject, &ty, &inner);
        self.report(problem);
        Ty::Error
    }

    /// Notes what holds where a pattern matched the value of an expression.
    pub(super) fn bind_matched(
        &mut self,
        state: &mut State,
        subject: ExprId,
        pattern: &Pattern,
        bound: &Bound,
    ) {
        for local in bound.locals.keys() {
            self.flow.bind_in(state, *local);
        }
        if excludes_null(pattern) {
            self.learn_non_null(state, subject);
        }
        if let Some(place) = self.place(subject) {
            self.learn_fields(state, &place, pattern);
        }
    }

    /// Fields of an immutable value that a pattern found not to be null.
    fn learn_fields(&mut self, state: &mut State, place: &Place, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::And(left, right) => {
                self.learn_fields(state, place, left);
                self.learn_fields(state, place, right);
            }
            PatternKind::Properties { fields, .. } => {
                let Some(PatternMeaning::Fields(found)) =
                    self.out.patterns.get(&pattern.span).cloned()
                else {
                    return;
                };
                // Unknown fields were reported, and then the two do not go together.
                if found.len() != fields.len() {
                    return;
                }
                for (field, (_, part)) in found.iter().zip(fields) {
                    let Some(place) = self.field_of(place, *field) else { continue };
                    if excludes_null(part) {
                        self.flow.learn_in(state, &place);
                    }
                    self.learn_fields(state, &place, part);
                }
            }
            _ => {}
        }
    }

    /// Checks a pattern; says too whether something is wrong with it, so that nobody
    /// knows what it covers.
    pub(super) fn whole_pattern(
        &mut self,
        pattern: &Pattern,
        ty: &Ty,
        bound: &mut Bound,
    ) -> (Cover, bool) {
        let before = self.problems.len();
        self.lost_pattern = false;
        let cover = self.pattern(pattern, ty, bound);
        (cover, self.lost_pattern || self.problems.len() > before)
    }

    /// Checks a pattern against a subject of type `ty`; gives what it covers.
    pub(super) fn pattern(
        &mut self,
        pattern: &Pattern,
        ty: &Ty,
        bound: &mut Bound,
    ) -> Cover {
        match &pattern.kind {
            PatternKind::Error => {
                self.lost_pattern = true;
                Cover::All
            }
            PatternKind::Wildcard => Cover::All,
            PatternKind::Var(local) => {
                self.bind_local(*local, pattern.span, ty.clone(), bound);
                Cover::All
            }
            PatternKind::Null => self.null_pattern(pattern, ty),
            PatternKind::Typed { ty: wanted, local } => {
                self.typed_pattern(pattern, wanted, *local, ty, bound)
            }
            PatternKind::NonNull(local) => {
                let (inner, cover) = match ty {
                    Ty::Nullable(inner) => {
                        (&**inner, Cover::Head(Head::NotNull, vec![Cover::All]))
                    }
                    other => (other, Cover::All),
                };
                if let Some(local) = local {
                    self.bind_local(*local, pattern.span, inner.clone(), bound);
                }
                cover
            }
            PatternKind::Or(..) => self.or_pattern(pattern, ty, bound),
            PatternKind::And(left, right) => {
                let left = self.pattern(left, ty, bound);
                let right = self.pattern(right, ty, bound);
                left.and(&right)
            }
            PatternKind::Not(inner) => {
                let mut none = Bound::default();
                let cover = self.pattern(inner, ty, &mut none);
                for (local, span) in none.locals {
                    let problem = errors::patterns::bound_under_not(self, local, span);
                    self.report(problem);
                    // It is wrong here, and nowhere else.
                    bound.add(local, span);
                }
                self.shared.complement(&cover, ty)
            }
            _ => {
                let (inner, nullable) = match ty {
                    Ty::Nullable(inner) => (&**inner, true),
                    other => (other, false),
                };
                let cover = self.value_pattern(pattern, inner, bound);
                if nullable { Cover::Head(Head::NotNull, vec![cover]) } else { cover }
            }
        }
    }

    /// Alternatives of one chain of `or`: each must bind the same.
    fn or_pattern(&mut self, pattern: &Pattern, ty: &Ty, bound: &mut Bound) -> Cover {
        let mut all = Vec::new();
        let mut at = pattern;
        while let PatternKind::Or(left, right) = &at.kind {
            all.push(&**right);
            at = left;
        }
        all.push(at);
        all.reverse();
        let mut covers = Vec::new();
        let mut each = Vec::new();
        for part in &all {
            let mut own = Bound::default();
            let cover = self.pattern(part, ty, &mut own);
            covers.push(Cover::Alternative(part.span, Box::new(cover)));
            for (local, span) in &own.locals {
                bound.add(*local, *span);
            }
            each.push(own);
        }
        let mut told = BTreeSet::new();
        for (own, part) in each.iter().zip(&all) {
            for (local, span) in &bound.locals {
                let some = each.iter().any(|it| it.locals.contains_key(local));
                if some && !own.locals.contains_key(local) && told.insert(*local) {
                    let problem =
                        errors::patterns::not_in_all(self, *local, *span, part.span);
                    self.report(problem);
                }
            }
        }
        Cover::Either(covers)
    }

    /// Gives a variable of a pattern its type; alternatives must agree about it.
    fn bind_local(&mut self, local: LocalId, span: Span, ty: Ty, bound: &mut Bound) {
        let first = self.bound_here.insert(local, span);
        match (first, self.out.locals.get(local)) {
            (Some(first), Some(before)) if first != span => {
                if *before != ty && !before.is_error() && !ty.is_error() {
                    let before = before.clone();
                    let problem = errors::patterns::bound_as_another(
                        self,
                        local,
                        (span, &ty),
                        (first, &before),
                    );
                    self.report(problem);
                }
            }
            _ => {
                self.out.locals.insert(local, ty);
                self.flow.declare_unassigned(local);
            }
        }
        bound.add(local, span);
    }

    fn null_pattern(&mut self, pattern: &Pattern, ty: &Ty) -> Cover {
        match ty {
            Ty::Nullable(_) => Cover::Head(Head::Null, Vec::new()),
            Ty::Error | Ty::Null => Cover::unknown(),
            _ => {
                let problem = names::pattern_mismatch(self, pattern.span, "null", ty);
                self.report(problem);
                Cover::unknown()
            }
        }
    }

    fn typed_pattern(
        &mut self,
        pattern: &Pattern,
        wanted: &Ty,
        local: LocalId,
        ty: &Ty,
        bound: &mut Bound,
    ) -> Cover {
        self.bind_local(local, pattern.span, wanted.clone(), bound);
        match ty {
            _ if ty.is_error() || wanted.is_error() || ty == wanted => Cover::All,
            Ty::Nullable(inner) if **inner == *wanted => {
                Cover::Head(Head::NotNull, vec![Cover::All])
            }
            _ => {
                let text = format!("`{}`", self.show(wanted));
                let problem = names::pattern_mismatch(self, pattern.span, &text, ty);
                self.report(problem.note("a type pattern only tests for null"));
                Cover::unknown()
            }
        }
    }

    /// Patterns of values that are not null.
    fn value_pattern(&mut self, pattern: &Pattern, ty: &Ty, bound: &mut Bound) -> Cover {
        match &pattern.kind {
            PatternKind::Constant(value) => self.constant_pattern(pattern, *value, ty),
            PatternKind::Case { path, args, constant } => {
                self.case_pattern(pattern, path, args.as_deref(), *constant, ty, bound)
            }
            PatternKind::Tuple(parts) => self.tuple_pattern(pattern, parts, ty, bound),
            PatternKind::Properties { ty: wanted, fields } => {
                self.properties(pattern, wanted.as_ref(), fields, ty, bound)
            }
            PatternKind::Relational { op, value } => self.relation(*op, *value, ty),
            _ => Cover::nothing(),
        }
    }

    fn constant_pattern(&mut self, pattern: &Pattern, value: ExprId, ty: &Ty) -> Cover {
        self.out.patterns.insert(pattern.span, PatternMeaning::Constant);
        self.constant_expr(value, ty, Why::Nothing);
        self.flow.split = None;
        match self.pattern_constant(value) {
            Some(constant) => Cover::constant(&constant, ty),
            None => match self.constant_case(value, ty) {
                Some(case) => Cover::Head(Head::Case(case), Vec::new()),
                None => Cover::unknown(),
            },
        }
    }

    /// The case without payload that a named constant stands for.
    fn constant_case(&self, value: ExprId, ty: &Ty) -> Option<usize> {
        let (ExprKind::Const(id), Ty::Enum(declared, _)) = (self.kind(value), ty) else {
            return None;
        };
        let body = &self.program.bodies[self.program.consts[*id].value];
        let Root::Expr(root) = body.root else { return None };
        let name = match &body.exprs[root].kind {
            ExprKind::Member { name, .. } | ExprKind::BareCase(name) => name,
            _ => return None,
        };
        let case = self.shared.index.case(*declared, &name.name)?;
        let payload = &self.program.enums[*declared].cases[case].payload;
        payload.is_empty().then_some(case)
    }

    /// The constant that a pattern compares with, durations included.
    fn pattern_constant(&self, value: ExprId) -> Option<Constant> {
        match self.kind(value) {
            ExprKind::Literal(Literal::Duration(nanos)) => {
                Some(Constant::Int((*nanos).into()))
            }
            _ => self.constant(value).cloned(),
        }
    }

    fn case_pattern(
        &mut self,
        pattern: &Pattern,
        path: &[Ident],
        args: Option<&[Pattern]>,
        constant: Option<ExprId>,
        ty: &Ty,
        bound: &mut Bound,
    ) -> Cover {
        if let (Ty::Enum(id, type_args), Some(name)) = (ty, path.last()) {
            let declared = &self.program.enums[*id];
            let qualified =
                path.len() < 2 || path[path.len() - 2].name == declared.decl.name.name;
            if qualified && let Some(case) = self.shared.index.case(*id, &name.name) {
                let meaning = PatternMeaning::EnumCase(*id, case);
                self.out.patterns.insert(pattern.span, meaning);
                let payload = &declared.cases[case].payload;
                let tys: Vec<Ty> = payload
                    .iter()
                    .map(|it| it.1.substitute(&declared.type_params, type_args))
                    .collect();
                let parts = self.case_parts(*id, case, name, args, &tys, bound);
                return Cover::Head(Head::Case(case), parts);
            }
        }
        match (constant, args) {
            (Some(constant), None) => self.constant_pattern(pattern, constant, ty),
            _ => {
                for part in args.into_iter().flatten() {
                    self.pattern(part, &Ty::Error, bound);
                }
                if !ty.is_error()
                    && let Some(name) = path.last()
                {
                    let problem = names::unknown_case(self, name, Some(ty));
                    self.report(problem);
                }
                Cover::All
            }
        }
    }

    fn case_parts(
        &mut self,
        id: EnumId,
        case: usize,
        name: &Ident,
        args: Option<&[Pattern]>,
        tys: &[Ty],
        bound: &mut Bound,
    ) -> Vec<Cover> {
        let Some(args) = args else { return vec![Cover::All; tys.len()] };
        if args.len() != tys.len() {
            let problem = names::case_arguments(self, id, case, args.len(), name.span);
            self.report(problem);
            for arg in args {
                self.pattern(arg, &Ty::Error, bound);
            }
            return vec![Cover::All; tys.len()];
        }
        args.iter().zip(tys).map(|(arg, ty)| self.pattern(arg, ty, bound)).collect()
    }

    fn tuple_pattern(
        &mut self,
        pattern: &Pattern,
        parts: &[Pattern],
        ty: &Ty,
        bound: &mut Bound,
    ) -> Cover {
        if let Ty::Tuple(elements) = ty
            && elements.len() == parts.len()
        {
            let parts = parts.iter().zip(elements.iter());
            let parts =
                parts.map(|(part, it)| self.pattern(part, &it.ty, bound)).collect();
            return Cover::Head(Head::Tuple, parts);
        }
        for part in parts {
            self.pattern(part, &Ty::Error, bound);
        }
        if !ty.is_error() {
            let what = format!("a tuple of {}", parts.len());
            let problem = names::pattern_mismatch(self, pattern.span, &what, ty);
            self.report(problem);
        }
        Cover::All
    }

    fn properties(
        &mut self,
        pattern: &Pattern,
        wanted: Option<&Ty>,
        fields: &[(Ident, Pattern)],
        ty: &Ty,
        bound: &mut Bound,
    ) -> Cover {
        let Ty::Record(record, args) = ty else {
            for (_, part) in fields {
                self.pattern(part, &Ty::Error, bound);
            }
            if wanted.is_some_and(Ty::is_error) {
                self.lost_pattern = true;
            } else if !ty.is_error() {
                let problem = names::pattern_mismatch(self, pattern.span, "fields", ty);
                self.report(problem);
            }
            return Cover::All;
        };
        if let Some(wanted) = wanted
            && wanted != ty
            && !wanted.is_error()
        {
            let text = format!("`{}`", self.show(wanted));
            let problem = names::pattern_mismatch(self, pattern.span, &text, ty);
            self.report(problem);
        }
        let mut tests = Vec::new();
        for (name, part) in fields {
            match self.shared.index.field(self.program, *record, &name.name) {
                Some(field) => {
                    let ty = generics::field_type(self.program, *record, args, field);
                    tests.push((field, self.pattern(part, &ty, bound)));
                }
                None => {
                    self.pattern(part, &Ty::Error, bound);
                    let problem = names::unknown_field(self, *record, name);
                    self.report(problem);
                }
            }
        }
        let meaning = PatternMeaning::Fields(tests.iter().map(|it| it.0).collect());
        self.out.patterns.insert(pattern.span, meaning);
        Cover::Record(tests)
    }

    fn relation(&mut self, op: BinaryOp, value: ExprId, ty: &Ty) -> Cover {
        let ordered =
            is_numeric(ty) || matches!(ty, Ty::Duration | Ty::String | Ty::Error);
        if !ordered {
            let span = self.span(value);
            let what = format!("`{}` and a value", op.text());
            let problem = names::pattern_mismatch(self, span, &what, ty);
            self.report(problem);
            self.absorb(value);
            return Cover::unknown();
        }
        self.constant_expr(value, ty, Why::Nothing);
        self.flow.split = None;
        match self.pattern_constant(value) {
            Some(constant) => Cover::relation(op, &constant, ty),
            None => Cover::unknown(),
        }
    }
}

/// Whether the pattern asks for more than the value being there.
fn looks_inside(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Error
        | PatternKind::Wildcard
        | PatternKind::Var(_)
        | PatternKind::Null
        | PatternKind::NonNull(_)
        | PatternKind::Typed { .. } => false,
        PatternKind::Not(inner) => looks_inside(inner),
        PatternKind::Or(left, right) | PatternKind::And(left, right) => {
            looks_inside(left) || looks_inside(right)
        }
        _ => true,
    }
}

/// Whether the pattern matches no null.
pub(super) fn excludes_null(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Error
        | PatternKind::Wildcard
        | PatternKind::Var(_)
        | PatternKind::Null => false,
        PatternKind::Not(inner) => matches!(inner.kind, PatternKind::Null),
        PatternKind::Or(left, right) => excludes_null(left) && excludes_null(right),
        PatternKind::And(left, right) => excludes_null(left) || excludes_null(right),
        _ => true,
    }
}
