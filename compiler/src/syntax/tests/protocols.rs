//! How protocols parse.
use super::snapshot;

#[test]
fn states_have_transitions_with_guards() {
    snapshot!(
        r###"
channel Calculator {
    input int Left;
    input int Right;
    output int Result;

    Start:    { Left -> GotLeft; Right(var x) when x > 0 && x < limit -> Start; }
    GotLeft:  { Right(int y) -> Ready; Left when (true) -> End; }
    Ready:    { Result -> End; }
    Stuck:    { }
}
"###
    );
}

#[test]
fn types_name_states() {
    snapshot!(
        r###"
agent A {
    Calculator@Ready Step(Calculator@GotLeft c, Impl<Calculator>@Start i) { Calculator@Ready r = c; return r; }
}
"###
    );
}
