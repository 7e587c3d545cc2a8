//! The library, and what is not supported yet.

use super::{accepted, snapshot};

#[test]
fn the_library_has_no_problem_of_types() {
    accepted("");
}

#[test]
fn what_is_not_supported_yet_is_said_so() {
    snapshot!(
        reported,
        "
schema A { int X; }
schema B { int X; }
function void F(A a) {
    var b = (B)a;
}"
    );
}
