//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn messages_of_a_protocol_are_checked() {
    snapshot!(
        "channel C {
    input int A; output int B;
    Start: { A -> Got; }
    Got: { B -> End; }
}
agent W : channel C { public W() { B <-- receive(A) + 1; } }
agent Main : channel Application {
    public Main() { var w = W.CreateInNewDomain(); w::A <-- 1; ExitCode <-- receive(w::B); }
}"
    );
}
