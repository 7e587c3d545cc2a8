//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn derived_channels_have_the_ports_of_their_base() {
    snapshot!(
        "channel Base { input int A; }
channel Derived : Base { output string B; input int Ask : bool; }
agent W : channel Derived {
    public W() { B <-- \"x\" + receive(A); var rq = receive(Ask); rq <-- rq.Value > 0; }
}
agent Main : channel Application {
    public Main() {
        var w = W.CreateInNewDomain();
        w::A <-- 1;
        var answer = w::Ask <-- 2;
        Console.WriteLine(receive(w::B) + receive(answer));
        receive(w::Ask <-- 3, 2s);
        ExitCode <-- 0;
    }
}"
    );
}
