//! Literals, operators, conversions, members, indices, patterns in expressions.

use super::{accepted, snapshot};

#[test]
fn numbers_widen_and_promote_as_in_csharp() {
    snapshot!(
        typed,
        "
function double F(byte b, char c, uint u, long l, float f) {
    byte small = 3;
    small += 1;
    small++;
    int i = b + c;
    var mixed = u + i;
    var unsigned = u + 1;
    long wide = i;
    wide <<= 2;
    short cut = (short)l;
    bool less = c < 'x' && b < l;
    return f * i + cut;
}"
    );
}

#[test]
fn constants_are_folded() {
    snapshot!(
        typed,
        "
const int Limit = 10 * (2 + 3);
const string Text = \"a\" + Limit + 'c';
const bool Big = Limit > 20;
const long Least = -9223372036854775808;
function int F() { const int N = Limit / 7; return N; }"
    );
}

#[test]
fn constants_that_do_not_fit_are_rejected() {
    snapshot!(
        reported,
        "
const int Zero = 1 / 0;
const int Large = 2147483647 + 1;
function void F(int x) {
    byte b = 300;
    short s = 70000;
    s = (short)70000;
    sbyte t = x;
    int i = 2.5;
    uint u = -1;
    const int Late = x;
}"
    );
}

#[test]
fn operators_that_types_do_not_have_are_rejected() {
    snapshot!(
        reported,
        "
struct P { int X; }
function void F(string s, bool b, int? n, P p, Func<int> f) {
    var a = s && b;
    var c = !3;
    var d = s - 1;
    var e = n + 1;
    var g = p < p;
    var h = f == f;
    var i = s ?? \"x\";
    var j = s?.Length;
    b++;
    var k = -s;
}"
    );
}

#[test]
fn null_is_ruled_out_by_tests() {
    snapshot!(
        typed,
        "
schema Order { optional string Note; }
function int F(string? s, Order o) {
    if (s == null) return 0;
    int n = s.Length;
    if (o.Note != null && o.Note.Length > 2) n += o.Note.Length;
    int m = o.Note?.Trim().Length ?? 0;
    s = null;
    string? again = s;
    return n + m + s!.Length;
}"
    );
}

#[test]
fn null_where_a_value_is_needed_is_rejected() {
    snapshot!(
        reported,
        "
function int F(int? n, string? s) {
    int a = n;
    int b = s.Length;
    string c = null;
    var d = null;
    while (n != null) { int e = n; n = Next(); int f = n; }
    return a;
}
function int? Next() => null;"
    );
}

#[test]
fn what_is_known_of_null_follows_control() {
    accepted(
        "
function int? Next() => null;
function int G(int? n, string? s) {
    if (n is not null && n > 3) return n;
    if (!(n != null)) { return 0; }
    if (n.HasValue) { int v = n.Value + n; }
    if (s == null || s.Length == 0) return 1;
    int a = s.Length;
    s ??= \"x\";
    int? k = 3;
    int b = k + 1;
    var c = n ?? 4;
    if (Next() is int m) return m;
    if (s is null) return 2;
    for (int? i = Next(); i != null; i = Next()) { int j = i; }
    return a + b + c;
}",
    );
}

#[test]
fn members_and_indices_are_found() {
    snapshot!(
        typed,
        "
struct Point { int X; int Y; int Sum() { return X + Y; } }
function int F(int[] xs, string s, Dictionary<string, List<int>> d, (int id, string) t) {
    var p = new Point { X = 1 };
    p.X += xs[^1];
    d[\"a\"][0]++;
    var part = xs[1..^1];
    t.Item2 = s[..2];
    return p.Sum() + t.id + xs.Length + Int32.MaxValue + d.Count;
}"
    );
}

#[test]
fn unknown_members_are_rejected_with_a_guess() {
    snapshot!(
        reported,
        "
struct Point { int Width; }
enum Color { Red, Green }
function void F(string s, Point p, Color c, List<int> xs) {
    var a = s.Lenght;
    var b = p.Widht;
    var d = Color.Ren;
    xs.Addd(3);
    Console.WriteLin(1);
    var e = xs.Count();
    var f = s.ToUpper;
    Point q = new Point { Widht = 3 };
    c = Blue;
}"
    );
}

#[test]
fn only_places_are_assigned() {
    snapshot!(
        reported,
        "
struct Point { int X; List<int> L; void Move() { X++; } }
schema Order { int Id; List<int> L; }
function Point Make() { return new Point(); }
function void F(Order o, List<Point> ps, string s) {
    Make().X = 1;
    o.Id = 2;
    s[0] = 'a';
    s.Length = 3;
    5 = 6;
    const int C = 1;
    C = 2;
    foreach (var p in ps) { p.X = 1; p.Move(); }
    ps[0].X = 1;
    ps[0].Move();
    Make().Move();
    o.L.Add(1);
}"
    );
}

#[test]
fn lambdas_take_types_from_what_is_expected() {
    snapshot!(
        typed,
        "
function int F(List<string> names, int k) {
    Func<int, int> twice = x => x * 2;
    Action<string> print = s => names.Contains(s);
    Func<int, int, bool> less = (a, b) => { if (a < b) return true; return b < 0; };
    var lengths = names.Select(n => n.Length + k).Where(n => n > 3);
    var sum = lengths.Aggregate(0, (total, n) => total + n);
    var typed = (int x) => x + 1;
    return twice(3) + typed(sum);
}"
    );
}

#[test]
fn types_that_cannot_be_inferred_are_rejected() {
    snapshot!(
        reported,
        "
function void F(List<int> xs) {
    var f = x => x;
    var n = null;
    var v = new();
    var d = default;
    var t = (1, null);
    Func<int, int> g = (a, b) => a;
    Func<int, string> h = a => a;
    var u;
    var a = xs.Select(x => null);
}"
    );
}

#[test]
fn calls_need_their_arguments() {
    snapshot!(
        reported,
        "
enum Shape { Circle(double r), Empty }
function int Add(int a, int b = 2) { return a + b; }
function void F() {
    Add();
    Add(1, 2, 3);
    Add(b: 1);
    Add(1, a: 2);
    Add(1, c: 3);
    Add(b: 1, a: 2);
    Add(\"x\");
    var s = Shape.Circle();
    var t = Shape.Circle(1, 2);
    Console.WriteLine(1, 2);
    Console.WriteLine(\"{0} {2}\", 1, 2);
    Console.WriteLine(\"{0\", 1);
    Math.Max(1);
    Func<int, int> f = x => x;
    f();
    F.ToString();
}"
    );
}

#[test]
fn values_are_put_together() {
    accepted(
        "
enum Shape { Circle(double r), Rect(double w, double h), Empty }
struct Point { int X; int Y; }
function Shape Pick(bool b) => b ? Circle(2) : Empty;
function void F() {
    Point p = new() { X = 1 };
    var q = p with { Y = 2 };
    int[] xs = { 1, 2, 3 };
    byte[] bytes = { 1, 2 };
    var ys = new[] { 1, 2.5 };
    int?[] zs = { 1, null };
    List<Point> ps = new() { p, new() { X = 3 } };
    var d = new Dictionary<string, int?> { { \"a\", 1 }, { \"b\", null } };
    (int, double?) t = (1, 2);
    var (a, (b, _)) = (1, (\"x\", 3));
    (a, b) = (2, \"y\");
    Shape s = Rect(w: 1, h: 2);
    if (s == Empty || s is Circle(> 1)) s = Shape.Empty;
    long l = p.X == 1 ? 2 : 3;
    object();
    Duration time = 2 * 5s + 250ms;
    double ratio = time / 1s;
    string text = $\"{p.X,4} {s}\" + time + 'c';
    var c = (char)(text[0] + 1);
    var e = (Color)1;
    int n = (int)Color.Green + (int)2.5;
}
enum Color { Red, Green }
function void object() { }",
    );
}
