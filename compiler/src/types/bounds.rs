//! Capacities of ports: constants that are at least 1.

use super::cx::{Shared, Why};
use super::errors::ports;
use super::item::{Purpose, body};
use super::tables::{Constant, Types};
use crate::diag::Diagnostic;
use crate::hir::ty::Ty;

/// Evaluates what stands in `[Bounded(…)]` before ports.
pub(super) fn check(
    shared: &Shared<'_>,
    out: &mut Types,
    problems: &mut Vec<Diagnostic>,
) {
    for (id, port) in shared.program.ports.enumerate() {
        let Some(bounds) = &port.bounds else { continue };
        let purpose =
            Purpose::Value { want: &Ty::INT, why: Why::Nothing, constant: true };
        // Why there is no value has been reported.
        let Some(Constant::Int(value)) =
            body(shared, bounds.capacity, &purpose, out, problems)
        else {
            continue;
        };
        match u32::try_from(value) {
            // One beyond `int` has been reported, too.
            Ok(capacity @ 1..) => {
                out.capacities.insert(id, capacity);
            }
            Err(_) if value > 0 => {}
            _ => {
                let span = shared.program.bodies[bounds.capacity].span;
                problems.push(ports::no_capacity(value, &port.name, span));
            }
        }
    }
}
