//! Which methods of structs change their receiver, by what their bodies assign. It serves
//! a warning; what bodies really do, `isolation` infers.

use std::collections::BTreeSet;

use crate::hir::body::{Body, ExprKind};
use crate::hir::item::{Owner, RecordKind};
use crate::hir::*;
use crate::support::Name;

/// Methods of structs that assign own fields, change collections in them, or call a method
/// that does.
pub(super) fn mutating(program: &Program) -> BTreeSet<MethodId> {
    let natives: BTreeSet<Name> = program
        .methods
        .iter()
        .filter(|it| it.native.as_ref().is_some_and(|it| it.mutates))
        .map(|it| it.decl.name.name.clone())
        .collect();
    let mut found = BTreeSet::new();
    let mut callers: Vec<(MethodId, MethodId)> = Vec::new();
    for (id, method) in program.methods.enumerate() {
        let Owner::Record(record) = method.decl.owner else { continue };
        let Some(body) = method.body.map(|it| &program.bodies[it]) else { continue };
        if program.records[record].kind != RecordKind::Struct || method.function.is_some()
        {
            continue;
        }
        for expr in body.exprs.iter() {
            let changed = match &expr.kind {
                ExprKind::Assign { target, .. } => Some(*target),
                ExprKind::Increment { operand, .. } => Some(*operand),
                ExprKind::Call { callee, .. } => match &body.exprs[*callee].kind {
                    ExprKind::Member { base, name, .. }
                        if natives.contains(&name.name) =>
                    {
                        Some(*base)
                    }
                    ExprKind::Method(called) => {
                        callers.push((*called, id));
                        None
                    }
                    _ => None,
                },
                _ => None,
            };
            if changed.is_some_and(|it| is_own(body, it)) {
                found.insert(id);
            }
        }
    }
    callers.sort_unstable();
    let mut open: Vec<MethodId> = found.iter().copied().collect();
    while let Some(called) = open.pop() {
        let from = callers.partition_point(|it| it.0 < called);
        for (_, caller) in callers[from..].iter().take_while(|it| it.0 == called) {
            if found.insert(*caller) {
                open.push(*caller);
            }
        }
    }
    found
}

/// Whether the place begins at a field of the receiver.
fn is_own(body: &Body, id: ExprId) -> bool {
    let mut at = id;
    loop {
        at = match &body.exprs[at].kind {
            ExprKind::Field(_) => return true,
            ExprKind::Member { base, .. } | ExprKind::Index { base, .. } => *base,
            ExprKind::Tuple(parts) => {
                return parts.iter().any(|(_, part)| is_own(body, *part));
            }
            _ => return false,
        };
    }
}
