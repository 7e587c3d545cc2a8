//! How networks parse.
use super::{body, snapshot};

#[test]
fn every_operator_links() {
    body!(
        r###"
        a ==> b;
        a --> b;
        a -<< targets;
        a -<: targets;
        sources >>- b;
        sources &>- b;
        a -<& targets;
        var n = a ==> F ==> b;
        imageFromFile==>Resize==>Filter==>RemoveRedEye==>Save;
"###
    );
}

#[test]
fn braces_are_vectors_where_an_operator_is_beside_them() {
    body!(
        r###"
        { a ==> TraceNumber, b ==> TraceNumber }
        &>- join -<: { GetSum, GetSum } >>- sum;
        { num1, num2, num3 } &>- PrintManyNumbers;
        if (x) { a, b } >>- c; else { d, e } >>- f;
        { a(); b(); }
        { }
        x = { a, b } >>- c;
        using (var n = { a, b } >>- c) { }
        return { a, b } &>- c;
        start -<: workers &>- end;
        { { a, b } &>- c, d } >>- e;
"###
    );
}

#[test]
fn blocks_before_a_network_stay_blocks() {
    body!(
        r###"
        while (x) { y(); } a ==> b;
        var l = new List<int> { 1, 2 } ==> f;
        new T(1) { A = 2 } ==> f;
        { a ==> b; } { c ==> d; }
"###
    );
}

#[test]
fn lambdas_and_placeholders_are_nodes() {
    body!(
        r###"
        nums ==> Add(_, 1) &>- (x => added = x);
        nums ==> Process(10, 20, _) ==> B(_.Item2, 10);
        nums ==> x => x + 1;
        nums ==> (a, b) => { total = a + b; };
        nums ==> x => x ==> b;
        nums ==> x => c::P <-- x;
        nums ==> (x => x) ==> b;
"###
    );
}

#[test]
fn precedence_is_between_assignment_and_the_conditional() {
    body!(
        r###"
        x = a ==> b;
        a ? b : c ==> d ?? e;
        a + 1 ==> b || c;
        a ==> b <-- c;
        t <-- a ==> b;
        i-->0;
        a<--b;
        x>>-1;
        a ==> F<int>==>b;
        var y = new List<ISource<int>>()>>-b;
        { List<List<int>>.F, b }>>-c;
"###
    );
}
