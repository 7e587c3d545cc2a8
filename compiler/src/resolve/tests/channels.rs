//! Channels as types: ends, states, nested items.

use super::snapshot;

#[test]
fn a_channel_is_the_type_of_its_using_end() {
    snapshot!(
        resolved,
        "
channel Line {
    schema Message { string Text; }
    input Message Say : int;
    output Signal Done;
    Start: { Say -> Open; }
    Open: { Done -> End; }
}
struct Holder { Line End; Impl<Line> Other; Request<Line.Message, int> Asked; }
function Line@Open Hand(Line@Start line, Impl<Line>@Open other) { return line; }"
    );
}

#[test]
fn states_of_types_are_declared() {
    snapshot!(
        reported,
        "
channel Line { input int X; Start: { X -> Open; } Open: { X -> End; } }
channel Plain { input int X; }
function int A(Line@Opne line) { return 1; }
function int B(Plain@Start line) { return 1; }
function int C(int@Start line) { return 1; }
function int D(Impl<int> line) { return 1; }
function int E(Line@End line) { return 1; }"
    );
}

#[test]
fn a_channel_has_the_ports_and_the_protocol_of_its_base() {
    snapshot!(
        resolved,
        "
channel Base { input int X; Start: { X -> End; } }
channel Derived : Base { output int Y; }
agent A : channel Derived { public A() { Y <-- receive(X); } }"
    );
}
