//! Answers to requests.

use super::snapshot;

#[test]
fn a_second_answer_on_every_path_is_rejected() {
    snapshot!(
        "
channel Adder { input int Next : int; input int Other; }
agent Counter : channel Adder {
    public Counter() {
        var request = receive(Next);
        request <-- request.Value + 1;
        request::Reply <-- request.Value + 2;
        var either = receive(Next);
        if (receive(Other) > 0) { either <-- 1; } else if (receive(Other) > 1) { either <-- 2; }
        else { either <-- 3; }
        either <-- 4;
    }
}
"
    );
}

#[test]
fn an_answer_that_some_path_has_not_given_is_accepted() {
    snapshot!(
        "
channel Adder { input int Next : int; input int Other; }
agent Counter : channel Adder {
    public Counter() {
        var maybe = receive(Next);
        if (receive(Other) > 0) { maybe <-- 1; }
        maybe <-- 2;
        var early = receive(Next);
        if (receive(Other) > 0) { early <-- 1; return; }
        early <-- 2;
        foreach (var each in Next) { each <-- 1; }
        while (receive(Other) > 0) {
            var inner = receive(Next);
            inner <-- 1;
        }
    }
}
"
    );
}
