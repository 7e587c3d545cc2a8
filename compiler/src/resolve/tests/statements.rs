//! Statements and the scopes they open.

use super::snapshot;

#[test]
fn every_form_resolves() {
    snapshot!(
        resolved,
        "
channel C { input int X; input string Y; }
agent A : channel C {
    public A() {
        const int N = 3;
        int a = 1, b = 2;
        if (a > b) a = b; else if (a == b) { b = a; } else ;
        while (a < N) a++;
        do { a--; } while (a > 0);
        for (int i = 0, j = 1; i < j; i++, j--) { if (i == 1) continue; break; }
        foreach (var x in new int[] { 1 }) b += x;
        foreach (var (k, v) in new Dictionary<int, int>()) b += k + v;
        for (var c in \"abc\") Console.Write(c);
        var (p, _) = (1, 2);
        (int q, string r) = (p, \"r\");
        switch (q) { case 1: case 2: b = 1; break; case > 5 when a > 1: b = 2; break; default: break; }
        checked { b = a + 1; }
        receive {
            from X into var x when x > 1: Console.WriteLine(x);
            from X, Y into (var m, var n): Console.WriteLine(m); Console.WriteLine(n);
            timeout 500ms: break;
            default: yield;
        }
        using (var net = X ==> Show) { Console.WriteLine(r); }
        return;
    }
    void Show(int x) { Console.WriteLine(x); }
}"
    );
}

#[test]
fn bindings_end_with_their_block() {
    snapshot!(
        reported,
        "
function int F(int? a, List<int> xs) {
    if (a is int x) { Console.WriteLine(x); }
    Console.WriteLine(x);
    foreach (var y in xs) { }
    Console.WriteLine(y);
    while (a is int z) { }
    Console.WriteLine(z);
    if (a is var w && w is var w) { }
    switch (a) { case var v: break; }
    return v;
}"
    );
}

#[test]
fn unused_locals_are_warned_of() {
    snapshot!(
        reported,
        "
function int F(int parameter) {
    int spare = 1;
    const int Spare = 2;
    int _kept = 3;
    var used = 4;
    var wrong = missing;
    foreach (var x in new int[] { 1 }) { }
    var (a, b) = (1, 2);
    return used;
}"
    );
}
