//! Expressions: the dispatch by kind, and the kinds that need no file of their own.

use super::cx::{Cx, Why};
use super::errors::{self, flow, names, schemas, values};
use super::flow::State;
use super::tables::{Constant, Conversion};
use super::ty::{Property, is_known};
use crate::hir::body::{Context, ExprKind, InterpolationPart, LocalKind};
use crate::hir::ty::{TupleElement, Ty};
use crate::hir::*;

/// The same type without a protocol state: an end leaves the state that a declaration names
/// with the first message, so that types of values tell none.
fn at_any_state(ty: Ty) -> Ty {
    match ty {
        Ty::Using(id, args, Some(_)) => Ty::Using(id, args, None),
        Ty::Impl(id, args, Some(_)) => Ty::Impl(id, args, None),
        Ty::Nullable(inner) => match at_any_state((*inner).clone()) {
            plain if plain != *inner => Ty::nullable(plain),
            _ => Ty::Nullable(inner),
        },
        other => other,
    }
}

impl Cx<'_> {
    /// Checks one expression whose left operand, if it is a chain, was checked before.
    pub(super) fn infer_one(&mut self, id: ExprId, hint: Option<&Ty>) -> Ty {
        // Only what a condition ends in may leave split states behind.
        let hint = hint.filter(|it| **it != Ty::Any);
        let ty = at_any_state(self.expr(id, hint));
        if !self.out.exprs.contains(id) {
            self.out.exprs.insert(id, ty.clone());
        }
        let splits = matches!(
            self.kind(id),
            ExprKind::Binary { .. }
                | ExprKind::Unary { .. }
                | ExprKind::Is { .. }
                | ExprKind::Literal(_)
                | ExprKind::Const(_)
                | ExprKind::Local(_)
                | ExprKind::Member { .. }
                | ExprKind::Checked { .. }
        );
        if !splits || ty != Ty::Bool {
            self.flow.split = None;
        }
        ty
    }

    fn expr(&mut self, id: ExprId, hint: Option<&Ty>) -> Ty {
        match self.kind(id) {
            ExprKind::Error => Ty::Error,
            ExprKind::Literal(literal) => self.literal(id, literal),
            ExprKind::Interpolated(parts) => self.interpolated(parts),
            ExprKind::Local(local) => self.local(id, *local),
            ExprKind::Field(field) => self.own_field(id, *field),
            ExprKind::Const(constant) => self.const_value(id, *constant),
            ExprKind::This => self.this(id),
            ExprKind::Parent(level) => self.parent(id, *level),
            ExprKind::PrimaryChannel => self.primary_channel(id),
            ExprKind::Vector(items) => self.vector(id, items, hint),
            ExprKind::Tuple(parts) => self.tuple(parts, hint),
            ExprKind::Unary { op, operand } => self.unary(id, *op, *operand),
            ExprKind::Increment { operand, decrement, .. } => {
                self.increment(id, *operand, *decrement)
            }
            ExprKind::Cast { ty, operand } => self.cast(id, ty, *operand),
            ExprKind::NonNull(operand) => self.non_null(*operand),
            ExprKind::Binary { op, left, right } => self.binary(id, *op, *left, *right),
            ExprKind::Coalesce { left, right } => self.coalesce(*left, *right, hint),
            ExprKind::Conditional { condition, then, otherwise } => {
                self.conditional(*condition, *then, *otherwise, hint)
            }
            ExprKind::Assign { target, op, value } => {
                self.assign(id, *target, *op, *value)
            }
            ExprKind::Checked { checked, operand } => {
                let before = self.checked.replace(*checked);
                let ty = self.infer(*operand, hint);
                self.checked = before;
                if let Some(constant) = self.constant(*operand).cloned() {
                    self.out.constants.insert(id, constant);
                }
                // What the operand converts to is noted once, at the outer expression.
                ty
            }
            ExprKind::Throw(value) => self.throw_expr(*value),
            ExprKind::Default(ty) => self.default_value(id, ty.as_ref(), hint),
            ExprKind::Range { from, to } => {
                for bound in [*from, *to].into_iter().flatten() {
                    self.index_bound(bound);
                }
                Ty::Range
            }
            ExprKind::FromEnd(operand) => {
                self.check(*operand, &Ty::INT, Why::Nothing);
                Ty::Index
            }
            ExprKind::Placeholder => {
                let span = self.span(id);
                self.report(values::not_supported("a placeholder `_`", span));
                Ty::Error
            }
            ExprKind::NewArray { element, size } => self.new_array(id, element, *size),
            ExprKind::NewArrayInit { element, items } => {
                self.new_array_init(id, element.as_ref(), items, hint)
            }
            _ => self.named_or_compound(id, hint),
        }
    }

    /// Kinds whose rules stand in files of their own.
    fn named_or_compound(&mut self, id: ExprId, hint: Option<&Ty>) -> Ty {
        match self.kind(id) {
            ExprKind::Method(method) | ExprKind::BaseMethod(method) => {
                self.method_value(id, *method, hint)
            }
            ExprKind::LocalFn(local_fn) => {
                let name = &self.body.local_fns[*local_fn].name;
                let span = self.span(id);
                self.report(names::local_fn_as_value(name, span));
                Ty::Error
            }
            ExprKind::OwnPort(_) | ExprKind::Port { .. } => self.port_value(id),
            ExprKind::BareCase(name) => self.bare_case(id, name, hint),
            ExprKind::Member { base, name, null_safe, .. } => {
                self.member_value(id, *base, name, *null_safe, hint)
            }
            ExprKind::Index { base, args, null_safe } => {
                self.index(id, *base, args, *null_safe)
            }
            ExprKind::Call { callee, type_args, args } => {
                self.call(id, *callee, type_args, args, hint)
            }
            ExprKind::New { ty, args, init } => {
                self.new_value(id, ty.as_ref(), args, init.as_ref(), hint)
            }
            ExprKind::Is { operand, pattern } => self.is(*operand, pattern),
            ExprKind::With { operand, fields } => self.with(id, *operand, fields),
            ExprKind::Switch { subject, arms } => {
                self.switch_expr(id, *subject, arms, hint)
            }
            ExprKind::Lambda(lambda) => self.lambda(id, *lambda, hint),
            ExprKind::Receive { source, timeout } => self.receive(*source, *timeout),
            ExprKind::Send { target, value } => self.send(id, *target, *value),
            ExprKind::Network { .. } => self.network_value(id),
            ExprKind::TypeName(_)
            | ExprKind::AgentName(_)
            | ExprKind::DomainName(_)
            | ExprKind::SpaceName(_)
            | ExprKind::EnumName(_)
            | ExprKind::CreateIn { .. } => {
                let problem = names::name_as_value(self, id);
                self.report(problem);
                Ty::Error
            }
            // `new SomeAgent()` was reported by `resolve`.
            ExprKind::NewAgent { .. } => Ty::Error,
            _ => Ty::Error,
        }
    }

    fn interpolated(&mut self, parts: &[InterpolationPart]) -> Ty {
        for part in parts {
            if let InterpolationPart::Hole { value, .. } = part {
                self.check(*value, &Ty::Any, Why::Nothing);
            }
        }
        Ty::String
    }

    fn local(&mut self, id: ExprId, local: LocalId) -> Ty {
        let Some(ty) = self.out.locals.get(local).cloned() else {
            // A local function that stands before the declaration may name the local.
            let span = self.span(id);
            let problem = flow::maybe_unassigned(self, local, span);
            self.report(problem);
            self.out.locals.insert(local, Ty::Error);
            return Ty::Error;
        };
        if !self.flow.is_assigned(local) {
            match &mut self.needs {
                Some(needs) => needs.push(local),
                None => {
                    let span = self.span(id);
                    let problem = flow::maybe_unassigned(self, local, span);
                    self.report(problem);
                }
            }
            // One report for each local is enough.
            self.flow.assign(local, false);
        }
        if let Some(constant) = self.local_consts.get(&local).cloned() {
            self.out.constants.insert(id, constant.clone());
            if let Constant::Bool(value) = constant {
                self.split_constant(value);
            }
        }
        self.narrowed(id, ty)
    }

    /// The type of a place behind the tests made of it.
    pub(super) fn narrowed(&mut self, id: ExprId, ty: Ty) -> Ty {
        let Ty::Nullable(inner) = &ty else { return ty };
        let known = self.place(id).is_some_and(|it| self.flow.is_non_null(&it))
            || self.is_message(id);
        if !known {
            return ty;
        }
        let inner = (**inner).clone();
        self.out.exprs.insert(id, ty);
        self.out.conversions.insert(id, Conversion::Narrowed);
        inner
    }

    fn own_field(&mut self, id: ExprId, field: FieldId) -> Ty {
        let tracked = self.constructor.as_ref().is_some_and(|it| it.contains(&field));
        if tracked && !self.flow.field_assigned(field) {
            let span = self.span(id);
            let problem = flow::field_unassigned(self, field, span);
            self.report(problem);
            self.flow.assign_field(field);
        }
        self.out.members.insert(id, super::tables::Member::Field(field));
        let ty = self.own_field_type(field);
        self.narrowed(id, ty)
    }

    fn const_value(&mut self, id: ExprId, constant: ConstId) -> Ty {
        let ty = &self.program.consts[constant].ty;
        match self.shared.constants.named.get(&constant) {
            Some(value) => {
                self.out.constants.insert(id, value.clone());
                if let Constant::Bool(value) = value {
                    self.split_constant(*value);
                }
            }
            None if matches!(ty, Ty::Duration | Ty::Enum(..) | Ty::Signal) => {}
            // Why it has no value was reported where it is declared.
            None => return Ty::Error,
        }
        ty.clone()
    }

    fn this(&mut self, id: ExprId) -> Ty {
        match self.body.context {
            Context::Record(record) => {
                let params = &self.program.records[record].type_params;
                Ty::Record(record, super::generics::own(params))
            }
            Context::Domain(domain) => {
                let params = &self.program.domains[domain].type_params;
                Ty::Domain(domain, super::generics::own(params))
            }
            Context::Agent(_) | Context::Test | Context::Free => {
                let span = self.span(id);
                let agent = self.agent().is_some();
                self.report(names::this_as_value(span, agent));
                Ty::Error
            }
        }
    }

    fn parent(&mut self, id: ExprId, level: usize) -> Ty {
        match self.domains().nth(level) {
            Some(domain) => {
                let params = &self.program.domains[domain].type_params;
                Ty::Domain(domain, super::generics::own(params))
            }
            None => {
                let span = self.span(id);
                self.report(names::no_parent(span));
                Ty::Error
            }
        }
    }

    fn primary_channel(&mut self, id: ExprId) -> Ty {
        match self.own_channel() {
            Some(ty) => ty,
            None => {
                let span = self.span(id);
                self.report(names::no_channel(span));
                Ty::Error
            }
        }
    }

    /// The implementing end that the agent of this body has.
    pub(super) fn own_channel(&self) -> Option<Ty> {
        let agent = self.agent()?;
        let mut chain = super::index::agents(self.program, agent);
        let (channel, args) =
            chain.find_map(|it| self.program.agents[it].channel.clone())?;
        Some(Ty::Impl(channel, args, None))
    }

    fn tuple(
        &mut self,
        parts: &[(Option<body::Ident>, ExprId)],
        hint: Option<&Ty>,
    ) -> Ty {
        let wanted = match hint {
            Some(Ty::Tuple(wanted)) if wanted.len() == parts.len() => {
                Some(wanted.clone())
            }
            Some(Ty::Nullable(inner)) => match &**inner {
                Ty::Tuple(wanted) if wanted.len() == parts.len() => Some(wanted.clone()),
                _ => None,
            },
            _ => None,
        };
        let elements = parts.iter().enumerate().map(|(at, (name, part))| {
            let want = wanted.as_ref().and_then(|it| it.get(at)).map(|it| &it.ty);
            let ty = match want {
                Some(want) if is_known(want) => {
                    self.check(*part, want, Why::Nothing);
                    want.clone()
                }
                _ => self.settled(*part),
            };
            TupleElement { name: name.as_ref().map(|it| it.name.clone()), ty }
        });
        Ty::Tuple(elements.collect())
    }

    /// The type of a value that becomes part of something typed by its parts.
    pub(super) fn settled(&mut self, id: ExprId) -> Ty {
        let ty = self.value(id);
        if ty == Ty::Null {
            let problem = values::cannot_infer(self, id);
            self.report(problem);
            return Ty::Error;
        }
        ty
    }

    fn vector(&mut self, id: ExprId, items: &[ExprId], hint: Option<&Ty>) -> Ty {
        match hint {
            Some(Ty::Array(element)) => {
                for item in items {
                    self.check(*item, element, Why::Nothing);
                }
                Ty::Array(element.clone())
            }
            _ => {
                for item in items {
                    self.absorb(*item);
                }
                let span = self.span(id);
                self.report(names::vector_as_value(span));
                Ty::Error
            }
        }
    }

    fn new_array(&mut self, id: ExprId, element: &Ty, size: ExprId) -> Ty {
        self.well_formed(element, self.span(id));
        self.check(size, &Ty::INT, Why::Nothing);
        if let Some(Constant::Int(size_value)) = self.constant(size)
            && *size_value < 0
        {
            let span = self.span(size);
            self.report(values::constant_fails(span, "the size of an array is negative"));
        }
        if !self.shared.has(element, Property::Defaultable) {
            let span = self.span(id);
            let problem = names::no_default(self, element, span);
            self.report(problem);
        }
        Ty::array(element.clone())
    }

    fn new_array_init(
        &mut self,
        id: ExprId,
        element: Option<&Ty>,
        items: &[ExprId],
        hint: Option<&Ty>,
    ) -> Ty {
        if let Some(element) = element {
            self.well_formed(element, self.span(id));
        }
        let wanted = element.cloned().or_else(|| match hint {
            Some(Ty::Array(element)) if is_known(element) => Some((**element).clone()),
            _ => None,
        });
        if let Some(element) = wanted {
            for item in items {
                self.check(*item, &element, Why::Nothing);
            }
            return Ty::array(element);
        }
        let found: Vec<(ExprId, Ty)> =
            items.iter().map(|it| (*it, self.value(*it))).collect();
        match self.common(&found) {
            Some(element) => Ty::array(element),
            None => {
                let problem = values::cannot_infer(self, id);
                self.report(problem);
                Ty::Error
            }
        }
    }

    /// The type that all of these values take, which they then convert to. `None` if there
    /// are none, or only `null`s.
    pub(super) fn common(&mut self, found: &[(ExprId, Ty)]) -> Option<Ty> {
        let mut best: Option<Ty> = None;
        let mut null = false;
        for (id, ty) in found {
            match (ty, &best) {
                (Ty::Error, _) => return Some(Ty::Error),
                (Ty::Null, _) => null = true,
                (Ty::Never, _) => {}
                (_, None) => best = Some(ty.clone()),
                (_, Some(so_far)) => {
                    let into = self.shared.implicit(ty, so_far, self.constant(*id));
                    if !into.fits() && self.shared.implicit(so_far, ty, None).fits() {
                        best = Some(ty.clone());
                    }
                }
            }
        }
        let best =
            if null { Ty::nullable(best?) } else { best.or_else(|| never_of(found))? };
        for (id, ty) in found {
            self.adapt(*id, ty, &best, Why::Nothing);
        }
        Some(best)
    }

    fn conditional(
        &mut self,
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
        hint: Option<&Ty>,
    ) -> Ty {
        let (when_true, when_false) = self.condition(condition);
        self.flow.state = when_true;
        let wanted = hint.filter(|it| is_known(it) && **it != Ty::Void).cloned();
        let first = self.branch(then, wanted.as_ref());
        let after_first = std::mem::replace(&mut self.flow.state, when_false);
        let second = self.branch(otherwise, wanted.as_ref());
        self.flow.split = None;
        let after_second = std::mem::take(&mut self.flow.state);
        self.flow.state = join_values(after_first, &first, after_second, &second);
        match wanted {
            Some(_) if first == Ty::Never && second == Ty::Never => Ty::Never,
            Some(wanted) => wanted,
            None => {
                let found = [(then, first), (otherwise, second)];
                self.common(&found).unwrap_or(Ty::Null)
            }
        }
    }

    /// One of several expressions of which one gives the value.
    pub(super) fn branch(&mut self, id: ExprId, wanted: Option<&Ty>) -> Ty {
        match wanted {
            Some(wanted) => {
                let ty = self.infer(id, Some(wanted));
                self.adapt(id, &ty, wanted, Why::Nothing);
                ty
            }
            None => self.value(id),
        }
    }

    fn cast(&mut self, id: ExprId, ty: &Ty, operand: ExprId) -> Ty {
        self.well_formed(ty, self.span(id));
        let hint = self.needs_expectation(operand).then_some(ty);
        let found = self.infer(operand, hint);
        let found = self.not_void(operand, found);
        if found.is_error() || ty.is_error() {
            return ty.clone();
        }
        let constant = self.constant(operand).cloned();
        let checked = self.throws_on_overflow();
        match self.shared.explicit(&found, ty, constant.as_ref(), checked) {
            Some(conversion) => {
                self.out.casts.insert(id, conversion);
                self.fold_cast(id, operand, ty);
            }
            None => match self.shared.coerce(&found, ty) {
                Ok(conversion) => {
                    self.out.casts.insert(id, conversion);
                }
                Err(faults) => {
                    let problem = match &*faults {
                        [] => values::no_cast(self, self.span(operand), &found, ty),
                        faults => schemas::no_coercion(self, operand, &found, ty, faults),
                    };
                    self.report(problem);
                }
            },
        }
        ty.clone()
    }

    fn non_null(&mut self, operand: ExprId) -> Ty {
        let ty = self.value(operand);
        let ty = self.as_declared(operand, ty);
        match ty {
            Ty::Nullable(inner) => {
                if let Some(place) = self.place(operand) {
                    self.flow.learn(&place);
                }
                (*inner).clone()
            }
            other => other,
        }
    }

    fn default_value(&mut self, id: ExprId, ty: Option<&Ty>, hint: Option<&Ty>) -> Ty {
        let Some(ty) = ty.or(hint.filter(|it| is_known(it))).cloned() else {
            let problem = values::cannot_infer(self, id);
            self.report(problem);
            return Ty::Error;
        };
        if !self.shared.has(&ty, Property::Defaultable) {
            let span = self.span(id);
            let problem = names::no_default(self, &ty, span);
            self.report(problem);
        }
        ty
    }

    fn bare_case(&mut self, id: ExprId, name: &body::Ident, hint: Option<&Ty>) -> Ty {
        let expected = match hint {
            Some(Ty::Nullable(inner)) => Some(&**inner),
            other => other,
        };
        match expected {
            Some(Ty::Enum(declared, args)) => {
                self.enum_case_value(id, *declared, args.clone(), name)
            }
            Some(Ty::Error) => Ty::Error,
            _ => {
                let problem = errors::names::unknown_case(self, name, expected);
                self.report(problem);
                Ty::Error
            }
        }
    }

    /// A bound of a range: an `int` or `^n`.
    pub(super) fn index_bound(&mut self, id: ExprId) {
        let ty = self.infer(id, Some(&Ty::INT));
        if ty != Ty::Index {
            self.adapt(id, &ty, &Ty::INT, Why::Nothing);
        }
    }

    /// A local constant keeps its value for later uses.
    pub(super) fn keep_local_const(&mut self, local: LocalId, init: ExprId) {
        if self.body.locals[local].kind == LocalKind::Const
            && let Some(value) = self.constant_value(init)
        {
            self.local_consts.insert(local, value);
        }
    }
}

fn never_of(found: &[(ExprId, Ty)]) -> Option<Ty> {
    (!found.is_empty()).then_some(Ty::Never)
}

/// The state behind two values of which one was computed; a value that is none leads
/// nowhere.
fn join_values(first: State, first_ty: &Ty, second: State, second_ty: &Ty) -> State {
    match (first_ty, second_ty) {
        (Ty::Never, Ty::Never) => State::unreachable(),
        (Ty::Never, _) => second,
        (_, Ty::Never) => first,
        _ => first.join(&second),
    }
}
