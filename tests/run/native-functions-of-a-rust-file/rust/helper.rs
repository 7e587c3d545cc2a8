//! A second file of the crate.

pub fn twice(n: i32) -> i32 {
    n.wrapping_mul(2)
}
