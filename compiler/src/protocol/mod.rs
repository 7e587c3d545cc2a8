//! Protocols of channels: the state machines themselves. Reads the resolved program; writes
//! no table; may report AX0608, AX0609 and AX0611. Whether ends are used as their protocol
//! says is checked at run time.

mod errors;
mod machine;

use crate::diag::Diagnostic;
use crate::hir::Program;
use crate::types::Types;

/// Checks the protocols of all channels.
#[must_use]
pub fn check(program: &Program, _types: &Types) -> ((), Vec<Diagnostic>) {
    let mut found = Vec::new();
    for (id, channel) in program.channels.enumerate() {
        if !channel.decl.library && !channel.states.is_empty() {
            machine::check(program, id, &mut found);
        }
    }
    ((), found)
}
