//! A native function that blocks, for the program beside it.

/// Gives back its number.
pub fn slow(n: i32) -> i32 {
    n
}
