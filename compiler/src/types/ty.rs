//! What types can do: arithmetic, equality, printing, defaults, sending. It does not
//! convert between types (`convert`) and does not spell them (`show`).

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::index::record_fields;
use crate::hir::item::Constraint;
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;

/// Smallest and largest value.
pub(super) fn int_range(int: IntTy) -> (i128, i128) {
    match int {
        IntTy::SByte => (i128::from(i8::MIN), i128::from(i8::MAX)),
        IntTy::Short => (i128::from(i16::MIN), i128::from(i16::MAX)),
        IntTy::Int => (i128::from(i32::MIN), i128::from(i32::MAX)),
        IntTy::Long => (i128::from(i64::MIN), i128::from(i64::MAX)),
        IntTy::Byte => (0, i128::from(u8::MAX)),
        IntTy::UShort => (0, i128::from(u16::MAX)),
        IntTy::UInt => (0, i128::from(u32::MAX)),
        IntTy::ULong => (0, i128::from(u64::MAX)),
    }
}

/// Width in bits.
pub(super) fn int_bits(int: IntTy) -> u32 {
    match int {
        IntTy::SByte | IntTy::Byte => 8,
        IntTy::Short | IntTy::UShort => 16,
        IntTy::Int | IntTy::UInt => 32,
        IntTy::Long | IntTy::ULong => 64,
    }
}

/// The value reduced to the type's width, as wrapping arithmetic does.
pub(super) fn wrap(value: i128, int: IntTy) -> i128 {
    let (low, _) = int_range(int);
    let size = 1_i128 << int_bits(int);
    let rest = value.rem_euclid(size);
    if low < 0 && rest >= size / 2 { rest - size } else { rest }
}

pub(super) fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Int(_) | Ty::Float | Ty::Double | Ty::Decimal)
}

/// Numbers and `char`: what numeric operators and casts accept.
pub(super) fn is_numeric(ty: &Ty) -> bool {
    is_number(ty) || *ty == Ty::Char
}

/// Whether no inference variable stands anywhere inside.
pub(super) fn is_known(ty: &Ty) -> bool {
    match ty {
        Ty::Infer(_) => false,
        Ty::Array(it) | Ty::Nullable(it) => is_known(it),
        Ty::Tuple(elements) => elements.iter().all(|it| is_known(&it.ty)),
        Ty::Func { params, returns } => params.iter().all(is_known) && is_known(returns),
        Ty::Record(_, args)
        | Ty::Enum(_, args)
        | Ty::Native(_, args)
        | Ty::Using(_, args, _)
        | Ty::Impl(_, args, _)
        | Ty::Domain(_, args) => args.iter().all(is_known),
        Ty::Request(value, reply) => is_known(value) && is_known(reply),
        _ => true,
    }
}

/// The same type without protocol states, which are `protocol`'s to check.
pub(super) fn without_states(ty: &Ty) -> Ty {
    match ty {
        Ty::Using(id, args, Some(_)) => Ty::Using(*id, args.clone(), None),
        Ty::Impl(id, args, Some(_)) => Ty::Impl(*id, args.clone(), None),
        Ty::Array(it) => Ty::array(without_states(it)),
        Ty::Nullable(it) => Ty::nullable(without_states(it)),
        Ty::Native(id, args) if !args.is_empty() => {
            Ty::Native(*id, args.iter().map(without_states).collect())
        }
        other => other.clone(),
    }
}

/// A property that types have because all their parts have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Property {
    Equatable,
    Comparable,
    Hashable,
    Printable,
    Defaultable,
    Sendable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Declared {
    Record(RecordId),
    Enum(EnumId),
}

/// Answers about declared types, remembered because they are asked at every operator.
#[derive(Debug, Default)]
pub(super) struct Properties {
    known: RefCell<BTreeMap<(Property, Declared), bool>>,
}

impl Properties {
    /// Whether the type has the property. What was reported already has every property.
    pub(super) fn has(&self, program: &Program, ty: &Ty, property: Property) -> bool {
        Query { program, properties: self, property, assumed: Vec::new() }.ty(ty)
    }
}

/// One question. Types met again on the way are assumed to have the property: it fails
/// only where some part lacks it.
struct Query<'a> {
    program: &'a Program,
    properties: &'a Properties,
    property: Property,
    assumed: Vec<Declared>,
}

impl Query<'_> {
    fn ty(&mut self, ty: &Ty) -> bool {
        use Property::{
            Comparable, Defaultable, Equatable, Hashable, Printable, Sendable,
        };
        let property = self.property;
        match ty {
            Ty::Error | Ty::Infer(_) | Ty::Never => true,
            Ty::Void | Ty::Any | Ty::Range | Ty::Index => false,
            Ty::Null => matches!(property, Equatable | Printable),
            Ty::Bool => property != Comparable,
            Ty::Char | Ty::String | Ty::Int(_) | Ty::Decimal => true,
            Ty::Float | Ty::Double => property != Hashable,
            Ty::Duration => property != Defaultable,
            Ty::Signal => matches!(property, Equatable | Hashable | Printable | Sendable),
            Ty::Nullable(inner) => match property {
                Comparable => false,
                Defaultable => true,
                _ => self.ty(inner),
            },
            Ty::Array(element) => match property {
                Comparable => false,
                Defaultable => true,
                _ => self.ty(element),
            },
            Ty::Tuple(elements) => elements.iter().all(|it| self.ty(&it.ty)),
            // Whether a function value may be sent depends on its effect, which
            // `isolation` knows.
            Ty::Func { params, returns } => {
                property == Sendable
                    && params
                        .iter()
                        .chain([&**returns])
                        .all(|it| *it == Ty::Void || self.ty(it))
            }
            Ty::Record(id, _) => self.declared(Declared::Record(*id)),
            Ty::Enum(id, _) => self.declared(Declared::Enum(*id)),
            Ty::Native(id, args) => self.native(*id, args),
            Ty::Using(..) | Ty::Impl(..) | Ty::Domain(..) | Ty::Request(..) => {
                matches!(property, Equatable | Sendable)
            }
            // Only constraints tell; natives are generic over anything otherwise.
            Ty::Param(id) => {
                let constraints = &self.program.type_params[*id].constraints;
                match property {
                    Comparable => constraints.iter().any(|it| {
                        matches!(it, Constraint::Comparable | Constraint::Number)
                    }),
                    Equatable => !constraints.is_empty(),
                    Hashable => constraints.contains(&Constraint::Hashable),
                    Printable | Sendable => true,
                    Defaultable => constraints.contains(&Constraint::Number),
                }
            }
        }
    }

    fn native(&mut self, id: NativeId, args: &[Ty]) -> bool {
        if self.program.natives[id].handle {
            return self.property == Property::Equatable;
        }
        match self.property {
            Property::Comparable => false,
            Property::Defaultable => true,
            _ => args.iter().all(|it| self.ty(it)),
        }
    }

    fn declared(&mut self, declared: Declared) -> bool {
        let key = (self.property, declared);
        if let Some(&known) = self.properties.known.borrow().get(&key) {
            return known;
        }
        if self.assumed.contains(&declared) {
            return true;
        }
        self.assumed.push(declared);
        let answer = match declared {
            Declared::Record(id) => self.record(id),
            Declared::Enum(id) => self.declared_enum(id),
        };
        // A positive answer may rest on assumptions about types still in question; the
        // outermost question has none, and a negative one rests on a part that lacks it.
        if self.assumed.first() == Some(&declared) || !answer {
            self.properties.known.borrow_mut().insert(key, answer);
        }
        if self.assumed.first() == Some(&declared) {
            self.assumed.clear();
        }
        answer
    }

    fn record(&mut self, id: RecordId) -> bool {
        let program = self.program;
        let is_struct = program.records[id].kind == item::RecordKind::Struct;
        if self.property == Property::Defaultable && !is_struct {
            return false;
        }
        record_fields(program, id).into_iter().all(|it| self.ty(&program.fields[it].ty))
    }

    fn declared_enum(&mut self, id: EnumId) -> bool {
        let program = self.program;
        if self.property == Property::Defaultable {
            return false;
        }
        let cases = &program.enums[id].cases;
        cases.iter().all(|case| case.payload.iter().all(|(_, ty)| self.ty(ty)))
    }
}

/// Whether `ty` satisfies a constraint of a type parameter.
pub(super) fn satisfies(
    program: &Program,
    properties: &Properties,
    ty: &Ty,
    constraint: Constraint,
) -> bool {
    match constraint {
        Constraint::Comparable => properties.has(program, ty, Property::Comparable),
        Constraint::Equatable => properties.has(program, ty, Property::Equatable),
        Constraint::Hashable => properties.has(program, ty, Property::Hashable),
        Constraint::Number => is_number(ty) || ty.is_error(),
    }
}

/// The word for a constraint.
pub(super) fn constraint_name(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::Comparable => "comparable",
        Constraint::Equatable => "equatable",
        Constraint::Hashable => "hashable",
        Constraint::Number => "number",
    }
}
