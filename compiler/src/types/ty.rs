//! What types can do: arithmetic, equality, printing, defaults, sending. It does not
//! convert between types (`convert`) and does not spell them (`show`).

use std::cell::RefCell;
use std::collections::HashMap;

use super::generics;
use crate::hir::item::{Constraint, MethodKind};
use crate::hir::ty::{Args, IntTy, MAX_TUPLE, Ty};
use crate::hir::*;
use crate::support::span::Span;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Property {
    Equatable,
    Comparable,
    Hashable,
    Printable,
    Defaultable,
    Sendable,
}

/// Answers about declared types, remembered because they are asked at every operator. Each
/// instance of a generic type has answers of its own.
#[derive(Debug, Default)]
pub(super) struct Properties {
    known: RefCell<HashMap<(Property, Ty), bool>>,
    /// What `where` behind the method at hand asks of the type parameters of its owner.
    asked: RefCell<Vec<(TypeParamId, Constraint)>>,
}

impl Properties {
    /// Whether the type has the property. What was reported already has every property.
    pub(super) fn has(&self, program: &Program, ty: &Ty, property: Property) -> bool {
        Query { program, properties: self, property, assumed: Vec::new() }.ty(ty)
    }

    /// Lets code rely on constraints of a method on the parameters of its owner.
    pub(super) fn ask(&self, constraints: &[(TypeParamId, Constraint, Span)]) {
        *self.asked.borrow_mut() = constraints.iter().map(|it| (it.0, it.1)).collect();
    }

    /// Whether a type parameter has one of the constraints.
    pub(super) fn asks(
        &self,
        program: &Program,
        param: TypeParamId,
        wanted: &[Constraint],
    ) -> bool {
        program.type_params[param].has(wanted)
            || self
                .asked
                .borrow()
                .iter()
                .any(|it| it.0 == param && wanted.contains(&it.1))
    }
}

/// A type that meets more instances of declared types than this on the way into itself, or
/// type arguments of more parts, has no end, which `instances` reports.
const DEEPEST: usize = 200;

/// One question. Types met again on the way are assumed to have the property: it fails
/// only where some part lacks it.
struct Query<'a> {
    program: &'a Program,
    properties: &'a Properties,
    property: Property,
    assumed: Vec<Ty>,
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
            Ty::Tuple(elements) => {
                (elements.len() <= MAX_TUPLE || property == Sendable)
                    && elements.iter().all(|it| self.ty(&it.ty))
            }
            // Whether a function value may be sent depends on its effect, which
            // `isolation` knows.
            Ty::Func { params, returns } => {
                property == Sendable
                    && params
                        .iter()
                        .chain([&**returns])
                        .all(|it| *it == Ty::Void || self.ty(it))
            }
            Ty::Record(..) | Ty::Enum(..) => self.declared(ty),
            Ty::Native(id, args) => self.native(*id, args),
            Ty::Using(..) | Ty::Impl(..) | Ty::Domain(..) | Ty::Request(..) => {
                matches!(property, Equatable | Sendable)
            }
            // Only constraints tell. Every value has a text, and what cannot be sent is
            // found where the type parameter gets its type.
            Ty::Param(id) => {
                let wanted: &[Constraint] = match property {
                    Comparable => &[Constraint::Comparable, Constraint::Number],
                    Equatable => &[
                        Constraint::Equatable,
                        Constraint::Comparable,
                        Constraint::Hashable,
                        Constraint::Number,
                    ],
                    Hashable => &[Constraint::Hashable],
                    Defaultable => &[Constraint::Number],
                    Printable | Sendable => return true,
                };
                self.properties.asks(self.program, *id, wanted)
            }
        }
    }

    fn native(&mut self, id: NativeId, args: &[Ty]) -> bool {
        if self.program.natives[id].handle {
            return self.property == Property::Equatable;
        }
        if self.program.natives[id].module.is_some() {
            // Nothing is known of it but its name.
            return matches!(self.property, Property::Sendable | Property::Printable);
        }
        let lang = &self.program.lang;
        let made_by_others =
            [lang.sequence, lang.ordered, lang.grouping].contains(&Some(id));
        if made_by_others && self.property == Property::Defaultable {
            return false;
        }
        if [lang.sequence, lang.ordered].contains(&Some(id)) {
            // Its elements are not there yet, and may have no end.
            return false;
        }
        match self.property {
            Property::Comparable => self.program.is_ordered_native(id),
            Property::Defaultable => {
                let methods = &self.program.methods;
                let mut members = self.program.natives[id].members.iter();
                members.any(|it| {
                    let it = &methods[*it];
                    it.kind == MethodKind::Constructor && it.params.is_empty()
                })
            }
            _ => args.iter().all(|it| self.ty(it)),
        }
    }

    fn declared(&mut self, ty: &Ty) -> bool {
        let key = (self.property, ty.clone());
        if let Some(&known) = self.properties.known.borrow().get(&key) {
            return known;
        }
        if self.assumed.contains(ty)
            || self.assumed.len() > DEEPEST
            || generics::parts(ty, DEEPEST).is_none()
        {
            return true;
        }
        self.assumed.push(ty.clone());
        let answer = match ty {
            Ty::Record(id, args) => self.record(*id, args),
            Ty::Enum(id, args) => self.declared_enum(*id, args),
            _ => true,
        };
        // A positive answer may rest on assumptions about types still in question; the
        // outermost question has none, and a negative one rests on a part that lacks it.
        // What a type parameter can do depends on the code at hand.
        let outermost = self.assumed.first() == Some(ty);
        if (outermost || !answer) && is_closed(ty) {
            self.properties.known.borrow_mut().insert(key, answer);
        }
        if outermost {
            self.assumed.clear();
        }
        answer
    }

    fn record(&mut self, id: RecordId, args: &Args) -> bool {
        let program = self.program;
        let is_struct = program.records[id].kind == item::RecordKind::Struct;
        if self.property == Property::Defaultable && !is_struct {
            return false;
        }
        generics::record_fields(program, id, args).into_iter().all(|it| self.ty(&it.1))
    }

    fn declared_enum(&mut self, id: EnumId, args: &Args) -> bool {
        let program = self.program;
        if self.property == Property::Defaultable {
            return false;
        }
        let declared = &program.enums[id];
        let payloads = declared.cases.iter().flat_map(|it| &it.payload);
        payloads
            .map(|(_, ty)| ty.substitute(&declared.type_params, args))
            .all(|ty| self.ty(&ty))
    }
}

/// Whether no type parameter stands anywhere inside.
pub(super) fn is_closed(ty: &Ty) -> bool {
    generics::params_in(ty).is_empty()
}

/// Whether the type is a type parameter that arithmetic is asked of.
pub(super) fn is_generic_number(
    program: &Program,
    properties: &Properties,
    ty: &Ty,
) -> bool {
    matches!(ty, Ty::Param(id) if properties.asks(program, *id, &[Constraint::Number]))
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
        Constraint::Number => {
            is_number(ty) || ty.is_error() || is_generic_number(program, properties, ty)
        }
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
