//! Expressions and names inside them.

use super::snapshot;

#[test]
fn every_form_resolves() {
    snapshot!(
        resolved,
        "
const int Limit = 3;
struct P { int X; P? Next; }
function int F(int a, int? b, List<int> xs, P p, (int id, string name) t) {
    var c = checked(a + Limit) - unchecked(a * 2) << 1;
    var d = (long)a + (b ?? 1) + b!;
    var e = p?.X ?? p.Next?.Next?.X ?? 0;
    var f = a > 1 && !(a < 2) ? ~a : -a;
    var g = xs[^1] + xs[0] + xs[1..].Count + xs[..^1].Count;
    var h = new int[3]; int[] i = { 1, 2 }; var j = new[] { 1 }; var k = new int[] { a };
    var l = new Dictionary<string, int> { { \"a\", 1 }, { \"b\", 2 } };
    var m = new List<(int, string)> { (1, \"x\"), (id: 2, name: \"y\") };
    var n = default(int) + t.id + t.Item1;
    P q = new() { X = 1, Next = null };
    h[0] = i[1]++ - --j[0];
    (a, c) = (c, a);
    q.X += k.Length;
    b ??= 4;
    var o = 'x' + \"text\" + 2.5 + 1.5f + 10L + 250ms;
    var r = a is > 1 and < 5 or 7;
    return (int)d + e + f + g + l.Count + m.Count + n + (r ? 1 : 0) + o.Length;
}"
    );
}

#[test]
fn unknown_names_are_reported_once_each() {
    snapshot!(
        reported,
        "
function int Double(int number) { return 2 * numbr; }
function int Call() { return Doubel(2); }
function int Sum() { var value = missing; var more = value + 1; return more; }
function int This() { return this.x + base.y; }
function bool Words(int n) { return n == recieve(n) || nul != null || tru; }
struct S { int Size; function int F() { return Sise + this.Szie + Length; } }"
    );
}

#[test]
fn types_are_no_values() {
    snapshot!(
        reported,
        "
schema Point { int X; }
channel C { input int X; }
function int F() {
    var a = Point;
    var b = Point(1);
    var c = int;
    var d = C;
    var e = List<int>;
    return a + b;
}"
    );
}

#[test]
fn a_value_may_have_the_name_of_its_type() {
    snapshot!(
        resolved,
        "
enum Color { Red, Green }
struct Pen { Color Color; function bool IsRed() { return Color == Color.Red; } }
function Color F(Color Color) { return Color == Color.Green ? Color.Red : Color; }"
    );
}

#[test]
fn send_takes_a_target_and_a_value() {
    snapshot!(
        reported,
        "
agent A { public A() { send(1); } }
agent B { void send(int x) { } public B() { send(1); } }"
    );
}
