//! Control flow, assignment, exhaustiveness.

use super::{accepted, accepted_at_length, snapshot};

#[test]
fn locals_are_assigned_before_use() {
    snapshot!(
        reported,
        "
function int F(bool b, int n) {
    int x;
    int y;
    if (b) x = 1;
    int a = x;
    if (b) y = 1; else y = 2;
    a += y;
    int z;
    while (true) { if (b) { z = 3; break; } }
    a += z;
    int w;
    for (int i = 0; i < n; i++) w = i;
    a += w;
    int v;
    switch (b) { case true: v = 1; break; case false: v = 2; break; }
    a += v;
    int u;
    do { u = n; } while (u < 3);
    return a + u;
}"
    );
}

#[test]
fn paths_without_return_are_rejected() {
    snapshot!(
        reported,
        "
function int A(bool b) { if (b) return 1; }
function int B(bool b) { if (b) return 1; else return 2; }
function int C() { while (true) { } }
function int D(bool b) { while (b) { return 1; } }
function int E(bool b) { switch (b) { case true: return 1; case false: return 2; } }
function int G() { return; }
function void H() { return 1; }
function int I() { Func<int> f = () => { }; return f(); }
function int J(int n) { switch (n) { case 1: return 1; default: return 2; } }"
    );
}

#[test]
fn code_that_is_never_reached_is_pointed_out() {
    snapshot!(
        reported,
        "
function int F(bool b) {
    return 1;
    int x = 2;
    x++;
}
function void G() {
    while (true) { break; }
    int y = 1;
    for (;;) { continue; y++; }
    y = 2;
}
function void H() { if (1 > 2) { int z = 1; } }"
    );
}

#[test]
fn switches_cover_every_case() {
    snapshot!(
        reported,
        "
enum Shape { Circle(double r), Rect(double w, double h), Empty }
enum Color { Red, Green, Blue }
function int A(Color c) { switch (c) { case Red: return 1; case Green: return 2; } return 3; }
function int B(Shape s) => s switch { Circle(> 1) => 1, Rect(_, _) => 2, Empty => 3 };
function int C(bool a, bool b) => (a, b) switch { (true, _) => 1, (false, true) => 2 };
function int D(int? n) => n switch { > 0 => 1, null => 2 };
function int E(int n) => n switch { 1 => 1 };
function int F(Color? c) { switch (c) { case null: return 0; case Red or Green: return 1; case not Red: return 2; } }
function int G(int n) { switch (n) { case 1: return 1; } return 2; }
function int H(Shape s) => s switch { Circle(var r) when r > 1 => 1, Rect => 2, Empty => 3 };
schema Order { int Id; bool Done; }
function int I(Order o) => o switch { { Done: true } => 1, { Done: false } => 2 };
function int J(Order o) => o switch { { Done: true } => 1, { Id: 1 } => 2 };"
    );
}

#[test]
fn cases_do_not_run_on() {
    snapshot!(
        reported,
        "
function void F(int n) {
    switch (n) {
        case 1: n++;
        case 2:
        case 3: n--; break;
        case 4: if (n > 2) break;
        default: n = 0;
    }
    break;
    continue;
}"
    );
}

#[test]
fn patterns_fit_their_subject() {
    snapshot!(
        reported,
        "
enum Color { Red, Green }
schema Order { int Id; }
function void F(int n, Color c, (int, int) t, Order o, string s) {
    var a = n is null;
    var b = c is Blu;
    var d = t is (1, 2, 3);
    var e = o is { Ip: 3 };
    var f = n is \"x\";
    var g = c is > 1;
    var h = n is string x;
    var i = s is n;
    switch (c) { case Red(1): break; default: break; }
}"
    );
}

#[test]
fn local_functions_share_the_locals_of_their_body() {
    snapshot!(
        reported,
        "
function int F(bool b) {
    int x;
    int y;
    void Set() { x = 1; if (b) y = 1; }
    int Get() { return x + y; }
    Get();
    Set();
    int a = x;
    int c = y;
    int Fact(int n) { return n <= 1 ? 1 : n * Fact(n - 1); }
    var f = Fact;
    Fact(1, 2);
    return Fact(3) + a + c;
}"
    );
}

#[test]
fn values_are_no_statements() {
    snapshot!(
        reported,
        "
function void F(int x, List<int> xs) {
    x + 1;
    x;
    xs.Count;
    x == 3;
    \"a\";
    x => x;
    Action<int> a = n => n + 1;
    foreach (var y in 5) { }
    foreach (string z in xs) { }
    using (var u = xs) { }
    var (p, q) = 3;
    if (x) { }
}"
    );
}

#[test]
fn control_goes_through_every_statement() {
    accepted(
        "
function int F(List<(int, string)> pairs, Dictionary<string, int> d, string s) {
    int n = 0;
    foreach (var (a, b) in pairs) { if (a > 3) continue; n += a + b.Length; }
    foreach (var (k, v) in d) n += v + k.Length;
    foreach (var entry in d) n += entry.Value + entry.Key.Length;
    foreach (char c in s) { if (c == 'x') break; n++; }
    for (int i = 0, j = 1; i < n; i++, j--) n += j;
    do { n--; } while (n > 0);
    checked { n = n * 2; }
    { int inner = n; n = inner; }
    if (n == 1) n = 2; else if (n == 2) n = 3; else n = 4;
    switch (n) { case 1: case 2: n = 0; break; case > 3 and < 10: n = 1; break; }
    switch (s) { case \"a\": return 1; default: break; }
    return n;
}",
    );
}

#[test]
fn long_chains_are_checked_without_recursion() {
    let sum = vec!["x"; 20_000].join(" + ");
    let text = vec!["\"a\""; 20_000].join(" + ");
    let both = vec!["b"; 20_000].join(" && ");
    let cases: Vec<String> =
        (0..10_000).map(|it| format!("if (x == {it}) {{ y = {it}; }}")).collect();
    let cases = cases.join(" else ");
    accepted_at_length(format!(
        "function int F(int x, bool b) {{
            int y = 0;
            string s = {text};
            if ({both}) y = 1;
            {cases}
            return {sum} + y + s.Length;
        }}"
    ));
}
