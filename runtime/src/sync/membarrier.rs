//! The system's call `membarrier`, where there is one.

use std::ffi::c_long;

const NUMBER: c_long = if cfg!(target_arch = "x86_64") { 324 } else { 283 };

unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
}

/// Whether the system did what `command` says.
pub(super) fn membarrier(command: usize) -> bool {
    // SAFETY: the call takes three numbers, and reads and writes no memory of ours.
    unsafe { syscall(NUMBER, command, 0_usize, 0_usize) == 0 }
}
