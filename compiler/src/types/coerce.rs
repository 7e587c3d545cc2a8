//! Structural coercion between schemas: which field of one becomes which of the other, and
//! how. It finds what does not fit; the words for that are in `errors::schemas`.

use std::collections::HashMap;

use super::convert::Fit;
use super::cx::Shared;
use super::generics;
use super::tables::{CoercedField, Coercion, CoercionId, Conversion};
use crate::hir::item::RecordKind;
use crate::hir::ty::{Args, Ty};
use crate::hir::*;
use crate::support::index::IdVec;

/// The coercions of the program so far. Types hold the type parameters of the code that
/// coerces.
#[derive(Debug, Default)]
pub(super) struct Coercions {
    pub(super) plans: IdVec<CoercionId, Coercion>,
    known: HashMap<(Ty, Ty), CoercionId>,
}

/// Why a field cannot be filled.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// Fields of the outermost schema that lead to the two at hand, outermost first.
    pub(super) path: Vec<FieldId>,
    pub(super) from: RecordId,
    pub(super) to: RecordId,
    pub(super) kind: FaultKind,
}

#[derive(Clone, Debug)]
pub(super) enum FaultKind {
    /// Nothing has the name of this required field.
    Missing(FieldId),
    /// The first may be null and the second may not.
    Optional(FieldId, FieldId),
    /// The types do not fit: those of the fields, as they are in the two at hand.
    Type { source: (FieldId, Ty), target: (FieldId, Ty) },
    /// Exceptions are told apart by what made them.
    Exception,
}

/// Why a value does not become one of another type.
enum Misfit {
    Optional,
    Type,
    Exception(RecordId, RecordId),
}

/// More generic schemas than a coercion that is meant goes through: such types have no end,
/// which `instances` reports.
const MAX_GENERIC: usize = 10_000;

/// Two schemas whose fields are yet to be looked at.
struct Pending {
    plan: CoercionId,
    from: (RecordId, Args),
    to: (RecordId, Args),
    /// The field that led here, and where the schemas stand that it is of.
    through: Option<(FieldId, usize)>,
}

impl Shared<'_> {
    /// How a cast makes a value of type `to`. The faults are empty if it is not the fields
    /// of schemas that do not fit.
    pub(super) fn coerce(&self, from: &Ty, to: &Ty) -> Result<Conversion, Vec<Fault>> {
        let mut search = Search {
            shared: self,
            pending: Vec::new(),
            through: None,
            faults: Vec::new(),
            n_generic: 0,
            added: Vec::new(),
        };
        match search.value(from, to) {
            Ok(conversion) => {
                search.fields();
                if search.faults.is_empty() {
                    return Ok(conversion);
                }
            }
            Err(Misfit::Exception(from, to)) => search.faults.push(Fault {
                path: Vec::new(),
                from,
                to,
                kind: FaultKind::Exception,
            }),
            Err(_) => {}
        }
        // What was planned on the way rests on what does not fit.
        let mut coercions = self.coercions.borrow_mut();
        for key in &search.added {
            coercions.known.remove(key);
        }
        Err(search.faults)
    }
}

/// One question. Schemas are gone through one by one, because they may hold each other to
/// any depth.
struct Search<'s, 'p> {
    shared: &'s Shared<'p>,
    pending: Vec<Pending>,
    /// The field whose type is looked at.
    through: Option<(FieldId, usize)>,
    faults: Vec<Fault>,
    n_generic: usize,
    /// What was planned.
    added: Vec<(Ty, Ty)>,
}

impl Search<'_, '_> {
    /// The outermost value: it may be null, which then throws.
    fn value(&mut self, from: &Ty, to: &Ty) -> Result<Conversion, Misfit> {
        if let (Ty::Nullable(inner), false) = (from, matches!(to, Ty::Nullable(_))) {
            let next = self.part(inner, to)?.unwrap_or(Conversion::Identity);
            return Ok(Conversion::Then(Box::new(Conversion::Unwrap), Box::new(next)));
        }
        Ok(self.part(from, to)?.unwrap_or(Conversion::Identity))
    }

    /// How a part becomes one of another type; `None` where it stays as it is.
    fn part(&mut self, from: &Ty, to: &Ty) -> Result<Option<Conversion>, Misfit> {
        match self.shared.implicit(from, to, None) {
            Fit::Same => return Ok(None),
            Fit::By(conversion) => return Ok(Some(conversion)),
            Fit::No => {}
        }
        let conversion = match (from, to) {
            (Ty::Nullable(inner), Ty::Nullable(wanted)) => {
                Conversion::Inside(Box::new(self.element(inner, wanted)?))
            }
            (Ty::Nullable(inner), _) => {
                return Err(match self.part(inner, to) {
                    Ok(_) => Misfit::Optional,
                    Err(misfit) => misfit,
                });
            }
            (_, Ty::Nullable(wanted)) => {
                let first = self.element(from, wanted)?;
                Conversion::Then(Box::new(first), Box::new(Conversion::ToNullable))
            }
            (Ty::Array(inner), Ty::Array(wanted)) => {
                Conversion::Each(Box::new(self.element(inner, wanted)?))
            }
            (Ty::Native(id, have), Ty::Native(wanted_id, want)) if id == wanted_id => {
                let lang = &self.shared.program.lang;
                let id = Some(*id);
                let elements = [lang.list, lang.set, lang.queue, lang.stack];
                match (&**have, &**want) {
                    ([inner], [wanted]) if elements.contains(&id) => {
                        Conversion::Each(Box::new(self.element(inner, wanted)?))
                    }
                    // Keys that were different might become equal.
                    ([key, inner], [wanted_key, wanted])
                        if id == lang.dictionary && key == wanted_key =>
                    {
                        Conversion::Values(Box::new(self.element(inner, wanted)?))
                    }
                    _ => return Err(Misfit::Type),
                }
            }
            (Ty::Tuple(have), Ty::Tuple(want)) if have.len() == want.len() => {
                let parts = have.iter().zip(want.iter());
                let parts = parts.map(|(a, b)| self.part(&a.ty, &b.ty));
                Conversion::Tuple(parts.collect::<Result<_, _>>()?)
            }
            (Ty::Record(id, args), Ty::Record(wanted, wanted_args)) => {
                self.record((*id, args), (*wanted, wanted_args))?
            }
            _ => return Err(Misfit::Type),
        };
        Ok(Some(conversion))
    }

    /// The same where a part that stays as it is needs a conversion too.
    fn element(&mut self, from: &Ty, to: &Ty) -> Result<Conversion, Misfit> {
        Ok(self.part(from, to)?.unwrap_or(Conversion::Identity))
    }

    fn record(
        &mut self,
        (from, from_args): (RecordId, &Args),
        (to, to_args): (RecordId, &Args),
    ) -> Result<Conversion, Misfit> {
        let records = &self.shared.program.records;
        match (records[from].kind, records[to].kind) {
            (RecordKind::Schema, RecordKind::Schema) => {}
            (RecordKind::Exception, RecordKind::Exception | RecordKind::Schema)
            | (RecordKind::Schema, RecordKind::Exception) => {
                return Err(Misfit::Exception(from, to));
            }
            _ => return Err(Misfit::Type),
        }
        let (have, want) =
            (Ty::Record(from, from_args.clone()), Ty::Record(to, to_args.clone()));
        let key = (have.clone(), want.clone());
        let mut coercions = self.shared.coercions.borrow_mut();
        if let Some(&plan) = coercions.known.get(&key) {
            return Ok(Conversion::Coerce { plan, to: want });
        }
        let mut params = generics::params_in(&have);
        for param in generics::params_in(&want) {
            if !params.contains(&param) {
                params.push(param);
            }
        }
        let plan = coercions.plans.push(Coercion {
            from: have,
            to: want.clone(),
            params,
            fields: Vec::new(),
        });
        coercions.known.insert(key.clone(), plan);
        self.added.push(key);
        self.n_generic += usize::from(!from_args.is_empty() || !to_args.is_empty());
        if self.n_generic < MAX_GENERIC {
            self.pending.push(Pending {
                plan,
                from: (from, from_args.clone()),
                to: (to, to_args.clone()),
                through: self.through,
            });
        }
        Ok(Conversion::Coerce { plan, to: want })
    }

    /// Looks at the fields of all schemas met, and of those met on the way.
    fn fields(&mut self) {
        let program = self.shared.program;
        let mut at = 0;
        while let Some(Pending { plan, from, to, .. }) = self.pending.get(at) {
            let (plan, from, to) = (*plan, from.clone(), to.clone());
            let mut fields = Vec::new();
            for (target, want) in generics::record_fields(program, to.0, &to.1) {
                let declared = &program.fields[target];
                let name = &declared.name.name;
                // What is private is nobody else's to read or to fill.
                let open = |id: &FieldId| {
                    program.fields[*id].visibility == item::Visibility::Public
                };
                let source = self.shared.index.field(program, from.0, name);
                let Some(source) = source.filter(|it| open(it) && open(&target)) else {
                    match declared.optional {
                        true => fields.push(CoercedField { target, source: None }),
                        false => self.fault(at, FaultKind::Missing(target)),
                    }
                    continue;
                };
                let have = generics::field_type(program, from.0, &from.1, source);
                self.through = Some((source, at));
                let kind = match self.part(&have, &want) {
                    Ok(conversion) => {
                        let source = Some((source, conversion));
                        fields.push(CoercedField { target, source });
                        continue;
                    }
                    Err(Misfit::Optional) => FaultKind::Optional(source, target),
                    Err(Misfit::Type | Misfit::Exception(..)) => {
                        let (source, target) = ((source, have), (target, want));
                        FaultKind::Type { source, target }
                    }
                };
                self.fault(at, kind);
            }
            self.shared.coercions.borrow_mut().plans[plan].fields = fields;
            at += 1;
        }
    }

    /// Notes what is wrong with the schemas that are looked at.
    fn fault(&mut self, at: usize, kind: FaultKind) {
        let Pending { from, to, .. } = &self.pending[at];
        let (from, to) = (from.0, to.0);
        let mut path = Vec::new();
        let mut through = self.pending[at].through;
        // Further out nobody follows.
        while let Some((field, outer)) = through
            && path.len() < MAX_PATH
        {
            path.push(field);
            through = self.pending[outer].through;
        }
        path.reverse();
        self.faults.push(Fault { path, from, to, kind });
    }
}

/// Fields named on the way to one that does not fit.
const MAX_PATH: usize = 5;
