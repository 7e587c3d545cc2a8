//! Types of the target, and what values of a type can do there. Type parameters were
//! replaced before they come here.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::hir::item::{Owner, RecordKind};
use crate::hir::ty::{Args, Ty};
use crate::hir::{EnumId, FieldId, RecordId, TypeParamId};
use crate::ir;
use crate::support::Name;

use super::Lower;
use super::names::Key;

/// A struct of more fields is cloned by name.
const MAX_COPY_FIELDS: usize = 4;

/// What was asked about declared types before: they lead to each other in so many ways that
/// each question is worth asking once only.
#[derive(Default)]
pub(super) struct Answers {
    known: RefCell<HashMap<(Question, Ty), bool>>,
    /// Whether the first can hold the second.
    held: RefCell<HashMap<(Ty, Ty), bool>>,
}

impl Answers {
    fn once(&self, it: &Ty, question: Question, answer: impl FnOnce() -> bool) -> bool {
        let key = (question, it.clone());
        if let Some(&known) = self.known.borrow().get(&key) {
            return known;
        }
        let answer = answer();
        self.known.borrow_mut().insert(key, answer);
        answer
    }
}

/// The target's own name of a number type or `char`.
pub(super) fn prim(it: &Ty) -> Option<&'static str> {
    match it {
        Ty::Bool => Some("bool"),
        Ty::Char => Some("char"),
        Ty::Int(it) => Some(it.in_rust()),
        Ty::Float => Some("f32"),
        Ty::Double => Some("f64"),
        _ => None,
    }
}

impl Lower<'_> {
    /// The type as the IR names it; declared types it mentions are lowered too.
    pub(super) fn ty(&mut self, it: &Ty) -> ir::Ty {
        let rt = |name: &str, args| ir::Ty::Rt(name.into(), args);
        match it {
            Ty::Void => ir::Ty::Unit,
            Ty::Never => ir::Ty::Never,
            Ty::Bool | Ty::Char | Ty::Int(_) | Ty::Float | Ty::Double => {
                ir::Ty::Prim(prim(it).expect("a primitive type has a name"))
            }
            Ty::Decimal => rt("Decimal", vec![]),
            Ty::String => rt("Str", vec![]),
            Ty::Duration => rt("Duration", vec![]),
            Ty::Signal => rt("Signal", vec![]),
            Ty::Array(element) => rt("Array", vec![self.ty(element)]),
            Ty::Nullable(inner) => ir::Ty::Option(Box::new(self.ty(inner))),
            Ty::Tuple(parts) => {
                ir::Ty::Tuple(parts.iter().map(|it| self.ty(&it.ty)).collect())
            }
            Ty::Func { params, returns } => ir::Ty::Func {
                params: params.iter().map(|it| self.ty(it)).collect(),
                returns: Box::new(self.ty(returns)),
            },
            Ty::Record(id, _) if self.is_exception(*id) => rt("Exception", vec![]),
            Ty::Record(id, args) => {
                ir::Ty::Item(self.need(Key::Record(*id, args.clone())))
            }
            Ty::Enum(id, _) if self.is_overflow(*id) => rt("Overflow", vec![]),
            Ty::Enum(id, args) => ir::Ty::Item(self.need(Key::Enum(*id, args.clone()))),
            // A network without a type of results is any network.
            Ty::Native(id, args) if Some(*id) == self.program.lang.network => {
                match args.first() {
                    Some(results) => rt("Net", vec![self.ty(results)]),
                    None => rt("Network", vec![]),
                }
            }
            Ty::Native(id, _) if self.program.natives[*id].module.is_some() => {
                ir::Ty::Item(self.need(Key::Opaque(*id)))
            }
            Ty::Native(id, args) => {
                let args = args.iter().map(|it| self.ty(it)).collect();
                rt(&self.program.natives[*id].rust, args)
            }
            Ty::Using(id, args, _) => {
                let channel = self.need(Key::Channel(*id, args.clone()));
                rt("Using", vec![ir::Ty::Item(channel)])
            }
            Ty::Impl(id, args, _) => {
                let channel = self.need(Key::Channel(*id, args.clone()));
                rt("Impl", vec![ir::Ty::Item(channel)])
            }
            Ty::Request(value, reply) => {
                rt("Request", vec![self.ty(value), self.ty(reply)])
            }
            Ty::Domain(id, args) => {
                let domain = self.need(Key::Domain(*id, args.clone()));
                rt("Dom", vec![ir::Ty::Item(domain)])
            }
            // `Error` and `Infer` do not occur in a checked program; `Range` and `Index`
            // are never values of their own.
            _ => ir::Ty::Infer,
        }
    }

    /// Schemas that derive `Exception` are values of the runtime's one exception type.
    pub(super) fn is_exception(&self, id: RecordId) -> bool {
        self.program.records[id].kind == RecordKind::Exception
    }

    /// The library's `Overflow` is the runtime's.
    pub(super) fn is_overflow(&self, id: EnumId) -> bool {
        let decl = &self.program.enums[id].decl;
        decl.library && &*decl.name.name == "Overflow"
    }

    /// Whether values are duplicated by a plain read.
    pub(super) fn is_copy(&self, it: &Ty) -> bool {
        match it {
            Ty::Void
            | Ty::Never
            | Ty::Bool
            | Ty::Char
            | Ty::Int(_)
            | Ty::Float
            | Ty::Double
            | Ty::Decimal
            | Ty::Duration
            | Ty::Signal => true,
            Ty::Nullable(inner) => self.is_copy(inner),
            Ty::Tuple(parts) => parts.iter().all(|it| self.is_copy(&it.ty)),
            Ty::Enum(id, _) if self.is_overflow(*id) => true,
            Ty::Record(..) | Ty::Enum(..) => self.small(it, &mut Vec::new()),
            _ => false,
        }
    }

    fn small(&self, it: &Ty, around: &mut Vec<Ty>) -> bool {
        match it {
            Ty::Record(id, _) if self.is_exception(*id) => false,
            Ty::Record(..) | Ty::Enum(..) => {
                if around.contains(it) {
                    return false;
                }
                // What leads back to itself is not small, and so is nothing that leads there.
                self.answers.once(it, Question::Small, || {
                    around.push(it.clone());
                    let parts = self.parts(it);
                    let small = parts.len() <= MAX_COPY_FIELDS
                        && parts.iter().all(|it| self.small(it, around));
                    around.pop();
                    small
                })
            }
            Ty::Nullable(inner) => self.small(inner, around),
            Ty::Tuple(parts) => parts.iter().all(|it| self.small(&it.ty, around)),
            other => self.is_copy(other),
        }
    }

    /// Types of the fields of a record, or of all payloads of an enum.
    fn parts(&self, it: &Ty) -> Vec<Ty> {
        match it {
            Ty::Record(id, args) => {
                self.record_fields(*id, args).into_iter().map(|(_, ty)| ty).collect()
            }
            Ty::Enum(id, args) => {
                let it = &self.program.enums[*id];
                let payloads = it.cases.iter().flat_map(|it| &it.payload);
                payloads.map(|(_, ty)| ty.substitute(&it.type_params, args)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Fields of a record, those of its base first, with their types.
    pub(super) fn record_fields(&self, id: RecordId, args: &Args) -> Vec<(FieldId, Ty)> {
        let record = &self.program.records[id];
        let mut fields = match &record.base {
            Some((base, base_args)) => {
                let base_args = all(base_args, &record.type_params, args);
                self.record_fields(*base, &base_args)
            }
            None => Vec::new(),
        };
        fields.extend(record.fields.iter().map(|&field| {
            let ty = self.program.fields[field].ty.substitute(&record.type_params, args);
            (field, ty)
        }));
        fields
    }

    /// Whether a value holds function values, which its methods may call.
    pub(super) fn holds_functions(&self, it: &Ty) -> bool {
        self.answers
            .once(it, Question::Functions, || self.has_func(it, &mut HashSet::new()))
    }

    fn has_func(&self, it: &Ty, seen: &mut HashSet<Ty>) -> bool {
        match it {
            Ty::Func { .. } => true,
            // The elements may be what function values make of others.
            Ty::Native(id, _) if self.is_lazy(*id) => true,
            Ty::Nullable(inner) | Ty::Array(inner) => self.has_func(inner, seen),
            Ty::Tuple(parts) => parts.iter().any(|it| self.has_func(&it.ty, seen)),
            Ty::Native(_, args) => args.iter().any(|it| self.has_func(it, seen)),
            Ty::Record(..) | Ty::Enum(..) if seen.insert(it.clone()) => {
                self.parts(it).iter().any(|it| self.has_func(it, seen))
            }
            _ => false,
        }
    }

    /// Whether a value of type `part` can hold one of type `whole` in itself, so that the
    /// part has to be kept behind a pointer.
    pub(super) fn holds(&self, part: &Ty, whole: &Ty) -> bool {
        let key = (part.clone(), whole.clone());
        if let Some(&known) = self.answers.held.borrow().get(&key) {
            return known;
        }
        let answer = self.reaches(part, whole, &mut HashSet::new());
        self.answers.held.borrow_mut().insert(key, answer);
        answer
    }

    fn reaches(&self, part: &Ty, whole: &Ty, seen: &mut HashSet<Ty>) -> bool {
        if part == whole {
            return true;
        }
        match part {
            Ty::Nullable(inner) => self.reaches(inner, whole, seen),
            Ty::Tuple(parts) => parts.iter().any(|it| self.reaches(&it.ty, whole, seen)),
            Ty::Record(id, _) if self.is_exception(*id) => false,
            Ty::Record(..) | Ty::Enum(..) => {
                seen.insert(part.clone())
                    && self.parts(part).iter().any(|it| self.reaches(it, whole, seen))
            }
            _ => false,
        }
    }

    /// What a value type derives.
    pub(super) fn derives(&self, it: &Ty) -> ir::Derives {
        // What an exception carries is compared as it is printed, by the runtime.
        let carried = matches!(it, Ty::Record(id, _) if self.is_exception(*id));
        let every = |ability| !carried && self.has(it, ability, &mut HashSet::new());
        ir::Derives {
            equatable: every(Ability::Equatable),
            hashable: every(Ability::Hashable),
            comparable: every(Ability::Comparable),
            default: self.has_default(it),
            copy: self.is_copy(it),
        }
    }

    /// Whether every part has the ability, where one met before is being asked already.
    fn has(&self, it: &Ty, ability: Ability, seen: &mut HashSet<Ty>) -> bool {
        match it {
            Ty::Float | Ty::Double => ability != Ability::Hashable,
            Ty::Bool
            | Ty::Char
            | Ty::Int(_)
            | Ty::Decimal
            | Ty::String
            | Ty::Duration => true,
            Ty::Signal => ability != Ability::Comparable,
            Ty::Nullable(inner) => {
                ability != Ability::Comparable && self.has(inner, ability, seen)
            }
            Ty::Array(inner) => {
                ability != Ability::Comparable && self.has(inner, ability, seen)
            }
            Ty::Tuple(parts) => parts.iter().all(|it| self.has(&it.ty, ability, seen)),
            Ty::Record(id, _) if self.is_exception(*id) => ability != Ability::Comparable,
            Ty::Record(..) | Ty::Enum(..) => {
                !seen.insert(it.clone())
                    || self.parts(it).iter().all(|it| self.has(it, ability, seen))
            }
            // Their elements are not there to be compared.
            Ty::Native(id, _) if self.is_lazy(*id) => false,
            Ty::Native(id, _) if self.program.natives[*id].module.is_some() => false,
            Ty::Native(id, args) => {
                let native = &self.program.natives[*id];
                match native.handle {
                    true => ability == Ability::Equatable,
                    false => {
                        (ability != Ability::Comparable
                            || self.program.is_ordered_native(*id))
                            && args.iter().all(|it| self.has(it, ability, seen))
                    }
                }
            }
            Ty::Using(..) | Ty::Impl(..) | Ty::Domain(..) => {
                ability == Ability::Equatable
            }
            _ => false,
        }
    }

    /// Whether fields and elements of the type start with a value by themselves.
    pub(super) fn defaultable(&self, it: &Ty) -> bool {
        match it {
            Ty::Void
            | Ty::Bool
            | Ty::Char
            | Ty::Int(_)
            | Ty::Float
            | Ty::Double
            | Ty::Decimal
            | Ty::String
            | Ty::Duration
            | Ty::Signal
            | Ty::Nullable(_)
            | Ty::Array(_) => true,
            Ty::Tuple(parts) => parts.iter().all(|it| self.defaultable(&it.ty)),
            Ty::Record(id, args) => self.answers.once(it, Question::Defaultable, || {
                self.program.records[*id].kind == RecordKind::Struct
                    && self.record_fields(*id, args).iter().all(|(field, ty)| {
                        self.program.fields[*field].init.is_some() || self.defaultable(ty)
                    })
            }),
            // What `number` promises; other type arguments are assigned before.
            Ty::Param(id) => {
                self.program.type_params[*id].has(&[crate::hir::item::Constraint::Number])
            }
            Ty::Native(id, _) => {
                !self.program.natives[*id].handle && self.has_plain_new(*id)
            }
            _ => false,
        }
    }

    /// Whether elements of the type are made when they are asked for.
    fn is_lazy(&self, id: crate::hir::NativeId) -> bool {
        [self.program.lang.sequence, self.program.lang.ordered].contains(&Some(id))
    }

    fn has_plain_new(&self, id: crate::hir::NativeId) -> bool {
        let methods = &self.program.methods;
        self.program.natives[id].members.iter().any(|&it| {
            methods[it].kind == crate::hir::item::MethodKind::Constructor
                && methods[it].params.is_empty()
        })
    }

    /// Whether the target's own default of the type is the language's.
    pub(super) fn has_default(&self, it: &Ty) -> bool {
        match it {
            Ty::Record(id, args) => self.answers.once(it, Question::Default, || {
                self.defaultable(it)
                    && self.record_fields(*id, args).iter().all(|(field, ty)| {
                        self.program.fields[*field].init.is_none() && self.has_default(ty)
                    })
            }),
            Ty::Tuple(parts) => parts.iter().all(|it| self.has_default(&it.ty)),
            other => self.defaultable(other),
        }
    }

    /// The name of a field in the generated type.
    pub(super) fn field_name(&self, id: FieldId) -> Name {
        let field = &self.program.fields[id];
        let name = field.name.name.clone();
        // An agent's state holds the fields of its bases too, which may have the same name.
        match field.owner {
            Owner::Agent(agent) => {
                let mut n = 0;
                let mut base = self.program.agents[agent].base;
                while let Some(id) = base {
                    let agent = &self.program.agents[id];
                    let same =
                        |it: &&FieldId| self.program.fields[**it].name.name == name;
                    n += agent.fields.iter().filter(same).count();
                    base = agent.base;
                }
                if n == 0 { name } else { format!("{name}_{n}").into() }
            }
            _ => name,
        }
    }
}

/// A question about a declared type whose answer is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    Small,
    Functions,
    Defaultable,
    Default,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ability {
    Equatable,
    Hashable,
    Comparable,
}

/// Type arguments of a base as seen from a type with arguments of its own.
pub(super) fn all(tys: &Args, params: &[TypeParamId], args: &[Ty]) -> Args {
    tys.iter().map(|it| it.substitute(params, args)).collect()
}
