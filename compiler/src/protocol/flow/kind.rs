//! Which values move instead of being copied: ends of channels with a protocol, requests,
//! and what holds one of them. It follows no value.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Side;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::types::tables::Instance;

/// What a value is to the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocol) enum Kind {
    /// An end of a channel with a protocol, perhaps nullable.
    End(ChannelId, Side),
    /// A request, perhaps nullable.
    Request,
    /// A collection, tuple, record or enum with such a thing inside.
    Holds,
}

/// Answers about types, remembered for those declared.
#[derive(Debug)]
pub(super) struct Kinds<'a> {
    program: &'a Program,
    /// What type parameters stand for in the code at hand.
    given: (&'a [TypeParamId], &'a [Ty]),
    declared: RefCell<HashMap<Ty, bool>>,
}

/// A type that holds more instances of declared types than this on the way into itself, or
/// has type arguments of more parts, has no end, which `types` reports.
const DEEPEST: usize = 100;

impl<'a> Kinds<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self { program, given: (&[], &[]), declared: RefCell::default() }
    }

    /// The same in an instance of generic code.
    pub(super) fn within(program: &'a Program, instance: &'a Instance) -> Self {
        let given = (&instance.params[..], &instance.args[..]);
        Self { program, given, declared: RefCell::default() }
    }

    /// `None` for values that are copied.
    pub(super) fn of(&self, ty: &Ty) -> Option<Kind> {
        let (params, args) = self.given;
        match params.is_empty() {
            true => self.of_known(ty),
            false => self.of_known(&ty.substitute(params, args)),
        }
    }

    fn of_known(&self, ty: &Ty) -> Option<Kind> {
        match ty {
            Ty::Using(id, ..) => self.end(*id, Side::Using),
            Ty::Impl(id, ..) => self.end(*id, Side::Impl),
            Ty::Request(..) => Some(Kind::Request),
            Ty::Nullable(inner) => self.of_known(inner),
            _ => self.holds(ty, &mut Vec::new()).then_some(Kind::Holds),
        }
    }

    fn end(&self, id: ChannelId, side: Side) -> Option<Kind> {
        (!self.program.channels[id].states.is_empty()).then_some(Kind::End(id, side))
    }

    fn holds(&self, ty: &Ty, around: &mut Vec<Ty>) -> bool {
        match ty {
            Ty::Using(..) | Ty::Impl(..) | Ty::Request(..) => self.of_known(ty).is_some(),
            Ty::Array(it) | Ty::Nullable(it) => self.holds(it, around),
            Ty::Tuple(elements) => elements.iter().any(|it| self.holds(&it.ty, around)),
            // A handle names its thing however often it is copied.
            Ty::Native(id, args) => {
                !self.program.natives[*id].handle
                    && args.iter().any(|it| self.holds(it, around))
            }
            Ty::Record(..) | Ty::Enum(..) => self.declared(ty, around),
            _ => false,
        }
    }

    fn declared(&self, ty: &Ty, around: &mut Vec<Ty>) -> bool {
        if let Some(&known) = self.declared.borrow().get(ty) {
            return known;
        }
        let mut budget = DEEPEST;
        if around.contains(ty) || around.len() > DEEPEST || !is_small(ty, &mut budget) {
            return false;
        }
        around.push(ty.clone());
        let answer = match ty {
            Ty::Record(id, args) => {
                let record = &self.program.records[*id];
                let mut fields = record.fields.iter();
                let own = fields.any(|it| {
                    let ty = &self.program.fields[*it].ty;
                    self.holds(&ty.substitute(&record.type_params, args), around)
                });
                own || record.base.as_ref().is_some_and(|(base, given)| {
                    let given = given.iter();
                    let given = given.map(|it| it.substitute(&record.type_params, args));
                    self.holds(&Ty::Record(*base, given.collect()), around)
                })
            }
            Ty::Enum(id, args) => {
                let it = &self.program.enums[*id];
                let mut parts = it.cases.iter().flat_map(|it| &it.payload);
                parts.any(|(_, ty)| {
                    self.holds(&ty.substitute(&it.type_params, args), around)
                })
            }
            _ => false,
        };
        around.pop();
        // A negative answer inside a recursive type may rest on the assumption that the
        // types around hold nothing.
        if answer || around.is_empty() {
            self.declared.borrow_mut().insert(ty.clone(), answer);
        }
        answer
    }
}

/// Whether the type has no more parts than `budget` says.
fn is_small(ty: &Ty, budget: &mut usize) -> bool {
    if *budget == 0 {
        return false;
    }
    *budget -= 1;
    match ty {
        Ty::Array(it) | Ty::Nullable(it) => is_small(it, budget),
        Ty::Tuple(elements) => elements.iter().all(|it| is_small(&it.ty, budget)),
        Ty::Func { params, returns } => {
            params.iter().all(|it| is_small(it, budget)) && is_small(returns, budget)
        }
        Ty::Record(_, args)
        | Ty::Enum(_, args)
        | Ty::Native(_, args)
        | Ty::Using(_, args, _)
        | Ty::Impl(_, args, _)
        | Ty::Domain(_, args) => args.iter().all(|it| is_small(it, budget)),
        Ty::Request(value, reply) => is_small(value, budget) && is_small(reply, budget),
        _ => true,
    }
}
