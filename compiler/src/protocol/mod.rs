//! Protocols of channels: the state machines themselves. Reads the resolved program; writes
//! no table; may report AX0604, AX0608, AX0609 and AX0611. Whether ends are used as their
//! protocol says is checked at run time.

mod errors;

mod machine;
#[cfg(test)]
mod tests;
mod usage;

use crate::diag::Diagnostic;
use crate::hir::Program;
use crate::types::Types;

/// Checks the protocols of all channels, and the answers to requests.
#[must_use]
pub fn check(program: &Program, types: &Types) -> ((), Vec<Diagnostic>) {
    let mut found = Vec::new();
    for (id, channel) in program.channels.enumerate() {
        if !channel.decl.library && !channel.states.is_empty() {
            machine::check(program, id, &mut found);
        }
    }
    for (id, body) in program.bodies.enumerate() {
        if let Some(table) = types.bodies.get(id) {
            usage::check(body, table, &mut found);
        }
    }
    ((), found)
}
