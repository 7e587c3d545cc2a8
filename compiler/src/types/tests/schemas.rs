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

#[test]
fn schemas_become_others_by_their_fields() {
    snapshot!(
        reported,
        "
schema Address { required string City; optional string Street; private int code = 0; }
schema Place { required string City; required string Street; }
schema Coded { required string City; required int code; }
schema Order { required int Id; optional string Note; required Address To; }
schema Late : Order { optional int Days; }
schema Bill { required int Id; required string Note; required decimal Total; int Amount = 1; }
schema Placed { required int Id; required Place To; }
schema Failed : Exception { required int Code; }
function void F(Order order, List<Order> orders, Exception e) {
    var a = (Bill)order;
    var b = (Placed)order;
    var c = (Failed)e;
    var d = (Address)e;
    var f = (Coded)order.To;
    Late g = order;
    List<Late> h = orders;
    List<int> i = orders;
    var j = (Bill)orders;
}
"
    );
}

#[test]
fn rules_are_evaluated_over_constants() {
    snapshot!(
        reported,
        "
enum Kind { Small, Large }
schema Base { required int Id; optional string Note; Kind What = Kind.Small; rule Id > 0; }
schema Order : Base {
    int Amount = 1;
    rule Amount > 1 || Note != null && What == Kind.Large;
    rule 10 / Amount > 0;
}
function void F(int id) {
    var a = new Order { Id = -1 };
    var b = new Order { Id = id };
    var c = new Order { Id = 1, Amount = 0, Note = \"a\", What = Kind.Large };
    var d = new Order { Id = 1, Note = \"a\", What = Kind.Large };
}
"
    );
}

#[test]
fn collections_are_made_of_sequences() {
    snapshot!(
        reported,
        "
function void F(List<int> list, int[] array) {
    List<int> a = list.Where(n => n > 1);
    int[] b = list;
    Set<int> c = array;
    List<string> d = array;
    List<int>? e = array.Select(n => n + 1);
}
"
    );
}
