//! JSON: code for what is written or read, in the flavour of the runtime that has it.

use super::{emit, snapshot};
use crate::emit::Flavour;

#[test]
fn only_what_a_call_meets_gets_code() {
    snapshot!(
        "
schema Base { required int Id; rule Id > 0; }
schema Order : Base { optional string Note; required List<Shape> Shapes; }
enum Shape { Circle(double r), Empty }
struct Unused { int X; }
function string Write(Shape shape) { return shape.ToJson(); }
function Order Read(string text) { return Order.FromJson(text); }"
    );
}

#[test]
fn the_smallest_runtime_is_linked() {
    let flavour = |source| emit(source).flavour;
    assert_eq!(flavour("function double F() { return 1.5; }"), Flavour::Core);
    assert_eq!(flavour("function decimal F() { return 1.5m; }"), Flavour::Data);
    assert_eq!(flavour("function string F(int x) { return x.ToJson(); }"), Flavour::Data);
    let named =
        "struct Decimal_ { int json; } function int F(Decimal_ d) { return d.json; }";
    assert_eq!(flavour(named), Flavour::Core);
}
