//! Where the stack of this thread ends now.

/// The address of the top of the stack. That of a local would do, but keep the optimiser from
/// turning recursion at the end of a function into a loop.
#[inline(always)]
pub(super) fn here() -> usize {
    let top: usize;
    // SAFETY: reads a register; touches neither memory, stack nor flags.
    unsafe {
        std::arch::asm!(
            #[cfg(target_arch = "x86_64")]
            "mov {}, rsp",
            #[cfg(target_arch = "aarch64")]
            "mov {}, sp",
            out(reg) top,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    top
}
