//! `Environment`: the process and the machine around it.
//! It changes nothing there.

use crate::value::Str;

/// What ends a line, on every platform: output is the same everywhere.
pub fn new_line() -> Str {
    Str::lit("\n")
}

/// How many threads can run at once.
pub fn processor_count() -> i32 {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The value of an environment variable, or null.
pub fn variable(name: Str) -> Option<Str> {
    // The standard library panics for such names.
    if name.as_str().is_empty() || name.as_str().contains(['=', '\0']) {
        return None;
    }
    std::env::var(name.as_str()).ok().map(Str::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_about_the_process() {
        assert_eq!(new_line().as_str(), "\n");
        assert!(processor_count() > 0);
        assert_eq!(variable(Str::lit("")), None);
        assert_eq!(variable(Str::lit("A=B")), None);
        assert!(variable(Str::lit("PATH")).is_some());
    }
}
