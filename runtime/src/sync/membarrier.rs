//! The system's call `membarrier`, where there is one.

use std::arch::asm;

/// Whether the system did what `command` says.
pub(super) fn membarrier(command: usize) -> bool {
    let done: isize;
    // SAFETY: the call takes three numbers, reads and writes no memory of ours, and changes the registers named.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!(
            "syscall", inlateout("rax") 324_isize => done,
            in("rdi") command, in("rsi") 0, in("rdx") 0,
            lateout("rcx") _, lateout("r11") _, options(nostack),
        );
        #[cfg(target_arch = "aarch64")]
        asm!(
            "svc 0", in("x8") 283_isize, inlateout("x0") command.cast_signed() => done,
            in("x1") 0, in("x2") 0, options(nostack),
        );
    }
    done == 0
}
