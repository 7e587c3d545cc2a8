//! Protocols of channels: the state machines themselves, and whether ends and requests are
//! used as they say. Reads the resolved program, its types and effects; writes no table; may
//! report AX0604 to AX0611. What cannot be known here is checked at run time.

mod bounds;
mod errors;
mod flow;
mod machine;

#[cfg(test)]
mod tests;
mod unused;

use crate::diag::Diagnostic;
use crate::hir::Program;
use crate::isolation::Effects;
use crate::types::Types;

/// Checks the protocols of all channels, and the use of their ends and of requests.
#[must_use]
pub fn check(
    program: &Program,
    types: &Types,
    effects: &Effects,
) -> ((), Vec<Diagnostic>) {
    let mut found = Vec::new();
    for (id, channel) in program.channels.enumerate() {
        if !channel.decl.library && !channel.states.is_empty() {
            machine::check(program, id, &mut found);
            bounds::check(program, id, &mut found);
        }
    }
    unused::check(program, types, &mut found);
    flow::check(program, types, effects, &mut found);
    ((), found)
}
