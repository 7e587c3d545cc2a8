//! Where the stack of this thread ends now.

/// The address of the top of the stack. An address of a local would do, but keep the
/// optimiser from turning recursion at the end of a function into a loop.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
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

/// As above.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
pub(super) fn here() -> usize {
    let mark = 0_u8;
    (&raw const mark).addr()
}
