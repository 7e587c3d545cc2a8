//! Names of items over a whole program.

use super::{emit, snapshot};

#[test]
fn items_named_like_the_prelude_do_not_hide_it() {
    snapshot!(
        "
enum Option { Some(int n), None }
struct Vec { int Len; }
function Option Wrap(int? n) { return n == null ? Option.None : Option.Some(n.Value); }
function int Length(Vec v) { return v.Len; }"
    );
}

#[test]
fn names_that_join_alike_are_told_apart() {
    let output = emit(
        "namespace A { struct B_C { int X; } } namespace A_B { struct C { int X; } }
function int F(A.B_C a, A_B.C b) { return a.X + b.X; }",
    );
    assert_eq!(output.pretty.matches("pub struct ").count(), 2);
}

#[test]
fn every_file_forbids_unsafe_code() {
    for file in emit("function int F() { return 1; }").files {
        assert!(file.text.contains("forbid") && file.text.contains("unsafe_code"));
    }
}

#[test]
fn emitting_twice_gives_the_same_bytes() {
    let source = "struct P { int X; } function P F(int x) { return new P { X = x }; }";
    assert_eq!(emit(source), emit(source));
}
