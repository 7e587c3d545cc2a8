//! Initial values of fields that make a value of their own record again, which makes another, and
//! so on (AX0106). Records that hold themselves without an initial value are `resolve`'s.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cx::Shared;
use super::errors::schemas as errors;
use super::generics;
use super::tables::{Call, Types};
use crate::diag::Diagnostic;
use crate::hir::body::ExprKind;
use crate::hir::item::Owner;
use crate::hir::ty::Ty;
use crate::hir::*;

/// Type arguments of more parts are `instances`' to report.
const MAX_PARTS: usize = 50;
/// So are more instances than this.
const MAX_STARTS: usize = 100_000;

/// The initial value of a field in a record of this type.
type Start = (FieldId, Ty);

/// Reports initial values that lead back to themselves, lambdas in them included.
pub(super) fn check(shared: &Shared<'_>, types: &Types, problems: &mut Vec<Diagnostic>) {
    let program = shared.program;
    // `false` while what the initial value makes is being looked at.
    let mut done: HashMap<Start, bool> = HashMap::new();
    let mut reported = BTreeSet::new();
    for (id, record) in program.records.enumerate() {
        let params: Vec<Ty> =
            record.type_params.iter().map(|it| Ty::Param(*it)).collect();
        let whole = Ty::Record(id, params.into());
        for &field in
            record.fields.iter().filter(|it| program.fields[**it].init.is_some())
        {
            let mut path: Vec<(Start, Vec<Start>)> = Vec::new();
            let mut next = Some((field, whole.clone()));
            loop {
                if let Some(start) = next.take() {
                    match done.get(&start) {
                        Some(true) => {}
                        Some(false) => {
                            let by = path.last().map_or(field, |(it, _)| it.0);
                            if reported.insert(start.0) {
                                problems.push(errors::endless_start(shared, start.0, by));
                            }
                        }
                        None if done.len() > MAX_STARTS => return,
                        None => {
                            let made = makes(shared, types, &start);
                            done.insert(start.clone(), false);
                            path.push((start, made));
                        }
                    }
                }
                let Some((start, open)) = path.last_mut() else { break };
                next = open.pop();
                if next.is_none() {
                    done.insert(start.clone(), true);
                    path.pop();
                }
            }
        }
    }
}

/// The initial values that making one evaluates, the first one last.
fn makes(shared: &Shared<'_>, types: &Types, (field, whole): &Start) -> Vec<Start> {
    let program = shared.program;
    let declared = &program.fields[*field];
    let (Some(init), Owner::Record(owner), Ty::Record(id, args)) =
        (declared.init, declared.owner, whole)
    else {
        return Vec::new();
    };
    let Some(table) = types.bodies.get(init) else { return Vec::new() };
    let params = &program.records[owner].type_params;
    let args = generics::base_args(program, *id, args, owner);
    let mut found = Found { shared, starts: Vec::new(), seen: HashSet::new() };
    for (expr, data) in program.bodies[init].exprs.enumerate() {
        let Some(ty) = table.exprs.get(expr) else { continue };
        let ty = ty.substitute(params, &args);
        let made = match &ty {
            Ty::Nullable(inner) => inner,
            other => other,
        };
        match (&data.kind, table.calls.get(expr), made) {
            (_, Some(Call::NewRecord { fields, .. }), Ty::Record(..)) => {
                found.record(made, &|it| fields.iter().any(|(given, _)| *given == it));
            }
            (ExprKind::NewArray { .. }, _, Ty::Array(element)) => {
                found.default_of(element)
            }
            _ => {}
        }
    }
    found.starts.reverse();
    found.starts
}

/// Initial values met while the parts of a new value are gone through.
struct Found<'a> {
    shared: &'a Shared<'a>,
    starts: Vec<Start>,
    /// Records that start by themselves.
    seen: HashSet<Ty>,
}

impl Found<'_> {
    /// A new record, some of whose fields are given.
    fn record(&mut self, whole: &Ty, is_given: &dyn Fn(FieldId) -> bool) {
        let program = self.shared.program;
        let Ty::Record(id, args) = whole else { return };
        if generics::parts(whole, MAX_PARTS).is_none() {
            return;
        }
        for (field, ty) in generics::record_fields(program, *id, args) {
            if is_given(field) {
                continue;
            }
            match program.fields[field].init {
                Some(_) => self.starts.push((field, whole.clone())),
                None => self.default_of(&ty),
            }
        }
    }

    /// What a field or element of a type starts with.
    fn default_of(&mut self, ty: &Ty) {
        match ty {
            Ty::Tuple(parts) => parts.iter().for_each(|it| self.default_of(&it.ty)),
            Ty::Record(..) if self.seen.insert(ty.clone()) => self.record(ty, &|_| false),
            _ => {}
        }
    }
}
