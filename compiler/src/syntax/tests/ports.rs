//! How ports parse.
use super::{body, snapshot};

#[test]
fn ports_have_payloads_replies_and_attributes() {
    snapshot!(
        r###"
channel Calculator {
    /// What to add.
    input int Left;
    [Bounded(100, Overflow.Suspend)] input string[] Lines;
    output (int, string) Pair;
    input Pair Add : int;
    input GetState : State;
    input List<int> Sum : Dictionary<string, int>?;
    input Ask : int[];
    output Other@Ready Handed;
    input input input;
    output output : output;
}
"###
    );
}

#[test]
fn sending_and_receiving_are_expressions() {
    body!(
        r###"
        c::Left <-- 3;
        int sum = receive(c::Sum);
        int late = receive(c::Sum, 2s);
        var answer = receive(c::Add <-- new Pair { A = 1, B = 2 });
        var rq = receive(PrimaryChannel::Add);
        rq <-- rq.Value.A + rq.Value.B;
        rq::Reply <-- x;
        var correlator = c::Add <-- p;
        points[1]::In <-- 4;
        a <-- b <-- 3;
        target <-- x = 3;
        target <-- y => y + 1;
        [NoDrop] [NoSuspend] c::Left <-- 4;
"###
    );
}
