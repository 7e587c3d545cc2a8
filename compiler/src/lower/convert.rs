//! Implicit and explicit conversions. Which one applies was decided by `types`.

use crate::hir::ty::Ty;
use crate::hir::{EnumId, ExprId, RecordId};
use crate::ir::{Callee, Expr, ExprKind, Literal, Pattern};
use crate::types::tables::Conversion;

use super::access::Reached;
use super::body::Fx;
use super::build::{At, Flags, value_block};
use super::{literal, ty};

impl Fx<'_, '_> {
    /// The type of an expression behind its implicit conversion, as far as it matters to
    /// those who look: numbers, nullables and `null`.
    pub(super) fn converted_ty(&self, id: ExprId) -> Ty {
        let from = self.ty(id);
        match self.frame.types.conversions.get(id) {
            Some(conversion) => self.target_ty(&from, conversion),
            None => from,
        }
    }

    /// The same as the code says it, where type parameters stand for any type: whether a
    /// value may be null is decided by what is written.
    pub(super) fn may_be_null(&self, id: ExprId) -> bool {
        matches!(self.written_ty(id), Some(Ty::Nullable(_) | Ty::Null))
    }

    /// The type that the code at hand gives a converted value.
    pub(super) fn written_ty(&self, id: ExprId) -> Option<Ty> {
        let from = self.frame.types.exprs.get(id)?;
        Some(match self.frame.types.conversions.get(id) {
            Some(conversion) => self.target_ty(from, conversion),
            None => from.clone(),
        })
    }

    fn target_ty(&self, from: &Ty, conversion: &Conversion) -> Ty {
        match conversion {
            Conversion::Numeric { to, .. }
            | Conversion::Constant { to }
            | Conversion::Null { to }
            | Conversion::ToBaseChannel { to, .. } => self.substitute(to),
            Conversion::ToNullable => Ty::Nullable(from.clone().into()),
            Conversion::Inside(inner) => match from {
                Ty::Nullable(it) => Ty::Nullable(self.target_ty(it, inner).into()),
                other => other.clone(),
            },
            Conversion::Unwrap | Conversion::Narrowed => match from {
                Ty::Nullable(it) => (**it).clone(),
                other => other.clone(),
            },
            Conversion::EnumToInt => Ty::INT,
            Conversion::IntToEnum(id) => Ty::Enum(*id, [].into()),
            Conversion::Then(first, second) => {
                let between = self.target_ty(from, first);
                self.target_ty(&between, second)
            }
            Conversion::ToBaseRecord { to, .. } => match from {
                Ty::Record(id, args) => {
                    Ty::Record(*to, self.lower.base_args(*id, args, *to))
                }
                other => other.clone(),
            },
            Conversion::Coerce { to, .. } => self.substitute(to),
            Conversion::Each(inner) | Conversion::Values(inner) => match from {
                Ty::Array(it) => Ty::array(self.target_ty(it, inner)),
                Ty::Native(id, args) => {
                    let mut args = args.to_vec();
                    if let Some(last) = args.pop() {
                        args.push(self.target_ty(&last, inner));
                    }
                    Ty::Native(*id, args.into())
                }
                other => other.clone(),
            },
            Conversion::Tuple(parts) => match from {
                Ty::Tuple(elements) => {
                    let elements = elements.iter().zip(parts);
                    Ty::tuple(elements.map(|(it, part)| match part {
                        Some(part) => self.target_ty(&it.ty, part),
                        None => it.ty.clone(),
                    }))
                }
                other => other.clone(),
            },
            _ => from.clone(),
        }
    }

    pub(super) fn convert(&mut self, value: Expr, from: &Ty, how: &Conversion) -> Expr {
        let at = self.at;
        match how {
            Conversion::Identity => value,
            Conversion::Numeric { from, to, checked } => {
                let (from, to) = (self.substitute(from), self.substitute(to));
                self.numeric(value, &from, &to, *checked)
            }
            Conversion::Constant { to } => {
                let to = self.substitute(to);
                self.retyped(value, from, &to)
            }
            Conversion::ToNullable => at.some(value),
            Conversion::Null { to } => {
                let inner = match self.substitute(to) {
                    Ty::Nullable(inner) => self.lower.ty(&inner),
                    _ => crate::ir::Ty::Infer,
                };
                at.expr(ExprKind::NoneOf(inner))
            }
            Conversion::Inside(inner) => {
                let from = match from {
                    Ty::Nullable(it) => (**it).clone(),
                    other => other.clone(),
                };
                self.inside(value, |cx, it| cx.convert(it, &from, inner))
            }
            Conversion::ToSequence => at.method(looked_at(value), "sequence", vec![]),
            Conversion::ToSource => at.method(looked_at(value), "source", vec![]),
            Conversion::ToTarget => at.method(looked_at(value), "target", vec![]),
            Conversion::ToBoth => at.method(looked_at(value), "both", vec![]),
            Conversion::AtState(state) => {
                let state = self.protocol_state(from, *state);
                at.rt("in_state", vec![value, state]).fallible()
            }
            Conversion::EndToSource(port) => {
                let port = at.field(looked_at(value), &self.lower.port_name(*port));
                at.method(port, "source", vec![])
            }
            Conversion::EndToTarget(port) => {
                let port = at.field(looked_at(value), &self.lower.port_name(*port));
                at.method(port, "target", vec![])
            }
            Conversion::ToNetwork => at.method(looked_at(value), "network", vec![]),
            Conversion::ToBaseRecord { to, .. } => self.to_base(value, from, *to),
            Conversion::ToBaseChannel { n_steps, .. } => (0..*n_steps)
                .fold(looked_at(value), |end, _| at.method(end, "base_end", vec![])),
            Conversion::MethodToFunc { method, receiver, type_args } => {
                let type_args = self.tys(type_args);
                self.method_value((*method, &type_args), receiver)
            }
            Conversion::Tuple(parts) => self.tuple(value, from, parts),
            Conversion::Coerce { plan, .. } => self.coerced(value, *plan),
            Conversion::Each(inner) => self.each(value, from, inner, "convert_each"),
            Conversion::Values(inner) => self.each(value, from, inner, "convert_values"),
            Conversion::EnumToInt => at.cast(value, crate::ir::Ty::Prim("i32")),
            Conversion::IntToEnum(id) => self.to_enum(value, *id),
            Conversion::Narrowed if matches!(value.kind, ExprKind::Some(_)) => {
                match value.kind {
                    ExprKind::Some(inner) => *inner,
                    kind => at.expr(kind),
                }
            }
            Conversion::Narrowed => {
                at.method(value, "expect", vec![at.text(super::place::NARROWED)])
            }
            Conversion::Unwrap => at.rt("unwrap", vec![value]).fallible(),
            Conversion::Then(first, second) => {
                let between = self.target_ty(from, first);
                let value = self.convert(value, from, first);
                self.convert(value, &between, second)
            }
        }
    }

    /// A port as a source or a target. Ports have no copies, so one in state is converted there.
    pub(super) fn side_of_port(
        &mut self,
        id: ExprId,
        ty: &Ty,
        conversion: &Conversion,
    ) -> Option<Expr> {
        let method = match conversion {
            Conversion::Then(first, second) => {
                let side = self.side_of_port(id, ty, first)?;
                let between = self.target_ty(ty, first);
                return Some(self.convert(side, &between, second));
            }
            Conversion::ToTarget => "target",
            Conversion::ToSource => "source",
            _ => return None,
        };
        if self.frame.types.null_chains.contains(id) {
            return None;
        }
        let place = self.naked(id);
        let side = |at: At, it: Reached, _: Vec<Expr>| at.method(it.expr, method, vec![]);
        Some(self.access(place, false, vec![], side))
    }

    pub(super) fn numeric(&self, value: Expr, from: &Ty, to: &Ty, checked: bool) -> Expr {
        numeric(self.at, value, from, to, checked)
    }

    fn retyped(&self, value: Expr, from: &Ty, to: &Ty) -> Expr {
        match value.kind {
            ExprKind::Literal(Literal::Int(int, _)) => literal::number(self.at, int, to),
            _ => self.numeric(value, from, to, false),
        }
    }

    /// Maps what is inside a nullable.
    pub(super) fn inside(
        &mut self,
        value: Expr,
        map: impl FnOnce(&mut Self, Expr) -> Expr,
    ) -> Expr {
        let (at, var) = (self.at, self.temp());
        let some = self.value_block(|cx| {
            let it = map(cx, at.var(var));
            at.some(it)
        });
        let none = value_block(at.expr(ExprKind::None));
        let arms = vec![
            at.arm(Pattern::Some(Box::new(Pattern::Var(var))), None, some),
            at.arm(Pattern::None, None, none),
        ];
        at.matching(value, arms)
    }

    /// A schema's value as one of a schema it derives from: the fields of the base.
    fn to_base(&mut self, value: Expr, from: &Ty, to: RecordId) -> Expr {
        let at = self.at;
        let Ty::Record(id, args) = from else { return value };
        if self.lower.is_exception(*id) {
            return value;
        }
        let base_args = self.lower.base_args(*id, args, to);
        let base = Ty::Record(to, base_args.clone());
        let crate::ir::Ty::Item(item) = self.lower.ty(&base) else { return value };
        let value = match value.kind {
            ExprKind::Var(_) => value,
            _ => self.bind(value),
        };
        let fields = self.lower.record_fields(to, &base_args);
        let fields = fields
            .into_iter()
            .map(|(field, ty)| {
                let name = self.lower.field_name(field);
                let part = at.field(value.clone(), &name);
                let copy = self.lower.is_copy(&ty) && !self.lower.holds(&ty, &base);
                (name, if copy { part } else { at.clone(part) })
            })
            .collect();
        at.expr(ExprKind::Struct { item, fields, rest: None })
    }

    fn tuple(&mut self, value: Expr, from: &Ty, parts: &[Option<Conversion>]) -> Expr {
        let at = self.at;
        let Ty::Tuple(tys) = from else { return value };
        let tys: Vec<Ty> = tys.iter().map(|it| it.ty.clone()).collect();
        let values = match value.kind {
            ExprKind::Tuple(values) => values,
            _ => {
                let vars: Vec<_> = tys.iter().map(|_| self.temp()).collect();
                let pattern =
                    Pattern::Tuple(vars.iter().map(|it| Pattern::Var(*it)).collect());
                self.push(at.bind(pattern, None, Some(value)));
                vars.into_iter().map(|it| at.var(it)).collect()
            }
        };
        let mut held = Vec::new();
        for ((value, ty), part) in values.into_iter().zip(&tys).zip(parts) {
            let value = match part {
                Some(how) => self.convert(value, ty, how),
                None => value,
            };
            held.push(self.hold(value));
        }
        let values = self.settled(held);
        at.expr(ExprKind::Tuple(values))
    }

    fn to_enum(&mut self, value: Expr, id: EnumId) -> Expr {
        let at = self.at;
        let item = match self.lower.ty(&Ty::Enum(id, [].into())) {
            crate::ir::Ty::Item(item) => item,
            _ => unreachable!("no number converts to an enum of the runtime"),
        };
        let it = &self.lower.program.enums[id];
        let numbers = self.lower.types.enum_numbers.get(id);
        let numbers = numbers.expect("every enum has its numbers");
        let cases = it.cases.iter().zip(numbers).map(|(case, number)| {
            let case =
                ExprKind::Case { item, case: case.name.name.clone(), args: vec![] };
            let pattern = Pattern::Literal(Literal::Int((*number).into(), "i32"));
            at.arm(pattern, None, value_block(at.ok(at.expr(case))))
        });
        let mut arms: Vec<_> = cases.collect();
        let message = format!("the number is no case of `{}`", it.decl.name.name);
        let error = vec![at.text("InvalidCastException"), at.text(&message)];
        let error = at.rt("Exception::new", error);
        let error = at.expr(ExprKind::Err(Box::new(error)));
        arms.push(at.arm(Pattern::Wildcard, None, value_block(error)));
        at.expr(ExprKind::Try(Box::new(at.matching(value, arms))))
    }
}

/// A number as one of another type.
pub(super) fn numeric(at: At, value: Expr, from: &Ty, to: &Ty, checked: bool) -> Expr {
    if from == to {
        return value;
    }
    if let ExprKind::Literal(Literal::Int(int, _)) = value.kind
        && fits(int, to)
    {
        return literal::number(at, int, to);
    }
    if let (Ty::Decimal, _) | (_, Ty::Decimal) = (from, to) {
        return of_decimals(at, value, from, to);
    }
    let Some(name) = ty::prim(to) else { return value };
    match (from, to) {
        (Ty::Char, Ty::Float | Ty::Double) => {
            let int = at.cast(value, crate::ir::Ty::Prim("u32"));
            at.cast(int, crate::ir::Ty::Prim(name))
        }
        (_, Ty::Char) => at.rt("to_char", vec![value]).fallible(),
        (Ty::Int(_) | Ty::Float | Ty::Double, Ty::Int(_)) if checked => {
            let generics = vec![crate::ir::Ty::Prim(name), crate::ir::Ty::Infer];
            let callee = Callee::Rt("checked_cast".into(), generics);
            at.callee(callee, vec![value]).fallible()
        }
        _ => at.cast(value, crate::ir::Ty::Prim(name)),
    }
}

/// A number as a decimal, or a decimal as another number. What does not fit throws, also
/// where it is not `checked`.
fn of_decimals(at: At, value: Expr, from: &Ty, to: &Ty) -> Expr {
    let to_integer = |value, name| {
        let generics = vec![crate::ir::Ty::Prim(name)];
        at.callee(Callee::Rt("decimal::to_integer".into(), generics), vec![value])
            .fallible()
    };
    match (from, to) {
        (Ty::Float, _) => at.rt("decimal::from_single", vec![value]).fallible(),
        (Ty::Double, _) => at.rt("decimal::from_double", vec![value]).fallible(),
        (Ty::Char, _) => {
            let int = at.cast(value, crate::ir::Ty::Prim("u32"));
            at.rt("Decimal::from", vec![int])
        }
        (Ty::Int(_), _) => at.rt("Decimal::from", vec![value]),
        (_, Ty::Float) => at.method(value, "to_single", vec![]),
        (_, Ty::Double) => at.method(value, "to_double", vec![]),
        (_, Ty::Char) => at.rt("to_char", vec![to_integer(value, "u32")]).fallible(),
        (_, Ty::Int(int)) => to_integer(value, int.in_rust()),
        _ => value,
    }
}

/// What a method borrows: a place is not cloned for it.
fn looked_at(value: Expr) -> Expr {
    match value.kind {
        ExprKind::Clone(place) => *place,
        _ => value,
    }
}

/// Whether an integer is a value of the type, which then can be written as a literal.
fn fits(value: i128, to: &Ty) -> bool {
    use crate::hir::ty::IntTy;
    let range = match to {
        Ty::Int(IntTy::SByte) => i128::from(i8::MIN)..=i128::from(i8::MAX),
        Ty::Int(IntTy::Short) => i128::from(i16::MIN)..=i128::from(i16::MAX),
        Ty::Int(IntTy::Int) => i128::from(i32::MIN)..=i128::from(i32::MAX),
        Ty::Int(IntTy::Long) => i128::from(i64::MIN)..=i128::from(i64::MAX),
        Ty::Int(IntTy::Byte) => 0..=i128::from(u8::MAX),
        Ty::Int(IntTy::UShort) => 0..=i128::from(u16::MAX),
        Ty::Int(IntTy::UInt) => 0..=i128::from(u32::MAX),
        Ty::Int(IntTy::ULong) => 0..=i128::from(u64::MAX),
        // Exact in a double; a float may round, which `as` does alike.
        Ty::Float | Ty::Double => -(1 << 24)..=1 << 24,
        Ty::Decimal => i128::from(i64::MIN)..=i128::from(u64::MAX),
        _ => return false,
    };
    range.contains(&value)
}
