//! Values of constants: those with a name, the numbers of enum cases, and those of the
//! library. Folding itself is `literal`'s.

use std::collections::{BTreeMap, BTreeSet};

use super::cx::{Shared, Why};
use super::errors::values;
use super::item::{Purpose, body};
use super::tables::{Constant, Types};
use crate::diag::Diagnostic;
use crate::hir::body::ExprKind;
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;
use crate::syntax::ast::Ident;

/// What is known at compile time, filled in order of dependency.
#[derive(Debug, Default)]
pub(super) struct Constants {
    pub(super) named: BTreeMap<ConstId, Constant>,
    /// The number of each case. Cases that carry values have none.
    pub(super) numbers: BTreeMap<EnumId, Vec<i32>>,
    /// Properties of the library: `Int32.MaxValue`.
    pub(super) properties: BTreeMap<MethodId, Constant>,
}

/// Something whose value is asked for by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Const(ConstId),
    Enum(EnumId),
}

/// Evaluates all constants of the program.
pub(super) fn evaluate(
    shared: &mut Shared<'_>,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) {
    let program = shared.program;
    for (id, method) in program.methods.enumerate() {
        let Some(value) = method.native.as_ref().and_then(|it| it.constant) else {
            continue;
        };
        let want = &method.returns;
        let purpose = Purpose::Value { want, why: Why::Nothing, constant: true };
        if let Some(value) = body(shared, value, &purpose, out, problems) {
            shared.constants.properties.insert(id, value);
        }
    }
    for named in in_order(program, problems) {
        match named {
            Named::Const(id) => {
                let item = &program.consts[id];
                let why = Why::Const(id);
                let purpose = Purpose::Value { want: &item.ty, why, constant: true };
                let value = body(shared, item.value, &purpose, out, problems);
                if let Some(value) = value {
                    shared.constants.named.insert(id, value);
                }
            }
            Named::Enum(id) => {
                let numbers = numbers(shared, id, out, problems);
                shared.constants.numbers.insert(id, numbers.clone());
                out.enum_numbers.insert(id, numbers);
            }
        }
    }
}

/// The number of each case: what is written, else one more than the case before.
fn numbers(
    shared: &Shared<'_>,
    id: EnumId,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) -> Vec<i32> {
    let cases = &shared.program.enums[id].cases;
    let mut numbers = Vec::with_capacity(cases.len());
    let mut first: BTreeMap<i32, usize> = BTreeMap::new();
    let mut next = Some(0_i32);
    for (at, case) in cases.iter().enumerate() {
        let number = match case.number {
            Some(number) => {
                let why = Why::Nothing;
                let purpose = Purpose::Value { want: &Ty::INT, why, constant: true };
                match body(shared, number, &purpose, out, problems) {
                    Some(Constant::Int(value)) => i32::try_from(value).ok(),
                    // Why there is none has been reported.
                    _ => next,
                }
            }
            None => {
                if next.is_none() {
                    let value = i128::from(i32::MAX) + 1;
                    let span = case.name.span;
                    problems.push(values::out_of_range(value, IntTy::Int, span));
                }
                next
            }
        };
        let number = number.unwrap_or(i32::MAX);
        match first.get(&number) {
            Some(&same) if next.is_some() || case.number.is_some() => {
                problems.push(values::same_number(number, &case.name, &cases[same].name));
            }
            _ => {
                first.insert(number, at);
            }
        }
        numbers.push(number);
        next = number.checked_add(1);
    }
    numbers
}

/// Constants and enums, each behind those that its values name.
fn in_order(program: &Program, problems: &mut Vec<Diagnostic>) -> Vec<Named> {
    let mut order = Vec::new();
    let mut seen: BTreeSet<Named> = BTreeSet::new();
    // Those whose needs are still being put in order: meeting one of them closes a circle.
    let mut waiting: BTreeSet<Named> = BTreeSet::new();
    let starts = program.consts.ids().map(Named::Const);
    for start in starts.chain(program.enums.ids().map(Named::Enum)) {
        let mut open = vec![(start, false)];
        while let Some((named, done)) = open.pop() {
            if done {
                waiting.remove(&named);
                order.push(named);
                continue;
            }
            if !seen.insert(named) {
                continue;
            }
            open.push((named, true));
            waiting.insert(named);
            for next in needs(program, named) {
                let both_consts =
                    matches!((named, next), (Named::Const(_), Named::Const(_)));
                // `resolve` has reported circles of named constants only.
                if waiting.contains(&next) && !both_consts {
                    problems.push(values::cyclic_number(
                        declared(program, named),
                        declared(program, next),
                    ));
                } else {
                    open.push((next, false));
                }
            }
        }
    }
    order
}

fn declared(program: &Program, named: Named) -> &Ident {
    match named {
        Named::Const(id) => &program.consts[id].decl.name,
        Named::Enum(id) => &program.enums[id].decl.name,
    }
}

/// What the values of a constant, or of the numbers of an enum, name.
fn needs(program: &Program, named: Named) -> Vec<Named> {
    let bodies: Vec<BodyId> = match named {
        Named::Const(id) => vec![program.consts[id].value],
        Named::Enum(id) => {
            program.enums[id].cases.iter().filter_map(|it| it.number).collect()
        }
    };
    let exprs = bodies.iter().flat_map(|it| program.bodies[*it].exprs.iter());
    let named = exprs.filter_map(|it| match &it.kind {
        ExprKind::Const(other) => Some(Named::Const(*other)),
        ExprKind::TypeName(Ty::Enum(other, _)) | ExprKind::EnumName(other) => {
            Some(Named::Enum(*other))
        }
        _ => None,
    });
    named.collect()
}
