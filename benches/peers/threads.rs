//! How many threads a system is given that asks for a number.

pub fn threads() -> usize {
    std::env::var("THREADS").ok().map(|s| s.parse().unwrap()).unwrap_or(2)
}
