//! Channels: what their ports may carry, guards of protocols.

use super::snapshot;

#[test]
fn ports_carry_what_can_be_sent() {
    snapshot!(
        reported,
        "
struct Holder { ISource<int> Source; }
channel Talk {
    input ISource<int> A;
    input Holder B;
    output List<OrderedInteractionPoint<int>> C;
    input int D : INetwork;
    input Func<int, int> E;
    input Talk F;
}"
    );
}

#[test]
fn guards_are_conditions_on_the_message() {
    snapshot!(
        typed,
        "
channel Talk {
    input int A;
    input string B;
    Start: { A(var x) when x > 0 -> End; A(var x) when x -> Start; B(var s) when s.Length == 1 -> End; }
}"
    );
}
