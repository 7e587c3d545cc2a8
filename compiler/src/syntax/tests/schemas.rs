//! How schemas parse.
use super::snapshot;

#[test]
fn a_schema_has_fields_rules_and_functions() {
    snapshot!(
        r###"
/// An order.
schema Order : Base {
    /// Its number.
    required int Id;
    optional string Note;
    int Count = 1, Other;
    public required List<int> Items = { 1, 2 };
    rule Id > 0;
    rule Check(Id) && (Count) > 1;
    private int hidden;
    function bool Large() => Count > 10;
}
schema Pair<A, B> where A : equatable { A First; B Second; }
"###
    );
}

#[test]
fn structs_and_enums_parse() {
    snapshot!(
        r###"
struct Point { int X; int Y = 2; function double Length() { return 1.5; } void Move(int dx) { X += dx; } }
enum Shape { Circle(double r), Rect(double w, double h = 1), Empty, }
enum Color { Red = 1, Green = Red << 1, /** none */ Blue }
enum Option<T> { Some(T value), None }
"###
    );
}

#[test]
fn words_of_schemas_stay_names_elsewhere() {
    snapshot!(
        r###"
struct Rules { int rule; bool required; optional optional; required Get(rule rule) { rule = 3; required.X(); optional(); return rule; } }
"###
    );
}
