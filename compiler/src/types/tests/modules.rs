//! The library.

use super::accepted;

#[test]
fn the_library_has_no_problem_of_types() {
    accepted("");
}
