//! Members and rules of schemas, and methods of structs.

use super::{effects, snapshot};

#[test]
fn members_of_schemas_are_functions() {
    snapshot!(
        "
schema Order {
    required int Amount;
    int Twice() { return Amount * 2; }
    function int Doubled() { Amount = Amount * 2; return Amount; }
    function int Printed() { Console.WriteLine(Amount); return Amount; }
    function Order Changed() { return this with { Amount = 3 }; }
}
"
    );
}

#[test]
fn rules_have_no_effect() {
    snapshot!(
        "
schema Order {
    required int Amount;
    rule Amount > 0;
    rule Positive();
    rule Amount < Environment.ProcessorCount;
    function bool Positive() { return Amount > 0; }
}
"
    );
}

#[test]
fn methods_of_structs_change_their_receiver_only() {
    effects!(
        "
struct Point {
    int X;
    void Shift(int by) { X += by; }
    void Twice(int by) { Shift(by); this.Shift(by); }
    int Moved(int by) { var copy = this; copy.Shift(by); return copy.X; }
}
schema Order { required int Amount; rule Amount > 0; }
agent Main {
    Point point;
    void Own() { point.Twice(1); }
    int Local() { var p = point; p.Shift(1); return p.X; }
    int Temporary() { return new Point { X = 1 }.Moved(1); }
    Order Ruled(int n) { return new Order { Amount = n }; }
    public Main() { Own(); Console.WriteLine(Local() + Temporary() + Ruled(1).Amount); }
}
"
    );
}
