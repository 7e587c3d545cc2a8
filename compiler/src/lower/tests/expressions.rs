//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::{body_snapshot, snapshot};

#[test]
fn integers_wrap_and_divide_with_care() {
    body_snapshot!(
        "int a = args.Length; long b = a;
int c = a * 2 + 7 / a - a % 10;
b += c; b <<= 3; byte d = (byte)b; d++;
int e = checked(a * c) + checked((short)a);
double f = a / 2.0; f /= 3;
bool g = a < b && f >= 1 || c != 0;"
    );
}

#[test]
fn operands_keep_their_order() {
    body_snapshot!(
        "int i = 1;
int j = i++ + i * ++i;
int[] xs = { 1, 2, 3 };
xs[i++ % 3] += i;
xs[0] = xs[1] = i;
(i, j) = (j, i);
Console.WriteLine(i + j + xs[^1]);"
    );
}

#[test]
fn text_is_put_together_in_one_go() {
    body_snapshot!(
        "string s = \"a\" + args.Length + 'c' + true;
s += s + 1;
Console.WriteLine(\"{0} {{x}} {1,5:F1} {0}\", s, 2.5);
Console.WriteLine($\"{s}={args.Length + 1,4}\");
Console.WriteLine(\"plain\");
var f = string.Format(\"{0:D3}\", 7);"
    );
}

#[test]
fn the_last_use_of_a_value_moves_it() {
    snapshot!(
        "function List<int> Grow(List<int> xs, int n) { xs.Add(n); return xs; }
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var xs = new List<int>();
        for (int i = 0; i < 3; i++) xs = Grow(xs, i);
        var ys = xs;
        ys = Grow(ys, xs.Count);
        return ys.Count + Grow(xs, 1).Count;
    }
}"
    );
}

#[test]
fn nulls_are_tested_and_chains_go_on() {
    snapshot!(
        "struct Node { int Value; Node? Next; string? Name; }
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        Node? n = args.Length > 0 ? new Node { Value = 1 } : null;
        int a = n?.Next?.Value ?? -1;
        string b = n?.Name ?? \"none\";
        if (n != null) { n.Value++; a += n.Value; n.Next = new Node { Value = a }; }
        string? c = null;
        c ??= b;
        return a + n!.Next!.Value + (c == null ? 0 : c.Length);
    }
}"
    );
}

#[test]
fn places_are_changed_where_they_are() {
    snapshot!(
        "struct Point { int X; List<int> Ys; void Move(int d) { X += d; Ys.Add(X); } }
agent Main : ConsoleApplication {
    Dictionary<string, List<Point>> all = new Dictionary<string, List<Point>>();
    Point here;
    override int Run(string[] args) {
        all[\"a\"] = new List<Point> { here };
        all[\"a\"][0].X += 2;
        all[\"a\"][0].Move(3);
        here.Move(1);
        here.Ys[0]++;
        var t = (1, here);
        t.Item2.X = 4;
        return all[\"a\"][0].X + t.Item2.X;
    }
}"
    );
}
