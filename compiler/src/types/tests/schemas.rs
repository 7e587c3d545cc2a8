//! Schemas and structs: fields, rules, inheritance.

use super::snapshot;

#[test]
fn required_fields_are_given() {
    snapshot!(
        reported,
        "
enum Color { Red }
schema Base { required int Id; optional string Note; int Size = 3; }
schema Order : Base { Color Paint; }
schema NoFunds : Exception { int Missing; }
struct Point { int X; Color C; Color D = Color.Red; private int secret; }
function void F() {
    var a = new Order { Id = 1 };
    var b = new Order(Id = 1, Paint = Color.Red) { Note = null };
    var c = new Order(1);
    var d = new Point();
    var e = new Point { C = Color.Red, secret = 3 };
    var g = new NoFunds { Missing = 2 };
    var h = new Exception(\"text\");
    var i = new Order { Id = \"x\", Paint = Red };
    Base j = b;
    Order k = j;
    var l = b with { Id = 2, Foo = 3 };
    var m = 3 with { Id = 2 };
    int n = e.secret;
    var o = new Color();
    var p = new int[] { 1, \"x\" };
    var q = new Color[3];
    var r = new ISource<int>();
}"
    );
}

#[test]
fn rules_know_the_fields_of_their_schema() {
    snapshot!(
        typed,
        "
schema Order {
    int Id;
    optional string Note;
    rule Id > 0;
    rule Note == null || Note.Length > 2;
    rule Id;
    function int Next() => Id + 1;
    function bool Same(Order other) { return other == this && other.Id == Id; }
}"
    );
}
