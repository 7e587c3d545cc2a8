//! Literals and variables: what is written is what runs.

use super::{emit, snapshot};

#[test]
fn literals_keep_their_values_and_types() {
    snapshot!(
        r#"
function string Texts() { return "quote \" backslash \\ newline \n brace { ü"; }
function long Longs() { return -9223372036854775807L - 1; }
function byte Bytes() { return 255; }
function double Doubles() { return 1e300 / 3; }
function float Singles() { return 0.1f; }
function char Chars() { return '\''; }
function int Sums(int a) { return Math.Max(1, 2) + 3 * a; }
"#
    );
}

#[test]
fn a_text_cannot_end_its_literal() {
    let source = "function string F() { return \"\\\" ) ; } fn evil ( ) { /* \"; }";
    assert!(
        emit(source).pretty.contains(r#"rt::Str::lit("\" ) ; } fn evil ( ) { /* ")"#)
    );
}

#[test]
fn shadowed_and_reserved_names_stay_apart() {
    snapshot!(
        "
function int Names(int fn, int self, int größe)
{
    int match = fn + self;
    { int loop = match; match = loop; }
    { int loop = größe; match += loop; }
    return match;
}"
    );
}
