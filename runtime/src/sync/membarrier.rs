//! The system's call `membarrier`, where there is one.

use std::arch::asm;

#[cfg(target_arch = "x86_64")]
const NUMBER: isize = 324;
#[cfg(target_arch = "aarch64")]
const NUMBER: isize = 283;

/// Whether the system did what `command` says.
pub(super) fn membarrier(command: usize) -> bool {
    let done: isize;
    // SAFETY: the call takes three numbers, reads and writes no memory of ours, and changes the registers named.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!(
            "syscall", inlateout("rax") NUMBER => done,
            in("rdi") command, in("rsi") 0, in("rdx") 0,
            lateout("rcx") _, lateout("r11") _, options(nostack),
        );
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!(
            "svc 0", in("x8") NUMBER, inlateout("x0") command.cast_signed() => done,
            in("x1") 0, in("x2") 0, options(nostack),
        );
    }
    done == 0
}
