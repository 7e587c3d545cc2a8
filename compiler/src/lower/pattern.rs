//! Patterns. What the target's patterns cannot say (text, floating point, comparisons,
//! what lies behind pointers) becomes a condition on a part that is bound by reference.

use crate::hir::body::{BinaryOp as HirOp, Pattern as HirPattern, PatternKind};
use crate::hir::ty::Ty;
use crate::hir::{EnumId, ExprId, LocalId};
use crate::ir::{self, BinaryOp, Expr, ExprKind, Literal, Pattern};
use crate::types::tables::{Constant, PatternMeaning};

use super::body::{Fx, SlotKind};
use super::build::{At, value_block};
use super::literal;
use super::names::Key;

/// What goes with a pattern of the target.
#[derive(Default)]
pub(super) struct Beside<'p> {
    /// All of these must hold.
    pub(super) conditions: Vec<Expr>,
    /// Parts behind pointers whose sub-patterns bind: they matched by the conditions, and
    /// are taken apart in the body.
    pub(super) inner: Vec<(Expr, &'p HirPattern, Ty)>,
    /// Variables that an earlier alternative declared, and this one binds too.
    shared: Vec<LocalId>,
    /// Some variable is bound in such a part, or would be.
    hidden: bool,
}

impl Fx<'_, '_> {
    /// The pattern as the target's own. Without `bind` variables match and bind nothing.
    pub(super) fn pattern<'p>(
        &mut self,
        it: &'p HirPattern,
        ty: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        let at = self.at;
        match &it.kind {
            PatternKind::Error => unreachable!("a checked program has no errors"),
            PatternKind::Wildcard => Pattern::Wildcard,
            PatternKind::Var(local) if bind => {
                Pattern::Var(self.pattern_var(*local, beside))
            }
            PatternKind::Var(_) => Pattern::Wildcard,
            PatternKind::NonNull(_) | PatternKind::Typed { .. } => {
                let inner = match bound(it).first() {
                    Some(local) if bind => Pattern::Var(self.pattern_var(*local, beside)),
                    _ => Pattern::Wildcard,
                };
                match ty {
                    Ty::Nullable(_) => Pattern::Some(Box::new(inner)),
                    _ => inner,
                }
            }
            PatternKind::Null => Pattern::None,
            PatternKind::Constant(value) => self.constant_pattern(*value, ty, beside),
            PatternKind::Case { args, constant, .. } => {
                match (self.frame.types.patterns.get(&it.span), constant) {
                    (Some(PatternMeaning::EnumCase(id, case)), _) => {
                        let (id, case) = (*id, *case);
                        self.case_pattern((id, case), args.as_deref(), ty, bind, beside)
                    }
                    (_, Some(constant)) => self.constant_pattern(*constant, ty, beside),
                    _ => unreachable!("a name in a pattern is a case or a constant"),
                }
            }
            PatternKind::Tuple(parts) => {
                let Ty::Tuple(tys) = ty else {
                    unreachable!("a tuple's pattern is for tuples")
                };
                let parts = parts
                    .iter()
                    .zip(tys.iter())
                    .map(|(part, ty)| self.pattern(part, &ty.ty, bind, beside));
                Pattern::Tuple(parts.collect())
            }
            PatternKind::Properties { fields, .. } => {
                self.properties(it.span, fields, ty, bind, beside)
            }
            PatternKind::Relational { op, value } => {
                let (pattern, part) = self.part_by_ref(at);
                let value = self.value(*value);
                let test = self.compare(*op, part, value, ty);
                match ty {
                    Ty::Nullable(_) => {
                        beside.conditions.push(test);
                        Pattern::Some(Box::new(pattern))
                    }
                    _ => {
                        beside.conditions.push(test);
                        pattern
                    }
                }
            }
            PatternKind::Or(..) => self.or(it, ty, bind, beside),
            PatternKind::And(a, b) => self.and((a, b), ty, bind, beside),
            PatternKind::Not(inner) => {
                let (pattern, part) = self.part_by_ref(at);
                let test = self.test(inner, part, ty);
                beside.conditions.push(super::stmt::negated(at, test));
                pattern
            }
        }
    }

    /// A part bound by reference, and the place that it names.
    fn part_by_ref(&mut self, at: At) -> (Pattern, Expr) {
        let var = self.temp();
        (Pattern::RefVar(var), at.deref(at.var(var)))
    }

    fn constant_pattern(
        &mut self,
        value: ExprId,
        ty: &Ty,
        beside: &mut Beside<'_>,
    ) -> Pattern {
        let at = self.at;
        let inner = match ty {
            Ty::Nullable(inner) => inner,
            other => other,
        };
        let constant = self.frame.types.constants.get(value);
        let expr = match constant {
            Some(Constant::Null) => return Pattern::None,
            Some(constant) => literal::constant(at, constant, inner),
            None => {
                let value = self.value(value);
                self.at = at;
                match value.kind {
                    ExprKind::None | ExprKind::NoneOf(_) => return Pattern::None,
                    ExprKind::Some(inner) => *inner,
                    _ => value,
                }
            }
        };
        let pattern = match expr.kind {
            ExprKind::Literal(literal @ (Literal::Bool(_) | Literal::Char(_))) => {
                Pattern::Literal(literal)
            }
            ExprKind::Literal(Literal::Int(value, suffix)) => {
                Pattern::Literal(Literal::Int(value, suffix))
            }
            _ => {
                let (pattern, part) = self.part_by_ref(at);
                beside.conditions.push(at.binary(BinaryOp::Eq, part, expr));
                pattern
            }
        };
        match ty {
            Ty::Nullable(_) => Pattern::Some(Box::new(pattern)),
            _ => pattern,
        }
    }

    fn case_pattern<'p>(
        &mut self,
        (id, case): (EnumId, usize),
        args: Option<&'p [HirPattern]>,
        ty: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        let (whole, nullable) = match ty {
            Ty::Nullable(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let name = self.lower.program.enums[id].cases[case].name.name.clone();
        let pattern = match &whole {
            _ if self.lower.is_overflow(id) => Pattern::RtConst(overflow(&name)),
            Ty::Enum(_, type_args) => {
                let item = self.lower.need(Key::Enum(id, type_args.clone()));
                let tys = self.lower.payload_tys(id, case, type_args);
                let args = match args {
                    Some(args) => args
                        .iter()
                        .zip(&tys)
                        .map(|(arg, ty)| self.part_pattern(arg, ty, &whole, bind, beside))
                        .collect(),
                    None => tys.iter().map(|_| Pattern::Wildcard).collect(),
                };
                Pattern::Case { item, case: name, args }
            }
            _ => unreachable!("a case is of its enum's type"),
        };
        if nullable { Pattern::Some(Box::new(pattern)) } else { pattern }
    }

    /// The pattern of a payload or field, which may lie behind a pointer.
    fn part_pattern<'p>(
        &mut self,
        it: &'p HirPattern,
        ty: &Ty,
        whole: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        if !self.lower.holds(ty, whole) {
            return self.pattern(it, ty, bind, beside);
        }
        if matches!(it.kind, PatternKind::Wildcard) {
            return Pattern::Wildcard;
        }
        let at = self.at;
        let (pattern, part) = self.part_by_ref(at);
        let inner = at.deref(part);
        let test = self.test(it, inner.clone(), ty);
        if !matches!(test.kind, ExprKind::Literal(Literal::Bool(true))) {
            beside.conditions.push(test);
        }
        beside.hidden |= binds(it);
        if bind && binds(it) {
            beside.inner.push((inner, it, ty.clone()));
        }
        pattern
    }

    fn properties<'p>(
        &mut self,
        span: crate::support::span::Span,
        fields: &'p [(crate::hir::body::Ident, HirPattern)],
        ty: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        let (whole, nullable) = match ty {
            Ty::Nullable(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let Ty::Record(id, args) = &whole else {
            unreachable!("properties are fields of a struct or schema")
        };
        let item = self.lower.need(Key::Record(*id, args.clone()));
        let mut parts = Vec::new();
        let Some(PatternMeaning::Fields(ids)) = self.frame.types.patterns.get(&span)
        else {
            unreachable!("the fields of a property pattern are known")
        };
        for ((_, part), field) in fields.iter().zip(ids) {
            let ty = self.lower.field_ty(*id, args, *field);
            let ty = &ty;
            let pattern = self.part_pattern(part, ty, &whole, bind, beside);
            parts.push((self.lower.field_name(*field), pattern));
        }
        let pattern = Pattern::Struct { item, fields: parts };
        if nullable { Pattern::Some(Box::new(pattern)) } else { pattern }
    }

    fn pattern_var(&mut self, local: LocalId, beside: &Beside<'_>) -> ir::Var {
        if beside.shared.contains(&local) {
            return self.slot(local).var;
        }
        self.declare(local, SlotKind::Value)
    }

    fn or<'p>(
        &mut self,
        it: &'p HirPattern,
        ty: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        let all = alternatives(it);
        let mut parts = Vec::new();
        let mut simple = Beside::default();
        for it in &all {
            parts.push(self.pattern(it, ty, false, &mut simple));
        }
        if simple.conditions.is_empty() && !(bind && binds(it)) {
            return Pattern::Or(parts);
        }
        if simple.conditions.is_empty() && !simple.hidden {
            let mut parts = Vec::new();
            let outer = beside.shared.len();
            for it in &all {
                parts.push(self.pattern(it, ty, true, beside));
                if beside.shared.len() == outer {
                    beside.shared.extend(bound(it));
                }
            }
            beside.shared.truncate(outer);
            return Pattern::Or(parts);
        }
        let at = self.at;
        let (pattern, part) = self.part_by_ref(at);
        let test = self.any(&all, &part, ty);
        beside.conditions.push(test);
        beside.hidden |= binds(it);
        if bind && binds(it) {
            beside.inner.push((part, it, ty.clone()));
        }
        pattern
    }

    fn any(&mut self, all: &[&HirPattern], part: &Expr, ty: &Ty) -> Expr {
        let at = self.at;
        let tests: Vec<Expr> =
            all.iter().map(|it| self.test(it, part.clone(), ty)).collect();
        let any = tests.into_iter().reduce(|a, b| at.binary(BinaryOp::Or, a, b));
        any.unwrap_or_else(|| at.bool(false))
    }

    /// Takes apart what some alternative matched: `let (x, y) = match part { … };`
    fn opened_or(
        &mut self,
        (part, it, ty): (Expr, &HirPattern, &Ty),
        rest: impl FnOnce(&mut Self) -> ir::Block,
    ) -> ir::Block {
        let at = self.at;
        let locals = bound(it);
        let mut arms = Vec::new();
        for it in alternatives(it) {
            let mut beside = Beside::default();
            let pattern = self.pattern(it, ty, true, &mut beside);
            let body = self.opened(beside.inner, |cx| {
                let vars = locals.iter().map(|it| at.var(cx.slot(*it).var));
                value_block(tuple(at, vars.collect()))
            });
            arms.push(at.arm(pattern, conjunction(at, beside.conditions), body));
        }
        let never = at.expr(ExprKind::Unreachable("matched by the condition of the arm"));
        arms.push(at.arm(Pattern::Wildcard, None, value_block(never)));
        let vars = locals.iter().map(|it| self.declare(*it, SlotKind::Value));
        let mut vars: Vec<Pattern> = vars.map(Pattern::Var).collect();
        let pattern = match vars.len() {
            1 => vars.remove(0),
            _ => Pattern::Tuple(vars),
        };
        let copy = self.lower.is_copy(ty);
        let subject = if copy { part } else { at.clone(part) };
        let mut block = rest(self);
        block.stmts.insert(0, at.bind(pattern, None, Some(at.matching(subject, arms))));
        block
    }

    fn and<'p>(
        &mut self,
        (a, b): (&'p HirPattern, &'p HirPattern),
        ty: &Ty,
        bind: bool,
        beside: &mut Beside<'p>,
    ) -> Pattern {
        let at = self.at;
        let (pattern, part) = self.part_by_ref(at);
        for it in [a, b] {
            let test = self.test(it, part.clone(), ty);
            if !matches!(test.kind, ExprKind::Literal(Literal::Bool(true))) {
                beside.conditions.push(test);
            }
            beside.hidden |= binds(it);
            if bind && binds(it) {
                beside.inner.push((part.clone(), it, ty.clone()));
            }
        }
        pattern
    }

    /// Whether what is in a place matches; nothing is bound.
    pub(super) fn test(&mut self, it: &HirPattern, place: Expr, ty: &Ty) -> Expr {
        let at = self.at;
        match &it.kind {
            PatternKind::Wildcard | PatternKind::Var(_) => return at.bool(true),
            PatternKind::Null => return at.method(place, "is_none", vec![]),
            PatternKind::NonNull(_) | PatternKind::Typed { .. } => {
                return match ty {
                    Ty::Nullable(_) => at.method(place, "is_some", vec![]),
                    _ => at.bool(true),
                };
            }
            PatternKind::Relational { op, value } if !matches!(ty, Ty::Nullable(_)) => {
                let value = self.value(*value);
                self.at = at;
                return self.compare(*op, place, value, ty);
            }
            PatternKind::Not(inner) => {
                let test = self.test(inner, place, ty);
                return super::stmt::negated(at, test);
            }
            PatternKind::And(a, b) => {
                let left = self.test(a, place.clone(), ty);
                let right = self.test(b, place, ty);
                return at.binary(BinaryOp::And, left, right);
            }
            _ => {}
        }
        let mut beside = Beside::default();
        let pattern = self.pattern(it, ty, false, &mut beside);
        match (pattern, conjunction(at, beside.conditions)) {
            // A constant compared with the whole: no pattern is needed for that.
            (Pattern::RefVar(var), Some(condition)) => match condition.kind {
                ExprKind::Binary(op, left, right) if is_deref_of(&left, var) => {
                    at.binary(op, place, *right)
                }
                _ => {
                    let part = at.bind(Pattern::Var(var), None, Some(at.borrow(place)));
                    at.block(vec![part], condition)
                }
            },
            (pattern, None) => at.expr(ExprKind::Matches(Box::new(place), pattern)),
            (pattern, condition) => {
                let arms = vec![
                    at.arm(pattern, condition, value_block(at.bool(true))),
                    at.arm(Pattern::Wildcard, None, value_block(at.bool(false))),
                ];
                at.matching(place, arms)
            }
        }
    }

    fn compare(&mut self, op: HirOp, place: Expr, value: Expr, ty: &Ty) -> Expr {
        let at = self.at;
        let inner = match ty {
            Ty::Nullable(inner) => inner,
            other => other,
        };
        let value = match value.kind {
            ExprKind::Some(inner) => *inner,
            ExprKind::Literal(Literal::Int(int, _)) => literal::number(at, int, inner),
            _ => value,
        };
        let op = match op {
            HirOp::Lt => BinaryOp::Lt,
            HirOp::Le => BinaryOp::Le,
            HirOp::Gt => BinaryOp::Gt,
            _ => BinaryOp::Ge,
        };
        at.binary(op, place, value)
    }

    /// The parts behind pointers whose variables the guard uses.
    pub(super) fn used_parts<'p>(
        &self,
        inner: &[(Expr, &'p HirPattern, Ty)],
        guard: ExprId,
    ) -> Vec<(Expr, &'p HirPattern, Ty)> {
        let used = self.used_locals_of(guard);
        inner
            .iter()
            .filter(|it| bound(it.1).iter().any(|it| used.contains(it)))
            .map(|it| (it.0.clone(), it.1, it.2.clone()))
            .collect()
    }

    /// Whether matching moves something out of what it looks at.
    pub(super) fn moves(&self, it: &HirPattern) -> bool {
        bound(it).iter().any(|it| !self.lower.is_copy(&self.local_ty(*it)))
    }

    /// The body of an arm: first the parts behind pointers are taken apart.
    pub(super) fn opened(
        &mut self,
        inner: Vec<(Expr, &HirPattern, Ty)>,
        body: impl FnOnce(&mut Self) -> ir::Block,
    ) -> ir::Block {
        let mut body = Some(body);
        self.open_all(inner, &mut |cx| match body.take() {
            Some(body) => body(cx),
            None => unreachable!("a body is lowered once"),
        })
    }

    fn open_all(
        &mut self,
        mut inner: Vec<(Expr, &HirPattern, Ty)>,
        body: &mut dyn FnMut(&mut Self) -> ir::Block,
    ) -> ir::Block {
        let Some((part, it, ty)) = inner.pop() else { return body(self) };
        let at = self.at;
        if matches!(it.kind, PatternKind::Or(..)) {
            return self.opened_or((part, it, &ty), |cx| cx.open_all(inner, body));
        }
        let mut beside = Beside::default();
        let pattern = self.pattern(it, &ty, true, &mut beside);
        inner.append(&mut beside.inner);
        let copy = self.lower.is_copy(&ty);
        let subject = if copy { part } else { at.clone(part) };
        let irrefutable = matches!(pattern, Pattern::Var(_));
        let rest = self.open_all(inner, body);
        if irrefutable {
            let mut block = rest;
            block.stmts.insert(0, at.bind(pattern, None, Some(subject)));
            return block;
        }
        let never = at.expr(ExprKind::Unreachable("matched by the condition of the arm"));
        value_block(at.matching(
            subject,
            vec![
                at.arm(pattern, None, rest),
                at.arm(Pattern::Wildcard, None, value_block(never)),
            ],
        ))
    }
}

/// The alternatives of a chain of `or`, in order.
pub(super) fn alternatives(it: &HirPattern) -> Vec<&HirPattern> {
    let mut all = Vec::new();
    let mut at = it;
    while let PatternKind::Or(left, right) = &at.kind {
        all.push(&**right);
        at = left;
    }
    all.push(at);
    all.reverse();
    all
}

pub(super) fn tuple(at: At, mut parts: Vec<Expr>) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => at.expr(ExprKind::Tuple(parts)),
    }
}

fn overflow(name: &str) -> &'static str {
    match name {
        "DropNewest" => "Overflow::DropNewest",
        "DropOldest" => "Overflow::DropOldest",
        "Fail" => "Overflow::Fail",
        _ => "Overflow::Suspend",
    }
}

fn is_deref_of(expr: &Expr, var: ir::Var) -> bool {
    matches!(&expr.kind, ExprKind::Deref(inner) if matches!(inner.kind, ExprKind::Var(it) if it == var))
}

/// All of the conditions.
pub(super) fn conjunction(at: At, conditions: Vec<Expr>) -> Option<Expr> {
    conditions.into_iter().reduce(|a, b| at.binary(BinaryOp::And, a, b))
}

/// Whether a pattern binds a variable.
pub(super) fn binds(it: &HirPattern) -> bool {
    !bound(it).is_empty()
}

/// The variables that a pattern binds.
pub(super) fn bound(it: &HirPattern) -> Vec<LocalId> {
    match &it.kind {
        PatternKind::Var(local)
        | PatternKind::Typed { local, .. }
        | PatternKind::NonNull(Some(local)) => vec![*local],
        PatternKind::Case { args: Some(parts), .. } | PatternKind::Tuple(parts) => {
            parts.iter().flat_map(bound).collect()
        }
        PatternKind::Properties { fields, .. } => {
            fields.iter().flat_map(|it| bound(&it.1)).collect()
        }
        PatternKind::And(a, b) => bound(a).into_iter().chain(bound(b)).collect(),
        // All bind the same.
        PatternKind::Or(..) => alternatives(it).first().map_or(vec![], |it| bound(it)),
        PatternKind::Not(inner) => bound(inner),
        _ => Vec::new(),
    }
}
