//! States and moves.

use super::snapshot;

#[test]
fn start_is_the_first_state_wherever_it_stands() {
    snapshot!(
        resolved,
        "
const int Limit = 5;
channel C {
    input int X;
    output int Y;
    Later: { Y -> End; }
    Start: { X(var n) when n > Limit -> Later; X -> Start; }
}"
    );
}

#[test]
fn moves_name_ports_and_states() {
    snapshot!(
        reported,
        "
channel C {
    input int X;
    Start: { X -> Nxet; Z -> Next; }
    Next: { X -> End; }
    Next: { X -> End; }
    End: { X -> Start; }
}
channel D { input int X; Begin: { X -> End; } }"
    );
}
