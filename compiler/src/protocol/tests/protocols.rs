//! The state machines of channels.

use super::snapshot;

#[test]
fn a_protocol_whose_states_are_reached_and_end_is_accepted() {
    snapshot!(
        "
channel Adder {
    input int Left;
    input int Right;
    output int Sum;
    Start: { Left -> Half; Right -> Start; }
    Half: { Right -> Full; }
    Full: { Sum -> End; }
}
"
    );
}

#[test]
fn states_that_nothing_leads_to_are_rejected() {
    snapshot!(
        "
channel Adder {
    input int Left;
    Start: { Left -> End; }
    Island: { Left -> Bridge; }
    Bridge: { Left -> Island; }
}
"
    );
}

#[test]
fn states_without_a_way_to_end_are_warned_of() {
    snapshot!(
        "
channel Adder {
    input int Left;
    input int Stop;
    Start: { Left -> Loop; Stop -> End; }
    Loop: { Left -> Again; }
    Again: { Stop -> Loop; }
}
"
    );
}

#[test]
fn ports_in_no_state_are_warned_of() {
    snapshot!(
        "
channel Base { input int Old; }
channel Adder : Base {
    input int Left;
    input int Right;
    Start: { Left -> End; }
}
"
    );
}

#[test]
fn a_faulty_move_has_no_consequences() {
    snapshot!(
        "
channel Adder {
    input int Left;
    input int Right;
    output int Sum;
    Start: { Left -> Missing; }
    Half: { Right -> Half; Sum -> End; }
}
"
    );
}

#[test]
fn an_inherited_protocol_is_reported_once() {
    snapshot!(
        "
channel Base { input int Left; Start: { Left -> Start; } }
channel Derived : Base { input int Right; }
"
    );
}
