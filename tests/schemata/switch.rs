//! The switches of the rewritten compiler: which change is on, and which places were reached.
//! Becomes the module `schemata` of the copy; it is no part of the compiler.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

/// No change is on.
pub const NONE: u32 = 0;
/// The environment says which change is on.
const ASK: u32 = u32::MAX;

static ACTIVE: AtomicU32 = AtomicU32::new(ASK);
static FUEL: AtomicU64 = AtomicU64::new(u64::MAX);
/// How many numbers each place has that was reached, at the first of them.
static REACHED: [AtomicU8; N_PLACES] = [const { AtomicU8::new(0) }; N_PLACES];

/// Turns a change on, with so many steps until it counts as endless.
pub fn turn_on(id: u32, fuel: u64) {
    FUEL.store(fuel, Ordering::Relaxed);
    ACTIVE.store(id, Ordering::Relaxed);
}

/// Steps that are left.
pub fn fuel() -> u64 {
    FUEL.load(Ordering::Relaxed)
}

/// The numbers of the places reached since the last call.
pub fn reached() -> Vec<u32> {
    let places = (0u32..).zip(&REACHED);
    places
        .flat_map(|(first, n)| first..first + u32::from(n.swap(0, Ordering::Relaxed)))
        .collect()
}

/// The change that is on, if it is one of `n` from `first` on.
pub fn pick(first: u32, n: u32) -> u32 {
    REACHED[first as usize].store(n as u8, Ordering::Relaxed);
    let fuel = FUEL.load(Ordering::Relaxed);
    assert!(fuel > 0, "it goes on for ever");
    FUEL.store(fuel - 1, Ordering::Relaxed);
    let mut active = ACTIVE.load(Ordering::Relaxed);
    if active == ASK {
        let text = std::env::var("AXUM_SCHEMATA").unwrap_or_default();
        active = text.parse().unwrap_or(NONE);
        ACTIVE.store(active, Ordering::Relaxed);
    }
    if active.wrapping_sub(first) < n { active } else { NONE }
}

/// Whether what may be left out is to be kept.
pub fn keep(id: u32) -> bool {
    pick(id, 1) == NONE
}
