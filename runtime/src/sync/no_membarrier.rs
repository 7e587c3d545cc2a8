//! Where the system has no call `membarrier`.

/// Whether the system did what the command says.
pub(super) fn membarrier(_: usize) -> bool {
    false
}
