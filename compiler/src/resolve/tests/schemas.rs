//! Schemas, structs and enums.

use super::snapshot;

#[test]
fn records_have_fields_rules_and_functions() {
    snapshot!(
        resolved,
        "
schema Order {
    required int Id;
    optional string Note;
    double Price = 2.5;
    rule Id > 0 && Big(Price) == false;
    function bool Big(double p) { return p > this.Price; }
}
schema Express : Order { int Days; }
schema NoFunds : Exception { int Missing; }
struct Point { int X, Y; function int Sum() { return X + Y; } void Move(int by) { this.X += by; } }
enum Shape { Circle(double r), Rect(double w, double h), Empty }"
    );
}

#[test]
fn values_are_made_and_matched() {
    snapshot!(
        resolved,
        "
schema Order { int Id; string Note; }
enum Shape { Circle(double r), Empty }
function Order Make() {
    var first = new Order(Id = 1, Note = \"a\") with { Id = 2 };
    return new Order { Id = first.Id, Note = $\"{first.Note,5:F2}\" };
}
function double Area(Shape s) {
    switch (s) {
        case Shape.Circle(var r) when r > 0: return r;
        case Circle(_): return 0;
        case Empty: return 1;
    }
}
function Shape Grow(Shape s) => s switch {
    Shape.Empty => Circle(1.0),
    Circle(var r) => Shape.Circle(r * 2),
    _ => Empty,
};
function bool Is(Order o) { return o is { Id: > 0, Note: \"x\" or \"y\" } and not null; }"
    );
}

#[test]
fn endless_values_are_cyclic() {
    snapshot!(
        reported,
        "
schema Person { Person Parent; }
schema Left { Right R; }
schema Right { (int, Left) L; }
schema Fine { optional Fine Parent; List<Fine> Children; Fine[] More; Case C; }
enum Case { None, Some(Fine f) }
const int A = B + 1;
const int B = A + 1;
const int C = C;
const int D = 1 + E;
const int E = 2;"
    );
}

#[test]
fn members_are_declared_once() {
    snapshot!(
        reported,
        "
schema Base { int X; }
schema Derived : Base { int X; int Y; string Y; }
struct S { int A; int A() { return 1; } void B() { } void B(int x) { } }
enum E { One, Two, One }
function int F(int a, int a) { return a; }
schema T { int P; }
function T Twice() { return new T { P = 1, P = 2 } with { P = 3, P = 4 }; }
function T Mixed() { return new T(P = 1) { P = 2 }; }"
    );
}

#[test]
fn cases_of_unknown_enums_and_unknown_cases() {
    snapshot!(
        reported,
        "
enum Light { Red, Green }
struct P { int X; }
function int F(Light l) {
    switch (l) {
        case Light.Rde: return 1;
        case Lihgt.Red: return 2;
        case Gren: return 3;
        case Light.Green(var x): return x;
        case P.Red(_): return 4;
        default: return 5;
    }
}"
    );
}
