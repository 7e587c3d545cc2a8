//! Ports of a conversation lose no message: both ends follow the same machine, and what one of
//! them never sees would leave it behind for good.

use super::errors;
use crate::diag::Diagnostic;
use crate::hir::*;

/// Checks the policies of the ports that one protocol is about.
pub(super) fn check(program: &Program, id: ChannelId, found: &mut Vec<Diagnostic>) {
    let mut at = id;
    loop {
        for &port in &program.channels[at].ports {
            if let Some(bounds) = &program.ports[port].bounds
                && bounds.policy.drops()
            {
                found.push(errors::drops_in_protocol(program, id, port, bounds));
            }
        }
        let Some((base, _)) = program.channels[at].base else { return };
        // A base with a protocol of its own has reported its own ports.
        if !program.channels[base].states.is_empty() {
            return;
        }
        at = base;
    }
}
