//! The text form of the IR for `dump ir` and snapshots. It is for reading, not for parsing.

use super::Program;
use crate::support::dump::Dump;

/// The program as an indented tree.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut dump = Dump::new();
    for item in &program.items {
        dump.line(&item.head);
    }
    dump.finish()
}
